// Package account is who may sign in and as what: accounts, their grants of a role on an
// organisation, passwords, sign-in with its lockout, sessions, and the first set-up of an empty
// installation. What a role may do is decided in package access; cookies and pages are in httpd.
package account

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Service holds the use cases of accounts.
type Service struct {
	db    *postgres.DB
	Today func() party.Date // the day in the committee's time zone
	hash  *hasher
	known setupState
}

// New makes the service. today tells the day in the committee's time zone.
func New(db *postgres.DB, today func() party.Date) *Service {
	return &Service{db: db, Today: today, hash: newHasher()}
}

// Account is somebody who may sign in.
type Account struct {
	ID         int64
	Username   string
	Name       string
	Language   string
	DisabledAt time.Time // zero while it may sign in
	MustChange bool      // the password was set by somebody else
	Version    int
	CreatedAt  time.Time
	SeenAt     time.Time // when last seen on any device still known; zero when on none
	Grants     []Grant
}

// Disabled tells whether the account may not sign in.
func (a Account) Disabled() bool { return !a.DisabledAt.IsZero() }

// Grant is a role on an organisation with the organisation's name.
type Grant struct {
	access.Grant
	OrgName string
	OrgCode string
}

const (
	maxUsername = 64
	maxName     = 120
)

var usernamePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,63}$`)

// folded is the one form of a username: people may type it in capitals.
func folded(username string) string { return strings.ToLower(strings.TrimSpace(username)) }

func checkUsername(username string) []fault.Field {
	if !usernamePattern.MatchString(username) || username == access.System.Username {
		return []fault.Field{{Name: "username", Key: "accounts.error.username"}}
	}
	return nil
}

func checkName(name string) []fault.Field {
	switch {
	case name == "":
		return []fault.Field{{Name: "name", Key: "accounts.error.name"}}
	case utf8.RuneCountInString(name) > maxName:
		return []fault.Field{{Name: "name", Key: "errors.too_long", Args: []any{"Max", maxName}}}
	}
	return nil
}

// isSystem tells whether the command line asks, which no request can be.
func isSystem(v access.Viewer) bool {
	return v.AccountID == 0 && v.Username == access.System.Username
}

func notFound() error { return fault.NewNotFound("errors.not_found") }

func forbidden() error { return fault.NewForbidden("errors.forbidden") }
