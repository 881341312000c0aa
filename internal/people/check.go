package people

import (
	"cmp"
	"context"
	"slices"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Difference is something stored that is not what the steps say. It names no person.
type Difference struct {
	PersonID int64  `json:"person_id"`
	What     string `json:"what"`
}

// MaxDifferences bounds what a check lists; more of them tell nothing new.
const MaxDifferences = 1000

// Check recomputes every person's projections from the steps and gives those that differ.
func (s *Service) Check(ctx context.Context) ([]Difference, error) {
	_, differ, err := s.Examine(ctx)
	return differ, err
}

// Examine is Check that also tells how many people it looked at.
func (s *Service) Examine(ctx context.Context) (looked int, differ []Difference, err error) {
	return s.walk(ctx, func(e entry, c party.Case, terms []party.Term) []Difference {
		want, have := projectionOf(c, terms, e.passages), e.stored
		var out []Difference
		differs := func(what string, yes bool) {
			if yes {
				out = append(out, Difference{e.id, what})
			}
		}
		differs("stage", want.Stage != have.Stage || want.Since != have.Since)
		differs("next step", want.Next != have.Next)
		differs("deadline", want.Due != have.Due || want.DueRule != have.DueRule)
		differs("membership", want.JoinedOn != have.JoinedOn || want.OfficialOn != have.OfficialOn || want.PartyAgeFrom != have.PartyAgeFrom || want.ProbationEnd != have.ProbationEnd)
		differs("mentors", !slices.Equal(want.Mentors, have.Mentors) || want.RemarkDue != have.RemarkDue)
		differs("milestones", !slices.Equal(sorted(want.Milestones), sorted(have.Milestones)))
		return out
	})
}

// Refused gives the recorded steps that their gates would refuse under the rules as they are now.
// After a regulation was corrected there may be some: they are facts to look into, not damage.
func (s *Service) Refused(ctx context.Context) ([]Difference, error) {
	_, differ, err := s.walk(ctx, func(e entry, c party.Case, _ []party.Term) []Difference {
		var out []Difference
		for _, v := range c.Illegal() {
			out = append(out, Difference{e.id, string(v.Kind) + " " + v.On.String() + ": " + v.Refusals()[0].Key})
		}
		return out
	})
	return differ, err
}

// walk goes through the register in portions and tells how many people it looked at.
func (s *Service) walk(ctx context.Context, look func(entry, party.Case, []party.Term) []Difference) (looked int, out []Difference, err error) {
	for after := int64(0); len(out) < MaxDifferences; {
		var last int64
		err := s.db.ReadSystem(ctx, func(ctx context.Context, tx *postgres.Tx) error {
			list, err := s.selectPortion(ctx, tx, after, portion)
			if err != nil {
				return err
			}
			terms, err := s.orgs.TermList(ctx, tx)
			if err != nil {
				return err
			}
			looked += len(list)
			for _, e := range list {
				c, err := s.caseOf(ctx, tx, e.tracked, e.steps)
				if err != nil {
					return err
				}
				last, out = e.id, append(out, look(e, c, terms)...)
			}
			return nil
		})
		if err != nil || last == 0 {
			return looked, out, err
		}
		after = last
	}
	return looked, out, nil
}

// sorted puts milestones in an order in which they can be compared; of which day the order of
// organisations is meant is not stored.
func sorted(list []party.Milestone) []party.Milestone {
	for i := range list {
		list[i].Eve = false
	}
	slices.SortFunc(list, func(a, b party.Milestone) int {
		return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.StepID, b.StepID), cmp.Compare(a.Figure, b.Figure))
	})
	return list
}
