package postgres

import (
	"errors"
	"strings"
	"sync"
	"testing"
)

func TestMigrationsGoUpDownAndUpAgain(t *testing.T) {
	t.Parallel()
	db := NewTestDB(t)
	before := schemaOf(t, db)
	if err := db.MigrateDownAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := schemaOf(t, db); left != "" {
		t.Errorf("after all down there is still: %s", left)
	}
	if err := db.SchemaCurrent(t.Context()); err == nil {
		t.Error("an empty database counts as current")
	}
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := schemaOf(t, db); after != before {
		t.Errorf("the second way up leads elsewhere:\n%s\nbefore:\n%s", after, before)
	}
	if err := db.SchemaCurrent(t.Context()); err != nil {
		t.Error(err)
	}
}

// schemaOf lists what the migrations made: relations, functions, policies, types, extensions.
func schemaOf(t *testing.T, db *DB) string {
	t.Helper()
	conn, err := db.OwnerConn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	rows, err := conn.Query(t.Context(), `
		select * from (
		  select 'relation ' || relname || ' ' || relkind::text || coalesce(relacl::text, '') from pg_class
		   where relnamespace = 'public'::regnamespace and relname not like 'schema_migrations%'
		  union all select 'function ' || oid::regprocedure::text from pg_proc where pronamespace = 'public'::regnamespace
		  union all select 'policy ' || tablename || ' ' || policyname from pg_policies
		  union all select 'type ' || typname from pg_type where typnamespace = 'public'::regnamespace
		     and typrelid = 0 and typname not like '\_%'
		  union all select 'extension ' || extname from pg_extension where extname <> 'plpgsql'
		) as made order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if rows.Err() != nil {
		t.Fatal(rows.Err())
	}
	return strings.Join(lines, "\n")
}

func TestEveryStepDownCanGoUpAgain(t *testing.T) {
	t.Parallel()
	db := NewTestDB(t)
	status, err := db.MigrationStatus(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !status.Current() || len(status.Steps) == 0 {
		t.Fatalf("a new test database is at %d of %d", status.Version, status.Newest)
	}
	for range status.Steps {
		before := schemaOf(t, db)
		if err := db.MigrateDown(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		if err := db.MigrateUp(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		if after := schemaOf(t, db); after != before {
			t.Fatalf("down and up changes the schema:\n%s\nbefore:\n%s", after, before)
		}
		if err := db.MigrateDown(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCopiesThatStartTogetherMigrateOnce(t *testing.T) {
	t.Parallel()
	db := NewTestDB(t)
	if err := db.MigrateDownAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := db.Migrate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if err := db.SchemaCurrent(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	db := NewTestDB(t)
	asOwner(t, db, `update schema_migrations set version = version + 1`)
	if err := db.Migrate(t.Context()); !errors.Is(err, ErrNewerSchema) {
		t.Errorf("migrate says %v", err)
	}
	if err := db.SchemaCurrent(t.Context()); !errors.Is(err, ErrNewerSchema) {
		t.Errorf("ready says %v", err)
	}
}

func TestADatabaseBrokenOffHalfWayIsExplained(t *testing.T) {
	t.Parallel()
	db := NewTestDB(t)
	asOwner(t, db, `update schema_migrations set dirty = true`)
	if err := db.Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), "broken off") {
		t.Errorf("migrate says %v", err)
	}
}

func TestAStepThatFailsLeavesTheDatabaseAtTheOneBefore(t *testing.T) {
	t.Parallel()
	db := NewTestDB(t)
	status, err := db.MigrationStatus(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := db.MigrateDown(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	before := schemaOf(t, db)
	asOwner(t, db, `create function refuse() returns event_trigger language plpgsql as
		$$ begin raise exception 'refused'; end $$;
		create event trigger refuse on ddl_command_end execute function refuse()`)
	if err := db.Migrate(t.Context()); err == nil {
		t.Fatal("the step did not fail")
	}
	asOwner(t, db, `drop event trigger refuse; drop function refuse()`)
	if after := schemaOf(t, db); after != before {
		t.Errorf("the failed step left something:\n%s\nbefore:\n%s", after, before)
	}
	now, err := db.MigrationStatus(t.Context())
	if err != nil || now.Dirty || now.Version == status.Newest {
		t.Errorf("after a failed step: %+v, %v", now, err)
	}
	if err := db.Migrate(t.Context()); err != nil {
		t.Errorf("the repaired way up: %v", err)
	}
}

func asOwner(t *testing.T, db *DB, sql string) {
	t.Helper()
	conn, err := db.OwnerConn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}
