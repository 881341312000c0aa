package regulation

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

func selectForms(ctx context.Context, tx *postgres.Tx) ([]party.DocumentForm, error) {
	rows, err := tx.Query(ctx, `
		select kind, stage, code, title, position, level, above, instead, lasts_by, former, valid_from, valid_until, document, issued_on, clause, confidence
		  from document_kinds order by stage, position, valid_from`)
	if err != nil {
		return nil, fmt.Errorf("read forms: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (f party.DocumentForm, err error) {
		return f, row.Scan(&f.Kind, &f.Stage, &f.Code, &f.Title, &f.Position, &f.Level, &f.Above, &f.Instead, &f.LastsBy, &f.Former, &f.From, &f.Until,
			&f.Document, &f.Issued, &f.Clause, &f.Confidence)
	})
}

// insertShippedForm enters a shipped form, unless there is one of the paper that begins on its day.
func insertShippedForm(ctx context.Context, tx *postgres.Tx, f party.DocumentForm, key string) error {
	_, err := tx.Exec(ctx, `
		insert into document_kinds (kind, stage, code, title, position, level, above, instead, lasts_by, former, valid_from, valid_until, document, issued_on,
		    clause, confidence)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		on conflict (kind, valid_from) do nothing`, f.Kind, f.Stage, f.Code, f.Title, f.Position, f.Level, f.Above, f.Instead, f.LastsBy, f.Former, f.From, f.Until,
		f.Document, f.Issued, f.Clause, f.Confidence)
	if err != nil {
		return fmt.Errorf("insert form %s: %w", f.Kind, err)
	}
	return markShipped(ctx, tx, key)
}
