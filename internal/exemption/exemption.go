// Package exemption keeps who is exempt from the meetings of his cell, or suspended from them, by which
// decision and how long. Attendance, dues and warnings respect it in their own rooms. No HTTP lives here.
package exemption

import (
	"context"
	"strings"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Warnings are computed anew for those whose exemptions change; warning.Service does it.
type Warnings interface {
	Refresh(ctx context.Context, tx *postgres.Tx, ids []int64) error
}

// Service holds the use cases of exemptions.
type Service struct {
	db       *postgres.DB
	people   *people.Service
	warnings Warnings
	Today    func() party.Date // the day in the committee's time zone
}

// New makes the service.
func New(db *postgres.DB, register *people.Service, warnings Warnings, today func() party.Date) *Service {
	return &Service{db: db, people: register, warnings: warnings, Today: today}
}

const (
	maxNumber = 40
	maxReason = 500
	// MaxOfPerson bounds what a page shows of one person.
	MaxOfPerson = 50
)

// Exemption is one as it is kept.
type Exemption struct {
	ID       int64
	PersonID int64
	party.ExemptionSpan
	Number    string
	DecidedOn party.Date
	Reason    string
	Version   int
}

// OfPerson gives somebody's exemptions, the newest first. Whom the viewer may not see has none.
func (s *Service) OfPerson(ctx context.Context, v access.Viewer, id int64) (list []Exemption, err error) {
	if !v.May(access.CellsRead) {
		return nil, nil
	}
	return list, s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		list, err = selectOfPerson(ctx, tx, id)
		return err
	})
}

// Enter records a decision by which a member is exempt or suspended. A span that overlaps another one,
// or begins before he joined, is refused.
func (s *Service) Enter(ctx context.Context, v access.Viewer, key string, in Exemption) error {
	in.Number, in.Reason = strings.Join(strings.Fields(in.Number), " "), strings.TrimSpace(in.Reason)
	if bad := in.problems(s.Today()); len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	return s.change(ctx, v, key, in.PersonID, "enter", func(ctx context.Context, tx *postgres.Tx, c people.Case, known []Exemption) error {
		if joined := c.State().JoinedOn; joined.IsZero() || !c.State().Stage.Member() {
			return fault.InvalidFields(fault.Field{Name: "kind", Key: "exemptions.error.no_member"})
		} else if in.From.Before(joined) {
			return fault.InvalidFields(fault.Field{Name: "from", Key: "exemptions.error.before_joining", Args: []any{"Joined", joined}})
		}
		for _, e := range known {
			if e.Overlaps(in.ExemptionSpan) {
				return fault.InvalidFields(fault.Field{Name: "from", Key: "exemptions.error.overlaps", Args: []any{"Number", e.Number}})
			}
		}
		return insert(ctx, tx, v.AccountID, in)
	})
}

// End sets the last day of an exemption that goes on, from the version that was shown.
func (s *Service) End(ctx context.Context, v access.Viewer, key string, in Exemption) error {
	return s.change(ctx, v, key, in.PersonID, "end", func(ctx context.Context, tx *postgres.Tx, _ people.Case, known []Exemption) error {
		for _, e := range known {
			switch {
			case e.ID != in.ID:
			case e.Version != in.Version || !e.Until.IsZero():
				return fault.NewConflict("exemptions.error.stale")
			case in.Until.IsZero():
				return fault.InvalidFields(fault.Field{Name: "last", Key: "errors.date_required"})
			case in.Until.Before(e.From):
				return fault.InvalidFields(fault.Field{Name: "last", Key: "exemptions.error.order", Args: []any{"From", e.From}})
			default:
				return updateUntil(ctx, tx, v.AccountID, in)
			}
		}
		return fault.NewNotFound("exemptions.error.not_found")
	})
}

// change makes a change about somebody, with the right asked, his warnings computed anew and the audit
// entry written.
func (s *Service) change(ctx context.Context, v access.Viewer, key string, personID int64, act string,
	do func(context.Context, *postgres.Tx, people.Case, []Exemption) error) error {
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, key); err != nil || done {
			return err
		}
		path, err := lockPerson(ctx, tx, personID)
		if err != nil {
			return err
		}
		if !v.MayIn(access.ExemptionsEdit, path) {
			return fault.NewForbidden("errors.forbidden")
		}
		cases, err := s.people.Cases(ctx, tx, []int64{personID})
		if err != nil {
			return err
		}
		known, err := selectOfPerson(ctx, tx, personID)
		if err != nil {
			return err
		}
		if err := do(ctx, tx, cases[personID], known); err != nil {
			return err
		}
		if err := s.warnings.Refresh(ctx, tx, []int64{personID}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: "exemption_" + act, Entity: "person", EntityID: personID, OrgID: path[len(path)-1]})
	})
}

func (e Exemption) problems(today party.Date) (bad []fault.Field) {
	refuse := func(yes bool, name, key string, args ...any) {
		if yes {
			bad = append(bad, fault.Field{Name: name, Key: key, Args: args})
		}
	}
	refuse(e.Kind != party.Exempt && e.Kind != party.Suspended, "kind", "errors.choice")
	refuse(e.Number == "", "number", "exemptions.error.number")
	refuse(utf8.RuneCountInString(e.Number) > maxNumber, "number", "errors.too_long", "Max", maxNumber)
	refuse(utf8.RuneCountInString(e.Reason) > maxReason, "reason", "errors.too_long", "Max", maxReason)
	refuse(e.Reason == "", "reason", "exemptions.error.reason")
	refuse(e.DecidedOn.IsZero(), "decided", "errors.date_required")
	refuse(e.DecidedOn.After(today), "decided", "exemptions.error.future", "Today", today)
	refuse(e.From.IsZero(), "from", "errors.date_required")
	refuse(!e.Until.IsZero() && e.Until.Before(e.From), "until", "exemptions.error.order", "From", e.From)
	refuse(e.Kind == party.Suspended && e.NoDues, "no_dues", "exemptions.error.suspended_pays")
	return bad
}
