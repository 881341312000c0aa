package class_test

import (
	"testing"
	"time"

	"ketnap/internal/apptest"
	"ketnap/internal/class"
	"ketnap/internal/fault"
	"ketnap/internal/party"
)

func TestAClosedClassChangesNoMore(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := some(h, "LTT", 2)
	id := roster(t, h, fields(h), ids)
	v := h.Viewer("tuyengiao")
	closing := func() error {
		return h.Classes.Close(t.Context(), v, class.Closing{ClassID: id, Version: open(t, h, id).Version})
	}
	if err := closing(); fault.KindOf(err) != fault.Conflict || fault.As(err).Key != "classes.error.results_wait" {
		t.Errorf("with results that wait: %v", err)
	}
	work(t, h, id, ids, nil, nil)
	if _, err := h.Classes.Issue(t.Context(), v, class.Run{ClassID: id, IssuedOn: d("2026-11-01")}); err != nil {
		t.Fatal(err)
	}
	if err := closing(); err != nil {
		t.Fatal(err)
	}
	c := open(t, h, id)
	states := map[int64]class.Attended{ids[0]: class.Absent}
	for name, act := range map[string]func() error{
		"close": closing,
		"edit": func() error {
			return h.Classes.Edit(t.Context(), v, class.Change{ID: id, Version: c.Version, Fields: fields(h)})
		},
		"sessions": func() error {
			return h.Classes.SaveTimetable(t.Context(), v, class.Timetable{ClassID: id, Version: c.Version})
		},
		"days": func() error {
			_, err := h.Classes.AddDays(t.Context(), v, class.Days{ClassID: id, Weekdays: []time.Weekday{time.Monday}, Part: party.ClassDay})
			return err
		},
		"nominate": func() error {
			_, err := h.Classes.Nominate(t.Context(), h.Viewer("vanphong"), class.Nomination{ClassID: id, People: ids})
			return err
		},
		"answer": func() error {
			_, err := h.Classes.Answer(t.Context(), v, class.Answer{ClassID: id, People: ids, Approve: true})
			return err
		},
		"withdraw": func() error {
			return h.Classes.Withdraw(t.Context(), h.Viewer("vanphong"), class.Withdrawal{ClassID: id, PersonID: ids[0], Reason: "x"})
		},
		"attendance": func() error {
			_, err := h.Classes.SaveSheet(t.Context(), v, class.SheetEntry{ClassID: id, SessionID: c.Sessions[0].ID, Version: c.Sessions[0].Version, States: states})
			return err
		},
		"marks": func() error {
			_, err := h.Classes.SaveMarks(t.Context(), v, class.Marks{ClassID: id})
			return err
		},
		"certificates": func() error {
			_, err := h.Classes.Issue(t.Context(), v, class.Run{ClassID: id, IssuedOn: d("2026-11-01")})
			return err
		},
	} {
		if err := act(); fault.KindOf(err) != fault.Conflict || fault.As(err).Key != "classes.error.closed" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := h.Classes.Cancel(t.Context(), v, class.Cancelling{ClassID: id, PersonID: ids[0], Reason: "Cấp nhầm"}); err != nil {
		t.Errorf("cancel: %v", err)
	}
	f := fields(h)
	f.Number = "04/2026"
	if _, err := h.Classes.Nominate(t.Context(), h.Viewer("bithu.ltt"), class.Nomination{ClassID: create(t, h, f), People: ids[:1]}); err != nil {
		t.Errorf("free for another class: %v", err)
	}
}
