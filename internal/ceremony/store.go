package ceremony

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

const columns = `c.id, c.org_id, c.planned_on, c.place, c.occasion, c.occasion_text, c.state, c.held_on, c.reason, c.version`

func (c *Ceremony) targets() []any {
	return []any{&c.ID, &c.OrgID, &c.PlannedOn, &c.Place, &c.Occasion, &c.OccasionText, &c.State, &c.HeldOn, &c.Reason, &c.Version}
}

func insertCeremony(ctx context.Context, tx *postgres.Tx, account int64, f Fields) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		insert into ceremonies (org_id, planned_on, place, occasion, occasion_text, recorded_by, changed_by)
		values ($1, $2, $3, $4, $5, $6, $6) returning id`,
		f.OrgID, f.PlannedOn, f.Place, f.Occasion, f.OccasionText, account).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("insert ceremony: %w", err)
	}
	return id, nil
}

// insertPeople plans a ceremony for people. Two who plan the same person at once cannot both.
func insertPeople(ctx context.Context, tx *postgres.Tx, id int64, ids []int64) error {
	_, err := tx.Exec(ctx, `insert into ceremony_people (ceremony_id, person_id) select distinct $1::bigint, p from unnest($2::bigint[]) p`, id, ids)
	if postgres.UniqueViolation(err) == "ceremony_people_planned" {
		return fault.InvalidFields(fault.Field{Name: "people", Key: "ceremonies.error.just_planned"})
	}
	if err != nil {
		return fmt.Errorf("people of ceremony %d: %w", id, err)
	}
	return nil
}

func updatePlan(ctx context.Context, tx *postgres.Tx, account, id int64, f Fields) error {
	_, err := tx.Exec(ctx, `
		update ceremonies set org_id = $2, planned_on = $3, place = $4, occasion = $5, occasion_text = $6,
		       version = version + 1, changed_by = $7, changed_at = now()
		 where id = $1`, id, f.OrgID, f.PlannedOn, f.Place, f.Occasion, f.OccasionText, account)
	if err != nil {
		return fmt.Errorf("change ceremony %d: %w", id, err)
	}
	return nil
}

func replacePeople(ctx context.Context, tx *postgres.Tx, id int64, ids []int64) error {
	if _, err := tx.Exec(ctx, `delete from ceremony_people where ceremony_id = $1`, id); err != nil {
		return fmt.Errorf("people of ceremony %d: %w", id, err)
	}
	return insertPeople(ctx, tx, id, ids)
}

func updateCalledOff(ctx context.Context, tx *postgres.Tx, account, id int64, reason string) error {
	if _, err := tx.Exec(ctx, `
		update ceremonies set state = 'cancelled', reason = $2, version = version + 1, changed_by = $3, changed_at = now()
		 where id = $1`, id, reason, account); err != nil {
		return fmt.Errorf("call ceremony %d off: %w", id, err)
	}
	_, err := tx.Exec(ctx, `update ceremony_people set state = 'released' where ceremony_id = $1`, id)
	return err
}

// updateHeld notes how it went: who came with the step, who was refused, who did not come.
func updateHeld(ctx context.Context, tx *postgres.Tx, account int64, in Holding, rows []people.BatchRow) error {
	if _, err := tx.Exec(ctx, `
		update ceremonies set state = 'held', held_on = $2, place = $3, version = version + 1, changed_by = $4, changed_at = now()
		 where id = $1`, in.ID, in.HeldOn, in.Place, account); err != nil {
		return fmt.Errorf("hold ceremony %d: %w", in.ID, err)
	}
	var persons, steps []int64
	for _, r := range rows {
		persons, steps = append(persons, r.PersonID), append(steps, r.StepID)
		if r.Err != nil {
			steps[len(steps)-1] = 0
		}
	}
	_, err := tx.Exec(ctx, `
		update ceremony_people c
		   set step_id = nullif(x.s, 0), state = case when x.s > 0 then 'held' when x.s = 0 then 'released' else 'absent' end
		  from ceremony_people o left join unnest($2::bigint[], $3::bigint[]) x (p, s) on x.p = o.person_id
		 where c.ceremony_id = $1 and o.ceremony_id = $1 and o.person_id = c.person_id`, in.ID, persons, steps)
	if err != nil {
		return fmt.Errorf("people of ceremony %d: %w", in.ID, err)
	}
	return nil
}

func selectCeremony(ctx context.Context, tx *postgres.Tx, id int64, lock bool) (c Ceremony, err error) {
	query := `select ` + columns + ` from ceremonies c where c.id = $1`
	if lock {
		query += ` for update`
	}
	err = tx.QueryRow(ctx, query, id).Scan(c.targets()...)
	if postgres.NoRows(err) {
		return c, errNotFound()
	}
	if err != nil {
		return c, fmt.Errorf("read ceremony %d: %w", id, err)
	}
	return c, nil
}

func selectLastChange(ctx context.Context, tx *postgres.Tx, id int64) (st Stale, err error) {
	err = tx.QueryRow(ctx, `
		select coalesce((select a.name from accounts a where a.id = c.changed_by), ''), c.changed_at
		  from ceremonies c where c.id = $1`, id).Scan(&st.By, &st.At)
	return st, err
}

// selectBelow gives those of some people who belong to an organisation or below it.
func selectBelow(ctx context.Context, tx *postgres.Tx, orgID int32, ids []int64) ([]int64, error) {
	rows, err := tx.Query(ctx, `select id from people where id = any($1) and path @> array[$2::integer]`, ids, orgID)
	if err != nil {
		return nil, fmt.Errorf("people below organisation %d: %w", orgID, err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// selectPlanned gives the day of the ceremony planned for each of some people, other than one.
func selectPlanned(ctx context.Context, tx *postgres.Tx, ids []int64, except int64) (map[int64]party.Date, error) {
	rows, err := tx.Query(ctx, `
		select p.person_id, c.planned_on from ceremony_people p join ceremonies c on c.id = p.ceremony_id
		 where p.person_id = any($1) and p.state = 'planned' and c.id <> $2`, ids, except)
	if err != nil {
		return nil, fmt.Errorf("planned ceremonies: %w", err)
	}
	out := map[int64]party.Date{}
	var id int64
	var day party.Date
	_, err = pgx.ForEachRow(rows, []any{&id, &day}, func() error {
		out[id] = day
		return nil
	})
	return out, err
}

// selectStates gives what became of whom.
func selectStates(ctx context.Context, tx *postgres.Tx, id int64) (map[int64]PersonState, error) {
	rows, err := tx.Query(ctx, `select person_id, state from ceremony_people where ceremony_id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("people of ceremony %d: %w", id, err)
	}
	out := map[int64]PersonState{}
	var person int64
	var state PersonState
	_, err = pgx.ForEachRow(rows, []any{&person, &state}, func() error {
		out[person] = state
		return nil
	})
	return out, err
}

