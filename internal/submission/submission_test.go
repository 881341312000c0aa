package submission_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest"
	"ketnap/internal/decision"
	"ketnap/internal/fault"
	"ketnap/internal/keyset"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
	"ketnap/internal/reorganisation"
	"ketnap/internal/submission"
)

// proposed enters people of a cell whom it has voted for.
func proposed(h *apptest.House, cell string, names ...string) (ids []int64) {
	for _, name := range names {
		ids = append(ids, h.Enter(h.Fields(cell, "Nguyễn Thị "+name), party.CellResolution))
	}
	return ids
}

func send(t *testing.T, h *apptest.House, username, cell string, ids ...int64) (submission.Result, error) {
	t.Helper()
	return h.Submissions.Send(t.Context(), h.Viewer(username), submission.Sending{Key: uuid.NewString(), CellID: h.Org(cell), Kind: party.AdmissionDossier, People: ids})
}

func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(out T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// of gives somebody's newest submission.
func of(t *testing.T, h *apptest.House, id int64) submission.Submission {
	t.Helper()
	list, err := h.Submissions.OfPerson(t.Context(), h.Viewer("vanphong"), id)
	if err != nil || len(list) == 0 {
		t.Fatalf("submissions of %d: %v %v", id, list, err)
	}
	return list[0]
}

func act(t *testing.T, h *apptest.House, username string, what party.SubmissionAct, ids ...int64) (submission.Result, error) {
	t.Helper()
	in := submission.Acting{Key: uuid.NewString(), Act: what}
	for _, id := range ids {
		in.Items = append(in.Items, submission.Item{ID: of(t, h, id).ID, Version: of(t, h, id).Version})
	}
	return h.Submissions.Act(t.Context(), h.Viewer(username), in)
}

func giveBack(t *testing.T, h *apptest.House, username string, id int64, missing ...party.DocumentKind) error {
	t.Helper()
	sub := of(t, h, id)
	return h.Submissions.Return(t.Context(), h.Viewer(username), submission.Return{Key: uuid.NewString(), Item: submission.Item{ID: sub.ID, Version: sub.Version}, Missing: missing})
}

// stands fails unless somebody's dossier lies where it should, and the check agrees with all of them.
func stands(t *testing.T, h *apptest.House, id int64, at string, state party.SubmissionState) {
	t.Helper()
	sub := of(t, h, id)
	if sub.At != h.Org(at) || sub.State != state {
		t.Errorf("the dossier of %d lies at %d as %s, want %s as %s", id, sub.At, sub.State, at, state)
	}
	if looked, differ, err := h.Submissions.Examine(t.Context()); err != nil || looked == 0 || len(differ) > 0 {
		t.Errorf("check: %d looked at, %v, %v", looked, differ, err)
	}
}

// A dossier that was closed before its cell was merged is read where the cell went on.
func TestADossierOfACellThatEndedIsRead(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := proposed(h, "LTT", "Ánh")
	must[submission.Result](t)(send(t, h, "bithu.ltt", "LTT", ids...))
	item := submission.Item{ID: of(t, h, ids[0]).ID, Version: of(t, h, ids[0]).Version}
	if err := h.Submissions.Withdraw(t.Context(), h.Viewer("bithu.ltt"), submission.Withdraw{Key: uuid.NewString(), Item: item, Words: "Chi bộ xin rút"}); err != nil {
		t.Fatal(err)
	}
	must[int64](t)(h.Reorganisations.Carry(t.Context(), h.Viewer("vanphong"), reorganisation.Act{On: apptest.Today,
		Reorganisation: party.Reorganisation{Kind: party.MergeOrgs, Orgs: []int32{h.Org("LTT")}, Into: h.Org("NTH")},
		Decision:       reorganisation.Decision{Number: "12-QĐ/TU", On: party.MustDate("2026-10-20"), Issuer: "Ban Thường vụ Tỉnh ủy"}}))
	for username, sees := range map[string]bool{"bithu.nth": true, "coso.gd": true, "vanphong": true, "bithu.svkt": false} {
		opened, err := h.Submissions.Get(t.Context(), h.Viewer(username), of(t, h, ids[0]).ID)
		if read := err == nil && opened.CellID == h.Org("LTT") && !opened.MaySend; read != sees {
			t.Errorf("%s reads it: %t, %v", username, read, err)
		}
	}
}

func TestADossierGoesUpComesBackAndIsDecided(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := proposed(h, "LTT", "Ánh", "Bình", "Cúc", "Dung", "Em")
	if r := must[submission.Result](t)(send(t, h, "bithu.ltt", "LTT", ids...)); r.Done != 5 {
		t.Fatalf("%d handed in", r.Done)
	}
	stands(t, h, ids[0], "GD", party.SubmissionWaiting)
	must[submission.Result](t)(act(t, h, "coso.gd", party.AcceptedIt, ids[0], ids[1]))
	stands(t, h, ids[0], "GD", party.SubmissionAccepted)
	if err := giveBack(t, h, "coso.gd", ids[4], party.DocOpinions, party.DocApplication); err != nil {
		t.Fatal(err)
	}
	stands(t, h, ids[4], "LTT", party.SubmissionReturned)
	opened, err := h.Submissions.Get(t.Context(), h.Viewer("bithu.ltt"), of(t, h, ids[4]).ID)
	if err != nil || !slices.Equal(opened.Returned.Missing, []party.DocumentKind{party.DocApplication, party.DocOpinions}) || !opened.MaySend || opened.MayAnswer || len(opened.Moves) != 2 {
		t.Errorf("returned: %+v, %v", opened.Returned, err)
	}
	must[submission.Result](t)(send(t, h, "bithu.ltt", "LTT", ids[4]))
	stands(t, h, ids[4], "GD", party.SubmissionWaiting)
	must[submission.Result](t)(act(t, h, "coso.gd", party.HandedOn, ids...))
	stands(t, h, ids[4], "K", party.SubmissionWaiting)
	must[submission.Result](t)(act(t, h, "vanphong", party.AcceptedIt, ids...))
	if _, err := act(t, h, "vanphong", party.HandedOn, ids[0]); fault.KindOf(err) != fault.Invalid {
		t.Errorf("handed on from the last level: %v", err)
	}
	if _, err := h.People.RecordAll(t.Context(), h.Viewer("vanphong"), people.Batch{Steps: []people.NewStep{{PersonID: ids[0], Kind: party.Endorsed, On: party.MustDate("2026-05-28"),
		Facts: party.EndorsementFacts{Members: 15, InFavour: 14}}}}); err != nil {
		t.Fatal(err)
	}
	done, err := h.Decisions.Issue(t.Context(), h.Viewer("vanphong"), decision.Issue{People: ids[:1], Fields: decision.Fields{OrgID: h.Org("K"),
		Kind: decision.Admission, IssuedOn: party.MustDate("2026-06-10")}})
	if err != nil {
		t.Fatal(err)
	}
	stands(t, h, ids[0], "K", party.SubmissionDecided)
	if _, err := send(t, h, "bithu.ltt", "LTT", ids[0]); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a decided one handed in again: %v", err)
	}
	// The decision is cancelled: the dossier is on its way again, where it was.
	if _, err := h.Decisions.Cancel(t.Context(), h.Viewer("lanhdao"), decision.Cancelling{ID: done.ID, People: ids[:1],
		Fields: decision.Fields{OrgID: h.Org("K"), Kind: decision.Cancellation, IssuedOn: party.MustDate("2026-06-20"), Reason: "Sai thẩm quyền"}}); err != nil {
		t.Fatal(err)
	}
	stands(t, h, ids[0], "K", party.SubmissionAccepted)
}

