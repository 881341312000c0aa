package decision

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

const columns = `d.id, d.org_id, d.kind, d.issued_on, d.number, d.suffix, d.decider, d.signer, d.received_on, d.days, d.reason, d.note,
	d.printed, coalesce(d.cancels_id, 0), d.recorded_at, coalesce((select a.name from accounts a where a.id = d.recorded_by), '')`

func (d *Decision) targets() []any {
	return []any{&d.ID, &d.OrgID, &d.Kind, &d.IssuedOn, &d.Number, &d.Suffix, &d.Decider, &d.Signer, &d.ReceivedOn, &d.Days, &d.Reason, &d.Note,
		&d.Printed, &d.CancelsID, &d.RecordedAt, &d.RecordedBy}
}

func insertDecision(ctx context.Context, tx *postgres.Tx, account int64, f Fields, cancels int64) (out Done, err error) {
	err = tx.QueryRow(ctx, `
		insert into decisions (org_id, kind, issued_on, number, suffix, decider, signer, received_on, days, reason, note, cancels_id, recorded_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, nullif($12::bigint, 0), $13)
		returning id, printed`,
		f.OrgID, f.Kind, f.IssuedOn, f.Number, f.Suffix, f.Decider, f.Signer, f.ReceivedOn, f.Days, f.Reason, f.Note, cancels, account).
		Scan(&out.ID, &out.Printed)
	if postgres.UniqueViolation(err) == "decisions_org_id_year_number_key" {
		return out, fault.InvalidFields(fault.Field{Name: "number", Key: "decisions.error.number_used",
			Args: []any{"Number", f.Number, "Year", f.IssuedOn.Year}})
	}
	if err != nil {
		return out, fmt.Errorf("insert decision: %w", err)
	}
	return out, nil
}

// link notes which step a decision caused for whom.
func link(ctx context.Context, tx *postgres.Tx, id int64, rows []people.BatchRow) error {
	var persons, steps []int64
	for _, r := range rows {
		if r.Err == nil {
			persons, steps = append(persons, r.PersonID), append(steps, r.StepID)
		}
	}
	_, err := tx.Exec(ctx, `
		insert into decision_people (decision_id, person_id, step_id)
		select $1, p, s from unnest($2::bigint[], $3::bigint[]) x (p, s)`, id, persons, steps)
	if err != nil {
		return fmt.Errorf("people of decision %d: %w", id, err)
	}
	return nil
}

func selectName(ctx context.Context, tx *postgres.Tx, orgID int32) (name string, err error) {
	err = tx.QueryRow(ctx, `
		select name from organisation_versions where org_id = $1 and valid_until is null order by valid_from desc limit 1`, orgID).Scan(&name)
	if err != nil {
		return "", fmt.Errorf("name of organisation %d: %w", orgID, err)
	}
	return name, nil
}

