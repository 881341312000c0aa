package organisation

import (
	"context"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Reorganise runs a change of where organisations stand: no other change of the tree goes on beside
// it, and this copy of the program sees it at once. The rights are the caller's to ask.
func (s *Service) Reorganise(ctx context.Context, v access.Viewer, fn func(context.Context, *postgres.Tx) error) error {
	return s.change(ctx, v, fn)
}

// History gives what every organisation has been, in the caller's transaction.
func (s *Service) History(ctx context.Context, tx *postgres.Tx) (party.OrgHistory, error) {
	return selectAllVersions(ctx, tx)
}

// Reorder writes what an act comes to, from its day on, and gives the organisations whose way to the
// top it changes and that still stand.
func (s *Service) Reorder(ctx context.Context, tx *postgres.Tx, v access.Viewer, day party.Date, r party.Reordering) ([]int32, error) {
	below, err := selectBelow(ctx, tx, r.Touched())
	if err != nil {
		return nil, err
	}
	if err := insertReordering(ctx, tx, v.AccountID, day, r); err != nil {
		return nil, err
	}
	if err := rebuildLineage(ctx, tx, below); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(below, func(id int32) bool { return slices.Contains(r.Ends, id) }), nil
}

// Restore takes back what Reorder wrote on a day and gives the organisations whose way to the top
// changes back.
func (s *Service) Restore(ctx context.Context, tx *postgres.Tx, day party.Date, touched []int32) ([]int32, error) {
	if err := deleteReordering(ctx, tx, day, touched); err != nil {
		return nil, err
	}
	history, err := selectAllVersions(ctx, tx)
	if err != nil {
		return nil, err
	}
	below := history.Below(s.Today(), touched)
	return below, rebuildLineage(ctx, tx, below)
}
