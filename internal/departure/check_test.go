package departure_test

import (
	"fmt"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/party"
)

// Whatever a case says and the steps do not is found, and nothing else; and the other way round.
func TestCasesAreComparedWithTheSteps(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id, other := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony), h.Enter(h.Fields("LTT", "Trần Văn Bình"), party.Ceremony)
	c, err := open(h, "bithu.ltt", id)
	must(t, err)
	must(t, act(t, h, "bithu.ltt", c, party.CaseVoted, "2026-08-05"))
	must(t, act(t, h, "vanphong", c, party.CaseProposed, "2026-08-10"))
	must(t, act(t, h, "vanphong", c, party.CaseDecided, "2026-08-17"))
	must(t, act(t, h, "vanphong", c, party.CaseTold, "2026-08-20"))
	must(t, act(t, h, "bithu.ltt", c, party.CaseAppealed, "2026-09-01"))
	must(t, act(t, h, "vanphong", c, party.CaseRestored, "2026-10-01"))
	clean(t, h)
	got, err := h.Departures.Get(t.Context(), h.Viewer("vanphong"), c)
	must(t, err)
	find := func(what string, step int64) string { return fmt.Sprintf("case %d: %s of step %d", c, what, step) }
	of := func(set string) string { return fmt.Sprintf("update departure_cases set %s where id = %d", set, c) }
	step := func(set string, id int64) string { return fmt.Sprintf("update steps set %s where id = %d", set, id) }
	decisions := func(set, act string) string {
		return fmt.Sprintf("update departure_acts set %s where case_id = %d and act = '%s'", set, c, act)
	}
	var leaving, restoring int64
	for _, a := range got.Acts {
		switch a.What {
		case party.CaseDecided:
			leaving = a.DecisionID
		case party.CaseRestored:
			restoring = a.DecisionID
		}
	}
	h.Breaks(h.Departures.Check, id,
		apptest.Break{Do: of("step_id = null"), Undo: of(fmt.Sprintf("step_id = %d", got.StepID)), Want: fmt.Sprintf("case %d: lack of no step, act decided", c)},
		apptest.Break{Do: of("restored_id = null"), Undo: of(fmt.Sprintf("restored_id = %d", got.RestoredID)), Want: fmt.Sprintf("case %d: lack of no step, act restored", c)},
		apptest.Break{Do: of("state = 'appealed'"), Undo: of("state = 'restored'"), Want: find("state", got.RestoredID)},
		apptest.Break{Do: step("kind = 'dropped'", got.StepID), Undo: step("kind = 'left'", got.StepID), Want: find("kind", got.StepID)},
		apptest.Break{Do: step(fmt.Sprintf("person_id = %d", other), got.StepID), Undo: step(fmt.Sprintf("person_id = %d", id), got.StepID), Want: find("person", got.StepID)},
		apptest.Break{Do: step("facts = facts || '{\"case_id\": 999}'", got.StepID), Undo: step(fmt.Sprintf("facts = facts || '{\"case_id\": %d}'", c), got.StepID), Want: find("case", got.StepID)},
		apptest.Break{Do: step("happened_on = '2026-08-18'", got.StepID), Undo: step("happened_on = '2026-08-17'", got.StepID), Want: find("day", got.StepID)},
		apptest.Break{Do: decisions(fmt.Sprintf("decision_id = %d", leaving), "restored"), Undo: decisions(fmt.Sprintf("decision_id = %d", restoring), "restored"), Want: find("decision", got.RestoredID)},
		apptest.Break{Do: decisions("decision_id = null", "decided"), Undo: decisions(fmt.Sprintf("decision_id = %d", leaving), "decided"), Want: find("decision", got.StepID)})

	// The step of somebody else names the case: by itself, nothing a case says is wrong.
	var stray int64
	rec, err := h.People.Open(t.Context(), h.Viewer("vanphong"), other)
	must(t, err)
	stray = rec.Steps[len(rec.Steps)-1].ID
	h.Breaks(h.Departures.Check, other, apptest.Break{Do: step(fmt.Sprintf("kind = 'left', facts = '{\"case_id\": %d}'", c), stray), Undo: step("kind = 'ceremony', facts = '{}'", stray),
		Want: fmt.Sprintf("step %d: case %d is not its", stray, c)})
}

// A case that was closed has no step, and who left before the register has no case: both are in order.
func TestADepartureWithoutACaseIsInOrder(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	c, err := open(h, "bithu.ltt", id)
	must(t, err)
	must(t, act(t, h, "bithu.ltt", c, party.CaseClosed, "2026-08-05"))
	clean(t, h)
	h.Own(`update steps set kind = 'left', facts = '{}' where kind = 'ceremony'`)
	if looked, found, err := h.Departures.Check(t.Context()); err != nil || looked != 1 || len(found) > 0 {
		t.Errorf("%d cases: %v %v", looked, found, err)
	}
}
