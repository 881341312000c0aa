package people_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

func register(t *testing.T, h *apptest.House, username string, f people.Fields) int64 {
	t.Helper()
	id, err := h.People.Register(t.Context(), h.Viewer(username), people.Registration{Key: uuid.NewString(), Fields: f})
	if err != nil {
		t.Fatalf("register as %s: %v", username, err)
	}
	return id
}

// refusedFields gives the refused fields with their keys.
func refusedFields(err error) map[string]string {
	out := map[string]string{}
	if e := fault.As(err); e != nil && e.Kind == fault.Invalid {
		for _, f := range e.Fields {
			out[f.Name] = f.Key
		}
	}
	return out
}

func everybody(t *testing.T, h *apptest.House) int {
	t.Helper()
	_, page := list(t, h, "vanphong", people.Query{})
	return page.Count
}

func TestWhoIsEnteredIsStoredAsTyped(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	f := h.Fields("LTT", "  Nguyễn   Thị A\u0301nh ")
	f.OtherName, f.BirthPlace, f.Origin, f.Address = "Nguyễn Thị Tư", "Thanh Hóa", "Nghệ An", "Số 1, phố Hạc Thành"
	f.Ethnicity, f.Religion, f.StudentNo, f.Faculty = "Mường", "không", "HS77", "Khối chuyên"
	f.Phone, f.Email, f.CardNo, f.FileNo, f.PersonalNo = "0912 345 678", "anh@example.edu.vn", "61.123456", "123456th", "0383 0600 1234"
	id := register(t, h, "bithu.ltt", f)
	want := f
	want.FullName, want.FileNo, want.PersonalNo = "Nguyễn Thị Ánh", "123456TH", "038306001234"
	rec := open(t, h, "bithu.ltt", id)
	if rec.Fields != want {
		t.Errorf("stored %+v\nnot %+v", rec.Fields, want)
	}
	if rec.State.Stage != party.StageRegistered || len(rec.Steps) != 0 {
		t.Errorf("at %s with %d steps", rec.State.Stage, len(rec.Steps))
	}
	clean(t, h)
}

