package httpd_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"ketnap/internal/access"
	"ketnap/internal/account"
	"ketnap/internal/apptest"
	"ketnap/internal/apptest/server"
	"ketnap/internal/party"
	"ketnap/internal/people"
)

var oneTime = regexp.MustCompile(`[a-z2-9]{4}(-[a-z2-9]{4}){3}`)

func accountAt(s *server.Server, username, rest string) string {
	return fmt.Sprintf("/admin/accounts/%d%s", s.Viewer(username).AccountID, rest)
}

func TestADoubleClickMakesOneAccountWithOnePassword(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	browser := s.SignIn(t, "quantri")
	form := formTo(t, browser.Look("/admin/accounts/new").Body, "/admin/accounts/new").
		filled("username", "Moi.Den", "name", "Người Mới Đến", "role", "secretary", "org", fmt.Sprint(s.Org("LTT")), "from", "1/9/2026")
	first, second := browser.Send("/admin/accounts/new", form), browser.Send("/admin/accounts/new", form)
	if first.Status != http.StatusOK || second.Status != http.StatusOK || second.Header.Get("Cache-Control") == "" {
		t.Fatalf("%d, then %d", first.Status, second.Status)
	}
	if found := browser.Look("/admin/accounts?q=nguoi+moi"); strings.Count(found.Body, ">moi.den<") != 1 {
		t.Error("not exactly one account is listed")
	}
	password := oneTime.FindString(second.Body)
	if a := s.SignIn(t, "").Send("/login", url.Values{"username": {"moi.den"}, "password": {password}}); a.Status != http.StatusOK || !a.Says(`action="/account/password"`) {
		t.Errorf("the password shown last: %d", a.Status)
	}
}

func TestARefusedAccountKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	browser := s.SignIn(t, "quantri")
	form := formTo(t, browser.Look("/admin/accounts/new").Body, "/admin/accounts/new")
	good := []string{"username", "moi.den", "name", "Người Mới Đến", "role", "secretary", "org", fmt.Sprint(s.Org("LTT")), "from", "1/9/2026"}
	for _, wrong := range [][2]string{{"username", "vanphong"}, {"username", "tên có dấu"}, {"name", " "}, {"role", "king"}, {"role", ""},
		{"org", "999999"}, {"org", ""}, {"org", "x"}, {"from", "31/02/2026"}, {"until", "1/8/2026"}, {"until", "hôm qua"}} {
		a := browser.Send("/admin/accounts/new", form.filled(append(good, wrong[0], wrong[1])...))
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(summary(a.Body), "#") || !a.Says("Người Mới Đến") && wrong[0] != "name" || !a.Says("moi.den") && wrong[0] != "username" {
			t.Errorf("%s=%q: %d %s", wrong[0], wrong[1], a.Status, summary(a.Body))
		}
	}
	if a := browser.Look("/admin/accounts?q=moi.den"); a.Says(">moi.den<") {
		t.Error("a refused account was made")
	}
}

func TestAStaleAccountFormKeepsWhatWasTypedAndGoesThroughNext(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	browser, path := s.SignIn(t, "quantri"), accountAt(s, "bithu.ltt", "")
	old, grants := formTo(t, browser.Look(path).Body, path), path+"/grants/new"
	oldGrant := formTo(t, browser.Look(grants).Body, grants)
	id := s.Viewer("bithu.ltt").AccountID
	if err := s.Accounts.Rename(t.Context(), s.Viewer("quantri"), account.Change{ID: id, Version: 1}, "Tên Của Người Khác"); err != nil {
		t.Fatal(err)
	}
	a := browser.Send(path, old.filled("name", "Tên Tôi Gõ"))
	if a.Status != http.StatusConflict || !a.Says(`value="Tên Tôi Gõ"`) || !a.Says("Tên Của Người Khác") {
		t.Fatalf("stale: %d", a.Status)
	}
	if a = browser.Send(path, formTo(t, a.Body, path).filled("name", "Tên Tôi Gõ")); a.Status != http.StatusSeeOther || !browser.Look(path).Says("Tên Tôi Gõ") {
		t.Errorf("sent again: %d", a.Status)
	}
	grant := []string{"role", "checker", "org", fmt.Sprint(s.Org("GD")), "from", "1/12/2026", "until", "31/12/2026"}
	a = browser.Send(grants, oldGrant.filled(grant...))
	if a.Status != http.StatusConflict || !a.Says(`value="31/12/2026"`) {
		t.Fatalf("a stale grant: %d", a.Status)
	}
	if a = browser.Send(grants, formTo(t, a.Body, grants).filled(grant...)); a.Status != http.StatusSeeOther {
		t.Errorf("a grant sent again: %d", a.Status)
	}
	if a = browser.Look(path); !a.Says("01/12/2026") || !a.Says("31/12/2026") {
		t.Error("the last day of the grant is not the one that was typed")
	}
}

