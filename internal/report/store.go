package report

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

func collect(rows pgx.Rows, err error) ([]count, error) {
	if err != nil {
		return nil, fmt.Errorf("count: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c count, err error) {
		return c, row.Scan(&c.org, &c.figure, &c.month, &c.n)
	})
}

// selectKept reads whole months: from one, zero for from ever, up to but not including another.
func selectKept(ctx context.Context, tx *postgres.Tx, orgs []int32, figures []party.Figure, from, before party.Date) ([]count, error) {
	return collect(tx.Query(ctx, `
		select org_id, figure, month, n from figure_counts
		 where org_id = any($1) and figure = any($2) and ($3::date is null or month >= $3) and month < $4 and n <> 0`,
		orgs, figures, from, before))
}

// selectEdge counts days of broken months for organisations, at whichever level of the tree they stood.
func selectEdge(ctx context.Context, tx *postgres.Tx, orgs []int32, figures []party.Figure, from, until party.Date) ([]count, error) {
	return collect(tx.Query(ctx, `
		select a.org, figure, date_trunc('month', happened_on)::date, count(*)::integer from milestones, unnest(path) a(org)
		 where figure = any($2) and happened_on between $3 and $4 and path && $1 and a.org = any($1)
		 group by 1, 2, 3`, orgs, figures, from, until))
}

// selectMilestones counts for cells: term figures from the term's first day, members from ever.
func selectMilestones(ctx context.Context, tx *postgres.Tx, cells []int32, figures []party.Figure, starts, until party.Date) ([]count, error) {
	return collect(tx.Query(ctx, `
		select org_id, figure, date_trunc('month', happened_on)::date, count(*)::integer from milestones
		 where org_id = any($1) and figure = any($2) and happened_on <= $4 and (happened_on >= $3 or figure = any($5))
		 group by 1, 2, 3`, cells, figures, starts, until, memberFigures))
}

// selectSuccession is selectMilestones for organisations that may have stood, in part, out of the viewer's
// sight: the database gives bare numbers of what belongs to his own now.
func selectSuccession(ctx context.Context, tx *postgres.Tx, orgs []int32, figures []party.Figure, starts, until party.Date) ([]count, error) {
	return collect(tx.Query(ctx, `
		select org_id, figure, month, sum(n)::integer from counts_of_succession($1, $2, $3, $4, $5) group by 1, 2, 3`,
		orgs, figures, starts, until, memberFigures))
}

