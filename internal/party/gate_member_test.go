package party

import "testing"

// The cell's vote on the recognition may not predate the end of the 12 months.
func TestNobodyIsRecognisedBeforeTheProbationEnds(t *testing.T) {
	c, s := before(RecognitionResolution, firstDay)
	ceremony := c.Steps[8].On
	end := ceremony.AddMonths(12)
	s.On = end.AddDays(-1)
	reason := mustRefuse(t, c.Record(s), "gate.probation")
	if !reason.cites("Điều lệ Đảng", "Điều 5") || reason.MetOn != end {
		t.Errorf("%+v", reason)
	}
	s.On = end
	mustPass(t, c.Record(s))
}

func TestARecognitionAfter30WorkingDaysWarns(t *testing.T) {
	c, s := before(RecognitionResolution, MustDate("2023-03-06")) // probation ends under 24-QĐ/TW
	due := workdays.AddWorkingDays(c.State().ProbationEndsOn, 30)
	s.On = due
	if v := c.Record(s); !v.Passes() || len(v.Warnings()) != 0 {
		t.Errorf("the 30th working day is in time: %+v", v.Conditions)
	}
	s.On = due.AddDays(1)
	if w := mustWarn(t, c.Record(s), "gate.recognise.branch"); !w.Late || !w.cites("24-QĐ/TW", "4.2.1") {
		t.Errorf("%+v", w)
	}
}

func TestARecognitionNeedsTheSameShareOfVotes(t *testing.T) {
	c, s := before(RecognitionResolution, firstDay)
	for inFavour, passes := range map[int]bool{19: false, 20: true} {
		s.Facts = RecognitionVoteFacts{Vote: Vote{Official: 29, Present: 29, InFavour: inFavour}, Adopted: true}
		if v := c.Record(s); passes {
			mustPass(t, v)
		} else if reason := mustRefuse(t, v, "gate.vote.branch"); !reason.cites("01-HD/TW", "3.6") {
			t.Errorf("%+v", reason)
		}
	}
	s.Facts = RecognitionVoteFacts{Vote: Vote{Official: 29, Present: 29, InFavour: 19}}
	mustPass(t, c.Record(s)) // as a vote that failed
	if st := record(c, s).State(); st.RecognitionVote != nil || st.Stage != StageProbationary {
		t.Errorf("%+v", st)
	}
}

func TestADecisionOnTheRecognitionAfter30WorkingDaysWarns(t *testing.T) {
	c, s := before(RecognitionDecision, firstDay)
	due := workdays.AddWorkingDays(c.Steps[9].On, 30)
	s.On = due
	if v := c.Record(s); !v.Passes() || len(v.Warnings()) != 0 {
		t.Errorf("the 30th working day is in time: %+v", v.Conditions)
	}
	s.On = due.AddDays(1)
	mustWarn(t, c.Record(s), "gate.decide.official")
}

func TestAnOfficialMemberIsNotRecognisedAgain(t *testing.T) {
	steps := way(firstDay)
	c := caseOf(steps...)
	for _, s := range steps[9:] {
		s.ID, s.Seq, s.On = 0, 0, today
		v := c.Record(s)
		if _, ok := find(v.Refusals(), "gate.already_official"); !ok {
			t.Errorf("%s: %+v", s.Kind, v.Refusals())
		}
	}
}

