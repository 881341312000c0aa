package people_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/achievement"
	"ketnap/internal/apptest"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// list gives the names of a page, and the page.
func list(t *testing.T, h *apptest.House, username string, q people.Query) ([]string, people.List) {
	t.Helper()
	page, err := h.People.List(t.Context(), h.Viewer(username), q)
	if err != nil {
		t.Fatalf("list as %s: %v", username, err)
	}
	var names []string
	for _, r := range page.Rows {
		names = append(names, r.FullName)
	}
	return names, page
}

// Given name first, then family name, then middle names; letters and tone marks in the order of the
// Vietnamese alphabet, Đ behind D.
func TestEverybodyIsSeenOncePageByPageInVietnameseOrder(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	want := []string{"Lê Thị An", "Nguyễn Văn An", "Trần Ăn", "Phạm Thị Ân", "Đỗ Văn Bình", "Lê Duy", "Dương Thị Đào", "Đặng Thị Đào",
		"Nguyễn Hoa", "Nguyễn Thị Hoa", "Nguyễn Thị Hoa", "Nguyễn Hòa", "Trần Thị Hòa", "Lê Văn Uy", "Lê Văn Ưng"}
	for i := range want {
		f := h.Fields([]string{"LTT", "SVKT"}[i%2], want[len(want)-1-i])
		f.BirthDate = f.BirthDate.AddDays(i)
		h.Enter(f, "")
	}
	for _, size := range []int{1, 2, 4, 50} {
		var seen []string
		ids := map[int64]bool{}
		q := people.Query{Limit: size}
		for pages := 0; ; pages++ {
			names, page := list(t, h, "vanphong", q)
			seen = append(seen, names...)
			for _, r := range page.Rows {
				ids[r.ID] = true
			}
			if page.Count != len(want) || page.More {
				t.Errorf("by %d: counts %d, more %v", size, page.Count, page.More)
			}
			next, err := people.ParseCursor(page.Next.String())
			if err != nil {
				t.Fatal(err)
			}
			if q.After = next; page.Next.String() == "" || pages > len(want) {
				break
			}
		}
		if !slices.Equal(seen, want) || len(ids) != len(want) {
			t.Errorf("by %d: %d people\n%q, not\n%q", size, len(ids), seen, want)
		}
	}
}

func TestASearchIsPagedLikeTheList(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	for i := range 7 {
		h.Enter(h.Fields("LTT", fmt.Sprintf("Nguyễn Văn %c", 'A'+i)), "")
	}
	var seen []string
	q := people.Query{Search: "nguyen", Limit: 3}
	for range 4 {
		names, page := list(t, h, "bithu.ltt", q)
		seen = append(seen, names...)
		if q.After = page.Next; page.Next.String() == "" {
			break
		}
	}
	if len(seen) != 7 || !slices.IsSorted(seen) {
		t.Errorf("seen %q", seen)
	}
}

