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
	"ketnap/internal/review"
	"ketnap/web/ui"
)

// sheet is the form of a review as a browser would send it.
type sheet struct {
	url.Values
	action string
}

// sheetOf reads the form of a review's page and fills in a period and what a browser chooses itself.
func sheetOf(t *testing.T, body, action string) sheet {
	t.Helper()
	form := formTo(t, body, action)
	out := sheet{form.hidden, form.action}
	out.Set("period", "2026-1")
	for _, id := range form.hidden["person"] {
		out.Set("outcome_"+id, "keep")
	}
	return out
}

func (s sheet) say(id int64, outcome, reason string) {
	s.Set(fmt.Sprintf("outcome_%d", id), outcome)
	s.Set(fmt.Sprintf("reason_%d", id), reason)
}

func TestAReviewFromTheSheetToThePapers(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	s.Enter(s.Fields("LTT", "Nguyễn Văn Giữ"), party.ClassResult)
	drop := s.Enter(s.Fields("LTT", "Nguyễn Văn Thôi"), party.Planned)
	add := s.Enter(s.Fields("LTT", "Nguyễn Văn Thêm"), party.Introduced)
	young := s.Fields("LTT", "Nguyễn Văn Trẻ")
	young.BirthDate = party.MustDate("2008-12-15")
	s.Enter(young, party.Planned)
	browser := s.SignIn(t, "bithu.ltt")
	start := browser.Look("/reviews/new")
	path := fmt.Sprintf("/reviews/new?org=%d", s.Org("LTT"))
	for _, words := range []string{"Nguyễn Văn Giữ", "Đang trong quy hoạch (3)", "Có thể đưa vào (1)", "Đủ 18 tuổi ngày 15/12/2026", "Giấy chứng nhận có giá trị đến 20/03/2031"} {
		if !start.Says(words) {
			t.Errorf("the sheet does not say %s", words)
		}
	}
	form := sheetOf(t, start.Body, path)
	form.say(add, "add", "")
	form.say(drop, "drop", "Chuyển trường")
	form.Set("minutes_no", "12-BB/CB")
	form.Set("met_on", "15/12/2026")
	form.Set("do", "day")
	a := browser.Send(path, form.Values)
	if a.Status != http.StatusSeeOther || !strings.HasSuffix(a.Location, "?on=2026-12-15") {
		t.Fatalf("%d %s %s", a.Status, a.Location, summary(a.Body))
	}
	at, _, _ := strings.Cut(a.Location, "?")
	draft := browser.Look(a.Location)
	if draft.Says("Đủ 18 tuổi ngày") || !draft.Says("đến ngày 15/12/2026") || !draft.Says(`value="Chuyển trường"`) || !draft.Says(`value="12-BB/CB"`) {
		t.Error("as of another day: not what it should say")
	}
	if again := browser.Look(path); again.Status != http.StatusSeeOther || again.Location != at {
		t.Errorf("begun once more: %d %s", again.Status, again.Location)
	}
	if board := browser.Look("/reviews"); !board.Says("Bản nháp") || !board.Says(`href="`+at+`"`) {
		t.Error("the draft is not on the board")
	}
	if foreign := s.SignIn(t, "bithu.nth"); foreign.Look(at).Status != http.StatusNotFound || foreign.Look(path).Status != http.StatusNotFound {
		t.Error("another cell's secretary sees the draft")
	}
	form = sheetOf(t, draft.Body, at)
	form.say(add, "add", "")
	form.say(drop, "drop", "Chuyển trường")
	for name, value := range map[string]string{"met_on": "20/11/2026", "minutes_no": "12-BB/CB", "resolution_no": "08-NQ/CB", "do": "hold", "confirmed": "on"} {
		form.Set(name, value)
	}
	if a := browser.Send(at, form.Values); a.Status != http.StatusSeeOther || a.Location != at {
		t.Fatalf("held: %d %s", a.Status, summary(a.Body))
	}
	if a := browser.Look(at); !a.Says("giữ 2, đưa vào 1, đưa ra 1") || !a.Says("Chuyển trường") || a.Says("<form class=\"form") {
		t.Error("the held review does not say what was held")
	}
	for paper, words := range map[string][]string{
		"/minutes":    {"12-BB/CB", "Chi bộ LTT", "Nguyễn Văn Thêm", "Chuyển trường", "Nguyễn Văn Giữ", "Người ghi biên bản", "20/11/2026"},
		"/resolution": {"08-NQ/CB", "Chi bộ LTT", "Nguyễn Văn Thêm", "Chuyển trường", "Bí thư chi bộ"},
	} {
		a := browser.Look(at + paper)
		for _, w := range words {
			if a.Status != http.StatusOK || !a.Says(w) {
				t.Errorf("%s: %d, does not say %s", paper, a.Status, w)
			}
		}
	}
	if a := browser.Look(personAt(add, "")); !a.Says("Trong quy hoạch") || !a.Says("08-NQ/CB") {
		t.Error("who was added is not planned")
	}
	if a := browser.Send(at, form.Values); a.Status != http.StatusConflict {
		t.Errorf("held once more: %d", a.Status)
	}
}

