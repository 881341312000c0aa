package party

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// passed is what somebody has behind him, told without the gates: a plain reading of the Charter.
type passed struct {
	planned, class, dossier, proposed, endorsed, decided, voted bool
	joined                                                      Date
	official                                                    bool
	failed                                                      int     // votes without two thirds
	was                                                         *passed // before he left
	allowed                                                     map[StepKind][]RuleID
}

// next takes one step and tells what is wrong with it, or "".
func (p *passed) next(c Case, s Step) string {
	member := !p.joined.IsZero()
	excused := func(id RuleID) bool { return slices.Contains(p.allowed[s.Kind], id) }
	defer func() {
		if s.Kind != Overridden {
			delete(p.allowed, s.Kind)
		}
	}()
	switch f := s.Facts.(type) {
	case PlanningFacts:
		p.planned = true
	case ClassResultFacts:
		p.class = p.class || f.Passed
	case DossierFacts:
		if !p.planned || !p.class {
			return "a dossier without planning or class"
		}
		p.dossier = true
	case CellVoteFacts:
		if !p.planned || !p.class || !p.dossier {
			return "a cell's vote without planning, class or dossier"
		}
		if f.Adopted {
			if c.Person.BirthDate.AddYears(18).After(s.On) && !excused(AgeMin) {
				return "proposed before he was 18"
			}
			if f.Vote.Official < 3 && !excused(BranchMin) {
				return "proposed by a cell of two"
			}
			if enough := 3*f.Vote.InFavour >= 2*f.Vote.Denominator(c.Book, s.On) && f.Vote.InFavour > 0; !enough && !excused(VoteBranch) {
				return "proposed without two thirds"
			}
			if p.proposed {
				return "proposed twice"
			}
			p.proposed = true
		}
	case EndorsementFacts:
		if !p.proposed {
			return "endorsed without a proposal"
		}
		p.endorsed = true
	case DecisionFacts:
		if !p.proposed || c.Place.HasGrassroots && !p.endorsed || p.decided {
			return "decided without a proposal or an endorsement, or twice"
		}
		p.decided = true
	case CeremonyFacts:
		if !p.decided {
			return "a ceremony without a decision"
		}
		if member {
			return "admitted twice"
		}
		p.joined = s.On
	case ReceivedFacts:
		if member {
			return "received as a member twice"
		}
		p.joined, p.official = f.JoinedOn, !f.OfficialOn.IsZero()
	case RecognitionVoteFacts:
		if !member || p.official {
			return "a vote on recognising somebody who is no probationary member"
		}
		if s.On.Before(p.joined.AddMonths(12)) && !excused(ProbationLength) {
			return "a vote before the 12 months end"
		}
		p.voted = p.voted || f.Adopted
		if !f.Adopted {
			p.failed++
		}
	case RemovalVoteFacts:
		if !member || p.official {
			return "a vote on removing somebody who is no probationary member"
		}
		p.failed++
	case RecognitionDecisionFacts:
		if !p.voted && p.failed < 3 || p.official {
			return "recognised without a vote, or twice"
		}
		if s.On.Before(p.joined.AddMonths(12)) && !excused(ProbationLength) && !p.voted {
			return "recognised before the 12 months end"
		}
		p.official = true
	case LeftFacts:
		if !member {
			return "somebody left who is no member"
		}
		was := *p
		*p = passed{allowed: p.allowed, was: &was}
	case RestoredFacts:
		if p.was == nil || member {
			return "restored without having left"
		}
		*p = *p.was
	case DroppedFacts:
		if member || p.decided {
			return "left the planning after the decision"
		}
		*p = passed{class: p.class, allowed: p.allowed, was: p.was}
	case OverriddenFacts:
		p.allowed[f.For] = append(p.allowed[f.For], f.Rules...)
	}
	if member && s.Kind != MentorAssigned && slices.Index(Path, s.Kind) >= 0 && slices.Index(Path, s.Kind) < slices.Index(Path, Ceremony) {
		return "a candidate's step of a member"
	}
	return ""
}

// No gate is passed by recording in another order, by correcting or by taking back: read from the
// first day to the last, what was accepted follows the Charter.
func TestNoGateIsPassedByAnotherOrder(t *testing.T) {
	reached := map[Stage]int{}
	rapid.Check(t, func(t *rapid.T) {
		came := map[Stage]bool{}
		live(t, func(_, r *register) {
			p := &passed{allowed: map[StepKind][]RuleID{}}
			for _, s := range Active(r.Steps) {
				if wrong := p.next(r.Case, s); wrong != "" {
					t.Fatalf("%s on %s: %s in\n%s", s.Kind, s.On, wrong, told(r.Steps))
				}
			}
			came[r.State().Stage] = true
		})
		for stage := range came {
			reached[stage]++
		}
	})
	for _, stage := range []Stage{StageProposed, StageDecided, StageProbationary} { // else the above proves little
		if reached[stage] == 0 {
			t.Errorf("nobody came to %s: %v", stage, reached)
		}
	}
}
