package organisation

import (
	"context"
	"maps"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Reorganise runs a change of where organisations stand: no other change of the tree goes on beside
// it, and this copy of the program sees it at once. The rights are the caller's to ask.
func (s *Service) Reorganise(ctx context.Context, v access.Viewer, fn func(context.Context, *postgres.Tx) error) error {
	return s.changing(ctx, v, fn)
}

// History gives what every organisation has been, in the caller's transaction.
func (s *Service) History(ctx context.Context, tx *postgres.Tx) (party.OrgHistory, error) {
	return selectAllVersions(ctx, tx)
}

// Reorder writes what an act comes to, from its day on, and gives the organisations whose way to the
// top it changes and that still stand.
func (s *Service) Reorder(ctx context.Context, tx *postgres.Tx, v access.Viewer, h party.OrgHistory, day party.Date, r party.Reordering) ([]int32, error) {
	after := h.Apply(day, r)
	if err := insertReordering(ctx, tx, v.AccountID, day, r, after); err != nil {
		return nil, err
	}
	moved := slices.Concat(slices.Collect(maps.Keys(r.Parents)), r.Ends)
	below := h.Below(s.Today(), moved)
	if err := rebuildLineage(ctx, tx, after, slices.Concat(below, h.Below(day, moved), r.Touched())); err != nil {
		return nil, err
	}
	if err := followAttributes(ctx, tx, changesOf(h, after, slices.Collect(maps.Keys(r.Becomes)))); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(below, func(id int32) bool { return slices.Contains(r.Ends, id) }), nil
}

// Restore takes back what Reorder or Create wrote on a day, puts those versions back that began on it
// before, and gives the organisations whose way to the top may change back.
func (s *Service) Restore(ctx context.Context, tx *postgres.Tx, v access.Viewer, h party.OrgHistory, day party.Date, touched []int32, rewritten []party.OrgVersion) ([]int32, error) {
	if err := deleteReordering(ctx, tx, v.AccountID, day, touched, rewritten); err != nil {
		return nil, err
	}
	after, err := selectAllVersions(ctx, tx)
	if err != nil {
		return nil, err
	}
	below := after.Below(s.Today(), touched)
	if err := rebuildLineage(ctx, tx, after, slices.Concat(below, after.Below(day, touched), touched)); err != nil {
		return nil, err
	}
	return below, followAttributes(ctx, tx, changesOf(h, after, touched))
}

// change is what an organisation was and is.
type change struct {
	id      int32
	was, is party.OrgAttributes
}

// changesOf compares what some organisations are last in two histories; those that have none in one are
// left out.
func changesOf(before, after party.OrgHistory, ids []int32) (out []change) {
	for _, id := range ids {
		if was, is := before[id], after[id]; len(was) > 0 && len(is) > 0 {
			out = append(out, change{id, was[len(was)-1].OrgAttributes, is[len(is)-1].OrgAttributes})
		}
	}
	return out
}

// followAttributes lets what is stored by an organisation's name or kind follow a change of it: what a
// search finds its people by, and the figures that are kept for some kinds only.
func followAttributes(ctx context.Context, tx *postgres.Tx, changes []change) error {
	renamed, recounted := []int32{}, []int32{}
	for _, c := range changes {
		if c.was.Name != c.is.Name {
			renamed = append(renamed, c.id)
		}
		if c.was.Kind != c.is.Kind {
			recounted = append(recounted, c.id)
		}
	}
	return follow(ctx, tx, renamed, recounted)
}
