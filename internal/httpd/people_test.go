package httpd_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest/server"
	"ketnap/internal/party"
	"ketnap/internal/people"
)

// personForm gives a form that is in order, with some fields changed.
func personForm(s *server.Server, changes ...string) url.Values {
	form := url.Values{"_key": {uuid.NewString()}, "org": {strconv.Itoa(int(s.Org("LTT")))}, "full_name": {"Nguyễn Thị Ánh"},
		"birth_date": {"10/02/2006"}, "sex": {"female"}, "category": {"pupil"}, "class_name": {"12A1"}, "education": {"upper_secondary"}}
	for i := 0; i+1 < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

func peopleCount(t *testing.T, s *server.Server) int {
	t.Helper()
	list, err := s.People.List(t.Context(), s.Viewer("vanphong"), people.Query{})
	if err != nil {
		t.Fatal(err)
	}
	return list.Count
}

func TestSomebodyIsEnteredOnceHoweverOftenTheFormIsSent(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	browser := s.SignIn(t, "bithu.ltt")
	form := personForm(s, "birth_date", "10-2-2006")
	first := browser.Send("/people/new", form)
	again := browser.Send("/people/new", form)
	if first.Status != http.StatusSeeOther || again.Status != http.StatusSeeOther || first.Location != again.Location || peopleCount(t, s) != 1 {
		t.Fatalf("%d %s, %d %s: %d people", first.Status, first.Location, again.Status, again.Location, peopleCount(t, s))
	}
	if page := browser.Look(first.Location); page.Status != http.StatusOK || !page.Says("Đã ghi tên Nguyễn Thị Ánh") || !page.Says("10/02/2006") {
		t.Errorf("%s: %d", first.Location, page.Status)
	}
}

// Each refused input gets the form again with its own words, keeps what was typed and changes nothing.
func TestRefusedInputOfThePersonForms(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	fields := s.Fields("LTT", "Trần Văn Bình")
	id := s.Enter(fields, "")
	browser := s.SignIn(t, "bithu.ltt")
	version := strconv.Itoa(versionOf(t, s, id))
	for name, tt := range map[string]struct{ field, value, says string }{
		"no name":                   {"full_name", "  ", "Nhập họ và tên"},
		"one word":                  {"full_name", "Ánh", "ít nhất hai chữ"},
		"a name too long":           {"full_name", strings.Repeat("ă ", 120), "dài quá"},
		"no birth date":             {"birth_date", "", "Nhập ngày sinh"},
		"a day that does not exist": {"birth_date", "30/02/2006", "Nhập ngày có thật"},
		"no day at all":             {"birth_date", "hôm qua", "Nhập ngày có thật"},
		"born tomorrow":             {"birth_date", "24/11/2026", "không thể sau hôm nay"},
		"born in 1066":              {"birth_date", "14/10/1066", "không thể đúng"},
		"born last year":            {"birth_date", "01/01/2025", "không thể đúng"},
		"a Union day of the future": {"union_joined_on", "24/11/2026", "Ngày vào Đoàn"},
		"a category that is not":    {"category", "king", "Chọn đối tượng"},
		"a sex that is not":         {"sex", "x", "Chọn một trong các mục"},
		"an education that is not":  {"education", "x", "Chọn một trong các mục"},
		"a phone of words":          {"phone", "gọi tôi", "chỉ gồm chữ số"},
		"a mail address":            {"email", "anh@", "thư điện tử chưa đúng"},
		"a card number":             {"card_no", "6", "Số thẻ gồm"},
		"a file number":             {"file_no", "TH", "Số lý lịch gồm"},
		"a personal number":         {"personal_no", "123", "đúng 12 chữ số"},
		"markup is only text":       {"phone", "<script>alert(1)</script>", "chỉ gồm chữ số"},
	} {
		edit := personForm(s, "_version", version, tt.field, tt.value)
		edit.Del("org")
		for path, form := range map[string]url.Values{"/people/new": personForm(s, tt.field, tt.value), personAt(id, "/edit"): edit} {
			a := browser.Send(path, form)
			if a.Status != http.StatusUnprocessableEntity || !strings.Contains(summary(a.Body), tt.says) || !a.Says("<title>Lỗi:") {
				t.Errorf("%s at %s: %d %s", name, path, a.Status, summary(a.Body))
			}
			if !strings.Contains(summary(a.Body), `href="#f-`+tt.field) || !a.Says(`id="f-`+tt.field+`"`) || a.Says("<script>alert") {
				t.Errorf("%s at %s: the summary does not lead to the field", name, path)
			}
			if !a.Says(`value="12A1"`) {
				t.Errorf("%s at %s: what was typed is gone", name, path)
			}
		}
	}
	for name, value := range map[string]string{"no cell": "", "no number": "x", "too large a number": "99999999999", "below zero": "-1",
		"one that is not": "1000000", "another's cell": strconv.Itoa(int(s.Org("NTH"))), "the committee above": strconv.Itoa(int(s.Org("GD")))} {
		if a := browser.Send("/people/new", personForm(s, "org", value)); a.Status != http.StatusUnprocessableEntity || !a.Says(`href="#f-org"`) || a.Says("NTH") {
			t.Errorf("%s: %d %s", name, a.Status, summary(a.Body))
		}
	}
	for name, tt := range map[string]struct {
		value  string
		status int
	}{"malformed text": {"Nguyễn \xff", 400}, "a NUL": {"Nguyễn\x00 Ánh", 400}, "3 MB": {strings.Repeat("ă", 3<<19), 413}} {
		for _, path := range []string{"/people/new", personAt(id, "/edit")} {
			if a := browser.Send(path, personForm(s, "_version", version, "full_name", tt.value)); a.Status != tt.status || !a.Says("<h1") {
				t.Errorf("%s at %s: %d", name, path, a.Status)
			}
		}
	}
	rec, err := s.People.Open(t.Context(), s.Viewer("bithu.ltt"), id)
	if err != nil || rec.Fields != fields || peopleCount(t, s) != 1 {
		t.Errorf("now %d people, %+v, %v", peopleCount(t, s), rec.Fields, err)
	}
}

func TestAPossibleDuplicateIsAskedAboutAndConfirmed(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), "")
	own := s.SignIn(t, "bithu.ltt").Send("/people/new", personForm(s))
	if own.Status != http.StatusConflict || !own.Says(personAt(id, `"`)) || !own.Says(`name="confirmed"`) || !own.Says(`value="12A1"`) {
		t.Errorf("in one's own cell: %d %s", own.Status, summary(own.Body))
	}
	foreign := s.SignIn(t, "bithu.nth")
	form := personForm(s, "org", strconv.Itoa(int(s.Org("NTH"))))
	a := foreign.Send("/people/new", form)
	if a.Status != http.StatusConflict || a.Says(personAt(id, `"`)) || a.Says("Chi bộ LTT") || !a.Says("ngoài phạm vi") {
		t.Errorf("in another cell: %d", a.Status)
	}
	if n := peopleCount(t, s); n != 1 {
		t.Fatalf("%d people before it was confirmed", n)
	}
	form.Set("_key", hidden(a.Body, "_key"))
	form.Set("confirmed", "1")
	if a := foreign.Send("/people/new", form); a.Status != http.StatusSeeOther || peopleCount(t, s) != 2 {
		t.Errorf("confirmed: %d %s", a.Status, summary(a.Body))
	}
}

func TestAStaleEditShowsWhatChangedAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), "")
	first, second := s.SignIn(t, "coso.gd"), s.SignIn(t, "bithu.ltt")
	page := second.Look(personAt(id, "/edit"))
	form := personForm(s, "_key", hidden(page.Body, "_key"), "_version", hidden(page.Body, "_version"), "category", "student",
		"class_name", "K12", "union_joined_on", "26-3-2021")
	other := personForm(s, "_version", hidden(page.Body, "_version"), "category", "student", "class_name", "K12", "union_joined_on", "26/03/2021", "phone", "0912345678")
	if a := first.Send(personAt(id, "/edit"), other); a.Status != http.StatusSeeOther {
		t.Fatalf("the first: %d %s", a.Status, summary(a.Body))
	}
	form.Set("address", "Phố Hạc Thành")
	a := second.Send(personAt(id, "/edit"), form)
	if a.Status != http.StatusConflict || !a.Says("Tài khoản coso.gd") || !a.Says("0912345678") || !a.Says(`value="Phố Hạc Thành"`) {
		t.Fatalf("the second: %d %s", a.Status, summary(a.Body))
	}
	if a.Says("Ngày vào Đoàn: đang lưu") {
		t.Error("the same day written another way counts as a difference")
	}
	form.Set("_key", hidden(a.Body, "_key"))
	form.Set("_version", hidden(a.Body, "_version"))
	form.Set("phone", "0912345678")
	if a := second.Send(personAt(id, "/edit"), form); a.Status != http.StatusSeeOther {
		t.Fatalf("saved from the page shown: %d %s", a.Status, summary(a.Body))
	}
	rec, err := s.People.Open(t.Context(), s.Viewer("bithu.ltt"), id)
	if err != nil || rec.Fields.Phone != "0912345678" || rec.Fields.Address != "Phố Hạc Thành" {
		t.Errorf("stored %+v, %v", rec.Fields, err)
	}
}

// Sensitive fields are not on the form of whoever may not see them, and not taken from it either.
func TestTheIntroducersFormHasNoSensitiveFields(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	browser := s.SignIn(t, "doan.ltt")
	for username, has := range map[string]bool{"doan.ltt": false, "bithu.ltt": true} {
		page := s.SignIn(t, username).Look("/people/new")
		for _, name := range []string{"ethnicity", "religion", "personal_no"} {
			if page.Says(`name="`+name+`"`) != has {
				t.Errorf("%s: %s on the form: %v", username, name, !has)
			}
		}
	}
	if a := browser.Send("/people/new", personForm(s, "personal_no", "038306001234")); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, summary(a.Body))
	}
	list, err := s.People.List(t.Context(), s.Viewer("bithu.ltt"), people.Query{Search: "038306001234"})
	if err != nil || list.Count != 0 {
		t.Errorf("the number was taken: %d, %v", list.Count, err)
	}
}

