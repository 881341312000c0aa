package party

import (
	"slices"
	"testing"
)

// removed gives an official member of way with a step by which he is to be removed, votes enough.
func removed(ground RuleID) (Case, Step) {
	c := caseOf(way(MustDate("2020-07-06"))...)
	return c, Step{Kind: Left, On: MustDate("2023-08-15"), Facts: LeftFacts{Way: WayRemoved, Ground: ground, Silent: 3,
		Cell: Vote{Official: 9, Present: 9, InFavour: 6}, Base: Ballot{Members: 9, InFavour: 6},
		Decision: Ballot{Members: 9, InFavour: 5}, Decider: DeciderUpperStandingCommittee}}
}

func TestTheVotesOfEachLevelOnARemoval(t *testing.T) {
	for _, x := range []struct {
		name   string
		change func(*LeftFacts)
		key    string
	}{
		{"enough at each level", func(*LeftFacts) {}, ""},
		{"five of nine in the cell", func(f *LeftFacts) { f.Cell.InFavour = 5 }, "gate.vote.branch"},
		{"five of nine in the grassroots committee", func(f *LeftFacts) { f.Base.InFavour = 5 }, "gate.vote.committee"},
		{"four of nine above", func(f *LeftFacts) { f.Decision.InFavour = 4 }, "gate.vote.decider"},
		{"half is not more than half", func(f *LeftFacts) { f.Decision = Ballot{10, 5} }, "gate.vote.decider"},
		{"an authorised grassroots committee needs two thirds", func(f *LeftFacts) { f.Decider = DeciderWholeCommittee }, "gate.vote.decider"},
		{"more in favour than there are", func(f *LeftFacts) { f.Decision = Ballot{3, 4} }, "gate.vote.more_in_favour"},
		{"two silent months", func(f *LeftFacts) { f.Silent = 2 }, "gate.left.silent"},
		{"a ground of probationary members", func(f *LeftFacts) { f.Ground = RemoveProbationary }, "gate.left.ground"},
		{"no ground", func(f *LeftFacts) { f.Ground = "" }, "gate.left.ground"},
		{"an unknown way", func(f *LeftFacts) { f.Way = "x" }, "gate.left.way"},
		{"who asks needs no votes", func(f *LeftFacts) { *f = LeftFacts{Way: WayAsked} }, ""},
		{"who died needs none either", func(f *LeftFacts) { *f = LeftFacts{Way: WayDied} }, ""},
	} {
		c, s := removed(RemoveSilent)
		f := s.Facts.(LeftFacts)
		x.change(&f)
		s.Facts = f
		if v := c.Record(s); x.key == "" {
			if !v.Passes() {
				t.Errorf("%s: %+v", x.name, v.Refusals())
			}
		} else if _, ok := find(v.Refusals(), x.key); !ok {
			t.Errorf("%s: %+v", x.name, v.Refusals())
		}
	}
}

func TestEachGroundIsOneOfItsDay(t *testing.T) {
	for day, cited := range map[string]string{"2021-07-30": "24-QĐ/TW", "2025-02-01": "232-QĐ/TW", "2025-07-01": "294-QĐ/TW", "2026-08-01": "208-QĐ/TW"} {
		for _, ground := range WayRemoved.Grounds(StageOfficial) {
			if r, ok := shipped.On(ground, MustDate(day)); !ok || r.Document != cited || !r.MayRefuse() {
				t.Errorf("%s on %s: %+v", ground, day, r)
			}
		}
	}
	if r, ok := shipped.On(RemoveCard, MustDate("2021-07-29")); ok {
		t.Errorf("before 24-QĐ/TW: %+v", r)
	}
}

func TestTheYearsOfAnAssessmentAreEvidence(t *testing.T) {
	for years, want := range map[int]Outcome{0: NotKnown, 1: NotKnown, 2: Met, 3: Met} {
		c, s := removed(RemoveRated)
		f := s.Facts.(LeftFacts)
		f.Rated = years
		s.Facts = f
		v := c.Record(s)
		found := false
		for _, x := range v.Conditions {
			if x.Key == "gate.left.rated" {
				found = true
				if x.Outcome != want || x.Refuses {
					t.Errorf("%d years: %+v", years, x)
				}
			}
		}
		if !found || !v.Passes() {
			t.Errorf("%d years: found %v, %+v", years, found, v.Refusals())
		}
	}
}