// A refused review comes back with everything that was typed, and its errors beside their rows.
func TestARefusedReviewKeepsEverything(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	planned, other := s.Enter(s.Fields("LTT", "Nguyễn Văn Hoạch"), party.Planned), s.Enter(s.Fields("LTT", "Nguyễn Văn Thêm"), party.Introduced)
	browser := s.SignIn(t, "bithu.ltt")
	path := fmt.Sprintf("/reviews/new?org=%d", s.Org("LTT"))
	shown := browser.Look(path)
	send := func(change func(sheet)) server.Answer {
		form := sheetOf(t, shown.Body, path)
		form.Set("_key", uuid.NewString())
		form.Set("met_on", "20/11/2026")
		form.Set("minutes_no", "12-BB/CB")
		form.Set("do", "hold")
		form.Set("confirmed", "on")
		form.say(other, "add", "")
		change(form)
		return browser.Send(path, form.Values)
	}
	for name, tt := range map[string]struct {
		change func(sheet)
		field  string
		says   string
	}{
		"dropped without a reason": {func(f sheet) { f.say(planned, "drop", " ") }, fmt.Sprintf("reason_%d", planned), "Nguyễn Văn Hoạch: Ghi lý do"},
		"a reason too long":        {func(f sheet) { f.say(planned, "drop", strings.Repeat("ă", 501)) }, fmt.Sprintf("reason_%d", planned), "dài quá"},
		"added twice":              {func(f sheet) { f.say(planned, "add", "") }, fmt.Sprintf("outcome_%d", planned), "Nguyễn Văn Hoạch: Đã ghi bước"},
		"a strange outcome":        {func(f sheet) { f.say(planned, "promote", "") }, fmt.Sprintf("outcome_%d", planned), "Chọn một trong các mục"},
		"not confirmed":            {func(f sheet) { f.Del("confirmed") }, "confirmed", "Đánh dấu là chi bộ đã họp"},
		"no day":                   {func(f sheet) { f.Set("met_on", "") }, "met_on", "Nhập ngày"},
		"a day that is none":       {func(f sheet) { f.Set("met_on", "31/2/2026") }, "met_on", "Nhập ngày có thật"},
		"tomorrow":                 {func(f sheet) { f.Set("met_on", "24/11/2026") }, "met_on", "không thể sau hôm nay"},
		"another period":           {func(f sheet) { f.Set("period", "x") }, "period", "Chọn một trong các mục"},
		"a number too long":        {func(f sheet) { f.Set("minutes_no", strings.Repeat("x", 41)) }, "minutes_no", "dài quá"},
	} {
		a := send(tt.change)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(summary(a.Body), tt.says) || !a.Says("<title>Lỗi:") {
			t.Errorf("%s: %d %s", name, a.Status, summary(a.Body))
		}
		if !strings.Contains(summary(a.Body), `href="#f-`+tt.field) || !a.Says(`id="f-`+tt.field+`"`) {
			t.Errorf("%s: the summary does not lead to %s", name, tt.field)
		}
		added := fmt.Sprintf(`name="outcome_%d" value="add" checked`, other)
		if !a.Says(added) || tt.field != "minutes_no" && !a.Says(`value="12-BB/CB"`) {
			t.Errorf("%s: what was typed is gone", name)
		}
	}
	board, err := s.Reviews.Board(t.Context(), s.Viewer("bithu.ltt"), 0, review.Cursor{})
	if err != nil || len(board.Drafts)+len(board.Held) != 0 {
		t.Errorf("a refused review left %+v, %v", board, err)
	}
	for name, tt := range map[string]struct {
		value  string
		status int
	}{"malformed text": {"\xff", 400}, "a NUL": {"a\x00b", 400}, "3 MB": {strings.Repeat("ă", 3<<19), 413}} {
		if a := send(func(f sheet) { f.say(planned, "drop", tt.value) }); a.Status != tt.status {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
}

func TestAStaleDraftKeepsWhatWasTypedAndThenGoesThrough(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	planned := s.Enter(s.Fields("LTT", "Nguyễn Văn Hoạch"), party.Planned)
	path := fmt.Sprintf("/reviews/new?org=%d", s.Org("LTT"))
	first, second := s.SignIn(t, "bithu.ltt"), s.SignIn(t, "coso.gd")
	one, two := sheetOf(t, first.Look(path).Body, path), sheetOf(t, second.Look(path).Body, path)
	two.Set("do", "draft")
	if a := second.Send(path, two.Values); a.Status != http.StatusSeeOther {
		t.Fatalf("%d", a.Status)
	}
	one.Set("do", "draft")
	one.say(planned, "drop", "Chuyển trường")
	a := first.Send(path, one.Values)
	if a.Status != http.StatusConflict || !a.Says("Người khác vừa bắt đầu") || !a.Says(`value="Chuyển trường"`) {
		t.Fatalf("begun by two: %d %s", a.Status, summary(a.Body))
	}
	at := formsOf(a.Body)[len(formsOf(a.Body))-1].action
	one = sheetOf(t, a.Body, at)
	one.Set("do", "draft")
	one.say(planned, "drop", "Chuyển trường")
	if a := first.Send(at, one.Values); a.Status != http.StatusSeeOther || a.Location != at {
		t.Fatalf("sent once more: %d %s", a.Status, a.Location)
	}
	one.Set("_key", uuid.NewString())
	a = first.Send(at, one.Values)
	if a.Status != http.StatusConflict || !a.Says("Tài khoản bithu.ltt") || hidden(a.Body, "_version") != "2" {
		t.Errorf("from an old version: %d %s", a.Status, summary(a.Body))
	}
}

func TestTheBoardShowsWhoIsLateAndLeadsToTheSheet(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	s.Enter(s.Fields("LTT", "Nguyễn Văn Hoạch"), party.Planned)
	for username, edits := range map[string]bool{"vanphong": true, "coso.gd": true, "bithu.ltt": true, "kiemtra": false, "lanhdao": false} {
		a := s.SignIn(t, username).Look("/reviews")
		if a.Status != http.StatusOK || !a.Says("Chi bộ chậm rà soát") || !a.Says("Chưa rà soát lần nào") || !a.Says("Tài khoản bithu.ltt") {
			t.Errorf("%s: %d", username, a.Status)
		}
		if link := fmt.Sprintf(`href="/reviews/new?org=%d"`, s.Org("LTT")); a.Says(link) != edits || a.Says(`href="/reviews/new"`) != edits {
			t.Errorf("%s: led to the sheet: %v", username, a.Says(link))
		}
	}
	office := s.SignIn(t, "vanphong")
	for path, want := range map[string]int{"/reviews?org=x": 200, "/reviews?org=999999": 404, "/reviews?after=x": 422, "/reviews?colour=red": 200,
		fmt.Sprintf("/reviews?org=%d", s.Org("DH")): 200, "/reviews/new": 200, fmt.Sprintf("/reviews/new?org=%d", s.Org("GD")): 200,
		"/reviews/new?org=999999": 404, fmt.Sprintf("/reviews/new?org=%d&on=x", s.Org("LTT")): 200, "/reviews/999999": 404, "/reviews/x": 404, "/reviews/0/minutes": 404} {
		if a := office.Look(path); a.Status != want {
			t.Errorf("%s: %d, want %d", path, a.Status, want)
		}
	}
	if a := office.Look(fmt.Sprintf("/reviews?org=%d", s.Org("DH"))); a.Says("Chi bộ LTT</a>") || !a.Says("Không có chi bộ nào chậm") {
		t.Error("narrowed to another branch it still shows the cell")
	}
}

func TestReviewsHaveTheirWords(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"period.0", "period.1", "period.2", "outcome.keep", "outcome.add", "outcome.drop", "outcome.leave", "paper.added", "paper.dropped", "paper.kept"} {
		if !ui.Has("reviews." + key) {
			t.Errorf("reviews.%s has no words", key)
		}
	}
}
