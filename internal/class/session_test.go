package class_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ketnap/internal/apptest"
	"ketnap/internal/class"
	"ketnap/internal/fault"
	"ketnap/internal/party"
)

func TestSessionsArePlannedAtWeekendsAndEdited(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	v := h.Viewer("tuyengiao")
	ids := some(h, "LTT", 1)
	id := roster(t, h, fields(h), ids)
	c := open(t, h, id)
	if len(c.Sessions) != 4 || c.Sessions[0].Day != d("2026-10-10") || c.Sessions[3].Day != d("2026-10-18") {
		t.Fatalf("%+v", c.Sessions)
	}
	// the days that are taken are not planned twice
	n, err := h.Classes.AddDays(t.Context(), v, class.Days{ClassID: id, Weekdays: []time.Weekday{time.Sunday, time.Monday}, Part: party.ClassDay})
	if err != nil || n != 1 {
		t.Fatalf("%d, %v", n, err)
	}
	if err := h.Classes.SaveTimetable(t.Context(), v, class.Timetable{ClassID: id, Version: c.Version, Sessions: c.Sessions}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a timetable from before they were added: %v", err)
	}
	if _, err := h.Classes.SaveSheet(t.Context(), v, class.SheetEntry{ClassID: id, SessionID: c.Sessions[0].ID, Version: 1, States: map[int64]class.Attended{ids[0]: class.Absent}}); err != nil {
		t.Fatal(err)
	}
	c = open(t, h, id)
	list := slices.Clone(c.Sessions)
	list[1].Day, list[2].Day = list[2].Day, list[1].Day // two change places
	list[0].Topic = "  Lịch sử   Đảng "
	save := func(list []class.Session, remove ...int64) error {
		return h.Classes.SaveTimetable(t.Context(), v, class.Timetable{ClassID: id, Version: open(t, h, id).Version, Sessions: list, Remove: remove})
	}
	if err := save(list[:4], list[4].ID); err != nil {
		t.Fatal(err)
	}
	if c = open(t, h, id); len(c.Sessions) != 4 || c.Sessions[0].Topic != "Lịch sử Đảng" {
		t.Errorf("%+v", c.Sessions)
	}
	for want, change := range map[string]func([]class.Session){
		"day_1":   func(l []class.Session) { l[1].Day = l[0].Day },
		"day_2":   func(l []class.Session) { l[2].Day = d("2026-10-19") },
		"day_3":   func(l []class.Session) { l[3].Day = party.Date{} },
		"day_0":   func(l []class.Session) { l[0].Day = d("2026-10-13") }, // has attendance
		"part_1":  func(l []class.Session) { l[1].Part = "night" },
		"topic_1": func(l []class.Session) { l[1].Topic = strings.Repeat("x", 201) },
	} {
		list := slices.Clone(c.Sessions)
		change(list)
		if got := refusedFields(save(list)); got != want {
			t.Errorf("%s: %s", want, got)
		}
	}
	if got := refusedFields(save(c.Sessions[1:], c.Sessions[0].ID)); got != fmt.Sprintf("remove_%d", c.Sessions[0].ID) {
		t.Errorf("a session with attendance is removed: %s", got)
	}
	if err := h.Classes.SaveTimetable(t.Context(), v, class.Timetable{ClassID: id, Version: 1, Sessions: c.Sessions}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("stale: %v", err)
	}
	f := fields(h)
	f.Ends = d("2026-10-16")
	if got := refusedFields(h.Classes.Edit(t.Context(), v, class.Change{ID: id, Version: c.Version, Fields: f})); got != "ends" {
		t.Errorf("the class ends before its last session: %s", got)
	}
}

func TestOnlyRowsOfAttendanceThatChangeAreWritten(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := some(h, "LTT", 3)
	id := roster(t, h, fields(h), ids)
	v := h.Viewer("tuyengiao")
	session := open(t, h, id).Sessions[0].ID
	save := func(version int, states map[int64]class.Attended) (int, error) {
		return h.Classes.SaveSheet(t.Context(), v, class.SheetEntry{ClassID: id, SessionID: session, Version: version, States: states})
	}
	all := map[int64]class.Attended{ids[0]: class.Present, ids[1]: class.Present, ids[2]: class.Excused}
	if n, err := save(1, all); err != nil || n != 3 {
		t.Fatalf("%d, %v", n, err)
	}
	if n, err := save(2, all); err != nil || n != 0 {
		t.Errorf("the same again: %d, %v", n, err)
	}
	all[ids[1]] = class.Absent
	if n, err := save(2, all); err != nil || n != 1 {
		t.Errorf("one changed: %d, %v", n, err)
	}
	if _, err := save(2, all); fault.KindOf(err) != fault.Conflict {
		t.Errorf("stale: %v", err)
	}
	if _, err := save(3, map[int64]class.Attended{ids[0]: "asleep", 999999: class.Present}); refusedFields(err) != fmt.Sprintf("at_%d at_999999", ids[0]) {
		t.Errorf("%v", err)
	}
	if _, err := h.Classes.SaveSheet(t.Context(), h.Viewer("bithu.ltt"), class.SheetEntry{ClassID: id, SessionID: session, Version: 3, States: all}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a secretary: %v", err)
	}
	h.SetToday(d("2026-10-09"))
	if _, err := save(3, all); fault.KindOf(err) != fault.Conflict {
		t.Errorf("before the day: %v", err)
	}
}
