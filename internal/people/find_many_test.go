package people_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/apptest"
	"ketnap/internal/people"
)

// manyPeople is more than a search reads in order, so that it has to choose how it looks.
const manyPeople = 27_000

// fillRegister enters many people at two cells without the use cases, and gives their names by cell.
func fillRegister(t *testing.T, h *apptest.House) map[string][]string {
	t.Helper()
	names := map[string][]string{}
	var rows [][]any
	for i := range manyPeople {
		org := []string{"LTT", "SVKT"}[i%2]
		given := []string{"An", "Bình", "Hoa", "Sơn", "Yến"}[i/8%5]
		name := fmt.Sprintf("%s Thị %s", []string{"Nguyễn", "Trần", "Hồ", "Thạch"}[i/2%4], given)
		switch {
		case i%1000 == 0:
			name = "Danh Thị Sơn"
		case i%1001 == 0:
			name = "Trần Yến Bình" // has both words of a search, and not as those who lie together
		case i%23 == 0:
			name = "Hoàn Thị Hoa" // the word that goes on is not the given name
		case i%73 == 5, i%73 == 6: // some hundreds, spread over all the order
			name = []string{"Bách", "Đào"}[i%73-5] + " Thị " + given
		case i%29 == 3, i%29 == 4: // and more together
			name = "Nguyễn Thị " + []string{"Bách", "Đào"}[i%29-3]
		case i == 7770:
			name = "Đào Thị 2Hoa" // in no part of the order
		case i%71 == 0:
			name = "Trần Thị Hoàn" // and here both words are the beginning of it
		}
		names[org] = append(names[org], name)
		rows = append(rows, []any{h.Org(org), name, people.SortKey(name)})
	}
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
	run(`create temp table named (org_id integer, full_name text, sort_key bytea)`)
	if _, err := conn.CopyFrom(t.Context(), pgx.Identifier{"named"}, []string{"org_id", "full_name", "sort_key"}, pgx.CopyFromRows(rows)); err != nil {
		t.Fatal(err)
	}
	run(`alter table person_states disable trigger person_states_counted`)
	run(`with made as (
		insert into people (org_id, path, category, full_name, sort_key, search_text, birth_date, recorded_by, changed_by)
		select org_id, '{}', 'student', full_name, sort_key, ' ' || fold(full_name), '2004-01-01', 1, 1 from named
		returning id, org_id, path, sort_key)
		insert into person_states (person_id, org_id, path, sort_key, stage) select id, org_id, path, sort_key, 'introduced' from made`)
	run(`analyze people`)
	return names
}

// Whether a search reads in order or looks its words up, it gives the same people in the same order,
// page by page, and tells how many there are or that there are more than it shows.
func TestASearchOfManyGivesAllInOrder(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	names := fillRegister(t, h)
	for _, c := range []struct {
		user, search, org string
		pages             int
		tells             int  // how many it says there are
		more              bool // or that there are more than that
	}{
		{"vanphong", "nguyen", "", 3, 50, true},       // met at once by reading in order
		{"vanphong", "nguyen an", "", 3, 50, true},    // as the first of all names
		{"vanphong", "yen tran", "", 30, 50, true},    // most at the end of all names, some before
		{"vanphong", "ho hoan", "", 12, 50, true},     // one word goes on where the other ends
		{"vanphong", "bach", "", 30, 50, true},        // some in each part of the order, and most in one
		{"vanphong", "dao", "", 30, 50, true},         // and one in none
		{"vanphong", "danh", "", 2, 27, false},        // few enough to be looked up
		{"vanphong", "danh an", "", 1, 0, false},      // nobody
		{"vanphong", "t", "SVKT", 2, 50, true},        // below one organisation
		{"bithu.ltt", "nguyen thi", "", 3, 50, true},  // in a scope that is not everything
		{"bithu.ltt", "danh son", "", 2, 27, false},   // all of these are at her cell
		{"vanphong", "danh son", "SVKT", 1, 0, false}, // and none elsewhere
	} {
		all := slices.Concat(names["LTT"], names["SVKT"])
		q := people.Query{Search: c.search}
		if c.org != "" {
			all, q.OrgID = names[c.org], h.Org(c.org)
		} else if c.user == "bithu.ltt" {
			all = names["LTT"]
		}
		want := slices.DeleteFunc(slices.Clone(all), func(name string) bool { return !hasWords(name, c.search) })
		slices.SortFunc(want, func(a, b string) int { return slices.Compare(people.SortKey(a), people.SortKey(b)) })
		var got []string
		for range c.pages {
			page, err := h.People.List(t.Context(), h.Viewer(c.user), q)
			if err != nil {
				t.Fatal(err)
			}
			if page.Count != c.tells || page.More != c.more {
				t.Errorf("%s, %q below %q: tells %d, more %v", c.user, c.search, c.org, page.Count, page.More)
			}
			for _, r := range page.Rows {
				got = append(got, r.FullName)
			}
			if q.After = page.Next; page.Next.String() == "" {
				break
			}
		}
		if want = want[:min(len(want), c.pages*people.PageSize)]; !slices.Equal(got, want) {
			t.Errorf("%s, %q below %q: %d people, not %d, or not in order", c.user, c.search, c.org, len(got), len(want))
		}
	}
}

