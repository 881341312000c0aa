package introduction

import (
	"context"
	"fmt"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// PersonAnswer is a cell's answer to one name.
type PersonAnswer struct {
	PersonID int64
	Answer   Answer
	Reason   string // why somebody is declined
}

// Answers answers some names of a resolution; those that are left out stay waiting.
type Answers struct {
	Key  string
	ID   int64
	On   party.Date // day of the cell's meeting
	List []PersonAnswer
}

// ReasonField names the field of a person's reason in the form, to which a refusal is addressed.
func ReasonField(personID int64) string { return fmt.Sprintf("reason_%d", personID) }

// Answer keeps what the cell says. Who is declined leaves the planning with the reason. All answers
// are kept or none: a refusal names the field of the person.
func (s *Service) Answer(ctx context.Context, v access.Viewer, in Answers) error {
	if err := s.checkAnswers(in); err != nil {
		return err
	}
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, in.Key); err != nil || done {
			return err
		}
		old, err := selectOne(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if _, path, err := s.orgs.Place(ctx, tx, old.OrgID, s.today()); err != nil {
			return err
		} else if !v.MayIn(access.IntroductionsAnswer, path) {
			return fault.NewForbidden("errors.forbidden")
		}
		if in.On.Before(old.On) {
			return fault.InvalidFields(fault.Field{Name: "on", Key: "introductions.error.before", Args: []any{"On", old.On}})
		}
		return s.keepAnswers(ctx, tx, v, old, in)
	})
}

func (s *Service) checkAnswers(in Answers) error {
	var bad []fault.Field
	switch {
	case in.On.IsZero():
		bad = append(bad, fault.Field{Name: "on", Key: "introductions.error.answer_day"})
	case in.On.After(s.today()):
		bad = append(bad, fault.Field{Name: "on", Key: "introductions.error.future", Args: []any{"Today", s.today()}})
	}
	if len(in.List) == 0 {
		bad = append(bad, fault.Field{Name: "answers", Key: "introductions.error.no_answer"})
	}
	for _, a := range in.List {
		if a.Answer != Declined {
			continue
		}
		if key, args := reasonProblem(a.Reason); key != "" {
			bad = append(bad, fault.Field{Name: ReasonField(a.PersonID), Key: key, Args: args})
		}
	}
	if len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	return nil
}

func (s *Service) keepAnswers(ctx context.Context, tx *postgres.Tx, v access.Viewer, old Introduction, in Answers) error {
	var bad []fault.Field
	for _, a := range in.List {
		err := tx.Try(ctx, func(ctx context.Context, tx *postgres.Tx) error { return s.keepAnswer(ctx, tx, v, old, in.On, a) })
		if e := fault.As(err); e != nil {
			bad = append(bad, fault.Field{Name: ReasonField(a.PersonID), Key: refusalKey(e), Args: e.Args})
		} else if err != nil {
			return err
		}
	}
	if len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	return audit.Write(ctx, tx, v, audit.Entry{Action: "answer", Entity: "introduction", EntityID: old.ID, OrgID: old.OrgID,
		Detail: map[string]any{"people": len(in.List)}})
}

// refusalKey gives what stands in the way in the words of the gate, where there is one.
func refusalKey(e *fault.Error) string {
	if v, ok := e.Detail.(party.Verdict); ok && len(v.Refusals()) > 0 {
		return "introductions.error.cannot_decline"
	}
	return e.Key
}

func (s *Service) keepAnswer(ctx context.Context, tx *postgres.Tx, v access.Viewer, old Introduction, on party.Date, a PersonAnswer) error {
	answered, err := updateAnswer(ctx, tx, v.AccountID, old.ID, on, a)
	if err != nil {
		return err
	}
	if !answered {
		return fault.NewConflict("introductions.error.answered")
	}
	if a.Answer != Declined {
		return nil
	}
	_, err = s.people.RecordIn(ctx, tx, v, people.NewStep{PersonID: a.PersonID, Kind: party.Dropped, On: on,
		Facts: party.DroppedFacts{Reason: strings.TrimSpace(a.Reason)}})
	return err
}