func TestWhoLeavesThePlanningEndsTheWayOfTheDossier(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.DossierComplete)
	v := h.Viewer("bithu.ltt")
	record := func(kind party.StepKind, on string, facts party.Facts) int64 {
		t.Helper()
		rec, err := h.People.Open(t.Context(), v, id)
		if err != nil {
			t.Fatal(err)
		}
		out, err := h.People.Record(t.Context(), v, people.NewStep{PersonID: id, Version: rec.Version, Kind: kind, On: party.MustDate(on), Facts: facts})
		if err != nil {
			t.Fatal(err)
		}
		return out.StepID
	}
	must[submission.Result](t)(send(t, h, "bithu.ltt", "LTT", id))
	step := record(party.Dropped, "2026-08-01", party.DroppedFacts{Reason: "Chuyển trường"})
	stands(t, h, id, "GD", party.SubmissionDropped)
	record(party.Planned, "2026-09-01", party.PlanningFacts{})
	stands(t, h, id, "GD", party.SubmissionDropped) // planned again: that dossier stays where it ended
	rec, err := h.People.Open(t.Context(), v, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.People.Void(t.Context(), v, people.Voiding{PersonID: id, Version: rec.Version, StepID: step, Reason: "Ghi nhầm"}); err == nil {
		stands(t, h, id, "GD", party.SubmissionWaiting)
	} else if fault.KindOf(err) != fault.Invalid { // the second planning rests on it
		t.Fatal(err)
	}
}

