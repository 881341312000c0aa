package httpd

import (
	"context"
	"net/http"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/ceremony"
	"ketnap/internal/decision"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/web/ceremonies"
	"ketnap/web/ui"
)

// holders offers the organisations at which the viewer may plan.
func holders(tree *organisation.Snapshot, r *http.Request, chosen int32) []organisation.Org {
	list, _ := tree.Choice(viewerOf(r), access.CeremoniesPlan, chosen, mostChoices)
	return list
}

func (s *site) showNewCeremony(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	view := ceremonies.FormView{Form: ui.FormView{Key: newKey()}, Filter: ceremonies.FilterView{On: queryText(r, "on")}}
	ask := ceremony.Ask{OrgID: organisationOf(r.URL.Query().Get("org")), Chosen: queryPeople(r, "people")}
	var err error
	if ask.On, err = party.ParseDate(view.Filter.On); err != nil {
		view.Filter.OnBad = ui.T(ctx, "errors.date")
	}
	view.Values = map[string]string{"planned_on": typedDate(ask.On)}
	if id := queryID(r, "decision"); id != 0 {
		d, err := s.Decisions.Get(ctx, viewerOf(r), id)
		if err != nil {
			return err
		}
		for _, n := range d.AwaitCeremony() {
			ask.Chosen = append(ask.Chosen, n.PersonID)
		}
		if ask.OrgID, err = s.together(ctx, d.AwaitCeremony()); err != nil {
			return err
		}
	}
	return s.renderNewCeremony(w, r, http.StatusOK, ask, view, nil)
}

// together gives the lowest organisation to which all whom a decision names belong: their cell, or the
// committee above their cells. 0 is none.
func (s *site) together(ctx context.Context, named []decision.Named) (int32, error) {
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return 0, err
	}
	var common []int32
	for i, n := range named {
		o, _ := tree.Known(n.OrgID)
		if i == 0 {
			common = o.Path
		}
		common = slices.DeleteFunc(slices.Clone(common), func(id int32) bool { return !slices.Contains(o.Path, id) })
	}
	if len(common) == 0 {
		return 0, nil
	}
	return common[len(common)-1], nil
}

// renderNewCeremony shows who waits at an organisation and the form of a new plan.
func (s *site) renderNewCeremony(w http.ResponseWriter, r *http.Request, status int, ask ceremony.Ask, view ceremonies.FormView, refusal error) error {
	ctx := r.Context()
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	orgs := holders(tree, r, ask.OrgID)
	if len(orgs) == 0 {
		return errForbidden
	}
	if o, ok := tree.Of(ask.OrgID); !ok || !viewerOf(r).MayIn(access.CeremoniesPlan, o.Path) {
		ask.OrgID = orgs[0].OrgID
	}
	view.Filter.Org, view.Filter.Orgs = orgValue(ask.OrgID), orgChoice(orgs)
	for _, id := range ask.Chosen {
		view.Filter.Hidden = append(view.Filter.Hidden, ui.Hidden{Name: "people", Value: typedID(id)})
	}
	view.Title, view.Lead, view.Submit = ui.T(ctx, "ceremonies.new.title"), ui.T(ctx, "ceremonies.new.lead"), ui.T(ctx, "ceremonies.new.submit")
	view.Form.Action, view.Cancel = "/ceremonies/new", "/ceremonies"
	view.Form.Hidden = []ui.Hidden{{Name: "org", Value: view.Filter.Org}}
	return s.renderPlan(w, r, status, tree, ask, view, "ceremonies.new.title", nil, refusal)
}

