package stalls_test

import (
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/party"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// A leader sees where candidates wait, and opens the names behind a number.
func TestALeaderSeesWhereItStalls(t *testing.T) {
	t.Parallel()
	s := server.New(t) // today is 2026-11-23; who was introduced on 2025-09-10 is stuck
	for i, name := range []string{"Nguyễn Thị Một", "Nguyễn Thị Hai", "Nguyễn Thị Ba"} {
		s.Enter(s.Fields([]string{"LTT", "LTT", "SVKT"}[i], name), party.Introduced)
	}
	s.Enter(s.Fields("NTH", "Lê Thị Xong Lớp"), party.ClassResult)
	s.Enter(s.Fields("LTT", "Lê Thị Đảng Viên"), party.Ceremony)
	tab := browsertest.New(t)
	tab.Open(s.URL + "/login")
	tab.Fill("Tên đăng nhập", "lanhdao")
	tab.Fill("Mật khẩu", apptest.Password)
	tab.Press("Đăng nhập")
	tab.Follow("Nơi chững lại")
	tab.Sees("lâu hơn 6 tháng", "439 ngày", "50,0 %", "Đảng bộ GD", "Đảng bộ DH")
	tab.GoodPage()
	tab.Open(s.URL + "/people?org=&stage=introduced&stage=planned&before=23/05/2026")
	tab.Sees("Nguyễn Thị Một", "Nguyễn Thị Ba")
	tab.SeesNot("Lê Thị Xong Lớp")
	tab.GoodPage()
	tab.Back()
	tab.Follow("Đảng bộ DH")
	tab.Sees("Nơi chững lại: Đảng bộ DH")
	tab.Press("English")
	tab.Sees("Where it stalls: Đảng bộ DH")
	tab.GoodPage()
	tab.Open(s.URL + "/stalls?org=" + "999999")
	tab.GoodPage()
}
