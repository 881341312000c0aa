package account

import (
	"context"
	"fmt"
	"time"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/postgres"
)

// How long a session lasts: so long unused, and so long at all.
const (
	SessionIdle = 12 * time.Hour
	SessionMax  = 30 * 24 * time.Hour
	touchEvery  = time.Minute
)

// Session is a signed-in device with its account, as every page needs it.
type Session struct {
	ID         int64
	Viewer     access.Viewer
	Language   string
	OrgName    string // of the first grant in force, for the page's header
	MustChange bool
	Data       []byte // what httpd keeps with it
	stale      bool   // not seen within the last minute
}

// Device is what is kept about where a session was begun.
type Device struct {
	UserAgent string
	Address   string
}

// StartSession begins a session for an account under the SHA-256 of its token.
func (s *Service) StartSession(ctx context.Context, accountID int64, tokenHash, data []byte, d Device) (int64, error) {
	var id int64
	err := s.db.Write(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) (err error) {
		id, err = insertSession(ctx, tx, accountID, tokenHash, data, d)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("start session: %w", err)
	}
	return id, nil
}

// OpenSession gives the session of a token's hash with viewer and grants in force, in one query;
// nil when there is none, it has ended, or its account is disabled.
func (s *Service) OpenSession(ctx context.Context, tokenHash []byte) (*Session, error) {
	var session *Session
	err := s.db.Read(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) (err error) {
		session, err = selectSession(ctx, tx, tokenHash, s.Today())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open session: %w", err)
	}
	if session != nil && session.stale {
		err = s.db.Write(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
			return touchSession(ctx, tx, session.ID)
		})
	}
	return session, err
}

// SaveSession stores what httpd keeps with a session.
func (s *Service) SaveSession(ctx context.Context, id int64, data []byte) error {
	return s.db.Write(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		return updateSessionData(ctx, tx, id, data)
	})
}

// EndSession ends a session; one that has ended already is no error.
func (s *Service) EndSession(ctx context.Context, id int64) error {
	return s.db.Write(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		return deleteSession(ctx, tx, id)
	})
}

// SignedIn is one device on the list of one's own.
type SignedIn struct {
	ID        int64
	UserAgent string
	Address   string
	CreatedAt time.Time
	SeenAt    time.Time
}

// Sessions lists the viewer's own devices, last seen first.
func (s *Service) Sessions(ctx context.Context, v access.Viewer) (list []SignedIn, err error) {
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		list, err = selectSessions(ctx, tx, v.AccountID)
		return err
	})
	return list, err
}

// RevokeSession ends one of the viewer's own sessions (fault.NotFound for any other).
func (s *Service) RevokeSession(ctx context.Context, v access.Viewer, id int64) error {
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		n, err := deleteOwnSessions(ctx, tx, v.AccountID, id, 0)
		if err != nil {
			return err
		}
		if n == 0 {
			return notFound()
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: "revoke_session", Entity: "account", EntityID: v.AccountID})
	})
}

// RevokeOtherSessions ends all of the viewer's own sessions but the one given.
func (s *Service) RevokeOtherSessions(ctx context.Context, v access.Viewer, keep int64) error {
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := deleteOwnSessions(ctx, tx, v.AccountID, 0, keep); err != nil {
			return err
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: "revoke_session", Entity: "account", EntityID: v.AccountID})
	})
}

// Clean deletes sessions that have ended, failures that no longer count and keys of forms that
// nobody sends any more. A job calls it now and then.
func (s *Service) Clean(ctx context.Context) error {
	return s.db.WriteSystem(ctx, deleteExpired)
}