// renderPlan fills in who waits, each with the deadline, and shows the form. crumbs lead there below
// the list of ceremonies.
func (s *site) renderPlan(w http.ResponseWriter, r *http.Request, status int, tree *organisation.Snapshot, ask ceremony.Ask, view ceremonies.FormView, titleKey string, crumbs []ui.Crumb, refusal error) error {
	ctx := r.Context()
	waiting, more, err := s.Ceremonies.Waiting(ctx, viewerOf(r), ask)
	if err != nil {
		return err
	}
	view.Pick = ui.PickView{Name: "people", Label: ui.T(ctx, "ceremonies.waiting"), Hint: ui.T(ctx, "ceremonies.waiting_hint"),
		Columns: columnsOf(ctx, "people.name", "ceremonies.decision", "decisions.due", "decisions.conditions")}
	for _, c := range waiting {
		row := waitingRow(ctx, tree, c)
		row.Chosen = slices.Contains(ask.Chosen, c.ID) && (refusal != nil || c.Planned.IsZero())
		view.Pick.Rows = append(view.Pick.Rows, row)
	}
	if more {
		view.More = ui.T(ctx, "ceremonies.more", "Max", ceremony.MostPeople)
	}
	view.Form.Errors = batchErrors(ctx, refusal, view.Pick.Rows)
	markRefused(ctx, refusal, view.Pick.Rows)
	view.Pick.Error, view.Occasions, view.Form.Wide = view.Form.Errors.For("people"), occasionChoice(ctx), true
	page := s.pageOf(r, titleKey).WithErrors(view.Form.Errors).Under(append([]ui.Crumb{ceremoniesCrumb(ctx)}, crumbs...)...)
	return render(w, r, status, ceremonies.Plan(page, view))
}

// waitingRow shows somebody who waits for the ceremony, with what to mind about the planned day.
func waitingRow(ctx context.Context, tree *organisation.Snapshot, c ceremony.Waiting) ui.PickRow {
	row := pickRow(ctx, tree, c.Case)
	row.Cells = []ui.PickCell{{Text: decisionText(ctx, c)}, dueOn(ctx, c)}
	say := func(state ui.ConditionState, key string, args ...any) {
		row.Says = append(row.Says, ui.Condition{State: state, Text: ui.T(ctx, key, args...), Citation: citationOf(ctx, c.Deadline.Rule)})
	}
	st := c.State()
	if st.Awaits(c.Place) != party.Ceremony {
		row.Says = []ui.Condition{{State: ui.NotMet, Text: ui.T(ctx, "ceremonies.not_waiting"), Action: openRecord(ctx, c.ID)}}
		return row
	}
	if !c.Planned.IsZero() {
		row.Says = append(row.Says, ui.Condition{State: ui.NotMet, Text: ui.T(ctx, "ceremonies.planned_already", "On", c.Planned)})
	}
	if c.Behind {
		say(ui.Warns, "ceremonies.behind", "Due", c.Deadline.Due)
	}
	if f, ok := st.Decided.Facts.(party.DecisionFacts); ok && f.ReceivedOn.IsZero() && c.Deadline.Rule.Option == party.ClockReceipt {
		say(ui.Unknown, "ceremonies.clock_unknown")
	}
	return row
}

// typedPlan decodes the form of a plan.
func typedPlan(f *form) (ceremony.Fields, []int64) {
	return ceremony.Fields{OrgID: f.organisation("org"), PlannedOn: f.requiredDate("planned_on"), Place: f.text("place", longText),
		Occasion: f.occasion(), OccasionText: f.text("occasion_text", longText)}, f.people("people")
}

func (s *site) planCeremony(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	fields, ids := typedPlan(f)
	err := f.err()
	var id int64
	if err == nil {
		id, err = s.Ceremonies.Plan(ctx, viewerOf(r), ceremony.Planning{Key: f.key(), Fields: fields, People: ids})
	}
	if fault.KindOf(err) == fault.Invalid {
		view := ceremonies.FormView{Form: ui.FormView{Key: f.key()}, Values: typedStep(f), Filter: ceremonies.FilterView{On: typedDate(fields.PlannedOn)}}
		return s.renderNewCeremony(w, r, http.StatusUnprocessableEntity, ceremony.Ask{OrgID: fields.OrgID, On: fields.PlannedOn, Chosen: ids}, view, err)
	}
	return s.ceremonySaved(w, r, id, err, "ceremonies.planned", "Count", len(ids))
}

