package decision_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/decision"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

var issuedOn = party.MustDate("2026-06-10")

func admission(h *apptest.House) decision.Fields {
	return decision.Fields{OrgID: h.Org("K"), Kind: decision.Admission, IssuedOn: issuedOn, Suffix: "-QĐ/ĐU",
		Decider: "upper_standing_committee", Signer: "Trần Thị Bí Thư", ReceivedOn: party.MustDate("2026-06-12")}
}

// waiting enters people who wait for the decision on their admission.
func waiting(h *apptest.House, code string, n int) []int64 {
	last := party.Endorsed
	if code == "CHUYEN" {
		last = party.CellResolution
	}
	var ids []int64
	for i := range n {
		ids = append(ids, h.Enter(h.Fields(code, fmt.Sprintf("Nguyễn Thị Ánh %s %d", code, i)), last))
	}
	return ids
}

func issue(t *testing.T, h *apptest.House, f decision.Fields, ids ...int64) decision.Done {
	t.Helper()
	done, err := h.Decisions.Issue(t.Context(), h.Viewer("vanphong"), decision.Issue{Fields: f, People: ids})
	if err != nil {
		t.Fatalf("issue: %v, %+v", err, fault.As(err))
	}
	return done
}

func open(t *testing.T, h *apptest.House, id int64) people.Record {
	t.Helper()
	r, err := h.People.Open(t.Context(), h.Viewer("vanphong"), id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func get(t *testing.T, h *apptest.House, username string, id int64) decision.Opened {
	t.Helper()
	d, err := h.Decisions.Get(t.Context(), h.Viewer(username), id)
	if err != nil {
		t.Fatalf("%s: %v", username, err)
	}
	return d
}

// refusals gives whom a batch refused, and what their gates said first.
func refusals(t *testing.T, err error) map[int64]string {
	t.Helper()
	e := fault.As(err)
	if e == nil || e.Kind != fault.Invalid {
		t.Fatalf("not refused: %v", err)
	}
	result, ok := e.Detail.(people.BatchResult)
	if !ok {
		t.Fatalf("refused without rows: %v", err)
	}
	out := map[int64]string{}
	for _, r := range result.Rows {
		if v, refused := people.Refusal(r.Err); refused {
			out[r.PersonID] = v.Refusals()[0].Key
		} else if r.Err != nil {
			out[r.PersonID] = fault.As(r.Err).Key
		}
	}
	return out
}

// badFields gives the keys of the refused fields.
func badFields(err error) map[string]string {
	out := map[string]string{}
	if e := fault.As(err); e != nil {
		for _, f := range e.Fields {
			out[f.Name] = f.Key
		}
	}
	return out
}

func TestOneDecisionForManyIsAStepOfEach(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := append(waiting(h, "LTT", 3), waiting(h, "CHUYEN", 2)...)
	done := issue(t, h, admission(h), ids...)
	if done.Printed != "1-QĐ/ĐU" || done.Count != 5 {
		t.Errorf("%+v", done)
	}
	d := get(t, h, "lanhdao", done.ID)
	if len(d.Named) != 5 || len(d.AwaitCeremony()) != 5 || d.Signer != "Trần Thị Bí Thư" || d.RecordedBy != "Tài khoản vanphong" {
		t.Errorf("%+v", d)
	}
	for _, id := range ids {
		step := open(t, h, id).State.Decided
		want := party.Paper{Form: "9-KNĐ", Number: "1-QĐ/ĐU", Date: issuedOn, Issuer: "Đảng ủy K"}
		if step == nil || step.On != issuedOn || !slices.Equal(step.Papers, []party.Paper{want}) ||
			step.Facts.(party.DecisionFacts).ReceivedOn != party.MustDate("2026-06-12") {
			t.Errorf("person %d: %+v", id, step)
		}
	}
	last, err := h.Decisions.Last(t.Context(), h.Viewer("lanhdao"), h.Org("K"))
	if err != nil || last.Suffix != "-QĐ/ĐU" || last.Signer != "Trần Thị Bí Thư" {
		t.Errorf("what the next one begins with: %+v, %v", last, err)
	}
	if differ, err := h.People.Check(t.Context()); err != nil || len(differ) > 0 {
		t.Errorf("check: %v, %v", differ, err)
	}
}

// Somebody whose resolution came later, somebody who is decided on already and one who does not
// wait at all are each refused on their row; the others can be decided on without them.
func TestEachRefusedRowSaysWhyAndTheGoodOnesCanBeKept(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	good := waiting(h, "LTT", 2)
	decided := h.Enter(h.Fields("LTT", "Lê Văn Đã"), party.Decided)
	planned := h.Enter(h.Fields("LTT", "Lê Văn Mới"), party.Planned)
	all := append(slices.Clone(good), decided, planned)
	f := admission(h)
	_, err := h.Decisions.Issue(t.Context(), h.Viewer("vanphong"), decision.Issue{Fields: f, People: all})
	if got := refusals(t, err); len(got) != 2 || got[decided] != "gate.already" || got[planned] != "gate.needs" {
		t.Errorf("refused: %v", got)
	}
	if open(t, h, good[0]).State.Decided != nil {
		t.Error("a refused decision left a step")
	}
	done, err := h.Decisions.Issue(t.Context(), h.Viewer("vanphong"), decision.Issue{Fields: f, People: all, KeepGood: true})
	if err != nil || done.Count != 2 || done.Printed != "1-QĐ/ĐU" {
		t.Errorf("%+v, %v: the refused one must not have used a number", done, err)
	}

	early := waiting(h, "SVKT", 1)
	f.IssuedOn, f.ReceivedOn = party.MustDate("2026-05-14"), party.Date{} // the cell voted on 15 May
	_, err = h.Decisions.Issue(t.Context(), h.Viewer("vanphong"), decision.Issue{Fields: f, People: early, KeepGood: true})
	if got := refusals(t, err); got[early[0]] != "gate.needs_earlier" {
		t.Errorf("dated before the resolution: %v", got)
	}
}

func TestAnOlderPaperBringsItsOwnNumber(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := waiting(h, "LTT", 5)
	f := admission(h)
	f.Number = 41
	if done := issue(t, h, f, ids[0]); done.Printed != "41-QĐ/ĐU" {
		t.Errorf("%+v", done)
	}
	f.Suffix = "-QĐ/BTV" // the number counts, whatever stands behind it
	_, err := h.Decisions.Issue(t.Context(), h.Viewer("vanphong"), decision.Issue{Fields: f, People: ids[1:2]})
	if got := badFields(err); got["number"] != "decisions.error.number_used" {
		t.Errorf("a used number: %v", err)
	}
	f.Number = 0
	if done := issue(t, h, f, ids[1]); done.Printed != "42-QĐ/BTV" {
		t.Errorf("the next after the highest: %+v", done)
	}
	f.Number = 7 // a gap may be filled
	issue(t, h, f, ids[2])
	f.Number = 0
	if done := issue(t, h, f, ids[3]); done.Printed != "43-QĐ/BTV" {
		t.Errorf("the next after the highest: %+v", done)
	}
	f.Number, f.OrgID, f.Decider = 41, h.Org("GD"), party.DeciderWholeCommittee // another issuer has numbers of its own
	issue(t, h, f, ids[4])
}

func TestFiftyDecisionsAtOnceHaveFiftyNumbersWithoutAGap(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	var histories []people.History
	for i := range 50 {
		histories = append(histories, people.History{Fields: h.Fields("LTT", fmt.Sprintf("Nguyễn Văn %d", i)), Steps: h.Way("LTT")[:7]})
	}
	ids, err := h.People.EnterHistories(t.Context(), h.Viewer("vanphong"), histories)
	if err != nil {
		t.Fatal(err)
	}
	numbers := make([]string, len(ids))
	var all sync.WaitGroup
	for i, id := range ids {
		all.Go(func() {
			done, err := h.Decisions.Issue(t.Context(), h.Viewer("vanphong"), decision.Issue{Fields: admission(h), People: []int64{id}})
			if err != nil {
				t.Errorf("%d: %v", i, err)
			}
			numbers[i] = done.Printed
		})
	}
	all.Wait()
	for n := range 50 {
		if want := fmt.Sprintf("%d-QĐ/ĐU", n+1); !slices.Contains(numbers, want) {
			t.Errorf("nobody got %s: %v", want, numbers)
		}
	}
}

func TestTheSameFormSentTwiceIssuesOnce(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	in := decision.Issue{Key: "0196a4c2-5c1e-7d3a-9f00-000000000001", Fields: admission(h), People: waiting(h, "LTT", 2)}
	first, err := h.Decisions.Issue(t.Context(), h.Viewer("vanphong"), in)
	again, err2 := h.Decisions.Issue(t.Context(), h.Viewer("vanphong"), in)
	if err != nil || err2 != nil || first != again || first.Count != 2 {
		t.Errorf("%+v, %v; again %+v, %v", first, err, again, err2)
	}
}

func TestWhatADecisionMustSay(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := waiting(h, "LTT", 1)
	for name, c := range map[string]struct {
		change func(*decision.Fields)
		field  string
	}{
		"no day":             {func(f *decision.Fields) { f.IssuedOn = party.Date{} }, "issued_on"},
		"tomorrow":           {func(f *decision.Fields) { f.IssuedOn, f.ReceivedOn = apptest.Today.AddDays(1), party.Date{} }, "issued_on"},
		"a cell":             {func(f *decision.Fields) { f.OrgID = h.Org("LTT") }, "org"},
		"no issuer":          {func(f *decision.Fields) { f.OrgID = 0 }, "org"},
		"a cancellation":     {func(f *decision.Fields) { f.Kind, f.Reason = decision.Cancellation, "x" }, "kind"},
		"no kind":            {func(f *decision.Fields) { f.Kind = "x" }, "kind"},
		"a number too large": {func(f *decision.Fields) { f.Number = decision.MaxNumber + 1 }, "number"},
		"a digit behind":     {func(f *decision.Fields) { f.Suffix = "1-QĐ" }, "suffix"},
		"received before":    {func(f *decision.Fields) { f.ReceivedOn = issuedOn.AddDays(-1) }, "received_on"},
		"no days":            {func(f *decision.Fields) { f.Kind, f.Reason = decision.Extension, "x" }, "days"},
		"no reason":          {func(f *decision.Fields) { f.Kind, f.Days = decision.Extension, 20 }, "reason"},
		"a body of another":  {func(f *decision.Fields) { f.Decider = party.DeciderWholeCommittee }, "decider"},
		"of another issuer":  {func(f *decision.Fields) { f.OrgID, f.Decider = h.Org("DH"), party.DeciderWholeCommittee }, "people"},
	} {
		f := admission(h)
		c.change(&f)
		_, err := h.Decisions.Issue(t.Context(), h.Viewer("vanphong"), decision.Issue{Fields: f, People: id})
		if got := badFields(err); len(got) != 1 || got[c.field] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := h.Decisions.Issue(t.Context(), h.Viewer("vanphong"), decision.Issue{Fields: admission(h)})
	if badFields(err)["people"] == "" {
		t.Errorf("nobody: %v", err)
	}
}

func TestOnlyStaffAndLeadersOfTheIssuerIssue(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := waiting(h, "LTT", 1)
	for _, username := range h.Usernames() {
		if username == "vanphong" || username == "lanhdao" {
			continue
		}
		if _, err := h.Decisions.Issue(t.Context(), h.Viewer(username), decision.Issue{Fields: admission(h), People: id}); err == nil {
			t.Errorf("%s may issue", username)
		}
	}
	if _, err := h.Decisions.Issue(t.Context(), h.Viewer("lanhdao"), decision.Issue{Fields: admission(h), People: id}); err != nil {
		t.Errorf("the leader: %v", err)
	}
}

// A cell sees the decisions that name its people, and of them only these.
func TestACellSeesWhatNamesItsPeople(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	both := issue(t, h, admission(h), append(waiting(h, "LTT", 2), waiting(h, "SVKT", 1)...)...)
	other := issue(t, h, admission(h), waiting(h, "SVCN", 1)...)
	for username, want := range map[string]map[int64]int{
		"vanphong": {both.ID: 3, other.ID: 1}, "kiemtra": {both.ID: 3, other.ID: 1}, "bithu.ltt": {both.ID: 2}, "coso.dh": {both.ID: 1, other.ID: 1},
		"bithu.nth": {}, "bithu.svcn": {other.ID: 1},
	} {
		list, err := h.Decisions.List(t.Context(), h.Viewer(username), decision.Query{})
		if err != nil || len(list.Entries) != len(want) || list.Count != len(want) {
			t.Errorf("%s sees %d decisions: %v", username, len(list.Entries), err)
		}
		for _, e := range list.Entries {
			if e.People != want[e.ID] {
				t.Errorf("%s: %d people of %s", username, e.People, e.Printed)
			}
		}
		for _, id := range []int64{both.ID, other.ID} {
			d, err := h.Decisions.Get(t.Context(), h.Viewer(username), id)
			if hidden := want[id] == 0; hidden != (fault.KindOf(err) == fault.NotFound) || !hidden && len(d.Named) != want[id] {
				t.Errorf("%s opens %d: %d people, %v", username, id, len(d.Named), err)
			}
		}
	}
	if _, err := h.Decisions.List(t.Context(), h.Viewer("doan.ltt"), decision.Query{}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("the Youth Union: %v", err)
	}
}

func TestTheRegisterIsNarrowedAndPaged(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := waiting(h, "LTT", 4)
	f := admission(h)
	f.Number = 41
	issue(t, h, f, ids[0])
	f.Number = 415
	issue(t, h, f, ids[1])
	f.OrgID, f.Number, f.Decider = h.Org("GD"), 4, party.DeciderWholeCommittee
	issue(t, h, f, ids[2])
	e := admission(h)
	e.Kind, e.Days, e.Reason, e.Number = decision.Extension, 10, "Bổ sung hồ sơ", 416
	issue(t, h, e, ids[3])
	for _, c := range []struct {
		q    decision.Query
		want []string
	}{
		{decision.Query{}, []string{"416", "4", "415", "41"}},
		{decision.Query{Kind: decision.Extension}, []string{"416"}},
		{decision.Query{OrgID: h.Org("GD")}, []string{"4"}},
		{decision.Query{Number: "41"}, []string{"416", "415", "41"}},
		{decision.Query{Number: "41-qđ"}, []string{"41"}},
		{decision.Query{Number: "%"}, nil},
		{decision.Query{Year: 2025}, nil},
		{decision.Query{Year: 2026, Number: "4-"}, []string{"4"}},
	} {
		list, err := h.Decisions.List(t.Context(), h.Viewer("vanphong"), c.q)
		var got []string
		for _, e := range list.Entries {
			got = append(got, fmt.Sprint(e.Number))
		}
		if err != nil || !slices.Equal(got, c.want) || list.Count != len(c.want) {
			t.Errorf("%+v: %v, want %v; %v", c.q, got, c.want, err)
		}
	}
}

func TestWhoWaitsIsAskedOnTheDecisionsDay(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ready := append(waiting(h, "LTT", 2), waiting(h, "CHUYEN", 1)...)
	h.Enter(h.Fields("LTT", "Chưa Đề Nghị"), party.DossierComplete)
	h.Enter(h.Fields("LTT", "Đã Quyết Định"), party.Decided)
	notYet := h.Enter(h.Fields("LTT", "Chờ Đảng Ủy"), party.CellResolution)
	ask := decision.Ask{Fields: decision.Fields{OrgID: h.Org("K"), Kind: decision.Admission, IssuedOn: issuedOn}}
	list, more, err := h.Decisions.Waiting(t.Context(), h.Viewer("vanphong"), ask)
	if err != nil || more || len(list) != len(ready) {
		t.Fatalf("%d wait: %v", len(list), err)
	}
	for _, w := range list {
		if !slices.Contains(ready, w.ID) || !w.Verdict.Passes() || w.Deadline.Due.IsZero() {
			t.Errorf("%s: %+v", w.FullName, w.Verdict.Refusals())
		}
	}
	ask.Fields.IssuedOn = party.MustDate("2026-05-20") // before the endorsement, after the vote
	list, _, err = h.Decisions.Waiting(t.Context(), h.Viewer("vanphong"), ask)
	for _, w := range list {
		if w.Verdict.Passes() != (w.OrgID == h.Org("CHUYEN")) {
			t.Errorf("%s on %s: %+v, %v", w.FullName, ask.Fields.IssuedOn, w.Verdict.Refusals(), err)
		}
	}
	ask.Below = h.Org("CHUYEN")
	if list, _, err = h.Decisions.Waiting(t.Context(), h.Viewer("vanphong"), ask); err != nil || len(list) != 1 {
		t.Errorf("of one cell: %d, %v", len(list), err)
	}
	ask.Below, ask.Fields.Kind = 0, decision.Extension // who waits for the endorsement may be given time too
	list, _, err = h.Decisions.Waiting(t.Context(), h.Viewer("vanphong"), ask)
	if err != nil || len(list) != 4 || !slices.ContainsFunc(list, func(w decision.Waiting) bool { return w.ID == notYet }) {
		t.Errorf("an extension: %d, %v", len(list), err)
	}
	if _, _, err := h.Decisions.Waiting(t.Context(), h.Viewer("bithu.ltt"), ask); err == nil {
		t.Error("a secretary prepares decisions")
	}
}

func TestAnExtensionMovesTheDeadline(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := waiting(h, "LTT", 1)
	before := open(t, h, id[0]).Deadline
	f := admission(h)
	f.Kind, f.Days, f.Reason, f.Decider, f.ReceivedOn = decision.Extension, 30, "Chờ xác minh lý lịch", "", party.Date{}
	issue(t, h, f, id...)
	after := open(t, h, id[0]).Deadline
	if after.Rule.Value != before.Rule.Value+30 || !after.Due.After(before.Due.AddDays(40)) {
		t.Errorf("%+v, before %+v", after, before)
	}
	if differ, err := h.People.Check(t.Context()); err != nil || len(differ) > 0 {
		t.Errorf("check: %v, %v", differ, err)
	}
}

// However many people: the same number of statements.
func TestNoPageOfTheRegisterAsksPerRow(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	few, many := issue(t, h, admission(h), waiting(h, "LTT", 1)...), issue(t, h, admission(h), waiting(h, "LTT", 12)...)
	h.Enter(h.Fields("SVKT", "Trần Văn Chờ"), party.Endorsed)
	v := h.Viewer("vanphong")
	// The least of some tries: one of them may find the tree of organisations a second old and look
	// whether it has changed.
	counted := func(act func(context.Context) error) int {
		least := 1 << 20
		for range 5 {
			ctx, sent := postgres.CountQueries(t.Context())
			if err := act(ctx); err != nil {
				t.Fatal(err)
			}
			least = min(least, sent())
		}
		return least
	}
	get := func(id int64) int {
		return counted(func(ctx context.Context) error { _, err := h.Decisions.Get(ctx, v, id); return err })
	}
	if a, b := get(few.ID), get(many.ID); a != b {
		t.Errorf("one person takes %d statements, twelve take %d", a, b)
	}
	list := func() int {
		return counted(func(ctx context.Context) error { _, err := h.Decisions.List(ctx, v, decision.Query{}); return err })
	}
	wait := func() int {
		return counted(func(ctx context.Context) error {
			_, _, err := h.Decisions.Waiting(ctx, v, decision.Ask{Fields: decision.Fields{OrgID: h.Org("K"), Kind: decision.Admission}})
			return err
		})
	}
	a, b := list(), wait()
	waiting(h, "SVKT", 9)
	for _, id := range waiting(h, "NTH", 5) {
		issue(t, h, admission(h), id)
	}
	if c, d := list(), wait(); a != c || b != d {
		t.Errorf("list: %d statements, then %d; waiting: %d, then %d", a, c, b, d)
	}
}

// A base committee decides through the whole committee until 25 July 2026 and through its standing
// committee since; in its name the upper standing committee does not decide.
func TestWhoDecidesIsAskedByLevelAndDay(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	for _, x := range []struct {
		on, decider string
		field, gate string
	}{
		{"2026-07-25", party.DeciderWholeCommittee, "", ""},
		{"2026-07-25", party.DeciderStandingCommittee, "", ""}, // recalled: warns
		{"2026-07-26", party.DeciderStandingCommittee, "", ""},
		{"2026-07-26", party.DeciderWholeCommittee, "", "gate.decide.who"},
		{"2026-07-26", party.DeciderUpperStandingCommittee, "decider", ""},
	} {
		id := waiting(h, "LTT", 1)
		f := admission(h)
		f.OrgID, f.IssuedOn, f.ReceivedOn, f.Decider = h.Org("GD"), party.MustDate(x.on), party.Date{}, x.decider
		_, err := h.Decisions.Issue(t.Context(), h.Viewer("vanphong"), decision.Issue{Fields: f, People: id})
		switch {
		case x.field != "":
			if got := badFields(err); len(got) != 1 || got[x.field] == "" {
				t.Errorf("%+v: %v", x, err)
			}
		case x.gate != "":
			if got := refusals(t, err); got[id[0]] != x.gate {
				t.Errorf("%+v: %v", x, got)
			}
		case err != nil:
			t.Errorf("%+v: %v", x, err)
		}
	}
}
