package httpd

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/class"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/web/classes"
	"ketnap/web/ui"
)

func classCaption(ctx context.Context, c class.Class) string {
	return ui.T(ctx, "classes.numbered", "Number", c.Number)
}

func (s *site) workPage(r *http.Request, c class.Class, titleKey string, v classes.WorkView) ui.Page {
	ctx := r.Context()
	return s.pageOf(r, titleKey).Titled(v.Title).WithErrors(v.Form.Errors).Under(classesCrumb(ctx), ui.Crumb{Label: classCaption(ctx, c), Href: classPath(c.ID)})
}

// classDone leaves the words of what was done and goes back to the class.
func (s *site) classDone(w http.ResponseWriter, r *http.Request, path, key string, args ...any) error {
	if err := s.flash(w, r, ui.Good, key, args...); err != nil {
		return err
	}
	return redirect(w, r, path)
}

func (s *site) showNominate(w http.ResponseWriter, r *http.Request) error {
	c, err := s.openClass(r)
	if err != nil {
		return err
	}
	v := classes.WorkView{Form: ui.FormView{Key: newKey()}, Values: map[string]string{"on": s.Today().Vietnamese()}}
	v.All = queryText(r, "all") != ""
	return s.renderNominate(w, r, http.StatusOK, c, organisationOf(r.URL.Query().Get("org")), nil, v, nil)
}

