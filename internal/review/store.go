package review

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

const columns = `r.id, r.version, r.state, r.org_id, r.school_year, r.half, r.met_on, r.minutes_no, r.resolution_no, r.resolution_on`

func (r *Review) targets() []any {
	return []any{&r.ID, &r.Version, &r.State, &r.OrgID, &r.Year, &r.Half, &r.MetOn, &r.MinutesNo, &r.ResolutionNo, &r.ResolutionOn}
}

// selectReview reads a review, for update a draft that nobody else saves meanwhile.
func selectReview(ctx context.Context, tx *postgres.Tx, id int64, forUpdate bool) (r Review, err error) {
	err = tx.QueryRow(ctx, `select `+columns+` from reviews r where r.id = $1`, id).Scan(r.targets()...)
	if err == nil && forUpdate && r.State == Draft {
		// Only drafts can be locked: of a held one row-level security shows nothing to change.
		err = tx.QueryRow(ctx, `select `+columns+` from reviews r where r.id = $1 for update`, id).Scan(r.targets()...)
	}
	if postgres.NoRows(err) {
		return r, errNotFound()
	}
	if err != nil {
		return r, fmt.Errorf("review %d: %w", id, err)
	}
	return r, nil
}

func selectDraft(ctx context.Context, tx *postgres.Tx, orgID int32) (r Review, found bool, err error) {
	err = tx.QueryRow(ctx, `select `+columns+` from reviews r where r.org_id = $1 and r.state = 'draft'`, orgID).Scan(r.targets()...)
	if postgres.NoRows(err) {
		return Review{}, false, nil
	}
	if err != nil {
		return r, false, fmt.Errorf("draft of %d: %w", orgID, err)
	}
	return r, true, nil
}

// lockCell lets one review of a cell be saved at a time. What else happens in the cell goes on.
func lockCell(ctx context.Context, tx *postgres.Tx, orgID int32) error {
	if _, err := tx.Exec(ctx, `select from organisations where id = $1 for no key update`, orgID); err != nil {
		return fmt.Errorf("lock the cell %d: %w", orgID, err)
	}
	return nil
}

// selectLastDay gives the day of a cell's last review, zero where it has held none.
func selectLastDay(ctx context.Context, tx *postgres.Tx, orgID int32) (day party.Date, err error) {
	err = tx.QueryRow(ctx, `select max(met_on) from reviews where org_id = $1 and state = 'held'`, orgID).Scan(&day)
	if err != nil {
		return day, fmt.Errorf("last review of %d: %w", orgID, err)
	}
	return day, nil
}

func selectLastChange(ctx context.Context, tx *postgres.Tx, id int64) (st Stale, err error) {
	err = tx.QueryRow(ctx, `
		select coalesce((select a.name from accounts a where a.id = r.changed_by), ''), r.changed_at
		  from reviews r where r.id = $1`, id).Scan(&st.By, &st.At)
	return st, err
}

