package cell

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// lockMonths lets those who enter months or dues of a cell come one after the other.
func lockMonths(ctx context.Context, tx *postgres.Tx, orgID int32) error {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(7464027, $1)`, orgID); err != nil {
		return fmt.Errorf("lock the months of %d: %w", orgID, err)
	}
	return nil
}

// selectBegins gives the first month that a cell has entered; zero where it has none.
func selectBegins(ctx context.Context, tx *postgres.Tx, orgID int32) (begins party.Date, err error) {
	if err := tx.QueryRow(ctx, `select min(month) from cell_meetings where org_id = $1`, orgID).Scan(&begins); err != nil {
		return begins, fmt.Errorf("first month of %d: %w", orgID, err)
	}
	return begins, nil
}

// selectDuesRows gives the members of a cell in Vietnamese order, each with his months of dues.
func selectDuesRows(ctx context.Context, tx *postgres.Tx, orgID int32, now party.Date, most int) ([]DuesRow, error) {
	rows, err := tx.Query(ctx, `
		select p.id, p.full_name, p.category, s.joined_on, d.paid, d.unpaid, coalesce(d.ahead, 0), coalesce(d.last_sum, 0)
		  from people p join person_states s on s.person_id = p.id
		 cross join lateral (select array_agg(x.month order by x.month) filter (where x.state = 'paid') paid,
		       array_agg(x.month order by x.month) filter (where x.state = 'unpaid') unpaid,
		       count(*) filter (where x.apart and x.month > $2)::integer ahead,
		       (array_agg(x.amount order by x.month desc) filter (where x.state = 'paid'))[1] last_sum
		          from dues x where x.person_id = p.id) d
		 where p.org_id = $1 and s.stage in ('probationary', 'official')
		 order by s.sort_key, p.id limit $3`, orgID, now, most)
	if err != nil {
		return nil, fmt.Errorf("dues of %d: %w", orgID, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r DuesRow, err error) {
		return r, row.Scan(&r.PersonID, &r.FullName, &r.Category, &r.JoinedOn, &r.Paid, &r.Unpaid, &r.Ahead, &r.lastSum)
	})
	if err != nil {
		return nil, fmt.Errorf("dues of %d: %w", orgID, err)
	}
	return list, nil
}

// attachDues adds the decisions that exempt the members of a register, and gives what was paid in its year.
func attachDues(ctx context.Context, tx *postgres.Tx, g *Register) (map[monthOf]int, error) {
	at := map[int64]*DuesRow{}
	ids := make([]int64, len(g.Rows))
	for i := range g.Rows {
		ids[i], at[g.Rows[i].PersonID] = g.Rows[i].PersonID, &g.Rows[i]
	}
	first := party.NewDate(g.Year, 1, 1)
	rows, err := tx.Query(ctx, `
		select person_id, month, amount, '', null::date, null::date, false from dues where person_id = any($1) and month >= $2 and month < $3 and state = 'paid'
		union all select person_id, null, 0, kind, from_on, until_on, no_dues from member_exemptions where person_id = any($1)
		order by 1, 5`, ids, first, first.AddYears(1))
	if err != nil {
		return nil, fmt.Errorf("year of dues of %d: %w", g.Org.OrgID, err)
	}
	amounts := map[monthOf]int{}
	var id int64
	var month party.Date
	var amount int
	var e party.ExemptionSpan
	_, err = pgx.ForEachRow(rows, []any{&id, &month, &amount, &e.Kind, &e.From, &e.Until, &e.NoDues}, func() error {
		if month.IsZero() {
			at[id].Released = append(at[id].Released, e)
		} else {
			amounts[monthOf{id, month}] = amount
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("year of dues of %d: %w", g.Org.OrgID, err)
	}
	return amounts, nil
}

// selectDuesChange tells who changed the dues of a cell's members last.
func selectDuesChange(ctx context.Context, tx *postgres.Tx, orgID int32) (st Stale, err error) {
	err = tx.QueryRow(ctx, `
		select coalesce((select a.name from accounts a where a.id = d.changed_by), ''), d.changed_at
		  from dues d join people p on p.id = d.person_id where p.org_id = $1 order by d.changed_at desc limit 1`, orgID).Scan(&st.By, &st.At)
	if err != nil && !postgres.NoRows(err) {
		return st, fmt.Errorf("who changed the dues of %d: %w", orgID, err)
	}
	return st, nil
}

// deleteAhead takes back what was entered as paid ahead for the months after one.
func deleteAhead(ctx context.Context, tx *postgres.Tx, people []int64, after party.Date) error {
	if len(people) == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, `delete from dues where person_id = any($1) and month > $2 and apart`, people, after); err != nil {
		return fmt.Errorf("take back dues: %w", err)
	}
	return nil
}
