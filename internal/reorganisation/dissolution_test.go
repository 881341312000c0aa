package reorganisation_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/access"
	"ketnap/internal/apptest"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
	"ketnap/internal/report"
)

// parts are what the dissolved committee was split into: organisations and their members.
var parts = []struct {
	code          string
	orgs, members int
}{{code: "P1", orgs: 22, members: 567}, {code: "P2", orgs: 52, members: 3413}, {code: "P3", orgs: 31, members: 578}}

// dissolved is an upper committee with its organisations and members, and where each is to go.
func dissolved(t *testing.T, h *apptest.House) (committee int32, receivers []int32, goes map[int32]int32) {
	t.Helper()
	committee = foundOn(t, h, "DUK", party.UpperCommittee, h.Org("K"), party.MustDate("2020-01-01"))
	goes = map[int32]int32{}
	var rows [][]any
	for _, p := range parts {
		receiver := found(t, h, p.code, party.UpperCommittee, h.Org("K"))
		receivers = append(receivers, receiver)
		var cells []int32
		err := h.DB.WriteSystem(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
			for n := range p.orgs {
				org, kind := party.GrassrootsCell, 1
				if n%5 == 0 {
					org, kind = party.GrassrootsCommittee, 2
				}
				add := func(code string, kind party.OrgKind, parent int32) (int32, error) {
					return h.Organisations.Add(ctx, tx, access.System, organisation.Details{Name: "Tổ chức " + code, Code: code, Kind: kind, ParentID: parent,
						From: party.MustDate("2020-01-01")})
				}
				code := fmt.Sprintf("%s-%d", p.code, n)
				id, err := add(code, org, committee)
				if err != nil {
					return err
				}
				goes[id] = receiver
				if kind == 1 {
					cells = append(cells, id)
					continue
				}
				for m := range 2 {
					cell, err := add(fmt.Sprintf("%s-%d", code, m), party.Cell, id)
					if err != nil {
						return err
					}
					cells = append(cells, cell)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for n := range p.members {
			name := fmt.Sprintf("Nguyễn Văn %c%c", 'A'+n%26, 'a'+n/26%26)
			rows = append(rows, []any{cells[n%len(cells)], name, people.SortKey(name), party.MustDate("2024-03-01").AddDays(n % 700).Time()})
		}
	}
	enrol(t, h, rows)
	return committee, receivers, goes
}

// enrol enters many members who were received from elsewhere, without the use cases, and projects them.
func enrol(t *testing.T, h *apptest.House, rows [][]any) {
	t.Helper()
	conn, err := h.DB.OwnerConn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	run := func(sql string) {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	run(`create temp table named (nr integer generated always as identity, org_id integer, full_name text, sort_key bytea, came date)`)
	if _, err := conn.CopyFrom(t.Context(), pgx.Identifier{"named"}, []string{"org_id", "full_name", "sort_key", "came"}, pgx.CopyFromRows(rows)); err != nil {
		t.Fatal(err)
	}
	run(`with made as (
		insert into people (org_id, path, category, full_name, sort_key, search_text, birth_date, recorded_by, changed_by)
		select org_id, '{}', 'student', full_name, sort_key, ' ' || fold(full_name), '2002-01-01', 1, 1 from named order by nr
		returning id, org_id)
		insert into steps (person_id, kind, happened_on, org_id, facts, papers, recorded_by)
		select m.id, 'received', n.came, m.org_id, '{"joined_on": "2023-05-19", "from": "Đảng bộ khác"}', '[{"number": "9-GT"}]', 1
		  from (select id, org_id, row_number() over (order by id) nr from made) m join named n on n.nr = m.nr`)
	if err := h.People.Reproject(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// digits is everything that a report shows: its figures, by month and by the organisations below.
func digits(r report.Term) []string {
	out := []string{r.Org.Name, fmt.Sprint(r.AsOf, r.Counts, r.Classes, r.WithAny)}
	for _, m := range r.Months {
		out = append(out, fmt.Sprint(m.First, m.Last, m.Counts))
	}
	for _, c := range r.Children {
		out = append(out, fmt.Sprint(c.Org.Name, c.Org.Code, c.Counts))
	}
	return out
}

// A committee of 105 organisations and 4,558 members is dissolved by one decision and goes on in three
// parts, in one act: nobody is lost or counted twice, what was reported before stays to the digit, and
// the undo restores everything.
func TestADissolvedCommitteeIsSplitThreeWays(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	committee, receivers, goes := dissolved(t, h)
	if len(goes) != 105 {
		t.Fatalf("%d organisations", len(goes))
	}
	vp := h.Viewer("vanphong")
	reported := func(org int32, asOf party.Date) report.Term {
		t.Helper()
		r, err := h.Reports.Term(t.Context(), vp, report.TermQuery{Term: "2025-2030", OrgID: org, AsOf: asOf})
		if err != nil {
			t.Fatalf("report of %d on %s: %v", org, asOf, err)
		}
		return r
	}
	eve := actDay.AddDays(-1)
	before, all := reported(committee, eve), reported(h.Org("K"), apptest.Today)
	if before.Members() != 4558 {
		t.Fatalf("%d members", before.Members())
	}
	who := members(t, h, vp)

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	began := time.Now()
	split := party.Reorganisation{Kind: party.SplitOrg, Orgs: []int32{committee}, Goes: goes}
	preview, err := h.Reorganisations.Preview(ctx, vp, act(split))
	if err != nil || preview.People != 4558 || preview.Members != 4558 {
		t.Fatalf("preview %+v, %v", preview, err)
	}
	id, err := h.Reorganisations.Carry(ctx, vp, act(split))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("carried out in %s", time.Since(began).Round(time.Millisecond))
	mustBeClean(t, h)
	for i, p := range parts {
		if n := reported(receivers[i], apptest.Today).Members(); n != p.members {
			t.Errorf("%s has %d members, not %d", p.code, n, p.members)
		}
		if n := reported(receivers[i], eve).Members(); n != 0 {
			t.Errorf("%s had %d members on the day before", p.code, n)
		}
		names, err := h.Reports.Names(t.Context(), vp, report.NamesQuery{TermQuery: report.TermQuery{Term: "2025-2030", OrgID: receivers[i]}, Figure: party.FigureJoined})
		if err != nil || names.Count != p.members {
			t.Errorf("behind the figure of %s stand %d names, %v", p.code, names.Count, err)
		}
	}
	if after := reported(committee, eve); !slices.Equal(digits(before), digits(after)) {
		t.Errorf("the report of the day before was %+v, is %+v", before.Counts, after.Counts)
	}
	if after := reported(h.Org("K"), apptest.Today); !maps.Equal(all.Counts, after.Counts) || after.WithAny != all.WithAny {
		t.Errorf("all together were %+v, are %+v", all.Counts, after.Counts)
	}
	if after := members(t, h, vp); !maps.Equal(who, after) {
		t.Error("some are in another cell")
	}

	undo(t, h, id)
	if after := reported(committee, eve); !slices.Equal(digits(before), digits(after)) {
		t.Errorf("undone, the report was %+v, is %+v", before.Counts, after.Counts)
	}
	if n := reported(committee, apptest.Today).Members(); n != 4558 {
		t.Errorf("undone, %d members", n)
	}
	for i, p := range parts {
		if n := reported(receivers[i], apptest.Today).Members(); n != 0 {
			t.Errorf("undone, %s has %d members", p.code, n)
		}
	}
	if after := members(t, h, vp); !maps.Equal(who, after) {
		t.Error("undone, some are in another cell")
	}
}
