package party

import (
	"testing"

	"pgregory.net/rapid"
)

// failedRemoval is a vote of 29 on a removal that found too few in favour.
func failedRemoval(c Case, on Date) Step {
	id := int64(len(c.Steps) + 1)
	return Step{ID: id, Seq: id, Kind: RemovalVote, On: on, Facts: RemovalVoteFacts{Vote: Vote{Official: 29, Present: 29, InFavour: 10}}}
}

// Votes that failed count together, whether on the recognition or on the removal, in any order; after three
// the cell does not vote again on either, and the committee above decides either way (4.2.3).
func TestFailedVotesOnARemovalCountWithThoseOnTheRecognition(t *testing.T) {
	for mask := range 8 {
		c, s := before(RecognitionResolution, MustDate("2023-03-06"))
		end := c.State().ProbationEndsOn
		for n := range 3 {
			failed := failedVote(c, end.AddDays(n))
			if mask>>n&1 == 1 {
				failed = failedRemoval(c, end.AddDays(n))
			}
			mustPass(t, c.Record(failed))
			if c = record(c, failed); c.State().FailedVotes != n+1 || c.State().DecidedAbove() != (n == 2) {
				t.Fatalf("%b, after %d: %+v", mask, n+1, c.State())
			}
		}
		s.On = end.AddDays(10)
		again := failedRemoval(c, end.AddDays(10))
		for _, step := range []Step{s, again} {
			if reason := mustRefuse(t, c.Record(step), "gate.vote.failed"); !reason.cites("24-QĐ/TW", "4.2.3") {
				t.Errorf("%b: %+v", mask, reason)
			}
		}
		if say := c.CellSay(WayRemoved, end.AddDays(10)); say != CellReported {
			t.Errorf("%b: the cell has %d to say", mask, say)
		}
		if say := c.CellSay(WayAsked, end.AddDays(10)); say != CellVotes {
			t.Errorf("%b: who asks to leave: %d", mask, say)
		}
		mustPass(t, c.Record(Step{Kind: RecognitionDecision, On: end.AddDays(20), Facts: RecognitionDecisionFacts{Decider: DeciderUpperStandingCommittee}}))
		mustPass(t, c.Record(Step{Kind: Left, On: end.AddDays(20), Facts: LeftFacts{Way: WayRemoved, Ground: RemoveProbationary,
			Base: Ballot{Members: 15, InFavour: 14}, Decision: Ballot{Members: 11, InFavour: 9}, Decider: DeciderUpperStandingCommittee}}))
	}
}

// By the newest regulations the number is recalled only: a fourth vote warns, and the cell may cast it.
func TestAFourthVoteOnARemovalOnlyWarnsWhereTheNumberIsRecalled(t *testing.T) {
	c, _ := before(RecognitionResolution, MustDate("2025-05-20"))
	end := c.State().ProbationEndsOn
	for n := range 3 {
		c = record(c, failedRemoval(c, end.AddDays(n)))
	}
	fourth := failedRemoval(c, end.AddDays(4))
	mustWarn(t, c.Record(fourth), "gate.vote.failed")
	if say := c.CellSay(WayRemoved, fourth.On); say != CellMay {
		t.Errorf("the cell has %d to say", say)
	}
}

// A removal may be voted on before the probation ends; the committee above recognises nobody before that,
// and the time for its decision runs from then.
func TestNobodyIsRecognisedEarlierBecauseARemovalFailed(t *testing.T) {
	c, _ := before(RecognitionResolution, MustDate("2023-03-06"))
	end := c.State().ProbationEndsOn
	for n := range 3 {
		failed := failedRemoval(c, end.AddDays(-60+n))
		mustPass(t, c.Record(failed))
		c = record(c, failed)
	}
	decision := Step{Kind: RecognitionDecision, On: end.AddDays(-1), Facts: RecognitionDecisionFacts{Decider: DeciderUpperStandingCommittee}}
	if reason := mustRefuse(t, c.Record(decision), "gate.probation"); reason.MetOn != end {
		t.Errorf("%+v", reason)
	}
	decision.On = end
	mustPass(t, c.Record(decision))
	if d, ok := c.Deadline(); !ok || d.Kind != RecognitionDecision || d.From != end {
		t.Errorf("%+v", d)
	}
}

