package tasks_test

import (
	"fmt"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/party"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// A secretary gives the whole cell a task and one member another, is told what was typed wrong without
// losing it, and enters the results a month later.
func TestASecretaryGivesTasksAndEntersResults(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	first := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	s.Enter(s.Fields("LTT", "Trần Văn Bình"), party.Ceremony)
	s.Enter(s.Fields("LTT", "Vũ Thị Cúc"), party.Ceremony)
	tab := browsertest.New(t)
	tab.Open(s.URL + "/login")
	tab.Fill("Tên đăng nhập", "bithu.ltt")
	tab.Fill("Mật khẩu", apptest.Password)
	tab.Press("Đăng nhập")
	tab.Open(fmt.Sprintf("%s/cells/%d", s.URL, s.Org("LTT")))
	tab.Follow("Nhiệm vụ")
	tab.Sees("Không có nhiệm vụ nào đang làm.", "Chưa có nhiệm vụ")
	tab.GoodPage()
	tab.Fill("Ngày giao, ngày ghi kết quả", "05/09/2026")
	tab.Fill("Nhiệm vụ chung", "Tham gia hiến máu")
	tab.Fill("Nhiệm vụ, Nguyễn Thị Ánh", "Phụ trách câu lạc bộ")
	tab.Fill("Hạn, Nguyễn Thị Ánh", "01/09/2026")
	tab.Press("Lưu nhiệm vụ")
	tab.Sees("Nguyễn Thị Ánh: Hạn không được trước ngày giao (05/09/2026).")
	tab.GoodPage()
	tab.Fill("Hạn, Nguyễn Thị Ánh", "01/10/2026")
	tab.Press("Lưu nhiệm vụ")
	tab.Sees("Đã lưu: 0 kết quả, 3 nhiệm vụ mới.", "Phụ trách câu lạc bộ", "Quá hạn 01/10/2026", "Tham gia hiến máu")
	tab.GoodPage()
	tab.Fill("Ngày giao, ngày ghi kết quả", "02/10/2026")
	tab.Choose("Kết quả, Nguyễn Thị Ánh, Phụ trách câu lạc bộ", "Hoàn thành một phần")
	tab.Fill("Ghi chú, Nguyễn Thị Ánh, Phụ trách câu lạc bộ", "Còn thiếu báo cáo")
	tab.Press("Lưu nhiệm vụ")
	tab.Sees("Đã lưu: 1 kết quả, 0 nhiệm vụ mới.", "Không có từ 02/10/2026")
	tab.Open(fmt.Sprintf("%s/people/%d", s.URL, first))
	tab.Sees("Hoàn thành một phần", "Còn thiếu báo cáo")
	tab.GoodPage()
	tab.Follow("Nhiệm vụ của chi bộ")
	tab.Press("English")
	tab.Sees("Give tasks", "None since 02/10/2026")
	tab.GoodPage()
}
