package party

import (
	"slices"
	"strings"
)

func askRecognitionResolution(q *question) {
	if q.before.JoinedOn.IsZero() {
		q.needs(Ceremony)
		return
	}
	q.notOfficial()
	if s := q.before.RecognitionVote; s != nil {
		q.refuse("gate.already", "Kind", RecognitionResolution, "On", s.On)
	}
	q.askFailedVotes()
	if end := q.before.ProbationEndsOn; q.askProbationOver() {
		if rb, ok := q.rule(RecogniseBranch, end); ok && !q.step.On.Before(end) {
			q.deadline(rb, q.Calendar.AddWorkingDays(end, rb.Value), "gate.recognise.branch", "From", end)
		}
	}
	f, given := q.step.Facts.(RecognitionVoteFacts)
	if given && !f.Adopted {
		q.askVoteNumbers(f.Vote)
		return
	}
	q.askVote(f.Vote, given)
}

// askProbationOver: nobody is recognised before the months of probation are over. It tells whether their
// number is known.
func (q *question) askProbationOver() bool {
	end := q.before.ProbationEndsOn
	r, ok := q.rule(ProbationLength, q.before.JoinedOn)
	if ok {
		q.requires(r, !q.step.On.Before(end), end, "gate.probation", "Months", r.Value, "On", end)
	}
	return ok
}

func askRecognitionDecision(q *question) {
	if q.before.JoinedOn.IsZero() {
		q.needs(Ceremony)
		return
	}
	q.notOfficial()
	if q.before.DecidedAbove() {
		q.askProbationOver() // votes on a removal may have failed before its end
	}
	if q.votedUp() {
		q.askDecisionInTime(DecideOfficial, q.before.recognitionClock())
	}
	if f, ok := q.step.Facts.(RecognitionDecisionFacts); ok {
		q.askDecider(f.Decider)
	}
}

// votedUp asks for the cell's resolution, or for as many failed votes as make the committee above decide.
func (q *question) votedUp() bool {
	if q.before.DecidedAbove() {
		q.askFailedVotes()
		return true
	}
	return q.needs(RecognitionResolution)
}

// askFailedVotes: a cell that found no two thirds so often, for the recognition or for the removal, reports
// it and does not vote again; the
// committee above decides without its resolution (4.2.3).
func (q *question) askFailedVotes() {
	n := q.before.FailedVotes
	if n == 0 {
		return
	}
	if r, ok := q.rule(VoteFails, q.step.On); ok {
		again := q.step.Kind == RecognitionResolution || q.step.Kind == RemovalVote
		q.requires(r, !again || q.before.Upward == nil, Date{}, "gate.vote.failed", "Count", n, "Most", r.Value)
	}
}

func (q *question) notOfficial() {
	if !q.before.OfficialOn.IsZero() {
		q.refuse("gate.already_official", "On", q.before.OfficialOn)
	}
}

// askReceived: a member who was admitted before this register began, or elsewhere.
func askReceived(q *question) {
	q.notMember()
	if q.before.Left != nil {
		q.refuse("gate.received.former", "On", q.before.Left.On)
	}
	f, ok := q.step.Facts.(ReceivedFacts)
	if !ok {
		return
	}
	switch {
	case !f.JoinedOn.Valid():
		q.refuse("gate.received.no_joined")
	case f.JoinedOn.After(q.step.On):
		q.refuse("gate.received.joined_later", "On", q.step.On)
	case f.JoinedOn.Before(q.Person.BirthDate):
		q.refuse("gate.before_birth", "Birth", q.Person.BirthDate)
	case !f.DecidedOn.IsZero() && f.DecidedOn.After(f.JoinedOn):
		q.refuse("gate.received.decided_later")
	case !f.OfficialOn.IsZero() && (f.OfficialOn.After(q.step.On) || f.OfficialOn.Before(f.JoinedOn)):
		q.refuse("gate.received.official_order")
	}
}

func askOverridden(q *question) {
	f, ok := q.step.Facts.(OverriddenFacts)
	if !ok {
		return
	}
	fixed := slices.ContainsFunc(f.Rules, func(id RuleID) bool { return !id.Overridable() })
	if f.For == Overridden || !slices.Contains(StepKinds, f.For) || len(f.Rules) == 0 || fixed {
		q.refuse("gate.override.what")
	}
	if strings.TrimSpace(f.Reason) == "" {
		q.refuse("gate.reason")
	}
}
