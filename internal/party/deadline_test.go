package party

import "testing"

func TestEachAwaitedStepHasItsDeadline(t *testing.T) {
	steps := way(firstDay)
	working := func(from Date, n int) Date { return workdays.AddWorkingDays(from, n) }
	end := steps[8].On.AddMonths(12)
	certificate := steps[3].On.AddMonths(60)
	for n, want := range map[int]Deadline{
		4:  {Kind: DossierComplete, Due: certificate, Rule: Rule{ID: CertValid}, From: steps[3].On},
		5:  {Kind: CellResolution, Due: certificate, Rule: Rule{ID: CertValid}, From: steps[3].On},
		6:  {Kind: Endorsed, Due: working(steps[5].On, 60), Rule: Rule{ID: DecideAdmit}, From: steps[5].On},
		7:  {Kind: Decided, Due: working(steps[5].On, 60), Rule: Rule{ID: DecideAdmit}, From: steps[5].On},
		8:  {Kind: Ceremony, Due: working(steps[7].On.AddDays(2), 30), Rule: Rule{ID: CeremonyWithin}, From: steps[7].On.AddDays(2)},
		9:  {Kind: RecognitionResolution, Due: working(end, 30), Rule: Rule{ID: RecogniseBranch}, From: end},
		10: {Kind: RecognitionDecision, Due: working(steps[9].On, 30), Rule: Rule{ID: DecideOfficial}, From: steps[9].On},
	} {
		got, ok := caseOf(steps[:n]...).Deadline()
		if !ok || got.Kind != want.Kind || got.Due != want.Due || got.From != want.From || got.Rule.ID != want.Rule.ID {
			t.Errorf("after %d steps: %v %+v, want %+v", n, ok, got, want)
		}
	}
	for _, n := range []int{0, 1, 2, 3, 11} {
		if got, ok := caseOf(steps[:n]...).Deadline(); ok {
			t.Errorf("after %d steps: %+v", n, got)
		}
	}
}

func TestTheCeremonysClockIsReadOnTheDayOfTheDecision(t *testing.T) {
	for issued, want := range map[string]struct{ from, document string }{
		"2026-07-25": {"2026-08-10", "20-QĐ/TW"},
		"2026-07-26": {"2026-07-26", "208-QĐ/TW"},
		"2026-07-27": {"2026-07-27", "208-QĐ/TW"},
	} {
		c, _ := decidedOn(issued, "2026-08-10", issued, 0)
		d, ok := c.Deadline()
		if !ok || d.From != MustDate(want.from) || d.Rule.Document != want.document || d.Due != workdays.AddWorkingDays(d.From, 30) {
			t.Errorf("issued on %s: %+v", issued, d)
		}
	}
	c, _ := before(Ceremony, firstDay)
	c.Steps[7].Facts = DecisionFacts{} // nobody said when it came: the day of issue stands in
	if d, ok := c.Deadline(); !ok || d.From != c.Steps[7].On {
		t.Errorf("%+v", d)
	}
}

func TestWhoLeftThePlanningHasNoDeadline(t *testing.T) {
	drop := Step{ID: 50, Seq: 50, Kind: Dropped, On: firstDay.AddDays(65), Facts: DroppedFacts{Reason: "Chuyển trường"}}
	if d, ok := caseOf(append(way(firstDay)[:5], drop)...).Deadline(); ok {
		t.Errorf("%+v", d)
	}
}

// The day a deadline names is in time by the gate, and the day after is late.
func TestTheDeadlineIsTheLastDayThatTheGateTakesAsInTime(t *testing.T) {
	for _, kind := range []StepKind{Decided, Ceremony, RecognitionResolution, RecognitionDecision} {
		c, s := before(kind, MustDate("2024-03-04"))
		d, ok := c.Deadline()
		if !ok || d.Kind != kind {
			t.Fatalf("%s: %+v", kind, d)
		}
		for days, late := range map[int]bool{0: false, 1: true} {
			s.On = d.Due.AddDays(days)
			found := false
			for _, w := range c.Record(s).Warnings() {
				found = found || w.Late && w.Rule == d.Rule
			}
			if found != late {
				t.Errorf("%s %d days after its deadline: late %v", kind, days, found)
			}
		}
	}
}
