package party

// RemovalVoteFacts are a cell's vote on the removal of a probationary member that found no two thirds.
// One that did stands in the case, and in the departure's own facts.
type RemovalVoteFacts struct {
	Vote   Vote  `json:"vote"`
	CaseID int64 `json:"case_id,omitempty"`
}

// Kind tells which step these facts belong to.
func (RemovalVoteFacts) Kind() StepKind { return RemovalVote }

// AsksShare tells whether a cell proposes this way out with a share of its members only.
func (w Way) AsksShare() bool { return w == WayRemoved || w == WayExpelled }

// RemovalCarried tells whether a cell's vote of a day is enough to propose a removal or an expulsion; where
// no rule of that day is known every vote is.
func (b *Rulebook) RemovalCarried(v Vote, on Date) bool {
	share, ok := b.On(RemoveVotes, on)
	return !ok || v.InFavour >= max(share.Needed(v.Denominator(b, on)), 1)
}

// askRemovalVote: a cell may vote on a removal until the votes that failed, on the recognition or on the
// removal, are so many that the committee above decides.
func askRemovalVote(q *question) {
	if q.before.JoinedOn.IsZero() {
		q.refuse("gate.left.no_member")
		return
	}
	q.notOfficial()
	q.askFailedVotes()
	f, given := q.step.Facts.(RemovalVoteFacts)
	if given && q.askVoteNumbers(f.Vote) && q.Book.RemovalCarried(f.Vote, q.step.On) {
		q.refuse("gate.vote.carried")
	}
}

// DecidedAbove tells whether the committee above decides on a probationary member without the cell.
func (st State) DecidedAbove() bool {
	return st.Upward != nil && st.RecognitionVote == nil && st.OfficialOn.IsZero()
}

// recognitionClock gives the day from which the decision on a recognition is awaited: that of the cell's
// vote, or the end of the probation where the committee above decides and it has not come yet.
func (st State) recognitionClock() Date {
	switch {
	case st.RecognitionVote != nil:
		return st.RecognitionVote.On
	case st.Upward == nil:
		return Date{}
	case st.ProbationEndsOn.After(st.Upward.On):
		return st.ProbationEndsOn
	}
	return st.Upward.On
}
