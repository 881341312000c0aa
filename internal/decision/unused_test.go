package decision_test

import (
	"slices"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/decision"
)

func TestNumbersThatNoDecisionHasAreTold(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := waiting(h, "LTT", 4)
	f := admission(h)
	for i, number := range []int{3, 4, 9, 0} {
		f.Number = number
		issue(t, h, f, ids[i])
	}
	year := issuedOn.Year
	unused := func(username string, orgID int32, year int) []decision.Span {
		t.Helper()
		spans, more, err := h.Decisions.Unused(t.Context(), h.Viewer(username), orgID, year)
		if err != nil || more {
			t.Fatalf("more %v, %v", more, err)
		}
		return spans
	}
	if got, want := unused("vanphong", h.Org("K"), year), []decision.Span{{First: 1, Last: 2}, {First: 5, Last: 8}}; !slices.Equal(got, want) {
		t.Errorf("before 3, 4, 9 and 10: %v, not %v", got, want)
	}
	if got := unused("vanphong", h.Org("K"), year-1); len(got) > 0 {
		t.Errorf("of a year without decisions: %v", got)
	}
	if got := unused("bithu.ltt", h.Org("K"), year); len(got) > 0 {
		t.Errorf("told to who sees a part of the register only: %v", got)
	}
}
