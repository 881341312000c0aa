package journey

import (
	"fmt"
	"strings"
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/party"
	"ketnap/internal/people"
)

// hands are the browsers of those through whose hands a candidate goes.
type hands struct {
	t                                               *testing.T
	s                                               *server.Server
	clerk, secretary, organiser, grassroots, leader *browsertest.Tab
	person                                          string // address of the person's page
}

func newHands(t *testing.T, script bool) *hands {
	s := server.New(t)
	return &hands{t: t, s: s, clerk: signIn(t, s, "vanphong", script), secretary: signIn(t, s, "bithu.ltt", script),
		organiser: signIn(t, s, "tuyengiao", script), grassroots: signIn(t, s, "coso.gd", script), leader: signIn(t, s, "lanhdao", script)}
}

// step opens the form of a step and fills it in.
func (h *hands) step(tab *browsertest.Tab, kind party.StepKind, day string, label string, more func()) {
	h.t.Helper()
	tab.Open(h.s.URL + h.person + "/steps/" + string(kind))
	tab.Fill(label, day)
	if more != nil {
		more()
	}
	tab.Press("Ghi bước này")
}

// recorded makes sure that the step was taken.
func (h *hands) recorded(tab *browsertest.Tab, words string) {
	h.t.Helper()
	tab.Sees("Đã ghi bước " + words)
}

func fillVote(tab *browsertest.Tab, official, present, inFavour int) {
	tab.Fill("Tổng số đảng viên chính thức của chi bộ", fmt.Sprint(official))
	tab.Fill("Đảng viên chính thức có mặt", fmt.Sprint(present))
	tab.Fill("Số tán thành", fmt.Sprint(inFavour))
	tab.Check("Được thông qua")
}

func fillIntroducers(tab *browsertest.Tab) {
	tab.Choose("Người giới thiệu thứ 1", "Đảng viên chính thức")
	tab.Fill("Họ tên hoặc tên tổ chức thứ 1", "Trần Văn Giúp")
	tab.Fill("Người thứ 1 cùng công tác, học tập từ ngày", "05/09/2024")
	tab.Choose("Người giới thiệu thứ 2", "Ban chấp hành Đoàn cơ sở")
	tab.Fill("Họ tên hoặc tên tổ chức thứ 2", "Đoàn trường")
}

// figure reads one of the dashboard's figures as the leader sees it.
func (h *hands) figure(name string) string {
	h.t.Helper()
	h.leader.Open(h.s.URL + "/dashboard?term=2025-2030")
	text, _, _ := strings.Cut(h.leader.TextOf(`[aria-labelledby="figure-`+name+`"] .figure-value`), " ")
	return text
}

// A candidate is entered by the committee's staff and goes through the hands of the secretary, the
// organiser, the grassroots committee and the leader to official membership; what is against a rule
// is refused with its citation; the figures of the term rise by one. With and without script.
func TestTheWholeWay(t *testing.T) {
	for _, script := range []bool{true, false} {
		t.Run(fmt.Sprintf("script=%v", script), func(t *testing.T) {
			t.Parallel()
			h := newHands(t, script)
			for _, f := range []string{"introduced", "planned", "certified", "proposed", "admitted", "recognised", "joined"} {
				if n := h.figure(f); n != "0" {
					t.Errorf("%s is %s before anybody came", f, n)
				}
			}
			h.register()
			h.untilDossier()
			h.untilCeremony()
			h.recognition()
			for _, f := range []string{"introduced", "planned", "certified", "proposed", "admitted", "recognised", "joined"} {
				if n := h.figure(f); n != "1" {
					t.Errorf("%s is %s after one came through", f, n)
				}
			}
			h.leader.Open(h.s.URL + "/dashboard/names?term=2025-2030&figure=admitted")
			h.leader.Sees("Nguyễn Thị Ánh Nguyệt", "1 người")
			if differ, err := h.s.People.Check(t.Context()); err != nil || len(differ) > 0 {
				t.Errorf("check: %v, %v", differ, err)
			}
		})
	}
}