func TestWhatIsRefusedOnEntering(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	today := h.Now()
	for name, tt := range map[string]struct {
		change func(*people.Fields)
		field  string
		key    string
	}{
		"no name":                 {func(f *people.Fields) { f.FullName = "  " }, "full_name", "name_missing"},
		"one word":                {func(f *people.Fields) { f.FullName = "Ánh" }, "full_name", "name_one_word"},
		"a name of 101 letters":   {func(f *people.Fields) { f.FullName = "Đ " + strings.Repeat("ă", 99) }, "full_name", "too_long"},
		"no birth date":           {func(f *people.Fields) { f.BirthDate = party.Date{} }, "birth_date", "birth_missing"},
		"born tomorrow":           {func(f *people.Fields) { f.BirthDate = today.AddDays(1) }, "birth_date", "birth_future"},
		"one day short of ten":    {func(f *people.Fields) { f.BirthDate = today.AddYears(-10).AddDays(1) }, "birth_date", "birth_impossible"},
		"a day over 110":          {func(f *people.Fields) { f.BirthDate = today.AddYears(-110).AddDays(-1) }, "birth_date", "birth_impossible"},
		"no cell":                 {func(f *people.Fields) { f.OrgID = 0 }, "org", "org_missing"},
		"a cell that is not":      {func(f *people.Fields) { f.OrgID = 1 << 30 }, "org", "org_unknown"},
		"a cell below zero":       {func(f *people.Fields) { f.OrgID = -1 }, "org", "org_unknown"},
		"a cell of another":       {func(f *people.Fields) { f.OrgID = h.Org("NTH") }, "org", "org_unknown"},
		"the committee above":     {func(f *people.Fields) { f.OrgID = h.Org("GD") }, "org", "org_unknown"},
		"no category":             {func(f *people.Fields) { f.Category = "" }, "category", "category"},
		"a category that is not":  {func(f *people.Fields) { f.Category = "king" }, "category", "category"},
		"a sex that is not":       {func(f *people.Fields) { f.Sex = "x" }, "sex", "choice"},
		"an education that isn't": {func(f *people.Fields) { f.Education = "x" }, "education", "choice"},
		"in the Union tomorrow":   {func(f *people.Fields) { f.UnionJoinedOn = today.AddDays(1) }, "union_joined_on", "union_date"},
		"in the Union unborn":     {func(f *people.Fields) { f.UnionJoinedOn = f.BirthDate.AddDays(-1) }, "union_joined_on", "union_date"},
		"a card without a dot":    {func(f *people.Fields) { f.CardNo = "61123456" }, "card_no", "card_no"},
		"a file number":           {func(f *people.Fields) { f.FileNo = "12TH" }, "file_no", "file_no"},
		"a phone":                 {func(f *people.Fields) { f.Phone = "gọi tôi" }, "phone", "phone"},
		"a mail address":          {func(f *people.Fields) { f.Email = "Ánh <a@b.vn>" }, "email", "email"},
		"eleven digits":           {func(f *people.Fields) { f.PersonalNo = "03830600123" }, "personal_no", "personal_no"},
		"letters for digits":      {func(f *people.Fields) { f.PersonalNo = "03830600123A" }, "personal_no", "personal_no"},
	} {
		f := h.Fields("LTT", "Nguyễn Thị Ánh")
		tt.change(&f)
		_, err := h.People.Register(t.Context(), h.Viewer("bithu.ltt"), people.Registration{Fields: f})
		if got := refusedFields(err)[tt.field]; got != "people.error."+tt.key {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, change := range map[string]func(*people.Fields){
		"born ten years ago": func(f *people.Fields) { f.BirthDate, f.UnionJoinedOn = today.AddYears(-10), party.Date{} },
		"born 110 years ago": func(f *people.Fields) { f.BirthDate = today.AddYears(-110) },
		"a name of 100":      func(f *people.Fields) { f.FullName = "Đ " + strings.Repeat("ă", 98) },
		"in the Union today": func(f *people.Fields) { f.UnionJoinedOn = today },
		"born on a leap day": func(f *people.Fields) { f.BirthDate = party.MustDate("2004-02-29") },
		"only what is needed": func(f *people.Fields) {
			*f = people.Fields{OrgID: f.OrgID, Category: f.Category, FullName: f.FullName, BirthDate: party.MustDate("2003-01-01")}
		},
	} {
		f := h.Fields("LTT", "Nguyễn Thị "+strings.ToUpper(name[:4]))
		change(&f)
		if _, err := h.People.Register(t.Context(), h.Viewer("bithu.ltt"), people.Registration{Fields: f}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := h.People.Register(t.Context(), h.Viewer("vanphong"), people.Registration{Fields: h.Fields("GD", "Nguyễn Thị Ánh")})
	if refusedFields(err)["org"] != "people.error.org_not_cell" {
		t.Errorf("at a committee: %v", err)
	}
	if n := everybody(t, h); n != 6 {
		t.Errorf("%d people entered", n)
	}
}

func TestADoubleClickEntersOnePerson(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	in := people.Registration{Key: uuid.NewString(), Fields: h.Fields("LTT", "Nguyễn Thị Ánh")}
	ids := make([]int64, 8)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			id, err := h.People.Register(t.Context(), h.Viewer("bithu.ltt"), in)
			if err != nil {
				t.Error(err)
			}
			ids[i] = id
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] || id == 0 {
			t.Errorf("answered with %v", ids)
		}
	}
	if n := everybody(t, h); n != 1 {
		t.Errorf("%d people", n)
	}
	if _, err := h.People.Register(t.Context(), h.Viewer("bithu.nth"), people.Registration{Key: in.Key, Fields: h.Fields("NTH", "Lê Văn Cường")}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("another account with the same key: %v", err)
	}
}

// Somebody elsewhere is told of, but not who and where; confirming lets one go on.
func TestPossibleDuplicatesAreShownBeforeSaving(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	f := h.Fields("LTT", "Nguyễn Thị Ánh")
	f.PersonalNo = "038306001234"
	here := h.Enter(f, "")
	same := h.Fields("LTT", "nguyen thi anh")
	number := h.Fields("LTT", "Trần Văn Bình")
	number.PersonalNo = f.PersonalNo
	for name, tt := range map[string]struct {
		username, code string
		f              people.Fields
		want           []people.Duplicate
	}{
		"same name and day":   {"bithu.ltt", "LTT", same, []people.Duplicate{{ID: here, FullName: f.FullName, OrgID: f.OrgID}}},
		"same number":         {"bithu.ltt", "LTT", number, []people.Duplicate{{ID: here, FullName: f.FullName, OrgID: f.OrgID, SameNumber: true}}},
		"elsewhere":           {"bithu.nth", "NTH", same, []people.Duplicate{{}}},
		"elsewhere by number": {"bithu.nth", "NTH", number, []people.Duplicate{{SameNumber: true}}},
		"for the introducer":  {"doan.ltt", "LTT", same, []people.Duplicate{{}}},
	} {
		tt.f.OrgID = h.Org(tt.code)
		_, err := h.People.Register(t.Context(), h.Viewer(tt.username), people.Registration{Fields: tt.f})
		e := fault.As(err)
		if e == nil || e.Kind != fault.Conflict {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d, ok := e.Detail.(people.Duplicates); !ok || !equal(d.List, tt.want) {
			t.Errorf("%s: %+v", name, e.Detail)
		}
	}
	if n := everybody(t, h); n != 1 {
		t.Fatalf("%d people before anything was confirmed", n)
	}
	otherDay := h.Fields("LTT", "Nguyễn Thị Ánh")
	otherDay.BirthDate = otherDay.BirthDate.AddDays(1)
	for username, f := range map[string]people.Fields{"bithu.ltt": otherDay, "doan.ltt": number} { // who may not see the number is not told of it
		if _, err := h.People.Register(t.Context(), h.Viewer(username), people.Registration{Fields: f}); err != nil {
			t.Errorf("another person, as %s: %v", username, err)
		}
	}
	same.OrgID = h.Org("NTH")
	if _, err := h.People.Register(t.Context(), h.Viewer("bithu.nth"), people.Registration{Fields: same, Confirmed: true}); err != nil {
		t.Errorf("confirmed: %v", err)
	}
}

// A whole list is asked at once: who may be each of them, here by name, elsewhere as a bare fact.
func TestNamesakesOfAListAreFoundAtOnce(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	f := h.Fields("LTT", "Nguyễn Thị Ánh")
	here := h.Enter(f, "")
	names := []string{"Lê Thị Mới", "nguyen thi anh", "Nguyễn Thị Ánh", "Nguyễn Thị Ánh"}
	born := []party.Date{f.BirthDate, f.BirthDate, f.BirthDate.AddDays(1), {}}
	for username, want := range map[string]people.Duplicate{"bithu.ltt": {ID: here, FullName: f.FullName, OrgID: f.OrgID}, "doan.nth": {}} {
		found, err := h.People.Namesakes(t.Context(), h.Viewer(username), names, born)
		if err != nil || len(found) != 4 || !equal(found[1], []people.Duplicate{want}) || len(found[0])+len(found[2])+len(found[3]) != 0 {
			t.Errorf("%s: %+v, %v", username, found, err)
		}
	}
	if _, err := h.People.Namesakes(t.Context(), h.Viewer("kiemtra"), names, born); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("who enters nobody: %v", err)
	}
}

func equal(a, b []people.Duplicate) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// The Youth Union enters people, but not what it may not see.
func TestWhoMayNotSeeSensitiveFieldsDoesNotEnterThem(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	f := h.Fields("LTT", "Nguyễn Thị Ánh")
	f.Ethnicity, f.Religion, f.PersonalNo = "Mường", "không", "038306001234"
	id := register(t, h, "doan.ltt", f)
	if got := open(t, h, "bithu.ltt", id).Fields; got.Ethnicity != "" || got.Religion != "" || got.PersonalNo != "" {
		t.Errorf("entered %q, %q, %q", got.Ethnicity, got.Religion, got.PersonalNo)
	}
	f.FullName = "Lê Thị Hoa"
	other := register(t, h, "bithu.ltt", f)
	for username, sees := range map[string]bool{"bithu.ltt": true, "coso.gd": true, "vanphong": true, "lanhdao": false, "kiemtra": false} {
		got := open(t, h, username, other).Fields
		if (got.Ethnicity != "") != sees || (got.Religion != "") != sees || (got.PersonalNo != "") != sees {
			t.Errorf("%s sees %q, %q, %q", username, got.Ethnicity, got.Religion, got.PersonalNo)
		}
	}
}

func TestWhoMayEnterAndEdit(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	may := map[string]bool{"vanphong": true, "coso.gd": true, "bithu.ltt": true, "doan.ltt": true}
	for _, username := range h.Usernames() {
		f := h.Fields("LTT", "Nguyễn Thị "+strings.ToUpper(username))
		_, err := h.People.Register(t.Context(), h.Viewer(username), people.Registration{Fields: f})
		if may[username] != (err == nil) {
			t.Errorf("%s enters somebody: %v", username, err)
		}
	}
	id := h.Enter(h.Fields("LTT", "Lê Thị Hoa"), "")
	delete(may, "doan.ltt")
	for _, username := range h.Usernames() {
		rec := open(t, h, "vanphong", id)
		rec.Fields.Address = "Nhà " + username
		err := h.People.Edit(t.Context(), h.Viewer(username), people.Change{PersonID: id, Version: rec.Version, Fields: rec.Fields})
		if may[username] != (err == nil) {
			t.Errorf("%s edits somebody: %v", username, err)
		}
	}
}

func TestOfTwoWhoEditTheSecondLearnsOfTheFirst(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), "")
	rec := open(t, h, "vanphong", id)
	first, second := rec.Fields, rec.Fields
	first.Phone, second.Address = "0912345678", "Phố Hạc Thành"
	if err := h.People.Edit(t.Context(), h.Viewer("coso.gd"), people.Change{PersonID: id, Version: rec.Version, Fields: first}); err != nil {
		t.Fatal(err)
	}
	err := h.People.Edit(t.Context(), h.Viewer("bithu.ltt"), people.Change{PersonID: id, Version: rec.Version, Fields: second})
	e := fault.As(err)
	if e == nil || e.Kind != fault.Conflict {
		t.Fatal(err)
	}
	if stale, ok := e.Detail.(people.Stale); !ok || stale.By != "Tài khoản coso.gd" || stale.At.IsZero() {
		t.Errorf("told %+v", e.Detail)
	}
	if now := open(t, h, "vanphong", id).Fields; now != first {
		t.Errorf("stored %+v", now)
	}
}

