package journey

import (
	"fmt"
	"strings"
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/party"
)

// removal is a case that goes through the hands of its levels.
type removal struct {
	*hands
	script  bool
	address string // of the case
}

// good looks at the page; without scripts it cannot be looked at.
func (c *removal) good(tab *browsertest.Tab) {
	c.t.Helper()
	if c.script {
		tab.GoodPage()
	}
}

// act does something in the case: fills in the day and what else is asked, and presses.
func (c *removal) act(tab *browsertest.Tab, day, button string, more func()) {
	c.t.Helper()
	tab.Open(c.address)
	tab.Fill("Ngày", day)
	if more != nil {
		more()
	}
	tab.Press(button)
}

func (c *removal) vote(day string, inFavour int) {
	c.t.Helper()
	c.act(c.secretary, day, "Ghi nghị quyết chi bộ", func() {
		c.secretary.Fill("Tổng số đảng viên chính thức của chi bộ", "9")
		c.secretary.Fill("Đảng viên chính thức có mặt", "9")
		c.secretary.Fill("Số tán thành", fmt.Sprint(inFavour))
	})
}

func (c *removal) ballot(tab *browsertest.Tab, day, button string) {
	c.t.Helper()
	c.act(tab, day, button, func() {
		tab.Fill("Tổng số ủy viên", "9")
		tab.Fill("Số tán thành", "8")
	})
}

// due makes sure that the work list of a level has the case, or has not.
func (c *removal) due(tab *browsertest.Tab, words string) {
	c.t.Helper()
	tab.Open(c.s.URL + "/worklist")
	if words == "" {
		tab.SeesNot("Vụ việc ra khỏi Đảng chờ xử lý")
		return
	}
	tab.Sees("Vụ việc ra khỏi Đảng chờ xử lý", words)
	c.good(tab)
}

// A probationary member is removed: the cell votes too few at first and again, the grassroots committee
// proposes, the committee decides, the cell hands the decision over and takes the appeal, and the committee
// restores the membership or upholds the decision. Each finds on the work list what he is to do.
func TestARemovalWithAnAppeal(t *testing.T) {
	for _, restored := range []bool{true, false} {
		t.Run(fmt.Sprintf("restored=%v", restored), func(t *testing.T) {
			t.Parallel()
			s := server.New(t)
			script := restored
			c := &removal{script: script, hands: &hands{t: t, s: s, secretary: signIn(t, s, "bithu.ltt", script), grassroots: signIn(t, s, "coso.gd", script), leader: signIn(t, s, "lanhdao", script)}}
			id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
			c.person = fmt.Sprintf("/people/%d", id)
			c.untilDecided()
			c.untilAppealed()
			if n := c.figure("joined"); n != "0" {
				t.Errorf("%s members after the removal", n)
			}
			c.due(c.leader, "Giải quyết khiếu nại")
			if restored {
				c.act(c.leader, "1/10/2026", "Khôi phục quyền đảng viên", func() { c.leader.Fill("Nội dung, lý do", "Khiếu nại đúng") })
				c.leader.Sees("Đã khôi phục quyền đảng viên")
			} else {
				c.act(c.leader, "1/10/2026", "Giữ nguyên quyết định", func() { c.leader.Fill("Nội dung, lý do", "Khiếu nại không có căn cứ") })
				c.leader.Sees("Giữ nguyên quyết định", "Khiếu nại không có căn cứ")
			}
			c.good(c.leader)
			c.due(c.leader, "")
			if n, want := c.figure("joined"), map[bool]string{true: "1", false: "0"}[restored]; n != want {
				t.Errorf("%s members in the end, want %s", n, want)
			}
			if differ, err := s.People.Check(t.Context()); err != nil || len(differ) > 0 {
				t.Errorf("check: %v, %v", differ, err)
			}
			if _, differ, err := s.Departures.Check(t.Context()); err != nil || len(differ) > 0 {
				t.Errorf("check: %v, %v", differ, err)
			}
		})
	}
}

func (c *removal) untilDecided() {
	c.t.Helper()
	c.secretary.Open(c.s.URL + c.person)
	c.secretary.Follow("Mở vụ việc ra khỏi Đảng")
	c.secretary.Fill("Ngày mở", "3/8/2026")
	c.secretary.Press("Mở vụ việc")
	c.secretary.Sees("Ghi lý do mở vụ việc.")
	c.secretary.Fill("Lý do", "Không đủ tư cách đảng viên")
	c.secretary.Press("Mở vụ việc")
	c.address = strings.Split(c.secretary.URL(), "?")[0]
	c.due(c.secretary, "Chi bộ biểu quyết")
	c.vote("5/8/2026", 5)
	c.secretary.Sees("Chi bộ biểu quyết chưa đủ hai phần ba", "chưa đủ hai phần ba 1 lần")
	c.good(c.secretary)
	c.secretary.Open(c.s.URL + "/probation")
	c.secretary.Sees("1 lần không đủ hai phần ba")
	c.secretary.Open(c.s.URL + c.person)
	c.secretary.Sees("Biểu quyết xóa tên chưa đủ hai phần ba")
	c.vote("12/8/2026", 8)
	c.secretary.Sees("Chi bộ đã biểu quyết")
	c.due(c.secretary, "")
	c.due(c.grassroots, "Cấp ủy cơ sở đề nghị")
	c.ballot(c.grassroots, "14/8/2026", "Ghi đề nghị của cấp ủy cơ sở")
	c.grassroots.Sees("Cấp ủy cơ sở đã đề nghị")
	c.due(c.leader, "Ra quyết định")
	c.ballot(c.leader, "17/8/2026", "Ghi ra khỏi Đảng")
	c.leader.Sees("Đã ra khỏi Đảng")
}

func (c *removal) untilAppealed() {
	c.t.Helper()
	c.due(c.secretary, "Giao quyết định")
	c.act(c.secretary, "20/8/2026", "Ghi đã giao quyết định", nil)
	c.secretary.Sees("Được khiếu nại đến hết ngày")
	c.act(c.secretary, "1/9/2026", "Ghi nhận khiếu nại", func() { c.secretary.Fill("Nội dung, lý do", "Đề nghị xem xét lại") })
	c.secretary.Sees("Đang khiếu nại", "Đề nghị xem xét lại")
}
