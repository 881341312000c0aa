package httpd

import (
	"context"
	"fmt"
	"net/http"

	"ketnap/internal/access"
	"ketnap/internal/class"
	"ketnap/internal/fault"
	"ketnap/web/classes"
	"ketnap/web/ui"
)

func classPath(id int64) string { return fmt.Sprintf("/classes/%d", id) }

func classDays(ctx context.Context, f class.Fields) string {
	if f.Starts == f.Ends {
		return ui.Date(ctx, f.Starts)
	}
	return ui.Date(ctx, f.Starts) + " – " + ui.Date(ctx, f.Ends)
}

func (s *site) showClasses(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	after, err := class.ParseCursor(r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	list, err := s.Classes.List(ctx, v, class.Query{After: after})
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	view := classes.ListView{Unknown: queryOnly(r, "after")}
	if v.May(access.ClassesEdit) {
		view.New = "/classes/new"
	}
	for _, c := range list.Classes {
		o, _ := tree.Of(c.OrgID)
		view.Rows = append(view.Rows, classes.Row{Href: classPath(c.ID), Number: c.Number, Title: c.Title, Days: classDays(ctx, c.Fields), Place: c.Place, Org: o.Name})
	}
	view.Pager.Summary = ui.T(ctx, "classes.count", "Count", list.Count)
	if after != (class.Cursor{}) {
		view.Pager.First = "/classes"
	}
	if next := list.Next.String(); next != "" {
		view.Pager.Next = address("/classes", "after", next)
	}
	return render(w, r, http.StatusOK, classes.List(s.pageOf(r, "classes.title"), view))
}

func (s *site) openClass(r *http.Request) (class.Opened, error) {
	id, err := pathID(r, "id")
	if err != nil {
		return class.Opened{}, err
	}
	return s.Classes.Get(r.Context(), viewerOf(r), id)
}

func classesCrumb(ctx context.Context) ui.Crumb {
	return ui.Crumb{Label: ui.T(ctx, "classes.title"), Href: "/classes"}
}

func (s *site) showClass(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := s.openClass(r)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	org, _ := tree.Of(c.OrgID)
	view := classes.OneView{Number: c.Number, Title: c.Title, Seen: ui.T(ctx, "classes.seen", "Count", c.Passed, "Seen", c.PassedSeen())}
	if view.Title == "" {
		view.Title = ui.T(ctx, "classes.numbered", "Number", c.Number)
	}
	view.Pairs = []ui.Pair{{Label: ui.T(ctx, "classes.org"), Text: org.Name}, {Label: ui.T(ctx, "classes.days"), Text: classDays(ctx, c.Fields)},
		{Label: ui.T(ctx, "classes.place"), Text: c.Place}}
	if c.MayEdit {
		view.Edit = classPath(c.ID) + "/edit"
	}
	for _, p := range c.Roster {
		o, _ := tree.Of(p.OrgID)
		view.Results = append(view.Results, classes.Result{Href: personPath(p.PersonID), Name: p.FullName, Born: p.BirthDate, Org: o.Name, Passed: p.Passed, Grade: p.Grade})
	}
	page := s.pageOf(r, "classes.title").Titled(view.Title).Under(classesCrumb(ctx))
	return render(w, r, http.StatusOK, classes.One(page, view))
}

func (s *site) showNewClass(w http.ResponseWriter, r *http.Request) error {
	return s.renderClassForm(w, r, http.StatusOK, "classes.new.title", classes.FormView{Cancel: "/classes", Form: ui.FormView{Action: "/classes/new", Key: newKey()}})
}

func (s *site) renderClassForm(w http.ResponseWriter, r *http.Request, status int, titleKey string, view classes.FormView) error {
	ctx := r.Context()
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	view.Title, view.Orgs = ui.T(ctx, titleKey), orgChoice(tree.Scope(viewerOf(r), access.ClassesEdit))
	page := s.pageOf(r, titleKey).WithErrors(view.Form.Errors).Under(classesCrumb(ctx))
	return render(w, r, status, classes.Edit(page, view))
}

// typedClass decodes the form and gives the view with everything as typed.
func typedClass(f *form) (class.Fields, classes.FormView) {
	fields := class.Fields{OrgID: f.organisation("org"), Number: f.text("number", longText), Title: f.text("title", longText), Starts: f.date("starts"),
		Ends: f.date("ends"), Place: f.text("place", longText)}
	return fields, classes.FormView{Org: f.typed("org"), Number: f.typed("number"), Name: f.typed("title"), Starts: f.typed("starts"), Ends: f.typed("ends"), Place: f.typed("place")}
}

func (s *site) createClass(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	fields, view := typedClass(f)
	err := f.err()
	var id int64
	if err == nil {
		id, err = s.Classes.Create(ctx, viewerOf(r), class.Creation{Key: f.key(), Fields: fields})
	}
	if err != nil && fault.KindOf(err) == fault.Invalid {
		view.Cancel, view.Form = "/classes", ui.FormView{Action: "/classes/new", Key: f.key(), Errors: ui.ErrorsOf(ctx, err)}
		return s.renderClassForm(w, r, http.StatusUnprocessableEntity, "classes.new.title", view)
	}
	return s.classSaved(w, r, id, err)
}

func (s *site) classSaved(w http.ResponseWriter, r *http.Request, id int64, err error) error {
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, "classes.saved"); err != nil {
		return err
	}
	return redirect(w, r, classPath(id))
}

func (s *site) showEditClass(w http.ResponseWriter, r *http.Request) error {
	c, err := s.openClass(r)
	if err != nil {
		return err
	}
	if !c.MayEdit {
		return errForbidden
	}
	view := classes.FormView{Cancel: classPath(c.ID), Org: orgValue(c.OrgID), Number: c.Number, Name: c.Title, Starts: c.Starts.Vietnamese(), Ends: c.Ends.Vietnamese(),
		Place: c.Place, Form: ui.FormView{Action: classPath(c.ID) + "/edit", Key: newKey(), Version: c.Version}}
	return s.renderClassForm(w, r, http.StatusOK, "classes.edit.title", view)
}

func (s *site) editClass(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	id, err := pathID(r, "id")
	if err != nil {
		return err
	}
	fields, view := typedClass(f)
	if err = f.err(); err == nil {
		err = s.Classes.Edit(ctx, viewerOf(r), class.Change{Key: f.key(), ID: id, Version: f.version(), Fields: fields})
	}
	kind := fault.KindOf(err)
	if err == nil || kind != fault.Invalid && kind != fault.Conflict {
		return s.classSaved(w, r, id, err)
	}
	c, openErr := s.openClass(r)
	if openErr != nil {
		return openErr
	}
	view.Cancel, view.Form = classPath(id), ui.FormView{Action: classPath(id) + "/edit", Key: newKey(), Version: f.version(), Errors: ui.ErrorsOf(ctx, err)}
	if kind == fault.Conflict {
		view.Form.Version = c.Version
		view.Stored = []ui.Pair{{Label: ui.T(ctx, "classes.number"), Text: c.Number}, {Label: ui.T(ctx, "classes.name"), Text: c.Title},
			{Label: ui.T(ctx, "classes.days"), Text: classDays(ctx, c.Fields)}, {Label: ui.T(ctx, "classes.place"), Text: c.Place}}
	}
	return s.renderClassForm(w, r, statusOf(err), "classes.edit.title", view)
}
