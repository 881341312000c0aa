package ceremony_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/ceremony"
	"ketnap/internal/decision"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// decided enters people who have their decision of 10 June 2026, received on the 12th.
func decided(h *apptest.House, code string, n int) []int64 {
	var ids []int64
	for i := range n {
		ids = append(ids, h.Enter(h.Fields(code, fmt.Sprintf("Nguyễn Thị Ánh %s %d", code, i)), party.Decided))
	}
	return ids
}

func plan(h *apptest.House, code string) ceremony.Fields {
	return ceremony.Fields{OrgID: h.Org(code), PlannedOn: party.MustDate("2026-07-01"), Place: "Hội trường", Occasion: party.YouthSummerCampaign}
}

func planned(t *testing.T, h *apptest.House, username string, f ceremony.Fields, ids ...int64) int64 {
	t.Helper()
	id, err := h.Ceremonies.Plan(t.Context(), h.Viewer(username), ceremony.Planning{Fields: f, People: ids})
	if err != nil {
		t.Fatalf("plan: %v", err)
	}
	return id
}

func get(t *testing.T, h *apptest.House, username string, id int64) ceremony.Opened {
	t.Helper()
	c, err := h.Ceremonies.Get(t.Context(), h.Viewer(username), id)
	if err != nil {
		t.Fatalf("%s: %v", username, err)
	}
	return c
}

func stateOf(t *testing.T, h *apptest.House, id int64) party.State {
	t.Helper()
	r, err := h.People.Open(t.Context(), h.Viewer("vanphong"), id)
	if err != nil {
		t.Fatal(err)
	}
	return r.State
}

func badFields(err error) map[string]string {
	out := map[string]string{}
	if e := fault.As(err); e != nil {
		for _, f := range e.Fields {
			out[f.Name] = f.Key
		}
	}
	return out
}

func badRows(err error) map[int64]string {
	out := map[int64]string{}
	if e := fault.As(err); e != nil {
		result, _ := e.Detail.(people.BatchResult)
		for _, r := range result.Rows {
			if v, refused := people.Refusal(r.Err); refused {
				out[r.PersonID] = v.Refusals()[0].Key
			} else if r.Err != nil {
				out[r.PersonID] = fault.As(r.Err).Key
			}
		}
	}
	return out
}

func TestOneActHoldsTheCeremonyOfAllWhoCame(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := decided(h, "LTT", 4)
	id := planned(t, h, "bithu.ltt", plan(h, "LTT"), ids...)
	held, err := h.Ceremonies.Hold(t.Context(), h.Viewer("bithu.ltt"), ceremony.Holding{ID: id, Version: 1, HeldOn: party.MustDate("2026-07-02"),
		Place: "Nhà truyền thống", People: ids[:3]})
	if err != nil || held != 3 {
		t.Fatalf("%d, %v", held, err)
	}
	for i, person := range ids {
		st := stateOf(t, h, person)
		if came := i < 3; came != (st.JoinedOn == party.MustDate("2026-07-02")) {
			t.Errorf("person %d joined on %s", i, st.JoinedOn)
		} else if came && st.Ceremony.Facts != (party.CeremonyFacts{Place: "Nhà truyền thống", Occasion: party.YouthSummerCampaign}) {
			t.Errorf("person %d: %+v", i, st.Ceremony.Facts)
		}
	}
	c := get(t, h, "vanphong", id)
	if c.State != ceremony.Held || c.HeldOn != party.MustDate("2026-07-02") || len(c.StillPlanned()) != 0 || !slices.Equal(c.Left(), ids[3:]) {
		t.Errorf("%+v", c.Ceremony)
	}
	planned(t, h, "bithu.ltt", plan(h, "LTT"), ids[3]) // who did not come is planned anew
	if differ, err := h.People.Check(t.Context()); err != nil || len(differ) > 0 {
		t.Errorf("check: %v, %v", differ, err)
	}
	list, err := h.Ceremonies.List(t.Context(), h.Viewer("bithu.ltt"), ceremony.Query{State: ceremony.Held})
	if err != nil || list.Count != 1 || len(list.Entries) != 1 || list.Entries[0].People != 3 {
		t.Errorf("%+v, %v", list, err)
	}
}

