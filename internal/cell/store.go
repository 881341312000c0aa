package cell

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// selectMeeting fills in what is stored of a meeting of a month; it stays as it is where nothing is.
func selectMeeting(ctx context.Context, tx *postgres.Tx, orgID int32, m *Meeting, lock bool) error {
	query := `select id, held_on, minutes_no, topic, version from cell_meetings where org_id = $1 and month = $2 and kind = $3`
	if lock {
		if err := lockMonths(ctx, tx, orgID); err != nil {
			return err
		}
		query += ` for update`
	}
	err := tx.QueryRow(ctx, query, orgID, m.Month, m.Kind).Scan(&m.ID, &m.HeldOn, &m.Minutes, &m.Topic, &m.Version)
	if err != nil && !postgres.NoRows(err) {
		return fmt.Errorf("month of %d: %w", orgID, err)
	}
	return nil
}

func selectChange(ctx context.Context, tx *postgres.Tx, id int64) (st Stale, err error) {
	err = tx.QueryRow(ctx, `select coalesce((select a.name from accounts a where a.id = m.changed_by), ''), m.changed_at
		from cell_meetings m where m.id = $1`, id).Scan(&st.By, &st.At)
	if err != nil && !postgres.NoRows(err) {
		return st, fmt.Errorf("who changed meeting %d: %w", id, err)
	}
	return st, nil
}

// selectRows gives the members of a cell who had joined by the end of the month and had come to the
// cell by then, with what is entered of each. Of one who has paid nothing for the month, the amount is what he paid last.
func selectRows(ctx context.Context, tx *postgres.Tx, orgID int32, m Meeting, most int) ([]Row, error) {
	rows, err := tx.Query(ctx, `
		select p.id, p.full_name, s.stage, p.category, s.joined_on, coalesce(a.state, ''), coalesce(d.state, ''), coalesce(d.apart, false),
		       case when d.state = 'paid' then d.amount
		            else coalesce((select x.amount from dues x where x.person_id = p.id and x.state = 'paid' and x.month < $3 order by x.month desc limit 1), 0) end
		  from people p join person_states s on s.person_id = p.id
		  left join cell_attendance a on a.meeting_id = $2 and a.person_id = p.id
		  left join dues d on d.month = $3 and d.person_id = p.id
		 where p.org_id = $1 and s.stage in ('probationary', 'official') and s.joined_on <= $4
		   and (select t.to_org from transfers t where t.person_id = p.id and t.state = 'accepted' and t.step_id is not null and t.ended_on > $4
		          and p.org_id in (t.org_id, t.to_org) order by t.ended_on, t.id limit 1) is distinct from p.org_id
		 order by s.sort_key, p.id limit $5`, orgID, m.ID, m.Month, party.MonthEnd(m.Month), most)
	if err != nil {
		return nil, fmt.Errorf("members of %d: %w", orgID, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Row, err error) {
		return r, row.Scan(&r.PersonID, &r.FullName, &r.Stage, &r.Category, &r.JoinedOn, &r.Presence, &r.Dues, &r.Apart, &r.Amount)
	})
	if err != nil {
		return nil, fmt.Errorf("members of %d: %w", orgID, err)
	}
	return list, nil
}

