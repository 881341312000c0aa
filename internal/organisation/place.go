package organisation

import (
	"context"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Place tells what the gates need to know of an organisation on a day, and the way from the top
// down to it. It answers fault.NotFound for one that does not stand on the day.
func (s *Service) Place(ctx context.Context, tx *postgres.Tx, orgID int32, day party.Date) (party.Place, []int32, error) {
	above, err := selectAbove(ctx, tx, orgID, day)
	if err != nil {
		return party.Place{}, nil, err
	}
	if len(above) == 0 {
		return party.Place{}, nil, errNotFound()
	}
	self := above[len(above)-1]
	place := party.Place{OrgID: self.id, Kind: self.kind}
	path := make([]int32, len(above))
	for i, a := range above {
		path[i] = a.id
		if a.kind == party.GrassrootsCommittee && a.id != self.id {
			place.HasGrassroots = true
		}
	}
	return place, path, nil
}
