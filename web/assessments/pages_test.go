package assessments_test

import (
	"fmt"
	"testing"

	"ketnap/internal/apptest"
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
	tab.Fill("Mật khẩu", apptest.Password)
	tab.Press("Đăng nhập")
	return tab
}

// look sees to a page at both widths, and keeps a picture of each.
func look(tab *browsertest.Tab, name string) {
	tab.SetViewport(375, 800)
	tab.GoodPage()
	tab.Screenshot(name + "-375")
	tab.SetViewport(1280, 900)
	tab.GoodPage()
	tab.Screenshot(name + "-1280")
}

// A cell rates the year and names whom it reviews; the grassroots committee decides; the
// watch is concluded when it ends.
func TestAYearFromTheCellToTheCommittee(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	for i := range 6 {
		s.Enter(s.Fields("LTT", fmt.Sprintf("Nguyễn Thị An %02d", i)), party.Ceremony)
	}
	cell := signIn(t, s, "bithu.ltt")
	cell.Follow("Đánh giá, sàng lọc")
	cell.Sees("Đánh giá, xếp loại năm 2026", "Chưa ghi")
	cell.Fill("Ngày chi bộ họp", "5/11/2026")
	cell.Fill("Số biên bản", "11-BB/CB")
	cell.Fill("Số đảng viên bỏ phiếu", "6")
	for i := range 4 {
		cell.Choose(fmt.Sprintf("Chi bộ đề nghị, Nguyễn Thị An %02d", i), "Tốt")
		cell.Fill(fmt.Sprintf("Số phiếu, Nguyễn Thị An %02d", i), "6")
	}
	cell.Choose("Chi bộ đề nghị, Nguyễn Thị An 04", "Xuất sắc")
	cell.Choose("Lý do không xếp loại, Nguyễn Thị An 05", "Chưa đủ thời gian")
	cell.Fill("Ghi chú, Nguyễn Thị An 04", "Giải ba học sinh giỏi cấp tỉnh")
	cell.Press("Lưu")
	cell.Sees("Nguyễn Thị An 05: Vào Đảng ngày 19/06/2026, đã đủ thời gian xếp loại.")
	cell.SummaryLeads()
	look(cell, "refused")
	cell.Press("Lưu các dòng đúng")
	cell.Sees("Đã lưu 5 người; 1 dòng chưa lưu, xem lỗi bên dưới.")
	cell.Choose("Lý do không xếp loại, Nguyễn Thị An 05", "Miễn sinh hoạt")
	cell.Press("Lưu")
	cell.Sees("Đã lưu 6 người.", "Mức xuất sắc vượt giới hạn: 1 người, được phép 0 người")
	look(cell, "sheet")
	cell.Follow("Rà soát, sàng lọc")
	cell.Fill("Ngày chi bộ họp", "5/11/2026")
	cell.Choose("Diện rà soát, Nguyễn Thị An 02", "Không hoàn thành nhiệm vụ")
	cell.Choose("Chi bộ đề nghị, Nguyễn Thị An 02", "Theo dõi, thử thách")
	cell.Choose("Diện rà soát, Nguyễn Thị An 03", "Vi phạm kỷ luật, pháp luật")
	cell.Choose("Chi bộ đề nghị, Nguyễn Thị An 03", "Xem xét xóa tên")
	cell.Press("Lưu")
	cell.Sees("Đã lưu 2 người.", "Chờ đảng ủy cơ sở duyệt.")
	look(cell, "screening")

	base := signIn(t, s, "coso.gd")
	base.Open(s.URL + "/assessments?year=2026")
	look(base, "overview")
	base.Follow("Chi bộ LTT")
	base.Follow("Duyệt kết quả")
	look(base, "approval")
	base.Choose("Quyết định, Nguyễn Thị An 04", "Tốt")
	base.Fill("Số văn bản", "7-NQ/ĐU")
	base.Press("Duyệt")
	base.Sees("Đã duyệt: Đánh giá, xếp loại năm 2026", "số 7-NQ/ĐU")
	look(base, "approved")
	base.Follow("In biên bản")
	look(base, "minutes")
	base.Open(fmt.Sprintf("%s/cells/%d/screening/approval?year=2026", s.URL, s.Org("LTT")))
	base.Press("Duyệt")
	base.Sees("theo dõi đến 23/11/2027", "Lập hồ sơ ra khỏi Đảng")
	base.GoodPage()
	base.Open(fmt.Sprintf("%s/assessments/names?year=2026&org=%d&figure=good", s.URL, s.Org("GD")))
	base.Sees("Tốt, năm 2026", "Nguyễn Thị An 04")
	look(base, "names")
	base.Open(s.URL + "/assessments/watches")
	base.Sees("Nguyễn Thị An 02", "Còn 365 ngày")
	look(base, "watches")
	base.Press("English")
	base.Sees("Members being watched", "365 days left")
	base.GoodPage()
	for path, says := range map[string]string{"/assessments?year=2026": "Assessment and screening", fmt.Sprintf("/cells/%d/assessment?year=2026", s.Org("LTT")): "Assessment of 2026"} {
		base.Open(s.URL + path)
		base.Sees(says)
		base.GoodPage()
	}
}
