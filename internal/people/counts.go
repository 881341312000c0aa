package people

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// StageCounts tells how many people stand at each stage, in an organisation and all below it, or,
// for 0, in the viewer's whole scope. An organisation outside of it is fault.NotFound.
func (s *Service) StageCounts(ctx context.Context, v access.Viewer, orgID int32) (map[party.Stage]int, error) {
	if !v.May(access.PeopleRead) {
		return nil, fault.NewForbidden("errors.forbidden")
	}
	var counts map[party.Stage]int
	err := s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		sc, err := s.scopeOf(ctx, tx, v, orgID)
		if err != nil {
			return err
		}
		counts, err = s.newFind(v, sc, Query{OrgID: orgID}).stageCounts(ctx, tx)
		return err
	})
	return counts, err
}
