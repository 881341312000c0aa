package people

import (
	"context"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Case is somebody as the gates see him, with what a list says of him.
type Case struct {
	party.Case
	ID        int64
	Version   int
	FullName  string
	ClassName string
	OrgID     int32
}

// Cases gives people as the gates see them, for lists that say of each what is missing. It takes the
// same number of statements for any number of people. Those whom the viewer may not see are left
// out, and nothing is entered into the audit: no record is opened.
func (s *Service) Cases(ctx context.Context, tx *postgres.Tx, ids []int64) (map[int64]Case, error) {
	list, err := s.selectChosen(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]Case, len(list))
	for _, e := range list {
		c, err := s.caseOf(ctx, tx, e.tracked, e.steps)
		if err != nil {
			return nil, err
		}
		out[e.id] = Case{Case: c, ID: e.id, Version: e.version, FullName: e.name, ClassName: e.class, OrgID: e.orgID}
	}
	return out, nil
}
