package httpd_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"ketnap/internal/access"
	"ketnap/internal/account"
	"ketnap/internal/apptest"
	"ketnap/internal/apptest/server"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// setting is a form of the rooms that an installation is set up in: who fills it in where, what is
// in order there, and what is refused.
type setting struct {
	username string
	page     string   // that shows the form
	action   string   // where it is sent, if elsewhere
	good     []string // fields in order, by turns name and value
	kept     string   // one of the values, shown again whatever is refused
	leads    string   // where a saved form leads
	refused  []refusal
}

type refusal struct{ field, value, says string }

// settingsOf gives every form of organisations, terms, regulations and the calendar.
func settingsOf(t *testing.T, s *server.Server) map[string]setting {
	t.Helper()
	attributes := []string{"name", "Chi bộ Trường Mới", "code", "MOI", "kind", "cell", "school", "upper_secondary"}
	cell := append(attributes[:len(attributes):len(attributes)], "from", "1/9/2024", "number", "12-QĐ/ĐU", "decided_on", "25/8/2024", "issuer", "Đảng ủy Khối")
	long := strings.Repeat("ă", 400)
	founded := []refusal{{"from", "31/02/2024", "Nhập ngày có thật"}, {"from", "", "Nhập ngày"}, {"from", "01/01/1800", "Ngày phải từ"},
		{"number", "", "Nhập số quyết định"}, {"issuer", "", "Nhập cơ quan ban hành"}, {"decided_on", "", "Nhập ngày"}, {"decided_on", "31/02/2024", "Nhập ngày có thật"}}
	about := []refusal{{"name", "  ", "Nhập tên tổ chức"}, {"name", long, "dài quá"}, {"code", "", "Nhập mã tổ chức"}, {"code", "NTH", "Chi bộ NTH"},
		{"kind", "", "Chọn loại tổ chức"}, {"kind", "army", "Chọn loại tổ chức"}, {"school", "circus", "Chọn một trong các mục"}}
	term := []string{"code", "2030-2035", "name", "Nhiệm kỳ 2030-2035", "starts", "01/07/2030", "ends", "30/06/2035"}
	ofTerm := []refusal{{"code", "", "Nhập mã nhiệm kỳ"}, {"code", "nhiệm kỳ", "chữ không dấu"}, {"code", "2020-2025", "đã có"}, {"name", "", "Nhập tên nhiệm kỳ"},
		{"starts", "", "Nhập ngày bắt đầu"}, {"starts", "30/02/2030", "Nhập ngày có thật"}, {"ends", "", "Nhập ngày kết thúc"},
		{"ends", "30/06/2029", "phải sau ngày bắt đầu"}, {"ends", "30/06/2045", "dài nhất 10 năm"}, {"starts", "01/01/1700", "Ngày phải từ"}}
	rule := []string{"value", "55", "option", party.AgeByDay, "from", "01/01/1990", "until", "31/12/1995", "document", "12-QĐ/TW", "issued", "1/12/1989",
		"clause", "3", "confidence", "V"}
	ofRule := []refusal{{"value", "", "Nhập một số"}, {"value", "-1", "Nhập một số"}, {"value", "tám", "Nhập một số"}, {"value", "5000", "Nhập một số"},
		{"option", "by_moon", "Chọn một trong các mục"}, {"from", "", "Nhập ngày"}, {"from", "hôm nay", "Nhập ngày có thật"}, {"from", "1/1/1900", "Ngày phải từ 03/02/1930"},
		{"until", "31/12/1989", "phải từ ngày 01/01/1990"}, {"until", "31/12/2024", "Trùng thời gian"}, {"document", "", "Nhập số, ký hiệu"},
		{"document", long, "dài quá"}, {"issued", "", "Nhập ngày"}, {"clause", long, "dài quá"}, {"confidence", "", "Chọn một trong các mục"}}
	terms, err := s.Organisations.Terms(t.Context(), s.Viewer("quantri"))
	if err != nil {
		t.Fatal(err)
	}
	var oldTerm string
	for _, x := range terms {
		if x.Code == "2025-2030" {
			oldTerm = fmt.Sprintf("/admin/terms/%d", x.ID)
		}
	}
	firstRule := fmt.Sprintf("/admin/regulations/%d", ruleNumber(t, s, party.AgeMax))
	org := strconv.Itoa(int(s.Org("LTT")))
	return map[string]setting{
		"new organisation": {"vanphong", "/organisations/new", "", append([]string{"parent", strconv.Itoa(int(s.Org("GD")))}, cell...), "Chi bộ Trường Mới", "/organisations/",
			append([]refusal{{"parent", "", "Chọn tổ chức cấp trên"}, {"parent", "999999", "Chọn tổ chức cấp trên"}, {"parent", "x", "Chọn một trong các mục"},
				{"parent", org, "không trực thuộc"}, {"from", "31/12/2009", "cấp trên có từ 01/01/2010"}}, append(about[:len(about):len(about)], founded...)...)},
		"an organisation": {"vanphong", "/organisations/" + org + "/edit", "", attributes, "Chi bộ Trường Mới", "/organisations/" + org,
			append([]refusal{{"kind", "upper_committee", "không trực thuộc"}}, about...)},
		"an alteration": {"vanphong", "/organisations/" + org + "/reorganise?kind=alter", "/organisations/" + org + "/reorganise",
			[]string{"name", "Chi bộ Trường Mới", "code", "MOI", "kind_now", "cell", "school", "college", "on", "1/9/2026", "number", "12-QĐ/ĐU", "decided_on", "25/8/2026", "issuer", "Đảng ủy Khối", "do", "carry"},
			"Chi bộ Trường Mới", "/reorganisations/",
			[]refusal{{"name", " ", "Nhập tên tổ chức"}, {"name", long, "dài quá"}, {"code", "NTH", "đang dùng mã này"}, {"kind_now", "army", "Chọn loại tổ chức"},
				{"kind_now", "upper_committee", "không thể trực thuộc loại"}, {"school", "circus", "Chọn một trong các mục"}, {"on", "", "Nhập ngày"}, {"on", "31/02/2026", "Nhập ngày có thật"},
				{"on", "01/01/2030", "không được sau hôm nay"}, {"number", "", "Nhập số quyết định"}, {"decided_on", "", "Nhập ngày"}, {"issuer", "", "Nhập cơ quan ban hành"}}},
		"new term": {"quantri", "/admin/terms/new", "", term, "Nhiệm kỳ 2030-2035", "/admin/terms",
			append([]refusal{{"starts", "01/07/2029", "Trùng ngày với nhiệm kỳ 2025-2030"}}, ofTerm...)},
		"a term": {"quantri", oldTerm, "", term, "Nhiệm kỳ 2030-2035", "/admin/terms", ofTerm},
		"new value": {"quantri", "/admin/regulations/new?rule=" + string(party.AgeMax), "/admin/regulations/new", rule, "12-QĐ/TW", "/admin/regulations",
			append([]refusal{{"rule", "age.best", ""}}, ofRule...)},
		"a value": {"quantri", firstRule, "", rule, "12-QĐ/TW", "/admin/regulations", ofRule},
		"taking a value out": {"quantri", firstRule + "/remove", "", []string{"reason", "Nhập nhầm hai lần"}, "", "/admin/regulations",
			[]refusal{{"reason", " ", "Nhập lý do"}, {"reason", strings.Repeat("ă", 501), "dài quá"}}},
		"a day": {"quantri", "/admin/calendar", "", []string{"day", "3-3-2027", "kind", "holiday", "name", "Nghỉ bù"}, "Nghỉ bù", "/admin/calendar?year=2027",
			[]refusal{{"day", "", "Nhập ngày"}, {"day", "30/02/2027", "Nhập ngày có thật"}, {"day", "06/03/2027", "vốn đã nghỉ"}, {"kind", "working", "thứ Bảy hoặc Chủ nhật"},
				{"kind", "feast", "Chọn một trong các mục"}, {"name", "", "Nhập tên gọi"}, {"name", long, "dài quá"}}},
	}
}

