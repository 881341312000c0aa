package people

import (
	"context"
	"encoding/json"
	"fmt"

	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

func insertStep(ctx context.Context, tx *postgres.Tx, account, personID int64, s party.Step, corrects int64) (int64, error) {
	facts, err := json.Marshal(s.Facts)
	if err != nil {
		return 0, fmt.Errorf("facts of %s: %w", s.Kind, err)
	}
	papers, err := json.Marshal(s.Papers)
	if err != nil {
		return 0, fmt.Errorf("papers of %s: %w", s.Kind, err)
	}
	if s.Papers == nil {
		papers = []byte("[]")
	}
	var voids, class int64
	switch f := s.Facts.(type) {
	case party.VoidedFacts:
		voids = f.StepID
	case party.ClassResultFacts:
		class = f.ClassID
	}
	var id int64
	err = tx.QueryRow(ctx, `
		insert into steps (person_id, kind, happened_on, org_id, facts, papers, voids_id, corrects_id, class_id, recorded_by)
		values ($1, $2, $3, $4, $5, $6, nullif($7::bigint, 0), nullif($8::bigint, 0), nullif($9::bigint, 0), $10)
		returning id`,
		personID, s.Kind, s.On, s.OrgID, facts, papers, voids, corrects, class, account).Scan(&id)
	if postgres.ForeignKeyViolation(err) == "steps_class_id_fkey" {
		return 0, fault.InvalidFields(fault.Field{Name: "class", Key: "errors.choice"})
	}
	if err != nil {
		return 0, fmt.Errorf("insert step %s of person %d: %w", s.Kind, personID, err)
	}
	return id, nil
}

const stepColumns = `s.id, s.kind, s.happened_on, s.org_id, s.facts, s.papers, s.recorded_at,
	coalesce(a.name, ''), coalesce((select v.id from steps v where v.voids_id = s.id), 0), coalesce(s.corrects_id, 0)`

const stepsOfPerson = `select ` + stepColumns + `
	from steps s left join accounts a on a.id = s.recorded_by
	where s.person_id = $1 order by s.happened_on, s.id`

// selectSteps reads all steps of a person, voided ones too. Its length is bounded by what can
// happen to one person.
func selectSteps(ctx context.Context, tx *postgres.Tx, personID int64) ([]RecordedStep, error) {
	rows, err := tx.Query(ctx, stepsOfPerson, personID)
	if err != nil {
		return nil, fmt.Errorf("steps of person %d: %w", personID, err)
	}
	return scanSteps(rows)
}

// rowsOf is what scanSteps needs of a result.
type rowsOf interface {
	Next() bool
	Scan(...any) error
	Err() error
	Close()
}

func scanSteps(rows rowsOf) ([]RecordedStep, error) {
	defer rows.Close()
	var out []RecordedStep
	for rows.Next() {
		var s RecordedStep
		var facts, papers []byte
		if err := rows.Scan(&s.ID, &s.Kind, &s.On, &s.OrgID, &facts, &papers, &s.At, &s.By, &s.VoidedBy, &s.CorrectsID); err != nil {
			return nil, fmt.Errorf("scan step: %w", err)
		}
		if err := s.fill(facts, papers); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

func (s *RecordedStep) fill(facts, papers []byte) (err error) {
	if s.Facts, err = DecodeFacts(s.Kind, facts); err != nil {
		return fmt.Errorf("step %d: %w", s.ID, err)
	}
	if err := json.Unmarshal(papers, &s.Papers); err != nil {
		return fmt.Errorf("step %d: papers: %w", s.ID, err)
	}
	s.Seq = s.ID
	s.RecordedOn = party.DateOf(s.At)
	return nil
}
