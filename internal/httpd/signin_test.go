package httpd_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"ketnap/internal/access"
	"ketnap/internal/account"
	"ketnap/internal/app"
	"ketnap/internal/apptest"
	"ketnap/internal/apptest/server"
	"ketnap/internal/httpd"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

const sessionCookie = "ketnap"

// endSessions ends all sessions as time does.
func endSessions(t *testing.T, s *server.Server) {
	t.Helper()
	err := s.DB.WriteSystem(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Exec(ctx, `update sessions set expires_at = now() - interval '1 second'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// signInWith sends the sign-in form of a page.
func signInWith(t *testing.T, b *server.Browser, page server.Answer, username, password string) server.Answer {
	t.Helper()
	return b.Send("/login", formTo(t, page.Body, "/login").filled("username", username, "password", password))
}

// resetPassword gives an account a one-time password.
func resetPassword(t *testing.T, s *server.Server, username string) string {
	t.Helper()
	a, err := s.Accounts.Find(t.Context(), access.System, username)
	if err != nil {
		t.Fatal(err)
	}
	issued, err := s.Accounts.Reset(t.Context(), s.Viewer("quantri"), account.Change{ID: a.ID, Version: a.Version})
	if err != nil {
		t.Fatal(err)
	}
	return issued.Password
}

// cookieOf gives a browser's session cookie.
func cookieOf(t *testing.T, s *server.Server, b *server.Browser) string {
	t.Helper()
	at, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range b.Jar.Cookies(at) {
		if c.Name == sessionCookie {
			return c.Value
		}
	}
	return ""
}

// withCookie asks for a page with a session cookie of one's own making.
func withCookie(t *testing.T, s *server.Server, path, value string) server.Answer {
	t.Helper()
	return ask(t, s, http.MethodGet, path, "", http.Header{"Cookie": {sessionCookie + "=" + value}})
}

// ask sends what no browser would.
func ask(t *testing.T, s *server.Server, method, path, body string, header http.Header) server.Answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	return s.SignIn(t, "").Ask(r)
}

func TestWhatWasTypedComesBackAfterSigningInAgain(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	browser := s.SignIn(t, "quantri")
	form := formTo(t, browser.Look("/admin/terms/new").Body, "/admin/terms/new")
	endSessions(t, s)
	typed := form.filled("code", "2030-2035", "name", `Nhiệm kỳ "mới" <2030>`, "starts", "01/07/2030", "ends", "31/02/2035")

	page := browser.Send("/admin/terms/new", typed)
	if page.Status != http.StatusUnauthorized {
		t.Fatalf("after the session ended: %d", page.Status)
	}
	page = signInWith(t, browser, page, "quantri", "sai mat khau")
	if page.Status != http.StatusUnprocessableEntity {
		t.Fatalf("with a wrong password: %d", page.Status)
	}
	page = signInWith(t, browser, page, "quantri", apptest.Password)
	if page.Status != http.StatusOK {
		t.Fatalf("signed in again: %d %s", page.Status, page.Location)
	}
	again := formTo(t, page.Body, "/admin/terms/new").filled()
	for name := range typed {
		if again.Get(name) != typed.Get(name) {
			t.Errorf("%s was %q and is %q", name, typed.Get(name), again.Get(name))
		}
	}

	page = browser.Send("/admin/terms/new", again) // the day that is none is refused as ever, with all that was typed
	if page.Status != http.StatusUnprocessableEntity || !page.Says(`value="31/02/2035"`) || !page.Says("Nhiệm kỳ &#34;mới&#34; &lt;2030&gt;") {
		t.Fatalf("sent on: %d", page.Status)
	}
	again.Set("ends", "30/06/2035")
	if page = browser.Send("/admin/terms/new", again); page.Status != http.StatusSeeOther {
		t.Fatalf("put right: %d", page.Status)
	}
	if !browser.Look("/admin/terms").Says("&lt;2030&gt;") {
		t.Error("the term is not there")
	}
}

// Who signs in instead sends the form on with his own rights, not those of the one who typed it.
func TestAKeptFormIsSentOnWithTheRightsOfWhoSignsIn(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	browser := s.SignIn(t, "quantri")
	form := formTo(t, browser.Look("/admin/terms/new").Body, "/admin/terms/new")
	endSessions(t, s)
	page := browser.Send("/admin/terms/new", form.filled("code", "2030-2035", "name", "Nhiệm kỳ", "starts", "01/07/2030", "ends", "30/06/2035"))
	page = signInWith(t, browser, page, "doan.ltt", apptest.Password)
	if a := browser.Send("/admin/terms/new", formTo(t, page.Body, "/admin/terms/new").filled()); a.Status != http.StatusForbidden {
		t.Errorf("sent on by somebody without the right: %d", a.Status)
	}
}

func TestAPasswordIsNeverWrittenIntoAPage(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	browser := s.SignIn(t, "bithu.ltt")
	const secret = "hoa sen tren ho Tay"
	endSessions(t, s)
	page := browser.Send("/account/password", url.Values{"current": {apptest.Password}, "new": {secret}, "again": {secret}})
	if page.Status != http.StatusUnauthorized || page.Says(apptest.Password) || page.Says(secret) {
		t.Errorf("password change after the session ended: %d, old %v, new %v", page.Status, page.Says(apptest.Password), page.Says(secret))
	}
	page = signInWith(t, browser, page, "bithu.ltt", apptest.Password)
	if page.Status != http.StatusSeeOther || page.Location != "/account/password" {
		t.Errorf("signed in again: %d %s", page.Status, page.Location)
	}
	for _, form := range []url.Values{{"current": {"sai mat khau ay"}, "new": {secret}, "again": {secret}}, {"current": {apptest.Password}, "new": {secret}, "again": {"khac"}}} {
		page := browser.Send("/account/password", form)
		if page.Status != http.StatusUnprocessableEntity || page.Says(secret) || page.Says(form.Get("current")) {
			t.Errorf("refused: %d", page.Status)
		}
	}
}

func TestSigningInLeadsToTheAddressAskedForAndNeverElsewhere(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	browser := s.SignIn(t, "")
	a := browser.Look("/people?q=anh&stage=planned")
	if a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, "/login?next=") {
		t.Fatalf("%d %s", a.Status, a.Location)
	}
	if a = signInWith(t, browser, browser.Look(a.Location), "vanphong", apptest.Password); a.Location != "/people?q=anh&stage=planned" {
		t.Errorf("led to %s", a.Location)
	}
	for _, next := range []string{"//example.org/", "https://example.org/", `/\example.org`, "javascript:alert(1)", "/\t/example.org", "example.org", "%2f%2fexample.org"} {
		fields := url.Values{"username": {"vanphong"}, "password": {apptest.Password}, "next": {next}, "_kept_path": {next}, "kept:q": {"x"}}
		if a := s.SignIn(t, "").Send("/login", fields); a.Status != http.StatusSeeOther || a.Location != "/worklist" {
			t.Errorf("next %q leads to %d %q", next, a.Status, a.Location)
		}
	}
}

func TestAForgedSessionIsNobodys(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	token := cookieOf(t, s, s.SignIn(t, "vanphong"))
	if a := withCookie(t, s, "/people", token); a.Status != http.StatusOK {
		t.Fatalf("the true cookie: %d", a.Status)
	}
	for _, forged := range []string{"x", token[:len(token)-1], token + "A", strings.ToLower(token), strings.Repeat("A", len(token)),
		"' or '1'='1", "%00", "\xff\xfe", strings.Repeat("A", 8000), `"` + token[1:] + `"`} {
		if a := withCookie(t, s, "/people", forged); a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, "/login") {
			t.Errorf("cookie %.60q: %d %s", forged, a.Status, a.Location)
		}
	}
}

func TestASessionKnownBeforeSigningInIsWorthNothing(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	browser := s.SignIn(t, "vanphong")
	before := cookieOf(t, s, browser)
	if a := browser.Send("/login", url.Values{"username": {"quantri"}, "password": {apptest.Password}}); a.Status != http.StatusSeeOther {
		t.Fatalf("signing in anew: %d", a.Status)
	}
	after := cookieOf(t, s, browser)
	if after == before || withCookie(t, s, "/account", before).Status != http.StatusSeeOther || withCookie(t, s, "/account", after).Status != http.StatusOK {
		t.Error("the old session goes on")
	}
	browser.Send("/logout", url.Values{})
	if withCookie(t, s, "/account", after).Status != http.StatusSeeOther || cookieOf(t, s, browser) != "" {
		t.Error("the session goes on after signing out")
	}
}

func TestTheSessionCookieIsKeptFromScriptsAndOtherSites(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	a := s.SignIn(t, "").Send("/login", url.Values{"username": {"vanphong"}, "password": {apptest.Password}})
	cookie := a.Header.Get("Set-Cookie")
	for _, part := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("%s is missing in %s", part, strings.SplitN(cookie, ";", 2)[1])
		}
	}
	handler, err := httpd.New(httpd.Deps{Services: s.Services, DB: s.DB, Today: s.Now, SecureCookies: true})
	if err != nil {
		t.Fatal(err)
	}
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/login", strings.NewReader(url.Values{"username": {"vanphong"}, "password": {apptest.Password}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	handler.ServeHTTP(w, r)
	if cookie := w.Header().Get("Set-Cookie"); !strings.HasPrefix(cookie, "__Host-ketnap=") || !strings.Contains(cookie, "Secure") || w.Header().Get("Strict-Transport-Security") == "" {
		t.Errorf("%d behind HTTPS", w.Code)
	}
}

func TestTooManyWrongPasswordsAreToldHowLongToWait(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	browser := s.SignIn(t, "")
	for range 5 {
		a := browser.Send("/login", url.Values{"username": {"vanphong"}, "password": {"sai mat khau"}})
		if a.Status != http.StatusUnprocessableEntity || !a.Says("error-summary") || !a.Says(`value="vanphong"`) {
			t.Fatalf("a wrong password: %d", a.Status)
		}
	}
	a := browser.Send("/login", url.Values{"username": {"vanphong"}, "password": {apptest.Password}})
	if a.Status != http.StatusTooManyRequests || a.Header.Get("Retry-After") == "" || !a.Says("15 phút") {
		t.Errorf("%d, Retry-After %q", a.Status, a.Header.Get("Retry-After"))
	}
}

func TestAOneTimePasswordIsChangedBeforeAnythingElse(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	password, browser := resetPassword(t, s, "quantri"), s.SignIn(t, "")
	page := browser.Send("/login", url.Values{"username": {"quantri"}, "password": {password}, "next": {"/admin/terms"}})
	if page.Status != http.StatusOK {
		t.Fatalf("signed in: %d", page.Status)
	}
	for _, path := range []string{"/", "/admin/terms", "/admin/accounts", "/account"} {
		if a := browser.Look(path); a.Status != http.StatusSeeOther || a.Location != "/account/password" {
			t.Errorf("%s before the change: %d %s", path, a.Status, a.Location)
		}
	}
	if a := browser.Send("/admin/terms/new", url.Values{"code": {"2030-2035"}}); a.Status != http.StatusForbidden || !a.Says(`name="kept:code" value="2030-2035"`) {
		t.Errorf("a form before the change: %d", a.Status)
	}
	form := formTo(t, page.Body, "/account/password")
	page = browser.Send("/account/password", form.filled("current", password, "new", "hoa sen tren ho", "again", "hoa sen tren ho"))
	if page.Status != http.StatusSeeOther || page.Location != "/admin/terms" {
		t.Errorf("changed: %d %s", page.Status, page.Location)
	}
	if a := browser.Look("/admin/terms"); a.Status != http.StatusOK {
		t.Errorf("after the change: %d", a.Status)
	}
}

func TestADisabledAccountIsOutAtOnce(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	admin, browser := s.SignIn(t, "quantri"), s.SignIn(t, "vanphong")
	path := fmt.Sprintf("/admin/accounts/%d/disable", s.Viewer("vanphong").AccountID)
	form := formTo(t, admin.Look(path).Body, path)
	if a := admin.Send(path, form.filled()); a.Status != http.StatusSeeOther {
		t.Fatalf("disable: %d", a.Status)
	}
	if a := browser.Look("/people"); a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, "/login") {
		t.Errorf("the page after: %d %s", a.Status, a.Location)
	}
	if a := browser.Send("/login", url.Values{"username": {"vanphong"}, "password": {apptest.Password}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("signing in: %d", a.Status)
	}
}

func TestOneSignsOutOtherDevices(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	here, there := s.SignIn(t, "vanphong"), s.SignIn(t, "vanphong")
	if a := here.Send("/account/sessions/revoke-others", url.Values{}); a.Status != http.StatusSeeOther {
		t.Fatalf("%d", a.Status)
	}
	if here.Look("/account").Status != http.StatusOK || there.Look("/account").Status != http.StatusSeeOther {
		t.Error("not exactly the other device was signed out")
	}
}

// fresh serves an installation that nobody has set up. token is asked when it is not empty.
func fresh(t *testing.T, token string) *httptest.Server {
	t.Helper()
	db := postgres.NewTestDB(t)
	today := func() party.Date { return apptest.Today }
	services, err := app.New(db, []byte("0123456789abcdef0123456789abcdef"), today)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := httpd.New(httpd.Deps{Services: services, DB: db, Today: today, SetupToken: token})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s
}

func TestAnEmptyInstallationIsSetUpThroughItsForm(t *testing.T) {
	t.Parallel()
	browser := server.Visit(t, fresh(t, "").URL)
	for _, path := range []string{"/", "/people", "/login", "/khong-co"} {
		if a := browser.Look(path); a.Status != http.StatusSeeOther || a.Location != "/setup" {
			t.Errorf("%s: %d %s", path, a.Status, a.Location)
		}
	}
	form := formTo(t, browser.Look("/setup").Body, "/setup")
	good := []string{"org_name", "Đảng ủy phường Mẫu", "org_code", "MAU", "org_kind", string(party.UpperCommittee), "term_name", "2025–2030",
		"term_from", "1/7/2025", "term_until", "30/6/2030", "name", "Người Quản Trị", "username", "quantri",
		"password", "hoa sen tren ho", "password_again", "hoa sen tren ho"}
	if a := browser.Send("/setup", form.filled(append(good, "term_until", "31/02/2030")...)); a.Status != http.StatusUnprocessableEntity ||
		!a.Says(`value="31/02/2030"`) || !a.Says("Đảng ủy phường Mẫu") || a.Says("hoa sen") {
		t.Errorf("a day that is none: %d", a.Status)
	}
	if a := browser.Send("/setup", form.filled(good...)); a.Status != http.StatusSeeOther {
		t.Fatalf("set up: %d", a.Status)
	}
	if a := browser.Look("/organisations"); a.Status != http.StatusOK || !a.Says("Đảng ủy phường Mẫu") {
		t.Errorf("signed in as the administrator: %d", a.Status)
	}
	if a := browser.Look("/setup"); a.Status != http.StatusSeeOther {
		t.Errorf("the set-up afterwards: %d", a.Status)
	}
	if a := browser.Send("/setup", form.filled(append(good, "username", "kevao")...)); a.Status != http.StatusConflict {
		t.Errorf("set up again: %d", a.Status)
	}
}

func TestAnInstallationReachedFromElsewhereAsksForItsToken(t *testing.T) {
	t.Parallel()
	browser := server.Visit(t, fresh(t, "BIMAT").URL)
	for _, path := range []string{"/setup", "/setup?token=bimat", "/setup?token="} {
		if a := browser.Look(path); a.Status != http.StatusForbidden {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	if a := browser.Send("/setup", url.Values{"token": {"x"}}); a.Status != http.StatusForbidden {
		t.Errorf("a wrong token: %d", a.Status)
	}
	a := browser.Look("/setup?token=BIMAT")
	if a.Status != http.StatusOK || formTo(t, a.Body, "/setup").hidden.Get("token") != "BIMAT" {
		t.Errorf("the token: %d", a.Status)
	}
}
