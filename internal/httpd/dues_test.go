package httpd_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/party"
)

func TestRefusedDuesSayWhatToDoAndKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony) // joined on 2026-06-19
	stranger := s.Enter(s.Fields("NTH", "Lê Văn Xa"), party.Ceremony)
	browser := s.SignIn(t, "bithu.ltt")
	path := fmt.Sprintf("/cells/%d/dues?year=2026", s.Org("LTT"))
	to := fmt.Sprintf("to_%d", id)
	version := func() string {
		return regexp.MustCompile(`name="_version" value="(\d+)"`).FindStringSubmatch(browser.Look(path).Body)[1]
	}
	for name, c := range map[string]struct{ field, value, says string }{
		"beyond the limit":  {"all", "2027-12-01", "Chỉ ghi được đến tháng 11/2027. Quản trị có thể đổi số tháng đóng trước tại trang Quy định."},
		"of one":            {to, "2027-12-01", "Nguyễn Thị Ánh: Chỉ ghi được đến tháng 11/2027."},
		"before joining":    {to, "2026-05-01", "Nguyễn Thị Ánh: chưa là đảng viên trong tháng này; vào Đảng ngày 19/06/2026."},
		"no month":          {to, "thirteen", "Nguyễn Thị Ánh: Chọn một tháng trong danh sách."},
		"another cell":      {fmt.Sprintf("to_%d", stranger), "2026-12-01", "Có người không phải đảng viên của chi bộ."},
		"nothing was typed": {to, "", "Chọn tháng đóng đến"},
	} {
		a := browser.Send(path, url.Values{"_version": {version()}, c.field: {c.value}, fmt.Sprintf("amount_%d", id): {""}})
		if a.Status != http.StatusUnprocessableEntity || !a.Says(c.says) {
			t.Errorf("%s: %d, says %v", name, a.Status, a.Says(c.says))
		}
		if c.field != fmt.Sprintf("to_%d", stranger) && len(c.value) == 10 && !a.Says(`value="`+c.value+`" selected`) {
			t.Errorf("%s: what was chosen is lost", name)
		}
	}
	old := version()
	if a := browser.Send(path, url.Values{"_version": {old}, "all": {"2026-12-01"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("not saved: %d", a.Status)
	}
	if a := browser.Send(path, url.Values{"_version": {old}, to: {"2027-02-01"}}); a.Status != http.StatusConflict || !a.Says("Tài khoản bithu.ltt đã thay đổi đảng phí") || !a.Says(`value="2027-02-01" selected`) {
		t.Errorf("saved over: %d", a.Status)
	}
	if a := s.SignIn(t, "bithu.nth").Look(path); a.Status != http.StatusNotFound {
		t.Errorf("another cell sees it: %d", a.Status)
	}
}
