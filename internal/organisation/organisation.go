// Package organisation keeps the organisations over time and the terms of office: creating and
// editing them, the tree on any day, one organisation's page, search, and the read model of names
// and paths that nearly every page uses. What an organisation may be and where it may stand is
// decided in party. No HTTP lives here.
package organisation

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Service holds the use cases of organisations and terms.
type Service struct {
	db    *postgres.DB
	Today func() party.Date // the day in the committee's time zone
	// StaleAfter bounds how long a change by another copy of the program stays unseen in names and choices. A
	// change by this copy is seen at once. New sets a second.
	StaleAfter time.Duration
	// OnTermsChange is called within each transaction that enters or changes a term, so that what is
	// counted by term is marked to be counted anew. nil: nothing is.
	OnTermsChange func(context.Context, *postgres.Tx) error
	tree          treeCache
}

// New makes the service. today tells the day in the committee's time zone.
func New(db *postgres.DB, today func() party.Date) *Service {
	return &Service{db: db, Today: today, StaleAfter: time.Second}
}

// Details are the dated attributes of an organisation, from a day on.
type Details struct {
	Name     string
	Code     string // the superior's code or a short form; on no day do two organisations share one
	Kind     party.OrgKind
	School   party.SchoolType
	ParentID int32 // 0 for the top
	From     party.Date
}

// Stale says that somebody else saved the record in between: who, and when.
type Stale struct {
	By string
	At time.Time
}

const (
	maxName = 200
	maxCode = 40
)

// earliest is the first day an organisation may stand from.
var earliest = party.NewDate(1930, time.February, 3)

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (d Details) clean() Details {
	d.Name, d.Code = oneLine(d.Name), oneLine(d.Code)
	return d
}

func (d Details) attributes() party.OrgAttributes {
	return party.OrgAttributes{Name: d.Name, Code: d.Code, Kind: d.Kind, School: d.School}
}

// Clean gives attributes with their texts in one line, and the refused fields as far as they can be told
// without the tree.
func Clean(a party.OrgAttributes) (party.OrgAttributes, []fault.Field) {
	a.Name, a.Code = oneLine(a.Name), oneLine(a.Code)
	bad := textProblems("name", a.Name, maxName, "organisations.error.name")
	bad = append(bad, textProblems("code", a.Code, maxCode, "organisations.error.code")...)
	if !slices.Contains(party.OrgKinds, a.Kind) {
		bad = append(bad, fault.Field{Name: "kind", Key: "organisations.error.kind"})
	}
	if a.School != party.SchoolNone && !slices.Contains(party.SchoolTypes, a.School) {
		bad = append(bad, fault.Field{Name: "school", Key: "errors.choice"})
	}
	return a, bad
}

// problems gives the refused fields, as far as they can be told without the tree.
func (d Details) problems(today party.Date) []fault.Field {
	_, bad := Clean(d.attributes())
	refuse := func(name, key string, args ...any) {
		bad = append(bad, fault.Field{Name: name, Key: key, Args: args})
	}
	last := today.AddYears(1)
	switch {
	case d.From.IsZero():
		refuse("from", "organisations.error.from")
	case d.From.Before(earliest) || d.From.After(last):
		refuse("from", "organisations.error.from_range", "First", earliest, "Last", last)
	}
	return bad
}

func textProblems(name, text string, most int, emptyKey string) []fault.Field {
	switch {
	case text == "" && emptyKey != "":
		return []fault.Field{{Name: name, Key: emptyKey}}
	case utf8.RuneCountInString(text) > most:
		return []fault.Field{{Name: name, Key: "errors.too_long", Args: []any{"Max", most}}}
	}
	return nil
}

func errNotFound() error { return fault.NewNotFound("organisations.error.not_found") }

func errForbidden() error { return fault.NewForbidden("errors.forbidden") }

func refused(name, key string, args ...any) error {
	return fault.InvalidFields(fault.Field{Name: name, Key: key, Args: args})
}

func errTermNotFound() error { return fault.NewNotFound("terms.error.not_found") }
