package journey

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest/server"
	"ketnap/internal/departure"
	"ketnap/internal/party"
)

// remove takes a case of removal to its decision.
func remove(t *testing.T, s *server.Server, id int64, ground party.RuleID) {
	t.Helper()
	d := party.MustDate
	c, err := s.Departures.Open(t.Context(), s.Viewer("bithu.ltt"), departure.Opening{Key: uuid.NewString(), PersonID: id, Way: party.WayRemoved,
		Ground: ground, Reason: "Không đủ tư cách", On: d("2026-08-03")})
	if err != nil {
		t.Fatal(err)
	}
	for i, what := range []party.CaseState{party.CaseVoted, party.CaseProposed, party.CaseDecided} {
		opened, err := s.Departures.Get(t.Context(), s.Viewer("vanphong"), c)
		if err != nil {
			t.Fatal(err)
		}
		err = s.Departures.Act(t.Context(), s.Viewer("vanphong"), departure.Acting{Key: uuid.NewString(), ID: c, Version: opened.Version, What: what,
			On: d("2026-08-05").AddDays(6 * i), Words: "Lý do", Vote: party.Vote{Official: 9, Present: 9, InFavour: 8}, Ballot: party.Ballot{Members: 9, InFavour: 8},
			OrgID: s.Org("K"), Decider: party.DeciderUpperStandingCommittee, Suffix: "-QĐ/ĐU"})
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
}

// Who was removed begins anew at the cell: 35 months later that is refused with its citation, 36 months
// later it is recorded, and he goes the way again.
func TestAReAdmissionIsRefusedFor35MonthsAndPossibleAt36(t *testing.T) {
	t.Parallel()
	h := &hands{t: t, s: server.New(t)}
	h.secretary = signIn(t, h.s, "bithu.ltt", true)
	id := h.s.Enter(h.s.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	remove(t, h.s, id, party.RemoveProbationary) // decided on 2026-08-17
	h.person = fmt.Sprintf("/people/%d", id)

	h.s.SetToday(party.MustDate("2029-07-17"))
	h.secretary.Open(h.s.URL + h.person)
	h.secretary.Sees("Kết nạp lại phải sau 36 tháng")
	h.secretary.GoodPage()
	h.step(h.secretary, party.Planned, "17/07/2029", "Ngày đưa vào quy hoạch", nil)
	h.secretary.Sees("Kết nạp lại phải sau 36 tháng kể từ ngày ra khỏi Đảng (17/08/2026); được xét từ ngày 17/08/2029.", "208-QĐ/TW, 3.5.1b")
	h.secretary.GoodPage()
	h.s.SetToday(party.MustDate("2029-08-16"))
	h.step(h.secretary, party.Planned, "16/08/2029", "Ngày đưa vào quy hoạch", nil)
	h.secretary.Sees("được xét từ ngày 17/08/2029")

	h.s.SetToday(party.MustDate("2029-08-17"))
	h.step(h.secretary, party.Planned, "17/08/2029", "Ngày đưa vào quy hoạch", nil)
	h.recorded(h.secretary, "Đưa vào quy hoạch")
	h.secretary.Sees("ban thường vụ tỉnh ủy")
	h.secretary.GoodPage()
	h.step(h.secretary, party.MentorAssigned, "17/08/2029", "Ngày phân công", func() {
		h.secretary.Fill("Đảng viên được phân công giúp đỡ", "Trần Văn Giúp")
	})
	h.recorded(h.secretary, "Phân công giúp đỡ")

	h.secretary.Open(h.s.URL + h.person)
	h.secretary.Sees("đang được xem xét kết nạp lại")
	h.secretary.Follow("Ghi đơn và văn bản đồng ý kết nạp lại")
	const paper = "ĐY KNL"
	h.secretary.Choose("Tình trạng, "+paper, "Có")
	h.secretary.Fill("Số, "+paper, "118-CV/TU")
	h.secretary.Fill("Ngày, "+paper, "10/08/2029")
	h.secretary.Fill("Nơi cấp, "+paper, "Ban Thường vụ Tỉnh ủy")
	h.secretary.Press("Lưu hồ sơ")
	h.secretary.Open(h.s.URL + h.person + "/steps/" + string(party.Introduced))
	h.secretary.Sees("Đã có văn bản đồng ý kết nạp lại số 118-CV/TU ngày 10/08/2029 của Ban Thường vụ Tỉnh ủy")
	h.secretary.GoodPage()
}