// renderNominate shows whom one can send, each with what speaks against it.
func (s *site) renderNominate(w http.ResponseWriter, r *http.Request, status int, c class.Opened, orgID int32, chosen []int64, v classes.WorkView, refusal error) error {
	ctx := r.Context()
	if !c.MayNominate {
		return errForbidden
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	orgs, _ := tree.Choice(viewerOf(r), access.ClassesNominate, orgID, mostChoices)
	for _, o := range orgs {
		if !c.Nominates(viewerOf(r), o) {
			continue
		}
		if orgID == 0 {
			orgID = o.OrgID
		}
		v.Orgs = append(v.Orgs, ui.Option{Value: orgValue(o.OrgID), Label: o.Name})
	}
	list, more, err := s.Classes.Nominees(ctx, viewerOf(r), class.Ask{ClassID: c.ID, OrgID: orgID, Chosen: chosen})
	if err != nil {
		return err
	}
	v.Caption, v.Title, v.Lead, v.Org = classCaption(ctx, c.Class), ui.T(ctx, "classes.nominate.title"), ui.T(ctx, "classes.nominate.lead"), orgValue(orgID)
	v.EmptyTitle, v.EmptyText, v.Cancel = ui.T(ctx, "classes.nominate.nobody"), ui.T(ctx, "classes.nominate.nobody_text"), classPath(c.ID)
	v.Pick = ui.PickView{Name: "people", Label: ui.T(ctx, "classes.nominate.who"), Columns: columnsOf(ctx, "people.name", "classes.nominate.stage", "classes.nominate.says")}
	if more {
		v.More = ui.T(ctx, "classes.nominate.more", "Max", class.MostNominees)
	}
	known, err := s.Classes.Lookup(ctx, viewerOf(r), takenClasses(list)...)
	if err != nil {
		return err
	}
	for _, n := range list {
		row := pickRow(ctx, tree, n.Case)
		row.Cells = []ui.PickCell{{Text: ui.StageName(ctx, n.State().Stage)}}
		row.Says, row.Chosen = unmetOf(ctx, n.ID, n.Verdict), slices.Contains(chosen, n.ID)
		if n.Taken != nil {
			o, _ := tree.Known(n.Taken.OrgID)
			row.Closed, row.Says = true, []ui.Condition{{State: ui.NotMet, Text: takenText(ctx, *n.Taken, known, o.Name)}}
		} else if n.Had {
			row.Closed, row.Says = true, []ui.Condition{{State: ui.NotMet, Text: ui.T(ctx, "classes.error.passed_already")}}
		}
		row.Chosen = row.Chosen || v.All && !row.Closed && n.Verdict.Passes()
		v.Pick.Rows = append(v.Pick.Rows, row)
	}
	v.PickAll = ui.LinkView{Label: ui.T(ctx, "classes.nominate.all"), Href: address(classPath(c.ID)+"/nominate", "org", v.Org, "all", "1")}
	v.Form.Errors = batchErrors(ctx, refusal, v.Pick.Rows)
	markRefused(ctx, refusal, v.Pick.Rows)
	v.Pick.Error, v.KeepLabel = v.Form.Errors.For("people"), ui.T(ctx, "classes.nominate.keep")
	v.Form.Action, v.Form.Wide, v.Form.Hidden = classPath(c.ID)+"/nominate", true, []ui.Hidden{{Name: "org", Value: v.Org}}
	return render(w, r, status, classes.Nominate(s.workPage(r, c.Class, "classes.nominate.title", v), v))
}

func takenClasses(list []class.Nominee) (ids []int64) {
	for _, n := range list {
		if n.Taken != nil && n.Taken.ClassID != 0 {
			ids = append(ids, n.Taken.ClassID)
		}
	}
	return ids
}

// takenText tells in which class somebody is, as far as the reader may know.
func takenText(ctx context.Context, t class.OpenClass, known map[int64]class.Class, org string) string {
	c, ok := known[t.ClassID]
	switch {
	case !ok:
		return ui.T(ctx, "classes.error.in_open_class", "On", t.On)
	case org == "":
		return ui.T(ctx, "classes.error.in_class", "Number", c.Number, "On", t.On)
	}
	return ui.T(ctx, "classes.error.in_class_by", "Number", c.Number, "Org", org, "On", t.On)
}

func (s *site) nominate(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	c, err := s.openClass(r)
	if err != nil {
		return err
	}
	in := class.Nomination{Key: f.key(), ClassID: c.ID, People: f.people("people"), On: f.date("on"), KeepGood: f.checked("keep")}
	var done people.BatchResult
	if err = f.err(); err == nil {
		done, err = s.Classes.Nominate(ctx, viewerOf(r), in)
	}
	if fault.KindOf(err) == fault.Invalid {
		_, rows := detailOf[people.BatchResult](err)
		v := classes.WorkView{Form: ui.FormView{Key: f.key()}, Values: map[string]string{"on": f.typed("on")}, OfferKeep: rows, Keep: in.KeepGood}
		return s.renderNominate(w, r, http.StatusUnprocessableEntity, c, organisationOf(f.typed("org")), in.People, v, err)
	}
	if err != nil {
		return err
	}
	return s.classDone(w, r, classPath(c.ID), "classes.nominate.done", "Count", done.Done)
}

// editableClass gives a class that the viewer organises and that is not closed.
func (s *site) editableClass(r *http.Request) (class.Opened, error) {
	c, err := s.openClass(r)
	switch {
	case err != nil:
		return c, err
	case !c.MayEdit:
		return c, errForbidden
	case c.State == class.Closed:
		return c, fault.NewConflict("classes.error.closed")
	}
	return c, nil
}

func (s *site) showApproval(w http.ResponseWriter, r *http.Request) error {
	c, err := s.editableClass(r)
	if err != nil {
		return err
	}
	return s.renderApproval(w, r, http.StatusOK, c, nil, classes.WorkView{Form: ui.FormView{Key: newKey()}, All: queryText(r, "all") != ""}, nil)
}

func (s *site) renderApproval(w http.ResponseWriter, r *http.Request, status int, c class.Opened, chosen []int64, v classes.WorkView, refusal error) error {
	ctx := r.Context()
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	capacity := ui.T(ctx, "classes.no_limit")
	if c.Capacity > 0 {
		capacity = strconv.Itoa(c.Capacity)
	}
	v.Caption, v.Title, v.Lead = classCaption(ctx, c.Class), ui.T(ctx, "classes.approval.title"), ui.T(ctx, "classes.approval.lead", "Approved", c.Counts.Approved, "Capacity", capacity)
	v.EmptyTitle, v.EmptyText, v.Cancel = ui.T(ctx, "classes.approval.nobody"), ui.T(ctx, "classes.approval.nobody_text"), classPath(c.ID)
	v.Pick = ui.PickView{Name: "people", Label: ui.T(ctx, "classes.approval.who"), Columns: columnsOf(ctx, "people.name", "classes.approval.by", "classes.nominate.on", "classes.nominate.says")}
	for _, m := range c.Members {
		if m.State != class.Nominated {
			continue
		}
		org, _ := tree.Known(m.NominatedBy)
		v.Pick.Rows = append(v.Pick.Rows, ui.PickRow{Value: strconv.FormatInt(m.PersonID, 10), Label: m.FullName, Note: ui.Date(ctx, m.BirthDate),
			Cells: []ui.PickCell{{Text: org.Name}, {Text: ui.Date(ctx, m.NominatedOn)}}, Chosen: v.All || slices.Contains(chosen, m.PersonID)})
	}
	v.PickAll = ui.LinkView{Label: ui.T(ctx, "classes.approval.all"), Href: address(classPath(c.ID)+"/approval", "all", "1")}
	v.Form.Errors = batchErrors(ctx, refusal, v.Pick.Rows)
	markRefused(ctx, refusal, v.Pick.Rows)
	v.Pick.Error, v.KeepLabel = v.Form.Errors.For("people"), ui.T(ctx, "classes.approval.keep")
	v.Form.Action, v.Form.Wide = classPath(c.ID)+"/approval", true
	return render(w, r, status, classes.Approval(s.workPage(r, c.Class, "classes.approval.title", v), v))
}

func (s *site) answerNominations(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	c, err := s.editableClass(r)
	if err != nil {
		return err
	}
	in := class.Answer{Key: f.key(), ClassID: c.ID, People: f.people("people"), Approve: f.typed("do") == "approve", Reason: f.text("reason", maxWhy), KeepGood: f.checked("keep")}
	var done people.BatchResult
	if err = f.err(); err == nil {
		done, err = s.Classes.Answer(ctx, viewerOf(r), in)
	}
	if fault.KindOf(err) == fault.Invalid {
		_, rows := detailOf[people.BatchResult](err)
		v := classes.WorkView{Form: ui.FormView{Key: f.key()}, Values: map[string]string{"reason": f.typed("reason")}, OfferKeep: rows, Keep: in.KeepGood}
		return s.renderApproval(w, r, http.StatusUnprocessableEntity, c, in.People, v, err)
	}
	if err != nil {
		return err
	}
	key := "classes.approval.refused"
	if in.Approve {
		key = "classes.approval.done"
	}
	return s.classDone(w, r, classPath(c.ID), key, "Count", done.Done)
}

func sheetPath(c class.Class, session int64) string {
	return fmt.Sprintf("%s/attendance/%d", classPath(c.ID), session)
}

func (s *site) openAttendance(r *http.Request) (class.Sheet, error) {
	id, err := pathID(r, "id")
	if err != nil {
		return class.Sheet{}, err
	}
	session, err := pathID(r, "session")
	if err != nil {
		return class.Sheet{}, err
	}
	return s.Classes.Sheet(r.Context(), viewerOf(r), id, session)
}

func (s *site) showAttendance(w http.ResponseWriter, r *http.Request) error {
	sh, err := s.openAttendance(r)
	if err != nil {
		return err
	}
	return s.renderAttendance(w, r, http.StatusOK, sh, nil, nil)
}

// renderAttendance shows a sheet; said is what was sent of it, refusal why it came back.
func (s *site) renderAttendance(w http.ResponseWriter, r *http.Request, status int, sh class.Sheet, said map[int64]class.Attended, refusal error) error {
	ctx := r.Context()
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	v := classes.WorkView{Form: ui.FormView{Action: sheetPath(sh.Class, sh.Session.ID), Key: newKey(), Version: sh.Session.Version, Wide: true, Errors: ui.ErrorsOf(ctx, refusal)},
		Caption: classCaption(ctx, sh.Class), Title: ui.T(ctx, "classes.sheet.title", "Day", sh.Session.Day), MayEdit: sh.MayEdit, Cancel: classPath(sh.Class.ID),
		EmptyTitle: ui.T(ctx, "classes.sheet.nobody"), EmptyText: ui.T(ctx, "classes.approval.nobody_text")}
	v.Print = sheetPath(sh.Class, sh.Session.ID) + "/paper"
	if sh.MayEdit {
		v.Lead = ui.T(ctx, "classes.sheet.lead")
	}
	if fault.KindOf(refusal) == fault.Conflict {
		v.Stored = textOf(ctx, refusal)
	}
	for _, a := range class.Attendances {
		v.Attended = append(v.Attended, ui.Option{Value: string(a), Label: ui.T(ctx, "classes.sheet."+string(a))})
	}
	for _, o := range sh.Others {
		v.Tabs = append(v.Tabs, ui.Tab{Label: sessionName(ctx, o), Href: sheetPath(sh.Class, o.ID), Current: o.ID == sh.Session.ID})
	}
	for _, row := range sh.Rows {
		o, _ := tree.Known(row.OrgID)
		out := classes.WorkRow{ID: row.PersonID, Name: row.FullName, Href: personPath(row.PersonID), Org: o.Name, Attended: string(row.Attended), Result: string(row.Result)}
		if sh.MayEdit && out.Attended == "" {
			out.Attended = string(class.Present)
		}
		if a, ok := said[row.PersonID]; ok {
			out.Attended = string(a)
		}
		out.Errors = map[string]string{"at": v.Form.Errors.For(fmt.Sprintf("at_%d", row.PersonID))}
		v.Rows = append(v.Rows, out)
	}
	return render(w, r, status, classes.Sheet(s.workPage(r, sh.Class, "classes.sheet.save", v), v))
}

func sessionName(ctx context.Context, o class.Session) string {
	return ui.Date(ctx, o.Day) + " " + strings.ToLower(ui.T(ctx, "classes.parts."+string(o.Part)))
}

func (s *site) saveAttendance(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	sh, err := s.openAttendance(r)
	if err != nil {
		return err
	}
	said := map[int64]class.Attended{}
	for name := range f.values {
		if id, ok := strings.CutPrefix(name, "at_"); ok {
			if n, err := strconv.ParseInt(id, 10, 64); err == nil {
				said[n] = class.Attended(f.typed(name))
			}
		}
	}
	n, err := s.Classes.SaveSheet(ctx, viewerOf(r), class.SheetEntry{Key: f.key(), ClassID: sh.Class.ID, SessionID: sh.Session.ID, Version: f.version(), States: said})
	if kind := fault.KindOf(err); err != nil && (kind == fault.Invalid || kind == fault.Conflict) {
		if !sh.MayEdit { // it shows what is stored, with why nothing changes any more
			said = nil
		}
		return s.renderAttendance(w, r, statusOf(err), sh, said, err)
	}
	if err != nil {
		return err
	}
	return s.classDone(w, r, sheetPath(sh.Class, sh.Session.ID), "classes.sheet.saved", "Count", n)
}

func markText(ctx context.Context, mark int, marked bool) string {
	if !marked {
		return ""
	}
	return hundredths(ctx, party.StudyResult{GPA: mark, Scale: 10})
}

func (s *site) showMarks(w http.ResponseWriter, r *http.Request) error {
	c, err := s.editableClass(r)
	if err != nil {
		return err
	}
	return s.renderMarks(w, r, http.StatusOK, c, nil, nil)
}

func (s *site) renderMarks(w http.ResponseWriter, r *http.Request, status int, c class.Opened, f *form, refused map[int64]error) error {
	ctx := r.Context()
	v := classes.WorkView{Form: ui.FormView{Action: classPath(c.ID) + "/results", Key: newKey(), Wide: true}, Caption: classCaption(ctx, c.Class), Title: ui.T(ctx, "classes.marks.title"),
		Lead: ui.T(ctx, "classes.marks.lead"), Cancel: classPath(c.ID), EmptyTitle: ui.T(ctx, "classes.sheet.nobody"), EmptyText: ui.T(ctx, "classes.approval.nobody_text")}
	for _, g := range party.ClassGrades {
		v.Grades = append(v.Grades, ui.Option{Value: g, Label: g})
	}
	for _, m := range c.Members {
		if m.State != class.Approved {
			continue
		}
		row := classes.WorkRow{ID: m.PersonID, Name: m.FullName, Href: personPath(m.PersonID), Share: strconv.Itoa(m.Work.Share()) + "%", Mark: markText(ctx, m.Work.Mark, m.Work.Marked),
			Grade: m.Grade, Merit: m.Merit, Version: m.Version, Errors: map[string]string{}}
		if m.Result != "" {
			row.Result = ui.T(ctx, "classes.outcome."+string(m.Result))
		}
		if why := refused[m.PersonID]; why != nil {
			id := strconv.FormatInt(m.PersonID, 10)
			row.Mark, row.Grade, row.Merit = f.typed("mark_"+id), f.typed("grade_"+id), f.typed("merit_"+id) == "yes"
			fields := fault.As(why).Fields
			if len(fields) == 0 {
				fields = []fault.Field{{Name: "mark", Key: fault.As(why).Key, Args: fault.As(why).Args}}
			}
			for _, e := range fields {
				name := strings.TrimSuffix(e.Name, "_"+id)
				row.Errors[name] = ui.T(ctx, e.Key, e.Args...)
				v.Form.Errors = append(v.Form.Errors, ui.FieldError{Name: name + "_" + id, Text: m.FullName + ": " + row.Errors[name]})
			}
		}
		v.Rows = append(v.Rows, row)
	}
	return render(w, r, status, classes.Marks(s.workPage(r, c.Class, "classes.marks.title", v), v))
}

func (s *site) saveMarks(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	c, err := s.editableClass(r)
	if err != nil {
		return err
	}
	refused := map[int64]error{}
	in := class.Marks{Key: f.key(), ClassID: c.ID}
	ids, _ := idsOf(f.values["person"])
	for _, id := range ids {
		p, row := strconv.FormatInt(id, 10), &form{values: f.values}
		e := class.MarkRow{PersonID: id, Grade: f.typed("grade_" + p), Merit: f.typed("merit_"+p) == "yes"}
		e.Version, _ = row.number("v_"+p, 0, 1<<30)
		if text := strings.TrimSpace(f.typed("mark_" + p)); text != "" {
			if e.Mark, e.Marked = parseHundredths(text); !e.Marked {
				row.refuse("mark_"+p, "classes.error.mark")
			}
		}
		if err := row.err(); err != nil {
			refused[id] = err
			continue
		}
		in.Rows = append(in.Rows, e)
	}
	saved, err := s.Classes.SaveMarks(ctx, viewerOf(r), in)
	if err != nil {
		return err
	}
	for id, why := range saved.Refused {
		refused[id] = why
	}
	if len(refused) == 0 {
		return s.classDone(w, r, classPath(c.ID), "classes.marks.saved", "Count", saved.Written)
	}
	if c, err = s.editableClass(r); err != nil {
		return err
	}
	return s.renderMarks(w, r, http.StatusUnprocessableEntity, c, f, refused)
}
