package party

import "slices"

// SubmissionState is where a dossier that was handed up stands.
type SubmissionState string

// The states. A dossier is on its way while it waits, is accepted or was returned.
const (
	SubmissionWaiting   SubmissionState = "waiting"   // handed in, not looked at yet
	SubmissionAccepted  SubmissionState = "accepted"  // the level works on it
	SubmissionReturned  SubmissionState = "returned"  // back with the cell, with what is missing
	SubmissionWithdrawn SubmissionState = "withdrawn" // taken back by the cell
	SubmissionDecided   SubmissionState = "decided"   // the decision was recorded
	SubmissionDropped   SubmissionState = "dropped"   // the person left the planning
)

// SubmissionStates lists the states in the order in which pages show them.
var SubmissionStates = []SubmissionState{SubmissionWaiting, SubmissionAccepted, SubmissionReturned, SubmissionDecided, SubmissionWithdrawn, SubmissionDropped}

// Open tells whether a dossier in this state is on its way.
func (s SubmissionState) Open() bool {
	return s == SubmissionWaiting || s == SubmissionAccepted || s == SubmissionReturned
}

// SubmissionAct is what is done with a dossier on its way.
type SubmissionAct string

// The acts. HandedOn goes one level up; it accepts what waits.
const (
	HandedIn   SubmissionAct = "handed_in"
	AcceptedIt SubmissionAct = "accepted"
	ReturnedIt SubmissionAct = "returned"
	HandedOn   SubmissionAct = "handed_on"
	Withdrawn  SubmissionAct = "withdrawn"
	ClosedIt   SubmissionAct = "closed"
	ReopenedIt SubmissionAct = "reopened"
)

// After gives the state after an act on a dossier; false where the act does not fit its state.
func (s SubmissionState) After(act SubmissionAct) (SubmissionState, bool) {
	switch act {
	case HandedIn:
		return SubmissionWaiting, s == "" || s == SubmissionReturned
	case AcceptedIt:
		return SubmissionAccepted, s == SubmissionWaiting
	case ReturnedIt:
		return SubmissionReturned, s == SubmissionWaiting || s == SubmissionAccepted
	case HandedOn:
		return SubmissionWaiting, s == SubmissionWaiting || s == SubmissionAccepted
	case Withdrawn:
		return SubmissionWithdrawn, s.Open()
	}
	return s, false
}

// RouteUp gives the organisations that a dossier passes on its way from a cell, given by itself and
// all above it from the top down: the sectional committee where there is one, the grassroots
// committee, and the first committee above them.
func RouteUp(kinds []OrgKind) []int {
	var out []int
	for i := len(kinds) - 2; i >= 0; i-- {
		switch kinds[i] {
		case SectionalCommittee, GrassrootsCommittee:
			out = append(out, i)
		case UpperCommittee:
			return append(out, i)
		}
	}
	return out
}

// SubmissionEnd gives the step that ends the way of a dossier, with the state in which it ends; nil
// while it goes on.
func (st State) SubmissionEnd(stage DossierStage) (*Step, SubmissionState) {
	if end := st.Ends(stage); end != nil {
		return end, SubmissionDecided
	}
	if st.out() {
		if end, state := st.Former.SubmissionEnd(stage); end != nil {
			return end, state
		}
		return st.Left, SubmissionDropped
	}
	return st.Dropped, SubmissionDropped
}

// EndsWith tells whether the way of a dossier can have ended in this state by a step of a kind.
func (s SubmissionState) EndsWith(stage DossierStage, by StepKind) bool {
	switch {
	case s == SubmissionDropped:
		return by == Dropped || by == Left
	case s != SubmissionDecided:
		return false
	case stage == RecognitionDossier:
		return by == RecognitionDecision
	}
	return by == Decided || by == Received
}

// Submit tells what speaks against handing a dossier up: what refuses it, and what is missing and
// only warns, since the level above may return it.
func (c Case) Submit(list Checklist) Verdict {
	v, st := Verdict{On: c.Today}, c.State()
	refuse := func(yes bool, key string, args ...any) {
		if yes {
			v.Conditions = append(v.Conditions, Condition{Key: key, Args: args, Outcome: NotMet, Refuses: true})
		}
	}
	end, state := st.SubmissionEnd(list.Stage)
	refuse(end != nil && state == SubmissionDecided, "gate.submission.decided")
	refuse(end != nil && state == SubmissionDropped, "gate.submission.dropped")
	vote, need := st.Resolution, CellResolution
	if list.Stage == RecognitionDossier {
		vote, need = st.VotedUp(), RecognitionResolution
		refuse(st.JoinedOn.IsZero(), "gate.submission.no_member")
	} else {
		refuse(end == nil && st.Planned == nil, "gate.submission.not_planned")
	}
	if vote == nil && v.Passes() {
		v.Conditions = append(v.Conditions, Condition{Key: "gate.submission.no_vote", Args: []any{"Kind", need}, Outcome: NotMet})
	}
	if v.Passes() {
		v.Conditions = append(v.Conditions, list.Conditions(DueByCell)...)
	}
	return v
}

// DecisionDue gives the day by which the decision on a dossier should come, by the rule of the cell's
// resolution; false where none was recorded or no rule says.
func (c Case) DecisionDue() (Deadline, bool) {
	d, ok := c.Deadline()
	return d, ok && slices.Contains([]StepKind{Endorsed, Decided, RecognitionDecision}, d.Kind)
}

// WorkingDays counts the working days after a day, up to another one and with it.
func (c *Calendar) WorkingDays(from, until Date) (n int) {
	for d := from.AddDays(1); !d.After(until); d = d.AddDays(1) {
		if c.IsWorking(d) {
			n++
		}
	}
	return n
}
