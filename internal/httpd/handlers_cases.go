package httpd

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/departure"
	"ketnap/internal/keyset"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/worklist"
	"ketnap/web/cases"
	"ketnap/web/ui"
	worklistpages "ketnap/web/worklist"
)

// caseRoutes are the cases of members who are to leave.
func (s *site) caseRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/cases", Action: access.CasesRead, Handler: s.showCases},
		{Method: http.MethodGet, Pattern: "/cases/{id}", Action: access.CasesRead, Handler: s.showCase},
		{Method: http.MethodPost, Pattern: "/cases/{id}", Action: access.CasesRead, Handler: s.actInCase},
		{Method: http.MethodGet, Pattern: "/cases/{id}/proposal", Action: access.CasesRead, Handler: s.showProposal},
		{Method: http.MethodGet, Pattern: "/people/{id}/case", Action: access.CasesEdit, Handler: s.showCaseForm},
		{Method: http.MethodPost, Pattern: "/people/{id}/case", Action: access.CasesEdit, Handler: s.openCase},
	}
}

func casePath(id int64) string { return fmt.Sprintf("/cases/%d", id) }

func casesCrumb(ctx context.Context) ui.Crumb {
	return ui.Crumb{Label: ui.T(ctx, "cases.title"), Href: "/cases"}
}

func wayName(ctx context.Context, w party.Way) string { return ui.T(ctx, "cases.ways."+string(w)) }

func caseTag(ctx context.Context, c departure.Case) ui.TagView {
	tone := map[party.CaseState]ui.Tone{party.CaseDecided: ui.Bad, party.CaseTold: ui.Bad, party.CaseUpheld: ui.Bad, party.CaseRestored: ui.Good, party.CaseAppealed: ui.Warn, party.CaseFailed: ui.Warn, party.CaseTakenBack: ui.Warn}[c.State]
	if tone == "" {
		tone = ui.Info
	}
	return ui.TagView{Tone: tone, Text: ui.T(ctx, "cases.states."+string(c.State))}
}

// casesQuery reads the filters of the address; what is not known of them does not narrow.
func casesQuery(r *http.Request) (q departure.Query, err error) {
	q.OrgID = queryOrg(r)
	if w := party.Way(queryText(r, "way")); slices.Contains(party.Ways, w) {
		q.Way = w
	}
	if st := party.CaseState(queryText(r, "state")); slices.Contains(party.CaseStates, st) {
		q.State = st
	}
	q.After, err = keyset.Parse(r.URL.Query().Get("after"))
	return q, err
}

func casesAddress(q departure.Query) string {
	org := ""
	if q.OrgID != 0 {
		org = orgValue(q.OrgID)
	}
	return address("/cases", "org", org, "way", string(q.Way), "state", string(q.State))
}

func (s *site) showCases(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	q, err := casesQuery(r)
	if err != nil {
		return err
	}
	list, err := s.Departures.List(ctx, v, q)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	here := casesAddress(q)
	view := cases.ListView{Unknown: queryOnly(r, "org", "way", "state", "after"), Filter: ui.FilterView{Action: "/cases"}}
	if here != "/cases" {
		view.Filter.Reset = "/cases"
	}
	fillCasesFilter(ctx, v, tree, q, &view)
	for _, c := range list.Cases {
		row := cases.Row{Href: casePath(c.ID), Name: c.Name, Org: orgName(tree, c.OrgID), Way: wayName(ctx, c.Way), Tag: caseTag(ctx, c),
			Opened: ui.Date(ctx, c.OpenedOn), Since: ui.Date(ctx, c.Since)}
		if c.State == party.CaseTold && !c.AppealBy.IsZero() {
			row.Due = ui.T(ctx, "cases.appeal_until", "On", c.AppealBy)
		}
		view.Rows = append(view.Rows, row)
	}
	if q.After != (departure.Cursor{}) {
		view.Pager.First = here
	}
	if next := list.Next.String(); next != "" {
		view.Pager.Next = withQuery(here, "after", next)
	}
	return render(w, r, http.StatusOK, cases.List(s.pageOf(r, "cases.title"), view))
}

func fillCasesFilter(ctx context.Context, v access.Viewer, tree *organisation.Snapshot, q departure.Query, view *cases.ListView) {
	orgs, cut := tree.Choice(v, access.CasesRead, q.OrgID, mostChoices)
	all := ui.T(ctx, "cases.all")
	field := func(name, value string) ui.Field {
		return ui.Field{Name: name, Label: ui.T(ctx, "cases."+name), Value: value, Optional: true}
	}
	view.Org = ui.ChoiceField{Field: field("org", ""), Options: orgChoice(orgs), Empty: all}
	if view.Org.Hint = choiceHint(ctx, cut); q.OrgID != 0 {
		view.Org.Value = orgValue(q.OrgID)
	}
	view.Way = ui.ChoiceField{Field: field("way", string(q.Way)), Empty: all}
	for _, x := range party.Ways {
		view.Way.Options = append(view.Way.Options, ui.Option{Value: string(x), Label: wayName(ctx, x)})
	}
	view.State = ui.ChoiceField{Field: field("state", string(q.State)), Empty: all}
	for _, x := range party.CaseStates {
		view.State.Options = append(view.State.Options, ui.Option{Value: string(x), Label: ui.T(ctx, "cases.states."+string(x))})
	}
}

