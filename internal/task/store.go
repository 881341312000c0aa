package task

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// selectMembers gives the members of a cell: those without a task first, then in Vietnamese order.
func selectMembers(ctx context.Context, tx *postgres.Tx, orgID int32, most int) ([]Member, error) {
	rows, err := tx.Query(ctx, `
		select p.id, p.full_name, s.stage, s.joined_on, t.open, t.last
		  from people p join person_states s on s.person_id = p.id
		 cross join lateral (select count(*) filter (where state = 'open')::integer open, max(closed_on) filter (where state <> 'withdrawn') last
		          from member_tasks x where x.person_id = p.id) t
		 where p.org_id = $1 and s.stage in ('probationary', 'official')
		 order by t.open > 0, s.sort_key, p.id limit $2`, orgID, most)
	if err != nil {
		return nil, fmt.Errorf("members of %d: %w", orgID, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (m Member, err error) {
		return m, row.Scan(&m.PersonID, &m.FullName, &m.Stage, &m.JoinedOn, &m.Open, &m.Last)
	})
}

const columns = `t.id, t.person_id, p.full_name, t.what, t.given_on, t.due_on, t.state, t.closed_on, t.note, t.version`

func scan(row pgx.CollectableRow) (t Task, err error) {
	return t, row.Scan(&t.ID, &t.PersonID, &t.FullName, &t.What, &t.GivenOn, &t.DueOn, &t.State, &t.ClosedOn, &t.Note, &t.Version)
}

// selectOpen gives the open tasks of a cell's members, the earliest day first.
func selectOpen(ctx context.Context, tx *postgres.Tx, orgID int32, most int) ([]Task, error) {
	rows, err := tx.Query(ctx, `
		select `+columns+` from people p join person_states s on s.person_id = p.id join member_tasks t on t.person_id = p.id and t.state = 'open'
		 where p.org_id = $1 and s.stage in ('probationary', 'official')
		 order by t.due_on nulls last, s.sort_key, t.id limit $2`, orgID, most)
	if err != nil {
		return nil, fmt.Errorf("tasks of %d: %w", orgID, err)
	}
	return pgx.CollectRows(rows, scan)
}

func selectOfPerson(ctx context.Context, tx *postgres.Tx, id int64, most int) ([]Task, error) {
	rows, err := tx.Query(ctx, `
		select `+columns+` from member_tasks t join people p on p.id = t.person_id
		 where t.person_id = $1 and t.state <> 'withdrawn' order by t.given_on desc, t.id desc limit $2`, id, most)
	if err != nil {
		return nil, fmt.Errorf("tasks of person %d: %w", id, err)
	}
	return pgx.CollectRows(rows, scan)
}

// selectGivenOn gives the tasks that are to end and are still open, of members of the cell, and locks them.
func selectGivenOn(ctx context.Context, tx *postgres.Tx, in Entry) (map[int64]Task, error) {
	ids := make([]int64, len(in.Ended))
	for i, t := range in.Ended {
		ids[i] = t.ID
	}
	rows, err := tx.Query(ctx, `
		select `+columns+` from member_tasks t join people p on p.id = t.person_id
		 where t.id = any($1) and p.org_id = $2 and t.state = 'open' order by t.id for update of t`, ids, in.OrgID)
	if err != nil {
		return nil, fmt.Errorf("tasks that end: %w", err)
	}
	list, err := pgx.CollectRows(rows, scan)
	out := map[int64]Task{}
	for _, t := range list {
		out[t.ID] = t
	}
	return out, err
}

// updateEnded ends tasks, each from the version that was shown; it gives how many were.
func updateEnded(ctx context.Context, tx *postgres.Tx, account int64, in Entry) (int, error) {
	var ids []int64
	var versions []int32
	var states, notes []string
	for _, t := range in.Ended {
		ids, versions, states, notes = append(ids, t.ID), append(versions, int32(t.Version)), append(states, string(t.State)), append(notes, t.Note)
	}
	tag, err := tx.Exec(ctx, `
		update member_tasks t set state = w.state, note = w.note, closed_on = $1, version = t.version + 1, changed_by = $2, changed_at = now()
		  from unnest($3::bigint[], $4::integer[], $5::text[], $6::text[]) w (id, version, state, note)
		 where t.id = w.id and t.version = w.version and t.state = 'open'`, in.On, account, ids, versions, states, notes)
	if err != nil {
		return 0, fmt.Errorf("end tasks: %w", err)
	}
	return int(tag.RowsAffected()), nil
}

func insertGiven(ctx context.Context, tx *postgres.Tx, account int64, in Entry) error {
	var people []int64
	var what []string
	var due []party.Date
	for _, t := range in.Given {
		people, what, due = append(people, t.PersonID), append(what, t.What), append(due, t.DueOn)
	}
	_, err := tx.Exec(ctx, `
		insert into member_tasks (person_id, org_id, path, what, given_on, due_on, recorded_by, changed_by)
		select w.person_id, $1, '{}', w.what, $2, w.due_on, $3, $3 from unnest($4::bigint[], $5::text[], $6::date[]) w (person_id, what, due_on)`,
		in.OrgID, in.On, account, people, what, due)
	if err != nil {
		return fmt.Errorf("give tasks: %w", err)
	}
	return nil
}
