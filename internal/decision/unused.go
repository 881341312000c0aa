package decision

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/postgres"
)

// Span is a row of numbers from First to Last, both in it.
type Span struct{ First, Last int }

// maxSpans bounds how many rows of unused numbers are told at once.
const maxSpans = 20

// Unused gives the numbers of an issuer's year that no decision of the register has although a later
// one is taken: those first issued on paper only, or wasted. more says that there are further ones.
// It is told to those only who issue there, since others do not see the whole register.
func (s *Service) Unused(ctx context.Context, v access.Viewer, orgID int32, year int) (spans []Span, more bool, err error) {
	if orgID == 0 || year == 0 {
		return nil, false, nil
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return nil, false, err
	}
	if o, ok := tree.Of(orgID); !ok || !v.MayIn(access.DecisionsIssue, o.Path) {
		return nil, false, nil
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		spans, err = selectUnused(ctx, tx, orgID, year, maxSpans+1)
		return err
	})
	if more = len(spans) > maxSpans; more {
		spans = spans[:maxSpans]
	}
	return spans, more, err
}