// caseSection tells on a person's page of his cases, leads to opening one, and says when he may be
// admitted again.
func (s *site) caseSection(r *http.Request, rec people.Record) (*cases.SectionView, error) {
	ctx, v := r.Context(), viewerOf(r)
	if !rec.State.Stage.Member() && rec.State.Left == nil && rec.State.Stage != party.StageAway {
		return nil, nil // never was a member
	}
	list, err := s.Departures.OfPerson(ctx, v, rec.ID)
	if err != nil {
		return nil, err
	}
	section, open := cases.SectionView{}, false
	for _, c := range list {
		open = open || c.State.Open()
		section.Cases = append(section.Cases, ui.LinkView{Href: casePath(c.ID),
			Label: ui.T(ctx, "cases.line", "Way", wayName(ctx, c.Way), "On", c.OpenedOn, "State", caseTag(ctx, c).Text)})
	}
	if rec.State.Stage.Member() && !open && v.MayIn(access.CasesEdit, rec.Path) {
		section.New = &ui.LinkView{Label: ui.T(ctx, "cases.form.title"), Href: personPath(rec.ID) + "/case"}
	}
	switch {
	case rec.State.Left != nil && rec.State.Stage.Member():
		section.Again = ui.T(ctx, "cases.readmitted", "Left", rec.State.Left.On)
	case rec.State.Left != nil && rec.State.Stage != party.StageFormer:
		section.Again = ui.T(ctx, "cases.readmitting", "Left", rec.State.Left.On)
	case rec.State.Stage == party.StageFormer:
		if section.Again, section.Against, err = s.readmissionOf(r, rec); err != nil {
			return nil, err
		}
	}
	if rec.State.Left != nil && rec.State.JoinedOn.IsZero() && v.MayIn(access.DossiersRead, rec.Path) && wayOfLeaving(rec) != party.WayDied {
		section.Consent = &ui.LinkView{Label: ui.T(ctx, "cases.consent"), Href: dossierPath(rec.ID, party.AdmissionDossier)}
	}
	if len(section.Cases) == 0 && section.New == nil && section.Again == "" {
		return nil, nil
	}
	return &section, nil
}

func wayOfLeaving(rec people.Record) party.Way {
	f, _ := rec.State.Left.Facts.(party.LeftFacts)
	return f.Way
}

// readmissionOf says whether somebody may be planned again, and what stands against it.
func (s *site) readmissionOf(r *http.Request, rec people.Record) (string, []ui.Condition, error) {
	ctx := r.Context()
	if !viewerOf(r).MayIn(access.Record(party.Planned), rec.Path) {
		return "", nil, nil
	}
	v, err := s.People.Ask(ctx, viewerOf(r), rec.ID, party.Step{Kind: party.Planned, On: s.Today(), OrgID: rec.Fields.OrgID, Facts: party.PlanningFacts{}})
	if err != nil {
		return "", nil, err
	}
	if v.Conditions = v.Refusals(); len(v.Conditions) > 0 {
		return ui.T(ctx, "cases.again_not"), conditionsOf(ctx, v, nil), nil
	}
	return ui.T(ctx, "cases.again"), nil, nil
}

// fillDueCases shows on the work list the cases in which the reader's level does the next thing.
func (s *site) fillDueCases(ctx context.Context, v access.Viewer, tree *organisation.Snapshot, q worklist.Query, view *worklistpages.View) error {
	if q.Kind != "" || q.Certificates || q.After != (worklist.Cursor{}) {
		return nil // the list is narrowed to something else, or begins further down
	}
	list, err := s.Departures.Due(ctx, v, max(q.OrgID, 0))
	if err != nil || len(list.Cases) == 0 {
		return err
	}
	for _, d := range list.Cases {
		row := worklistpages.CaseRow{Href: casePath(d.ID), Name: d.Name, Org: orgName(tree, d.OrgID), What: ui.T(ctx, "cases.due."+string(d.What)),
			Since: ui.Date(ctx, d.Since), Days: ui.T(ctx, "worklist.case_days", "Count", s.Today().DaysSince(d.Since))}
		if d.Rule.ID != "" {
			row.Why = ruleName(ctx, d.Rule.ID)
		}
		if !d.By.IsZero() {
			row.By, row.Late = ui.Date(ctx, d.By), d.By.Before(s.Today())
		}
		view.Cases = append(view.Cases, row)
	}
	view.Dossiers = append(view.Dossiers, ui.LinkView{Label: ui.T(ctx, "worklist.cases_count", "Count", len(list.Cases)), Href: "#cases"})
	if list.More {
		view.AllCases = &ui.LinkView{Label: ui.T(ctx, "worklist.cases_all"), Href: "/cases"}
		view.Dossiers[len(view.Dossiers)-1].Label = ui.T(ctx, "worklist.cases_more", "Count", len(list.Cases))
	}
	return nil
}
