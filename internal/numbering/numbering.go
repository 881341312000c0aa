// Package numbering gives the numbers of papers that an organisation numbers by kind and year,
// without gaps and at once under load. What the numbers are printed with, and why one was wasted,
// is told by the package whose papers they are.
package numbering

import (
	"context"
	"fmt"

	"ketnap/internal/postgres"
)

// Series is a row of numbers that begins at 1.
type Series struct {
	Kind  string // e.g. decision
	OrgID int32  // who issues
	Year  int
}

// Next gives the next number. Who comes next waits until the caller's transaction has ended, and
// gets the same number when it failed: nothing slow may come after it.
func Next(ctx context.Context, tx *postgres.Tx, s Series) (n int, err error) {
	err = tx.QueryRow(ctx, `
		insert into number_series (kind, org_id, year, last) values ($1, $2, $3, 1)
		on conflict (kind, org_id, year) do update set last = number_series.last + 1
		returning last`, s.Kind, s.OrgID, s.Year).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("next number of %s: %w", s.Kind, err)
	}
	return n, nil
}

// Taken notes a number that was given by hand, so that the row goes on behind it.
func Taken(ctx context.Context, tx *postgres.Tx, s Series, n int) error {
	_, err := tx.Exec(ctx, `
		insert into number_series (kind, org_id, year, last) values ($1, $2, $3, $4)
		on conflict (kind, org_id, year) do update set last = greatest(number_series.last, excluded.last)`,
		s.Kind, s.OrgID, s.Year, n)
	if err != nil {
		return fmt.Errorf("taken number of %s: %w", s.Kind, err)
	}
	return nil
}
