package transfer

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

const columns = `t.id, t.person_id, t.full_name, t.org_id, t.to_org, t.issuer_id, t.year, t.number, t.issued_on, t.dues_to,
	nullif(t.present_by, 'infinity'), t.state, t.presented_on, t.ended_on, t.words, coalesce(t.step_id, 0), t.version`

func (t *Transfer) targets() []any {
	return []any{&t.ID, &t.PersonID, &t.Name, &t.From, &t.To, &t.IssuerID, &t.Year, &t.Number, &t.IssuedOn, &t.DuesTo,
		&t.PresentBy, &t.State, &t.PresentedOn, &t.EndedOn, &t.Words, &t.StepID, &t.Version}
}

func insertTransfer(ctx context.Context, tx *postgres.Tx, account int64, t Transfer) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		insert into transfers (person_id, full_name, org_id, path, to_org, to_path, issuer_id, year, number, issued_on, dues_to, present_by, recorded_by)
		values ($1, $2, $3, '{}', $4, '{}', $5, $6, $7, $8, $9, coalesce($10, 'infinity'::date), $11) returning id`,
		t.PersonID, t.Name, t.From, t.To, t.IssuerID, t.Year, t.Number, t.IssuedOn, t.DuesTo, t.PresentBy, account).Scan(&id)
	if postgres.UniqueViolation(err) == "transfers_one" {
		return 0, fault.NewConflict("transfers.error.open_already")
	}
	if err != nil {
		return 0, fmt.Errorf("insert transfer: %w", err)
	}
	return id, nil
}

// updateTransfer stores how far a transfer came that was locked before.
func updateTransfer(ctx context.Context, tx *postgres.Tx, t Transfer) error {
	_, err := tx.Exec(ctx, `
		update transfers set state = $2, presented_on = $3, ended_on = $4, words = $5, step_id = nullif($6::bigint, 0), version = version + 1
		 where id = $1`, t.ID, t.State, t.PresentedOn, t.EndedOn, t.Words, t.StepID)
	if err != nil {
		return fmt.Errorf("transfer %d: %w", t.ID, err)
	}
	return nil
}

func lockTransfer(ctx context.Context, tx *postgres.Tx, id int64) (t Transfer, err error) {
	err = tx.QueryRow(ctx, `select `+columns+` from transfers t where t.id = $1 for update`, id).Scan(t.targets()...)
	if postgres.NoRows(err) {
		return t, errNotFound()
	}
	if err != nil {
		return t, fmt.Errorf("lock transfer %d: %w", id, err)
	}
	return t, nil
}

func receiveTransferred(ctx context.Context, tx *postgres.Tx, id int64, on party.Date) (against string, err error) {
	if err = tx.QueryRow(ctx, `select receive_transferred($1, $2)`, id, on).Scan(&against); err != nil {
		return "", fmt.Errorf("receive transfer %d: %w", id, err)
	}
	return against, nil
}

// selectOpen gives a page of open transfers, the earliest deadline first.
func selectOpen(ctx context.Context, tx *postgres.Tx, q Query, limit int) ([]Transfer, error) {
	rows, err := tx.Query(ctx, `
		select `+columns+` from transfers t
		 where t.open and ($1::integer[] is null or t.path && $1 or t.to_path && $1)
		   and ($2 = 0 or (t.present_by, t.id) > (select a.present_by, a.id from transfers a where a.id = $2))
		 order by t.present_by, t.id limit $3`, q.within, q.After, limit)
	if err != nil {
		return nil, fmt.Errorf("open transfers: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Transfer, err error) { return t, row.Scan(t.targets()...) })
}

func selectOfPerson(ctx context.Context, tx *postgres.Tx, person int64) ([]Transfer, error) {
	rows, err := tx.Query(ctx, `select `+columns+` from transfers t where t.person_id = $1 order by t.id desc limit 100`, person)
	if err != nil {
		return nil, fmt.Errorf("transfers of person %d: %w", person, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Transfer, err error) { return t, row.Scan(t.targets()...) })
}
