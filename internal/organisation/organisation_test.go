package organisation

import (
	"context"
	"slices"
	"sync"
	"testing"

	"ketnap/internal/access"
	"ketnap/internal/account"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

var today = party.MustDate("2026-11-23")

type fixture struct {
	*Service
	t     *testing.T
	top   int32
	admin access.Viewer
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	db := postgres.NewTestDB(t)
	f := &fixture{Service: New(db, func() party.Date { return today }), t: t}
	err := db.Write(t.Context(), access.System, func(ctx context.Context, tx *postgres.Tx) (err error) {
		f.top, err = f.FoundOrganisation(ctx, tx, account.FirstOrganisation{
			Name: "Đảng ủy Khối", Code: "K", Kind: string(party.UpperCommittee), From: party.MustDate("2010-01-01")})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	f.admin = access.Viewer{AccountID: 7, Grants: []access.Grant{{Role: access.Administrator, OrgID: f.top}}}
	return f
}

func (f *fixture) create(parent int32, code string, kind party.OrgKind, from string) int32 {
	f.t.Helper()
	id, err := f.enter(f.t.Context(), f.admin, Details{Name: "Tổ chức " + code, Code: code, Kind: kind, ParentID: parent, From: party.MustDate(from)})
	if err != nil {
		f.t.Fatalf("create %s: %v", code, err)
	}
	return id
}

// enter enters an organisation as a foundation does.
func (f *fixture) enter(ctx context.Context, v access.Viewer, d Details) (id int32, err error) {
	err = f.Reorganise(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		id, err = f.Create(ctx, tx, v, d)
		return err
	})
	return id, err
}

func (f *fixture) refused(err error, field, key string) {
	f.t.Helper()
	e := fault.As(err)
	if e == nil || e.Kind != fault.Invalid || !slices.ContainsFunc(e.Fields, func(x fault.Field) bool { return x.Name == field && x.Key == key }) {
		f.t.Errorf("want %s refused with %s, got %v", field, key, err)
	}
}

func (f *fixture) place(id int32, day string) (place party.Place, path []int32, err error) {
	err = f.db.Read(f.t.Context(), f.admin, func(ctx context.Context, tx *postgres.Tx) error {
		place, path, err = f.Place(ctx, tx, id, party.MustDate(day))
		return err
	})
	return place, path, err
}

func (f *fixture) checkClean() {
	f.t.Helper()
	if differ, err := f.CheckProjection(f.t.Context()); err != nil || len(differ) > 0 {
		f.t.Errorf("stored tree differs for %v, %v", differ, err)
	}
}

func TestAPlaceIsTheWayFromTheTopOnItsDay(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	base := f.create(f.top, "CS", party.GrassrootsCommittee, "2015-01-01")
	cell := f.create(base, "CB", party.Cell, "2020-09-01")
	own := f.create(f.top, "CBCS", party.GrassrootsCell, "2015-01-01")

	place, path, err := f.place(cell, "2020-09-01")
	if err != nil || place != (party.Place{OrgID: cell, Kind: party.Cell, HasGrassroots: true}) || !slices.Equal(path, []int32{f.top, base, cell}) {
		t.Errorf("got %v %v %v", place, path, err)
	}
	section := f.create(base, "BP", party.SectionalCommittee, "2020-09-01")
	below := f.create(section, "CBBP", party.Cell, "2020-09-01")
	if place, _, err := f.place(below, "2020-09-01"); err != nil || !place.HasGrassroots || !place.HasSectional {
		t.Errorf("below a sectional committee: %+v, %v", place, err)
	}
	if place, _, _ := f.place(own, "2020-09-01"); place.HasGrassroots {
		t.Error("a grassroots cell has no committee of its own above it")
	}
	if _, _, err := f.place(cell, "2020-08-31"); fault.KindOf(err) != fault.NotFound || err == nil {
		t.Errorf("the day before it was founded: got %v", err)
	}
	f.checkClean()
}

func TestAnOrganisationIsRefusedWhereItCannotStand(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	base := f.create(f.top, "CS", party.GrassrootsCommittee, "2015-01-01")
	try := func(d Details) error {
		_, err := f.enter(t.Context(), f.admin, d)
		return err
	}
	good := Details{Name: "Chi bộ 1", Code: "C1", Kind: party.Cell, ParentID: base, From: party.MustDate("2020-01-01")}
	change := func(fn func(*Details)) Details { d := good; fn(&d); return d }
	for _, c := range []struct {
		name       string
		d          Details
		field, key string
	}{
		{"cell right below an upper committee", change(func(d *Details) { d.ParentID = f.top }), "kind", "organisations.error.kind_below"},
		{"before its parent", change(func(d *Details) { d.From = party.MustDate("2014-12-31") }), "from", "organisations.error.before_parent"},
		{"code of another one", change(func(d *Details) { d.Code = "CS" }), "code", "organisations.error.code_taken"},
		{"no parent", change(func(d *Details) { d.ParentID = 0 }), "parent", "organisations.error.parent"},
		{"unknown parent", change(func(d *Details) { d.ParentID = 999 }), "parent", "organisations.error.parent"},
		{"no name", change(func(d *Details) { d.Name = " " }), "name", "organisations.error.name"},
		{"unknown kind", change(func(d *Details) { d.Kind = "club" }), "kind", "organisations.error.kind"},
		{"far in the future", change(func(d *Details) { d.From = party.MustDate("2028-01-01") }), "from", "organisations.error.from_range"},
	} {
		t.Run(c.name, func(t *testing.T) { f.t = t; f.refused(try(c.d), c.field, c.key) })
	}
	if err := try(good); err != nil {
		t.Errorf("the good one: %v", err)
	}
}

func TestACorrectionReplacesTheEntry(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	old, _ := f.Get(t.Context(), f.admin, f.top)
	edit := Edit{OrgID: f.top, Version: old.Version(), OrgAttributes: old.OrgAttributes}
	edit.Name = "Đảng ủy Khối Trường học"
	if err := f.Edit(t.Context(), f.admin, edit); err != nil {
		t.Fatal(err)
	}
	now, _ := f.Get(t.Context(), f.admin, f.top)
	if now.Name != edit.Name || len(now.Versions) != 1 {
		t.Errorf("got %q with %d versions", now.Name, len(now.Versions))
	}
	if err := f.Edit(t.Context(), f.admin, edit); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a stale form: got %v", err)
	}
	f.checkClean()
}

func TestAKindDoesNotChangeAgainstWhatStandsBelow(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	base := f.create(f.top, "CS", party.GrassrootsCommittee, "2015-01-01")
	f.create(base, "CB", party.Cell, "2015-01-01")
	old, _ := f.Get(t.Context(), f.admin, base)
	edit := Edit{OrgID: base, Version: old.Version(), OrgAttributes: old.OrgAttributes}
	edit.Kind = party.GrassrootsCell
	f.refused(f.Edit(t.Context(), f.admin, edit), "kind", "organisations.error.kind_above")
}

func TestOnlyWhoHoldsTheSubtreeChangesIt(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	a := f.create(f.top, "A", party.GrassrootsCommittee, "2015-01-01")
	b := f.create(f.top, "B", party.GrassrootsCommittee, "2015-01-01")
	inA := access.Viewer{AccountID: 8, Grants: []access.Grant{{Role: access.Administrator, OrgID: a}}}
	secretary := access.Viewer{AccountID: 9, Grants: []access.Grant{{Role: access.Secretary, OrgID: a}}}

	below := func(v access.Viewer, parent int32) error {
		_, err := f.enter(t.Context(), v, Details{Name: "Chi bộ X", Code: "X", Kind: party.Cell, ParentID: parent, From: party.MustDate("2020-01-01")})
		return err
	}
	f.refused(below(inA, b), "parent", "organisations.error.parent")
	if err := below(secretary, a); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a secretary: %v", err)
	}
	if err := below(inA, a); err != nil {
		t.Errorf("within one's subtree: %v", err)
	}
	if _, err := f.Get(t.Context(), inA, b); err == nil || fault.KindOf(err) != fault.NotFound {
		t.Errorf("reading another subtree: %v", err)
	}
	list, cut, err := f.Tree(t.Context(), inA, today)
	if err != nil || cut || len(list) != 2 || list[0].OrgID != a {
		t.Errorf("tree: %v %v %v", list, cut, err)
	}
}

