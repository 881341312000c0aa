package party

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A register of one person, driven by chance: steps, corrections and voidings of any kind on any
// day, in any order of recording. What the gates accept is kept.
type register struct {
	Case
	seq int64
}

func newRegister(t *rapid.T) *register {
	c := caseOf()
	c.Person.BirthDate = MustDate("2003-01-01").AddDays(rapid.IntRange(0, 2500).Draw(t, "born"))
	c.Person.UnionDate = c.Person.BirthDate.AddYears(16)
	c.Place.HasGrassroots = rapid.Bool().Draw(t, "grassroots")
	return &register{Case: c}
}

func (r *register) add(s Step) {
	r.seq++
	s.ID, s.Seq = r.seq, r.seq
	r.Steps = append(slices.Clone(r.Steps), s)
}

// happen draws one event and keeps it if the gates accept it. It tells whether it was kept.
func (r *register) happen(t *rapid.T) bool {
	active := Active(r.Steps)
	switch event := rapid.IntRange(0, 19).Draw(t, "event"); {
	case event == 0 && len(active) > 0:
		old := rapid.SampledFrom(active).Draw(t, "voided")
		if !r.Void(old.ID).Passes() {
			return false
		}
		r.void(old)
	case event == 1 && len(active) > 0:
		old := rapid.SampledFrom(active).Draw(t, "corrected")
		s := Step{Kind: old.Kind, On: old.On.AddDays(rapid.IntRange(-40, 40).Draw(t, "days")), Facts: drawFacts(t, old.Kind, old.On)}
		if !r.Correct(old.ID, s).Passes() {
			return false
		}
		r.void(old)
		r.add(s)
	default:
		s := r.drawStep(t, event)
		if !r.Record(s).Passes() {
			return false
		}
		r.add(s)
	}
	return true
}

func (r *register) void(old Step) {
	r.add(Step{Kind: Voided, On: r.Today, Facts: VoidedFacts{StepID: old.ID, Reason: "Ghi nhầm"}})
}

// ofAnyKind has what cases bring, too.
var ofAnyKind = append(slices.Clone(StepKinds), Left, Restored, RemovalVote)

// drawStep mostly takes the step that is awaited, soon after the last one; else any kind on any day.
func (r *register) drawStep(t *rapid.T, event int) Step {
	kind, on := rapid.SampledFrom(ofAnyKind).Draw(t, "kind"), MustDate("2019-06-01").AddDays(rapid.IntRange(0, 2800).Draw(t, "on"))
	if awaited := r.State().Awaits(r.Place); event > 6 && awaited != "" {
		kind = awaited
		if active := Active(r.Steps); len(active) > 0 {
			on = active[len(active)-1].On.AddDays(rapid.IntRange(0, 60).Draw(t, "after"))
		}
		if end := r.State().ProbationEndsOn; !end.IsZero() && on.Before(end) && event > 9 {
			on = end.AddDays(event - 10)
		}
	}
	if st := r.State(); event > 16 && (st.Stage.Member() || st.Stage == StageFormer) { // seldom drawn, and worth looking at
		kind = map[bool]StepKind{true: Left, false: Restored}[st.Stage.Member()]
		if event == 17 {
			kind = RemovalVote
		}
		on = st.Since.AddDays(rapid.IntRange(1, 90).Draw(t, "of a case"))
	}
	return Step{Kind: kind, On: on, Facts: drawFacts(t, kind, on)}
}

