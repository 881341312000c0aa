package people

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

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
	if last := party.LastDay(plain(steps)); in.On.Before(last) {
		return 0, fault.InvalidFields(fault.Field{Name: "on", Key: "transfers.error.before_steps", Args: []any{"Last", last}})
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
