package account

import (
	"context"
	"strconv"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// NewGrant is a role to be given on an organisation. Until, the first day on which it no longer
// holds, may be zero; a zero From is today.
type NewGrant struct {
	Role  access.Role
	OrgID int32
	From  party.Date
	Until party.Date
}

// NewAccount is an account to be made. Key is the form's idempotency key.
type NewAccount struct {
	Username string
	Name     string
	Grant    NewGrant
	Key      string
}

// Issued is an account with a password that is told once.
type Issued struct {
	Account  Account
	Password string
}

// Create makes an account with its first grant and a one-time password. The same key again makes
// none; it issues a new password, as long as nobody has signed in and changed it.
func (s *Service) Create(ctx context.Context, v access.Viewer, in NewAccount) (Issued, error) {
	in.Username, in.Name = folded(in.Username), strings.TrimSpace(in.Name)
	if refused := append(checkName(in.Name), checkUsername(in.Username)...); len(refused) > 0 {
		err := s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error { return s.mayGrant(ctx, tx, v, &in.Grant) })
		return Issued{}, both(fault.InvalidFields(refused...), err)
	}
	password, hash, err := s.newPassword(ctx)
	if err != nil {
		return Issued{}, err
	}
	var made Account
	err = s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.mayGrant(ctx, tx, v, &in.Grant); err != nil {
			return err
		}
		id, err := s.createOnce(ctx, tx, v, in, hash)
		if err != nil {
			return err
		}
		made, err = selectAccount(ctx, tx, id)
		return err
	})
	return Issued{Account: made, Password: password}, err
}

func (s *Service) createOnce(ctx context.Context, tx *postgres.Tx, v access.Viewer, in NewAccount, hash string) (int64, error) {
	result, done, err := tx.Once(ctx, in.Key)
	if err != nil {
		return 0, err
	}
	if done {
		id, err := strconv.ParseInt(result, 10, 64)
		if err != nil {
			return 0, fault.NewConflict("errors.conflict")
		}
		return id, reissue(ctx, tx, id, hash)
	}
	id, err := insertAccount(ctx, tx, in.Username, in.Name, hash, true)
	if err != nil {
		return 0, err
	}
	if err := audit.Write(ctx, tx, v, audit.Entry{Action: "create", Entity: "account", EntityID: id, OrgID: in.Grant.OrgID}); err != nil {
		return 0, err
	}
	if err := grant(ctx, tx, v, id, in.Grant); err != nil {
		return 0, err
	}
	return id, tx.Done(ctx, in.Key, strconv.FormatInt(id, 10))
}

// reissue replaces a one-time password that nobody has used yet.
func reissue(ctx context.Context, tx *postgres.Tx, id int64, hash string) error {
	a, err := selectAccount(ctx, tx, id)
	if err != nil {
		return err
	}
	if !a.MustChange {
		return fault.NewConflict("accounts.error.created")
	}
	return updatePassword(ctx, tx, id, hash, true)
}

func (s *Service) newPassword(ctx context.Context) (password, hash string, err error) {
	password = oneTimePassword()
	hash, err = s.hash.make(ctx, password)
	return password, hash, err
}

// Provision makes an account with a known password hash and grants; only the system may, for
// demo data, imports and tests.
func (s *Service) Provision(ctx context.Context, tx *postgres.Tx, v access.Viewer, username, name, hash string, grants ...NewGrant) (int64, error) {
	if !isSystem(v) {
		return 0, forbidden()
	}
	username, name = folded(username), strings.TrimSpace(name)
	if refused := append(checkUsername(username), checkName(name)...); len(refused) > 0 {
		return 0, fault.InvalidFields(refused...)
	}
	id, err := insertAccount(ctx, tx, username, name, hash, false)
	if err != nil {
		return 0, err
	}
	if err := audit.Write(ctx, tx, v, audit.Entry{Action: "create", Entity: "account", EntityID: id}); err != nil {
		return 0, err
	}
	for _, g := range grants {
		if err := s.mayGrant(ctx, tx, v, &g); err != nil {
			return 0, err
		}
		if err := grant(ctx, tx, v, id, g); err != nil {
			return 0, err
		}
	}
	return id, nil
}

// Change names an account to be changed, the version it was shown in and the form's key.
type Change struct {
	ID      int64
	Version int
	Key     string
}

// change runs fn on an account that the viewer may manage and that nobody changed since.
func (s *Service) change(ctx context.Context, v access.Viewer, c Change, action string, fn func(context.Context, *postgres.Tx, Account) error) error {
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.mayManage(ctx, tx, v, c.ID); err != nil {
			return err
		}
		if _, done, err := tx.Once(ctx, c.Key); err != nil || done {
			return err
		}
		if err := bumpVersion(ctx, tx, c.ID, c.Version); err != nil {
			return err
		}
		a, err := selectAccount(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if err := fn(ctx, tx, a); err != nil {
			return err
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: action, Entity: "account", EntityID: c.ID, OrgID: firstOrg(a)})
	})
}

// firstOrg is the organisation that an account's entries in the audit belong to.
func firstOrg(a Account) int32 {
	if len(a.Grants) == 0 {
		return 0
	}
	return a.Grants[0].OrgID
}