// selectPeople gives the people of a ceremony in Vietnamese order.
func selectPeople(ctx context.Context, tx *postgres.Tx, id int64) ([]Person, error) {
	rows, err := tx.Query(ctx, `
		select p.id, c.state, coalesce(c.step_id, 0), c.step_id is not null and step_that_holds(c.step_id) is not null
		  from ceremony_people c join people p on p.id = c.person_id
		 where c.ceremony_id = $1 order by p.sort_key, p.id`, id)
	if err != nil {
		return nil, fmt.Errorf("people of ceremony %d: %w", id, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Person, err error) {
		return p, row.Scan(&p.ID, &p.Was, &p.StepID, &p.Holds)
	})
}

// selectWaiting gives those of an organisation who wait for their ceremony, those already chosen first.
func selectWaiting(ctx context.Context, tx *postgres.Tx, orgID int32, chosen []int64, limit int) ([]int64, error) {
	rows, err := tx.Query(ctx, `
		select s.person_id from person_states s
		 where s.next_kind = 'ceremony' and s.path @> array[$1::integer] or s.person_id = any($2) and s.path @> array[$1::integer]
		 order by s.person_id = any($2) desc, s.due_on nulls last, s.sort_key, s.person_id limit $3`, orgID, chosen, limit)
	if err != nil {
		return nil, fmt.Errorf("who waits for a ceremony: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// selectOf gives the ceremonies that were held for somebody, by the step.
func selectOf(ctx context.Context, tx *postgres.Tx, personID int64) (map[int64]Ceremony, error) {
	rows, err := tx.Query(ctx, `
		select n.step_id, `+columns+` from ceremony_people n join ceremonies c on c.id = n.ceremony_id
		 where n.person_id = $1 and n.step_id is not null`, personID)
	if err != nil {
		return nil, fmt.Errorf("ceremonies of person %d: %w", personID, err)
	}
	out := map[int64]Ceremony{}
	var step int64
	var c Ceremony
	_, err = pgx.ForEachRow(rows, append([]any{&step}, c.targets()...), func() error {
		out[step] = c
		return nil
	})
	return out, err
}

// source gives the ceremonies c that the viewer may see, $1 being his organisations. For a part of the
// tree it begins with what is held there and for whom, since asking row-level security of each
// ceremony takes as long as the list is.
func (q Query) source() string {
	if q.within == nil {
		return "(select $1::integer[]) everywhere cross join ceremonies c"
	}
	return `(select id from ceremonies where org_id = any($1)
	         union select n.ceremony_id from people p join ceremony_people n on n.person_id = p.id where p.org_id = any($1)) mine
	   join ceremonies c on c.id = mine.id`
}

func countEntries(ctx context.Context, tx *postgres.Tx, q Query) (n int, err error) {
	err = tx.QueryRow(ctx, `select count(*) from `+q.source()+` where $2 = '' or c.state = $2`, q.within, q.State).Scan(&n)
	return n, err
}

func selectEntries(ctx context.Context, tx *postgres.Tx, q Query, limit int) ([]Entry, error) {
	rows, err := tx.Query(ctx, `
		select `+columns+`, n.people, n.due
		  from (select c.* from `+q.source()+` where ($2 = '' or c.state = $2) and ($3::date is null or (c.planned_on, c.id) < ($3, $4))
		         order by c.planned_on desc, c.id desc limit $5) c
		  cross join lateral (
		      select count(*)::integer as people, min(s.due_on) filter (where p.state = 'planned' and s.next_kind = 'ceremony') as due
		        from ceremony_people p left join person_states s on s.person_id = p.person_id
		       where p.ceremony_id = c.id and p.state in ('planned', 'held')) n
		 order by c.planned_on desc, c.id desc`, q.within, q.State, q.After.Day, q.After.ID, limit)
	if err != nil {
		return nil, fmt.Errorf("list ceremonies: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (e Entry, err error) {
		return e, row.Scan(append(e.targets(), &e.People, &e.Due)...)
	})
}
