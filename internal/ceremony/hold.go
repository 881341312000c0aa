package ceremony

import (
	"context"
	"slices"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Holding tells how a planned ceremony went.
type Holding struct {
	Key        string
	ID         int64
	Version    int
	HeldOn     party.Date
	Place      string
	ReceivedOn party.Date // when the decisions came to the cell, for those whose decision does not say it
	People     []int64    // who came; the others wait for another ceremony
	KeepGood   bool       // for those who pass, although others are refused
}

func (h Holding) problems(today party.Date) []fault.Field {
	bad := peopleProblems(h.People)
	switch {
	case h.HeldOn.IsZero():
		bad = append(bad, fault.Field{Name: "held_on", Key: "errors.date_required"})
	case !h.HeldOn.Valid():
		bad = append(bad, fault.Field{Name: "held_on", Key: "errors.date"})
	case h.HeldOn.After(today):
		bad = append(bad, fault.Field{Name: "held_on", Key: "ceremonies.error.future", Args: []any{"Today", today}})
	}
	if utf8.RuneCountInString(h.Place) > maxPlace {
		bad = append(bad, fault.Field{Name: "place", Key: "errors.too_long", Args: []any{"Max", maxPlace}})
	}
	return bad
}

// Hold records the ceremony of all who came, in one transaction. Where somebody is refused nothing is
// recorded, unless the others are to be; the fault.Invalid then carries a people.BatchResult. It
// gives for how many it was held.
func (s *Service) Hold(ctx context.Context, v access.Viewer, in Holding) (held int, err error) {
	in.Place = oneLine(in.Place)
	if bad := in.problems(s.Today()); len(bad) > 0 {
		return 0, fault.InvalidFields(bad...)
	}
	held = len(in.People) // where the form was sent a second time
	err = s.change(ctx, v, in.Key, in.ID, in.Version, func(ctx context.Context, tx *postgres.Tx, old Ceremony) error {
		batch, err := s.batch(ctx, tx, in, old)
		if err != nil {
			return err
		}
		result, err := s.people.RecordAllIn(ctx, tx, v, batch)
		if err != nil {
			return err
		}
		held = result.Done
		if err := updateHeld(ctx, tx, v.AccountID, in, result.Rows); err != nil {
			return err
		}
		return note(ctx, tx, v, "hold", old.ID, old.OrgID, held)
	})
	return held, err
}

// batch gives the step of each who came.
func (s *Service) batch(ctx context.Context, tx *postgres.Tx, in Holding, old Ceremony) (people.Batch, error) {
	out := people.Batch{KeepGood: in.KeepGood}
	planned, err := selectStates(ctx, tx, old.ID)
	if err != nil {
		return out, err
	}
	cases, err := s.people.Cases(ctx, tx, in.People)
	if err != nil {
		return out, err
	}
	if i := slices.IndexFunc(in.People, func(id int64) bool { return planned[id] != PersonPlanned }); i >= 0 {
		return out, fault.InvalidFields(fault.Field{Name: "people", Key: "ceremonies.error.not_planned"})
	}
	for _, id := range in.People {
		facts := party.CeremonyFacts{Place: in.Place, Occasion: old.Occasion}
		if c := cases[id]; !receiptKnown(c.State().Decided) {
			facts.ReceivedOn = in.ReceivedOn
		}
		out.Steps = append(out.Steps, people.NewStep{PersonID: id, Kind: party.Ceremony, On: in.HeldOn, Facts: facts})
	}
	return out, nil
}

// receiptKnown tells whether the decision's own step says when it came to the cell.
func receiptKnown(decided *party.Step) bool {
	if decided == nil {
		return false
	}
	f, ok := decided.Facts.(party.DecisionFacts)
	return ok && !f.ReceivedOn.IsZero()
}
