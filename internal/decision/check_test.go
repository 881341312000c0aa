package decision_test

import (
	"fmt"
	"testing"

	"ketnap/internal/apptest"
)

// Whatever a decision says of somebody and his step does not is found, and nothing else.
func TestTheRegisterIsComparedWithTheSteps(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id, other := waiting(h, "LTT", 1)[0], waiting(h, "NTH", 1)[0]
	wrong := issue(t, h, admission(h), id)
	unlike := issue(t, h, admission(h), other)
	step := open(t, h, id).State.Decided.ID
	free := open(t, h, other).Steps[0].ID // a step of somebody else that no decision caused
	say := func(what string) string { return fmt.Sprintf("decision %d: %s of step %d", wrong.ID, what, step) }
	set := func(table, what string, id int64) string {
		return fmt.Sprintf("update %s set %s where id = %d", table, what, id)
	}
	h.Breaks(h.Decisions.Check, id,
		apptest.Break{Do: set("steps", "kind = 'recognition_decision'", step), Undo: set("steps", "kind = 'decided'", step), Want: say("kind")},
		apptest.Break{Do: set("steps", "happened_on = '2026-06-11'", step), Undo: set("steps", "happened_on = '2026-06-10'", step), Want: say("day")},
		apptest.Break{Do: set("decisions", "number = 99", wrong.ID), Undo: set("decisions", "number = 1", wrong.ID), Want: say("number")},
		apptest.Break{Do: set("steps", fmt.Sprintf("person_id = %d", other), step), Undo: set("steps", fmt.Sprintf("person_id = %d", id), step), Want: say("person")})

	done, err := h.Decisions.Cancel(t.Context(), h.Viewer("lanhdao"), cancelling(wrong.ID, id))
	if err != nil {
		t.Fatal(err)
	}
	void := open(t, h, id).Steps
	h.Breaks(h.Decisions.Check, id,
		apptest.Break{Do: set("decisions", fmt.Sprintf("cancels_id = %d", unlike.ID), done.ID), Undo: set("decisions", fmt.Sprintf("cancels_id = %d", wrong.ID), done.ID),
			Want: fmt.Sprintf("decision %d: step %d voids nothing of decision %d", done.ID, void[len(void)-1].ID, unlike.ID)},
		apptest.Break{Do: set("steps", fmt.Sprintf("voids_id = %d", free), void[len(void)-1].ID), Undo: set("steps", fmt.Sprintf("voids_id = %d", step), void[len(void)-1].ID),
			Want: fmt.Sprintf("decision %d: step %d voids nothing of decision %d", done.ID, void[len(void)-1].ID, wrong.ID)})
	h.Breaks(h.Decisions.Check, 0, apptest.Break{Do: fmt.Sprintf("delete from decision_people where decision_id = %d", unlike.ID),
		Undo: fmt.Sprintf("insert into decision_people values (%d, %d, %d)", unlike.ID, other, open(t, h, other).State.Decided.ID),
		Want: fmt.Sprintf("decision %d: names nobody", unlike.ID)})
}
