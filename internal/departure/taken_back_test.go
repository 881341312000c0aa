package departure_test

import (
	"fmt"
	"maps"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest"
	"ketnap/internal/decision"
	"ketnap/internal/departure"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/report"
	"ketnap/migrations"
)

// takeBack voids the newest step of a kind on somebody's page.
func takeBack(t *testing.T, h *apptest.House, username string, id int64, kind party.StepKind) error {
	t.Helper()
	rec, err := h.People.Open(t.Context(), h.Viewer("vanphong"), id)
	must(t, err)
	step := int64(0)
	for _, st := range rec.Steps {
		if st.Kind == kind && st.VoidedBy == 0 {
			step = st.ID
		}
	}
	return h.People.Void(t.Context(), h.Viewer(username), people.Voiding{Key: uuid.NewString(), PersonID: id, Version: rec.Version, StepID: step, Reason: "Ghi nhầm người"})
}

func get(t *testing.T, h *apptest.House, c int64) departure.Opened {
	t.Helper()
	got, err := h.Departures.Get(t.Context(), h.Viewer("vanphong"), c)
	must(t, err)
	return got
}

// removedFrom takes a case about somebody to its decision on 2026-08-17.
func removedFrom(t *testing.T, h *apptest.House, id int64) int64 {
	t.Helper()
	c, err := open(h, "bithu.ltt", id)
	must(t, err)
	must(t, act(t, h, "bithu.ltt", c, party.CaseVoted, "2026-08-05"))
	must(t, act(t, h, "vanphong", c, party.CaseProposed, "2026-08-10"))
	must(t, act(t, h, "vanphong", c, party.CaseDecided, "2026-08-17"))
	return c
}

// figures are what the term counts of everybody.
func figures(t *testing.T, h *apptest.House) report.Counts {
	t.Helper()
	r, err := h.Reports.Term(t.Context(), h.Viewer("vanphong"), report.TermQuery{OrgID: h.Org("K"), AsOf: h.Now()})
	must(t, err)
	return maps.Clone(r.Counts)
}

// A removal that is taken back on the member's page leaves a member with stage, days and cell as before,
// figures as if nothing had been, and a case that is open again: decided anew with the votes it has. The
// register tells what became of the first decision.
func TestARemovalThatIsTakenBackIsDecidedAnewInItsCase(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	was, err := h.People.Open(t.Context(), h.Viewer("vanphong"), id)
	must(t, err)
	counted := figures(t, h)
	c := removedFrom(t, h, id)
	must(t, act(t, h, "vanphong", c, party.CaseTold, "2026-08-20"))
	first := get(t, h, c)
	if err := takeBack(t, h, "bithu.ltt", id, party.Left); fault.KindOf(err) != fault.Forbidden {
		t.Fatalf("a cell takes back what the committee decided: %v", err)
	}
	must(t, takeBack(t, h, "vanphong", id, party.Left))
	now, err := h.People.Open(t.Context(), h.Viewer("vanphong"), id)
	must(t, err)
	if now.State.Stage != was.State.Stage || now.State.JoinedOn != was.State.JoinedOn || now.State.ProbationEndsOn != was.State.ProbationEndsOn ||
		now.State.Left != nil || now.Fields.OrgID != was.Fields.OrgID || now.Next != was.Next || now.Deadline != was.Deadline {
		t.Errorf("was %+v, is %+v", was.State, now.State)
	}
	if after := figures(t, h); !maps.Equal(after, counted) {
		t.Errorf("counted %v before, %v after", counted, after)
	}
	clean(t, h)
	got := get(t, h, c)
	last := got.Acts[len(got.Acts)-1]
	if got.State != party.CaseTakenBack || got.StepID != 0 || !got.AppealBy.IsZero() || got.Cell.InFavour != 8 || last.What != party.CaseTakenBack || last.Words != "Ghi nhầm người" {
		t.Errorf("%+v", got)
	}
	if _, err := open(h, "bithu.ltt", id); fault.KindOf(err) != fault.Conflict {
		t.Errorf("another case beside it: %v", err)
	}
	d, err := h.Decisions.Get(t.Context(), h.Viewer("vanphong"), decisionOf(first))
	must(t, err)
	if n := d.Named[0]; n.Holds != 0 || n.TakenBack.Reason != "Ghi nhầm người" || n.TakenBack.On != h.Now() || len(d.CancelledBy) != 0 {
		t.Errorf("the register: %+v", d)
	}
	must(t, act(t, h, "vanphong", c, party.CaseDecided, "2026-11-23"))
	if got := get(t, h, c); got.State != party.CaseDecided || got.StepID == 0 || decisionOf(got) == decisionOf(first) || stage(t, h, id) != party.StageFormer {
		t.Errorf("decided anew: %+v", got)
	}
	clean(t, h)
}

// decisionOf gives the newest decision by which somebody left.
func decisionOf(c departure.Opened) (id int64) {
	for _, a := range c.Acts {
		if a.What == party.CaseDecided {
			id = a.DecisionID
		}
	}
	return id
}

