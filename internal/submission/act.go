package submission

import (
	"cmp"
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

// Sending hands dossiers of one cell in, those that were returned once more.
type Sending struct {
	Key      string // idempotency key of the form
	CellID   int32
	Kind     party.DossierStage
	People   []int64
	On       party.Date // the day it was handed in; zero is today
	Words    string
	KeepGood bool // those that pass go, although others are refused
}

// Send hands dossiers in, in one transaction. Where somebody's is refused none goes, unless the others
// are to; the fault.Invalid then carries a Result.
func (s *Service) Send(ctx context.Context, v access.Viewer, in Sending) (Result, error) {
	in.Words = cleanWords(in.Words)
	bad := s.problems(&in.On, in.Words)
	if len(in.People) == 0 || len(in.People) > MaxBatch {
		bad = append(bad, fault.Field{Name: "people", Key: "submissions.error.nobody", Args: []any{"Max", MaxBatch}})
	}
	if !slices.Contains(party.DossierStages, in.Kind) {
		bad = append(bad, fault.Field{Name: "kind", Key: "errors.choice"})
	}
	if len(bad) > 0 {
		return Result{}, fault.InvalidFields(bad...)
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return Result{}, err
	}
	cell, ok := tree.Of(in.CellID)
	if !ok || !cell.Kind.IsCell() || !v.MayIn(access.SubmissionsSend, cell.Path) {
		return Result{}, fault.InvalidFields(fault.Field{Name: "org", Key: "people.error.org_unknown"})
	}
	route := routeOf(tree, in.CellID)
	if len(route) == 0 {
		return Result{}, fault.InvalidFields(fault.Field{Name: "org", Key: "submissions.error.no_level"})
	}
	return s.once(ctx, v, in.Key, func(ctx context.Context, tx *postgres.Tx) (Result, error) {
		rows := make([]Row, len(in.People))
		for i, id := range in.People {
			rows[i].PersonID = id
		}
		ready, err := s.readiness(ctx, tx, in.People, in.Kind)
		if err != nil {
			return Result{}, err
		}
		return batch(ctx, tx, rows, in.KeepGood, func(ctx context.Context, tx *postgres.Tx, row *Row) error {
			r, known := ready[row.PersonID]
			if !known || r.OrgID != in.CellID {
				return fault.NewNotFound("submissions.error.not_here")
			}
			return s.send(ctx, tx, v, r, in, route[0])
		})
	})
}

// send hands one dossier in.
func (s *Service) send(ctx context.Context, tx *postgres.Tx, v access.Viewer, r Ready, in Sending, to int32) error {
	if !r.Verdict.Passes() {
		return fault.NewInvalid("steps.error.refused").With(r.Verdict)
	}
	sub := Submission{PersonID: r.ID, Kind: in.Kind, CellID: in.CellID, At: in.CellID}
	if r.Open.ID != 0 {
		if r.Open.State != party.SubmissionReturned || r.Open.Kind != in.Kind || r.Open.CellID != in.CellID {
			return fault.NewConflict("submissions.error.open_already", "Since", r.Open.Since)
		}
		sub = r.Open
	}
	if err := notBefore(in.On, sub); err != nil {
		return err
	}
	state, _ := sub.State.After(party.HandedIn)
	return s.move(ctx, tx, v, sub, Move{Act: party.HandedIn, To: to, State: state, On: in.On, Words: in.Words})
}

// once runs an act under its idempotency key; a form sent again is answered with how many it moved.
func (s *Service) once(ctx context.Context, v access.Viewer, key string, act func(context.Context, *postgres.Tx) (Result, error)) (Result, error) {
	var out Result
	err := s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		done, again, err := tx.Once(ctx, key)
		if err != nil {
			return err
		}
		if again {
			out.Done, err = strconv.Atoi(done)
			return err
		}
		if out, err = act(ctx, tx); err != nil {
			return err
		}
		return tx.Done(ctx, key, strconv.Itoa(out.Done))
	})
	return out, err
}

