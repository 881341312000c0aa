package httpd

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/keyset"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/probation"
	probationpages "ketnap/web/probation"
	"ketnap/web/ui"
)

func (s *site) probationRoutes() []Route {
	return []Route{{Method: http.MethodGet, Pattern: "/probation", Action: access.DossiersRead, Handler: s.showProbation}}
}

// probationWord names a list in the catalogue.
func probationWord(show probation.Show) string {
	if show == probation.All {
		return "all"
	}
	return string(show)
}

func probationAddress(r *http.Request, show probation.Show) string {
	return address("/probation", "org", queryText(r, "org"), "show", string(show))
}

func (s *site) showProbation(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	after, err := keyset.Parse(r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	q := probation.Query{OrgID: queryOrganisation(r, "org"), After: after}
	used := []string{"org", "show", "after"}
	if show := probation.Show(queryText(r, "show")); slices.Contains(probation.Shows, show) {
		q.Show = show
	} else {
		used = []string{"org", "after"} // a list that does not exist narrows nothing, and the page says so
	}
	list, err := s.Probation.List(ctx, v, q)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	word := probationWord(q.Show)
	view := probationpages.View{Lead: ui.T(ctx, "probation.lead"), Unknown: queryOnly(r, used...), Org: queryText(r, "org"),
		Tabs: probationTabs(r, list, q.Show), EmptyTitle: ui.T(ctx, "probation.empty."+word), EmptyText: ui.T(ctx, "probation.empty."+word+"_text", "Days", list.Soon)}
	orgs, cut := tree.Choice(v, access.DossiersRead, q.OrgID, mostChoices)
	view.Orgs, view.OrgHint = orgChoice(orgs), choiceHint(ctx, cut)
	if q.Show != probation.All {
		view.Hidden = []ui.Hidden{{Name: "show", Value: string(q.Show)}}
	}
	here := probationAddress(r, q.Show)
	if here != "/probation" {
		view.Reset = "/probation"
	}
	for _, m := range list.Members {
		view.Rows = append(view.Rows, s.probationRow(ctx, tree, m))
	}
	if q.After != (probation.Cursor{}) {
		view.Pager.First = here
	}
	if next := list.Next.String(); next != "" {
		view.Pager.Next = withQuery(here, "after", next)
	}
	return render(w, r, http.StatusOK, probationpages.List(s.pageOf(r, "probation.title"), view))
}

func probationTabs(r *http.Request, list probation.List, current probation.Show) []ui.Tab {
	var tabs []ui.Tab
	for _, show := range probation.Shows {
		tabs = append(tabs, ui.Tab{Label: ui.T(r.Context(), "probation.show."+probationWord(show), "Days", list.Soon), Href: probationAddress(r, show),
			Current: show == current, Count: list.Counts[show], HasCount: !list.More})
	}
	return tabs
}

func (s *site) probationRow(ctx context.Context, tree *organisation.Snapshot, m probation.Member) probationpages.Row {
	st := m.State
	have, asked := m.Checklist.Count()
	row := probationpages.Row{Name: m.FullName, Href: personPath(m.ID), Org: orgName(tree, m.OrgID), Ends: ui.Date(ctx, st.ProbationEndsOn),
		Left: daysLeftTag(ctx, st.ProbationEndsOn.DaysSince(s.Today())), Lacks: lackingCodes(m.Checklist),
		Papers: ui.LinkView{Label: ui.T(ctx, "probation.have", "Have", have, "Asked", asked), Href: dossierPath(m.ID, party.RecognitionDossier)}}
	row.Mentors, row.Remark = mentorWords(ctx, st)
	row.Vote, row.Votes = voteWords(ctx, st)
	kind := st.Awaits(m.Place)
	row.Step.Label = stepName(ctx, kind)
	if m.MayRecord {
		row.Step.Href = stepPath(m.ID, kind)
	}
	if !m.Due.Due.IsZero() {
		row.Due, row.Late = ui.T(ctx, "probation.until", "On", m.Due.Due), m.Due.Due.Before(s.Today())
	}
	if m.MayOpenCase && (st.FailedVotes > 0 || !s.Today().Before(st.ProbationEndsOn)) {
		row.Case = &ui.LinkView{Label: ui.T(ctx, "probation.remove"), Href: address(personPath(m.ID)+"/case", "way", string(party.WayRemoved), "ground", string(party.RemoveProbationary))}
	}
	return row
}

// daysLeftTag tells how long a probation still lasts, or since when it has ended.
func daysLeftTag(ctx context.Context, days int) ui.TagView {
	switch {
	case days < 0:
		return ui.TagView{Tone: ui.Warn, Text: ui.T(ctx, "probation.ended", "Count", -days)}
	case days == 0:
		return ui.TagView{Tone: ui.Warn, Text: ui.T(ctx, "probation.today")}
	}
	return ui.TagView{Tone: ui.Info, Text: ui.T(ctx, "probation.left", "Count", days)}
}

// lackingCodes names the papers that should be there by now.
func lackingCodes(list party.Checklist) (codes []string) {
	for _, l := range list.Lacking(list.Level) {
		codes = append(codes, l.Form.Code)
	}
	return codes
}

// mentorWords names who helps, and when one of them last said how it goes.
func mentorWords(ctx context.Context, st party.State) (names, remark string) {
	if len(st.Mentors) == 0 {
		return ui.T(ctx, "probation.no_mentor"), ""
	}
	var list []string
	for _, m := range st.Mentors {
		list = append(list, m.Name)
	}
	if st.LastRemark.Before(st.JoinedOn) {
		return strings.Join(list, ", "), ui.T(ctx, "probation.no_remark")
	}
	return strings.Join(list, ", "), ui.T(ctx, "probation.remark", "On", st.LastRemark)
}

// voteWords tells how the cell has voted on the recognition; votes that failed are marked.
func voteWords(ctx context.Context, st party.State) (string, ui.TagView) {
	switch {
	case st.RecognitionVote != nil:
		return ui.T(ctx, "probation.voted", "On", st.RecognitionVote.On), ui.TagView{}
	case st.Upward != nil:
		return "", ui.TagView{Tone: ui.Bad, Text: ui.T(ctx, "probation.above", "Count", st.FailedVotes)}
	case st.FailedVotes > 0:
		return "", ui.TagView{Tone: ui.Warn, Text: ui.T(ctx, "probation.failed", "Count", st.FailedVotes)}
	}
	return ui.T(ctx, "probation.not_voted"), ui.TagView{}
}
