package party

import (
	"slices"
	"strings"
)

// Way is how somebody stops being a member.
type Way string

// The ways out.
const (
	WayRemoved  Way = "removed"  // xóa tên
	WayExpelled Way = "expelled" // khai trừ
	WayAsked    Way = "asked"    // xin ra khỏi Đảng
	WayDied     Way = "died"     // từ trần
)

// Ways lists the ways in the order in which pages show them.
var Ways = []Way{WayRemoved, WayExpelled, WayAsked, WayDied}

// Votes tells whether the levels vote on this way out and a committee decides.
func (w Way) Votes() bool { return w != WayDied }

// Grounds gives the rules that are grounds for this way out, of a member at a stage; empty where none
// is named.
func (w Way) Grounds(s Stage) []RuleID {
	switch {
	case w != WayRemoved:
		return nil
	case s == StageProbationary:
		return []RuleID{RemoveProbationary}
	}
	return []RuleID{RemoveSilent, RemoveCard, RemoveWill, RemoveRated, RemoveStandards}
}

// Circumstance is what about a departure bears on coming back.
type Circumstance string

// The circumstances. None is the usual.
const (
	CircumstanceNone       Circumstance = ""
	CircumstanceHardship   Circumstance = "hardship"   // a very hard family case, of who asked to leave
	CircumstanceDisunity   Circumstance = "disunity"   // grave disunity
	CircumstanceCorruption Circumstance = "corruption" // convicted of corruption
	CircumstanceMinor      Circumstance = "minor"      // convicted of a minor offence
	CircumstanceSerious    Circumstance = "serious"    // convicted of a serious crime or worse
)

// Circumstances lists them in the order in which pages show them.
var Circumstances = []Circumstance{CircumstanceNone, CircumstanceHardship, CircumstanceDisunity, CircumstanceCorruption,
	CircumstanceMinor, CircumstanceSerious}

// Ballot is a vote of a committee, of all its members.
type Ballot struct {
	Members  int `json:"members"`
	InFavour int `json:"in_favour"`
}

// LeftFacts say how and why somebody stopped being a member, and how each level voted.
type LeftFacts struct {
	Way          Way          `json:"way"`
	Ground       RuleID       `json:"ground,omitempty"`
	Circumstance Circumstance `json:"circumstance,omitempty"`
	Silent       int          `json:"silent,omitempty"` // the most months of one year without activity, or without dues
	Rated        int          `json:"rated,omitempty"`  // the most years in a row at the lowest level
	Cell         Vote         `json:"cell,omitzero"`
	Base         Ballot       `json:"base,omitzero"`     // of the grassroots committee that proposes
	Decision     Ballot       `json:"decision,omitzero"` // of who decides
	Decider      string       `json:"decider,omitempty"`
	CaseID       int64        `json:"case_id,omitempty"`
}

// RestoredFacts say why somebody is a member again as if he had never left.
type RestoredFacts struct {
	Reason string `json:"reason"`
	CaseID int64  `json:"case_id,omitempty"`
}

// Kind tells which step these facts belong to.
func (LeftFacts) Kind() StepKind { return Left }

// Kind tells which step these facts belong to.
func (RestoredFacts) Kind() StepKind { return Restored }

// leave ends a membership and keeps what it was, so that it can be restored.
func (st *State) leave(s *Step) {
	was := *st
	*st = State{Left: s, Former: &was}
}

// restore takes a departure back: stage, days and membership age are as they were.
func (st *State) restore() {
	if st.Former != nil {
		*st = *st.Former
	}
}

// out tells whether somebody left and has not begun anew.
func (st *State) out() bool { return st.Left != nil && st.Introduced == nil && st.Planned == nil }

