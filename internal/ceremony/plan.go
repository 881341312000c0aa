package ceremony

import (
	"context"
	"slices"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Planning plans a new ceremony.
type Planning struct {
	Key    string // idempotency key of the form
	Fields Fields
	People []int64
}

// Plan enters a ceremony for people who wait for theirs and gives its number. Somebody who does not
// wait, or is planned for another day already, refuses it; the fault.Invalid carries a
// people.BatchResult.
func (s *Service) Plan(ctx context.Context, v access.Viewer, in Planning) (id int64, err error) {
	f := in.Fields.clean()
	if bad := append(f.problems(s.Today()), peopleProblems(in.People)...); len(bad) > 0 {
		return 0, fault.InvalidFields(bad...)
	}
	err = s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		result, done, err := tx.Once(ctx, in.Key)
		if err != nil {
			return err
		}
		if done {
			id, err = strconv.ParseInt(result, 10, 64)
			return err
		}
		if err := s.mayHold(ctx, tx, v, f.OrgID); err != nil {
			return err
		}
		if err := s.fit(ctx, tx, f, in.People, 0); err != nil {
			return err
		}
		if id, err = insertCeremony(ctx, tx, v.AccountID, f); err != nil {
			return err
		}
		if err := insertPeople(ctx, tx, id, in.People); err != nil {
			return err
		}
		if err := note(ctx, tx, v, "create", id, f.OrgID, len(in.People)); err != nil {
			return err
		}
		return tx.Done(ctx, in.Key, strconv.FormatInt(id, 10))
	})
	return id, err
}

func note(ctx context.Context, tx *postgres.Tx, v access.Viewer, action string, id int64, orgID int32, people int) error {
	return audit.Write(ctx, tx, v, audit.Entry{Action: action, Entity: "ceremony", EntityID: id, OrgID: orgID, Detail: map[string]any{"people": people}})
}

// mayHold refuses an organisation where the viewer may not plan like one that does not exist.
func (s *Service) mayHold(ctx context.Context, tx *postgres.Tx, v access.Viewer, orgID int32) error {
	_, path, err := s.orgs.Place(ctx, tx, orgID, s.Today())
	if fault.KindOf(err) == fault.NotFound || err == nil && !v.MayIn(access.CeremoniesPlan, path) {
		return fault.InvalidFields(fault.Field{Name: "org", Key: "ceremonies.error.org"})
	}
	return err
}

// fit refuses those for whom the ceremony cannot be planned, each with the reason. except is the
// ceremony that they may be planned for.
func (s *Service) fit(ctx context.Context, tx *postgres.Tx, f Fields, ids []int64, except int64) error {
	below, err := selectBelow(ctx, tx, f.OrgID, ids)
	if err != nil {
		return err
	}
	elsewhere, err := selectPlanned(ctx, tx, ids, except)
	if err != nil {
		return err
	}
	cases, err := s.people.Cases(ctx, tx, ids)
	if err != nil {
		return err
	}
	var out people.BatchResult
	refused := false
	for _, id := range ids {
		row := people.BatchRow{PersonID: id}
		c, seen := cases[id]
		switch day, planned := elsewhere[id]; {
		case !seen || !slices.Contains(below, id):
			row.Err = fault.NewNotFound("ceremonies.error.not_below")
		case c.State().Awaits(c.Place) != party.Ceremony:
			row.Err = fault.NewInvalid("ceremonies.error.not_waiting")
		case planned:
			row.Err = fault.NewInvalid("ceremonies.error.planned_elsewhere", "On", day)
		case f.PlannedOn.Before(c.State().Decided.On):
			row.Err = fault.NewInvalid("ceremonies.error.before_decision", "On", c.State().Decided.On)
		}
		refused = refused || row.Err != nil
		out.Rows = append(out.Rows, row)
	}
	if refused {
		return fault.NewInvalid("steps.error.batch").With(out)
	}
	return nil
}

// Change changes a planned ceremony, from the version that was shown.
type Change struct {
	Key     string
	ID      int64
	Version int
	Fields  Fields
	People  []int64
}

// Change moves a planned ceremony, or changes for whom it is.
func (s *Service) Change(ctx context.Context, v access.Viewer, in Change) error {
	f := in.Fields.clean()
	if bad := append(f.problems(s.Today()), peopleProblems(in.People)...); len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	return s.change(ctx, v, in.Key, in.ID, in.Version, func(ctx context.Context, tx *postgres.Tx, old Ceremony) error {
		if f.OrgID != old.OrgID {
			if err := s.mayHold(ctx, tx, v, f.OrgID); err != nil {
				return err
			}
		}
		if err := s.fit(ctx, tx, f, in.People, old.ID); err != nil {
			return err
		}
		if err := updatePlan(ctx, tx, v.AccountID, old.ID, f); err != nil {
			return err
		}
		if err := replacePeople(ctx, tx, old.ID, in.People); err != nil {
			return err
		}
		return note(ctx, tx, v, "edit", old.ID, f.OrgID, len(in.People))
	})
}

// change runs an act on a planned ceremony, locked, of the version that was shown.
func (s *Service) change(ctx context.Context, v access.Viewer, key string, id int64, version int, act func(context.Context, *postgres.Tx, Ceremony) error) error {
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, key); err != nil || done {
			return err
		}
		old, err := selectCeremony(ctx, tx, id, false)
		if err != nil {
			return err
		}
		if err := s.mayHold(ctx, tx, v, old.OrgID); fault.KindOf(err) == fault.Invalid {
			return errForbidden()
		} else if err != nil {
			return err
		}
		if old, err = selectCeremony(ctx, tx, id, true); err != nil {
			return err
		}
		if old.Version != version {
			stale, err := selectLastChange(ctx, tx, id)
			if err != nil {
				return err
			}
			return fault.NewConflict("ceremonies.error.stale", "By", stale.By).With(stale)
		}
		if old.State != Planned {
			return fault.NewConflict("ceremonies.error.over")
		}
		return act(ctx, tx, old)
	})
}

// CallingOff calls a planned ceremony off, from the version that was shown.
type CallingOff struct {
	Key     string
	ID      int64
	Version int
	Reason  string
}

// CallOff calls a planned ceremony off; its people wait for another one.
func (s *Service) CallOff(ctx context.Context, v access.Viewer, in CallingOff) error {
	reason := oneLine(in.Reason)
	switch {
	case reason == "":
		return fault.InvalidFields(fault.Field{Name: "reason", Key: "ceremonies.error.reason"})
	case len([]rune(reason)) > maxReason:
		return fault.InvalidFields(fault.Field{Name: "reason", Key: "errors.too_long", Args: []any{"Max", maxReason}})
	}
	return s.change(ctx, v, in.Key, in.ID, in.Version, func(ctx context.Context, tx *postgres.Tx, old Ceremony) error {
		if err := updateCalledOff(ctx, tx, v.AccountID, old.ID, reason); err != nil {
			return err
		}
		return note(ctx, tx, v, "call_off", old.ID, old.OrgID, 0)
	})
}
