package submission

import (
	"context"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/keyset"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// PageSize is how many dossiers a page of a queue shows.
const PageSize = 50

// countLimit bounds what is counted for one reader.
const countLimit = 10_000

// Cursor marks a place in a list. The zero Cursor is its beginning.
type Cursor = keyset.Cursor

// Query asks for dossiers; zero values do not narrow.
type Query struct {
	OrgID  int32   // handed in by a cell there or below
	At     []int32 // which lie with one of these
	State  party.SubmissionState
	Kind   party.DossierStage
	Closed bool // those that have come to their end, the newest first
	After  Cursor

	within []int32
}

// Entry is one dossier of a list.
type Entry struct {
	Submission
	people.Case
	Days     int            // working days since it came to its state
	Deadline party.Deadline // of the decision; zero Due where none runs
	Lacking  []party.ChecklistLine
	Returned Move // the last time it was given back
}

// List is a page of dossiers, what has waited longest first.
type List struct {
	Entries []Entry
	Next    Cursor // zero on the last page
}

// List gives dossiers of the viewer's scope, in the same number of statements for any number of them.
func (s *Service) List(ctx context.Context, v access.Viewer, q Query) (out List, err error) {
	if !v.May(access.SubmissionsRead) {
		return out, errForbidden()
	}
	if q.within, err = s.orgs.Within(ctx, v, access.SubmissionsRead); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		list, err := selectList(ctx, tx, q, PageSize+1)
		if err != nil {
			return err
		}
		if len(list) > PageSize {
			list = list[:PageSize]
			out.Next = Cursor{Day: list[PageSize-1].Since, ID: list[PageSize-1].ID}
		}
		out.Entries, err = s.entries(ctx, tx, list)
		return err
	})
	return out, err
}

// entries adds to submissions whose they are, how long they wait and what they lack.
func (s *Service) entries(ctx context.Context, tx *postgres.Tx, list []Submission) ([]Entry, error) {
	if len(list) == 0 {
		return nil, nil
	}
	ids, subs, kinds := make([]int64, len(list)), make([]int64, len(list)), map[int64]party.DossierStage{}
	for i, sub := range list {
		ids[i], subs[i], kinds[sub.PersonID] = sub.PersonID, sub.ID, sub.Kind
	}
	cases, err := s.people.Cases(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	lists, err := s.documents.Checklists(ctx, tx, cases, func(c people.Case) party.DossierStage { return kinds[c.ID] })
	if err != nil {
		return nil, err
	}
	returned, err := selectReturned(ctx, tx, subs)
	if err != nil {
		return nil, err
	}
	var out []Entry
	for _, sub := range list {
		c, ok := cases[sub.PersonID]
		if !ok {
			continue // moved out of the viewer's sight
		}
		e := Entry{Submission: sub, Case: c, Returned: returned[sub.ID], Lacking: lists[sub.PersonID].Lacking(party.DueByCell)}
		if sub.State.Open() {
			e.Days = c.Calendar.WorkingDays(sub.Since, s.Today())
			e.Deadline, _ = c.DecisionDue()
		}
		out = append(out, e)
	}
	return out, nil
}

// Levels gives the organisations at which the viewer answers dossiers: for each of his duties the
// organisation itself, and for that of a committee no other one's.
func (s *Service) Levels(ctx context.Context, v access.Viewer) ([]int32, error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return levels(tree, v), nil
}

func levels(tree *organisation.Snapshot, v access.Viewer) []int32 {
	out := []int32{}
	for _, id := range v.ScopeFor(access.SubmissionsAnswer) {
		o, ok := tree.Of(id)
		if !ok {
			continue
		}
		if !o.Kind.IsCell() {
			out = append(out, id)
		}
		for _, below := range tree.Below(id) { // who works at a grassroots committee reads for its sections
			if b, _ := tree.Of(below); b.Kind == party.SectionalCommittee && o.Kind == party.GrassrootsCommittee && !slices.Contains(out, below) {
				out = append(out, below)
			}
		}
	}
	return out
}

// Counts tells a viewer what waits for him: at his own level, and given back to his cells.
type Counts struct{ Waiting, Accepted, Returned int }

// Counts counts what is on its way and the viewer's to do, up to countLimit.
func (s *Service) Counts(ctx context.Context, v access.Viewer) (out Counts, err error) {
	if !v.May(access.SubmissionsRead) {
		return out, nil
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	within, err := s.orgs.Within(ctx, v, access.SubmissionsRead)
	if err != nil {
		return out, err
	}
	at := levels(tree, v)
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if len(at) > 0 {
			mine, err := countStates(ctx, tx, Query{At: at, within: within}, countLimit)
			if err != nil {
				return err
			}
			out.Waiting, out.Accepted = mine[party.SubmissionWaiting], mine[party.SubmissionAccepted]
		}
		if !v.May(access.SubmissionsSend) {
			return nil
		}
		back, err := countStates(ctx, tx, Query{State: party.SubmissionReturned, within: within}, countLimit)
		out.Returned = back[party.SubmissionReturned]
		return err
	})
	return out, err
}

