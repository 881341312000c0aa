package httpd

import (
	"context"
	"net/http"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	peoplepages "ketnap/web/people"
	"ketnap/web/ui"
)

// personFields are the fields of the form by their names, in its order.
var personFields = []string{"org", "full_name", "other_name", "birth_date", "sex", "category", "class_name", "student_no", "faculty", "education",
	"union_joined_on", "birth_place", "origin", "address", "phone", "email", "ethnicity", "religion", "personal_no", "card_no", "file_no"}

// typedPerson decodes the form and gives everything as typed.
func typedPerson(f *form) (people.Fields, map[string]string) {
	typed := map[string]string{}
	for _, name := range personFields {
		typed[name] = f.typed(name)
	}
	text := func(name string) string { return f.text(name, longText) }
	return people.Fields{OrgID: f.organisation("org"), Category: party.Category(typed["category"]), FullName: text("full_name"),
		OtherName: text("other_name"), Sex: typed["sex"], BirthDate: f.date("birth_date"), BirthPlace: text("birth_place"), Origin: text("origin"),
		Address: text("address"), Ethnicity: text("ethnicity"), Religion: text("religion"), Education: party.Education(typed["education"]),
		StudentNo: text("student_no"), ClassName: text("class_name"), Faculty: text("faculty"), UnionJoinedOn: f.date("union_joined_on"),
		Phone: text("phone"), Email: text("email"), CardNo: text("card_no"), FileNo: text("file_no"), PersonalNo: text("personal_no")}, typed
}

// shownPerson gives the stored fields as the form shows them.
func shownPerson(p people.Fields) map[string]string {
	day := func(d party.Date) string {
		if d.IsZero() {
			return ""
		}
		return d.Vietnamese()
	}
	return map[string]string{"full_name": p.FullName, "other_name": p.OtherName, "birth_date": day(p.BirthDate), "sex": p.Sex,
		"category": string(p.Category), "class_name": p.ClassName, "student_no": p.StudentNo, "faculty": p.Faculty, "education": string(p.Education),
		"union_joined_on": day(p.UnionJoinedOn), "birth_place": p.BirthPlace, "origin": p.Origin, "address": p.Address, "phone": p.Phone,
		"email": p.Email, "ethnicity": p.Ethnicity, "religion": p.Religion, "personal_no": p.PersonalNo, "card_no": p.CardNo, "file_no": p.FileNo}
}

func (s *site) showRegister(w http.ResponseWriter, r *http.Request) error {
	view := peoplepages.FormView{Form: ui.FormView{Key: newKey()}, Values: map[string]string{"org": queryText(r, "org")}}
	return s.renderRegister(w, r, http.StatusOK, view)
}

func (s *site) renderRegister(w http.ResponseWriter, r *http.Request, status int, view peoplepages.FormView) error {
	ctx, v := r.Context(), viewerOf(r)
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	for _, o := range tree.Scope(v, access.PeopleRegister) {
		if o.Kind.IsCell() {
			view.Orgs = append(view.Orgs, ui.Option{Value: orgValue(o.OrgID), Label: o.Name})
		}
	}
	if len(view.Orgs) == 1 && view.Values["org"] == "" {
		view.Values["org"] = view.Orgs[0].Value
	}
	view.Form.Action, view.Cancel = "/people/new", "/people"
	view.Title, view.Submit = ui.T(ctx, "people.new.title"), ui.T(ctx, "people.new.submit")
	view.Sensitive = v.May(access.PeopleSensitive)
	page := s.pageOf(r, "people.new.title").WithErrors(view.Form.Errors).Under(ui.Crumb{Label: ui.T(ctx, "people.title"), Href: "/people"})
	return render(w, r, status, peoplepages.Edit(page, personChoices(ctx, view)))
}

func personChoices(ctx context.Context, view peoplepages.FormView) peoplepages.FormView {
	for _, c := range party.Categories {
		view.Categories = append(view.Categories, ui.Option{Value: string(c), Label: ui.T(ctx, "category."+string(c))})
	}
	for _, x := range []string{"male", "female"} {
		view.Sexes = append(view.Sexes, ui.Option{Value: x, Label: ui.T(ctx, "people.sexes."+x)})
	}
	for _, e := range party.Educations {
		view.Educations = append(view.Educations, ui.Option{Value: string(e), Label: ui.T(ctx, "education."+string(e))})
	}
	return view
}

func (s *site) register(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	fields, typed := typedPerson(f)
	err := f.err()
	var id int64
	if err == nil {
		id, err = s.People.Register(ctx, viewerOf(r), people.Registration{Key: f.key(), Fields: fields, Confirmed: f.checked("confirmed")})
	}
	if err == nil {
		return s.personSaved(w, r, id, "people.registered", fields)
	}
	view := peoplepages.FormView{Values: typed, Form: ui.FormView{Key: f.key(), Errors: ui.ErrorsOf(ctx, err)}}
	if !s.mayRetry(ctx, err, &view) {
		return err
	}
	return s.renderRegister(w, r, statusOf(err), view)
}

