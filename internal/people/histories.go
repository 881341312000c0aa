package people

import (
	"context"
	"fmt"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// History is somebody with everything that has happened so far.
type History struct {
	Fields Fields
	Steps  []NewStep // in the order in which they happened; Key, PersonID and Version are not read
}

// EnterHistories registers people together with their past, all or none, and gives their ids.
// Each step is asked of its gate as if it had been recorded on its own. A refusal carries the
// party.Verdict or the refused fields, and says which history and step it was in its text.
func (s *Service) EnterHistories(ctx context.Context, v access.Viewer, list []History) ([]int64, error) {
	ids := make([]int64, len(list))
	err := s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		for i, h := range list {
			id, err := s.enterHistory(ctx, tx, v, h)
			if err != nil {
				return fmt.Errorf("history %d: %w", i, err)
			}
			ids[i] = id
		}
		return nil
	})
	return ids, err
}

func (s *Service) enterHistory(ctx context.Context, tx *postgres.Tx, v access.Viewer, h History) (int64, error) {
	f := h.Fields.clean()
	if bad := f.problems(s.clock()); len(bad) > 0 {
		return 0, fault.InvalidFields(bad...)
	}
	place, path, err := s.placeFor(ctx, tx, v, f.OrgID)
	if err != nil {
		return 0, err
	}
	if !v.MayIn(access.PeopleSensitive, path) {
		f = f.withoutSensitive()
	}
	p := tracked{orgID: f.OrgID, path: path, place: place, person: f.forGates()}
	if err := s.askHistory(ctx, tx, v, p, h.Steps); err != nil {
		return 0, err
	}
	sealed, index := s.numbers.Seal(f.PersonalNo)
	if p.id, err = insertPerson(ctx, tx, v.AccountID, 0, f, sealed, index); err != nil {
		return 0, err
	}
	steps := make([]RecordedStep, len(h.Steps))
	for i, in := range h.Steps {
		steps[i].Step = in.step(p.orgID)
		if steps[i].ID, err = insertStep(ctx, tx, v.AccountID, p.id, steps[i].Step, 0); err != nil {
			return 0, err
		}
		steps[i].Seq = steps[i].ID
	}
	if err := s.project(ctx, tx, p, steps); err != nil {
		return 0, err
	}
	return p.id, audit.Write(ctx, tx, v, audit.Entry{Action: "register", Entity: "person", EntityID: p.id, OrgID: p.orgID,
		Detail: map[string]any{"steps": len(steps)}})
}

// askHistory asks the right and the gate for each step, given those before it.
func (s *Service) askHistory(ctx context.Context, tx *postgres.Tx, v access.Viewer, p tracked, steps []NewStep) error {
	c, err := s.caseOf(ctx, tx, p, nil)
	if err != nil {
		return err
	}
	for i, in := range steps {
		if err := checkStep(in); err != nil {
			return fmt.Errorf("step %d: %w", i, err)
		}
		if err := mayIn(v, access.Record(in.Kind), p.path); err != nil {
			return fmt.Errorf("step %d: %w", i, err)
		}
		step := in.step(p.orgID)
		step.ID, step.Seq = int64(i+1), int64(i+1)
		if err := refused(c.Record(step)); err != nil {
			return fmt.Errorf("step %d: %w", i, err)
		}
		c.Steps = append(c.Steps, step)
	}
	return nil
}

// Refusal gives the verdict inside an error of Record, Correct or EnterHistories, if there is one.
func Refusal(err error) (party.Verdict, bool) {
	if e := fault.As(err); e != nil {
		v, ok := e.Detail.(party.Verdict)
		return v, ok
	}
	return party.Verdict{}, false
}
