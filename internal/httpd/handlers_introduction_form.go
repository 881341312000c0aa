package httpd

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/introduction"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/web/introductions"
	"ketnap/web/ui"
)

const (
	// pastedText bounds a pasted list, in characters.
	pastedText = 60_000
	// otherPerson is the choice that somebody of the same name and birth date is another person.
	otherPerson = "other"
)

func (s *site) showNewIntroduction(w http.ResponseWriter, r *http.Request) error {
	return s.renderIntroductionForm(w, r, http.StatusOK, introductions.FormView{Org: queryText(r, "org")})
}

func (s *site) showAddToIntroduction(w http.ResponseWriter, r *http.Request) error {
	in, err := s.openIntroduction(r)
	if err != nil {
		return err
	}
	if !in.MayAdd {
		return errForbidden
	}
	view := introductions.FormView{}
	if err := s.addingTo(r.Context(), &view, in.Introduction); err != nil {
		return err
	}
	return s.renderIntroductionForm(w, r, http.StatusOK, view)
}

// addingTo makes the form one that adds names to a resolution that was entered.
func (s *site) addingTo(ctx context.Context, view *introductions.FormView, in introduction.Introduction) error {
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	org, _ := tree.Known(in.OrgID)
	view.Form.Hidden, view.Cancel = []ui.Hidden{{Name: "introduction", Value: strconv.FormatInt(in.ID, 10)}}, introductionPath(in.ID)
	view.Known = []ui.Pair{{Label: ui.T(ctx, "introductions.union"), Text: in.Union}, {Label: ui.T(ctx, "introductions.number"), Text: in.Number},
		{Label: ui.T(ctx, "introductions.on"), Text: ui.Date(ctx, in.On)}, {Label: ui.T(ctx, "introductions.cell"), Text: org.Name}}
	return nil
}

// renderIntroductionForm shows the first page, where the list is pasted, or the second, line by line.
func (s *site) renderIntroductionForm(w http.ResponseWriter, r *http.Request, status int, view introductions.FormView) error {
	ctx := r.Context()
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	for _, o := range tree.Scope(viewerOf(r), access.IntroductionsEnter) {
		if o.Kind.IsCell() && len(view.Orgs) < mostChoices {
			view.Orgs = append(view.Orgs, ui.Option{Value: orgValue(o.OrgID), Label: o.Name})
		}
	}
	if len(view.Orgs) == 1 && view.Org == "" {
		view.Org = view.Orgs[0].Value
	}
	titleKey, page := "introductions.new.title", introductions.New
	view.Lead, view.Form.Action = ui.T(ctx, "introductions.new.lead"), "/introductions/check"
	if len(view.Lines) > 0 {
		titleKey, page = "introductions.lines.title", introductions.Lines
		view.Lead = ui.T(ctx, "introductions.lines.lead", "Count", len(view.Lines))
		view.Form.Action, view.Form.Wide = "/introductions/new", true
		if view.Form.Key == "" {
			view.Form.Key = newKey()
		}
	}
	if view.Title = ui.T(ctx, titleKey); view.Cancel == "" {
		view.Cancel = "/introductions"
	}
	return render(w, r, status, page(s.pageOf(r, titleKey).WithErrors(view.Form.Errors).Under(introductionsCrumb(ctx)), view))
}

// typedIntroduction decodes the resolution and gives the view with everything as typed.
func (s *site) typedIntroduction(r *http.Request, f *form) (introduction.Entry, introductions.FormView, error) {
	entry := introduction.Entry{Key: f.key(), ID: f.id("introduction"), KeepGood: f.checked("keep")}
	view := introductions.FormView{Org: f.typed("org"), Union: f.typed("union"), Number: f.typed("number"), On: f.typed("on"), Note: f.typed("note"), Kept: entry.KeepGood}
	if entry.ID != 0 {
		in, err := s.Introductions.Get(r.Context(), viewerOf(r), entry.ID)
		if err != nil {
			return entry, view, err
		}
		return entry, view, s.addingTo(r.Context(), &view, in.Introduction)
	}
	entry.Fields = introduction.Fields{OrgID: f.organisation("org"), Union: f.text("union", longText), Number: f.text("number", longText), On: f.date("on"), Note: f.text("note", longText)}
	return entry, view, nil
}