// Two copies of the program write at once; one of two equal codes is refused by name, and the tree
// stays what the versions say.
func TestConcurrentWritersOfTheTree(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	other := New(f.db, f.Today)
	var wg sync.WaitGroup
	made := make([]error, 16)
	for i := range made {
		wg.Go(func() {
			g := *f
			if i%2 == 1 {
				g.Service = other
			}
			_, made[i] = g.enter(t.Context(), f.admin, Details{Name: "Chi bộ", Code: string(rune('A' + i/2)), Kind: party.GrassrootsCell, ParentID: f.top, From: party.MustDate("2020-01-01")})
		})
	}
	wg.Wait()
	good := 0
	for _, err := range made {
		if err == nil {
			good++
		} else {
			f.refused(err, "code", "organisations.error.code_taken")
		}
	}
	if good != len(made)/2 {
		t.Errorf("%d were entered, want %d", good, len(made)/2)
	}
	f.checkClean()
}

func TestTermsDoNotOverlapAndKeepTheirCode(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	term := func(code, from, to string) TermEntry {
		return TermEntry{Term: party.Term{Code: code, Name: "Nhiệm kỳ " + code, Starts: party.MustDate(from), Ends: party.MustDate(to)}}
	}
	id, err := f.NewTerm(t.Context(), f.admin, term("2020-2025", "2020-07-01", "2025-06-30"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.NewTerm(t.Context(), f.admin, term("2025-2030", "2025-06-30", "2030-06-30"))
	f.refused(err, "starts", "terms.error.overlaps")
	_, err = f.NewTerm(t.Context(), f.admin, term("2020-2025", "2025-07-01", "2030-06-30"))
	f.refused(err, "code", "terms.error.code_taken")
	_, err = f.NewTerm(t.Context(), f.admin, term("2025-2030", "2030-06-30", "2025-07-01"))
	f.refused(err, "ends", "terms.error.ends_before")

	edit := term("2020-2025", "2020-08-01", "2025-06-30")
	edit.Term.ID, edit.Version = id, 1
	if err := f.EditTerm(t.Context(), f.admin, edit); err != nil {
		t.Fatal(err)
	}
	if err := f.EditTerm(t.Context(), f.admin, edit); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a stale form: %v", err)
	}
}
