package achievement

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

// table names one of the two tables about a person; never input.
type table string

const (
	resultsTable table = "study_results"
	titlesTable  table = "titles"
)

func selectPerson(ctx context.Context, tx *postgres.Tx, id int64) (person, error) {
	p := person{id: id}
	err := tx.QueryRow(ctx, `select org_id, full_name, birth_date, union_joined_on from people where id = $1`, id).
		Scan(&p.orgID, &p.name, &p.born, &p.union)
	if postgres.NoRows(err) {
		return p, fault.NewNotFound("people.error.not_found")
	}
	if err != nil {
		return p, fmt.Errorf("person %d: %w", id, err)
	}
	return p, nil
}

const resultColumns = `r.id, r.version, r.school_year, r.semester, r.study, coalesce((r.gpa * 100)::integer, 0), coalesce(r.gpa_scale, 0),
	r.conduct, coalesce(r.conduct_score, 0)`

func (r *Result) targets() []any {
	return []any{&r.ID, &r.Version, &r.Year, &r.Semester, &r.Study, &r.GPA, &r.Scale, &r.Conduct, &r.ConductScore}
}

// selectResults reads the results of some people, newest first.
func selectResults(ctx context.Context, tx *postgres.Tx, ids []int64) (map[int64][]Result, error) {
	rows, err := tx.Query(ctx, `select r.person_id, `+resultColumns+` from study_results r
		where r.person_id = any($1) order by r.person_id, r.school_year desc, r.semester`, ids)
	if err != nil {
		return nil, fmt.Errorf("study results: %w", err)
	}
	out := map[int64][]Result{}
	var id int64
	var r Result
	_, err = pgx.ForEachRow(rows, append([]any{&id}, r.targets()...), func() error {
		out[id] = append(out[id], r)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("study results: %w", err)
	}
	return out, nil
}

// selectTitles reads the titles of some people, newest first.
func selectTitles(ctx context.Context, tx *postgres.Tx, ids []int64) (map[int64][]Title, error) {
	rows, err := tx.Query(ctx, `
		select person_id, id, version, kind, school_year, level, name, awarded_on, issuer
		  from titles where person_id = any($1) order by person_id, awarded_on desc, id desc`, ids)
	if err != nil {
		return nil, fmt.Errorf("titles: %w", err)
	}
	out := map[int64][]Title{}
	var id int64
	var t Title
	_, err = pgx.ForEachRow(rows, []any{&id, &t.ID, &t.Version, &t.Kind, &t.Year, &t.Level, &t.Name, &t.AwardedOn, &t.Issuer}, func() error {
		out[id] = append(out[id], t)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("titles: %w", err)
	}
	return out, nil
}

func insertResult(ctx context.Context, tx *postgres.Tx, account, personID int64, r party.StudyResult) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		insert into study_results (person_id, school_year, semester, study, gpa, gpa_scale, conduct, conduct_score, recorded_by, changed_by)
		values ($1, $2, $3, $4, case when $6::integer > 0 then $5::numeric / 100 end, nullif($6::integer, 0), $7, nullif($8::integer, 0), $9, $9)
		returning id`, personID, r.Year, r.Semester, r.Study, r.GPA, r.Scale, r.Conduct, r.ConductScore, account).Scan(&id)
	return id, explain(err)
}

func updateResult(ctx context.Context, tx *postgres.Tx, account, id int64, r party.StudyResult) error {
	_, err := tx.Exec(ctx, `
		update study_results set school_year = $2, semester = $3, study = $4,
		       gpa = case when $6::integer > 0 then $5::numeric / 100 end, gpa_scale = nullif($6::integer, 0),
		       conduct = $7, conduct_score = nullif($8::integer, 0), version = version + 1, changed_by = $9, changed_at = now()
		 where id = $1`, id, r.Year, r.Semester, r.Study, r.GPA, r.Scale, r.Conduct, r.ConductScore, account)
	return explain(err)
}

// explain turns the one constraint that people run into into words.
func explain(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.ConstraintName == "study_results_person_id_school_year_semester_key" {
		return fault.InvalidFields(fault.Field{Name: "semester", Key: "achievements.error.taken"})
	}
	if err != nil {
		return fmt.Errorf("study result: %w", err)
	}
	return nil
}

func insertTitle(ctx context.Context, tx *postgres.Tx, account, personID int64, t party.Title) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		insert into titles (person_id, kind, school_year, level, name, awarded_on, issuer, recorded_by, changed_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $8) returning id`,
		personID, t.Kind, t.Year, t.Level, t.Name, t.AwardedOn, t.Issuer, account).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("insert title: %w", err)
	}
	return id, nil
}

func updateTitle(ctx context.Context, tx *postgres.Tx, account, id int64, t party.Title) error {
	_, err := tx.Exec(ctx, `
		update titles set kind = $2, school_year = $3, level = $4, name = $5, awarded_on = $6, issuer = $7,
		       version = version + 1, changed_by = $8, changed_at = now()
		 where id = $1`, id, t.Kind, t.Year, t.Level, t.Name, t.AwardedOn, t.Issuer, account)
	if err != nil {
		return fmt.Errorf("update title %d: %w", id, err)
	}
	return nil
}

