package postgres

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// foreignDatabase makes an empty database owned by a new ordinary user, as a hoster gives it, and
// opens it by its URL. The user may be a member of the application's role.
func foreignDatabase(t *testing.T, member bool) *DB {
	t.Helper()
	name := NewTestDB(t).owner.Database + "_foreign"
	user := pgx.Identifier{name}.Sanitize()
	grant := ""
	if member {
		grant = "grant ketnap_app to " + user + ";"
	}
	err := shared.asOwner(t.Context(), func(conn *pgx.Conn) error {
		_, err := conn.Exec(t.Context(), "create role "+user+" login password '"+shared.cluster.password(name)+"'; "+grant)
		if err == nil {
			_, err = conn.Exec(t.Context(), "create database "+user+" owner "+user)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	db, err := Open(t.Context(), Config{URL: shared.cluster.url(name, name), MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shared.drop(db) })
	return db
}

func TestAnOrdinaryOwnerMigratesAndServesAsTheApplication(t *testing.T) {
	t.Parallel()
	db := foreignDatabase(t, true)
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := db.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	var user string
	if err := db.pool.QueryRow(t.Context(), `select current_user`).Scan(&user); err != nil || user != AppRole {
		t.Errorf("serves as %s, %v", user, err)
	}
	if err := db.MigrateDownAll(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAMissingRightIsAnsweredWithTheStatementsToRun(t *testing.T) {
	t.Parallel()
	db := foreignDatabase(t, false)
	for what, err := range map[string]error{"migrate": db.Migrate(t.Context()), "verify": db.Verify(t.Context())} {
		if err == nil || !strings.Contains(err.Error(), "GRANT ketnap_app TO") {
			t.Errorf("%s says %v", what, err)
		}
	}
}

func TestAnAddressThatIsNoneNamesItsSetting(t *testing.T) {
	t.Parallel()
	_, err := Open(t.Context(), Config{URL: "postgres://localhost:port/x"})
	if err == nil || !strings.Contains(err.Error(), "DATABASE_") {
		t.Errorf("got %v", err)
	}
}
