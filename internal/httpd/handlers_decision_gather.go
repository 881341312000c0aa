package httpd

import (
	"net/http"

	"ketnap/internal/decision"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/web/decisions"
	"ketnap/web/ui"
)

func (s *site) showGather(w http.ResponseWriter, r *http.Request) error {
	today := s.Today()
	view := decisions.FormView{Form: ui.FormView{Key: newKey()},
		Values: map[string]string{"from": party.NewDate(today.Year, 1, 1).Vietnamese(), "until": today.Vietnamese()}}
	return s.renderGather(w, r, http.StatusOK, view)
}

func (s *site) renderGather(w http.ResponseWriter, r *http.Request, status int, view decisions.FormView) error {
	ctx := r.Context()
	issuers, err := s.Decisions.Issuers(ctx, viewerOf(r))
	if err != nil {
		return err
	}
	if len(issuers) == 0 {
		return errForbidden
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	view.Filter.Orgs = issuerChoice(tree, issuers)
	if len(view.Filter.Orgs) < 2 {
		view.Form.Hidden = []ui.Hidden{{Name: "org", Value: orgValue(issuers[0])}}
	}
	view.Title, view.Lead, view.Submit = ui.T(ctx, "decisions.gather.title"), ui.T(ctx, "decisions.gather.lead"), ui.T(ctx, "decisions.gather.submit")
	view.Form.Action, view.Cancel = "/decisions/gather", "/decisions"
	page := s.pageOf(r, "decisions.gather.title").WithErrors(view.Form.Errors).Under(decisionsCrumb(ctx))
	return render(w, r, status, decisions.Gather(page, view))
}

func (s *site) gatherDecisions(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	in := decision.Gathering{Key: f.key(), OrgID: f.organisation("org"), From: f.requiredDate("from"), Until: f.requiredDate("until")}
	err := f.err()
	var done decision.Gathered
	if err == nil {
		done, err = s.Decisions.Gather(ctx, viewerOf(r), in)
	}
	if fault.KindOf(err) == fault.Invalid {
		return s.renderGather(w, r, http.StatusUnprocessableEntity, decisions.FormView{Values: typedStep(f),
			Form: ui.FormView{Key: f.key(), Errors: ui.ErrorsOf(ctx, err)}})
	}
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, "decisions.gather.done", "Decisions", done.Decisions, "Count", done.People, "Left", done.Left); err != nil {
		return err
	}
	return redirect(w, r, "/decisions")
}
