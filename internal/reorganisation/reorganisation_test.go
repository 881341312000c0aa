package reorganisation_test

import (
	"context"
	"maps"
	"slices"
	"testing"

	"ketnap/internal/access"
	"ketnap/internal/apptest"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
	"ketnap/internal/reorganisation"
	"ketnap/internal/report"
)

var actDay = party.MustDate("2026-11-01")

func act(r party.Reorganisation) reorganisation.Act {
	return reorganisation.Act{Reorganisation: r, On: actDay,
		Decision: reorganisation.Decision{Number: "12-QĐ/TU", On: party.MustDate("2026-10-20"), Issuer: "Ban Thường vụ Tỉnh ủy"}}
}

func found(t *testing.T, h *apptest.House, code string, kind party.OrgKind, parent int32) int32 {
	t.Helper()
	return foundOn(t, h, code, kind, parent, party.MustDate("2026-01-01"))
}

func foundOn(t *testing.T, h *apptest.House, code string, kind party.OrgKind, parent int32, day party.Date) int32 {
	t.Helper()
	return h.Found(organisation.Details{Name: "Tổ chức " + code, Code: code, Kind: kind, ParentID: parent, From: day})
}

// populated is a house with people in three cells at different stages.
func populated(t *testing.T) *apptest.House {
	t.Helper()
	h := apptest.New(t)
	h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	h.Enter(h.Fields("LTT", "Trần Văn Bình"), party.Planned)
	h.Enter(h.Fields("NTH", "Lê Thị Cúc"), party.Ceremony)
	h.Enter(h.Fields("SVKT", "Phạm Văn Dũng"), party.CellResolution)
	return h
}

