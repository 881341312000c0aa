package departure

import (
	"context"

	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Check compares the cases with the steps, and tells how many cases it looked at. A case that was decided
// has the departure's step, one that ended in a restoration that step too, of the day and the decision of
// its act; and what a step names as its case is one that came to it. A departure without a case is no
// finding: older ones are entered by hand or imported. A departure that was taken back has left its case
// open again. A cell's vote without two thirds on a probationary member is a step too.
func (s *Service) Check(ctx context.Context) (looked int, differ []people.Difference, err error) {
	err = s.db.ReadSystem(ctx, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if looked, err = countCases(ctx, tx); err != nil {
			return err
		}
		if differ, err = selectUnlikeSteps(ctx, tx, people.MaxDifferences); err != nil {
			return err
		}
		votes, err := selectUnlikeVotes(ctx, tx, people.MaxDifferences)
		if err != nil {
			return err
		}
		stray, err := selectStraySteps(ctx, tx, people.MaxDifferences)
		differ = append(append(differ, votes...), stray...)
		return err
	})
	return looked, differ, err
}
