package httpd

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/reorganisation"
	"ketnap/web/organisations"
	"ketnap/web/ui"
)

func (s *site) showOrganisations(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	typed := queryText(r, "day")
	view := organisations.TreeView{Day: typed, Unknown: queryOnly(r, "day")}
	day, err := party.ParseDate(typed)
	if err != nil {
		view.Error = ui.T(ctx, "errors.date")
	}
	if day.IsZero() || err != nil {
		day = s.Today()
	}
	list, cut, err := s.Organisations.Tree(ctx, viewerOf(r), day)
	if err != nil {
		return err
	}
	today := day == s.Today()
	if typed != "" {
		view.Today = "/organisations"
	}
	if !today {
		view.Shown = ui.T(ctx, "organisations.shown_on", "Date", day)
	}
	if viewerOf(r).May(access.OrganisationsEdit) {
		view.New, view.Acts = "/organisations/new", "/reorganisations"
	}
	view.Cut, view.Count, view.Nodes = cut, len(list), nodesOf(ctx, list, today)
	return render(w, r, http.StatusOK, organisations.Tree(s.pageOf(r, "organisations.title"), view))
}

// nodesOf nests a list that is in the order of the tree.
func nodesOf(ctx context.Context, list []organisation.Org, linked bool) []organisations.Node {
	var out []organisations.Node
	for i := 0; i < len(list); {
		end := i + 1
		for end < len(list) && list[end].Depth() > list[i].Depth() {
			end++
		}
		node := nodeOf(ctx, list[i], linked)
		node.Below = nodesOf(ctx, list[i+1:end], linked)
		out, i = append(out, node), end
	}
	return out
}

func nodeOf(ctx context.Context, o organisation.Org, linked bool) organisations.Node {
	n := organisations.Node{Name: o.Name, Code: o.Code, Kind: kindName(ctx, o.Kind)}
	if o.School != party.SchoolNone {
		n.School = schoolName(ctx, o.School)
	}
	if linked {
		n.Href = organisationPath(o.OrgID)
	}
	return n
}

func organisationPath(id int32) string { return fmt.Sprintf("/organisations/%d", id) }

func kindName(ctx context.Context, k party.OrgKind) string {
	return ui.T(ctx, "organisations.kind."+string(k))
}

func schoolName(ctx context.Context, t party.SchoolType) string {
	if t == party.SchoolNone {
		return ui.T(ctx, "organisations.school_none")
	}
	return ui.T(ctx, "organisations.school_type."+string(t))
}

func (s *site) showOrganisation(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	o, err := s.openOrganisation(r)
	if err != nil {
		return err
	}
	v := viewerOf(r)
	view := organisations.OneView{Name: o.Name, Code: o.Code, Kind: kindName(ctx, o.Kind), School: schoolName(ctx, o.School),
		Since: ui.Date(ctx, o.Versions[len(o.Versions)-1].From), Parent: ui.T(ctx, "organisations.top")}
	if n := len(o.Above); n > 0 {
		view.Parent = o.Above[n-1].Name
	} else if o.ParentID != 0 {
		view.Parent = ""
	}
	if !o.Ended.IsZero() {
		view.Ended = []string{ui.T(ctx, "organisations.ended", "Date", o.Ended)}
		if n := len(o.Above); n > 0 {
			view.Ended = append(view.Ended, ui.T(ctx, "organisations.ended_in", "Name", o.Above[n-1].Name))
		}
	}
	if o.MayEdit {
		view.Edit, view.Rearrange = organisationPath(o.OrgID)+"/edit", reorganisePath(o.OrgID)
		if o.Kind != party.PartyGroup {
			view.NewBelow = address("/organisations/new", "parent", strconv.Itoa(int(o.OrgID)))
		}
	}
	org := strconv.Itoa(int(o.OrgID))
	stands := o.Ended.IsZero()
	if stands && v.MayIn(access.PeopleRead, o.Path) && s.paths["/people"] {
		view.People = address("/people", "org", org)
	}
	if stands && v.MayIn(access.DashboardRead, o.Path) && s.paths["/dashboard"] {
		view.Dashboard = address("/dashboard", "org", org)
	}
	if stands {
		view.Criteria = criteriaPath(o.OrgID)
	}
	if stands && o.Kind.IsCell() && v.MayIn(access.AchievementsEdit, o.Path) {
		view.Results = gridPath(o.OrgID)
	}
	if o.Kind.IsCell() && v.MayIn(access.CellsRead, o.Path) {
		view.Life = cellPath(o.OrgID)
	}
	if stands && o.Kind.IsCell() && v.MayIn(access.DossiersRead, o.Path) {
		view.Dossiers = dossierGridPath(o.OrgID)
	}
	for _, c := range o.Children {
		view.Below = append(view.Below, nodeOf(ctx, c, true))
	}
	for _, f := range o.Former {
		view.Former = append(view.Former, nodeOf(ctx, f, true))
	}
	acts, err := s.Reorganisations.OfOrganisation(ctx, v, o.OrgID)
	if err != nil {
		return err
	}
	for _, old := range o.Versions {
		view.Versions = append(view.Versions, organisations.VersionRow{Period: periodOf(ctx, old.From, old.Until),
			Name: old.Name, Code: old.Code, Kind: kindName(ctx, old.Kind), Parent: o.Parents[old.ParentID], Acts: actLinks(ctx, acts[old.From], v.MayIn(access.OrganisationsEdit, o.Path))})
	}
	if !stands {
		view.EndedBy = actLinks(ctx, acts[o.Ended], v.MayIn(access.OrganisationsEdit, o.Path))
	}
	page := s.pageOf(r, "organisations.title").Titled(o.Name).Under(crumbsOf(ctx, o)...)
	return render(w, r, http.StatusOK, organisations.One(page, view))
}

// actLinks names acts by their decisions; who may not rearrange there reads no more of them.
func actLinks(ctx context.Context, acts []reorganisation.Done, linked bool) []ui.LinkView {
	var out []ui.LinkView
	for _, d := range acts {
		link := ui.LinkView{Label: ui.T(ctx, "reorganisation.kind."+string(d.Kind)) + ", " + decisionWords(ctx, d.Decision)}
		if linked {
			link.Href = reorganisationPath(d.ID)
		}
		out = append(out, link)
	}
	return out
}

// periodOf writes a period; until is the first day on which it no longer holds.
func periodOf(ctx context.Context, from, until party.Date) string {
	if until.IsZero() {
		return ui.T(ctx, "organisations.period_open", "From", from)
	}
	return ui.T(ctx, "organisations.period_closed", "From", from, "Until", until.AddDays(-1))
}

func crumbsOf(ctx context.Context, o organisation.Opened) []ui.Crumb {
	crumbs := []ui.Crumb{{Label: ui.T(ctx, "organisations.title"), Href: "/organisations"}}
	for _, a := range o.Above {
		crumbs = append(crumbs, ui.Crumb{Label: a.Name, Href: organisationPath(a.OrgID)})
	}
	return crumbs
}

func (s *site) openOrganisation(r *http.Request) (organisation.Opened, error) {
	id, err := pathOrganisation(r, "id")
	if err != nil {
		return organisation.Opened{}, err
	}
	return s.Organisations.Get(r.Context(), viewerOf(r), id)
}
