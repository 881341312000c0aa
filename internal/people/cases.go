package people

import (
	"context"
	"slices"

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
	out, former := make(map[int64]Case, len(list)), []int64(nil)
	for _, e := range list {
		c, err := s.caseOf(ctx, tx, e.tracked, e.steps)
		if err != nil {
			return nil, err
		}
		out[e.id] = Case{Case: c, ID: e.id, Version: e.version, FullName: e.name, ClassName: e.class, OrgID: e.orgID}
		if hasLeft(c) {
			former = append(former, e.id)
		}
	}
	consents, err := s.consents(ctx, tx, former)
	for id, d := range consents {
		c := out[id]
		c.Consent = d
		out[id] = c
	}
	return out, err
}

// consents gives the consents to the re-admission of some people; of nobody without a statement.
func (s *Service) consents(ctx context.Context, tx *postgres.Tx, ids []int64) (map[int64]party.Document, error) {
	if s.Consents == nil || len(ids) == 0 {
		return nil, nil
	}
	return s.Consents(ctx, tx, ids)
}

// askedOf gives a case with what its gates look at besides the steps.
func (s *Service) askedOf(ctx context.Context, tx *postgres.Tx, id int64, c party.Case) (party.Case, error) {
	if !hasLeft(c) {
		return c, nil
	}
	consents, err := s.consents(ctx, tx, []int64{id})
	c.Consent = consents[id]
	return c, err
}

func hasLeft(c party.Case) bool {
	return slices.ContainsFunc(c.Steps, func(st party.Step) bool { return st.Kind == party.Left })
}
