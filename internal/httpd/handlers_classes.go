package httpd

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"ketnap/internal/access"
	"ketnap/internal/class"
	"ketnap/internal/fault"
	"ketnap/internal/keyset"
	"ketnap/internal/party"
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
	after, err := keyset.Parse(r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	q := class.Query{Kind: party.ClassKind(queryText(r, "kind")), State: class.State(queryText(r, "state")), Year: int(min(queryID(r, "year"), 9999)), After: after}
	list, err := s.Classes.List(ctx, v, q)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	view := classes.ListView{Unknown: queryOnly(r, "after", "kind", "state", "year"), Filter: ui.FilterView{Action: "/classes"}}
	year := ""
	if q.Year != 0 {
		year = strconv.Itoa(q.Year)
	}
	view.Kind = ui.ChoiceField{Field: ui.Field{Name: "kind", Label: ui.T(ctx, "classes.kind_label"), Value: string(q.Kind)}, Options: classKinds(ctx), Empty: ui.T(ctx, "classes.all")}
	view.State = ui.ChoiceField{Field: ui.Field{Name: "state", Label: ui.T(ctx, "classes.state_label"), Value: string(q.State)}, Empty: ui.T(ctx, "classes.all")}
	for _, st := range class.States {
		view.State.Options = append(view.State.Options, ui.Option{Value: string(st), Label: ui.T(ctx, "classes.states."+string(st))})
	}
	view.Year = ui.Field{Name: "year", Label: ui.T(ctx, "classes.year"), Value: year, Optional: true}
	if q.Kind != "" || q.State != "" || q.Year != 0 {
		view.Filter.Reset = "/classes"
	}
	if v.May(access.PeopleRead) {
		view.RunningOut = address("/worklist", "rule", string(party.CertValid))
	}
	if v.May(access.ClassesEdit) {
		view.New = "/classes/new"
	}
	for _, c := range list.Classes {
		o, _ := tree.Known(c.OrgID)
		people := ""
		if n, ok := list.Counts[c.ID]; ok {
			people = ui.T(ctx, "classes.people_count", "Approved", n.Approved, "Waiting", n.Nominated)
		}
		view.Rows = append(view.Rows, classes.Row{State: classState(ctx, c.StateOn(s.Today())), People: people, Href: classPath(c.ID), Number: c.Number, Title: c.Title, Days: classDays(ctx, c.Fields), Place: c.Place, Org: o.Name})
	}
	view.Pager.Summary = ui.T(ctx, "classes.count", "Count", list.Count)
	if after != (class.Cursor{}) {
		view.Pager.First = "/classes"
	}
	if next := list.Next.String(); next != "" {
		view.Pager.Next = address("/classes", "after", next, "kind", string(q.Kind), "state", string(q.State), "year", year)
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
	org, _ := tree.Known(c.OrgID)
	view := classes.OneView{Number: c.Number, Title: c.Title}
	if others := c.Others(); len(others) > 0 || len(c.Members) == 0 {
		view.Seen = ui.T(ctx, "classes.seen", "Count", c.Passed, "Seen", c.PassedSeen())
	}
	if view.Title == "" {
		view.Title = ui.T(ctx, "classes.numbered", "Number", c.Number)
	}
	view.Pairs = []ui.Pair{{Label: ui.T(ctx, "classes.org"), Text: org.Name}, {Label: ui.T(ctx, "classes.days"), Text: classDays(ctx, c.Fields)},
		{Label: ui.T(ctx, "classes.place"), Text: c.Place}, {Label: ui.T(ctx, "classes.kind_label"), Text: ui.T(ctx, "classes.kinds."+string(c.Kind))},
		{Label: ui.T(ctx, "classes.state_label"), Text: classState(ctx, c.State).Text},
		{Label: ui.T(ctx, "classes.people"), Text: ui.T(ctx, "classes.people_count", "Approved", c.Counts.Approved, "Waiting", c.Counts.Nominated)},
		{Label: ui.T(ctx, "classes.pass"), Text: ui.T(ctx, "classes.pass_text", "Attendance", c.Pass.Attendance, "Mark", markText(ctx, c.Pass.Mark, true))}}
	classWork(ctx, tree, c, &view)
	if c.MayEdit && c.State != class.Closed {
		view.Edit = classPath(c.ID) + "/edit"
	}
	for _, p := range c.Others() {
		o, _ := tree.Known(p.OrgID)
		view.Results = append(view.Results, classes.Result{Href: personPath(p.PersonID), Name: p.FullName, Born: p.BirthDate, Org: o.Name, Passed: p.Passed, Grade: p.Grade})
	}
	page := s.pageOf(r, "classes.title").Titled(view.Title).Under(classesCrumb(ctx))
	return render(w, r, http.StatusOK, classes.One(page, view))
}

func (s *site) showNewClass(w http.ResponseWriter, r *http.Request) error {
	return s.renderClassForm(w, r, http.StatusOK, "classes.new.title", classes.FormView{Cancel: "/classes", Kind: string(party.AwarenessClass),
		Attendance: strconv.Itoa(party.DefaultPassRule.Attendance), PassMark: "5", Part: string(party.ClassDay), Chosen: []string{"6", "0"}, Form: ui.FormView{Action: "/classes/new", Key: newKey()}})
}

func (s *site) renderClassForm(w http.ResponseWriter, r *http.Request, status int, titleKey string, view classes.FormView) error {
	ctx := r.Context()
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	view.Title, view.Orgs = ui.T(ctx, titleKey), orgChoice(tree.Scope(viewerOf(r), access.ClassesEdit))
	view.Kinds = classKinds(ctx)
	if view.Form.Action == "/classes/new" {
		view.Weekdays, view.Parts = weekdayOptions(ctx), classParts(ctx)
	}
	page := s.pageOf(r, titleKey).WithErrors(view.Form.Errors).Under(classesCrumb(ctx))
	return render(w, r, status, classes.Edit(page, view))
}

// typedClass decodes the form and gives the view with everything as typed.
func typedClass(f *form) (class.Fields, classes.FormView) {
	fields := class.Fields{OrgID: f.organisation("org"), Number: f.text("number", longText), Title: f.text("title", longText), Starts: f.date("starts"),
		Ends: f.date("ends"), Place: f.text("place", longText)}
	fields.Kind = party.ClassKind(f.choice("kind", string(party.AwarenessClass), string(party.NewMemberClass)))
	fields.Capacity, _ = f.number("capacity", 1, class.MaxCapacity)
	fields.Pass.Attendance, _ = f.number("attendance_min", 0, 100)
	if f.typed("attendance_min") == "" {
		f.refuse("attendance_min", "errors.required")
	}
	var ok bool
	if fields.Pass.Mark, ok = parseHundredths(f.typed("pass_mark")); !ok {
		f.refuse("pass_mark", "classes.error.mark")
	}
	return fields, classes.FormView{Kind: f.typed("kind"), Capacity: f.typed("capacity"), Attendance: f.typed("attendance_min"), PassMark: f.typed("pass_mark"), Chosen: f.values["weekdays"], Part: f.typed("part"),
		Org: f.typed("org"), Number: f.typed("number"), Name: f.typed("title"), Starts: f.typed("starts"), Ends: f.typed("ends"), Place: f.typed("place")}
}

func (s *site) createClass(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	fields, view := typedClass(f)
	err := f.err()
	var id int64
	if err == nil {
		id, err = s.Classes.Create(ctx, viewerOf(r), class.Creation{Key: f.key(), Fields: fields, Weekdays: typedWeekdays(f), Part: party.ClassPart(f.typed("part"))})
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

func classKinds(ctx context.Context) (list []ui.Option) {
	for _, k := range party.ClassKinds {
		list = append(list, ui.Option{Value: string(k), Label: ui.T(ctx, "classes.kinds."+string(k))})
	}
	return list
}

func typedWeekdays(f *form) (days []time.Weekday) {
	for _, text := range f.values["weekdays"] {
		if n, err := strconv.Atoi(text); err == nil && n >= 0 && n < 7 {
			days = append(days, time.Weekday(n))
		}
	}
	return days
}

func (s *site) showEditClass(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := s.openClass(r)
	if err != nil {
		return err
	}
	if !c.MayEdit {
		return errForbidden
	}
	capacity := ""
	if c.Capacity > 0 {
		capacity = strconv.Itoa(c.Capacity)
	}
	view := classes.FormView{Cancel: classPath(c.ID), Kind: string(c.Kind), Capacity: capacity, Attendance: strconv.Itoa(c.Pass.Attendance), PassMark: markText(ctx, c.Pass.Mark, true), Org: orgValue(c.OrgID), Number: c.Number, Name: c.Title, Starts: c.Starts.Vietnamese(), Ends: c.Ends.Vietnamese(),
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
