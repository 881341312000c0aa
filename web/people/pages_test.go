package people_test

import (
	"fmt"
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

func furnish(s *server.Server) int64 {
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh Nguyệt"), party.CellResolution)
	s.Enter(s.Fields("LTT", "Trần Văn Bình"), party.Ceremony)
	s.Enter(s.Fields("LTT", "Đặng Thị Hoài Phương"), party.Planned)
	s.Enter(s.Fields("NTH", "Lê Đức Anh"), party.Introduced)
	s.Enter(s.Fields("SVKT", "Phạm Thị Tuyết Nhung"), "")
	return id
}

// The list and the forms owe what all pages owe: words in both languages, nothing that axe finds,
// no sideways scrolling on a phone, targets that a finger hits.
func TestTheListAndTheFormsAreGoodPages(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := furnish(s)
	paths := []string{"/people", "/people?q=anh", "/people?q=khong+co+ai", "/people?stage=planned&colour=red&before=x", "/people?after=x",
		"/people?org=999999", "/people/new", fmt.Sprintf("/people/%d/edit", id)}
	for _, as := range []struct{ username, lang string }{{"vanphong", "vi"}, {"vanphong", "en"}, {"bithu.ltt", "vi"}, {"doan.ltt", "en"}} {
		t.Run(as.username+" "+as.lang, func(t *testing.T) {
			tab := signIn(t, s, as.username, as.lang)
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
			}
		})
	}
}

// While one types, the list follows, and the address with it; without script the button does it.
func TestTheListIsSearchedWithAndWithoutScript(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	furnish(s)
	tab := signIn(t, s, "vanphong", "vi")
	tab.Open(s.URL + "/people")
	tab.Sees("Nguyễn Thị Ánh Nguyệt", "Trần Văn Bình", "5 người")
	tab.Fill("Tìm theo tên, lớp, trường, số", "tran binh")
	tab.WaitFor("1 người")
	tab.Sees("Trần Văn Bình")
	tab.SeesNot("Nguyễn Thị Ánh Nguyệt")
	if got := tab.URL(); got != s.URL+"/people?q=tran+binh&org=&category=&title=&before=" && got != s.URL+"/people?q=tran%20binh&org=&category=&title=&before=" {
		t.Errorf("the address is %s", got)
	}
	plain := signIn(t, s, "vanphong", "vi")
	plain.DisableJavaScript()
	plain.Open(s.URL + "/people")
	plain.Fill("Tìm theo tên, lớp, trường, số", "hoai phuong")
	plain.Press("Lọc")
	plain.Sees("Đặng Thị Hoài Phương", "1 người")
	plain.SeesNot("Trần Văn Bình")
}

// A refused form takes the focus to its summary and keeps what was typed; a possible duplicate is
// confirmed by a tick.
func TestARefusedPersonFormIsAGoodPage(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	furnish(s)
	tab := signIn(t, s, "bithu.ltt", "vi")
	tab.Open(s.URL + "/people/new")
	tab.Fill("Họ và tên khai sinh", "Trần Văn Bình")
	tab.Fill("Ngày sinh", "31/02/2006")
	tab.Check("Sinh viên")
	tab.Press("Ghi tên")
	tab.GoodPage()
	tab.Sees("Nhập ngày có thật")
	if title := tab.Title(); len(title) < 6 || title[:len("Lỗi:")] != "Lỗi:" {
		t.Errorf("title %q", title)
	}
	if got := tab.Value("Họ và tên khai sinh"); got != "Trần Văn Bình" {
		t.Errorf("typed a name, now %q", got)
	}
	tab.Fill("Ngày sinh", "10/2/2006")
	tab.Press("Ghi tên")
	tab.GoodPage()
	tab.Sees("có thể là cùng một người", "cùng họ tên và ngày sinh")
	tab.Check("Đã kiểm tra: đây là người khác")
	tab.Press("Ghi tên")
	tab.Sees("Đã ghi tên Trần Văn Bình")
}
