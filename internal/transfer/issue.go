package transfer

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/numbering"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Issue writes papers for people of one organisation who go to another one, of the register or outside.
type Issue struct {
	Key      string // idempotency key of the form
	From     int32
	To       int32              // 0 where the destination is outside of the register
	ToText   string             // the destination outside
	Reason   string             // why they go; may be empty
	Replaces int64              // a wrong paper of the same person, which is cancelled; 0 where there is none
	Form     party.TransferForm // empty is for good; candidates have none but this
	Until    party.Date         // the end of a temporary one
	MovedOn  party.Date         // when they moved house, changed work or graduated; may be zero
	IssuerID int32              // in whose register the papers are numbered
	On       party.Date
	DuesTo   party.Date // the month through which dues are paid; zero: as the cell's book says, and of members only
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
	in.ToText, in.Reason = oneLine(in.ToText), strings.TrimSpace(in.Reason)
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	if err := s.checkIssue(v, tree, in); err != nil {
		return out, err
	}
	in.Form = formOf(tree, in)
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
	switch {
	case in.To == 0:
		refuse(in.ToText == "", "to", "transfers.error.where")
		refuse(utf8.RuneCountInString(in.ToText) > maxPlace, "to", "errors.too_long", "Max", maxPlace)
	case !ok || !to.Kind.IsCell() || in.ToText != "":
		refuse(true, "to", "people.error.org_unknown")
	default:
		refuse(in.To == in.From, "to", "transfers.error.same")
	}
	checkForm(in, refuse)
	refuse(utf8.RuneCountInString(in.Reason) > maxWords, "reason", "errors.too_long", "Max", maxWords)
	refuse(in.Replaces != 0 && in.Reason == "", "reason", "transfers.error.reason")
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

// checkForm refuses what does not go together with how long and how far they go.
func checkForm(in Issue, refuse func(yes bool, field, key string, args ...any)) {
	temporary := in.Form == party.TransferTemporary
	refuse(in.Form != "" && !slices.Contains(party.TransferForms, in.Form), "form", "errors.choice")
	refuse(in.Form == party.TransferAbroad && in.To != 0, "form", "transfers.error.abroad_inside")
	refuse(temporary && in.Until.IsZero(), "until", "errors.date_required")
	refuse(temporary && !in.Until.IsZero() && !in.Until.After(in.On), "until", "transfers.error.until_before")
	refuse(!temporary && !in.Until.IsZero(), "until", "transfers.error.until_for_good")
	refuse(in.MovedOn.After(in.On), "moved_on", "transfers.error.moved_later")
}

// formOf tells the form of a paper: what goes from one cell to another of one grassroots organisation is
// internal.
func formOf(tree *organisation.Snapshot, in Issue) party.TransferForm {
	if in.Form != "" && in.Form != party.TransferOfficial {
		return in.Form
	}
	from, _ := tree.Of(in.From)
	to, inside := tree.Of(in.To)
	if inside && from.ParentID == to.ParentID && from.Kind == party.Cell && to.Kind == party.Cell {
		return party.TransferInternal
	}
	return party.TransferOfficial
}

// issueAll writes each paper on its own, so that one that is refused leaves the others; a number is
// not taken by one that is.
func (s *Service) issueAll(ctx context.Context, tx *postgres.Tx, v access.Viewer, in Issue) (Result, error) {
	out := Result{Rows: make([]Row, len(in.People))}
	if err := s.replace(ctx, tx, v, in); err != nil {
		return out, err
	}
	cases, err := s.people.Cases(ctx, tx, in.People)
	if err != nil {
		return out, err
	}
	leaving, err := selectLeaving(ctx, tx, in.People)
	if err != nil {
		return out, err
	}
	paid, err := selectPaidTo(ctx, tx, in.People)
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
			if slices.Contains(leaving, id) {
				return fault.NewConflict("transfers.error.case")
			}
			row.ID, err = s.issue(ctx, tx, v, in, c, paid[id])
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

// replace cancels the wrong paper in whose place another one is written.
func (s *Service) replace(ctx context.Context, tx *postgres.Tx, v access.Viewer, in Issue) error {
	if in.Replaces == 0 {
		return nil
	}
	t, err := lockTransfer(ctx, tx, in.Replaces)
	if err != nil {
		return err
	}
	if len(in.People) != 1 || in.People[0] != t.PersonID || in.From != t.From {
		return errNotFound()
	}
	if _, fits := t.After(party.TransferCancelled); !fits {
		return fault.NewConflict("transfers.error.stale", "State", t.State)
	}
	if in.On.Before(t.IssuedOn) {
		return invalid("on", "transfers.error.before_last", "Last", t.IssuedOn)
	}
	return s.end(ctx, tx, v, t, Acting{Act: party.TransferCancelled, On: in.On, Words: in.Reason})
}

func (s *Service) issue(ctx context.Context, tx *postgres.Tx, v access.Viewer, in Issue, c people.Case, paidTo party.Date) (int64, error) {
	if last := party.LastDay(c.Steps); in.On.Before(last) {
		return 0, invalid("on", "transfers.error.before_steps", "Last", last)
	}
	stage := c.State().Stage
	if stage == party.StageAway || stage == party.StageFormer || stage == party.StageDropped {
		return 0, fault.NewConflict("transfers.error.not_followed")
	}
	if !stage.Member() && (in.Form == party.TransferTemporary || in.Form == party.TransferAbroad) {
		return 0, invalid("form", "transfers.error.members_only")
	}
	t := Transfer{PersonID: c.ID, Name: c.FullName, Kind: party.TransferKindAt(stage), Form: in.Form, UntilOn: in.Until, MovedOn: in.MovedOn, Stage: stage, From: in.From, To: in.To, ToText: in.ToText,
		IssuerID: in.IssuerID, Year: in.On.Year, IssuedOn: in.On, Reason: in.Reason, ReplacesID: in.Replaces, State: party.TransferIssued, Version: 1}
	if stage.Member() {
		if t.DuesTo = in.DuesTo; t.DuesTo.IsZero() {
			t.DuesTo = paidTo
		}
	}
	t.PresentBy, _, _ = party.PresentBy(c.Book, c.Calendar, in.On)
	if !in.MovedOn.IsZero() {
		t.StartBy, _, _ = party.StartBy(c.Book, c.Calendar, in.MovedOn)
	}
	var err error
	if t.Number, err = numbering.Next(ctx, tx, numbering.Series{Kind: "transfer", OrgID: t.IssuerID, Year: t.Year}); err != nil {
		return 0, err
	}
	if t.ID, err = insertTransfer(ctx, tx, v.AccountID, t); err != nil {
		return 0, err
	}
	if t.Outside() && t.Kind.LeavesAtOnce() {
		if err := s.leave(ctx, tx, v, &t, t.IssuedOn); err != nil {
			return 0, err
		}
		if err := setStep(ctx, tx, t); err != nil {
			return 0, err
		}
	}
	return t.ID, note(ctx, tx, v, t)
}
