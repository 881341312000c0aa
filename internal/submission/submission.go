// Package submission keeps the dossiers on their way up: the cell hands them in, each level accepts
// them, returns them with the missing papers named, or hands them on. What is in a dossier is kept by
// package document; the endorsement and the decision are steps of the person. No HTTP lives here.
package submission

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/document"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Service holds the use cases of submissions.
type Service struct {
	db        *postgres.DB
	orgs      *organisation.Service
	people    *people.Service
	documents *document.Service
	Today     func() party.Date // the day in the committee's time zone
}

// New makes the service.
func New(db *postgres.DB, orgs *organisation.Service, register *people.Service, documents *document.Service, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, people: register, documents: documents, Today: today}
}

// Submission is a dossier on its way, or one that was.
type Submission struct {
	ID         int64
	PersonID   int64
	Kind       party.DossierStage
	CellID     int32
	At         int32 // where it lies
	State      party.SubmissionState
	Since      party.Date
	ClosedStep int64
	Version    int
}

// Move is how a dossier came from one place to another, or what was said of it there.
type Move struct {
	Act      party.SubmissionAct
	From, To int32
	State    party.SubmissionState // afterwards
	On       party.Date
	Missing  []party.DocumentKind
	Words    string
	By       string
	At       time.Time
}

// MaxBatch bounds how many dossiers one act moves.
const MaxBatch = 200

const maxWords = 1000

// Stale says who moved a dossier in between, and when.
type Stale struct {
	By string
	At time.Time
}

// Row is what became of one dossier of a batch.
type Row struct {
	PersonID int64
	ID       int64 // of the submission
	Err      error // why it was refused; nil where it was moved
}

// Result is what became of a batch, in the order in which it was asked for. Rows is empty where the
// form was sent a second time.
type Result struct {
	Done int
	Rows []Row
}

// words trims what is said of a dossier.
func cleanWords(s string) string { return strings.TrimSpace(s) }

// problems gives what is refused of the words and of the day of an act; without a day it is today.
func (s *Service) problems(on *party.Date, words string) (bad []fault.Field) {
	if on.IsZero() {
		*on = s.Today()
	}
	if on.After(s.Today()) {
		bad = append(bad, fault.Field{Name: "on", Key: "submissions.error.future", Args: []any{"Today", s.Today()}})
	}
	if utf8.RuneCountInString(words) > maxWords {
		bad = append(bad, fault.Field{Name: "words", Key: "errors.too_long", Args: []any{"Max", maxWords}})
	}
	return bad
}

// notBefore refuses a day before the one on which a dossier came to where it lies.
func notBefore(on party.Date, sub Submission) error {
	if !on.Before(sub.Since) {
		return nil
	}
	refused := fault.Field{Name: "on", Key: "submissions.error.before", Args: []any{"Since", sub.Since}}
	err := fault.InvalidFields(refused)
	err.Key, err.Args = refused.Key, refused.Args // what the row of a batch says
	return err
}

// routeOf gives the organisations that a dossier of a cell passes, in the order in which it does.
func routeOf(tree *organisation.Snapshot, cell int32) []int32 {
	o, ok := tree.Of(cell)
	if !ok {
		return nil
	}
	kinds := make([]party.OrgKind, len(o.Path))
	for i, id := range o.Path {
		above, _ := tree.Of(id)
		kinds[i] = above.Kind
	}
	var out []int32
	for _, i := range party.RouteUp(kinds) {
		out = append(out, o.Path[i])
	}
	return out
}

// nextOf gives where a dossier goes from an organisation; 0 where it is at the end of its way.
func nextOf(tree *organisation.Snapshot, sub Submission) int32 {
	route := routeOf(tree, sub.CellID)
	for i, id := range route {
		if id == sub.At && i+1 < len(route) {
			return route[i+1]
		}
	}
	return 0
}

// move makes an act on a submission: the submission, the move and the audit entry.
func (s *Service) move(ctx context.Context, tx *postgres.Tx, v access.Viewer, sub Submission, m Move) error {
	from := sub.At
	sub.At, sub.State, sub.Since = m.To, m.State, m.On
	if sub.ID == 0 {
		id, err := insertSubmission(ctx, tx, sub)
		if err != nil {
			return err
		}
		sub.ID = id
	} else if err := updateSubmission(ctx, tx, sub); err != nil {
		return err
	}
	m.From = from
	if err := insertMove(ctx, tx, v.AccountID, sub.ID, m); err != nil {
		return err
	}
	return audit.Write(ctx, tx, v, audit.Entry{Action: string(m.Act), Entity: "submission", EntityID: sub.ID, OrgID: sub.CellID,
		Detail: map[string]any{"person": sub.PersonID, "kind": sub.Kind}})
}

func errNotFound() error { return fault.NewNotFound("submissions.error.not_found") }

func errForbidden() error { return fault.NewForbidden("errors.forbidden") }

// batch runs an act for each of many, each on its own, so that one that is refused leaves the others.
// Where some are refused nothing is kept, unless the good ones are to be; the fault.Invalid then
// carries the Result as its detail.
func batch(ctx context.Context, tx *postgres.Tx, rows []Row, keepGood bool, act func(context.Context, *postgres.Tx, *Row) error) (Result, error) {
	out := Result{Rows: rows}
	for i := range rows {
		row := &rows[i]
		row.Err = tx.Try(ctx, func(ctx context.Context, tx *postgres.Tx) error { return act(ctx, tx, row) })
		if row.Err == nil {
			out.Done++
		} else if fault.As(row.Err) == nil {
			return out, row.Err // no refusal: the database failed, and the whole act with it
		}
	}
	if out.Done == len(rows) || keepGood && out.Done > 0 {
		return out, nil
	}
	out.Done = 0
	return out, fault.NewInvalid("submissions.error.some").With(out)
}
