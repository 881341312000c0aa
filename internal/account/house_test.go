package account_test

import (
	"context"
	"crypto/sha256"
	"slices"
	"testing"

	"ketnap/internal/access"
	"ketnap/internal/account"
	"ketnap/internal/apptest"
	"ketnap/internal/fault"
	"ketnap/internal/postgres"
)

// elsewhere is an address of the documentation, from which nobody has tried yet.
const elsewhere = "192.0.2.7"

// mustBe fails unless err is of a kind and, where key is not empty, has that message.
func mustBe(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	if fault.KindOf(err) != kind || err == nil || key != "" && fault.As(err).Key != key {
		t.Errorf("want %s %s, got %v", kind, key, err)
	}
}

// mustRefuse fails unless err refuses a field for a reason.
func mustRefuse(t *testing.T, err error, field, key string) {
	t.Helper()
	e := fault.As(err)
	if e == nil || !slices.ContainsFunc(e.Fields, func(f fault.Field) bool { return f.Name == field && f.Key == key }) {
		t.Errorf("want %s refused with %s, got %v", field, key, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// execute changes what no use case changes, such as how long ago something was.
func execute(t *testing.T, db *postgres.DB, sql string, args ...any) {
	t.Helper()
	must(t, db.WriteSystem(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Exec(ctx, sql, args...)
		return err
	}))
}

// lookUp reads one row past the use cases.
func lookUp(t *testing.T, db *postgres.DB, into []any, sql string, args ...any) {
	t.Helper()
	must(t, db.ReadSystem(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		return tx.QueryRow(ctx, sql, args...).Scan(into...)
	}))
}

func signIn(t *testing.T, h *apptest.House, username, password, address string) error {
	t.Helper()
	_, err := h.Accounts.SignIn(t.Context(), account.Credentials{Username: username, Password: password, Address: address})
	return err
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// begin starts a session under a token and gives its number.
func begin(t *testing.T, h *apptest.House, username, token string) int64 {
	t.Helper()
	id, err := h.Accounts.StartSession(t.Context(), h.Viewer(username).AccountID, tokenHash(token), []byte{}, account.Device{Address: elsewhere})
	must(t, err)
	return id
}

// open gives the session of a token, nil when there is none.
func open(t *testing.T, h *apptest.House, token string) *account.Session {
	t.Helper()
	s, err := h.Accounts.OpenSession(t.Context(), tokenHash(token))
	must(t, err)
	return s
}

// find gives an account as it is now.
func find(t *testing.T, h *apptest.House, username string) account.Account {
	t.Helper()
	a, err := h.Accounts.Find(t.Context(), access.System, username)
	must(t, err)
	return a
}

// changeOf is a change of an account as it is now, without a form's key.
func changeOf(t *testing.T, h *apptest.House, username string) account.Change {
	t.Helper()
	a := find(t, h, username)
	return account.Change{ID: a.ID, Version: a.Version}
}

// newAdministrator makes an account that administers an organisation, and gives it as a viewer.
func newAdministrator(t *testing.T, h *apptest.House, username, code string) access.Viewer {
	t.Helper()
	g := account.NewGrant{Role: access.Administrator, OrgID: h.Org(code)}
	issued, err := h.Accounts.Create(t.Context(), access.System, account.NewAccount{Username: username, Name: "Quản trị " + code, Grant: g})
	must(t, err)
	return access.Viewer{AccountID: issued.Account.ID, Username: username, Grants: []access.Grant{issued.Account.Grants[0].Grant}}
}
