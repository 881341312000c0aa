// Package reorganisation carries out the acts that change organisations: foundations, new names, codes and
// kinds, moves, merges, splits and ends, each with its decision, shown beforehand and undoable until
// something builds on it. Which act is possible is decided in party; the tree itself is written by package
// organisation. No HTTP lives here.
package reorganisation

import (
	"context"
	"strings"
	"unicode/utf8"

	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Service holds the use cases of reorganisations.
type Service struct {
	db    *postgres.DB
	orgs  *organisation.Service
	Today func() party.Date // the day in the committee's time zone

	// OnEndorsement is called within the transaction of an act, or of its undoing, by which people come below
	// a grassroots committee or out from below one, so that what is awaited of them is computed anew. nil:
	// nothing is.
	OnEndorsement func(context.Context, *postgres.Tx) error
}

// New makes the service.
func New(db *postgres.DB, orgs *organisation.Service, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, Today: today}
}

// Decision is the paper by which an act is carried out.
type Decision struct {
	Number string
	On     party.Date
	Issuer string
}

// Act is a reorganisation to be carried out.
type Act struct {
	Key string // idempotency key of the form
	party.Reorganisation
	Decision
	On        party.Date      // the first day of the new order
	Rest      int32           // of a cell that is split: the cell of those who are not named; 0 names everybody
	Grants    map[int64]int32 // grants at what ends, with the organisation at which each goes on; 0 ends it
	RestGrant int32           // where the others go on; 0 ends them
}

const maxText = 200

// problems gives the refused fields of the decision and the day.
func (s *Service) problems(act Act) []fault.Field {
	bad := act.Decision.problems(s.Today())
	bad = append(bad, dayProblems("on", act.On, s.Today())...)
	if act.Kind == party.AlterOrg {
		_, more := organisation.Clean(act.Become)
		bad = append(bad, more...)
	}
	return bad
}

func (d Decision) problems(today party.Date) []fault.Field {
	var bad []fault.Field
	text := func(name, value, empty string) {
		switch {
		case value == "":
			bad = append(bad, fault.Field{Name: name, Key: empty})
		case utf8.RuneCountInString(value) > maxText:
			bad = append(bad, fault.Field{Name: name, Key: "errors.too_long", Args: []any{"Max", maxText}})
		}
	}
	text("number", d.Number, "reorganisation.error.number")
	text("issuer", d.Issuer, "reorganisation.error.issuer")
	return append(bad, dayProblems("decided_on", d.On, today)...)
}

func dayProblems(name string, d, today party.Date) []fault.Field {
	switch {
	case d.IsZero():
		return []fault.Field{{Name: name, Key: "reorganisation.error.day_missing"}}
	case !d.Valid():
		return []fault.Field{{Name: name, Key: "errors.date"}}
	case d.After(today):
		return []fault.Field{{Name: name, Key: "reorganisation.error.future", Args: []any{"Today", today}}}
	}
	return nil
}

func (d Decision) clean() Decision {
	return Decision{Number: strings.TrimSpace(d.Number), On: d.On, Issuer: strings.TrimSpace(d.Issuer)}
}

func (act Act) clean() Act {
	act.Decision = act.Decision.clean()
	act.Reorganisation.On = act.On
	act.Become, _ = organisation.Clean(act.Become)
	return act
}
