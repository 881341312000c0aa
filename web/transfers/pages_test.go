package transfers_test

import (
	"fmt"
	"strings"
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/party"
	"ketnap/internal/people"
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

// A candidate with the class certificate goes to another school: the grassroots organisation issues the
// paper, the secretary of the other cell receives it, and the candidate goes on there from the stage
// that was reached.
func TestACandidateIsHandedOverAndGoesOn(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.ClassResult)
	base := signIn(t, s, "coso.gd", "vi")
	base.Open(fmt.Sprintf("%s/people/%d", s.URL, id))
	base.Follow("Giới thiệu chuyển nơi khác")
	base.Sees("Đang ở Chi bộ LTT", "Đã học lớp nhận thức")
	base.GoodPage()
	base.Screenshot("form-1280")
	base.Fill("Nơi đến", "Chi bộ nào đó")
	base.Press("Cấp giấy")
	base.Sees("Không tìm thấy chi bộ này trong hệ thống")
	base.GoodPage()
	base.Fill("Nơi đến", "svkt")
	base.Press("Cấp giấy")
	base.Sees("Đã cấp giấy giới thiệu.", "Giấy giới thiệu quần chúng số 1/2026", "Chi bộ SVKT, Đảng bộ DH", "Hủy giấy")
	base.SeesNot("Tiếp nhận")
	base.GoodPage()
	base.Follow("In giấy giới thiệu")
	base.Sees("Kính gửi: Chi bộ SVKT, Đảng bộ DH", "Giới thiệu quần chúng Nguyễn Thị Ánh")
	base.GoodPage()
	if n := base.PrintedPages(); n != 1 {
		t.Errorf("the paper takes %d sheets", n)
	}

	cell := signIn(t, s, "bithu.svkt", "vi")
	cell.SetViewport(375, 800)
	cell.Open(s.URL + "/worklist")
	cell.Follow("Giấy chuyển sinh hoạt chờ đồng chí tiếp nhận: 1")
	cell.GoodPage()
	cell.Screenshot("waiting-375")
	cell.Follow("Nguyễn Thị Ánh")
	cell.SeesNot("Hủy giấy")
	cell.Press("Ghi đã xuất trình")
	cell.Press("Trả lại nơi đi")
	cell.Sees("Nêu lý do.")
	cell.GoodPage()
	cell.Screenshot("one-375")
	cell.Press("Tiếp nhận")
	cell.Sees("Đã tiếp nhận.")
	cell.Follow("Mở hồ sơ người này")
	cell.Sees("Đã học lớp nhận thức", "Chuyển sinh hoạt, chuyển nơi theo dõi", "Giấy số 1/2026")
	cell.GoodPage()
	cell.Open(fmt.Sprintf("%s/people/%d/steps/mentor_assigned", s.URL, id))
	cell.Sees("Nguyễn Thị Ánh")

	old := signIn(t, s, "bithu.ltt", "vi")
	old.Open(s.URL + "/people")
	old.SeesNot("Nguyễn Thị Ánh")
	old.Open(s.URL + "/transfers?tab=all")
	old.Sees("Nguyễn Thị Ánh", "Đã tiếp nhận")
	old.GoodPage()
}

// Another leaves by letter: out of the lists at once, with the stage in the letter; a wrong one is
// replaced, and the person is back when it is cancelled.
func TestACandidateLeavesByLetter(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Bình"), party.CellResolution)
	base := signIn(t, s, "coso.gd", "vi")
	base.SetViewport(375, 800)
	person := fmt.Sprintf("%s/people/%d", s.URL, id)
	base.Open(person + "/transfer")
	base.GoodPage()
	base.Screenshot("form-375")
	base.Check("Tổ chức bên ngoài, bằng giấy giới thiệu")
	base.Fill("Nơi đến", "Chi bộ sinh viên Trường Đại học Y Dược")
	base.Press("Cấp giấy")
	base.Sees("Đã cấp giấy giới thiệu.", "Chi bộ đã đề nghị", "Xác nhận đã đến nơi")
	base.GoodPage()
	base.Follow("Thay giấy sai")
	if at := base.Value("Nơi đến"); at != "Chi bộ sinh viên Trường Đại học Y Dược" {
		t.Errorf("the form begins with %q", at)
	}
	base.Fill("Nơi đến", "Chi bộ sinh viên Trường Đại học Cần Thơ")
	base.Press("Cấp giấy")
	base.Sees("Nêu lý do.")
	base.Fill("Lý do chuyển", "Ghi sai nơi đến")
	base.Press("Cấp giấy")
	base.Sees("Giấy giới thiệu quần chúng số 2/2026", "Trường Đại học Cần Thơ", "Thay cho giấy")
	base.GoodPage()
	base.Screenshot("letter-375")
	letter := base.URL()
	base.Open(person)
	base.Sees("Đã chuyển đi", "Giấy số 1/2026", "Đã hủy")
	base.GoodPage()

	base.Open(letter)
	base.Fill("Lý do trả lại, hủy", "Không chuyển trường nữa")
	base.Press("Hủy giấy")
	base.Sees("Đã hủy giấy.", "Không chuyển trường nữa")
	base.Open(person)
	if stage := base.TextOf(".person-stage"); !strings.Contains(stage, "Chi bộ đã đề nghị") {
		t.Errorf("back at %q", stage)
	}
}

func TestTransfersAreGoodPages(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	for _, lang := range []string{"vi", "en"} {
		tab := signIn(t, s, "vanphong", lang)
		for _, width := range []int64{1280, 375} {
			tab.SetViewport(width, 900)
			for _, path := range []string{"/transfers", "/transfers?tab=open", "/transfers?tab=late", "/transfers?tab=all", fmt.Sprintf("/people/%d/transfer", id)} {
				tab.Open(s.URL + path)
				tab.GoodPage()
			}
			tab.Screenshot(fmt.Sprintf("form-%s-%d", lang, width))
		}
	}
}

