package party

import (
	"slices"
	"testing"
)

// way gives somebody's usual way from a first day on: every step in its place and in time.
func way(first Date) []Step {
	on := func(days int) Date { return first.AddDays(days) }
	ceremony := on(90)
	end := ceremony.AddMonths(12)
	vote := Vote{Official: 29, Present: 27, InFavour: 25}
	steps := []Step{
		{On: on(0), Facts: IntroductionFacts{Union: "Đoàn trường"}},
		{On: on(7), Facts: PlanningFacts{}},
		{On: on(7), Facts: MentorFacts{Name: "Trần Văn Bình"}},
		{On: on(30), Facts: ClassResultFacts{Passed: true}, Papers: []Paper{{Number: "12/GCN", Date: on(30)}}},
		{On: on(60), Facts: DossierFacts{AppliedOn: on(35), LifeHistoryOn: on(40), VerifiedOn: on(55)}},
		{On: on(70), Facts: CellVoteFacts{Vote: vote, Adopted: true, Introducers: []Introducer{
			{Kind: ByMember, Name: "Trần Văn Bình", Since: on(-700)}, {Kind: ByYouthUnion, Name: "Đoàn trường"}}}},
		{On: on(75), Facts: EndorsementFacts{Members: 9, InFavour: 8}},
		{On: on(80), Facts: DecisionFacts{ReceivedOn: on(82)}},
		{On: ceremony, Facts: CeremonyFacts{}},
		{On: end.AddDays(3), Facts: RecognitionVoteFacts{Vote: vote, Adopted: true}},
		{On: end.AddDays(20), Facts: RecognitionDecisionFacts{}},
	}
	for i := range steps {
		steps[i].ID, steps[i].Seq = int64(i+1), int64(i+1)
		steps[i].Kind = steps[i].Facts.Kind()
	}
	return steps
}

var (
	firstDay = MustDate("2025-07-07") // the whole way to the admission lies under 294-QĐ/TW
	today    = MustDate("2026-11-23")
)

func caseOf(steps ...Step) Case {
	return Case{
		Person:   Person{Category: Student, BirthDate: MustDate("2005-03-15"), Education: UpperSecondary, UnionDate: MustDate("2020-03-26")},
		Place:    Place{OrgID: 7, Kind: Cell, HasGrassroots: true},
		Steps:    steps,
		Book:     shipped,
		Calendar: workdays,
		Today:    today,
	}
}

// before gives the case of somebody who has come to just before a step, and that step, not recorded.
func before(kind StepKind, first Date) (Case, Step) {
	steps := way(first)
	i := slices.IndexFunc(steps, func(s Step) bool { return s.Kind == kind })
	next := steps[i]
	next.ID, next.Seq = 0, 0
	return caseOf(steps[:i]...), next
}

// record adds a step as the register does.
func record(c Case, s Step) Case {
	s.ID = int64(len(c.Steps) + 101)
	s.Seq = s.ID
	c.Steps = append(slices.Clone(c.Steps), s)
	return c
}

func find(list []Condition, key string) (Condition, bool) {
	i := slices.IndexFunc(list, func(c Condition) bool { return c.Key == key })
	if i < 0 {
		return Condition{}, false
	}
	return list[i], true
}

// mustRefuse asks that a verdict refuses for one reason only, and gives it.
func mustRefuse(t *testing.T, v Verdict, key string) Condition {
	t.Helper()
	c, ok := find(v.Refusals(), key)
	if !ok || len(v.Refusals()) != 1 {
		t.Errorf("want %s only, got %+v", key, v.Refusals())
	}
	return c
}

func mustPass(t *testing.T, v Verdict) {
	t.Helper()
	if !v.Passes() {
		t.Errorf("%s on %s is refused: %+v", v.Kind, v.On, v.Refusals())
	}
}

func mustWarn(t *testing.T, v Verdict, key string) Condition {
	t.Helper()
	mustPass(t, v)
	c, ok := find(v.Warnings(), key)
	if !ok {
		t.Errorf("want the warning %s, got %+v", key, v.Warnings())
	}
	return c
}

