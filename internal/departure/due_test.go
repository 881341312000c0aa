package departure_test

import (
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/departure"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
	"ketnap/internal/reorganisation"
)

// due gives what waits for somebody, as the names of the acts by the case.
func due(t *testing.T, h *apptest.House, username string, org int32) map[int64]party.CaseState {
	t.Helper()
	list, err := h.Departures.Due(t.Context(), h.Viewer(username), org)
	must(t, err)
	out := map[int64]party.CaseState{}
	for i, d := range list.Cases {
		out[d.ID] = d.What
		if i > 0 && d.Since.Before(list.Cases[i-1].Since) {
			t.Errorf("%s waits since %s and comes later", d.Name, d.Since)
		}
	}
	return out
}

// Each level finds what it is to do next, and nothing that waits for another.
func TestTheNextActOfACaseIsDueAtItsLevel(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	c, err := open(h, "bithu.ltt", h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony))
	must(t, err)
	other, err := open(h, "bithu.svkt", h.Enter(h.Fields("SVKT", "Trần Văn Bình"), party.Ceremony))
	must(t, err)
	levels := func(after string, want map[string]party.CaseState) {
		t.Helper()
		for _, username := range []string{"bithu.ltt", "coso.gd", "lanhdao", "kiemtra", "bithu.svkt"} {
			got, is := due(t, h, username, 0)[c]
			if wanted, awaited := want[username]; is != awaited || got != wanted {
				t.Errorf("%s: for %s %q is due, want %q", after, username, got, wanted)
			}
		}
		if got := due(t, h, "vanphong", h.Org("LTT")); len(got) > 1 || got[other] != "" {
			t.Errorf("%s: of one cell: %v", after, got)
		}
	}
	cell := func(what party.CaseState) map[string]party.CaseState {
		return map[string]party.CaseState{"bithu.ltt": what, "coso.gd": what}
	}
	levels("opened", cell(party.CaseVoted))
	must(t, votes(t, h, c, 5, "2026-08-04"))
	levels("a vote that failed", cell(party.CaseVoted))
	must(t, act(t, h, "bithu.ltt", c, party.CaseVoted, "2026-08-05"))
	levels("voted", map[string]party.CaseState{"coso.gd": party.CaseProposed})
	must(t, act(t, h, "coso.gd", c, party.CaseProposed, "2026-08-10"))
	levels("proposed", map[string]party.CaseState{"lanhdao": party.CaseDecided})
	must(t, act(t, h, "vanphong", c, party.CaseDecided, "2026-08-17"))
	levels("decided", cell(party.CaseTold))
	must(t, act(t, h, "bithu.ltt", c, party.CaseTold, "2026-11-03"))
	levels("told", cell(party.CaseAppealed))
	list, err := h.Departures.Due(t.Context(), h.Viewer("bithu.ltt"), 0)
	must(t, err)
	if d := list.Cases[0]; d.By != d.AppealBy || d.Rule.ID != party.RemoveAppeal {
		t.Errorf("%+v", d)
	}
	today := h.Now()
	h.SetToday(list.Cases[0].By.AddDays(1))
	levels("no appeal came", nil)
	h.SetToday(today)
	must(t, act(t, h, "bithu.ltt", c, party.CaseAppealed, "2026-11-20"))
	levels("appealed", map[string]party.CaseState{"lanhdao": party.CaseUpheld})
	must(t, act(t, h, "vanphong", c, party.CaseRestored, "2026-11-23"))
	levels("restored", nil)
}

// Three votes that failed bring the case before the grassroots committee, with the rule that says so.
func TestACaseThatGoesUpIsDueAbove(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	c, err := open(h, "bithu.ltt", h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony))
	must(t, err)
	for _, on := range []string{"2026-08-05", "2026-08-12", "2026-08-19"} {
		must(t, votes(t, h, c, 5, on))
	}
	if got := due(t, h, "bithu.ltt", 0); len(got) != 0 {
		t.Errorf("the cell: %v", got)
	}
	list, err := h.Departures.Due(t.Context(), h.Viewer("coso.gd"), 0)
	must(t, err)
	if len(list.Cases) != 1 || list.Cases[0].What != party.CaseProposed || list.Cases[0].By.IsZero() || list.Cases[0].Rule.ID != party.DecideOfficial {
		t.Errorf("the grassroots committee: %+v", list.Cases)
	}
}

func TestWhatIsDueTakesNoStatementPerCase(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	count := func() int {
		viewer := h.Viewer("vanphong")
		ctx, sent := postgres.RecordQueries(t.Context())
		_, err := h.Departures.Due(ctx, viewer, 0)
		must(t, err)
		return len(sent())
	}
	enter := func(name string) {
		_, err := open(h, "bithu.ltt", h.Enter(h.Fields("LTT", name), party.Ceremony))
		must(t, err)
	}
	enter("Nguyễn Thị Ánh")
	count() // the tree is read once
	one := count()
	enter("Trần Văn Bình")
	enter("Lê Thị Chi")
	if three := count(); three != one {
		t.Errorf("%d statements for one case, %d for three", one, three)
	}
}

// What is left to do in a case of a cell that has ended waits at the levels above where the cell went on, and stands
// on their list.
func TestACaseOfACellThatEndedWaitsWhereItWentOn(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	c := removedFrom(t, h, h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony))
	_, err := h.Reorganisations.Carry(t.Context(), h.Viewer("vanphong"), reorganisation.Act{On: day("2026-11-01"),
		Reorganisation: party.Reorganisation{Kind: party.MergeOrgs, Orgs: []int32{h.Org("LTT")}, Into: h.Org("NTH")},
		Decision:       reorganisation.Decision{Number: "12-QĐ/TU", On: day("2026-10-20"), Issuer: "Ban Thường vụ Tỉnh ủy"}})
	must(t, err)
	for username, want := range map[string]party.CaseState{"vanphong": party.CaseTold, "coso.gd": party.CaseTold, "bithu.nth": party.CaseTold, "bithu.svkt": ""} {
		if got := due(t, h, username, 0)[c]; got != want {
			t.Errorf("for %s %q is due, want %q", username, got, want)
		}
		list, err := h.Departures.List(t.Context(), h.Viewer(username), departure.Query{})
		must(t, err)
		if listed := len(list.Cases) == 1; listed != (want != "") {
			t.Errorf("the list of %s has %d cases", username, len(list.Cases))
		}
	}
	must(t, act(t, h, "bithu.nth", c, party.CaseTold, "2026-11-03"))
}
