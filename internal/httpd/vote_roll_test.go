package httpd_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/departure"
	"ketnap/internal/party"
	"ketnap/internal/people"
)

// enterOfficial enters official members of LTT.
func enterOfficial(t *testing.T, s *server.Server, n int) (ids []int64) {
	t.Helper()
	for i := range n {
		f := s.Fields("LTT", fmt.Sprintf("Trần Thị Chính %d", i))
		f.BirthDate = party.MustDate("2004-02-10")
		list, err := s.People.EnterHistories(t.Context(), s.Viewer("vanphong"), []people.History{{Fields: f, Steps: []people.NewStep{{Kind: party.Received, On: party.MustDate("2025-10-05"),
			Facts: party.ReceivedFacts{DecidedOn: party.MustDate("2023-01-20"), JoinedOn: party.MustDate("2023-02-03"), OfficialOn: party.MustDate("2024-02-03")}}}}})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, list...)
	}
	return ids
}

// The form of a cell's vote comes with the numbers that are known; what is typed instead holds, and is
// said to differ.
func TestAVoteComesWithTheNumbersThatAreKnown(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	enterOfficial(t, s, 4)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.DossierComplete)
	browser := s.SignIn(t, "bithu.ltt")
	form := fmt.Sprintf("/people/%d/steps/cell_resolution", id)
	a := browser.Look(form)
	if a.Status != http.StatusOK || !a.Says("4 đảng viên chính thức, trong đó 0 đang sinh hoạt tạm thời ở nơi khác, 0 được miễn sinh hoạt") || !a.Says(`name="official" value="4"`) {
		t.Errorf("the form: %d, says %v", a.Status, a.Says(`name="official" value="4"`))
	}
	version := versionOf(t, s, id)
	if a := browser.Send(form, with(party.CellResolution, version, "in_favour", "3")); a.Status != http.StatusUnprocessableEntity || !a.Says("Theo danh sách ngày 15/05/2026") || !a.Says(`name="official" value="9"`) {
		t.Errorf("refused for another reason: %d", a.Status)
	}
	if a := browser.Send(form, with(party.CellResolution, version)); a.Status != http.StatusSeeOther {
		t.Fatalf("not recorded: %d", a.Status)
	}
	if a := browser.Look(fmt.Sprintf("/people/%d", id)); !a.Says("Biên bản ghi 9 đảng viên chính thức; danh sách ngày 15/05/2026 có 4.") {
		t.Error("that the numbers differ is not said")
	}
}

func TestTheVoteInACaseComesWithTheNumbersThatAreKnown(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := enterOfficial(t, s, 3)[0]
	on := party.MustDate("2026-10-01")
	leaving, err := s.Departures.Open(t.Context(), s.Viewer("bithu.ltt"), departure.Opening{PersonID: id, Way: party.WayAsked, Reason: "Đơn xin ra", On: on})
	if err != nil {
		t.Fatal(err)
	}
	browser := s.SignIn(t, "bithu.ltt")
	path := fmt.Sprintf("/cases/%d", leaving)
	a := browser.Look(path)
	if a.Status != http.StatusOK || !a.Says(`name="official" value="3"`) || !a.Says("3 đảng viên chính thức") {
		t.Errorf("the form: %d", a.Status)
	}
	send := url.Values{"do": {string(party.CaseVoted)}, "on": {"05/10/2026"}, "official": {"4"}, "present": {"4"}, "in_favour": {"4"}, "words": {"Đồng ý"}, "_version": {"1"}}
	if a := browser.Send(path, send); a.Status != http.StatusSeeOther {
		t.Fatalf("not recorded: %d", a.Status)
	}
	if a := browser.Look(path); !a.Says("Biên bản ghi 4 đảng viên chính thức; danh sách ngày 05/10/2026 có 3.") {
		t.Error("that the numbers differ is not said")
	}
}