// Failed votes say nothing about who was recognised all the same: of an official member the cell proposes the removal
// with two thirds, as of anybody; and of a probationary member an expulsion.
func TestFailedVotesDoNotStandForTheCellsShareElsewhere(t *testing.T) {
	c, _ := before(RecognitionResolution, MustDate("2023-03-06"))
	end := c.State().ProbationEndsOn
	for n := range 3 {
		c = record(c, failedVote(c, end.AddDays(n)))
	}
	leaves := Step{Kind: Left, On: end.AddDays(20), Facts: LeftFacts{Way: WayExpelled, Cell: Vote{Official: 29, Present: 29, InFavour: 10},
		Base: Ballot{Members: 15, InFavour: 14}, Decision: Ballot{Members: 11, InFavour: 9}, Decider: DeciderUpperStandingCommittee}}
	mustRefuse(t, c.Record(leaves), "gate.vote.branch")
	c = record(c, Step{ID: 99, Seq: 99, Kind: RecognitionDecision, On: end.AddDays(20), Facts: RecognitionDecisionFacts{Decider: DeciderUpperStandingCommittee}})
	removed := leaves.Facts.(LeftFacts)
	removed.Way, removed.Ground = WayRemoved, RemoveCard
	leaves.On, leaves.Facts = end.AddDays(200), removed
	mustRefuse(t, c.Record(leaves), "gate.vote.branch")
	removed.Cell.InFavour = 20
	leaves.Facts = removed
	mustPass(t, c.Record(leaves))
}

func TestWhoMayBeVotedOnForARemoval(t *testing.T) {
	c, _ := before(Ceremony, firstDay)
	mustRefuse(t, c.Record(failedRemoval(c, today)), "gate.left.no_member")
	official := caseOf(way(firstDay)...)
	mustRefuse(t, official.Record(failedRemoval(official, today)), "gate.already_official")
	c, _ = before(RecognitionResolution, firstDay)
	carried := failedRemoval(c, today)
	carried.Facts = RemovalVoteFacts{Vote: Vote{Official: 29, Present: 29, InFavour: 20}}
	mustRefuse(t, c.Record(carried), "gate.vote.carried")
	carried.Facts = RemovalVoteFacts{Vote: Vote{Official: 29, Present: 29, InFavour: 30}}
	mustRefuse(t, c.Record(carried), "gate.vote.more_in_favour")
}

// Whatever the numbers, a vote is either recorded as failed or enough for a departure, never both or neither.
func TestAVoteOnARemovalEitherFailsOrCarries(t *testing.T) {
	c, _ := before(RecognitionResolution, firstDay)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "official")
		v := Vote{Official: n, Away: rapid.IntRange(0, n).Draw(t, "away")}
		v.Present = rapid.IntRange(0, n-v.Away).Draw(t, "present")
		v.InFavour = rapid.IntRange(0, v.Present).Draw(t, "in favour")
		fails := c.Record(Step{Kind: RemovalVote, On: today, Facts: RemovalVoteFacts{Vote: v}}).Passes()
		carries := c.Record(Step{Kind: Left, On: today, Facts: LeftFacts{Way: WayRemoved, Ground: RemoveProbationary, Cell: v,
			Base: Ballot{Members: 3, InFavour: 3}, Decision: Ballot{Members: 3, InFavour: 3}, Decider: DeciderUpperStandingCommittee}}).Passes()
		if fails == carries {
			t.Fatalf("%+v: fails %t, carries %t", v, fails, carries)
		}
	})
}