// Opened is one dossier with how it went.
type Opened struct {
	Entry
	Checklist party.Checklist
	Moves     []Move
	NextLevel int32 // where it goes from here; 0 at the end of its way
	MayAnswer bool  // accept, return and hand on here
	MaySend   bool  // hand it in again, or withdraw it
}

// Get gives one dossier. One out of the viewer's sight is fault.NotFound.
func (s *Service) Get(ctx context.Context, v access.Viewer, id int64) (out Opened, err error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		sub, err := selectOne(ctx, tx, id)
		if err != nil {
			return err
		}
		list, err := s.entries(ctx, tx, []Submission{sub})
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return errNotFound()
		}
		out.Entry = list[0]
		lists, err := s.documents.Checklists(ctx, tx, map[int64]people.Case{sub.PersonID: out.Case}, func(people.Case) party.DossierStage { return sub.Kind })
		if err != nil {
			return err
		}
		out.Checklist = lists[sub.PersonID]
		out.Moves, err = selectMoves(ctx, tx, id)
		return err
	})
	if err != nil {
		return out, err
	}
	cell, _ := tree.Known(out.CellID)
	level, _ := tree.Known(out.At)
	if !v.MayIn(access.SubmissionsRead, cell.Path) {
		return out, errNotFound()
	}
	out.MaySend = v.MayIn(access.SubmissionsSend, cell.Path) && out.Submission.State.Open()
	out.MayAnswer = out.At != out.CellID && out.Submission.State.Open() && v.MayIn(access.SubmissionsAnswer, level.Path)
	out.NextLevel = nextOf(tree, out.Submission)
	return out, nil
}

// OfPerson gives the newest dossier of each kind of somebody, on its way or closed.
func (s *Service) OfPerson(ctx context.Context, v access.Viewer, personID int64) (list []Submission, err error) {
	if !v.May(access.SubmissionsRead) {
		return nil, nil
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		list, err = selectNewest(ctx, tx, []int64{personID})
		return err
	})
	return list, err
}

// Sendable gives the people of a cell whose dossiers may be handed in, in Vietnamese order, each with
// what speaks against it, and whether there are more of them.
func (s *Service) Sendable(ctx context.Context, v access.Viewer, cell int32, kind party.DossierStage) (list []Ready, more bool, err error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return nil, false, err
	}
	org, ok := tree.Of(cell)
	if !ok || !org.Kind.IsCell() || !v.MayIn(access.SubmissionsSend, org.Path) {
		return nil, false, fault.NewNotFound("people.error.org_unknown")
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		ids, err := selectSendable(ctx, tx, cell, kind, MaxBatch+1)
		if err != nil {
			return err
		}
		if more = len(ids) > MaxBatch; more {
			ids = ids[:MaxBatch]
		}
		ready, err := s.readiness(ctx, tx, ids, kind)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if r, ok := ready[id]; ok {
				list = append(list, r)
			}
		}
		return nil
	})
	return list, more, err
}
