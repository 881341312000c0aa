package reorganisation

import (
	"context"
	"time"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/keyset"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// PageSize is how many acts a page of the register shows.
const PageSize = 50

// Cursor marks a place in the register.
type Cursor = keyset.Cursor

// Done is an act of the register.
type Done struct {
	ID   int64
	Kind party.ActKind
	On   party.Date
	Into string // the new parent of a move or a foundation, what a merge went on in
	Decision
	People     int
	First      string // the first that it ended, or else changed
	Became     string // what that one is called since, where its attributes change
	Orgs       int    // how many it changed or ended
	Ended      int    // of them
	RecordedBy string
	RecordedAt time.Time
	UndoneBy   string
	UndoneAt   *time.Time
}

// List is a page of the register, newest first.
type List struct {
	Acts []Done
	Next Cursor // zero on the last page
}

// Item is one organisation of an act, with the names of the day before it.
type Item struct {
	OrgID   int32
	Name    string
	From    string // its parent until then
	To      string // its parent since; empty where it ended
	Carried string // the cell in which its people went on
	Was     *party.OrgAttributes
	Became  *party.OrgAttributes // nil where its attributes stayed
}

// Goal is a cell in which people of a cell that was split went on.
type Goal struct {
	Name   string
	People int
}

// Opened is one act with everything it changed or ended.
type Opened struct {
	Done
	Items []Item
	Goals []Goal // of a cell that was split
}

// List gives a page of the acts that concern organisations which the viewer may rearrange. Foundations
// without a decision are found with their organisation.
func (s *Service) List(ctx context.Context, v access.Viewer, after Cursor) (out List, err error) {
	within, err := s.within(ctx, v)
	if err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		out.Acts, err = selectActs(ctx, tx, within, after, PageSize+1)
		return err
	})
	if len(out.Acts) > PageSize {
		out.Acts = out.Acts[:PageSize]
		last := out.Acts[PageSize-1]
		out.Next = Cursor{Day: last.On, ID: last.ID}
	}
	return out, err
}

// Get gives one act. One that concerns nothing which the viewer may rearrange is fault.NotFound.
func (s *Service) Get(ctx context.Context, v access.Viewer, id int64) (out Opened, err error) {
	within, err := s.within(ctx, v)
	if err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if out.Done, err = selectAct(ctx, tx, within, id); err != nil {
			return err
		}
		if out.Items, err = selectItems(ctx, tx, id); err != nil || out.Kind != party.SplitOrg {
			return err
		}
		out.Goals, err = selectGoals(ctx, tx, id)
		return err
	})
	return out, err
}

// OfOrganisation gives the acts that made an organisation what it has been, by the day from which each
// holds; those that were undone are left out. The caller has asked for the right to see it.
func (s *Service) OfOrganisation(ctx context.Context, v access.Viewer, org int32) (map[party.Date][]Done, error) {
	out := map[party.Date][]Done{}
	err := s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		list, err := selectActsOf(ctx, tx, org, PageSize)
		for _, d := range list {
			out[d.On] = append(out[d.On], d)
		}
		return err
	})
	return out, err
}

// Passing is an act by which somebody came to another cell without a paper of his own.
type Passing struct {
	ActID int64
	Kind  party.ActKind
	On    party.Date
	From  string // the cells as they were called until then
	To    string
	Decision
	RecordedBy string
	RecordedAt time.Time
}

// OfPerson gives how somebody came to other cells by acts that hold, the newest first, as far as the viewer
// sees him.
func (s *Service) OfPerson(ctx context.Context, v access.Viewer, person int64) (list []Passing, err error) {
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		list, err = selectPassings(ctx, tx, person, PageSize)
		return err
	})
	return list, err
}

// within gives the organisations that the viewer may rearrange; nil is all.
func (s *Service) within(ctx context.Context, v access.Viewer) ([]int32, error) {
	if !v.May(access.OrganisationsEdit) {
		return nil, fault.NewForbidden("errors.forbidden")
	}
	return s.orgs.Within(ctx, v, access.OrganisationsEdit)
}
