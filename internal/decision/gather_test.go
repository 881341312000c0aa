package decision_test

import (
	"fmt"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/decision"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
)

// recordDecided enters somebody whose decision was recorded on his own page, with its paper.
func recordDecided(t *testing.T, h *apptest.House, name string, on string, received party.Date, paper party.Paper) {
	t.Helper()
	steps := append(h.Way("LTT")[:7:7], people.NewStep{Kind: party.Decided, On: party.MustDate(on),
		Facts: party.DecisionFacts{Decider: "upper_standing_committee", ReceivedOn: received}, Papers: []party.Paper{paper}})
	_, err := h.People.EnterHistories(t.Context(), h.Viewer("vanphong"), []people.History{{Fields: h.Fields("LTT", name), Steps: steps}})
	if err != nil {
		t.Fatal(err)
	}
}

// What was recorded person by person comes into the register, one decision for all whose number and
// day agree; what does not agree is left alone, and nothing is entered twice.
func TestDecisionsRecordedOneByOneAreGathered(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	listed := issue(t, h, admission(h), waiting(h, "LTT", 1)...) // number 1
	paper := func(number string) party.Paper { return party.Paper{Form: "9-KNĐ", Number: number} }
	record := func(name, on string, p party.Paper) {
		recordDecided(t, h, name, on, party.MustDate("2026-06-19").AddDays(len(name)%3), p)
	}
	record("Cùng Một", "2026-06-10", paper("41-QĐ/ĐU"))
	record("Cùng Hai", "2026-06-10", party.Paper{Number: "41-QĐ/ĐU", Date: party.MustDate("2026-06-10"), Issuer: "Đảng ủy K"})
	record("Riêng Lẻ", "2026-06-15", paper("052-QĐ/ĐU"))
	record("Lệch Một", "2026-06-16", paper("60-QĐ/ĐU"))
	record("Lệch Hai", "2026-06-17", paper("60-QĐ/ĐU"))
	record("Trùng Số", "2026-06-18", paper("1-QĐ/ĐU"))
	record("Không Số", "2026-06-18", paper("số 5"))
	record("Nơi Khác", "2026-06-18", party.Paper{Number: "70-QĐ/ĐU", Issuer: "Đảng ủy xã"})
	record("Khác Ngày", "2026-06-18", party.Paper{Number: "71-QĐ/ĐU", Date: party.MustDate("2026-06-17")})
	in := decision.Gathering{OrgID: h.Org("K"), From: party.MustDate("2026-06-01"), Until: party.MustDate("2026-06-30")}
	got, err := h.Decisions.Gather(t.Context(), h.Viewer("vanphong"), in)
	if err != nil || got != (decision.Gathered{Decisions: 2, People: 3, Left: 4}) {
		t.Fatalf("%+v, %v", got, err)
	}
	list, err := h.Decisions.List(t.Context(), h.Viewer("vanphong"), decision.Query{})
	var shown []string
	for _, e := range list.Entries {
		shown = append(shown, fmt.Sprintf("%s: %d", e.Printed, e.People))
	}
	if want := []string{"52-QĐ/ĐU: 1", "41-QĐ/ĐU: 2", "1-QĐ/ĐU: 1"}; err != nil || fmt.Sprint(shown) != fmt.Sprint(want) {
		t.Errorf("the register: %v, want %v; %v", shown, want, err)
	}
	if again, err := h.Decisions.Gather(t.Context(), h.Viewer("vanphong"), in); err != nil || again.Decisions != 0 || again.Left != 4 {
		t.Errorf("again: %+v, %v", again, err)
	}
	if next := issue(t, h, admission(h), waiting(h, "NTH", 1)...); next.Printed != "53-QĐ/ĐU" || listed.Printed != "1-QĐ/ĐU" {
		t.Errorf("the next number: %s", next.Printed)
	}
	for _, username := range []string{"bithu.ltt", "coso.gd", "tuyengiao", "kiemtra"} {
		if _, err := h.Decisions.Gather(t.Context(), h.Viewer(username), in); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s gathers: %v", username, err)
		}
	}
	in.Until = party.MustDate("2026-05-01")
	if _, err := h.Decisions.Gather(t.Context(), h.Viewer("vanphong"), in); badFields(err)["until"] == "" {
		t.Errorf("a period that ends before it begins: %v", err)
	}
}
