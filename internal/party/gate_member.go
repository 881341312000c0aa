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
	end := q.before.ProbationEndsOn
	if r, ok := q.rule(ProbationLength, q.before.JoinedOn); ok {
		q.requires(r, !q.step.On.Before(end), end, "gate.probation", "Months", r.Value, "On", end)
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

func askRecognitionDecision(q *question) {
	if q.before.JoinedOn.IsZero() {
		q.needs(Ceremony)
		return
	}
	q.notOfficial()
	if q.needs(RecognitionResolution) {
		q.askDecisionInTime(DecideOfficial, q.before.RecognitionVote.On)
	}
	if f, ok := q.step.Facts.(RecognitionDecisionFacts); ok {
		q.askDecider(f.Decider)
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
