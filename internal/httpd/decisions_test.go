package httpd_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/ceremony"
	"ketnap/internal/decision"
	"ketnap/internal/party"
)

// decideAndPlan decides on people who wait for it, and plans their ceremony.
func decideAndPlan(t *testing.T, s *server.Server, ids ...int64) (decided, planned int64) {
	t.Helper()
	done, err := s.Decisions.Issue(t.Context(), s.Viewer("vanphong"), decision.Issue{People: ids, Fields: decision.Fields{OrgID: s.Org("K"),
		Kind: decision.Admission, IssuedOn: party.MustDate("2026-06-10"), Suffix: "-QĐ/ĐU", Decider: "upper_standing_committee"}})
	if err != nil {
		t.Fatal(err)
	}
	planned, err = s.Ceremonies.Plan(t.Context(), s.Viewer("vanphong"), ceremony.Planning{People: ids,
		Fields: ceremony.Fields{OrgID: s.Org("LTT"), PlannedOn: party.MustDate("2026-07-01"), Place: "Hội trường"}})
	if err != nil {
		t.Fatal(err)
	}
	return done.ID, planned
}

// someWaiting enters people of the cell LTT who wait for the decision on their admission.
func someWaiting(s *server.Server, n int) (ids []int64, values []string) {
	for i := range n {
		id := s.Enter(s.Fields("LTT", fmt.Sprintf("Nguyễn Văn Chờ %d", i+1)), party.Endorsed)
		ids, values = append(ids, id), append(values, fmt.Sprint(id))
	}
	return ids, values
}

func TestADecisionIsPreparedIssuedAndCancelled(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	_, values := someWaiting(s, 2)
	b := s.SignIn(t, "vanphong")
	page := b.Look("/decisions/new?on=10/06/2026")
	if page.Status != http.StatusOK || !page.Says("Nguyễn Văn Chờ 1") || !page.Says("Nguyễn Văn Chờ 2") {
		t.Fatalf("%d", page.Status)
	}
	form := formTo(t, page.Body, "/decisions/new").filled("issued_on", "10/06/2026", "suffix", "-QĐ/ĐU", "decider", "upper_standing_committee")
	form["people"] = values
	done := b.Send("/decisions/new", form)
	again := b.Send("/decisions/new", form)
	if done.Status != http.StatusSeeOther || again.Location != done.Location {
		t.Fatalf("%d %s; again %d %s", done.Status, done.Location, again.Status, again.Location)
	}
	page = b.Look(done.Location)
	for _, words := range []string{"1-QĐ/ĐU", "cho 2 người", "Nguyễn Văn Chờ 1", "Lập kế hoạch lễ kết nạp", "/cancel"} {
		if !page.Says(words) {
			t.Errorf("the decision does not say %q", words)
		}
	}
	if page = b.Look("/decisions?number=1-qd&year=2026&kind=admission"); !page.Says("1-QĐ/ĐU") || !page.Says("2 người") {
		t.Errorf("the register: %d", page.Status)
	}
	page = b.Look(done.Location + "/cancel")
	form = formTo(t, page.Body, done.Location+"/cancel").filled("issued_on", "01/07/2026", "suffix", "-QĐ/ĐU")
	form["people"] = values[:1]
	if page = b.Send(done.Location+"/cancel", form); page.Status != http.StatusUnprocessableEntity || !page.Says("f-reason") {
		t.Errorf("without a reason: %d", page.Status)
	}
	form.Set("reason", "Sai thẩm quyền")
	if page = b.Send(done.Location+"/cancel", form); page.Status != http.StatusSeeOther {
		t.Fatalf("cancel: %d", page.Status)
	}
	if page = b.Look(done.Location); !page.Says("Đã hủy với 1 người") || !page.Says("2-QĐ/ĐU") {
		t.Error("the decision does not say that it was cancelled")
	}
	if page = b.Look("/decisions?kind=cancellation"); !page.Says("2-QĐ/ĐU") || page.Says("1-QĐ/ĐU") {
		t.Error("the register by kind")
	}
}

