package httpd_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/party"
)

var markField = regexp.MustCompile(`name="(mark_\d+)"`)

// fillAndSend looks at a page, fills in its form, chooses people where they are named, and sends it.
func fillAndSend(t *testing.T, b *server.Browser, path string, people []int64, pairs ...string) server.Answer {
	t.Helper()
	page := b.Look(path)
	if page.Status != http.StatusOK {
		t.Fatalf("%s: %d", path, page.Status)
	}
	form := formTo(t, page.Body, path).filled(pairs...)
	if len(people) > 0 {
		form.Del("people")
		for _, id := range people {
			form.Add("people", fmt.Sprint(id))
		}
	}
	return b.Send(path, form)
}

// movedOn gives where an answer leads; a form that came back fails the test.
func movedOn(t *testing.T, a server.Answer) string {
	t.Helper()
	if a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body[strings.Index(a.Body, "<main"):])
	}
	return a.Location
}

// besideField gives what a page says beside one of its fields; "" where it refuses nothing of it.
func besideField(a server.Answer, name string) string {
	m := regexp.MustCompile(`(?s)id="f-` + regexp.QuoteMeta(name) + `-error">.*?</p>`).FindString(a.Body)
	words := regexp.MustCompile(`<span>([^<]*)</span>`).FindStringSubmatch(m)
	if words == nil {
		return ""
	}
	return html.UnescapeString(words[1])
}

// A class from its plan to its certificates and its closing, through the pages.
func TestAClassIsPlannedHeldAndCertifiedThroughThePages(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	first := s.Enter(s.Fields("LTT", "Nguyễn Văn An"), party.Planned)
	second := s.Enter(s.Fields("LTT", "Trần Thị Bình"), party.Planned)
	organiser, secretary := s.SignIn(t, "tuyengiao"), s.SignIn(t, "bithu.ltt")
	send := func(b *server.Browser, path string, people []int64, pairs ...string) server.Answer {
		t.Helper()
		return fillAndSend(t, b, path, people, pairs...)
	}
	done := func(a server.Answer) string {
		t.Helper()
		return movedOn(t, a)
	}
	org := fmt.Sprint(s.Org("K"))
	if a := send(organiser, "/classes/new", nil, "org", org, "number", "02/2026", "starts", "10/10/2026", "ends", "10/10/2026", "pass_mark", "mười"); a.Status != http.StatusUnprocessableEntity || besideField(a, "pass_mark") == "" {
		t.Errorf("a mark that is none: %d", a.Status)
	}
	at := done(send(organiser, "/classes/new", nil, "org", org, "number", "02/2026", "starts", "10/10/2026", "ends", "10/10/2026", "weekdays", "6",
		"part", "day", "kind", "awareness", "attendance_min", "80", "pass_mark", "5"))
	if a := organiser.Look("/classes?state=finished&kind=awareness&year=2026"); !a.Says("02/2026") {
		t.Error("the list does not show the class")
	}
	if a := send(secretary, at+"/nominate", []int64{999999}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("somebody unknown is nominated: %d", a.Status)
	}
	done(send(secretary, at+"/nominate", []int64{first, second}))
	if a := organiser.Look(at); !a.Says("2 người chờ duyệt") {
		t.Error("the class does not tell of those who wait")
	}
	if a := send(organiser, at+"/approval", []int64{first}, "do", "refuse"); a.Status != http.StatusUnprocessableEntity || besideField(a, "reason") == "" {
		t.Errorf("refused without a reason: %d", a.Status)
	}
	done(send(organiser, at+"/approval", []int64{first, second}, "do", "approve"))
	session := regexp.MustCompile(regexp.QuoteMeta(at) + `/attendance/\d+`).FindString(organiser.Look(at).Body)
	done(send(organiser, session, nil, fmt.Sprintf("at_%d", first), "present", fmt.Sprintf("at_%d", second), "absent"))
	if a := secretary.Look(session); !a.Says("Vắng") || a.Says("Lưu điểm danh</") && strings.Contains(a.Body, `type="radio"`) {
		t.Error("the secretary reads the sheet and does not fill it in")
	}
	results := at + "/results"
	pairs := []string{}
	for _, m := range markField.FindAllStringSubmatch(organiser.Look(results).Body, -1) {
		pairs = append(pairs, m[1], "8,5")
	}
	if a := send(organiser, results, nil, pairs[0], "11"); a.Status != http.StatusUnprocessableEntity || besideField(a, pairs[0]) == "" {
		t.Errorf("a mark of eleven: %d", a.Status)
	}
	done(send(organiser, results, nil, pairs...))
	if a := send(organiser, at+"/certificates", nil, "issued_on", "09/10/2026"); a.Status != http.StatusUnprocessableEntity || besideField(a, "issued_on") == "" {
		t.Errorf("issued before the end: %d", a.Status)
	}
	done(send(organiser, at+"/certificates", nil, "issued_on", "01/11/2026"))
	page := organiser.Look(at)
	for _, words := range []string{"001/2026-GCN", "Giỏi", "Chưa đạt", "Dự học dưới mức quy định", "/close"} {
		if !page.Says(words) {
			t.Errorf("the class does not say %q", words)
		}
	}
	done(send(organiser, at+"/close", nil))
	cancel := fmt.Sprintf("%s/people/%d/cancel", at, first)
	if a := send(organiser, cancel, nil); a.Status != http.StatusUnprocessableEntity || besideField(a, "reason") == "" {
		t.Errorf("cancelled without a reason: %d", a.Status)
	}
	done(send(organiser, cancel, nil, "reason", "In sai tên"))
	if a := organiser.Look("/classes/register"); !a.Says("001/2026-GCN") || !a.Says("In sai tên") {
		t.Error("the register does not explain the number")
	}
	if a := organiser.Look(results); a.Status != http.StatusConflict {
		t.Errorf("results of a closed class: %d", a.Status)
	}
	if a := secretary.Look(at); a.Says("/nominate") || a.Status != http.StatusOK {
		t.Error("one is sent to a closed class")
	}
}
