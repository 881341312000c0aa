package httpd_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/document"
	"ketnap/internal/party"
)

func TestADossierFromTheChecklistToTheCompleteStep(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.ClassResult)
	browser := s.SignIn(t, "bithu.ltt")
	path := personAt(id, "/dossier?stage=admission")
	page := browser.Look(path)
	for _, words := range []string{"CN-NTVĐ", "Đơn xin vào Đảng", "7-KNĐ", "trên chi bộ không có cấp này", "Đã có 2/9 giấy tờ", "Theo bước"} {
		if !page.Says(words) {
			t.Errorf("the checklist does not say %s", words)
		}
	}
	if page.Says("Ghi đủ hồ sơ") {
		t.Error("the complete dossier is offered while papers are missing")
	}
	if step := browser.Look(personAt(id, "/steps/dossier_complete")); !step.Says("1-KNĐ Đơn xin vào Đảng chưa được đánh dấu là có") || !step.Says("12-HD/BTCTW") {
		t.Error("the step's form does not name what is missing, or where that is written")
	}
	if person := browser.Look(personAt(id, "")); !person.Says("đã có 2/9 giấy tờ") || !person.Says("1-KNĐ Đơn xin vào Đảng chưa được đánh dấu là có") {
		t.Error("the person's page does not tell of the dossier")
	}
	form := formTo(t, page.Body, path)
	// what is shown of papers that a step names goes back as it is
	fill := []string{"state_certificate", "present", "number_certificate", "001/GCN", "dated_certificate", "20/03/2026",
		"state_union_resolution", "present", "number_union_resolution", "1-NQ/ĐTN", "dated_union_resolution", "10/09/2025",
		"state_application", "present", "kept_application", "Tủ 2", "state_life_history", "present", "state_introducer", "absent", "state_opinions", "present",
		"to_0", "Đảng ủy xã Hòa Bình", "sent_0", "1/9/2026"}
	bad := browser.Send(path, form.filled(append(fill, "dated_application", "32/13/2026", "number_introducer", "7")...))
	if bad.Status != http.StatusUnprocessableEntity || !bad.Says(`value="32/13/2026"`) || !bad.Says(`value="Tủ 2"`) || !bad.Says(`value="Đảng ủy xã Hòa Bình"`) {
		t.Fatalf("a wrong day: %d %s", bad.Status, summary(bad.Body))
	}
	if a := browser.Send(path, form.filled(append(fill, "number_introducer", "7")...)); a.Status != http.StatusUnprocessableEntity || !strings.Contains(summary(a.Body), "Giấy chưa có") {
		t.Fatalf("an absent paper with a number: %d %s", a.Status, summary(a.Body))
	}
	if a := browser.Send(path, form.filled(fill...)); a.Status != http.StatusSeeOther {
		t.Fatalf("saved: %d %s", a.Status, summary(a.Body))
	}
	saved := browser.Look(path)
	for _, words := range []string{"Đã có 5/9 giấy tờ", "Quá hạn từ", "3-KNĐ Giấy giới thiệu người vào Đảng chưa được đánh dấu là có", "Còn 1 công văn", "để tại Tủ 2", "Các lần ghi"} {
		if !saved.Says(words) {
			t.Errorf("after it was saved the page does not say %s", words)
		}
	}
	d, err := s.Documents.Of(t.Context(), s.Viewer("bithu.ltt"), id, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range d.Lines {
		if l.FromStep != "" && l.Version() != 0 {
			t.Errorf("%s is named by a step and was written once more", l.Form.Code)
		}
	}
	// Somebody else writes in between: what was typed stays, and the second save goes through.
	if _, err := s.Documents.Save(t.Context(), s.Viewer("coso.gd"), document.Change{PersonID: id, Stage: party.AdmissionDossier,
		Lines: []document.LineChange{{Kind: party.DocIntroducer, Version: 1, Document: party.Document{State: party.DocumentPresent, Number: "99"}}}}); err != nil {
		t.Fatal(err)
	}
	again := append(fill, "state_introducer", "present", "number_introducer", "12/GT", "id_0", fmt.Sprint(d.Letters[0].ID), "answered_0", "20/09/2026")
	a := browser.Send(path, formTo(t, saved.Body, path).filled(again...))
	if a.Status != http.StatusConflict || !a.Says(`value="12/GT"`) || !a.Says("Tài khoản coso.gd") {
		t.Fatalf("from an old version: %d %s", a.Status, summary(a.Body))
	}
	if a = browser.Send(path, formTo(t, a.Body, path).filled(again...)); a.Status != http.StatusSeeOther {
		t.Fatalf("once more: %d %s", a.Status, summary(a.Body))
	}
	if whole := browser.Look(path); !whole.Says("Ghi đủ hồ sơ") || !whole.Says("Danh mục hồ sơ đã đủ giấy tờ") || !whole.Says("số 99") {
		t.Error("the complete dossier is not offered, or the history is not whole")
	}
	if step := browser.Look(personAt(id, "/steps/dossier_complete")); !step.Says("Danh mục hồ sơ đã đủ giấy tờ") {
		t.Error("the step's form does not say that all is there")
	}
}

func TestTheGridOfDossiers(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.ClassResult)
	s.Enter(s.Fields("LTT", "Lê Văn Viên"), party.Ceremony)
	browser := s.SignIn(t, "bithu.ltt")
	path := fmt.Sprintf("/cells/%d/dossiers", s.Org("LTT"))
	if a := browser.Look(path); !a.Says("Nguyễn Thị Ánh") || a.Says("Lê Văn Viên") || !a.Says("2/9") || !a.Says("Chưa đến lượt") {
		t.Errorf("the grid: %s", summary(a.Body))
	}
	if a := browser.Look(path + "?stage=recognition&lacking=1"); a.Says("Nguyễn Thị Ánh") || !a.Says("Lê Văn Viên") || !a.Says("10-KNĐ") {
		t.Error("the grid of members is not of members")
	}
	if a := browser.Look(fmt.Sprintf("/cells/%d/dossiers", s.Org("NTH"))); a.Status != http.StatusNotFound {
		t.Errorf("another cell's grid: %d", a.Status)
	}
	if a := browser.Look(fmt.Sprintf("/organisations/%d", s.Org("LTT"))); !a.Says(path) {
		t.Error("the cell's page does not lead to its dossiers")
	}
}
