package decision

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/keyset"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// PageSize is how many decisions a page of the register shows.
const PageSize = 50

// Query narrows the register; zero values do not.
type Query struct {
	Kind   Kind
	OrgID  int32 // the issuer
	Year   int
	Number string // beginning of the printed number
	After  Cursor
	within []int32 // whose decisions and people; nil is everybody's
}

// Cursor marks a place in the register. The zero Cursor is its beginning.
type Cursor = keyset.Cursor

// Entry is a decision as the register shows it. It counts those whom the viewer may see.
type Entry struct {
	Decision
	People    int
	Again     int // how many of them were members before, and are admitted again
	Cancelled int // for how many of them it does not hold any more
}

// List is a page of the register, newest first.
type List struct {
	Entries []Entry
	Next    Cursor // zero on the last page
	Count   int
}

// List gives a page of the register: what is issued in the viewer's scope, and what names people
// whom he may see.
func (s *Service) List(ctx context.Context, v access.Viewer, q Query) (out List, err error) {
	if !v.May(access.DecisionsRead) {
		return out, errForbidden()
	}
	if q.within, err = s.orgs.Within(ctx, v, access.DecisionsRead); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if out.Count, err = countEntries(ctx, tx, q); err != nil {
			return err
		}
		out.Entries, err = selectEntries(ctx, tx, q, PageSize+1)
		return err
	})
	if len(out.Entries) > PageSize {
		out.Entries = out.Entries[:PageSize]
		last := out.Entries[PageSize-1]
		out.Next = Cursor{Day: last.IssuedOn, ID: last.ID}
	}
	return out, err
}

// Named is somebody whom a decision names.
type Named struct {
	PersonID  int64
	FullName  string
	BirthDate party.Date
	OrgID     int32 // where he belonged when it was issued
	StepID    int64
	Holds     int64          // the step that holds in its place; 0 when it was voided
	TakenBack TakenBack      // where it was voided
	Again     bool           // he was a member before, and is admitted again
	Next      party.StepKind // what he waits for now
}

// TakenBack tells how a decision ceased to hold for somebody: on his page, or by a decision that cancels it.
type TakenBack struct {
	On     party.Date
	By     string // who recorded it
	Reason string
	Paper  string // the number of what authorised it
}

// Opened is one decision with those of its people whom the viewer may see.
type Opened struct {
	Decision
	Named       []Named
	Cancels     *Decision  // what it cancels
	CancelledBy []Decision // what cancelled it, for all or for some
	MayIssue    bool       // and so cancel
}

// Holding gives those for whom the decision holds.
func (o Opened) Holding() []Named {
	var out []Named
	for _, n := range o.Named {
		if n.Holds != 0 {
			out = append(out, n)
		}
	}
	return out
}

// Again counts those who were members before, and are admitted again.
func (o Opened) Again() (n int) {
	for _, p := range o.Named {
		if p.Again {
			n++
		}
	}
	return n
}

// AwaitCeremony gives those who wait for their ceremony.
func (o Opened) AwaitCeremony() []Named {
	var out []Named
	for _, n := range o.Named {
		if n.Next == party.Ceremony && n.Holds != 0 && o.Kind == Admission {
			out = append(out, n)
		}
	}
	return out
}

// Of gives the decisions that caused steps of somebody, by the step.
func (s *Service) Of(ctx context.Context, v access.Viewer, personID int64) (out map[int64]Decision, err error) {
	if !v.May(access.DecisionsRead) {
		return nil, nil
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		out, err = selectOf(ctx, tx, personID)
		return err
	})
	return out, err
}

// Get gives one decision. One that neither the viewer's scope nor anybody he sees has to do with is
// fault.NotFound.
func (s *Service) Get(ctx context.Context, v access.Viewer, id int64) (out Opened, err error) {
	if !v.May(access.DecisionsRead) {
		return out, errForbidden()
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if out.Decision, err = selectDecision(ctx, tx, id); err != nil {
			return err
		}
		if out.Named, err = selectPeople(ctx, tx, id); err != nil {
			return err
		}
		if out.CancelsID != 0 {
			old, err := selectDecision(ctx, tx, out.CancelsID)
			if err != nil {
				return err
			}
			out.Cancels = &old
		}
		out.CancelledBy, err = selectCancelling(ctx, tx, id)
		return err
	})
	if o, ok := tree.Of(out.OrgID); ok {
		out.MayIssue = v.MayIn(access.DecisionsIssue, o.Path) && issues(o.Kind)
	}
	return out, err
}
