package worklist_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"ketnap/internal/access"
	"ketnap/internal/apptest"
	"ketnap/internal/fault"
	"ketnap/internal/keyset"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
	"ketnap/internal/worklist"
)

func list(t *testing.T, h *apptest.House, username string, q worklist.Query) worklist.List {
	t.Helper()
	l, err := h.Worklist.List(t.Context(), h.Viewer(username), q)
	if err != nil {
		t.Fatalf("work list %+v as %s: %v", q, username, err)
	}
	return l
}

// all reads every page.
func all(t *testing.T, h *apptest.House, username string, q worklist.Query) (items []worklist.Item) {
	t.Helper()
	for {
		l := list(t, h, username, q)
		items = append(items, l.Items...)
		if l.Next == (worklist.Cursor{}) {
			return items
		}
		q.After = l.Next
	}
}

// waiting enters one person of a cell at each point of the way from which a deadline runs, and one
// at each from which none does. It gives those with a deadline.
func waiting(h *apptest.House, code string) (due []int64) {
	for _, upTo := range []party.StepKind{"", party.Introduced, party.Planned, party.ClassResult, party.CellResolution, party.Decided, party.Ceremony} {
		id := h.Enter(h.Fields(code, fmt.Sprintf("Nguyễn Thị %s %s", code, upTo)), upTo)
		if !slices.Contains([]party.StepKind{"", party.Introduced, party.Planned}, upTo) {
			due = append(due, id)
		}
	}
	return due
}

func ids(items []worklist.Item) (out []int64) {
	for _, it := range items {
		out = append(out, it.PersonID)
	}
	slices.Sort(out)
	return out
}

func TestTheWorkListHasEverybodyWithADeadlineTheOldestFirst(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	want := append(waiting(h, "LTT"), waiting(h, "SVKT")...)
	items := all(t, h, "vanphong", worklist.Query{})
	slices.Sort(want)
	if !slices.Equal(ids(items), want) {
		t.Errorf("listed are %v, want %v", ids(items), want)
	}
	for i, it := range items {
		if it.Due.IsZero() || it.Rule == "" || it.Kind == "" {
			t.Errorf("%s has no day, rule or step: %+v", it.FullName, it)
		}
		if i > 0 && it.Due.Before(items[i-1].Due) {
			t.Errorf("%s comes after %s", it.Due, items[i-1].Due)
		}
	}
}

// The day and its rule are those that the person's own page shows.
func TestADeadlineIsThatOfThePersonsOwnSteps(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	waiting(h, "LTT")
	waiting(h, "CHUYEN")
	for _, it := range all(t, h, "vanphong", worklist.Query{}) {
		rec, err := h.People.Open(t.Context(), h.Viewer("vanphong"), it.PersonID)
		if err != nil {
			t.Fatal(err)
		}
		d := rec.Deadline
		if d.Due != it.Due || d.Kind != it.Kind || d.Rule.ID != it.Rule {
			t.Errorf("%s: the list says %s by %s of %s, the steps %s by %s of %s", it.FullName, it.Kind, it.Due, it.Rule, d.Kind, d.Due, d.Rule.ID)
		}
	}
}

func TestWhatIsLateTodayIsCountedAndADeadlinesOwnDayIsNotLate(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Decided)
	due := list(t, h, "vanphong", worklist.Query{}).Items[0].Due
	for days, want := range map[int][2]int{-31: {0, 0}, -30: {0, 1}, -1: {0, 1}, 0: {0, 1}, 1: {1, 0}} {
		h.SetToday(due.AddDays(days))
		if l := list(t, h, "vanphong", worklist.Query{}); [2]int{l.Late, l.Soon} != want {
			t.Errorf("%d days after the deadline: %d late and %d soon, want %v", days, l.Late, l.Soon, want)
		}
	}
}

