package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"ketnap/internal/demo"
)

// clerk is a browser of the demo's committee staff.
type clerk struct {
	*http.Client
	url string
}

func signIn(t *testing.T, base string) *clerk {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &clerk{Client: &http.Client{Jar: jar, Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, url: base}
	if status, _, err := c.send("/login", url.Values{"username": {"vanphong"}, "password": {demo.Password}}); err != nil || status != http.StatusSeeOther {
		t.Fatalf("sign-in: %d, %v", status, err)
	}
	return c
}

func (c *clerk) send(path string, form url.Values) (status int, location string, err error) {
	answer, err := c.PostForm(c.url+path, form)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = answer.Body.Close() }()
	_, err = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, answer.Header.Get("Location"), err
}

func (c *clerk) page(t *testing.T, path string) string {
	t.Helper()
	answer, err := c.Get(c.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", path, answer.StatusCode, err)
	}
	return string(text)
}

var cellOption = regexp.MustCompile(`<option value="(\d+)"`)

// registrations are forms of a hundred people, each with its key.
func registrations(t *testing.T, c *clerk) []url.Values {
	t.Helper()
	cell := cellOption.FindStringSubmatch(c.page(t, "/people/new"))
	if cell == nil {
		t.Fatal("the form offers no cell")
	}
	forms := make([]url.Values, 100)
	for i := range forms {
		forms[i] = url.Values{"_key": {uuid.NewString()}, "org": {cell[1]}, "full_name": {nameOf(i)}, "birth_date": {"01/02/2005"}, "category": {"student"}}
	}
	return forms
}

func nameOf(i int) string { return fmt.Sprintf("Thử Ghi Qkz%03d", i) }

// killAll ends the program and its database the hard way.
func (s *running) killAll(t *testing.T, dir string) {
	t.Helper()
	if err := errors.Join(s.Process.Kill(), syscall.Kill(databasePid(t, dir), syscall.SIGKILL)); err != nil {
		t.Fatal(err)
	}
	<-s.done
}

// A hundred people are being entered when program and database are killed. Whatever was answered
// as done is there, nothing is there twice although everything is sent again, and what is stored
// is what the steps say.
func TestNothingAnsweredIsLostAndNothingIsTwiceAfterAKill(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	s := serve(t, dir, "--demo")
	c := signIn(t, s.url)
	forms := registrations(t, c)
	done := make([]bool, len(forms))
	var answered atomic.Int64
	enough := make(chan struct{})
	var wg sync.WaitGroup
	for i, form := range forms {
		wg.Go(func() {
			status, _, err := c.send("/people/new", form)
			done[i] = err == nil && status == http.StatusSeeOther
			if done[i] && answered.Add(1) == 30 {
				close(enough)
			}
		})
	}
	select {
	case <-enough:
	case <-time.After(patience):
		t.Fatalf("only %d answered", answered.Load())
	}
	s.killAll(t, dir)
	wg.Wait()

	s = serve(t, dir, "--demo")
	c = signIn(t, s.url)
	for i := range forms {
		if n := strings.Count(c.page(t, "/people?q="+url.QueryEscape(nameOf(i))), ">"+nameOf(i)+"</a>"); n > 1 || done[i] && n != 1 {
			t.Errorf("%s, answered as done: %v, is there %d times", nameOf(i), done[i], n)
		}
	}
	for i, form := range forms {
		if status, _, err := c.send("/people/new", form); err != nil || status != http.StatusSeeOther {
			t.Errorf("sending %d again: %d, %v", i, status, err)
		}
		if n := strings.Count(c.page(t, "/people?q="+url.QueryEscape(nameOf(i))), ">"+nameOf(i)+"</a>"); n != 1 {
			t.Errorf("%s sent again is there %d times", nameOf(i), n)
		}
	}
	out, err := ketnap(t, dir, "127.0.0.1:0", "check").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "check: clean") {
		t.Errorf("check: %v\n%s", err, out)
	}
	if err := s.end(t, os.Interrupt); err != nil {
		t.Errorf("the end: %v", err)
	}
}
