package party

import (
	"slices"
	"testing"
)

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

// Only who was accepted for a time comes back.
func TestWhoComesBack(t *testing.T) {
	t.Parallel()
	for _, state := range TransferStates {
		for _, act := range TransferStates {
			if _, ok := state.Back(act); ok != (state == TransferAccepted && act == TransferReturned) {
				t.Errorf("%s after %s: %v", act, state, ok)
			}
		}
	}
}

func TestSixtyWorkingDaysToBegin(t *testing.T) {
	t.Parallel()
	for moved, document := range map[string]string{"2023-09-05": "24-QĐ/TW", "2025-09-03": "294-QĐ/TW", "2026-08-03": "208-QĐ/TW"} {
		due, rule, ok := StartBy(shipped, workdays, MustDate(moved))
		if want := workdays.AddWorkingDays(MustDate(moved), 60); !ok || due != want || rule.Document != document {
			t.Errorf("moved %s: %s %+v %v", moved, due, rule, ok)
		}
	}
	if _, _, ok := StartBy(shipped, workdays, MustDate("1990-01-01")); ok {
		t.Error("a rule of 1990")
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
	away := append(steps[:2:2], Step{ID: 4, Seq: 4, Kind: MovedOut, On: MustDate("2026-08-01"), Facts: MovedOutFacts{To: "Chi bộ Phường 1"}})
	for day, want := range map[string]int32{"2020-01-01": 7, "2026-07-31": 9, "2026-08-01": 0, "2030-01-01": 0} {
		if got := OrgOn(away, 9, MustDate(day)); got != want {
			t.Errorf("away: on %s at %d, want %d", day, got, want)
		}
	}
	passages := []Passage{{MustDate("2026-01-01"), 4, 7}, {MustDate("2026-06-01"), 8, 8}, {MustDate("2026-09-01"), 7, 5}}
	for day, want := range map[string]int32{"2020-01-01": 4, "2026-01-01": 7, "2026-03-01": 8, "2026-06-01": 7, "2026-08-31": 7, "2026-09-01": 5} {
		if got := OrgOn(steps, 5, MustDate(day), passages...); got != want {
			t.Errorf("rearranged: on %s at %d, want %d", day, got, want)
		}
	}
	if got := OrgOn(nil, 5, MustDate("2026-08-31"), passages...); got != 8 {
		t.Errorf("rearranged, never transferred: at %d", got)
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

// A member joins one place on the day on which he leaves the other; by a letter he leaves only. Of a
// candidate nothing is counted.
func TestWhereAMemberIsCounted(t *testing.T) {
	t.Parallel()
	steps := []Step{{ID: 1, Seq: 1, Kind: Received, On: MustDate("2026-01-05"), OrgID: 7, Facts: ReceivedFacts{JoinedOn: MustDate("2025-01-05")}},
		{ID: 2, Seq: 2, Kind: Moved, On: MustDate("2026-03-01"), OrgID: 8, Facts: MovedFacts{From: 7, To: 8}},
		{ID: 3, Seq: 3, Kind: MovedOut, On: MustDate("2026-06-01"), OrgID: 8, Facts: MovedOutFacts{To: "Chi bộ Phường 1"}}}
	want := []Milestone{{Figure: FigureJoined, On: steps[0].On, StepID: 1, OrgID: 7}, {Figure: FigureLeft, On: steps[1].On, StepID: 2, OrgID: 7},
		{Figure: FigureJoined, On: steps[1].On, StepID: 2, OrgID: 8}, {Figure: FigureLeft, On: steps[2].On, StepID: 3, OrgID: 8}}
	if got := Milestones(Student, steps, twoTerms); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := Milestones(Student, steps[1:], twoTerms); len(got) != 0 {
		t.Errorf("of a candidate: %v", got)
	}
}

func TestWhichActFitsALetter(t *testing.T) {
	t.Parallel()
	for state, fits := range map[TransferState][5]bool{
		"": {true, false, false, false, false}, TransferIssued: {false, false, true, false, true}, TransferAccepted: {}, TransferCancelled: {}} {
		for i, act := range TransferStates[:5] {
			if after, ok := state.AfterOutside(act); ok != fits[i] || ok && after != act {
				t.Errorf("%s after %q: %s %v", act, state, after, ok)
			}
		}
	}
}

// Who left by a letter stands beside the row and awaits nothing, whatever was reached; without the
// letter it goes on from there.
func TestALetterEndsTheWayUntilItIsCancelled(t *testing.T) {
	t.Parallel()
	steps := way(firstDay)
	for n := 1; n <= len(steps); n++ {
		c := caseOf(steps[:n]...)
		was := c.State()
		out := Step{ID: 99, Seq: 99, Kind: MovedOut, On: today, Facts: MovedOutFacts{To: "Chi bộ Phường 1"}}
		if v := c.Record(out); !v.Passes() {
			t.Errorf("after %s: %v", steps[n-1].Kind, v.Refusals())
		}
		c.Steps = append(c.Steps[:n:n], out)
		if st := c.State(); st.Stage != StageAway || st.Awaits(c.Place) != "" || st.Since != today {
			t.Errorf("after %s: %s awaits %s", steps[n-1].Kind, st.Stage, st.Awaits(c.Place))
		}
		if c.Record(Step{Kind: Planned, On: today, Facts: PlanningFacts{}}).Passes() {
			t.Errorf("after %s: a step of somebody who is away", steps[n-1].Kind)
		}
		c.Steps = append(c.Steps, Step{ID: 100, Seq: 100, Kind: Voided, On: today, Facts: VoidedFacts{StepID: 99}})
		if st := c.State(); st.Stage != was.Stage || st.Since != was.Since {
			t.Errorf("after %s: %s became %s", steps[n-1].Kind, was.Stage, st.Stage)
		}
	}
	if caseOf().Record(Step{Kind: MovedOut, On: today, Facts: MovedOutFacts{}}).Passes() {
		t.Error("moved to nowhere")
	}
}
