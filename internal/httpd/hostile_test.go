package httpd_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ketnap/internal/access"
	"ketnap/internal/apptest/server"
	"ketnap/internal/party"
)

// hostile are values that somebody may send in any field, whatever the page offers.
var hostile = []string{"", " ", "-1", "0", "99999999999", "99999999999999999999", "1e400", "0x10", "NaN", "31/02/2024", "01/01/0001",
	"31/12/9999", "9999-12-31", "2024-13-45", "<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "' or '1'='1' --", "{{.}}", "%s%n",
	"../../etc/passwd", "\u202etxt.exe\u2066", "e\u0301\u0323", "\U0001F600", strings.Repeat("ế", 5000), "yes", "member", "1"}

// notText are values that are no text; they are refused before anything looks at them.
var notText = []string{"\xff\xfe", "a\x00b", "\xc3", "\xed\xa0\x80"}

// able gives the browser of somebody who has the right of a route.
func (w *walk) able(t *testing.T, browsers map[string]*server.Browser, action access.Action) *server.Browser {
	t.Helper()
	for _, username := range []string{"vanphong", "bithu.ltt", "quantri", "tuyengiao", "kiemtra", "doan.ltt"} {
		if action == access.SignedIn || w.Viewer(username).May(action) {
			if browsers[username] == nil {
				browsers[username] = w.SignIn(t, username)
			}
			return browsers[username]
		}
	}
	t.Fatalf("nobody may %s", action)
	return nil
}

// eachForm calls fn with every form of every page that somebody may open, once.
func (w *walk) eachForm(t *testing.T, fn func(b *server.Browser, f shownForm)) {
	t.Helper()
	browsers, seen := map[string]*server.Browser{}, map[string]bool{"/logout": true, "/account/password": true}
	count := 0
	for _, route := range w.routes {
		if route.Method != http.MethodGet || route.Action == access.Public {
			continue
		}
		kinds := []string{""}
		if strings.Contains(route.Pattern, "{kind}") {
			kinds = nil
			for _, k := range party.StepKinds {
				kinds = append(kinds, string(k))
			}
		}
		for _, kind := range kinds {
			path := w.address(strings.Replace(route.Pattern, "{kind}", kind, 1))
			b := w.able(t, browsers, route.Action)
			for _, f := range formsOf(b.Look(path).Body) {
				if !seen[f.action] {
					seen[f.action] = true
					count++
					fn(b, f)
				}
			}
		}
	}
	if count < 20 {
		t.Errorf("only %d forms were found", count)
	}
}

func TestNoFormFailsWhateverIsTyped(t *testing.T) {
	t.Parallel()
	w := newWalk(t)
	w.eachForm(t, func(b *server.Browser, f shownForm) {
		for _, value := range hostile {
			all := f.filled()
			for _, name := range f.fields {
				all.Set(name, value)
			}
			if a := b.Send(f.action, all); a.Status >= 500 {
				t.Errorf("%s with %.30q in every field: %d", f.action, value, a.Status)
			} else if a.Says("<script>alert") || a.Says("<img src=x") {
				t.Errorf("%s gives %.30q back as it is", f.action, value)
			}
			for name := range f.hidden {
				if a := b.Send(f.action, f.filled(name, value)); a.Status >= 500 {
					t.Errorf("%s with %s=%.30q: %d", f.action, name, value, a.Status)
				}
			}
		}
		for _, value := range notText {
			for _, name := range append(f.fields, "_key") {
				if a := b.Send(f.action, f.filled(name, value)); a.Status != http.StatusBadRequest {
					t.Errorf("%s with %q in %s: %d", f.action, value, name, a.Status)
				}
			}
		}
	})
}

func TestNoFormTakesThreeMegabytes(t *testing.T) {
	t.Parallel()
	w := newWalk(t)
	large := strings.Repeat("a", 3<<20)
	w.eachForm(t, func(b *server.Browser, f shownForm) {
		if a := b.Send(f.action, f.filled("name", large)); a.Status != http.StatusRequestEntityTooLarge || !a.Says("1.024 KB") {
			t.Errorf("%s: %d", f.action, a.Status)
		}
	})
	for _, path := range []string{"/login", "/account/password"} { // which carry a kept form
		for _, size := range []int{3 << 20, 5 << 20} {
			a := w.SignIn(t, "vanphong").Send(path, url.Values{"username": {large}, "password": {large}, "current": {large}, "new": {strings.Repeat("a", size)}})
			if a.Status != http.StatusUnprocessableEntity && a.Status != http.StatusRequestEntityTooLarge {
				t.Errorf("%s with %d bytes: %d", path, size, a.Status)
			}
		}
	}
}

