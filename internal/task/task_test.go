package task_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
	"ketnap/internal/task"
	"ketnap/internal/warning"
)

var day = party.MustDate

func sheet(t *testing.T, h *apptest.House, username, code string) task.Sheet {
	t.Helper()
	out, err := h.Tasks.Sheet(t.Context(), h.Viewer(username), h.Org(code))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func give(h *apptest.House, username, code, on string, list ...task.Task) error {
	_, err := h.Tasks.Save(context.Background(), h.Viewer(username), task.Entry{Key: uuid.NewString(), OrgID: h.Org(code), On: day(on), Given: list})
	return err
}

func end(h *apptest.House, code, on string, list ...task.Task) error {
	_, err := h.Tasks.Save(context.Background(), h.Viewer("bithu.ltt"), task.Entry{Key: uuid.NewString(), OrgID: h.Org(code), On: day(on), Ended: list})
	return err
}

// refused names the refused fields of an error with their keys.
func refused(err error) string {
	e := fault.As(err)
	if e == nil {
		return fmt.Sprint(err)
	}
	var list []string
	for _, f := range e.Fields {
		list = append(list, strings.TrimRight(f.Name, "0123456789")+"="+f.Key)
	}
	return strings.Join(list, " ")
}

func TestATaskIsGivenAndEnds(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony) // joined on 2026-06-19
	other := h.Enter(h.Fields("LTT", "Trần Văn Bình"), party.Ceremony)
	in := task.Entry{Key: uuid.NewString(), OrgID: h.Org("LTT"), On: day("2026-09-05"), Given: []task.Task{{PersonID: id, What: "  Phụ trách   đội văn nghệ ", DueOn: day("2026-10-05")}}}
	for range 2 { // sent twice, kept once
		if _, err := h.Tasks.Save(t.Context(), h.Viewer("bithu.ltt"), in); err != nil {
			t.Fatal(err)
		}
	}
	s := sheet(t, h, "bithu.ltt", "LTT")
	if len(s.Open) != 1 || s.Open[0].What != "Phụ trách đội văn nghệ" || !s.Open[0].Late(h.Now()) || len(s.Members) != 2 || s.Members[0].PersonID != other || s.Members[1].Open != 1 {
		t.Fatalf("%+v", s)
	}
	ended := task.Task{ID: s.Open[0].ID, Version: 1, State: party.TaskDone, Note: "Tốt"}
	if err := end(h, "LTT", "2026-10-04", ended); err != nil {
		t.Fatal(err)
	}
	if err := end(h, "LTT", "2026-10-04", ended); fault.KindOf(err) != fault.Conflict {
		t.Errorf("ended a second time: %v", err)
	}
	list, err := h.Tasks.OfPerson(t.Context(), h.Viewer("vanphong"), id)
	if err != nil || len(list) != 1 || list[0].State != party.TaskDone || list[0].Note != "Tốt" || list[0].ClosedOn != day("2026-10-04") {
		t.Errorf("%+v, %v", list, err)
	}
	if list, err := h.Tasks.OfPerson(t.Context(), h.Viewer("bithu.svkt"), id); err != nil || len(list) != 0 {
		t.Errorf("another cell sees %+v, %v", list, err)
	}
}

func TestRefusedTasksLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	second := h.Enter(h.Fields("LTT", "Trần Văn Bình"), party.Ceremony)
	elsewhere := h.Enter(h.Fields("SVKT", "Lê Thị Xa"), party.Ceremony)
	good := task.Task{PersonID: second, What: "Trực phòng truyền thống"}
	for want, bad := range map[string]task.Task{
		"what_=tasks.error.what": {PersonID: id, DueOn: day("2026-12-01")},
		"due_=tasks.error.due":   {PersonID: id, What: "Trực", DueOn: day("2026-08-31")},
		"what_=errors.too_long":  {PersonID: id, What: strings.Repeat("ă", 201)},
	} {
		if err := give(h, "bithu.ltt", "LTT", "2026-09-05", good, bad); refused(err) != want {
			t.Errorf("%+v: %s, want %s", bad, refused(err), want)
		}
	}
	if err := give(h, "bithu.ltt", "LTT", "2026-06-18", good); refused(err) != "what_=tasks.error.before_joining" {
		t.Errorf("before joining: %s", refused(err))
	}
	if err := give(h, "bithu.ltt", "LTT", h.Now().AddDays(1).String(), good); refused(err) != "on=tasks.error.future" {
		t.Errorf("tomorrow: %s", refused(err))
	}
	if err := give(h, "bithu.ltt", "LTT", "2026-09-05", good, task.Task{PersonID: elsewhere, What: "Trực"}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("somebody of another cell: %v", err)
	}
	if err := give(h, "bithu.ltt", "SVKT", "2026-09-05", task.Task{PersonID: elsewhere, What: "Trực"}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another cell: %v", err)
	}
	if err := give(h, "lanhdao", "LTT", "2026-09-05", good); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a leader: %v", err)
	}
	if s := sheet(t, h, "bithu.ltt", "LTT"); len(s.Open) != 0 {
		t.Errorf("half of it was kept: %+v", s.Open)
	}
	if err := give(h, "bithu.ltt", "LTT", "2026-09-05", good); err != nil {
		t.Fatal(err)
	}
	open := sheet(t, h, "bithu.ltt", "LTT").Open[0]
	for want, bad := range map[string]task.Task{
		"state_=tasks.error.state":        {ID: open.ID, Version: 1, Note: "Chưa xong"},
		"state_=tasks.error.before_given": {ID: open.ID, Version: 1, State: party.TaskDone},
	} {
		if err := end(h, "LTT", "2026-09-04", bad); refused(err) != want {
			t.Errorf("%+v: %s, want %s", bad, refused(err), want)
		}
	}
}

// Who is in probation for half a year without a task, or whose last one ended then, is told of; a task
// takes the warning back, and the check agrees at each point.
func TestWhoHasNoTaskForLongIsToldOf(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony) // joined on 2026-06-19
	told := func(want bool) {
		t.Helper()
		l, err := h.Warnings.List(t.Context(), h.Viewer("bithu.ltt"), warning.Query{Kind: party.WarnNoTask})
		if err != nil || (len(l.Items) == 1) != want {
			t.Fatalf("on %s: %+v, %v; want %t", h.Now(), l.Items, err, want)
		}
		if _, differ, err := h.Warnings.Examine(t.Context()); err != nil || len(differ) > 0 {
			t.Fatalf("check: %v, %v", differ, err)
		}
	}
	h.SetToday(day("2026-12-18"))
	told(false)
	h.SetToday(day("2026-12-19"))
	told(true)
	if err := give(h, "bithu.ltt", "LTT", "2026-12-19", task.Task{PersonID: id, What: "Trực"}); err != nil {
		t.Fatal(err)
	}
	told(false)
	h.SetToday(day("2026-12-25"))
	if err := end(h, "LTT", "2026-12-25", task.Task{ID: sheet(t, h, "bithu.ltt", "LTT").Open[0].ID, Version: 1, State: party.TaskPartly}); err != nil {
		t.Fatal(err)
	}
	h.SetToday(day("2027-06-24"))
	told(false)
	h.SetToday(day("2027-06-25"))
	told(true)
}

func TestASheetMakesNoStatementPerMember(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	enter := func(n int) {
		for i := range n {
			h.Enter(h.Fields("LTT", fmt.Sprintf("Nguyễn Thị %d", i)), party.Ceremony)
		}
	}
	statements := func() int {
		var all []task.Task
		for _, m := range sheet(t, h, "bithu.ltt", "LTT").Members {
			all = append(all, task.Task{PersonID: m.PersonID, What: "Trực"})
		}
		ctx, sent := postgres.RecordQueries(t.Context())
		if _, err := h.Tasks.Save(ctx, h.Viewer("bithu.ltt"), task.Entry{OrgID: h.Org("LTT"), On: day("2026-09-05"), Given: all}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Tasks.Sheet(ctx, h.Viewer("bithu.ltt"), h.Org("LTT")); err != nil {
			t.Fatal(err)
		}
		return len(sent())
	}
	enter(1)
	statements()
	few := statements()
	enter(20)
	if many := statements(); many > few {
		t.Errorf("%d statements for one, %d for 21", few, many)
	}
}
