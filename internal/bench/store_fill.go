package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/people"
)

// How the tree grows with the people: a committee has always about as many.
const (
	perCell      = 25
	perBase      = 20  // cells of a grassroots committee
	perCommittee = 100 // grassroots organisations of an upper committee
)

var (
	families = strings.Fields("Nguyễn Nguyễn Nguyễn Nguyễn Trần Trần Lê Phạm Huỳnh Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Danh Thạch Châu Kim Đinh Mai Lâm Trịnh Đoàn Tạ Cao Hà")
	middles  = strings.Fields("Văn Hữu Đức Minh Quốc Công Đình Xuân Ngọc Thanh Quang Trọng Duy Gia Thị Thị Thị Thu Hồng Kim Phương Thùy Bích Mỹ Diệu Khánh Hoài Bảo Quỳnh Tuyết Như")
	givens   = strings.Fields(`An Anh Ánh Ân Bảo Bình Bích Châu Chi Công Cường Dung Dũng Duy Duyên Đại Đào Đạt Đông Đức Giang Hà Hải Hạnh Hào Hằng Hậu Hiền Hiếu Hoa Hòa Hoài
		Hoàng Hồng Huệ Hùng Huy Hương Hưng Khang Khánh Khoa Kiên Lan Lâm Lệ Liên Linh Loan Lộc Long Ly Mai Minh My Mỹ Nam Nga Ngân Nghĩa Ngọc Nguyệt Nhân Nhung Oanh Phát
		Phong Phúc Phương Quân Quang Quý Quyên Quỳnh Sang Sơn Sương Tài Tâm Tân Thái Thanh Thành Thảo Thắng Thiện Thịnh Thơm Thu Thủy Toàn Trang Trâm Trinh Trung Tú Tuấn
		Tuyết Uyên Vân Vinh Vy Xuân Yến`)
)

// multiply makes the demo's people into as many as asked: each new one has the way of a demo person
// of a cell below a grassroots committee, a name of his own, and a place in a tree that grows along.
// What is kept about them is made by the same statements for all, and proved by check.
func (h *house) multiply(ctx context.Context) error {
	conn, err := h.db.OwnerConn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var there int
	if err := conn.QueryRow(ctx, `select count(*) from people`).Scan(&there); err != nil {
		return err
	}
	if there >= h.people {
		return nil
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if err := plantTree(ctx, tx, h.people-there); err != nil {
		return fmt.Errorf("tree: %w", err)
	}
	if err := copyNames(ctx, tx, h.people-there); err != nil {
		return fmt.Errorf("names: %w", err)
	}
	for _, statement := range growth {
		if _, err := tx.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%.60s: %w", strings.Join(strings.Fields(statement), " "), err)
		}
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `vacuum (analyze)`)
	return err
}

// plantTree adds committees, grassroots committees and cells below the top of the demo's tree.
func plantTree(ctx context.Context, tx pgx.Tx, n int) error {
	cells := (n + perCell - 1) / perCell
	bases := (cells + perBase - 1) / perBase
	committees := (bases + perCommittee - 1) / perCommittee
	_, err := tx.Exec(ctx, `create temp table planted (id integer, parent integer, kind text, name text) on commit drop`)
	if err != nil {
		return err
	}
	var next, top int32
	err = tx.QueryRow(ctx, `select (select max(id) from organisations) + 1, (select org_id from organisation_versions where parent_id is null)`).Scan(&next, &top)
	if err != nil {
		return err
	}
	var rows [][]any
	for c := range committees {
		rows = append(rows, []any{next + int32(c), top, "upper_committee", fmt.Sprintf("Đảng ủy cấp trên số %d", c+1)})
	}
	firstBase := next + int32(committees)
	for b := range bases {
		rows = append(rows, []any{firstBase + int32(b), next + int32(b/perCommittee), "grassroots_committee", fmt.Sprintf("Đảng bộ Trường số %d", b+1)})
	}
	firstCell := firstBase + int32(bases)
	for c := range cells {
		rows = append(rows, []any{firstCell + int32(c), firstBase + int32(c/perBase), "cell", fmt.Sprintf("Chi bộ Sinh viên số %d", c+1)})
	}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"planted"}, []string{"id", "parent", "kind", "name"}, pgx.CopyFromRows(rows)); err != nil {
		return err
	}
	for _, statement := range []string{
		`insert into organisations (id) overriding system value select id from planted`,
		`select setval(pg_get_serial_sequence('organisations', 'id'), (select max(id) from organisations))`,
		`insert into organisation_versions (org_id, name, code, kind, parent_id, valid_from)
		 select id, name, 'B' || id, kind, parent, '2010-01-01' from planted`,
		`insert into organisation_tree (ancestor_id, descendant_id, depth, valid_from)
		 with recursive up(id, above, depth) as (
			select id, id, 0 from planted
			union all select u.id, v.parent_id, u.depth + 1 from up u join organisation_versions v on v.org_id = u.above where v.parent_id is not null)
		 select above, id, depth, '2010-01-01' from up`,
		`analyze organisation_tree`, `analyze organisation_versions`,
	} {
		if _, err := tx.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// copyNames sends everybody's name with the key it is ordered by, which the program computes.
func copyNames(ctx context.Context, tx pgx.Tx, n int) error {
	if _, err := tx.Exec(ctx, `create temp table named (n integer, full_name text, sort_key bytea) on commit drop`); err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(1, uint64(n)))
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"named"}, []string{"n", "full_name", "sort_key"}, pgx.CopyFromSlice(n, func(i int) ([]any, error) {
		name := pick(families) + " " + pick(middles) + " " + pick(givens)
		if r.IntN(3) == 0 {
			name = pick(families) + " " + pick(middles) + " " + pick(middles) + " " + pick(givens)
		}
		return []any{i, name, people.SortKey(name)}, nil
	}))
	return err
}

