package httpd

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/transfer"
	"ketnap/web/transfers"
	"ketnap/web/ui"
)

func (s *site) openTransfer(r *http.Request) (transfer.Opened, *organisation.Snapshot, error) {
	id, err := pathID(r, "id")
	if err != nil {
		return transfer.Opened{}, nil, err
	}
	t, err := s.Transfers.Get(r.Context(), viewerOf(r), id)
	if err != nil {
		return t, nil, err
	}
	tree, err := s.Organisations.Snapshot(r.Context())
	return t, tree, err
}

func (s *site) showTransfer(w http.ResponseWriter, r *http.Request) error {
	return s.renderTransfer(w, r, http.StatusOK, nil, nil)
}

func (s *site) renderTransfer(w http.ResponseWriter, r *http.Request, status int, sent *form, refusal error) error {
	ctx := r.Context()
	t, tree, err := s.openTransfer(r)
	if err != nil {
		return err
	}
	view := transfers.OneView{Caption: ui.T(ctx, "transfers.paper_of."+string(t.Kind), "Number", transferNumber(t.Transfer)), Title: t.Name, Tag: transferTag(ctx, t.Transfer),
		Pairs: transferPairs(ctx, tree, t), Links: transferLinks(ctx, t),
		Form: ui.FormView{Action: transferPath(t.ID), Key: newKey(), Version: t.Version, Errors: ui.ErrorsOf(ctx, refusal)}}
	if days := s.Today().DaysSince(t.PresentBy); t.State == party.TransferIssued && !t.PresentBy.IsZero() && days > 0 {
		view.Late = ui.T(ctx, "transfers.late", "Due", t.PresentBy, "Count", days)
	}
	fillTransferActs(ctx, t, &view)
	if t.MayExtend {
		view.Extend = extendView(ctx, t, sent, &view)
	}
	view.On = ui.Field{Name: "on", Label: ui.T(ctx, "transfers.on"), Value: s.Today().Vietnamese(), Error: view.Form.Errors.For("on"), Width: ui.Short}
	view.Words = ui.TextAreaField{Field: ui.Field{Name: "words", Label: ui.T(ctx, "transfers.words"), Hint: ui.T(ctx, "transfers.words_hint"), Optional: true,
		Error: view.Form.Errors.For("words")}, Rows: 2}
	if sent != nil && sent.typed("do") != extended {
		view.On.Value, view.Words.Value = sent.typed("on"), sent.typed("words")
	}
	page := s.pageOf(r, "transfers.title").Titled(view.Title).WithErrors(view.Form.Errors).Under(transfersCrumb(ctx))
	return render(w, r, status, transfers.One(page, view))
}

// extended is what the form sends that gives a temporary transfer more time.
const extended = "extended"

// extendView asks until when somebody stays; what was refused of it is shown there, not at the acts.
func extendView(ctx context.Context, t transfer.Opened, sent *form, view *transfers.OneView) *transfers.ExtendView {
	out := &transfers.ExtendView{Form: ui.FormView{Action: transferPath(t.ID), Key: newKey(), Version: t.Version},
		Until: ui.Field{Name: "until", Label: ui.T(ctx, "transfers.until_new"), Width: ui.Short},
		Words: ui.Field{Name: "why", Label: ui.T(ctx, "transfers.why"), Optional: true}}
	if sent != nil && sent.typed("do") == extended {
		out.Form.Errors, view.Form.Errors = view.Form.Errors, nil
		out.Until.Value, out.Words.Value = sent.typed("until"), sent.typed("why")
		out.Until.Error, out.Words.Error = out.Form.Errors.For("until"), out.Form.Errors.For("words")
	}
	return out
}

