package submission

import (
	"context"
	"fmt"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Settle lets the dossiers of somebody follow his steps: the newest of each kind ends with the step
// that decides on it, or with which its person left the planning, and is on its way again where that
// step is voided.
func (s *Service) Settle(ctx context.Context, tx *postgres.Tx, v access.Viewer, personID int64, c party.Case) error {
	list, err := selectNewest(ctx, tx, []int64{personID})
	if err != nil {
		return err
	}
	for _, sub := range list {
		end, state := endOf(sub, c)
		if sub.State == party.SubmissionWithdrawn || end == nil && sub.ClosedStep == 0 || end != nil && end.ID == sub.ClosedStep {
			continue
		}
		m := Move{Act: party.ClosedIt, To: sub.At, State: state, On: s.Today()}
		if end == nil {
			if m, err = s.resumed(ctx, tx, sub); err != nil {
				return err
			}
			sub.ClosedStep = 0
		} else {
			sub.ClosedStep = end.ID
		}
		if err := s.move(ctx, tx, v, sub, m); err != nil {
			return err
		}
	}
	return nil
}

// endOf gives the step that ends a dossier's way. One that ended stays so as long as that step holds,
// although its person is planned again later, or is no member any more.
func endOf(sub Submission, c party.Case) (*party.Step, party.SubmissionState) {
	if sub.State == party.SubmissionWithdrawn {
		return nil, sub.State
	}
	if sub.ClosedStep != 0 {
		active := party.Active(c.Steps)
		if i := slices.IndexFunc(active, func(s party.Step) bool { return s.ID == sub.ClosedStep }); i >= 0 && sub.State.EndsWith(sub.Kind, active[i].Kind) {
			return &active[i], sub.State
		}
	}
	return c.State().SubmissionEnd(sub.Kind)
}

// resumed gives the move that puts a dossier back to where it was before it closed.
func (s *Service) resumed(ctx context.Context, tx *postgres.Tx, sub Submission) (Move, error) {
	moves, err := selectMoves(ctx, tx, sub.ID)
	if err != nil {
		return Move{}, err
	}
	for _, m := range slices.Backward(moves) {
		if m.Act != party.ClosedIt {
			return Move{Act: party.ReopenedIt, To: m.To, State: m.State, On: s.Today()}, nil
		}
	}
	return Move{}, fmt.Errorf("submission %d closed without having been open", sub.ID)
}

// examinePortion is how many people Examine looks at together.
const examinePortion = 500

// Examine looks at all submissions and gives those whose state is not what the steps of the person
// and their own moves say, and how many it looked at.
func (s *Service) Examine(ctx context.Context) (looked int, differ []people.Difference, err error) {
	for after := int64(0); ; {
		var ids []int64
		err := s.db.ReadSystem(ctx, func(ctx context.Context, tx *postgres.Tx) (err error) {
			if ids, err = selectPeopleAfter(ctx, tx, after, examinePortion); err != nil || len(ids) == 0 {
				return err
			}
			n, found, err := s.examine(ctx, tx, ids)
			looked, differ = looked+n, append(differ, found...)
			return err
		})
		if err != nil || len(ids) == 0 {
			return looked, differ, err
		}
		after = ids[len(ids)-1]
	}
}

func (s *Service) examine(ctx context.Context, tx *postgres.Tx, ids []int64) (looked int, differ []people.Difference, err error) {
	list, err := selectNewest(ctx, tx, ids)
	if err != nil {
		return 0, nil, err
	}
	cases, err := s.people.Cases(ctx, tx, ids)
	if err != nil {
		return 0, nil, err
	}
	unlike, err := selectUnlikeMoves(ctx, tx, ids)
	if err != nil {
		return 0, nil, err
	}
	for _, sub := range list {
		c, ok := cases[sub.PersonID]
		if !ok {
			continue
		}
		end, state := endOf(sub, c.Case)
		wrong := end != nil && (sub.State != state || sub.ClosedStep != end.ID) || end == nil && sub.ClosedStep != 0
		if wrong {
			differ = append(differ, people.Difference{PersonID: sub.PersonID, What: "submission"})
		}
	}
	for _, id := range unlike {
		differ = append(differ, people.Difference{PersonID: id, What: "moves of a submission"})
	}
	return len(list), differ, nil
}
