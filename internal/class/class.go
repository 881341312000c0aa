// Package class keeps the classes for candidates and for new members: who organises one, its days
// and sessions, who was nominated and came, the results, and the numbered certificates, all as far
// as the viewer may see it. Who passes is told by package party; that somebody finished an awareness
// class is a step of the person and is recorded through package people. No HTTP lives here.
package class

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Service holds the use cases of classes.
type Service struct {
	db     *postgres.DB
	orgs   *organisation.Service
	people *people.Service
	Today  func() party.Date // the day in the committee's time zone
}

// New makes the service.
func New(db *postgres.DB, orgs *organisation.Service, people *people.Service, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, people: people, Today: today}
}

// Fields are what is written about a class.
type Fields struct {
	OrgID  int32  // the organiser
	Number string // as the organiser numbers them, unique with him: 03/2024
	Title  string
	Starts party.Date
	Ends   party.Date // last day; the first one when it took one day
	Place  string

	Kind     party.ClassKind // "" is an awareness class that asks what classes usually ask
	Capacity int             // how many at most; 0 = no limit
	Pass     party.PassRule
}

// Class is one class.
type Class struct {
	ID int64
	Fields
	Version  int
	ClosedOn party.Date // zero while anything of it may change
}

// State is how far a class has come.
type State string

// The states. Finished is held to the last day and not closed yet.
const (
	Planned  State = "planned"
	Running  State = "running"
	Finished State = "finished"
	Closed   State = "closed"
)

// States lists the states in their order.
var States = []State{Planned, Running, Finished, Closed}

// StateOn gives the state on a day.
func (c Class) StateOn(day party.Date) State {
	switch {
	case !c.ClosedOn.IsZero():
		return Closed
	case day.Before(c.Starts):
		return Planned
	case day.After(c.Ends):
		return Finished
	}
	return Running
}

// Stale says that somebody else saved the class in between: who, and when.
type Stale struct {
	By string
	At time.Time
}

const (
	maxNumber = 40
	maxTitle  = 200
	maxPlace  = 200
	// maxDays bounds the length of a class: the longest programme seen takes weekends of two months.
	maxDays = 366
	// MaxCapacity bounds a class, so that its roster stays one page.
	MaxCapacity = 500
)

// orUsual fills in the kind and what it asks where nothing was said.
func (f Fields) orUsual() Fields {
	if f.Kind == "" {
		f.Kind, f.Pass = party.AwarenessClass, party.DefaultPassRule
	}
	return f
}

// clean trims what was typed and folds double spaces.
func (f Fields) clean() Fields {
	for _, s := range []*string{&f.Number, &f.Title, &f.Place} {
		*s = strings.Join(strings.Fields(*s), " ")
	}
	return f
}

// problems gives the refused fields. A class may be planned up to two years ahead.
func (f Fields) problems(today party.Date) []fault.Field {
	var bad []fault.Field
	refuse := func(name, key string, args ...any) {
		bad = append(bad, fault.Field{Name: name, Key: key, Args: args})
	}
	if f.OrgID <= 0 {
		refuse("org", "classes.error.org")
	}
	if f.Number == "" {
		refuse("number", "classes.error.number")
	}
	for _, t := range []struct {
		name, text string
		most       int
	}{{"number", f.Number, maxNumber}, {"title", f.Title, maxTitle}, {"place", f.Place, maxPlace}} {
		if utf8.RuneCountInString(t.text) > t.most {
			refuse(t.name, "errors.too_long", "Max", t.most)
		}
	}
	if !slices.Contains(party.ClassKinds, f.Kind) {
		refuse("kind", "errors.choice")
	}
	for _, n := range []struct {
		name    string
		n, most int
	}{{"capacity", f.Capacity, MaxCapacity}, {"attendance_min", f.Pass.Attendance, 100}} {
		if n.n < 0 || n.n > n.most {
			refuse(n.name, "errors.number", "Min", 0, "Max", n.most)
		}
	}
	if f.Pass.Mark < 0 || f.Pass.Mark > 1000 {
		refuse("pass_mark", "classes.error.mark")
	}
	first, last := party.NewDate(1975, time.January, 1), today.AddYears(2)
	switch {
	case f.Starts.IsZero():
		refuse("starts", "classes.error.starts")
	case f.Starts.Before(first) || f.Starts.After(last):
		refuse("starts", "classes.error.starts_range", "First", first, "Last", last)
	}
	switch {
	case f.Ends.IsZero():
		refuse("ends", "classes.error.ends")
	case f.Starts.IsZero():
	case f.Ends.Before(f.Starts):
		refuse("ends", "classes.error.ends_before", "Starts", f.Starts)
	case f.Ends.DaysSince(f.Starts) > maxDays:
		refuse("ends", "classes.error.too_many_days", "Max", maxDays)
	}
	return bad
}

func errNotFound() error { return fault.NewNotFound("classes.error.not_found") }

func errForbidden() error { return fault.NewForbidden("errors.forbidden") }

func errClosed() error { return fault.NewConflict("classes.error.closed") }
