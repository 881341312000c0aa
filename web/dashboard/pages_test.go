package dashboard_test

import (
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/party"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// signIn signs an account in in a tab of its own.
func signIn(t *testing.T, s *server.Server, username, lang string) *browsertest.Tab {
	t.Helper()
	tab := browsertest.New(t)
	tab.Open(s.URL + "/login")
	tab.Fill("Tên đăng nhập", username)
	tab.Fill("Mật khẩu", "mot mat khau dai")
	tab.Press("Đăng nhập")
	if lang == "en" {
		tab.Press("English")
	}
	return tab
}

func furnish(s *server.Server) {
	s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh Nguyệt"), party.Ceremony)
	s.Enter(s.Fields("LTT", "Trần Văn Bình"), party.CellResolution)
	s.Enter(s.Fields("NTH", "Lê Đức Anh"), party.ClassResult)
	s.Enter(s.Fields("SVKT", "Phạm Thị Tuyết Nhung"), party.Planned)
}

// goodPages opens pages in both widths and both schemes.
func goodPages(t *testing.T, s *server.Server, username, lang string, paths []string) {
	t.Helper()
	tab := signIn(t, s, username, lang)
	for _, path := range paths {
		for _, dark := range []bool{false, true} {
			tab.PreferDark(dark)
			tab.SetViewport(1280, 900)
			tab.Open(s.URL + path)
			tab.GoodPage()
			tab.SetViewport(375, 800)
			tab.NoSidewaysScroll()
			tab.BigTargets()
		}
		tab.PreferDark(false)
	}
}

// The report and the names behind it owe what all pages owe.
func TestTheReportAndItsNamesAreGoodPages(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	furnish(s)
	paths := []string{"/dashboard", "/dashboard?term=2020-2025&colour=red", "/dashboard?as_of=31/02/2026", "/dashboard?term=1999-2000",
		"/dashboard/names?figure=introduced", "/dashboard/names?figure=recognised", "/dashboard/names?figure=joined", "/dashboard/names?figure=happy",
		"/dashboard/occasions?term=2025-2030"}
	for _, as := range []struct{ username, lang string }{{"vanphong", "vi"}, {"vanphong", "en"}, {"bithu.ltt", "vi"}} {
		t.Run(as.username+" "+as.lang, func(t *testing.T) { goodPages(t, s, as.username, as.lang, paths) })
	}
}

// From the top one comes by the names of what is below to a cell, and from its figure to its people.
func TestFromTheTopToThePeopleOfACellWithoutScript(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	furnish(s)
	tab := signIn(t, s, "vanphong", "vi")
	tab.DisableJavaScript()
	tab.Open(s.URL + "/dashboard")
	tab.Follow("Đảng bộ GD")
	tab.Follow("Chi bộ LTT")
	tab.Sees("Chi bộ LTT", "Được kết nạp")
	tab.Follow("1 Mở danh sách: Được kết nạp")
	tab.Sees("Nguyễn Thị Ánh Nguyệt", "1 người")
	tab.SeesNot("Trần Văn Bình")
	tab.Follow("Nguyễn Thị Ánh Nguyệt")
	tab.Sees("Đảng viên dự bị")
}