// Item is a dossier of an act, from the version that was shown; 0 is whichever is current.
type Item struct {
	ID      int64
	Version int
}

// Acting accepts dossiers or hands them on, many at once.
type Acting struct {
	Key      string
	Act      party.SubmissionAct // AcceptedIt or HandedOn
	Items    []Item
	On       party.Date // the day; zero is today
	Words    string
	KeepGood bool
}

// Act accepts dossiers or hands them on to the next level, as Send does.
func (s *Service) Act(ctx context.Context, v access.Viewer, in Acting) (Result, error) {
	in.Words = cleanWords(in.Words)
	bad := s.problems(&in.On, in.Words)
	if len(in.Items) == 0 || len(in.Items) > MaxBatch {
		bad = append(bad, fault.Field{Name: "people", Key: "submissions.error.nobody", Args: []any{"Max", MaxBatch}})
	}
	if in.Act != party.AcceptedIt && in.Act != party.HandedOn {
		bad = append(bad, fault.Field{Name: "act", Key: "errors.choice"})
	}
	if len(bad) > 0 {
		return Result{}, fault.InvalidFields(bad...)
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return Result{}, err
	}
	return s.once(ctx, v, in.Key, func(ctx context.Context, tx *postgres.Tx) (Result, error) {
		ids, rows, shown := make([]int64, len(in.Items)), make([]Row, len(in.Items)), map[int64]int{}
		for i, item := range in.Items {
			ids[i], rows[i].ID, shown[item.ID] = item.ID, item.ID, item.Version
		}
		subs, err := lockSubmissions(ctx, tx, ids)
		if err != nil {
			return Result{}, err
		}
		return batch(ctx, tx, rows, in.KeepGood, func(ctx context.Context, tx *postgres.Tx, row *Row) error {
			sub, known := subs[row.ID]
			if !known {
				return errNotFound()
			}
			row.PersonID = sub.PersonID
			to := sub.At
			if in.Act == party.HandedOn {
				if to = nextOf(tree, sub); to == 0 {
					return fault.NewInvalid("submissions.error.last_level")
				}
			}
			return s.answer(ctx, tx, v, tree, sub, shown[row.ID], Move{Act: in.Act, To: to, On: in.On, Words: in.Words})
		})
	})
}

// answer makes an act of the level at which a dossier lies.
func (s *Service) answer(ctx context.Context, tx *postgres.Tx, v access.Viewer, tree *organisation.Snapshot, sub Submission, version int, m Move) error {
	level, _ := tree.Of(sub.At)
	if !v.MayIn(access.SubmissionsAnswer, level.Path) || level.OrgID == sub.CellID {
		return errForbidden()
	}
	return s.checked(ctx, tx, v, sub, version, m)
}

// checked makes an act where the dossier is as it was shown and the act fits its state.
func (s *Service) checked(ctx context.Context, tx *postgres.Tx, v access.Viewer, sub Submission, version int, m Move) error {
	state, fits := sub.State.After(m.Act)
	if version != 0 && version != sub.Version || !fits {
		stale, err := selectLastMove(ctx, tx, sub.ID)
		if err != nil {
			return err
		}
		return fault.NewConflict("submissions.error.stale", "By", stale.By, "At", stale.At).With(stale)
	}
	if err := notBefore(m.On, sub); err != nil {
		return err
	}
	m.State = state
	return s.move(ctx, tx, v, sub, m)
}

// Return gives a dossier back to its cell, with the papers that are missing and in words why.
type Return struct {
	Key     string
	Item    Item
	On      party.Date // the day; zero is today
	Missing []party.DocumentKind
	Words   string
}

