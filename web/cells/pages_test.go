package cells_test

import (
	"fmt"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/party"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

func signIn(t *testing.T, s *server.Server, username string) *browsertest.Tab {
	t.Helper()
	tab := browsertest.New(t)
	tab.Open(s.URL + "/login")
	tab.Fill("Tên đăng nhập", username)
	tab.Fill("Mật khẩu", apptest.Password)
	tab.Press("Đăng nhập")
	return tab
}

// hand counts what a secretary does: a click for each control, a key for each character.
type hand struct {
	*browsertest.Tab
	clicks, keys int
}

func (h *hand) fill(label, text string) {
	h.Fill(label, text)
	h.clicks, h.keys = h.clicks+1, h.keys+len([]rune(text))
}

// choose opens a choice and takes an option with one letter.
func (h *hand) choose(label, option string) {
	h.Choose(label, option)
	h.clicks, h.keys = h.clicks+1, h.keys+1
}

func (h *hand) follow(words string) {
	h.Follow(words)
	h.clicks++
}

// A secretary enters the month of a cell of forty, four of whom are exceptions, without JavaScript. At a
// second a click and half a second a key it takes less than two minutes.
func TestASecretaryEntersTheMonthOfFortyInUnderTwoMinutes(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	for i := range 40 {
		s.Enter(s.Fields("LTT", fmt.Sprintf("Nguyễn Thị An %02d", i)), party.Ceremony)
	}
	h := &hand{Tab: signIn(t, s, "bithu.ltt")}
	h.DisableJavaScript()
	h.follow("Chi bộ")
	h.follow("Nhập tháng này")
	h.fill("Ngày sinh hoạt", "5/11/2026")
	h.fill("Số biên bản", "11-BB/CB")
	h.choose("Có mặt, Nguyễn Thị An 03", "Vắng có lý do")
	h.choose("Có mặt, Nguyễn Thị An 17", "Vắng không lý do")
	h.choose("Đảng phí, Nguyễn Thị An 17", "Chưa đóng")
	h.choose("Đảng phí, Nguyễn Thị An 31", "Chưa đóng")
	h.choose("Có mặt, Nguyễn Thị An 39", "Vắng có lý do")
	h.Press("Lưu tháng này")
	h.clicks++
	h.Sees("Đã lưu tháng 11/2026 của 40 đảng viên.", "37/40", "38 người, 190.000 đồng")
	seconds := h.clicks + h.keys/2
	t.Logf("a month for forty members: %d clicks and %d keys, %d seconds", h.clicks, h.keys, seconds)
	if seconds >= 120 {
		t.Errorf("a month for forty members takes %d clicks and %d keys", h.clicks, h.keys)
	}
}

func TestTheCellsPagesAreGoodPages(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	silent := 0
	for i := range 6 {
		silent = int(s.Enter(s.Fields("LTT", fmt.Sprintf("Nguyễn Thị An %02d", i)), party.Ceremony))
	}
	tab := signIn(t, s, "bithu.ltt")
	month := fmt.Sprintf("%s/cells/%d/month?month=2026-08-01", s.URL, s.Org("LTT"))
	tab.Open(month)
	tab.GoodPage()
	tab.Screenshot("month-1280")
	tab.Fill("Ngày sinh hoạt", "5/9/2026")
	tab.Choose("Có mặt, Nguyễn Thị An 05", "Vắng không lý do")
	tab.Choose("Đảng phí, Nguyễn Thị An 05", "Chưa đóng")
	tab.Press("Lưu tháng này")
	tab.Sees("Ngày sinh hoạt phải từ 01/08/2026 đến 31/08/2026.")
	tab.SummaryLeads()
	tab.GoodPage()
	tab.Fill("Ngày sinh hoạt", "5/8/2026")
	tab.Press("Lưu tháng này")
	tab.Sees("Đã lưu tháng 08/2026 của 6 đảng viên.")
	tab.GoodPage()
	tab.Screenshot("cell-1280")
	tab.Open(s.URL + "/warnings")
	tab.Sees("Không dự sinh hoạt 1 tháng trong năm")
	tab.GoodPage()
	tab.Screenshot("warnings-1280")
	tab.Open(fmt.Sprintf("%s/people/%d/warnings", s.URL, silent))
	tab.GoodPage()
	tab.Screenshot("answer-1280")
	tab.SetViewport(375, 800)
	for name, path := range map[string]string{"cell": fmt.Sprintf("/cells/%d", s.Org("LTT")), "warnings": "/warnings", "answer": fmt.Sprintf("/people/%d/warnings", silent)} {
		tab.Open(s.URL + path)
		tab.GoodPage()
		tab.Screenshot(name + "-375")
	}
	tab.Open(month)
	tab.GoodPage()
	tab.Screenshot("month-375")
	tab.SetViewport(1280, 900)
	tab.Press("English")
	tab.Sees("Meeting of 08/2026", "Those who are not named below")
	tab.GoodPage()
	staff := signIn(t, s, "lanhdao")
	staff.Open(s.URL + "/cells")
	staff.Sees("Chi bộ LTT", "Chưa nhập")
	staff.GoodPage()
	staff.Screenshot("cells-1280")
	staff.Open(month)
	staff.Sees("Vắng không lý do")
	staff.GoodPage()
}
