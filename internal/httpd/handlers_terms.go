package httpd

import (
	"context"
	"fmt"
	"net/http"

	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/web/admin"
	"ketnap/web/ui"
)

func (s *site) showTerms(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := s.Organisations.Terms(ctx, viewerOf(r))
	if err != nil {
		return err
	}
	var view admin.TermsView
	for _, t := range list {
		view.Rows = append(view.Rows, admin.TermRow{Href: termPath(t.ID), Code: t.Code, Name: t.Name,
			Period: ui.T(ctx, "terms.period_value", "From", t.Starts, "Until", t.Ends)})
	}
	return render(w, r, http.StatusOK, admin.Terms(s.pageOf(r, "terms.title"), view))
}

func termPath(id int32) string { return fmt.Sprintf("/admin/terms/%d", id) }

func (s *site) showNewTerm(w http.ResponseWriter, r *http.Request) error {
	return s.renderTerm(w, r, http.StatusOK, "terms.new.title", admin.TermView{Form: ui.FormView{Action: "/admin/terms/new", Key: newKey()}})
}

func (s *site) renderTerm(w http.ResponseWriter, r *http.Request, status int, titleKey string, view admin.TermView) error {
	view.Title = ui.T(r.Context(), titleKey)
	page := s.pageOf(r, titleKey).WithErrors(view.Form.Errors).Under(ui.Crumb{Label: ui.T(r.Context(), "terms.title"), Href: "/admin/terms"})
	return render(w, r, status, admin.Term(page, view))
}

// typedTerm decodes the form and gives the view with everything as typed.
func typedTerm(r *http.Request) (organisation.TermEntry, admin.TermView, error) {
	f := formOf(r)
	entry := organisation.TermEntry{Key: f.key(), Version: f.version(), Term: party.Term{Code: f.text("code", longText), Name: f.text("name", longText),
		Starts: f.date("starts"), Ends: f.date("ends")}}
	return entry, admin.TermView{Code: f.typed("code"), Name: f.typed("name"), Starts: f.typed("starts"), Ends: f.typed("ends")}, f.err()
}

func (s *site) createTerm(w http.ResponseWriter, r *http.Request) error {
	entry, view, err := typedTerm(r)
	if err == nil {
		_, err = s.Organisations.NewTerm(r.Context(), viewerOf(r), entry)
	}
	if err == nil {
		return s.termSaved(w, r, "terms.created", entry)
	}
	if fault.KindOf(err) != fault.Invalid {
		return err
	}
	view.Form = ui.FormView{Action: "/admin/terms/new", Key: entry.Key, Errors: ui.ErrorsOf(r.Context(), err)}
	return s.renderTerm(w, r, http.StatusUnprocessableEntity, "terms.new.title", view)
}

func (s *site) termSaved(w http.ResponseWriter, r *http.Request, key string, entry organisation.TermEntry) error {
	if err := s.flash(w, r, ui.Good, key, "Code", entry.Term.Code); err != nil {
		return err
	}
	return redirect(w, r, "/admin/terms")
}

func (s *site) openTerm(r *http.Request) (organisation.Term, error) {
	id, err := pathOrganisation(r, "id") // numbered alike
	if err != nil {
		return organisation.Term{}, err
	}
	return s.Organisations.Term(r.Context(), viewerOf(r), id)
}

func (s *site) showEditTerm(w http.ResponseWriter, r *http.Request) error {
	t, err := s.openTerm(r)
	if err != nil {
		return err
	}
	view := admin.TermView{Code: t.Code, Name: t.Name, Starts: t.Starts.Vietnamese(), Ends: t.Ends.Vietnamese(),
		Form: ui.FormView{Action: termPath(t.ID), Key: newKey(), Version: t.Version}}
	return s.renderTerm(w, r, http.StatusOK, "terms.edit.title", view)
}

func (s *site) editTerm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := pathOrganisation(r, "id")
	if err != nil {
		return err
	}
	entry, view, err := typedTerm(r)
	entry.Term.ID = id
	if err == nil {
		err = s.Organisations.EditTerm(ctx, viewerOf(r), entry)
	}
	if err == nil {
		return s.termSaved(w, r, "terms.saved", entry)
	}
	kind := fault.KindOf(err)
	if kind != fault.Invalid && kind != fault.Conflict {
		return err
	}
	t, openErr := s.openTerm(r)
	if openErr != nil {
		return openErr
	}
	view.Form = ui.FormView{Action: termPath(id), Key: newKey(), Version: entry.Version, Errors: ui.ErrorsOf(ctx, err)}
	if kind == fault.Conflict {
		view.Form.Version = t.Version
		view.Stored = storedTerm(ctx, t)
	}
	return s.renderTerm(w, r, statusOf(err), "terms.edit.title", view)
}

func storedTerm(ctx context.Context, t organisation.Term) []ui.Pair {
	return []ui.Pair{
		{Label: ui.T(ctx, "terms.code"), Text: t.Code},
		{Label: ui.T(ctx, "terms.name"), Text: t.Name},
		{Label: ui.T(ctx, "terms.period"), Text: ui.T(ctx, "terms.period_value", "From", t.Starts, "Until", t.Ends)},
	}
}
