package mentors_test

import (
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/party"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// A secretary finds who has no mentor and whose remark is late, and mends both from the page.
func TestMentorsAreAssignedRelievedAndRemark(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	s.Enter(s.Fields("LTT", "Nguyễn Thị Muộn"), party.MentorAssigned)
	s.Enter(s.Fields("LTT", "Lê Thị Không"), party.Planned)
	tab := browsertest.New(t)
	tab.Open(s.URL + "/login")
	tab.Fill("Tên đăng nhập", "bithu.ltt")
	tab.Fill("Mật khẩu", apptest.Password)
	tab.Press("Đăng nhập")
	tab.Follow("Giúp đỡ")
	tab.Sees("Chậm từ 25/12/2025", "Lê Thị Không")
	tab.GoodPage()
	tab.Follow("Ghi nhận xét")
	tab.GoodPage()
	tab.Press("Ghi bước này")
	tab.GoodPage()
	tab.Fill("Ngày nhận xét", "20/11/2026")
	tab.Check("Có tiến bộ")
	tab.Press("Ghi bước này")
	tab.Sees("Nhận xét của người giúp đỡ")
	tab.Open(s.URL + "/mentors")
	tab.Sees("Không có nhận xét nào chậm")
	tab.Follow("Phân công")
	tab.Fill("Ngày phân công", "21/11/2026")
	tab.Fill("Đảng viên được phân công giúp đỡ", "Trần Văn Giúp")
	tab.Press("Ghi bước này")
	tab.Open(s.URL + "/mentors")
	tab.Sees("Ai cũng đã có người giúp đỡ")
	tab.Follow("Trần Văn Giúp")
	tab.Sees("Nguyễn Thị Muộn", "Lê Thị Không")
	tab.GoodPage()
	tab.Press("English")
	tab.Sees("People helped")
	tab.GoodPage()
	tab.Open(s.URL + "/mentors")
	tab.GoodPage()
}
