package exemptions_test

import (
	"fmt"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/party"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// The committee's office exempts a member, is told what is missing without losing what it typed, and ends
// the exemption; the cell's month shows it.
func TestAnExemptionIsEnteredAndEnds(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	tab := browsertest.New(t)
	tab.Open(s.URL + "/login")
	tab.Fill("Tên đăng nhập", "vanphong")
	tab.Fill("Mật khẩu", apptest.Password)
	tab.Press("Đăng nhập")
	tab.Open(fmt.Sprintf("%s/people/%d", s.URL, id))
	tab.Follow("Xem, ghi miễn hoặc đình chỉ sinh hoạt")
	tab.GoodPage()
	tab.Check("Miễn công tác và sinh hoạt đảng")
	tab.Fill("Ngày quyết định", "01/10/2026")
	tab.Fill("Từ ngày", "01/10/2026")
	tab.Fill("Lý do", "Điều trị dài ngày")
	tab.Press("Ghi quyết định")
	tab.Sees("Nhập số quyết định.")
	tab.GoodPage()
	tab.Fill("Số quyết định", "12-QĐ/ĐU")
	tab.Press("Ghi quyết định")
	tab.Sees("Miễn công tác và sinh hoạt đảng từ 01/10/2026, theo 12-QĐ/ĐU ngày 01/10/2026. Điều trị dài ngày", "Kết thúc")
	tab.GoodPage()
	month := fmt.Sprintf("%s/cells/%d/month?month=2026-11-01", s.URL, s.Org("LTT"))
	tab.Open(month)
	tab.Sees("Miễn công tác và sinh hoạt đảng")
	tab.GoodPage()
	tab.Open(fmt.Sprintf("%s/people/%d/exemptions", s.URL, id))
	tab.Press("Ghi ngày cuối")
	tab.Sees("Nhập ngày")
	tab.GoodPage()
	tab.Fill("Đến hết ngày", "31/10/2026")
	tab.Press("Ghi ngày cuối")
	tab.Sees("từ 01/10/2026 đến 31/10/2026")
	tab.Open(month)
	tab.SeesNot("Miễn công tác và sinh hoạt đảng")
	tab.Press("English")
	tab.GoodPage()
}
