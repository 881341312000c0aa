package decision

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// MostWaiting bounds how many of those who wait are shown at once; a committee decides on fewer.
const MostWaiting = 200

// Ask asks who waits for a kind of decision by an issuer, and what the gates say on its day.
type Ask struct {
	Fields Fields
	Below  int32   // narrows to an organisation below the issuer; 0 is all
	Chosen []int64 // shown in any case, such as those of a form that comes back
}

// Waiting is somebody who waits for a decision, with the gate's answer on the decision's day.
type Waiting struct {
	people.Case
	Deadline party.Deadline // zero Due where no rule sets one
	Verdict  party.Verdict
}

// Waiting gives those who wait, the nearest deadline first, and whether there are more of them.
func (s *Service) Waiting(ctx context.Context, v access.Viewer, in Ask) (list []Waiting, more bool, err error) {
	f := in.Fields
	if f.IssuedOn.IsZero() || f.IssuedOn.After(s.Today()) {
		f.IssuedOn = s.Today()
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, _, err := s.issuer(ctx, tx, v, f.OrgID); err != nil {
			return err
		}
		ids, err := selectWaiting(ctx, tx, f.Kind.awaited(), f.OrgID, in.Below, in.Chosen, MostWaiting+1)
		if err != nil {
			return err
		}
		if more = len(ids) > MostWaiting; more {
			ids = ids[:MostWaiting]
		}
		cases, err := s.people.Cases(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if c, ok := cases[id]; ok {
				list = append(list, f.waits(c))
			}
		}
		return nil
	})
	return list, more, err
}

// waits asks somebody's gate about the step that the decision would cause.
func (f Fields) waits(c people.Case) Waiting {
	w := Waiting{Case: c}
	w.Deadline, _ = c.Deadline()
	step := party.Step{Kind: f.Kind.Step(), On: f.IssuedOn, OrgID: c.OrgID}
	if f.Kind != Extension || f.Days > 0 {
		step.Facts = f.facts()
	}
	w.Verdict = c.Record(step)
	return w
}

// Last gives what the last decision of an issuer was printed and signed with, so that the next one
// begins with it.
func (s *Service) Last(ctx context.Context, v access.Viewer, orgID int32) (f Fields, err error) {
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, _, err := s.issuer(ctx, tx, v, orgID); err != nil {
			return err
		}
		f, err = selectLast(ctx, tx, orgID)
		return err
	})
	return f, err
}

// Issuers gives the committees in whose name the viewer may issue, in the order of the tree.
func (s *Service) Issuers(ctx context.Context, v access.Viewer) (ids []int32, err error) {
	if !v.May(access.DecisionsIssue) {
		return nil, fault.NewForbidden("errors.forbidden")
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	list, _ := tree.Choice(v, access.DecisionsIssue, 0, maxIssuers)
	for _, o := range list {
		if issues(o.Kind) {
			ids = append(ids, o.OrgID)
		}
	}
	return ids, nil
}

// maxIssuers bounds the choice of organisations among which the issuers are looked for.
const maxIssuers = 1000
