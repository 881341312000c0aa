package decisions_test

import (
	"fmt"
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/ceremony"
	"ketnap/internal/decision"
	"ketnap/internal/party"
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

// furnished is a register with a decision for many, an extension, a cancelled one, and ceremonies.
type furnished struct{ admission, extension, wrong, cancelling, planned, held int64 }

func furnish(t *testing.T, s *server.Server) (f furnished) {
	t.Helper()
	var ids []int64
	for _, name := range []string{"Nguyễn Thị Ánh Nguyệt", "Trần Văn Bình", "Đặng Thị Hoài Phương", "Lê Đức Anh", "Phạm Thị Tuyết Nhung", "Võ Minh Quân"} {
		ids = append(ids, s.Enter(s.Fields("LTT", name), party.Endorsed))
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	issue := func(kind decision.Kind, people ...int64) int64 {
		fields := decision.Fields{OrgID: s.Org("K"), Kind: kind, IssuedOn: party.MustDate("2026-06-10"), Suffix: "-QĐ/ĐU", Signer: "Trần Thị Bí Thư"}
		if kind == decision.Extension {
			fields.Days, fields.Reason = 20, "Chờ kết quả thẩm tra bổ sung"
		} else {
			fields.Decider = "upper_standing_committee"
		}
		done, err := s.Decisions.Issue(t.Context(), s.Viewer("vanphong"), decision.Issue{Fields: fields, People: people})
		must(err)
		return done.ID
	}
	f.admission, f.extension, f.wrong = issue(decision.Admission, ids[:3]...), issue(decision.Extension, ids[3]), issue(decision.Admission, ids[4])
	done, err := s.Decisions.Cancel(t.Context(), s.Viewer("vanphong"), decision.Cancelling{ID: f.wrong, People: ids[4:5],
		Fields: decision.Fields{IssuedOn: party.MustDate("2026-06-20"), Suffix: "-QĐ/ĐU", Reason: "Ban hành sai thẩm quyền"}})
	must(err)
	f.cancelling = done.ID
	plan := func(on string, people ...int64) int64 {
		id, err := s.Ceremonies.Plan(t.Context(), s.Viewer("bithu.ltt"), ceremony.Planning{People: people, Fields: ceremony.Fields{OrgID: s.Org("LTT"),
			PlannedOn: party.MustDate(on), Place: "Hội trường", Occasion: party.YouthSummerCampaign}})
		must(err)
		return id
	}
	f.held, f.planned = plan("2026-06-19", ids[0], ids[1]), plan("2026-11-30", ids[2])
	_, err = s.Ceremonies.Hold(t.Context(), s.Viewer("bithu.ltt"), ceremony.Holding{ID: f.held, Version: 1, HeldOn: party.MustDate("2026-06-19"), People: ids[:1]})
	must(err)
	return f
}

func (f furnished) paths() []string {
	return []string{"/decisions", "/decisions?number=khong-co&year=x", "/decisions/new?on=20/05/2026", "/decisions/new?kind=recognition", "/decisions/new?kind=extension&all=1", "/decisions/gather",
		fmt.Sprintf("/decisions/%d", f.admission), fmt.Sprintf("/decisions/%d", f.extension), fmt.Sprintf("/decisions/%d", f.wrong), fmt.Sprintf("/decisions/%d", f.cancelling),
		fmt.Sprintf("/decisions/%d/cancel", f.admission)}
}

func (f furnished) ceremonies() []string {
	paths := []string{"/ceremonies", "/ceremonies?state=cancelled", fmt.Sprintf("/ceremonies/new?decision=%d&on=30/11/2026", f.admission), fmt.Sprintf("/ceremonies/%d", f.held)}
	for _, act := range []string{"", "/edit", "/hold", "/call-off"} {
		paths = append(paths, fmt.Sprintf("/ceremonies/%d%s", f.planned, act))
	}
	return paths
}

// The register, the ceremonies and their forms owe what all pages owe: words in both languages,
// nothing that axe finds, no sideways scrolling on a phone, targets that a finger hits.
func TestTheRegisterAndTheCeremoniesAreGoodPages(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	f := furnish(t, s)
	for _, as := range []struct {
		username, lang string
		paths          []string
	}{
		{"vanphong", "vi", append(f.paths(), f.ceremonies()...)}, {"vanphong", "en", append(f.paths(), f.ceremonies()...)}, {"bithu.ltt", "vi", append(f.paths()[:1], f.ceremonies()...)},
	} {
		t.Run(as.username+" "+as.lang, func(t *testing.T) {
			tab := signIn(t, s, as.username, as.lang)
			for _, path := range as.paths {
				tab.SetViewport(1280, 900)
				tab.Open(s.URL + path)
				tab.GoodPage()
				tab.SetViewport(375, 800)
				tab.NoSidewaysScroll()
				tab.BigTargets()
			}
			tab.PreferDark(true)
			for _, path := range as.paths[:2] {
				tab.Open(s.URL + path)
				tab.GoodPage()
			}
		})
	}
}

// A refused form tells why beside each row and on top, and is a good page too.
func TestARefusedDecisionIsAGoodPage(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	furnish(t, s)
	tab := signIn(t, s, "vanphong", "vi")
	tab.Open(s.URL + "/decisions/new?on=14/05/2026&all=1")
	tab.Check("Võ Minh Quân")
	tab.Check("Ban thường vụ cấp ủy cấp trên trực tiếp")
	tab.Press("Ban hành và ghi bước")
	tab.Sees("Võ Minh Quân: ", "15/05/2026", "Ban hành cho những người đủ điều kiện")
	tab.GoodPage()
	tab.SetViewport(375, 800)
	tab.NoSidewaysScroll()
	tab.BigTargets()
}