// checkIntroduction reads the pasted list and shows it line by line.
func (s *site) checkIntroduction(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	entry, view, err := s.typedIntroduction(r, f)
	if err != nil {
		return err
	}
	view.Pasted = f.typed("pasted")
	list, tooMany := introduction.ParseLines(f.text("pasted", pastedText))
	switch {
	case tooMany:
		f.refuse("pasted", "introductions.error.lines", "Max", introduction.MaxLines)
	case len(list) == 0:
		f.refuse("pasted", "introductions.error.no_lines")
	}
	if entry.ID == 0 {
		f.refused = append(f.refused, s.Introductions.Problems(entry.Fields)...)
	}
	if err := f.err(); err != nil {
		view.Form.Errors = ui.ErrorsOf(ctx, err)
		return s.renderIntroductionForm(w, r, http.StatusUnprocessableEntity, view)
	}
	for i, raw := range list {
		view.Lines = append(view.Lines, introductions.LineView{Nr: i, Name: raw.Name, Born: raw.Born, Sex: raw.Sex, Class: raw.ClassName, StudentNo: raw.StudentNo, Union: raw.UnionDate})
	}
	return s.renderLines(w, r, http.StatusOK, view, f)
}

// renderLines adds to each line who in the register may be that person.
func (s *site) renderLines(w http.ResponseWriter, r *http.Request, status int, view introductions.FormView, f *form) error {
	ctx := r.Context()
	names, born := make([]string, len(view.Lines)), make([]party.Date, len(view.Lines))
	for i, l := range view.Lines {
		names[i] = people.CleanName(l.Name)
		born[i], _ = party.ParseDate(l.Born)
	}
	found, err := s.People.Namesakes(ctx, viewerOf(r), names, born)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	for i := range view.Lines {
		l := &view.Lines[i]
		for _, d := range found[i] {
			if d.ID != 0 {
				o, _ := tree.Known(d.OrgID)
				l.Choices = append(l.Choices, ui.Option{Value: strconv.FormatInt(d.ID, 10), Label: ui.T(ctx, "introductions.known", "Name", d.FullName, "Org", o.Name)})
			}
		}
		if len(found[i]) > 0 {
			l.Choices = append(l.Choices, ui.Option{Value: otherPerson, Label: ui.T(ctx, "introductions.another")})
		}
	}
	return s.renderIntroductionForm(w, r, status, view)
}

// typedLines decodes the lines of the second page: those whose fields came, each refused on its own.
func typedLines(f *form) ([]introduction.Line, []introductions.LineView) {
	var lines []introduction.Line
	var views []introductions.LineView
	for nr := range introduction.MaxLines {
		name := func(part string) string { return introductions.Field(nr, part) }
		if !f.values.Has(name("name")) {
			continue
		}
		one := &form{values: f.values}
		l := introduction.Line{Name: one.text(name("name"), longText), Born: one.date(name("born")), Sex: f.typed(name("sex")), ClassName: one.text(name("class"), longText),
			StudentNo: one.text(name("student_no"), longText), UnionDate: one.date(name("union")), Other: f.typed(name("known")) == otherPerson}
		if !l.Other {
			l.PersonID = one.id(name("known"))
		}
		l.Bad = one.refused
		lines = append(lines, l)
		views = append(views, introductions.LineView{Nr: nr, Name: f.typed(name("name")), Born: f.typed(name("born")), Sex: f.typed(name("sex")), Class: f.typed(name("class")),
			StudentNo: f.typed(name("student_no")), Union: f.typed(name("union")), Known: f.typed(name("known"))})
	}
	return lines, views
}

