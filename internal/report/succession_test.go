package report_test

import (
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/access"
	"ketnap/internal/apptest"
	"ketnap/internal/party"
	"ketnap/internal/reorganisation"
	"ketnap/internal/report"
	"ketnap/internal/transfer"
)

var actDay = party.MustDate("2026-11-01")

func carry(t *testing.T, h *apptest.House, r party.Reorganisation) {
	t.Helper()
	_, err := h.Reorganisations.Carry(t.Context(), h.Viewer("vanphong"), reorganisation.Act{Reorganisation: r, On: actDay,
		Decision: reorganisation.Decision{Number: "12-QĐ/TU", On: actDay.AddDays(-9), Issuer: "Ban Thường vụ Tỉnh ủy"}})
	if err != nil {
		t.Fatalf("%+v: %v", r, err)
	}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// A running total follows successors: what a merged cell reached is its successor's, what a cell reached
// below another committee is that of the one it stands below now, and the figures of the tree of the time
// stay beside it. Whoever sees the organisation sees the same numbers.
func TestARunningTotalFollowsSuccessors(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	h.Enter(h.Fields("NTH", "Lê Thị Cúc"), party.Ceremony)
	gone := h.Enter(h.Fields("NTH", "Đỗ Văn Đi"), party.Ceremony)
	h.Enter(h.Fields("SVKT", "Phạm Văn Dũng"), party.CellResolution)
	paper, err := h.Transfers.Issue(t.Context(), h.Viewer("vanphong"), transfer.Issue{Key: uuid.NewString(), From: h.Org("NTH"), To: h.Org("CHUYEN"),
		IssuerID: h.Org("K"), On: party.MustDate("2026-09-01"), People: []int64{gone}})
	if err != nil {
		t.Fatal(err)
	}
	for n, state := range []party.TransferState{party.TransferPresented, party.TransferAccepted} {
		if err := h.Transfers.Act(t.Context(), h.Viewer("vanphong"), transfer.Acting{Key: uuid.NewString(), ID: paper.Rows[0].ID, Version: n + 1, Act: state, On: party.MustDate("2026-09-02")}); err != nil {
			t.Fatal(err)
		}
	}
	carry(t, h, party.Reorganisation{Kind: party.MergeOrgs, Orgs: []int32{h.Org("NTH")}, Into: h.Org("LTT")})
	carry(t, h, party.Reorganisation{Kind: party.MoveOrgs, Orgs: []int32{h.Org("LTT")}, Into: h.Org("DH")})

	term := func(v access.Viewer, code string, former bool) report.Term {
		t.Helper()
		return must[report.Term](t)(h.Reports.Term(t.Context(), v, report.TermQuery{Term: "2025-2030", OrgID: h.Org(code), WithFormer: former}))
	}
	for _, c := range []struct {
		org                         string
		former                      bool
		admitted, proposed, members int
	}{
		{"LTT", false, 1, 1, 2}, {"LTT", true, 3, 3, 2},
		{"DH", false, 0, 1, 2}, {"DH", true, 3, 4, 2},
		{"GD", false, 3, 3, 0}, {"GD", true, 0, 0, 0},
		{"K", false, 3, 4, 3}, {"K", true, 3, 4, 3},
	} {
		got := term(h.Viewer("vanphong"), c.org, c.former)
		if got.Counts[party.FigureAdmitted] != c.admitted || got.Counts[party.FigureProposed] != c.proposed || got.Members() != c.members {
			t.Errorf("%s with former %v: admitted %d, proposed %d, %d members; want %d, %d, %d", c.org, c.former,
				got.Counts[party.FigureAdmitted], got.Counts[party.FigureProposed], got.Members(), c.admitted, c.proposed, c.members)
		}
	}
	staff := h.Viewer("coso.dh")
	if got := term(staff, "DH", true); got.Counts[party.FigureAdmitted] != 3 {
		t.Errorf("who sees the committee alone counts %d", got.Counts[party.FigureAdmitted])
	}
	names := must[report.Names](t)(h.Reports.Names(t.Context(), staff, report.NamesQuery{TermQuery: report.TermQuery{Term: "2025-2030", OrgID: h.Org("DH"), WithFormer: true}, Figure: party.FigureAdmitted}))
	if names.Count != 3 || len(names.Rows) != 2 || names.Away != 1 {
		t.Errorf("behind the figure %d names of %d, %d away", len(names.Rows), names.Count, names.Away)
	}
	by := must[report.Occasions](t)(h.Reports.Occasions(t.Context(), staff, report.TermQuery{Term: "2025-2030", OrgID: h.Org("DH"), WithFormer: true}))
	if by.Counts[""] != 3 {
		t.Errorf("by occasion: %v", by.Counts)
	}
	past := must[report.Term](t)(h.Reports.Term(t.Context(), h.Viewer("vanphong"), report.TermQuery{Term: "2025-2030", OrgID: h.Org("GD"), AsOf: actDay.AddDays(-1), WithFormer: true}))
	if past.Counts[party.FigureAdmitted] != 3 {
		t.Errorf("on the day before, %v", past.Counts)
	}
}

// What ended without one successor stays in the total of what stood above it, as a row of its own, so that
// the rows add up.
func TestWhatEndedWithoutASuccessorIsARowOfItsOwn(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	carry(t, h, party.Reorganisation{Kind: party.SplitOrg, Orgs: []int32{h.Org("LTT")}, People: map[int64]int32{id: h.Org("SVKT")}})
	r := must[report.Term](t)(h.Reports.Term(t.Context(), h.Viewer("vanphong"), report.TermQuery{Term: "2025-2030", OrgID: h.Org("GD"), WithFormer: true}))
	sum, ended := 0, 0
	for _, c := range r.Children {
		sum += c.Counts[party.FigureAdmitted]
		if c.Former {
			ended++
		}
	}
	if r.Counts[party.FigureAdmitted] != 1 || sum != 1 || ended != 1 {
		t.Errorf("in all %d, the rows add up to %d, %d of them ended", r.Counts[party.FigureAdmitted], sum, ended)
	}
}
