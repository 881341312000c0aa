package httpd

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/keyset"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/reorganisation"
	"ketnap/web/reorganisations"
	"ketnap/web/ui"
)

// reorganisationRoutes are the acts that change where organisations stand.
func (s *site) reorganisationRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/reorganisations", Action: access.OrganisationsEdit, Handler: s.showReorganisations},
		{Method: http.MethodGet, Pattern: "/reorganisations/{id}", Action: access.OrganisationsEdit, Handler: s.showReorganisation},
		{Method: http.MethodPost, Pattern: "/reorganisations/{id}/undo", Action: access.OrganisationsEdit, Handler: s.undoReorganisation},
		{Method: http.MethodGet, Pattern: "/organisations/{id}/reorganise", Action: access.OrganisationsEdit, Handler: s.showReorganise},
		{Method: http.MethodPost, Pattern: "/organisations/{id}/reorganise", Action: access.OrganisationsEdit, Handler: s.reorganise},
	}
}

func reorganisationPath(id int64) string { return fmt.Sprintf("/reorganisations/%d", id) }

func reorganisePath(id int32) string { return organisationPath(id) + "/reorganise" }

func reorganisationsCrumb(ctx context.Context) ui.Crumb {
	return ui.Crumb{Label: ui.T(ctx, "reorganisation.title"), Href: "/reorganisations"}
}

// actName says in a line what an act did.
func actName(ctx context.Context, d reorganisation.Done) string {
	name, more := d.First, d.Orgs-1
	if d.Kind == party.MergeOrgs || d.Kind == party.SplitOrg {
		more = d.Ended - 1 // what stood below goes along
	}
	if d.Kind == party.AlterOrg && d.Became != "" && d.Became != d.First && more == 0 {
		return ui.T(ctx, "reorganisation.act.rename", "Name", name, "Became", d.Became)
	}
	if more > 0 {
		name = ui.T(ctx, "reorganisation.and_more", "Name", name, "More", more)
	}
	return ui.T(ctx, "reorganisation.act."+string(d.Kind), "Name", name, "Into", d.Into)
}

func actTag(ctx context.Context, d reorganisation.Done) ui.TagView {
	if d.UndoneAt != nil {
		return ui.TagView{Tone: ui.Warn, Text: ui.T(ctx, "reorganisation.undone")}
	}
	return ui.TagView{Tone: ui.Good, Text: ui.T(ctx, "reorganisation.holds")}
}

func decisionWords(ctx context.Context, d reorganisation.Decision) string {
	if d.Number == "" {
		return ui.T(ctx, "reorganisation.undecided")
	}
	return ui.T(ctx, "reorganisation.decision_text", "Number", d.Number, "On", d.On, "Issuer", d.Issuer)
}

func (s *site) showReorganisations(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	after, err := keyset.Parse(r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	list, err := s.Reorganisations.List(ctx, viewerOf(r), after)
	if err != nil {
		return err
	}
	view := reorganisations.ListView{Unknown: queryOnly(r, "after")}
	for _, d := range list.Acts {
		view.Rows = append(view.Rows, reorganisations.Row{Href: reorganisationPath(d.ID), What: actName(ctx, d), On: ui.Date(ctx, d.On),
			Decision: decisionWords(ctx, d.Decision), Orgs: strconv.Itoa(d.Orgs), People: strconv.Itoa(d.People), Tag: actTag(ctx, d)})
	}
	if after != (reorganisation.Cursor{}) {
		view.Pager.First = "/reorganisations"
	}
	if next := list.Next.String(); next != "" {
		view.Pager.Next = address("/reorganisations", "after", next)
	}
	return render(w, r, http.StatusOK, reorganisations.List(s.pageOf(r, "reorganisation.title"), view))
}

func (s *site) showReorganisation(w http.ResponseWriter, r *http.Request) error {
	return s.renderReorganisation(w, r, http.StatusOK, nil)
}

func (s *site) renderReorganisation(w http.ResponseWriter, r *http.Request, status int, refusal error) error {
	ctx := r.Context()
	id, err := pathID(r, "id")
	if err != nil {
		return err
	}
	act, err := s.Reorganisations.Get(ctx, viewerOf(r), id)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	l := &pairList{ctx: ctx}
	l.day("reorganisation.on", act.On)
	l.text("reorganisation.decision", decisionWords(ctx, act.Decision))
	if act.Kind != party.AlterOrg && act.Kind != party.FoundOrg {
		l.text("reorganisation.people", strconv.Itoa(act.People))
	}
	for _, g := range act.Goals {
		l.pairs = append(l.pairs, ui.Pair{Label: ui.T(ctx, "reorganisation.goes_to", "Name", g.Name), Text: strconv.Itoa(g.People)})
	}
	l.text("reorganisation.recorded", ui.T(ctx, "decisions.recorded_text", "By", act.RecordedBy, "At", ui.Moment(ctx, act.RecordedAt)))
	view := reorganisations.OneView{Caption: ui.T(ctx, "reorganisation.kind."+string(act.Kind)), Title: actName(ctx, act.Done), Tag: actTag(ctx, act.Done)}
	if act.UndoneAt != nil {
		l.text("reorganisation.undone_by", ui.T(ctx, "decisions.recorded_text", "By", act.UndoneBy, "At", ui.Moment(ctx, *act.UndoneAt)))
	} else {
		view.Undo = &ui.FormView{Action: reorganisationPath(id) + "/undo", Key: newKey(), Errors: ui.ErrorsOf(ctx, refusal)}
	}
	view.Pairs = l.pairs
	for _, i := range act.Items {
		_, known := tree.Known(i.OrgID)
		view.Items = append(view.Items, actItem(ctx, i, known))
	}
	page := s.pageOf(r, "reorganisation.title").Titled(view.Title).Under(reorganisationsCrumb(ctx))
	return render(w, r, status, reorganisations.One(page, view))
}

func (s *site) undoReorganisation(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r, "id")
	if err != nil {
		return err
	}
	err = s.Reorganisations.Undo(r.Context(), viewerOf(r), formOf(r).key(), id)
	if isRefusal(err) {
		return s.renderReorganisation(w, r, statusOf(err), err)
	}
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, "reorganisation.undo.done"); err != nil {
		return err
	}
	return redirect(w, r, reorganisationPath(id))
}

// openForActs gives the organisation of the address, for who may rearrange it.
func (s *site) openForActs(r *http.Request) (organisation.Opened, *organisation.Snapshot, error) {
	o, err := s.openOrganisation(r)
	if err != nil {
		return o, nil, err
	}
	if !o.MayEdit {
		return o, nil, errForbidden
	}
	tree, err := s.Organisations.Snapshot(r.Context())
	return o, tree, err
}
