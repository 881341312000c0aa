package httpd_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/class"
	"ketnap/internal/party"
)

// What the classes refuse, each as the page says it: beside the field or the row that is wrong.

func plannedPeople(s *server.Server, n int) (ids []int64) {
	for i := range n {
		ids = append(ids, s.Enter(s.Fields("LTT", fmt.Sprintf("Nguyễn Văn %c", 'A'+i)), party.Planned))
	}
	return ids
}

// examined takes people through a class up to their marks, which all pass.
func examined(t *testing.T, s *server.Server, id int64, people []int64) {
	t.Helper()
	v := s.Viewer("tuyengiao")
	if _, err := s.Classes.Nominate(t.Context(), s.Viewer("bithu.ltt"), class.Nomination{ClassID: id, People: people}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Classes.Answer(t.Context(), v, class.Answer{ClassID: id, People: people, Approve: true}); err != nil {
		t.Fatal(err)
	}
	c := openedClass(t, s, id)
	states, marks := map[int64]class.Attended{}, []class.MarkRow{}
	for _, m := range c.Members {
		states[m.PersonID] = class.Present
		marks = append(marks, class.MarkRow{PersonID: m.PersonID, Version: m.Version, Mark: 850, Marked: true})
	}
	for _, o := range c.Sessions {
		if _, err := s.Classes.SaveSheet(t.Context(), v, class.SheetEntry{ClassID: id, SessionID: o.ID, Version: o.Version, States: states}); err != nil {
			t.Fatal(err)
		}
	}
	if saved, err := s.Classes.SaveMarks(t.Context(), v, class.Marks{ClassID: id, Rows: marks}); err != nil || len(saved.Refused) > 0 {
		t.Fatalf("%+v, %v", saved, err)
	}
}

func TestACertificateNumberThatIsUsedIsRefusedBesideItsField(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	people := plannedPeople(s, 3)
	first, at := plannedClass(t, s, "02/2026", 0)
	examined(t, s, first, people[:2])
	b := s.SignIn(t, "tuyengiao")
	movedOn(t, fillAndSend(t, b, at+"/certificates", nil, "issued_on", "01/11/2026"))
	second, other := plannedClass(t, s, "03/2026", 0)
	examined(t, s, second, people[2:])
	path := other + "/certificates"
	a := fillAndSend(t, b, path, nil, "issued_on", "01/11/2026", "first", "2")
	if a.Status != http.StatusUnprocessableEntity || besideField(a, "first") != "Số 002/2026-GCN đã dùng; chọn số khác" || !a.Says(`value="2"`) {
		t.Errorf("a used number: %d, %q", a.Status, besideField(a, "first"))
	}
	a = fillAndSend(t, b, path, nil, "issued_on", "01/11/2026", "first", "9")
	if a.Status != http.StatusUnprocessableEntity || besideField(a, "gap_reason") != "Nêu lý do bỏ qua số 3 đến 8" {
		t.Errorf("a gap without a reason: %d, %q", a.Status, besideField(a, "gap_reason"))
	}
	if c := openedClass(t, s, second); c.Counts.Results != 0 {
		t.Errorf("%+v", c.Counts)
	}
	movedOn(t, fillAndSend(t, b, path, nil, "issued_on", "01/11/2026", "first", "9", "gap_reason", "Phôi hỏng"))
	if a := b.Look("/classes/register"); !a.Says("009/2026-GCN") || !a.Says("Số 3 đến 8 bỏ qua") || !a.Says("Phôi hỏng") {
		t.Error("the register does not explain the numbers passed over")
	}
}

func TestAttendanceIsNotEnteredAfterTheClassClosed(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	people := plannedPeople(s, 1)
	id, at := plannedClass(t, s, "02/2026", 0)
	examined(t, s, id, people)
	b := s.SignIn(t, "tuyengiao")
	path := fmt.Sprintf("%s/attendance/%d", at, openedClass(t, s, id).Sessions[0].ID)
	form := formTo(t, b.Look(path).Body, path).filled(fmt.Sprintf("at_%d", people[0]), "absent")
	movedOn(t, fillAndSend(t, b, at+"/certificates", nil, "issued_on", "01/11/2026"))
	movedOn(t, fillAndSend(t, b, at+"/close", nil))
	a := b.Send(path, form)
	if a.Status != http.StatusConflict || !a.Says("Lớp đã kết thúc; không thay đổi được nữa.") || !a.Says("Có mặt") {
		t.Errorf("%d: %s", a.Status, a.Body[strings.Index(a.Body, "<main"):])
	}
	if c := openedClass(t, s, id); c.Members[0].Work.Present != c.Members[0].Work.Halves {
		t.Errorf("%+v", c.Members[0].Work)
	}
}

func TestAClassOverItsCapacityIsRefusedRowByRow(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	people := plannedPeople(s, 3)
	id, at := plannedClass(t, s, "02/2026", 2)
	if _, err := s.Classes.Nominate(t.Context(), s.Viewer("bithu.ltt"), class.Nomination{ClassID: id, People: people}); err != nil {
		t.Fatal(err)
	}
	b := s.SignIn(t, "tuyengiao")
	path := at + "/approval"
	a := fillAndSend(t, b, path, people, "do", "approve")
	if a.Status != http.StatusUnprocessableEntity || rowSays(a, people[2]) == "" || rowSays(a, people[0]) != "" || !strings.Contains(rowSays(a, people[2]), "Lớp đã đủ 2 người.") {
		t.Errorf("%d, %q", a.Status, rowSays(a, people[2]))
	}
	if n := openedClass(t, s, id).Counts.Approved; n != 0 {
		t.Errorf("%d are approved after a refusal", n)
	}
	movedOn(t, fillAndSend(t, b, path, people, "do", "approve", "keep", "on"))
	if n := openedClass(t, s, id).Counts; n.Approved != 2 || n.Nominated != 1 {
		t.Errorf("%+v", n)
	}
}

// rowSays gives why somebody in a list was refused: the entry of the summary that leads to his row.
func rowSays(a server.Answer, person int64) string {
	_, rest, found := strings.Cut(a.Body, fmt.Sprintf(`<a href="#f-people-%d">`, person))
	if !found {
		return ""
	}
	words, _, _ := strings.Cut(rest, "</a>")
	return words
}

// Somebody is nominated twice: by his cell to the same class, and by the committee above it to another
// one while he is in the first.
func TestNobodyIsNominatedTwice(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	people := plannedPeople(s, 2)
	_, first := plannedClass(t, s, "02/2026", 0)
	_, second := plannedClass(t, s, "03/2026", 0)
	cell, above := s.SignIn(t, "bithu.ltt"), s.SignIn(t, "coso.gd")
	stale := formTo(t, above.Look(second+"/nominate").Body, second+"/nominate").filled("on", "20/11/2026", "people", fmt.Sprint(people[0]))
	movedOn(t, fillAndSend(t, cell, first+"/nominate", people[:1]))
	a := fillAndSend(t, cell, first+"/nominate", people)
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(rowSays(a, people[0]), "Đã được cử vào lớp này ngày 23/11/2026.") || rowSays(a, people[1]) != "" {
		t.Errorf("twice to one class: %d, %q", a.Status, rowSays(a, people[0]))
	}
	a = above.Send(second+"/nominate", stale)
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(rowSays(a, people[0]), "Đã được cử học một lớp khác từ ngày 23/11/2026.") ||
		!a.Says("Đang ở lớp số 02/2026, Chi bộ LTT cử ngày 23/11/2026.") {
		t.Errorf("by two to two classes: %d, %q", a.Status, rowSays(a, people[0]))
	}
	if a := cell.Look(second); a.Says("Nguyễn Văn A") {
		t.Error("the second class has him on its list")
	}
}

// The plan is edited while it goes with what is there: who is on the roster, and the days of the sessions.
func TestThePlanOfAClassIsEditedWithinWhatIsThere(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	people := plannedPeople(s, 2)
	id, at := plannedClass(t, s, "02/2026", 5)
	if _, err := s.Classes.Nominate(t.Context(), s.Viewer("bithu.ltt"), class.Nomination{ClassID: id, People: people}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Classes.Answer(t.Context(), s.Viewer("tuyengiao"), class.Answer{ClassID: id, People: people, Approve: true}); err != nil {
		t.Fatal(err)
	}
	b, path := s.SignIn(t, "tuyengiao"), at+"/edit"
	right := map[string]string{"org": fmt.Sprint(s.Org("K")), "number": "02/2026", "starts": "10/10/2026", "ends": "18/10/2026", "kind": "awareness",
		"capacity": "5", "attendance_min": "80", "pass_mark": "5", "place": "Trường X"}
	edit := func(name, value string) server.Answer {
		pairs := []string{}
		for field, text := range right {
			if field == name {
				text = value
			}
			pairs = append(pairs, field, text)
		}
		return fillAndSend(t, b, path, nil, pairs...)
	}
	for _, wrong := range []struct{ name, value, says string }{
		{"starts", "11/10/2026", "Có buổi học ngày 10/10/2026 nằm ngoài thời gian này"},
		{"ends", "16/10/2026", "Có buổi học ngày 17/10/2026 nằm ngoài thời gian này"},
		{"ends", "09/10/2026", "Ngày bế giảng phải từ ngày khai giảng 10/10/2026 trở đi"},
		{"capacity", "1", "Lớp đã duyệt 2 người"},
		{"kind", "new_member", "Lớp đã có người được cử; không đổi loại lớp được"},
		{"org", fmt.Sprint(s.Org("GD")), "Lớp đã có người được cử; không đổi đơn vị mở lớp được"},
	} {
		a := edit(wrong.name, wrong.value)
		if says := besideField(a, wrong.name); a.Status != http.StatusUnprocessableEntity || says != wrong.says {
			t.Errorf("%s %s: %d, %q", wrong.name, wrong.value, a.Status, says)
		}
	}
	movedOn(t, edit("capacity", "2"))
	if c := openedClass(t, s, id); c.Capacity != 2 || c.Place != "Trường X" || len(c.Sessions) != 2 {
		t.Errorf("%+v", c.Class)
	}
}
