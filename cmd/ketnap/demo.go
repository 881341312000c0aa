package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"ketnap/internal/app"
	"ketnap/internal/demo"
	"ketnap/internal/fault"
	"ketnap/internal/postgres"
)

// errNotEmpty is told instead of filling a database that somebody works in.
var errNotEmpty = errors.New("the database is in use already; the demo needs an empty one: choose another DATA_DIR or DATABASE_URL")

func runDemo(ctx context.Context, p *program, args []string) error {
	f := p.flags()
	rest, err := p.parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return p.misused(f, "unknown argument %q", rest[0])
	}
	return p.withMigratedServices(ctx, func(db *postgres.DB, s *app.Services) error {
		if err := fillDemo(ctx, db, s); err != nil {
			return err
		}
		return p.print(map[string]string{"password": demo.Password}, func(w io.Writer) error {
			_, err := fmt.Fprintf(w, "the demo is there; sign in as vanphong, lanhdao, tuyengiao, kiemtra or quantri with %s\n", demo.Password)
			return err
		})
	})
}

func fillDemo(ctx context.Context, db *postgres.DB, s *app.Services) error {
	err := demo.Fill(ctx, db, s)
	if err != nil && fault.KindOf(err) == fault.Conflict {
		return errNotEmpty
	}
	return err
}