// mayRetry tells whether the form is shown again, and adds what was in the way.
func (s *site) mayRetry(ctx context.Context, err error, view *peoplepages.FormView) bool {
	e := fault.As(err)
	if e == nil {
		return false
	}
	if found, ok := e.Detail.(people.Duplicates); ok {
		view.Confirm, view.Doubles = true, s.doubles(ctx, found.List)
		return true
	}
	return e.Kind == fault.Invalid
}

func (s *site) doubles(ctx context.Context, list []people.Duplicate) []peoplepages.Double {
	tree, err := s.Organisations.Snapshot(ctx)
	var out []peoplepages.Double
	for _, d := range list {
		why := ui.T(ctx, "people.duplicate.same_name")
		if d.SameNumber {
			why = ui.T(ctx, "people.duplicate.same_number")
		}
		if d.ID == 0 {
			out = append(out, peoplepages.Double{Text: ui.T(ctx, "people.duplicate.elsewhere", "Why", why)})
			continue
		}
		place := ""
		if err == nil {
			o, _ := tree.Known(d.OrgID)
			place = o.Name
		}
		out = append(out, peoplepages.Double{Href: personPath(d.ID), Text: ui.T(ctx, "people.duplicate.here", "Name", d.FullName, "Org", place, "Why", why)})
	}
	return out
}

// personSaved leads to the person's page; what in the personal number does not fit is told there.
func (s *site) personSaved(w http.ResponseWriter, r *http.Request, id int64, key string, fields people.Fields) error {
	ctx := r.Context()
	tone, text := ui.Good, ui.T(ctx, key, "Name", fields.FullName)
	for _, doubt := range people.NumberDoubts(fields) {
		tone, text = ui.Warn, text+" "+ui.T(ctx, doubt)
	}
	if err := s.flashText(w, r, tone, text); err != nil {
		return err
	}
	return redirect(w, r, personPath(id))
}

func (s *site) showEditPerson(w http.ResponseWriter, r *http.Request) error {
	record, err := s.openForEdit(r)
	if err != nil {
		return err
	}
	view := peoplepages.FormView{Values: shownPerson(record.Fields), Form: ui.FormView{Key: newKey(), Version: record.Version}}
	return s.renderEditPerson(w, r, http.StatusOK, record, view)
}

func (s *site) openForEdit(r *http.Request) (people.Record, error) {
	id, err := pathID(r, "id")
	if err != nil {
		return people.Record{}, err
	}
	record, err := s.People.OpenAgain(r.Context(), viewerOf(r), id)
	if err == nil && !record.MayEdit {
		err = errForbidden
	}
	return record, err
}

func (s *site) renderEditPerson(w http.ResponseWriter, r *http.Request, status int, record people.Record, view peoplepages.FormView) error {
	ctx := r.Context()
	path := personPath(record.ID)
	view.Form.Action, view.Cancel, view.Caption = path+"/edit", path, record.Fields.FullName
	view.Title, view.Submit = ui.T(ctx, "people.edit.title"), ui.T(ctx, "people.edit.submit")
	view.Sensitive = record.Sensitive
	page := s.pageOf(r, "people.edit.title").WithErrors(view.Form.Errors).
		Under(ui.Crumb{Label: ui.T(ctx, "people.title"), Href: "/people"}, ui.Crumb{Label: record.Fields.FullName, Href: path})
	return render(w, r, status, peoplepages.Edit(page, personChoices(ctx, view)))
}

func (s *site) editPerson(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	id, err := pathID(r, "id")
	if err != nil {
		return err
	}
	fields, typed := typedPerson(f)
	if err = f.err(); err == nil {
		err = s.People.Edit(ctx, viewerOf(r), people.Change{Key: f.key(), PersonID: id, Version: f.version(), Fields: fields, Confirmed: f.checked("confirmed")})
	}
	if err == nil {
		return s.personSaved(w, r, id, "people.saved", fields)
	}
	view := peoplepages.FormView{Values: typed, Form: ui.FormView{Key: newKey(), Version: f.version(), Errors: ui.ErrorsOf(ctx, err)}}
	again := s.mayRetry(ctx, err, &view)
	_, stale := detailOf[people.Stale](err)
	if !again && !stale {
		return err
	}
	record, openErr := s.openForEdit(r)
	if openErr != nil {
		return openErr
	}
	if stale {
		view.Form.Version, view.Stored = record.Version, differences(ctx, shownPerson(record.Fields), shownPerson(fields))
	}
	return s.renderEditPerson(w, r, statusOf(err), record, view)
}

// detailOf gives the detail of an error, where it is of a type.
func detailOf[T any](err error) (T, bool) {
	var none T
	e := fault.As(err)
	if e == nil {
		return none, false
	}
	d, ok := e.Detail.(T)
	return d, ok
}

// differences names the fields in which what is stored differs from what was typed, both written as
// the form shows them.
func differences(ctx context.Context, stored, typed map[string]string) []peoplepages.Difference {
	var out []peoplepages.Difference
	for _, name := range personFields {
		if stored[name] != people.CleanName(typed[name]) {
			out = append(out, peoplepages.Difference{Label: ui.T(ctx, "people.fields."+name), Stored: stored[name], Typed: typed[name]})
		}
	}
	return out
}
