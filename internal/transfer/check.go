package transfer

import (
	"context"

	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Check compares the papers with the steps, and tells how many papers it looked at. Whose paper was
// accepted, or whose arrival outside was confirmed, has moved by it, on its day, with its number and to
// where it leads; a candidate has left with the letter itself; and what a step names as its paper is one
// that led to it. Who goes for a time does not move. A step that was corrected or taken back with a
// reason is no finding, except that of a letter that was cancelled: there it must be taken back.
func (s *Service) Check(ctx context.Context) (looked int, differ []people.Difference, err error) {
	err = s.db.ReadSystem(ctx, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if looked, err = countPapers(ctx, tx); err != nil {
			return err
		}
		if differ, err = selectUnlikeSteps(ctx, tx, people.MaxDifferences); err != nil {
			return err
		}
		stray, err := selectStraySteps(ctx, tx, people.MaxDifferences)
		differ = append(differ, stray...)
		return err
	})
	return looked, differ, err
}
