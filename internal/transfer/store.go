package transfer

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

const columns = `t.id, t.person_id, t.full_name, t.kind, t.form, t.until_on, t.returned_on, t.moved_on, t.start_by, t.stage, t.reason, coalesce(t.replaces_id, 0), t.org_id, coalesce(t.to_org, 0), t.to_text, t.issuer_id, t.year, t.number, t.issued_on, t.dues_to,
	nullif(t.present_by, 'infinity'), t.state, t.presented_on, t.ended_on, t.words, coalesce(t.step_id, 0), t.version`

func (t *Transfer) targets() []any {
	return []any{&t.ID, &t.PersonID, &t.Name, &t.Kind, &t.Form, &t.UntilOn, &t.ReturnedOn, &t.MovedOn, &t.StartBy, &t.Stage, &t.Reason, &t.ReplacesID, &t.From, &t.To, &t.ToText, &t.IssuerID, &t.Year, &t.Number, &t.IssuedOn, &t.DuesTo,
		&t.PresentBy, &t.State, &t.PresentedOn, &t.EndedOn, &t.Words, &t.StepID, &t.Version}
}

func insertTransfer(ctx context.Context, tx *postgres.Tx, account int64, t Transfer) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		insert into transfers (person_id, full_name, org_id, path, to_org, to_path, to_text, issuer_id, year, number, issued_on, dues_to, present_by, recorded_by,
		       kind, stage, reason, replaces_id, form, until_on, moved_on, start_by)
		values ($1, $2, $3, '{}', nullif($4, 0), '{}', $5, $6, $7, $8, $9, $10, coalesce($11, 'infinity'::date), $12, $13, $14, $15, nullif($16::bigint, 0), $17, $18, $19, $20) returning id`,
		t.PersonID, t.Name, t.From, t.To, t.ToText, t.IssuerID, t.Year, t.Number, t.IssuedOn, t.DuesTo, t.PresentBy, account,
		t.Kind, t.Stage, t.Reason, t.ReplacesID, t.Form, t.UntilOn, t.MovedOn, t.StartBy).Scan(&id)
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
		update transfers set state = $2, presented_on = $3, ended_on = $4, words = $5, step_id = nullif($6::bigint, 0),
		       until_on = $7, returned_on = $8, version = version + 1
		 where id = $1`, t.ID, t.State, t.PresentedOn, t.EndedOn, t.Words, t.StepID, t.UntilOn, t.ReturnedOn)
	if err != nil {
		return fmt.Errorf("transfer %d: %w", t.ID, err)
	}
	return nil
}