func TestRightsAtEachLevel(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := proposed(h, "LTT", "Ánh")
	for username, want := range map[string]fault.Kind{"bithu.nth": fault.Invalid, "coso.dh": fault.Invalid, "doan.ltt": fault.Invalid, "kiemtra": fault.Invalid, "lanhdao": fault.Invalid} {
		if _, err := send(t, h, username, "LTT", ids[0]); fault.KindOf(err) != want {
			t.Errorf("%s hands in: %v", username, err)
		}
	}
	must[submission.Result](t)(send(t, h, "bithu.ltt", "LTT", ids[0]))
	for username, want := range map[string]fault.Kind{"bithu.ltt": fault.Forbidden, "kiemtra": fault.NotFound, // to the database, who only reads has nothing to change
		"lanhdao": fault.Forbidden, "bithu.nth": fault.NotFound, "coso.dh": fault.NotFound, "tuyengiao": fault.Forbidden} {
		if err := giveBack(t, h, username, ids[0], party.DocOpinions); fault.KindOf(err) != want {
			t.Errorf("%s gives back: %v, want %s", username, err, want)
		}
		r, err := act(t, h, username, party.AcceptedIt, ids[0])
		if err == nil || len(r.Rows) != 1 || fault.KindOf(r.Rows[0].Err) != want {
			t.Errorf("%s accepts: %v, want %s", username, r.Rows, want)
		}
	}
	must[submission.Result](t)(act(t, h, "coso.gd", party.HandedOn, ids[0]))
	if err := giveBack(t, h, "coso.gd", ids[0], party.DocOpinions); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("who handed it on gives it back: %v", err)
	}
	for username, want := range map[string]bool{"bithu.ltt": true, "coso.gd": true, "vanphong": true, "kiemtra": true, "bithu.nth": false, "coso.dh": false} {
		_, err := h.Submissions.Get(t.Context(), h.Viewer(username), of(t, h, ids[0]).ID)
		if (err == nil) != want {
			t.Errorf("%s looks at it: %v", username, err)
		}
	}
}

func TestABatchAnswersPerRowAndKeepsTheGoodOnes(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := proposed(h, "LTT", "Ánh", "Bình")
	foreign := proposed(h, "NTH", "Cúc")[0]
	early := h.Enter(h.Fields("LTT", "Nguyễn Thị Dung"), party.Introduced)
	must[submission.Result](t)(send(t, h, "bithu.ltt", "LTT", ids[0]))
	in := submission.Sending{Key: uuid.NewString(), CellID: h.Org("LTT"), Kind: party.AdmissionDossier, People: []int64{ids[0], ids[1], foreign, early}}
	r, err := h.Submissions.Send(t.Context(), h.Viewer("bithu.ltt"), in)
	if fault.KindOf(err) != fault.Invalid || len(r.Rows) != 4 || r.Done != 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	var kinds []string
	for _, row := range r.Rows {
		kinds = append(kinds, fault.KindOf(row.Err).String())
	}
	if r.Rows[1].Err != nil || strings.Join(kinds, " ") != "conflict internal not_found invalid" {
		t.Errorf("rows: %v", kinds)
	}
	if list, err := h.Submissions.OfPerson(t.Context(), h.Viewer("vanphong"), ids[1]); err != nil || len(list) != 0 {
		t.Errorf("half written: %v %v", list, err)
	}
	in.KeepGood = true
	for range 2 { // sent twice, handed in once
		if r, err = h.Submissions.Send(t.Context(), h.Viewer("bithu.ltt"), in); err != nil || r.Done != 1 {
			t.Fatalf("the good ones: %+v, %v", r, err)
		}
	}
	stands(t, h, ids[1], "GD", party.SubmissionWaiting)
}