// Return gives a dossier back. At least one paper is named, or it is said in words why.
func (s *Service) Return(ctx context.Context, v access.Viewer, in Return) error {
	in.Words = cleanWords(in.Words)
	bad := s.problems(&in.On, in.Words)
	if len(in.Missing) == 0 && in.Words == "" {
		bad = append(bad, fault.Field{Name: "missing", Key: "submissions.error.why"})
	}
	return s.one(ctx, v, in.Key, in.Item.ID, bad, func(ctx context.Context, tx *postgres.Tx, tree *organisation.Snapshot, sub Submission) error {
		known, err := s.formKinds(ctx, tx, sub)
		if err != nil {
			return err
		}
		for _, kind := range in.Missing {
			if !slices.Contains(known, kind) {
				return fault.InvalidFields(fault.Field{Name: "missing", Key: "errors.choice"})
			}
		}
		slices.SortFunc(in.Missing, func(a, b party.DocumentKind) int {
			return cmp.Compare(slices.Index(known, a), slices.Index(known, b))
		})
		return s.answer(ctx, tx, v, tree, sub, in.Item.Version, Move{Act: party.ReturnedIt, To: sub.CellID, On: in.On, Missing: slices.Compact(in.Missing), Words: in.Words})
	})
}

// Withdraw takes a dossier back that is on its way.
type Withdraw struct {
	Key   string
	Item  Item
	On    party.Date // the day; zero is today
	Words string
}

// Withdraw takes a dossier back; the cell says why.
func (s *Service) Withdraw(ctx context.Context, v access.Viewer, in Withdraw) error {
	in.Words = cleanWords(in.Words)
	bad := s.problems(&in.On, in.Words)
	if in.Words == "" {
		bad = append(bad, fault.Field{Name: "words", Key: "submissions.error.reason"})
	}
	return s.one(ctx, v, in.Key, in.Item.ID, bad, func(ctx context.Context, tx *postgres.Tx, tree *organisation.Snapshot, sub Submission) error {
		cell, _ := tree.Of(sub.CellID)
		if !v.MayIn(access.SubmissionsSend, cell.Path) {
			return errForbidden()
		}
		return s.checked(ctx, tx, v, sub, in.Item.Version, Move{Act: party.Withdrawn, To: sub.CellID, On: in.On, Words: in.Words})
	})
}

// one makes an act on one dossier, unless what was typed is refused.
func (s *Service) one(ctx context.Context, v access.Viewer, key string, id int64, bad []fault.Field,
	act func(context.Context, *postgres.Tx, *organisation.Snapshot, Submission) error) error {
	if len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, key); err != nil || done {
			return err
		}
		subs, err := lockSubmissions(ctx, tx, []int64{id})
		if err != nil {
			return err
		}
		sub, ok := subs[id]
		if !ok {
			return errNotFound()
		}
		return act(ctx, tx, tree, sub)
	})
}

// formKinds gives the papers of a submission's dossier, in their order.
func (s *Service) formKinds(ctx context.Context, tx *postgres.Tx, sub Submission) ([]party.DocumentKind, error) {
	ready, err := s.readiness(ctx, tx, []int64{sub.PersonID}, sub.Kind)
	if err != nil {
		return nil, err
	}
	var out []party.DocumentKind
	for _, l := range ready[sub.PersonID].Checklist.Lines {
		out = append(out, l.Form.Kind)
	}
	return out, nil
}

// Ready is somebody whose dossier may be handed in, with what speaks against it.
type Ready struct {
	people.Case
	Checklist party.Checklist
	Open      Submission // the one on its way; zero ID where there is none
	Verdict   party.Verdict
}

// readiness asks of some people what speaks against handing their dossiers in, in the same number of
// statements for any number of them.
func (s *Service) readiness(ctx context.Context, tx *postgres.Tx, ids []int64, kind party.DossierStage) (map[int64]Ready, error) {
	cases, err := s.people.Cases(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	lists, err := s.documents.Checklists(ctx, tx, cases, func(people.Case) party.DossierStage { return kind })
	if err != nil {
		return nil, err
	}
	open, err := selectOpenOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]Ready, len(cases))
	for id, c := range cases {
		out[id] = Ready{Case: c, Checklist: lists[id], Open: open[id], Verdict: c.Submit(lists[id])}
	}
	return out, nil
}
