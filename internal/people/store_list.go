package people

import (
	"context"
	"fmt"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// find builds the two queries of a list from its parts.
type find struct {
	q       Query
	sc      scope
	number  []byte // index of a whole personal number, when one was searched
	sees    bool   // the viewer sees organisations, not only whom he introduced
	account int64
	args    []any
	found   int // how many the search of the first page found
}

func (s *Service) newFind(v access.Viewer, sc scope, q Query) *find {
	f := &find{q: q, sc: sc, sees: v.May(access.DashboardRead), account: v.AccountID}
	if personalNumber.MatchString(q.Search) && v.May(access.PeopleSensitive) {
		f.number, f.q.Search = s.numbers.Index(q.Search), ""
	}
	return f
}

const rowColumns = `p.id, p.full_name, p.birth_date, p.sex, p.category, p.class_name, p.student_no, p.org_id,
	s.stage, s.stage_since, s.next_kind, s.due_on, s.due_rule, s.joined_on, s.sort_key`

func (f *find) rows(ctx context.Context, tx *postgres.Tx) ([]Row, error) {
	f.args = nil
	from := `from person_states s join people p on p.id = s.person_id where `
	query := `select ` + rowColumns + `, 0 ` + from
	if f.searches() {
		query = `with found as materialized (select f.person_id, f.nr from ` + f.function(true) + ` with ordinality f(person_id, nr))
			select ` + rowColumns + `, (select count(*) from found) ` + from + `s.person_id in (select person_id from found where nr <= ` + f.arg(f.q.Limit+1) + `)`
	} else {
		query += f.conditions()
		if f.q.After.id != 0 {
			query += " and (s.sort_key, s.person_id) > (" + f.arg(f.q.After.key) + ", " + f.arg(f.q.After.id) + ")"
		}
	}
	query += ` order by s.sort_key, s.person_id limit ` + f.arg(f.q.Limit+1)
	rows, err := tx.Query(ctx, query, f.args...)
	if err != nil {
		return nil, fmt.Errorf("list people: %w", err)
	}
	defer rows.Close()
	var out []Row
	for rows.Next() {
		var r Row
		if err := rows.Scan(&r.ID, &r.FullName, &r.BirthDate, &r.Sex, &r.Category, &r.ClassName, &r.StudentNo, &r.OrgID,
			&r.Stage, &r.Since, &r.Next, &r.Due, &r.DueRule, &r.JoinedOn, &r.sortKey, &f.found); err != nil {
			return nil, fmt.Errorf("list people: %w", err)
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// count tells how many people the whole list has. Lists that are bounded by one organisation and
// stages only are answered exactly from the maintained counts; others are counted up to a limit. What
// a search found is counted with its first page, which must have been read before.
func (f *find) count(ctx context.Context, tx *postgres.Tx) (n int, more bool, err error) {
	f.args = nil
	var query string
	switch {
	case f.sees && !f.searches() && f.sc.path != nil && f.q.Categories == nil && f.q.Before.IsZero() && !f.q.Narrow():
		query = `select coalesce(sum(n), 0) from stage_counts where org_id = ` + f.arg(f.sc.path[len(f.sc.path)-1])
		if f.q.Stages != nil {
			query += ` and stage = any(` + f.arg(f.q.Stages) + `)`
		}
		err = tx.QueryRow(ctx, query, f.args...).Scan(&n)
		return n, false, wrapCount(err)
	case f.searches():
		n = f.found
		if f.q.After.id != 0 {
			err = tx.QueryRow(ctx, `select count(*) from `+f.function(false), f.args...).Scan(&n)
		}
		if n == f.q.Limit+1 { // it stopped behind the page
			return f.q.Limit, true, wrapCount(err)
		}
		return min(n, countLimit), n > countLimit, wrapCount(err)
	default:
		query = `select count(*) from (select from person_states s join people p on p.id = s.person_id where ` +
			f.conditions() + ` limit ` + f.arg(countLimit+1) + `) x`
	}
	if err := tx.QueryRow(ctx, query, f.args...).Scan(&n); err != nil {
		return 0, false, wrapCount(err)
	}
	return min(n, countLimit), n > countLimit, nil
}

func wrapCount(err error) error {
	if err != nil {
		return fmt.Errorf("count people: %w", err)
	}
	return nil
}

// searches tells whether the search function answers. Whoever sees only whom he introduced has a
// short list, and so have a class, a mentor and a title: those are filtered directly.
func (f *find) searches() bool {
	return f.sees && !f.q.Narrow() && (f.q.Search != "" || f.number != nil)
}

func (f *find) function(paged bool) string {
	org, key, id := int32(0), []byte(nil), int64(0)
	if f.sc.path != nil {
		org = f.sc.path[len(f.sc.path)-1]
	}
	if paged && f.q.After.id != 0 {
		key, id = f.q.After.key, f.q.After.id
	}
	var since any
	if !f.q.Before.IsZero() {
		since = f.q.Before
	}
	return `find_people(` + strings.Join([]string{f.arg(org), f.arg(words(f.q.Search)) + "::text[]",
		f.arg(f.number) + "::bytea", f.arg(f.q.Stages) + "::text[]", f.arg(f.q.Categories) + "::text[]", f.arg(since) + "::date",
		f.arg(key) + "::bytea", f.arg(id), f.arg(f.q.Limit + 1), f.arg(countLimit + 1)}, ", ") + `)`
}

// conditions bounds a list that is not searched: by the column of the organisation's depth, which
// the indexes begin with. Row-level security stands behind it.
func (f *find) conditions() string {
	var out []string
	switch {
	case !f.sees:
		out = append(out, "p.introduced_by = "+f.arg(f.account))
		if f.q.OrgID != 0 { // else he finds whom he introduced wherever they are now
			out = append(out, f.below(f.sc.path))
		}
	case f.sc.path != nil:
		out = append(out, f.below(f.sc.path))
	default:
		var any []string
		for _, p := range f.sc.roots {
			any = append(any, f.below(p))
		}
		out = append(out, "("+strings.Join(append(any, "false"), " or ")+")")
	}
	if !f.searches() {
		for _, w := range patterns(f.q.Search) {
			out = append(out, "p.search_text like fold("+f.arg(w)+")")
		}
	}
	if f.q.Narrow() && f.number != nil {
		out = append(out, "p.personal_no_index = "+f.arg(f.number))
	}
	if f.q.Mentor != "" {
		out = append(out, "s.person_id in (select m.person_id from person_mentors m where m.name = "+f.arg(f.q.Mentor)+")")
	}
	if f.q.Title != "" {
		out = append(out, "s.person_id in (select t.person_id from titles t where t.kind = "+f.arg(f.q.Title)+")")
	}
	if f.q.ClassID != 0 {
		out = append(out, `s.person_id in (select c.person_id from steps c where c.class_id = `+f.arg(f.q.ClassID)+` and c.kind = 'class_result'
			and c.facts @> '{"passed": true}' and not exists (select from steps v where v.voids_id = c.id))`)
	}
	if f.q.Stages != nil {
		if len(f.q.Stages) == 1 {
			out = append(out, "s.stage = "+f.arg(f.q.Stages[0]))
		} else {
			out = append(out, "s.stage = any("+f.arg(f.q.Stages)+")")
		}
	}
	if f.q.Categories != nil {
		out = append(out, "p.category = any("+f.arg(f.q.Categories)+")")
	}
	if !f.q.Before.IsZero() {
		out = append(out, "s.stage_since < "+f.arg(f.q.Before))
	}
	return strings.Join(out, " and ")
}

func (f *find) below(path []int32) string {
	if len(path) == 1 {
		return "true"
	}
	return fmt.Sprintf("s.o%d = ", len(path)-1) + f.arg(path[len(path)-1])
}

func (f *find) arg(v any) string {
	f.args = append(f.args, v)
	return fmt.Sprintf("$%d", len(f.args))
}

// stageCounts answers from the maintained counts; whoever sees only whom he introduced has few
// enough to be counted.
func (f *find) stageCounts(ctx context.Context, tx *postgres.Tx) (map[party.Stage]int, error) {
	f.args = nil
	query := `select s.stage, count(*) from person_states s join people p on p.id = s.person_id where ` + f.conditions() + ` group by s.stage`
	if f.sees {
		f.args = nil
		query = `select stage, sum(n) from stage_counts where org_id = any(` + f.arg(f.sc.orgs()) + `) group by stage`
	}
	rows, err := tx.Query(ctx, query, f.args...)
	if err != nil {
		return nil, fmt.Errorf("count stages: %w", err)
	}
	defer rows.Close()
	counts := map[party.Stage]int{}
	for rows.Next() {
		var stage party.Stage
		var n int
		if err := rows.Scan(&stage, &n); err != nil {
			return nil, fmt.Errorf("count stages: %w", err)
		}
		counts[stage] = n
	}
	return counts, rows.Err()
}

// orgs gives the organisations that a scope is made of.
func (sc scope) orgs() []int32 {
	if sc.path != nil {
		return []int32{sc.path[len(sc.path)-1]}
	}
	out := []int32{}
	for _, p := range sc.roots {
		out = append(out, p[len(p)-1])
	}
	return out
}