func TestRefusedReturnsAndWithdrawals(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := proposed(h, "LTT", "Ánh")[0]
	must[submission.Result](t)(send(t, h, "bithu.ltt", "LTT", id))
	sub := of(t, h, id)
	item := submission.Item{ID: sub.ID, Version: sub.Version}
	for want, in := range map[string]submission.Return{
		"submissions.error.why": {Item: item},
		"errors.choice":         {Item: item, Missing: []party.DocumentKind{party.DocSelfReview}},
		"errors.too_long":       {Item: item, Words: strings.Repeat("ă", 1001)},

		"submissions.error.future": {Item: item, On: h.Now().AddDays(1), Words: "x"},
		"submissions.error.before": {Item: item, On: h.Now().AddDays(-1), Words: "x"},
	} {
		err := h.Submissions.Return(t.Context(), h.Viewer("coso.gd"), in)
		if e := fault.As(err); e == nil || len(e.Fields) != 1 || e.Fields[0].Key != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if err := h.Submissions.Withdraw(t.Context(), h.Viewer("bithu.ltt"), submission.Withdraw{Item: item}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("withdrawn without a reason: %v", err)
	}
	if err := h.Submissions.Withdraw(t.Context(), h.Viewer("bithu.ltt"), submission.Withdraw{Item: submission.Item{ID: sub.ID, Version: 9}, Words: "x"}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("from another version: %v", err)
	}
	if err := h.Submissions.Withdraw(t.Context(), h.Viewer("bithu.ltt"), submission.Withdraw{Item: item, Words: "Bổ sung đơn"}); err != nil {
		t.Fatal(err)
	}
	stands(t, h, id, "LTT", party.SubmissionWithdrawn)
	if err := h.Submissions.Return(t.Context(), h.Viewer("coso.gd"), submission.Return{Item: submission.Item{ID: sub.ID}, Words: "x"}); err == nil {
		t.Error("a withdrawn one is given back")
	}
	must[submission.Result](t)(send(t, h, "bithu.ltt", "LTT", id))
	if next := of(t, h, id); next.ID == sub.ID || next.State != party.SubmissionWaiting {
		t.Errorf("handed in anew: %+v", next)
	}
}

// Ten hands at once: one dossier goes up once, and each act on it is made by one of them.
func TestNobodyIsInTwoSubmissionsUnderLoad(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := proposed(h, "LTT", "Ánh")[0]
	many := func(do func() error) (good int) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		for range 10 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				err := do()
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					good++
				} else if fault.As(err) == nil {
					t.Error(err)
				}
			}()
		}
		wg.Wait()
		return good
	}
	in := func() submission.Sending {
		return submission.Sending{Key: uuid.NewString(), CellID: h.Org("LTT"), Kind: party.AdmissionDossier, People: []int64{id}}
	}
	if n := many(func() error { _, err := h.Submissions.Send(t.Context(), h.Viewer("bithu.ltt"), in()); return err }); n != 1 {
		t.Errorf("handed in %d times", n)
	}
	item := submission.Item{ID: of(t, h, id).ID, Version: 1}
	if n := many(func() error {
		_, err := h.Submissions.Act(t.Context(), h.Viewer("coso.gd"), submission.Acting{Key: uuid.NewString(), Act: party.AcceptedIt, Items: []submission.Item{item}})
		return err
	}); n != 1 {
		t.Errorf("accepted %d times", n)
	}
	stands(t, h, id, "GD", party.SubmissionAccepted)
}

