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
)

func TestDossiersGoUpThroughThePages(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	var ids []string
	for _, name := range []string{"Ánh", "Bình", "Cúc"} {
		ids = append(ids, fmt.Sprint(s.Enter(s.Fields("LTT", "Nguyễn Thị "+name), party.CellResolution)))
	}
	cell, base := s.SignIn(t, "bithu.ltt"), s.SignIn(t, "coso.gd")
	page := cell.Look("/submissions/new")
	if !page.Says("Nguyễn Thị Cúc") || !page.Says("Thiếu 1-KNĐ, 2-KNĐ, 3-KNĐ, 5-KNĐ") {
		t.Error("the form does not show whose dossiers may go, or what they lack")
	}
	form := formTo(t, page.Body, "/submissions/new").filled("words", "Đủ hồ sơ")
	if a := cell.Send("/submissions/new", form); a.Status != http.StatusUnprocessableEntity || !strings.Contains(summary(a.Body), "Chọn ít nhất một hồ sơ") || !a.Says("Đủ hồ sơ") {
		t.Fatalf("nobody chosen: %d %s", a.Status, summary(a.Body))
	}
	form["people"] = ids
	if a := cell.Send("/submissions/new", form); a.Status != http.StatusSeeOther {
		t.Fatalf("handed in: %d %s", a.Status, summary(a.Body))
	}
	if again := cell.Look("/submissions/new"); again.Says("Nguyễn Thị Cúc") {
		t.Error("who is on his way is offered once more")
	}
	if work := base.Look("/worklist"); !work.Says("Hồ sơ chờ đồng chí tiếp nhận: 3") {
		t.Error("the work list does not tell of the dossiers")
	}
	queue := base.Look("/submissions")
	if !queue.Says("Nguyễn Thị Ánh") || !queue.Says("ngày làm việc") || !queue.Says("Chờ tiếp nhận") {
		t.Fatal("the queue does not show what waits")
	}
	sub := func(person string) string {
		list, err := s.Submissions.OfPerson(t.Context(), s.Viewer("vanphong"), must(t, person))
		if err != nil || len(list) == 0 {
			t.Fatal(list, err)
		}
		return fmt.Sprint(list[0].ID)
	}
	one := "/submissions/" + sub(ids[2])
	path := "/submissions?tab=mine"
	batch := formTo(t, queue.Body, path).filled("do", "accepted")
	batch["people"] = []string{sub(ids[0]), sub(ids[1])}
	if a := base.Send(path, batch); a.Status != http.StatusSeeOther {
		t.Fatalf("accepted: %d %s", a.Status, summary(a.Body))
	}
	// The same page sent once more, as from a second window: each row says what stands in the way.
	batch.Set("_key", uuid.NewString())
	batch["people"] = []string{sub(ids[0]), sub(ids[2])}
	a := base.Send(path, batch)
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(summary(a.Body), "Nguyễn Thị Ánh") || strings.Contains(summary(a.Body), "Nguyễn Thị Cúc") || !a.Says("vừa xử lý hồ sơ này") {
		t.Fatalf("one of two is stale: %d %s", a.Status, summary(a.Body))
	}
	kept := formTo(t, a.Body, path).filled("do", "accepted", "keep_good", "on")
	kept["people"] = batch["people"]
	if a := base.Send(path, kept); a.Status != http.StatusSeeOther {
		t.Fatalf("the good one is kept: %d %s", a.Status, summary(a.Body))
	}
	open := base.Look(one)
	if !open.Says("Chuyển lên Đảng ủy K") || !open.Says("Hạn quyết định") || !open.Says("4.3.1") || !open.Says("Rút hồ sơ") {
		t.Error("the page of a dossier does not offer what it should")
	}
	back := formTo(t, open.Body, one)
	if a := base.Send(one, back.filled("do", "returned")); a.Status != http.StatusUnprocessableEntity || !strings.Contains(summary(a.Body), "Đánh dấu giấy tờ còn thiếu") {
		t.Fatalf("returned without a word: %d %s", a.Status, summary(a.Body))
	}
	form = back.filled("do", "returned", "words", "Bổ sung trước thứ Sáu")
	form["missing"] = []string{"application", "opinions"}
	if a := base.Send(one, form); a.Status != http.StatusSeeOther {
		t.Fatalf("returned: %d %s", a.Status, summary(a.Body))
	}
	if seen := cell.Look("/submissions?tab=returned"); !seen.Says("thiếu 1-KNĐ, 5-KNĐ") || !seen.Says("Bổ sung trước thứ Sáu") {
		t.Error("the cell does not see why it came back")
	}
	if work := cell.Look("/worklist"); !work.Says("Hồ sơ bị trả lại chi bộ: 1") {
		t.Error("the cell's work list does not tell of the returned dossier")
	}
	if person := cell.Look(personAt(must(t, ids[2]), "")); !person.Says("Trả lại chi bộ, tại Chi bộ LTT từ ngày 23/11/2026") {
		t.Error("the person's page does not tell where the dossier lies")
	}
	again := cell.Look(one)
	if a := cell.Send(one, formTo(t, again.Body, one).filled("do", "handed_in")); a.Status != http.StatusSeeOther {
		t.Fatalf("handed in again: %d %s", a.Status, summary(a.Body))
	}
	if a := base.Send(one, formTo(t, base.Look(one).Body, one).filled("do", "handed_on")); a.Status != http.StatusSeeOther {
		t.Fatalf("handed on: %d %s", a.Status, summary(a.Body))
	}
	if a := s.SignIn(t, "vanphong").Look("/submissions"); !a.Says("Nguyễn Thị Cúc") || a.Says("Nguyễn Thị Bình") {
		t.Error("the committee's queue has not what waits there, and only that")
	}
}

// Whatever is sent, it is answered in words.
func TestBadInputOfSubmissions(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	one := fmt.Sprintf("/submissions/%d", handIn(t, s, s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.CellResolution)))
	browser := s.SignIn(t, "vanphong")
	for _, path := range []string{"/submissions?after=x", "/submissions?after=2026-01-01.0"} {
		if a := browser.Look(path); a.Status != http.StatusUnprocessableEntity && a.Status != http.StatusBadRequest {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	for path, form := range map[string]url.Values{one: {"do": {"burned"}}, one + "?": {"do": {"returned"}, "missing": {"diary"}},
		"/submissions": {"do": {"handed_on"}, "people": {"x"}}, "/submissions/new": {"org": {"999999"}, "kind": {"wedding"}, "people": {"1"}}} {
		if a := browser.Send(path, form); a.Status != http.StatusUnprocessableEntity || !a.Says("<title>Lỗi:") {
			t.Errorf("%s %v: %d", path, form, a.Status)
		}
	}
}

func must(t *testing.T, id string) int64 {
	t.Helper()
	var n int64
	if _, err := fmt.Sscan(id, &n); err != nil {
		t.Fatal(err)
	}
	return n
}