func TestAddressesOfTheList(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Planned)
	browser := s.SignIn(t, "bithu.ltt")
	foreign := strconv.Itoa(int(s.Org("NTH")))
	for path, tt := range map[string]struct {
		status int
		says   string
	}{
		"/people":                                {200, "Nguyễn Thị Ánh"},
		"/people?q=anh&stage=planned":            {200, "Nguyễn Thị Ánh"},
		"/people?q=khong+ai":                     {200, "Bỏ bớt điều kiện"},
		"/people?colour=red":                     {200, "đã bỏ qua: colour"},
		"/people?stage=king":                     {200, "đã bỏ qua: Đang ở bước"},
		"/people?category=king":                  {200, "đã bỏ qua: Đối tượng"},
		"/people?before=31/02/2026":              {200, "Nhập ngày có thật"},
		"/people?before=2025-09-10":              {200, "Bỏ bớt điều kiện"},
		"/people?after=!!!":                      {422, "mở lại danh sách từ đầu"},
		"/people?after=AA":                       {422, "mở lại danh sách từ đầu"},
		"/people?org=" + foreign:                 {404, "Không có tổ chức này"},
		"/people?org=1000000":                    {404, "Không có tổ chức này"},
		"/people?org=x":                          {404, "Không có tổ chức này"},
		"/people?org=-5":                         {404, "Không có tổ chức này"},
		"/people?org=99999999999999":             {404, "Không có tổ chức này"},
		"/people?q=%ff":                          {400, "không đọc được"},
		"/people?q=a%00b":                        {400, "không đọc được"},
		"/people?q=" + strings.Repeat("a", 5000): {200, "Bỏ bớt điều kiện"},
		"/people?q=%25":                          {200, "Bỏ bớt điều kiện"},
		"/people?q=%3Cscript%3E":                 {200, "Bỏ bớt điều kiện"},
		"/people?q=a&q=b&org=&stage=&before=":    {200, "Nguyễn Thị Ánh"},
		"/people/new?org=" + foreign:             {200, "Chi bộ LTT"},
		"/people/999999/edit":                    {404, "Không"},
		"/people/x/edit":                         {404, "Không"},
	} {
		if a := browser.Look(path); a.Status != tt.status || !a.Says(tt.says) {
			t.Errorf("%.60s: %d, says %q: %v", path, a.Status, tt.says, a.Says(tt.says))
		}
	}
	if a := s.SignIn(t, "bithu.nth").Look("/people"); !a.Says("Chưa có ai") || !a.Says(`href="/people/new"`) {
		t.Error("an empty cell does not say how to begin")
	}
}

// Paging keeps the filters, leads on to everybody once and back to the first page.
func TestPagesOfTheList(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	for i := range people.PageSize + 5 {
		s.Enter(s.Fields("LTT", fmt.Sprintf("Nguyễn Văn %c%c", 'A'+i/26, 'A'+i%26)), party.Planned)
	}
	s.Enter(s.Fields("LTT", "Trần Văn Bình"), party.Introduced)
	browser := s.SignIn(t, "bithu.ltt")
	for _, first := range []string{"/people?q=nguyen&stage=planned", "/people?before=2026-01-01&category=student&stage=planned"} {
		page := browser.Look(first)
		if strings.Count(page.Body, "Nguyễn Văn ") != people.PageSize || !page.Says("55 người") || page.Says("Trần Văn") {
			t.Fatalf("%s: %d rows", first, strings.Count(page.Body, "Nguyễn Văn "))
		}
		next := hrefWith(page.Body, "after=")
		for _, filter := range strings.Split(strings.SplitN(first, "?", 2)[1], "&") {
			if !strings.Contains(next, filter) {
				t.Errorf("%s loses %s: %s", first, filter, next)
			}
		}
		last := browser.Look(next)
		if strings.Count(last.Body, "Nguyễn Văn ") != 5 || hrefWith(last.Body, "after=") != "" || !last.Says("55 người") {
			t.Errorf("%s: %d rows", next, strings.Count(last.Body, "Nguyễn Văn "))
		}
		beyond := strings.Replace(next, "q=nguyen", "q=tran", 1)
		if page := browser.Look(beyond); beyond != next && (!page.Says("Bỏ bớt điều kiện") || !page.Says("Trang đầu")) {
			t.Errorf("%s does not lead back", beyond)
		}
	}
}

// hrefWith gives the first address of the page's content that has some words in it.
func hrefWith(body, words string) string {
	_, body, _ = strings.Cut(body, `id="results"`)
	for _, part := range strings.Split(body, `href="`)[1:] {
		if href, _, _ := strings.Cut(part, `"`); strings.Contains(href, words) {
			return strings.ReplaceAll(href, "&amp;", "&")
		}
	}
	return ""
}
