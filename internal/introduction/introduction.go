// Package introduction keeps the resolutions by which the Youth Union introduces people to a cell,
// each with many names, and what the cell answered to each. That somebody was introduced is a step of
// the person and is recorded through package people. No HTTP lives here.
package introduction

import (
	"strings"
	"time"
	"unicode/utf8"

	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Service holds the use cases of introductions.
type Service struct {
	db     *postgres.DB
	orgs   *organisation.Service
	people *people.Service
	today  func() party.Date
}

// New makes the service; today tells the day in the committee's time zone.
func New(db *postgres.DB, orgs *organisation.Service, register *people.Service, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, people: register, today: today}
}

// Fields are what is written about the resolution itself.
type Fields struct {
	OrgID  int32  // the cell that is asked
	Union  string // the Union organisation that resolved
	Number string
	On     party.Date // day of the resolution
	Note   string
}

// Answer is what a cell says to one introduction.
type Answer string

// The answers. Waiting is none yet.
const (
	Waiting  Answer = ""
	Accepted Answer = "accepted"
	Declined Answer = "declined"
)

// Form is the form on which the Union resolves (domain.md 2.1).
const Form = "4-KNĐ"

// MaxLines bounds the names of one resolution.
const MaxLines = 300

const (
	maxUnion  = 200
	maxNumber = 40
	maxNote   = 500
	maxReason = 500
)

// Introduction is a recorded resolution with how far the cell has answered.
type Introduction struct {
	ID int64
	Fields
	By       string // who recorded it
	At       time.Time
	People   int
	Accepted int
	Declined int
}

// Waiting counts the names that the cell has not answered.
func (i Introduction) Waiting() int { return i.People - i.Accepted - i.Declined }

func (f Fields) clean() Fields {
	for _, s := range []*string{&f.Union, &f.Number, &f.Note} {
		*s = people.CleanName(*s)
	}
	return f
}

// problems gives the refused fields of the resolution.
func (f Fields) problems(today party.Date) []fault.Field {
	var bad []fault.Field
	refuse := func(yes bool, name, key string, args ...any) {
		if yes {
			bad = append(bad, fault.Field{Name: name, Key: key, Args: args})
		}
	}
	refuse(f.OrgID == 0, "org", "people.error.org_missing")
	refuse(f.Union == "", "union", "introductions.error.union")
	refuse(f.Number == "", "number", "introductions.error.number")
	refuse(utf8.RuneCountInString(f.Union) > maxUnion, "union", "errors.too_long", "Max", maxUnion)
	refuse(utf8.RuneCountInString(f.Number) > maxNumber, "number", "errors.too_long", "Max", maxNumber)
	refuse(utf8.RuneCountInString(f.Note) > maxNote, "note", "errors.too_long", "Max", maxNote)
	refuse(f.On.IsZero(), "on", "introductions.error.day")
	refuse(f.On.After(today), "on", "introductions.error.future", "Today", today)
	return bad
}

// Problems gives the refused fields of a resolution before its names are looked at.
func (s *Service) Problems(f Fields) []fault.Field { return f.clean().problems(s.today()) }

// paper is what proves the step of each person.
func (f Fields) paper() party.Paper {
	return party.Paper{Form: Form, Number: f.Number, Date: f.On, Issuer: f.Union}
}

func reasonProblem(reason string) (key string, args []any) {
	switch r := strings.TrimSpace(reason); {
	case r == "":
		return "introductions.error.reason", nil
	case utf8.RuneCountInString(r) > maxReason:
		return "errors.too_long", []any{"Max", maxReason}
	}
	return "", nil
}

func errNotFound() error { return fault.NewNotFound("introductions.error.not_found") }