// A member whose admission was not followed here enters with the days that were told.
func TestAReceivedMembersDaysFitTogether(t *testing.T) {
	on := MustDate("2024-09-02")
	for _, x := range []struct {
		name  string
		facts ReceivedFacts
		key   string
	}{
		{"probationary", ReceivedFacts{JoinedOn: on.AddDays(-100)}, ""},
		{"official", ReceivedFacts{DecidedOn: on.AddDays(-420), JoinedOn: on.AddDays(-400), OfficialOn: on.AddDays(-35)}, ""},
		{"all on one day", ReceivedFacts{DecidedOn: on, JoinedOn: on, OfficialOn: on}, ""},
		{"no day of joining", ReceivedFacts{}, "gate.received.no_joined"},
		{"joined later", ReceivedFacts{JoinedOn: on.AddDays(1)}, "gate.received.joined_later"},
		{"joined before birth", ReceivedFacts{JoinedOn: MustDate("2005-03-14")}, "gate.before_birth"},
		{"decided after joining", ReceivedFacts{DecidedOn: on.AddDays(-99), JoinedOn: on.AddDays(-100)}, "gate.received.decided_later"},
		{"official before joining", ReceivedFacts{JoinedOn: on.AddDays(-100), OfficialOn: on.AddDays(-101)}, "gate.received.official_order"},
		{"official later", ReceivedFacts{JoinedOn: on.AddDays(-400), OfficialOn: on.AddDays(1)}, "gate.received.official_order"},
	} {
		v := caseOf().Record(Step{Kind: Received, On: on, Facts: x.facts})
		if x.key == "" {
			mustPass(t, v)
		} else if c := mustRefuse(t, v, x.key); c.Key == "" {
			t.Error(x.name)
		}
	}
}

func TestAReceivedProbationaryMemberIsRecognisedHere(t *testing.T) {
	c := caseOf(Step{ID: 1, Seq: 1, Kind: Received, On: MustDate("2025-01-06"),
		Facts: ReceivedFacts{DecidedOn: MustDate("2024-09-02"), JoinedOn: MustDate("2024-09-10")}})
	if st := c.State(); st.Stage != StageProbationary || st.ProbationEndsOn != MustDate("2025-09-10") {
		t.Errorf("%+v", st)
	}
	for _, s := range way(firstDay)[9:] {
		s.On = MustDate("2025-09-10").AddDays(int(s.ID))
		mustPass(t, c.Record(s))
		c = record(c, s)
	}
	if st := c.State(); st.OfficialOn != MustDate("2025-09-10") || st.PartyAgeFrom != MustDate("2024-09-02") {
		t.Errorf("official %s, party age from %s", st.OfficialOn, st.PartyAgeFrom)
	}
}

func TestAReceivedOfficialMemberAwaitsNothing(t *testing.T) {
	c := caseOf(Step{ID: 1, Seq: 1, Kind: Received, On: MustDate("2025-01-06"), Facts: ReceivedFacts{
		DecidedOn: MustDate("2022-09-02"), JoinedOn: MustDate("2022-09-10"), OfficialOn: MustDate("2023-09-10")}})
	st := c.State()
	if st.Stage != StageOfficial || st.Since != MustDate("2023-09-10") || st.PartyAgeFrom != MustDate("2022-09-02") || st.Awaits(c.Place) != "" {
		t.Errorf("%+v", st)
	}
	_, s := before(RecognitionResolution, firstDay)
	mustRefuse(t, c.Record(s), "gate.already_official")
}

// failedVote is a vote of 29 on a recognition that found too few in favour.
func failedVote(c Case, on Date) Step {
	id := int64(len(c.Steps) + 1)
	return Step{ID: id, Seq: id, Kind: RecognitionResolution, On: on, Facts: RecognitionVoteFacts{Vote: Vote{Official: 29, Present: 29, InFavour: 10}}}
}