// parameters are all that any list understands, and one that none does.
var parameters = []string{"q", "org", "stage", "category", "kind", "term", "as_of", "day", "year", "month", "figure", "before", "after", "role",
	"state", "account", "action", "entity", "id", "next", "token", "page", "khong_co"}

func TestNoPageFailsWhateverItsAddressSays(t *testing.T) {
	t.Parallel()
	w := newWalk(t)
	browsers := map[string]*server.Browser{}
	for _, route := range w.routes {
		if route.Method != http.MethodGet || route.Action == access.Public {
			continue
		}
		b, path := w.able(t, browsers, route.Action), w.address(route.Pattern)
		for _, value := range hostile {
			all := url.Values{}
			for _, name := range parameters {
				all.Set(name, value)
				if len(value) > 100 {
					all.Set(name, value[:300]) // together no longer than servers take
				}
			}
			if a := b.Look(path + "?" + all.Encode()); a.Status >= 500 {
				t.Errorf("%s with %.30q in every parameter: %d", path, value, a.Status)
			} else if a.Says("<script>alert") || a.Says("<img src=x") {
				t.Errorf("%s gives %.30q back as it is", path, value)
			}
		}
		for _, query := range []string{"q=%ff", "q=a%00b", "%fe=1", "q=%zz", "q=1;x=2"} {
			if a := b.Look(path + "?" + query); a.Status != http.StatusBadRequest {
				t.Errorf("%s?%s: %d", path, query, a.Status)
			}
		}
		for name, value := range map[string]string{"{id}": "99999999999999999999", "{step}": "0", "{kind}": "%F0%9F%98%80", "{session}": "-1", "{grant}": "x", "{day}": "2024-02-31"} {
			if strings.Contains(route.Pattern, name) {
				wrong := w.address(strings.Replace(route.Pattern, name, value, 1))
				if a := b.Look(wrong); a.Status != http.StatusNotFound {
					t.Errorf("%s: %d", wrong, a.Status)
				}
			}
		}
	}
}