// Received on Friday 12 June 2026, due on the 30th working day after; decided on since 26 July the
// day of issue counts.
func TestWhoWaitsHasTheDeadlineAndIsWarnedBehindIt(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	old := decided(h, "LTT", 1)[0]
	fresh := h.Enter(h.Fields("LTT", "Lê Thị Mới"), party.Endorsed)
	if _, err := h.Decisions.Issue(t.Context(), h.Viewer("vanphong"), decision.Issue{People: []int64{fresh}, Fields: decision.Fields{OrgID: h.Org("K"),
		Kind: decision.Admission, IssuedOn: party.MustDate("2026-08-03"), ReceivedOn: party.MustDate("2026-08-20"), Decider: "upper_standing_committee"}}); err != nil {
		t.Fatal(err)
	}
	due := map[int64]party.Date{old: party.MustDate("2026-07-24"), fresh: party.MustDate("2026-09-16")}
	for person, day := range due {
		for behind, on := range map[bool]party.Date{false: day, true: day.AddDays(1)} {
			list, more, err := h.Ceremonies.Waiting(t.Context(), h.Viewer("bithu.ltt"), ceremony.Ask{OrgID: h.Org("LTT"), On: on})
			if err != nil || more || len(list) != 2 {
				t.Fatalf("%d wait: %v", len(list), err)
			}
			for _, w := range list {
				if w.ID == person && (w.Deadline.Due != day || w.Behind != behind) {
					t.Errorf("%s planned on %s: due %s, behind %v", w.FullName, on, w.Deadline.Due, w.Behind)
				}
			}
		}
	}
}

func TestEachWhoCannotBePlannedSaysWhy(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	good := decided(h, "LTT", 2)
	elsewhere := decided(h, "NTH", 1)[0]
	notYet := h.Enter(h.Fields("LTT", "Lê Văn Chờ"), party.Endorsed)
	planned(t, h, "bithu.ltt", plan(h, "LTT"), good[1])
	f := plan(h, "LTT")
	_, err := h.Ceremonies.Plan(t.Context(), h.Viewer("vanphong"), ceremony.Planning{Fields: f, People: append(good, elsewhere, notYet)})
	want := map[int64]string{good[1]: "ceremonies.error.planned_elsewhere", elsewhere: "ceremonies.error.not_below", notYet: "ceremonies.error.not_waiting"}
	if got := badRows(err); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
	f.PlannedOn = party.MustDate("2026-06-09")
	_, err = h.Ceremonies.Plan(t.Context(), h.Viewer("vanphong"), ceremony.Planning{Fields: f, People: good[:1]})
	if got := badRows(err); got[good[0]] != "ceremonies.error.before_decision" {
		t.Errorf("before the decision: %v", got)
	}
}

