package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/golang-migrate/migrate/v4"
	"github.com/golang-migrate/migrate/v4/source"
	"github.com/golang-migrate/migrate/v4/source/iofs"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"ketnap/migrations"
)

// migrationLock is the advisory lock under which the schema changes; any fixed number does.
const migrationLock = 0x6b65746e6170 // "ketnap"

// ErrNewerSchema says that the database was migrated by a newer program.
var ErrNewerSchema = errors.New("the database is newer than this program")

// MigrationStatus tells how far the database is.
type MigrationStatus struct {
	Version int             `json:"version"` // newest step in the database, 0 when none
	Newest  int             `json:"newest"`  // newest step in this program
	Dirty   bool            `json:"dirty"`   // a foreign tool broke off within a step
	Steps   []MigrationStep `json:"steps"`
}

// MigrationStep is one numbered file.
type MigrationStep struct {
	Number  int    `json:"number"`
	Name    string `json:"name"`
	Applied bool   `json:"applied"`
}

// Current tells whether program and database agree.
func (s MigrationStatus) Current() bool { return s.Version == s.Newest && !s.Dirty }

// Migrate brings the schema to this program's newest step. Copies that start together wait for
// one another. A database that is newer, or half-way, is refused.
func (db *DB) Migrate(ctx context.Context) error {
	return db.migrating(ctx, func(m *migrate.Migrate) error { return m.Up() })
}

// MigrateUp runs the next n steps; 0 means all.
func (db *DB) MigrateUp(ctx context.Context, n int) error {
	if n <= 0 {
		return db.Migrate(ctx)
	}
	return db.migrating(ctx, func(m *migrate.Migrate) error { return m.Steps(n) })
}

// MigrateDown takes back the last n steps, with the data that they hold.
func (db *DB) MigrateDown(ctx context.Context, n int) error {
	return db.migrating(ctx, func(m *migrate.Migrate) error { return m.Steps(-n) })
}

// MigrateDownAll takes back everything.
func (db *DB) MigrateDownAll(ctx context.Context) error {
	return db.migrating(ctx, func(m *migrate.Migrate) error { return m.Down() })
}

// SchemaCurrent tells whether the schema is the one that this program was made for, and why not.
func (db *DB) SchemaCurrent(ctx context.Context) error {
	newest, err := newestStep()
	if err != nil {
		return err
	}
	var version int
	var dirty bool
	err = db.pool.QueryRow(ctx, `select version, dirty from schema_migrations`).Scan(&version, &dirty)
	var pg *pgconn.PgError
	switch {
	case NoRows(err), errors.As(err, &pg) && pg.Code == "42P01":
		return errors.New("the database is empty; run: ketnap migrate up")
	case err != nil:
		return classify(err)
	case version > newest:
		return fmt.Errorf("%w: step %d, known here %d", ErrNewerSchema, version, newest)
	case version < newest || dirty:
		return fmt.Errorf("the database is at step %d of %d; run: ketnap migrate up", version, newest)
	}
	return nil
}

// MigrationStatus lists the steps and how far the database is.
func (db *DB) MigrationStatus(ctx context.Context) (MigrationStatus, error) {
	conn, err := db.OwnerConn(ctx)
	if err != nil {
		return MigrationStatus{}, err
	}
	defer func() { _ = conn.Close(ctx) }()
	return migrationStatus(ctx, conn)
}

