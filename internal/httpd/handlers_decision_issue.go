package httpd

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/decision"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/web/decisions"
	"ketnap/web/ui"
)

// defaultSuffix is what stands behind the number of a committee's decision until one was issued
// with something else.
const defaultSuffix = "-QĐ/ĐU"

// asked is which kind of decision is prepared, by whom, and whom the page shows.
type asked struct {
	decision.Ask
	issuers []int32
}

// askOf reads from the address, or from the form that was sent, what is prepared.
func (s *site) askOf(r *http.Request, get func(string) string) (asked, error) {
	var a asked
	var err error
	if a.issuers, err = s.Decisions.Issuers(r.Context(), viewerOf(r)); err != nil {
		return a, err
	}
	if len(a.issuers) == 0 {
		return a, errForbidden
	}
	a.Fields.Kind, a.Fields.OrgID = decision.Kind(get("kind")), organisationOf(get("org"))
	if !slices.Contains(decision.Issued, a.Fields.Kind) {
		a.Fields.Kind = decision.Admission
	}
	if !slices.Contains(a.issuers, a.Fields.OrgID) {
		a.Fields.OrgID = a.issuers[0]
	}
	a.Below = organisationOf(get("below"))
	return a, nil
}

// organisationOf reads an organisation's number; 0 where it is none.
func organisationOf(text string) int32 {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 1 {
		return 0
	}
	return int32(n)
}

func (s *site) showNewDecision(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	a, err := s.askOf(r, r.URL.Query().Get)
	if err != nil {
		return err
	}
	last, err := s.Decisions.Last(ctx, v, a.Fields.OrgID)
	if err != nil {
		return err
	}
	view := decisions.FormView{Form: ui.FormView{Key: newKey()}, Filter: decisions.FilterView{On: queryText(r, "on")}}
	on, err := party.ParseDate(view.Filter.On)
	if err != nil {
		view.Filter.OnBad = ui.T(ctx, "errors.date")
	}
	if a.Fields.IssuedOn = on; on.IsZero() {
		a.Fields.IssuedOn = s.Today()
	}
	if last.Suffix == "" {
		last.Suffix = defaultSuffix
	}
	decider, err := s.likelyDecider(ctx, a.Fields)
	if err != nil {
		return err
	}
	view.Values = map[string]string{"issued_on": a.Fields.IssuedOn.Vietnamese(), "suffix": last.Suffix, "signer": last.Signer, "decider": decider}
	a.Chosen = queryPeople(r, "people")
	return s.renderNewDecision(w, r, http.StatusOK, a, view, r.URL.Query().Get("all") != "", nil)
}

// likelyDecider gives the body that decides in the issuer's name on the day, by the rule of the day
// where there is more than one.
func (s *site) likelyDecider(ctx context.Context, f decision.Fields) (string, error) {
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return "", err
	}
	o, _ := tree.Known(f.OrgID)
	bodies := party.DecidersOf(o.Kind)
	if len(bodies) == 1 {
		return bodies[0], nil
	}
	book, _, err := s.Regulations.Book(ctx)
	if err != nil {
		return "", err
	}
	rule, _ := book.On(party.DecideWho, f.IssuedOn)
	return rule.Option, nil
}

// renderNewDecision shows who waits, each with what his gate says on the decision's day, and the
// form. all chooses everybody who passes; refusal is why the form came back.
func (s *site) renderNewDecision(w http.ResponseWriter, r *http.Request, status int, a asked, view decisions.FormView, all bool, refusal error) error {
	ctx, v := r.Context(), viewerOf(r)
	waiting, more, err := s.Decisions.Waiting(ctx, v, a.Ask)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	view.Kind, view.Title, view.Lead = string(a.Fields.Kind), ui.T(ctx, "decisions.new.title"), ui.T(ctx, "decisions.new.lead")
	view.NumberHint, view.Submit, view.Cancel = ui.T(ctx, "decisions.number_next"), ui.T(ctx, "decisions.new.submit"), "/decisions"
	view.Pick = ui.PickView{Name: "people", Label: ui.T(ctx, "decisions.waiting"), Hint: ui.T(ctx, "decisions.waiting_hint"),
		Columns: columnsOf(ctx, "people.name", "decisions.resolved_on", "decisions.due", "decisions.conditions")}
	for _, c := range waiting {
		row := decisionRow(ctx, tree, c, s.Today())
		row.Chosen = slices.Contains(a.Chosen, c.ID) || all && c.Verdict.Passes()
		view.Pick.Rows = append(view.Pick.Rows, row)
	}
	view.Form.Errors = batchErrors(ctx, refusal, view.Pick.Rows)
	markRefused(ctx, refusal, view.Pick.Rows)
	view.Pick.Error = view.Form.Errors.For("people")
	if more {
		view.More = ui.T(ctx, "decisions.more", "Max", decision.MostWaiting)
	}
	s.decisionChoices(ctx, r, tree, a, &view)
	page := s.pageOf(r, "decisions.new.title").WithErrors(view.Form.Errors).Under(decisionsCrumb(ctx))
	return render(w, r, status, decisions.New(page, view))
}