func (s *site) ceremonySaved(w http.ResponseWriter, r *http.Request, id int64, err error, key string, args ...any) error {
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, key, args...); err != nil {
		return err
	}
	return redirect(w, r, ceremonyPath(id))
}

// openPlanned gives a ceremony that the viewer may still change.
func (s *site) openPlanned(r *http.Request) (ceremony.Opened, error) {
	c, err := s.openCeremony(r)
	switch {
	case err != nil:
		return c, err
	case !c.MayPlan:
		return c, errForbidden
	case c.State != ceremony.Planned:
		return c, fault.NewConflict("ceremonies.error.over")
	}
	return c, nil
}

func (s *site) showEditCeremony(w http.ResponseWriter, r *http.Request) error {
	c, err := s.openPlanned(r)
	if err != nil {
		return err
	}
	view := ceremonies.FormView{Form: ui.FormView{Key: newKey(), Version: c.Version}, Values: map[string]string{"org": orgValue(c.OrgID),
		"planned_on": c.PlannedOn.Vietnamese(), "place": c.Place, "occasion": string(c.Occasion), "occasion_text": c.OccasionText}}
	return s.renderEditCeremony(w, r, http.StatusOK, c, ceremony.Ask{OrgID: c.OrgID, On: c.PlannedOn, ID: c.ID, Chosen: c.StillPlanned()}, view, nil)
}

func (s *site) renderEditCeremony(w http.ResponseWriter, r *http.Request, status int, c ceremony.Opened, ask ceremony.Ask, view ceremonies.FormView, refusal error) error {
	ctx := r.Context()
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	name := ceremonyName(ctx, c.Ceremony)
	view.Title, view.Caption, view.Submit = ui.T(ctx, "ceremonies.edit.title"), name, ui.T(ctx, "ceremonies.edit.submit")
	view.Form.Action, view.Cancel, view.Orgs = ceremonyPath(c.ID)+"/edit", ceremonyPath(c.ID), orgChoice(holders(tree, r, c.OrgID))
	if len(view.Orgs) < 2 {
		view.Form.Hidden = []ui.Hidden{{Name: "org", Value: orgValue(c.OrgID)}}
	}
	return s.renderPlan(w, r, status, tree, ask, view, "ceremonies.edit.title", []ui.Crumb{{Label: name, Href: ceremonyPath(c.ID)}}, refusal)
}

func (s *site) editCeremony(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	c, err := s.openPlanned(r)
	if err != nil {
		return err
	}
	fields, ids := typedPlan(f)
	if err = f.err(); err == nil {
		err = s.Ceremonies.Change(ctx, viewerOf(r), ceremony.Change{Key: f.key(), ID: c.ID, Version: f.version(), Fields: fields, People: ids})
	}
	if kind := fault.KindOf(err); err == nil || kind != fault.Invalid && kind != fault.Conflict {
		return s.ceremonySaved(w, r, c.ID, err, "ceremonies.edit.done")
	}
	view := ceremonies.FormView{Form: againAfter(f, c, err), Values: typedStep(f)}
	if fault.KindOf(err) == fault.Conflict {
		view.Stored = s.storedCeremony(r, c)
	}
	return s.renderEditCeremony(w, r, statusOf(err), c, ceremony.Ask{OrgID: c.OrgID, On: fields.PlannedOn, ID: c.ID, Chosen: ids}, view, err)
}

// againAfter begins a form that comes back: after a conflict it starts from what is stored now.
func againAfter(f *form, c ceremony.Opened, err error) ui.FormView {
	if fault.KindOf(err) == fault.Conflict {
		return ui.FormView{Key: newKey(), Version: c.Version}
	}
	return ui.FormView{Key: f.key(), Version: f.version()}
}

// storedCeremony tells what somebody else has saved in between.
func (s *site) storedCeremony(r *http.Request, c ceremony.Opened) []ui.Pair {
	tree, err := s.Organisations.Snapshot(r.Context())
	if err != nil {
		return nil
	}
	org, _ := tree.Known(c.OrgID)
	return ceremonyPairs(r.Context(), c.Ceremony, org.Name)
}
