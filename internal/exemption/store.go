package exemption

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/fault"
	"ketnap/internal/postgres"
)

// lockPerson lets one writer about somebody work at a time, and gives where he is.
func lockPerson(ctx context.Context, tx *postgres.Tx, id int64) (path []int32, err error) {
	err = tx.QueryRow(ctx, `select path from people where id = $1 for no key update`, id).Scan(&path)
	if postgres.NoRows(err) {
		return nil, fault.NewNotFound("people.error.not_found")
	}
	if err != nil {
		return nil, fmt.Errorf("person %d: %w", id, err)
	}
	return path, nil
}

func selectOfPerson(ctx context.Context, tx *postgres.Tx, id int64) ([]Exemption, error) {
	rows, err := tx.Query(ctx, `
		select id, person_id, kind, from_on, until_on, no_dues, number, decided_on, reason, version
		  from member_exemptions where person_id = $1 order by from_on desc, id desc limit $2`, id, MaxOfPerson)
	if err != nil {
		return nil, fmt.Errorf("exemptions of person %d: %w", id, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (e Exemption, err error) {
		return e, row.Scan(&e.ID, &e.PersonID, &e.Kind, &e.From, &e.Until, &e.NoDues, &e.Number, &e.DecidedOn, &e.Reason, &e.Version)
	})
}

func insert(ctx context.Context, tx *postgres.Tx, account int64, e Exemption) error {
	_, err := tx.Exec(ctx, `
		insert into member_exemptions (person_id, kind, number, decided_on, from_on, until_on, no_dues, reason, recorded_by, changed_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`, e.PersonID, e.Kind, e.Number, e.DecidedOn, e.From, e.Until, e.NoDues, e.Reason, account)
	if err != nil {
		return fmt.Errorf("exemption of person %d: %w", e.PersonID, err)
	}
	return nil
}

func updateUntil(ctx context.Context, tx *postgres.Tx, account int64, e Exemption) error {
	_, err := tx.Exec(ctx, `update member_exemptions set until_on = $2, version = version + 1, changed_by = $3, changed_at = now() where id = $1`, e.ID, e.Until, account)
	if err != nil {
		return fmt.Errorf("end exemption %d: %w", e.ID, err)
	}
	return nil
}
