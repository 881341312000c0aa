package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"time"

	"ketnap/internal/app"
	"ketnap/internal/demo"
	"ketnap/internal/httpd"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// house is an installation of one size, served.
type house struct {
	people  int
	db      *postgres.DB
	s       *app.Services
	server  *httptest.Server
	cases   []page
	browser map[string]*http.Client // signed in, by username
	dir     string
}

// secret protects what nobody needs protected: everybody here is invented.
const secret = "only for the bench, nobody is real"

func today() party.Date { return party.DateOf(time.Now()) }

// open fills a database of the size, or takes the one of an earlier run, and serves it.
func open(ctx context.Context, dir string, n int) (*house, error) {
	db, err := postgres.Open(ctx, postgres.Config{DataDir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	h := &house{people: n, db: db, browser: map[string]*http.Client{}, dir: dir}
	if err := h.furnish(ctx); err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

func (h *house) furnish(ctx context.Context) error {
	if err := h.db.Migrate(ctx); err != nil {
		return err
	}
	var err error
	if h.s, err = app.New(h.db, []byte(secret), today); err != nil {
		return err
	}
	if err := h.s.Regulations.Seed(ctx); err != nil {
		return err
	}
	began := time.Now()
	if err := demo.Fill(ctx, h.db, h.s); err != nil {
		return err
	}
	if err := h.multiply(ctx); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%d people are there after %s\n", h.people, time.Since(began).Round(time.Second))
	handler, err := httpd.New(httpd.Deps{Services: h.s, DB: h.db, Today: today, SignInsPerMinute: 1 << 20})
	if err != nil {
		return err
	}
	h.server = httptest.NewServer(handler)
	return h.choosePages(ctx)
}

// check recomputes everything that was filled in.
func (h *house) check(ctx context.Context) error {
	people, err := h.s.People.Check(ctx)
	if err != nil {
		return err
	}
	counts, err := h.s.Reports.CheckCounts(ctx)
	if err != nil {
		return err
	}
	orgs, err := h.s.Organisations.CheckProjection(ctx)
	if err != nil {
		return err
	}
	if len(people)+len(counts)+len(orgs) > 0 {
		return fmt.Errorf("what was filled in is not what the steps say: %v %v %v", first(people), first(counts), first(orgs))
	}
	fmt.Fprintf(os.Stderr, "%d people: check is clean\n", h.people)
	return nil
}

func first[T any](list []T) []T { return list[:min(len(list), 3)] }

func (h *house) close() {
	if h.server != nil {
		h.server.Close()
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	h.db.Close(ctx)
}

// as gives a browser that is signed in.
func (h *house) as(username string) (*http.Client, error) {
	if c := h.browser[username]; c != nil {
		return c, nil
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	c := &http.Client{Jar: jar, Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 64},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := c.PostForm(h.server.URL+"/login", url.Values{"username": {username}, "password": {demo.Password}})
	if err != nil {
		return nil, err
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther {
		return nil, errors.New("sign-in as " + username + ": " + answer.Status)
	}
	h.browser[username] = c
	return c, nil
}
