package main

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"ketnap/internal/postgres"
)

func runMigrate(ctx context.Context, p *program, args []string) error {
	f := p.flags()
	rest, err := p.parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) == 0 || len(rest) > 2 {
		return p.misused(f, "say status, up or down")
	}
	change, err := migration(rest)
	if err != nil {
		return p.misused(f, "%v", err)
	}
	db, err := p.attach(ctx)
	if err != nil {
		return err
	}
	defer db.Close(context.WithoutCancel(ctx))
	if err := change(ctx, db); err != nil {
		return err
	}
	status, err := db.MigrationStatus(ctx)
	if err != nil {
		return err
	}
	return p.print(status, func(w io.Writer) error { return writeStatus(w, status) })
}

// migration reads what to do: status, up [N], down [N|all].
func migration(words []string) (func(context.Context, *postgres.DB) error, error) {
	n := 0
	all := len(words) == 2 && words[0] == "down" && words[1] == "all"
	if len(words) == 2 && !all {
		var err error
		if n, err = strconv.Atoi(words[1]); err != nil || n < 1 || words[0] == "status" {
			return nil, fmt.Errorf("%q is not a number of steps", words[1])
		}
	}
	switch words[0] {
	case "status":
		return func(context.Context, *postgres.DB) error { return nil }, nil
	case "up":
		return func(ctx context.Context, db *postgres.DB) error { return db.MigrateUp(ctx, n) }, nil
	case "down":
		if all {
			return func(ctx context.Context, db *postgres.DB) error { return db.MigrateDownAll(ctx) }, nil
		}
		return func(ctx context.Context, db *postgres.DB) error { return db.MigrateDown(ctx, max(n, 1)) }, nil
	}
	return nil, fmt.Errorf("%q is none of status, up and down", words[0])
}

func writeStatus(w io.Writer, s postgres.MigrationStatus) error {
	for _, step := range s.Steps {
		mark := " "
		if step.Applied {
			mark = "x"
		}
		if _, err := fmt.Fprintf(w, "[%s] %04d %s\n", mark, step.Number, step.Name); err != nil {
			return err
		}
	}
	word := "current"
	switch {
	case s.Dirty:
		word = "broken off half-way by another tool"
	case s.Version > s.Newest:
		word = "newer than this program"
	case s.Version < s.Newest:
		word = "behind; run: ketnap migrate up"
	}
	_, err := fmt.Fprintf(w, "at step %d of %d: %s\n", s.Version, s.Newest, word)
	return err
}
