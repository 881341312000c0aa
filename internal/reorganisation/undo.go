package reorganisation

import (
	"context"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Undo takes an act back: the tree and everybody stand as before. It is refused, with what they are,
// once later things build on the act.
func (s *Service) Undo(ctx context.Context, v access.Viewer, key string, id int64) error {
	return s.orgs.Reorganise(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, key); err != nil || done {
			return err
		}
		act, err := lockAct(ctx, tx, id)
		if err != nil {
			return err
		}
		history, err := s.orgs.History(ctx, tx)
		if err != nil {
			return err
		}
		if err := s.mayUndo(history, v, act); err != nil {
			return err
		}
		if act.undone {
			return fault.NewConflict("reorganisation.error.undone")
		}
		if err := holdPlaces(ctx, tx, history.Below(s.Today(), act.involved())); err != nil {
			return err
		}
		if err := s.mustBeLast(ctx, tx, history, act); err != nil {
			return err
		}
		if err := bringGrantsBack(ctx, tx, v.AccountID, id); err != nil {
			return err
		}
		orgs, err := s.orgs.Restore(ctx, tx, v, history, act.on, act.touched, act.rewritten)
		if err != nil {
			return err
		}
		if err := follow(ctx, tx, id, true, orgs); err != nil {
			return err
		}
		if err := s.endorsement(ctx, tx, history, act.touched, act.cells); err != nil {
			return err
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: "undo_reorganisation", Entity: "organisation", EntityID: id, OrgID: act.touched[0]})
	})
}

// mayUndo asks for the right at everything that the act concerned, where it stands.
func (s *Service) mayUndo(h party.OrgHistory, v access.Viewer, act stored) error {
	for _, org := range act.involved() {
		day := act.on.AddDays(-1)
		if !slices.Contains(act.touched, org) || act.kind == party.FoundOrg {
			day = s.Today()
		}
		path := h.Path(day, org)
		if len(path) == 0 { // what was founded and ended since
			path = h.Path(act.on, org)
		}
		if !v.MayIn(access.OrganisationsEdit, path) {
			return fault.NewNotFound("reorganisation.error.not_found")
		}
	}
	return nil
}

// mustBeLast refuses to undo an act that something builds on.
func (s *Service) mustBeLast(ctx context.Context, tx *postgres.Tx, h party.OrgHistory, act stored) error {
	var bad []fault.Field
	refuse := func(key string, n int) {
		if n > 0 {
			bad = append(bad, fault.Field{Name: "act", Key: key, Args: []any{"Number", n}})
		}
	}
	later, err := countLaterActs(ctx, tx, act.id, act.involved())
	if err != nil {
		return err
	}
	refuse("reorganisation.error.later_acts", later)
	if act.kind == party.FoundOrg {
		used, err := inUse(ctx, tx, act.touched[0], act.id)
		if err != nil {
			return err
		}
		if used {
			refuse("reorganisation.error.in_use", 1)
		}
	} else if !act.onlyNamed {
		steps, err := countStepsSince(ctx, tx, act, h.Below(s.Today(), append(slices.Clone(act.touched), act.cells...)))
		if err != nil {
			return err
		}
		refuse("reorganisation.error.later_steps", steps)
	}
	changed := 0
	for _, id := range act.touched {
		if last := h[id][len(h[id])-1]; last.From.After(act.on) || last.From != act.on && last.Until != act.on {
			changed++
		}
	}
	refuse("reorganisation.error.later_changes", changed)
	if len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	return nil
}