func (h *hands) register() {
	tab := h.clerk
	tab.Open(h.s.URL + "/people")
	tab.Follow("Thêm người")
	tab.Press("Ghi tên")
	tab.Sees("Nhập họ và tên", "Nhập ngày sinh")
	tab.Choose("Chi bộ", "Chi bộ LTT")
	tab.Fill("Họ và tên khai sinh", "Nguyễn Thị Ánh Nguyệt")
	tab.Fill("Ngày sinh", "10/2/2007")
	tab.Check("Học sinh")
	tab.Choose("Trình độ giáo dục phổ thông đã hoàn thành", "Trung học cơ sở")
	tab.Fill("Ngày vào Đoàn", "26-03-2022")
	tab.Press("Ghi tên")
	tab.Sees("Đã ghi tên Nguyễn Thị Ánh Nguyệt.", "Đã ghi tên")
	h.person = strings.TrimPrefix(tab.URL(), h.s.URL)
}

func (h *hands) untilDossier() {
	h.step(h.secretary, party.Introduced, "10/09/2025", "Ngày giới thiệu", func() { h.secretary.Fill("Tổ chức Đoàn giới thiệu", "Đoàn trường") })
	h.recorded(h.secretary, "Giới thiệu")
	h.step(h.secretary, party.Planned, "25/09/2025", "Ngày đưa vào quy hoạch", nil)
	h.recorded(h.secretary, "Đưa vào quy hoạch")
	h.step(h.secretary, party.MentorAssigned, "25/09/2025", "Ngày phân công", func() {
		h.secretary.Fill("Đảng viên được phân công giúp đỡ", "Trần Văn Giúp")
	})
	h.recorded(h.secretary, "Phân công giúp đỡ")
	h.step(h.organiser, party.ClassResult, "15/03/2026", "Ngày có kết quả", func() { h.organiser.Check("Đạt, được cấp giấy chứng nhận") })
	h.recorded(h.organiser, "Kết quả lớp nhận thức")
	h.step(h.secretary, party.DossierComplete, "05/05/2026", "Ngày đủ hồ sơ", func() {
		h.secretary.Fill("Ngày viết đơn xin vào Đảng", "25/03/2026")
		h.secretary.Fill("Ngày viết lý lịch", "01/04/2026")
		h.secretary.Fill("Ngày có kết quả thẩm tra lý lịch", "28/04/2026")
	})
	h.recorded(h.secretary, "Đủ hồ sơ")
}

func (h *hands) untilCeremony() {
	vote := func(inFavour int) func() {
		return func() {
			fillVote(h.secretary, 29, 29, inFavour)
			fillIntroducers(h.secretary)
		}
	}
	h.step(h.secretary, party.CellResolution, "15/05/2026", "Ngày chi bộ họp", vote(19))
	h.secretary.Sees("Chưa ghi được", "cần ít nhất 20", "06-HD/TW")
	if title := h.secretary.Title(); !strings.HasPrefix(title, "Lỗi:") {
		h.t.Errorf("the refused form's title is %q", title)
	}
	if typed := h.secretary.Value("Số tán thành"); typed != "19" {
		h.t.Errorf("what was typed is lost: %q", typed)
	}
	h.step(h.secretary, party.CellResolution, "15/05/2026", "Ngày chi bộ họp", vote(20))
	h.recorded(h.secretary, "Nghị quyết chi bộ")
	h.step(h.grassroots, party.Endorsed, "28/05/2026", "Ngày đảng ủy cơ sở họp", func() {
		h.grassroots.Fill("Tổng số ủy viên", "15")
		h.grassroots.Fill("Số tán thành", "14")
	})
	h.recorded(h.grassroots, "Nghị quyết đảng ủy cơ sở")
	h.step(h.leader, party.Decided, "10/06/2026", "Ngày ký quyết định", func() {
		h.leader.Check("Ban thường vụ cấp ủy cấp trên trực tiếp")
		h.leader.Fill("Ngày chi bộ nhận quyết định", "12/06/2026")
	})
	h.recorded(h.leader, "Quyết định kết nạp")
	h.step(h.secretary, party.Ceremony, "19/06/2026", "Ngày tổ chức lễ", nil)
	h.recorded(h.secretary, "Lễ kết nạp")
	h.step(h.secretary, party.Ceremony, "20/06/2026", "Ngày tổ chức lễ", nil)
	h.secretary.Sees("Chưa ghi được", "19/06/2026", "Điều lệ Đảng")
}

