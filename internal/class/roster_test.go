package class_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"ketnap/internal/apptest"
	"ketnap/internal/class"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
)

// some enters planned people of a cell.
func some(h *apptest.House, cell string, n int) []int64 {
	var ids []int64
	for i := range n {
		ids = append(ids, h.Enter(h.Fields(cell, fmt.Sprintf("Nguyễn Văn Học %02d", i+1)), party.Planned))
	}
	return ids
}

// roster gives a class with people of the cell LTT approved, on four half-days of two weekends.
func roster(t *testing.T, h *apptest.House, f class.Fields, ids []int64) int64 {
	t.Helper()
	v := h.Viewer("tuyengiao")
	id, err := h.Classes.Create(t.Context(), v, class.Creation{Fields: f, Weekdays: []time.Weekday{time.Saturday, time.Sunday}, Part: party.ClassMorning})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Classes.Nominate(t.Context(), h.Viewer("vanphong"), class.Nomination{ClassID: id, People: ids}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Classes.Answer(t.Context(), v, class.Answer{ClassID: id, People: ids, Approve: true}); err != nil {
		t.Fatal(err)
	}
	return id
}

// work enters that everybody came to each session and got a mark; absent and failing name the others.
func work(t *testing.T, h *apptest.House, id int64, ids, absent, failing []int64) {
	t.Helper()
	v := h.Viewer("tuyengiao")
	c := open(t, h, id)
	for _, s := range c.Sessions {
		states := map[int64]class.Attended{}
		for _, p := range ids {
			states[p] = class.Present
			if slices.Contains(absent, p) {
				states[p] = class.Absent
			}
		}
		if _, err := h.Classes.SaveSheet(t.Context(), v, class.SheetEntry{ClassID: id, SessionID: s.ID, Version: s.Version, States: states}); err != nil {
			t.Fatal(err)
		}
	}
	var rows []class.MarkRow
	for _, m := range c.Members {
		row := class.MarkRow{PersonID: m.PersonID, Version: m.Version, Mark: 850, Marked: true}
		if slices.Contains(failing, m.PersonID) {
			row.Mark = 450
		}
		rows = append(rows, row)
	}
	if saved, err := h.Classes.SaveMarks(t.Context(), v, class.Marks{ClassID: id, Rows: rows}); err != nil || len(saved.Refused) > 0 {
		t.Fatalf("%+v, %v", saved, err)
	}
}

func open(t *testing.T, h *apptest.House, id int64) class.Opened {
	t.Helper()
	c, err := h.Classes.Get(t.Context(), h.Viewer("tuyengiao"), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// rowErrors gives the key of each refused row of a batch.
func rowErrors(err error) map[int64]string {
	out := map[int64]string{}
	if e := fault.As(err); e != nil {
		if r, ok := e.Detail.(people.BatchResult); ok {
			for _, row := range r.Rows {
				if why := fault.As(row.Err); why != nil {
					out[row.PersonID] = why.Key
				}
			}
		}
	}
	return out
}
