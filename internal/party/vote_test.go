package party

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// 2/3 of 29 are 19.33: 19 do not reach it, 20 do.
func TestACellProposesWithTwoThirdsOfAllOfficialMembers(t *testing.T) {
	for _, x := range []struct {
		official, inFavour int
		passes             bool
	}{
		{29, 19, false}, {29, 20, true}, {29, 29, true}, {29, 0, false},
		{30, 19, false}, {30, 20, true},
		{3, 1, false}, {3, 2, true},
		{4, 2, false}, {4, 3, true},
	} {
		c, s := resolution(func(f *CellVoteFacts) { f.Vote = Vote{Official: x.official, Present: x.official, InFavour: x.inFavour} })
		v := c.Record(s)
		if x.passes {
			mustPass(t, v)
		} else if reason := mustRefuse(t, v, "gate.vote.branch"); !reason.cites("06-HD/TW", "3.6") {
			t.Errorf("%d of %d: %+v", x.inFavour, x.official, reason)
		}
	}
}

func TestTheShareIsTakenOfAllAndNotOfThosePresent(t *testing.T) {
	c, s := resolution(func(f *CellVoteFacts) { f.Vote = Vote{Official: 29, Present: 20, InFavour: 19} })
	mustRefuse(t, c.Record(s), "gate.vote.branch")
}

// 20 of 33 are short of two thirds; without three away and one exempt they are 20 of 29.
func TestMembersAwayAndExemptOnesNotPresentAreLeftOutSince294(t *testing.T) {
	v := Vote{Official: 33, Away: 3, ExemptAbsent: 1, Present: 25, InFavour: 20}
	for first, passes := range map[string]bool{"2025-04-20": false, "2025-04-21": false, "2025-04-22": true, "2025-04-23": true} {
		c, s := before(CellResolution, MustDate(first)) // the meeting is 70 days later: 29 and 30 June, 1 and 2 July
		f := s.Facts.(CellVoteFacts)
		f.Vote = v
		s.Facts = f
		if got := c.Record(s); got.Passes() != passes {
			t.Errorf("on %s: %+v", s.On, got.Refusals())
		}
	}
}

func TestNobodyIsProposedWithoutAVoteInFavour(t *testing.T) {
	c, s := resolution(func(f *CellVoteFacts) { f.Vote = Vote{Official: 5, Away: 5} })
	mustRefuse(t, c.Record(s), "gate.vote.branch")
	c, s = before(Endorsed, firstDay)
	s.Facts = EndorsementFacts{Members: 9}
	mustRefuse(t, c.Record(s), "gate.vote.committee")
}

func TestACellOfTwoOfficialMembersDoesNotVote(t *testing.T) {
	c, s := resolution(func(f *CellVoteFacts) { f.Vote = Vote{Official: 2, Present: 2, InFavour: 2} })
	if reason := mustRefuse(t, c.Record(s), "gate.branch.min"); !reason.cites("Điều lệ Đảng", "Điều 24.1") {
		t.Errorf("%+v", reason)
	}
	c, s = resolution(func(f *CellVoteFacts) { f.Vote = Vote{Official: 3, Present: 3, InFavour: 3} })
	mustPass(t, c.Record(s))
}

func TestAVoteThatFailedIsRecordedAndProposesNobody(t *testing.T) {
	c, s := resolution(func(f *CellVoteFacts) {
		*f = CellVoteFacts{Vote: Vote{Official: 29, Present: 29, InFavour: 19}}
	})
	mustPass(t, c.Record(s))
	c = record(c, s)
	if st := c.State(); st.Resolution != nil || st.Stage != StageDossier {
		t.Errorf("%+v", st)
	}
	_, next := before(CellResolution, firstDay) // the cell may vote again
	next.On = next.On.AddDays(30)
	mustPass(t, c.Record(next))
}

func TestNumbersOfAVoteFitTogether(t *testing.T) {
	for key, v := range map[string]Vote{
		"gate.vote.negative":       {Official: 29, Present: -1},
		"gate.vote.more_left_out":  {Official: 5, Away: 3, ExemptAbsent: 3},
		"gate.vote.more_present":   {Official: 29, Present: 30, InFavour: 20},
		"gate.vote.more_in_favour": {Official: 29, Present: 20, InFavour: 21},
	} {
		for _, adopted := range []bool{true, false} {
			c, s := resolution(func(f *CellVoteFacts) { f.Vote, f.Adopted = v, adopted })
			mustRefuse(t, c.Record(s), key)
		}
	}
	c, s := before(Endorsed, firstDay)
	s.Facts = EndorsementFacts{Members: 9, InFavour: 10}
	mustRefuse(t, c.Record(s), "gate.vote.more_in_favour")
}

func TestACommitteeEndorsesWithTwoThirdsOfItsMembers(t *testing.T) {
	for inFavour, passes := range map[int]bool{5: false, 6: true, 9: true} {
		c, s := before(Endorsed, firstDay)
		s.Facts = EndorsementFacts{Members: 9, InFavour: inFavour}
		if v := c.Record(s); passes {
			mustPass(t, v)
		} else if reason := mustRefuse(t, v, "gate.vote.committee"); !reason.cites("06-HD/TW", "3.7a") {
			t.Errorf("%+v", reason)
		}
	}
	c, s := before(Endorsed, firstDay)
	s.Facts = EndorsementFacts{}
	mustWarn(t, c.Record(s), "gate.vote.committee_unknown")
}

// The votes that are needed reach the share, and one less does not.
func TestNeededIsTheLeastNumberThatReachesTheShare(t *testing.T) {
	r := Rule{Value: 2, Per: 3, Unit: Share}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5000).Draw(t, "n")
		needed := r.Needed(n)
		if needed*r.Per < n*r.Value || (needed-1)*r.Per >= n*r.Value || needed > n {
			t.Fatalf("%d of %d", needed, n)
		}
	})
}

// What the minutes state differs from what is known in the numbers that the rule of the day asks for.
func TestWhereAVoteDiffersFromTheRollItIsDoubted(t *testing.T) {
	roll := Roll{Official: 12, Away: 1, Exempt: 2}
	for name, c := range map[string]struct {
		roll Roll
		on   string
		vote Vote
		want []VoteNumber
	}{
		"as it is known":                         {roll, "2026-11-01", Vote{Official: 12, Away: 1, ExemptAbsent: 2}, nil},
		"one of the exempt came":                 {roll, "2026-11-01", Vote{Official: 12, Away: 1, ExemptAbsent: 1}, nil},
		"more are left out as exempt":            {roll, "2026-11-01", Vote{Official: 12, Away: 1, ExemptAbsent: 3}, []VoteNumber{VoteExemptAbsent}},
		"whoever is away is not left out":        {roll, "2026-11-01", Vote{Official: 12}, []VoteNumber{VoteAway}},
		"somebody is not registered":             {roll, "2026-11-01", Vote{Official: 13, Away: 1}, []VoteNumber{VoteOfficial}},
		"before 294 nobody is left out":          {roll, "2025-06-30", Vote{Official: 12}, nil},
		"on the first day of 294 they are":       {roll, "2025-07-01", Vote{Official: 12}, []VoteNumber{VoteAway}},
		"of a cell of whom nobody is registered": {Roll{}, "2026-11-01", Vote{Official: 9, Away: 1}, nil},
	} {
		if got := c.roll.Doubts(shipped, MustDate(c.on), c.vote); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