// Each refused row says why, beside its box and on top; the good ones go on when that is asked for.
func TestARefusedRowOfADecisionIsShownAndTheOthersCanGoOn(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	ids, values := someWaiting(s, 2)
	b := s.SignIn(t, "vanphong")
	planned := s.Enter(s.Fields("LTT", "Trần Chưa Xong"), party.Planned)
	form := formTo(t, b.Look("/decisions/new").Body, "/decisions/new").filled("issued_on", "10/06/2026", "suffix", "-QĐ/ĐU", "decider", "upper_standing_committee",
		"signer", "Người Ký")
	form["people"] = append(values, fmt.Sprint(planned))
	page := b.Send("/decisions/new", form)
	if page.Status != http.StatusUnprocessableEntity || !page.Says("Trần Chưa Xong: ") || !page.Says(fmt.Sprintf("#f-people-%d", planned)) ||
		!page.Says(`name="keep"`) || !page.Says("Người Ký") {
		t.Fatalf("%d: the refused row is not shown", page.Status)
	}
	for _, id := range ids {
		if !page.Says(fmt.Sprintf(`value="%d" checked`, id)) {
			t.Errorf("the choice of %d is lost", id)
		}
	}
	form.Set("keep", "on")
	if page = b.Send("/decisions/new", form); page.Status != http.StatusSeeOther {
		t.Fatalf("with the good ones: %d", page.Status)
	}
	if page = b.Look(page.Location); page.Says("Trần Chưa Xong") || !page.Says("Nguyễn Văn Chờ 2") {
		t.Error("the good ones only")
	}
}

// Whatever is typed into the forms is answered with the form, never with a failure, and is kept.
func TestRefusedInputOfTheDecisionForm(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	_, values := someWaiting(s, 1)
	decided, _ := decideAndPlan(t, s, s.Enter(s.Fields("LTT", "Lê Đã Xong"), party.Endorsed))
	b := s.SignIn(t, "vanphong")
	for name, c := range map[string]struct{ field, value, says string }{
		"no day":             {"issued_on", "", `href="#f-issued_on"`},
		"no such day":        {"issued_on", "31/02/2026", `href="#f-issued_on"`},
		"tomorrow":           {"issued_on", "24/11/2026", "không được sau hôm nay"},
		"before the vote":    {"issued_on", "14/05/2026", "Nguyễn Văn Chờ 1: "},
		"a used number":      {"number", "1", "đã dùng cho quyết định khác"},
		"no number":          {"number", "một", `href="#f-number"`},
		"a huge number":      {"number", "999999999999999999999", `href="#f-number"`},
		"nobody":             {"people", "", `href="#f-people"`},
		"somebody unknown":   {"people", "99999999", `href="#f-people"`},
		"somebody no number": {"people", "1x", `href="#f-people"`},
		"no decider":         {"decider", "", `href="#f-decider"`},
		"long note":          {"note", strings.Repeat("x", 600), `href="#f-note"`},
		"script":             {"suffix", "<script>", "&lt;script&gt;"},
		"received before":    {"received_on", "09/06/2026", `href="#f-received_on"`},
	} {
		form := url.Values{"kind": {"admission"}, "org": {fmt.Sprint(s.Org("K"))}, "issued_on": {"10/06/2026"}, "suffix": {"-QĐ/ĐU"},
			"decider": {"upper_standing_committee"}, "people": values, "signer": {"Người Ký"}, "_key": {""}}
		form.Set(c.field, c.value)
		if name == "script" {
			form.Set("issued_on", "")
		}
		page := b.Send("/decisions/new", form)
		if page.Status != http.StatusUnprocessableEntity || !page.Says(c.says) || !page.Says("Người Ký") || !page.Says("Lỗi:") {
			t.Errorf("%s: %d, says %q: %v", name, page.Status, c.says, page.Says(c.says))
		}
	}
	form := url.Values{"issued_on": {"01/06/2026"}, "reason": {"x"}, "people": {"1"}}
	for name, path := range map[string]string{"before the decision": fmt.Sprintf("/decisions/%d/cancel", decided)} {
		if page := b.Send(path, form); page.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, page.Status)
		}
	}
	for _, path := range []string{"/decisions?after=x", "/decisions/new?org=x&below=y&kind=z&on=q&people=a&all=1", "/decisions?year=abc&kind=zz&org=9999999999&number=%25", "/ceremonies?after=1.1",
		"/ceremonies?state=x", "/ceremonies/new?org=x&on=q&people=a&people=99999999", "/ceremonies/new?decision=99999", "/decisions/99999999999999999999"} {
		if page := b.Look(path); page.Status >= 500 {
			t.Errorf("%s: %d", path, page.Status)
		}
	}
}

