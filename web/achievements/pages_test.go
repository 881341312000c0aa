package achievements_test

import (
	"fmt"
	"testing"

	"ketnap/internal/achievement"
	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/party"
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

// A secretary enters the results of the whole cell on one page, mends the row that is refused, and adds
// a title to one of them.
func TestTheResultsOfACellAndATitle(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	for _, name := range []string{"Nguyễn Thị An", "Nguyễn Thị Bình", "Nguyễn Thị Công"} {
		s.Enter(s.Fields("LTT", name), party.Planned)
	}
	tab := signIn(t, s, "bithu.ltt", "vi")
	tab.Open(fmt.Sprintf("%s/organisations/%d", s.URL, s.Org("LTT")))
	tab.Follow("Kết quả học tập cả chi bộ")
	tab.Choose("Học lực, Nguyễn Thị An", "Giỏi")
	tab.Fill("Điểm trung bình, Nguyễn Thị An", "8,65")
	tab.Choose("Rèn luyện, Nguyễn Thị An", "Tốt")
	tab.Choose("Học lực, Nguyễn Thị Bình", "Khá")
	tab.Fill("Điểm trung bình, Nguyễn Thị Bình", "11")
	tab.Press("Ghi")
	tab.Sees("Nguyễn Thị Bình: Điểm trung bình phải từ 0 đến 10")
	tab.SeesNot("Nguyễn Thị An: ")
	if typed := tab.Value("Điểm trung bình, Nguyễn Thị Bình"); typed != "11" {
		t.Errorf("what was typed is lost: %q", typed)
	}
	tab.Fill("Điểm trung bình, Nguyễn Thị Bình", "7.1")
	tab.Press("Ghi")
	tab.Sees("Đã ghi 1 dòng.")
	if kept := tab.Value("Điểm trung bình, Nguyễn Thị Bình"); kept != "7,1" {
		t.Errorf("kept: %q", kept)
	}
	tab.Follow("Nguyễn Thị An")
	tab.Sees("8,65 (thang 10)", "Tốt")
	tab.Follow("Thêm danh hiệu")
	tab.Choose("Loại danh hiệu", "Chiến dịch, phong trào")
	tab.Fill("Ngày công nhận", "15/8/2026")
	tab.Press("Ghi")
	tab.Sees("Nhập tên chiến dịch", "Chọn cấp công nhận")
	tab.Fill("Tên", "Mùa hè xanh 2026")
	tab.Choose("Cấp", "Cấp tỉnh")
	tab.Press("Ghi")
	tab.Sees("Đã ghi kết quả học tập, danh hiệu.", "Mùa hè xanh 2026", "Cấp tỉnh", "15/08/2026")
}

// Every page owes what all pages owe, in both languages, on a desk and on a phone.
func TestAchievementPagesAreGoodPages(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	var id int64
	for i := range 4 {
		id = s.Enter(s.Fields("LTT", fmt.Sprintf("Nguyễn Thị %c", 'A'+rune(i))), party.Planned)
	}
	bare := s.Enter(s.Fields("LTT", "Trần Văn Không"), party.Planned)
	v := s.Viewer("bithu.ltt")
	result, err := s.Achievements.SaveResult(t.Context(), v, achievement.ResultChange{PersonID: id, Result: party.StudyResult{Year: 2025, Study: party.RatingGood,
		GPA: 865, Scale: 10, Conduct: party.RatingGood, ConductScore: 85}})
	if err != nil {
		t.Fatal(err)
	}
	title, err := s.Achievements.SaveTitle(t.Context(), v, achievement.TitleChange{PersonID: id, Title: party.Title{Kind: party.PrizeProvince, Year: 2025,
		AwardedOn: party.MustDate("2026-04-10"), Issuer: "Sở Giáo dục và Đào tạo"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, org := range []string{"K", "LTT"} {
		if err := s.Achievements.SetCriteria(t.Context(), s.Viewer("vanphong"), achievement.NewCriteria{DatedCriteria: party.DatedCriteria{OrgID: s.Org(org),
			From: party.MustDate("2026-01-01"), Criteria: party.Criteria{Study: party.RatingFair, NeedsTitle: true, UnionMonths: 12}}}); err != nil {
			t.Fatal(err)
		}
	}
	of := func(id int64, rest string) string { return fmt.Sprintf("/people/%d%s", id, rest) }
	paths := map[string]string{"person": of(id, ""), "all": of(id, "/achievements"), "bare": of(bare, "/achievements"), "new-result": of(id, "/achievements/result"),
		"result": of(id, fmt.Sprintf("/achievements/result?entry=%d", result)), "title": of(id, fmt.Sprintf("/achievements/title?entry=%d", title)),
		"grid": fmt.Sprintf("/cells/%d/achievements?year=2025", s.Org("LTT")), "empty-grid": fmt.Sprintf("/cells/%d/achievements", s.Org("SVKT")),
		"criteria": fmt.Sprintf("/organisations/%d/criteria", s.Org("LTT"))}
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
		})
	}
}
