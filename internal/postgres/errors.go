package postgres

import (
	"context"
	"errors"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"ketnap/internal/fault"
)

// classify turns errors that say "the database is not there just now" into fault.Unavailable, and
// a unit of work that lost every race into fault.Conflict. Others stay as they are.
func classify(err error) error {
	switch {
	case err == nil, fault.As(err) != nil:
		return err
	case lostRace(err):
		return fault.Wrap(fault.Conflict, err, "errors.conflict")
	case errors.Is(err, context.Canceled):
		return err
	case isConnection(err), isOverload(err):
		return fault.NewUnavailable(err)
	}
	return err
}

// isConnection tells whether the way to the database is broken.
func isConnection(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return strings.HasPrefix(pg.Code, "08") || strings.HasPrefix(pg.Code, "57P") || pg.Code == "53300"
	}
	var connect *pgconn.ConnectError
	var netErr net.Error
	return errors.As(err, &connect) || errors.As(err, &netErr) || pgconn.SafeToRetry(err) ||
		errors.Is(err, net.ErrClosed) || brokenOff(err)
}

// brokenOff finds the errors of a connection that ended in the middle, which pgconn gives no type.
func brokenOff(err error) bool {
	text := err.Error()
	return strings.Contains(text, "unexpected EOF") || strings.Contains(text, "conn closed") ||
		strings.Contains(text, "connection reset") || strings.Contains(text, "broken pipe")
}

// isOverload tells whether the database answered that it cannot now: out of disk, memory or time.
func isOverload(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return false
	}
	switch pg.Code {
	case "57014", "55P03", "25P03": // statement, lock and idle timeout
		return true
	}
	return strings.HasPrefix(pg.Code, "53")
}

// lostRace tells whether the transaction was given up for another one and may run again.
func lostRace(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

// UniqueViolation gives the name of the unique constraint that the error broke, or "".
func UniqueViolation(err error) string { return violated(err, "23505", "23P01") }

// ForeignKeyViolation gives the name of the foreign key that the error broke, or "".
func ForeignKeyViolation(err error) string { return violated(err, "23503") }

// CheckViolation gives the name of the check constraint that the error broke, or "".
func CheckViolation(err error) string { return violated(err, "23514") }

func violated(err error, codes ...string) string {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return ""
	}
	for _, code := range codes {
		if pg.Code == code {
			return pg.ConstraintName
		}
	}
	return ""
}
