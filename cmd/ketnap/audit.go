package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"ketnap/internal/app"
	"ketnap/internal/audit"
	"ketnap/internal/postgres"
)

var errBrokenChain = errors.New("the audit trail was changed")

func runAudit(ctx context.Context, p *program, args []string) error {
	f := p.flags()
	rest, err := p.parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 || rest[0] != "verify" {
		return p.misused(f, "say verify")
	}
	return p.withServices(ctx, func(db *postgres.DB, _ *app.Services) error {
		result, err := audit.Verify(ctx, db)
		if err != nil {
			return err
		}
		if err := p.print(result, func(w io.Writer) error { return writeChain(w, result) }); err != nil {
			return err
		}
		if result.Break != nil {
			return errBrokenChain
		}
		return nil
	})
}

func writeChain(w io.Writer, r audit.Result) error {
	if b := r.Break; b != nil {
		_, err := fmt.Fprintf(w, "audit: %s at link %d, entry %d\n", b.Reason, b.Seq, b.EntryID)
		return err
	}
	_, err := fmt.Fprintf(w, "audit: %d entries hold, %d not yet sealed, head %s\n", r.Links, r.Unsealed, r.Head)
	return err
}
