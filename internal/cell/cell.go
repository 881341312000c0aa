// Package cell keeps what the members of a cell do each month: its meetings with who came, and their
// dues. What follows from it is told by package warning. No HTTP lives here.
package cell

import (
	"context"
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

// Warnings are computed anew for those whose months change; warning.Service does it.
type Warnings interface {
	Refresh(ctx context.Context, tx *postgres.Tx, ids []int64) error
}

// Service holds the use cases of cell life.
type Service struct {
	db       *postgres.DB
	orgs     *organisation.Service
	rules    Regulations
	warnings Warnings
	Today    func() party.Date // the day in the committee's time zone
}

// New makes the service.
func New(db *postgres.DB, orgs *organisation.Service, rules Regulations, warnings Warnings, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, rules: rules, warnings: warnings, Today: today}
}

// MaxMembers bounds the members that one page of a cell takes.
const MaxMembers = 500

const (
	maxNumber = 40
	maxTopic  = 200
)

// Stale says that somebody else saved the month in between: who, and when.
type Stale struct {
	By string
	At time.Time
}

func errNotFound() error { return fault.NewNotFound("organisations.error.not_found") }

// cellOf gives a cell in the viewer's sight, and whether its months are his to enter. Those of one that has
// ended are read by who reads where it went on.
func (s *Service) cellOf(ctx context.Context, v access.Viewer, id int32) (o organisation.Org, mayEdit bool, err error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return o, false, err
	}
	o, ok := tree.Known(id)
	if !ok || !o.Kind.IsCell() || !v.MayIn(access.CellsRead, o.Path) {
		return o, false, errNotFound()
	}
	return o, !o.EndedBy(s.Today()) && v.MayIn(access.CellsEdit, o.Path), nil
}
