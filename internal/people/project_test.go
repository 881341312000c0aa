package people_test

import (
	"context"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
	"ketnap/internal/regulation"
)

// allowCeremony sets within how many working days a ceremony is held after a decision of June 2026.
func allowCeremony(t *testing.T, h *apptest.House, days int) {
	t.Helper()
	admin := h.Viewer("quantri")
	list, err := h.Regulations.Rules(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if e.Rule.ID == party.CeremonyWithin && e.InForce(party.MustDate("2026-06-12")) {
			e.Value = days
			if _, err := h.Regulations.Save(t.Context(), admin, regulation.Change{ID: e.ID, Version: e.Version, Rule: e.Rule}); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatal("no rule for the ceremony")
}

// dueInList gives the deadline that the list shows of the only one of a name, and that of the record.
func dueInList(t *testing.T, h *apptest.House, name string, id int64) (listed, computed party.Date) {
	t.Helper()
	_, page := list(t, h, "vanphong", people.Query{Search: name})
	if len(page.Rows) != 1 {
		t.Fatalf("%d rows", len(page.Rows))
	}
	return page.Rows[0].Due, open(t, h, "vanphong", id).Deadline.Due
}

func TestARuleThatChangesShowsInTheListsOnceTheyAreBroughtUpToDate(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Decided)
	before, _ := dueInList(t, h, "Ánh", id)
	allowCeremony(t, h, 10)
	if listed, computed := dueInList(t, h, "Ánh", id); listed != before || !computed.Before(before) {
		t.Errorf("the list tells %s, the record %s; it was %s", listed, computed, before)
	}
	if err := h.People.BringUpToDate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if listed, computed := dueInList(t, h, "Ánh", id); listed != computed {
		t.Errorf("brought up to date the list tells %s, the record %s", listed, computed)
	}
}

// changing is the rules of an installation in which somebody changes another one just when the
// register begins to be computed anew.
type changing struct {
	*regulation.Service
	change func()
}

func (c changing) Forget() {
	c.change()
	c.Service.Forget()
}

func TestARuleThatChangesMeanwhileIsNotForgotten(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Decided)
	numbers, err := people.NewNumbers([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	outdate := func() {
		if err := h.DB.WriteSystem(t.Context(), h.People.Outdate); err != nil {
			t.Fatal(err)
		}
	}
	busy := people.New(h.DB, h.Organisations, changing{h.Regulations, outdate}, numbers, h.Now)
	outdate()
	if err := busy.BringUpToDate(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = h.DB.WriteSystem(t.Context(), func(ctx context.Context, tx *postgres.Tx) error { // what the change would make wrong
		_, err := tx.Exec(ctx, `update person_states set due_on = '2020-01-01' where person_id = $1`, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.People.BringUpToDate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if listed, computed := dueInList(t, h, "Ánh", id); listed != computed {
		t.Errorf("the list tells %s, the record %s", listed, computed)
	}
}
