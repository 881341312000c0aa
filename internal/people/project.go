package people

import (
	"context"
	"slices"
	"time"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// projection is everything that is stored about a person only because it can be computed from the
// steps: what lists, work list and figures read.
type projection struct {
	Stage        party.Stage
	Since        party.Date
	Next         party.StepKind
	Due          party.Date
	DueRule      party.RuleID
	JoinedOn     party.Date
	OfficialOn   party.Date
	PartyAgeFrom party.Date
	ProbationEnd party.Date // of who is in it; zero for everybody else
	Mentors      []party.Mentorship
	RemarkDue    party.Date // of the mentors; zero where none is awaited
	Milestones   []party.Milestone
}

func projectionOf(c party.Case, terms []party.Term, passages []party.Passage) projection {
	st := c.State()
	p := projection{Stage: st.Stage, Since: st.Since, Next: st.Awaits(c.Place), JoinedOn: st.JoinedOn,
		OfficialOn: st.OfficialOn, PartyAgeFrom: st.PartyAgeFrom,
		Mentors: st.Mentors, Milestones: party.Milestones(c.Person.Category, c.Steps, terms, passages...)}
	p.RemarkDue, _, _ = c.RemarkDue()
	if st.Stage == party.StageProbationary {
		p.ProbationEnd = st.ProbationEndsOn
	}
	if d, ok := c.Deadline(); ok {
		p.Due, p.DueRule = d.Due, d.Rule.ID
	}
	return p
}

// project stores the projection of a person's steps, in the transaction that changed them.
func (s *Service) project(ctx context.Context, tx *postgres.Tx, p tracked, steps []RecordedStep) error {
	c, err := s.caseOf(ctx, tx, p, steps)
	if err != nil {
		return err
	}
	terms, err := s.orgs.TermList(ctx, tx)
	if err != nil {
		return err
	}
	passages, err := selectPassages(ctx, tx, []int64{p.id})
	if err != nil {
		return err
	}
	pr := projectionOf(c, terms, passages[p.id])
	if err := upsertState(ctx, tx, p.id, pr); err != nil {
		return err
	}
	if err := replaceMentors(ctx, tx, p.id, pr.Mentors, pr.RemarkDue); err != nil {
		return err
	}
	if err := replaceMilestones(ctx, tx, p.id, pr.Milestones); err != nil {
		return err
	}
	if s.OnMember == nil || !slices.ContainsFunc(steps, func(st RecordedStep) bool { return st.Kind == party.Ceremony || st.Kind == party.Received }) {
		return nil
	}
	return s.OnMember(ctx, tx, []int64{p.id})
}

// Reproject computes every stored projection anew, after rules or terms have changed. It goes
// through the register in portions, each a transaction of its own, and may be run again at any time.
func (s *Service) Reproject(ctx context.Context) error {
	for after := int64(0); ; {
		var last int64
		err := s.db.WriteSystem(ctx, func(ctx context.Context, tx *postgres.Tx) error {
			list, err := s.selectPortion(ctx, tx, after, portion)
			if err != nil {
				return err
			}
			for _, e := range list {
				if err := s.project(ctx, tx, e.tracked, e.steps); err != nil {
					return err
				}
				last = e.id
			}
			return nil
		})
		if err != nil || last == 0 {
			return err
		}
		after = last
	}
}

// projectionVersion grows with what is projected, so that an older register is brought up to date.
const projectionVersion = 4

// Outdate marks the stored projections, in the caller's transaction, to be brought up to date.
func (s *Service) Outdate(ctx context.Context, tx *postgres.Tx) error {
	return countProjectionChange(ctx, tx)
}

// BringUpToDate computes the stored projections anew where an older program wrote them, or they were
// outdated since; it does nothing where they are current. Several copies of the program may do it at
// once, and what is outdated while it works is left for the next time.
func (s *Service) BringUpToDate(ctx context.Context) error {
	var at projectionMark
	err := s.db.ReadSystem(ctx, func(ctx context.Context, tx *postgres.Tx) (err error) {
		at, err = selectProjectionMark(ctx, tx)
		return err
	})
	if err != nil || at.version >= projectionVersion && at.applied >= at.changes {
		return err
	}
	s.rules.Forget() // what outdated them may have been another copy, a moment ago
	if err := s.Reproject(ctx); err != nil {
		return err
	}
	return s.db.WriteSystem(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		return updateProjectionMark(ctx, tx, projectionMark{version: projectionVersion, applied: at.changes})
	})
}

// KeepUpToDate brings the stored projections up to date again and again until ctx ends: what an
// administrator changes shows in the lists some moments later, and nobody waits for it. Failures are
// told to failed, and tried again.
func (s *Service) KeepUpToDate(ctx context.Context, failed func(error)) {
	for ctx.Err() == nil {
		pause := time.Second
		if err := s.BringUpToDate(ctx); err != nil && ctx.Err() == nil {
			failed(err)
			pause = time.Minute
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// portion is how many people Reproject and Check hold at once.
const portion = 500