func askLeft(q *question) {
	if q.before.JoinedOn.IsZero() {
		q.refuse("gate.left.no_member")
		return
	}
	f, given := q.step.Facts.(LeftFacts)
	if !given {
		return
	}
	if !slices.Contains(Ways, f.Way) || !slices.Contains(Circumstances, f.Circumstance) {
		q.refuse("gate.left.way")
		return
	}
	q.askGround(f)
	if f.Way == WayExpelled && q.before.OfficialOn.IsZero() {
		r, _ := q.Book.On(DisciplineKinds, q.step.On)
		q.requires(r, false, Date{}, "gate.left.expelled_probationary")
	}
	if f.Way == WayRemoved || f.Way == WayExpelled {
		q.askRemovalVotes(f)
	}
}

// askGround: who is removed is removed for one of the grounds of the day; the first one needs its months.
func (q *question) askGround(f LeftFacts) {
	grounds := f.Way.Grounds(q.before.Stage)
	if len(grounds) == 0 && f.Ground == "" {
		return
	}
	if !slices.Contains(grounds, f.Ground) {
		q.refuse("gate.left.ground")
		return
	}
	r, ok := q.rule(f.Ground, q.step.On)
	if ok && f.Ground == RemoveSilent {
		q.requires(r, f.Silent >= r.Value, Date{}, "gate.left.silent", "Months", f.Silent, "Needed", r.Value)
	}
	if ok && f.Ground == RemoveRated {
		q.askRated(r, f.Rated)
	}
}

// askRated: so many years in a row at the lowest level. Years that were rated on paper before are not
// known here, and do not stand against it.
func (q *question) askRated(r Rule, years int) {
	if years >= r.Value {
		q.requires(r, true, Date{}, "gate.left.rated", "Years", years, "Needed", r.Value)
		return
	}
	q.unknown(r, "gate.left.rated", "Years", years, "Needed", r.Value)
}

// askRemovalVotes: at least two thirds of the cell's official members and of the grassroots committee
// propose it; a committee above decides with more than half, a grassroots committee that is authorised
// with two thirds.
func (q *question) askRemovalVotes(f LeftFacts) {
	share, ok := q.rule(RemoveVotes, q.step.On)
	if f.Way == WayRemoved && q.before.DecidedAbove() {
		q.askFailedVotes() // of a probationary member the committee above decides, either way
	} else if ok && q.askVoteNumbers(f.Cell) {
		of := f.Cell.Denominator(q.Book, q.step.On)
		needed := max(share.Needed(of), 1)
		q.requires(share, f.Cell.InFavour >= needed, Date{}, "gate.vote.branch", "InFavour", f.Cell.InFavour, "Of", of, "Needed", needed)
	}
	if ok && q.Place.HasGrassroots {
		q.askBallot("gate.vote.committee", share, f.Base, share.Needed(f.Base.Members))
	}
	if f.Decider != DeciderUpperStandingCommittee {
		q.askBallot("gate.vote.decider", share, f.Decision, share.Needed(f.Decision.Members))
	} else if half, ok := q.rule(VoteStanding, q.step.On); ok {
		q.askBallot("gate.vote.decider", half, f.Decision, f.Decision.Members/2+1)
	}
}

func (q *question) askBallot(key string, r Rule, b Ballot, needed int) {
	switch {
	case b.Members < 0 || b.InFavour < 0 || b.InFavour > b.Members:
		q.refuse("gate.vote.more_in_favour")
	case b.Members == 0:
		q.unknown(r, key+"_unknown")
	default:
		q.requires(r, b.InFavour >= needed, Date{}, key, "InFavour", b.InFavour, "Of", b.Members, "Needed", needed)
	}
}

func askRestored(q *question) {
	switch left := q.before.Left; {
	case !q.before.out():
		q.refuse("gate.restored.not_left")
	case wayOf(left) == WayDied:
		q.refuse("gate.died", "On", left.On)
	case !q.step.On.After(left.On):
		q.refuse("gate.restored.before", "On", left.On)
	}
	if f, ok := q.step.Facts.(RestoredFacts); ok && strings.TrimSpace(f.Reason) == "" {
		q.refuse("gate.reason")
	}
}