func TestARemovalEndsTheMembershipAndARestorationGivesItBack(t *testing.T) {
	c, s := removed(RemoveSilent)
	was := c.State()
	out := record(c, s)
	if st := out.State(); st.Stage != StageFormer || st.Since != s.On || !st.JoinedOn.IsZero() || st.Awaits(c.Place) != "" || st.Former.OfficialOn != was.OfficialOn {
		t.Fatalf("%+v", st)
	}
	if v := out.Record(Step{Kind: RecognitionDecision, On: today, Facts: RecognitionDecisionFacts{}}); v.Passes() {
		t.Error("recognised after the removal")
	}
	if v := out.Record(Step{Kind: Received, On: today, Facts: ReceivedFacts{JoinedOn: today}}); v.Passes() {
		t.Error("received in place of a re-admission")
	}
	back := Step{Kind: Restored, On: s.On.AddMonths(3), Facts: RestoredFacts{Reason: "Khiếu nại đúng"}}
	mustRefuse(t, out.Record(Step{Kind: Restored, On: s.On, Facts: back.Facts}), "gate.restored.before")
	mustRefuse(t, out.Record(Step{Kind: Restored, On: back.On, Facts: RestoredFacts{}}), "gate.reason")
	mustRefuse(t, c.Record(back), "gate.restored.not_left")
	mustPass(t, out.Record(back))
	again := record(out, back).State()
	if again.Stage != StageOfficial || again.JoinedOn != was.JoinedOn || again.OfficialOn != was.OfficialOn || again.PartyAgeFrom != was.PartyAgeFrom || again.Left != nil {
		t.Errorf("%+v", again)
	}
	var figures []Figure
	for _, m := range Milestones(Student, record(out, back).Steps, nil) {
		if m.Figure == FigureJoined || m.Figure == FigureLeft {
			figures = append(figures, m.Figure)
		}
	}
	if len(figures) != 3 || figures[0] != FigureJoined || figures[1] != FigureLeft || figures[2] != FigureJoined {
		t.Errorf("counted as %v", figures)
	}
}

func TestWhoDiedHasNoFurtherSteps(t *testing.T) {
	c, s := removed("")
	s.Facts = LeftFacts{Way: WayDied}
	out := record(c, s)
	for _, next := range []Step{{Kind: Restored, On: today, Facts: RestoredFacts{Reason: "x"}}, {Kind: Planned, On: today, Facts: PlanningFacts{}}} {
		mustRefuse(t, out.Record(next), "gate.died")
	}
}

func TestAReAdmissionWaits36Months(t *testing.T) {
	c, s := removed(RemoveCard)
	out := record(c, s)
	plan := func(months int) Verdict {
		return out.Record(Step{Kind: Planned, On: s.On.AddMonths(months), Facts: PlanningFacts{}})
	}
	reason := mustRefuse(t, plan(35), "gate.readmit.wait")
	if !reason.cites("20-QĐ/TW", "3.5.1b") || reason.MetOn != s.On.AddMonths(36) {
		t.Errorf("%+v", reason)
	}
	mustRefuse(t, out.Record(Step{Kind: Planned, On: s.On.AddMonths(36).AddDays(-1), Facts: PlanningFacts{}}), "gate.readmit.wait")
	v := plan(36)
	mustPass(t, v)
	mustWarn(t, v, "gate.readmit.consent")
	again := record(out, Step{Kind: Planned, On: s.On.AddMonths(36), Facts: PlanningFacts{}})
	if st := again.State(); st.Stage != StagePlanned || st.Left == nil || st.Class != nil {
		t.Errorf("%+v", st)
	}
}

func TestWhoIsNeverReAdmitted(t *testing.T) {
	for _, x := range []struct {
		name   string
		facts  LeftFacts
		barred bool
	}{
		{"the card", LeftFacts{Way: WayRemoved, Ground: RemoveCard}, false},
		{"dropped out", LeftFacts{Way: WayRemoved, Ground: RemoveSilent}, true},
		{"asked to leave", LeftFacts{Way: WayAsked}, true},
		{"asked in a very hard family case", LeftFacts{Way: WayAsked, Circumstance: CircumstanceHardship}, false},
		{"disunity", LeftFacts{Way: WayExpelled, Circumstance: CircumstanceDisunity}, true},
		{"corruption", LeftFacts{Way: WayExpelled, Circumstance: CircumstanceCorruption}, true},
		{"a serious crime", LeftFacts{Way: WayExpelled, Circumstance: CircumstanceSerious}, true},
		{"a minor offence", LeftFacts{Way: WayExpelled, Circumstance: CircumstanceMinor}, false},
	} {
		c, s := removed("")
		s.Facts = x.facts
		v := record(c, s).Record(Step{Kind: Planned, On: today, Facts: PlanningFacts{}})
		if _, barred := find(v.Refusals(), "gate.readmit.barred"); barred != x.barred {
			t.Errorf("%s: %+v", x.name, v.Refusals())
		}
	}
}

