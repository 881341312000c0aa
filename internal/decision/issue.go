package decision

import (
	"context"
	"slices"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/numbering"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Issue is a decision to be issued for some people.
type Issue struct {
	Key      string // idempotency key of the form
	Fields   Fields
	People   []int64
	KeepGood bool // for those who pass, although others are refused
}

// Done is a decision that was issued: its number, and for how many.
type Done struct {
	ID      int64
	Printed string
	Count   int
}

// Issue gives a decision its number and records its step for each person, in one transaction. Where
// somebody is refused nothing is issued, unless it is to be issued for the others; the fault.Invalid
// then carries a people.BatchResult. A number of its own that is used is refused.
func (s *Service) Issue(ctx context.Context, v access.Viewer, in Issue) (Done, error) {
	f := in.Fields.clean()
	bad := f.problems(s.Today())
	if !slices.Contains(Issued, f.Kind) {
		bad = append(bad, fault.Field{Name: "kind", Key: "errors.choice"})
	}
	if len(in.People) == 0 || len(in.People) > people.MaxBatch {
		bad = append(bad, fault.Field{Name: "people", Key: "decisions.error.nobody", Args: []any{"Max", people.MaxBatch}})
	}
	if len(bad) > 0 {
		return Done{}, fault.InvalidFields(bad...)
	}
	return s.once(ctx, v, in.Key, func(ctx context.Context, tx *postgres.Tx) (Done, error) {
		issuer, deciders, err := s.issuer(ctx, tx, v, f.OrgID)
		if err != nil {
			return Done{}, err
		}
		if f.Decider != "" && !slices.Contains(deciders, f.Decider) {
			return Done{}, fault.InvalidFields(fault.Field{Name: "decider", Key: "decisions.error.decider"})
		}
		if err := s.below(ctx, tx, f.OrgID, in.People); err != nil {
			return Done{}, err
		}
		done, err := s.enter(ctx, tx, v, f, 0)
		if err != nil {
			return done, err
		}
		batch := people.Batch{KeepGood: in.KeepGood}
		paper := party.Paper{Form: f.Kind.paperForm(), Number: done.Printed, Date: f.IssuedOn, Issuer: issuer}
		for _, id := range in.People {
			batch.Steps = append(batch.Steps, people.NewStep{PersonID: id, Kind: f.Kind.Step(), On: f.IssuedOn, Facts: f.facts(),
				Papers: []party.Paper{paper}})
		}
		result, err := s.people.RecordAllIn(ctx, tx, v, batch)
		if err != nil {
			return done, err
		}
		done.Count = result.Done
		if err := link(ctx, tx, done.ID, result.Rows); err != nil {
			return done, err
		}
		return done, s.note(ctx, tx, v, f, done)
	})
}

// CaseIssue is a decision that a case of one person comes to, with what its step says.
type CaseIssue struct {
	Fields   Fields
	PersonID int64
	Facts    party.Facts
}

// IssueIn issues a decision on a case within the caller's transaction, and gives its number and that of
// the step.
func (s *Service) IssueIn(ctx context.Context, tx *postgres.Tx, v access.Viewer, in CaseIssue) (done Done, stepID int64, err error) {
	f := in.Fields.clean()
	if bad := f.problems(s.Today()); len(bad) > 0 {
		return done, 0, fault.InvalidFields(bad...)
	}
	issuer, deciders, err := s.issuer(ctx, tx, v, f.OrgID)
	if err != nil {
		return done, 0, err
	}
	if f.Decider != "" && !slices.Contains(deciders, f.Decider) {
		return done, 0, fault.InvalidFields(fault.Field{Name: "decider", Key: "decisions.error.decider"})
	}
	if err := s.below(ctx, tx, f.OrgID, []int64{in.PersonID}); err != nil {
		return done, 0, err
	}
	if done, err = s.enter(ctx, tx, v, f, 0); err != nil {
		return done, 0, err
	}
	recorded, err := s.people.RecordIn(ctx, tx, v, people.NewStep{PersonID: in.PersonID, Kind: f.Kind.Step(), On: f.IssuedOn, Facts: in.Facts,
		Papers: []party.Paper{{Number: done.Printed, Date: f.IssuedOn, Issuer: issuer}}})
	if err != nil {
		return done, 0, err
	}
	done.Count = 1
	if err := link(ctx, tx, done.ID, []people.BatchRow{{PersonID: in.PersonID, StepID: recorded.StepID}}); err != nil {
		return done, 0, err
	}
	return done, recorded.StepID, s.note(ctx, tx, v, f, done)
}

// once runs an act under its idempotency key; a form sent again is answered with what it did.
func (s *Service) once(ctx context.Context, v access.Viewer, key string, act func(context.Context, *postgres.Tx) (Done, error)) (Done, error) {
	var out Done
	err := s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		result, again, err := tx.Once(ctx, key)
		if err != nil {
			return err
		}
		if again {
			out, err = s.again(ctx, tx, result)
			return err
		}
		if out, err = act(ctx, tx); err != nil {
			return err
		}
		return tx.Done(ctx, key, strconv.FormatInt(out.ID, 10))
	})
	return out, err
}

