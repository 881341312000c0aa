package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// prepareEmbedded makes the database and the application's role in a cluster that this program
// started. It may run any number of times.
func (db *DB) prepareEmbedded(ctx context.Context) error {
	if db.cluster.process == nil {
		return nil
	}
	conn, err := pgx.Connect(ctx, db.cluster.url(OwnerRole, "postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	if err := makeAppRole(ctx, conn); err != nil {
		return err
	}
	// The password is hexadecimal; a utility statement takes no parameters.
	_, err = conn.Exec(ctx, fmt.Sprintf("alter role %s login password '%s'", AppRole, db.cluster.password(AppRole)))
	if err != nil {
		return err
	}
	return makeDatabase(ctx, conn, embeddedDatabase, "template1")
}

// makeAppRole makes the application's role. Several copies may do so at once.
func makeAppRole(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `
		do $$
		begin
		  if not exists (select from pg_roles where rolname = 'ketnap_app') then
		    create role ketnap_app nologin nosuperuser nobypassrls nocreatedb nocreaterole;
		  end if;
		exception when duplicate_object or unique_violation then null;
		end $$`)
	return err
}

func makeDatabase(ctx context.Context, conn *pgx.Conn, name, template string) error {
	var exists bool
	err := conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, name).Scan(&exists)
	if err != nil || exists {
		return err
	}
	_, err = conn.Exec(ctx, "create database "+pgx.Identifier{name}.Sanitize()+
		" template "+pgx.Identifier{template}.Sanitize())
	return err
}
