package party

import "slices"

// Assessment is the level of a member's year.
type Assessment string

// The levels.
const (
	AssessedExcellent Assessment = "excellent" // hoàn thành xuất sắc nhiệm vụ
	AssessedGood      Assessment = "good"      // hoàn thành tốt nhiệm vụ
	AssessedDone      Assessment = "done"      // hoàn thành nhiệm vụ
	AssessedFailed    Assessment = "failed"    // không hoàn thành nhiệm vụ
)

// Assessments lists the levels, the highest first.
var Assessments = []Assessment{AssessedExcellent, AssessedGood, AssessedDone, AssessedFailed}

// Exemption is why a member is not rated in a year.
type Exemption string

// The exemptions. ExemptNot is that he is rated.
const (
	ExemptNot       Exemption = ""
	ExemptNew       Exemption = "new"       // a member for too short a time
	ExemptExcused   Exemption = "excused"   // exempted from activities
	ExemptSuspended Exemption = "suspended" // suspended from activities
)

// Exemptions lists the reasons in the order in which pages show them.
var Exemptions = []Exemption{ExemptNew, ExemptExcused, ExemptSuspended}

// FirstAssessedYear is the first year whose assessment has the four levels.
const FirstAssessedYear = 2018

// YearEnd gives the last day of a year.
func YearEnd(year int) Date { return NewDate(year, 12, 31) }

// TooNewToRate tells whether somebody who joined on a day is not rated in a year, by its last day. The
// first of July is six months before the year ends.
func TooNewToRate(book *Rulebook, joined Date, year int) (Rule, bool) {
	r, ok := book.On(AssessExempt, YearEnd(year))
	return r, ok && joined.AddMonths(r.Value).After(YearEnd(year).AddDays(1))
}

// NotRated tells why somebody is not rated in a year; ExemptNot is that he is. Of who is exempt or
// suspended by decision assess.exempt does not say when it counts. Here it does on the last day of the
// year, by which the months of membership are counted too; and when it took more than half of the year,
// of which too little is left to be rated.
func NotRated(book *Rulebook, joined Date, decisions []ExemptionSpan, year int) Exemption {
	last := YearEnd(year)
	if _, ok := book.On(AssessExempt, last); !ok {
		return ExemptNot
	}
	if _, tooNew := TooNewToRate(book, joined, year); tooNew {
		return ExemptNew
	}
	days := map[ExemptionKind]int{}
	for _, e := range decisions {
		if e.Covers(last) {
			return e.Kind.reason()
		}
		days[e.Kind] += e.daysOf(year)
	}
	whole := last.DaysSince(YearEnd(year - 1))
	switch {
	case 2*(days[Exempt]+days[Suspended]) <= whole:
		return ExemptNot
	case days[Exempt] > days[Suspended]:
		return ExemptExcused
	}
	return ExemptSuspended
}

// reason gives the kind of decision as the reason for which a year is not rated.
func (k ExemptionKind) reason() Exemption {
	if k == Suspended {
		return ExemptSuspended
	}
	return ExemptExcused
}

// Cap is how many may be at the highest level.
type Cap struct {
	Rule    Rule
	Known   bool // a rule was in force
	Base    int  // of whom the share is taken
	Allowed int
	Used    int
}

// Exceeded tells whether more are at the highest level than the cap allows.
func (c Cap) Exceeded() bool { return c.Known && c.Used > c.Allowed }

// AssessmentCap gives what the cap of a day allows among the levels of an organisation. A part of a
// person does not count.
func AssessmentCap(book *Rulebook, on Date, levels map[Assessment]int) Cap {
	c := Cap{Used: levels[AssessedExcellent]}
	if c.Rule, c.Known = book.On(AssessCap, on); !c.Known {
		return c
	}
	c.Base = levels[AssessedGood]
	switch c.Rule.Option {
	case CapOfGoodUp:
		c.Base += levels[AssessedExcellent]
	case CapOfRated:
		c.Base += levels[AssessedExcellent] + levels[AssessedDone] + levels[AssessedFailed]
	}
	c.Allowed = c.Base * c.Rule.Value / max(c.Rule.Per, 1)
	return c
}

// FailedInARow counts the years in a row, up to and with the given one, in which somebody's level was the
// lowest. A year in which he was not rated ends the row.
func FailedInARow(failed []int, year int) (n int) {
	for slices.Contains(failed, year-n) {
		n++
	}
	return n
}

// MostFailedInARow gives the longest row of such years that there is.
func MostFailedInARow(failed []int) (most int) {
	for _, year := range failed {
		most = max(most, FailedInARow(failed, year))
	}
	return most
}

// FailedGround tells whether so many failed years in a row are a ground for removal on a day. A
// probationary member is removed on another one.
func FailedGround(book *Rulebook, on Date, s Stage, inARow int) (Rule, bool) {
	r, ok := book.On(RemoveRated, on)
	return r, ok && s == StageOfficial && inARow >= max(r.Value, 1)
}

// ScreeningCategory is why a member is on a year's list of the screening.
type ScreeningCategory string

// ScreeningCategories are those of Directive 28: tasks not completed; the transfer not done, or its file
// kept back; breach of discipline or law; not exemplary, with low trust.
var ScreeningCategories = []ScreeningCategory{"tasks", "transfer", "breach", "standing"}

// ScreeningOutcome is what is done about a member who is on the list.
type ScreeningOutcome string

// The outcomes.
const (
	ScreenedHelped  ScreeningOutcome = "helped"  // taught and helped
	ScreenedWatched ScreeningOutcome = "watched" // a time in which he is to improve
	ScreenedAsked   ScreeningOutcome = "asked"   // advised to ask to leave
	ScreenedRemoved ScreeningOutcome = "removed" // a case of removal is to be opened
)

// ScreeningOutcomes lists the outcomes, the mildest first.
var ScreeningOutcomes = []ScreeningOutcome{ScreenedHelped, ScreenedWatched, ScreenedAsked, ScreenedRemoved}

// Leaves tells whether a case is to be opened about somebody with this outcome, and which way out it is.
func (o ScreeningOutcome) Leaves() (Way, bool) {
	switch o {
	case ScreenedAsked:
		return WayAsked, true
	case ScreenedRemoved:
		return WayRemoved, true
	}
	return "", false
}

// WatchResult is how a watch period ended.
type WatchResult string

// The results. WatchOpen is that it was not concluded.
const (
	WatchOpen     WatchResult = ""
	WatchImproved WatchResult = "improved"
	WatchNot      WatchResult = "not_improved" // ground for removal
)

// WatchResults lists how a watch period may be concluded.
var WatchResults = []WatchResult{WatchImproved, WatchNot}

// WatchEnd gives the last day of a watch that was decided on a day; zero where no rule was in force.
func WatchEnd(book *Rulebook, decided Date) Date {
	r, ok := book.On(ScreenWatch, decided)
	if !ok {
		return Date{}
	}
	return decided.AddMonths(r.Value)
}