func (s *site) enterIntroduction(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	entry, view, err := s.typedIntroduction(r, f)
	if err != nil {
		return err
	}
	entry.Lines, view.Lines = typedLines(f)
	var done introduction.Entered
	if err = f.err(); err == nil {
		done, err = s.Introductions.Enter(ctx, viewerOf(r), entry)
	}
	if err != nil {
		return s.introductionRefused(w, r, f, view, err)
	}
	if err := s.flash(w, r, ui.Good, "introductions.saved", "Count", done.Done); err != nil {
		return err
	}
	if left := refusedLines(done); len(left) > 0 {
		return s.showLeftLines(w, r, f, view, done, left)
	}
	return redirect(w, r, introductionPath(done.ID))
}

func refusedLines(done introduction.Entered) (left []int) {
	for i, l := range done.Lines {
		if l.Err != nil {
			left = append(left, i)
		}
	}
	return left
}

// showLeftLines shows the lines that were not kept, to be mended and added to the same resolution.
func (s *site) showLeftLines(w http.ResponseWriter, r *http.Request, f *form, view introductions.FormView, done introduction.Entered, left []int) error {
	ctx := r.Context()
	in, err := s.Introductions.Get(ctx, viewerOf(r), done.ID)
	if err != nil {
		return err
	}
	if err := s.addingTo(ctx, &view, in.Introduction); err != nil {
		return err
	}
	markLines(ctx, &view, done.Lines)
	all := view.Lines
	view.Lines, view.Keep, view.Form.Key = nil, true, newKey()
	for _, i := range left {
		view.Lines = append(view.Lines, all[i])
	}
	return s.renderLines(w, r, http.StatusUnprocessableEntity, view, f)
}

// introductionRefused shows the form again with everything as typed and each refusal beside its field.
func (s *site) introductionRefused(w http.ResponseWriter, r *http.Request, f *form, view introductions.FormView, err error) error {
	ctx := r.Context()
	if done, ok := detailOf[introduction.Entered](err); ok {
		markLines(ctx, &view, done.Lines)
		view.Keep = slices.ContainsFunc(done.Lines, func(l introduction.LineResult) bool { return l.Err == nil })
	} else if view.Form.Errors = ui.ErrorsOf(ctx, err); len(view.Form.Errors) == 0 {
		return err
	}
	view.Form.Key = f.key()
	if len(view.Lines) == 0 {
		return s.renderIntroductionForm(w, r, statusOf(err), view)
	}
	return s.renderLines(w, r, statusOf(err), view, f)
}

// markLines puts the refusal of each line beside its field, and in the summary with its name.
func markLines(ctx context.Context, view *introductions.FormView, results []introduction.LineResult) {
	for i, res := range results {
		e := fault.As(res.Err)
		if e == nil || i >= len(view.Lines) {
			continue
		}
		l := &view.Lines[i]
		mark := func(name, text string) {
			if view.Form.Errors.For(name) != "" { // what could not be read is not also missing
				return
			}
			view.Form.Errors = append(view.Form.Errors, ui.FieldError{Name: name, Text: ui.T(ctx, "introductions.error.line", "Nr", l.Nr+1, "Name", l.Name, "Why", text)})
		}
		for _, bad := range e.Fields {
			mark(lineField(l.Nr, bad.Name), ui.T(ctx, bad.Key, bad.Args...))
		}
		if _, doubles := e.Detail.(people.Duplicates); doubles {
			mark(introductions.Field(l.Nr, "known"), ui.T(ctx, "introductions.error.double"))
		} else if len(e.Fields) == 0 {
			mark(introductions.Field(l.Nr, "name"), whyRefused(ctx, res.Err))
		}
	}
}

// lineField gives the field of a line that a refused field of a person stands in.
func lineField(nr int, name string) string {
	switch name {
	case "full_name":
		name = "name"
	case "birth_date":
		name = "born"
	case "class_name":
		name = "class"
	case "union_joined_on":
		name = "union"
	case "sex", "student_no":
	default:
		if len(name) > 4 && name[:4] == "line" {
			return name // refused while it was decoded
		}
		name = "name"
	}
	return introductions.Field(nr, name)
}