func deleteRow(ctx context.Context, tx *postgres.Tx, t table, id int64) error {
	if _, err := tx.Exec(ctx, `delete from `+string(t)+` where id = $1`, id); err != nil {
		return fmt.Errorf("%s %d: %w", t, id, err)
	}
	return nil
}

// lockRow locks a row of a person and gives its version, and who saved it last.
func lockRow(ctx context.Context, tx *postgres.Tx, t table, personID, id int64) (version int, st Stale, err error) {
	err = tx.QueryRow(ctx, `
		select t.version, coalesce((select a.name from accounts a where a.id = t.changed_by), ''), t.changed_at
		  from `+string(t)+` t where t.id = $1 and t.person_id = $2 for update`, id, personID).Scan(&version, &st.By, &st.At)
	if postgres.NoRows(err) {
		return 0, st, errNotFound()
	}
	if err != nil {
		return 0, st, fmt.Errorf("%s %d: %w", t, id, err)
	}
	return version, st, nil
}

// ofGrid are the people whom a grid has: pupils and students of the cell who have not left.
const ofGrid = `p.org_id = $1 and p.category in ('pupil', 'student') and s.stage not in ('dropped', 'away')`

func selectGrid(ctx context.Context, tx *postgres.Tx, q GridQuery, limit int) ([]GridRow, error) {
	rows, err := tx.Query(ctx, `
		select p.id, p.full_name, p.class_name, p.birth_date, `+gridResult+`
		  from person_states s join people p on p.id = s.person_id
		  left join study_results r on r.person_id = p.id and r.school_year = $2 and r.semester = $3
		 where `+ofGrid+`
		   and ($4::bigint = 0 or (s.sort_key, s.person_id) > (select a.sort_key, a.person_id from person_states a where a.person_id = $4))
		 order by s.sort_key, s.person_id limit $5`, q.OrgID, q.Year, q.Semester, q.After, limit)
	if err != nil {
		return nil, fmt.Errorf("grid of %d: %w", q.OrgID, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (g GridRow, err error) {
		return g, row.Scan(append([]any{&g.PersonID, &g.FullName, &g.ClassName, &g.BirthDate}, g.targets()...)...)
	})
	if err != nil {
		return nil, fmt.Errorf("grid of %d: %w", q.OrgID, err)
	}
	return list, nil
}

const gridResult = `coalesce(r.id, 0), coalesce(r.version, 0), coalesce(r.school_year, 0), coalesce(r.semester, 0), coalesce(r.study, ''),
	coalesce((r.gpa * 100)::integer, 0), coalesce(r.gpa_scale, 0), coalesce(r.conduct, ''), coalesce(r.conduct_score, 0)`

// lockGrid locks those of some people who are of the grid and gives what is kept of each.
func lockGrid(ctx context.Context, tx *postgres.Tx, orgID int32, year int, semester party.Semester, ids []int64) (map[int64]Result, error) {
	if _, err := tx.Exec(ctx, `select from people p where p.id = any($1) order by p.id for update`, ids); err != nil {
		return nil, fmt.Errorf("lock the grid of %d: %w", orgID, err)
	}
	rows, err := tx.Query(ctx, `
		select p.id, `+gridResult+`
		  from person_states s join people p on p.id = s.person_id
		  left join study_results r on r.person_id = p.id and r.school_year = $2 and r.semester = $3
		 where `+ofGrid+` and p.id = any($4)`, orgID, year, semester, ids)
	if err != nil {
		return nil, fmt.Errorf("grid of %d: %w", orgID, err)
	}
	out := map[int64]Result{}
	var id int64
	var r Result
	_, err = pgx.ForEachRow(rows, append([]any{&id}, r.targets()...), func() error {
		out[id] = r
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("grid of %d: %w", orgID, err)
	}
	return out, nil
}

// selectCriteria reads all that some organisations have asked, newest first; of one day what was set last.
func selectCriteria(ctx context.Context, tx *postgres.Tx, orgIDs []int32) ([]party.DatedCriteria, error) {
	rows, err := tx.Query(ctx, `
		select distinct on (valid_from, org_id) org_id, valid_from, study, conduct, needs_title, union_months
		  from local_criteria where org_id = any($1) order by valid_from desc, org_id, id desc limit 1000`, orgIDs)
	if err != nil {
		return nil, fmt.Errorf("local criteria: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c party.DatedCriteria, err error) {
		return c, row.Scan(&c.OrgID, &c.From, &c.Study, &c.Conduct, &c.NeedsTitle, &c.UnionMonths)
	})
	if err != nil {
		return nil, fmt.Errorf("local criteria: %w", err)
	}
	return list, nil
}

func insertCriteria(ctx context.Context, tx *postgres.Tx, account int64, c party.DatedCriteria) error {
	_, err := tx.Exec(ctx, `
		insert into local_criteria (org_id, valid_from, study, conduct, needs_title, union_months, recorded_by)
		values ($1, $2, $3, $4, $5, $6, $7)`, c.OrgID, c.From, c.Study, c.Conduct, c.NeedsTitle, c.UnionMonths, account)
	if err != nil {
		return fmt.Errorf("local criteria of %d: %w", c.OrgID, err)
	}
	return nil
}
