package organisation

import (
	"context"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Place tells what the gates need to know of an organisation on a day, and the way from the top
// down to it. It answers fault.NotFound for one that does not stand on the day.
func (s *Service) Place(ctx context.Context, tx *postgres.Tx, orgID int32, day party.Date) (party.Place, []int32, error) {
	places, paths, err := s.Places(ctx, tx, []int32{orgID}, day)
	if err != nil {
		return party.Place{}, nil, err
	}
	if len(paths) == 0 {
		return party.Place{}, nil, errNotFound()
	}
	return places[orgID], paths[orgID], nil
}

// Standing gives the way from the top down to an organisation as of today; to one that has ended, below what
// it went on in. It says whose what was entered with it is to finish; fault.NotFound is one that never stood.
func (s *Service) Standing(ctx context.Context, tx *postgres.Tx, orgID int32) ([]int32, error) {
	path, err := selectStanding(ctx, tx, orgID, s.Today())
	if err == nil && len(path) == 0 {
		err = errNotFound()
	}
	return path, err
}

// Places is Place for many organisations in one statement; those that do not exist on the day are
// left out.
func (s *Service) Places(ctx context.Context, tx *postgres.Tx, orgIDs []int32, day party.Date) (map[int32]party.Place, map[int32][]int32, error) {
	ways, err := selectAbove(ctx, tx, orgIDs, day)
	if err != nil {
		return nil, nil, err
	}
	places, paths := make(map[int32]party.Place, len(ways)), make(map[int32][]int32, len(ways))
	for id, way := range ways {
		place := party.Place{OrgID: id, Kind: way[len(way)-1].kind}
		for _, a := range way {
			paths[id] = append(paths[id], a.id)
			if a.id != id {
				place.HasGrassroots = place.HasGrassroots || a.kind == party.GrassrootsCommittee
				place.HasSectional = place.HasSectional || a.kind == party.SectionalCommittee
			}
		}
		places[id] = place
	}
	return places, paths, nil
}
