package party

import "testing"

func young() (Case, Step) {
	c, s := before(CellResolution, firstDay)
	c.Person.BirthDate = s.On.AddYears(-18).AddDays(1) // 18 on the day after the meeting
	return c, s
}

func TestAnOverrideAllowsTheNamedRulesOnce(t *testing.T) {
	c, s := young()
	mustRefuse(t, c.Record(s), "gate.age.min")
	allow := Step{Kind: Overridden, On: s.On, Facts: OverriddenFacts{For: CellResolution, Rules: []RuleID{AgeMin}, Reason: "Theo công văn"}}
	mustPass(t, c.Record(allow))
	c = record(c, allow)
	v := c.Record(s)
	if w := mustWarn(t, v, "gate.age.min"); !w.Allowed || !w.Refuses {
		t.Errorf("%+v", w)
	}
	failed := s // a vote that failed uses it up
	failed.Facts = CellVoteFacts{Vote: Vote{Official: 29, Present: 20, InFavour: 3}}
	c = record(c, failed)
	mustRefuse(t, c.Record(s), "gate.age.min")
}

func TestAnOverrideOfAnotherRuleOrStepAllowsNothing(t *testing.T) {
	for _, f := range []OverriddenFacts{
		{For: CellResolution, Rules: []RuleID{VoteBranch}, Reason: "Theo công văn"},
		{For: Decided, Rules: []RuleID{AgeMin}, Reason: "Theo công văn"},
	} {
		c, s := young()
		c = record(c, Step{Kind: Overridden, On: s.On, Facts: f})
		mustRefuse(t, c.Record(s), "gate.age.min")
	}
	c, s := young()
	c = record(c, Step{Kind: Overridden, On: s.On.AddDays(1), Facts: OverriddenFacts{For: CellResolution, Rules: []RuleID{AgeMin}, Reason: "Muộn"}})
	mustRefuse(t, c.Record(s), "gate.age.min")
}

func TestAnOverrideSaysWhatAndWhy(t *testing.T) {
	on := firstDay
	for key, f := range map[string]OverriddenFacts{
		"gate.reason":        {For: CellResolution, Rules: []RuleID{AgeMin}},
		"gate.override.what": {For: CellResolution, Reason: "Theo công văn"},
	} {
		mustRefuse(t, caseOf().Record(Step{Kind: Overridden, On: on, Facts: f}), key)
	}
	for _, kind := range []StepKind{Overridden, Voided, "promoted", ""} {
		f := OverriddenFacts{For: kind, Rules: []RuleID{AgeMin}, Reason: "Theo công văn"}
		mustRefuse(t, caseOf().Record(Step{Kind: Overridden, On: on, Facts: f}), "gate.override.what")
	}
}

// Days that the Charter defines are not conditions that somebody could be excused from.
func TestNoOverrideAllowsASecondCeremony(t *testing.T) {
	for _, id := range []RuleID{DateJoined, RecogniseDate, PartyAge} {
		c := caseOf(way(firstDay)[:9]...)
		allow := Step{Kind: Overridden, On: firstDay.AddDays(95), Facts: OverriddenFacts{For: Ceremony, Rules: []RuleID{id}, Reason: "Theo công văn"}}
		mustRefuse(t, c.Record(allow), "gate.override.what")
		c = record(c, allow) // even where one stands already
		mustRefuse(t, c.Record(Step{Kind: Ceremony, On: firstDay.AddDays(96), Facts: CeremonyFacts{}}), "gate.ceremony.second")
	}
}

func TestAStepThatOthersRestOnIsNotVoided(t *testing.T) {
	steps := way(firstDay)
	resting := map[StepKind]bool{Planned: true, ClassResult: true, DossierComplete: true, CellResolution: true, Endorsed: true,
		Decided: true, Ceremony: true, RecognitionResolution: true, Introduced: false, MentorAssigned: false, RecognitionDecision: false}
	for _, s := range steps {
		if got := !caseOf(steps...).Void(s.ID).Passes(); got != resting[s.Kind] {
			t.Errorf("voiding %s: refused %v, want %v", s.Kind, got, resting[s.Kind])
		}
	}
}

func TestVoidingTheLastStepGivesBackTheStageBefore(t *testing.T) {
	steps := way(firstDay)
	for n := len(steps); n > 0; n-- {
		c := caseOf(steps[:n]...)
		mustPass(t, c.Void(steps[n-1].ID))
		was := caseOf(steps[:n-1]...).State().Stage
		c = record(c, Step{Kind: Voided, On: today, Facts: VoidedFacts{StepID: steps[n-1].ID, Reason: "Ghi nhầm"}})
		if got := c.State().Stage; got != was || len(c.Illegal()) != 0 {
			t.Errorf("without %s: %s, want %s", steps[n-1].Kind, got, was)
		}
	}
}

func TestAnOverrideThatWasUsedIsNotVoided(t *testing.T) {
	c, s := young()
	c = record(c, Step{Kind: Overridden, On: s.On, Facts: OverriddenFacts{For: CellResolution, Rules: []RuleID{AgeMin}, Reason: "Theo công văn"}})
	override := c.Steps[len(c.Steps)-1].ID
	mustPass(t, c.Void(override))
	mustRefuse(t, record(c, s).Void(override), "gate.breaks")
}

func TestACorrectionMeetsItsGateAndCarriesWhatRestsOnIt(t *testing.T) {
	steps := way(firstDay)
	c := caseOf(steps...)
	decision := steps[7]
	fixed := func(s Step, days int) Step {
		s.ID, s.Seq, s.On = 0, 0, s.On.AddDays(days)
		return s
	}
	mustPass(t, c.Correct(decision.ID, fixed(decision, 1)))
	mustRefuse(t, c.Correct(decision.ID, fixed(decision, -6)), "gate.needs_earlier") // the day before the endorsement
	if v := c.Correct(decision.ID, fixed(decision, 11)); v.Passes() {                // the day after the ceremony
		t.Error("a decision was put behind its ceremony")
	}
}

func TestACorrectionIsRefusedWhereALaterStepWouldFall(t *testing.T) {
	steps := way(firstDay)
	c := caseOf(steps...)
	ceremony := steps[8]
	later := ceremony
	later.ID, later.Seq, later.On = 0, 0, ceremony.On.AddDays(10) // then the 12 months end after the recognition
	v := c.Correct(ceremony.ID, later)
	mustRefuse(t, v, "gate.breaks")
	later.On = ceremony.On.AddDays(3) // the very day of the cell's meeting on the recognition
	mustPass(t, c.Correct(ceremony.ID, later))
}

// A corrected birth date can make recorded steps illegal: each is named, with what refuses it.
func TestWhatBecameIllegalIsNamed(t *testing.T) {
	steps := way(firstDay)
	c := caseOf(steps...)
	if bad := c.Illegal(); len(bad) != 0 {
		t.Errorf("%+v", bad)
	}
	c.Person.BirthDate = steps[5].On.AddYears(-18).AddDays(1)
	bad := c.Illegal()
	if len(bad) != 1 || bad[0].Kind != CellResolution || bad[0].On != steps[5].On {
		t.Fatalf("%+v", bad)
	}
	mustRefuse(t, bad[0], "gate.age.min")
}
