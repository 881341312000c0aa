package departure

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/decision"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Open opens a case. The evidence is taken from attendance, dues and assessments as they are entered. It
// answers fault.Conflict where a case about the person is open already.
func (s *Service) Open(ctx context.Context, v access.Viewer, in Opening) (id int64, err error) {
	in = in.clean()
	if bad := in.problems(s.Today()); len(bad) > 0 {
		return 0, fault.InvalidFields(bad...)
	}
	err = s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		done, again, err := tx.Once(ctx, in.Key)
		if err != nil {
			return err
		}
		if again {
			id, err = strconv.ParseInt(done, 10, 64)
			return err
		}
		if id, err = s.open(ctx, tx, v, in); err != nil {
			return err
		}
		return tx.Done(ctx, in.Key, strconv.FormatInt(id, 10))
	})
	return id, err
}

func (s *Service) open(ctx context.Context, tx *postgres.Tx, v access.Viewer, in Opening) (int64, error) {
	cases, err := s.people.Cases(ctx, tx, []int64{in.PersonID})
	if err != nil {
		return 0, err
	}
	p, ok := cases[in.PersonID]
	if !ok {
		return 0, fault.NewNotFound("people.error.not_found")
	}
	if _, path, err := s.orgs.Place(ctx, tx, p.OrgID, s.Today()); err != nil {
		return 0, err
	} else if !v.MayIn(access.CasesEdit, path) {
		return 0, errForbidden()
	}
	st := p.State()
	grounds := in.Way.Grounds(st.Stage)
	switch {
	case !st.Stage.Member():
		return 0, fault.InvalidFields(fault.Field{Name: "way", Key: "gate.left.no_member"})
	case len(grounds) > 0 && !slices.Contains(grounds, in.Ground):
		return 0, fault.InvalidFields(fault.Field{Name: "ground", Key: "gate.left.ground"})
	case len(grounds) == 0:
		in.Ground = ""
	}
	if in.On.Before(st.JoinedOn) {
		return 0, fault.InvalidFields(fault.Field{Name: "on", Key: "cases.error.before", Args: []any{"On", st.JoinedOn}})
	}
	silent, err := selectSilent(ctx, tx, in.PersonID)
	if err != nil {
		return 0, err
	}
	rated, err := selectRated(ctx, tx, in.PersonID)
	if err != nil {
		return 0, err
	}
	id, err := insertCase(ctx, tx, v.AccountID, in, p.OrgID, p.Place.HasGrassroots, silent, rated)
	if err != nil {
		return 0, err
	}
	if err := insertAct(ctx, tx, v.AccountID, Acting{ID: id, What: party.CaseOpened, On: in.On, Words: in.Reason}, 0); err != nil {
		return 0, err
	}
	return id, audit.Write(ctx, tx, v, audit.Entry{Action: "open", Entity: "departure", EntityID: id, OrgID: p.OrgID, Detail: map[string]any{"way": in.Way}})
}

// rightOf gives the right that an act asks of the viewer at the case's cell.
func rightOf(what party.CaseState, w party.Way) access.Action {
	switch {
	case what == party.CaseProposed:
		return access.CasesBase
	case what == party.CaseDecided && w.Votes(), what == party.CaseUpheld, what == party.CaseRestored:
		return access.CasesDecide
	}
	return access.CasesEdit
}

// Act does the next thing in a case. What its gate refuses is fault.Invalid with the party.Verdict as its
// detail; a case that somebody else moved on in between is fault.Conflict.
func (s *Service) Act(ctx context.Context, v access.Viewer, in Acting) error {
	in.Words = strings.TrimSpace(in.Words)
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, in.Key); err != nil || done {
			return err
		}
		c, err := selectCase(ctx, tx, in.ID, true)
		if err != nil {
			return err
		}
		if _, path, err := s.orgs.Place(ctx, tx, c.OrgID, s.Today()); err != nil {
			return err
		} else if !v.MayIn(rightOf(in.What, c.Way), path) {
			return errForbidden()
		}
		if c.Version != in.Version || !slices.Contains(c.State.Next(c.Way, c.HasBase), in.What) {
			return fault.NewConflict("cases.error.stale")
		}
		if bad := in.problems(s.Today(), c); len(bad) > 0 {
			return fault.InvalidFields(bad...)
		}
		decided, err := s.follow(ctx, tx, v, &c, in)
		if err != nil {
			return err
		}
		c.State, c.Since = in.What, in.On
		if err := updateCase(ctx, tx, c); err != nil {
			return err
		}
		if err := insertAct(ctx, tx, v.AccountID, in, decided); err != nil {
			return err
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: string(in.What), Entity: "departure", EntityID: c.ID, OrgID: c.OrgID})
	})
}

// follow does what an act brings with it, and gives the decision that was issued, if one was.
func (s *Service) follow(ctx context.Context, tx *postgres.Tx, v access.Viewer, c *Case, in Acting) (decided int64, err error) {
	switch in.What {
	case party.CaseVoted:
		c.Cell = in.Vote
	case party.CaseProposed:
		c.Base = in.Ballot
	case party.CaseDecided:
		return s.leave(ctx, tx, v, c, in)
	case party.CaseTold:
		book, calendar, err := s.rules.BookIn(ctx, tx)
		if err != nil {
			return 0, err
		}
		c.AppealBy, _, _ = party.AppealBy(book, calendar, c.Way, in.On)
	case party.CaseAppealed:
		if !c.AppealBy.IsZero() && in.On.After(c.AppealBy) {
			return 0, fault.InvalidFields(fault.Field{Name: "on", Key: "cases.error.appeal_late", Args: []any{"On", c.AppealBy}})
		}
	case party.CaseRestored:
		done, step, err := s.decisions.IssueIn(ctx, tx, v, decision.CaseIssue{PersonID: c.PersonID, Fields: in.paper(decision.Restoration),
			Facts: party.RestoredFacts{Reason: in.Words, CaseID: c.ID}})
		c.RestoredID = step
		return done.ID, err
	}
	return 0, nil
}

// leave records the departure: by a decision, or of who died without one.
func (s *Service) leave(ctx context.Context, tx *postgres.Tx, v access.Viewer, c *Case, in Acting) (int64, error) {
	facts := party.LeftFacts{Way: c.Way, Ground: c.Ground, Circumstance: c.Circumstance, Silent: c.Silent, Rated: c.Rated, Cell: c.Cell, Base: c.Base,
		Decision: in.Ballot, Decider: in.Decider, CaseID: c.ID}
	if !c.Way.Votes() {
		done, err := s.people.RecordIn(ctx, tx, v, people.NewStep{PersonID: c.PersonID, Kind: party.Left, On: in.On, Facts: facts})
		c.StepID = done.StepID
		return 0, err
	}
	done, step, err := s.decisions.IssueIn(ctx, tx, v, decision.CaseIssue{PersonID: c.PersonID, Fields: in.paper(decision.Departure), Facts: facts})
	c.StepID = step
	return done.ID, err
}

func (in Acting) paper(k decision.Kind) decision.Fields {
	return decision.Fields{OrgID: in.OrgID, Kind: k, IssuedOn: in.On, Number: in.Number, Suffix: in.Suffix, Decider: in.Decider, Signer: in.Signer}
}
