package account

import (
	"context"
	"fmt"
	"sync/atomic"

	"ketnap/internal/access"
	"ketnap/internal/postgres"
)

// setupState remembers that an account exists: once true it stays true.
type setupState struct{ done atomic.Bool }

// NeedsSetup tells whether the installation has no account yet.
func (s *Service) NeedsSetup(ctx context.Context) (bool, error) {
	if s.known.done.Load() {
		return false, nil
	}
	var exists bool
	err := s.db.Read(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) (err error) {
		exists, err = selectAnyAccount(ctx, tx)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("look for the first account: %w", err)
	}
	if exists {
		s.known.done.Store(true)
	}
	return !exists, nil
}
