package party

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func reviewCase(born string, steps ...Step) Case {
	for i := range steps {
		steps[i].ID, steps[i].Seq = int64(i+1), int64(i+1)
	}
	return Case{Person: Person{Category: Pupil, BirthDate: MustDate(born)}, Steps: steps, Book: shipped, Today: MustDate("2026-11-23")}
}

func TestAgeOnTheMeetingDayFollowsTheRuleOfThatDay(t *testing.T) {
	for _, tt := range []struct {
		born, on string
		age      int
		ofAge    bool
		from     string
	}{
		{"2008-12-02", "2026-12-01", 17, false, "2026-12-02"},
		{"2008-12-02", "2026-12-02", 18, true, "2026-12-02"},
		{"2008-12-02", "2026-12-03", 18, true, "2026-12-02"},
		{"2008-02-29", "2026-02-27", 17, false, "2026-02-28"},
		{"2008-02-29", "2026-02-28", 18, true, "2026-02-28"},
	} {
		f := reviewCase(tt.born).ReviewOn(MustDate(tt.on))
		if f.Age != tt.age || f.OfAge != tt.ofAge || f.OfAgeOn.String() != tt.from {
			t.Errorf("born %s, on %s: %d, of age %v from %s", tt.born, tt.on, f.Age, f.OfAge, f.OfAgeOn)
		}
	}
	byMonth := NewRulebook([]Rule{{ID: AgeMin, Value: 18, Unit: Years, Option: AgeByMonth, From: MustDate("2026-12-01"), Confidence: Verified}})
	c := reviewCase("2008-12-20")
	c.Book = byMonth
	if f := c.ReviewOn(MustDate("2026-12-01")); !f.OfAge || f.OfAgeOn != MustDate("2026-12-01") {
		t.Errorf("by the month: %v from %s", f.OfAge, f.OfAgeOn)
	}
	if f := c.ReviewOn(MustDate("2026-11-30")); f.OfAge || !f.OfAgeOn.IsZero() {
		t.Errorf("on a day without a rule: %v from %s", f.OfAge, f.OfAgeOn)
	}
}

func TestTheCertificateOfAReviewServesToItsLastDay(t *testing.T) {
	passed := Step{Kind: ClassResult, On: MustDate("2021-12-01"), Facts: ClassResultFacts{Passed: true}, Papers: []Paper{{Date: MustDate("2021-12-15")}}}
	for on, want := range map[string]bool{"2026-12-14": true, "2026-12-15": true, "2026-12-16": false} {
		if f := reviewCase("2006-01-01", passed).ReviewOn(MustDate(on)); f.CertValid != want || f.CertUntil != MustDate("2026-12-15") {
			t.Errorf("on %s: %v until %s", on, f.CertValid, f.CertUntil)
		}
	}
	if f := reviewCase("2006-01-01").ReviewOn(MustDate("2026-12-14")); f.CertValid || !f.CertUntil.IsZero() || f.Idle != 0 {
		t.Errorf("without a class: %+v", f)
	}
}

func TestOutcomesOfAReviewByWhatHasHappened(t *testing.T) {
	on := MustDate("2026-01-05")
	step := func(k StepKind, f Facts) Step { return Step{Kind: k, On: on, Facts: f} }
	introduced, planned := step(Introduced, IntroductionFacts{}), step(Planned, PlanningFacts{})
	dropped, decided := step(Dropped, DroppedFacts{Reason: "x"}), step(Decided, DecisionFacts{})
	class := step(ClassResult, ClassResultFacts{Passed: true})
	for name, tt := range map[string]struct {
		steps []Step
		want  []ReviewOutcome
	}{
		"nothing yet":           {nil, []ReviewOutcome{ReviewKeep, ReviewAdd}},
		"a class before all":    {[]Step{class}, []ReviewOutcome{ReviewKeep, ReviewAdd}},
		"introduced":            {[]Step{introduced}, []ReviewOutcome{ReviewKeep, ReviewAdd, ReviewDrop}},
		"planned":               {[]Step{introduced, planned, class}, []ReviewOutcome{ReviewKeep, ReviewDrop}},
		"decided":               {[]Step{introduced, planned, decided}, []ReviewOutcome{ReviewKeep}},
		"dropped, class stays":  {[]Step{introduced, class, dropped}, []ReviewOutcome{ReviewKeep, ReviewAdd}},
		"planned and not asked": {[]Step{planned}, []ReviewOutcome{ReviewKeep, ReviewDrop}},
	} {
		c := reviewCase("2006-01-01", tt.steps...)
		got := c.State().ReviewOutcomes()
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v", name, got)
		}
		for _, o := range []struct {
			outcome ReviewOutcome
			step    Step
		}{{ReviewAdd, Step{Kind: Planned, On: MustDate("2026-11-20"), Facts: PlanningFacts{}}}, {ReviewDrop, Step{Kind: Dropped, On: MustDate("2026-11-20"), Facts: DroppedFacts{Reason: "x"}}}} {
			if slices.Contains(got, o.outcome) != c.Record(o.step).Passes() {
				t.Errorf("%s: offered %v, but the gate of %s passes %v", name, got, o.step.Kind, c.Record(o.step).Passes())
			}
		}
	}
}

func TestAReviewIsDueSomeMonthsAfterTheLastOne(t *testing.T) {
	due, r, ok := ReviewDue(MustDate("2025-08-31"), shipped, MustDate("2026-11-23"))
	if !ok || due != MustDate("2026-02-28") || r.Value != 6 {
		t.Errorf("%s, %+v, %v", due, r, ok)
	}
	if _, _, ok := ReviewDue(MustDate("2025-08-31"), NewRulebook(nil), MustDate("2026-11-23")); ok {
		t.Error("due without a rule")
	}
}

// So many whole months fit between two days, and not one more.
func TestMonthsSinceAreTheWholeMonthsThatFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := MustDate("2000-01-01").AddDays(rapid.IntRange(0, 12000).Draw(t, "from"))
		to := from.AddDays(rapid.IntRange(0, 6000).Draw(t, "days"))
		n := to.MonthsSince(from)
		if from.AddMonths(n).After(to) || !from.AddMonths(n+1).After(to) {
			t.Fatalf("%d months from %s to %s", n, from, to)
		}
	})
}