// selectReviewed gives the people of a cell whom a review looks at: those who have come as far as the
// planning first, then the others.
func selectReviewed(ctx context.Context, tx *postgres.Tx, orgID int32, limit int) ([]int64, error) {
	rows, err := tx.Query(ctx, `
		select p.id from people p join person_states s on s.person_id = p.id
		 where p.org_id = $1 and s.stage = any($2)
		 order by s.stage in ('registered', 'introduced'), s.sort_key, s.person_id limit $3`, orgID, party.ReviewStages, limit)
	if err != nil {
		return nil, fmt.Errorf("people of the review of %d: %w", orgID, err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("people of the review of %d: %w", orgID, err)
	}
	return ids, nil
}

func insertReview(ctx context.Context, tx *postgres.Tx, account int64, f Fields) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		insert into reviews (org_id, path, school_year, half, recorded_by, changed_by, version)
		values ($1, '{}', $2, $3, $4, $4, 0) returning id`, f.OrgID, f.Year, f.Half, account).Scan(&id)
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.ConstraintName == "reviews_draft" {
		return 0, fault.NewConflict("reviews.error.draft_exists")
	}
	if err != nil {
		return 0, fmt.Errorf("insert review: %w", err)
	}
	return id, nil
}

func updateReview(ctx context.Context, tx *postgres.Tx, account, id int64, f Fields, held bool) error {
	_, err := tx.Exec(ctx, `
		update reviews set school_year = $2, half = $3, met_on = $4, minutes_no = $5, resolution_no = $6, resolution_on = $7,
		       state = case when $8 then 'held' else 'draft' end, version = version + 1, changed_by = $9, changed_at = now()
		 where id = $1`, id, f.Year, f.Half, f.MetOn, f.MinutesNo, f.ResolutionNo, f.ResolutionOn, held, account)
	if err != nil {
		return fmt.Errorf("update review %d: %w", id, err)
	}
	return nil
}

func clearPeople(ctx context.Context, tx *postgres.Tx, id int64) error {
	if _, err := tx.Exec(ctx, `delete from review_people where review_id = $1`, id); err != nil {
		return fmt.Errorf("people of review %d: %w", id, err)
	}
	return nil
}

// insertPeople writes everybody of a review in one statement.
func insertPeople(ctx context.Context, tx *postgres.Tx, id int64, orgID int32, rows []Row) error {
	n := len(rows)
	ids, outcomes, reasons := make([]int64, n), make([]string, n), make([]string, n)
	names, classes, births, stages := make([]string, n), make([]string, n), make([]party.Date, n), make([]string, n)
	ages, ofAge, study, conduct, titles := make([]int32, n), make([]party.Date, n), make([]string, n), make([]string, n), make([]int32, n)
	for i, r := range rows {
		ids[i], outcomes[i], reasons[i] = r.ID, string(r.Outcome), r.Reason
		names[i], classes[i], births[i], stages[i] = r.FullName, r.ClassName, r.Person.BirthDate, string(r.Facts.Stage)
		ages[i], ofAge[i], titles[i] = int32(r.Facts.Age), r.Facts.OfAgeOn, int32(len(r.Titles))
		study[i], conduct[i] = string(r.Latest.Study), string(r.Latest.ConductRating())
	}
	_, err := tx.Exec(ctx, `
		insert into review_people (review_id, org_id, path, person_id, nr, outcome, reason, full_name, class_name, birth_date, stage,
		       age, of_age_on, study, conduct, titles)
		select $1, $2, '{}', w.person_id, w.nr, w.outcome, w.reason, w.full_name, w.class_name, w.birth_date, w.stage,
		       w.age, w.of_age_on, w.study, w.conduct, w.titles
		  from unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::date[], $9::text[], $10::integer[], $11::date[],
		              $12::text[], $13::text[], $14::integer[]) with ordinality
		       w (person_id, outcome, reason, full_name, class_name, birth_date, stage, age, of_age_on, study, conduct, titles, nr)`,
		id, orgID, ids, outcomes, reasons, names, classes, births, stages, ages, ofAge, study, conduct, titles)
	if err != nil {
		return fmt.Errorf("people of review %d: %w", id, err)
	}
	return nil
}

func selectSaid(ctx context.Context, tx *postgres.Tx, id int64) ([]Entry, error) {
	rows, err := tx.Query(ctx, `select person_id, outcome, reason from review_people where review_id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("people of review %d: %w", id, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e Entry, err error) {
		return e, row.Scan(&e.PersonID, &e.Outcome, &e.Reason)
	})
	if err != nil {
		return nil, fmt.Errorf("people of review %d: %w", id, err)
	}
	return list, nil
}

func selectPeople(ctx context.Context, tx *postgres.Tx, id int64) ([]Person, error) {
	rows, err := tx.Query(ctx, `
		select person_id, outcome, reason, full_name, birth_date, class_name, stage, age, of_age_on, study, conduct, titles
		  from review_people where review_id = $1 order by nr`, id)
	if err != nil {
		return nil, fmt.Errorf("people of review %d: %w", id, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Person, err error) {
		return p, row.Scan(&p.PersonID, &p.Outcome, &p.Reason, &p.FullName, &p.BirthDate, &p.ClassName, &p.Stage, &p.Age, &p.OfAgeOn,
			&p.Study, &p.Conduct, &p.Titles)
	})
	if err != nil {
		return nil, fmt.Errorf("people of review %d: %w", id, err)
	}
	return list, nil
}