// selectBelow gives those of some people who belong to an organisation or below it.
func selectBelow(ctx context.Context, tx *postgres.Tx, orgID int32, ids []int64) ([]int64, error) {
	rows, err := tx.Query(ctx, `select id from people where id = any($1) and path @> array[$2::integer]`, ids, orgID)
	if err != nil {
		return nil, fmt.Errorf("people below organisation %d: %w", orgID, err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// selectWaiting gives those who wait for one of some steps, those already chosen first.
func selectWaiting(ctx context.Context, tx *postgres.Tx, kinds []party.StepKind, orgID, below int32, chosen []int64, limit int) ([]int64, error) {
	if below == 0 {
		below = orgID
	}
	rows, err := tx.Query(ctx, `
		select s.person_id from person_states s
		 where s.next_kind in ('endorsed', 'decided', 'ceremony', 'recognition_decision') and s.next_kind = any($1)
		   and s.path @> array[$2::integer, $3::integer] or s.person_id = any($4) and s.path @> array[$2::integer]
		 order by s.person_id = any($4) desc, s.due_on nulls last, s.sort_key, s.person_id limit $5`,
		kinds, orgID, below, chosen, limit)
	if err != nil {
		return nil, fmt.Errorf("who waits for a decision: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// selectLast gives what the issuer's newest decision was printed and signed with.
func selectLast(ctx context.Context, tx *postgres.Tx, orgID int32) (f Fields, err error) {
	err = tx.QueryRow(ctx, `
		select suffix, signer from decisions d where org_id = $1 order by issued_on desc, id desc limit 1`, orgID).
		Scan(&f.Suffix, &f.Signer)
	if postgres.NoRows(err) {
		return Fields{}, nil
	}
	return f, err
}

func selectDecision(ctx context.Context, tx *postgres.Tx, id int64) (d Decision, err error) {
	err = tx.QueryRow(ctx, `select `+columns+` from decisions d where d.id = $1`, id).Scan(d.targets()...)
	if postgres.NoRows(err) {
		return d, errNotFound()
	}
	if err != nil {
		return d, fmt.Errorf("read decision %d: %w", id, err)
	}
	return d, nil
}

func selectCancelling(ctx context.Context, tx *postgres.Tx, id int64) ([]Decision, error) {
	rows, err := tx.Query(ctx, `select `+columns+` from decisions d where d.cancels_id = $1 order by d.issued_on, d.id`, id)
	if err != nil {
		return nil, fmt.Errorf("what cancels decision %d: %w", id, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (d Decision, err error) { return d, row.Scan(d.targets()...) })
}

// selectPeople gives whom a decision names, in Vietnamese order.
func selectPeople(ctx context.Context, tx *postgres.Tx, id int64) ([]Named, error) {
	rows, err := tx.Query(ctx, `
		select p.id, p.full_name, p.birth_date, s.org_id, s.id, coalesce(step_that_holds(s.id), 0), coalesce(st.next_kind, ''),
		       v.happened_on, coalesce(v.name, ''), coalesce(v.reason, ''), coalesce(v.paper, ''), readmits(s.id)
		  from decision_people d
		  join people p on p.id = d.person_id
		  join steps s on s.id = d.step_id
		  left join person_states st on st.person_id = p.id
		  left join lateral (
		      with recursive line (id) as (select s.id union all select c.id from steps c join line on c.corrects_id = line.id)
		      select v.happened_on, v.facts->>'reason' as reason, v.papers->0->>'number' as paper,
		             (select a.name from accounts a where a.id = v.recorded_by) as name
		        from line join steps v on v.voids_id = line.id order by line.id desc limit 1) v on step_that_holds(s.id) is null
		 where d.decision_id = $1 order by p.sort_key, p.id`, id)
	if err != nil {
		return nil, fmt.Errorf("people of decision %d: %w", id, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (n Named, err error) {
		return n, row.Scan(&n.PersonID, &n.FullName, &n.BirthDate, &n.OrgID, &n.StepID, &n.Holds, &n.Next,
			&n.TakenBack.On, &n.TakenBack.By, &n.TakenBack.Reason, &n.TakenBack.Paper, &n.Again)
	})
}

// source gives the decisions d that the viewer may see. For a part of the tree it begins with what is
// issued there and what names the people there, since asking row-level security of each decision
// takes as long as the register is.
func (q Query) source(args *[]any) string {
	if q.within == nil {
		return "decisions d"
	}
	*args = append(*args, q.within)
	return `(select id from decisions where org_id = any($1)
	         union select n.decision_id from people p join decision_people n on n.person_id = p.id where p.org_id = any($1)) mine
	   join decisions d on d.id = mine.id`
}

// selectOf gives the decisions that name somebody, by the step that each caused.
func selectOf(ctx context.Context, tx *postgres.Tx, personID int64) (map[int64]Decision, error) {
	rows, err := tx.Query(ctx, `
		select n.step_id, `+columns+` from decision_people n join decisions d on d.id = n.decision_id where n.person_id = $1`, personID)
	if err != nil {
		return nil, fmt.Errorf("decisions of person %d: %w", personID, err)
	}
	out := map[int64]Decision{}
	var step int64
	var d Decision
	_, err = pgx.ForEachRow(rows, append([]any{&step}, d.targets()...), func() error {
		out[step] = d
		return nil
	})
	return out, err
}

// conditions narrow the register.
func (q Query) conditions(args *[]any) string {
	arg := func(v any) string {
		*args = append(*args, v)
		return fmt.Sprintf("$%d", len(*args))
	}
	out := []string{"true"}
	if q.Kind != "" {
		out = append(out, "d.kind = "+arg(q.Kind))
	}
	if q.OrgID != 0 {
		out = append(out, "d.org_id = "+arg(q.OrgID))
	}
	if q.Year != 0 {
		out = append(out, "d.year = "+arg(q.Year))
	}
	if q.Number != "" {
		out = append(out, "fold(d.printed) like fold("+arg(beginning(q.Number))+")")
	}
	return strings.Join(out, " and ")
}

// beginning makes a pattern of what was typed, taken literally.
func beginning(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) + "%"
}

func countEntries(ctx context.Context, tx *postgres.Tx, q Query) (n int, err error) {
	var args []any
	from := q.source(&args)
	err = tx.QueryRow(ctx, `select count(*) from `+from+` where `+q.conditions(&args), args...).Scan(&n)
	return n, err
}

func selectEntries(ctx context.Context, tx *postgres.Tx, q Query, limit int) ([]Entry, error) {
	var args []any
	from := q.source(&args)
	where := q.conditions(&args)
	if q.After.ID != 0 {
		args = append(args, q.After.Day, q.After.ID)
		where += fmt.Sprintf(" and (d.issued_on, d.id) < ($%d, $%d)", len(args)-1, len(args))
	}
	args = append(args, limit)
	rows, err := tx.Query(ctx, fmt.Sprintf(`
		select `+columns+`, n.named, n.again, n.cancelled
		  from (select d.* from `+from+` where `+where+` order by d.issued_on desc, d.id desc limit $%d) d
		  cross join lateral (
		      select count(*)::integer as named, count(*) filter (where d.kind = 'admission' and readmits(p.step_id))::integer as again,
		             count(*) filter (where step_that_holds(p.step_id) is null)::integer as cancelled
		        from decision_people p where p.decision_id = d.id) n
		 order by d.issued_on desc, d.id desc`, len(args)), args...)
	if err != nil {
		return nil, fmt.Errorf("list decisions: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (e Entry, err error) {
		return e, row.Scan(append(e.targets(), &e.People, &e.Again, &e.Cancelled)...)
	})
}
