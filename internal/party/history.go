package party

import (
	"cmp"
	"slices"
)

// State is what a person's steps add up to. The step pointers are the ones that hold at the end:
// leaving the planning clears those of the path to admission, but not a class that was finished.
type State struct {
	Stage Stage
	Since Date

	Introduced, Planned, Mentor, Class, Dossier *Step
	Resolution, Endorsed, Decided, Ceremony     *Step
	RecognitionVote, Recognised                 *Step
	Dropped, Received, Away, Left               *Step
	Former                                      *State // what a member was who left; nil of others

	Mentors      []Mentorship // who helps now
	LastRemark   Date         // the newest remark of a mentor; zero when there is none
	FailedVotes  int          // of the cell on the recognition, or on the removal, without enough votes in favour
	Upward       *Step        // the failed vote after which the committee above decides; nil before it
	ExtendedDays int          // working days by which the awaited decision was given more time

	JoinedOn        Date // the ceremony
	ProbationEndsOn Date // joined + probation.len; the official date, however late the recognition
	OfficialOn      Date // zero until the recognition decision exists
	PartyAgeFrom    Date // the admission decision's date, once recognised
}

// Active gives the steps that hold: neither voided nor voiding others, in the order in which they
// happened. Steps of one day are ordered by what usually comes first.
func Active(steps []Step) []Step {
	voided := map[int64]bool{}
	for _, s := range steps {
		if f, ok := s.Facts.(VoidedFacts); ok {
			voided[f.StepID] = true
		}
	}
	var out []Step
	for _, s := range steps {
		if s.Kind != Voided && !voided[s.ID] {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, inOrder)
	return out
}

func inOrder(a, b Step) int {
	return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.Kind.rank(), b.Kind.rank()), cmp.Compare(a.Seq, b.Seq))
}

// Fold gives the state that steps add up to under the rules of their days.
func Fold(steps []Step, book *Rulebook) State {
	return fold(Active(steps), book)
}

func fold(active []Step, book *Rulebook) State {
	st := State{Stage: StageRegistered}
	for i := range active {
		st.apply(&active[i], book)
	}
	return st
}

func (st *State) apply(s *Step, book *Rulebook) {
	switch s.Kind {
	case Introduced:
		st.Introduced, st.Dropped = s, nil
	case Planned:
		st.Planned, st.Dropped = s, nil
	case MentorAssigned:
		st.Mentor = s
		st.assign(s)
	case Remarked:
		st.LastRemark = s.On
	case ClassResult:
		if f, ok := s.Facts.(ClassResultFacts); ok && f.Passed {
			st.Class = s
		}
	case DossierComplete:
		st.Dossier = s
	case CellResolution:
		if f, ok := s.Facts.(CellVoteFacts); ok && f.Adopted {
			st.Resolution = s
		}
	case Endorsed:
		st.Endorsed = s
	case Extended:
		if f, ok := s.Facts.(ExtensionFacts); ok {
			st.ExtendedDays += f.Days
		}
	case Decided:
		st.Decided, st.ExtendedDays = s, 0
	case Ceremony:
		st.Ceremony, st.JoinedOn = s, s.On
		st.ProbationEndsOn = probationEnd(s.On, book)
	case RecognitionResolution:
		st.vote(s, book)
	case RemovalVote:
		st.failed(s, book)
	case RecognitionDecision:
		st.Recognised, st.OfficialOn, st.Mentors = s, st.ProbationEndsOn, nil
		if st.Decided != nil {
			st.PartyAgeFrom = st.Decided.On
		} else if st.Received != nil {
			st.PartyAgeFrom = st.Received.Facts.(ReceivedFacts).DecidedOn
		}
	case Dropped:
		*st = State{Class: st.Class, Dropped: s, Left: st.Left, Former: st.Former}
	case Received:
		st.receive(s, book)
	case Moved:
		st.Mentors = nil // they belong to the cell that was left
	case MovedOut:
		st.Mentors, st.Away = nil, s
	case Left:
		st.leave(s)
	case Restored:
		st.restore()
	}
	st.settle()
}

// vote takes the cell's vote on a recognition.
func (st *State) vote(s *Step, book *Rulebook) {
	f, ok := s.Facts.(RecognitionVoteFacts)
	switch {
	case !ok:
	case f.Adopted:
		st.RecognitionVote, st.ExtendedDays = s, 0
	default:
		st.failed(s, book)
	}
}

