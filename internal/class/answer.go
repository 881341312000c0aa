package class

import (
	"context"
	"strings"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

const maxReason = 500

// reasoned trims a reason and refuses one that is missing or too long.
func reasoned(reason *string) []fault.Field {
	*reason = strings.TrimSpace(*reason)
	switch {
	case *reason == "":
		return []fault.Field{{Name: "reason", Key: "classes.error.reason"}}
	case utf8.RuneCountInString(*reason) > maxReason:
		return []fault.Field{{Name: "reason", Key: "errors.too_long", Args: []any{"Max", maxReason}}}
	}
	return nil
}

// Answer is what the organiser says to nominations.
type Answer struct {
	Key      string
	ClassID  int64
	People   []int64
	Approve  bool
	Reason   string // of a refusal
	KeepGood bool
}

// Answer approves or refuses nominations. More than the class holds are not approved, also when several
// approve at once; who was approved may be refused until he has a result. A refused row is told as by
// Nominate.
func (s *Service) Answer(ctx context.Context, v access.Viewer, in Answer) (people.BatchResult, error) {
	var bad []fault.Field
	if len(in.People) == 0 || len(in.People) > people.MaxBatch {
		bad = append(bad, fault.Field{Name: "people", Key: "classes.error.nobody", Args: []any{"Max", people.MaxBatch}})
	}
	if in.Approve {
		in.Reason = ""
	} else {
		bad = append(bad, reasoned(&in.Reason)...)
	}
	if len(bad) > 0 {
		return people.BatchResult{}, fault.InvalidFields(bad...)
	}
	return s.batch(ctx, v, in.Key, func(ctx context.Context, tx *postgres.Tx, tree *organisation.Snapshot) (people.BatchResult, error) {
		c, err := manage(ctx, tx, v, tree, in.ClassID)
		if err != nil {
			return people.BatchResult{}, err
		}
		counts, err := selectCounts(ctx, tx, c.ID)
		if err != nil {
			return people.BatchResult{}, err
		}
		members, err := selectMembers(ctx, tx, c.ID, maxRoster)
		if err != nil {
			return people.BatchResult{}, err
		}
		found := byPerson(members)
		approved := counts[c.ID].Approved
		out, err := rows(ctx, tx, in.People, in.KeepGood, func(ctx context.Context, tx *postgres.Tx, id int64) error {
			m, ok := found[id]
			switch {
			case !ok:
				return fault.NewInvalid("classes.error.not_nominated")
			case m.Result != "":
				return fault.NewInvalid("classes.error.has_result")
			case in.Approve && m.State != Nominated, !in.Approve && !m.State.open():
				return fault.NewInvalid("classes.error.answered")
			case in.Approve && c.Capacity > 0 && approved >= c.Capacity:
				return fault.NewInvalid("classes.error.full", "Capacity", c.Capacity)
			}
			state := Refused
			if in.Approve {
				state = Approved
				approved++
			}
			return updateState(ctx, tx, v.AccountID, m, state, in.Reason)
		})
		if err != nil {
			return out, err
		}
		return out, note(ctx, tx, v, "answer", c, map[string]any{"people": out.Done, "approved": in.Approve})
	})
}

// Withdrawal takes a nomination back.
type Withdrawal struct {
	Key      string
	ClassID  int64
	PersonID int64
	Reason   string
}

// Withdraw takes a nomination back for the organisation that may nominate, until there is a result.
func (s *Service) Withdraw(ctx context.Context, v access.Viewer, in Withdrawal) error {
	if bad := reasoned(&in.Reason); len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	return s.once(ctx, v, in.Key, func(ctx context.Context, tx *postgres.Tx, tree *organisation.Snapshot) error {
		c, err := nominating(ctx, tx, v, tree, in.ClassID, true)
		if err != nil {
			return err
		}
		m, err := selectMember(ctx, tx, c.ID, in.PersonID)
		if err != nil {
			return err
		}
		o, known := tree.Of(m.OrgID)
		switch {
		case !known || !c.Nominates(v, o):
			return errForbidden()
		case m.Result != "":
			return fault.NewConflict("classes.error.has_result")
		case !m.State.open():
			return fault.NewConflict("classes.error.answered")
		}
		if err := updateState(ctx, tx, v.AccountID, m, Withdrawn, in.Reason); err != nil {
			return err
		}
		return note(ctx, tx, v, "withdraw", c, map[string]any{"person": m.PersonID})
	})
}
