package journey

import (
	"fmt"
	"strings"
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/party"
)

// The committee's staff decides on ten in one decision, the cell's secretary plans and holds their
// ceremony on one day; the dashboard rises by ten, and the names behind it are the ten.
func TestTenAreDecidedOnAndAdmittedOnOneDay(t *testing.T) {
	for _, script := range []bool{true, false} {
		t.Run(fmt.Sprintf("script=%v", script), func(t *testing.T) {
			t.Parallel()
			s := server.New(t)
			h := &hands{t: t, s: s, clerk: signIn(t, s, "vanphong", script), secretary: signIn(t, s, "bithu.ltt", script), leader: signIn(t, s, "lanhdao", script)}
			var names []string
			for _, given := range []string{"An", "Bình", "Chi", "Dung", "Giang", "Hà", "Khánh", "Lan", "Minh", "Ngọc"} {
				names = append(names, "Nguyễn Thị "+given)
				s.Enter(s.Fields("LTT", "Nguyễn Thị "+given), party.Endorsed)
			}
			s.Enter(s.Fields("LTT", "Trần Văn Sớm"), party.CellResolution) // not endorsed: does not wait for a decision
			h.decide(names)
			h.plan()
			if n := h.figure("admitted"); n != "0" {
				t.Errorf("admitted is %s before the ceremony", n)
			}
			h.hold()
			if n := h.figure("admitted"); n != "10" {
				t.Errorf("admitted is %s after the ceremony of ten", n)
			}
			h.leader.Open(s.URL + "/dashboard/names?term=2025-2030&figure=admitted")
			h.leader.Sees(append(names, "10 người")...)
			h.leader.SeesNot("Trần Văn Sớm")
			if differ, err := s.People.Check(t.Context()); err != nil || len(differ) > 0 {
				t.Errorf("check: %v, %v", differ, err)
			}
		})
	}
}

func (h *hands) decide(names []string) {
	tab := h.clerk
	tab.Open(h.s.URL + "/decisions")
	tab.Follow("Ban hành quyết định")
	tab.SeesNot("Trần Văn Sớm")
	tab.Follow("Chọn tất cả người đủ điều kiện")
	tab.Fill("Ngày ký quyết định", "14/05/2026") // the cell met on the 15th
	tab.Check("Ban thường vụ cấp ủy cấp trên trực tiếp")
	tab.Fill("Người ký", "Lê Thị Bí Thư")
	tab.Press("Ban hành và ghi bước")
	for _, name := range names {
		tab.Sees(name + ": ")
	}
	tab.Fill("Ngày ký quyết định", "10/06/2026")
	tab.Fill("Ngày chi bộ nhận quyết định", "12/06/2026")
	tab.Press("Ban hành và ghi bước")
	tab.Sees(append(names, "Đã ban hành quyết định số 1-QĐ/ĐU cho 10 người.", "Lê Thị Bí Thư")...)
	tab.Open(h.s.URL + "/decisions?number=1&year=2026")
	tab.Sees("1-QĐ/ĐU", "10 người", "Có hiệu lực")
}

func (h *hands) plan() {
	tab := h.secretary
	tab.Open(h.s.URL + "/decisions")
	tab.Follow("1-QĐ/ĐU")
	tab.Follow("Lập kế hoạch lễ kết nạp")
	tab.Fill("Ngày dự kiến", "01/07/2026")
	tab.Fill("Địa điểm", "Hội trường")
	tab.Choose("Dịp tổ chức", "Chiến dịch Thanh niên tình nguyện hè")
	tab.Press("Lưu kế hoạch")
	tab.Sees("Đã lập kế hoạch lễ cho 10 người.", "24/07/2026", "Chiến dịch Thanh niên tình nguyện hè")
	tab.SeesNot("có hạn tổ chức trước ngày dự kiến")
}

func (h *hands) hold() {
	tab := h.secretary
	tab.Follow("Ghi đã tổ chức")
	tab.Press("Ghi lễ kết nạp")
	tab.Sees("Đã ghi lễ kết nạp của 10 người.", "Đã tổ chức")
	if n := strings.Count(tab.Text(), "Đã kết nạp"); n != 10 {
		h.t.Errorf("%d are shown as admitted", n)
	}
}
