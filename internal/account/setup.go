package account

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/party"
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

// FirstOrganisation is the organisation at the top of a new installation.
type FirstOrganisation struct {
	Name, Code, Kind string
	From             party.Date // since when it is in the register
}

// FirstTerm is the term of the congress that a new installation begins with.
type FirstTerm struct {
	Name        string
	From, Until party.Date // Until is the last day
}

// Founder records the first organisation and term. Its refusals name the fields of the set-up form.
type Founder interface {
	FoundOrganisation(ctx context.Context, tx *postgres.Tx, o FirstOrganisation) (int32, error)
	FoundTerm(ctx context.Context, tx *postgres.Tx, t FirstTerm) error
}

// SetUp is what a new installation is told: where, since when, and who administers it.
type SetUp struct {
	Organisation FirstOrganisation
	Term         FirstTerm
	Username     string
	Name         string
	Password     string
	Again        string
}

var errSetUpDone = fault.NewConflict("account.error.set_up_done")

// SetUp begins an installation in one transaction and gives the administrator's account. Once an
// account exists it is refused for ever (fault.Conflict).
func (s *Service) SetUp(ctx context.Context, founder Founder, in SetUp) (id int64, err error) {
	in.Username, in.Name = folded(in.Username), strings.TrimSpace(in.Name)
	refused := append(checkName(in.Name), checkUsername(in.Username)...)
	refused = append(refused, checkPassword("password", in.Password, in.Username)...)
	if in.Password != in.Again {
		refused = append(refused, fault.Field{Name: "password_again", Key: "account.error.password_again"})
	}
	needed, err := s.NeedsSetup(ctx)
	switch {
	case err != nil:
		return 0, err
	case !needed:
		return 0, errSetUpDone
	}
	hash, err := s.hashUnless(ctx, refused, in.Password)
	if err != nil && fault.KindOf(err) != fault.Invalid {
		return 0, err
	}
	err = s.db.Write(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) (failed error) {
		id, failed = s.found(ctx, tx, founder, in, hash, err)
		return failed
	})
	return id, err
}

// hashUnless gives the hash of a password, or the refusal when some fields are refused.
func (s *Service) hashUnless(ctx context.Context, refused []fault.Field, password string) (string, error) {
	if len(refused) > 0 {
		return "", fault.InvalidFields(refused...)
	}
	return s.hash.make(ctx, password)
}

// found does the set-up in its transaction. refusal is why the account is refused, or nil: it comes
// back together with what is refused of organisation and term.
func (s *Service) found(ctx context.Context, tx *postgres.Tx, founder Founder, in SetUp, hash string, refusal error) (int64, error) {
	if err := lockSetUp(ctx, tx); err != nil {
		return 0, err
	}
	exists, err := selectAnyAccount(ctx, tx)
	if err != nil {
		return 0, err
	}
	if exists {
		return 0, errSetUpDone
	}
	org, orgErr := founder.FoundOrganisation(ctx, tx, in.Organisation)
	if orgErr != nil && fault.KindOf(orgErr) != fault.Invalid {
		return 0, orgErr
	}
	if err := both(both(orgErr, founder.FoundTerm(ctx, tx, in.Term)), refusal); err != nil {
		return 0, err
	}
	entry := audit.Entry{Action: "set_up", Entity: "installation", OrgID: org}
	if err := audit.Write(ctx, tx, access.System, entry); err != nil {
		return 0, err
	}
	return s.Provision(ctx, tx, access.System, in.Username, in.Name, hash,
		NewGrant{Role: access.Administrator, OrgID: org})
}

// both joins the refused fields of two checks, so that the form shows all of them at once.
func both(a, b error) error {
	first, second := fault.As(a), fault.As(b)
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case first != nil && second != nil && second.Kind == fault.Invalid:
		return fault.InvalidFields(append(first.Fields, second.Fields...)...)
	}
	return errors.Join(b, a)
}
