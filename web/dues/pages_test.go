package dues_test

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

// A secretary enters for a cell of forty who has paid before the summer, one less far and one nothing,
// without JavaScript; the month's sheet then shows them as paid.
func TestASecretaryEntersDuesAheadForACell(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	for i := range 40 {
		s.Enter(s.Fields("LTT", fmt.Sprintf("Nguyễn Thị An %02d", i)), party.Ceremony)
	}
	tab := signIn(t, s, "bithu.ltt")
	tab.DisableJavaScript()
	tab.Follow("Chi bộ")
	tab.Follow("Sổ đảng phí")
	tab.Choose("Mọi người không chọn riêng đóng đến hết tháng", "02/2027")
	tab.Choose("Đóng đến hết tháng, Nguyễn Thị An 03", "12/2026")
	tab.Choose("Đóng đến hết tháng, Nguyễn Thị An 17", "Không đóng lần này")
	tab.Press("Lưu đảng phí")
	tab.Sees("Đã ghi 39 người đóng 154 tháng đảng phí, 770.000 đồng; trong đó đóng bù 0 tháng.", "02/2027", "12/2026")
	tab.Choose("Đóng đến hết tháng, Nguyễn Thị An 03", "Hủy 1 tháng đóng trước")
	tab.Press("Lưu đảng phí")
	tab.Sees("Đã hủy 1 tháng đóng trước.")
	tab.Open(fmt.Sprintf("%s/cells/%d/month?month=2026-11-01", s.URL, s.Org("LTT")))
	tab.Sees("Đã đóng theo sổ đảng phí")
	tab.Fill("Ngày sinh hoạt", "5/11/2026")
	tab.Check("Chưa đóng")
	tab.Press("Lưu tháng này")
	tab.Sees("39 người, 195.000 đồng")
}

func TestTheRegisterOfDuesIsAGoodPage(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	for i := range 3 {
		s.Enter(s.Fields("LTT", fmt.Sprintf("Nguyễn Thị An %02d", i)), party.Ceremony)
	}
	tab := signIn(t, s, "bithu.ltt")
	page := fmt.Sprintf("%s/cells/%d/dues", s.URL, s.Org("LTT"))
	tab.Open(page)
	tab.GoodPage()
	tab.Press("Lưu đảng phí")
	tab.Sees("Chọn tháng đóng đến, chung cho mọi người hoặc riêng cho từng người.")
	tab.SummaryLeads()
	tab.GoodPage()
	tab.Choose("Mọi người không chọn riêng đóng đến hết tháng", "11/2027")
	tab.Press("Lưu đảng phí")
	tab.Sees("Đã ghi 3 người đóng 39 tháng đảng phí, 195.000 đồng")
	tab.GoodPage()
	tab.SetViewport(375, 800)
	tab.Open(page + "?year=2027")
	tab.GoodPage()
	tab.SetViewport(1280, 900)
	tab.Press("English")
	tab.Sees("Register of dues of 2027", "Take back 12 months paid ahead")
	tab.GoodPage()
	reader := signIn(t, s, "lanhdao")
	reader.Open(page)
	reader.Sees("Sổ đảng phí năm 2026")
	reader.SeesNot("Lưu đảng phí")
	reader.GoodPage()
}
