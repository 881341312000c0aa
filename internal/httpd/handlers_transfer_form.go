package httpd

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/transfer"
	"ketnap/web/transfers"
	"ketnap/web/ui"
)

// Where somebody goes, as the form asks.
const (
	goesInside  = "inside"
	goesOutside = "outside"
)

// mostSuggested bounds how many destinations the browser is given to offer.
const mostSuggested = 500

func (s *site) showTransferForm(w http.ResponseWriter, r *http.Request) error {
	return s.renderTransferForm(w, r, http.StatusOK, queryID(r, "replaces"), nil, nil)
}

// openLeaver gives the person whom a paper is to be written for, where the viewer may.
func (s *site) openLeaver(r *http.Request) (people.Record, error) {
	rec, err := s.openPerson(r)
	if err == nil && !viewerOf(r).MayIn(access.TransfersIssue, rec.Path) {
		err = errForbidden
	}
	return rec, err
}

func (s *site) renderTransferForm(w http.ResponseWriter, r *http.Request, status int, replaces int64, sent *form, refusal error) error {
	ctx, v := r.Context(), viewerOf(r)
	rec, err := s.openLeaver(r)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	issuers, err := s.Transfers.Issuers(ctx, v, rec.Fields.OrgID)
	if err != nil {
		return err
	}
	dests, err := s.Transfers.Destinations(ctx, rec.Fields.OrgID)
	if err != nil {
		return err
	}
	kind, stage, wrong := party.TransferKindAt(rec.State.Stage), rec.State.Stage, transfer.Opened{}
	if replaces != 0 {
		if wrong, err = s.Transfers.Get(ctx, v, replaces); err != nil {
			return err
		}
		kind, stage = wrong.Kind, wrong.Stage
	}
	view := transfers.FormView{Caption: rec.Fields.FullName, Title: ui.T(ctx, "transfers.new."+string(kind)),
		Lead:  ui.T(ctx, "transfers.form.lead", "From", placeName(tree, rec.Fields.OrgID), "Stage", ui.StageName(ctx, stage)),
		Notes: []string{ui.T(ctx, "transfers.form.note."+string(kind))}, Submit: ui.T(ctx, "transfers.form.submit"), Cancel: personPath(rec.ID),
		Form: ui.FormView{Action: personPath(rec.ID) + "/transfer", Key: newKey(), Errors: ui.ErrorsOf(ctx, onlyPaper(refusal))}}
	if replaces != 0 {
		view.Notes = append(view.Notes, ui.T(ctx, "transfers.form.replaces", "Number", transferNumber(wrong.Transfer)))
		view.Form.Hidden = []ui.Hidden{{Name: "replaces", Value: strconv.FormatInt(replaces, 10)}}
		view.Cancel = transferPath(replaces)
	}
	view.Member = kind == party.TransferMember
	fillTransferForm(ctx, s.Today(), wrong, issuers, dests, &view)
	fillTransferTime(ctx, wrong, &view)
	if sent != nil {
		view.Where.Value, view.To.Value, view.Issuer.Value = sent.typed("where"), sent.typed("to"), sent.typed("issuer")
		view.Kind.Value, view.Until.Value, view.MovedOn.Value = sent.typed("form"), sent.typed("until"), sent.typed("moved_on")
		view.On.Value, view.Reason.Value = sent.typed("on"), sent.typed("reason")
	}
	page := s.pageOf(r, "transfers.title").Titled(view.Title).WithErrors(view.Form.Errors).Under(s.personCrumbs(r, &rec)...)
	return render(w, r, status, transfers.Form(page, view))
}

func fillTransferForm(ctx context.Context, today party.Date, wrong transfer.Opened, issuers, dests []organisation.Org, view *transfers.FormView) {
	errs := view.Form.Errors
	view.Where = ui.ChoiceField{Field: ui.Field{Name: "where", Label: ui.T(ctx, "transfers.form.where"), Value: goesInside, Error: errs.For("where")},
		Options: []ui.Option{{Value: goesInside, Label: ui.T(ctx, "transfers.form.inside")}, {Value: goesOutside, Label: ui.T(ctx, "transfers.form.outside")}}}
	view.To = ui.Field{Name: "to", Label: ui.T(ctx, "transfers.to"), Hint: ui.T(ctx, "transfers.form.to_hint"), Error: errs.For("to")}
	for _, o := range dests[:min(len(dests), mostSuggested)] {
		view.To.Suggest = append(view.To.Suggest, destinationText(o))
		if o.OrgID == wrong.To && wrong.ID != 0 {
			view.To.Value = destinationText(o)
		}
	}
	if wrong.ID != 0 && wrong.Outside() {
		view.Where.Value, view.To.Value = goesOutside, wrong.ToText
	}
	view.Issuer = ui.ChoiceField{Field: ui.Field{Name: "issuer", Label: ui.T(ctx, "transfers.issuer"), Hint: ui.T(ctx, "transfers.form.issuer_hint"), Error: errs.For("issuer")}}
	for _, o := range issuers {
		view.Issuer.Options = append(view.Issuer.Options, ui.Option{Value: orgValue(o.OrgID), Label: o.Name})
	}
	view.On = ui.Field{Name: "on", Label: ui.T(ctx, "transfers.issued_on"), Value: today.Vietnamese(), Error: errs.For("on"), Width: ui.Short}
	view.Reason = ui.TextAreaField{Field: ui.Field{Name: "reason", Label: ui.T(ctx, "transfers.reason"), Optional: wrong.ID == 0, Error: errs.For("reason")}, Rows: 2}
}

