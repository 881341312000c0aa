package assessment

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// The figure of a row. What the cell entered of somebody is waiting until it is approved.
const (
	ratingFigure    = `case when exempt <> '' then 'exempt' when level <> '' then level else 'waiting' end`
	screeningFigure = `case when outcome <> '' then outcome else 'pending' end`
)

// countFigures tells the figures of an organisation by those directly below it.
func countFigures(ctx context.Context, tx *postgres.Tx, org organisation.Org, year int, tell func(child int32, f Figure, n int)) error {
	rows, err := tx.Query(ctx, `
		select coalesce(path[$3], 0), `+ratingFigure+`, count(*)::integer from assessments where year = $1 and path @> array[$2::integer] group by 1, 2
		union all
		select coalesce(path[$3], 0), `+screeningFigure+`, count(*)::integer from screenings where year = $1 and path @> array[$2::integer] group by 1, 2`,
		year, org.OrgID, len(org.Path)+1)
	if err != nil {
		return fmt.Errorf("figures of %d: %w", org.OrgID, err)
	}
	var child int32
	var f Figure
	var n int
	if _, err = pgx.ForEachRow(rows, []any{&child, &f, &n}, func() error { tell(child, f, n); return nil }); err != nil {
		return fmt.Errorf("figures of %d: %w", org.OrgID, err)
	}
	return nil
}

// countSheets tells how many sheets are approved.
func countSheets(ctx context.Context, tx *postgres.Tx, org organisation.Org, year int, tell func(child int32, k Kind, n int)) error {
	rows, err := tx.Query(ctx, `select coalesce(path[$3], 0), kind, count(*)::integer from assessment_sheets
		where year = $1 and path @> array[$2::integer] and approved_on is not null group by 1, 2`, year, org.OrgID, len(org.Path)+1)
	if err != nil {
		return fmt.Errorf("sheets of %d: %w", org.OrgID, err)
	}
	var child int32
	var k Kind
	var n int
	if _, err = pgx.ForEachRow(rows, []any{&child, &k, &n}, func() error { tell(child, k, n); return nil }); err != nil {
		return fmt.Errorf("sheets of %d: %w", org.OrgID, err)
	}
	return nil
}

func selectNames(ctx context.Context, tx *postgres.Tx, org int32, year int, f Figure, after int64, most int) ([]NameOf, error) {
	from, figure := "assessments", ratingFigure
	if slices.Contains(ScreeningFigures, f) {
		from, figure = "screenings", screeningFigure
	}
	rows, err := tx.Query(ctx, `select a.person_id, a.full_name, a.org_id, a.note from `+from+` a left join person_states s on s.person_id = a.person_id
		where a.year = $1 and a.path @> array[$2::integer] and `+figure+` = $3
		  and ($4::bigint = 0 or (coalesce(s.sort_key, ''), a.person_id) > (coalesce((select x.sort_key from person_states x where x.person_id = $4), ''), $4))
		order by coalesce(s.sort_key, ''), a.person_id limit $5`, year, org, string(f), after, most)
	if err != nil {
		return nil, fmt.Errorf("names of %s: %w", f, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (n NameOf, err error) {
		return n, row.Scan(&n.PersonID, &n.FullName, &n.OrgID, &n.Note)
	})
}

func selectWatches(ctx context.Context, tx *postgres.Tx, q watchQuery) ([]Watched, error) {
	rows, err := tx.Query(ctx, `select person_id, full_name, org_id, year, category, watch_until, note from screenings
		where watch_until is not null and result = '' and watch_until <= $1
		  and ($2::integer[] is null or org_id = any($2)) and ($3 = 0 or path @> array[$3::integer])
		  and (watch_until, person_id) > ($4, $5) order by watch_until, person_id limit $6`,
		q.until, q.within, q.orgID, q.after.Day, q.after.ID, q.most)
	if err != nil {
		return nil, fmt.Errorf("watches: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (w Watched, err error) {
		return w, row.Scan(&w.PersonID, &w.FullName, &w.OrgID, &w.Year, &w.Category, &w.Until, &w.Note)
	})
}

func updateWatches(ctx context.Context, tx *postgres.Tx, account int64, on party.Date, list []Conclusion) error {
	var ids []int64
	var years []int32
	var results []string
	for _, c := range list {
		ids, years, results = append(ids, c.PersonID), append(years, int32(c.Year)), append(results, string(c.Result))
	}
	_, err := tx.Exec(ctx, `update screenings s set result = x.result, result_on = $1, changed_by = $2, changed_at = now()
		from unnest($3::bigint[], $4::integer[], $5::text[]) x (person_id, year, result) where s.person_id = x.person_id and s.year = x.year`,
		on, account, ids, years, results)
	if err != nil {
		return fmt.Errorf("conclude watches: %w", err)
	}
	return nil
}

// selectOpenWatches locks some watches that are not concluded.
func selectOpenWatches(ctx context.Context, tx *postgres.Tx, list []Conclusion) ([]openWatch, error) {
	var ids []int64
	var years []int32
	for _, c := range list {
		ids, years = append(ids, c.PersonID), append(years, int32(c.Year))
	}
	rows, err := tx.Query(ctx, `select s.person_id, s.year, s.org_id, h.approved_on from screenings s join assessment_sheets h on h.id = s.sheet_id
		  join unnest($1::bigint[], $2::integer[]) x (person_id, year) on s.person_id = x.person_id and s.year = x.year
		where s.watch_until is not null and s.result = '' order by s.person_id, s.year for update of s`, ids, years)
	if err != nil {
		return nil, fmt.Errorf("open watches: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (w openWatch, err error) {
		return w, row.Scan(&w.person, &w.year, &w.org, &w.decided)
	})
}
