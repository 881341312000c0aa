package worklist_test

import (
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/party"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// The work list owes what all pages owe: to the office, to a secretary, and to whom it has nothing
// to say.
func TestTheWorkListIsAGoodPage(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh Nguyệt"), party.Ceremony)
	s.Enter(s.Fields("LTT", "Trần Văn Bình"), party.CellResolution)
	s.Enter(s.Fields("NTH", "Lê Đức Anh"), party.ClassResult)
	for _, as := range []struct{ username, lang string }{{"vanphong", "vi"}, {"bithu.ltt", "en"}, {"doan.ltt", "vi"}} {
		t.Run(as.username+" "+as.lang, func(t *testing.T) {
			tab := browsertest.New(t)
			tab.Open(s.URL + "/login")
			tab.Fill("Tên đăng nhập", as.username)
			tab.Fill("Mật khẩu", "mot mat khau dai")
			tab.Press("Đăng nhập")
			if as.lang == "en" {
				tab.Press("English")
			}
			for _, path := range []string{"/worklist", "/worklist?kind=decided", "/worklist?rule=cert.valid", "/worklist?kind=dance", "/worklist?org=999999"} {
				for _, dark := range []bool{false, true} {
					tab.PreferDark(dark)
					tab.SetViewport(1280, 900)
					tab.Open(s.URL + path)
					tab.GoodPage()
					tab.SetViewport(375, 800)
					tab.NoSidewaysScroll()
					tab.BigTargets()
				}
			}
		})
	}
}
