package classes_test

import (
	"fmt"
	"testing"
	"time"

	"ketnap/internal/apptest"
	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/class"
	"ketnap/internal/party"
	"ketnap/internal/people"
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

// planned enters people of a cell who are in planning, named by two letters so that no name begins another.
func planned(t *testing.T, s *server.Server, cell string, from, to int) []int64 {
	t.Helper()
	var histories []people.History
	for i := from; i < to; i++ {
		histories = append(histories, people.History{Fields: s.Fields(cell, name(i)), Steps: s.Way(cell)[:2]})
	}
	ids, err := s.People.EnterHistories(t.Context(), s.Viewer("vanphong"), histories)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func name(i int) string { return fmt.Sprintf("Nguyễn Thị %c%c", 'A'+i/26, 'a'+i%26) }

// good looks at the page in both languages, on a desk and on a phone.
func good(tab *browsertest.Tab) {
	tab.GoodPage()
	tab.Press("English")
	tab.GoodPage()
	tab.SetViewport(375, 800)
	tab.GoodPage()
	tab.SetViewport(1280, 900)
	tab.Press("Tiếng Việt")
}

// A class of twenty-five of whom twenty-three pass, from the plan to its closing: the organiser plans it and
// its sessions, two cells nominate, the organiser answers, enters attendance and essays, gives the certificates
// and prints them.
func TestAClassOfTwentyFiveOfWhomTwentyThreePass(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	planned(t, s, "LTT", 0, 20)
	planned(t, s, "NTH", 20, 25)
	tab := signIn(t, s, "tuyengiao")
	tab.Follow("Lớp bồi dưỡng")
	good(tab)
	tab.Follow("Thêm lớp")
	good(tab)
	tab.Press("Ghi lớp")
	tab.GoodPage() // refused
	tab.Choose("Đơn vị mở lớp", "Đảng ủy K")
	tab.Fill("Số lớp", "02/2026")
	tab.Fill("Ngày khai giảng", "10/10/2026")
	tab.Fill("Ngày bế giảng", "18/10/2026")
	tab.Fill("Sĩ số tối đa", "30")
	tab.Fill("Địa điểm", "Hội trường lớn Trung tâm Chính trị, khu A, đường Lê Lợi, phường Tân Hà, tỉnh Tân Hà")
	tab.Press("Ghi lớp")
	at := tab.URL()
	tab.Sees("Lớp số 02/2026", "10/10/2026 cả ngày", "18/10/2026 cả ngày")
	good(tab)

	tab.Follow("Sửa buổi học")
	good(tab)
	tab.Fill("Chuyên đề, Buổi 1", "Lịch sử Đảng")
	tab.Fill("Ngày, Buổi 2", "20/10/2026")
	tab.Check("Bỏ buổi 4")
	tab.Press("Lưu buổi học")
	tab.Sees("Ngày phải từ 10/10/2026 đến 18/10/2026")
	tab.GoodPage()
	tab.Fill("Ngày, Buổi 2", "11/10/2026")
	tab.Press("Lưu buổi học")
	tab.Sees("Đã lưu buổi học.", "Lịch sử Đảng")
	tab.SeesNot("18/10/2026 cả ngày")

	cell := signIn(t, s, "bithu.ltt")
	cell.Open(at)
	cell.Follow("Chi bộ cử người đi học")
	good(cell)
	cell.Press("Cử đi học")
	cell.Sees("Chọn ít nhất một người")
	cell.GoodPage()
	cell.Follow("Chọn tất cả người đủ điều kiện")
	cell.Press("Cử đi học")
	cell.Sees("Đã cử 20 người đi học.")
	good(cell)
	other := signIn(t, s, "bithu.nth")
	other.Open(at + "/nominate?all=1")
	other.SeesNot(name(0))
	other.Press("Cử đi học")
	other.Sees("Đã cử 5 người đi học.", name(20))
	other.SeesNot(name(0))

	tab.Open(at)
	tab.Follow("25 người chờ duyệt")
	good(tab)
	tab.Follow("Chọn tất cả")
	tab.Press("Duyệt")
	tab.Sees("Đã duyệt 25 người.")
	good(tab)

	for i := range 3 {
		tab.Open(at)
		tab.Open(tab.URL() + sessionPath(t, s, i))
		if i == 0 {
			good(tab)
		}
		tab.Check("Vắng, " + name(24))
		tab.Press("Lưu điểm danh")
		tab.Sees("Đã lưu điểm danh, 25 dòng thay đổi.")
	}
	tab.Follow("Danh sách ký tên")
	good(tab)
	tab.Open(at)
	tab.Follow("Nhập điểm thu hoạch")
	good(tab)
	for i := range 25 {
		mark := "8,5"
		if i == 23 {
			mark = "4"
		}
		tab.Fill("Điểm, "+name(i), mark)
	}
	tab.Check("Khen, " + name(0))
	tab.Press("Lưu kết quả")
	tab.Sees("Đã lưu, 25 dòng thay đổi.")
	tab.Follow("Cấp giấy chứng nhận")
	tab.Sees("Được cấp giấy chứng nhận 23", "Ghi chưa đạt 2")
	good(tab)
	tab.Fill("Ngày cấp", "24/11/2026")
	tab.Press("Cấp và ghi kết quả")
	tab.Sees("Ngày không được sau hôm nay, 23/11/2026")
	tab.GoodPage()
	tab.Fill("Ngày cấp", "01/11/2026")
	tab.Press("Cấp và ghi kết quả")
	tab.Sees("Đã ghi 23 người hoàn thành, 2 người chưa đạt.", "Đã cấp số 001/2026-GCN đến 023/2026-GCN.")
	good(tab)

	for link, sees := range map[string]string{"Danh sách học viên": "Danh sách gồm 25 học viên.", "Bảng kết quả học tập": "hoàn thành 23, chưa đạt 2", "Giấy chứng nhận": "023/2026-GCN", "Giấy khen": "001/2026-GK"} {
		tab.Open(at)
		tab.Follow(link)
		tab.Sees(sees, name(0))
		good(tab)
		tab.Print(true)
		tab.SeesNot("Đăng xuất")
		tab.Print(false)
	}
	for paper, sheets := range map[string]int{"certificates": 23, "merit": 1} { // a sheet for each person
		tab.Open(at + "/papers/" + paper)
		if n := tab.PrintedPages(); n != sheets {
			t.Errorf("%s take %d sheets, want %d", paper, n, sheets)
		}
	}
	tab.Open(at)
	tab.Follow("Kết thúc lớp")
	good(tab)
	tab.Press("Kết thúc lớp")
	tab.Sees("Đã kết thúc lớp.")
	tab.Open(s.URL + "/classes/register")
	good(tab)
	if list, err := s.Classes.List(t.Context(), s.Viewer("tuyengiao"), class.Query{State: class.Closed}); err != nil || len(list.Classes) != 1 || list.Counts[list.Classes[0].ID].Passed != 23 {
		t.Errorf("%+v, %v", list, err)
	}
	if counts, err := s.People.StageCounts(t.Context(), s.Viewer("tuyengiao"), 0); err != nil || counts[party.StageTrained] != 23 || counts[party.StagePlanned] != 2 {
		t.Errorf("%v, %v", counts, err)
	}
}

// sessionPath gives the way from the class to the attendance of one of its sessions.
func sessionPath(t *testing.T, s *server.Server, i int) string {
	t.Helper()
	list, err := s.Classes.List(t.Context(), s.Viewer("tuyengiao"), class.Query{State: class.Finished})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list.Classes {
		if c.Number == "02/2026" {
			o, err := s.Classes.Get(t.Context(), s.Viewer("tuyengiao"), c.ID)
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprintf("/attendance/%d", o.Sessions[i].ID)
		}
	}
	t.Fatal("there is no class")
	return ""
}

// A class of two hundred by the keyboard alone and on a phone: attendance and essays are entered row after
// row and saved once.
func TestAClassOfTwoHundredByKeyboardAndOnAPhone(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	ids := planned(t, s, "LTT", 0, 200)
	v := s.Viewer("tuyengiao")
	id, err := s.Classes.Create(t.Context(), v, class.Creation{Weekdays: []time.Weekday{time.Saturday}, Part: party.ClassDay, Fields: class.Fields{OrgID: s.Org("K"), Number: "200/2026",
		Starts: party.MustDate("2026-10-10"), Ends: party.MustDate("2026-10-10"), Kind: party.AwarenessClass, Pass: party.DefaultPassRule, Capacity: 200}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Classes.Nominate(t.Context(), s.Viewer("bithu.ltt"), class.Nomination{ClassID: id, People: ids}); err != nil {
		t.Fatal(err)
	}
	at := fmt.Sprintf("%s/classes/%d", s.URL, id)
	tab := signIn(t, s, "tuyengiao")
	tab.Open(at + "/approval?all=1")
	tab.Press("Duyệt")
	tab.Sees("Đã duyệt 200 người.")
	c, err := s.Classes.Get(t.Context(), v, id)
	if err != nil {
		t.Fatal(err)
	}
	sheet := fmt.Sprintf("%s/attendance/%d", at, c.Sessions[0].ID)

	tab.Open(sheet)
	keys := tab.Keyboard()
	keys.Mark("Vắng, " + name(1))
	keys.Mark("Có phép, " + name(3))
	keys.Enter()
	tab.Sees("Đã lưu điểm danh, 200 dòng thay đổi.")
	tab.Open(at + "/results")
	for i := range 5 {
		keys.Type("Điểm, "+name(i), fmt.Sprintf("%d,5", i+4))
	}
	keys.Mark("Khen, " + name(4))
	keys.Enter()
	tab.Sees("Đã lưu, 5 dòng thay đổi.")
	if c, err = s.Classes.Get(t.Context(), v, id); err != nil {
		t.Fatal(err)
	}
	for i, m := range c.Members[:5] {
		if m.Work.Mark != (i+4)*100+50 || m.Merit != (i == 4) || (m.Work.Present > 0) == (i == 1 || i == 3) {
			t.Errorf("%s: %+v", m.FullName, m)
		}
	}

	tab.SetViewport(375, 800)
	for _, path := range []string{sheet, at + "/results", at} {
		tab.Open(path)
		fits(tab)
	}
	tab.Open(sheet)
	tab.Check("Vắng, " + name(199))
	tab.Press("Lưu điểm danh")
	tab.Sees("Đã lưu điểm danh, 1 dòng thay đổi.")
	tab.Open(at + "/results")
	tab.Fill("Điểm, "+name(199), "mười")
	tab.Press("Lưu kết quả")
	tab.Sees(name(199) + ": Điểm từ 0 đến 10")
	fits(tab)
	if typed := tab.Value("Điểm, " + name(199)); typed != "mười" {
		t.Errorf("what was typed is lost: %q", typed)
	}
}

// fits looks at what a page of many rows owes besides what the same page of few rows is examined for.
func fits(tab *browsertest.Tab) {
	tab.AllWords()
	tab.NoSidewaysScroll()
	tab.BigTargets()
	tab.SummaryLeads()
}
