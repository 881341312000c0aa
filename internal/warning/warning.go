// Package warning tells early of members who drift: it keeps, for each, from which day what is told to
// whom, as a projection of his steps, attendance and dues, and takes down what was done about it. When
// something is told is written in package party. No HTTP lives here.
package warning

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Regulations gives the rules in force, read through the caller's transaction.
type Regulations interface {
	BookIn(ctx context.Context, tx *postgres.Tx) (*party.Rulebook, *party.Calendar, error)
}

// Service holds the use cases of warnings.
type Service struct {
	db    *postgres.DB
	orgs  *organisation.Service
	rules Regulations
	today func() party.Date
}

// New makes the service; today tells the day in the committee's time zone.
func New(db *postgres.DB, orgs *organisation.Service, rules Regulations, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, rules: rules, today: today}
}

// stored is a warning of somebody as it is kept.
type stored struct {
	personID int64
	orgID    int32
	party.Warning
	answered bool
}

// Refresh computes the warnings of some people anew, in the transaction that changed what they rest on.
func (s *Service) Refresh(ctx context.Context, tx *postgres.Tx, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	if err := lockPeople(ctx, tx, ids); err != nil {
		return err
	}
	list, err := s.compute(ctx, tx, ids)
	if err != nil {
		return err
	}
	return replace(ctx, tx, ids, list)
}

// compute gives the warnings of some people by what is recorded of them, in the order of their keys.
func (s *Service) compute(ctx context.Context, tx *postgres.Tx, ids []int64) ([]stored, error) {
	book, _, err := s.rules.BookIn(ctx, tx)
	if err != nil {
		return nil, err
	}
	lives, err := selectLives(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	answers, err := selectAnswered(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var out []stored
	for _, l := range lives {
		for _, w := range party.Warnings(l.MemberLife, book) {
			out = append(out, stored{l.personID, l.orgID, w, answers[answerKey{l.personID, w.Kind, w.Level, w.From}]})
		}
	}
	slices.SortFunc(out, byKey)
	return out, nil
}

const portion = 500

// Examine recomputes the warnings of all members and gives those that differ, and how many it looked at.
func (s *Service) Examine(ctx context.Context) (looked int, differ []people.Difference, err error) {
	for after := int64(0); ; {
		var ids []int64
		err = s.db.ReadSystem(ctx, func(ctx context.Context, tx *postgres.Tx) (err error) {
			if ids, err = selectPortion(ctx, tx, after, portion); err != nil || len(ids) == 0 {
				return err
			}
			want, err := s.compute(ctx, tx, ids)
			if err != nil {
				return err
			}
			have, err := selectStored(ctx, tx, ids)
			if err != nil {
				return err
			}
			for _, id := range ids {
				if !slices.Equal(of(want, id), of(have, id)) {
					differ = append(differ, people.Difference{PersonID: id, What: "warnings"})
				}
			}
			return nil
		})
		if err != nil || len(ids) == 0 {
			return looked, differ, err
		}
		looked, after = looked+len(ids), ids[len(ids)-1]
	}
}

func of(list []stored, id int64) (out []stored) {
	for _, w := range list {
		if w.personID == id {
			out = append(out, w)
		}
	}
	return out
}

// Answer takes down what was done about a warning.
type Answer struct {
	Key      string // idempotency key of the form
	PersonID int64
	Kind     party.WarningKind
	Level    int
	From     party.Date // from which day it was told
	Words    string
}

const maxWords = 500

// Said is an answer as it was taken down.
type Said struct {
	Kind  party.WarningKind
	Level int
	From  party.Date
	Words string
	By    string
	At    time.Time
}

// Answer keeps what was done; the warning is then told to nobody any more. One that is not told, or was
// answered in between, is fault.Conflict.
func (s *Service) Answer(ctx context.Context, v access.Viewer, in Answer) error {
	in.Words = strings.TrimSpace(in.Words)
	switch {
	case in.Words == "":
		return fault.InvalidFields(fault.Field{Name: "words", Key: "warnings.error.words"})
	case utf8.RuneCountInString(in.Words) > maxWords:
		return fault.InvalidFields(fault.Field{Name: "words", Key: "errors.too_long", Args: []any{"Max", maxWords}})
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, in.Key); err != nil || done {
			return err
		}
		somebody, err := selectSomebody(ctx, tx, in.PersonID)
		if err != nil {
			return err
		}
		if o, ok := tree.Of(somebody.OrgID); !ok || !v.MayIn(access.WarningsAnswer, o.Path) {
			return fault.NewForbidden("errors.forbidden")
		}
		if err := lockPeople(ctx, tx, []int64{in.PersonID}); err != nil {
			return err
		}
		told, err := selectStored(ctx, tx, []int64{in.PersonID})
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(told, func(w stored) bool {
			return w.Kind == in.Kind && w.Level == in.Level && w.From == in.From && !w.answered && w.open(s.today())
		}) {
			return fault.NewConflict("warnings.error.gone")
		}
		if err := insertAnswer(ctx, tx, v.AccountID, somebody.OrgID, in); err != nil {
			return err
		}
		if err := s.Refresh(ctx, tx, []int64{in.PersonID}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: "answer", Entity: "person", EntityID: in.PersonID, OrgID: somebody.OrgID,
			Detail: map[string]any{"warning": in.Kind, "level": in.Level}})
	})
}

// open tells whether a warning says something on a day, to the cell at least.
func (w stored) open(day party.Date) bool {
	return !w.From.After(day) && (w.Until.IsZero() || w.Until.After(day))
}
