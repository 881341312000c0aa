package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"ketnap/internal/fault"
)

// Once claims an idempotency key for this transaction. A key that was used before answers done and
// the result that was recorded with it; while another transaction holds the key, Once waits for it
// to end, so that of a double click one records and the other gets its result. An empty key claims
// nothing. A key that is no UUID, or another account's, is refused.
func (tx *Tx) Once(ctx context.Context, key string) (result string, done bool, err error) {
	if key == "" {
		return "", false, nil
	}
	if _, err := uuid.Parse(key); err != nil {
		return "", false, fault.Wrap(fault.Invalid, err, "errors.request_key")
	}
	tag, err := tx.Exec(ctx, `
		insert into request_keys (key, account_id, at)
		values ($1, $2, now())
		on conflict (key) do nothing`, key, tx.account)
	if err != nil {
		return "", false, fmt.Errorf("claim request key: %w", err)
	}
	if tag.RowsAffected() == 1 {
		return "", false, nil
	}
	err = tx.QueryRow(ctx, `
		select coalesce(result, '') from request_keys
		 where key = $1 and account_id = $2`, key, tx.account).Scan(&result)
	if NoRows(err) {
		return "", false, fault.NewInvalid("errors.request_key")
	}
	if err != nil {
		return "", false, fmt.Errorf("read request key: %w", err)
	}
	return result, true, nil
}

// Done records what the unit of work of a key answered, for whoever sends the key again.
func (tx *Tx) Done(ctx context.Context, key, result string) error {
	if key == "" {
		return nil
	}
	if _, err := tx.Exec(ctx, `update request_keys set result = $2 where key = $1`, key, result); err != nil {
		return fmt.Errorf("record request key: %w", err)
	}
	return nil
}
