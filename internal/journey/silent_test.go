package journey

import (
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/party"
)

// A probationary member stays away. After each month that the secretary enters, the cell sees it at once,
// the grassroots committee a week later, the committee above another week later; the third month is named
// as a ground for removal, and the case is opened from there with its evidence.
func TestAProbationaryMemberWhoGoesSilentIsFound(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	day := party.MustDate
	s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony) // on 2026-06-19
	s.Enter(s.Fields("LTT", "Trần Văn Bền"), party.Ceremony)
	secretary, grassroots, clerk := signIn(t, s, "bithu.ltt", true), signIn(t, s, "coso.gd", true), signIn(t, s, "vanphong", true)
	secretary.SetViewport(375, 800)
	sees := func(tab *browsertest.Tab, words string, yes bool) {
		t.Helper()
		tab.Open(s.URL + "/warnings?kind=inactive")
		if yes {
			tab.Sees("Nguyễn Thị Ánh", words)
		} else {
			tab.SeesNot(words)
		}
		tab.SeesNot("Trần Văn Bền")
	}
	for _, month := range []struct{ heldOn, typed, words string }{
		{"2026-07-06", "6/7/2026", "Không dự sinh hoạt 1 tháng trong năm"},
		{"2026-08-05", "5/8/2026", "Không dự sinh hoạt 2 tháng trong năm"},
		{"2026-09-07", "7/9/2026", "Không dự sinh hoạt 3 tháng trong năm"},
	} {
		held := day(month.heldOn)
		s.SetToday(held)
		secretary.Open(s.URL + "/cells")
		secretary.Follow("Nhập tháng này")
		secretary.Fill("Ngày sinh hoạt", month.typed)
		secretary.Choose("Có mặt, Nguyễn Thị Ánh", "Vắng không lý do")
		secretary.Press("Lưu tháng này")
		secretary.Sees("của 2 đảng viên")
		sees(secretary, month.words, true)
		secretary.GoodPage()
		for _, level := range []struct {
			tab  *browsertest.Tab
			days int
		}{{grassroots, 7}, {clerk, 14}} {
			s.SetToday(held.AddDays(level.days - 1))
			sees(level.tab, month.words, false)
			s.SetToday(held.AddDays(level.days))
			sees(level.tab, month.words, true)
		}
	}
	secretary.Open(s.URL + "/warnings")
	secretary.Sees("Căn cứ xóa tên")
	secretary.Follow("Mở vụ việc, Nguyễn Thị Ánh")
	secretary.GoodPage()
	if reason := secretary.Value("Lý do"); reason != "Không sinh hoạt hoặc không đóng đảng phí 3 tháng trong một năm." {
		t.Errorf("the reason begins with %q", reason)
	}
	secretary.Fill("Ngày mở", "21/9/2026")
	secretary.Press("Mở vụ việc")
	secretary.Sees("Đảng viên dự bị không đủ tư cách")
	secretary.Sees("không sinh hoạt hoặc không đóng đảng phí: 3")
	secretary.GoodPage()
}