func drawFacts(t *rapid.T, kind StepKind, on Date) Facts {
	usually := func(label string) bool { return rapid.IntRange(0, 7).Draw(t, label) > 0 }
	near := func(label string) Date {
		if !usually(label + " known") {
			return Date{}
		}
		return on.AddDays(rapid.IntRange(-6, 2).Draw(t, label))
	}
	vote := func() Vote {
		n := rapid.IntRange(0, 12).Draw(t, "official")
		v := Vote{Official: n, Present: n, InFavour: n}
		if !usually("most in favour") {
			v.Away, v.InFavour = rapid.IntRange(0, n).Draw(t, "away"), rapid.IntRange(0, n).Draw(t, "in favour")
		}
		return v
	}
	switch kind {
	case Introduced:
		return IntroductionFacts{}
	case Planned:
		return PlanningFacts{}
	case MentorAssigned:
		return MentorFacts{Name: rapid.SampledFrom([]string{"Trần Văn Bình", "Lê Thị Lan"}).Draw(t, "mentor"),
			Instead: rapid.SampledFrom([]string{"", "", "Trần Văn Bình"}).Draw(t, "instead"), Reason: "Chuyển công tác"}
	case Remarked:
		return RemarkFacts{Mentor: "Trần Văn Bình", Progress: GoodProgress}
	case ClassResult:
		return ClassResultFacts{Passed: usually("passed")}
	case DossierComplete:
		d := on.AddDays(-rapid.IntRange(-1, 6).Draw(t, "papers"))
		return DossierFacts{AppliedOn: d, LifeHistoryOn: d, VerifiedOn: near("verified")}
	case CellResolution:
		list := []Introducer{{Kind: ByMember, Name: "Trần Văn Bình"}, {Kind: ByYouthUnion, Name: "Đoàn trường"}}
		if !usually("introducers") {
			list = list[1:]
		}
		return CellVoteFacts{Vote: vote(), Adopted: usually("adopted"), Introducers: list}
	case Endorsed:
		return EndorsementFacts{Members: 9, InFavour: rapid.IntRange(4, 9).Draw(t, "in favour")}
	case Extended:
		return ExtensionFacts{Days: rapid.IntRange(0, 31).Draw(t, "days"), Reason: "Bổ sung hồ sơ"}
	case Decided:
		return DecisionFacts{ReceivedOn: near("received")}
	case Ceremony:
		return CeremonyFacts{ReceivedOn: near("received")}
	case RecognitionResolution:
		return RecognitionVoteFacts{Vote: vote(), Adopted: usually("adopted")}
	case RecognitionDecision:
		return RecognitionDecisionFacts{}
	case Dropped:
		return DroppedFacts{Reason: "Chuyển trường"}
	case Left:
		n := rapid.IntRange(1, 9).Draw(t, "in favour")
		return LeftFacts{Way: rapid.SampledFrom(Ways).Draw(t, "way"), Ground: rapid.SampledFrom([]RuleID{"", RemoveProbationary, RemoveCard}).Draw(t, "ground"),
			Cell: vote(), Base: Ballot{Members: 9, InFavour: n}, Decision: Ballot{Members: 9, InFavour: n}, Decider: DeciderUpperStandingCommittee}
	case Restored:
		return RestoredFacts{Reason: "Khiếu nại đúng"}
	case RemovalVote:
		return RemovalVoteFacts{Vote: vote()}
	case Received:
		return ReceivedFacts{JoinedOn: on.AddDays(-rapid.IntRange(-1, 900).Draw(t, "joined"))}
	}
	rules := []RuleID{AgeMin, VoteBranch, BranchMin, ProbationLength, IntroCount, DateJoined}
	return OverriddenFacts{For: rapid.SampledFrom(StepKinds).Draw(t, "for"),
		Rules: []RuleID{rapid.SampledFrom(rules).Draw(t, "rule")}, Reason: "Theo công văn"}
}

// live lets things happen and calls check after each that was accepted, with the register before it.
func live(t *rapid.T, check func(before, after *register)) {
	r := newRegister(t)
	for n := rapid.IntRange(10, 50).Draw(t, "events"); n > 0; n-- {
		before := &register{Case: r.Case, seq: r.seq}
		if r.happen(t) {
			check(before, r)
		}
	}
}

func TestWhatTheGatesAcceptedIsLegalForGood(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		live(t, func(_, r *register) {
			if bad := r.Illegal(); len(bad) != 0 {
				t.Fatalf("illegal: %+v in\n%s", bad, told(r.Steps))
			}
		})
	})
}

func TestStepsAddUpToTheSameInWhateverOrderTheyAreRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		live(t, func(_, r *register) {
			shuffled := slices.Clone(r.Steps)
			rand.New(rand.NewPCG(seed, 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			if !reflect.DeepEqual(Fold(shuffled, r.Book), r.State()) {
				t.Fatalf("another order adds up to something else:\n%s", told(r.Steps))
			}
			if !slices.Equal(Milestones(Student, shuffled, twoTerms), Milestones(Student, r.Steps, twoTerms)) {
				t.Fatalf("another order counts something else:\n%s", told(r.Steps))
			}
		})
	})
}

func TestVoidingTheLastRecordedStepGivesBackTheStateBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		live(t, func(before, after *register) {
			last := after.Steps[len(after.Steps)-1]
			if last.Kind == Voided || len(after.Steps) != len(before.Steps)+1 { // voided or corrected something
				return
			}
			if v := after.Void(last.ID); !v.Passes() {
				t.Fatalf("the last step is not given back: %+v in\n%s", v.Refusals(), told(after.Steps))
			}
			undone := &register{Case: after.Case, seq: after.seq}
			undone.void(last)
			if !reflect.DeepEqual(undone.State(), before.State()) {
				t.Fatalf("without %s:\n%+v\nbefore it:\n%+v", last.Kind, undone.State(), before.State())
			}
		})
	})
}

// told writes a history down, for the message of a test that fails.
func told(steps []Step) string {
	out := ""
	for _, s := range steps {
		out += fmt.Sprintf("  %d %s %s %+v\n", s.ID, s.On, s.Kind, s.Facts)
	}
	return out
}
