package cell

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// selectMembers gives the members of a cell in Vietnamese order, each with his year.
func selectMembers(ctx context.Context, tx *postgres.Tx, orgID int32, year, most int) ([]Member, error) {
	first := party.NewDate(year, 1, 1)
	rows, err := tx.Query(ctx, `
		select p.id, p.full_name, s.stage, s.joined_on, a.meetings, a.present, a.excused, d.paid, d.unpaid, d.open
		  from people p join person_states s on s.person_id = p.id
		 cross join lateral (select count(*)::integer meetings, count(*) filter (where state = 'present')::integer present,
		       count(*) filter (where state = 'excused')::integer excused
		          from cell_attendance x where x.person_id = p.id and x.held_on >= $2 and x.held_on < $3) a
		 cross join lateral (select array_agg(month order by month) filter (where state = 'paid') paid,
		       array_agg(month order by month) filter (where owed) unpaid, count(*) filter (where owed)::integer open
		          from dues_book x where x.person_id = p.id) d
		 where p.org_id = $1 and s.stage in ('probationary', 'official')
		 order by s.sort_key, p.id limit $4`, orgID, first, first.AddYears(1), most)
	if err != nil {
		return nil, fmt.Errorf("members of %d: %w", orgID, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m Member, err error) {
		var paid, unpaid []party.Date
		err = row.Scan(&m.PersonID, &m.FullName, &m.Stage, &m.JoinedOn, &m.Meetings, &m.Present, &m.Excused, &paid, &unpaid, &m.Unpaid)
		m.PaidTo = party.PaidTo(paid, unpaid)
		return m, err
	})
	if err != nil {
		return nil, fmt.Errorf("members of %d: %w", orgID, err)
	}
	return list, nil
}

// selectHeld gives the meetings of a year that are entered.
func selectHeld(ctx context.Context, tx *postgres.Tx, orgID int32, year int) ([]Held, error) {
	first := party.NewDate(year, 1, 1)
	rows, err := tx.Query(ctx, `
		select m.month, m.kind, m.held_on, m.minutes_no, m.topic, a.present, a.people, d.paid, d.amount
		  from cell_meetings m
		 cross join lateral (select count(*)::integer people, count(*) filter (where state = 'present')::integer present
		          from cell_attendance x where x.meeting_id = m.id) a
		 cross join lateral (select count(*)::integer paid, coalesce(sum(x.amount), 0)::integer amount
		          from cell_attendance y join dues x on x.person_id = y.person_id and x.month = m.month
		         where y.meeting_id = m.id and x.state = 'paid' and x.org_id = m.org_id) d
		 where m.org_id = $1 and m.month >= $2 and m.month < $3 order by m.month desc, m.kind`, orgID, first, first.AddYears(1))
	if err != nil {
		return nil, fmt.Errorf("meetings of %d: %w", orgID, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (h Held, err error) {
		return h, row.Scan(&h.Month, &h.Kind, &h.HeldOn, &h.Minutes, &h.Topic, &h.Present, &h.People, &h.Paid, &h.Amount)
	})
	if err != nil {
		return nil, fmt.Errorf("meetings of %d: %w", orgID, err)
	}
	return list, nil
}

// fillStates adds how many members some cells have, and when each met last.
func fillStates(ctx context.Context, tx *postgres.Tx, ids []int32, list []State) error {
	rows, err := tx.Query(ctx, `
		select o.id, (select coalesce(sum(c.n), 0)::integer from stage_counts c where c.org_id = o.id and c.stage in ('probationary', 'official')),
		       (select max(m.held_on) from cell_meetings m where m.org_id = o.id and m.kind = 'regular')
		  from unnest($1::integer[]) o (id)`, ids)
	if err != nil {
		return fmt.Errorf("states of cells: %w", err)
	}
	var id int32
	var members int
	var last party.Date
	_, err = pgx.ForEachRow(rows, []any{&id, &members, &last}, func() error {
		for i := range list {
			if list[i].Org.OrgID == id {
				list[i].Members, list[i].Last = members, last
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("states of cells: %w", err)
	}
	return nil
}
