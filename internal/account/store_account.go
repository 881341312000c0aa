package account

import (
	"context"

	"ketnap/internal/postgres"
)

func selectAnyAccount(ctx context.Context, tx *postgres.Tx) (exists bool, err error) {
	err = tx.QueryRow(ctx, `select exists (select from accounts)`).Scan(&exists)
	return exists, err
}
