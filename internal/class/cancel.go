package class

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Cancelling takes a recorded result back.
type Cancelling struct {
	Key      string
	ClassID  int64
	PersonID int64
	Reason   string
}

// Cancel takes somebody's result back with its certificate and letter, also after the class closed.
// Their numbers stay used. Of an awareness class the step is voided, which is refused with a
// party.Verdict while later steps rest on it.
func (s *Service) Cancel(ctx context.Context, v access.Viewer, in Cancelling) error {
	if bad := reasoned(&in.Reason); len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	return s.once(ctx, v, in.Key, func(ctx context.Context, tx *postgres.Tx, tree *organisation.Snapshot) error {
		c, err := organised(ctx, tx, v, tree, in.ClassID)
		if err != nil {
			return err
		}
		m, err := selectMember(ctx, tx, c.ID, in.PersonID)
		if err != nil {
			return err
		}
		if m.Result == "" {
			return fault.NewConflict("classes.error.no_result")
		}
		step, err := selectHolding(ctx, tx, m.stepID)
		if err != nil {
			return err
		}
		if step != 0 {
			if _, err := s.people.VoidIn(ctx, tx, v, people.Voiding{PersonID: m.PersonID, StepID: step, Reason: in.Reason}); err != nil {
				return err
			}
		}
		if err := cancelPapers(ctx, tx, m, s.Today(), in.Reason); err != nil {
			return err
		}
		m.Result, m.stepID = "", 0
		if err := updateResult(ctx, tx, v.AccountID, m); err != nil {
			return err
		}
		return note(ctx, tx, v, "cancel", c, map[string]any{"person": m.PersonID})
	})
}

// Closing ends the work on a class.
type Closing struct {
	Key     string
	ClassID int64
	Version int
}

// Close closes a class that is over: from then on nothing of it changes but that a result is taken
// back. It is refused while somebody waits for an answer or for his result.
func (s *Service) Close(ctx context.Context, v access.Viewer, in Closing) error {
	return s.once(ctx, v, in.Key, func(ctx context.Context, tx *postgres.Tx, tree *organisation.Snapshot) error {
		c, err := manage(ctx, tx, v, tree, in.ClassID)
		if err != nil {
			return err
		}
		if err := fresh(ctx, tx, c, in.Version); err != nil {
			return err
		}
		counts, err := selectCounts(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		n := counts[c.ID]
		switch {
		case s.Today().Before(c.Ends):
			return fault.NewConflict("classes.error.not_over", "Ends", c.Ends)
		case n.Nominated > 0:
			return fault.NewConflict("classes.error.nominated_wait", "Count", n.Nominated)
		case n.Approved > n.Results:
			return fault.NewConflict("classes.error.results_wait", "Count", n.Approved-n.Results)
		}
		if err := closeClass(ctx, tx, v.AccountID, c.ID, s.Today()); err != nil {
			return err
		}
		return note(ctx, tx, v, "close", c, nil)
	})
}
