package apptest

import (
	"context"

	"ketnap/internal/people"
)

// Own runs statements as the owner of the database, who may do what the program may not: a test breaks
// a row with it.
func (h *House) Own(statements ...string) {
	h.t.Helper()
	ctx := context.Background()
	owner, err := h.DB.OwnerConn(ctx)
	h.must(err)
	defer func() { _ = owner.Close(ctx) }()
	for _, statement := range statements {
		_, err := owner.Exec(ctx, statement)
		h.must(err)
	}
}

// Break is one broken row: what breaks it, what mends it, and what a check says while it is broken.
type Break struct{ Do, Undo, Want string }

// Breaks breaks one row after the other, and fails where a check does not find exactly that.
func (h *House) Breaks(check func(context.Context) (int, []people.Difference, error), person int64, breaks ...Break) {
	h.t.Helper()
	find := func() []people.Difference {
		looked, found, err := check(context.Background())
		h.must(err)
		if looked == 0 {
			h.t.Error("it looked at nothing")
		}
		return found
	}
	for _, b := range breaks {
		h.Own(b.Do)
		found := find()
		if len(found) != 1 || found[0].What != b.Want || found[0].PersonID != person {
			h.t.Errorf("%s: found %+v, want %q", b.Do, found, b.Want)
		}
		h.Own(b.Undo)
		if found := find(); len(found) > 0 {
			h.t.Errorf("%s: mended, and found are %+v", b.Do, found)
		}
	}
}
