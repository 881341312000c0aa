package class

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/fault"
	"ketnap/internal/numbering"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// paper is an entry of the register.
type paper struct {
	Kind     PaperKind
	OrgID    int32
	Year     int
	Number   int
	Printed  string
	ClassID  int64
	PersonID int64
	IssuedOn party.Date
}

func insertPaper(ctx context.Context, tx *postgres.Tx, account int64, p paper) error {
	_, err := tx.Exec(ctx, `
		insert into class_papers (kind, org_id, year, number, printed, class_id, person_id, issued_on, recorded_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, p.Kind, p.OrgID, p.Year, p.Number, p.Printed, p.ClassID, p.PersonID, p.IssuedOn, account)
	switch {
	case postgres.UniqueViolation(err) == "class_papers_org_id_kind_year_number_key":
		return fault.InvalidFields(fault.Field{Name: "first", Key: "classes.error.number_used", Args: []any{"Number", p.Printed}})
	case err != nil:
		return fmt.Errorf("enter %s: %w", p.Kind, err)
	}
	return nil
}

// lockPeople locks those whose result is recorded in the order of their numbers, as every act on many
// people does.
func lockPeople(ctx context.Context, tx *postgres.Tx, list []Member) error {
	ids := make([]int64, len(list))
	for i, m := range list {
		ids[i] = m.PersonID
	}
	_, err := tx.Exec(ctx, `select from people where id = any($1) order by id for update`, ids)
	return err
}

func selectOrgName(ctx context.Context, tx *postgres.Tx, orgID int32) (name string, err error) {
	err = tx.QueryRow(ctx, `select name from organisation_versions where org_id = $1 order by valid_from desc limit 1`, orgID).Scan(&name)
	return name, err
}

// selectLastNumber gives the last number given in a row; 0 before the first.
func selectLastNumber(ctx context.Context, tx *postgres.Tx, s numbering.Series) (n int, err error) {
	err = tx.QueryRow(ctx, `select coalesce(max(last), 0) from number_series where kind = $1 and org_id = $2 and year = $3`, s.Kind, s.OrgID, s.Year).Scan(&n)
	return n, err
}

func insertGap(ctx context.Context, tx *postgres.Tx, account int64, s numbering.Series, first, last int, reason string) error {
	_, err := tx.Exec(ctx, `
		insert into class_number_gaps (kind, org_id, year, first, last, reason, recorded_by) values ($1, $2, $3, $4, $5, $6, $7)`,
		s.Kind, s.OrgID, s.Year, first, last, reason, account)
	if err != nil {
		return fmt.Errorf("explain numbers passed over: %w", err)
	}
	return nil
}

// recorded is a result of a class that stands in somebody's record.
type recorded struct {
	stepID int64
	on     party.Date
	passed bool
}

func (r recorded) outcome() party.ClassOutcome {
	if r.passed {
		return party.ClassPassed
	}
	return party.ClassFailed
}

func selectRecorded(ctx context.Context, tx *postgres.Tx, id int64) (map[int64]recorded, error) {
	rows, err := tx.Query(ctx, `
		select s.person_id, s.id, s.happened_on, coalesce((s.facts->>'passed')::boolean, false) from steps s
		 where s.class_id = $1 and s.kind = 'class_result' and not exists (select from steps v where v.voids_id = s.id)`, id)
	if err != nil {
		return nil, fmt.Errorf("recorded results of class %d: %w", id, err)
	}
	out := map[int64]recorded{}
	var person int64
	var r recorded
	_, err = pgx.ForEachRow(rows, []any{&person, &r.stepID, &r.on, &r.passed}, func() error {
		out[person] = r
		return nil
	})
	return out, err
}

func updateResult(ctx context.Context, tx *postgres.Tx, account int64, m Member) error {
	on := m.ResultOn
	if m.Result == "" {
		on = party.Date{}
	}
	_, err := tx.Exec(ctx, `
		update class_members set result = $3, result_on = $4, step_id = nullif($5::bigint, 0), version = version + 1, changed_by = $6, changed_at = now()
		 where class_id = $1 and person_id = $2`, m.ClassID, m.PersonID, m.Result, on, m.stepID, account)
	if err != nil {
		return fmt.Errorf("record the result of a class: %w", err)
	}
	return nil
}

// selectHolding gives the step that holds in the place of a recorded one, 0 where none does.
func selectHolding(ctx context.Context, tx *postgres.Tx, step int64) (id int64, err error) {
	err = tx.QueryRow(ctx, `select coalesce(step_that_holds($1), 0)`, step).Scan(&id)
	return id, err
}

func cancelPapers(ctx context.Context, tx *postgres.Tx, m Member, on party.Date, reason string) error {
	_, err := tx.Exec(ctx, `
		update class_papers set cancelled_on = $3, cancel_reason = $4
		 where class_id = $1 and person_id = $2 and cancelled_on is null`, m.ClassID, m.PersonID, on, reason)
	if err != nil {
		return fmt.Errorf("cancel papers: %w", err)
	}
	return nil
}

func closeClass(ctx context.Context, tx *postgres.Tx, account, id int64, on party.Date) error {
	_, err := tx.Exec(ctx, `
		update classes set closed_on = $2, version = version + 1, changed_by = $3, changed_at = now() where id = $1`, id, on, account)
	if err != nil {
		return fmt.Errorf("close class %d: %w", id, err)
	}
	return nil
}

// maxRowsOfNumbers bounds the choice of rows: two kinds for some organisers over many years.
const maxRowsOfNumbers = 200

func selectRowsOfNumbers(ctx context.Context, tx *postgres.Tx) ([]RowOfNumbers, error) {
	rows, err := tx.Query(ctx, `
		select s.org_id, s.kind, s.year from number_series s
		 where s.kind in ('certificate', 'merit') and s.last > 0 order by s.year desc, s.kind, s.org_id limit $1`, maxRowsOfNumbers)
	if err != nil {
		return nil, fmt.Errorf("rows of numbers: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[RowOfNumbers])
}

func selectNumbers(ctx context.Context, tx *postgres.Tx, q RegisterQuery, limit int) ([]Numbered, error) {
	rows, err := tx.Query(ctx, `
		select n.number, n.printed, n.class_id, c.number, coalesce(p.id, 0), coalesce(p.full_name, ''), n.issued_on, n.cancelled_on, n.cancel_reason
		  from class_papers n join classes c on c.id = n.class_id left join people p on p.id = n.person_id
		 where n.org_id = $1 and n.kind = $2 and n.year = $3 and n.number > $4
		 order by n.number limit $5`, q.OrgID, q.Kind, q.Year, q.After, limit)
	if err != nil {
		return nil, fmt.Errorf("register of numbers: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (n Numbered, err error) {
		err = row.Scan(&n.Number, &n.Printed, &n.ClassID, &n.ClassNumber, &n.PersonID, &n.FullName, &n.IssuedOn, &n.CancelledOn, &n.Reason)
		n.Last = n.Number
		return n, err
	})
}

func selectGaps(ctx context.Context, tx *postgres.Tx, q RegisterQuery) ([]Numbered, error) {
	rows, err := tx.Query(ctx, `
		select first, last, reason from class_number_gaps where org_id = $1 and kind = $2 and year = $3 order by first`, q.OrgID, q.Kind, q.Year)
	if err != nil {
		return nil, fmt.Errorf("numbers passed over: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (n Numbered, err error) {
		return n, row.Scan(&n.Number, &n.Last, &n.Reason)
	})
}

// selectAwards gives the valid papers of a class; without a name where row-level security hides who it is.
func selectAwards(ctx context.Context, tx *postgres.Tx, id int64, kind PaperKind, person int64, limit int) ([]Award, error) {
	rows, err := tx.Query(ctx, `
		select n.printed, n.issued_on, n.person_id, coalesce(p.full_name, ''), p.birth_date, coalesce(p.org_id, 0), coalesce(m.grade, '')
		  from class_papers n left join people p on p.id = n.person_id
		  left join class_members m on m.class_id = n.class_id and m.person_id = n.person_id
		 where n.class_id = $1 and n.kind = $2 and n.cancelled_on is null and ($3 = 0 or n.person_id = $3)
		 order by n.year, n.number limit $4`, id, kind, person, limit)
	if err != nil {
		return nil, fmt.Errorf("papers of class %d: %w", id, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (a Award, err error) {
		return a, row.Scan(&a.Number, &a.IssuedOn, &a.PersonID, &a.FullName, &a.BirthDate, &a.OrgID, &a.Grade)
	})
}
