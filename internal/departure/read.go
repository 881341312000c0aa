package departure

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Query narrows the list; zero values do not.
type Query struct {
	State  party.CaseState
	Way    party.Way
	OrgID  int32
	After  Cursor
	within []int32
}

// List is a page of cases.
type List struct {
	Cases []Case
	Next  Cursor // zero on the last page
}

// List gives the cases of the viewer's organisations, the newest first.
func (s *Service) List(ctx context.Context, v access.Viewer, q Query) (out List, err error) {
	if !v.May(access.CasesRead) {
		return out, errForbidden()
	}
	if q.within, err = s.orgs.Within(ctx, v, access.CasesRead); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		out.Cases, err = selectCases(ctx, tx, q, PageSize+1)
		return err
	})
	if len(out.Cases) > PageSize {
		out.Cases = out.Cases[:PageSize]
		last := out.Cases[PageSize-1]
		out.Next = Cursor{Day: last.OpenedOn, ID: last.ID}
	}
	return out, err
}

// Opened is one case with what was done, what may be done, and what stands in the way of a decision.
type Opened struct {
	Case
	Acts        []Act
	May         []party.CaseState // what the viewer may do now
	Next        []party.CaseState // what comes next, whoever does it
	Verdict     party.Verdict     // of the departure, as of today; without conditions once it is decided
	HasAppeal   bool
	FailedVotes int        // of the cell of a probationary member so far, on the recognition and on the removal
	Appeal      party.Rule // the rule of the appeal, where there is one
}

// Get opens a case.
func (s *Service) Get(ctx context.Context, v access.Viewer, id int64) (out Opened, err error) {
	if !v.May(access.CasesRead) {
		return out, errForbidden()
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if out.Case, err = selectCase(ctx, tx, id, false); err != nil {
			return err
		}
		if out.Acts, err = selectActs(ctx, tx, id); err != nil {
			return err
		}
		book, calendar, err := s.rules.BookIn(ctx, tx)
		if err != nil {
			return err
		}
		if !out.AppealBy.IsZero() {
			_, out.Appeal, out.HasAppeal = party.AppealBy(book, calendar, out.Way, out.Since)
		}
		cases, err := s.people.Cases(ctx, tx, []int64{out.PersonID})
		p := cases[out.PersonID]
		out.Next = out.next(p, s.Today())
		if p.ID != 0 && out.State.Open() {
			out.FailedVotes = p.State().FailedVotes
			out.Verdict = p.Ask(party.Step{Kind: party.Left, On: s.Today(), OrgID: p.OrgID, Facts: party.LeftFacts{Way: out.Way, Ground: out.Ground,
				Circumstance: out.Circumstance, Silent: out.Silent, Rated: out.Rated, Cell: out.Cell, Base: out.Base, Decider: party.DeciderUpperStandingCommittee}})
		}
		if out.Cell == (party.Vote{}) {
			out.Verdict = beforeTheVote(out.Verdict)
		}
		return err
	})
	o, ok := tree.Known(out.OrgID)
	for _, what := range out.Next {
		if ok && v.MayIn(rightOf(what, out.Way), o.Path) {
			out.May = append(out.May, what)
		}
	}
	return out, err
}

// beforeTheVote tells the cell's share as not known yet: nobody has voted, or too few were in favour so far.
func beforeTheVote(v party.Verdict) party.Verdict {
	for i, c := range v.Conditions {
		if c.Key == "gate.vote.branch" {
			v.Conditions[i] = party.Condition{Rule: c.Rule, Key: "gate.vote.asked", Outcome: party.NotKnown}
		}
	}
	return v
}

// Evidence is what the cell's book and the assessments say of somebody.
type Evidence struct {
	Silent int // the most months of one year without activity, or without dues
	Rated  int // the most years in a row at the lowest level
}

// Evidence gives what a case about somebody would be opened with, as far as the viewer sees him.
func (s *Service) Evidence(ctx context.Context, v access.Viewer, person int64) (out Evidence, err error) {
	if !v.May(access.CasesEdit) {
		return out, errForbidden()
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		out, err = selectEvidence(ctx, tx, person)
		return err
	})
	return out, err
}

// OfPerson gives somebody's cases, the newest first, as far as the viewer sees them.
func (s *Service) OfPerson(ctx context.Context, v access.Viewer, person int64) (out []Case, err error) {
	if !v.May(access.CasesRead) {
		return nil, nil
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		out, err = selectOfPerson(ctx, tx, person)
		return err
	})
	return out, err
}
