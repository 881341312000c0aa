package introduction

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

func insertIntroduction(ctx context.Context, tx *postgres.Tx, account int64, f Fields) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		insert into introductions (org_id, path, union_name, number, resolved_on, note, recorded_by)
		values ($1, '{}', $2, $3, $4, $5, $6)
		on conflict (org_id, resolved_on, fold(number)) do nothing
		returning id`, f.OrgID, f.Union, f.Number, f.On, f.Note, account).Scan(&id)
	if postgres.NoRows(err) {
		return 0, fault.InvalidFields(fault.Field{Name: "number", Key: "introductions.error.entered", Args: []any{"Number", f.Number, "On", f.On}})
	}
	if err != nil {
		return 0, fmt.Errorf("insert introduction: %w", err)
	}
	return id, nil
}

func insertPerson(ctx context.Context, tx *postgres.Tx, id, personID int64, orgID int32, stepID int64) error {
	_, err := tx.Exec(ctx, `
		insert into introduction_people (introduction_id, person_id, path, step_id)
		select $1, $2, organisation_path($3, (now() at time zone 'Asia/Ho_Chi_Minh')::date), $4`, id, personID, orgID, stepID)
	if err != nil {
		return fmt.Errorf("person of introduction %d: %w", id, err)
	}
	return nil
}

// updateAnswer keeps an answer; false where the name was answered already or is not of the resolution.
func updateAnswer(ctx context.Context, tx *postgres.Tx, account, id int64, on party.Date, a PersonAnswer) (bool, error) {
	tag, err := tx.Exec(ctx, `
		update introduction_people set answer = $3, reason = $4, answered_on = $5, answered_by = $6
		 where introduction_id = $1 and person_id = $2 and answer = ''`,
		id, a.PersonID, a.Answer, strings.TrimSpace(a.Reason), on, account)
	if err != nil {
		return false, fmt.Errorf("answer to introduction %d: %w", id, err)
	}
	return tag.RowsAffected() == 1, nil
}

// counted is an introduction with its answers counted. The names are counted for the page's own rows
// only, each by the key of its table.
const counted = `i.id, i.org_id, i.union_name, i.number, i.resolved_on, i.note, coalesce(a.name, ''), i.recorded_at, n.people, n.accepted, n.declined
	from introductions i left join accounts a on a.id = i.recorded_by
	cross join lateral (select count(*) people, count(*) filter (where p.answer = 'accepted') accepted, count(*) filter (where p.answer = 'declined') declined
	                      from introduction_people p where p.introduction_id = i.id) n`

func (i *Introduction) targets() []any {
	return []any{&i.ID, &i.OrgID, &i.Union, &i.Number, &i.On, &i.Note, &i.By, &i.At, &i.People, &i.Accepted, &i.Declined}
}

func selectOne(ctx context.Context, tx *postgres.Tx, id int64) (i Introduction, err error) {
	err = tx.QueryRow(ctx, `select `+counted+` where i.id = $1`, id).Scan(i.targets()...)
	if postgres.NoRows(err) {
		return i, errNotFound()
	}
	if err != nil {
		return i, fmt.Errorf("introduction %d: %w", id, err)
	}
	return i, nil
}

// period bounds a list by the organisations below one and by the days of the resolutions.
type period struct {
	orgID       int32
	from, until party.Date
	waiting     bool
}

// where gives the conditions; nil days are open ends.
func (p period) where(args *[]any) string {
	add := func(v any) string {
		*args = append(*args, v)
		return fmt.Sprintf("$%d", len(*args))
	}
	conditions := []string{"true"}
	if p.orgID != 0 {
		conditions = append(conditions, "i.path && array["+add(p.orgID)+"::integer]")
	}
	if !p.from.IsZero() {
		conditions = append(conditions, "i.resolved_on >= "+add(p.from))
	}
	if !p.until.IsZero() {
		conditions = append(conditions, "i.resolved_on <= "+add(p.until))
	}
	if p.waiting {
		conditions = append(conditions, "exists (select from introduction_people w where w.introduction_id = i.id and w.answer = '')")
	}
	return strings.Join(conditions, " and ")
}

func selectList(ctx context.Context, tx *postgres.Tx, p period, after Cursor, most int) ([]Introduction, error) {
	var args []any
	where := p.where(&args)
	if after.ID != 0 {
		args = append(args, after.Day, after.ID)
		where += fmt.Sprintf(" and (i.resolved_on, i.id) < ($%d, $%d)", len(args)-1, len(args))
	}
	args = append(args, most)
	rows, err := tx.Query(ctx, `select `+counted+` where `+where+fmt.Sprintf(` order by i.resolved_on desc, i.id desc limit $%d`, len(args)), args...)
	if err != nil {
		return nil, fmt.Errorf("list introductions: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (i Introduction, err error) {
		err = row.Scan(i.targets()...)
		return i, err
	})
	if err != nil {
		return nil, fmt.Errorf("list introductions: %w", err)
	}
	return list, nil
}

// selectUnits counts resolutions and names for each cell of the period.
func selectUnits(ctx context.Context, tx *postgres.Tx, p period, most int) ([]Unit, error) {
	var args []any
	where := p.where(&args)
	args = append(args, most)
	rows, err := tx.Query(ctx, `
		select i.org_id, count(distinct i.id), count(p.person_id), count(*) filter (where p.answer = 'accepted'), count(*) filter (where p.answer = 'declined')
		  from introductions i join introduction_people p on p.introduction_id = i.id where `+where+fmt.Sprintf(`
		 group by i.org_id order by count(p.person_id) desc, i.org_id limit $%d`, len(args)), args...)
	if err != nil {
		return nil, fmt.Errorf("count introductions: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (u Unit, err error) {
		err = row.Scan(&u.OrgID, &u.Introductions, &u.People, &u.Accepted, &u.Declined)
		return u, err
	})
	if err != nil {
		return nil, fmt.Errorf("count introductions: %w", err)
	}
	return list, nil
}

func selectNames(ctx context.Context, tx *postgres.Tx, id int64) ([]Name, error) {
	rows, err := tx.Query(ctx, `
		select p.id, p.full_name, p.birth_date, p.class_name, coalesce(s.stage, ''), ip.answer, ip.reason, ip.answered_on, coalesce(a.name, ''),
		       exists (select from steps v where v.voids_id = ip.step_id)
		  from introduction_people ip join people p on p.id = ip.person_id
		  left join person_states s on s.person_id = p.id left join accounts a on a.id = ip.answered_by
		 where ip.introduction_id = $1 order by p.sort_key, p.id limit $2`, id, maxNames)
	if err != nil {
		return nil, fmt.Errorf("names of introduction %d: %w", id, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (n Name, err error) {
		err = row.Scan(&n.PersonID, &n.FullName, &n.Born, &n.ClassName, &n.Stage, &n.Answer, &n.Reason, &n.On, &n.By, &n.Voided)
		return n, err
	})
	if err != nil {
		return nil, fmt.Errorf("names of introduction %d: %w", id, err)
	}
	return list, nil
}