// failed takes a vote on a recognition or on a removal without two thirds. After so many of them, for
// which vote.fail3 of the last one's day stands, the cell has done what it could: the committee above
// decides, either way.
func (st *State) failed(s *Step, book *Rulebook) {
	st.FailedVotes++
	if r, known := book.On(VoteFails, s.On); known && st.FailedVotes >= r.Value {
		st.Upward = s
	}
}

// VotedUp gives the cell's vote after which the decision on a recognition is awaited from above: the
// one that was adopted, or the last one that failed; nil while the cell has to vote.
func (st State) VotedUp() *Step {
	if st.RecognitionVote != nil {
		return st.RecognitionVote
	}
	return st.Upward
}

func (st *State) receive(s *Step, book *Rulebook) {
	f, ok := s.Facts.(ReceivedFacts)
	if !ok {
		return
	}
	st.Received, st.JoinedOn = s, f.JoinedOn
	st.ProbationEndsOn = probationEnd(f.JoinedOn, book)
	if !f.OfficialOn.IsZero() {
		st.OfficialOn, st.PartyAgeFrom = f.OfficialOn, f.DecidedOn
	}
}

// extended gives a rule on the time to decide with the working days that were added to it.
func (st *State) extended(r Rule) Rule {
	r.Value += st.ExtendedDays
	return r
}

// probationEnd gives the day on which probation ends: the ceremony's day some months later.
func probationEnd(joined Date, book *Rulebook) Date {
	r, ok := book.On(ProbationLength, joined)
	if !ok {
		return Date{}
	}
	return joined.AddMonths(r.Value)
}

// settle sets the stage to the furthest that was reached, and since when.
func (st *State) settle() {
	st.Stage, st.Since = StageRegistered, Date{}
	reach := func(s *Step, stage Stage) {
		if s != nil {
			st.Stage, st.Since = stage, s.On
		}
	}
	reach(st.Dropped, StageDropped)
	reach(st.Left, StageFormer)
	reach(st.Away, StageAway)
	if st.Dropped != nil || st.Away != nil || st.out() {
		return
	}
	reach(st.Introduced, StageIntroduced)
	reach(st.Planned, StagePlanned)
	reach(st.Class, StageTrained)
	reach(st.Dossier, StageDossier)
	reach(st.Resolution, StageProposed)
	reach(st.Endorsed, StageEndorsed)
	reach(st.Decided, StageDecided)
	if !st.JoinedOn.IsZero() {
		st.Stage, st.Since = StageProbationary, st.JoinedOn
	}
	if !st.OfficialOn.IsZero() {
		st.Stage, st.Since = StageOfficial, st.OfficialOn
	}
}

// Path is the usual way from the first entry to official member, as kinds of steps.
var Path = []StepKind{Introduced, Planned, MentorAssigned, ClassResult, DossierComplete,
	CellResolution, Endorsed, Decided, Ceremony, RecognitionResolution, RecognitionDecision}

// Of gives the step of a kind on the path that holds now, or nil.
func (st State) Of(k StepKind) *Step {
	switch k {
	case Introduced:
		return st.Introduced
	case Planned:
		return st.Planned
	case MentorAssigned:
		return st.Mentor
	case ClassResult:
		return st.Class
	case DossierComplete:
		return st.Dossier
	case CellResolution:
		return st.Resolution
	case Endorsed:
		return st.Endorsed
	case Decided:
		return st.Decided
	case Ceremony:
		return st.Ceremony
	case RecognitionResolution:
		return st.RecognitionVote
	case RecognitionDecision:
		return st.Recognised
	}
	return nil
}

// Awaits gives the step that should come next, or "" when the path is finished. A step that was
// left out is not awaited once a later one that does not need it stands: a class may come before
// the introduction, and older records lack a mentor.
func (st State) Awaits(place Place) StepKind {
	if !st.OfficialOn.IsZero() || st.Away != nil || st.out() {
		return ""
	}
	if !st.JoinedOn.IsZero() {
		if st.VotedUp() == nil {
			return RecognitionResolution
		}
		return RecognitionDecision
	}
	if st.Dropped != nil {
		return "" // may be planned again, but nobody waits for it
	}
	for _, k := range []StepKind{Decided, Endorsed, CellResolution, DossierComplete} {
		if st.Of(k) != nil {
			return st.after(k, place)
		}
	}
	for _, k := range Path {
		if st.Of(k) == nil {
			return k
		}
	}
	return ""
}

func (st State) after(k StepKind, place Place) StepKind {
	switch k {
	case Decided:
		return Ceremony
	case Endorsed:
		return Decided
	case DossierComplete:
		return CellResolution
	}
	if !place.HasGrassroots {
		return Decided
	}
	return Endorsed
}