// ruleNumber gives the oldest value of a rule.
func ruleNumber(t *testing.T, s *server.Server, id party.RuleID) (number int64) {
	t.Helper()
	rules, err := s.Regulations.Rules(t.Context(), s.Viewer("quantri"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules {
		if r.Rule.ID == id {
			number = r.ID
		}
	}
	return number
}

func (f setting) to() string {
	if f.action != "" {
		return f.action
	}
	return f.page
}

// shown opens the page and gives its form with everything in order but for some changes.
func (f setting) shown(t *testing.T, b *server.Browser, changes ...string) url.Values {
	t.Helper()
	page := b.Look(f.page)
	if page.Status != http.StatusOK {
		t.Fatalf("%s: %d", f.page, page.Status)
	}
	return formTo(t, page.Body, f.to()).filled(append(f.good, changes...)...)
}

// changes counts what the audit knows of changes in these rooms.
func changes(t *testing.T, s *server.Server) (n int) {
	t.Helper()
	err := s.DB.WriteSystem(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		return tx.QueryRow(ctx, `select count(*) from audit_entries where entity in ('organisation', 'term', 'rule', 'calendar')`).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Each refused input gets the form again with its own words beside the field, keeps what was typed
// and changes nothing.
func TestRefusedInputOfTheSettings(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	before := changes(t, s)
	for name, f := range settingsOf(t, s) {
		browser := s.SignIn(t, f.username)
		for _, bad := range f.refused {
			a := browser.Send(f.to(), f.shown(t, browser, bad.field, bad.value))
			what := fmt.Sprintf("%s, %s %.20q", name, bad.field, bad.value)
			if bad.says == "" {
				if a.Status != http.StatusNotFound && a.Status != http.StatusUnprocessableEntity {
					t.Errorf("%s: %d", what, a.Status)
				}
				continue
			}
			if a.Status != http.StatusUnprocessableEntity || !strings.Contains(summary(a.Body), bad.says) || !a.Says("<title>Lỗi:") {
				t.Errorf("%s: %d %s", what, a.Status, summary(a.Body))
				continue
			}
			if !a.Says(`id="f-`+bad.field) || !strings.Contains(summary(a.Body), `href="#f-`) || !a.Says(`class="field-error"`) {
				t.Errorf("%s: the words do not stand beside a field: %s", what, summary(a.Body))
			}
			if f.kept != "" && bad.value != "" && !a.Says(f.kept) && bad.field != "name" && bad.field != "document" {
				t.Errorf("%s: what was typed is gone", what)
			}
			if typed := strings.TrimSpace(bad.value); !strings.HasPrefix(bad.field, "kind") && bad.field != "school" && bad.field != "option" && bad.field != "parent" &&
				bad.field != "confidence" && typed != "" && !a.Says(typed) {
				t.Errorf("%s: the refused value itself is gone", what)
			}
		}
	}
	if n := changes(t, s) - before; n != 0 {
		t.Errorf("%d changes were recorded by refused forms", n)
	}
}

// A form in order is saved, once however often it is sent.
func TestADoubleClickOnASettingSavesOnce(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	for _, name := range []string{"new organisation", "an organisation", "new term", "a day", "new value", "a value", "taking a value out"} {
		f := settingsOf(t, s)[name]
		switch name {
		case "an organisation":
			f.good = append(f.good, "code", "LTT-MOI", "name", "Chi bộ LTT mới")
		case "a value":
			f.good = append(f.good, "from", "01/01/1980", "until", "31/12/1985")
		}
		browser := s.SignIn(t, f.username)
		form, before := f.shown(t, browser), changes(t, s)
		first := browser.Send(f.to(), form)
		again := browser.Send(f.to(), form)
		if first.Status != http.StatusSeeOther || !strings.HasPrefix(first.Location, f.leads) {
			t.Errorf("%s: %d %s %s", name, first.Status, first.Location, summary(first.Body))
		}
		if again.Status != http.StatusSeeOther || again.Location != first.Location {
			t.Errorf("%s sent again: %d %s, at first %s", name, again.Status, again.Location, first.Location)
		}
		if n := changes(t, s) - before; n != 1 {
			t.Errorf("%s: %d changes of one form", name, n)
		}
		if a := browser.Look(first.Location); a.Status != http.StatusOK || f.kept != "" && name != "an organisation" && !a.Says(f.kept) {
			t.Errorf("%s: %d, the saved page does not show %q", name, a.Status, f.kept)
		}
	}
}

// Who saves a form that was shown before somebody else's change is told who and what, keeps what he
// typed, and may save it from there.
func TestAStaleSettingKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	for _, name := range []string{"an organisation", "a term", "a value"} {
		f := settingsOf(t, s)[name]
		first, second := s.SignIn(t, f.username), s.SignIn(t, f.username)
		mine, other := f.shown(t, first), f.shown(t, second)
		for field, value := range map[string]string{"name": "Của người khác", "document": "99-QĐ/TW"} {
			if other.Has(field) {
				other.Set(field, value)
			}
		}
		if a := second.Send(f.to(), other); a.Status != http.StatusSeeOther {
			t.Fatalf("%s, the first to save: %d %s", name, a.Status, summary(a.Body))
		}
		a := first.Send(f.to(), mine)
		if a.Status != http.StatusConflict || !a.Says("Tài khoản "+f.username) || !a.Says(f.kept) || !a.Says("Của người khác") && !a.Says("99-QĐ/TW") {
			t.Errorf("%s, the second: %d %s", name, a.Status, summary(a.Body))
			continue
		}
		retry := formTo(t, a.Body, f.to()).filled(f.good...)
		if a := first.Send(f.to(), retry); a.Status != http.StatusSeeOther {
			t.Errorf("%s, saved from the page shown: %d %s", name, a.Status, summary(a.Body))
		}
	}
	f := settingsOf(t, s)["taking a value out"]
	browser := s.SignIn(t, "quantri")
	late := f.shown(t, browser)
	edit := settingsOf(t, s)["a value"]
	if a := browser.Send(edit.to(), edit.shown(t, browser, "value", "54")); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, summary(a.Body))
	}
	a := browser.Send(f.to(), late)
	if a.Status != http.StatusConflict || !a.Says("Nhập nhầm hai lần") || !a.Says("54 ") {
		t.Errorf("taking out what was changed since: %d, keeps the reason: %v", a.Status, a.Says("Nhập nhầm hai lần"))
	} else if a := browser.Send(f.to(), formTo(t, a.Body, f.to()).filled(f.good...)); a.Status != http.StatusSeeOther {
		t.Errorf("taken out from the page shown: %d %s", a.Status, summary(a.Body))
	}
}

// Settings of an organisation are changed by those it is under, and nobody else learns of it.
func TestSettingsOfOtherOrganisations(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	err := s.DB.WriteSystem(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		hash, err := s.Accounts.Hash(ctx, apptest.Password)
		if err != nil {
			return err
		}
		_, err = s.Accounts.Provision(ctx, tx, access.System, "vanphong.gd", "Văn phòng GD", hash,
			account.NewGrant{Role: access.Staff, OrgID: s.Org("GD"), From: party.MustDate("2010-01-01")})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	at := func(code, rest string) string { return fmt.Sprintf("/organisations/%d%s", s.Org(code), rest) }
	for username, paths := range map[string]map[string]int{
		"vanphong.gd": {at("LTT", ""): 200, at("LTT", "/edit"): 200, at("GD", "/edit"): 200, at("SVKT", ""): 404, at("SVKT", "/edit"): 404, at("K", "/edit"): 404,
			"/organisations/999999": 404, "/organisations/x": 404, "/organisations/999999/edit": 404, "/admin/terms": 403, "/admin/regulations/1": 403, "/admin/regulations": 200},
		"bithu.nth": {at("NTH", ""): 200, at("LTT", ""): 404, at("SVKT", ""): 404, at("NTH", "/edit"): 403, "/organisations/new": 403, "/admin/terms/1": 403, "/admin/calendar": 200},
		"quantri": {at("LTT", ""): 200, "/admin/terms/999999": 404, "/admin/regulations/999999": 404, "/admin/regulations/x/remove": 404, "/admin/regulations/new?rule=age.best": 200,
			"/admin/calendar?year=1": 200, "/admin/calendar?year=x": 200, "/organisations?day=31/02/2026": 200, "/organisations?day=2009-12-31": 200, "/admin/regulations?day=x": 200},
	} {
		browser := s.SignIn(t, username)
		for path, want := range paths {
			if a := browser.Look(path); a.Status != want || want != 200 && a.Says("SVKT") {
				t.Errorf("%s as %s: %d, want %d", path, username, a.Status, want)
			}
		}
	}
	lower, before := s.SignIn(t, "vanphong.gd"), changes(t, s)
	f := settingsOf(t, s)["new organisation"]
	for _, code := range []string{"DH", "K"} {
		a := lower.Send(f.to(), f.shown(t, lower, "parent", strconv.Itoa(int(s.Org(code)))))
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(summary(a.Body), "Chọn tổ chức cấp trên") || a.Says("Đảng bộ DH") {
			t.Errorf("below %s: %d %s", code, a.Status, summary(a.Body))
		}
	}
	if a := lower.Send(at("SVKT", "/edit"), f.shown(t, lower)); a.Status != http.StatusNotFound {
		t.Errorf("editing another's: %d", a.Status)
	}
	if n := changes(t, s) - before; n != 0 {
		t.Errorf("%d changes out of scope", n)
	}
}
