package decision

import (
	"context"

	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Check compares the register with the steps, and tells how many entries it looked at. Whom a decision
// names has a step of its kind, day and number; whom a cancellation names, one that voids what the
// cancelled decision caused. Compared is the step that the decision caused. That it was corrected, or
// taken back with a reason, on the person's page is recorded there and no finding; neither is a step
// without a decision, since older ones are entered by hand or imported.
func (s *Service) Check(ctx context.Context) (looked int, differ []people.Difference, err error) {
	err = s.db.ReadSystem(ctx, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if looked, err = countNamed(ctx, tx); err != nil {
			return err
		}
		differ, err = selectUnlikeSteps(ctx, tx, people.MaxDifferences)
		return err
	})
	return looked, differ, err
}
