package postgres

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/golang-migrate/migrate/v4"
	"github.com/golang-migrate/migrate/v4/database"
	migratepgx "github.com/golang-migrate/migrate/v4/database/pgx/v5"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// runSteps lets golang-migrate change the schema. conn holds the lock meanwhile and sees to the
// end: when ctx is cancelled, no further step begins.
func (db *DB) runSteps(ctx context.Context, conn *pgx.Conn, change func(*migrate.Migrate) error) error {
	pool := stdlib.OpenDB(*conn.Config().Copy())
	inner, err := migratepgx.WithInstance(pool, &migratepgx.Config{})
	if err != nil {
		_ = pool.Close()
		return err
	}
	steps, err := openSource()
	if err != nil {
		_ = inner.Close()
		return err
	}
	m, err := migrate.NewWithInstance("files", steps, "database", &wholeSteps{Driver: inner})
	if err != nil {
		_ = inner.Close()
		return err
	}
	defer func() { _, _ = m.Close() }()
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		select {
		case <-ctx.Done():
			m.GracefulStop <- true
		case <-ended:
		}
	}()
	if err := change(m); err != nil {
		return err
	}
	return ctx.Err()
}

// wholeSteps makes a step and the record of its number one transaction. golang-migrate's own
// driver marks the database as half-way before a step, so that a program killed in that moment
// would not start again without a person's help.
type wholeSteps struct {
	database.Driver
	target int
}

// SetVersion remembers the number that the next step leads to; Run writes it.
func (d *wholeSteps) SetVersion(version int, dirty bool) error {
	if dirty {
		d.target = version
		return nil
	}
	return d.Driver.SetVersion(version, false)
}

// Run carries out one step.
func (d *wholeSteps) Run(step io.Reader) error {
	record := "truncate schema_migrations;\n"
	if d.target > 0 {
		record += fmt.Sprintf("insert into schema_migrations (version, dirty) values (%d, false);\n", d.target)
	}
	err := d.Driver.Run(io.MultiReader(strings.NewReader("begin;\n"+record), step, strings.NewReader("\n;commit;")))
	if err != nil {
		_ = d.Driver.Run(strings.NewReader("rollback"))
	}
	return err
}