// fillTransferActs offers what the viewer may do with a paper, on his side of it.
func fillTransferActs(ctx context.Context, t transfer.Opened, view *transfers.OneView) {
	outside := ""
	if t.Outside() {
		outside = "_outside"
	}
	for _, act := range t.Acts {
		b := ui.ButtonView{Label: ui.T(ctx, "transfers.act."+string(act)), Name: "do", Value: string(act)}
		switch act {
		case party.TransferPresented, party.TransferAccepted:
			b.Icon = ui.IconCheck
			b.Label = ui.T(ctx, "transfers.act."+string(act)+outside)
		case party.TransferReturned:
			b.Icon = ui.IconUndo
		case party.TransferRefused:
			b.Tone, view.AskWords = ui.Secondary, true
		case party.TransferCancelled:
			b.Tone, view.AskWords = ui.Danger, true
		}
		view.Acts = append(view.Acts, b)
	}
	switch {
	case t.Temporary():
		view.ActsLead = ui.T(ctx, "transfers.lead_temporary")
	case slices.Contains(t.Acts, party.TransferAccepted) && !t.Outside():
		view.ActsLead = ui.T(ctx, "transfers.lead_accept")
	case slices.Contains(t.Acts, party.TransferPresented):
		view.ActsLead = ui.T(ctx, "transfers.lead_present")
	case t.Outside():
		view.ActsLead = ui.T(ctx, "transfers.lead_outside."+string(t.Kind))
	default:
		view.ActsLead = ui.T(ctx, "transfers.lead_issuer")
	}
}

// paperTitle gives the key of what a paper is called: a candidate's, or a member's by its form.
func paperTitle(t transfer.Transfer) string {
	if t.Kind == party.TransferCandidate {
		return string(t.Kind)
	}
	return string(t.Form)
}

func transferLinks(ctx context.Context, t transfer.Opened) []ui.LinkView {
	links := []ui.LinkView{{Label: ui.T(ctx, "transfers.print"), Href: transferPath(t.ID) + "/paper", Icon: ui.IconPrint}}
	if t.SeesPerson {
		links = append(links, ui.LinkView{Label: ui.T(ctx, "transfers.person"), Href: personPath(t.PersonID), Icon: ui.IconPerson})
	}
	if t.MayIssue && t.SeesPerson {
		links = append(links, ui.LinkView{Label: ui.T(ctx, "transfers.replace"), Href: address(personPath(t.PersonID)+"/transfer", "replaces", fmt.Sprint(t.ID)), Icon: ui.IconEdit})
	}
	return links
}

func transferPairs(ctx context.Context, tree *organisation.Snapshot, t transfer.Opened) []ui.Pair {
	var pairs []ui.Pair
	add := func(key, text string) {
		if text != "" {
			pairs = append(pairs, ui.Pair{Label: ui.T(ctx, key), Text: text})
		}
	}
	day := func(key string, d party.Date) {
		if !d.IsZero() {
			add(key, ui.Date(ctx, d))
		}
	}
	paper := func(key string, id int64) {
		if id != 0 {
			pairs = append(pairs, ui.Pair{Label: ui.T(ctx, key), Content: ui.TextLink(ui.LinkView{Label: ui.T(ctx, "transfers.open"), Href: transferPath(id)})})
		}
	}
	add("transfers.from", placeName(tree, t.From))
	add("transfers.to", transferTo(tree, t.Transfer))
	add("transfers.issuer", orgName(tree, t.IssuerID))
	day("transfers.issued_on", t.IssuedOn)
	add("transfers.stage", ui.StageName(ctx, t.Stage))
	if !t.DuesTo.IsZero() {
		add("transfers.dues_to", ui.T(ctx, "transfers.month", "Month", fmt.Sprintf("%02d/%d", t.DuesTo.Month, t.DuesTo.Year)))
	}
	add("transfers.reason", t.Reason)
	if t.Kind == party.TransferMember {
		add("transfers.form_label", ui.T(ctx, "transfers.forms."+string(t.Form)))
	}
	day("transfers.until", t.UntilOn)
	day("transfers.moved_on", t.MovedOn)
	if !t.StartBy.IsZero() {
		add("transfers.start_by", startText(ctx, t.Transfer))
	}
	if t.State == party.TransferIssued {
		day("transfers.present_by", t.PresentBy)
	}
	day("transfers.presented_on", t.PresentedOn)
	if !t.EndedOn.IsZero() {
		ended := t.State
		if ended == party.TransferReturned {
			ended = party.TransferAccepted
		}
		add("transfers.ended_on."+string(ended), ui.Date(ctx, t.EndedOn))
		day("transfers.returned_on", t.ReturnedOn)
	}
	if t.Temporary() {
		add("transfers.why", t.Words)
	} else {
		add("transfers.words", t.Words)
	}
	paper("transfers.replaces", t.ReplacesID)
	paper("transfers.replaced_by", t.ReplacedBy)
	return pairs
}