// cites tells whether a condition names the document and clause.
func (c Condition) cites(document, clause string) bool {
	return c.Rule.Document == document && c.Rule.Clause == clause
}

func TestTheUsualWayPassesUnderEveryRegulation(t *testing.T) {
	for _, first := range []string{"2017-03-13", "2021-05-03", "2022-01-10", "2024-11-04", "2025-03-03", "2025-07-07"} {
		c := caseOf()
		c.Person.BirthDate = MustDate(first).AddYears(-20)
		c.Person.UnionDate = MustDate(first).AddYears(-4)
		for _, s := range way(MustDate(first)) {
			v := c.Record(s)
			mustPass(t, v)
			for _, w := range v.Warnings() {
				t.Errorf("from %s on: %s warns %s", first, s.Kind, w.Key)
			}
			c.Steps = append(c.Steps, s)
		}
		if got := c.State().Stage; got != StageOfficial || len(c.Illegal()) != 0 {
			t.Errorf("from %s on: %s, illegal %v", first, got, c.Illegal())
		}
	}
}

// Whoever lacks a step cannot take the next one, with one condition for each that is missing.
func TestAStepIsRefusedWithoutTheOnesItRestsOn(t *testing.T) {
	for kind, needed := range map[StepKind][]StepKind{
		MentorAssigned:        {Planned},
		DossierComplete:       {Planned, ClassResult},
		CellResolution:        {Planned, ClassResult, DossierComplete},
		Endorsed:              {CellResolution},
		Decided:               {CellResolution, Endorsed},
		Ceremony:              {Decided},
		RecognitionResolution: {Ceremony},
		RecognitionDecision:   {RecognitionResolution},
	} {
		for _, missing := range needed {
			c, s := before(kind, firstDay)
			c.Steps = slices.DeleteFunc(c.Steps, func(t Step) bool { return t.Kind == missing })
			reason := mustRefuse(t, c.Record(s), "gate.needs")
			if len(reason.Args) < 2 || reason.Args[1] != missing {
				t.Errorf("%s without %s: %v", kind, missing, reason.Args)
			}
		}
	}
}

func TestAStepThatComesLaterDoesNotCountAsDone(t *testing.T) {
	c, s := before(Ceremony, firstDay)
	s.On = c.Steps[7].On.AddDays(-1) // the day before the decision
	mustRefuse(t, c.Ask(s), "gate.needs_earlier")
	c, s = before(CellResolution, firstDay)
	s.On = firstDay.AddDays(29) // the day before the class, and before the dossier
	if got := len(c.Record(s).Refusals()); got != 2 {
		t.Errorf("%d refusals, want one for the class and one for the dossier", got)
	}
}

func TestStepsOfOneDayCountInTheirUsualOrder(t *testing.T) {
	steps := way(firstDay)
	c := caseOf()
	day := firstDay.AddDays(70)
	for _, s := range steps[:7] {
		s.On = day
		s.Papers = nil
		if _, ok := s.Facts.(DossierFacts); ok {
			s.Facts = DossierFacts{AppliedOn: day, LifeHistoryOn: day, VerifiedOn: day}
		}
		mustPass(t, c.Record(s))
		c = record(c, s)
	}
	if got := c.State().Stage; got != StageEndorsed {
		t.Errorf("stage %s", got)
	}
}

func TestDaysThatCannotBeAreRefused(t *testing.T) {
	for name, x := range map[string]struct {
		on  Date
		key string
	}{
		"no day":        {Date{}, "gate.no_day"},
		"no such day":   {Date{2026, 2, 29}, "gate.no_day"},
		"tomorrow":      {today.AddDays(1), "gate.future"},
		"before birth":  {MustDate("2005-03-14"), "gate.before_birth"},
		"long ago":      {Date{1, 1, 1}, "gate.before_birth"},
		"day after end": {Date{9999, 12, 31}, "gate.future"},
	} {
		v := caseOf().Record(Step{Kind: Planned, On: x.on, Facts: PlanningFacts{}})
		if _, ok := find(v.Refusals(), x.key); !ok {
			t.Errorf("%s: %+v", name, v.Refusals())
		}
	}
	mustPass(t, caseOf().Record(Step{Kind: Planned, On: today, Facts: PlanningFacts{}}))
}

