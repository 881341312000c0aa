package httpd_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest/server"
	"ketnap/internal/party"
	"ketnap/web/ui"
)

func TestAResultAndATitleThroughTheirForms(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Introduced)
	browser := s.SignIn(t, "bithu.ltt")
	result, title := personAt(id, "/achievements/result"), personAt(id, "/achievements/title")
	if a := browser.Send(result, url.Values{"_key": {uuid.NewString()}, "year": {"2025"}, "semester": {"0"}, "study": {"good"}, "gpa": {"8,25"}, "scale": {"10"},
		"conduct_score": {"91"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("result: %d %s", a.Status, summary(a.Body))
	}
	if a := browser.Send(title, url.Values{"_key": {uuid.NewString()}, "kind": {"campaign"}, "name": {"Mùa hè xanh 2026"}, "level": {"province"}, "year": {"2025"},
		"awarded_on": {"15/8/2026"}, "issuer": {"Tỉnh Đoàn"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("title: %d %s", a.Status, summary(a.Body))
	}
	for _, path := range []string{personAt(id, ""), personAt(id, "/achievements")} {
		a := browser.Look(path)
		for _, words := range []string{"2025-2026", "Giỏi", "8,25 (thang 10)", "Xuất sắc (91 điểm)", "Mùa hè xanh 2026", "Cấp tỉnh", "15/08/2026", "Tỉnh Đoàn"} {
			if !a.Says(words) {
				t.Errorf("%s does not say %s", path, words)
			}
		}
	}
	for name, tt := range map[string]struct{ path, field, value, says string }{
		"no number":          {result, "gpa", "tám", "Nhập điểm bằng số"},
		"above the scale":    {result, "gpa", "10,01", "từ 0 đến 10"},
		"a score of nothing": {result, "conduct_score", "101", "từ 1 đến 100"},
		"a year to come":     {result, "year", "2027", "Chọn năm học"},
		"a year of words":    {result, "year", "x", "1.990"},
		"taken":              {result, "", "", "đề nghị sửa dòng đã có"},
		"no kind":            {title, "kind", "", "Chọn loại danh hiệu"},
		"no name":            {title, "name", " ", "Nhập tên chiến dịch"},
		"no level":           {title, "level", "", "Chọn cấp công nhận"},
		"tomorrow":           {title, "awarded_on", "24/11/2026", "không thể sau hôm nay"},
		"no day":             {title, "awarded_on", "hôm qua", "Nhập ngày có thật"},
		"before birth":       {title, "awarded_on", "09/02/2006", "phải sau ngày sinh"},
	} {
		form := url.Values{"_key": {uuid.NewString()}, "year": {"2025"}, "semester": {"0"}, "study": {"good"}, "gpa": {"8"}, "scale": {"10"},
			"kind": {"campaign"}, "name": {"Hiến máu"}, "level": {"school"}, "awarded_on": {"1/5/2026"}}
		if tt.field != "" {
			form.Set(tt.field, tt.value)
		}
		a := browser.Send(tt.path, form)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(summary(a.Body), tt.says) || !a.Says("<title>Lỗi:") {
			t.Errorf("%s: %d %s", name, a.Status, summary(a.Body))
		}
	}
	rec, err := s.Achievements.Of(t.Context(), s.Viewer("bithu.ltt"), id)
	if err != nil || len(rec.Results) != 1 || len(rec.Titles) != 1 {
		t.Errorf("%+v, %v", rec, err)
	}
}

func TestAStaleResultKeepsWhatWasTypedAndThenGoesThrough(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Introduced)
	browser := s.SignIn(t, "bithu.ltt")
	form := func(study, version string) url.Values {
		return url.Values{"_key": {uuid.NewString()}, "_version": {version}, "year": {"2025"}, "semester": {"0"}, "study": {study}}
	}
	browser.Send(personAt(id, "/achievements/result"), form("good", ""))
	rec, err := s.Achievements.Of(t.Context(), s.Viewer("bithu.ltt"), id)
	if err != nil || len(rec.Results) != 1 {
		t.Fatalf("%+v, %v", rec, err)
	}
	path := personAt(id, fmt.Sprintf("/achievements/result?entry=%d", rec.Results[0].ID))
	if a := s.SignIn(t, "coso.gd").Send(path, form("weak", "1")); a.Status != http.StatusSeeOther {
		t.Fatalf("the other one: %d", a.Status)
	}
	a := browser.Send(path, form("fair", "1"))
	if a.Status != http.StatusConflict || !a.Says("Tài khoản coso.gd") || !a.Says(`<option value="fair" selected`) || hidden(a.Body, "_version") != "2" {
		t.Errorf("stale: %d %s", a.Status, summary(a.Body))
	}
	if a := browser.Send(path, form("fair", hidden(a.Body, "_version"))); a.Status != http.StatusSeeOther {
		t.Errorf("sent once more: %d", a.Status)
	}
	remove := form("", "3")
	remove.Set("do", "remove")
	if a := browser.Send(path, remove); a.Status != http.StatusSeeOther {
		t.Errorf("taken out: %d", a.Status)
	}
	if a := browser.Look(path); a.Status != http.StatusNotFound {
		t.Errorf("the form of what is gone: %d", a.Status)
	}
}

// Rows that can be read are written, the others come back with their own words and what was typed.
func TestAGridKeepsTheGoodRowsAndNamesTheOthers(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	var ids []int64
	for _, name := range []string{"Nguyễn Văn An", "Nguyễn Văn Bình", "Nguyễn Văn Công", "Nguyễn Văn Dũng"} {
		ids = append(ids, s.Enter(s.Fields("LTT", name), party.Introduced))
	}
	browser := s.SignIn(t, "bithu.ltt")
	path := fmt.Sprintf("/cells/%d/achievements?semester=0&year=2025", s.Org("LTT"))
	page := browser.Look(path)
	if page.Status != http.StatusOK || !page.Says("Nguyễn Văn An") || !page.Says(fmt.Sprintf(`name="study_%d"`, ids[3])) {
		t.Fatalf("%d", page.Status)
	}
	form := formTo(t, page.Body, path).hidden
	form.Set("scale", "4")
	set := func(name string, i int, value string) { form.Set(fmt.Sprintf("%s_%d", name, ids[i]), value) }
	set("study", 0, "good")
	set("gpa", 0, "3.4")
	set("study", 1, "fair")
	set("gpa", 1, "tám")
	set("gpa", 2, "4,5")
	a := browser.Send(path, form)
	if a.Status != http.StatusUnprocessableEntity {
		t.Fatalf("%d", a.Status)
	}
	for _, words := range []string{"Nguyễn Văn Bình: Nhập điểm bằng số", "Nguyễn Văn Công: Điểm trung bình phải từ 0 đến 4", `value="tám"`, `value="4,5"`, `value="3,4"`,
		fmt.Sprintf(`href="#f-gpa_%d"`, ids[1])} {
		if !a.Says(words) {
			t.Errorf("the page does not say %s", words)
		}
	}
	if a.Says("Nguyễn Văn An: ") || a.Says("Nguyễn Văn Dũng: ") {
		t.Error("a good row is refused")
	}
	form = formTo(t, a.Body, path).hidden
	form.Set("scale", "4")
	set("study", 0, "good")
	set("gpa", 0, "3,4")
	set("study", 1, "fair")
	set("gpa", 1, "2,9")
	if a := browser.Send(path, form); a.Status != http.StatusSeeOther || a.Location != path {
		t.Fatalf("mended: %d %s", a.Status, summary(a.Body))
	}
	if a := browser.Look(path); !a.Says("Đã ghi 1 dòng") || !a.Says(`value="2,9"`) {
		t.Error("the mended row is not kept")
	}
	for _, bad := range []string{"?year=x&semester=9", "?year=1800", "?after=-1", "?colour=red"} {
		if a := browser.Look(fmt.Sprintf("/cells/%d/achievements%s", s.Org("LTT"), bad)); a.Status != http.StatusOK {
			t.Errorf("%s: %d", bad, a.Status)
		}
	}
	for username, want := range map[string]int{"bithu.nth": 404, "coso.dh": 404, "kiemtra": 403, "doan.ltt": 200} {
		a := s.SignIn(t, username).Look(path)
		if a.Status != want || a.Says("Nguyễn Văn An") {
			t.Errorf("%s: %d", username, a.Status)
		}
	}
}

func TestCriteriaAreSetAndShownWithThePerson(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Introduced)
	office, secretary := s.SignIn(t, "vanphong"), s.SignIn(t, "bithu.ltt")
	path := fmt.Sprintf("/organisations/%d/criteria", s.Org("K"))
	form := url.Values{"_key": {uuid.NewString()}, "from": {"1/9/2026"}, "study": {"fair"}, "union_months": {"12"}}
	if a := secretary.Send(path, form); a.Status != http.StatusForbidden {
		t.Errorf("a secretary sets the committee's: %d", a.Status)
	}
	if a := office.Send(path, form); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, summary(a.Body))
	}
	for name, tt := range map[string]struct{ field, value, says string }{
		"no day":           {"from", "", "Nhập ngày"},
		"a day too early":  {"from", "1/1/1990", "Ngày phải từ"},
		"too many months":  {"union_months", "1000", "từ 0 đến 120"},
		"a strange rating": {"study", "x", "Chọn một trong các mục"},
	} {
		bad := url.Values{"_key": {uuid.NewString()}, "from": {"1/9/2026"}, "study": {"fair"}, "union_months": {"12"}}
		bad.Set(tt.field, tt.value)
		if a := office.Send(path, bad); a.Status != http.StatusUnprocessableEntity || !strings.Contains(summary(a.Body), tt.says) {
			t.Errorf("%s: %d %s", name, a.Status, summary(a.Body))
		}
	}
	if a := secretary.Look(fmt.Sprintf("/organisations/%d/criteria", s.Org("LTT"))); !a.Says("Học lực từ khá trở lên") || !a.Says("Đảng ủy K") {
		t.Errorf("below: %d", a.Status)
	}
	if a := secretary.Look(personAt(id, "")); !a.Says("Tiêu chí của đơn vị") || !a.Says("Học lực từ khá trở lên; chưa ghi kết quả.") || !a.Says("Vào Đoàn đủ 12 tháng.") {
		t.Errorf("on the page of the person: %d", a.Status)
	}
}

// Every word that is built from a value has both languages.
func TestAchievementsHaveTheirWords(t *testing.T) {
	t.Parallel()
	var keys []string
	for _, r := range party.Ratings {
		keys = append(keys, "study."+string(r), "conduct."+string(r))
	}
	for _, k := range party.TitleKinds {
		keys = append(keys, "kind."+string(k))
	}
	for _, l := range party.TitleLevels {
		keys = append(keys, "level."+string(l))
	}
	for _, s := range party.Semesters {
		keys = append(keys, fmt.Sprintf("semester.%d", s))
	}
	for _, c := range []string{"study", "conduct", "title", "union"} {
		keys = append(keys, "criteria."+c, "criteria."+c+"_met", "asks."+c)
	}
	for _, c := range []string{"study", "conduct", "union"} {
		keys = append(keys, "criteria."+c+"_unknown")
	}
	for _, k := range keys {
		if !ui.Has("achievements." + k) {
			t.Errorf("achievements.%s has no words", k)
		}
	}
}
