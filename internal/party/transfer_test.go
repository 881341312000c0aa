package party

import "testing"

func TestWhichActFitsATransfer(t *testing.T) {
	t.Parallel()
	acts := []TransferState{TransferIssued, TransferPresented, TransferAccepted, TransferRefused, TransferCancelled}
	for state, fits := range map[TransferState][5]bool{
		"":                {true, false, false, false, false},
		TransferIssued:    {false, true, false, false, true},
		TransferPresented: {false, false, true, true, true},
		TransferAccepted:  {},
		TransferRefused:   {},
		TransferCancelled: {},
	} {
		for i, act := range acts {
			if after, ok := state.After(act); ok != fits[i] || ok && after != act {
				t.Errorf("%s after %q: %s %v", act, state, after, ok)
			}
		}
	}
	if TransferIssued.Receives() || TransferCancelled.Receives() || !TransferRefused.Receives() {
		t.Error("which side acts")
	}
}

func TestThirtyWorkingDaysToPresent(t *testing.T) {
	t.Parallel()
	for issued, want := range map[string]struct {
		due    string
		refuse bool
	}{
		"2026-05-04": {"2026-06-15", false}, // 208: the value was not seen
		"2025-09-03": {"2025-10-15", true},  // 294
		"2023-09-05": {"2023-10-17", true},
	} {
		due, rule, ok := PresentBy(shipped, workdays, MustDate(issued))
		if !ok || due.String() != want.due || rule.MayRefuse() != want.refuse {
			t.Errorf("issued %s: %s %+v %v", issued, due, rule, ok)
		}
	}
	if _, _, ok := PresentBy(shipped, workdays, MustDate("1990-01-01")); ok {
		t.Error("a rule of 1990")
	}
}

func TestWhereSomebodyCountsOnADay(t *testing.T) {
	t.Parallel()
	move := func(id int64, on string, from, to int32) Step {
		return Step{ID: id, Seq: id, Kind: Moved, On: MustDate(on), Facts: MovedFacts{From: from, To: to}}
	}
	steps := []Step{move(1, "2026-03-01", 7, 8), move(2, "2026-06-01", 8, 9), move(3, "2026-06-01", 9, 7)}
	for day, want := range map[string]int32{"2020-01-01": 7, "2026-02-28": 7, "2026-03-01": 8, "2026-05-31": 8, "2026-06-01": 7, "2030-01-01": 7} {
		if got := OrgOn(steps, 7, MustDate(day)); got != want {
			t.Errorf("on %s at %d, want %d", day, got, want)
		}
	}
	if got := OrgOn(nil, 5, today); got != 5 {
		t.Errorf("never transferred: %d", got)
	}
	if LastDay(steps) != MustDate("2026-06-01") || !LastDay(nil).IsZero() {
		t.Error("the last day")
	}
}

// Nothing starts again from zero: a transfer changes neither the stage nor what was reached, and who
// helps is named anew by the cell that receives.
func TestATransferKeepsWhatWasReached(t *testing.T) {
	t.Parallel()
	steps := way(firstDay)
	for n := 1; n <= len(steps); n++ {
		c := caseOf(steps[:n]...)
		was := c.State()
		moved := Step{Kind: Moved, On: today, Facts: MovedFacts{From: 7, To: 8}}
		if v := c.Record(moved); !v.Passes() {
			t.Errorf("after %s: %v", steps[n-1].Kind, v.Refusals())
		}
		moved.ID, moved.Seq = 99, 99
		c.Steps = append(c.Steps[:n:n], moved)
		st := c.State()
		if st.Stage != was.Stage || st.Since != was.Since || st.Awaits(c.Place) != was.Awaits(c.Place) || st.OfficialOn != was.OfficialOn {
			t.Errorf("after %s: %s became %s", steps[n-1].Kind, was.Stage, st.Stage)
		}
		if len(st.Mentors) != 0 {
			t.Errorf("after %s: %v still help", steps[n-1].Kind, st.Mentors)
		}
	}
	if caseOf().Record(Step{Kind: Moved, On: today, Facts: MovedFacts{From: 7, To: 7}}).Passes() {
		t.Error("moved to where he is")
	}
}