// A member goes for a time: he stays counted in his cell, whose votes begin with one who is away; the time
// is extended, and he comes back.
func TestAMemberGoesForATime(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	f := s.Fields("LTT", "Trần Văn Giỏi")
	f.BirthDate = party.MustDate("2004-02-10")
	ids, err := s.People.EnterHistories(t.Context(), s.Viewer("vanphong"), []people.History{{Fields: f, Steps: []people.NewStep{{Kind: party.Received, On: party.MustDate("2025-10-05"),
		Facts: party.ReceivedFacts{DecidedOn: party.MustDate("2023-01-20"), JoinedOn: party.MustDate("2023-02-03"), OfficialOn: party.MustDate("2024-02-03"), From: "Đảng bộ khác"}}}}})
	if err != nil {
		t.Fatal(err)
	}
	candidate := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.DossierComplete)
	base := signIn(t, s, "coso.gd", "vi")
	base.Open(fmt.Sprintf("%s/people/%d", s.URL, ids[0]))
	base.Follow("Chuyển sinh hoạt đảng")
	base.Fill("Nơi đến", "Chi bộ SVKT")
	base.Choose("Hình thức", "Tạm thời")
	base.Fill("Ngày cấp", "01/09/2026")
	base.Press("Cấp giấy")
	base.GoodPage()
	base.Fill("Sinh hoạt tạm thời đến ngày", "01/10/2026")
	base.Press("Cấp giấy")
	base.Sees("Đã cấp giấy giới thiệu.", "Tạm thời", "01/10/2026")
	paper := base.URL()
	base.Follow("In giấy giới thiệu")
	base.Sees("GIẤY GIỚI THIỆU SINH HOẠT ĐẢNG TẠM THỜI")

	cell := signIn(t, s, "bithu.svkt", "vi")
	cell.Open(paper)
	cell.Fill("Ngày", "03/09/2026")
	cell.Press("Ghi đã xuất trình")
	cell.Fill("Ngày", "04/09/2026")
	cell.Press("Tiếp nhận")
	cell.Sees("Đã tiếp nhận.")
	base.Open(s.URL + "/worklist")
	base.Follow("Giấy chuyển sinh hoạt quá hạn: 1")
	base.Sees("chưa trở về")
	base.GoodPage()
	home := signIn(t, s, "bithu.ltt", "vi")
	home.Open(fmt.Sprintf("%s/people/%d/steps/cell_resolution", s.URL, candidate))
	if away := home.Value("Đang sinh hoạt tạm thời ở nơi khác"); away != "1" {
		t.Errorf("the vote begins with %q away", away)
	}
	base.Open(paper)
	base.SetViewport(375, 900)
	base.GoodPage()
	base.Screenshot("temporary-375")
	base.Fill("Gia hạn đến ngày", "01/09/2026")
	base.Press("Gia hạn")
	base.Sees("Ngày gia hạn phải sau 01/10/2026.")
	base.GoodPage()
	base.Fill("Gia hạn đến ngày", "01/12/2026")
	base.Press("Gia hạn")
	base.Sees("Đã gia hạn.", "01/12/2026")
	base.Press("Ghi đã trở về")
	base.Sees("Đã ghi ngày trở về.", "Ngày trở về")
	base.GoodPage()
}

// A cell enters who graduates and who keeps contact; who is without a paper and unheard of comes first.
func TestWhoGraduatesIsSwept(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	for _, name := range []string{"Nguyễn Thị Ánh", "Nguyễn Thị Bình"} {
		s.Enter(s.Fields("LTT", name), party.Planned)
	}
	tab := signIn(t, s, "bithu.ltt", "vi")
	tab.Open(fmt.Sprintf("%s/cells/%d", s.URL, s.Org("LTT")))
	tab.Follow("Người ra trường")
	tab.Sees("Chưa có ai ra trường trong đợt này")
	tab.Follow("Chưa biết ngày")
	tab.GoodPage()
	tab.Fill("Ngày ra trường dự kiến, Nguyễn Thị Ánh", "31/02/2027")
	tab.Press("Lưu danh sách")
	tab.Sees("Nguyễn Thị Ánh: ")
	tab.GoodPage()
	tab.Fill("Ngày ra trường dự kiến, Nguyễn Thị Ánh", "28/02/2027")
	tab.Fill("Liên lạc gần nhất, Nguyễn Thị Ánh", "20/11/2026")
	tab.Fill("Ngày ra trường dự kiến, Nguyễn Thị Bình", "31/03/2027")
	tab.Fill("Đảng viên giữ liên lạc, Nguyễn Thị Bình", "Trần Văn Giúp")
	tab.Press("Lưu danh sách")
	tab.Sees("Số người đã cập nhật: 2.", "Ai cũng đã có ngày ra trường dự kiến")
	tab.Follow("Đợt này")
	for _, width := range []int64{1280, 375} {
		tab.SetViewport(width, 900)
		tab.GoodPage()
		tab.Screenshot(fmt.Sprintf("graduates-%d", width))
	}
	if text := tab.Text(); strings.Index(text, "Nguyễn Thị Bình") > strings.Index(text, "Nguyễn Thị Ánh") {
		t.Error("the silent one is not on top")
	}
	base := signIn(t, s, "coso.gd", "en")
	base.Open(fmt.Sprintf("%s/cells/%d/graduates", s.URL, s.Org("LTT")))
	base.GoodPage()
	base.Follow("Issue a paper, Nguyễn Thị Bình")
	base.Sees("An organisation in the system")
}
