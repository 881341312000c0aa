package party

import "testing"

// Official on the very day the 12 months end, however late the meeting and the decision; where the
// month has no such day, on its last one. Party age counts from the decision on the admission.
func TestAMemberIsOfficialTwelveMonthsAfterTheCeremony(t *testing.T) {
	for _, x := range []struct{ ceremony, official string }{
		{"2024-02-29", "2025-02-28"},
		{"2023-02-28", "2024-02-28"},
		{"2023-08-31", "2024-08-31"},
		{"2024-12-31", "2025-12-31"},
		{"2024-03-01", "2025-03-01"},
	} {
		steps := way(MustDate(x.ceremony).AddDays(-90))
		late := steps[9].On.AddDays(200)
		steps[9].On, steps[10].On = late, late.AddDays(5)
		before := caseOf(steps[:10]...).State()
		if !before.OfficialOn.IsZero() || !before.PartyAgeFrom.IsZero() || before.ProbationEndsOn != MustDate(x.official) {
			t.Errorf("%s: official before the decision: %+v", x.ceremony, before)
		}
		st := caseOf(steps...).State()
		if st.JoinedOn != MustDate(x.ceremony) || st.OfficialOn != MustDate(x.official) || st.PartyAgeFrom != steps[7].On || st.Since != st.OfficialOn {
			t.Errorf("joined %s: official %s since %s, party age from %s", st.JoinedOn, st.OfficialOn, st.Since, st.PartyAgeFrom)
		}
	}
}

// With a probation of other length the end of the month is clamped all the same.
func TestTheEndOfProbationIsClampedToTheMonth(t *testing.T) {
	book := changed(ProbationLength, func(r *Rule) { r.Value = 6 })
	for ceremony, end := range map[string]string{"2023-08-31": "2024-02-29", "2024-08-31": "2025-02-28", "2024-08-30": "2025-02-28",
		"2024-03-31": "2024-09-30", "2024-02-29": "2024-08-29"} {
		if got := probationEnd(MustDate(ceremony), book); got != MustDate(end) {
			t.Errorf("%s: %s, want %s", ceremony, got, end)
		}
	}
}

func TestEachStepReachesItsStage(t *testing.T) {
	want := []Stage{StageIntroduced, StagePlanned, StagePlanned, StageTrained, StageDossier, StageProposed, StageEndorsed,
		StageDecided, StageProbationary, StageProbationary, StageOfficial}
	steps := way(firstDay)
	if got := caseOf().State().Stage; got != StageRegistered {
		t.Errorf("without steps: %s", got)
	}
	for i, s := range steps {
		if got := caseOf(steps[:i+1]...).State().Stage; got != want[i] || !got.Valid() {
			t.Errorf("after %s: %s, want %s", s.Kind, got, want[i])
		}
	}
}

func TestTheNextStepIsAwaited(t *testing.T) {
	steps := way(firstDay)
	place := Place{HasGrassroots: true}
	for i, s := range steps {
		if got := caseOf(steps[:i]...).State().Awaits(place); got != s.Kind {
			t.Errorf("before %s: awaits %s", s.Kind, got)
		}
	}
	if got := caseOf(steps...).State().Awaits(place); got != "" {
		t.Errorf("an official member awaits %s", got)
	}
	if got := caseOf(steps[:6]...).State().Awaits(Place{}); got != Decided {
		t.Errorf("without a grassroots committee: awaits %s", got)
	}
	dropped := Step{ID: 50, Seq: 50, Kind: Dropped, On: firstDay.AddDays(71), Facts: DroppedFacts{Reason: "Chuyển trường"}}
	if got := caseOf(append(steps[:6:6], dropped)...).State().Awaits(place); got != "" {
		t.Errorf("out of the planning: awaits %s", got)
	}
}

func TestAVoidedStepAndItsVoidingDoNotHold(t *testing.T) {
	steps := append(way(firstDay)[:3], Step{ID: 60, Seq: 60, Kind: Voided, On: today, Facts: VoidedFacts{StepID: 2, Reason: "Ghi nhầm"}})
	active := Active(steps)
	if len(active) != 2 || active[0].ID != 1 || active[1].ID != 3 {
		t.Errorf("%+v", active)
	}
}
