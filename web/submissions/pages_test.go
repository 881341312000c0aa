package submissions_test

import (
	"fmt"
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/party"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

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

var names = []string{"Nguyễn Thị Ánh", "Nguyễn Thị Bình", "Nguyễn Thị Cúc", "Nguyễn Thị Dung", "Nguyễn Thị Hoa"}

// five enters people whom the cell has voted for.
func five(s *server.Server) (ids []int64) {
	for _, name := range names {
		ids = append(ids, s.Enter(s.Fields("LTT", name), party.CellResolution))
	}
	return ids
}

// The cell hands five dossiers in, the grassroots committee returns one and names two papers, the cell
// completes it and hands it in again, and the committee accepts.
func TestADossierComesBackAndGoesUpAgain(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	ids := five(s)
	cell := signIn(t, s, "bithu.ltt", "vi")
	cell.SetViewport(375, 800)
	cell.Open(s.URL + "/submissions")
	cell.Follow("Trình hồ sơ")
	for _, name := range names {
		cell.Check(name)
	}
	cell.GoodPage()
	cell.Press("Trình lên")
	cell.Sees("Số hồ sơ đã trình: 5.", "Chờ tiếp nhận", "Đảng bộ GD")

	base := signIn(t, s, "coso.gd", "vi")
	base.Open(s.URL + "/worklist")
	base.Follow("Hồ sơ chờ đồng chí tiếp nhận: 5")
	base.GoodPage()
	base.Screenshot("queue-1280")
	base.Follow("Mở hồ sơ trình (" + names[4] + ")")
	base.Check("1-KNĐ Đơn xin vào Đảng")
	base.Check("5-KNĐ Tổng hợp ý kiến nhận xét của tổ chức chính trị - xã hội và chi ủy nơi cư trú")
	base.Fill("Ý kiến", "Bổ sung trong tuần")
	base.Press("Trả lại chi bộ")
	base.Sees("Đã trả hồ sơ về chi bộ", "Trả lại chi bộ")
	base.GoodPage()
	base.Screenshot("returned-1280")
	base.Open(s.URL + "/submissions")
	for _, name := range names[:4] {
		base.Check(name)
	}
	base.Press("Chuyển lên cấp trên")
	base.Sees("Số hồ sơ đã chuyển lên cấp trên: 4.", "Không có hồ sơ nào chờ xử lý")

	cell.Open(s.URL + "/worklist")
	cell.Follow("Hồ sơ bị trả lại chi bộ: 1")
	cell.Sees("thiếu 1-KNĐ, 5-KNĐ", "Bổ sung trong tuần")
	cell.GoodPage()
	cell.Open(fmt.Sprintf("%s/people/%d/dossier", s.URL, ids[4]))
	cell.Choose("Tình trạng, 1-KNĐ", "Có")
	cell.Choose("Tình trạng, 5-KNĐ", "Có")
	cell.Press("Lưu hồ sơ")
	cell.Sees("Đã lưu hồ sơ")
	cell.Open(s.URL + "/submissions?tab=returned")
	cell.Follow(names[4])
	cell.Screenshot("again-375")
	cell.Press("Trình lại")
	cell.Sees("Số hồ sơ đã trình: 1.", "Chờ tiếp nhận")

	base.Open(s.URL + "/submissions")
	base.Check(names[4])
	base.Press("Chuyển lên cấp trên")
	committee := signIn(t, s, "vanphong", "vi")
	committee.Open(s.URL + "/submissions")
	for _, name := range names {
		committee.Check(name)
	}
	committee.Press("Tiếp nhận")
	committee.Sees("Số hồ sơ đã tiếp nhận: 5.", "Đã tiếp nhận")
	committee.GoodPage()
	cell.Open(fmt.Sprintf("%s/people/%d", s.URL, ids[4]))
	cell.Sees("Đã tiếp nhận, tại Đảng ủy K")
}

func TestSubmissionsAreGoodPages(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	five(s)
	for _, lang := range []string{"vi", "en"} {
		tab := signIn(t, s, "bithu.ltt", lang)
		for _, width := range []int64{1280, 375} {
			tab.SetViewport(width, 900)
			for _, path := range []string{"/submissions", "/submissions/new", "/submissions?tab=closed"} {
				tab.Open(s.URL + path)
				tab.GoodPage()
			}
			tab.Open(s.URL + "/submissions/new")
			tab.Screenshot(fmt.Sprintf("new-%s-%d", lang, width))
		}
	}
}

// With the keyboard alone: the tabulator goes from box to box, the space bar chooses, the enter key
// sends.
func TestAQueueIsWorkedOffByKeyboard(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	five(s)
	tab := signIn(t, s, "bithu.ltt", "vi")
	tab.Open(s.URL + "/submissions/new")
	keys := tab.Keyboard()
	for _, name := range names[1:3] {
		keys.To(name)
		keys.Keys(" ")
	}
	keys.Type("Ý kiến", "Đủ")
	keys.To("Trình lên")
	keys.Enter()
	tab.Sees("Số hồ sơ đã trình: 2.")
}
