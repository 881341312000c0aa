package httpd

import (
	"context"
	"net/http"

	"ketnap/internal/access"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/web/mentors"
	"ketnap/web/ui"
)

func (s *site) mentorRoutes() []Route {
	return []Route{{Method: http.MethodGet, Pattern: "/mentors", Action: access.MentorsRead, Handler: s.showMentors}}
}

// showMentors shows who helps whom in a scope, or, with a name, one mentor's own list.
func (s *site) showMentors(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	q := people.MentorQuery{OrgID: queryOrganisation(r, "org"), Name: queryText(r, "mentor")}
	out, err := s.People.Mentors(ctx, v, q)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	view := mentors.View{Title: ui.T(ctx, "mentors.title"), Unknown: queryOnly(r, "org", "mentor"), Org: queryText(r, "org"), One: q.Name != ""}
	view.Orgs, view.OrgHint = orgFilter(ctx, tree, v, q.OrgID)
	if view.One {
		view.Title = q.Name
	}
	if out.Cut() {
		view.More = ui.T(ctx, "mentors.cut")
	}
	for _, m := range out.List {
		view.Mentors = append(view.Mentors, mentorRow(ctx, tree, m))
	}
	for _, h := range out.Helped {
		view.Helped = append(view.Helped, s.helpedRow(tree, v, h, party.Remarked))
	}
	for _, h := range out.Unhelped {
		view.Without = append(view.Without, s.helpedRow(tree, v, h, party.MentorAssigned))
	}
	page := s.pageOf(r, "mentors.title").Titled(view.Title)
	if view.One {
		page = page.Under(ui.Crumb{Label: ui.T(ctx, "mentors.title"), Href: "/mentors"})
	}
	return render(w, r, http.StatusOK, mentors.Page(page, view))
}

func mentorRow(ctx context.Context, tree *organisation.Snapshot, m people.Mentor) mentors.MentorRow {
	org, _ := tree.Known(m.OrgID)
	row := mentors.MentorRow{Name: m.Name, Org: org.Name, People: ui.Number(ctx, m.People), Due: m.Due,
		Href: address("/mentors", "org", orgValue(m.OrgID), "mentor", m.Name)}
	if m.Overdue > 0 {
		row.Overdue = ui.T(ctx, "mentors.overdue_count", "Count", m.Overdue)
	}
	return row
}

// helpedRow leads to the form that mends what the row tells, where the reader may record it.
func (s *site) helpedRow(tree *organisation.Snapshot, v access.Viewer, h people.Helped, kind party.StepKind) mentors.HelpedRow {
	org, _ := tree.Known(h.OrgID)
	row := mentors.HelpedRow{Name: h.FullName, Href: personPath(h.ID), Org: org.Name, Mentor: h.Mentor, Stage: h.Stage, Since: h.Since,
		Due: h.Due, Late: !h.Due.IsZero() && h.Due.Before(s.Today())}
	if v.MayIn(access.Record(kind), org.Path) {
		row.Record = stepPath(h.ID, kind)
	}
	return row
}
