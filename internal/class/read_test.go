package class_test

import (
	"fmt"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// A roster of two hundred takes as many statements as one of two.
func TestTheRosterMakesNoQueryPerRow(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	count := func(id int64) int {
		ctx, queries := postgres.CountQueries(t.Context())
		if _, err := h.Classes.Get(ctx, h.Viewer("tuyengiao"), id); err != nil {
			t.Fatal(err)
		}
		return queries()
	}
	few := roster(t, h, fields(h), some(h, "LTT", 2))
	var histories []people.History
	for i := range 200 {
		steps := h.Way("NTH")[:2]
		histories = append(histories, people.History{Fields: h.Fields("NTH", fmt.Sprintf("Trần Thị Đông %d", i)), Steps: steps})
	}
	ids, err := h.People.EnterHistories(t.Context(), h.Viewer("vanphong"), histories)
	if err != nil {
		t.Fatal(err)
	}
	f := fields(h)
	f.Number = "200"
	many := roster(t, h, f, ids)
	// the tree is looked at once a second, whoever asks: one statement more or less
	if a, b := count(few), count(many); max(a, b)-min(a, b) > 1 || b > 12 {
		t.Errorf("%d statements for two, %d for two hundred", a, b)
	}
	if n := len(open(t, h, many).Members); n != 200 {
		t.Errorf("%d on the roster", n)
	}
}
