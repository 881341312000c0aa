package class_test

import (
	"context"
	"fmt"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/class"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// hundreds gives a class with two hundred people on its roster.
func hundreds(t *testing.T, h *apptest.House) (int64, []int64) {
	t.Helper()
	var histories []people.History
	for i := range 200 {
		histories = append(histories, people.History{Fields: h.Fields("NTH", fmt.Sprintf("Trần Thị Đông %d", i)), Steps: h.Way("NTH")[:2]})
	}
	ids, err := h.People.EnterHistories(t.Context(), h.Viewer("vanphong"), histories)
	if err != nil {
		t.Fatal(err)
	}
	f := fields(h)
	f.Number = "200"
	return roster(t, h, f, ids), ids
}

// Every page of a class of two hundred takes as many statements as that of one of two, and so does what
// is saved from its sheets.
func TestAClassOfTwoHundredMakesNoQueryPerRow(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	v := h.Viewer("tuyengiao")
	two := some(h, "LTT", 2)
	few := roster(t, h, fields(h), two)
	many, all := hundreds(t, h)
	if n := len(open(t, h, many).Members); n != 200 {
		t.Fatalf("%d on the roster", n)
	}
	states := func(ids []int64) map[int64]class.Attended {
		out := map[int64]class.Attended{}
		for _, id := range ids {
			out[id] = class.Present
		}
		return out
	}
	marks := func(id int64) (rows []class.MarkRow) {
		for _, m := range open(t, h, id).Members {
			rows = append(rows, class.MarkRow{PersonID: m.PersonID, Version: m.Version, Mark: 800, Marked: true})
		}
		return rows
	}
	sessions := map[int64]int64{few: open(t, h, few).Sessions[0].ID, many: open(t, h, many).Sessions[0].ID}
	who := map[int64][]int64{few: two, many: all}
	rows := map[int64][]class.MarkRow{few: marks(few), many: marks(many)}
	for _, act := range []struct {
		name string
		most int
		do   func(ctx context.Context, id int64) error
	}{
		{"class", 12, func(ctx context.Context, id int64) error { _, err := h.Classes.Get(ctx, v, id); return err }},
		{"sheet", 12, func(ctx context.Context, id int64) error {
			_, err := h.Classes.Sheet(ctx, v, id, sessions[id])
			return err
		}},
		{"run", 12, func(ctx context.Context, id int64) error {
			_, _, err := h.Classes.Preview(ctx, v, id, d("2026-11-01"))
			return err
		}},
		{"papers", 12, func(ctx context.Context, id int64) error {
			_, err := h.Classes.Awards(ctx, v, id, class.Certificate, 0)
			return err
		}},
		{"nominees", 25, func(ctx context.Context, id int64) error {
			_, _, err := h.Classes.Nominees(ctx, h.Viewer("vanphong"), class.Ask{ClassID: id, OrgID: h.Org("K"), Chosen: who[id]})
			return err
		}},
		{"attendance", 20, func(ctx context.Context, id int64) error {
			_, err := h.Classes.SaveSheet(ctx, v, class.SheetEntry{ClassID: id, SessionID: sessions[id], Version: 1, States: states(who[id])})
			return err
		}},
		{"marks", 20, func(ctx context.Context, id int64) error {
			saved, err := h.Classes.SaveMarks(ctx, v, class.Marks{ClassID: id, Rows: rows[id]})
			if err == nil && saved.Written != len(rows[id]) {
				t.Errorf("%d of %d marks written", saved.Written, len(rows[id]))
			}
			return err
		}},
	} {
		count := func(id int64) int {
			ctx, queries := postgres.CountQueries(t.Context())
			if err := act.do(ctx, id); err != nil {
				t.Fatalf("%s: %v", act.name, err)
			}
			return queries()
		}
		// the tree is looked at once a second, whoever asks: one statement more or less
		if a, b := count(few), count(many); max(a, b)-min(a, b) > 1 || b > act.most {
			t.Errorf("%s: %d statements for two, %d for two hundred", act.name, a, b)
		}
	}
}
