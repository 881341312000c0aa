package report

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Occasions are a term's admissions by the occasion of the ceremony. Their sum is the figure of the
// term's report.
type Occasions struct {
	Term   Term
	Counts map[party.Occasion]int
}

// Occasions groups the admissions of a term, for whoever may read its report.
func (s *Service) Occasions(ctx context.Context, v access.Viewer, q TermQuery) (out Occasions, err error) {
	r, err := s.prepare(ctx, v, q)
	if err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if err := r.fill(ctx, tx); err != nil {
			return err
		}
		w, _, err := r.behind(NamesQuery{TermQuery: q, Figure: party.FigureAdmitted})
		if err != nil {
			return err
		}
		out.Counts, err = selectOccasions(ctx, tx, w)
		return err
	})
	out.Term = r.Term
	return out, err
}