// setStep notes with which step somebody left by a letter.
func setStep(ctx context.Context, tx *postgres.Tx, t Transfer) error {
	if _, err := tx.Exec(ctx, `update transfers set step_id = $2 where id = $1`, t.ID, t.StepID); err != nil {
		return fmt.Errorf("step of transfer %d: %w", t.ID, err)
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

// selectLeaving gives those of some people whose removal, expulsion or leaving is being decided.
func selectLeaving(ctx context.Context, tx *postgres.Tx, ids []int64) ([]int64, error) {
	rows, err := tx.Query(ctx, `select person_id from departure_cases where person_id = any($1) and open`, ids)
	if err != nil {
		return nil, fmt.Errorf("who is to leave: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// selectPaidTo gives the month through which each of some people has paid his dues.
func selectPaidTo(ctx context.Context, tx *postgres.Tx, ids []int64) (map[int64]party.Date, error) {
	rows, err := tx.Query(ctx, `
		select person_id, coalesce(array_agg(month order by month) filter (where state = 'paid'), '{}'),
		       coalesce(array_agg(month order by month) filter (where owed), '{}')
		  from dues_book where person_id = any($1) group by person_id`, ids)
	if err != nil {
		return nil, fmt.Errorf("dues of who leaves: %w", err)
	}
	out := map[int64]party.Date{}
	var id int64
	var paid, unpaid []party.Date
	if _, err = pgx.ForEachRow(rows, []any{&id, &paid, &unpaid}, func() error {
		out[id] = party.PaidTo(paid, unpaid)
		return nil
	}); err != nil {
		return nil, fmt.Errorf("dues of who leaves: %w", err)
	}
	return out, nil
}

// withdrawDossier gives a dossier on its way back to the cell, since its person leaves.
func withdrawDossier(ctx context.Context, tx *postgres.Tx, t Transfer) error {
	if _, err := tx.Exec(ctx, `select withdraw_dossier($1, $2, $3)`, t.PersonID, t.IssuedOn, fmt.Sprintf("Chuyển đi theo giấy số %d/%d", t.Number, t.Year)); err != nil {
		return fmt.Errorf("dossier of person %d: %w", t.PersonID, err)
	}
	return nil
}

func collect(rows pgx.Rows, err error) ([]Transfer, error) {
	if err != nil {
		return nil, fmt.Errorf("transfers: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Transfer, err error) { return t, row.Scan(t.targets()...) })
}

// where gives what of the transfers t a query asks for. $1 are the organisations within which the
// viewer reads, $2 the one that he chose.
func (q Query) where(today party.Date) (text string, args []any) {
	args = []any{q.within, q.OrgID}
	side := map[Direction]string{Everywhere: `(t.path && %[1]s or t.to_path && %[1]s)`, Going: `t.path && %[1]s`,
		Coming: `t.to_path && %[1]s`, Leaving: `t.path && %[1]s and t.to_org is null`}[q.Direction]
	text = ` ($1::integer[] is null or ` + fmt.Sprintf(side, "$1") + `) and ($2::integer = 0 or ` + fmt.Sprintf(side, "array[$2::integer]") + `)`
	if q.Direction == Leaving {
		text += ` and t.to_org is null`
	}
	add := func(clause string, value any) {
		args = append(args, value)
		text += fmt.Sprintf(clause, len(args))
	}
	switch q.Show {
	case Waiting:
		text += ` and t.open and t.to_org is not null`
	case Late:
		add(` and (t.state = 'issued' and t.present_by < $%[1]d or t.form = 'temporary' and t.state = 'accepted' and t.until_on < $%[1]d)`, today)
	case Open:
		text += ` and t.open`
	}
	if q.State != "" {
		add(` and t.state = $%d`, q.State)
	}
	if q.Kind != "" {
		add(` and t.kind = $%d`, q.Kind)
	}
	return text, args
}

// selectList gives a page of transfers, the newest first.
func selectList(ctx context.Context, tx *postgres.Tx, q Query, today party.Date, limit int) ([]Transfer, error) {
	text, args := q.where(today)
	if q.After.ID != 0 {
		args = append(args, q.After.Day, q.After.ID)
		text += fmt.Sprintf(` and (t.issued_on, t.id) < ($%d, $%d)`, len(args)-1, len(args))
	}
	args = append(args, limit)
	return collect(tx.Query(ctx, `select `+columns+` from transfers t where`+text+fmt.Sprintf(` order by t.issued_on desc, t.id desc limit $%d`, len(args)), args...))
}

func countList(ctx context.Context, tx *postgres.Tx, q Query, today party.Date, most int) (n int, err error) {
	text, args := q.where(today)
	if err = tx.QueryRow(ctx, fmt.Sprintf(`select count(*)::integer from (select from transfers t where %s limit %d) x`, text, most), args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count transfers: %w", err)
	}
	return n, nil
}

func selectOne(ctx context.Context, tx *postgres.Tx, id int64) (t Transfer, err error) {
	err = tx.QueryRow(ctx, `select `+columns+` from transfers t where t.id = $1`, id).Scan(t.targets()...)
	if postgres.NoRows(err) {
		return t, errNotFound()
	}
	if err != nil {
		return t, fmt.Errorf("transfer %d: %w", id, err)
	}
	return t, nil
}

// selectReplacing gives the paper that stands in the place of a wrong one; 0 where there is none.
func selectReplacing(ctx context.Context, tx *postgres.Tx, id int64) (by int64, err error) {
	if err = tx.QueryRow(ctx, `select coalesce(max(id), 0) from transfers where replaces_id = $1`, id).Scan(&by); err != nil {
		return 0, fmt.Errorf("what replaces transfer %d: %w", id, err)
	}
	return by, nil
}

func selectOfPerson(ctx context.Context, tx *postgres.Tx, person int64) ([]Transfer, error) {
	return collect(tx.Query(ctx, `select `+columns+` from transfers t where t.person_id = $1 order by t.id desc limit 100`, person))
}