// Whoever was admitted again and left again does not come back.
func TestAReAdmissionIsPossibleOnce(t *testing.T) {
	c, s := removed(RemoveCard)
	steps := record(c, s).Steps
	first := s.On
	later := way(first.AddMonths(36))
	for i := range later[:9] {
		later[i].ID, later[i].Seq = int64(200+i), int64(200+i)
	}
	c.Steps = append(steps, later[:9]...)
	c.Today = MustDate("2040-01-01")
	if st := c.State(); st.Stage != StageProbationary || st.Left == nil {
		t.Fatalf("%+v", st)
	}
	s.On, s.Seq = later[8].On.AddMonths(2), 0
	out := record(c, s)
	v := out.Record(Step{Kind: Planned, On: s.On.AddMonths(37), Facts: PlanningFacts{}})
	if _, ok := find(v.Refusals(), "gate.readmit.once"); !ok {
		t.Errorf("%+v", v.Refusals())
	}
}

func TestTheDaysOfAnAppeal(t *testing.T) {
	told := MustDate("2026-08-03")
	if by, r, ok := AppealBy(shipped, workdays, WayRemoved, told); !ok || by != workdays.AddWorkingDays(told, 30) || r.MayRefuse() {
		t.Errorf("%s %+v %t", by, r, ok)
	}
	if by, r, ok := AppealBy(shipped, workdays, WayExpelled, told); !ok || by != MustDate("2026-09-02") || r.Document != "296-QĐ/TW" {
		t.Errorf("%s %+v %t", by, r, ok)
	}
	if _, _, ok := AppealBy(shipped, workdays, WayDied, told); ok {
		t.Error("an appeal against a death")
	}
}

func TestTheMostSilentMonthsOfAYear(t *testing.T) {
	d := MustDate
	for want, months := range map[int][]Date{0: nil, 1: {d("2026-03-09"), d("2026-03-20")}, 2: {d("2025-11-01"), d("2025-12-01"), d("2026-01-01")}, 3: {d("2026-01-01"), d("2026-05-01"), d("2026-09-01")}} {
		if got := MostSilent(months); got != want {
			t.Errorf("%v: %d", months, got)
		}
	}
}

// A case ends, and every act leads to the state of its name.
func TestTheWayOfACase(t *testing.T) {
	for _, w := range Ways {
		for _, base := range []bool{false, true} {
			seen := map[CaseState]bool{}
			var walk func(CaseState)
			walk = func(s CaseState) {
				for _, next := range s.Next(w, base, CellVotes) {
					if seen[next] {
						continue
					}
					seen[next] = true
					walk(next)
				}
			}
			walk(CaseOpened)
			if !seen[CaseDecided] || !seen[CaseClosed] || seen[CaseVoted] != w.Votes() || seen[CaseProposed] != (base && w.Votes()) || seen[CaseAppealed] != (w == WayRemoved || w == WayExpelled) {
				t.Errorf("%s, %t: %v", w, base, seen)
			}
		}
	}
}

// Where the committee above decides the cell is passed over; where the number of votes is only recalled it
// may vote once more. A case that is open always has an act, and every open one may be closed.
func TestWhatComesNextInAnOpenCase(t *testing.T) {
	for _, x := range []struct {
		from CaseState
		base bool
		cell CellSay
		want []CaseState
	}{
		{CaseOpened, true, CellVotes, []CaseState{CaseVoted, CaseClosed}},
		{CaseFailed, true, CellVotes, []CaseState{CaseVoted, CaseClosed}},
		{CaseFailed, true, CellReported, []CaseState{CaseProposed, CaseClosed}},
		{CaseOpened, false, CellReported, []CaseState{CaseDecided, CaseClosed}},
		{CaseFailed, true, CellMay, []CaseState{CaseProposed, CaseVoted, CaseClosed}},
		{CaseTakenBack, true, CellVotes, []CaseState{CaseDecided, CaseClosed}},
	} {
		if got := x.from.Next(WayRemoved, x.base, x.cell); !slices.Equal(got, x.want) {
			t.Errorf("%s, %t, %d: %v", x.from, x.base, x.cell, got)
		}
	}
	for _, s := range CaseStates {
		for _, w := range Ways {
			if next := s.Next(w, true, CellVotes); s.Open() != slices.Contains(next, CaseClosed) {
				t.Errorf("%s of %s: %v", s, w, next)
			}
		}
	}
}