func TestTwoDoNotPlanTheSamePerson(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := decided(h, "LTT", 1)
	var done atomic.Int32
	var all sync.WaitGroup
	for _, username := range []string{"bithu.ltt", "coso.gd", "vanphong", "bithu.ltt"} {
		all.Go(func() {
			_, err := h.Ceremonies.Plan(t.Context(), h.Viewer(username), ceremony.Planning{Fields: plan(h, "LTT"), People: id})
			if err == nil {
				done.Add(1)
			} else if fault.KindOf(err) != fault.Invalid {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := done.Load(); n != 1 {
		t.Errorf("planned %d times", n)
	}
}

func TestAPlanIsChangedUntilItIsHeld(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	v := h.Viewer("bithu.ltt")
	ids := decided(h, "LTT", 3)
	id := planned(t, h, "bithu.ltt", plan(h, "LTT"), ids[:2]...)
	f := plan(h, "LTT")
	f.PlannedOn, f.Occasion, f.OccasionText = party.MustDate("2026-07-20"), party.OtherOccasion, "Ngày truyền thống  nhà trường"
	change := ceremony.Change{ID: id, Version: 1, Fields: f, People: ids[1:]}
	if err := h.Ceremonies.Change(t.Context(), v, change); err != nil {
		t.Fatal(err)
	}
	c := get(t, h, "bithu.ltt", id)
	if c.Version != 2 || c.PlannedOn != f.PlannedOn || c.OccasionText != "Ngày truyền thống nhà trường" || len(c.StillPlanned()) != 2 || slices.Contains(c.StillPlanned(), ids[0]) {
		t.Errorf("%+v, %v", c.Ceremony, c.StillPlanned())
	}
	if err := h.Ceremonies.Change(t.Context(), v, change); fault.KindOf(err) != fault.Conflict {
		t.Errorf("from an older version: %v", err)
	} else if _, ok := fault.As(err).Detail.(ceremony.Stale); !ok {
		t.Errorf("does not say who changed it: %v", err)
	}
	if err := h.Ceremonies.CallOff(t.Context(), v, ceremony.CallingOff{ID: id, Version: 2, Reason: " "}); badFields(err)["reason"] == "" {
		t.Errorf("called off without a reason: %v", err)
	}
	if err := h.Ceremonies.CallOff(t.Context(), v, ceremony.CallingOff{ID: id, Version: 2, Reason: "Mưa bão"}); err != nil {
		t.Fatal(err)
	}
	change.Version = 3
	if err := h.Ceremonies.Change(t.Context(), v, change); fault.KindOf(err) != fault.Conflict {
		t.Errorf("after it was called off: %v", err)
	}
	planned(t, h, "bithu.ltt", plan(h, "LTT"), ids...) // all wait again
}

// The gates are asked when it is held; who is refused says why, and the others can be kept.
func TestARefusedRowOfACeremonySaysWhy(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := decided(h, "LTT", 2)
	id := planned(t, h, "bithu.ltt", plan(h, "LTT"), ids...)
	if _, err := h.People.RecordAll(t.Context(), h.Viewer("vanphong"), people.Batch{Steps: []people.NewStep{{PersonID: ids[0], Kind: party.Ceremony,
		On: party.MustDate("2026-06-25"), Facts: party.CeremonyFacts{}}}}); err != nil {
		t.Fatal(err)
	}
	in := ceremony.Holding{ID: id, Version: 1, HeldOn: party.MustDate("2026-07-02"), People: ids}
	_, err := h.Ceremonies.Hold(t.Context(), h.Viewer("bithu.ltt"), in)
	if got := badRows(err); len(got) != 1 || got[ids[0]] != "gate.ceremony.second" {
		t.Errorf("%v, %v", got, err)
	}
	in.KeepGood = true
	if held, err := h.Ceremonies.Hold(t.Context(), h.Viewer("bithu.ltt"), in); err != nil || held != 1 {
		t.Errorf("%d, %v", held, err)
	}
	if c := get(t, h, "bithu.ltt", id); len(c.Left()) != 0 || c.State != ceremony.Held {
		t.Errorf("%+v", c)
	}
	for field, change := range map[string]func(*ceremony.Holding){
		"held_on": func(in *ceremony.Holding) { in.HeldOn = apptest.Today.AddDays(1) },
		"people":  func(in *ceremony.Holding) { in.People = nil },
	} {
		bad := in
		change(&bad)
		if _, err := h.Ceremonies.Hold(t.Context(), h.Viewer("bithu.ltt"), bad); badFields(err)[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestTheDayOfReceiptIsTakenWhereTheDecisionDoesNotSayIt(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	known := decided(h, "LTT", 1)[0]
	open := h.Enter(h.Fields("LTT", "Lê Thị Mới"), party.Endorsed)
	if _, err := h.Decisions.Issue(t.Context(), h.Viewer("vanphong"), decision.Issue{People: []int64{open}, Fields: decision.Fields{OrgID: h.Org("K"),
		Kind: decision.Admission, IssuedOn: party.MustDate("2026-06-11"), Decider: "upper_standing_committee"}}); err != nil {
		t.Fatal(err)
	}
	id := planned(t, h, "bithu.ltt", plan(h, "LTT"), known, open)
	received := party.MustDate("2026-06-15")
	if _, err := h.Ceremonies.Hold(t.Context(), h.Viewer("bithu.ltt"), ceremony.Holding{ID: id, Version: 1, HeldOn: party.MustDate("2026-07-02"),
		ReceivedOn: received, People: []int64{known, open}}); err != nil {
		t.Fatal(err)
	}
	for person, want := range map[int64]party.Date{known: {}, open: received} {
		if got := stateOf(t, h, person).Ceremony.Facts.(party.CeremonyFacts).ReceivedOn; got != want {
			t.Errorf("received on %s, want %s", got, want)
		}
	}
}

func TestWhatAPlanMustSay(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := decided(h, "LTT", 1)
	for field, change := range map[string]func(*ceremony.Fields){
		"org":           func(f *ceremony.Fields) { f.OrgID = h.Org("NTH") },
		"planned_on":    func(f *ceremony.Fields) { f.PlannedOn = apptest.Today.AddDays(400) },
		"occasion":      func(f *ceremony.Fields) { f.Occasion = "tet" },
		"occasion_text": func(f *ceremony.Fields) { f.Occasion = party.OtherOccasion },
	} {
		f := plan(h, "LTT")
		change(&f)
		_, err := h.Ceremonies.Plan(t.Context(), h.Viewer("bithu.ltt"), ceremony.Planning{Fields: f, People: ids})
		if got := badFields(err); len(got) != 1 || got[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := h.Ceremonies.Plan(t.Context(), h.Viewer("bithu.ltt"), ceremony.Planning{Fields: plan(h, "LTT")}); badFields(err)["people"] == "" {
		t.Errorf("nobody: %v", err)
	}
}

func TestACeremonyIsSeenAndHeldWhereItBelongs(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ltt, svkt := decided(h, "LTT", 2), decided(h, "SVKT", 1)
	id := planned(t, h, "vanphong", plan(h, "K"), append(ltt, svkt...)...)
	for username, want := range map[string]int{"vanphong": 3, "kiemtra": 3, "lanhdao": 3, "bithu.ltt": 2, "coso.dh": 1, "bithu.svkt": 1} {
		if c := get(t, h, username, id); len(c.People) != want || c.MayPlan != (username == "vanphong") {
			t.Errorf("%s: %d people, may plan %v", username, len(c.People), c.MayPlan)
		}
	}
	for username, kind := range map[string]fault.Kind{"bithu.nth": fault.NotFound, "doan.ltt": fault.Forbidden} {
		if _, err := h.Ceremonies.Get(t.Context(), h.Viewer(username), id); fault.KindOf(err) != kind {
			t.Errorf("%s opens it: %v", username, err)
		}
	}
	for username, kind := range map[string]fault.Kind{"bithu.ltt": fault.Forbidden, "coso.dh": fault.Forbidden, "lanhdao": fault.Forbidden, "bithu.nth": fault.NotFound} {
		_, err := h.Ceremonies.Hold(t.Context(), h.Viewer(username), ceremony.Holding{ID: id, Version: 1, HeldOn: party.MustDate("2026-07-02"), People: ltt})
		if fault.KindOf(err) != kind {
			t.Errorf("%s holds it: %v", username, err)
		}
	}
}

func TestNoPageOfACeremonyAsksPerRow(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	few, many := planned(t, h, "vanphong", plan(h, "K"), decided(h, "LTT", 1)...), planned(t, h, "vanphong", plan(h, "K"), decided(h, "SVKT", 12)...)
	v := h.Viewer("vanphong")
	counted := func(act func(context.Context) error) int {
		ctx, sent := postgres.CountQueries(t.Context())
		if err := act(ctx); err != nil {
			t.Fatal(err)
		}
		return sent()
	}
	open := func(id int64) int {
		return counted(func(ctx context.Context) error { _, err := h.Ceremonies.Get(ctx, v, id); return err })
	}
	wait := func(code string) int {
		return counted(func(ctx context.Context) error {
			_, _, err := h.Ceremonies.Waiting(ctx, v, ceremony.Ask{OrgID: h.Org(code)})
			return err
		})
	}
	open(few)
	if a, b := open(few), open(many); a != b {
		t.Errorf("one person takes %d statements, twelve take %d", a, b)
	}
	if a, b := wait("LTT"), wait("SVKT"); a != b {
		t.Errorf("one who waits takes %d statements, twelve take %d", a, b)
	}
}
