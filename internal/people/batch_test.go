package people_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// introducing gives an act that introduces people on one day.
func introducing(on string, ids ...int64) people.Batch {
	b := people.Batch{Key: uuid.NewString()}
	for _, id := range ids {
		b.Steps = append(b.Steps, people.NewStep{PersonID: id, Kind: party.Introduced, On: party.MustDate(on), Facts: party.IntroductionFacts{Union: "Đoàn trường"}})
	}
	return b
}

func stages(t *testing.T, h *apptest.House, ids ...int64) []party.Stage {
	t.Helper()
	var out []party.Stage
	for _, id := range ids {
		out = append(out, open(t, h, "vanphong", id).State.Stage)
	}
	return out
}

func enterSome(h *apptest.House, code string, n int) []int64 {
	var ids []int64
	for i := range n {
		f := h.Fields(code, fmt.Sprintf("Nguyễn Thị Số %d", i+1))
		f.BirthDate = f.BirthDate.AddDays(i)
		ids = append(ids, h.Enter(f, ""))
	}
	return ids
}

func TestAnActForManyIsRecordedForAllOrForNone(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := enterSome(h, "LTT", 3)
	elsewhere := h.Enter(h.Fields("SVKT", "Lê Thị Khác"), "")
	secretary := h.Viewer("bithu.ltt")
	_, err := h.People.RecordAll(t.Context(), secretary, introducing("2026-10-01", ids[0], elsewhere, ids[1]))
	e := fault.As(err)
	if e == nil || e.Kind != fault.Invalid {
		t.Fatalf("with somebody of another cell: %v", err)
	}
	rows := e.Detail.(people.BatchResult).Rows
	if len(rows) != 3 || rows[0].Err != nil || fault.KindOf(rows[1].Err) != fault.NotFound || rows[2].Err != nil {
		t.Errorf("rows: %+v", rows)
	}
	if got := stages(t, h, ids...); got[0] != party.StageRegistered || got[1] != party.StageRegistered {
		t.Errorf("half of it was recorded: %v", got)
	}
	done, err := h.People.RecordAll(t.Context(), secretary, introducing("2026-10-01", ids...))
	if err != nil || done.Done != 3 {
		t.Fatalf("%+v, %v", done, err)
	}
	for i, stage := range stages(t, h, ids...) {
		if stage != party.StageIntroduced {
			t.Errorf("person %d is %s", i, stage)
		}
	}
	clean(t, h)
}

func TestTheGoodRowsAreKeptWhereThatIsWished(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := enterSome(h, "LTT", 3)
	ids[1] = h.Enter(h.Fields("LTT", "Phạm Thị Đã Vào"), party.Ceremony) // a member is not introduced again
	act := introducing("2026-10-01", ids...)
	act.KeepGood = true
	done, err := h.People.RecordAll(t.Context(), h.Viewer("bithu.ltt"), act)
	if err != nil || done.Done != 2 || done.Rows[1].Err == nil || len(done.Rows[1].Verdict.Refusals()) == 0 || done.Rows[0].StepID == 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	if got := stages(t, h, ids...); got[0] != party.StageIntroduced || got[1] != party.StageProbationary || got[2] != party.StageIntroduced {
		t.Errorf("stages: %v", got)
	}
	again, err := h.People.RecordAll(t.Context(), h.Viewer("bithu.ltt"), act)
	if err != nil || again.Done != 2 {
		t.Errorf("sent a second time: %+v, %v", again, err)
	}
	if steps := open(t, h, "vanphong", ids[0]).Steps; len(steps) != 1 {
		t.Errorf("a double click recorded %d steps", len(steps))
	}
	none := introducing("2026-10-01", ids[1])
	none.KeepGood = true
	if _, err := h.People.RecordAll(t.Context(), h.Viewer("bithu.ltt"), none); fault.KindOf(err) != fault.Invalid {
		t.Errorf("nobody can be recorded: %v", err)
	}
	clean(t, h)
}

func TestAnActForNobodyOrForTooManyIsRefused(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	for _, n := range []int{0, people.MaxBatch + 1} {
		if _, err := h.People.RecordAll(t.Context(), h.Viewer("bithu.ltt"), introducing("2026-10-01", make([]int64, n)...)); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%d people: %v", n, err)
		}
	}
}

// Two acts that name the same people in opposite order both come to an end.
func TestActsThatMeetDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := enterSome(h, "LTT", 12)
	reversed := make([]int64, len(ids))
	for i, id := range ids {
		reversed[len(ids)-1-i] = id
	}
	var wg sync.WaitGroup
	var recorded atomic.Int32
	for _, list := range [][]int64{ids, reversed, ids, reversed} {
		wg.Go(func() {
			done, err := h.People.RecordAll(t.Context(), h.Viewer("bithu.ltt"), introducing("2026-10-01", list...))
			if err != nil && fault.KindOf(err) != fault.Invalid { // the others come too late, and are told so
				t.Error(err)
			}
			recorded.Add(int32(done.Done))
		})
	}
	wg.Wait()
	if n := recorded.Load(); n != int32(len(ids)) {
		t.Errorf("%d people were introduced %d times", len(ids), n)
	}
	clean(t, h)
}

// Lists that say of each what is missing cost the same number of statements for few and for many.
func TestCasesOfManyTakeAsManyStatementsAsOfFew(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := enterSome(h, "LTT", 30)
	ids = append(ids, h.Enter(h.Fields("CHUYEN", "Lê Thị Chuyên"), party.Ceremony), h.Enter(h.Fields("SVKT", "Lê Thị Khác"), party.Planned))
	ask := func(username string, ids ...int64) (map[int64]people.Case, int) {
		ctx, sent := postgres.RecordQueries(t.Context())
		var out map[int64]people.Case
		err := h.DB.Read(ctx, h.Viewer(username), func(ctx context.Context, tx *postgres.Tx) (err error) {
			out, err = h.People.Cases(ctx, tx, ids)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return out, len(sent())
	}
	ask("vanphong", ids[0]) // reads rules and calendar once
	_, few := ask("vanphong", ids[0])
	all, many := ask("vanphong", ids...)
	if few != many || len(all) != len(ids) {
		t.Errorf("%d statements for one, %d for %d", few, many, len(all))
	}
	member := all[ids[30]]
	if member.State().Stage != party.StageProbationary || member.FullName != "Lê Thị Chuyên" || member.OrgID != h.Org("CHUYEN") || member.Place.Kind != party.GrassrootsCell {
		t.Errorf("%+v", member)
	}
	if seen, _ := ask("bithu.ltt", ids...); len(seen) != 30 {
		t.Errorf("the secretary of the cell sees %d", len(seen))
	}
}