func TestAGrantIsRevokedAndAnAccountBlockedAfterAQuestion(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	browser, path := s.SignIn(t, "quantri"), accountAt(s, "bithu.ltt", "")
	a, err := s.Accounts.Find(t.Context(), access.System, "bithu.ltt")
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range []string{fmt.Sprintf("/grants/%d/revoke", a.Grants[0].ID), "/disable", "/enable"} {
		question := browser.Look(path + act)
		if question.Status != http.StatusOK || !question.Says("bithu.ltt") {
			t.Fatalf("%s: %d", act, question.Status)
		}
		form := formTo(t, question.Body, path+act).filled()
		if done := browser.Send(path+act, form); done.Status != http.StatusSeeOther || done.Location != path {
			t.Errorf("%s: %d %s", act, done.Status, done.Location)
		}
	}
	if a, err = s.Accounts.Find(t.Context(), access.System, "bithu.ltt"); err != nil || a.Disabled() || a.Grants[0].HoldsOn(s.Now()) {
		t.Errorf("account %+v, %v", a, err)
	}
	disable := accountAt(s, "quantri", "/disable") // the last one who could undo it
	if a := browser.Send(disable, formTo(t, browser.Look(disable).Body, disable).filled()); a.Status != http.StatusConflict {
		t.Errorf("the last administrator: %d", a.Status)
	}
}

func TestAResetShowsThePasswordOnceAndOnNoAddress(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	browser, path := s.SignIn(t, "quantri"), accountAt(s, "bithu.ltt", "/reset")
	a := browser.Send(path, formTo(t, browser.Look(path).Body, path).filled())
	password := oneTime.FindString(a.Body)
	if a.Status != http.StatusOK || password == "" || a.Location != "" {
		t.Fatalf("%d", a.Status)
	}
	for _, later := range []string{path, accountAt(s, "bithu.ltt", ""), "/admin/accounts", "/admin/audit"} {
		if page := browser.Look(later); page.Says(password) {
			t.Errorf("%s tells the password", later)
		}
	}
	if a := s.SignIn(t, "").Send("/login", url.Values{"username": {"bithu.ltt"}, "password": {apptest.Password}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("the old password: %d", a.Status)
	}
}

var goesOn = regexp.MustCompile(`href="([^"]*before=[^"]*)"`)

// nextOf gives the address where the trail goes on, "" at its end.
func nextOf(body string) string {
	if m := goesOn.FindStringSubmatch(body); m != nil {
		return html.UnescapeString(m[1])
	}
	return ""
}

// The trail is read by people: what was done is told in words, not as it is stored.
func TestTheTrailTellsDetailsInWords(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), "")
	step := people.NewStep{PersonID: id, Version: 1, Kind: party.Introduced, On: party.MustDate("2026-10-01"), Facts: party.IntroductionFacts{Union: "Đoàn trường"}}
	if _, err := s.People.Record(t.Context(), s.Viewer("bithu.ltt"), step); err != nil {
		t.Fatal(err)
	}
	a := s.SignIn(t, "kiemtra").Look("/admin/audit?action=record")
	if !a.Says("Bước: Giới thiệu; Bước số: ") || a.Says("{") && strings.Contains(a.Body, "&#34;kind&#34;") {
		t.Errorf("%d: %s", a.Status, a.Body[strings.Index(a.Body, "<table"):])
	}
}

func TestTheTrailIsFilteredByItsAddress(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	browser := s.SignIn(t, "kiemtra")
	for range 60 {
		s.SignIn(t, "vanphong")
	}
	first := browser.Look("/admin/audit?account=vanphong&action=sign_in")
	next := nextOf(first.Body)
	if first.Status != http.StatusOK || next == "" || !strings.Contains(next, "account=vanphong") {
		t.Fatalf("%d, goes on at %q", first.Status, next)
	}
	second := browser.Look(next)
	if second.Status != http.StatusOK || nextOf(second.Body) != "" || strings.Count(second.Body, "vanphong") < 10 {
		t.Errorf("the second page: %d", second.Status)
	}
	if a := browser.Look("/admin/audit?account=vanphong&action=edit"); a.Status != http.StatusOK || a.Says("<table") {
		t.Errorf("of nothing: %d", a.Status)
	}
	if a := browser.Look("/admin/audit?day=31/02/2026"); a.Status != http.StatusOK || !a.Says("31/02/2026") || !a.Says("Nhập ngày có thật") {
		t.Errorf("a day that is none: %d", a.Status)
	}
}
