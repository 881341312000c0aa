// Package transfer keeps the papers by which people change their organisation: within the register
// issued, presented, accepted or refused, cancelled; by letter to one outside of it issued, arrived,
// cancelled. A candidate is handed over the same way and keeps what he has reached. That somebody
// moved is a step of the person, recorded through package people; the rules of days are asked in
// party. No HTTP lives here.
package transfer

import (
	"context"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Service holds the use cases of transfers.
type Service struct {
	db     *postgres.DB
	orgs   *organisation.Service
	people *people.Service
	Today  func() party.Date // the day in the committee's time zone
}

// New makes the service.
func New(db *postgres.DB, orgs *organisation.Service, register *people.Service, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, people: register, Today: today}
}

// Transfer is one paper for one person, and how far it came.
type Transfer struct {
	ID          int64
	PersonID    int64
	Name        string // as it stands on the paper
	Kind        party.TransferKind
	Form        party.TransferForm
	Stage       party.Stage // that was reached when it was issued
	From        int32
	To          int32  // 0 where the destination is outside of the register
	ToText      string // the destination outside
	IssuerID    int32
	Year        int
	Number      int // in the register of the issuer and year
	IssuedOn    party.Date
	DuesTo      party.Date // zero where none are paid, as of a candidate
	PresentBy   party.Date // zero where no rule says
	Reason      string     // why somebody goes
	State       party.TransferState
	PresentedOn party.Date
	EndedOn     party.Date
	Words       string     // why it was refused or cancelled
	UntilOn     party.Date // the end of a temporary one
	ReturnedOn  party.Date // from a temporary one
	MovedOn     party.Date // when he moved house, changed work or graduated; zero where that was not said
	StartBy     party.Date // by when the transfer had to begin after that
	StepID      int64      // the move; 0 while there is none
	ReplacesID  int64      // the wrong paper in whose place this one stands
	Version     int
}

// Outside tells whether it is a letter to an organisation that is not in the register.
func (t Transfer) Outside() bool { return t.To == 0 }

// Temporary tells whether somebody goes for a time and stays counted where he was.
func (t Transfer) Temporary() bool { return t.Form == party.TransferTemporary }

// After gives the state after an act on it; false where the act does not fit.
func (t Transfer) After(act party.TransferState) (party.TransferState, bool) {
	if act == party.TransferReturned {
		back, fits := t.State.Back(act)
		return back, fits && t.Temporary()
	}
	if t.Outside() {
		return t.State.AfterOutside(act)
	}
	return t.State.After(act)
}

// side tells which side does an act on it, and with which right.
func (t Transfer) side(act party.TransferState) (org int32, right access.Action) {
	if act.Receives() && !t.Outside() {
		return t.To, access.TransfersAnswer
	}
	return t.From, access.TransfersIssue
}

// MaxBatch bounds how many papers one act issues.
const MaxBatch = 200

const (
	maxWords = 1000
	maxPlace = 300
)

func errNotFound() error { return fault.NewNotFound("transfers.error.not_found") }

func errForbidden() error { return fault.NewForbidden("errors.forbidden") }

func invalid(field, key string, args ...any) error {
	return fault.InvalidFields(fault.Field{Name: field, Key: key, Args: args})
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// note leaves the audit entry of an act.
func note(ctx context.Context, tx *postgres.Tx, v access.Viewer, t Transfer) error {
	org, _ := t.side(t.State)
	return audit.Write(ctx, tx, v, audit.Entry{Action: string(t.State), Entity: "transfer", EntityID: t.ID, OrgID: org,
		Detail: map[string]any{"person": t.PersonID, "from": t.From, "to": t.To}})
}
