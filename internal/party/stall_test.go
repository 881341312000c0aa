package party

import "testing"

func TestACandidateIsStuckFromTheDayAfterTheMonths(t *testing.T) {
	for _, c := range []struct {
		day, since string
		stuck      bool
	}{
		{"2026-11-23", "2026-05-23", false}, // six months to the day
		{"2026-11-23", "2026-05-22", true},
		{"2026-08-31", "2026-02-28", false}, // six months before falls on the last day of February
		{"2026-08-31", "2026-02-27", true},
	} {
		before, r, ok := StuckBefore(shipped, MustDate(c.day))
		if !ok || r.ID != StallMonths || MustDate(c.since).Before(before) != c.stuck {
			t.Errorf("on %s, at a stage since %s: stuck before %s, %v", c.day, c.since, before, ok)
		}
	}
	if before, _, ok := StuckBefore(shipped, MustDate("2010-01-01")); ok {
		t.Errorf("before any rule: %s", before)
	}
	for _, stage := range StallStages {
		if stage.Member() || stage == StageDropped || stage == StageRegistered {
			t.Errorf("%s is no stage of a candidate on his way", stage)
		}
	}
}
