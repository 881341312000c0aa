package transfer_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest"
	"ketnap/internal/party"
	"ketnap/internal/transfer"
)

// Whatever a paper says and the steps do not is found, and nothing else; and the other way round.
func TestPapersAreComparedWithTheSteps(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id, other := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony), h.Enter(h.Fields("LTT", "Trần Văn Bình"), party.Ceremony)
	done, err := issue(h, "LTT", "SVKT", "2026-09-01", id)
	must(t, err)
	paper := done.Rows[0].ID
	must(t, act(h, "bithu.svkt", paper, 1, party.TransferPresented, "2026-09-10"))
	must(t, act(h, "bithu.svkt", paper, 2, party.TransferAccepted, "2026-09-20"))
	clean(t, h)
	rec, err := h.People.Open(t.Context(), h.Viewer("vanphong"), id)
	must(t, err)
	move := rec.Steps[len(rec.Steps)-1].ID
	find := func(what string) string { return fmt.Sprintf("transfer %d: %s of step %d", paper, what, move) }
	of := func(set string) string { return fmt.Sprintf("update transfers set %s where id = %d", set, paper) }
	step := func(set string) string { return fmt.Sprintf("update steps set %s where id = %d", set, move) }
	fact := func(name string, value any) string {
		return step(fmt.Sprintf(`facts = facts || '{"%s": %v}'`, name, value))
	}
	h.Breaks(h.Transfers.Check, id,
		apptest.Break{Do: of("step_id = null"), Undo: of(fmt.Sprintf("step_id = %d", move)), Want: fmt.Sprintf("transfer %d: lack of no step", paper)},
		apptest.Break{Do: of("state = 'refused', words = 'x'"), Undo: of("state = 'accepted', words = ''"), Want: find("state")},
		apptest.Break{Do: of("number = 9"), Undo: of("number = 1"), Want: find("number")},
		apptest.Break{Do: step("happened_on = '2026-09-21'"), Undo: step("happened_on = '2026-09-20'"), Want: find("day")},
		apptest.Break{Do: step(fmt.Sprintf("person_id = %d", other)), Undo: step(fmt.Sprintf("person_id = %d", id)), Want: find("person")},
		apptest.Break{Do: step("kind = 'received'"), Undo: step("kind = 'moved'"), Want: find("kind")},
		apptest.Break{Do: fact("transfer_id", 999), Undo: fact("transfer_id", paper), Want: find("paper")},
		apptest.Break{Do: fact("to", h.Org("NTH")), Undo: fact("to", h.Org("SVKT")), Want: find("places")})

	rec, err = h.People.Open(t.Context(), h.Viewer("vanphong"), other)
	must(t, err)
	last := rec.Steps[len(rec.Steps)-1].ID
	h.Breaks(h.Transfers.Check, other, apptest.Break{
		Do:   fmt.Sprintf(`update steps set kind = 'moved', facts = '{"transfer_id": %d}' where id = %d`, paper, last),
		Undo: fmt.Sprintf(`update steps set kind = 'ceremony', facts = '{}' where id = %d`, last),
		Want: fmt.Sprintf("step %d: transfer %d is not its", last, paper)})
}

// A candidate leaves with the letter; when it is cancelled his step must be taken back.
func TestALettersStepGoesWithIt(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Planned)
	done, err := h.Transfers.Issue(t.Context(), h.Viewer("vanphong"), transfer.Issue{Key: uuid.NewString(), From: h.Org("LTT"), ToText: "Đảng ủy phường",
		IssuerID: h.Org("K"), On: day("2026-09-01"), People: []int64{id}})
	must(t, err)
	clean(t, h)
	paper := done.Rows[0].ID
	rec, err := h.People.Open(t.Context(), h.Viewer("vanphong"), id)
	must(t, err)
	step := rec.Steps[len(rec.Steps)-1].ID
	h.Breaks(h.Transfers.Check, id, apptest.Break{
		Do:   fmt.Sprintf("update transfers set state = 'cancelled', ended_on = '2026-09-02', words = 'x' where id = %d", paper),
		Undo: fmt.Sprintf("update transfers set state = 'issued', ended_on = null, words = '' where id = %d", paper),
		Want: fmt.Sprintf("transfer %d: cancelling of step %d", paper, step)})
	must(t, act(h, "vanphong", paper, 1, party.TransferCancelled, "2026-09-02"))
	clean(t, h)
}
