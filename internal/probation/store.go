package probation

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// find builds the queries of a list from its parts.
type find struct {
	query Query
	paths [][]int32
	today party.Date
	soon  int // days
	args  []any
}

func (f *find) arg(v any) string {
	f.args = append(f.args, v)
	return fmt.Sprintf("$%d", len(f.args))
}

// shown gives the condition of whom a list shows.
func (f *find) shown(show Show) string {
	switch show {
	case Ending:
		return "s.probation_ends_on > " + f.arg(f.today) + " and s.probation_ends_on <= " + f.arg(f.today.AddDays(f.soon))
	case Voting:
		return "s.probation_ends_on <= " + f.arg(f.today) + " and s.next_kind = '" + string(party.RecognitionResolution) + "'"
	case Deciding:
		return "s.next_kind = '" + string(party.RecognitionDecision) + "'"
	}
	return "true"
}

func (f *find) conditions(show Show) string {
	return strings.Join([]string{"s.probation_ends_on is not null", postgres.Below("s", f.paths, f.arg), f.shown(show)}, " and ")
}

// places gives the people of a page, the earliest end of probation first.
func (f *find) places(ctx context.Context, tx *postgres.Tx, limit int) ([]Cursor, error) {
	f.args = nil
	query := `select s.probation_ends_on, s.person_id from person_states s where ` + f.conditions(f.query.Show)
	if after := f.query.After; after.ID != 0 {
		query += ` and (s.probation_ends_on, s.person_id) > (` + f.arg(after.Day) + `, ` + f.arg(after.ID) + `)`
	}
	rows, err := tx.Query(ctx, query+` order by s.probation_ends_on, s.person_id limit `+f.arg(limit), f.args...)
	if err != nil {
		return nil, fmt.Errorf("list those in probation: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c Cursor, err error) {
		return c, row.Scan(&c.Day, &c.ID)
	})
}

// count looks at the earliest ends up to the limit.
func (f *find) count(ctx context.Context, tx *postgres.Tx, out *List) error {
	f.args = nil
	inner := `select s.probation_ends_on, s.next_kind from person_states s where ` + f.conditions(All) +
		` order by s.probation_ends_on, s.person_id limit ` + f.arg(countLimit+1)
	n := make([]int, len(Shows))
	columns, targets := make([]string, len(Shows)), make([]any, len(Shows))
	for i, show := range Shows {
		columns[i], targets[i] = "count(*) filter (where "+f.shown(show)+")", &n[i]
	}
	err := tx.QueryRow(ctx, `select `+strings.Join(columns, ", ")+` from (`+inner+`) s`, f.args...).Scan(targets...)
	if err != nil {
		return fmt.Errorf("count those in probation: %w", err)
	}
	out.Counts = map[Show]int{}
	for i, show := range Shows {
		out.Counts[show] = n[i]
	}
	out.More = out.Counts[All] > countLimit
	return nil
}
