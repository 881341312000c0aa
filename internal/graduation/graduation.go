// Package graduation follows those who graduate until they arrive elsewhere: when, where they want to
// go, who keeps contact, and how far their transfer came. The papers themselves are package transfer's.
// No HTTP lives here.
package graduation

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Service holds the use cases of graduations.
type Service struct {
	db    *postgres.DB
	orgs  *organisation.Service
	Today func() party.Date // the day in the committee's time zone
}

// New makes the service.
func New(db *postgres.DB, orgs *organisation.Service, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, Today: today}
}

// MaxPeople bounds how many of a cell are shown at once.
const MaxPeople = 300

// A season reaches from some months back, for those who did not leave yet, to some months ahead.
const (
	monthsBack  = 12
	monthsAhead = 6
	maxText     = 200
)

// Show tells whom of a cell a list has.
type Show string

// Whom a list shows.
const (
	Season  Show = "season"  // who graduates in this season
	Unknown Show = "unknown" // whose graduation nobody knows
	Others  Show = "others"  // who graduates later
)

// Shows lists them in the order of the page.
var Shows = []Show{Season, Unknown, Others}

// Row is somebody of a cell with how far he came on his way out.
type Row struct {
	PersonID    int64
	Name        string
	Class       string
	Stage       party.Stage
	GraduatesOn party.Date // zero while nobody knows
	Wish        string     // where he wants to go
	Keeper      string     // who keeps contact
	ContactedOn party.Date
	Version     int // 0 while nothing is entered
	TransferID  int64
	Number      string // of his open paper; empty where he has none
	Transfer    party.TransferState
}

// List is a cell's, those first of whom nothing was heard for longest.
type List struct {
	Org     organisation.Org
	Rows    []Row
	More    bool // there are more than a page takes
	MayEdit bool
}

func (s *Service) cellOf(ctx context.Context, v access.Viewer, orgID int32) (organisation.Org, bool, error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return organisation.Org{}, false, err
	}
	o, ok := tree.Of(orgID)
	if !ok || !o.Kind.IsCell() || !v.MayIn(access.CellsRead, o.Path) {
		return o, false, fault.NewNotFound("people.error.org_unknown")
	}
	return o, v.MayIn(access.CellsEdit, o.Path), nil
}

// List gives those of a cell who are on the way or members.
func (s *Service) List(ctx context.Context, v access.Viewer, orgID int32, show Show) (out List, err error) {
	if out.Org, out.MayEdit, err = s.cellOf(ctx, v, orgID); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		out.Rows, err = selectRows(ctx, tx, orgID, show, s.Today().AddMonths(-monthsBack), s.Today().AddMonths(monthsAhead), MaxPeople+1)
		return err
	})
	if out.More = len(out.Rows) > MaxPeople; out.More {
		out.Rows = out.Rows[:MaxPeople]
	}
	return out, err
}

// Entry is what was typed of a cell; the refused field of somebody ends with _<person>.
type Entry struct {
	Key   string
	OrgID int32
	Rows  []Row
}

// Save enters what changed of a cell, all or nothing, each from the version that was shown.
func (s *Service) Save(ctx context.Context, v access.Viewer, in Entry) (saved int, err error) {
	org, mayEdit, err := s.cellOf(ctx, v, in.OrgID)
	if err != nil {
		return 0, err
	}
	if !mayEdit {
		return 0, fault.NewForbidden("errors.forbidden")
	}
	if bad := s.problems(in.Rows); len(bad) > 0 {
		return 0, fault.InvalidFields(bad...)
	}
	err = s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, in.Key); err != nil || done {
			return err
		}
		var here, current int
		if here, saved, current, err = upsert(ctx, tx, v.AccountID, in.OrgID, in.Rows); err != nil {
			return err
		}
		switch {
		case here < len(in.Rows):
			return fault.NewConflict("graduations.error.not_here")
		case current < len(in.Rows):
			return fault.NewConflict("graduations.error.stale")
		case saved == 0:
			return nil
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: "graduations", Entity: "cell", EntityID: int64(org.OrgID), OrgID: org.OrgID,
			Detail: map[string]any{"people": saved}})
	})
	return saved, err
}

func (s *Service) problems(rows []Row) []fault.Field {
	var bad []fault.Field
	if len(rows) > MaxPeople {
		return []fault.Field{{Key: "cells.more", Args: []any{"Max", MaxPeople}}}
	}
	for i := range rows {
		r := &rows[i]
		refuse := func(yes bool, name, key string, args ...any) {
			if yes {
				bad = append(bad, fault.Field{Name: fmt.Sprintf("%s_%d", name, r.PersonID), Key: key, Args: args})
			}
		}
		r.Wish, r.Keeper = strings.Join(strings.Fields(r.Wish), " "), strings.Join(strings.Fields(r.Keeper), " ")
		refuse(utf8.RuneCountInString(r.Wish) > maxText, "wish", "errors.too_long", "Max", maxText)
		refuse(utf8.RuneCountInString(r.Keeper) > maxText, "keeper", "errors.too_long", "Max", maxText)
		refuse(r.ContactedOn.After(s.Today()), "contacted", "graduations.error.future", "Today", s.Today())
		refuse(r.GraduatesOn.After(s.Today().AddYears(10)), "graduates", "graduations.error.far")
	}
	return bad
}
