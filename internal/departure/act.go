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
		result, again, err := tx.Once(ctx, in.Key)
		if err != nil {
			return err
		}
		if again {
			id, err = strconv.ParseInt(result, 10, 64)
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
	p, err := s.member(ctx, tx, in.PersonID)
	if err != nil {
		return 0, err
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
	evidence, err := selectEvidence(ctx, tx, in.PersonID)
	if err != nil {
		return 0, err
	}
	id, err := insertCase(ctx, tx, v.AccountID, in, p.OrgID, p.Place.HasGrassroots, evidence)
	if err != nil {
		return 0, err
	}
	if err := insertAct(ctx, tx, v.AccountID, Acting{ID: id, On: in.On, Words: in.Reason}, done{what: party.CaseOpened}); err != nil {
		return 0, err
	}
	return id, audit.Write(ctx, tx, v, audit.Entry{Action: "open", Entity: "departure", EntityID: id, OrgID: p.OrgID, Detail: map[string]any{"way": in.Way}})
}

// member gives whom a case is about.
func (s *Service) member(ctx context.Context, tx *postgres.Tx, id int64) (people.Case, error) {
	cases, err := s.people.Cases(ctx, tx, []int64{id})
	if err != nil {
		return people.Case{}, err
	}
	p, ok := cases[id]
	if !ok {
		return p, fault.NewNotFound("people.error.not_found")
	}
	return p, nil
}

// next gives what may be done with the case now.
func (c Case) next(p people.Case, today party.Date) []party.CaseState {
	return c.State.Next(c.Way, c.HasBase, p.CellSay(c.Way, today))
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
		if _, again, err := tx.Once(ctx, in.Key); err != nil || again {
			return err
		}
		c, err := selectCase(ctx, tx, in.ID, true)
		if err != nil {
			return err
		}
		if path, err := s.orgs.Standing(ctx, tx, c.OrgID); err != nil {
			return err
		} else if !v.MayIn(rightOf(in.What, c.Way), path) {
			return errForbidden()
		}
		p, err := s.member(ctx, tx, c.PersonID)
		if err != nil {
			return err
		}
		if c.Version != in.Version || !slices.Contains(c.next(p, s.Today()), in.What) {
			return fault.NewConflict("cases.error.stale")
		}
		if bad := in.problems(s.Today(), c); len(bad) > 0 {
			return fault.InvalidFields(bad...)
		}
		done, err := s.follow(ctx, tx, v, &c, p, in)
		if err != nil {
			return err
		}
		c.State, c.Since = done.what, in.On
		if err := updateCase(ctx, tx, c); err != nil {
			return err
		}
		if err := insertAct(ctx, tx, v.AccountID, in, done); err != nil {
			return err
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: string(in.What), Entity: "departure", EntityID: c.ID, OrgID: c.OrgID})
	})
}

// done is what became of an act: the state that the case came to, the decision that was issued, and the
// step that is recorded of the act alone.
type done struct {
	what       party.CaseState
	decisionID int64
	stepID     int64
}

// follow does what an act brings with it.
func (s *Service) follow(ctx context.Context, tx *postgres.Tx, v access.Viewer, c *Case, p people.Case, in Acting) (out done, err error) {
	out.what = in.What
	switch in.What {
	case party.CaseVoted:
		return s.vote(ctx, tx, v, c, p, in)
	case party.CaseProposed:
		c.Base = in.Ballot
	case party.CaseDecided:
		out.decisionID, err = s.leave(ctx, tx, v, c, in)
	case party.CaseTold:
		book, calendar, err := s.rules.BookIn(ctx, tx)
		if err != nil {
			return out, err
		}
		c.AppealBy, _, _ = party.AppealBy(book, calendar, c.Way, in.On)
	case party.CaseAppealed:
		if !c.AppealBy.IsZero() && in.On.After(c.AppealBy) {
			return out, fault.InvalidFields(fault.Field{Name: "on", Key: "cases.error.appeal_late", Args: []any{"On", c.AppealBy}})
		}
	case party.CaseRestored:
		issued, step, err := s.decisions.IssueIn(ctx, tx, v, decision.CaseIssue{PersonID: c.PersonID, Fields: in.paper(decision.Restoration),
			Facts: party.RestoredFacts{Reason: in.Words, CaseID: c.ID}})
		c.RestoredID, out.decisionID = step, issued.ID
		return out, err
	}
	return out, err
}

// vote takes the cell's vote. One without two thirds leaves the case where it can be repeated; of a
// probationary member it is recorded as a step, since it counts with the votes on his recognition.
func (s *Service) vote(ctx context.Context, tx *postgres.Tx, v access.Viewer, c *Case, p people.Case, in Acting) (out done, err error) {
	out.what = party.CaseVoted
	counts := c.Way == party.WayRemoved && p.State().Stage == party.StageProbationary
	if counts {
		if asked := p.Ask(party.Step{Kind: party.RemovalVote, On: in.On, OrgID: p.OrgID}); !asked.Passes() {
			return out, fault.NewInvalid("steps.error.refused").With(asked)
		}
	}
	if !c.Way.AsksShare() || p.Book.RemovalCarried(in.Vote, in.On) {
		c.Cell = in.Vote
		return out, nil
	}
	if out.what = party.CaseFailed; !counts {
		return out, nil
	}
	recorded, err := s.people.RecordIn(ctx, tx, v, people.NewStep{PersonID: c.PersonID, Kind: party.RemovalVote, On: in.On,
		Facts: party.RemovalVoteFacts{Vote: in.Vote, CaseID: c.ID}})
	out.stepID = recorded.StepID
	return out, err
}

// leave records the departure: by a decision, or of who died without one.
func (s *Service) leave(ctx context.Context, tx *postgres.Tx, v access.Viewer, c *Case, in Acting) (int64, error) {
	facts := party.LeftFacts{Way: c.Way, Ground: c.Ground, Circumstance: c.Circumstance, Silent: c.Silent, Rated: c.Rated, Cell: c.Cell, Base: c.Base,
		Decision: in.Ballot, Decider: in.Decider, CaseID: c.ID}
	if !c.Way.Votes() {
		recorded, err := s.people.RecordIn(ctx, tx, v, people.NewStep{PersonID: c.PersonID, Kind: party.Left, On: in.On, Facts: facts})
		c.StepID = recorded.StepID
		return 0, err
	}
	issued, step, err := s.decisions.IssueIn(ctx, tx, v, decision.CaseIssue{PersonID: c.PersonID, Fields: in.paper(decision.Departure), Facts: facts})
	c.StepID = step
	return issued.ID, err
}

func (in Acting) paper(k decision.Kind) decision.Fields {
	return decision.Fields{OrgID: in.OrgID, Kind: k, IssuedOn: in.On, Number: in.Number, Suffix: in.Suffix, Decider: in.Decider, Signer: in.Signer}
}
