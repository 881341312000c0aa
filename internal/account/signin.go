package account

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/postgres"
)

// The lockout: so many failures within the window, by account name and by address.
const (
	lockWindow      = 15 * time.Minute
	accountFailures = 5
	addressFailures = 30 // a school behind one address signs in together
)

// Credentials are what somebody signs in with. Address is the client's, for the lockout.
type Credentials struct {
	Username string
	Password string
	Address  string
}

// SignIn checks the credentials and gives the account. A wrong name and a wrong password get the
// same answer after the same time (fault.Invalid); after too many failures the answer is
// fault.TooMany with the minutes to wait, whether the password is right or not.
func (s *Service) SignIn(ctx context.Context, c Credentials) (Account, error) {
	return s.prove(ctx, c, "sign_in")
}

// prove checks the credentials and leaves an entry of the act in the audit; "" leaves none.
func (s *Service) prove(ctx context.Context, c Credentials, act string) (Account, error) {
	c.Username = folded(c.Username)
	if c.Username == "" || c.Password == "" {
		return Account{}, fault.NewInvalid("account.error.sign_in_empty")
	}
	give, err := s.hash.take(ctx)
	if err != nil {
		return Account{}, err
	}
	defer give()
	account, hash, err := s.openDoor(ctx, c)
	if err != nil {
		return Account{}, err
	}
	ok := utf8.RuneCountInString(c.Password) <= maxPassword
	if ok {
		if ok, err = s.hash.matches(c.Password, hash); err != nil {
			return Account{}, err
		}
	}
	if !ok || account.Disabled() {
		return Account{}, s.recordFailure(ctx, c)
	}
	return account, s.recordSuccess(ctx, c, account, act)
}

// openDoor refuses a locked account or address before the password is looked at, and gives the
// account with its hash; both are empty when there is none of that name.
func (s *Service) openDoor(ctx context.Context, c Credentials) (a Account, hash string, err error) {
	err = s.db.Read(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		wait, err := lockedFor(ctx, tx, c)
		if err != nil {
			return err
		}
		if wait > 0 {
			return tooMany(wait)
		}
		a, hash, err = selectForSignIn(ctx, tx, c.Username)
		return err
	})
	return a, hash, err
}

func lockedFor(ctx context.Context, tx *postgres.Tx, c Credentials) (time.Duration, error) {
	account, err := selectWait(ctx, tx, accountSubject(c.Username), accountFailures, lockWindow)
	if err != nil {
		return 0, err
	}
	address, err := selectWait(ctx, tx, addressSubject(c.Address), addressFailures, lockWindow)
	if err != nil {
		return 0, err
	}
	return max(account, address), nil
}

// tooMany is the refusal with the whole minutes to wait; its detail is the wait itself.
func tooMany(wait time.Duration) error {
	minutes := int((wait + time.Minute - 1) / time.Minute)
	return fault.New(fault.TooMany, "account.error.locked", "Count", max(minutes, 1)).With(wait)
}

func accountSubject(username string) string {
	if len(username) > maxUsername {
		username = strings.ToValidUTF8(username[:maxUsername], "") // no account has such a name
	}
	return "account:" + username
}

func addressSubject(address string) string { return "address:" + address }

func (s *Service) recordFailure(ctx context.Context, c Credentials) error {
	err := s.db.Write(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		return insertFailures(ctx, tx, accountSubject(c.Username), addressSubject(c.Address))
	})
	if err != nil {
		return fmt.Errorf("record failed sign-in: %w", err)
	}
	return fault.NewInvalid("account.error.sign_in")
}

func (s *Service) recordSuccess(ctx context.Context, c Credentials, a Account, act string) error {
	return s.db.Write(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		if err := deleteFailures(ctx, tx, accountSubject(c.Username)); err != nil || act == "" {
			return err
		}
		v := access.Viewer{AccountID: a.ID, Username: a.Username}
		return audit.Write(ctx, tx, v, audit.Entry{Action: act, Entity: "account", EntityID: a.ID})
	})
}
