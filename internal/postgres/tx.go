package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/access"
)

// Tx is a transaction that carries its viewer. It has Exec, Query, QueryRow, SendBatch and
// CopyFrom of pgx. Only DB ends it.
type Tx struct {
	pgx.Tx
	account int64
}

// maxRetries bounds how often a transaction is run again that lost against another one.
const maxRetries = 3

// system is what row-level security reads for jobs and commands that see everything.
const system = "system"

// Write runs fn in a transaction of the viewer and commits it when fn returns nil. When it lost
// against a concurrent one (serialization, deadlock), fn runs again, up to three times: fn must not
// do anything outside the transaction.
func (db *DB) Write(ctx context.Context, v access.Viewer, fn func(context.Context, *Tx) error) error {
	return db.run(ctx, v.AccountID, beginWrite(account(v)), fn)
}

// Read runs fn in a read-only transaction of the viewer on one snapshot, so that figures and the
// lists behind them agree.
func (db *DB) Read(ctx context.Context, v access.Viewer, fn func(context.Context, *Tx) error) error {
	return db.run(ctx, v.AccountID, beginRead(account(v)), fn)
}

// ReadAudited is a read that leaves an entry in the audit: one snapshot, writable, and committed
// without waiting for the disk. A crash in that moment may lose the entry of a page being sent.
func (db *DB) ReadAudited(ctx context.Context, v access.Viewer, fn func(context.Context, *Tx) error) error {
	return db.run(ctx, v.AccountID, beginReadAudited(account(v)), fn)
}

// WriteSystem is Write for jobs and commands: row-level security shows everything, and no
// statement timeout applies. No page may use it.
func (db *DB) WriteSystem(ctx context.Context, fn func(context.Context, *Tx) error) error {
	return db.run(ctx, 0, beginWrite(system)+noTimeouts, fn)
}

// ReadSystem is Read for jobs and commands: row-level security shows everything, and no statement
// timeout applies. No page may use it.
func (db *DB) ReadSystem(ctx context.Context, fn func(context.Context, *Tx) error) error {
	return db.run(ctx, 0, beginRead(system)+noTimeouts, fn)
}

// The texts below are sent as one message, so that beginning costs one round trip. What is put
// into them is a number or the word system, never input.
const noTimeouts = "; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0"

func account(v access.Viewer) string { return strconv.FormatInt(v.AccountID, 10) }

func carry(account string) string {
	return "; select set_config('ketnap.account', '" + account + "', true)"
}

func beginWrite(account string) string {
	return "begin isolation level read committed" + carry(account)
}

func beginRead(account string) string {
	return "begin isolation level repeatable read read only" + carry(account)
}

func beginReadAudited(account string) string {
	return "begin isolation level read committed; set local synchronous_commit = off" + carry(account)
}

func (db *DB) run(ctx context.Context, accountID int64, begin string, fn func(context.Context, *Tx) error) error {
	if err := Alone(ctx); err != nil {
		return err
	}
	for attempt := 0; ; attempt++ {
		err := db.once(ctx, accountID, begin, fn)
		if err == nil || attempt == maxRetries || !lostRace(err) {
			return classify(err)
		}
		if err := pause(ctx, time.Duration(attempt+1)*5*time.Millisecond); err != nil {
			return classify(err)
		}
	}
}

// within marks the context of what runs in a transaction.
type within struct{}

// Alone refuses a context in which a transaction runs. Whoever takes a second connection while
// holding one waits for ever once as many do so as there are connections; what a use case needs
// from elsewhere it reads before, or through its own transaction.
func Alone(ctx context.Context) error {
	if ctx.Value(within{}) != nil {
		return errors.New("a transaction within a transaction")
	}
	return nil
}

func (db *DB) once(ctx context.Context, accountID int64, begin string, fn func(context.Context, *Tx) error) error {
	tx, err := db.begin(ctx, begin)
	if err != nil {
		return err
	}
	// After a panic or an error nothing of the transaction stays. The rollback must reach the
	// server even when the request was given up.
	defer func() {
		undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), connectTimeout)
		defer cancel()
		_ = tx.Rollback(undo)
	}()
	if err := fn(context.WithValue(ctx, within{}, true), &Tx{Tx: tx, account: accountID}); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// begin gets a connection and begins. Connections that died with the database while they lay in
// the pool are thrown away, once, before the answer is that the database is not there.
func (db *DB) begin(ctx context.Context, begin string) (pgx.Tx, error) {
	options := pgx.TxOptions{BeginQuery: begin}
	tx, err := db.pool.BeginTx(ctx, options)
	if err != nil && ctx.Err() == nil && isConnection(err) {
		db.pool.Reset()
		tx, err = db.pool.BeginTx(ctx, options)
	}
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	return tx, nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// Try runs fn in a part of the transaction that is undone alone when fn fails, so that of many rows
// the good ones can be kept. The error is fn's.
func (tx *Tx) Try(ctx context.Context, fn func(context.Context, *Tx) error) error {
	part, err := tx.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin a part: %w", err)
	}
	if err := fn(ctx, &Tx{Tx: part, account: tx.account}); err != nil {
		if undone := part.Rollback(ctx); undone != nil {
			return errors.Join(err, fmt.Errorf("undo a part: %w", undone))
		}
		return err
	}
	return part.Commit(ctx)
}

// NoRows tells whether the error says that a query found nothing.
func NoRows(err error) bool { return errors.Is(err, pgx.ErrNoRows) }