// After three votes without two thirds the cell reports it, and the committee above decides (4.2.3).
func TestAfterThreeFailedVotesTheCommitteeAboveDecides(t *testing.T) {
	c, s := before(RecognitionResolution, MustDate("2023-03-06"))
	end := c.State().ProbationEndsOn
	for n := range 3 {
		failed := failedVote(c, end.AddDays(n))
		mustPass(t, c.Record(failed))
		if st := c.State(); st.FailedVotes != n || st.Upward != nil || st.Awaits(c.Place) != RecognitionResolution {
			t.Fatalf("after %d: %+v", n, st)
		}
		c = record(c, failed)
	}
	st := c.State()
	if st.FailedVotes != 3 || st.Upward == nil || st.Awaits(c.Place) != RecognitionDecision || st.Fits(RecognitionResolution) || !st.Fits(RecognitionDecision) {
		t.Fatalf("%+v", st)
	}
	s.On = end.AddDays(10)
	if reason := mustRefuse(t, c.Record(s), "gate.vote.failed"); !reason.cites("24-QĐ/TW", "4.2.3") {
		t.Errorf("a fourth vote: %+v", reason)
	}
	if d, ok := c.Deadline(); !ok || d.Kind != RecognitionDecision || d.From != end.AddDays(2) {
		t.Errorf("the decision is awaited from the third vote on: %+v", d)
	}
	decision := Step{Kind: RecognitionDecision, On: end.AddDays(20), Facts: RecognitionDecisionFacts{Decider: DeciderUpperStandingCommittee}}
	mustPass(t, c.Record(decision))
	if got := record(c, decision).State(); got.OfficialOn != end || got.Stage != StageOfficial {
		t.Errorf("official on %s, the probation ended on %s", got.OfficialOn, end)
	}
	list := c.Checklist(RecognitionDossier, nil, nil, nil)
	for _, l := range list.Lines {
		if released := l.Released == DecidedAbove; released != (l.Form.Kind == DocRecognitionResolution) {
			t.Errorf("%s: %q", l.Form.Code, l.Released)
		}
	}
}

// Two failed votes do not stand in the way of a third that is adopted, and the decision needs it.
func TestAVoteThatIsAdoptedAfterFailedOnesCounts(t *testing.T) {
	c, s := before(RecognitionResolution, firstDay)
	end := c.State().ProbationEndsOn
	for n := range 2 {
		c = record(c, failedVote(c, end.AddDays(n)))
	}
	mustRefuse(t, c.Record(Step{Kind: RecognitionDecision, On: end.AddDays(3)}), "gate.needs")
	s.On = end.AddDays(5)
	mustPass(t, c.Record(s))
	if st := record(c, s).State(); st.RecognitionVote == nil || st.VotedUp().On != s.On {
		t.Errorf("%+v", st)
	}
}

// A mere draft of the newest regulations does not stop a cell: their number of votes is not confirmed.
func TestAFourthVoteOnlyWarnsWhereTheNumberIsRecalled(t *testing.T) {
	c, s := before(RecognitionResolution, MustDate("2025-05-20"))
	end := c.State().ProbationEndsOn
	if r, ok := shipped.On(VoteFails, end); !ok || r.MayRefuse() {
		t.Fatalf("the number of votes on %s: %+v", end, r)
	}
	for n := range 3 {
		c = record(c, failedVote(c, end.AddDays(n)))
	}
	s.On = end.AddDays(4)
	mustWarn(t, c.Record(s), "gate.vote.failed")
}

// Of a probationary member whom the cell neither recommends nor removes with two thirds, the committee
// above decides: no share of the cell's votes stands against a removal any more.
func TestARemovalAfterThreeFailedVotesAsksNoShareOfTheCell(t *testing.T) {
	c, _ := before(RecognitionResolution, MustDate("2023-03-06"))
	end := c.State().ProbationEndsOn
	few := Step{Kind: Left, On: end.AddDays(30), Facts: LeftFacts{Way: WayRemoved, Ground: RemoveProbationary, Cell: Vote{Official: 29, Present: 29, InFavour: 10},
		Base: Ballot{Members: 15, InFavour: 14}, Decision: Ballot{Members: 11, InFavour: 9}, Decider: DeciderUpperStandingCommittee}}
	mustRefuse(t, c.Record(few), "gate.vote.branch")
	for n := range 3 {
		c = record(c, failedVote(c, end.AddDays(n)))
	}
	mustPass(t, c.Record(few))
}
