package demo

import (
	"context"
	"fmt"

	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/probation"
)

// failedVotes are how often a cell found no two thirds for somebody's recognition: one after whose votes
// the committee above decides, and two before it.
var failedVotes = []int{3, 2, 1}

// fillProbation lets some cells vote on a recognition without two thirds.
func (f *filler) fillProbation(ctx context.Context) error {
	list, err := f.s.Probation.List(ctx, f.viewer, probation.Query{})
	if err != nil {
		return err
	}
	taken := map[int64]bool{}
	for _, want := range failedVotes {
		m, found := notCarried(list.Members, taken, want)
		if !found {
			return fmt.Errorf("nobody's probation has ended for %d failed votes", want)
		}
		taken[m.ID] = true
		if err := f.fail(ctx, m, want); err != nil {
			return fmt.Errorf("failed votes on person %d: %w", m.ID, explained(err))
		}
	}
	return nil
}

// notCarried gives somebody with as many failed votes or fewer, the most first, whose probation ended long
// enough ago for them.
func notCarried(list []probation.Member, taken map[int64]bool, want int) (best probation.Member, found bool) {
	for _, m := range list {
		st := m.State
		if taken[m.ID] || st.RecognitionVote != nil || st.FailedVotes > want || st.ProbationEndsOn.After(failedOn(want, 0)) {
			continue
		}
		if !found || st.FailedVotes > best.State.FailedVotes {
			best, found = m, true
		}
	}
	return best, found
}

// failedOn gives the day of a failed vote of several, the first being 0: every two weeks, the last some days ago.
func failedOn(of, n int) party.Date { return until.AddDays(-4 - 14*(of-1-n)) }

func (f *filler) fail(ctx context.Context, m probation.Member, votes int) error {
	for n := m.State.FailedVotes; n < votes; n++ {
		_, err := f.s.People.RecordAll(ctx, f.viewer, people.Batch{Key: mark(fmt.Sprintf("failed vote %d", n), m.ID), Steps: []people.NewStep{{PersonID: m.ID,
			Kind: party.RecognitionResolution, On: failedOn(votes, n), Facts: party.RecognitionVoteFacts{Vote: party.Vote{Official: 15, Present: 14, InFavour: 7 + n}}}}})
		if err != nil {
			return err
		}
	}
	return nil
}