// growth makes people, steps and what is kept about them out of the names, the tree and the demo's
// ways. The triggers that keep paths and counts row by row are put off and their work done at once.
var growth = []string{
	`create temp table cells on commit drop as
		select row_number() over (order by p.id) - 1 as n, p.id, organisation_path(p.id, current_date) as path, v.name
		  from planted p join organisation_versions v on v.org_id = p.id where p.kind = 'cell'`,
	`create temp table ways on commit drop as
		select row_number() over (order by p.id) - 1 as n, p.* from people p join organisation_versions v on v.org_id = p.org_id
		 where v.kind = 'cell' and not exists (select from steps s where s.person_id = p.id and s.voids_id is not null)`, // corrections are not copied
	`create temp table made on commit drop as
		select m.n, m.full_name, m.sort_key, (select max(id) from people) + 1 + m.n as id, w.id as way, c.id as org_id, c.path, c.name as org_name
		  from named m
		  join cells c on c.n = m.n / ` + fmt.Sprint(perCell) + `
		  join ways w on w.n = m.n % (select count(*) from ways)`,
	`create index on made (way)`, `analyze made`,
	`alter table people disable trigger people_placed`,
	`insert into people (id, org_id, path, category, full_name, sort_key, search_text, sex, birth_date, origin, ethnicity, religion, education,
		student_no, class_name, union_joined_on, recorded_by, changed_by)
	 overriding system value
	 select m.id, m.org_id, m.path, w.category, m.full_name, m.sort_key,
	        ' ' || fold(concat_ws(' ', m.full_name, '', w.class_name, '', 'B' || m.id, '', '', m.org_name)),
	        w.sex, w.birth_date, w.origin, w.ethnicity, w.religion, w.education, 'B' || m.id, w.class_name, w.union_joined_on, 1, 1
	   from made m join people w on w.id = m.way`,
	`alter table people enable trigger people_placed`,
	`select setval(pg_get_serial_sequence('people', 'id'), (select max(id) from people))`,
	`insert into steps (person_id, kind, happened_on, org_id, facts, papers, class_id, recorded_by)
	 select m.id, s.kind, s.happened_on, m.org_id, s.facts, s.papers, s.class_id, 1 from made m join steps s on s.person_id = m.way order by m.id, s.id`,
	`alter table person_states disable trigger person_states_counted`,
	`insert into person_states (person_id, org_id, path, sort_key, stage, stage_since, next_kind, due_on, due_rule, joined_on, official_on, party_age_from, probation_ends_on)
	 select m.id, m.org_id, m.path, m.sort_key, s.stage, s.stage_since, s.next_kind, s.due_on, s.due_rule, s.joined_on, s.official_on, s.party_age_from, s.probation_ends_on
	   from made m join person_states s on s.person_id = m.way`,
	`alter table person_states enable trigger person_states_counted`,
	`alter table milestones disable trigger milestones_counted`,
	`insert into milestones (person_id, figure, happened_on, step_id, org_id, path)
	 select m.id, x.figure, x.happened_on, t.id, m.org_id, m.path
	   from made m join milestones x on x.person_id = m.way join steps s on s.id = x.step_id
	   join steps t on t.person_id = m.id and t.kind = s.kind and t.happened_on = s.happened_on`,
	`alter table milestones enable trigger milestones_counted`,
	`insert into person_mentors (person_id, step_id, mentor_id, name, since, remark_due_on, org_id, path)
	 select m.id, t.id, x.mentor_id, x.name, x.since, x.remark_due_on, m.org_id, m.path
	   from made m join person_mentors x on x.person_id = m.way join steps s on s.id = x.step_id
	   join steps t on t.person_id = m.id and t.kind = s.kind and t.happened_on = s.happened_on and t.facts = s.facts`,
	`delete from stage_counts`, `delete from figure_counts`,
	`insert into stage_counts (org_id, stage, n, path)
	 select s.path[i], s.stage, count(*), s.path[1:i] from person_states s, generate_subscripts(s.path, 1) i group by 1, 2, 4`,
	`insert into figure_counts (org_id, figure, month, n, path)
	 select m.path[i], m.figure, date_trunc('month', m.happened_on)::date, count(*), m.path[1:i]
	   from milestones m, generate_subscripts(m.path, 1) i
	  where exists (select from organisation_versions v where v.org_id = m.path[i] and v.kind in ('upper_committee', 'grassroots_committee', 'grassroots_cell'))
	  group by 1, 2, 3, 5`,
}