func selectDrafts(ctx context.Context, tx *postgres.Tx, cells []int32, limit int) ([]Review, error) {
	rows, err := tx.Query(ctx, `select `+columns+` from reviews r
		where r.state = 'draft' and r.org_id = any($1) order by r.changed_at desc limit $2`, cells, limit)
	if err != nil {
		return nil, fmt.Errorf("drafts of reviews: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Review, err error) { return r, row.Scan(r.targets()...) })
	if err != nil {
		return nil, fmt.Errorf("drafts of reviews: %w", err)
	}
	return list, nil
}

// selectHeld gives a page of the history, the newest first, with the counts of each.
func selectHeld(ctx context.Context, tx *postgres.Tx, cells []int32, after Cursor, limit int) ([]Line, error) {
	rows, err := tx.Query(ctx, `
		with page as (
		    select `+columns+` from reviews r
		     where r.state = 'held' and r.org_id = any($1) and ($3 = 0 or (r.met_on, r.id) < ($2::date, $3))
		     order by r.met_on desc, r.id desc limit $4)
		select r.*, n.kept, n.added, n.dropped
		  from page r cross join lateral (
		    select count(*) filter (where outcome = 'keep') as kept, count(*) filter (where outcome = 'add') as added,
		           count(*) filter (where outcome = 'drop') as dropped
		      from review_people w where w.review_id = r.id) n
		 order by r.met_on desc, r.id desc`, cells, after.Day, after.ID, limit)
	if err != nil {
		return nil, fmt.Errorf("history of reviews: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l Line, err error) {
		return l, row.Scan(append(l.targets(), &l.Kept, &l.Added, &l.Dropped)...)
	})
	if err != nil {
		return nil, fmt.Errorf("history of reviews: %w", err)
	}
	return list, nil
}

// selectUnreviewed gives the cells with candidates that have held no review after a day: those that
// never did with the day since which the first of their candidates waits there, then by their last review.
// A cell that was founded since then could not review before.
func selectUnreviewed(ctx context.Context, tx *postgres.Tx, cells []int32, since, today party.Date, limit int) ([]Overdue, error) {
	rows, err := tx.Query(ctx, `
		with waiting as (
		    select c.org_id, sum(c.n)::integer as candidates, l.met_on
		      from stage_counts c
		      left join lateral (select max(r.met_on) as met_on from reviews r where r.org_id = c.org_id and r.state = 'held') l on true
		     where c.org_id = any($1) and c.stage = any($2) and c.n > 0 and (l.met_on is null or l.met_on <= $3)
		     group by c.org_id, l.met_on
		     order by l.met_on nulls first, c.org_id limit $5)
		select w.org_id, w.candidates, w.met_on,
		       case when w.met_on is null then greatest(
		           (select min(s.stage_since) from people p join person_states s on s.person_id = p.id where p.org_id = w.org_id and s.stage = any($2)),
		           (select min(v.valid_from) from organisation_versions v where v.org_id = w.org_id)) end,
		       coalesce((select string_agg(a.name, ', ' order by a.name) from grants g join accounts a on a.id = g.account_id
		                  where g.org_id = w.org_id and g.role = 'secretary' and a.disabled_at is null and g.valid_from <= $4
		                    and (g.valid_until is null or g.valid_until > $4)), '')
		  from waiting w order by w.met_on nulls first, w.org_id`, cells, party.CandidateStages, since, today, limit)
	if err != nil {
		return nil, fmt.Errorf("cells without a review: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (o Overdue, err error) {
		return o, row.Scan(&o.OrgID, &o.Candidates, &o.Last, &o.Since, &o.Secretary)
	})
	if err != nil {
		return nil, fmt.Errorf("cells without a review: %w", err)
	}
	return list, nil
}
