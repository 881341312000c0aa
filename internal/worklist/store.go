package worklist

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
	query   Query
	paths   [][]int32
	sees    bool // the viewer sees organisations, not only whom he introduced
	account int64
	args    []any

	certificatesUntil party.Date
}

func (f *find) arg(v any) string {
	f.args = append(f.args, v)
	return fmt.Sprintf("$%d", len(f.args))
}

// conditions bounds the list by the column of the organisation's depth, which the indexes begin
// with; whom somebody introduced he finds wherever they are, until he asks for one organisation.
// Row-level security stands behind it.
func (f *find) conditions() string {
	out := []string{"s.due_on is not null"}
	if !f.sees {
		out = append(out, "p.introduced_by = "+f.arg(f.account))
	}
	if f.sees || f.query.OrgID != 0 {
		out = append(out, postgres.Below("s", f.paths, f.arg))
	}
	if f.query.Kind != "" {
		out = append(out, "s.next_kind = "+f.arg(f.query.Kind))
	}
	if f.query.Certificates {
		// written out, since the partial indexes are found by it
		out = append(out, "s.due_rule = '"+string(party.CertValid)+"'", "s.due_on <= "+f.arg(f.certificatesUntil))
	}
	return strings.Join(out, " and ")
}

func (f *find) items(ctx context.Context, tx *postgres.Tx, limit int) ([]Item, error) {
	f.args = nil
	query := `select p.id, p.full_name, p.class_name, p.org_id, s.stage, s.next_kind, s.due_on, s.due_rule
		  from person_states s join people p on p.id = s.person_id where ` + f.conditions()
	if after := f.query.After; after.ID != 0 {
		query += ` and (s.due_on, s.person_id) > (` + f.arg(after.Day) + `, ` + f.arg(after.ID) + `)`
	}
	rows, err := tx.Query(ctx, query+` order by s.due_on, s.person_id limit `+f.arg(limit), f.args...)
	if err != nil {
		return nil, fmt.Errorf("list what is due: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (it Item, err error) {
		return it, row.Scan(&it.PersonID, &it.FullName, &it.ClassName, &it.OrgID, &it.Stage, &it.Kind, &it.Due, &it.Rule)
	})
}

// count looks at the nearest deadlines up to the limit: what is late comes first in them.
func (f *find) count(ctx context.Context, tx *postgres.Tx, today party.Date, out *List) error {
	f.args = nil
	conditions := f.conditions()
	rows, err := tx.Query(ctx, `
		select next_kind, count(*)::integer, count(*) filter (where due_on < `+f.arg(today)+`)::integer,
		       count(*) filter (where due_on >= `+f.arg(today)+` and due_on <= `+f.arg(today.AddDays(soonDays))+`)::integer
		  from (select s.next_kind, s.due_on from person_states s join people p on p.id = s.person_id where `+conditions+`
		         order by s.due_on, s.person_id limit `+f.arg(countLimit+1)+`) x
		 group by next_kind`, f.args...)
	if err != nil {
		return fmt.Errorf("count what is due: %w", err)
	}
	defer rows.Close()
	total := 0
	for rows.Next() {
		var kind party.StepKind
		var n, late, soon int
		if err := rows.Scan(&kind, &n, &late, &soon); err != nil {
			return err
		}
		out.Kinds[kind] = n
		out.Late, out.Soon, total = out.Late+late, out.Soon+soon, total+n
	}
	out.More = total > countLimit
	return rows.Err()
}

func (f *find) countCertificates(ctx context.Context, tx *postgres.Tx, out *List) error {
	f.args = nil
	conditions := f.conditions()
	err := tx.QueryRow(ctx, `
		select count(*) from (select from person_states s join people p on p.id = s.person_id where `+conditions+` limit `+f.arg(countLimit+1)+`) x`, f.args...).Scan(&out.Certificates)
	if err != nil {
		return fmt.Errorf("count certificates that run out: %w", err)
	}
	if out.MoreCertificates = out.Certificates > countLimit; out.MoreCertificates {
		out.Certificates = countLimit
	}
	return nil
}
