package reorganisation

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Carry carries an act out and gives its number.
func (s *Service) Carry(ctx context.Context, v access.Viewer, act Act) (int64, error) {
	act = act.clean()
	if bad := s.problems(act); len(bad) > 0 {
		return 0, fault.InvalidFields(bad...)
	}
	return s.once(ctx, v, act.Key, func(ctx context.Context, tx *postgres.Tx) (int64, error) {
		history, err := s.orgs.History(ctx, tx)
		if err != nil {
			return 0, err
		}
		if err := holdPlaces(ctx, tx, history.Below(s.Today(), act.Orgs)); err != nil {
			return 0, err
		}
		preview, err := s.plan(ctx, tx, v, history, &act)
		if err != nil {
			return 0, err
		}
		return s.carry(ctx, tx, v, history, act, preview.Plan)
	})
}

// once runs an act on the tree that gives a number; of a form that is sent twice, the first one's.
func (s *Service) once(ctx context.Context, v access.Viewer, key string, fn func(context.Context, *postgres.Tx) (int64, error)) (id int64, err error) {
	err = s.orgs.Reorganise(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		result, done, err := tx.Once(ctx, key)
		if err != nil {
			return err
		}
		if done {
			id, err = strconv.ParseInt(result, 10, 64)
			return err
		}
		if id, err = fn(ctx, tx); err != nil {
			return err
		}
		return tx.Done(ctx, key, strconv.FormatInt(id, 10))
	})
	return id, err
}

func (s *Service) carry(ctx context.Context, tx *postgres.Tx, v access.Viewer, h party.OrgHistory, act Act, plan party.Reordering) (int64, error) {
	id, err := insertAct(ctx, tx, v.AccountID, act)
	if err != nil {
		return 0, err
	}
	if err := insertItems(ctx, tx, id, act.On, h, plan); err != nil {
		return 0, err
	}
	standing, err := s.orgs.Reorder(ctx, tx, v, h, act.On, plan)
	if err != nil {
		return 0, err
	}
	people, err := carryPeople(ctx, tx, id, standing, plan)
	if err != nil {
		return 0, err
	}
	if err := s.endorsement(ctx, tx, h, plan.Touched(), slices.Concat(slices.Collect(maps.Values(plan.Carried)), slices.Collect(maps.Values(plan.Passing)))); err != nil {
		return 0, err
	}
	grants, err := passGrants(ctx, tx, id, plan.Ends, act, s.Today())
	if err != nil {
		return 0, err
	}
	return id, audit.Write(ctx, tx, v, audit.Entry{Action: "reorganise", Entity: "organisation", EntityID: id, OrgID: plan.Touched()[0],
		Detail: map[string]any{"kind": act.Kind, "from": act.On, "ends": plan.Ends, "moves": plan.Parents, "carried": plan.Carried,
			"becomes": plan.Becomes, "people": people, "grants": grants, "number": act.Number}})
}

// endorsement lets what is awaited be computed anew where people of some cells go on in cells of another kind, or
// come back from them.
func (s *Service) endorsement(ctx context.Context, tx *postgres.Tx, h party.OrgHistory, cells, goals []int32) error {
	if s.OnEndorsement == nil || !h.EndorsedOtherwise(cells, goals) {
		return nil
	}
	return s.OnEndorsement(ctx, tx)
}

// Foundation is an organisation that comes into being. Without a decision it belongs to an order that stood
// before it was followed here.
type Foundation struct {
	Key string // idempotency key of the form
	organisation.Details
	Decision Decision
}

// Found enters an organisation below one of the viewer's and gives its number and that of the act.
func (s *Service) Found(ctx context.Context, v access.Viewer, in Foundation) (org int32, act int64, err error) {
	in.Decision = in.Decision.clean()
	if in.Decision != (Decision{}) {
		if bad := in.Decision.problems(s.Today()); len(bad) > 0 {
			return 0, 0, fault.InvalidFields(bad...)
		}
	}
	act, err = s.once(ctx, v, in.Key, func(ctx context.Context, tx *postgres.Tx) (int64, error) {
		if org, err = s.orgs.Create(ctx, tx, v, in.Details); err != nil {
			return 0, err
		}
		did := Act{Decision: in.Decision, On: in.From}
		did.Kind, did.Into = party.FoundOrg, in.ParentID
		id, err := insertAct(ctx, tx, v.AccountID, did)
		if err != nil {
			return 0, err
		}
		return id, insertFoundation(ctx, tx, id, org, in.Details)
	})
	if err == nil && org == 0 { // the form was sent twice
		err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
			org, err = selectFounded(ctx, tx, act)
			return err
		})
	}
	return org, act, err
}
