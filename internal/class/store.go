package class

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

const columns = `c.id, c.org_id, c.number, c.title, c.starts_on, c.ends_on, c.place, c.version,
	c.kind, coalesce(c.capacity, 0), c.attendance_min, c.pass_mark, c.closed_on`

// targets gives where columns are read to.
func (c *Class) targets() []any {
	return []any{&c.ID, &c.OrgID, &c.Number, &c.Title, &c.Starts, &c.Ends, &c.Place, &c.Version,
		&c.Kind, &c.Capacity, &c.Pass.Attendance, &c.Pass.Mark, &c.ClosedOn}
}

func insertClass(ctx context.Context, tx *postgres.Tx, account int64, f Fields) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		insert into classes (org_id, number, title, starts_on, ends_on, place, kind, capacity, attendance_min, pass_mark, recorded_by, changed_by)
		values ($1, $2, $3, $4, $5, $6, $7, nullif($8::integer, 0), $9, $10, $11, $11)
		returning id`, f.OrgID, f.Number, f.Title, f.Starts, f.Ends, f.Place, f.Kind, f.Capacity, f.Pass.Attendance, f.Pass.Mark, account).Scan(&id)
	return id, explain(err, f)
}

func updateClass(ctx context.Context, tx *postgres.Tx, account, id int64, f Fields) error {
	_, err := tx.Exec(ctx, `
		update classes
		   set org_id = $2, number = $3, title = $4, starts_on = $5, ends_on = $6, place = $7,
		       kind = $8, capacity = nullif($9::integer, 0), attendance_min = $10, pass_mark = $11,
		       version = version + 1, changed_by = $12, changed_at = now()
		 where id = $1`, id, f.OrgID, f.Number, f.Title, f.Starts, f.Ends, f.Place, f.Kind, f.Capacity, f.Pass.Attendance, f.Pass.Mark, account)
	return explain(err, f)
}

// explain turns the one constraint that people run into into words.
func explain(err error, f Fields) error {
	if err == nil {
		return nil
	}
	if postgres.UniqueViolation(err) == "classes_org_id_number_key" {
		return fault.InvalidFields(fault.Field{Name: "number", Key: "classes.error.number_taken", Args: []any{"Number", f.Number}})
	}
	return fmt.Errorf("write class: %w", err)
}

func selectClass(ctx context.Context, tx *postgres.Tx, id int64, lock bool) (c Class, err error) {
	query := `select ` + columns + ` from classes c where c.id = $1`
	if lock {
		query += ` for update`
	}
	err = tx.QueryRow(ctx, query, id).Scan(c.targets()...)
	if postgres.NoRows(err) {
		return c, errNotFound()
	}
	if err != nil {
		return c, fmt.Errorf("read class %d: %w", id, err)
	}
	return c, nil
}

// conditions gives what a query asks of a class, with its arguments. nil organisers are all.
func (q Query) conditions(organisers []int32, today party.Date, args *[]any) string {
	arg := func(v any) string {
		*args = append(*args, v)
		return fmt.Sprintf("$%d", len(*args))
	}
	list := []string{"true"}
	if organisers != nil {
		list = append(list, "c.org_id = any("+arg(organisers)+")")
	}
	if q.Kind != "" {
		list = append(list, "c.kind = "+arg(q.Kind))
	}
	if q.Year != 0 {
		list = append(list, "c.starts_on between "+arg(party.NewDate(q.Year, 1, 1))+" and "+arg(party.NewDate(q.Year, 12, 31)))
	}
	switch q.State {
	case Planned:
		list = append(list, "c.closed_on is null and c.starts_on > "+arg(today))
	case Running:
		day := arg(today)
		list = append(list, "c.closed_on is null and c.starts_on <= "+day+" and c.ends_on >= "+day)
	case Finished:
		list = append(list, "c.closed_on is null and c.ends_on < "+arg(today))
	case Closed:
		list = append(list, "c.closed_on is not null")
	}
	return strings.Join(list, " and ")
}

// selectClasses gives classes newest first, behind a place in that order.
func selectClasses(ctx context.Context, tx *postgres.Tx, organisers []int32, q Query, today party.Date, limit int) ([]Class, error) {
	var args []any
	where := q.conditions(organisers, today, &args)
	if q.After.ID != 0 {
		args = append(args, q.After.Day, q.After.ID)
		where += fmt.Sprintf(" and (c.starts_on, c.id) < ($%d, $%d)", len(args)-1, len(args))
	}
	args = append(args, limit)
	rows, err := tx.Query(ctx, fmt.Sprintf(`select `+columns+` from classes c where `+where+`
		order by c.starts_on desc, c.id desc limit $%d`, len(args)), args...)
	if err != nil {
		return nil, fmt.Errorf("list classes: %w", err)
	}
	return collect(rows)
}

func countClasses(ctx context.Context, tx *postgres.Tx, organisers []int32, q Query, today party.Date) (n int, err error) {
	var args []any
	err = tx.QueryRow(ctx, `select count(*) from classes c where `+q.conditions(organisers, today, &args), args...).Scan(&n)
	return n, err
}

func selectByID(ctx context.Context, tx *postgres.Tx, ids []int64) ([]Class, error) {
	rows, err := tx.Query(ctx, `select `+columns+` from classes c where c.id = any($1)`, ids)
	if err != nil {
		return nil, fmt.Errorf("read classes: %w", err)
	}
	return collect(rows)
}

func collect(rows pgx.Rows) ([]Class, error) {
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c Class, err error) {
		return c, row.Scan(c.targets()...)
	})
	if err != nil {
		return nil, fmt.Errorf("read classes: %w", err)
	}
	return list, nil
}

// countBelow counts the awareness classes that began in a period, by organisers that on its first day
// belonged to an organisation.
func countBelow(ctx context.Context, tx *postgres.Tx, orgID int32, former []int32, from, until party.Date) (n int, err error) {
	err = tx.QueryRow(ctx, `
		select count(*) from classes c
		 where c.starts_on between $2 and $3 and c.kind = 'awareness'
		   and (c.org_id = any($4) or exists (select from organisation_tree t
		                where t.descendant_id = c.org_id and t.ancestor_id = $1
		                  and t.valid_from <= c.starts_on and (t.valid_until is null or t.valid_until > c.starts_on)))`,
		orgID, from, until, former).Scan(&n)
	return n, err
}

// selectRoster gives the results of the people whom row-level security shows to the viewer.
func selectRoster(ctx context.Context, tx *postgres.Tx, id int64, limit int) ([]Result, error) {
	rows, err := tx.Query(ctx, `
		select p.id, p.full_name, p.birth_date, p.org_id, s.happened_on,
		       coalesce((s.facts->>'passed')::boolean, false), coalesce(s.facts->>'grade', '')
		  from steps s join people p on p.id = s.person_id
		 where s.class_id = $1 and s.kind = 'class_result'
		   and not exists (select from steps v where v.voids_id = s.id)
		 order by p.sort_key, p.id limit $2`, id, limit)
	if err != nil {
		return nil, fmt.Errorf("roster of class %d: %w", id, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Result, err error) {
		return r, row.Scan(&r.PersonID, &r.FullName, &r.BirthDate, &r.OrgID, &r.On, &r.Passed, &r.Grade)
	})
	if err != nil {
		return nil, fmt.Errorf("roster of class %d: %w", id, err)
	}
	return list, nil
}

// countPassed counts everybody who passed, also outside the viewer's scope.
func countPassed(ctx context.Context, tx *postgres.Tx, id int64) (n int, err error) {
	err = tx.QueryRow(ctx, `select class_passed($1)`, id).Scan(&n)
	return n, err
}

// hasResultBefore tells whether a result of the class that happened before a day stands.
func hasResultBefore(ctx context.Context, tx *postgres.Tx, id int64, day party.Date) (bool, error) {
	var yes bool
	err := tx.QueryRow(ctx, `
		select exists (select from steps s where s.class_id = $1 and s.kind = 'class_result' and s.happened_on < $2
		                and not exists (select from steps v where v.voids_id = s.id))`, id, day).Scan(&yes)
	return yes, err
}

func selectLastChange(ctx context.Context, tx *postgres.Tx, id int64) (st Stale, err error) {
	err = tx.QueryRow(ctx, `
		select coalesce((select a.name from accounts a where a.id = c.changed_by), ''), c.changed_at
		  from classes c where c.id = $1`, id).Scan(&st.By, &st.At)
	return st, err
}
