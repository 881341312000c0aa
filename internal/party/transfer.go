package party

import (
	"slices"
	"strings"
)

// TransferKind tells what a paper is for: members are transferred, of a candidate the file is handed over.
type TransferKind string

// The kinds.
const (
	TransferCandidate TransferKind = "candidate" // giới thiệu quần chúng đang theo dõi
	TransferMember    TransferKind = "member"    // giới thiệu sinh hoạt đảng
)

// TransferKinds lists the kinds.
var TransferKinds = []TransferKind{TransferCandidate, TransferMember}

// TransferKindAt gives the kind of the paper of somebody at a stage.
func TransferKindAt(s Stage) TransferKind {
	if s.Member() {
		return TransferMember
	}
	return TransferCandidate
}

// TransferForm tells for how long and how far a member is transferred.
type TransferForm string

// The forms. Whoever goes for a time stays counted where he was.
const (
	TransferOfficial  TransferForm = "official"  // chính thức
	TransferInternal  TransferForm = "internal"  // nội bộ đảng bộ cơ sở
	TransferTemporary TransferForm = "temporary" // tạm thời
	TransferAbroad    TransferForm = "abroad"    // ra ngoài nước
)

// TransferForms lists those among which one chooses; that a transfer is internal follows from where it
// leads.
var TransferForms = []TransferForm{TransferOfficial, TransferTemporary, TransferAbroad}

// LeavesAtOnce tells whether somebody leaves with the letter to an organisation outside: a candidate
// does, a member counts until his arrival is confirmed.
func (k TransferKind) LeavesAtOnce() bool { return k == TransferCandidate }

// TransferState is where a transfer stands.
type TransferState string

// The states. A transfer is open while it is issued or presented; until it is accepted the person
// counts where he was.
const (
	TransferIssued    TransferState = "issued"    // the paper is written
	TransferPresented TransferState = "presented" // shown to the organisation that is to receive
	TransferAccepted  TransferState = "accepted"  // received: from this day on the person counts there
	TransferRefused   TransferState = "refused"   // sent back
	TransferCancelled TransferState = "cancelled" // taken back by who issued it
	TransferReturned  TransferState = "returned"  // back from a temporary one
)

// Open tells whether a transfer in this state is still on its way.
func (s TransferState) Open() bool { return s == TransferIssued || s == TransferPresented }

// TransferStates lists the states in the order in which pages show them.
var TransferStates = []TransferState{TransferIssued, TransferPresented, TransferAccepted, TransferRefused, TransferCancelled, TransferReturned}

// Back gives the state after an act on a temporary transfer that was accepted: who went comes back.
func (s TransferState) Back(act TransferState) (TransferState, bool) {
	return act, s == TransferAccepted && act == TransferReturned
}

// AfterOutside is After for a letter to an organisation that is not in the register: who issued it
// confirms the arrival, or cancels it.
func (s TransferState) AfterOutside(act TransferState) (TransferState, bool) {
	switch act {
	case TransferIssued:
		return act, s == ""
	case TransferAccepted, TransferCancelled:
		return act, s == TransferIssued
	}
	return s, false
}

// After gives the state after an act on a transfer between organisations of the register; the act is
// named like the state it leads to. False where it does not fit.
func (s TransferState) After(act TransferState) (TransferState, bool) {
	switch act {
	case TransferIssued:
		return act, s == ""
	case TransferPresented:
		return act, s == TransferIssued
	case TransferAccepted, TransferRefused:
		return act, s == TransferPresented
	case TransferCancelled:
		return act, s.Open()
	}
	return s, false
}

// Receives tells whether an act is one of the side that is to receive; the others are of the side
// that issued.
func (s TransferState) Receives() bool {
	return s == TransferPresented || s == TransferAccepted || s == TransferRefused
}

// StartBy gives the day by which a transfer begins after a move or a change of work, by the rule of that
// day; false where no rule says.
func StartBy(book *Rulebook, calendar *Calendar, moved Date) (Date, Rule, bool) {
	r, ok := book.On(TransferStart, moved)
	if !ok {
		return Date{}, r, false
	}
	return calendar.AddWorkingDays(moved, r.Value), r, true
}

// PresentBy gives the day by which the paper of a transfer is shown to who is to receive, by the rule
// of the day it was issued; false where no rule says.
func PresentBy(book *Rulebook, calendar *Calendar, issued Date) (Date, Rule, bool) {
	r, ok := book.On(TransferPresent, issued)
	if !ok {
		return Date{}, r, false
	}
	return calendar.AddWorkingDays(issued, r.Value), r, true
}

// MovedFacts say from where to where somebody was transferred, and by which paper.
type MovedFacts struct {
	From       int32 `json:"from"`
	To         int32 `json:"to"`
	TransferID int64 `json:"transfer_id"`
}

// Kind tells which step these facts belong to.
func (MovedFacts) Kind() StepKind { return Moved }

func askMoved(q *question) {
	if f, ok := q.step.Facts.(MovedFacts); ok && f.From == f.To {
		q.refuse("gate.moved.same")
	}
}

// MovedOutFacts say where somebody went who left the register, and by which letter.
type MovedOutFacts struct {
	To         string `json:"to"`
	TransferID int64  `json:"transfer_id"`
}

// Kind tells which step these facts belong to.
func (MovedOutFacts) Kind() StepKind { return MovedOut }

func askMovedOut(q *question) {
	if f, ok := q.step.Facts.(MovedOutFacts); ok && strings.TrimSpace(f.To) == "" {
		q.refuse("gate.moved.nowhere")
	}
}

// OrgOn gives the one organisation at which somebody counts on a day: where the last transfer or the last
// rearrangement of that day or before led, or from where the first one led away. It is 0 from the day on
// which he left by a letter. Who was never moved counts where he is. Passages are given from old to new
// and come before the steps of their day.
func OrgOn(steps []Step, now int32, day Date, passages ...Passage) int32 {
	org, moved := now, false
	move := func(from, to int32, on Date) {
		if !moved {
			org, moved = from, true
		}
		if !on.After(day) {
			org = to
		}
	}
	out := false
	for _, s := range Active(steps) {
		for ; len(passages) > 0 && !passages[0].On.After(s.On); passages = passages[1:] {
			move(passages[0].From, passages[0].To, passages[0].On)
		}
		switch f := s.Facts.(type) {
		case MovedFacts:
			move(f.From, f.To, s.On)
		case MovedOutFacts:
			out = out || !s.On.After(day)
		}
	}
	for _, p := range passages {
		move(p.From, p.To, p.On)
	}
	if out {
		return 0
	}
	return org
}

// LastDay gives the day of the newest step that holds; zero where there is none.
func LastDay(steps []Step) Date {
	active := Active(steps)
	if len(active) == 0 {
		return Date{}
	}
	return slices.MaxFunc(active, func(a, b Step) int { return a.On.Compare(b.On) }).On
}
