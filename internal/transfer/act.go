package transfer

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Acting takes a transfer on, or ends it, from the version that was shown.
type Acting struct {
	Key     string
	ID      int64
	Version int
	Act     party.TransferState // the state it leads to
	On      party.Date
	Words   string // why it is refused or cancelled
}

// Act presents a transfer, accepts or refuses it as who is to receive, or cancels it as who issued.
// When it is accepted the person moves, with all that was reached, in the same transaction; a dossier
// on its way is withdrawn, to be handed in anew by who receives.
func (s *Service) Act(ctx context.Context, v access.Viewer, in Acting) error {
	in.Words = strings.TrimSpace(in.Words)
	if err := s.checkAct(in); err != nil {
		return err
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, in.Key); err != nil || done {
			return err
		}
		t, err := lockTransfer(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		return s.act(ctx, tx, v, tree, t, in)
	})
}

func (s *Service) checkAct(in Acting) error {
	var bad []fault.Field
	refuse := func(yes bool, field, key string, args ...any) {
		if yes {
			bad = append(bad, fault.Field{Name: field, Key: key, Args: args})
		}
	}
	_, fits := party.TransferPresented.After(in.Act)
	refuse(!fits && in.Act != party.TransferPresented && in.Act != party.TransferReturned, "act", "errors.choice")
	refuse(in.On.IsZero(), "on", "steps.error.day_missing")
	refuse(!in.On.IsZero() && !in.On.Valid(), "on", "errors.date")
	refuse(in.On.Valid() && in.On.After(s.Today()), "on", "transfers.error.future", "Today", s.Today())
	refuse((in.Act == party.TransferRefused || in.Act == party.TransferCancelled) && in.Words == "", "words", "transfers.error.reason")
	refuse(utf8.RuneCountInString(in.Words) > maxWords, "words", "errors.too_long", "Max", maxWords)
	if len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	return nil
}

func (s *Service) act(ctx context.Context, tx *postgres.Tx, v access.Viewer, tree *organisation.Snapshot, t Transfer, in Acting) error {
	side, right := t.side(in.Act)
	if o, ok := tree.Known(side); !ok || !v.MayIn(right, o.Path) {
		return errForbidden()
	}
	state, fits := t.After(in.Act)
	if !fits || in.Version != t.Version {
		return fault.NewConflict("transfers.error.stale", "State", t.State)
	}
	if from := latest(latest(t.IssuedOn, t.PresentedOn), t.EndedOn); in.On.Before(from) {
		return invalid("on", "transfers.error.before_last", "Last", from)
	}
	return s.end(ctx, tx, v, t, Acting{Act: state, On: in.On, Words: in.Words})
}

// end takes a transfer to the state of an act that fits, and its person with it.
func (s *Service) end(ctx context.Context, tx *postgres.Tx, v access.Viewer, t Transfer, in Acting) error {
	if err := s.follow(ctx, tx, v, &t, in); err != nil {
		return err
	}
	t.State, t.Words = in.Act, in.Words
	switch {
	case t.State.Open():
		t.PresentedOn = in.On
	case t.State == party.TransferReturned:
		t.ReturnedOn = in.On
	default:
		t.EndedOn = in.On
	}
	if err := updateTransfer(ctx, tx, t); err != nil {
		return err
	}
	return note(ctx, tx, v, t)
}

// follow lets the person follow his paper: who is accepted moves, who arrived outside has left, and who
// left by a letter that is cancelled is back where he was.
func (s *Service) follow(ctx context.Context, tx *postgres.Tx, v access.Viewer, t *Transfer, in Acting) error {
	switch {
	case t.Temporary():
		return nil // he stays counted where he is
	case in.Act == party.TransferAccepted && !t.Outside():
		return s.receive(ctx, tx, v, t, in.On)
	case in.Act == party.TransferAccepted && t.StepID == 0:
		return s.leave(ctx, tx, v, t, in.On)
	case in.Act == party.TransferCancelled && t.StepID != 0:
		return s.people.ReturnIn(ctx, tx, v, t.PersonID, t.StepID, in.Words)
	}
	return nil
}

// leave takes the person of a letter out of the lists of his organisation.
func (s *Service) leave(ctx context.Context, tx *postgres.Tx, v access.Viewer, t *Transfer, on party.Date) (err error) {
	if err := withdrawDossier(ctx, tx, *t); err != nil {
		return err
	}
	t.StepID, err = s.people.LeaveIn(ctx, tx, v, people.Departure{PersonID: t.PersonID, On: on,
		Facts: party.MovedOutFacts{To: t.ToText, TransferID: t.ID}, Paper: t.paper()})
	return err
}

func (t Transfer) paper() party.Paper {
	return party.Paper{Number: fmt.Sprintf("%d/%d", t.Number, t.Year), Date: t.IssuedOn}
}

// receive moves the person of a transfer.
func (s *Service) receive(ctx context.Context, tx *postgres.Tx, v access.Viewer, t *Transfer, on party.Date) error {
	against, err := receiveTransferred(ctx, tx, t.ID, on)
	if err != nil {
		return err
	}
	switch against {
	case "":
	case "not_found":
		return errNotFound()
	default:
		return fault.NewConflict("transfers.error.elsewhere")
	}
	t.StepID, err = s.people.ReceiveIn(ctx, tx, v, people.Arrival{PersonID: t.PersonID, On: on,
		Facts: party.MovedFacts{From: t.From, To: t.To, TransferID: t.ID},
		Paper: t.paper()})
	return err
}

func latest(a, b party.Date) party.Date {
	if b.After(a) {
		return b
	}
	return a
}

// Extending gives a temporary transfer more time, from the version that was shown.
type Extending struct {
	Key     string
	ID      int64
	Version int
	Until   party.Date
	Words   string // why
}

// Extend lets somebody stay longer where he is for a time; who issued the paper says so.
func (s *Service) Extend(ctx context.Context, v access.Viewer, in Extending) error {
	in.Words = strings.TrimSpace(in.Words)
	switch {
	case in.Until.IsZero() || !in.Until.Valid():
		return invalid("until", "errors.date_required")
	case utf8.RuneCountInString(in.Words) > maxWords:
		return invalid("words", "errors.too_long", "Max", maxWords)
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, in.Key); err != nil || done {
			return err
		}
		t, err := lockTransfer(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if !mayAt(tree, v, access.TransfersIssue, t.From) {
			return errForbidden()
		}
		if in.Version != t.Version || !t.mayExtend() {
			return fault.NewConflict("transfers.error.stale", "State", t.State)
		}
		if !in.Until.After(t.UntilOn) {
			return invalid("until", "transfers.error.not_longer", "Until", t.UntilOn)
		}
		was := t.UntilOn
		t.UntilOn, t.Words = in.Until, in.Words
		if err := updateTransfer(ctx, tx, t); err != nil {
			return err
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: "extended", Entity: "transfer", EntityID: t.ID, OrgID: t.From,
			Detail: map[string]any{"person": t.PersonID, "was": was, "until": t.UntilOn}})
	})
}

// mayExtend tells whether somebody is, or is to be, where he goes for a time.
func (t Transfer) mayExtend() bool {
	return t.Temporary() && (t.State.Open() || t.State == party.TransferAccepted)
}
