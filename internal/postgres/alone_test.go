package postgres_test

import (
	"context"
	"testing"

	"ketnap/internal/postgres"
)

// Who holds one connection and asks for another waits for ever once everybody does so; it is refused
// each time, and not only when the connections have run out.
func TestATransactionWithinATransactionIsRefused(t *testing.T) {
	t.Parallel()
	db := postgres.NewTestDB(t)
	within := func(outer, inner func(context.Context, func(context.Context, *postgres.Tx) error) error) (asked bool, err error) {
		err = outer(t.Context(), func(ctx context.Context, _ *postgres.Tx) error {
			return inner(ctx, func(context.Context, *postgres.Tx) error {
				asked = true
				return nil
			})
		})
		return asked, err
	}
	for _, outer := range []func(context.Context, func(context.Context, *postgres.Tx) error) error{db.ReadSystem, db.WriteSystem} {
		if asked, err := within(outer, db.ReadSystem); err == nil || asked {
			t.Errorf("asked %v, %v", asked, err)
		}
	}
	if err := db.ReadSystem(t.Context(), func(context.Context, *postgres.Tx) error { return nil }); err != nil {
		t.Error(err)
	}
}
