package httpd

import (
	"context"
	"net/http"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/decision"
	"ketnap/internal/keyset"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/worklist"
	"ketnap/web/ui"
	worklistpages "ketnap/web/worklist"
)

func (s *site) worklistRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/worklist", Action: access.PeopleRead, Handler: s.showWorklist},
	}
}

func (s *site) showWorklist(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	after, err := keyset.Parse(r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	q := worklist.Query{OrgID: queryOrganisation(r, "org"), After: after}
	used := []string{"org", "kind", "rule", "after"}
	if kind := party.StepKind(queryText(r, "kind")); slices.Contains(party.StepKinds, kind) {
		q.Kind = kind
	} else if kind != "" {
		used = []string{"org", "rule", "after"} // a step that does not exist narrows nothing, and the page says so
	}
	if rule := queryText(r, "rule"); rule == string(party.CertValid) {
		q.Certificates, q.Kind = true, ""
	} else if rule != "" {
		used = []string{"org", "kind", "after"}
	}
	list, err := s.Worklist.List(ctx, v, q)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	view := worklistpages.View{Unknown: queryOnly(r, used...), Org: queryText(r, "org")}
	view.Orgs, view.OrgHint = orgFilter(ctx, tree, v, q.OrgID)
	s.fillDue(ctx, r, &view, tree, list, q)
	view.Bulk = bulkOf(ctx, v, q)
	if view.Dossiers, err = s.dossiersToDo(r); err != nil {
		return err
	}
	moves, err := s.transfersToDo(r)
	if err != nil {
		return err
	}
	watched, err := s.watchesToDo(ctx, v, q.OrgID)
	if err != nil {
		return err
	}
	view.Dossiers = append(append(view.Dossiers, moves...), watched...)
	if err := s.fillDueCases(ctx, v, tree, q, &view); err != nil {
		return err
	}
	if view.Warnings, err = s.warningsLink(ctx, v, q.OrgID); err != nil {
		return err
	}
	if view.Waiting, err = s.waiting(r, q.OrgID); err != nil {
		return err
	}
	return render(w, r, http.StatusOK, worklistpages.List(s.pageOf(r, "worklist.title"), view))
}

// warningsLink leads to what the reader's level is told of members; nil where it is nothing.
func (s *site) warningsLink(ctx context.Context, v access.Viewer, orgID int32) (*ui.LinkView, error) {
	if !v.May(access.WarningsRead) {
		return nil, nil
	}
	told, err := s.Warnings.Count(ctx, v, orgID)
	if err != nil || told.Count == 0 {
		return nil, err
	}
	org := ""
	if orgID > 0 {
		org = orgValue(orgID)
	}
	return &ui.LinkView{Label: ui.T(ctx, "worklist.warnings", "Count", told.Count), Href: address("/warnings", "org", org)}, nil
}

// bulkOf leads to the act that takes the shown step for many at once, where there is one.
func bulkOf(ctx context.Context, v access.Viewer, q worklist.Query) *ui.LinkView {
	org := ""
	if q.OrgID > 0 {
		org = orgValue(q.OrgID)
	}
	decide := func(k decision.Kind) *ui.LinkView {
		if !v.May(access.DecisionsIssue) {
			return nil
		}
		return &ui.LinkView{Label: ui.T(ctx, "decisions.new.title"), Href: address("/decisions/new", "kind", string(k), "below", org), Icon: ui.IconPlus}
	}
	switch {
	case q.Kind == party.Decided:
		return decide(decision.Admission)
	case q.Kind == party.RecognitionDecision:
		return decide(decision.Recognition)
	case q.Kind == party.Ceremony && v.May(access.CeremoniesPlan):
		return &ui.LinkView{Label: ui.T(ctx, "ceremonies.new.title"), Href: address("/ceremonies/new", "org", org), Icon: ui.IconPlus}
	}
	return nil
}

func worklistAddress(r *http.Request, kind string) string {
	return address("/worklist", "org", queryText(r, "org"), "kind", kind)
}

func certificatesAddress(r *http.Request) string {
	return address("/worklist", "org", queryText(r, "org"), "rule", string(party.CertValid))
}

func (s *site) fillDue(ctx context.Context, r *http.Request, view *worklistpages.View, tree *organisation.Snapshot, list worklist.List, q worklist.Query) {
	if list.Late > 0 {
		view.Late = ui.T(ctx, "worklist.late", "Count", list.Late)
	}
	if list.Soon > 0 {
		view.Soon = ui.T(ctx, "worklist.soon", "Count", list.Soon)
	}
	if q.Kind != "" {
		view.Hidden = []ui.Hidden{{Name: "kind", Value: string(q.Kind)}}
	}
	here := worklistAddress(r, string(q.Kind))
	view.EmptyTitle, view.EmptyText = ui.T(ctx, "worklist.empty.title"), ui.T(ctx, "worklist.empty.text")
	if q.Certificates {
		here = certificatesAddress(r)
		view.Late, view.Soon = "", ui.T(ctx, "worklist.certificates_lead", "Months", worklist.CertificateMonths)
		view.Hidden = []ui.Hidden{{Name: "rule", Value: string(party.CertValid)}}
		view.EmptyTitle, view.EmptyText = ui.T(ctx, "worklist.no_certificates", "Months", worklist.CertificateMonths), ui.T(ctx, "worklist.no_certificates_text")
	}
	if here != "/worklist" {
		view.Reset = "/worklist"
	}
	view.Tabs = kindTabs(ctx, r, list, q)
	for _, it := range list.Items {
		view.Rows = append(view.Rows, s.dueRow(ctx, tree, it))
	}
	if q.After != (worklist.Cursor{}) {
		view.Pager.First = here
	}
	if next := list.Next.String(); next != "" {
		view.Pager.Next = withQuery(here, "after", next)
	}
}

// kindTabs narrow by the awaited step, or to those whose certificate runs out; with one chosen there is
// nothing to count of the others.
func kindTabs(ctx context.Context, r *http.Request, list worklist.List, q worklist.Query) []ui.Tab {
	if len(list.Kinds) == 0 && q.Kind == "" && !q.Certificates {
		return nil
	}
	tabs := []ui.Tab{{Label: ui.T(ctx, "people.everybody"), Href: worklistAddress(r, ""), Current: q.Kind == "" && !q.Certificates}}
	for _, k := range party.StepKinds {
		if n := list.Kinds[k]; !q.Certificates && (n > 0 || k == q.Kind) {
			tabs = append(tabs, ui.Tab{Label: stepName(ctx, k), Href: worklistAddress(r, string(k)), Current: k == q.Kind, Count: n, HasCount: !list.More})
		}
	}
	if list.Certificates > 0 || q.Certificates {
		tabs = append(tabs, ui.Tab{Label: ui.T(ctx, "worklist.certificates"), Href: certificatesAddress(r), Current: q.Certificates,
			Count: list.Certificates, HasCount: !list.MoreCertificates})
	}
	return tabs
}

func (s *site) dueRow(ctx context.Context, tree *organisation.Snapshot, it worklist.Item) worklistpages.Row {
	row := worklistpages.Row{Href: personPath(it.PersonID), Name: it.FullName, Class: it.ClassName, Stage: it.Stage, Step: stepName(ctx, it.Kind),
		Due: it.Due, Why: ruleName(ctx, it.Rule)}
	if o, ok := tree.Of(it.OrgID); ok {
		row.Org = o.Name
	}
	if it.Mine {
		row.Record = personPath(it.PersonID) + "/steps/" + string(it.Kind)
	}
	days := it.Due.DaysSince(s.Today())
	switch {
	case days < 0:
		row.Late, row.Days = true, ui.T(ctx, "worklist.days_late", "Count", -days)
	case days == 0:
		row.Days = ui.T(ctx, "worklist.days_today")
	default:
		row.Days = ui.T(ctx, "worklist.days_left", "Count", days)
	}
	return row
}

// waiting tells how many stand at each stage before the admission: those without a deadline are
// found there.
func (s *site) waiting(r *http.Request, orgID int32) ([]worklistpages.Waiting, error) {
	counts, err := s.People.StageCounts(r.Context(), viewerOf(r), orgID)
	if err != nil {
		return nil, err
	}
	var out []worklistpages.Waiting
	for _, stage := range party.Stages {
		if stage == party.StageOfficial || stage == party.StageDropped || stage == party.StageAway || stage == party.StageFormer || counts[stage] == 0 {
			continue
		}
		out = append(out, worklistpages.Waiting{Stage: stage, Count: counts[stage], Href: address("/people", "org", queryText(r, "org"), "stage", string(stage))})
	}
	return out, nil
}

// dossiersToDo leads to the dossiers that wait at the viewer's level, and to those that came back to
// his cells.
func (s *site) dossiersToDo(r *http.Request) ([]ui.LinkView, error) {
	ctx := r.Context()
	counts, err := s.Submissions.Counts(ctx, viewerOf(r))
	if err != nil {
		return nil, err
	}
	var out []ui.LinkView
	add := func(n int, key, tab string) {
		if n > 0 {
			out = append(out, ui.LinkView{Label: ui.T(ctx, key, "Count", n), Href: address("/submissions", "tab", tab)})
		}
	}
	add(counts.Waiting, "submissions.work.waiting", tabMine)
	add(counts.Accepted, "submissions.work.accepted", tabMine)
	add(counts.Returned, "submissions.work.returned", tabReturned)
	return out, nil
}