// members counts whom a viewer sees in the list's projection, by cell.
func members(t *testing.T, h *apptest.House, v access.Viewer) map[int32]int {
	t.Helper()
	out := map[int32]int{}
	err := h.DB.Read(t.Context(), v, func(ctx context.Context, tx *postgres.Tx) error {
		rows, err := tx.Query(ctx, `select s.org_id from person_states s join people p on p.id = s.person_id and p.org_id = s.org_id and p.path = s.path`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var org int32
			if err := rows.Scan(&org); err != nil {
				return err
			}
			out[org]++
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func mustBeClean(t *testing.T, h *apptest.House) {
	t.Helper()
	if differ, err := h.Organisations.CheckProjection(t.Context()); err != nil || len(differ) > 0 {
		t.Errorf("the stored tree differs: %v %v", differ, err)
	}
	if differ, err := h.People.Check(t.Context()); err != nil || len(differ) > 0 {
		t.Errorf("projections differ: %v %v", differ, err)
	}
	if differ, err := h.Reports.CheckCounts(t.Context()); err != nil || len(differ) > 0 {
		t.Errorf("counts differ: %v %v", differ, err)
	}
}

func carry(t *testing.T, h *apptest.House, r party.Reorganisation) int64 {
	t.Helper()
	id, err := h.Reorganisations.Carry(t.Context(), h.Viewer("vanphong"), act(r))
	if err != nil {
		t.Fatalf("%+v: %v", r, err)
	}
	mustBeClean(t, h)
	return id
}

func undo(t *testing.T, h *apptest.House, id int64) {
	t.Helper()
	if err := h.Reorganisations.Undo(t.Context(), h.Viewer("vanphong"), "", id); err != nil {
		t.Fatal(err)
	}
	mustBeClean(t, h)
}

func wantKey(t *testing.T, err error, key string) {
	t.Helper()
	e := fault.As(err)
	if e == nil || e.Key != key && !slices.ContainsFunc(e.Fields, func(f fault.Field) bool { return f.Key == key }) {
		t.Errorf("want %s, got %v", key, err)
	}
}

// A committee that moves takes everybody with it; those of the old place see them no more, and
// undone everything is as before.
func TestAMoveTakesEverybodyAlongAndBack(t *testing.T) {
	t.Parallel()
	h := populated(t)
	upper := found(t, h, "UB", party.UpperCommittee, h.Org("K"))
	watcher := h.Viewer("coso.chuyen")
	before := members(t, h, h.Viewer("vanphong"))
	move := party.Reorganisation{Kind: party.MoveOrgs, Orgs: []int32{h.Org("GD")}, Into: upper}
	preview, err := h.Reorganisations.Preview(t.Context(), h.Viewer("vanphong"), act(move))
	if err != nil || preview.People != 3 || preview.Orgs != 3 {
		t.Errorf("preview %+v, %v", preview, err)
	}
	id := carry(t, h, move)
	tree, err := h.Organisations.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if o, _ := tree.Of(h.Org("LTT")); !slices.Equal(o.Path, []int32{h.Org("K"), upper, h.Org("GD"), h.Org("LTT")}) {
		t.Errorf("the way of LTT is %v", o.Path)
	}
	old, err := h.Organisations.On(t.Context(), actDay.AddDays(-1))
	if err != nil {
		t.Fatal(err)
	}
	if o, _ := old.Of(h.Org("LTT")); o.Depth() != 2 {
		t.Errorf("the way of LTT on the day before is %v", o.Path)
	}
	if after := members(t, h, h.Viewer("vanphong")); !maps.Equal(before, after) {
		t.Errorf("people by cell were %v, are %v", before, after)
	}
	if n := members(t, h, watcher); len(n) > 0 {
		t.Errorf("another cell's account sees %v", n)
	}
	undo(t, h, id)
	if after := members(t, h, h.Viewer("vanphong")); !maps.Equal(before, after) {
		t.Errorf("undone, people by cell were %v, are %v", before, after)
	}
}

// Cells that are merged end; their people go on in one and see its secretary, the report of the day
// before stays, and undone each is back in the cell that was left.
func TestMergedCellsCarryTheirPeople(t *testing.T) {
	t.Parallel()
	h := populated(t)
	before := members(t, h, h.Viewer("vanphong"))
	past := report.TermQuery{Term: "2025-2030", OrgID: h.Org("GD"), AsOf: actDay.AddDays(-1)}
	was, err := h.Reports.Term(t.Context(), h.Viewer("vanphong"), past)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Organisations.Snapshot(t.Context()); err != nil { // remembered
		t.Fatal(err)
	}
	id := carry(t, h, party.Reorganisation{Kind: party.MergeOrgs, Orgs: []int32{h.Org("NTH"), h.Org("SVKT")}, Into: h.Org("LTT")})
	tree, err := h.Organisations.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if o, ok := tree.Of(h.Org("NTH")); ok {
		t.Errorf("a cell that was merged still stands: %+v", o)
	}
	if after := members(t, h, h.Viewer("vanphong")); after[h.Org("LTT")] != 4 || len(after) != 1 {
		t.Errorf("people by cell: %v", after)
	}
	is, err := h.Reports.Term(t.Context(), h.Viewer("vanphong"), past)
	if err != nil || !maps.Equal(was.Counts, is.Counts) {
		t.Errorf("the report of the day before was %v, is %v, %v", was.Counts, is.Counts, err)
	}
	undo(t, h, id)
	if after := members(t, h, h.Viewer("vanphong")); !maps.Equal(before, after) {
		t.Errorf("undone, people by cell were %v, are %v", before, after)
	}
	err = h.Reorganisations.Undo(t.Context(), h.Viewer("vanphong"), "", id)
	wantKey(t, err, "reorganisation.error.undone")
}

// A committee that is split ends; each of its organisations goes where it is named.
func TestASplitLeavesNobodyBehind(t *testing.T) {
	t.Parallel()
	h := populated(t)
	one, two := found(t, h, "S1", party.GrassrootsCommittee, h.Org("K")), found(t, h, "S2", party.GrassrootsCommittee, h.Org("K"))
	before := members(t, h, h.Viewer("vanphong"))
	split := party.Reorganisation{Kind: party.SplitOrg, Orgs: []int32{h.Org("GD")}, Goes: map[int32]int32{h.Org("LTT"): one}}
	_, err := h.Reorganisations.Carry(t.Context(), h.Viewer("vanphong"), act(split))
	wantKey(t, err, party.ActLeftBehind)
	split.Goes[h.Org("NTH")] = two
	id := carry(t, h, split)
	tree, err := h.Organisations.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := tree.Of(h.Org("GD")); ok || !slices.Equal(tree.Children(one), []int32{h.Org("LTT")}) || !slices.Equal(tree.Children(two), []int32{h.Org("NTH")}) {
		t.Errorf("after the split: %v, %v", tree.Children(one), tree.Children(two))
	}
	if after := members(t, h, h.Viewer("vanphong")); !maps.Equal(before, after) {
		t.Errorf("people by cell were %v, are %v", before, after)
	}
	undo(t, h, id)
}

func TestAnActIsRefusedWhole(t *testing.T) {
	t.Parallel()
	h := populated(t)
	upper := found(t, h, "UB", party.UpperCommittee, h.Org("K"))
	v := h.Viewer("vanphong")
	move := party.Reorganisation{Kind: party.MoveOrgs, Orgs: []int32{h.Org("GD")}, Into: upper}
	for key, change := range map[string]func(*reorganisation.Act){
		"reorganisation.error.number":       func(a *reorganisation.Act) { a.Number = " " },
		"reorganisation.error.issuer":       func(a *reorganisation.Act) { a.Issuer = "" },
		"reorganisation.error.day_missing":  func(a *reorganisation.Act) { a.On = party.Date{} },
		"reorganisation.error.future":       func(a *reorganisation.Act) { a.On = apptest.Today.AddDays(1) },
		"reorganisation.error.before_steps": func(a *reorganisation.Act) { a.On = party.MustDate("2026-05-01") },
		"reorganisation.error.people":       func(a *reorganisation.Act) { a.Kind, a.Orgs = party.EndOrg, []int32{h.Org("LTT")} },
	} {
		in := act(move)
		change(&in)
		_, err := h.Reorganisations.Carry(t.Context(), v, in)
		wantKey(t, err, key)
	}
	if _, err := h.Reorganisations.Carry(t.Context(), h.Viewer("bithu.chuyen"), act(move)); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a secretary reorganises: %v", err)
	}
	mustBeClean(t, h)
}

func TestAnActIsNotUndoneOnceSomethingBuildsOnIt(t *testing.T) {
	t.Parallel()
	h := populated(t)
	upper := found(t, h, "UB", party.UpperCommittee, h.Org("K"))
	first := carry(t, h, party.Reorganisation{Kind: party.MoveOrgs, Orgs: []int32{h.Org("GD")}, Into: upper})
	h.Enter(h.Fields("LTT", "Đỗ Thị Mới"), party.Introduced)
	err := h.Reorganisations.Undo(t.Context(), h.Viewer("vanphong"), "", first)
	wantKey(t, err, "reorganisation.error.later_steps")
	second := carry(t, h, party.Reorganisation{Kind: party.MoveOrgs, Orgs: []int32{h.Org("DH")}, Into: upper})
	err = h.Reorganisations.Undo(t.Context(), h.Viewer("vanphong"), "", first)
	wantKey(t, err, "reorganisation.error.later_acts")
	undo(t, h, second)
}
