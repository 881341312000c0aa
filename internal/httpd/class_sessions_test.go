package httpd_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ketnap/internal/apptest/server"
	"ketnap/internal/class"
	"ketnap/internal/party"
)

// plannedClass gives a class of the committee with a session on each of two Saturdays and its address.
func plannedClass(t *testing.T, s *server.Server, number string, capacity int) (int64, string) {
	t.Helper()
	id, err := s.Classes.Create(t.Context(), s.Viewer("tuyengiao"), class.Creation{Weekdays: []time.Weekday{time.Saturday}, Part: party.ClassMorning,
		Fields: class.Fields{OrgID: s.Org("K"), Number: number, Starts: party.MustDate("2026-10-10"), Ends: party.MustDate("2026-10-18"), Capacity: capacity,
			Kind: party.AwarenessClass, Pass: party.DefaultPassRule}})
	if err != nil {
		t.Fatal(err)
	}
	return id, fmt.Sprintf("/classes/%d", id)
}

func openedClass(t *testing.T, s *server.Server, id int64) class.Opened {
	t.Helper()
	c, err := s.Classes.Get(t.Context(), s.Viewer("tuyengiao"), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// timetableForm is the form as a browser sends it, with all rows as they are shown.
func timetableForm(t *testing.T, b *server.Browser, c class.Opened, path string) url.Values {
	t.Helper()
	form := formTo(t, b.Look(path).Body, path).filled()
	for i, o := range c.Sessions {
		form.Set(fmt.Sprintf("day_%d", i), o.Day.Vietnamese())
		form.Set(fmt.Sprintf("part_%d", i), string(o.Part))
		form.Set(fmt.Sprintf("topic_%d", i), o.Topic)
		form.Set(fmt.Sprintf("place_%d", i), o.Place)
	}
	return form
}

func TestTheSessionsOfAClassAreEdited(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id, at := plannedClass(t, s, "02/2026", 0)
	path := at + "/sessions"
	b := s.SignIn(t, "tuyengiao")
	if !b.Look(at).Says(path) || s.SignIn(t, "bithu.ltt").Look(at).Says(path) {
		t.Error("who may edit the sessions finds the way to it, others do not")
	}
	form := timetableForm(t, b, openedClass(t, s, id), path)
	form.Set("topic_0", " Lịch sử  Đảng ")
	form.Set("day_2", "18/10/2026")
	form.Set("part_2", "afternoon")
	form.Set("place_2", "Trường THPT Lê Thánh Tôn")
	if to := movedOn(t, b.Send(path, form)); to != at {
		t.Errorf("leads to %s", to)
	}
	c := openedClass(t, s, id)
	if len(c.Sessions) != 3 || c.Sessions[0].Topic != "Lịch sử Đảng" || c.Sessions[2].Day != party.MustDate("2026-10-18") || c.Sessions[2].Part != party.ClassAfternoon {
		t.Fatalf("%+v", c.Sessions)
	}
	if a := b.Look(at); !a.Says("Lịch sử Đảng") || !a.Says("Trường THPT Lê Thánh Tôn") {
		t.Error("the class does not tell topic and place")
	}
	for _, wrong := range []struct{ name, value, says string }{
		{"day_1", "19/10/2026", "Ngày phải từ 10/10/2026 đến 18/10/2026"},
		{"day_1", "31/02/2026", "Nhập ngày có thật"},
		{"day_1", "", "ngày"},
		{"day_1", "10/10/2026", "Đã có buổi khác vào lúc này"},
		{"part_1", "night", "họn"},
		{"topic_1", strings.Repeat("x", 201), "200"},
		{"topic_4", "Chỉ có chuyên đề", ""},
	} {
		form := timetableForm(t, b, c, path)
		form.Set(wrong.name, wrong.value)
		field := strings.Replace(wrong.name, "topic_4", "day_4", 1)
		a := b.Send(path, form)
		if says := besideField(a, field); a.Status != http.StatusUnprocessableEntity || says == "" || !strings.Contains(says, wrong.says) {
			t.Errorf("%s %q: %d, beside the field %q", wrong.name, wrong.value, a.Status, says)
		}
		if field != "part_1" && !a.Says(wrong.value) || !a.Says("Lịch sử Đảng") {
			t.Errorf("%s %q: what was typed is lost", wrong.name, wrong.value)
		}
	}
}

// A session with attendance keeps its day and stays, also where its attendance was entered while the
// form was open.
func TestASessionWithAttendanceDoesNotVanish(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	person := s.Enter(s.Fields("LTT", "Nguyễn Văn An"), party.Planned)
	id, at := plannedClass(t, s, "02/2026", 0)
	path := at + "/sessions"
	b := s.SignIn(t, "tuyengiao")
	if _, err := s.Classes.Nominate(t.Context(), s.Viewer("bithu.ltt"), class.Nomination{ClassID: id, People: []int64{person}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Classes.Answer(t.Context(), s.Viewer("tuyengiao"), class.Answer{ClassID: id, People: []int64{person}, Approve: true}); err != nil {
		t.Fatal(err)
	}
	c := openedClass(t, s, id)
	removed, moved := timetableForm(t, b, c, path), timetableForm(t, b, c, path)
	removed.Set("remove_0", "on")
	moved.Set("day_0", "11/10/2026")
	if _, err := s.Classes.SaveSheet(t.Context(), s.Viewer("tuyengiao"), class.SheetEntry{ClassID: id, SessionID: c.Sessions[0].ID, Version: 1,
		States: map[int64]class.Attended{person: class.Present}}); err != nil {
		t.Fatal(err)
	}
	for name, form := range map[string]url.Values{"remove_0": removed, "day_0": moved} {
		if a := b.Send(path, form); a.Status != http.StatusUnprocessableEntity || besideField(a, name) != "Buổi này đã điểm danh; không đổi ngày và không bỏ được" {
			t.Errorf("%s: %d, %q", name, a.Status, besideField(a, name))
		}
	}
	if n := len(openedClass(t, s, id).Sessions); n != 2 {
		t.Errorf("%d sessions", n)
	}
	a := b.Look(path)
	if a.Says(`name="remove_0"`) || !a.Says(`name="remove_1"`) || !a.Says("Đã điểm danh, giữ nguyên ngày") {
		t.Error("the form offers to remove a session with attendance")
	}
	form := timetableForm(t, b, c, path)
	form.Set("remove_1", "on")
	movedOn(t, b.Send(path, form))
	if c := openedClass(t, s, id); len(c.Sessions) != 1 || !c.Sessions[0].Entered {
		t.Errorf("%+v", c.Sessions)
	}
}

// Who saves what somebody else changed in between sees what is stored, and keeps what he typed.
func TestAStaleTimetableIsNotWritten(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id, at := plannedClass(t, s, "02/2026", 0)
	path := at + "/sessions"
	b := s.SignIn(t, "tuyengiao")
	form := timetableForm(t, b, openedClass(t, s, id), path)
	form.Set("topic_0", "Điều lệ Đảng")
	c := openedClass(t, s, id)
	c.Sessions[1].Topic = "Lịch sử Đảng"
	if err := s.Classes.SaveTimetable(t.Context(), s.Viewer("vanphong"), class.Timetable{ClassID: id, Version: c.Version, Sessions: append(c.Sessions,
		class.Session{Day: party.MustDate("2026-10-18"), Part: party.ClassDay})}); err != nil {
		t.Fatal(err)
	}
	a := b.Send(path, form)
	if a.Status != http.StatusConflict || !a.Says("Tài khoản vanphong vừa sửa lớp này") || !a.Says("Điều lệ Đảng") || !a.Says("Lịch sử Đảng") || !a.Says("18/10/2026") {
		t.Errorf("%d", a.Status)
	}
	again := formTo(t, a.Body, path)
	if len(openedClass(t, s, id).Sessions) != 3 || again.hidden.Get("_version") == form.Get("_version") {
		t.Error("something was written, or the version stays the old one")
	}
}

func TestSessionsAreAddedByWeekday(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id, at := plannedClass(t, s, "02/2026", 0)
	path := at + "/sessions/add"
	b := s.SignIn(t, "tuyengiao")
	if a := fillAndSend(t, b, path, nil, "part", "day"); a.Status != http.StatusUnprocessableEntity || besideField(a, "weekdays") != "Chọn ít nhất một ngày trong tuần" {
		t.Errorf("no weekday: %d, %q", a.Status, besideField(a, "weekdays"))
	}
	if a := fillAndSend(t, b, path, nil, "weekdays", "0", "part", "night"); a.Status != http.StatusUnprocessableEntity || besideField(a, "part") == "" {
		t.Errorf("a part that is none: %d", a.Status)
	}
	movedOn(t, fillAndSend(t, b, path, nil, "weekdays", "0", "part", "day"))
	if n := len(openedClass(t, s, id).Sessions); n != 4 {
		t.Errorf("%d sessions", n)
	}
	if a := s.SignIn(t, "bithu.ltt").Look(path); a.Status != http.StatusForbidden {
		t.Errorf("a secretary: %d", a.Status)
	}
}
