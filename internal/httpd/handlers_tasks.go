package httpd

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/task"
	"ketnap/web/tasks"
	"ketnap/web/ui"
)

// taskRoutes are the tasks that a cell gives its members.
func (s *site) taskRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/cells/{id}/tasks", Action: access.CellsRead, Handler: s.showTasks},
		{Method: http.MethodPost, Pattern: "/cells/{id}/tasks", Action: access.CellsEdit, Handler: s.saveTasks},
	}
}

func tasksPath(orgID int32) string { return cellPath(orgID) + "/tasks" }

// To whom a common task is given.
const (
	toFree = "free"
	toAll  = "all"
)

func (s *site) openTasks(r *http.Request) (task.Sheet, error) {
	id, err := pathOrganisation(r, "id")
	if err != nil {
		return task.Sheet{}, err
	}
	return s.Tasks.Sheet(r.Context(), viewerOf(r), id)
}

func (s *site) showTasks(w http.ResponseWriter, r *http.Request) error {
	sheet, err := s.openTasks(r)
	if err != nil {
		return err
	}
	return s.renderTasks(w, r, http.StatusOK, sheet, nil, nil)
}

func (s *site) renderTasks(w http.ResponseWriter, r *http.Request, status int, sheet task.Sheet, sent *form, refusal error) error {
	ctx := r.Context()
	here := tasksPath(sheet.Org.OrgID)
	v := tasks.SheetView{Caption: sheet.Org.Name, Unknown: queryOnly(r), MayEdit: sheet.MayEdit, On: s.Today().Vietnamese(), Whom: toFree, Cancel: cellPath(sheet.Org.OrgID),
		Form:  ui.FormView{Action: here, Key: newKey(), Wide: true},
		Empty: ui.EmptyView{Title: ui.T(ctx, "cells.nobody.title"), Text: ui.T(ctx, "cells.nobody.text")}}
	if sheet.More {
		v.More = ui.T(ctx, "cells.more", "Max", task.MaxMembers)
	}
	for _, whom := range []string{toFree, toAll} {
		v.Whoms = append(v.Whoms, ui.Option{Value: whom, Label: ui.T(ctx, "tasks.whoms."+whom)})
	}
	for _, state := range party.TaskResults {
		v.Results = append(v.Results, ui.Option{Value: string(state), Label: ui.T(ctx, "tasks.state."+string(state))})
	}
	for _, t := range sheet.Open {
		v.Open = append(v.Open, tasks.OpenRow{ID: t.ID, Name: t.FullName, Href: personPath(t.PersonID), What: t.What, Given: ui.T(ctx, "tasks.given", "On", t.GivenOn),
			Due: dueWords(ctx, t), Late: t.Late(s.Today()), Version: t.Version})
	}
	for _, m := range sheet.Members {
		v.Members = append(v.Members, memberOfSheet(ctx, m))
	}
	if sent != nil {
		refillTasks(ctx, &v, sent, refusal)
	}
	page := s.pageOf(r, "tasks.title").WithErrors(v.Form.Errors).Under(cellsCrumb(ctx), ui.Crumb{Label: sheet.Org.Name, Href: cellPath(sheet.Org.OrgID)})
	return render(w, r, status, tasks.Sheet(page, v))
}

func dueWords(ctx context.Context, t task.Task) string {
	if t.DueOn.IsZero() {
		return ui.T(ctx, "tasks.no_due")
	}
	return ui.Date(ctx, t.DueOn)
}

func memberOfSheet(ctx context.Context, m task.Member) tasks.MemberRow {
	row := tasks.MemberRow{ID: m.PersonID, Name: m.FullName, Href: personPath(m.PersonID), None: m.Open == 0}
	switch {
	case m.Open > 0:
		row.Has = ui.T(ctx, "tasks.count", "Count", m.Open)
	case m.Last.IsZero():
		row.Has = ui.T(ctx, "tasks.free")
	default:
		row.Has = ui.T(ctx, "tasks.free_since", "On", m.Last)
	}
	return row
}

// refillTasks puts back what was typed, and says of whom it was refused.
func refillTasks(ctx context.Context, v *tasks.SheetView, sent *form, refusal error) {
	v.Form.Key = sent.key()
	v.On, v.Common, v.Due, v.Whom = sent.typed("on"), sent.typed("common"), sent.typed("common_due"), sent.typed("whom")
	if fault.KindOf(refusal) == fault.Conflict {
		v.Stored, v.Form.Key = textOf(ctx, refusal), newKey()
	} else {
		v.Form.Errors = ui.ErrorsOf(ctx, refusal)
	}
	for i := range v.Open {
		row := &v.Open[i]
		id := "_" + strconv.FormatInt(row.ID, 10)
		row.State, row.Note = sent.typed("state"+id), sent.typed("note"+id)
		nameErrors(v.Form.Errors, row.Name, "state"+id, "note"+id)
	}
	for i := range v.Members {
		row := &v.Members[i]
		id := "_" + strconv.FormatInt(row.ID, 10)
		row.What, row.Due = sent.typed("what"+id), sent.typed("due"+id)
		nameErrors(v.Form.Errors, row.Name, "what"+id, "due"+id)
	}
}