func TestEachRoleFindsTheWorkOfItsOwnOrganisations(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	byCell := map[string][]int64{"LTT": waiting(h, "LTT"), "NTH": waiting(h, "NTH"), "SVKT": waiting(h, "SVKT"), "CHUYEN": waiting(h, "CHUYEN")}
	for username, cells := range map[string][]string{"vanphong": {"LTT", "NTH", "SVKT", "CHUYEN"}, "kiemtra": {"LTT", "NTH", "SVKT", "CHUYEN"},
		"coso.gd": {"LTT", "NTH"}, "coso.chuyen": {"CHUYEN"}, "bithu.ltt": {"LTT"}, "bithu.svcn": nil, "doan.ltt": nil} {
		var want []int64
		for _, c := range cells {
			want = append(want, byCell[c]...)
		}
		slices.Sort(want)
		if got := ids(all(t, h, username, worklist.Query{})); !slices.Equal(got, want) {
			t.Errorf("%s finds %v, want %v", username, got, want)
		}
		for code, people := range byCell {
			_, err := h.Worklist.List(t.Context(), h.Viewer(username), worklist.Query{OrgID: h.Org(code)})
			if username == "doan.ltt" {
				continue // has the cell in its scope, but only those whom it introduced
			}
			if slices.Contains(cells, code) {
				if got := ids(all(t, h, username, worklist.Query{OrgID: h.Org(code)})); err != nil || !slices.Equal(got, people) {
					t.Errorf("%s at %s finds %v %v, want %v", username, code, got, err, people)
				}
			} else if fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s at %s: %v, want not found", username, code, err)
			}
		}
	}
	if _, err := h.Worklist.List(t.Context(), h.Viewer("quantri"), worklist.Query{}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("an administrator: %v, want forbidden", err)
	}
}

func TestAStepIsOfferedToWhoMayRecordIt(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	waiting(h, "LTT")
	for _, username := range []string{"vanphong", "lanhdao", "tuyengiao", "coso.gd", "bithu.ltt", "kiemtra"} {
		v := h.Viewer(username)
		for _, it := range all(t, h, username, worklist.Query{}) {
			if may := v.May(access.Record(it.Kind)); it.Mine != may {
				t.Errorf("%s, %s: offered %t, may %t", username, it.Kind, it.Mine, may)
			}
		}
	}
}

// Whose certificate runs out is told six months before, and on, until he is admitted or attends again; the
// count says how many the list names.
func TestCertificatesThatRunOutAreToldInTime(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	trained, ready := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.ClassResult), h.Enter(h.Fields("NTH", "Trần Thị Bình"), party.DossierComplete)
	for _, upTo := range []party.StepKind{party.Planned, party.CellResolution, party.Ceremony} {
		h.Enter(h.Fields("LTT", "Lê Thị "+string(upTo)), upTo)
	}
	end := party.MustDate("2031-03-20") // sixty months after the certificate's own day
	q := worklist.Query{Certificates: true}
	for day, want := range map[party.Date][]int64{end.AddMonths(-6).AddDays(-1): nil, end.AddMonths(-6): {trained, ready}, end: {trained, ready}, end.AddMonths(12): {trained, ready}} {
		h.SetToday(day)
		l := list(t, h, "vanphong", q)
		if got := ids(l.Items); !slices.Equal(got, want) || l.Certificates != len(want) || l.MoreCertificates {
			t.Errorf("on %s: %v, counted %d, want %v", day, got, l.Certificates, want)
		}
		if plain := list(t, h, "vanphong", worklist.Query{Kind: party.Ceremony}); plain.Certificates != len(want) {
			t.Errorf("on %s: another list counts %d", day, plain.Certificates)
		}
		for _, it := range l.Items {
			if it.Due != end || it.Rule != party.CertValid {
				t.Errorf("%+v", it)
			}
		}
	}
	h.SetToday(end)
	for username, want := range map[string][]int64{"bithu.ltt": {trained}, "coso.gd": {trained, ready}, "bithu.nth": {ready}, "bithu.svkt": nil} {
		if l := list(t, h, username, q); !slices.Equal(ids(l.Items), want) || l.Certificates != len(want) {
			t.Errorf("%s: %v, counted %d, want %v", username, ids(l.Items), l.Certificates, want)
		}
	}
	if l := list(t, h, "vanphong", worklist.Query{Certificates: true, OrgID: h.Org("NTH")}); !slices.Equal(ids(l.Items), []int64{ready}) || l.Certificates != 1 {
		t.Errorf("of one cell: %v", ids(l.Items))
	}
}

