package regulation

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

const ruleColumns = `id, rule, value, per, unit, option, valid_from, valid_until, document, issued_on, clause, confidence, shipped, version`

// targets gives where ruleColumns are read to.
func (r *Entry) targets() []any {
	return []any{&r.ID, &r.Rule.ID, &r.Value, &r.Per, &r.Unit, &r.Option, &r.From, &r.Until, &r.Document, &r.Issued, &r.Clause,
		&r.Confidence, &r.Shipped, &r.Version}
}

// lockRules lets one writer of rules work at a time. The lock ends with the transaction.
func lockRules(ctx context.Context, tx *postgres.Tx) error {
	_, err := tx.Exec(ctx, `select pg_advisory_xact_lock(7464005)`)
	return err
}

// selectStamp gives a text that differs after every change of rules or calendar.
func selectStamp(ctx context.Context, tx *postgres.Tx) (stamp string, err error) {
	err = tx.QueryRow(ctx, `
		select (select count(*) || ' ' || coalesce(sum(version), 0) || ' ' || coalesce(max(changed_at), 'epoch') from rules)
		    || ' ' || (select count(*) || ' ' || coalesce(max(changed_at), 'epoch') from calendar_days)
		    || ' ' || (select count(*) || ' ' || coalesce(max(changed_at), 'epoch') from document_kinds)`).Scan(&stamp)
	return stamp, err
}

func selectRules(ctx context.Context, tx *postgres.Tx) ([]Entry, error) {
	rows, err := tx.Query(ctx, `select `+ruleColumns+` from rules order by rule, valid_from desc`)
	if err != nil {
		return nil, fmt.Errorf("read rules: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Entry, err error) { return r, row.Scan(r.targets()...) })
}

func selectRule(ctx context.Context, tx *postgres.Tx, id int64, lock bool) (r Entry, err error) {
	query := `select ` + ruleColumns + ` from rules where id = $1`
	if lock {
		query += ` for update`
	}
	err = tx.QueryRow(ctx, query, id).Scan(r.targets()...)
	if postgres.NoRows(err) {
		return r, errNotFound()
	}
	return r, err
}

func insertRule(ctx context.Context, tx *postgres.Tx, account int64, r party.Rule, shipped bool) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		insert into rules (rule, value, per, unit, option, valid_from, valid_until, document, issued_on, clause, confidence, shipped, changed_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning id`,
		r.ID, r.Value, r.Per, r.Unit, r.Option, r.From, r.Until, r.Document, r.Issued, r.Clause, r.Confidence, shipped, account).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("insert rule %s: %w", r.ID, err)
	}
	return id, nil
}

func updateRule(ctx context.Context, tx *postgres.Tx, account, id int64, r party.Rule) error {
	_, err := tx.Exec(ctx, `
		update rules set value = $2, per = $3, unit = $4, option = $5, valid_from = $6, valid_until = $7, document = $8, issued_on = $9,
		       clause = $10, confidence = $11, shipped = false, version = version + 1, changed_by = $12, changed_at = now()
		 where id = $1`, id, r.Value, r.Per, r.Unit, r.Option, r.From, r.Until, r.Document, r.Issued, r.Clause, r.Confidence, account)
	return err
}

func deleteRule(ctx context.Context, tx *postgres.Tx, id int64) error {
	_, err := tx.Exec(ctx, `delete from rules where id = $1`, id)
	return err
}

// selectOverlap gives another value of a rule that holds on one of the days of a period.
func selectOverlap(ctx context.Context, tx *postgres.Tx, except int64, r party.Rule) (other Entry, found bool, err error) {
	err = tx.QueryRow(ctx, `
		select `+ruleColumns+` from rules
		 where rule = $1 and id <> $2 and daterange(valid_from, valid_until, '[]') && daterange($3, $4, '[]')
		 order by valid_from limit 1`, r.ID, except, r.From, r.Until).Scan(other.targets()...)
	if postgres.NoRows(err) {
		return other, false, nil
	}
	return other, err == nil, err
}

func selectRuleAuthor(ctx context.Context, tx *postgres.Tx, id int64) (st Stale, err error) {
	err = tx.QueryRow(ctx, `
		select coalesce((select a.name from accounts a where a.id = r.changed_by), ''), r.changed_at from rules r where r.id = $1`, id).
		Scan(&st.By, &st.At)
	return st, err
}

// selectShipped gives the keys of all shipped defaults that were entered once.
func selectShipped(ctx context.Context, tx *postgres.Tx) (map[string]bool, error) {
	rows, err := tx.Query(ctx, `select key from shipped_defaults`)
	if err != nil {
		return nil, err
	}
	keys, err := pgx.CollectRows(rows, pgx.RowTo[string])
	known := make(map[string]bool, len(keys))
	for _, k := range keys {
		known[k] = true
	}
	return known, err
}

func markShipped(ctx context.Context, tx *postgres.Tx, key string) error {
	_, err := tx.Exec(ctx, `insert into shipped_defaults (key) values ($1)`, key)
	return err
}

// insertShippedRule enters a shipped value, unless an administrator has entered one for the same days.
func insertShippedRule(ctx context.Context, tx *postgres.Tx, r party.Rule, key string) error {
	_, taken, err := selectOverlap(ctx, tx, 0, r)
	if err == nil && !taken {
		_, err = insertRule(ctx, tx, 0, r, true)
	}
	if err != nil {
		return err
	}
	return markShipped(ctx, tx, key)
}

func insertShippedDay(ctx context.Context, tx *postgres.Tx, d party.CalendarDay, key string) error {
	_, err := tx.Exec(ctx, `
		insert into calendar_days (day, kind, name, confidence) values ($1, $2, $3, $4) on conflict (day) do nothing`,
		d.Date, d.Kind, d.Name, d.Confidence)
	if err != nil {
		return fmt.Errorf("insert day %s: %w", d.Date, err)
	}
	return markShipped(ctx, tx, key)
}

// selectDays gives the days of the calendar table from one day to another, zero for no bound.
func selectDays(ctx context.Context, tx *postgres.Tx, from, until party.Date) ([]Day, error) {
	rows, err := tx.Query(ctx, `
		select day, kind, name, confidence from calendar_days
		 where ($1::date is null or day >= $1) and ($2::date is null or day <= $2) order by day`, from, until)
	if err != nil {
		return nil, fmt.Errorf("read calendar: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (d Day, err error) {
		return d, row.Scan(&d.Date, &d.Kind, &d.Name, &d.Confidence)
	})
}

func upsertDay(ctx context.Context, tx *postgres.Tx, account int64, d party.CalendarDay) error {
	_, err := tx.Exec(ctx, `
		insert into calendar_days (day, kind, name, confidence, changed_by) values ($1, $2, $3, $4, $5)
		on conflict (day) do update set kind = excluded.kind, name = excluded.name, confidence = excluded.confidence,
		       changed_by = excluded.changed_by, changed_at = now()`, d.Date, d.Kind, d.Name, d.Confidence, account)
	return err
}

func deleteDay(ctx context.Context, tx *postgres.Tx, day party.Date) (found bool, err error) {
	tag, err := tx.Exec(ctx, `delete from calendar_days where day = $1`, day)
	return tag.RowsAffected() > 0, err
}
