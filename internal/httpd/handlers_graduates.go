package httpd

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/graduation"
	"ketnap/web/transfers"
	"ketnap/web/ui"
)

// graduateRoutes follow those who graduate until they arrive elsewhere.
func (s *site) graduateRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/cells/{id}/graduates", Action: access.CellsRead, Handler: s.showGraduates},
		{Method: http.MethodPost, Pattern: "/cells/{id}/graduates", Action: access.CellsEdit, Handler: s.saveGraduates},
	}
}

func graduatesPath(org int32, show graduation.Show) string {
	return address(cellPath(org)+"/graduates", "tab", string(show))
}

func (s *site) openGraduates(r *http.Request) (graduation.List, graduation.Show, error) {
	id, err := pathOrganisation(r, "id")
	if err != nil {
		return graduation.List{}, "", err
	}
	show := graduation.Show(queryText(r, "tab"))
	if !slices.Contains(graduation.Shows, show) {
		show = graduation.Season
	}
	list, err := s.Graduations.List(r.Context(), viewerOf(r), id, show)
	return list, show, err
}

func (s *site) showGraduates(w http.ResponseWriter, r *http.Request) error {
	return s.renderGraduates(w, r, http.StatusOK, nil, nil)
}

func (s *site) renderGraduates(w http.ResponseWriter, r *http.Request, status int, sent *form, refusal error) error {
	ctx, v := r.Context(), viewerOf(r)
	list, show, err := s.openGraduates(r)
	if err != nil {
		return err
	}
	view := transfers.GraduatesView{Caption: list.Org.Name, Unknown: queryOnly(r, "tab"), MayEdit: list.MayEdit,
		Form:  ui.FormView{Action: graduatesPath(list.Org.OrgID, show), Key: newKey(), Errors: ui.ErrorsOf(ctx, refusal), Wide: true},
		Empty: ui.EmptyView{Title: ui.T(ctx, "graduations.empty."+string(show)), Text: ui.T(ctx, "graduations.empty."+string(show)+"_text")}}
	if list.More {
		view.More = ui.T(ctx, "graduations.more", "Max", graduation.MaxPeople)
	}
	for _, tab := range graduation.Shows {
		view.Tabs = append(view.Tabs, ui.Tab{Label: ui.T(ctx, "graduations.tab."+string(tab)), Href: graduatesPath(list.Org.OrgID, tab), Current: tab == show})
	}
	issues := v.MayIn(access.TransfersIssue, list.Org.Path)
	for _, row := range list.Rows {
		view.Rows = append(view.Rows, s.graduate(ctx, row, issues))
	}
	if sent != nil {
		refillGraduates(sent, &view)
	}
	page := s.pageOf(r, "graduations.title").WithErrors(view.Form.Errors).Under(cellsCrumb(ctx), ui.Crumb{Label: list.Org.Name, Href: cellPath(list.Org.OrgID)})
	return render(w, r, status, transfers.Graduates(page, view))
}

func (s *site) graduate(ctx context.Context, row graduation.Row, issues bool) transfers.Graduate {
	out := transfers.Graduate{ID: row.PersonID, Href: personPath(row.PersonID), Name: row.Name, Note: row.Class + " · " + ui.StageName(ctx, row.Stage), Graduates: typedDate(row.GraduatesOn),
		Wish: row.Wish, Keeper: row.Keeper, Contacted: typedDate(row.ContactedOn), Version: row.Version, Left: "–"}
	if !row.GraduatesOn.IsZero() {
		days := row.GraduatesOn.DaysSince(s.Today())
		out.Late, out.Left = days < 0, ui.T(ctx, "graduations.days", "Count", max(days, -days))
		if out.Late {
			out.Left = ui.T(ctx, "graduations.days_late", "Count", -days)
		}
	}
	switch {
	case row.TransferID != 0:
		out.Paper = &ui.LinkView{Href: transferPath(row.TransferID), Label: ui.T(ctx, "graduations.paper_state", "Number", row.Number, "State", ui.T(ctx, "transfers.state."+string(row.Transfer)))}
	case issues:
		out.Paper = &ui.LinkView{Href: personPath(row.PersonID) + "/transfer", Label: ui.T(ctx, "graduations.issue")}
	}
	return out
}

// refillGraduates puts back what was typed, and says of whom it was refused.
func refillGraduates(sent *form, view *transfers.GraduatesView) {
	for i := range view.Rows {
		row := &view.Rows[i]
		id := "_" + strconv.FormatInt(row.ID, 10)
		if _, shown := sent.values["v"+id]; !shown {
			continue
		}
		row.Graduates, row.Wish, row.Keeper, row.Contacted = sent.typed("graduates"+id), sent.typed("wish"+id), sent.typed("keeper"+id), sent.typed("contacted"+id)
		for j, e := range view.Form.Errors {
			if strings.HasSuffix(e.Name, id) {
				view.Form.Errors[j].Text = row.Name + ": " + e.Text
			}
		}
	}
}

// graduatesOf decodes the lines of the form: one for each person whose version was sent along.
func graduatesOf(f *form) []graduation.Row {
	var rows []graduation.Row
	for _, person := range idsTyped(f, "v_") {
		id := strconv.FormatInt(person, 10)
		version, _ := f.number("v_"+id, 0, 1<<30)
		rows = append(rows, graduation.Row{PersonID: person, Version: version, GraduatesOn: f.date("graduates_" + id), Wish: f.typed("wish_" + id),
			Keeper: f.typed("keeper_" + id), ContactedOn: f.date("contacted_" + id)})
	}
	return rows
}

func (s *site) saveGraduates(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	list, show, err := s.openGraduates(r)
	if err != nil {
		return err
	}
	in, saved := graduation.Entry{Key: f.key(), OrgID: list.Org.OrgID, Rows: graduatesOf(f)}, 0
	if err = f.err(); err == nil {
		saved, err = s.Graduations.Save(ctx, viewerOf(r), in)
	}
	if kind := fault.KindOf(err); err != nil && (kind == fault.Invalid || kind == fault.Conflict) {
		return s.renderGraduates(w, r, statusOf(err), f, err)
	}
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, "graduations.saved", "Count", saved); err != nil {
		return err
	}
	return redirect(w, r, graduatesPath(list.Org.OrgID, show))
}
