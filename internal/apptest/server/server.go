// Package server serves the pages of a test's installation, for tests over HTTP and in a browser.
package server

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/httpd"
)

// Server is a served installation.
type Server struct {
	*apptest.House
	URL string
	t   testing.TB
}

// New serves a new installation until the test ends.
func New(t testing.TB) *Server {
	t.Helper()
	return Serve(t, apptest.New(t))
}

// Serve serves an installation until the test ends.
func Serve(t testing.TB, h *apptest.House) *Server {
	t.Helper()
	handler, err := httpd.New(httpd.Deps{Services: h.Services, DB: h.DB, Today: h.Now, SignInsPerMinute: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return &Server{House: h, URL: s.URL, t: t}
}

// Browser is a client with cookies, as one account.
type Browser struct {
	*http.Client
	url string
	t   testing.TB
}

// Visit gives a browser of nobody's on the pages at an address.
func Visit(t testing.TB, url string) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	follow := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Browser{Client: &http.Client{Jar: jar, CheckRedirect: follow}, url: url, t: t}
}

// SignIn gives a browser that is signed in; with "" it is nobody's.
func (s *Server) SignIn(t testing.TB, username string) *Browser {
	t.Helper()
	b := Visit(t, s.URL)
	if username != "" {
		if a := b.Send("/login", url.Values{"username": {username}, "password": {apptest.Password}}); a.Status != http.StatusSeeOther {
			t.Fatalf("sign-in as %s: %d", username, a.Status)
		}
	}
	return b
}

// Answer is what came back; redirects are not followed.
type Answer struct {
	Status   int
	Location string
	Body     string
	Header   http.Header
}

// Says tells whether the page has some words.
func (a Answer) Says(words string) bool { return strings.Contains(a.Body, words) }

// Look gets a page.
func (b *Browser) Look(path string) Answer {
	b.t.Helper()
	return b.do(http.MethodGet, path, nil)
}

// Send posts a form.
func (b *Browser) Send(path string, form url.Values) Answer {
	b.t.Helper()
	return b.do(http.MethodPost, path, form)
}

func (b *Browser) do(method, path string, form url.Values) Answer {
	b.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return b.Ask(r)
}

// Ask sends a request that is not what a page would send.
func (b *Browser) Ask(r *http.Request) Answer {
	b.t.Helper()
	answer, err := b.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return Answer{Status: answer.StatusCode, Location: answer.Header.Get("Location"), Body: string(text), Header: answer.Header}
}