func TestACeremonyIsPlannedChangedAndHeld(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	ids, values := someWaiting(s, 3)
	done, err := s.Decisions.Issue(t.Context(), s.Viewer("vanphong"), decision.Issue{People: ids, Fields: decision.Fields{OrgID: s.Org("K"),
		Kind: decision.Admission, IssuedOn: party.MustDate("2026-06-10"), Suffix: "-QĐ/ĐU", ReceivedOn: party.MustDate("2026-06-12")}})
	if err != nil {
		t.Fatal(err)
	}
	b := s.SignIn(t, "bithu.ltt")
	if page := b.Look(fmt.Sprintf("/decisions/%d", done.ID)); !page.Says(fmt.Sprintf("/ceremonies/new?decision=%d", done.ID)) {
		t.Error("the decision does not offer to plan the ceremony")
	}
	page := b.Look(fmt.Sprintf("/ceremonies/new?decision=%d&on=27/07/2026", done.ID))
	if page.Status != http.StatusOK || strings.Count(page.Body, " checked") != 3 || !page.Says("Quá hạn 24/07/2026") {
		t.Fatalf("%d: not everybody of the decision is chosen and warned of", page.Status)
	}
	if a := s.SignIn(t, "vanphong").Look(fmt.Sprintf("/ceremonies/new?decision=%d", done.ID)); !a.Says(fmt.Sprintf(`<option value="%d" selected`, s.Org("LTT"))) {
		t.Error("the committee's plan does not begin with the cell to which all belong")
	}
	form := formTo(t, page.Body, "/ceremonies/new").filled("planned_on", "27/07/2026", "occasion", "other")
	form["people"] = values
	if page = b.Send("/ceremonies/new", form); page.Status != http.StatusUnprocessableEntity || !page.Says(`href="#f-occasion_text"`) {
		t.Errorf("another occasion without its name: %d", page.Status)
	}
	form.Set("occasion", "youth_summer_campaign")
	saved := b.Send("/ceremonies/new", form)
	if saved.Status != http.StatusSeeOther {
		t.Fatalf("%d", saved.Status)
	}
	if page = b.Look(saved.Location); !page.Says("3 người có hạn tổ chức trước ngày dự kiến") || !page.Says("Chiến dịch Thanh niên tình nguyện hè") {
		t.Error("the plan does not warn")
	}
	page = b.Look(saved.Location + "/edit")
	form = formTo(t, page.Body, saved.Location+"/edit").filled("planned_on", "01/07/2026", "occasion", "youth_summer_campaign", "place", "Hội trường")
	form["people"] = values
	stale := url.Values{}
	for k, v := range form {
		stale[k] = v
	}
	stale.Del("_key")
	if page = b.Send(saved.Location+"/edit", form); page.Status != http.StatusSeeOther {
		t.Fatalf("edit: %d", page.Status)
	}
	if page = b.Send(saved.Location+"/edit", stale); page.Status != http.StatusConflict || !page.Says("vừa thay đổi buổi lễ này") {
		t.Errorf("from an older version: %d", page.Status)
	}
	page = b.Look(saved.Location + "/hold")
	form = formTo(t, page.Body, saved.Location+"/hold").filled("held_on", "24/11/2026")
	form["people"] = values[:2]
	if page = b.Send(saved.Location+"/hold", form); page.Status != http.StatusUnprocessableEntity || !page.Says("không được sau hôm nay") {
		t.Errorf("held tomorrow: %d", page.Status)
	}
	form.Set("held_on", "01/07/2026")
	held, again := b.Send(saved.Location+"/hold", form), b.Send(saved.Location+"/hold", form)
	if held.Status != http.StatusSeeOther || again.Status != http.StatusSeeOther {
		t.Fatalf("hold: %d, again %d", held.Status, again.Status)
	}
	page = b.Look(saved.Location)
	for _, words := range []string{"2 người", "Đã kết nạp", "Không dự", "1 người không kết nạp trong buổi lễ này", "/ceremonies/new?org="} {
		if !page.Says(words) {
			t.Errorf("the held ceremony does not say %q", words)
		}
	}
	for i, id := range ids {
		page = b.Look(fmt.Sprintf("/people/%d", id))
		if page.Says("01/07/2026") != (i < 2) || page.Says(`href="`+saved.Location+`"`) != (i < 2) || !page.Says(fmt.Sprintf(`href="/decisions/%d"`, done.ID)) {
			t.Errorf("person %d: the page does not tell of the decision and the ceremony", i)
		}
	}
}

func TestAPlannedCeremonyIsCalledOff(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	ids, _ := someWaiting(s, 1)
	_, id := decideAndPlan(t, s, ids...)
	b := s.SignIn(t, "bithu.ltt")
	path := fmt.Sprintf("/ceremonies/%d", id)
	form := formTo(t, b.Look(path+"/call-off").Body, path+"/call-off").filled()
	if page := b.Send(path+"/call-off", form); page.Status != http.StatusUnprocessableEntity || !page.Says(`href="#f-reason"`) {
		t.Errorf("without a reason: %d", page.Status)
	}
	form.Set("reason", "Mưa bão")
	if page := b.Send(path+"/call-off", form); page.Status != http.StatusSeeOther {
		t.Fatalf("%d", page.Status)
	}
	if page := b.Look(path); !page.Says("Mưa bão") || page.Says("/hold") {
		t.Error("it was not called off")
	}
	for _, act := range []string{"/hold", "/edit", "/call-off"} {
		if page := b.Look(path + act); page.Status != http.StatusConflict {
			t.Errorf("%s after it was called off: %d", act, page.Status)
		}
	}
}

