package party

import (
	"cmp"
	"slices"
)

// WarningKind is of what a warning about a member tells.
type WarningKind string

// The kinds of warnings.
const (
	WarnInactive    WarningKind = "inactive"    // months without activity
	WarnUnpaid      WarningKind = "unpaid"      // months without dues
	WarnProbation   WarningKind = "probation"   // probation ends soon
	WarnRecognition WarningKind = "recognition" // recognition is late
	WarnNoClass     WarningKind = "no_class"    // the new-member class was missed
	WarnRemark      WarningKind = "remark"      // the mentor's remark is overdue
	WarnNoTask      WarningKind = "no_task"     // the cell has given nothing to do for long
)

// WarningKinds lists the kinds, the gravest first.
var WarningKinds = []WarningKind{WarnInactive, WarnUnpaid, WarnRecognition, WarnProbation, WarnNoClass, WarnRemark, WarnNoTask}

// SilentMonth is a month in which a member did not come, or did not pay, and the day on which that
// was certain.
type SilentMonth struct{ Month, Day Date }

// MemberLife is what the warnings about a member look at.
type MemberLife struct {
	Stage          Stage
	JoinedOn       Date
	RemarkDue      Date // of his mentors; zero where none is awaited
	TaskFree       Date // since when he has no task; zero where he has one, or was never given any and is official
	RecognitionDue Date // zero where none is awaited
	Inactive       []SilentMonth
	Unpaid         []SilentMonth
}

// Warning is something about a member that somebody should look after. A level of three months
// without activity or dues is a ground for removal (remove.ground.1).
type Warning struct {
	Kind  WarningKind
	Level int  // of several that follow each other, from 1
	From  Date // the cell is told
	Base  Date // the grassroots organisation is told; zero = never
	Upper Date // the committee above is told; zero = never
	Until Date // from this day on it says nothing more; zero = until it is put right
}

// Warnings gives everything that is, was or will be told of a member if nothing more happens to him.
// It does not depend on the day on which it is asked, so that it may be stored.
func Warnings(l MemberLife, book *Rulebook) []Warning {
	if !l.Stage.Member() {
		return nil
	}
	w := warner{l, book}
	var out []Warning
	out = append(out, w.silence(WarnInactive, l.Inactive)...)
	out = append(out, w.silence(WarnUnpaid, l.Unpaid)...)
	if !l.TaskFree.IsZero() {
		if r, ok := book.On(WarnTask, l.TaskFree); ok {
			out = append(out, w.rising(WarnNoTask, l.TaskFree.AddMonths(r.Value)))
		}
	}
	if l.Stage == StageProbationary {
		out = append(out, w.probation()...)
		if !l.RecognitionDue.IsZero() {
			out = append(out, w.rising(WarnRecognition, l.RecognitionDue.AddDays(1)))
		}
		if r, ok := book.On(WarnClass, l.JoinedOn); ok {
			out = append(out, w.rising(WarnNoClass, l.JoinedOn.AddMonths(r.Value)))
		}
		if !l.RemarkDue.IsZero() {
			out = append(out, w.rising(WarnRemark, l.RemarkDue.AddDays(1)))
		}
	}
	return out
}

type warner struct {
	life MemberLife
	book *Rulebook
}

// rising is told to the cell at once, and later to those above.
func (w warner) rising(kind WarningKind, from Date) Warning {
	return Warning{Kind: kind, Level: 1, From: from, Base: w.later(WarnBase, from), Upper: w.later(WarnUpper, from)}
}

func (w warner) later(id RuleID, from Date) Date {
	r, ok := w.book.On(id, from)
	if !ok {
		return from
	}
	return from.AddDays(r.Value)
}

// silence warns of each silent month of a year, up to the one that is a ground for removal. Each warning gives way to the next, and the last one to the
// second quarter of the year that follows.
func (w warner) silence(kind WarningKind, months []SilentMonth) []Warning {
	months = slices.Clone(months)
	slices.SortFunc(months, func(a, b SilentMonth) int { return cmp.Or(a.Month.Compare(b.Month), a.Day.Compare(b.Day)) })
	var out []Warning
	count := map[int]int{}
	for _, m := range months {
		ground, ok := w.book.On(RemoveSilent, m.Day)
		if !ok || count[m.Month.Year] >= ground.Value {
			continue
		}
		year := m.Month.Year
		count[year]++
		next := w.rising(kind, m.Day)
		next.Level, next.Until = count[year], NewDate(year+1, 4, 1)
		if n := len(out); n > 0 && count[year] > 1 {
			out[n-1].Until = Latest(out[n-1].From, next.From)
		}
		out = append(out, next)
	}
	return out
}

// probation warns of its end: the cell first, then those above, each when it is their turn.
func (w warner) probation() []Warning {
	end := probationEnd(w.life.JoinedOn, w.book)
	if end.IsZero() {
		return nil
	}
	before := func(id RuleID) Date {
		r, _ := w.book.On(id, w.life.JoinedOn)
		return end.AddDays(-r.Value)
	}
	first, second, third := before(WarnEnd), before(WarnEndBase), before(WarnEndUpper)
	out := []Warning{{Kind: WarnProbation, Level: 1, From: first, Until: second}, {Kind: WarnProbation, Level: 2, From: second, Base: second, Until: third},
		{Kind: WarnProbation, Level: 3, From: third, Base: third, Upper: third}}
	if due := w.life.RecognitionDue; !due.IsZero() {
		out[2].Until = due.AddDays(1) // recognition is late from then on
	}
	return out
}

// Told gives the day on which a level of the organisation is told; zero = never.
func (w Warning) Told(k OrgKind) Date {
	switch k {
	case UpperCommittee:
		return w.Upper
	case GrassrootsCommittee:
		return w.Base
	}
	return w.From
}
