// Package review keeps the periodic reviews of a cell's planning: who is kept, added or dropped, at
// one meeting, with its minutes and resolution. A review that is held records the steps of the people
// through package people in one transaction; what it shows of each person is computed by package
// party as of the day of the meeting. No HTTP lives here.
package review

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"ketnap/internal/achievement"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Regulations gives the rules in force; regulation.Service answers it.
type Regulations interface {
	BookIn(ctx context.Context, tx *postgres.Tx) (*party.Rulebook, *party.Calendar, error)
}

// Service holds the use cases of reviews.
type Service struct {
	db           *postgres.DB
	orgs         *organisation.Service
	rules        Regulations
	people       *people.Service
	achievements *achievement.Service
	Today        func() party.Date // the day in the committee's time zone
}

// New makes the service.
func New(db *postgres.DB, orgs *organisation.Service, rules Regulations, p *people.Service, a *achievement.Service, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, rules: rules, people: p, achievements: a, Today: today}
}

// State tells a draft from a review that was held.
type State string

// The states.
const (
	Draft State = "draft"
	Held  State = "held"
)

// Fields are what is written about the meeting.
type Fields struct {
	OrgID        int32
	Year         int            // school year
	Half         party.Semester // or the whole of it
	MetOn        party.Date
	MinutesNo    string
	ResolutionNo string
	ResolutionOn party.Date
}

// Review is one review of a cell.
type Review struct {
	ID      int64
	Version int
	State   State
	Fields
}

// Entry is what the cell says of one person.
type Entry struct {
	PersonID int64
	Outcome  party.ReviewOutcome
	Reason   string
}

// Stale says that somebody else saved the draft in between: who, and when.
type Stale struct {
	By string
	At time.Time
}

// Refusals are the people whose step a gate refused, when a review was to be held.
type Refusals map[int64]error

const (
	maxNumber = 40
	maxReason = 500
	// MaxPeople bounds how many people one review has; those who are planned come first.
	MaxPeople = 300
)

// firstYear is the oldest school year that may be entered.
const firstYear = 2000

// refusals gathers refused fields.
type refusals []fault.Field

func (r *refusals) refuse(yes bool, name, key string, args ...any) {
	if yes {
		*r = append(*r, fault.Field{Name: name, Key: key, Args: args})
	}
}

func (f Fields) clean() Fields {
	f.MinutesNo, f.ResolutionNo = strings.Join(strings.Fields(f.MinutesNo), " "), strings.Join(strings.Fields(f.ResolutionNo), " ")
	return f
}

// problems gives the fields that even a draft refuses.
func (f Fields) problems(today party.Date) refusals {
	var bad refusals
	last := party.SchoolYear(today) + 1
	bad.refuse(f.Year < firstYear || f.Year > last, "period", "errors.choice")
	bad.refuse(f.Half < party.WholeYear || f.Half > party.Second, "period", "errors.choice")
	bad.refuse(utf8.RuneCountInString(f.MinutesNo) > maxNumber, "minutes_no", "errors.too_long", "Max", maxNumber)
	bad.refuse(utf8.RuneCountInString(f.ResolutionNo) > maxNumber, "resolution_no", "errors.too_long", "Max", maxNumber)
	first := party.SchoolYearStart(firstYear)
	for _, d := range []struct {
		name string
		day  party.Date
	}{{"met_on", f.MetOn}, {"resolution_on", f.ResolutionOn}} {
		bad.refuse(!d.day.IsZero() && (d.day.Before(first) || d.day.After(today.AddYears(2))), d.name, "reviews.error.range", "First", first, "Last", today.AddYears(2))
	}
	return bad
}

// heldProblems gives the further fields that a review refuses when it is to be held; last is the day
// of the one before.
func (f Fields) heldProblems(last, today party.Date) refusals {
	var bad refusals
	switch {
	case f.MetOn.IsZero():
		bad.refuse(true, "met_on", "errors.date_required")
	case f.MetOn.After(today):
		bad.refuse(true, "met_on", "reviews.error.future", "Today", today)
	case !f.MetOn.After(last): // a cell does not review twice on one day
		bad.refuse(true, "met_on", "reviews.error.before_last", "Last", last)
	}
	switch {
	case f.ResolutionOn.IsZero():
	case f.ResolutionOn.After(today):
		bad.refuse(true, "resolution_on", "reviews.error.future_paper", "Today", today)
	case f.ResolutionOn.Before(f.MetOn):
		bad.refuse(true, "resolution_on", "reviews.error.paper_before", "MetOn", f.MetOn)
	}
	return bad
}

func errNotFound() error { return fault.NewNotFound("reviews.error.not_found") }

func errForbidden() error { return fault.NewForbidden("errors.forbidden") }
