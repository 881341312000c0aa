package introduction

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/keyset"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// PageSize is how many resolutions a page of the list shows.
const PageSize = 50

const (
	maxUnits = 200  // units counted on one page, those with most names first
	maxNames = 1000 // names of one resolution, with what was added later
)

// Cursor marks a place in the list. The zero Cursor is its beginning.
type Cursor = keyset.Cursor

// Query asks for resolutions: below an organisation, within days, only those that wait for answers.
type Query struct {
	OrgID       int32 // 0 is everything in the viewer's sight
	From, Until party.Date
	OnlyWaiting bool
	After       Cursor
}

func (q Query) period() period {
	return period{orgID: q.OrgID, from: q.From, until: q.Until, waiting: q.OnlyWaiting}
}

// Unit counts what was introduced to one cell.
type Unit struct {
	OrgID         int32
	Introductions int
	People        int
	Accepted      int
	Declined      int
}

// Waiting counts the names that the cell has not answered.
func (u Unit) Waiting() int { return u.People - u.Accepted - u.Declined }

// List is a page of resolutions, newest first, with the counts per cell of the whole list on its
// first page.
type List struct {
	Rows  []Introduction
	Units []Unit
	Next  Cursor // zero on the last page
}

// List gives the resolutions that the viewer may see: those to the organisations of his scope, and
// those he recorded. An organisation out of sight gives none.
func (s *Service) List(ctx context.Context, v access.Viewer, q Query) (List, error) {
	var out List
	if !v.May(access.IntroductionsRead) {
		return out, fault.NewForbidden("errors.forbidden")
	}
	err := s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if out.Rows, err = selectList(ctx, tx, q.period(), q.After, PageSize+1); err != nil {
			return err
		}
		if q.After == (Cursor{}) {
			out.Units, err = selectUnits(ctx, tx, q.period(), maxUnits)
		}
		return err
	})
	if len(out.Rows) > PageSize {
		out.Rows = out.Rows[:PageSize]
		last := out.Rows[PageSize-1]
		out.Next = Cursor{Day: last.On, ID: last.ID}
	}
	return out, err
}

// Name is one person of a resolution with the cell's answer.
type Name struct {
	PersonID  int64
	FullName  string
	Born      party.Date
	ClassName string
	Stage     party.Stage
	Answer    Answer
	Reason    string
	On        party.Date // day of the answer
	By        string     // who recorded it
	Voided    bool       // the introduction was taken back as recorded wrongly
}

// Opened is one resolution with its names.
type Opened struct {
	Introduction
	Names     []Name
	MayAnswer bool
	MayAdd    bool
}

// Get gives one resolution. One out of the viewer's sight is fault.NotFound.
func (s *Service) Get(ctx context.Context, v access.Viewer, id int64) (Opened, error) {
	var out Opened
	err := s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if out.Introduction, err = selectOne(ctx, tx, id); err != nil {
			return err
		}
		if out.Names, err = selectNames(ctx, tx, id); err != nil {
			return err
		}
		_, path, err := s.orgs.Place(ctx, tx, out.OrgID, s.today())
		if fault.KindOf(err) == fault.NotFound {
			return nil // the cell is no more: its papers can still be read
		}
		out.MayAnswer, out.MayAdd = v.MayIn(access.IntroductionsAnswer, path), v.MayIn(access.IntroductionsEnter, path)
		return err
	})
	return out, err
}
