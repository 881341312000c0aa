package httpd

import (
	"net/http"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/party"
	"ketnap/web/ui"
)

// navEntry is one entry of the main navigation: shown to who may do its action, once its page exists.
type navEntry struct {
	path   string
	key    string
	icon   ui.Icon
	action access.Action
}

var navMain = []navEntry{
	{"/worklist", "nav.worklist", ui.IconWorklist, access.PeopleRead},
	{"/dashboard", "nav.dashboard", ui.IconDashboard, access.DashboardRead},
	{"/stalls", "nav.stalls", ui.IconClock, access.DashboardRead},
	{"/people", "nav.people", ui.IconPeople, access.PeopleRead},
	{"/introductions", "nav.introductions", ui.IconIntroduction, access.IntroductionsRead},
	{"/reviews", "nav.reviews", ui.IconCheck, access.ReviewsRead},
	{"/mentors", "nav.mentors", ui.IconPerson, access.MentorsRead},
	{"/cells", "nav.cells", ui.IconCalendar, access.CellsRead},
	{"/warnings", "nav.warnings", ui.IconWarn, access.WarningsRead},
	{"/probation", "nav.probation", ui.StageIcon(party.StageProbationary), access.DossiersRead},
	{"/assessments", "nav.assessments", ui.IconRule, access.AssessmentsRead},
	{"/cases", "nav.cases", ui.StageIcon(party.StageFormer), access.CasesRead},
	{"/classes", "nav.classes", ui.IconClass, access.ClassesRead},
	{"/submissions", "nav.submissions", ui.StageIcon(party.StageDossier), access.SubmissionsRead},
	{"/decisions", "nav.decisions", ui.StageIcon(party.StageDecided), access.DecisionsRead},
	{"/ceremonies", "nav.ceremonies", ui.IconCalendar, access.CeremoniesRead},
	{"/transfers", "nav.transfers", ui.StageIcon(party.StageAway), access.TransfersRead},
	{"/organisations", "nav.organisations", ui.IconOrganisation, access.OrganisationsRead},
}

var navAdmin = []navEntry{
	{"/admin/accounts", "nav.accounts", ui.IconAccount, access.AccountsEdit},
	{"/admin/terms", "nav.terms", ui.IconCalendar, access.TermsEdit},
	{"/admin/regulations", "nav.regulations", ui.IconRule, access.RegulationsRead},
	{"/admin/audit", "nav.audit", ui.IconAudit, access.AuditRead},
}

func (s *site) navOf(r *http.Request) []ui.NavSection {
	sections := []ui.NavSection{{Items: s.navItems(r, navMain)}}
	if items := s.navItems(r, navAdmin); len(items) > 0 {
		sections = append(sections, ui.NavSection{Label: ui.T(r.Context(), "nav.admin"), Items: items})
	}
	return sections
}

func (s *site) navItems(r *http.Request, entries []navEntry) []ui.NavItem {
	var items []ui.NavItem
	viewer := viewerOf(r)
	for _, e := range entries {
		if s.paths[e.path] && viewer.May(e.action) {
			items = append(items, ui.NavItem{Label: ui.T(r.Context(), e.key), Href: e.path, Icon: e.icon,
				Current: r.URL.Path == e.path || strings.HasPrefix(r.URL.Path, e.path+"/")})
		}
	}
	return items
}