// fillTransferTime asks for how long a member goes, and since when.
func fillTransferTime(ctx context.Context, wrong transfer.Opened, view *transfers.FormView) {
	errs := view.Form.Errors
	view.Kind = ui.ChoiceField{Field: ui.Field{Name: "form", Label: ui.T(ctx, "transfers.form_label"), Value: string(party.TransferOfficial), Error: errs.For("form")}}
	for _, form := range party.TransferForms {
		view.Kind.Options = append(view.Kind.Options, ui.Option{Value: string(form), Label: ui.T(ctx, "transfers.forms."+string(form))})
	}
	view.Until = ui.Field{Name: "until", Label: ui.T(ctx, "transfers.until"), Hint: ui.T(ctx, "transfers.form.until_hint"), Optional: true, Error: errs.For("until")}
	view.MovedOn = ui.Field{Name: "moved_on", Label: ui.T(ctx, "transfers.moved_on"), Hint: ui.T(ctx, "transfers.form.moved_hint"), Optional: true, Error: errs.For("moved_on")}
	if wrong.ID == 0 {
		return
	}
	if slices.Contains(party.TransferForms, wrong.Form) {
		view.Kind.Value = string(wrong.Form)
	}
	view.Until.Value, view.MovedOn.Value = typedDate(wrong.UntilOn), typedDate(wrong.MovedOn)
}

func destinationText(o organisation.Org) string { return o.Name + " (" + o.Code + ")" }

// destinationOf finds the cell that was typed: as it was offered, by its code, or by its name where
// only one has it.
func destinationOf(typed string, dests []organisation.Org) (int32, bool) {
	typed = strings.Join(strings.Fields(typed), " ")
	var named []int32
	for _, o := range dests {
		if strings.EqualFold(typed, destinationText(o)) || strings.EqualFold(typed, o.Code) {
			return o.OrgID, true
		}
		if strings.EqualFold(typed, o.Name) {
			named = append(named, o.OrgID)
		}
	}
	if len(named) == 1 {
		return named[0], true
	}
	return 0, false
}

func (s *site) issueTransfer(w http.ResponseWriter, r *http.Request) error {
	ctx, v, f := r.Context(), viewerOf(r), formOf(r)
	rec, err := s.openLeaver(r)
	if err != nil {
		return err
	}
	in := transfer.Issue{Key: f.key(), From: rec.Fields.OrgID, IssuerID: f.organisation("issuer"), On: f.requiredDate("on"), Reason: f.typed("reason"),
		Form: party.TransferForm(f.typed("form")), Until: f.date("until"), MovedOn: f.date("moved_on"), Replaces: f.id("replaces"), People: []int64{rec.ID}}
	switch typed := f.required("to", 300); f.choice("where", goesInside, goesOutside) {
	case goesOutside:
		in.ToText = typed
	case goesInside:
		dests, err := s.Transfers.Destinations(ctx, in.From)
		if err != nil {
			return err
		}
		found := false
		if in.To, found = destinationOf(typed, dests); !found && typed != "" {
			f.refuse("to", "transfers.error.unknown")
		}
	}
	var done transfer.Result
	if err = f.err(); err == nil {
		done, err = s.Transfers.Issue(ctx, v, in)
	}
	if asksAgain(err) {
		return s.renderTransferForm(w, r, statusOf(err), in.Replaces, f, err)
	}
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, "transfers.done.issued"); err != nil {
		return err
	}
	if len(done.Rows) == 1 {
		return redirect(w, r, transferPath(done.Rows[0].ID))
	}
	return redirect(w, r, personPath(rec.ID)) // the form was sent a second time
}

// onlyPaper gives, of a refused act for one person, why it was refused.
func onlyPaper(err error) error {
	result, ok := detailOf[transfer.Result](err)
	if !ok || len(result.Rows) != 1 || result.Rows[0].Err == nil {
		return err
	}
	if v, refused := people.Refusal(result.Rows[0].Err); refused {
		c := v.Refusals()[0]
		return fault.NewInvalid(c.Key, c.Args...)
	}
	return result.Rows[0].Err
}
