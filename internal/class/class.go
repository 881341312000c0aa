// Package class keeps the awareness classes: who organises one, its number, days and place, and its
// roster as far as the viewer may see it. That somebody finished a class is a step of the person
// and is recorded in package people. No HTTP lives here.
package class

import (
	"strings"
	"time"
	"unicode/utf8"

	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Service holds the use cases of classes.
type Service struct {
	db    *postgres.DB
	orgs  *organisation.Service
	Today func() party.Date // the day in the committee's time zone
}

// New makes the service.
func New(db *postgres.DB, orgs *organisation.Service, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, Today: today}
}

// Fields are what is written about a class.
type Fields struct {
	OrgID  int32  // the organiser
	Number string // as the organiser numbers them, unique with him: 03/2024
	Title  string
	Starts party.Date
	Ends   party.Date // last day; the first one when it took one day
	Place  string
}

// Class is one awareness class.
type Class struct {
	ID int64
	Fields
	Version int
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
)

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