// However many dossiers a queue has, its page takes the same number of statements; two pages after
// another have each dossier once, what has waited longest first.
func TestAQueueOfTwoHundredMakesNoStatementPerRow(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	fill := func(n int) {
		t.Helper()
		var list []people.History
		for i := range n {
			list = append(list, people.History{Fields: h.Fields("LTT", fmt.Sprintf("Nguyễn Văn %04d", i)), Steps: h.Way("LTT")[:6]})
		}
		ids := must[[]int64](t)(h.People.EnterHistories(t.Context(), h.Viewer("vanphong"), list))
		must[submission.Result](t)(send(t, h, "bithu.ltt", "LTT", ids...))
		h.SetToday(h.Now().AddDays(1))
	}
	statements := func(want int) (submission.List, int) {
		t.Helper()
		if _, err := h.Organisations.Snapshot(t.Context()); err != nil { // the tree and the rules are read once a second at most
			t.Fatal(err)
		}
		if _, _, err := h.Regulations.Book(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, count := postgres.CountQueries(t.Context())
		list, err := h.Submissions.List(ctx, h.Viewer("coso.gd"), submission.Query{At: []int32{h.Org("GD")}})
		if err != nil || len(list.Entries) != want {
			t.Fatalf("%d rows, %v", len(list.Entries), err)
		}
		return list, count()
	}
	fill(3)
	_, few := statements(3)
	fill(197)
	list, many := statements(submission.PageSize)
	if many > few {
		t.Errorf("%d statements for 3, %d for %d", few, many, submission.PageSize)
	}
	seen, last := map[int64]bool{}, party.Date{}
	for {
		for _, e := range list.Entries {
			if seen[e.PersonID] || e.Since.Before(last) || e.Deadline.Rule.ID != party.DecideAdmit {
				t.Fatalf("%d on %s after %s, deadline %s", e.PersonID, e.Since, last, e.Deadline.Rule.ID)
			}
			seen[e.PersonID], last = true, e.Since
		}
		if list.Next == (submission.Cursor{}) {
			break
		}
		cursor := must[submission.Cursor](t)(keyset.Parse(list.Next.String()))
		list = must[submission.List](t)(h.Submissions.List(t.Context(), h.Viewer("coso.gd"), submission.Query{At: []int32{h.Org("GD")}, After: cursor}))
	}
	if len(seen) != 200 {
		t.Errorf("%d of 200 dossiers", len(seen))
	}
	for username, want := range map[string]submission.Counts{"coso.gd": {Waiting: 200}, "vanphong": {}, "bithu.ltt": {}, "coso.dh": {}} {
		if got := must[submission.Counts](t)(h.Submissions.Counts(t.Context(), h.Viewer(username))); got != want {
			t.Errorf("%s: %+v, want %+v", username, got, want)
		}
	}
}

// A base cell has no grassroots committee: its dossiers go to the committee above it.
func TestABaseCellHandsInToTheCommittee(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := proposed(h, "CHUYEN", "Ánh")[0]
	must[submission.Result](t)(send(t, h, "bithu.chuyen", "CHUYEN", id))
	stands(t, h, id, "K", party.SubmissionWaiting)
	if err := giveBack(t, h, "vanphong", id, party.DocOpinions); err != nil {
		t.Fatal(err)
	}
	if got := must[submission.Counts](t)(h.Submissions.Counts(t.Context(), h.Viewer("bithu.chuyen"))); got != (submission.Counts{Returned: 1}) {
		t.Errorf("counts: %+v", got)
	}
}

func TestTheCheckFindsADossierThatStandsWrong(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := proposed(h, "LTT", "Ánh", "Bình")
	must[submission.Result](t)(send(t, h, "bithu.ltt", "LTT", ids...))
	err := h.DB.WriteSystem(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Exec(ctx, `update submissions set state = 'accepted' where person_id = $1`, ids[0])
		if err == nil {
			_, err = tx.Exec(ctx, `update submissions set state = 'decided', closed_step = (select max(id) from steps where person_id = $1) where person_id = $1`, ids[1])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	looked, differ, err := h.Submissions.Examine(t.Context())
	if err != nil || looked != 2 || len(differ) != 3 {
		t.Errorf("%d looked at, %+v, %v", looked, differ, err)
	}
}
