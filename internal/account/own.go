package account

import (
	"context"
	"fmt"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/postgres"
)

// Own gives the viewer's own account.
func (s *Service) Own(ctx context.Context, v access.Viewer) (a Account, err error) {
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		a, err = selectAccount(ctx, tx, v.AccountID)
		return err
	})
	return a, err
}

// SetLanguage changes the viewer's own language ("vi" or "en").
func (s *Service) SetLanguage(ctx context.Context, v access.Viewer, lang string) error {
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		return updateLanguage(ctx, tx, v.AccountID, lang)
	})
}

// PasswordChange is what somebody types to change his own password. Session is kept, all others end.
type PasswordChange struct {
	Current string
	New     string
	Again   string
	Session int64
}

// ChangePassword changes the viewer's own password. A wrong current one counts as a failed
// sign-in, so that a session left open is no way to try passwords.
func (s *Service) ChangePassword(ctx context.Context, v access.Viewer, c PasswordChange, address string) error {
	if err := s.proveOwn(ctx, v, c.Current, address); err != nil {
		return err
	}
	refused := checkPassword("new", c.New, v.Username)
	switch {
	case len(refused) > 0:
	case c.New == c.Current:
		refused = []fault.Field{{Name: "new", Key: "account.error.password_same"}}
	case c.New != c.Again:
		refused = []fault.Field{{Name: "again", Key: "account.error.password_again"}}
	}
	if len(refused) > 0 {
		return fault.InvalidFields(refused...)
	}
	hash, err := s.hash.make(ctx, c.New)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if err := updatePassword(ctx, tx, v.AccountID, hash, false); err != nil {
			return err
		}
		if _, err := deleteOwnSessions(ctx, tx, v.AccountID, 0, c.Session); err != nil {
			return err
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: "change_password", Entity: "account", EntityID: v.AccountID})
	})
}

// proveOwn makes sure that the viewer knows the current password.
func (s *Service) proveOwn(ctx context.Context, v access.Viewer, password, address string) error {
	if password == "" {
		return fault.InvalidFields(fault.Field{Name: "current", Key: "account.error.current_empty"})
	}
	_, err := s.prove(ctx, Credentials{Username: v.Username, Password: password, Address: address}, "")
	switch fault.KindOf(err) {
	case fault.Invalid:
		return fault.InvalidFields(fault.Field{Name: "current", Key: "account.error.current"})
	case fault.TooMany:
		return err
	}
	if err != nil {
		return fmt.Errorf("prove the password: %w", err)
	}
	return nil
}