// An edit after which a recorded step could not have happened is refused, at the field it is about.
func TestAnEditMayNotUndoWhatAStepRestsOn(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	rec := open(t, h, "bithu.ltt", id)
	for name, tt := range map[string]struct {
		change func(*people.Fields)
		field  string
	}{
		"too young on the day of the vote": {func(f *people.Fields) { f.BirthDate = party.MustDate("2008-12-01") }, "birth_date"},
		"without the education asked for":  {func(f *people.Fields) { f.Education = party.PrimarySchool }, "education"},
	} {
		f := rec.Fields
		tt.change(&f)
		err := h.People.Edit(t.Context(), h.Viewer("bithu.ltt"), people.Change{PersonID: id, Version: rec.Version, Fields: f})
		if got := refusedFields(err); len(got) != 1 || got[tt.field] == "" {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
	if now := open(t, h, "bithu.ltt", id); now.Fields != rec.Fields || now.Version != rec.Version {
		t.Errorf("changed to %+v", now.Fields)
	}
	clean(t, h)
}

// The audit says which fields were changed, never to what.
func TestAnEditIsWrittenDownWithoutItsValues(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), "")
	rec := open(t, h, "bithu.ltt", id)
	rec.Fields.PersonalNo, rec.Fields.Religion, rec.Fields.FullName = "038306001234", "không", "Nguyễn Thị Ngọc Ánh"
	if err := h.People.Edit(t.Context(), h.Viewer("bithu.ltt"), people.Change{PersonID: id, Version: rec.Version, Fields: rec.Fields}); err != nil {
		t.Fatal(err)
	}
	var detail, cipher string
	err := h.DB.ReadSystem(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		if err := tx.QueryRow(ctx, `select encode(personal_no_cipher, 'escape') from people where id = $1`, id).Scan(&cipher); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `select detail::text from audit_entries where action = 'edit' and entity_id = $1`, id).Scan(&detail)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"personal_no", "religion", "full_name"} {
		if !strings.Contains(detail, name) {
			t.Errorf("the audit %s does not name %s", detail, name)
		}
	}
	for _, value := range []string{"038306001234", "không", "Ánh"} {
		if strings.Contains(detail, value) || strings.Contains(cipher, value) {
			t.Errorf("%q stands in the audit %s or in the clear", value, detail)
		}
	}
}