func TestASearchFoldsAccentsAndLooksAtNameClassSchoolAndNumbers(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	f := h.Fields("LTT", "Đặng Thị Ánh Nguyệt")
	f.ClassName, f.StudentNo, f.OtherName, f.CardNo, f.Faculty = "12A1", "SV-0042", "Đặng Thị Tư", "61.123456", "Cơ khí"
	h.Enter(f, "")
	h.Enter(h.Fields("SVKT", "Đặng Văn Bình"), "")
	for search, finds := range map[string]bool{
		"Ánh": true, "anh": true, "ANH NGUYET": true, "nguyệt đặng": true, "dang": true, "đặng thị": true, "  anh   nguyet ": true,
		"a\u0301nh": true, "A\u0301nh Nguye\u0323\u0302t": true, // letters and marks apart, as some keyboards send them
		"12a1": true, "12A": true, "sv-0042": true, "ltt": true, "chi bo ltt": true, "tu": true, "61.123": true, "co khi": true,
		"nguyet xuan": false, "guyet": false, "12a2": false, "%": false, "_nh": false, `\`: false, "'": false, "anh%nguyet": false,
	} {
		names, page := list(t, h, "vanphong", people.Query{Search: search})
		if found := slices.Contains(names, f.FullName); found != finds {
			t.Errorf("%q finds %q", search, names)
		}
		if page.Count != len(names) {
			t.Errorf("%q: %d counted, %d shown", search, page.Count, len(names))
		}
	}
}

func TestAFoundNameFollowsTheEdit(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	f := h.Fields("LTT", "Nguyễn Thị Ánh")
	id := h.Enter(f, "")
	f.FullName, f.ClassName = "Nguyễn Thị Hồng", "12A9"
	if err := h.People.Edit(t.Context(), h.Viewer("bithu.ltt"), people.Change{PersonID: id, Version: 1, Fields: f}); err != nil {
		t.Fatal(err)
	}
	for search, want := range map[string]int{"anh": 0, "hong": 1, "12a9": 1, "k12": 0} {
		if names, _ := list(t, h, "bithu.ltt", people.Query{Search: search}); len(names) != want {
			t.Errorf("%q finds %q", search, names)
		}
	}
}

// Nothing that a list answers tells a secretary of somebody in another cell.
func TestASecretaryFindsNobodyOfAnotherCell(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	f := h.Fields("LTT", "Nguyễn Thị Ánh")
	f.PersonalNo, f.StudentNo = "038306001234", "HS77"
	h.Enter(f, party.Planned)
	h.Enter(h.Fields("NTH", "Trần Văn Bình"), "")
	for _, q := range []people.Query{{}, {Search: "anh"}, {Search: "hs77"}, {Search: "ltt"}, {Search: f.PersonalNo}, {Stages: party.Stages},
		{Categories: party.Categories}, {Before: h.Now()}, {Search: "nguyen", Stages: []party.Stage{party.StagePlanned}}} {
		names, page := list(t, h, "bithu.nth", q)
		if slices.Contains(names, f.FullName) || page.Count != len(names) || page.Count > 1 {
			t.Errorf("%+v: %q, %d counted", q, names, page.Count)
		}
	}
	own, _ := list(t, h, "bithu.ltt", people.Query{Search: f.PersonalNo})
	if !slices.Equal(own, []string{f.FullName}) {
		t.Errorf("her own secretary finds by number %q", own)
	}
	counts, err := h.People.StageCounts(t.Context(), h.Viewer("bithu.nth"), 0)
	if err != nil || counts[party.StagePlanned] != 0 || len(counts) != 1 {
		t.Errorf("counts %v, %v", counts, err)
	}
	for _, org := range []int32{h.Org("LTT"), h.Org("GD"), h.Org("K"), 1 << 30, -1} {
		_, err := h.People.List(t.Context(), h.Viewer("bithu.nth"), people.Query{OrgID: org})
		_, countErr := h.People.StageCounts(t.Context(), h.Viewer("bithu.nth"), org)
		for _, err := range []error{err, countErr} {
			if e := fault.As(err); e == nil || e.Kind != fault.NotFound || e.Key != "people.error.org_unknown" {
				t.Errorf("organisation %d: %v", org, err)
			}
		}
	}
}

// Whoever may not see personal numbers cannot ask for them either.
func TestOnlyWhoSeesPersonalNumbersFindsByThem(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	f := h.Fields("LTT", "Nguyễn Thị Ánh")
	f.PersonalNo = "038306001234"
	h.Enter(f, "")
	for username, want := range map[string]int{"vanphong": 1, "coso.gd": 1, "bithu.ltt": 1, "lanhdao": 0, "kiemtra": 0, "tuyengiao": 0, "bithu.svkt": 0, "doan.ltt": 0} {
		if names, _ := list(t, h, username, people.Query{Search: f.PersonalNo}); len(names) != want {
			t.Errorf("%s finds %q", username, names)
		}
	}
}

func TestTheIntroducerSeesOnlyWhomHeEntered(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), "")
	register(t, h, "doan.ltt", h.Fields("LTT", "Trần Văn Bình"))
	for search, want := range map[string]int{"": 1, "binh": 1, "anh": 0, "ltt": 1} {
		names, page := list(t, h, "doan.ltt", people.Query{Search: search})
		if len(names) != want || page.Count != want {
			t.Errorf("%q: %q, %d counted", search, names, page.Count)
		}
	}
	counts, err := h.People.StageCounts(t.Context(), h.Viewer("doan.ltt"), 0)
	total := 0
	for _, n := range counts {
		total += n
	}
	if err != nil || total != 1 {
		t.Errorf("counts %v, %v", counts, err)
	}
}

func TestFiltersAndTheCountsOfStages(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Planned)
	h.Enter(h.Fields("NTH", "Trần Văn Bình"), party.Planned)
	h.Enter(h.Fields("SVKT", "Lê Thị Cúc"), party.Ceremony)
	teacher := h.Fields("LTT", "Phạm Văn Dũng")
	teacher.Category = party.Worker
	h.Enter(teacher, party.Introduced)
	for name, tt := range map[string]struct {
		q    people.Query
		want []string
	}{
		"a committee and all below":  {people.Query{OrgID: h.Org("GD")}, []string{"Nguyễn Thị Ánh", "Trần Văn Bình", "Phạm Văn Dũng"}},
		"a cell":                     {people.Query{OrgID: h.Org("LTT")}, []string{"Nguyễn Thị Ánh", "Phạm Văn Dũng"}},
		"a stage":                    {people.Query{Stages: []party.Stage{party.StagePlanned}}, []string{"Nguyễn Thị Ánh", "Trần Văn Bình"}},
		"a category":                 {people.Query{Categories: []party.Category{party.Worker}}, []string{"Phạm Văn Dũng"}},
		"since before, day excluded": {people.Query{Before: party.MustDate("2025-09-10")}, nil},
		"since before":               {people.Query{Before: party.MustDate("2025-09-11")}, []string{"Phạm Văn Dũng"}},
		"all at once": {people.Query{OrgID: h.Org("GD"), Search: "ltt", Stages: []party.Stage{party.StagePlanned},
			Categories: []party.Category{party.Student}, Before: h.Now()}, []string{"Nguyễn Thị Ánh"}},
	} {
		names, page := list(t, h, "vanphong", tt.q)
		if !slices.Equal(names, tt.want) || page.Count != len(tt.want) {
			t.Errorf("%s: %q, %d counted", name, names, page.Count)
		}
	}
	for org, want := range map[string]int{"K": 2, "GD": 2, "LTT": 1, "DH": 0} {
		counts, err := h.People.StageCounts(t.Context(), h.Viewer("vanphong"), h.Org(org))
		if err != nil || counts[party.StagePlanned] != want {
			t.Errorf("%s: %v, %v", org, counts, err)
		}
	}
}

func TestAListMakesNoQueryPerRow(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	statements := func(search string) int {
		ctx, sent := postgres.CountQueries(t.Context())
		_, err := h.People.List(ctx, h.Viewer("vanphong"), people.Query{Search: search})
		_, countErr := h.People.StageCounts(ctx, h.Viewer("vanphong"), 0)
		if err := errors.Join(err, countErr); err != nil {
			t.Fatal(err)
		}
		return sent()
	}
	h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Planned)
	one, found := statements(""), statements("nguyen")
	for i := range 30 {
		h.Enter(h.Fields([]string{"LTT", "SVKT", "CHUYEN"}[i%3], fmt.Sprintf("Nguyễn Văn %d", i)), party.Planned)
	}
	if all, foundAll := statements(""), statements("nguyen"); all != one || foundAll != found || one == 0 {
		t.Errorf("statements for one person: %d and %d, for many: %d and %d", one, found, all, foundAll)
	}
}

func TestAPageOfForeignMakingIsRefused(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"!!!", "AA", "a b", "=", "ÿ"} {
		if _, err := people.ParseCursor(s); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// Who was honoured in a way, together with the other filters.
func TestAListIsNarrowedToATitle(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	honoured := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Planned)
	other := h.Enter(h.Fields("LTT", "Trần Thị Bình"), party.Introduced)
	h.Enter(h.Fields("LTT", "Lê Thị Chi"), party.Introduced)
	for id, kind := range map[int64]party.TitleKind{honoured: party.ThreeGood, other: party.StudentGood} {
		_, err := h.Achievements.SaveTitle(t.Context(), h.Viewer("bithu.ltt"), achievement.TitleChange{Key: uuid.NewString(), PersonID: id,
			Title: party.Title{Kind: kind, Year: 2025, Level: party.LevelSchool, AwardedOn: party.MustDate("2026-05-01")}})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		user string
		q    people.Query
		want int
	}{
		{"vanphong", people.Query{Title: party.ThreeGood}, 1},
		{"vanphong", people.Query{Title: party.FiveGood}, 0},
		{"vanphong", people.Query{Title: party.ThreeGood, Search: "ánh"}, 1},
		{"vanphong", people.Query{Title: party.ThreeGood, Search: "bình"}, 0},
		{"vanphong", people.Query{Title: party.ThreeGood, Stages: []party.Stage{party.StageIntroduced}}, 0},
		{"bithu.nth", people.Query{Title: party.ThreeGood}, 0},
	} {
		if names, page := list(t, h, c.user, c.q); len(names) != c.want || page.Count != c.want {
			t.Errorf("%s, %+v: %q, count %d", c.user, c.q, names, page.Count)
		}
	}
}