func TestAPaperOfTheFutureIsRefused(t *testing.T) {
	c, s := before(ClassResult, firstDay)
	s.Papers = []Paper{{Number: "12/GCN", Date: today.AddDays(1)}}
	mustRefuse(t, c.Record(s), "gate.paper_future")
	s.Papers[0].Date = today
	mustPass(t, c.Record(s))
}

func TestAnUnknownKindIsRefused(t *testing.T) {
	mustRefuse(t, caseOf().Record(Step{Kind: "promoted", On: today}), "gate.unknown_kind")
	mustRefuse(t, caseOf().Record(Step{Kind: Voided, On: today, Facts: VoidedFacts{StepID: 1}}), "gate.unknown_kind")
}

func TestWhatAFormHasNotAskedYetIsNotKnown(t *testing.T) {
	for _, kind := range Path {
		c, s := before(kind, firstDay)
		s.Facts = nil
		mustPass(t, c.Ask(s))
	}
	c, s := before(CellResolution, firstDay)
	s.Facts = nil
	mustWarn(t, c.Ask(s), "gate.vote.asked")
	mustWarn(t, c.Ask(s), "gate.intro.asked")
}

func TestAStepOfThePathHappensOnce(t *testing.T) {
	for _, kind := range []StepKind{Introduced, Planned, CellResolution, Endorsed, Decided} {
		c, s := before(kind, firstDay)
		c = record(c, s)
		s.On = s.On.AddDays(1)
		mustRefuse(t, c.Record(s), "gate.already")
	}
}

func TestAMemberTakesNoStepOfACandidate(t *testing.T) {
	for _, kind := range []StepKind{Introduced, Planned, ClassResult, DossierComplete, CellResolution, Endorsed, Decided, Dropped, Received} {
		c := caseOf(way(firstDay)[:9]...)
		v := c.Record(Step{Kind: kind, On: firstDay.AddDays(91)})
		if _, ok := find(v.Refusals(), "gate.already_member"); !ok {
			t.Errorf("%s: %+v", kind, v.Refusals())
		}
	}
}

func TestNobodyIsPutBeforeWhatRestsOnSomethingElse(t *testing.T) {
	c := caseOf(way(firstDay)[:9]...)
	// a second, earlier ceremony would make the recorded one a second ceremony
	mustRefuse(t, c.Record(Step{Kind: Ceremony, On: firstDay.AddDays(85), Facts: CeremonyFacts{}}), "gate.breaks")
	// leaving the planning between two steps would take the ground from the later ones
	v := c.Record(Step{Kind: Dropped, On: firstDay.AddDays(65), Facts: DroppedFacts{Reason: "Chuyển trường"}})
	if _, ok := find(v.Refusals(), "gate.breaks"); !ok {
		t.Errorf("%+v", v.Refusals())
	}
}

func TestLeavingThePlanning(t *testing.T) {
	drop := Step{Kind: Dropped, On: firstDay.AddDays(79), Facts: DroppedFacts{Reason: "Chuyển trường"}}
	mustRefuse(t, caseOf().Record(drop), "gate.not_on_path")
	c := caseOf(way(firstDay)[:7]...)
	mustRefuse(t, c.Record(Step{Kind: Dropped, On: drop.On, Facts: DroppedFacts{Reason: " "}}), "gate.reason")
	mustPass(t, c.Record(drop))
	c = record(c, drop)
	if st := c.State(); st.Stage != StageDropped || st.Planned != nil || st.Resolution != nil || st.Class == nil {
		t.Errorf("after leaving: %+v", st)
	}
	// the way begins anew; a class that was finished still counts
	again := Step{Kind: Planned, On: firstDay.AddDays(100), Facts: PlanningFacts{}}
	mustWarn(t, c.Record(again), "gate.not_introduced")
	c = record(c, again)
	if st := c.State(); st.Stage != StageTrained {
		t.Errorf("planned again: %s", st.Stage)
	}
	decided := caseOf(way(firstDay)[:8]...)
	drop.On = firstDay.AddDays(81)
	mustRefuse(t, decided.Record(drop), "gate.dropped.decided")
}