func (s *Service) again(ctx context.Context, tx *postgres.Tx, result string) (Done, error) {
	id, err := strconv.ParseInt(result, 10, 64)
	if err != nil {
		return Done{}, fault.NewInvalid("errors.request_key")
	}
	d, err := selectDecision(ctx, tx, id)
	if err != nil {
		return Done{}, err
	}
	named, err := selectPeople(ctx, tx, id)
	return Done{ID: id, Printed: d.Printed, Count: len(named)}, err
}

// issuer gives the name of a committee in whose name the viewer may issue, and the bodies that may
// decide there. One elsewhere is refused like one that does not exist; a cell issues nothing.
func (s *Service) issuer(ctx context.Context, tx *postgres.Tx, v access.Viewer, orgID int32) (name string, deciders []string, err error) {
	refused := fault.InvalidFields(fault.Field{Name: "org", Key: "decisions.error.org"})
	place, path, err := s.orgs.Place(ctx, tx, orgID, s.Today())
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return "", nil, refused
	case err != nil:
		return "", nil, err
	case !v.MayIn(access.DecisionsIssue, path) || !issues(place.Kind):
		return "", nil, refused
	}
	name, err = selectName(ctx, tx, orgID)
	return name, party.DecidersOf(place.Kind), err
}

// issues tells whether organisations of a kind issue decisions.
func issues(k party.OrgKind) bool { return len(party.DecidersOf(k)) > 0 }

// below refuses people who do not belong to the issuer.
func (s *Service) below(ctx context.Context, tx *postgres.Tx, orgID int32, ids []int64) error {
	inside, err := selectBelow(ctx, tx, orgID, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !slices.Contains(inside, id) {
			return fault.InvalidFields(fault.Field{Name: "people", Key: "decisions.error.not_below"})
		}
	}
	return nil
}

// seriesOf gives the row of numbers of an issuer's year.
func seriesOf(orgID int32, year int) numbering.Series {
	return numbering.Series{Kind: "decision", OrgID: orgID, Year: year}
}

// enter gives the decision its number and writes it into the register.
func (s *Service) enter(ctx context.Context, tx *postgres.Tx, v access.Viewer, f Fields, cancels int64) (Done, error) {
	series := seriesOf(f.OrgID, f.IssuedOn.Year)
	var err error
	if f.Number == 0 {
		f.Number, err = numbering.Next(ctx, tx, series)
	} else {
		err = numbering.Taken(ctx, tx, series, f.Number)
	}
	if err != nil {
		return Done{}, err
	}
	return insertDecision(ctx, tx, v.AccountID, f, cancels)
}

// note leaves the entry in the audit.
func (s *Service) note(ctx context.Context, tx *postgres.Tx, v access.Viewer, f Fields, done Done) error {
	return audit.Write(ctx, tx, v, audit.Entry{Action: "issue", Entity: "decision", EntityID: done.ID, OrgID: f.OrgID,
		Detail: map[string]any{"kind": f.Kind, "people": done.Count}})
}