// selectNames gives a page of the names behind a figure, from new to old.
func selectNames(ctx context.Context, tx *postgres.Tx, w where, after Cursor, limit int) ([]Name, error) {
	args := []any{w.figure, w.from, w.until, limit}
	query := `
		select p.id, p.full_name, p.birth_date, p.class_name, p.org_id, m.happened_on, s.stage
		  from milestones m join people p on p.id = m.person_id join person_states s on s.person_id = p.id
		 where m.figure = $1 and ($2::date is null or m.happened_on >= $2) and m.happened_on <= $3`
	args = append(args, w.bound())
	query += w.belongs("m", "$5") + w.stays("$3", "$5")
	if after.ID != 0 {
		args = append(args, after.Day, after.ID)
		query += ` and (m.happened_on, m.person_id) < ($6, $7)`
	}
	if w.occasion != nil {
		args = append(args, *w.occasion)
		query += fmt.Sprintf(` and m.occasion = $%d`, len(args))
	}
	rows, err := tx.Query(ctx, query+` order by m.happened_on desc, m.person_id desc limit $4`, args...)
	if err != nil {
		return nil, fmt.Errorf("names behind %s: %w", w.figure, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (n Name, err error) {
		return n, row.Scan(&n.ID, &n.FullName, &n.BirthDate, &n.ClassName, &n.OrgID, &n.On, &n.Stage)
	})
}

// countSeen counts those behind a figure whom the viewer sees.
func countSeen(ctx context.Context, tx *postgres.Tx, w where) (n int, err error) {
	args := []any{w.figure, w.from, w.until, w.bound()}
	query := `
		select count(*)::integer from milestones m join people p on p.id = m.person_id
		 where m.figure = $1 and ($2::date is null or m.happened_on >= $2) and m.happened_on <= $3` + w.belongs("m", "$4") + w.stays("$3", "$4")
	if w.occasion != nil {
		args = append(args, *w.occasion)
		query += ` and m.occasion = $5`
	}
	if err = tx.QueryRow(ctx, query, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("whom the viewer sees behind %s: %w", w.figure, err)
	}
	return n, nil
}

// bound gives the organisations that bound a list.
func (w where) bound() any {
	if w.cells != nil {
		return w.cells
	}
	return w.org
}

// belongs bounds a list of milestones by organisations, given as an argument.
func (w where) belongs(milestones, arg string) string {
	if w.cells != nil {
		return ` and ` + milestones + `.org_id = any(` + arg + `)`
	}
	return fmt.Sprintf(` and %s.path @> array[%s::integer]`, milestones, arg)
}

// stays leaves of the members m those who have not left the organisations until a day; other figures
// stay whatever comes later.
func (w where) stays(until, orgs string) string {
	if w.figure != party.FigureJoined {
		return ""
	}
	return ` and not exists (select from milestones l where l.person_id = m.person_id and l.figure = 'left' and l.happened_on <= ` + until + `
		and (l.happened_on, l.step_id) > (m.happened_on, m.step_id)` + w.belongs("l", orgs) + `)`
}

// selectOccasions counts what a list has by the occasion of the ceremony.
func selectOccasions(ctx context.Context, tx *postgres.Tx, w where) (map[party.Occasion]int, error) {
	rows, err := tx.Query(ctx, w.byOccasion(), w.figure, w.from, w.until, w.bound())
	if err != nil {
		return nil, fmt.Errorf("count occasions: %w", err)
	}
	out := map[party.Occasion]int{}
	var occasion party.Occasion
	var n int
	_, err = pgx.ForEachRow(rows, []any{&occasion, &n}, func() error {
		out[occasion] = n
		return nil
	})
	return out, err
}

func (w where) byOccasion() string {
	if w.succeeds {
		return `select occasion, sum(n)::integer from counts_of_succession($4, array[$1::text], $2, $3, '{}') group by occasion`
	}
	return `
		select m.occasion, count(*)::integer from milestones m
		 where m.figure = $1 and m.happened_on >= $2 and m.happened_on <= $3` + w.belongs("m", "$4") + `
		 group by m.occasion`
}

// countDifferences compares the maintained counts with what they count and says which differ.
func countDifferences(ctx context.Context, tx *postgres.Tx, limit int) ([]string, error) {
	rows, err := tx.Query(ctx, `
		with stages as (
			select a.org as org_id, s.stage as what, count(*) as n from person_states s, unnest(s.path) a(org) group by 1, 2),
		figures as (
			select a.org as org_id, m.figure || ' ' || date_trunc('month', m.happened_on)::date as what, count(*) as n
			  from milestones m, unnest(m.path) a(org)
			 where exists (select from organisation_versions v where v.org_id = a.org
			                and v.kind in ('upper_committee', 'grassroots_committee', 'grassroots_cell'))
			 group by 1, 2)
		select 'organisation ' || coalesce(w.org_id, k.org_id) || ': ' || coalesce(w.what, k.what)
		  from (select * from stages union all select * from figures) w
		  full join (select org_id, stage as what, n from stage_counts where n <> 0
		              union all select org_id, figure || ' ' || month, n from figure_counts where n <> 0) k
		    on k.org_id = w.org_id and k.what = w.what
		 where w.n is distinct from k.n
		 limit $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("compare counts: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

func countsKept(ctx context.Context, tx *postgres.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `select (select count(*) from stage_counts) + (select count(*) from figure_counts)`).Scan(&n)
	return n, err
}
