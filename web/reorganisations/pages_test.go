package reorganisations_test

import (
	"fmt"
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/party"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// Two cells are merged into one: the office asks wrongly first, sees what would happen, carries it out,
// finds the tree of before and of after, and undoes it.
func TestCellsAreMergedAndTheActIsUndone(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	s.Enter(s.Fields("NTH", "Nguyễn Thị Ánh"), party.Ceremony)
	s.Enter(s.Fields("NTH", "Trần Thị Bé"), party.Planned)
	tab := browsertest.New(t)
	tab.Open(s.URL + "/login")
	tab.Fill("Tên đăng nhập", "vanphong")
	tab.Fill("Mật khẩu", "mot mat khau dai")
	tab.Press("Đăng nhập")

	tab.Open(s.URL + "/reorganisations")
	tab.Sees("Chưa có lần sắp xếp nào")
	tab.GoodPage()
	tab.Open(fmt.Sprintf("%s/organisations/%d", s.URL, s.Org("NTH")))
	tab.Follow("Sắp xếp lại")
	tab.GoodPage()
	tab.Screenshot("move")
	for _, kind := range []string{"Chia tách", "Kết thúc", "Hợp nhất"} {
		tab.Follow(kind)
		tab.GoodPage()
	}
	tab.Press("Xem trước")
	tab.Sees("Chọn nơi đến.")
	tab.GoodPage()
	tab.Choose("Hợp nhất vào", "Chi bộ LTT")
	tab.Fill("Có hiệu lực từ ngày", "01/05/2026")
	tab.Fill("Số quyết định", "15-QĐ/ĐU")
	tab.Fill("Ngày quyết định", "25/10/2026")
	tab.Fill("Cơ quan ban hành", "Đảng ủy Khối")
	tab.Press("Xem trước")
	tab.Sees("ngày sắp xếp lại phải sau ngày đó")
	tab.SetViewport(375, 800)
	tab.Screenshot("refused-375")
	tab.GoodPage()
	tab.Fill("Có hiệu lực từ ngày", "10/11/2026")
	tab.Press("Xem trước")
	tab.Sees("Chưa có gì thay đổi", "Trong đó đảng viên", "Kết thúc; người chuyển sang")
	tab.GoodPage()
	tab.Screenshot("preview-375")
	tab.Press("Sửa lại")
	tab.Press("Xem trước")
	tab.SetViewport(1280, 900)
	tab.Screenshot("preview")
	tab.Press("Thực hiện")
	tab.Sees("Đã sắp xếp lại tổ chức.", "Đã thực hiện", "15-QĐ/ĐU")
	tab.GoodPage()
	tab.Screenshot("one")
	one := tab.URL()
	tab.Open(s.URL + "/organisations")
	tab.SeesNot("NTH")
	tab.Open(s.URL + "/organisations?day=09/11/2026")
	tab.Sees("Như tại ngày 09/11/2026.", "NTH")
	tab.Open(one)
	tab.Press("Hủy và khôi phục như trước")
	tab.Sees("Đã hủy; mọi thứ như trước.", "Đã hủy")
	tab.GoodPage()
	tab.Open(s.URL + "/reorganisations")
	tab.Sees("Hợp nhất Chi bộ", "Đã hủy")
	tab.GoodPage()
	tab.SetViewport(375, 800)
	tab.Screenshot("list-375")
	tab.GoodPage()
}
