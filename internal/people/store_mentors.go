package people

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// replaceMentors stores who helps somebody now.
func replaceMentors(ctx context.Context, tx *postgres.Tx, id int64, list []party.Mentorship, due party.Date) error {
	var batch pgx.Batch
	batch.Queue(`delete from person_mentors where person_id = $1`, id)
	for _, m := range list {
		batch.Queue(`
			insert into person_mentors (person_id, step_id, mentor_id, name, since, remark_due_on, org_id, path)
			select p.id, $2, nullif($3::bigint, 0), $4, $5, $6, p.org_id, p.path from people p where p.id = $1`,
			id, m.StepID, m.MentorID, m.Name, m.Since, due)
	}
	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		return fmt.Errorf("mentors of person %d: %w", id, err)
	}
	return nil
}

// attachMentors adds who is stored as helping the people of a portion.
func attachMentors(ctx context.Context, tx *postgres.Tx, ids []int64, byID map[int64]*entry) error {
	rows, err := tx.Query(ctx, `
		select m.person_id, m.step_id, coalesce(m.mentor_id, 0), m.name, m.since, m.remark_due_on
		  from person_mentors m join people p on p.id = m.person_id and p.org_id = m.org_id and p.path = m.path
		  join steps s on s.id = m.step_id
		 where m.person_id = any($1) order by m.person_id, m.since, m.step_id`, ids)
	if err != nil {
		return fmt.Errorf("mentors of a portion: %w", err)
	}
	var person int64
	var m party.Mentorship
	var due party.Date
	_, err = pgx.ForEachRow(rows, []any{&person, &m.StepID, &m.MentorID, &m.Name, &m.Since, &due}, func() error {
		e := byID[person]
		e.stored.Mentors, e.stored.RemarkDue = append(e.stored.Mentors, m), due
		return nil
	})
	return err
}

// selectOfficial gives the official members of a cell on a day who have a number, or without one a name.
func selectOfficial(ctx context.Context, tx *postgres.Tx, orgID int32, name string, id int64, day party.Date) ([]int64, error) {
	rows, err := tx.Query(ctx, `
		select p.id from people p join person_states s on s.person_id = p.id
		 where p.org_id = $1 and s.official_on <= $4 and (p.id = $3 or $3 = 0 and p.full_name = $2) limit 2`, orgID, name, id, day)
	if err != nil {
		return nil, fmt.Errorf("official members of %d: %w", orgID, err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// selectHelpers gives the official members of a cell, of whom a mentor is chosen.
func selectHelpers(ctx context.Context, tx *postgres.Tx, orgID int32, most int) ([]Helper, error) {
	rows, err := tx.Query(ctx, `
		select p.id, p.full_name from person_states s join people p on p.id = s.person_id
		 where s.org_id = $1 and s.path = organisation_path($1, (now() at time zone 'Asia/Ho_Chi_Minh')::date) and s.stage = 'official'
		 order by s.sort_key, s.person_id limit $2`, orgID, most)
	if err != nil {
		return nil, fmt.Errorf("official members of %d: %w", orgID, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (h Helper, err error) {
		err = row.Scan(&h.ID, &h.Name)
		return h, err
	})
}

// selectMentors counts by mentor whom each helps, those with overdue remarks first.
func selectMentors(ctx context.Context, tx *postgres.Tx, orgID int32, today party.Date, most int) ([]Mentor, error) {
	rows, err := tx.Query(ctx, `
		select coalesce(m.mentor_id, 0), m.name, m.org_id, count(*), count(*) filter (where m.remark_due_on < $2), min(m.remark_due_on)
		  from person_mentors m where $1 = 0 or m.path && array[$1::integer]
		 group by m.mentor_id, m.name, m.org_id
		 order by count(*) filter (where m.remark_due_on < $2) desc, min(m.remark_due_on), m.name, m.org_id limit $3`, orgID, today, most)
	if err != nil {
		return nil, fmt.Errorf("mentors: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (m Mentor, err error) {
		err = row.Scan(&m.MentorID, &m.Name, &m.OrgID, &m.People, &m.Overdue, &m.Due)
		return m, err
	})
}

// selectHelped gives whom a mentor helps, or, with no name, whoever of an organisation has an overdue
// remark; the oldest first.
func selectHelped(ctx context.Context, tx *postgres.Tx, q MentorQuery, today party.Date, most int) ([]Helped, error) {
	rows, err := tx.Query(ctx, `
		select p.id, p.full_name, p.org_id, s.stage, m.name, m.since, m.remark_due_on
		  from person_mentors m join people p on p.id = m.person_id join person_states s on s.person_id = m.person_id
		 where ($1 = 0 or m.path && array[$1::integer]) and ($2 = '' or m.name = $2) and ($2 <> '' or m.remark_due_on < $3)
		 order by m.remark_due_on, s.sort_key, p.id limit $4`, q.OrgID, q.Name, today, most)
	if err != nil {
		return nil, fmt.Errorf("whom mentors help: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (h Helped, err error) {
		err = row.Scan(&h.ID, &h.FullName, &h.OrgID, &h.Stage, &h.Mentor, &h.Since, &h.Due)
		return h, err
	})
}

// selectUnhelped gives who is on the way, or on probation, without a mentor.
func selectUnhelped(ctx context.Context, tx *postgres.Tx, orgID int32, most int) ([]Helped, error) {
	rows, err := tx.Query(ctx, `
		select p.id, p.full_name, p.org_id, s.stage, s.stage_since
		  from person_states s join people p on p.id = s.person_id
		 where s.stage = any($2) and ($1 = 0 or s.path && array[$1::integer])
		   and not exists (select from person_mentors m where m.person_id = s.person_id)
		 order by s.stage_since, s.sort_key, p.id limit $3`, orgID, helpedStages, most)
	if err != nil {
		return nil, fmt.Errorf("who has no mentor: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (h Helped, err error) {
		err = row.Scan(&h.ID, &h.FullName, &h.OrgID, &h.Stage, &h.Since)
		return h, err
	})
}