// The same, where the decision itself is cancelled in the register; the case is closed then.
func TestACancelledDecisionLeavesTheCaseToBeClosed(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	c := removedFrom(t, h, id)
	_, err := h.Decisions.Cancel(t.Context(), h.Viewer("vanphong"), decision.Cancelling{Key: uuid.NewString(), ID: decisionOf(get(t, h, c)), People: []int64{id},
		Fields: decision.Fields{IssuedOn: day("2026-09-01"), Suffix: "-QĐ/ĐU", Reason: "Ban hành sai thẩm quyền"}})
	must(t, err)
	got := get(t, h, c)
	if last := got.Acts[len(got.Acts)-1]; got.State != party.CaseTakenBack || last.Words != "Ban hành sai thẩm quyền (2-QĐ/ĐU)" {
		t.Errorf("%+v", got)
	}
	clean(t, h)
	must(t, act(t, h, "bithu.ltt", c, party.CaseClosed, "2026-11-23"))
	if stage(t, h, id) != party.StageProbationary {
		t.Error("he is no member")
	}
	clean(t, h)
	if _, err := open(h, "bithu.ltt", id); err != nil {
		t.Errorf("another case later: %v", err)
	}
}

// A death has no decision: the cell that entered it takes it back, and enters the right day or closes.
func TestADeathThatWasEnteredWronglyIsTakenBack(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	c, err := h.Departures.Open(t.Context(), h.Viewer("bithu.ltt"), departure.Opening{PersonID: id, Way: party.WayDied, Reason: "Bệnh nặng", On: day("2026-08-03")})
	must(t, err)
	must(t, act(t, h, "bithu.ltt", c, party.CaseDecided, "2026-08-03"))
	must(t, takeBack(t, h, "bithu.ltt", id, party.Left))
	if got := get(t, h, c); got.State != party.CaseTakenBack || stage(t, h, id) != party.StageProbationary {
		t.Errorf("%+v", got)
	}
	clean(t, h)
	must(t, act(t, h, "bithu.ltt", c, party.CaseDecided, "2026-11-23"))
	clean(t, h)
}

// A restoration that is taken back opens the appeal again; the departure under a restoration holds fast.
func TestARestorationThatIsTakenBackOpensTheAppealAgain(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	c := removedFrom(t, h, id)
	must(t, act(t, h, "vanphong", c, party.CaseTold, "2026-08-20"))
	must(t, act(t, h, "bithu.ltt", c, party.CaseAppealed, "2026-09-01"))
	must(t, act(t, h, "vanphong", c, party.CaseRestored, "2026-10-01"))
	if _, refused := people.Refusal(takeBack(t, h, "vanphong", id, party.Left)); !refused {
		t.Error("a departure is taken back under its restoration")
	}
	must(t, takeBack(t, h, "vanphong", id, party.Restored))
	got := get(t, h, c)
	if last := got.Acts[len(got.Acts)-1]; got.State != party.CaseAppealed || got.RestoredID != 0 || got.StepID == 0 || last.What != party.CaseUnrestored || stage(t, h, id) != party.StageFormer {
		t.Errorf("%+v", got)
	}
	clean(t, h)
	must(t, act(t, h, "vanphong", c, party.CaseRestored, "2026-11-23"))
	clean(t, h)
	must(t, takeBack(t, h, "vanphong", id, party.Restored))
	must(t, act(t, h, "vanphong", c, party.CaseUpheld, "2026-11-23"))
	clean(t, h)
}

// Beside another open case none is opened again: the message says to end that one first.
func TestACaseIsNotOpenedAgainBesideAnother(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	c := removedFrom(t, h, id)
	must(t, act(t, h, "vanphong", c, party.CaseTold, "2026-08-20"))
	must(t, act(t, h, "bithu.ltt", c, party.CaseAppealed, "2026-09-01"))
	must(t, act(t, h, "vanphong", c, party.CaseRestored, "2026-10-01"))
	other, err := open(h, "bithu.ltt", id)
	must(t, err)
	must(t, takeBack(t, h, "vanphong", id, party.Restored))
	err = takeBack(t, h, "vanphong", id, party.Left)
	if f := fault.As(err); f == nil || f.Key != "cases.error.open_again" {
		t.Fatalf("%v", err)
	}
	must(t, act(t, h, "bithu.ltt", other, party.CaseClosed, "2026-11-23"))
	must(t, takeBack(t, h, "vanphong", id, party.Left))
	clean(t, h)
}

// bringInLine does with the cases what an upgrade does.
func bringInLine(t *testing.T, h *apptest.House) {
	t.Helper()
	sql, err := migrations.Files.ReadFile("0046_cases_in_line.up.sql")
	must(t, err)
	h.Own(string(sql))
}

// A register of an older version has departures that were taken back and decided anew in another case: the
// former case does not wait for a decision about who is out.
func TestWhatWasDecidedAnewInAnotherCaseWaitsNoMore(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	former := removedFrom(t, h, id)
	must(t, takeBack(t, h, "vanphong", id, party.Left))
	set := func(state party.CaseState) {
		h.Own(fmt.Sprintf("update departure_cases set state = '%s' where id = %d", state, former))
	}
	set(party.CaseClosed)
	removedFrom(t, h, id)
	set(party.CaseTakenBack)
	if got := due(t, h, "lanhdao", 0)[former]; got != party.CaseDecided {
		t.Fatalf("before, %q is due", got)
	}
	bringInLine(t, h)
	got := get(t, h, former)
	if last := got.Acts[len(got.Acts)-1]; got.State != party.CaseClosed || last.What != party.CaseClosed {
		t.Errorf("the former case is %s, after %s", got.State, last.What)
	}
	if got := due(t, h, "lanhdao", 0)[former]; got != "" {
		t.Errorf("%q is due", got)
	}
	clean(t, h)
}
