package person_test

import (
	"fmt"
	"net/url"
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/party"
	"ketnap/internal/people"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// signIn signs an account in in a tab of its own.
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

// A person and every form of his steps owe what all pages owe: words in both languages, nothing
// that axe finds, no sideways scrolling on a phone.
func TestPersonAndStepFormsAreGoodPages(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh Nguyệt"), party.CellResolution)
	probationer := s.Enter(s.Fields("LTT", "Trần Văn Bình"), party.Ceremony)
	corrected := void(t, s, s.Enter(s.Fields("LTT", "Lê Hoài Phương"), party.Planned))
	paths := []string{fmt.Sprintf("/people/%d", id), fmt.Sprintf("/people/%d", probationer), fmt.Sprintf("/people/%d", corrected)}
	for _, k := range party.StepKinds {
		if k != party.Overridden {
			paths = append(paths, fmt.Sprintf("/people/%d/steps/%s", id, k))
		}
	}
	rec, err := s.People.Open(t.Context(), s.Viewer("vanphong"), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range rec.Steps {
		paths = append(paths, fmt.Sprintf("/people/%d/steps/%d/correct", id, st.ID), fmt.Sprintf("/people/%d/steps/%d/void", id, st.ID))
	}
	for _, lang := range []string{"vi", "en"} {
		t.Run(lang, func(t *testing.T) {
			tab := signIn(t, s, "vanphong", lang)
			for _, path := range paths {
				tab.SetViewport(1280, 900)
				tab.Open(s.URL + path)
				tab.GoodPage()
				tab.SetViewport(375, 800)
				tab.NoSidewaysScroll()
				tab.BigTargets()
			}
		})
	}
	t.Run("override", func(t *testing.T) {
		tab := signIn(t, s, "lanhdao", "vi")
		tab.Open(s.URL + fmt.Sprintf("/people/%d/steps/%s", id, party.Overridden))
		tab.GoodPage()
	})
}

func void(t *testing.T, s *server.Server, id int64) int64 {
	t.Helper()
	v := s.Viewer("vanphong")
	rec, err := s.People.Open(t.Context(), v, id)
	if err != nil {
		t.Fatal(err)
	}
	last := rec.Steps[len(rec.Steps)-1]
	err = s.People.Void(t.Context(), v, people.Voiding{PersonID: id, Version: rec.Version, StepID: last.ID, Reason: "Ghi nhầm người",
		Paper: party.Paper{Number: "3-CV/CB", Date: party.MustDate("2026-11-20")}})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// A refused step shows its conditions, keeps what was typed and takes the focus to the summary.
func TestRefusedStepIsAGoodPage(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh Nguyệt"), party.DossierComplete)
	tab := signIn(t, s, "bithu.ltt", "vi")
	tab.Open(s.URL + fmt.Sprintf("/people/%d/steps/cell_resolution", id))
	for label, text := range map[string]string{"Ngày chi bộ họp": "15/05/2026", "Tổng số đảng viên chính thức của chi bộ": "29",
		"Đảng viên chính thức có mặt": "29", "Số tán thành": "19"} {
		tab.Fill(label, text)
	}
	tab.Check("Được thông qua")
	tab.Press("Ghi bước này")
	tab.GoodPage()
	tab.Sees("Tán thành 19 trên 29", "cần ít nhất 20")
	if got := tab.Value("Số tán thành"); got != "19" {
		t.Errorf("typed 19, now %q", got)
	}
	if u, err := url.Parse(tab.URL()); err != nil || u.Path != fmt.Sprintf("/people/%d/steps/cell_resolution", id) {
		t.Errorf("at %s", tab.URL())
	}
}
