package documents_test

import (
	"fmt"
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/document"
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

// gathered enters somebody whose dossier lacks one paper and waits for a letter.
func gathered(t *testing.T, s *server.Server) int64 {
	t.Helper()
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.ClassResult)
	there := party.Document{State: party.DocumentPresent, Number: "12/GT", Dated: party.MustDate("2026-04-01"), Issuer: "Đảng ủy xã Hòa Bình", Kept: "Tủ 2"}
	_, err := s.Documents.Save(t.Context(), s.Viewer("bithu.ltt"), document.Change{PersonID: id, Stage: party.AdmissionDossier,
		Lines: []document.LineChange{{Kind: party.DocApplication, Document: party.Document{State: party.DocumentPresent, Kept: "Tủ 2"}},
			{Kind: party.DocIntroducer, Document: there}, {Kind: party.DocOpinions, Document: party.Document{State: party.DocumentAbsent}}},
		Letters: []document.LetterChange{{Letter: party.Letter{To: "Đảng ủy xã Hòa Bình", SentOn: party.MustDate("2026-09-01")}}}})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestDossierAndGridAreGoodPages(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := gathered(t, s)
	for i := range 5 {
		s.Enter(s.Fields("LTT", fmt.Sprintf("Trần Văn %c", 'B'+rune(i))), party.DossierComplete)
	}
	for _, lang := range []string{"vi", "en"} {
		tab := signIn(t, s, "bithu.ltt", lang)
		for name, path := range map[string]string{"dossier": fmt.Sprintf("/people/%d/dossier", id), "grid": fmt.Sprintf("/cells/%d/dossiers", s.Org("LTT"))} {
			for _, width := range []int64{1280, 375} {
				tab.SetViewport(width, 900)
				tab.Open(s.URL + path)
				tab.GoodPage()
				if lang == "vi" {
					tab.Screenshot(fmt.Sprintf("%s-%d", name, width))
				}
			}
		}
	}
}

// A secretary ticks the papers with the keyboard alone: a letter chooses, the tabulator goes on.
func TestTheChecklistIsFilledInByKeyboard(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := gathered(t, s)
	tab := signIn(t, s, "bithu.ltt", "vi")
	tab.SetViewport(375, 800)
	tab.Open(fmt.Sprintf("%s/people/%d/dossier", s.URL, id))
	keys := tab.Keyboard()
	keys.Pick("Tình trạng, 2-KNĐ", "Có")
	keys.Type("Nơi giữ, 2-KNĐ", "Tủ 3")
	keys.Type("Lý do không cần, 4a-KNĐ", "Không sinh hoạt công đoàn")
	keys.To("Tình trạng, 5-KNĐ")
	keys.Keys("C") // of "Chưa có" on to "Có"
	keys.Type("Số, 5-KNĐ", "7/NX")
	keys.Type("Ngày có trả lời, Công văn 1", "20/9/2026")
	keys.To("Lưu hồ sơ")
	keys.Enter()
	tab.Sees("Đã lưu hồ sơ", "Đã có 6/9 giấy tờ", "Danh mục hồ sơ đã đủ giấy tờ", "Ghi đủ hồ sơ")
	tab.GoodPage()
}
