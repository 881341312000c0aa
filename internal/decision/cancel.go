package decision

import (
	"cmp"
	"context"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Cancelling cancels a decision for some or all of those whom it names. Kind and issuer of its
// fields are not looked at: who issued the decision cancels it.
type Cancelling struct {
	Key    string
	ID     int64 // the decision that is cancelled
	Fields Fields
	People []int64
}

// Cancel issues a decision that voids the steps of a wrongly issued one, with the reason. Both stay
// in the register. It is refused as a whole while somebody's later steps rest on the decision; the
// fault.Invalid then carries a people.BatchResult.
func (s *Service) Cancel(ctx context.Context, v access.Viewer, in Cancelling) (Done, error) {
	return s.once(ctx, v, in.Key, func(ctx context.Context, tx *postgres.Tx) (Done, error) {
		old, err := selectDecision(ctx, tx, in.ID)
		if err != nil {
			return Done{}, err
		}
		if old.Kind == Cancellation {
			return Done{}, fault.NewConflict("decisions.error.cancellation")
		}
		f := in.Fields.clean()
		f.OrgID, f.Kind = old.OrgID, Cancellation
		bad := f.problems(s.Today())
		if f.IssuedOn.Before(old.IssuedOn) && !f.IssuedOn.IsZero() {
			bad = append(bad, fault.Field{Name: "issued_on", Key: "decisions.error.cancelled_before", Args: []any{"On", old.IssuedOn}})
		}
		if len(in.People) == 0 {
			bad = append(bad, fault.Field{Name: "people", Key: "decisions.error.nobody_cancelled"})
		}
		if len(bad) > 0 {
			return Done{}, fault.InvalidFields(bad...)
		}
		issuer, _, err := s.issuer(ctx, tx, v, old.OrgID)
		if err != nil {
			return Done{}, errForbidden()
		}
		done, err := s.enter(ctx, tx, v, f, old.ID)
		if err != nil {
			return done, err
		}
		paper := party.Paper{Number: done.Printed, Date: f.IssuedOn, Issuer: issuer}
		rows, err := s.voidAll(ctx, tx, v, old.ID, in.People, f.Reason, paper)
		if err != nil {
			return done, err
		}
		done.Count = len(rows)
		if err := link(ctx, tx, done.ID, rows); err != nil {
			return done, err
		}
		return done, s.note(ctx, tx, v, f, done)
	})
}

// Voidable asks for each of those for whom a decision holds whether its step may be voided: it may
// not while later steps rest on it.
func (s *Service) Voidable(ctx context.Context, v access.Viewer, d Opened) (map[int64]party.Verdict, error) {
	holding := d.Holding()
	ids := make([]int64, len(holding))
	for i, n := range holding {
		ids[i] = n.PersonID
	}
	out := make(map[int64]party.Verdict, len(ids))
	err := s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		cases, err := s.people.Cases(ctx, tx, ids)
		for _, n := range holding {
			if c, ok := cases[n.PersonID]; ok {
				out[n.PersonID] = c.Void(n.Holds)
			}
		}
		return err
	})
	return out, err
}

// voidAll voids the steps of a decision for some people, all or none.
func (s *Service) voidAll(ctx context.Context, tx *postgres.Tx, v access.Viewer, id int64, ids []int64, reason string, paper party.Paper) ([]people.BatchRow, error) {
	named, err := selectPeople(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(named, func(a, b Named) int { return cmp.Compare(a.PersonID, b.PersonID) }) // all lock in this order
	var rows []people.BatchRow
	refused, known := false, 0
	for _, n := range named {
		if !slices.Contains(ids, n.PersonID) {
			continue
		}
		known++
		row := people.BatchRow{PersonID: n.PersonID}
		row.Err = tx.Try(ctx, func(ctx context.Context, tx *postgres.Tx) (err error) {
			if n.Holds == 0 {
				return fault.NewConflict("steps.error.voided_already")
			}
			row.StepID, err = s.people.VoidIn(ctx, tx, v, people.Voiding{PersonID: n.PersonID, StepID: n.Holds, Reason: reason, Paper: paper})
			return err
		})
		if row.Err != nil && fault.As(row.Err) == nil {
			return nil, row.Err
		}
		refused = refused || row.Err != nil
		rows = append(rows, row)
	}
	switch {
	case known != len(ids):
		return nil, fault.InvalidFields(fault.Field{Name: "people", Key: "decisions.error.not_named"})
	case refused:
		return nil, fault.NewInvalid("steps.error.batch").With(people.BatchResult{Rows: rows})
	}
	return rows, nil
}
