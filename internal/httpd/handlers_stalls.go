package httpd

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/report"
	"ketnap/web/stalls"
	"ketnap/web/ui"
)

func (s *site) stallRoutes() []Route {
	return []Route{{Method: http.MethodGet, Pattern: "/stalls", Action: access.DashboardRead, Handler: s.showStalls}}
}

func (s *site) showStalls(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	out, err := s.Reports.Stalls(ctx, v, queryOrganisation(r, "org"))
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	list, cut := tree.Choice(v, access.DashboardRead, out.Org.OrgID, mostChoices)
	list = slices.DeleteFunc(list, func(o organisation.Org) bool { return o.Kind == party.PartyGroup })
	view := stalls.View{Title: ui.T(ctx, "stalls.of", "Org", out.Org.Name), Unknown: queryOnly(r, "org"), Org: orgValue(out.Org.OrgID),
		Orgs: orgChoice(list), OrgHint: choiceHint(ctx, cut), Nobody: out.All.People == 0}
	if !out.Before.IsZero() {
		view.Rule = ui.T(ctx, "stalls.rule", "Months", out.Rule.Value, "Date", out.Before)
	}
	names := waitNames{ctx, out.Before}
	for _, st := range out.Stages {
		n := names.of(st.Wait, out.Org.OrgID, st.Stage)
		view.Stages = append(view.Stages, stalls.StageRow{Stage: st.Stage, People: n[0], Median: n[1], Longest: n[2], Stuck: n[3]})
	}
	for _, u := range out.Units {
		n := names.of(u.Wait, u.Org.OrgID, party.StallStages...)
		view.Units = append(view.Units, stalls.UnitRow{Org: u.Org.Name, Href: address("/stalls", "org", orgValue(u.Org.OrgID)), People: n[0], Median: n[1], Longest: n[2], Stuck: n[3], MostAt: u.MostAt})
	}
	for _, m := range out.Mentors {
		n := names.in(address("/people", "org", orgValue(m.Org.OrgID), "mentor", m.Name), m.Wait, party.StallStages...)
		view.Mentors = append(view.Mentors, stalls.MentorRow{Name: m.Name, Org: m.Org.Name, People: n[0], Median: n[1], Longest: n[2], Stuck: n[3]})
	}
	for _, c := range out.Cohorts {
		view.Cohorts = append(view.Cohorts, cohortRow(ctx, out.Org.OrgID, c))
	}
	return render(w, r, http.StatusOK, stalls.Page(s.pageOf(r, "stalls.title"), view))
}

// waitNames leads from numbers about waiting to the names behind them.
type waitNames struct {
	ctx    context.Context
	before party.Date
}

// of gives people, median, longest and stuck below an organisation, each with its names.
func (n waitNames) of(w report.Wait, org int32, stages ...party.Stage) [4]stalls.Number {
	return n.in(address("/people", "org", orgValue(org)), w, stages...)
}

// in is of for those whom a list at here shows.
func (n waitNames) in(here string, w report.Wait, stages ...party.Stage) [4]stalls.Number {
	if w.People == 0 {
		return [4]stalls.Number{{Text: "0"}, {Text: "–"}, {Text: "–"}, {Text: "0"}}
	}
	days := func(d int) string { return ui.T(n.ctx, "stalls.days", "Count", d) }
	out := [4]stalls.Number{{Text: ui.Number(n.ctx, w.People), Href: atStages(here, stages)}, {Text: days(w.Median), Href: atStages(here, stages)},
		{Text: days(w.Longest), Href: personPath(w.Who)}, {Text: ui.Number(n.ctx, w.Stuck)}}
	if w.Stuck > 0 {
		out[3].Href = atStages(withQuery(here, "before", n.before.Vietnamese()), stages)
	}
	return out
}

func cohortRow(ctx context.Context, org int32, c report.Cohort) stalls.CohortRow {
	here := address("/people", "org", orgValue(org), "class", strconv.FormatInt(c.ClassID, 10))
	number := func(n int, stages ...party.Stage) stalls.Number {
		out := stalls.Number{Text: ui.Number(ctx, n)}
		if n > 0 {
			out.Href = atStages(here, stages)
		}
		return out
	}
	gone := []party.Stage{party.StageDropped, party.StageAway, party.StageFormer}
	waiting := slices.DeleteFunc(slices.Clone(party.Stages), func(st party.Stage) bool { return st.Member() || slices.Contains(gone, st) })
	return stalls.CohortRow{Number: c.Number, Href: classPath(c.ClassID), Starts: c.Starts, Passed: number(c.Passed),
		Admitted: number(c.Admitted, party.StageProbationary, party.StageOfficial), Waiting: number(c.Waiting(), waiting...), Dropped: number(c.Dropped, gone...),
		Share: ui.Percent(ctx, c.Admitted, c.Passed)}
}
