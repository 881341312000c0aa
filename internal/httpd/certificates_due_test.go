package httpd_test

import (
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/party"
)

// The tab of the work list says how many certificates run out, and leads to whose they are.
func TestTheWorkListLeadsToCertificatesThatRunOut(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.ClassResult)
	s.Enter(s.Fields("LTT", "Lê Thị Kiên"), party.CellResolution)
	b := s.SignIn(t, "bithu.ltt")
	const path = "/worklist?rule=cert.valid"
	if a := b.Look("/worklist"); a.Says("rule=cert.valid") {
		t.Error("a tab without anybody behind it")
	}
	if a := b.Look(path); !a.Says("Không có giấy chứng nhận nào hết giá trị trong 6 tháng tới") {
		t.Error("nobody, and nothing is said of it")
	}
	if a := s.SignIn(t, "tuyengiao").Look("/classes"); !a.Says("/worklist?rule=cert.valid") {
		t.Error("the classes do not lead to the list")
	}
	s.SetToday(party.MustDate("2031-01-15"))
	b = s.SignIn(t, "bithu.ltt")
	if a := b.Look("/worklist"); !a.Says("Giấy chứng nhận sắp hết giá trị") || !a.Says("rule=cert.valid") {
		t.Error("the work list does not lead there")
	}
	a := b.Look(path)
	if !a.Says("Nguyễn Thị Ánh") || a.Says("Lê Thị Kiên") || !a.Says("20/03/2031") || !a.Says("còn 64 ngày") {
		t.Error("the list has others than those whose certificate runs out")
	}
	if a := b.Look("/worklist?rule=dance"); !a.Says("Nguyễn Thị Ánh") || !a.Says("Lê Thị Kiên") {
		t.Error("a rule that does not exist narrows")
	}
}