func upsertMeeting(ctx context.Context, tx *postgres.Tx, account int64, orgID int32, m Meeting) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		insert into cell_meetings (org_id, path, month, kind, held_on, minutes_no, topic, recorded_by, changed_by)
		values ($1, '{}', $2, $3, $4, $5, $6, $7, $7)
		on conflict (org_id, month, kind) do update set held_on = excluded.held_on, minutes_no = excluded.minutes_no, topic = excluded.topic,
		       version = cell_meetings.version + 1, changed_by = excluded.changed_by, changed_at = now()
		returning id`, orgID, m.Month, m.Kind, m.HeldOn, m.Minutes, m.Topic, account).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("meeting of %d: %w", orgID, err)
	}
	return id, nil
}

func upsertAttendance(ctx context.Context, tx *postgres.Tx, account int64, orgID int32, meetingID int64, heldOn party.Date, list []Row) error {
	var ids []int64
	var states []string
	for _, r := range list {
		if r.Presence != "" { // who is exempt and did not come has no entry
			ids, states = append(ids, r.PersonID), append(states, string(r.Presence))
		}
	}
	_, err := tx.Exec(ctx, `
		insert into cell_attendance (meeting_id, person_id, org_id, path, held_on, state, changed_by)
		select $1, x.person_id, $2, '{}', $3, x.state, $4 from unnest($5::bigint[], $6::text[]) x (person_id, state)
		on conflict (meeting_id, person_id) do update set held_on = excluded.held_on, state = excluded.state,
		       changed_by = excluded.changed_by, changed_at = now()
		 where (cell_attendance.held_on, cell_attendance.state) is distinct from (excluded.held_on, excluded.state)`,
		meetingID, orgID, heldOn, account, ids, states)
	if err != nil {
		return fmt.Errorf("attendance of meeting %d: %w", meetingID, err)
	}
	return nil
}

// entry is what is entered of somebody's dues of a month.
type entry struct {
	personID int64
	month    party.Date
	state    party.DuesState
	amount   int
	apart    bool
}

// duesOf gives what a month's sheet says of its members' dues; who is exempt from them has no entry.
func duesOf(month party.Date, list []Row) (out []entry) {
	for _, r := range list {
		if r.Dues != party.DuesOpen {
			out = append(out, entry{r.PersonID, month, r.Dues, r.Amount, r.Apart})
		}
	}
	return out
}

// upsertDues enters dues. Those that another cell took stay with it unless they change.
func upsertDues(ctx context.Context, tx *postgres.Tx, account int64, orgID int32, list []entry) error {
	var ids []int64
	var months []party.Date
	var states []string
	var amounts []int32
	var apart []bool
	for _, e := range list {
		ids, months, states = append(ids, e.personID), append(months, e.month), append(states, string(e.state))
		amounts, apart = append(amounts, int32(e.amount)), append(apart, e.apart)
	}
	_, err := tx.Exec(ctx, `
		insert into dues (person_id, month, org_id, path, state, amount, apart, changed_by)
		select x.person_id, x.month, $1, '{}', x.state, x.amount, x.apart, $2
		  from unnest($3::bigint[], $4::date[], $5::text[], $6::integer[], $7::boolean[]) x (person_id, month, state, amount, apart)
		on conflict (person_id, month) do update set state = excluded.state, amount = excluded.amount, apart = excluded.apart, org_id = excluded.org_id,
		       changed_by = excluded.changed_by, changed_at = now()
		 where (dues.state, dues.amount) is distinct from (excluded.state, excluded.amount)`, orgID, account, ids, months, states, amounts, apart)
	if err != nil {
		return fmt.Errorf("dues of %d: %w", orgID, err)
	}
	return nil
}

// attachExemptions adds what exempts the members of a cell on some day of a month.
func attachExemptions(ctx context.Context, tx *postgres.Tx, m *Month) error {
	at := map[int64]*Row{}
	ids := make([]int64, len(m.Rows))
	for i := range m.Rows {
		ids[i], at[m.Rows[i].PersonID] = m.Rows[i].PersonID, &m.Rows[i]
	}
	rows, err := tx.Query(ctx, `
		select person_id, kind, from_on, until_on, no_dues from member_exemptions
		 where person_id = any($1) and from_on <= $2 and (until_on is null or until_on >= $3) order by person_id, from_on`, ids, party.MonthEnd(m.Month), m.Month)
	if err != nil {
		return fmt.Errorf("exemptions at %d: %w", m.Org.OrgID, err)
	}
	var id int64
	var e party.ExemptionSpan
	_, err = pgx.ForEachRow(rows, []any{&id, &e.Kind, &e.From, &e.Until, &e.NoDues}, func() error {
		at[id].Exemptions = append(at[id].Exemptions, e)
		return nil
	})
	if err != nil {
		return fmt.Errorf("exemptions at %d: %w", m.Org.OrgID, err)
	}
	return nil
}
