package probation_test

import (
	"fmt"
	"testing"

	"ketnap/internal/access"
	"ketnap/internal/apptest"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
	"ketnap/internal/probation"
)

// received gives somebody of a cell who joined elsewhere on a day and is in probation here.
func received(h *apptest.House, code, name, joined string) people.History {
	on := party.MustDate(joined)
	return people.History{Fields: h.Fields(code, name), Steps: []people.NewStep{{Kind: party.Received, On: on.AddDays(20),
		Facts: party.ReceivedFacts{DecidedOn: on.AddDays(-10), JoinedOn: on}}}}
}

func enter(t *testing.T, h *apptest.House, list ...people.History) []int64 {
	t.Helper()
	ids, err := h.People.EnterHistories(t.Context(), h.Viewer("vanphong"), list)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func list(t *testing.T, h *apptest.House, username string, q probation.Query) probation.List {
	t.Helper()
	out, err := h.Probation.List(t.Context(), h.Viewer(username), q)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func ids(l probation.List) (out []int64) {
	for _, m := range l.Members {
		out = append(out, m.ID)
	}
	return out
}

func vote(t *testing.T, h *apptest.House, id int64, on string, adopted bool) {
	t.Helper()
	inFavour := 9
	if !adopted {
		inFavour = 3
	}
	step := people.NewStep{PersonID: id, Kind: party.RecognitionResolution, On: party.MustDate(on),
		Facts: party.RecognitionVoteFacts{Vote: party.Vote{Official: 9, Present: 9, InFavour: inFavour}, Adopted: adopted}}
	if _, err := h.People.RecordAll(t.Context(), h.Viewer("vanphong"), people.Batch{Steps: []people.NewStep{step}}); err != nil {
		t.Fatal(err)
	}
}

// Today is 2026-11-23. The list has those in probation alone, the earliest end first, and narrows to
// whose turn it is.
func TestWhoIsInProbationByTheEndOfIt(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	all := enter(t, h, received(h, "LTT", "Lê Thị Muộn", "2025-10-01"), received(h, "LTT", "Lê Thị Sắp", "2025-12-30"), received(h, "LTT", "Lê Thị Xa", "2026-06-01"),
		received(h, "SVKT", "Lê Thị Nghị", "2025-09-01"))
	late, soon, far, deciding := all[0], all[1], all[2], all[3]
	h.Enter(h.Fields("LTT", "Trần Thị Chờ"), party.ClassResult)
	vote(t, h, deciding, "2026-09-15", true)
	for show, want := range map[probation.Show][]int64{probation.All: {deciding, late, soon, far}, probation.Ending: {soon}, probation.Voting: {late}, probation.Deciding: {deciding}} {
		got := list(t, h, "vanphong", probation.Query{Show: show})
		if fmt.Sprint(ids(got)) != fmt.Sprint(want) {
			t.Errorf("%q: %v, want %v", show, ids(got), want)
		}
		if got.Counts[show] != len(want) || got.More || got.Soon != 60 {
			t.Errorf("%q: %+v", show, got.Counts)
		}
	}
	if got := ids(list(t, h, "bithu.ltt", probation.Query{})); fmt.Sprint(got) != fmt.Sprint([]int64{late, soon, far}) {
		t.Errorf("the cell's secretary sees %v", got)
	}
	if got := ids(list(t, h, "vanphong", probation.Query{OrgID: h.Org("DH")})); fmt.Sprint(got) != fmt.Sprint([]int64{deciding}) {
		t.Errorf("below DH: %v", got)
	}
	if _, err := h.Probation.List(t.Context(), h.Viewer("bithu.ltt"), probation.Query{OrgID: h.Org("DH")}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an organisation out of sight: %v", err)
	}
	if _, err := h.Probation.List(t.Context(), access.Viewer{AccountID: 1}, probation.Query{}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("somebody without a role: %v", err)
	}
	if differ, err := h.People.Check(t.Context()); err != nil || len(differ) > 0 {
		t.Errorf("check: %v, %v", differ, err)
	}
}

// Votes that failed are told of, and after the third the committee's decision is awaited.
func TestFailedVotesBringTheRecognitionBeforeTheCommittee(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := enter(t, h, received(h, "LTT", "Lê Thị Muộn", "2025-06-01"))[0]
	for n, on := range []string{"2026-06-10", "2026-07-10", "2026-08-10"} {
		if m := list(t, h, "bithu.ltt", probation.Query{Show: probation.Voting}).Members; len(m) != 1 || m[0].State.FailedVotes != n || !m[0].MayRecord || !m[0].MayOpenCase {
			t.Fatalf("before vote %d: %+v", n+1, m)
		}
		vote(t, h, id, on, false)
	}
	m := list(t, h, "bithu.ltt", probation.Query{Show: probation.Deciding}).Members
	if len(m) != 1 || m[0].State.Upward == nil || m[0].Due.Kind != party.RecognitionDecision || m[0].MayRecord {
		t.Fatalf("after three: %+v", m)
	}
	if m := list(t, h, "vanphong", probation.Query{Show: probation.Deciding}).Members; len(m) != 1 || !m[0].MayRecord {
		t.Fatalf("the committee's office: %+v", m)
	}
}

func TestAPageOfProbationaryMembersMakesNoStatementPerRow(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	statements := func() int {
		ctx, queries := postgres.RecordQueries(t.Context())
		if _, err := h.Probation.List(ctx, h.Viewer("vanphong"), probation.Query{}); err != nil {
			t.Fatal(err)
		}
		return len(queries())
	}
	enter(t, h, received(h, "LTT", "Lê Thị Một", "2026-06-01"))
	statements() // what is read once and kept
	few := statements()
	var more []people.History
	for i := range probation.PageSize + 2 {
		more = append(more, received(h, "SVKT", fmt.Sprintf("Lê Thị Nhiều %d", i), "2026-05-01"))
	}
	enter(t, h, more...)
	if many := statements(); many > few {
		t.Errorf("%d statements for one, %d for a page", few, many)
	}
	first := list(t, h, "vanphong", probation.Query{})
	rest := list(t, h, "vanphong", probation.Query{After: first.Next})
	if len(first.Members) != probation.PageSize || len(rest.Members) != 3 || rest.Next != (probation.Cursor{}) {
		t.Errorf("%d and %d on two pages", len(first.Members), len(rest.Members))
	}
}