func TestAnUnknownParameterIsNamed(t *testing.T) {
	t.Parallel()
	w := newWalk(t)
	browsers := map[string]*server.Browser{}
	for path, action := range map[string]access.Action{"/people": access.PeopleRead, "/worklist": access.PeopleRead, "/dashboard": access.PeopleRead,
		"/organisations": access.OrganisationsRead, "/classes": access.ClassesRead, "/admin/accounts": access.AccountsEdit,
		"/admin/audit": access.AuditRead, "/admin/regulations": access.RegulationsRead, "/admin/calendar": access.RegulationsRead, "/account": access.SignedIn} {
		a := w.able(t, browsers, action).Look(path + "?trang=7&%3Cb%3E=1")
		if a.Status != http.StatusOK || !a.Says("Địa chỉ có phần không dùng đến, đã bỏ qua: &lt;b&gt;, trang") {
			t.Errorf("%s: %d, or the parameters are not named", path, a.Status)
		}
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	browser := s.SignIn(t, "vanphong")
	for _, path := range []string{"/khong-co", "/people/x", "/people/0", "/people/-1", "/people/1/", "/People", "/admin", "/static/khong-co.css", "/.env", "/people/1%2F..%2F2"} {
		if a := browser.Look(path); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	for _, path := range []string{"/%ff", "/people/%c3%28", "/a%00b"} {
		if a := browser.Look(path); a.Status != http.StatusBadRequest {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	if a := browser.Look("/khong-co"); !a.Says("Không tìm thấy") || !a.Says(`href="/"`) {
		t.Error("the page does not say what to do")
	}
	a := browser.Send("/people", url.Values{})
	if a.Status != http.StatusMethodNotAllowed || a.Header.Get("Allow") != http.MethodGet {
		t.Errorf("POST of a list: %d, allowed %q", a.Status, a.Header.Get("Allow"))
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch, "NONSENSE"} {
		if a := ask(t, s, method, "/people", "", nil); a.Status != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", method, a.Status)
		}
	}
}

func TestAFormFromAnotherSiteIsRefused(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	browser := s.SignIn(t, "quantri")
	form := formTo(t, browser.Look("/admin/terms/new").Body, "/admin/terms/new")
	body := form.filled("code", "2030-2035", "name", "Nhiệm kỳ gửi từ nơi khác", "starts", "01/07/2030", "ends", "30/06/2035").Encode()
	send := func(header ...string) server.Answer {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/admin/terms/new", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		return browser.Ask(r)
	}
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://example.org"}, {"Origin", "null"}} {
		if a := send(header...); a.Status != http.StatusForbidden || !a.Says("gửi từ một trang khác") {
			t.Errorf("%v: %d", header, a.Status)
		}
	}
	if browser.Look("/admin/terms").Says("gửi từ nơi khác") {
		t.Fatal("a refused form was carried out")
	}
	if a := send("Sec-Fetch-Site", "same-origin", "Origin", s.URL); a.Status != http.StatusSeeOther {
		t.Errorf("from its own page: %d", a.Status)
	}
}

func TestABodyThatIsNoForm(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	browser := s.SignIn(t, "quantri")
	for kind, body := range map[string]string{"application/x-www-form-urlencoded": "name=%zz", "application/json": `{"name": "x"}`,
		"text/plain": "name=x", "multipart/form-data; boundary=x": "--x\r\n", "multipart/form-data": "", "nonsense;;": "name=x", "": "name=x"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/admin/terms/new", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", kind)
		if a := browser.Ask(r); a.Status < 400 || a.Status >= 500 {
			t.Errorf("%q: %d", kind, a.Status)
		}
	}
}

var (
	inline  = regexp.MustCompile(`(?i)\sstyle="|\son[a-z]+="|<style|<script>|<script [^s]|href="javascript:`)
	foreign = regexp.MustCompile(`(?:src|href|action)="(?:https?:)?//`)
)

// The policy forbids inline code and foreign hosts, and no page needs either.
func TestPagesStayWithinTheirContentPolicy(t *testing.T) {
	t.Parallel()
	w := newWalk(t)
	browsers := map[string]*server.Browser{}
	check := func(path string, a server.Answer) {
		t.Helper()
		policy := strings.Split(a.Header.Get("Content-Security-Policy"), "; ")
		for _, part := range []string{"default-src 'none'", "style-src 'self'", "script-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !slices.Contains(policy, part) {
				t.Errorf("%s: the policy has no %s", path, part)
			}
		}
		if all := strings.Join(policy, " "); strings.Contains(all, "unsafe") || strings.Contains(all, "*") || strings.Contains(all, "http") {
			t.Errorf("%s: %s", path, all)
		}
		if a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("Referrer-Policy") != "same-origin" || a.Header.Get("X-Request-Id") == "" {
			t.Errorf("%s lacks a header: %v", path, a.Header)
		}
		if found := append(inline.FindAllString(a.Body, -1), foreign.FindAllString(a.Body, -1)...); len(found) > 0 {
			t.Errorf("%s: %q", path, found)
		}
	}
	for _, route := range w.routes {
		if route.Method == http.MethodGet && route.Action != access.Public {
			path := w.address(route.Pattern)
			check(path, w.able(t, browsers, route.Action).Look(path))
		}
	}
	nobody := w.SignIn(t, "")
	for _, path := range []string{"/login", "/people", "/khong-co", "/healthz", "/readyz", "/%ff", "/static/khong-co"} {
		check(path, nobody.Look(path))
	}
}

func TestPagesWithPeopleAreNotKeptOnTheWay(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Introduced)
	for _, path := range []string{"/people", fmt.Sprintf("/people/%d", id), "/worklist"} {
		a := s.SignIn(t, "vanphong").Look(path)
		if control := a.Header.Get("Cache-Control"); !strings.Contains(control, "private") || !slices.Contains(a.Header.Values("Vary"), "Cookie") {
			t.Errorf("%s: %d, Cache-Control %q, Vary %q", path, a.Status, control, a.Header.Values("Vary"))
		}
	}
}
