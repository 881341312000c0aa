package organisation

import (
	"context"
	"slices"

	"ketnap/internal/postgres"
)

// portion is how many organisations CheckProjection compares at a time.
const portion = 1000

// CheckProjection recomputes the stored tree from the versions and gives the organisations whose
// way to the top differs, there or in what is stored with them.
func (s *Service) CheckProjection(ctx context.Context) ([]int32, error) {
	_, differ, err := s.ExamineProjection(ctx)
	return differ, err
}

// ExamineProjection is CheckProjection that also tells how many organisations it looked at.
func (s *Service) ExamineProjection(ctx context.Context) (looked int, differ []int32, err error) {
	err = s.db.ReadSystem(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		history, err := selectAllVersions(ctx, tx)
		if err != nil {
			return err
		}
		for after := int32(0); ; {
			ids, err := selectOrgIDs(ctx, tx, after, portion)
			if err != nil {
				return err
			}
			if len(ids) == 0 {
				break
			}
			stored, err := selectStoredLineage(ctx, tx, ids)
			if err != nil {
				return err
			}
			looked += len(ids)
			for _, id := range ids {
				if !slices.Equal(stored[id], history.Lineage(id)) {
					differ = append(differ, id)
				}
			}
			after = ids[len(ids)-1]
		}
		misplaced, err := selectMisplaced(ctx, tx)
		for _, id := range misplaced {
			if !slices.Contains(differ, id) {
				differ = append(differ, id)
			}
		}
		return err
	})
	return looked, differ, err
}
