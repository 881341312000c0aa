package cell_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest"
	"ketnap/internal/exemption"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/transfer"
)

// officials enters official members of LTT: official since 2024-02-03, and of the cell since 2025-10-05.
func officials(t *testing.T, h *apptest.House, n int) []int64 {
	t.Helper()
	var list []people.History
	for i := range n {
		f := h.Fields("LTT", fmt.Sprintf("Nguyễn Thị An %03d", i))
		f.BirthDate = day("2004-02-10")
		list = append(list, people.History{Fields: f, Steps: []people.NewStep{{Kind: party.Received, On: day("2025-10-05"),
			Facts: party.ReceivedFacts{DecidedOn: day("2023-01-20"), JoinedOn: day("2023-02-03"), OfficialOn: day("2024-02-03"), From: "Đảng bộ khác"}}}})
	}
	ids, err := h.People.EnterHistories(t.Context(), h.Viewer("vanphong"), list)
	if err != nil {
		t.Fatal(err, keys(err))
	}
	return ids
}

// The roll of a cell leaves out who is elsewhere for a time on the day, and who is exempt on it; whoever
// is suspended, or has not been recognised, is not left out by this rule or does not count.
func TestTheRollOfACellForItsVotes(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := officials(t, h, 5)
	members(h, 2) // probationary
	release := func(id int64, kind party.ExemptionKind, from, until string) {
		t.Helper()
		if err := h.Exemptions.Enter(t.Context(), h.Viewer("vanphong"), uuid.NewString(), exemption.Exemption{PersonID: id, Number: "1-QĐ/ĐU", DecidedOn: day("2026-07-01"), Reason: "Điều trị",
			ExemptionSpan: party.ExemptionSpan{Kind: kind, From: day(from), Until: day(until)}}); err != nil {
			t.Fatal(err, keys(err))
		}
	}
	release(ids[0], party.Exempt, "2026-10-10", "2026-11-10")
	release(ids[1], party.Suspended, "2026-10-01", "2026-12-31")
	release(ids[2], party.Exempt, "2026-10-01", "2026-12-31") // is away too
	done, err := h.Transfers.Issue(t.Context(), h.Viewer("vanphong"), transfer.Issue{From: h.Org("LTT"), To: h.Org("SVKT"), IssuerID: h.Org("K"), On: day("2026-10-01"),
		Form: party.TransferTemporary, Until: day("2027-03-01"), People: []int64{ids[2], ids[3]}})
	if err != nil {
		t.Fatal(err, keys(err))
	}
	for _, row := range done.Rows {
		for version, what := range []party.TransferState{party.TransferPresented, party.TransferAccepted} {
			if err := h.Transfers.Act(t.Context(), h.Viewer("bithu.svkt"), transfer.Acting{Key: uuid.NewString(), ID: row.ID, Version: version + 1, Act: what, On: day("2026-10-15")}); err != nil {
				t.Fatal(err, keys(err))
			}
		}
	}
	for on, want := range map[string]party.Roll{
		"2026-10-09": {Official: 5, Exempt: 1}, // that of who is away later
		"2026-10-14": {Official: 5, Exempt: 2},
		"2026-10-15": {Official: 5, Away: 2, Exempt: 1},
		"2026-11-11": {Official: 5, Away: 2},
	} {
		if got, err := h.Cells.Roll(t.Context(), h.Viewer("bithu.ltt"), h.Org("LTT"), day(on)); err != nil || got != want {
			t.Errorf("on %s: %+v, want %+v; %v", on, got, want, err)
		}
	}
	if got, err := h.Cells.Roll(t.Context(), h.Viewer("bithu.nth"), h.Org("LTT"), day("2026-11-11")); err != nil || got != (party.Roll{}) {
		t.Errorf("another cell's: %+v, %v", got, err)
	}
	roll, doubts, err := h.Cells.Doubts(t.Context(), h.Viewer("bithu.ltt"), h.Org("LTT"), day("2026-11-11"), party.Vote{Official: 6, Away: 2, ExemptAbsent: 1})
	if err != nil || roll.Official != 5 || !slices.Equal(doubts, []party.VoteNumber{party.VoteOfficial, party.VoteExemptAbsent}) {
		t.Errorf("%+v, %v, %v", roll, doubts, err)
	}
}
