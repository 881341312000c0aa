package decision_test

import (
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/decision"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
)

func cancelling(id int64, ids ...int64) decision.Cancelling {
	return decision.Cancelling{ID: id, People: ids,
		Fields: decision.Fields{IssuedOn: party.MustDate("2026-07-01"), Suffix: "-QĐ/ĐU", Reason: "Ban hành sai thẩm quyền"}}
}

// A wrongly issued decision is cancelled by another: its steps are void, both stay, and the people
// wait again.
func TestACancelledDecisionStaysInTheRegister(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := waiting(h, "LTT", 3)
	wrong := issue(t, h, admission(h), ids...)
	done, err := h.Decisions.Cancel(t.Context(), h.Viewer("lanhdao"), cancelling(wrong.ID, ids[0], ids[2]))
	if err != nil || done.Printed != "2-QĐ/ĐU" || done.Count != 2 {
		t.Fatalf("%+v, %v", done, err)
	}
	d := get(t, h, "vanphong", wrong.ID)
	if len(d.Named) != 3 || len(d.Holding()) != 1 || d.Holding()[0].PersonID != ids[1] || len(d.CancelledBy) != 1 || d.CancelledBy[0].ID != done.ID {
		t.Errorf("the cancelled one: %+v", d)
	}
	c := get(t, h, "vanphong", done.ID)
	if c.Cancels == nil || c.Cancels.ID != wrong.ID || c.Reason != "Ban hành sai thẩm quyền" || len(c.Named) != 2 {
		t.Errorf("the cancelling one: %+v", c)
	}
	r := open(t, h, ids[0])
	if r.State.Decided != nil || r.Next != party.Decided {
		t.Errorf("%+v", r.State)
	}
	last := r.Steps[len(r.Steps)-1]
	if last.Kind != party.Voided || len(last.Papers) != 1 || last.Papers[0].Number != "2-QĐ/ĐU" {
		t.Errorf("the voiding step: %+v", last)
	}
	list, err := h.Decisions.List(t.Context(), h.Viewer("vanphong"), decision.Query{})
	if err != nil || len(list.Entries) != 2 || list.Entries[1].Cancelled != 2 || list.Entries[1].People != 3 {
		t.Errorf("the register: %+v, %v", list.Entries, err)
	}
	issue(t, h, admission(h), ids[0]) // they can be decided on anew
	if differ, err := h.People.Check(t.Context()); err != nil || len(differ) > 0 {
		t.Errorf("check: %v, %v", differ, err)
	}
}

func TestADecisionIsNotCancelledWhileLaterStepsRestOnIt(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := waiting(h, "LTT", 2)
	wrong := issue(t, h, admission(h), ids...)
	v := h.Viewer("vanphong")
	r := open(t, h, ids[1])
	if _, err := h.People.Record(t.Context(), v, people.NewStep{PersonID: ids[1], Version: r.Version, Kind: party.Ceremony,
		On: party.MustDate("2026-06-20"), Facts: party.CeremonyFacts{}}); err != nil {
		t.Fatal(err)
	}
	voidable, err := h.Decisions.Voidable(t.Context(), v, get(t, h, "vanphong", wrong.ID))
	if err != nil || !voidable[ids[0]].Passes() || voidable[ids[1]].Passes() {
		t.Errorf("asked in advance: %+v, %v", voidable, err)
	}
	_, err = h.Decisions.Cancel(t.Context(), v, cancelling(wrong.ID, ids...))
	if got := refusals(t, err); len(got) != 1 || got[ids[1]] != "gate.breaks" {
		t.Errorf("refused: %v", got)
	}
	if open(t, h, ids[0]).State.Decided == nil {
		t.Error("a refused cancellation left its mark")
	}
	if done, err := h.Decisions.Cancel(t.Context(), v, cancelling(wrong.ID, ids[0])); err != nil || done.Printed != "2-QĐ/ĐU" {
		t.Errorf("for the other: %+v, %v", done, err)
	}
	_, err = h.Decisions.Cancel(t.Context(), v, cancelling(wrong.ID, ids[0]))
	if got := refusals(t, err); got[ids[0]] != "steps.error.voided_already" {
		t.Errorf("twice: %v", got)
	}
}

// A step that was corrected meanwhile is void with its decision too.
func TestACancellationReachesTheCorrectedStep(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := waiting(h, "LTT", 1)
	wrong := issue(t, h, admission(h), ids...)
	r := open(t, h, ids[0])
	if _, err := h.People.Correct(t.Context(), h.Viewer("vanphong"), people.Correction{StepID: r.State.Decided.ID, Reason: "Nhầm ngày nhận",
		NewStep: people.NewStep{PersonID: ids[0], Version: r.Version, Kind: party.Decided, On: issuedOn, Facts: party.DecisionFacts{}}}); err != nil {
		t.Fatal(err)
	}
	if d := get(t, h, "vanphong", wrong.ID); len(d.Holding()) != 1 || d.Named[0].Holds == d.Named[0].StepID {
		t.Errorf("%+v", d.Named)
	}
	if _, err := h.Decisions.Cancel(t.Context(), h.Viewer("vanphong"), cancelling(wrong.ID, ids...)); err != nil {
		t.Fatal(err)
	}
	if open(t, h, ids[0]).State.Decided != nil {
		t.Error("the correction stands")
	}
}

func TestWhatACancellationMustSay(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := waiting(h, "LTT", 1)
	wrong := issue(t, h, admission(h), ids...)
	stranger := waiting(h, "LTT", 1)[0]
	for field, change := range map[string]func(*decision.Cancelling){
		"reason":    func(c *decision.Cancelling) { c.Fields.Reason = " " },
		"issued_on": func(c *decision.Cancelling) { c.Fields.IssuedOn = issuedOn.AddDays(-1) },
		"number":    func(c *decision.Cancelling) { c.Fields.Number = 1 },
		"people":    func(c *decision.Cancelling) { c.People = append(c.People, stranger) },
	} {
		in := cancelling(wrong.ID, ids...)
		change(&in)
		_, err := h.Decisions.Cancel(t.Context(), h.Viewer("vanphong"), in)
		if got := badFields(err); len(got) != 1 || got[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	for username, kind := range map[string]fault.Kind{"bithu.ltt": fault.Forbidden, "coso.gd": fault.Forbidden, "bithu.nth": fault.NotFound} {
		if _, err := h.Decisions.Cancel(t.Context(), h.Viewer(username), cancelling(wrong.ID, ids...)); fault.KindOf(err) != kind {
			t.Errorf("%s: %v", username, err)
		}
	}
	done, err := h.Decisions.Cancel(t.Context(), h.Viewer("vanphong"), cancelling(wrong.ID, ids...))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Decisions.Cancel(t.Context(), h.Viewer("vanphong"), cancelling(done.ID, ids...)); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a cancellation is cancelled: %v", err)
	}
}