// decisionRow shows somebody who waits.
func decisionRow(ctx context.Context, tree *organisation.Snapshot, c decision.Waiting, today party.Date) ui.PickRow {
	row := pickRow(ctx, tree, c.Case)
	st := c.State()
	vote := st.Resolution
	if !st.JoinedOn.IsZero() {
		vote = st.VotedUp()
	}
	resolved := ui.PickCell{}
	if vote != nil {
		resolved.Text = ui.Date(ctx, vote.On)
	}
	row.Cells = []ui.PickCell{resolved, dueCell(ctx, c.Deadline.Due, today)}
	row.Says = unmetOf(ctx, c.ID, c.Verdict)
	return row
}

// dueCell shows a deadline, marked where it has passed on a day.
func dueCell(ctx context.Context, due, day party.Date) ui.PickCell {
	switch {
	case due.IsZero():
		return ui.PickCell{}
	case due.Before(day):
		return ui.PickCell{Tag: &ui.TagView{Tone: ui.Warn, Text: ui.T(ctx, "people.late", "Date", due)}}
	}
	return ui.PickCell{Text: ui.Date(ctx, due)}
}

// decisionChoices fills the kinds, the issuers, the cells and what the form carries along.
func (s *site) decisionChoices(ctx context.Context, r *http.Request, tree *organisation.Snapshot, a asked, view *decisions.FormView) {
	kind, org, below := string(a.Fields.Kind), orgValue(a.Fields.OrgID), ""
	if a.Below != 0 {
		below = orgValue(a.Below)
	}
	on := view.Filter.On
	for _, k := range decision.Issued {
		view.Tabs = append(view.Tabs, ui.Tab{Label: decisionKind(ctx, k), Current: k == a.Fields.Kind,
			Href: address("/decisions/new", "kind", string(k), "org", org, "below", below, "on", on)})
	}
	view.PickAll = &ui.LinkView{Label: ui.T(ctx, "decisions.pick_all"),
		Href: address("/decisions/new", "kind", kind, "org", org, "below", below, "on", on, "all", "1")}
	view.Filter.Hidden, view.Filter.Org, view.Filter.Below = []ui.Hidden{{Name: "kind", Value: kind}}, org, below
	view.Filter.Orgs = issuerChoice(tree, a.issuers)
	if len(view.Filter.Orgs) < 2 {
		view.Filter.Hidden = append(view.Filter.Hidden, ui.Hidden{Name: "org", Value: org})
	}
	cells, _ := tree.Choice(viewerOf(r), access.DecisionsIssue, a.Below, mostChoices)
	view.Filter.Cells = orgChoice(slices.DeleteFunc(cells, func(o organisation.Org) bool {
		return o.OrgID == a.Fields.OrgID || !slices.Contains(o.Path, a.Fields.OrgID)
	}))
	issuer, _ := tree.Known(a.Fields.OrgID)
	for _, d := range party.DecidersOf(issuer.Kind) {
		view.Deciders = append(view.Deciders, ui.Option{Value: d, Label: bodyName(ctx, d)})
	}
	view.Form.Action, view.Form.Wide = "/decisions/new", true
	view.Form.Hidden = []ui.Hidden{{Name: "kind", Value: kind}, {Name: "org", Value: org}, {Name: "below", Value: below}}
}

// issuerChoice offers the committees in whose name the viewer may issue.
func issuerChoice(tree *organisation.Snapshot, ids []int32) []ui.Option {
	var list []organisation.Org
	for _, id := range ids {
		if o, ok := tree.Of(id); ok {
			list = append(list, o)
		}
	}
	return orgChoice(list)
}

// typedDecision decodes what both forms of decisions have in common.
func typedDecision(f *form, kind decision.Kind) decision.Fields {
	d := decision.Fields{Kind: kind, IssuedOn: f.requiredDate("issued_on"), Suffix: f.text("suffix", longText), Signer: f.text("signer", longText),
		Note: f.text("note", maxWhy)}
	d.Number, _ = f.number("number", 1, decision.MaxNumber)
	switch kind {
	case decision.Extension:
		d.Days, d.Reason = f.requiredNumber("days", 1, maxExtension), f.required("reason", maxWhy)
	case decision.Cancellation:
		d.Reason = f.required("reason", maxWhy)
	default:
		d.Decider = f.choice("decider", deciders...)
	}
	if kind == decision.Admission {
		d.ReceivedOn = f.date("received_on")
	}
	return d
}