func wayOf(left *Step) Way {
	if left == nil {
		return ""
	}
	f, _ := left.Facts.(LeftFacts)
	return f.Way
}

// askReadmission: who was a member may begin anew once, after the months of readmit.wait, unless the
// way he left bars him.
func (q *question) askReadmission() {
	left := q.before.Left
	if left == nil {
		return
	}
	f, _ := left.Facts.(LeftFacts)
	if q.before.Former.Left != nil {
		r, _ := q.Book.On(ReadmitOnce, q.step.On)
		q.requires(r, false, Date{}, "gate.readmit.once")
	}
	if r, ok := q.rule(ReadmitBarred, q.step.On); ok {
		q.requires(r, !f.bars(), Date{}, "gate.readmit.barred")
	}
	if r, ok := q.rule(ReadmitWait, q.step.On); ok {
		from := left.On.AddMonths(r.Value)
		q.requires(r, !q.step.On.Before(from), from, "gate.readmit.wait", "Months", r.Value, "Left", left.On, "From", from)
	}
	if r, ok := q.Book.On(ReadmitCrime, q.step.On); ok && f.Circumstance == CircumstanceMinor {
		q.unknown(r, "gate.readmit.crime", "Months", r.Value)
	}
	q.askConsent()
}

// askConsent: who was a member before is admitted again with the written consent of the provincial
// standing committee. The paper may be there and not entered: it is asked for, and refuses nothing.
func (q *question) askConsent() {
	left := q.before.Left
	r, ok := q.Book.On(ReadmitConsent, q.step.On)
	if left == nil || !ok {
		return
	}
	switch d := q.Consent; {
	case d.State != DocumentPresent || q.before.ofTheFirstTime(d):
		q.unknown(r, "gate.readmit.consent")
	case d.Number == "" || d.Dated.IsZero() || d.Issuer == "":
		q.unknown(r, "gate.readmit.consent_incomplete")
	case q.step.Kind == Decided && d.Dated.After(q.step.On):
		q.unknown(r, "gate.readmit.consent_later", "Number", d.Number, "Dated", d.Dated)
	default:
		q.requires(r, true, Date{}, "gate.readmit.consent", "Number", d.Number, "Dated", d.Dated, "Issuer", d.Issuer)
	}
}

// Readmissions gives the decisions and ceremonies among somebody's steps by which he is admitted again.
func Readmissions(steps []Step) map[int64]bool {
	out, left := map[int64]bool{}, false
	for _, s := range Active(steps) {
		switch s.Kind {
		case Left:
			left = true
		case Restored:
			left = false
		case Decided, Ceremony:
			if left {
				out[s.ID] = true
			}
		}
	}
	return out
}

// bars tells whether somebody who left like this is never admitted again.
func (f LeftFacts) bars() bool {
	switch f.Circumstance {
	case CircumstanceDisunity, CircumstanceCorruption, CircumstanceSerious:
		return true
	}
	return f.Ground == RemoveSilent || f.Way == WayAsked && f.Circumstance != CircumstanceHardship
}

// AppealBy gives the last day of an appeal against a removal or an expulsion of which somebody was told;
// false where none is provided for.
func AppealBy(book *Rulebook, calendar *Calendar, w Way, told Date) (Date, Rule, bool) {
	switch w {
	case WayRemoved:
		r, ok := book.On(RemoveAppeal, told)
		return calendar.AddWorkingDays(told, r.Value), r, ok
	case WayExpelled:
		r, ok := book.On(DisciplineAppeal, told)
		return told.AddDays(r.Value), r, ok
	}
	return Date{}, Rule{}, false
}

// MostSilent gives the most months of one calendar year.
func MostSilent(months []Date) int {
	count, most := map[int]int{}, 0
	seen := map[Date]bool{}
	for _, m := range months {
		if m = MonthOf(m); seen[m] {
			continue
		}
		seen[m] = true
		count[m.Year]++
		most = max(most, count[m.Year])
	}
	return most
}
