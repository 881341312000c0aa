package journey

import (
	"strings"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
)

// skip goes past header and navigation, as whoever has only a keyboard does on each page.
func skip(t *testing.T, k *browsertest.Keyboard) {
	t.Helper()
	k.To("Đến nội dung chính")
	k.EnterHere()
	if at := k.FocusName(); at != "main" {
		t.Fatalf("%s: the skip link leads to %q", k.URL(), at)
	}
	k.SeesFocus()
}

// summary makes sure that a refused form begins with its errors, and goes to a field by one of them.
func summary(t *testing.T, k *browsertest.Keyboard, words, field string) {
	t.Helper()
	if at := k.FocusName(); at != "Chưa ghi được, đề nghị xem lại" || !strings.HasPrefix(k.Title(), "Lỗi:") {
		t.Fatalf("%s: the refused form begins at %q, titled %q", k.URL(), at, k.Title())
	}
	k.SeesFocus()
	k.SummaryLeads()
	k.To(words)
	k.EnterHere()
	if at := k.FocusName(); at != field {
		t.Errorf("%s: %q leads to %q, not to %q", k.URL(), words, at, field)
	}
	k.SeesFocus()
}

// A secretary signs in, enters a candidate, records two steps and finds him again without ever
// touching a mouse, and always sees where he is.
func TestTheKeyboardAloneSuffices(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	tab := browsertest.New(t)
	k := tab.Keyboard()
	tab.Open(s.URL + "/login")
	if at := k.FocusName(); at != "Tên đăng nhập" {
		t.Errorf("signing in begins at %q", at)
	}
	k.SeesFocus()
	k.Replace("bithu.ltt")
	k.Type("Mật khẩu", apptest.Password)
	k.Enter()

	skip(t, k)
	k.BackTo("Người")
	k.Enter()
	skip(t, k)
	k.To("Thêm người")
	k.Enter()
	skip(t, k)
	k.To("Ghi tên")
	k.Enter()
	summary(t, k, "Nhập ngày sinh", "Ngày sinh")
	k.BackTo("Họ và tên khai sinh")
	k.Replace("Nguyễn Thị Ánh Nguyệt")
	k.Type("Ngày sinh", "10/2/2007")
	k.Mark("Nam")
	k.Mark("Học sinh")
	k.Pick("Trình độ giáo dục phổ thông đã hoàn thành", "Trung học cơ sở")
	k.Type("Ngày vào Đoàn", "26-03-2022")
	k.To("Ghi tên")
	k.Enter()
	tab.Sees("Đã ghi tên Nguyễn Thị Ánh Nguyệt.", "10/02/2007", "Nam")

	skip(t, k)
	k.To("Ghi: Giới thiệu")
	k.Enter()
	k.Type("Ngày giới thiệu", "31/02/2026")
	k.Enter()
	summary(t, k, "Nhập ngày có thật", "Ngày giới thiệu")
	k.Replace("10/09/2025")
	k.Type("Tổ chức Đoàn giới thiệu", "Đoàn trường")
	k.To("Ghi bước này")
	k.Enter()
	tab.Sees("Đã ghi bước Giới thiệu")
	skip(t, k)
	k.To("Ghi: Đưa vào quy hoạch")
	k.Enter()
	k.Type("Ngày đưa vào quy hoạch", "25/09/2025")
	k.To("Ghi bước này")
	k.Enter()
	tab.Sees("Đã ghi bước Đưa vào quy hoạch")

	k.To("Người")
	k.Enter()
	k.Type("Tìm theo tên", "anh nguyet")
	tab.WaitFor("1 người")
	k.To("Nguyễn Thị Ánh Nguyệt")
	k.Enter()
	tab.Sees("Nguyễn Thị Ánh Nguyệt", "Trong quy hoạch")
}
