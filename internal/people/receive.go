package people

import (
	"context"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Departure is the step of somebody who leaves the register by a letter.
type Departure struct {
	PersonID int64
	On       party.Date
	Facts    party.MovedOutFacts
	Paper    party.Paper
}

// LeaveIn records, in the transaction that issues the letter or confirms the arrival, that somebody
// left. The right is that of the transfer and is asked there.
func (s *Service) LeaveIn(ctx context.Context, tx *postgres.Tx, v access.Viewer, in Departure) (int64, error) {
	p, steps, c, err := s.openCase(ctx, tx, v, in.PersonID, anyVersion, access.PeopleRead)
	if err != nil {
		return 0, err
	}
	if err := notBeforeSteps(in.On, steps); err != nil {
		return 0, err
	}
	step := party.Step{Kind: party.MovedOut, On: in.On, OrgID: p.orgID, Facts: in.Facts, Papers: []party.Paper{in.Paper}}
	if err := refused(c.Record(step)); err != nil {
		return 0, err
	}
	return s.add(ctx, tx, v, p, step, 0)
}

// ReturnIn takes a departure back, in the transaction that cancels the letter: the person goes on from
// where he was. The right is that of the transfer and is asked there.
func (s *Service) ReturnIn(ctx context.Context, tx *postgres.Tx, v access.Viewer, personID, stepID int64, reason string) error {
	p, steps, c, err := s.openCase(ctx, tx, v, personID, anyVersion, access.PeopleRead)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(steps, func(st RecordedStep) bool { return st.ID == stepID && st.Kind == party.MovedOut && st.VoidedBy == 0 })
	if i < 0 {
		return fault.NewConflict("steps.error.voided_already")
	}
	if err := refused(c.Void(stepID)); err != nil {
		return err
	}
	_, err = s.add(ctx, tx, v, p, s.voiding(steps[i], reason, party.Paper{}), 0)
	return err
}

func notBeforeSteps(on party.Date, steps []RecordedStep) error {
	if last := party.LastDay(plain(steps)); on.Before(last) {
		return fault.InvalidFields(fault.Field{Name: "on", Key: "transfers.error.before_steps", Args: []any{"Last", last}})
	}
	return nil
}

// Arrival is the step of somebody whose transfer was accepted.
type Arrival struct {
	PersonID int64
	On       party.Date
	Facts    party.MovedFacts
	Paper    party.Paper
}

// ReceiveIn records, in the transaction that moved somebody, that he moved. The right is that of the
// transfer and is asked there. A day before what is recorded already is refused.
func (s *Service) ReceiveIn(ctx context.Context, tx *postgres.Tx, v access.Viewer, in Arrival) (int64, error) {
	p, steps, c, err := s.openCase(ctx, tx, v, in.PersonID, anyVersion, access.PeopleRead)
	if err != nil {
		return 0, err
	}
	if p.orgID != in.Facts.To {
		return 0, errNotFound()
	}
	if err := notBeforeSteps(in.On, steps); err != nil {
		return 0, err
	}
	step := party.Step{Kind: party.Moved, On: in.On, OrgID: in.Facts.To, Facts: in.Facts, Papers: []party.Paper{in.Paper}}
	if err := refused(c.Record(step)); err != nil {
		return 0, err
	}
	f, err := s.fieldsOf(ctx, tx, p.id)
	if err != nil {
		return 0, err
	}
	sealed, index := s.numbers.Seal(f.PersonalNo)
	if err := updatePerson(ctx, tx, v.AccountID, p.id, f, sealed, index); err != nil { // a search finds the organisation's name
		return 0, err
	}
	return s.add(ctx, tx, v, p, step, 0)
}