// startText tells by when the transfer had to begin, and how late it did.
func startText(ctx context.Context, t transfer.Transfer) string {
	if days := t.IssuedOn.DaysSince(t.StartBy); days > 0 {
		return ui.T(ctx, "transfers.started_late", "Due", t.StartBy, "Count", days)
	}
	return ui.Date(ctx, t.StartBy)
}

func (s *site) actOnTransfer(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	id, err := pathID(r, "id")
	if err != nil {
		return err
	}
	if f.typed("do") == extended {
		return s.extendTransfer(w, r, id, f)
	}
	in := transfer.Acting{Key: f.key(), ID: id, Version: f.version(), Act: party.TransferState(f.typed("do")), On: f.requiredDate("on"), Words: f.typed("words")}
	if err = f.err(); err == nil {
		err = s.Transfers.Act(ctx, viewerOf(r), in)
	}
	if asksAgain(err) {
		return s.renderTransfer(w, r, statusOf(err), f, err)
	}
	if err != nil {
		return err
	}
	t, err := s.Transfers.Get(ctx, viewerOf(r), id)
	if err != nil {
		return err
	}
	done := string(in.Act)
	if t.Outside() && in.Act == party.TransferAccepted {
		done = "arrived"
	}
	if err := s.flash(w, r, ui.Good, "transfers.done."+done); err != nil {
		return err
	}
	return redirect(w, r, transferPath(id))
}

func (s *site) extendTransfer(w http.ResponseWriter, r *http.Request, id int64, f *form) error {
	in := transfer.Extending{Key: f.key(), ID: id, Version: f.version(), Until: f.requiredDate("until"), Words: f.typed("why")}
	err := f.err()
	if err == nil {
		err = s.Transfers.Extend(r.Context(), viewerOf(r), in)
	}
	if asksAgain(err) {
		return s.renderTransfer(w, r, statusOf(err), f, err)
	}
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, "transfers.done.extended"); err != nil {
		return err
	}
	return redirect(w, r, transferPath(id))
}

// showTransferPaper prints a paper. What is handed out is in Vietnamese, whatever the language of the
// screen.
func (s *site) showTransferPaper(w http.ResponseWriter, r *http.Request) error {
	t, tree, err := s.openTransfer(r)
	if err != nil {
		return err
	}
	ctx := ui.WithLang(r.Context(), "vi")
	issuer, _ := tree.Known(t.IssuerID)
	words := func(key string, args ...any) string { return ui.T(ctx, "transfers.paper."+key, args...) }
	view := transfers.PaperView{Lang: "vi", Above: orgName(tree, issuer.ParentID), Issuer: orgName(tree, t.IssuerID), Number: words("number", "Number", transferNumber(t.Transfer)),
		Party: ui.T(ctx, "classes.paper.party"), Date: ui.T(ctx, "classes.paper.date", "Date", t.IssuedOn), Title: words("title." + paperTitle(t.Transfer)),
		To: words("to", "To", transferTo(tree, t.Transfer)), Text: words("text."+string(t.Kind), "Name", t.Name, "From", placeName(tree, t.From), "To", transferTo(tree, t.Transfer)),
		Closing: words("closing." + string(t.Kind)), Signed: []string{words("receiver"), words("issuer", "Org", orgName(tree, t.IssuerID))}, Sign: words("sign")}
	pair := func(key, text string) {
		if text != "" {
			view.Pairs = append(view.Pairs, ui.Pair{Label: words(key), Text: text})
		}
	}
	pair("stage", ui.StageName(ctx, t.Stage))
	if !t.DuesTo.IsZero() {
		pair("dues_to", fmt.Sprintf("%02d/%d", t.DuesTo.Month, t.DuesTo.Year))
	}
	if !t.UntilOn.IsZero() {
		pair("until", ui.Date(ctx, t.UntilOn))
	}
	pair("reason", t.Reason)
	if !t.PresentBy.IsZero() {
		pair("present_by", ui.Date(ctx, t.PresentBy))
	}
	if t.State == party.TransferRefused || t.State == party.TransferCancelled {
		view.Void = words("void."+string(t.State), "On", t.EndedOn)
	}
	page := s.pageOf(r, "transfers.title").Titled(ui.T(r.Context(), "transfers.print")).Under(transfersCrumb(r.Context()), ui.Crumb{Label: t.Name, Href: transferPath(t.ID)})
	return render(w, r, http.StatusOK, transfers.Paper(page, view))
}