// Rename changes the name that is shown of an account.
func (s *Service) Rename(ctx context.Context, v access.Viewer, c Change, name string) error {
	name = strings.TrimSpace(name)
	if refused := checkName(name); refused != nil {
		return fault.InvalidFields(refused...)
	}
	return s.change(ctx, v, c, "rename", func(ctx context.Context, tx *postgres.Tx, _ Account) error {
		return updateName(ctx, tx, c.ID, name)
	})
}

// Disable keeps an account from signing in and ends its sessions. The last administrator of the
// installation is refused (fault.Conflict).
func (s *Service) Disable(ctx context.Context, v access.Viewer, c Change) error {
	return s.change(ctx, v, c, "disable", func(ctx context.Context, tx *postgres.Tx, _ Account) error {
		return s.keepAdministrator(ctx, tx, func() error {
			if err := updateDisabled(ctx, tx, c.ID, true); err != nil {
				return err
			}
			_, err := deleteOwnSessions(ctx, tx, c.ID, 0, 0)
			return err
		})
	})
}

// Enable lets a disabled account sign in again.
func (s *Service) Enable(ctx context.Context, v access.Viewer, c Change) error {
	return s.change(ctx, v, c, "enable", func(ctx context.Context, tx *postgres.Tx, _ Account) error {
		return updateDisabled(ctx, tx, c.ID, false)
	})
}

// Reset gives an account a one-time password, ends its sessions and its lockout.
func (s *Service) Reset(ctx context.Context, v access.Viewer, c Change) (Issued, error) {
	password, hash, err := s.newPassword(ctx)
	if err != nil {
		return Issued{}, err
	}
	var account Account
	c.Key = "" // sent twice, the second password is the one that is seen, and it must work
	err = s.change(ctx, v, c, "reset_password", func(ctx context.Context, tx *postgres.Tx, a Account) error {
		account = a
		if err := updatePassword(ctx, tx, c.ID, hash, true); err != nil {
			return err
		}
		if err := deleteFailures(ctx, tx, accountSubject(a.Username)); err != nil {
			return err
		}
		_, err := deleteOwnSessions(ctx, tx, c.ID, 0, 0)
		return err
	})
	return Issued{Account: account, Password: password}, err
}

// keepAdministrator runs a change that may take rights away and refuses it when it would leave
// the installation without anybody to administer it.
func (s *Service) keepAdministrator(ctx context.Context, tx *postgres.Tx, change func() error) error {
	if err := lockAdministrators(ctx, tx); err != nil {
		return err
	}
	before, err := countAdministrators(ctx, tx, s.Today())
	if err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	after, err := countAdministrators(ctx, tx, s.Today())
	if err != nil {
		return err
	}
	if before > 0 && after == 0 {
		return fault.NewConflict("accounts.error.last_administrator")
	}
	return nil
}

// Filter narrows the list of accounts. After is the username after which to go on.
type Filter struct {
	Search   string // in username and name, without accents
	Role     access.Role
	Disabled *bool
	After    string
}

// PageSize is how many accounts one page of the list has.
const PageSize = 50

// List gives one page of the accounts that the viewer administers, by username, and whether
// there are more.
func (s *Service) List(ctx context.Context, v access.Viewer, f Filter) (list []Account, more bool, err error) {
	if !isSystem(v) && !v.May(access.AccountsEdit) {
		return nil, false, forbidden()
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		list, err = selectAccounts(ctx, tx, s.scopeOf(v), s.Today(), f, PageSize+1)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	if len(list) > PageSize {
		return list[:PageSize], true, nil
	}
	return list, false, nil
}

// Get gives one account that the viewer may see, and whether he may change it: not when it holds
// a role outside his organisations.
func (s *Service) Get(ctx context.Context, v access.Viewer, id int64) (a Account, manages bool, err error) {
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		var sees bool
		if sees, manages, err = selectReach(ctx, tx, s.scopeOf(v), id, s.Today()); err != nil {
			return err
		}
		if !sees {
			return notFound()
		}
		a, err = selectAccount(ctx, tx, id)
		return err
	})
	return a, manages, err
}

// Find gives the account of a username; only the system may ask.
func (s *Service) Find(ctx context.Context, v access.Viewer, username string) (a Account, err error) {
	if !isSystem(v) {
		return Account{}, forbidden()
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		id, err := selectAccountID(ctx, tx, folded(username))
		if err != nil {
			return err
		}
		a, err = selectAccount(ctx, tx, id)
		return err
	})
	return a, err
}

// scope is where a viewer administers accounts; the system does everywhere.
type scope struct {
	all   bool
	roots []int32
}

func (s *Service) scopeOf(v access.Viewer) scope {
	return scope{all: isSystem(v), roots: v.ScopeFor(access.AccountsEdit)}
}

func (s *Service) mayManage(ctx context.Context, tx *postgres.Tx, v access.Viewer, id int64) error {
	sees, manages, err := selectReach(ctx, tx, s.scopeOf(v), id, s.Today())
	switch {
	case err != nil:
		return err
	case !sees:
		return notFound()
	case !manages:
		return fault.NewForbidden("accounts.error.elsewhere")
	}
	return nil
}
