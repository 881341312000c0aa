// Package ceremony keeps the admission ceremonies: planned for people who have their decision, changed
// or called off until they are held, and held in one act that records the step of all who came. The
// deadline of each person is computed in party; the steps are recorded by package people. No HTTP
// lives here.
package ceremony

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

// Service holds the use cases of ceremonies.
type Service struct {
	db     *postgres.DB
	orgs   *organisation.Service
	people *people.Service
	Today  func() party.Date // the day in the committee's time zone
}

// New makes the service.
func New(db *postgres.DB, orgs *organisation.Service, p *people.Service, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, people: p, Today: today}
}

// State is what became of a planned ceremony.
type State string

// The states of a ceremony.
const (
	Planned   State = "planned"
	Held      State = "held"
	Cancelled State = "cancelled" // called off
)

// States lists the states in the order in which pages show them.
var States = []State{Planned, Held, Cancelled}

// Fields are what is planned.
type Fields struct {
	OrgID        int32 // who holds it: a cell, or a committee for several
	PlannedOn    party.Date
	Place        string
	Occasion     party.Occasion
	OccasionText string // of another occasion
}

// Ceremony is one ceremony.
type Ceremony struct {
	ID int64
	Fields
	State   State
	HeldOn  party.Date
	Reason  string // why it was called off
	Version int
}

// On gives the day on which it was held, or else is planned.
func (c Ceremony) On() party.Date {
	if c.State == Held {
		return c.HeldOn
	}
	return c.PlannedOn
}

// Stale says that somebody else changed the ceremony in between: who, and when.
type Stale struct {
	By string
	At time.Time
}

// MostPeople bounds whom one ceremony is for.
const MostPeople = 200

const (
	maxPlace  = 200
	maxReason = 500
)

// earliest bounds ceremonies of the past that are entered.
var earliest = party.NewDate(1975, time.January, 1)

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (f Fields) clean() Fields {
	f.Place, f.OccasionText = oneLine(f.Place), oneLine(f.OccasionText)
	if f.Occasion != party.OtherOccasion {
		f.OccasionText = ""
	}
	return f
}

// problems gives the refused fields. A ceremony may be planned up to a year ahead.
func (f Fields) problems(today party.Date) []fault.Field {
	var bad []fault.Field
	refuse := func(yes bool, name, key string, args ...any) {
		if yes && !slices.ContainsFunc(bad, func(b fault.Field) bool { return b.Name == name }) {
			bad = append(bad, fault.Field{Name: name, Key: key, Args: args})
		}
	}
	last := today.AddYears(1)
	refuse(f.OrgID <= 0, "org", "ceremonies.error.org")
	refuse(f.PlannedOn.IsZero(), "planned_on", "errors.date_required")
	refuse(!f.PlannedOn.Valid() || f.PlannedOn.Before(earliest), "planned_on", "errors.date")
	refuse(f.PlannedOn.After(last), "planned_on", "ceremonies.error.too_far", "Last", last)
	refuse(!slices.Contains(party.Occasions, f.Occasion), "occasion", "errors.choice")
	refuse(f.Occasion == party.OtherOccasion && f.OccasionText == "", "occasion_text", "ceremonies.error.occasion_text")
	refuse(utf8.RuneCountInString(f.Place) > maxPlace, "place", "errors.too_long", "Max", maxPlace)
	refuse(utf8.RuneCountInString(f.OccasionText) > maxPlace, "occasion_text", "errors.too_long", "Max", maxPlace)
	return bad
}

func peopleProblems(ids []int64) []fault.Field {
	if len(ids) == 0 || len(ids) > MostPeople {
		return []fault.Field{{Name: "people", Key: "ceremonies.error.nobody", Args: []any{"Max", MostPeople}}}
	}
	return nil
}

func errNotFound() error { return fault.NewNotFound("ceremonies.error.not_found") }

func errForbidden() error { return fault.NewForbidden("errors.forbidden") }
