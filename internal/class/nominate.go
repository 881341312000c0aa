package class

import (
	"context"
	"slices"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// MostNominees bounds how many people are shown to be chosen from at once.
const MostNominees = 200

// OpenClass is the open class of a kind in which somebody is already. ClassID and OrgID are 0 where
// the viewer may not see which class it is, or who nominated.
type OpenClass struct {
	ClassID int64
	OrgID   int32
	On      party.Date
}

// Nominee is somebody who could be sent to a class, with what speaks against it.
type Nominee struct {
	people.Case
	Verdict party.Verdict
	Taken   *OpenClass // in an open class of this kind already
	Had     bool       // passed a class of new members already
}

// Ask asks whom one could send to a class.
type Ask struct {
	ClassID int64
	OrgID   int32   // of this organisation and those below it
	Chosen  []int64 // shown in any case
}

// nominating gives a class to which the viewer may send people, if he may from an organisation at all:
// those of the organiser and below it.
func nominating(ctx context.Context, tx *postgres.Tx, v access.Viewer, tree *organisation.Snapshot, id int64, share bool) (Class, error) {
	c, err := selectClass(ctx, tx, id, false)
	if err == nil && share {
		err = shareClass(ctx, tx, &c)
	}
	switch {
	case err != nil:
		return c, err
	case !sees(v, tree, c.OrgID):
		return c, errNotFound()
	case !v.May(access.ClassesNominate):
		return c, errForbidden()
	case !c.ClosedOn.IsZero():
		return c, errClosed()
	}
	return c, nil
}

// Nominates tells whether the viewer may send people of an organisation to the class.
func (c Class) Nominates(v access.Viewer, o organisation.Org) bool {
	return slices.Contains(o.Path, c.OrgID) && v.MayIn(access.ClassesNominate, o.Path)
}

// Nominees gives whom one could send, and whether there are more of them than are shown. Who has a
// certificate that still serves is left out.
func (s *Service) Nominees(ctx context.Context, v access.Viewer, in Ask) (list []Nominee, more bool, err error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return nil, false, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		c, err := nominating(ctx, tx, v, tree, in.ClassID, false)
		if err != nil {
			return err
		}
		if o, ok := tree.Of(in.OrgID); !ok || !c.Nominates(v, o) {
			return errForbidden()
		}
		ids, err := selectNominees(ctx, tx, c, in, MostNominees+1)
		if err != nil {
			return err
		}
		if more = len(ids) > MostNominees; more {
			ids = ids[:MostNominees]
		}
		found, err := s.judged(ctx, tx, v, tree, c, ids)
		for _, id := range ids {
			n, ok := found[id]
			if ok && (n.Verdict.Passes() || n.State().Class == nil || slices.Contains(in.Chosen, id)) {
				list = append(list, n)
			}
		}
		return err
	})
	return list, more, err
}

// judged tells of people what speaks against sending them to a class, in a bounded number of statements.
func (s *Service) judged(ctx context.Context, tx *postgres.Tx, v access.Viewer, tree *organisation.Snapshot, c Class, ids []int64) (map[int64]Nominee, error) {
	cases, err := s.people.Cases(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	taken, err := selectOpen(ctx, tx, ids, c.Kind)
	if err != nil {
		return nil, err
	}
	organisers, err := selectOrganisers(ctx, tx, taken)
	if err != nil {
		return nil, err
	}
	had, err := selectPassed(ctx, tx, ids, party.NewMemberClass)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]Nominee, len(cases))
	for id, p := range cases {
		n := Nominee{Case: p, Verdict: p.AskClass(c.Kind, c.Starts), Had: c.Kind == party.NewMemberClass && slices.Contains(had, id)}
		if t, ok := taken[id]; ok {
			if o, known := tree.Of(t.OrgID); !known || !v.MayIn(access.ClassesRead, o.Path) {
				t.OrgID = 0
			}
			if !sees(v, tree, organisers[t.ClassID]) {
				t.ClassID, t.OrgID = 0, 0
			}
			n.Taken = &t
		}
		out[id] = n
	}
	return out, nil
}

// refusal gives why somebody cannot be sent; nil where he can.
func (n Nominee) refusal(c Class) error {
	switch {
	case n.Taken != nil:
		return n.Taken.refusal(c)
	case n.Had:
		return fault.NewInvalid("classes.error.passed_already")
	case !n.Verdict.Passes():
		return fault.NewInvalid("steps.error.refused").With(n.Verdict)
	}
	return nil
}

