package transfer

import (
	"context"
	"slices"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/numbering"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Issue writes papers for people of one organisation who go to another one.
type Issue struct {
	Key      string // idempotency key of the form
	From, To int32
	IssuerID int32 // in whose register the papers are numbered
	On       party.Date
	DuesTo   party.Date // the month through which dues are paid; members only
	People   []int64
	KeepGood bool // those that pass are issued, although others are refused
}

// Row is what became of one person of a batch.
type Row struct {
	PersonID int64
	ID       int64 // of the transfer
	Err      error // why it was refused; nil where it was issued
}

// Result is what became of a batch, in the order in which it was asked for. Rows is empty where the
// form was sent a second time.
type Result struct {
	Done int
	Rows []Row
}

// Issue writes the papers in one transaction. Where somebody's is refused none is written, unless the
// others are to; the fault.Invalid then carries a Result.
func (s *Service) Issue(ctx context.Context, v access.Viewer, in Issue) (Result, error) {
	var out Result
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	if err := s.checkIssue(v, tree, in); err != nil {
		return out, err
	}
	err = s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		done, again, err := tx.Once(ctx, in.Key)
		if err != nil {
			return err
		}
		if again {
			out.Done, err = strconv.Atoi(done)
			return err
		}
		if out, err = s.issueAll(ctx, tx, v, in); err != nil {
			return err
		}
		return tx.Done(ctx, in.Key, strconv.Itoa(out.Done))
	})
	return out, err
}

// checkIssue refuses what is wrong for everybody of a batch.
func (s *Service) checkIssue(v access.Viewer, tree *organisation.Snapshot, in Issue) error {
	var bad []fault.Field
	refuse := func(yes bool, field, key string, args ...any) {
		if yes {
			bad = append(bad, fault.Field{Name: field, Key: key, Args: args})
		}
	}
	from, ok := tree.Of(in.From)
	refuse(!ok || !from.Kind.IsCell() || !v.MayIn(access.TransfersIssue, from.Path), "from", "people.error.org_unknown")
	to, ok := tree.Of(in.To)
	refuse(!ok || !to.Kind.IsCell(), "to", "people.error.org_unknown")
	refuse(ok && in.To == in.From, "to", "transfers.error.same")
	issuer, ok := tree.Of(in.IssuerID)
	refuse(!ok || issuer.Kind == party.Cell || !slices.Contains(from.Path, in.IssuerID) || !v.MayIn(access.TransfersIssue, issuer.Path), "issuer", "transfers.error.issuer")
	refuse(len(in.People) == 0 || len(in.People) > MaxBatch, "people", "transfers.error.nobody", "Max", MaxBatch)
	switch {
	case in.On.IsZero():
		refuse(true, "on", "steps.error.day_missing")
	case !in.On.Valid():
		refuse(true, "on", "errors.date")
	case in.On.After(s.Today()):
		refuse(true, "on", "transfers.error.future", "Today", s.Today())
	}
	if len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	return nil
}

// issueAll writes each paper on its own, so that one that is refused leaves the others; a number is
// not taken by one that is.
func (s *Service) issueAll(ctx context.Context, tx *postgres.Tx, v access.Viewer, in Issue) (Result, error) {
	out := Result{Rows: make([]Row, len(in.People))}
	cases, err := s.people.Cases(ctx, tx, in.People)
	if err != nil {
		return out, err
	}
	for i, id := range in.People {
		row := &out.Rows[i]
		row.PersonID = id
		row.Err = tx.Try(ctx, func(ctx context.Context, tx *postgres.Tx) error {
			c, known := cases[id]
			if !known || c.OrgID != in.From {
				return fault.NewNotFound("transfers.error.not_here")
			}
			row.ID, err = s.issue(ctx, tx, v, in, c)
			return err
		})
		if row.Err == nil {
			out.Done++
		} else if fault.As(row.Err) == nil {
			return out, row.Err // no refusal: the database failed, and the whole act with it
		}
	}
	if out.Done == len(out.Rows) || in.KeepGood && out.Done > 0 {
		return out, nil
	}
	out.Done = 0
	return out, fault.NewInvalid("transfers.error.some").With(out)
}

func (s *Service) issue(ctx context.Context, tx *postgres.Tx, v access.Viewer, in Issue, c people.Case) (int64, error) {
	if last := party.LastDay(c.Steps); in.On.Before(last) {
		return 0, invalid("on", "transfers.error.before_steps", "Last", last)
	}
	t := Transfer{PersonID: c.ID, Name: c.FullName, From: in.From, To: in.To, IssuerID: in.IssuerID, Year: in.On.Year,
		IssuedOn: in.On, State: party.TransferIssued}
	if c.State().Stage.Member() {
		t.DuesTo = in.DuesTo
	}
	t.PresentBy, _, _ = party.PresentBy(c.Book, c.Calendar, in.On)
	var err error
	if t.Number, err = numbering.Next(ctx, tx, numbering.Series{Kind: "transfer", OrgID: t.IssuerID, Year: t.Year}); err != nil {
		return 0, err
	}
	if t.ID, err = insertTransfer(ctx, tx, v.AccountID, t); err != nil {
		return 0, err
	}
	return t.ID, note(ctx, tx, v, t)
}