func TestAnIntroducerFindsWhomHeIntroducedAndNarrowsThemByOrganisation(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	here, there := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.ClassResult), h.Enter(h.Fields("NTH", "Trần Thị Bình"), party.ClassResult)
	h.Enter(h.Fields("LTT", "Lê Thị Cúc"), party.ClassResult)
	owner, err := h.DB.OwnerConn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = owner.Close(context.WithoutCancel(t.Context())) }()
	v := h.Viewer("doan.ltt")
	v.Grants = append(slices.Clone(v.Grants), access.Grant{Role: access.Introducer, OrgID: h.Org("NTH"), From: v.Grants[0].From})
	if _, err := owner.Exec(t.Context(), `update people set introduced_by = $1 where id = any($2)`, v.AccountID, []int64{here, there}); err != nil {
		t.Fatal(err)
	}
	for org, want := range map[int32][]int64{0: {here, there}, h.Org("LTT"): {here}, h.Org("NTH"): {there}} {
		l, err := h.Worklist.List(t.Context(), v, worklist.Query{OrgID: org})
		if got := ids(l.Items); err != nil || !slices.Equal(got, want) {
			t.Errorf("at %d: %v %v, want %v", org, got, err, want)
		}
	}
}

func TestNarrowedByStepTheListHasThatStepOnly(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	waiting(h, "LTT")
	waiting(h, "CHUYEN")
	everything := list(t, h, "vanphong", worklist.Query{})
	counted := map[party.StepKind]int{}
	for _, it := range everything.Items {
		counted[it.Kind]++
	}
	if !maps.Equal(everything.Kinds, counted) || everything.More {
		t.Errorf("counted are %v (more: %t), listed %v", everything.Kinds, everything.More, counted)
	}
	for kind, n := range counted {
		items := all(t, h, "vanphong", worklist.Query{Kind: kind})
		if len(items) != n || slices.ContainsFunc(items, func(it worklist.Item) bool { return it.Kind != kind }) {
			t.Errorf("%s: %d items, want %d of this step only", kind, len(items), n)
		}
	}
}

func TestTheWorkListComesInPagesWithoutGapOrRepetition(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	var want []int64
	for i := range worklist.PageSize + 2 {
		want = append(want, h.Enter(h.Fields("LTT", fmt.Sprintf("Nguyễn Thị %d", i)), party.ClassResult))
	}
	ctx, asked := postgres.CountQueries(t.Context())
	first, err := h.Worklist.List(ctx, h.Viewer("vanphong"), worklist.Query{})
	if err != nil || len(first.Items) != worklist.PageSize {
		t.Fatalf("first page: %d items, %v", len(first.Items), err)
	}
	if asked() > 6 {
		t.Errorf("%d questions for a page of %d items", asked(), len(first.Items))
	}
	if got := ids(all(t, h, "vanphong", worklist.Query{})); !slices.Equal(got, want) {
		t.Errorf("%d items on all pages, want %d", len(got), len(want))
	}
}

func FuzzParseCursor(f *testing.F) {
	f.Add("")
	f.Add("2026-01-05.12")
	f.Add("x.1")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := keyset.Parse(s)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("%q: %v is not an invalid input", s, err)
			}
			return
		}
		if again, err := keyset.Parse(c.String()); err != nil || again != c {
			t.Errorf("%q: %v does not read back (%v, %v)", s, c, again, err)
		}
	})
}
