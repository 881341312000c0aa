package introductions_test

import (
	"fmt"
	"strings"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/introduction"
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

// pasted is a list of thirty as it comes from a workbook; the birth date of the third and the name of
// the fifth cannot be.
func pasted() string {
	var b strings.Builder
	b.WriteString("STT\tHọ và tên\tNgày sinh\tGiới tính\tLớp\n")
	for i := range 30 {
		name, born := fmt.Sprintf("Nguyễn Thị Thu %c", 'A'+i%26), fmt.Sprintf("%d/%d/2008", i%28+1, i%12+1)
		switch i {
		case 2:
			born = "31/2/2008"
		case 4:
			name = "Hoa"
		}
		fmt.Fprintf(&b, "%d\t%s\t%s\tNữ\t12A%d\n", i+1, name, born, i%5+1)
	}
	return b.String()
}

// The Union introduces thirty from a pasted list, mends what is wrong without losing anything, and the
// cell accepts all but one.
func TestThirtyAreIntroducedAndAnswered(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	union := signIn(t, s, "doan.ltt")
	union.Follow("Giới thiệu")
	union.Follow("Nhập nghị quyết giới thiệu")
	union.GoodPage()
	union.Press("Kiểm tra danh sách")
	union.GoodPage()
	union.Sees("Ghi số nghị quyết")
	union.Fill("Tổ chức Đoàn", "Đoàn trường THPT Lê Thánh Tôn")
	union.Fill("Số nghị quyết", "12-NQ/ĐTN")
	union.Fill("Ngày nghị quyết", "1/10/2026")
	union.Fill("Danh sách", pasted())
	union.Press("Kiểm tra danh sách")
	union.Sees("30 dòng")
	union.GoodPage()
	union.Press("Ghi danh sách")
	union.Sees("Dòng 3 (Nguyễn Thị Thu C)")
	union.Sees("Dòng 5 (Hoa)")
	union.GoodPage()
	if list, err := s.Introductions.List(t.Context(), s.Viewer("vanphong"), introduction.Query{}); err != nil || len(list.Rows) != 0 {
		t.Fatalf("something was kept: %+v, %v", list.Rows, err)
	}
	union.Check("Ghi những dòng đã đúng, giữ lại những dòng còn lỗi")
	union.Press("Ghi danh sách")
	union.Sees("Đã ghi 28 người")
	union.GoodPage()
	union.Fill("Ngày sinh, dòng 3", "28/2/2008")
	union.Fill("Họ và tên khai sinh, dòng 5", "Nguyễn Thị Hoa")
	union.Press("Ghi danh sách")
	union.Sees("Đã ghi 2 người")
	union.Sees("30 chưa trả lời")
	union.GoodPage()

	cell := signIn(t, s, "bithu.ltt")
	cell.Follow("Giới thiệu")
	cell.Sees("30 người chờ trả lời")
	cell.GoodPage()
	cell.Follow("12-NQ/ĐTN")
	cell.Choose("Trả lời về Nguyễn Thị Hoa", "Không nhận")
	cell.Check("Nhận tất cả những người không chọn gì")
	cell.Press("Ghi trả lời")
	cell.Sees("Ghi lý do không nhận")
	cell.GoodPage()
	cell.Fill("Lý do không nhận Nguyễn Thị Hoa", "Chưa đủ tiêu chuẩn học tập")
	cell.Press("Ghi trả lời")
	cell.Sees("29 nhận, 1 không nhận, 0 chưa trả lời")
	cell.GoodPage()
	counts, err := s.People.StageCounts(t.Context(), s.Viewer("vanphong"), 0)
	if err != nil || counts[party.StageIntroduced] != 29 || counts[party.StageDropped] != 1 {
		t.Errorf("%v, %v", counts, err)
	}
	cell.Press("English")
	cell.Sees("29 accepted, 1 declined, 0 not answered")
	cell.GoodPage()
	for _, path := range []string{"/introductions", "/introductions?from=x&waiting=1", "/introductions/new"} {
		cell.Open(s.URL + path)
		cell.GoodPage()
	}
}
