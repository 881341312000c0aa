package departure

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// maxDue bounds how many waiting cases are looked at, and how many are told.
const (
	maxWaiting = 100
	maxDue     = 20
)

// Due is a case that waits for an act of the viewer.
type Due struct {
	Case
	What party.CaseState // the act
	By   party.Date      // its last day; zero where no rule sets one
	Rule party.Rule      // that sets it, or that says why the act is due
}

// DueList is what waits, the oldest first.
type DueList struct {
	Cases []Due
	More  bool // there are more than are told
}

// Due gives the cases in which the viewer's level is to do the next thing: the cell to vote and to tell the
// person, the grassroots committee to propose, the committee to decide, also on an appeal; and those
// against which an appeal may still come. orgID 0 is the viewer's whole scope.
func (s *Service) Due(ctx context.Context, v access.Viewer, orgID int32) (out DueList, err error) {
	may := map[access.Action]bool{}
	for _, a := range []access.Action{access.CasesEdit, access.CasesBase, access.CasesDecide} {
		may[a] = v.May(a)
	}
	if !may[access.CasesEdit] && !may[access.CasesBase] && !may[access.CasesDecide] {
		return out, nil
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	q := Query{OrgID: orgID}
	if q.within, err = s.orgs.Within(ctx, v, access.CasesRead); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		list, err := selectWaiting(ctx, tx, q, may, s.Today(), maxWaiting)
		if err != nil || len(list) == 0 {
			return err
		}
		ids := make([]int64, len(list))
		for i, c := range list {
			ids[i] = c.PersonID
		}
		members, err := s.people.Cases(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, c := range list {
			o, known := tree.Known(c.OrgID)
			p, seen := members[c.PersonID]
			if !known || !seen {
				continue
			}
			d, waits := c.due(p)
			if waits && v.MayIn(rightOf(d.What, c.Way), o.Path) {
				out.Cases = append(out.Cases, d)
			}
		}
		return nil
	})
	if len(out.Cases) > maxDue {
		out.Cases, out.More = out.Cases[:maxDue], true
	}
	return out, err
}

// due tells what is to be done next in a case, and until when.
func (c Case) due(p people.Case) (Due, bool) {
	next := c.next(p, p.Today)
	if len(next) == 0 {
		return Due{}, false
	}
	d := Due{Case: c, What: next[0]}
	switch {
	case c.State == party.CaseTold:
		d.By = c.AppealBy
		_, d.Rule, _ = party.AppealBy(p.Book, p.Calendar, c.Way, c.Since)
	case (c.State == party.CaseOpened || c.State == party.CaseFailed) && c.Way.Votes() && d.What != party.CaseVoted:
		d.Rule, _ = p.Book.On(party.VoteFails, p.Today)
		if by, ok := p.Deadline(); ok {
			d.By, d.Rule = by.Due, by.Rule
		}
	}
	return d, true
}
