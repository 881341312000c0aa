// Package assessment keeps how the members of a cell are rated each year, and who of them is on the year's
// list of the screening: what the cell proposes, what the grassroots committee decides, and how a watch
// ends. What follows from it for a membership is done by package departure. No HTTP lives here.
package assessment

import (
	"context"
	"strconv"
	"strings"
	"time"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Regulations gives the rules in force, read through the caller's transaction.
type Regulations interface {
	BookIn(ctx context.Context, tx *postgres.Tx) (*party.Rulebook, *party.Calendar, error)
}

// Service holds the use cases of assessment and screening.
type Service struct {
	db    *postgres.DB
	orgs  *organisation.Service
	rules Regulations
	Today func() party.Date // the day in the committee's time zone
}

// New makes the service.
func New(db *postgres.DB, orgs *organisation.Service, rules Regulations, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, rules: rules, Today: today}
}

// Kind tells the two sheets of a year apart.
type Kind string

// The kinds.
const (
	Rating    Kind = "assessment"
	Screening Kind = "screening"
)

// MaxMembers bounds the members that one sheet takes.
const MaxMembers = 500

const (
	maxNumber = 40
	maxNote   = 300
	maxVoters = 2000
)

// Which names a sheet: a cell's of a year.
type Which struct {
	OrgID int32
	Kind  Kind
	Year  int
}

// Stale says that somebody else saved the sheet in between: who, and when.
type Stale struct {
	By string
	At time.Time
}

func errNotFound() error { return fault.NewNotFound("organisations.error.not_found") }

func errForbidden() error { return fault.NewForbidden("errors.forbidden") }

// cellOf gives the cell of a sheet where the viewer may do this there. A year to come, or before there
// were levels, is fault.NotFound.
func (s *Service) cellOf(ctx context.Context, v access.Viewer, w Which, may access.Action) (o organisation.Org, err error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return o, err
	}
	o, ok := tree.Of(w.OrgID)
	if !ok || !o.Kind.IsCell() || !v.MayIn(access.AssessmentsRead, o.Path) {
		return o, errNotFound()
	}
	if w.Kind != Rating && w.Kind != Screening {
		return o, errNotFound()
	}
	if w.Year > s.Today().Year || w.Year < party.FirstAssessedYear {
		return o, fault.NewNotFound("assessments.error.year", "First", strconv.Itoa(party.FirstAssessedYear), "Last", strconv.Itoa(s.Today().Year))
	}
	if !v.MayIn(may, o.Path) {
		return o, errForbidden()
	}
	return o, nil
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