func TestDecisionsOfPersonPagesAreBroughtIntoTheRegister(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Decided) // with the paper 5-QĐ/ĐU of 10 June 2026
	b := s.SignIn(t, "lanhdao")
	if page := b.Look("/decisions"); page.Says("5-QĐ/ĐU") {
		t.Error("it is there already")
	}
	form := formTo(t, b.Look("/decisions/gather").Body, "/decisions/gather").filled("from", "01/01/2026", "until", "30/06/2026", "org", fmt.Sprint(s.Org("K")))
	for _, bad := range []string{"", "31/12/2025", "x"} {
		wrong := url.Values{"from": form["from"], "until": {bad}, "org": form["org"]}
		if page := b.Send("/decisions/gather", wrong); page.Status != http.StatusUnprocessableEntity || !page.Says(`href="#f-until"`) {
			t.Errorf("until %q: %d", bad, page.Status)
		}
	}
	if page := b.Send("/decisions/gather", form); page.Status != http.StatusSeeOther {
		t.Fatalf("%d", page.Status)
	}
	if page := b.Look("/decisions"); !page.Says("5-QĐ/ĐU") || !page.Says("1 quyết định với 1 người") {
		t.Error("the register does not show it")
	}
}

// The work list leads from those who wait for a decision or a ceremony to the act for many.
func TestTheWorkListLeadsToTheActForMany(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	for username, links := range map[string]map[string]bool{
		"vanphong":  {"decided": true, "recognition_decision": true, "ceremony": true, "cell_resolution": false},
		"lanhdao":   {"decided": true, "ceremony": false},
		"bithu.ltt": {"decided": false, "ceremony": true},
	} {
		b := s.SignIn(t, username)
		for kind, offered := range links {
			page := b.Look("/worklist?kind=" + kind)
			if got := page.Says("/decisions/new?kind=") || page.Says(`href="/ceremonies/new"`); page.Status != http.StatusOK || got != offered {
				t.Errorf("%s, %s: %d, offered %v", username, kind, page.Status, got)
			}
		}
	}
}

// The time to decide can be extended on somebody's own page too; the deadline moves by the days.
func TestTheTimeToDecideIsExtendedOnAPersonsPage(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	ids, _ := someWaiting(s, 1)
	b, path := s.SignIn(t, "lanhdao"), personAt(ids[0], "/steps/extended")
	form := formTo(t, b.Look(path).Body, path)
	for name, pairs := range map[string][]string{
		"f-days": {"on", "10/06/2026", "days", "0", "why", "Chờ thẩm tra"},
		"f-why":  {"on", "10/06/2026", "days", "20", "why", " "},
		"f-on":   {"on", "", "days", "20", "why", "Chờ thẩm tra"},
	} {
		if page := b.Send(path, form.filled(pairs...)); page.Status != http.StatusUnprocessableEntity || !page.Says(`href="#`+name+`"`) {
			t.Errorf("%v: %d", pairs, page.Status)
		}
	}
	if page := b.Send(path, form.filled("on", "14/05/2026", "days", "20", "why", "Chờ thẩm tra")); page.Status != http.StatusUnprocessableEntity {
		t.Errorf("before the cell's vote: %d", page.Status)
	}
	if page := b.Send(path, form.filled("on", "10/06/2026", "days", "20", "why", "Chờ thẩm tra")); page.Status != http.StatusSeeOther {
		t.Fatalf("%d", page.Status)
	}
	if page := b.Look(personAt(ids[0], "")); !page.Says("Gia hạn quyết định") || !page.Says("Chờ thẩm tra") || !page.Says("80 ngày làm việc") {
		t.Error("the person's page does not show the extension and its deadline")
	}
	if page := s.SignIn(t, "bithu.ltt").Look(path); page.Status != http.StatusForbidden {
		t.Errorf("the secretary: %d", page.Status)
	}
}

// The form offers the bodies of the issuer, and chooses the one that decides on the day.
func TestTheFormOffersWhoDecides(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	someWaiting(s, 1)
	b := s.SignIn(t, "vanphong")
	for _, c := range []struct{ org, on, chosen, absent string }{
		{"K", "10/06/2026", "upper_standing_committee", "standing_committee"}, {"GD", "25/07/2026", "committee", "upper_standing_committee"},
		{"GD", "26/07/2026", "standing_committee", "upper_standing_committee"},
	} {
		page := b.Look(fmt.Sprintf("/decisions/new?org=%d&on=%s", s.Org(c.org), c.on))
		if page.Status != http.StatusOK || !page.Says(`value="`+c.chosen+`" checked`) || page.Says(`value="`+c.absent+`"`) {
			t.Errorf("%+v: %d", c, page.Status)
		}
	}
}
