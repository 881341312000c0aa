package reviews_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"ketnap/internal/achievement"
	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/party"
	"ketnap/internal/review"
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

// twelve enters the people of a review: nine who are planned, three who are not.
func twelve(t *testing.T, s *server.Server) map[string]int64 {
	t.Helper()
	ids := map[string]int64{}
	for i, name := range []string{"An", "Bình", "Công", "Dũng", "Em", "Giang", "Hoa", "Khánh", "Lan", "Minh", "Nga", "Oanh"} {
		upTo := party.Planned
		switch {
		case i%3 == 1 && i < 9:
			upTo = party.ClassResult
		case i >= 9:
			upTo = party.Introduced
		}
		f := s.Fields("LTT", "Nguyễn Thị "+name)
		if name == "Em" {
			f.BirthDate = party.MustDate("2008-12-15")
		}
		ids[name] = s.Enter(f, upTo)
	}
	v := s.Viewer("bithu.ltt")
	if _, err := s.Achievements.SaveResult(t.Context(), v, achievement.ResultChange{PersonID: ids["An"],
		Result: party.StudyResult{Year: 2025, Study: party.RatingGood, GPA: 865, Scale: 10, Conduct: party.RatingGood}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Achievements.SaveTitle(t.Context(), v, achievement.TitleChange{PersonID: ids["An"], Title: party.Title{Kind: party.PrizeProvince, Year: 2025,
		AwardedOn: party.MustDate("2026-04-10"), Issuer: "Sở Giáo dục và Đào tạo"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Achievements.SetCriteria(t.Context(), s.Viewer("vanphong"), achievement.NewCriteria{DatedCriteria: party.DatedCriteria{OrgID: s.Org("K"),
		From: party.MustDate("2026-01-01"), Criteria: party.Criteria{Study: party.RatingFair}}}); err != nil {
		t.Fatal(err)
	}
	return ids
}

// A secretary reviews twelve people: adds two, drops one with a reason, and prints the minutes. What is
// refused on the way keeps everything that was typed. With and without script.
func TestASecretaryReviewsTwelvePeople(t *testing.T) {
	for _, script := range []bool{true, false} {
		t.Run(fmt.Sprintf("script=%v", script), func(t *testing.T) {
			t.Parallel()
			s := server.New(t)
			twelve(t, s)
			if _, err := s.Reviews.Save(t.Context(), s.Viewer("bithu.ltt"), review.Save{Hold: true, Confirmed: true, Fields: review.Fields{OrgID: s.Org("LTT"), Year: 2025, MetOn: party.MustDate("2026-04-20")},
				Entries: []review.Entry{{PersonID: 1, Outcome: party.ReviewKeep}}}); err != nil {
				t.Fatal(err)
			}
			tab := signIn(t, s, "bithu.ltt", "vi")
			if !script {
				tab.DisableJavaScript()
			}
			tab.Open(s.URL + "/reviews")
			tab.Sees("Chi bộ chậm rà soát", "20/10/2026")
			tab.Follow("Rà soát")
			tab.Sees("Đang trong quy hoạch (9)", "Có thể đưa vào (3)", "Đủ 18 tuổi ngày 15/12/2026", "Giỏi, 8,65 (thang 10)", "Học sinh giỏi cấp tỉnh", "chưa ghi kết quả")
			tab.Fill("Số biên bản", "12-BB/CB")
			tab.Fill("Số nghị quyết", "08-NQ/CB")
			tab.Check("Đưa vào quy hoạch, Nguyễn Thị Minh")
			tab.Check("Đưa vào quy hoạch, Nguyễn Thị Nga")
			tab.Check("Đưa ra, Nguyễn Thị Lan")
			tab.Check("Chi bộ đã họp và thống nhất các ý kiến trên")
			hold := func(day string, refusal ...string) {
				t.Helper()
				tab.Fill("Ngày họp chi bộ", day)
				tab.Press("Chốt rà soát")
				tab.Sees(refusal...)
				if typed := tab.Value("Số biên bản"); typed != "12-BB/CB" {
					t.Errorf("what was typed is lost: %q", typed)
				}
				if title := tab.Title(); !strings.HasPrefix(title, "Lỗi:") {
					t.Errorf("the refused sheet's title is %q", title)
				}
			}
			hold("20/11/2026", "Nguyễn Thị Lan: Ghi lý do đưa ra")
			tab.Fill("Lý do đưa ra, Nguyễn Thị Lan", "Chuyển trường")
			hold("15/12/2026", "không thể sau hôm nay, 23/11/2026")
			tab.SeesNot("Đủ 18 tuổi ngày") // everything is as of the day that was typed
			hold("20/04/2026", "phải sau lần rà soát trước, 20/04/2026")
			tab.Fill("Ngày họp chi bộ", "20/11/2026")
			tab.Press("Chốt rà soát")
			tab.Sees("Đã chốt bản rà soát: giữ 9, đưa vào 2, đưa ra 1.", "Chuyển trường", "Đưa vào quy hoạch (2)")
			tab.Follow("Biên bản")
			tab.Print(true)
			tab.Sees("Chi bộ LTT", "12-BB/CB", "Nguyễn Thị Minh", "Nguyễn Thị Nga", "Nguyễn Thị Lan", "Chuyển trường", "Người ghi biên bản", "Chủ trì")
			tab.SeesNot("Đăng xuất", "Việc cần làm")
			tab.Print(false)
			tab.Open(s.URL + "/reviews")
			tab.Sees("Không có chi bộ nào chậm rà soát.", "20/11/2026")
		})
	}
}

// The draft is kept with the day in the address, and the keyboard alone brings one to the choice and the
// reason of a row.
func TestASheetByKeyboardAlone(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	ids := twelve(t, s)
	tab := signIn(t, s, "bithu.ltt", "vi")
	tab.Open(s.URL + "/reviews/new")
	tab.Fill("Ngày họp chi bộ", "16/12/2026")
	tab.KeysAndLoad(kb.Enter) // saves the draft and counts as of the day; never holds
	if !strings.HasSuffix(tab.URL(), "?on=2026-12-16") {
		t.Errorf("led to %s", tab.URL())
	}
	tab.Sees("Đã lưu bản nháp.", "tính đến ngày 16/12/2026")
	tab.SeesNot("Đủ 18 tuổi ngày")
	tab.Fill("Ngày nghị quyết", "") // the last field before the rows
	for range 3 {                   // the way to the end, the name of the first person, his choice
		tab.Keys(kb.Tab)
	}
	tab.Keys(kb.ArrowRight)
	tab.Keys(kb.Tab)
	tab.Keys("Xin ra")
	if typed := tab.Value("Lý do đưa ra, Nguyễn Thị An"); typed != "Xin ra" {
		t.Errorf("typed by keyboard: %q, the focus is on %s", typed, tab.Focused())
	}
	tab.Press("Lưu nháp")
	sheet, err := s.Reviews.NewSheet(t.Context(), s.Viewer("bithu.ltt"), s.Org("LTT"), party.Date{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range sheet.Rows {
		if want := r.ID == ids["An"]; (r.Outcome == party.ReviewDrop) != want || (r.Reason == "Xin ra") != want {
			t.Errorf("%s: %s %q", r.FullName, r.Outcome, r.Reason)
		}
	}
}

// Every page of a review owes what all pages owe, in both languages, on a desk and on a phone, with
// people and without.
func TestReviewPagesAreGoodPages(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	ids := twelve(t, s)
	entries := []review.Entry{{PersonID: ids["An"], Outcome: party.ReviewKeep}, {PersonID: ids["Minh"], Outcome: party.ReviewAdd}, {PersonID: ids["Lan"], Outcome: party.ReviewDrop, Reason: "Chuyển trường"}}
	held, err := s.Reviews.Save(t.Context(), s.Viewer("bithu.ltt"), review.Save{Hold: true, Confirmed: true, Entries: entries, Fields: review.Fields{OrgID: s.Org("LTT"), Year: 2026, Half: party.First,
		MetOn: party.MustDate("2026-11-20"), MinutesNo: "12-BB/CB", ResolutionNo: "08-NQ/CB", ResolutionOn: party.MustDate("2026-11-20")}})
	if err != nil {
		t.Fatal(err)
	}
	s.Enter(s.Fields("NTH", "Trần Văn Ngoài"), party.Planned)
	paths := map[string]string{"board": "/reviews", "choose": "/reviews/new", "sheet": fmt.Sprintf("/reviews/new?org=%d", s.Org("LTT")),
		"empty": fmt.Sprintf("/reviews/new?org=%d", s.Org("SVKT")), "held": fmt.Sprintf("/reviews/%d", held), "minutes": fmt.Sprintf("/reviews/%d/minutes", held),
		"resolution": fmt.Sprintf("/reviews/%d/resolution", held)}
	for _, lang := range []string{"vi", "en"} {
		t.Run(lang, func(t *testing.T) {
			tab := signIn(t, s, "vanphong", lang)
			for name, path := range paths {
				tab.SetViewport(1280, 900)
				tab.Open(s.URL + path)
				tab.GoodPage()
				tab.Screenshot(name + "-" + lang)
				tab.SetViewport(375, 800)
				tab.NoSidewaysScroll()
				tab.BigTargets()
				if lang == "vi" {
					tab.Screenshot(name + "-phone")
				}
			}
			tab.SetViewport(1280, 900)
			tab.Open(s.URL + paths["sheet"])
			tab.Press(map[string]string{"vi": "Chốt rà soát", "en": "Hold the review"}[lang])
			tab.GoodPage() // refused: no day
		})
	}
}