func (t OpenClass) refusal(c Class) error {
	key := "classes.error.in_open_class"
	if t.ClassID == c.ID {
		key = "classes.error.nominated_already"
	}
	return fault.NewInvalid(key, "On", t.On).With(t)
}

// Nomination sends people to a class.
type Nomination struct {
	Key      string
	ClassID  int64
	People   []int64
	On       party.Date // zero = today
	KeepGood bool       // those who pass are sent although others are refused
}

// Nominate enters people as nominated. Where somebody is refused nobody is, unless the good rows are to
// be kept; the fault.Invalid then carries a people.BatchResult.
func (s *Service) Nominate(ctx context.Context, v access.Viewer, in Nomination) (people.BatchResult, error) {
	if in.On.IsZero() {
		in.On = s.Today()
	}
	var bad []fault.Field
	if len(in.People) == 0 || len(in.People) > people.MaxBatch {
		bad = append(bad, fault.Field{Name: "people", Key: "classes.error.nobody", Args: []any{"Max", people.MaxBatch}})
	}
	if in.On.After(s.Today()) {
		bad = append(bad, fault.Field{Name: "on", Key: "classes.error.future", Args: []any{"Today", s.Today()}})
	}
	if len(bad) > 0 {
		return people.BatchResult{}, fault.InvalidFields(bad...)
	}
	return s.batch(ctx, v, in.Key, func(ctx context.Context, tx *postgres.Tx, tree *organisation.Snapshot) (people.BatchResult, error) {
		c, err := nominating(ctx, tx, v, tree, in.ClassID, true)
		if err != nil {
			return people.BatchResult{}, err
		}
		found, err := s.judged(ctx, tx, v, tree, c, in.People)
		if err != nil {
			return people.BatchResult{}, err
		}
		out, err := rows(ctx, tx, in.People, in.KeepGood, func(ctx context.Context, tx *postgres.Tx, id int64) error {
			n, ok := found[id]
			if !ok {
				return fault.NewInvalid("classes.error.person")
			}
			if o, known := tree.Of(n.OrgID); !known || !c.Nominates(v, o) {
				return fault.NewInvalid("classes.error.not_yours")
			}
			if err := n.refusal(c); err != nil {
				return err
			}
			return insertMember(ctx, tx, v.AccountID, c, n, in.On)
		})
		if err != nil {
			return out, err
		}
		return out, note(ctx, tx, v, "nominate", c, map[string]any{"people": out.Done})
	})
}

// batch runs an act on many people under its idempotency key.
func (s *Service) batch(ctx context.Context, v access.Viewer, key string, act func(context.Context, *postgres.Tx, *organisation.Snapshot) (people.BatchResult, error)) (people.BatchResult, error) {
	var out people.BatchResult
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	err = s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		done, again, err := tx.Once(ctx, key)
		if err != nil {
			return err
		}
		if again {
			out.Done, err = strconv.Atoi(done)
			return err
		}
		if out, err = act(ctx, tx, tree); err != nil {
			return err
		}
		return tx.Done(ctx, key, strconv.Itoa(out.Done))
	})
	return out, err
}

// rows does something for each of some people, each in a part of the transaction of its own. Where one
// is refused all are, unless the good ones are to be kept and there are some.
func rows(ctx context.Context, tx *postgres.Tx, ids []int64, keepGood bool, act func(context.Context, *postgres.Tx, int64) error) (people.BatchResult, error) {
	out := people.BatchResult{Rows: make([]people.BatchRow, len(ids))}
	for i, id := range ids {
		row := &out.Rows[i]
		row.PersonID = id
		row.Err = tx.Try(ctx, func(ctx context.Context, tx *postgres.Tx) error { return act(ctx, tx, id) })
		if row.Err == nil {
			out.Done++
		} else if fault.As(row.Err) == nil {
			return out, row.Err // no refusal: the database failed, and the whole act with it
		}
	}
	if out.Done == len(ids) || keepGood && out.Done > 0 {
		return out, nil
	}
	refusal := out
	refusal.Done = 0
	return refusal, fault.NewInvalid("steps.error.batch").With(refusal)
}
