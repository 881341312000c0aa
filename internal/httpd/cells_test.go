package httpd_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/party"
)

func monthForm(pairs ...string) url.Values {
	v := url.Values{"held_on": {"05/08/2026"}, "minutes": {"08-BB/CB"}, "rest_at": {"present"}, "rest_dues": {"paid"}}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func TestASecretaryEntersAMonthAndTheSilentAreTold(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	s.Enter(s.Fields("LTT", "Nguyễn Thị Đều"), party.Ceremony)
	silent := s.Enter(s.Fields("LTT", "Lê Thị Im"), party.Ceremony)
	browser := s.SignIn(t, "bithu.ltt")
	path := fmt.Sprintf("/cells/%d/month?month=2026-08-01", s.Org("LTT"))
	at, dues := fmt.Sprintf("at_%d", silent), fmt.Sprintf("dues_%d", silent)
	for name, c := range map[string]struct {
		form url.Values
		says string
	}{
		"no day":        {monthForm("held_on", "", at, "absent"), "Nhập ngày"},
		"another month": {monthForm("held_on", "05/09/2026", at, "absent"), "Ngày sinh hoạt phải từ 01/08/2026 đến 31/08/2026."},
		"no date":       {monthForm("held_on", "32/08/2026", at, "absent"), "ngày/tháng/năm"},
		"no choice":     {monthForm("rest_at", "x", at, "absent"), "Chọn"},
	} {
		a := browser.Send(path, c.form)
		if a.Status != http.StatusUnprocessableEntity || !a.Says(c.says) || !a.Says(`value="absent" selected`) {
			t.Errorf("%s: %d, says %v, keeps %v", name, a.Status, a.Says(c.says), a.Says(`value="absent" selected`))
		}
	}
	early := browser.Send(fmt.Sprintf("/cells/%d/month?month=2026-06-01", s.Org("LTT")), monthForm("held_on", "05/06/2026", at, "absent"))
	if early.Status != http.StatusUnprocessableEntity || !early.Says("Lê Thị Im: chưa là đảng viên vào ngày sinh hoạt; vào Đảng ngày 19/06/2026.") {
		t.Errorf("before joining: %d", early.Status)
	}
	if a := browser.Send(path, monthForm(at, "absent", dues, "unpaid")); a.Status != http.StatusSeeOther {
		t.Fatalf("the month is not saved: %d", a.Status)
	}
	if a := browser.Send(path, monthForm()); a.Status != http.StatusConflict || !a.Says("Tài khoản bithu.ltt đã lưu tháng này") {
		t.Errorf("saved over: %d", a.Status)
	}
	for path, says := range map[string]string{fmt.Sprintf("/cells/%d", s.Org("LTT")): "1/2", "/warnings": "Không dự sinh hoạt 1 tháng trong năm", "/worklist": "4 cảnh báo về đảng viên cần xử lý",
		fmt.Sprintf("/people/%d/warnings", silent): "Không đóng đảng phí 1 tháng trong năm"} {
		if a := browser.Look(path); a.Status != http.StatusOK || !a.Says(says) {
			t.Errorf("%s: %d, says %q: %v", path, a.Status, says, a.Says(says))
		}
	}
	answer := fmt.Sprintf("/people/%d/warnings", silent)
	if a := browser.Send(answer, url.Values{"warning": {"inactive.1.2026-08-05"}}); a.Status != http.StatusUnprocessableEntity || !a.Says("Ghi việc đã làm.") {
		t.Errorf("without words: %d", a.Status)
	}
	if a := browser.Send(answer, url.Values{"warning": {"?"}, "words": {"Đã gặp"}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("without a warning: %d", a.Status)
	}
	if a := browser.Send(answer, url.Values{"warning": {"inactive.1.2026-08-05"}, "words": {"Đã gặp"}}); a.Status != http.StatusSeeOther {
		t.Errorf("what was done is not kept: %d", a.Status)
	}
	if a := browser.Look("/warnings"); a.Says("Không dự sinh hoạt 1 tháng") || !a.Says("Không đóng đảng phí 1 tháng trong năm") {
		t.Error("the wrong warning was answered")
	}
}