// nameErrors says in the list of errors whom some fields are about.
func nameErrors(errs ui.Errors, name string, fields ...string) {
	for i := range errs {
		if slices.Contains(fields, errs[i].Name) {
			errs[i].Of = name
		}
	}
}

// tasksOf decodes what was typed of the tasks and members that the form had; empty lines are skipped, and
// the common task goes to those of whom nothing else is typed.
func tasksOf(f *form, sheet task.Sheet) task.Entry {
	in := task.Entry{Key: f.key(), OrgID: sheet.Org.OrgID, On: f.date("on")}
	for _, id := range idsTyped(f, "v_") {
		at := "_" + strconv.FormatInt(id, 10)
		state, note := party.TaskState(f.typed("state"+at)), strings.TrimSpace(f.typed("note"+at))
		if state == "" && note == "" {
			continue
		}
		version, _ := f.number("v"+at, 0, 1<<30)
		in.Ended = append(in.Ended, task.Task{ID: id, State: state, Note: note, Version: version})
	}
	common, commonDue := strings.TrimSpace(f.typed("common")), f.date("common_due")
	free := map[int64]bool{}
	for _, m := range sheet.Members {
		free[m.PersonID] = m.Open == 0
	}
	for _, id := range idsTyped(f, "what_") {
		at := "_" + strconv.FormatInt(id, 10)
		t := task.Task{PersonID: id, What: strings.TrimSpace(f.typed("what" + at)), DueOn: f.date("due" + at)}
		if t.What == "" && t.DueOn.IsZero() {
			if common == "" || f.typed("whom") != toAll && !free[id] {
				continue
			}
			t.What, t.DueOn = common, commonDue
		}
		in.Given = append(in.Given, t)
	}
	return in
}

func (s *site) saveTasks(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	sheet, err := s.openTasks(r)
	if err != nil {
		return err
	}
	in := tasksOf(f, sheet)
	if err = f.err(); err == nil {
		_, err = s.Tasks.Save(ctx, viewerOf(r), in)
	}
	if kind := fault.KindOf(err); err != nil && (kind == fault.Invalid || kind == fault.Conflict) && sheet.MayEdit {
		return s.renderTasks(w, r, statusOf(err), sheet, f, err)
	}
	if err != nil {
		return err
	}
	key := "tasks.saved"
	if len(in.Ended)+len(in.Given) == 0 {
		key = "tasks.unchanged"
	}
	if err := s.flash(w, r, ui.Good, key, "Ended", len(in.Ended), "Given", len(in.Given)); err != nil {
		return err
	}
	return redirect(w, r, tasksPath(sheet.Org.OrgID))
}

// taskSection gives what the page of a member tells of his tasks.
func (s *site) taskSection(r *http.Request, rec people.Record) (*tasks.SectionView, error) {
	ctx, v := r.Context(), viewerOf(r)
	if !rec.State.Stage.Member() || !v.MayIn(access.CellsRead, rec.Path) {
		return nil, nil
	}
	list, err := s.Tasks.OfPerson(ctx, v, rec.ID)
	if err != nil {
		return nil, err
	}
	out := &tasks.SectionView{Cell: &ui.LinkView{Label: ui.T(ctx, "tasks.sheet"), Href: tasksPath(rec.Path[len(rec.Path)-1])}}
	tones := map[party.TaskState]ui.Tone{party.TaskOpen: ui.Info, party.TaskDone: ui.Good, party.TaskPartly: ui.Warn, party.TaskFailed: ui.Bad}
	for _, t := range list {
		line := tasks.Line{Text: ui.T(ctx, "tasks.line", "What", t.What, "Given", t.GivenOn, "Due", dueWords(ctx, t)), Tag: ui.TagView{Tone: tones[t.State], Text: ui.T(ctx, "tasks.state."+string(t.State))}}
		if t.Late(s.Today()) {
			line.Tag = ui.TagView{Tone: ui.Warn, Text: ui.T(ctx, "tasks.late", "On", t.DueOn)}
		}
		if t.Note != "" {
			line.Text = ui.T(ctx, "tasks.line_note", "Line", line.Text, "Note", t.Note)
		}
		out.Lines = append(out.Lines, line)
	}
	return out, nil
}
