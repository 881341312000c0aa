package achievement

import (
	"context"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// maxUnionMonths bounds what may be asked: ten years.
const maxUnionMonths = 120

// CriteriaIn gives what is asked of the people of an organisation on a day; path leads down to it.
func (s *Service) CriteriaIn(ctx context.Context, tx *postgres.Tx, path []int32, day party.Date) (party.Criteria, error) {
	list, err := selectCriteria(ctx, tx, path)
	return party.CriteriaOn(list, path, day), err
}

// OrgCriteria is what an organisation asks: all that holds today, and what it and those above it
// have set, newest first.
type OrgCriteria struct {
	Org     organisation.Org
	Today   party.Criteria
	Own     party.Criteria // what it asks itself today, which a change begins with
	Set     []party.DatedCriteria
	MayEdit bool
}

// Criteria gives the criteria of an organisation within the viewer's sight.
func (s *Service) Criteria(ctx context.Context, v access.Viewer, orgID int32) (OrgCriteria, error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return OrgCriteria{}, err
	}
	org, ok := tree.Of(orgID)
	if !ok || !v.MayIn(access.OrganisationsRead, org.Path) && !tree.IsAbove(orgID, v.ScopeFor(access.OrganisationsRead)) {
		return OrgCriteria{}, errNotFound()
	}
	out := OrgCriteria{Org: org, MayEdit: v.MayIn(access.CriteriaEdit, org.Path)}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		out.Set, err = selectCriteria(ctx, tx, org.Path)
		return err
	})
	out.Today = party.CriteriaOn(out.Set, org.Path, s.Today())
	out.Own = party.CriteriaOn(out.Set, []int32{orgID}, s.Today())
	return out, err
}

// NewCriteria sets what an organisation asks from a day on.
type NewCriteria struct {
	Key string
	party.DatedCriteria
}

// SetCriteria sets criteria from a day on, which may lie behind or ahead; nothing asked ends what the
// organisation itself has asked.
func (s *Service) SetCriteria(ctx context.Context, v access.Viewer, in NewCriteria) error {
	if bad := criteriaProblems(in.DatedCriteria, s.Today()); len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, in.Key); err != nil || done {
			return err
		}
		_, path, err := s.orgs.Place(ctx, tx, in.OrgID, s.Today())
		if err != nil {
			return err
		}
		if !v.MayIn(access.CriteriaEdit, path) {
			return errForbidden()
		}
		if err := insertCriteria(ctx, tx, v.AccountID, in.DatedCriteria); err != nil {
			return err
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: "edit", Entity: "organisation", EntityID: int64(in.OrgID), OrgID: in.OrgID,
			Detail: map[string]any{"criteria": in.Criteria, "from": in.From}})
	})
}

func criteriaProblems(c party.DatedCriteria, today party.Date) []fault.Field {
	var bad refusals
	rating := func(r party.Rating) bool { return r == "" || slices.Contains(party.Ratings, r) }
	bad.refuse(!rating(c.Study), "study", "errors.choice")
	bad.refuse(!rating(c.Conduct), "conduct", "errors.choice")
	bad.refuse(c.UnionMonths < 0 || c.UnionMonths > maxUnionMonths, "union_months", "errors.number", "Min", 0, "Max", maxUnionMonths)
	first, last := party.SchoolYearStart(firstYear), today.AddYears(1)
	switch {
	case c.From.IsZero():
		bad.refuse(true, "from", "errors.date_required")
	case c.From.Before(first) || c.From.After(last):
		bad.refuse(true, "from", "achievements.error.from", "First", first, "Last", last)
	}
	return bad
}
