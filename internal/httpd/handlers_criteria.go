package httpd

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"ketnap/internal/achievement"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/web/achievements"
	"ketnap/web/ui"
)

func criteriaPath(orgID int32) string { return fmt.Sprintf("/organisations/%d/criteria", orgID) }

func (s *site) criteriaOfOrg(r *http.Request) (achievement.OrgCriteria, error) {
	orgID, err := pathOrganisation(r, "id")
	if err != nil {
		return achievement.OrgCriteria{}, err
	}
	return s.Achievements.Criteria(r.Context(), viewerOf(r), orgID)
}

func (s *site) showCriteria(w http.ResponseWriter, r *http.Request) error {
	c, err := s.criteriaOfOrg(r)
	if err != nil {
		return err
	}
	v := s.formView(r.Context(), map[string]string{"from": s.Today().Vietnamese(), "study": string(c.Own.Study), "conduct": string(c.Own.Conduct)})
	if c.Own.UnionMonths > 0 {
		v.Values["union_months"] = strconv.Itoa(c.Own.UnionMonths)
	}
	v.Checked = c.Own.NeedsTitle
	return s.renderCriteria(w, r, http.StatusOK, c, v)
}

func (s *site) setCriteria(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	c, err := s.criteriaOfOrg(r)
	if err != nil {
		return err
	}
	if !c.MayEdit {
		return errForbidden
	}
	in := achievement.NewCriteria{Key: f.key(), DatedCriteria: party.DatedCriteria{OrgID: c.Org.OrgID, From: f.date("from"),
		Criteria: party.Criteria{Study: party.Rating(f.typed("study")), Conduct: party.Rating(f.typed("conduct")), NeedsTitle: f.checked("needs_title")}}}
	in.UnionMonths, _ = f.number("union_months", 0, 120)
	if err = f.err(); err == nil {
		err = s.Achievements.SetCriteria(ctx, viewerOf(r), in)
	}
	if asksAgain(err) {
		v := s.typedForm(ctx, f, err, "from", "study", "conduct", "union_months")
		v.Checked = f.checked("needs_title")
		return s.renderCriteria(w, r, statusOf(err), c, v)
	}
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, "achievements.criteria_saved"); err != nil {
		return err
	}
	return redirect(w, r, criteriaPath(c.Org.OrgID))
}

func (s *site) renderCriteria(w http.ResponseWriter, r *http.Request, status int, c achievement.OrgCriteria, form achievements.FormView) error {
	ctx := r.Context()
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	form.Form.Action, form.Cancel = criteriaPath(c.Org.OrgID), organisationPath(c.Org.OrgID)
	v := achievements.CriteriaView{FormView: form, Org: c.Org.Name, MayEdit: c.MayEdit, Today: asksOf(ctx, c.Today), Set: setRows(ctx, tree, c.Set)}
	page := s.pageOf(r, "achievements.local").WithErrors(form.Form.Errors).Under(ui.Crumb{Label: ui.T(ctx, "organisations.title"), Href: "/organisations"},
		ui.Crumb{Label: c.Org.Name, Href: organisationPath(c.Org.OrgID)})
	return render(w, r, status, achievements.Criteria(page, v))
}

func setRows(ctx context.Context, tree *organisation.Snapshot, list []party.DatedCriteria) []achievements.SetRow {
	var rows []achievements.SetRow
	for _, c := range list {
		o, _ := tree.Known(c.OrgID)
		asks := strings.Join(asksOf(ctx, c.Criteria), "; ")
		if asks == "" {
			asks = ui.T(ctx, "achievements.asks.nothing")
		}
		rows = append(rows, achievements.SetRow{Org: o.Name, From: ui.Date(ctx, c.From), Asks: asks})
	}
	return rows
}