// hasWords tells whether each word that was typed begins a word of a name. The names of this test
// have no letters that fold differently.
func hasWords(name, search string) bool {
	folded := strings.NewReplacer("ễ", "e", "ầ", "a", "ê", "e", "ồ", "o", "ạ", "a", "à", "a", "ị", "i", "ì", "i", "ơ", "o", "ế", "e", "á", "a", "đ", "d").Replace(strings.ToLower(name))
	for _, w := range strings.Fields(search) {
		if !strings.Contains(" "+folded, " "+w) {
			return false
		}
	}
	return true
}

// An index bounds its entries: the longest of everything must still find room in it.
func TestTheLongestOfEverythingIsEnteredAndFound(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	long := func(n int) string { return "Danh " + strings.Repeat("𠀀", n-5) }
	f := h.Fields("LTT", long(100))
	f.OtherName, f.ClassName, f.Faculty, f.StudentNo = long(100), long(50), long(100), long(50)
	id := h.Enter(f, "")
	names, page := list(t, h, "vanphong", people.Query{Search: "danh"})
	if len(names) != 1 || page.Rows[0].ID != id {
		t.Errorf("finds %q", names)
	}
}

// A word longer than what is kept of its beginnings is compared whole.
func TestALongWordIsSearchedToItsEnd(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	for _, no := range []string{"ABCDEFGHIJKL-001", "ABCDEFGHIJKL-002"} {
		f := h.Fields("LTT", "Nguyễn Thị Hoa")
		f.StudentNo = no
		f.BirthDate = f.BirthDate.AddDays(len(no) + int(no[len(no)-1]))
		h.Enter(f, "")
	}
	for search, want := range map[string]int{"abcdefghijkl": 2, "abcdefghijkl-00": 2, "abcdefghijkl-001": 1, "abcdefghijkl-003": 0, "abcdefghijkl_": 0} {
		if names, _ := list(t, h, "vanphong", people.Query{Search: search}); len(names) != want {
			t.Errorf("%q finds %q", search, names)
		}
	}
}

// The parts of the order that a search tries one after the other are those of the first letters.
func TestTheOrderFollowsTheFirstLetterOfTheGivenName(t *testing.T) {
	t.Parallel()
	given := []string{"A", "An", "Ăn", "Ân", "Ẫy", "Ba", "Bút", "Cao", "Cửu", "Da", "Duy", "Đa", "Đức", "Em", "Êm", "Yên", "Fa", "Gia", "Hậu", "Ích", "Ỷ",
		"Jun", "Khôi", "Lựu", "Mỹ", "Nữ", "Oanh", "Ốc", "Ơn", "Phượng", "Quỳnh", "Rin", "Sử", "Tý", "Uyên", "Ước", "Vỹ", "Win", "Xuyến", "Zin"}
	folds := strings.NewReplacer("ă", "a", "â", "a", "ẫ", "a", "đ", "d", "ê", "e", "í", "i", "ỷ", "y", "ố", "o", "ơ", "o", "ư", "u")
	first := func(name string) string { return string([]rune(folds.Replace(strings.ToLower(name)))[:1]) }
	for _, a := range given {
		for _, b := range given {
			if first(a) < first(b) && slices.Compare(people.SortKey("Zu Z "+a), people.SortKey("An A "+b)) >= 0 {
				t.Errorf("%s is not before %s", a, b)
			}
		}
	}
}