func (s *site) issueDecision(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	a, err := s.askOf(r, f.typed)
	if err != nil {
		return err
	}
	org := a.Fields.OrgID
	a.Fields = typedDecision(f, a.Fields.Kind)
	a.Fields.OrgID, a.Chosen = org, f.people("people")
	in := decision.Issue{Key: f.key(), Fields: a.Fields, People: a.Chosen, KeepGood: f.checked("keep")}
	var done decision.Done
	if err = f.err(); err == nil {
		done, err = s.Decisions.Issue(ctx, viewerOf(r), in)
	}
	if fault.KindOf(err) == fault.Invalid {
		_, rows := detailOf[people.BatchResult](err)
		view := decisions.FormView{Form: ui.FormView{Key: f.key()}, Values: typedStep(f), OfferKeep: rows, Keep: in.KeepGood,
			Filter: decisions.FilterView{On: f.typed("issued_on")}}
		return s.renderNewDecision(w, r, http.StatusUnprocessableEntity, a, view, false, err)
	}
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, "decisions.issued", "Number", done.Printed, "Count", done.Count); err != nil {
		return err
	}
	return redirect(w, r, decisionPath(done.ID))
}

// openCancel gives a decision that the viewer may cancel.
func (s *site) openCancel(r *http.Request) (decision.Opened, error) {
	d, err := s.openDecision(r)
	switch {
	case err != nil:
		return d, err
	case !d.MayIssue:
		return d, errForbidden
	case d.Kind == decision.Cancellation:
		return d, fault.NewConflict("decisions.error.cancellation")
	}
	return d, nil
}

func (s *site) showCancelDecision(w http.ResponseWriter, r *http.Request) error {
	d, err := s.openCancel(r)
	if err != nil {
		return err
	}
	last, err := s.Decisions.Last(r.Context(), viewerOf(r), d.OrgID)
	if err != nil {
		return err
	}
	view := decisions.FormView{Form: ui.FormView{Key: newKey()}, Values: map[string]string{"issued_on": s.Today().Vietnamese(), "suffix": last.Suffix, "signer": last.Signer}}
	return s.renderCancelDecision(w, r, http.StatusOK, d, view, nil, nil)
}

// renderCancelDecision shows for whom the decision holds, each with what rests on it, and the form. At
// first all whose step may be voided are chosen.
func (s *site) renderCancelDecision(w http.ResponseWriter, r *http.Request, status int, d decision.Opened, view decisions.FormView, chosen []int64, refusal error) error {
	ctx := r.Context()
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	view.Kind, view.Title, view.Lead = string(decision.Cancellation), ui.T(ctx, "decisions.cancel.title"), ui.T(ctx, "decisions.cancel.lead")
	view.Caption = ui.T(ctx, "decisions.numbered", "Number", d.Printed)
	view.NumberHint, view.Submit, view.Cancel = ui.T(ctx, "decisions.number_next"), ui.T(ctx, "decisions.cancel.submit"), decisionPath(d.ID)
	voidable, err := s.Decisions.Voidable(ctx, viewerOf(r), d)
	if err != nil {
		return err
	}
	view.Pick = ui.PickView{Name: "people", Label: ui.T(ctx, "decisions.cancel.people"), Columns: columnsOf(ctx, "people.name", "people.next", "decisions.conditions")}
	for _, n := range d.Holding() {
		org, _ := tree.Known(n.OrgID)
		row := ui.PickRow{Value: strconv.FormatInt(n.PersonID, 10), Label: n.FullName, Note: ui.Date(ctx, n.BirthDate) + " · " + org.Name,
			Cells: []ui.PickCell{{}}, Says: unmetOf(ctx, n.PersonID, voidable[n.PersonID]),
			Chosen: slices.Contains(chosen, n.PersonID) || refusal == nil && voidable[n.PersonID].Passes()}
		if n.Next != "" {
			row.Cells[0].Text = stepName(ctx, n.Next)
		}
		view.Pick.Rows = append(view.Pick.Rows, row)
	}
	view.Form.Errors = batchErrors(ctx, refusal, view.Pick.Rows)
	markRefused(ctx, refusal, view.Pick.Rows)
	view.Pick.Error = view.Form.Errors.For("people")
	view.Form.Action, view.Form.Wide = decisionPath(d.ID)+"/cancel", true
	page := s.pageOf(r, "decisions.cancel.title").WithErrors(view.Form.Errors).
		Under(decisionsCrumb(ctx), ui.Crumb{Label: view.Caption, Href: decisionPath(d.ID)})
	return render(w, r, status, decisions.Cancel(page, view))
}

func (s *site) cancelDecision(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	d, err := s.openCancel(r)
	if err != nil {
		return err
	}
	in := decision.Cancelling{Key: f.key(), ID: d.ID, Fields: typedDecision(f, decision.Cancellation), People: f.people("people")}
	var done decision.Done
	if err = f.err(); err == nil {
		done, err = s.Decisions.Cancel(ctx, viewerOf(r), in)
	}
	if fault.KindOf(err) == fault.Invalid {
		view := decisions.FormView{Form: ui.FormView{Key: f.key()}, Values: typedStep(f)}
		return s.renderCancelDecision(w, r, http.StatusUnprocessableEntity, d, view, in.People, err)
	}
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, "decisions.cancel.done", "Number", done.Printed, "Count", done.Count); err != nil {
		return err
	}
	return redirect(w, r, decisionPath(d.ID))
}
