package people

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Organisations is what people need to know of organisations and terms; organisation.Service
// answers it.
type Organisations interface {
	// Place tells what the gates need to know of an organisation on a day, and the way from the
	// root down to it. It answers fault.NotFound for one that does not exist on the day.
	Place(ctx context.Context, tx *postgres.Tx, orgID int32, day party.Date) (party.Place, []int32, error)
	// Places is Place for many organisations at once; those that do not exist are left out.
	Places(ctx context.Context, tx *postgres.Tx, orgIDs []int32, day party.Date) (map[int32]party.Place, map[int32][]int32, error)
	// TermList gives all terms.
	TermList(ctx context.Context, tx *postgres.Tx) ([]party.Term, error)
}

// Regulations gives the rules and the calendar in force, read through the caller's transaction;
// regulation.Service answers it.
type Regulations interface {
	BookIn(ctx context.Context, tx *postgres.Tx) (*party.Rulebook, *party.Calendar, error)
	// Forget has the next BookIn see what another copy of the program changed.
	Forget()
}

// Service holds the use cases of the register.
type Service struct {
	db      *postgres.DB
	orgs    Organisations
	rules   Regulations
	numbers *Numbers
	clock   func() party.Date
	// OnStep is called within the transaction that recorded or voided a step of somebody, with all his
	// steps: what else follows from them is written with it. nil: nothing does.
	OnStep func(context.Context, *postgres.Tx, access.Viewer, int64, party.Case) error

	// OnMember is called after what is stored about somebody who is, or was, a member was computed, in the
	// same transaction. nil: nothing is.
	OnMember func(ctx context.Context, tx *postgres.Tx, ids []int64) error

	// Consents gives, of some people who were members before, the consent to their re-admission that was
	// entered into their dossiers, in one statement. nil: nothing is known of any.
	Consents func(ctx context.Context, tx *postgres.Tx, ids []int64) (map[int64]party.Document, error)

	openings openings
}

// New makes the service. clock gives today's day in Vietnam.
func New(db *postgres.DB, orgs Organisations, rules Regulations, numbers *Numbers, clock func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, rules: rules, numbers: numbers, clock: clock}
}

// errNotFound is the answer for a person who does not exist and for one out of scope alike.
func errNotFound() error { return fault.NewNotFound("people.error.not_found") }

// mayIn refuses a viewer who may not do this at the place. A reader is told that he may not; to
// whoever may not even read, the person does not exist, which row-level security has seen to.
func mayIn(v access.Viewer, a access.Action, path []int32) error {
	if !v.MayIn(a, path) {
		return fault.NewForbidden("errors.forbidden")
	}
	return nil
}
