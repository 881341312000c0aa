package audit

import (
	"context"
	"time"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Service lets checkers and administrators read the trail.
type Service struct{ db *postgres.DB }

// New makes the service.
func New(db *postgres.DB) *Service { return &Service{db: db} }

// Filter narrows the trail; zero values do not narrow. Before is the id below which to go on.
type Filter struct {
	Username string
	Action   string
	Entity   string
	EntityID int64
	Day      party.Date
	Before   int64
}

// Row is one entry as it is read. Detail is JSON.
type Row struct {
	ID        int64
	At        time.Time
	AccountID int64 // 0 for the system
	Username  string
	Name      string
	Action    string
	Entity    string
	EntityID  int64
	OrgID     int32
	OrgName   string
	RequestID string
	Detail    string
}

// PageSize is how many entries one page of the trail has.
const PageSize = 50

// List gives one page, newest first, and whether there is more below it. Only entries of the
// viewer's organisations, and those of no organisation, are seen.
func (s *Service) List(ctx context.Context, v access.Viewer, f Filter) (rows []Row, more bool, err error) {
	if !v.May(access.AuditRead) {
		return nil, false, fault.NewForbidden("errors.forbidden")
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		rows, err = selectEntries(ctx, tx, f, PageSize+1)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	if len(rows) > PageSize {
		return rows[:PageSize], true, nil
	}
	return rows, false, nil
}
