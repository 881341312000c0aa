package reorganisation_test

import (
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/party"
	"ketnap/internal/people"
)

// next gives what somebody waits for, as the lists show it.
func next(t *testing.T, h *apptest.House, name string) party.StepKind {
	t.Helper()
	if err := h.People.BringUpToDate(t.Context()); err != nil {
		t.Fatal(err)
	}
	mustBeClean(t, h)
	list, err := h.People.List(t.Context(), h.Viewer("vanphong"), people.Query{Search: name})
	if err != nil || len(list.Rows) != 1 {
		t.Fatalf("%s: %+v, %v", name, list.Rows, err)
	}
	return list.Rows[0].Next
}

// Whose cell comes below a grassroots committee, or out from below one, waits for its endorsement from then on, or
// for the decision alone; undone he waits for what he waited for.
func TestWhatSomebodyWaitsForFollowsTheCommitteesAboveHim(t *testing.T) {
	t.Parallel()
	for name, plan := range map[string]func(*testing.T, *apptest.House) party.Reorganisation{
		"a cell that is merged": func(_ *testing.T, h *apptest.House) party.Reorganisation {
			return party.Reorganisation{Kind: party.MergeOrgs, Orgs: []int32{h.Org("SVKT")}, Into: h.Org("CHUYEN")}
		},
		"a cell that is split": func(t *testing.T, h *apptest.House) party.Reorganisation {
			list, err := h.People.List(t.Context(), h.Viewer("vanphong"), people.Query{Search: "Dũng"})
			if err != nil {
				t.Fatal(err)
			}
			return party.Reorganisation{Kind: party.SplitOrg, Orgs: []int32{h.Org("SVKT")}, People: map[int64]int32{list.Rows[0].ID: h.Org("CHUYEN")}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := populated(t)
			if got := next(t, h, "Phạm Văn Dũng"); got != party.Endorsed {
				t.Fatalf("before, he waits for %s", got)
			}
			id, err := h.Reorganisations.Carry(t.Context(), h.Viewer("vanphong"), act(plan(t, h)))
			if err != nil {
				t.Fatal(err)
			}
			if got := next(t, h, "Phạm Văn Dũng"); got != party.Decided {
				t.Errorf("he waits for %s", got)
			}
			if err := h.Reorganisations.Undo(t.Context(), h.Viewer("vanphong"), "", id); err != nil {
				t.Fatal(err)
			}
			if got := next(t, h, "Phạm Văn Dũng"); got != party.Endorsed {
				t.Errorf("undone, he waits for %s", got)
			}
		})
	}
}
