package httpd_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/party"
)

// sheetForm is a sheet with some rows, from the version that was shown.
func sheetForm(version int, pairs ...string) url.Values {
	v := url.Values{"met_on": {"20/11/2026"}, "minutes": {"11-BB/CB"}, "voters": {"9"}, "_version": {fmt.Sprint(version)}}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func TestACellRatesItsYearAndTheCommitteeApproves(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	good := s.Enter(s.Fields("LTT", "Nguyễn Thị Đều"), party.Ceremony)
	best := s.Enter(s.Fields("LTT", "Lê Thị Trội"), party.Ceremony)
	at := func(what string, id int64) string { return fmt.Sprintf("%s_%d", what, id) }
	cell, base := s.SignIn(t, "bithu.ltt"), s.SignIn(t, "coso.gd")
	path := fmt.Sprintf("/cells/%d/assessment?year=2026", s.Org("LTT"))
	if a := cell.Look("/assessments"); a.Status != http.StatusSeeOther || a.Location != path {
		t.Errorf("a cell's secretary is led to %d %s", a.Status, a.Location)
	}
	for year, status := range map[string]int{"2027": http.StatusNotFound, "2017": http.StatusNotFound, "x": http.StatusNotFound, "2025": http.StatusOK} {
		if a := cell.Look(fmt.Sprintf("/cells/%d/assessment?year=%s", s.Org("LTT"), year)); a.Status != status {
			t.Errorf("the year %s: %d", year, a.Status)
		}
	}
	bad := sheetForm(0, at("proposed", good), "good", at("favour", good), "chín", at("proposed", best), "excellent", at("favour", best), "8")
	a := cell.Send(path, bad)
	if a.Status != http.StatusUnprocessableEntity || !a.Says("Nguyễn Thị Đều: Số phiếu từ 0 đến số đảng viên bỏ phiếu (9).") || !a.Says(`value="chín"`) || !a.Says("Lưu các dòng đúng") {
		t.Errorf("a bad row: %d", a.Status)
	}
	bad.Set("keep", "good")
	if a := cell.Send(path, bad); a.Status != http.StatusUnprocessableEntity || !a.Says("Đã lưu 1 người; 1 dòng chưa lưu") || !a.Says(`name="_version" value="1"`) || !a.Says(`value="chín"`) {
		t.Errorf("the good row kept: %d", a.Status)
	}
	if a := cell.Send(path, sheetForm(0, at("proposed", good), "done")); a.Status != http.StatusConflict || !a.Says("Tài khoản bithu.ltt đã lưu bảng này") || !a.Says(`value="done" selected`) {
		t.Errorf("a stale page: %d", a.Status)
	}
	if a := cell.Send(path, sheetForm(1, at("proposed", good), "good", at("favour", good), "9", at("proposed", best), "excellent", at("favour", best), "8")); a.Status != http.StatusSeeOther {
		t.Fatalf("the sheet is not saved: %d", a.Status)
	}
	if a := cell.Look(path); !a.Says("Mức xuất sắc vượt giới hạn: 1 người, được phép 0 người") || a.Says("Duyệt kết quả") || !a.Says("In biên bản") {
		t.Error("the cap is not told, or the cell may approve")
	}
	approval := fmt.Sprintf("/cells/%d/assessment/approval?year=2026", s.Org("LTT"))
	if a := base.Send(approval, url.Values{"on": {"19/11/2026"}, "_version": {"2"}}); a.Status != http.StatusUnprocessableEntity || !a.Says("Ngày duyệt không được trước ngày chi bộ họp (20/11/2026).") {
		t.Errorf("approved before the meeting: %d", a.Status)
	}
	if a := base.Send(approval, url.Values{"on": {"21/11/2026"}, "number": {"7-NQ/ĐU"}, "_version": {"2"}, at("level", best): {"good"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("not approved: %d", a.Status)
	}
	for path, says := range map[string]string{path: "Đã duyệt ngày 21/11/2026, số 7-NQ/ĐU", "/assessments?year=2026": "1/2", fmt.Sprintf("/people/%d", best): "2026: Hoàn thành tốt",
		fmt.Sprintf("/assessments/names?year=2026&org=%d&figure=good", s.Org("GD")): "Lê Thị Trội", fmt.Sprintf("/cells/%d/assessment/minutes?year=2026", s.Org("LTT")): "Biên bản đánh giá, xếp loại đảng viên năm 2026"} {
		if a := base.Look(path); a.Status != http.StatusOK || !a.Says(says) {
			t.Errorf("%s: %d, says %q: %v", path, a.Status, says, a.Says(says))
		}
	}
	reopening := fmt.Sprintf("/cells/%d/assessment/reopening?year=2026", s.Org("LTT"))
	if a := base.Send(reopening, url.Values{"_version": {"3"}}); a.Status != http.StatusUnprocessableEntity || !a.Says("Ghi lý do mở lại.") {
		t.Errorf("open again without a reason: %d", a.Status)
	}
	if a := base.Send(reopening, url.Values{"_version": {"3"}, "why": {"Họp lại"}}); a.Status != http.StatusSeeOther {
		t.Errorf("not open again: %d", a.Status)
	}
	if a := s.SignIn(t, "bithu.nth").Look(path); a.Status != http.StatusNotFound {
		t.Errorf("another cell sees it: %d", a.Status)
	}
}

func TestAScreeningLeadsToWatchesAndCases(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	watched := s.Enter(s.Fields("LTT", "Nguyễn Thị Theo"), party.Ceremony)
	leaving := s.Enter(s.Fields("LTT", "Lê Thị Rời"), party.Ceremony)
	base := s.SignIn(t, "coso.gd")
	path := fmt.Sprintf("/cells/%d/screening?year=2026", s.Org("LTT"))
	at := func(what string, id int64) string { return fmt.Sprintf("%s_%d", what, id) }
	if a := base.Send(path, sheetForm(0, at("category", watched), "tasks", at("proposes", watched), "watched", at("category", leaving), "breach", at("proposes", leaving), "removed")); a.Status != http.StatusSeeOther {
		t.Fatalf("the list is not saved: %d", a.Status)
	}
	if a := base.Send(fmt.Sprintf("/cells/%d/screening/approval?year=2026", s.Org("LTT")), url.Values{"on": {"22/11/2026"}, "_version": {"1"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("not approved: %d", a.Status)
	}
	a := base.Look(path)
	form := fmt.Sprintf("/people/%d/case?way=removed", leaving)
	if !a.Says("theo dõi đến 22/11/2027") || !a.Says(form) {
		t.Error("neither the end of the watch nor the way to a case is told")
	}
	if a := base.Look("/worklist"); a.Says("thời gian theo dõi, thử thách") {
		t.Error("a watch of a year is told at once")
	}
	s.SetToday(party.MustDate("2027-11-01"))
	base = s.SignIn(t, "coso.gd")
	if a := base.Look("/worklist"); !a.Says("1 đảng viên sắp hết hoặc đã hết thời gian theo dõi, thử thách") {
		t.Error("the end of a watch is not told in time")
	}
	result := fmt.Sprintf("result_%d_2026", watched)
	if a := base.Send("/assessments/watches", url.Values{"on": {"01/11/2027"}}); a.Status != http.StatusUnprocessableEntity || !a.Says("Chọn kết luận cho ít nhất một người.") {
		t.Errorf("nobody concluded: %d", a.Status)
	}
	if a := base.Send("/assessments/watches", url.Values{"on": {"01/11/2027"}, result: {"better"}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("no such conclusion: %d", a.Status)
	}
	if a := base.Send("/assessments/watches", url.Values{"on": {"01/11/2027"}, result: {"improved"}}); a.Status != http.StatusSeeOther {
		t.Errorf("not concluded: %d", a.Status)
	}
	if a := base.Look("/assessments/watches"); !a.Says("Không có ai đang được theo dõi") {
		t.Error("who was concluded is still listed")
	}
}