// migrating runs change under the lock, after making sure that it may run.
func (db *DB) migrating(ctx context.Context, change func(*migrate.Migrate) error) error {
	conn, err := db.OwnerConn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, `select pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
		return classify(err)
	}
	if err := refuseStrange(ctx, conn); err != nil {
		return err
	}
	if err := makeRole(ctx, conn); err != nil {
		return err
	}
	began := time.Now()
	if err := db.runSteps(ctx, conn, change); err != nil {
		return explainMigration(err)
	}
	if _, err := conn.Exec(ctx, `grant select on schema_migrations to `+AppRole); err != nil {
		return err
	}
	db.log.Info("schema is current", "took", time.Since(began).Round(time.Millisecond).String())
	return nil
}

// refuseStrange refuses a database that this program cannot have made.
func refuseStrange(ctx context.Context, conn *pgx.Conn) error {
	status, err := migrationStatus(ctx, conn)
	if err != nil {
		return err
	}
	if status.Version > status.Newest {
		return fmt.Errorf("%w: it is at step %d, this program knows %d; use the newer program, "+
			"or take the database back with it first (ketnap migrate down)", ErrNewerSchema, status.Version, status.Newest)
	}
	if status.Dirty {
		return fmt.Errorf("the database is marked as broken off within step %d. ketnap runs each step in one "+
			"transaction, so another tool did this. Find out which of the step's changes are there, then record the "+
			"last whole step N as the owner:\n  UPDATE schema_migrations SET version = N, dirty = false;", status.Version)
	}
	return nil
}

// makeRole makes the application's role and sees to it that the one who migrates may become it.
func makeRole(ctx context.Context, conn *pgx.Conn) error {
	err := makeAppRole(ctx, conn)
	if err == nil {
		_, err = conn.Exec(ctx, `
			do $$
			begin
			  if not pg_has_role(current_user, 'ketnap_app', 'member') then
			    execute format('grant ketnap_app to %I', current_user);
			  end if;
			end $$`)
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "42501" {
		user := conn.Config().User
		return fmt.Errorf("%s may not make the application's role; as an administrator of the database run:\n"+
			"  CREATE ROLE %s NOLOGIN NOSUPERUSER NOBYPASSRLS;\n  GRANT %s TO %s;\n(%w)",
			user, AppRole, AppRole, pgx.Identifier{user}.Sanitize(), err)
	}
	return classify(err)
}

func explainMigration(err error) error {
	if errors.Is(err, migrate.ErrNoChange) {
		return nil
	}
	var short migrate.ErrShortLimit
	if errors.As(err, &short) || errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there are not that many steps: %w", err)
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "42501" {
		return fmt.Errorf("the database user of the migrations lacks a right (%s); as an administrator of the database "+
			"make it the owner of the database and run in it:\n  CREATE EXTENSION IF NOT EXISTS unaccent;\n"+
			"  CREATE EXTENSION IF NOT EXISTS pg_trgm;\n  CREATE EXTENSION IF NOT EXISTS btree_gin;\n"+
			"  CREATE EXTENSION IF NOT EXISTS btree_gist;\n(%w)", pg.Message, err)
	}
	return classify(err)
}

func migrationStatus(ctx context.Context, conn *pgx.Conn) (MigrationStatus, error) {
	var s MigrationStatus
	steps, err := migrationSteps()
	if err != nil {
		return s, err
	}
	err = conn.QueryRow(ctx, `select version, dirty from schema_migrations`).Scan(&s.Version, &s.Dirty)
	var pg *pgconn.PgError
	if err != nil && !NoRows(err) && !(errors.As(err, &pg) && pg.Code == "42P01") {
		return s, classify(err)
	}
	for _, step := range steps {
		step.Applied = step.Number <= s.Version
		s.Steps = append(s.Steps, step)
		s.Newest = step.Number
	}
	return s, nil
}

func newestStep() (int, error) {
	steps, err := migrationSteps()
	if err != nil || len(steps) == 0 {
		return 0, err
	}
	return steps[len(steps)-1].Number, nil
}

func migrationSteps() ([]MigrationStep, error) {
	files, err := fs.Glob(migrations.Files, "*.up.sql")
	if err != nil {
		return nil, err
	}
	var steps []MigrationStep
	for _, f := range files { // in the order of their numbers
		parsed, err := source.DefaultParse(f)
		if err != nil {
			return nil, fmt.Errorf("migrations/%s: %w", f, err)
		}
		steps = append(steps, MigrationStep{Number: int(parsed.Version), Name: parsed.Identifier})
	}
	return steps, nil
}

func openSource() (source.Driver, error) { return iofs.New(migrations.Files, ".") }