func (h *hands) recognition() {
	h.s.SetToday(party.MustDate("2027-07-20"))
	h.step(h.secretary, party.RecognitionResolution, "18/06/2027", "Ngày chi bộ họp", func() { fillVote(h.secretary, 29, 28, 28) })
	h.secretary.Sees("Chưa ghi được", "19/06/2027")
	h.step(h.secretary, party.RecognitionResolution, "25/06/2027", "Ngày chi bộ họp", func() { fillVote(h.secretary, 29, 28, 28) })
	h.recorded(h.secretary, "Nghị quyết công nhận chính thức")
	h.step(h.leader, party.RecognitionDecision, "15/07/2027", "Ngày ký quyết định", func() {
		h.leader.Check("Ban thường vụ cấp ủy cấp trên trực tiếp")
	})
	h.recorded(h.leader, "Quyết định công nhận chính thức")
	h.leader.Open(h.s.URL + h.person)
	h.leader.Sees("Đảng viên chính thức", "19/06/2027", "10/06/2026")
}

// refusedVote has the secretary record a vote that everything but one condition speaks for.
func (h *hands) refusedVote(day string, words ...string) {
	h.t.Helper()
	h.step(h.secretary, party.CellResolution, day, "Ngày chi bộ họp", func() {
		fillVote(h.secretary, 29, 29, 29)
		fillIntroducers(h.secretary)
	})
	h.secretary.Sees(append(words, "Chưa ghi được")...)
}

// Seventeen years and eleven months on the day of the meeting, and a certificate that is 61 months
// old, are refused with the rule that says so.
func TestTooYoungAndTooOldACertificateAreRefused(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	h := &hands{t: t, s: s, secretary: signIn(t, s, "bithu.ltt", true)}
	young := s.Fields("LTT", "Trần Minh Khang")
	young.BirthDate = party.MustDate("2008-06-15")
	h.person = fmt.Sprintf("/people/%d", s.Enter(young, party.DossierComplete))
	h.refusedVote("15/05/2026", "15/06/2026", "20-QĐ/TW")

	d := party.MustDate
	ids, err := s.People.EnterHistories(t.Context(), s.Viewer("vanphong"), []people.History{{Fields: s.Fields("LTT", "Lê Hoài Phương"), Steps: []people.NewStep{
		{Kind: party.ClassResult, On: d("2021-04-10"), Facts: party.ClassResultFacts{Passed: true}, Papers: []party.Paper{{Number: "7/GCN", Date: d("2021-04-15")}}},
		{Kind: party.Introduced, On: d("2025-09-10"), Facts: party.IntroductionFacts{}},
		{Kind: party.Planned, On: d("2025-09-25"), Facts: party.PlanningFacts{}},
		{Kind: party.DossierComplete, On: d("2026-05-05"), Facts: party.DossierFacts{AppliedOn: d("2026-03-25"), LifeHistoryOn: d("2026-04-01"), VerifiedOn: d("2026-04-28")}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	h.person = fmt.Sprintf("/people/%d", ids[0])
	h.refusedVote("15/05/2026", "60 tháng", "15/04/2026", "06-HD/TW")
}
