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

func TestThePapersOfAClassArePrinted(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	people := append(plannedPeople(s, 2), s.Enter(s.Fields("NTH", "Trần Thị Khác"), party.Planned))
	id, at := plannedClass(t, s, "02/2026", 0)
	organiser, secretary := s.SignIn(t, "tuyengiao"), s.SignIn(t, "bithu.ltt")
	if a := organiser.Look(at + "/papers/roster"); a.Status != http.StatusOK || !a.Says("Chưa có học viên được duyệt") {
		t.Errorf("nobody yet: %d", a.Status)
	}
	if a := organiser.Look(at + "/papers/certificates"); a.Status != http.StatusOK || !a.Says("Chưa cấp giấy chứng nhận nào") {
		t.Errorf("no certificate yet: %d", a.Status)
	}
	if _, err := s.Classes.Nominate(t.Context(), s.Viewer("bithu.nth"), class.Nomination{ClassID: id, People: people[2:]}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Classes.Answer(t.Context(), s.Viewer("tuyengiao"), class.Answer{ClassID: id, People: people[2:], Approve: true}); err != nil {
		t.Fatal(err)
	}
	examined(t, s, id, people[:2])
	session := fmt.Sprintf("%s/attendance/%d", at, openedClass(t, s, id).Sessions[0].ID)
	movedOn(t, fillAndSend(t, organiser, at+"/certificates", nil, "issued_on", "01/11/2026"))

	for path, words := range map[string][]string{
		at + "/papers/roster":       {"Danh sách gồm 3 học viên.", "Trần Thị Khác", "Lớp bồi dưỡng nhận thức về Đảng, lớp số 02/2026, từ ngày 10/10/2026 đến ngày 18/10/2026"},
		at + "/papers/results":      {"hoàn thành 3, chưa đạt 0", "8,5", "Giỏi", "001/2026-GCN"},
		session + "/paper":          {"Ký tên", "Buổi học ngày 10/10/2026 sáng, 3 học viên."},
		at + "/papers/certificates": {"Số: 001/2026-GCN", "Số: 002/2026-GCN", "Chứng nhận anh (chị)", "Sinh ngày 10/02/2006, Chi bộ LTT", "Xếp loại: Giỏi", "Ngày 01/11/2026"},
	} {
		a := organiser.Look(path)
		for _, w := range words {
			if a.Status != http.StatusOK || !a.Says(w) {
				t.Errorf("%s: %d, does not say %q", path, a.Status, w)
			}
		}
		if !strings.HasSuffix(path, "/certificates") && a.Says("ngoài phạm vi") {
			t.Errorf("%s: the organiser sees everybody", path)
		}
	}
	if n := strings.Count(organiser.Look(at+"/papers/certificates").Body, `class="paper-sheet award"`); n != 3 {
		t.Errorf("%d certificates", n)
	}
	one := organiser.Look(fmt.Sprintf("%s/papers/certificates?person=%d", at, people[1]))
	if !one.Says("002/2026-GCN") || one.Says("001/2026-GCN") {
		t.Error("the certificate of one person is not alone")
	}
	// a certificate is in Vietnamese, whatever the language of the screen
	organiser.Send("/language", map[string][]string{"lang": {"en"}, "next": {"/"}})
	if a := organiser.Look(at + "/papers/certificates"); !a.Says("Chứng nhận anh (chị)") || !a.Says("Print with your browser") {
		t.Error("the language of the certificate follows that of the screen")
	}
	if a := secretary.Look(at + "/papers/roster"); a.Says("Trần Thị Khác") || !a.Says("Còn 1 người ngoài phạm vi của đồng chí") || !a.Says("Danh sách gồm 2 học viên.") {
		t.Error("a secretary sees his own people, and how many there are besides")
	}
	for _, path := range []string{at + "/papers/certificates", at + "/papers/merit"} {
		if a := secretary.Look(path); a.Status != http.StatusForbidden {
			t.Errorf("%s as a secretary: %d", path, a.Status)
		}
	}
}
