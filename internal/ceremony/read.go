package ceremony

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/keyset"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// PageSize is how many ceremonies a page of the list shows.
const PageSize = 50

// Query narrows the list; zero values do not.
type Query struct {
	State  State
	After  Cursor
	within []int32 // whose ceremonies and people; nil is everybody's
}

// Cursor marks a place in the list. The zero Cursor is its beginning.
type Cursor = keyset.Cursor

// Entry is a ceremony of the list with how many of those whom the viewer may see it is for, or was
// held for.
type Entry struct {
	Ceremony
	People int
	Due    party.Date // the nearest deadline of those planned
}

// List is a page of ceremonies, newest first.
type List struct {
	Entries []Entry
	Next    Cursor // zero on the last page
	Count   int
}

// List gives the ceremonies held in the viewer's scope, and those for people whom he may see.
func (s *Service) List(ctx context.Context, v access.Viewer, q Query) (out List, err error) {
	if !v.May(access.CeremoniesRead) {
		return out, errForbidden()
	}
	if q.within, err = s.orgs.Within(ctx, v, access.CeremoniesRead); err != nil {
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
		out.Next = Cursor{Day: last.PlannedOn, ID: last.ID}
	}
	return out, err
}

// PersonState is what became of somebody for whom a ceremony was planned.
type PersonState string

// The states of a person of a ceremony.
const (
	PersonPlanned  PersonState = "planned"
	PersonHeld     PersonState = "held"     // came, and the step is recorded
	PersonAbsent   PersonState = "absent"   // did not come
	PersonReleased PersonState = "released" // refused when it was held, or it was called off
)

// Waiting is somebody who waits for the ceremony, with the deadline and whether a day lies behind it.
type Waiting struct {
	people.Case
	Deadline party.Deadline // zero Due where no rule sets one
	Behind   bool           // the planned day lies behind the deadline
	Planned  party.Date     // the day of another ceremony that is planned for him
}

// waits tells what a day means for somebody who waits.
func waits(c people.Case, day party.Date) Waiting {
	w := Waiting{Case: c}
	if d, ok := c.Deadline(); ok && d.Kind == party.Ceremony {
		w.Deadline, w.Behind = d, day.After(d.Due)
	}
	return w
}

// Decision gives the paper of the decision that somebody waits with.
func (w Waiting) Decision() party.Paper {
	decided := w.State().Decided
	if decided == nil || len(decided.Papers) == 0 {
		return party.Paper{}
	}
	return decided.Papers[0]
}

// Ask asks who waits for a ceremony at an organisation.
type Ask struct {
	OrgID  int32
	On     party.Date // the planned day; zero is not chosen yet
	ID     int64      // a planned ceremony that is being changed
	Chosen []int64    // shown in any case, such as those of a form that comes back
}

// Waiting gives those who wait, the nearest deadline first, and whether there are more of them.
func (s *Service) Waiting(ctx context.Context, v access.Viewer, in Ask) (list []Waiting, more bool, err error) {
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.mayHold(ctx, tx, v, in.OrgID); err != nil {
			return err
		}
		ids, err := selectWaiting(ctx, tx, in.OrgID, in.Chosen, MostPeople+1)
		if err != nil {
			return err
		}
		if more = len(ids) > MostPeople; more {
			ids = ids[:MostPeople]
		}
		cases, err := s.people.Cases(ctx, tx, ids)
		if err != nil {
			return err
		}
		elsewhere, err := selectPlanned(ctx, tx, ids, in.ID)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if c, ok := cases[id]; ok {
				w := waits(c, in.On)
				w.Planned = elsewhere[id]
				list = append(list, w)
			}
		}
		return nil
	})
	return list, more, err
}

// Person is somebody of a ceremony.
type Person struct {
	Waiting
	Was    PersonState
	StepID int64 // recorded when it was held
	Holds  bool  // the step was not voided since
}

// Opened is one ceremony with those of its people whom the viewer may see.
type Opened struct {
	Ceremony
	People  []Person
	MayPlan bool
}

// StillPlanned gives those for whom it is planned.
func (o Opened) StillPlanned() []int64 {
	var out []int64
	for _, p := range o.People {
		if p.Was == PersonPlanned {
			out = append(out, p.ID)
		}
	}
	return out
}

// Left gives those who did not come and wait for another ceremony.
func (o Opened) Left() []int64 {
	var out []int64
	for _, p := range o.People {
		if (p.Was == PersonAbsent || p.Was == PersonReleased) && p.State().Awaits(p.Place) == party.Ceremony {
			out = append(out, p.ID)
		}
	}
	return out
}

// Of gives the ceremonies at which steps of somebody were recorded, by the step.
func (s *Service) Of(ctx context.Context, v access.Viewer, personID int64) (out map[int64]Ceremony, err error) {
	if !v.May(access.CeremoniesRead) {
		return nil, nil
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		out, err = selectOf(ctx, tx, personID)
		return err
	})
	return out, err
}

// Get gives one ceremony. One that neither the viewer's scope nor anybody he sees has to do with is
// fault.NotFound.
func (s *Service) Get(ctx context.Context, v access.Viewer, id int64) (out Opened, err error) {
	if !v.May(access.CeremoniesRead) {
		return out, errForbidden()
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if out.Ceremony, err = selectCeremony(ctx, tx, id, false); err != nil {
			return err
		}
		list, err := selectPeople(ctx, tx, id)
		if err != nil {
			return err
		}
		ids := make([]int64, len(list))
		for i, p := range list {
			ids[i] = p.ID
		}
		cases, err := s.people.Cases(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, p := range list {
			if c, ok := cases[p.ID]; ok {
				p.Waiting = waits(c, out.On())
				out.People = append(out.People, p)
			}
		}
		err = s.mayHold(ctx, tx, v, out.OrgID)
		if out.MayPlan = err == nil; fault.KindOf(err) == fault.Invalid {
			err = nil
		}
		return err
	})
	return out, err
}
