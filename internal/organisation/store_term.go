package organisation

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

const termColumns = `id, code, name, starts_on, ends_on, version`

func (t *Term) targets() []any {
	return []any{&t.ID, &t.Code, &t.Name, &t.Starts, &t.Ends, &t.Version}
}

func selectTerms(ctx context.Context, tx *postgres.Tx) ([]Term, error) {
	rows, err := tx.Query(ctx, `select `+termColumns+` from terms order by starts_on desc`)
	if err != nil {
		return nil, fmt.Errorf("read terms: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Term, err error) {
		return t, row.Scan(t.targets()...)
	})
	if err != nil {
		return nil, fmt.Errorf("read terms: %w", err)
	}
	return list, nil
}

func selectTerm(ctx context.Context, tx *postgres.Tx, id int32, lock bool) (t Term, err error) {
	query := `select ` + termColumns + ` from terms where id = $1`
	if lock {
		query += ` for update`
	}
	err = tx.QueryRow(ctx, query, id).Scan(t.targets()...)
	if postgres.NoRows(err) {
		return t, errTermNotFound()
	}
	if err != nil {
		return t, fmt.Errorf("read term %d: %w", id, err)
	}
	return t, nil
}

func insertTerm(ctx context.Context, tx *postgres.Tx, account int64, t party.Term) (id int32, err error) {
	err = tx.QueryRow(ctx, `
		insert into terms (code, name, starts_on, ends_on, changed_by)
		values ($1, $2, $3, $4, $5) returning id`, t.Code, t.Name, t.Starts, t.Ends, account).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("insert term: %w", err)
	}
	return id, nil
}

func updateTerm(ctx context.Context, tx *postgres.Tx, account int64, t party.Term) error {
	_, err := tx.Exec(ctx, `
		update terms set code = $2, name = $3, starts_on = $4, ends_on = $5,
		       version = version + 1, changed_by = $6, changed_at = now()
		 where id = $1`, t.ID, t.Code, t.Name, t.Starts, t.Ends, account)
	if err != nil {
		return fmt.Errorf("update term %d: %w", t.ID, err)
	}
	return nil
}

func selectTermChange(ctx context.Context, tx *postgres.Tx, id int32) (st Stale, err error) {
	err = tx.QueryRow(ctx, `
		select coalesce((select a.name from accounts a where a.id = t.changed_by), ''), t.changed_at
		  from terms t where t.id = $1`, id).Scan(&st.By, &st.At)
	return st, err
}

// lockTerms lets one writer of terms work at a time, so that overlaps are found by name before the
// database finds them without one. The lock ends with the transaction.
func lockTerms(ctx context.Context, tx *postgres.Tx) error {
	_, err := tx.Exec(ctx, `select pg_advisory_xact_lock(7464004)`)
	return err
}
