package cases_test

import (
	"fmt"
	"testing"

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
	tab.Fill("Mật khẩu", "mot mat khau dai")
	tab.Press("Đăng nhập")
	return tab
}

// A probationary member is removed: the cell votes on a phone, the office carries it to the decision,
// the person appeals and is restored; the history shows both.
func TestARemovalWithAppealAndRestoration(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	cell := signIn(t, s, "bithu.ltt")
	cell.SetViewport(375, 800)
	cell.Open(fmt.Sprintf("%s/people/%d", s.URL, id))
	cell.Follow("Mở vụ việc ra khỏi Đảng")
	cell.GoodPage()
	cell.Screenshot("form-375")
	cell.Fill("Ngày mở", "02/11/2026")
	cell.Fill("Lý do", "Không đủ tư cách")
	cell.Choose("Căn cứ", "Không nêu")
	cell.Press("Mở vụ việc")
	cell.Sees("Chọn một căn cứ phù hợp với đảng viên này.")
	cell.GoodPage()
	cell.Choose("Căn cứ", "Đảng viên dự bị không đủ tư cách")
	cell.Press("Mở vụ việc")
	cell.Sees("Đã ghi: Đã mở vụ việc.", "Điều kiện ra quyết định")
	cell.GoodPage()
	cell.Fill("Ngày", "03/11/2026")
	cell.Fill("Tổng số đảng viên chính thức của chi bộ", "9")
	cell.Fill("Đảng viên chính thức có mặt", "9")
	cell.Fill("Số tán thành", "10")
	cell.Press("Ghi nghị quyết chi bộ")
	cell.Fill("Số tán thành", "8")
	cell.Press("Ghi nghị quyết chi bộ")
	cell.Sees("Chi bộ đã biểu quyết", "Đang chờ cấp có thẩm quyền")
	cell.GoodPage()
	cell.Screenshot("one-375")
	cell.Follow("In tờ trình")
	cell.Sees("TỜ TRÌNH ĐỀ NGHỊ XÓA TÊN ĐẢNG VIÊN", "Nguyễn Thị Ánh")
	if n := cell.PrintedPages(); n != 1 {
		t.Errorf("the proposal takes %d sheets", n)
	}

	office := signIn(t, s, "vanphong")
	office.Open(s.URL + "/cases")
	office.GoodPage()
	office.Screenshot("list-1280")
	office.Follow("Nguyễn Thị Ánh")
	office.Fill("Ngày", "05/11/2026")
	office.Fill("Tổng số ủy viên", "9")
	office.Fill("Số tán thành", "8")
	office.Press("Ghi đề nghị của cấp ủy cơ sở")
	office.Fill("Ngày", "09/11/2026")
	office.Fill("Tổng số ủy viên", "10")
	office.Fill("Số tán thành", "5")
	office.Press("Ghi ra khỏi Đảng")
	office.Sees("6") // more than half of ten
	office.GoodPage()
	office.Screenshot("one-1280")
	office.Fill("Số tán thành", "9")
	office.Press("Ghi ra khỏi Đảng")
	office.Sees("Đã ghi: Đã ra khỏi Đảng.", "Quyết định số 1-QĐ/ĐU")
	office.Fill("Ngày", "10/11/2026")
	office.Press("Ghi đã giao quyết định")
	office.Sees("Được khiếu nại đến hết ngày")
	office.Fill("Ngày", "16/11/2026")
	office.Press("Ghi nhận khiếu nại")
	office.Sees("Ghi nội dung, lý do.")
	office.Fill("Nội dung, lý do", "Đơn khiếu nại")
	office.Press("Ghi nhận khiếu nại")
	office.Fill("Ngày", "20/11/2026")
	office.Fill("Nội dung, lý do", "Khiếu nại đúng")
	office.Press("Khôi phục quyền đảng viên")
	office.Sees("Đã ghi: Đã khôi phục quyền đảng viên.")
	office.GoodPage()
	office.Follow("Mở hồ sơ người này")
	office.Sees("Khôi phục quyền đảng viên", "Ra khỏi Đảng", "Đảng viên dự bị")
	office.GoodPage()
}
