package party

import "strings"

// maxExtension bounds what can be meant by days of an extension, whatever the rule allows.
const maxExtension = 365

// askExtended: in special cases those who decide on an admission or a recognition have up to the
// days of decide.extend more, by the rule of the day of the cell's vote.
func askExtended(q *question) {
	vote, id := q.awaitedDecision()
	if vote == nil {
		return
	}
	q.askDecisionInTime(id, vote.On)
	f, given := q.step.Facts.(ExtensionFacts)
	r, ok := q.rule(DecideExtend, vote.On)
	switch {
	case !given:
		return
	case f.Days < 1 || f.Days > maxExtension:
		q.refuse("gate.extend.days", "Max", maxExtension)
	case ok:
		days := q.before.ExtendedDays + f.Days
		q.requires(r, days <= r.Value, Date{}, "gate.extend.most", "Days", r.Value, "Asked", days)
	}
	if strings.TrimSpace(f.Reason) == "" {
		q.refuse("gate.reason")
	}
}

// awaitedDecision gives the cell's vote from which the time to decide runs, and the rule that sets
// it; nil, with the reason, where no decision is awaited.
func (q *question) awaitedDecision() (*Step, RuleID) {
	if !q.before.JoinedOn.IsZero() {
		q.notOfficial()
		if q.before.OfficialOn.IsZero() && q.votedUp() {
			return q.before.VotedUp(), DecideOfficial
		}
		return nil, ""
	}
	if s := q.before.Decided; s != nil {
		q.refuse("gate.already", "Kind", Decided, "On", s.On)
		return nil, ""
	}
	if q.needs(CellResolution) {
		return q.before.Resolution, DecideAdmit
	}
	return nil, ""
}
