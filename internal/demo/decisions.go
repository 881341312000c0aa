package demo

import (
	"context"
	"fmt"

	"ketnap/internal/ceremony"
	"ketnap/internal/decision"
	"ketnap/internal/fault"
	"ketnap/internal/party"
)

// The days of what the demo does with decisions and ceremonies, at the end of its time.
var (
	extendedOn  = until.AddDays(-10)
	wrongOn     = until.AddDays(-5)
	cancelledOn = until.AddDays(-3)
	heldOn      = until.AddDays(-1)
	plannedOn   = until.AddDays(30)
)

// fillDecisions gathers the decisions of the second term into the register, extends the time for one
// that is awaited, issues one that is cancelled again, holds one ceremony and plans another. Each
// part is passed over where it was done before.
func (f *filler) fillDecisions(ctx context.Context) error {
	for _, part := range []struct {
		name string
		fill func(context.Context) error
	}{{"register", f.gather}, {"extension", f.extend}, {"cancelled decision", f.cancel}, {"ceremony held", f.hold}, {"ceremony planned", f.plan}} {
		if err := part.fill(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, explained(err))
		}
	}
	return nil
}

func (f *filler) gather(ctx context.Context) error {
	_, err := f.s.Decisions.Gather(ctx, f.viewer, decision.Gathering{OrgID: f.orgs[root.code], From: termTwo.Starts, Until: until})
	return err
}

// waits gives somebody for whom a kind of decision may be issued on a day, whose deadline is the last.
func (f *filler) waits(ctx context.Context, fields decision.Fields) (int64, error) {
	list, _, err := f.s.Decisions.Waiting(ctx, f.viewer, decision.Ask{Fields: fields})
	if err != nil {
		return 0, err
	}
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Verdict.Passes() {
			return list[i].ID, nil
		}
	}
	return 0, fault.NewNotFound("decisions.error.not_found")
}

// done tells whether the register has a kind of decision.
func (f *filler) done(ctx context.Context, kind decision.Kind) (bool, error) {
	list, err := f.s.Decisions.List(ctx, f.viewer, decision.Query{Kind: kind})
	return list.Count > 0, err
}

func (f *filler) issue(ctx context.Context, fields decision.Fields) (decision.Done, int64, error) {
	fields.OrgID, fields.Suffix, fields.Signer = f.orgs[root.code], "-QĐ/ĐU", "Trần Văn Lãnh Đạo"
	id, err := f.waits(ctx, fields)
	if err != nil {
		return decision.Done{}, 0, err
	}
	done, err := f.s.Decisions.Issue(ctx, f.viewer, decision.Issue{Fields: fields, People: []int64{id}})
	return done, id, err
}

func (f *filler) extend(ctx context.Context) error {
	if there, err := f.done(ctx, decision.Extension); err != nil || there {
		return err
	}
	_, _, err := f.issue(ctx, decision.Fields{Kind: decision.Extension, IssuedOn: extendedOn, Days: 20, Reason: "Chờ kết quả thẩm tra lý lịch bổ sung"})
	return err
}

// cancel issues a decision and cancels it, so that whom it names waits as before.
func (f *filler) cancel(ctx context.Context) error {
	if there, err := f.done(ctx, decision.Cancellation); err != nil || there {
		return err
	}
	wrong, id, err := f.issue(ctx, decision.Fields{Kind: decision.Admission, IssuedOn: wrongOn, Decider: "upper_standing_committee"})
	if err != nil {
		return err
	}
	_, err = f.s.Decisions.Cancel(ctx, f.viewer, decision.Cancelling{ID: wrong.ID, People: []int64{id}, Fields: decision.Fields{IssuedOn: cancelledOn,
		Suffix: "-QĐ/ĐU", Signer: "Trần Văn Lãnh Đạo", Reason: "Ban hành khi chưa đủ hồ sơ thẩm tra"}})
	return err
}

// together gives those of one cell who wait for their ceremony on a day, the cell with the most of
// them.
func (f *filler) together(ctx context.Context, on party.Date) (orgID int32, ids []int64, err error) {
	list, _, err := f.s.Ceremonies.Waiting(ctx, f.viewer, ceremony.Ask{OrgID: f.orgs[root.code], On: on})
	if err != nil {
		return 0, nil, err
	}
	cells := map[int32][]int64{}
	for _, w := range list {
		if received, ok := w.State().Decided.Facts.(party.DecisionFacts); !ok || received.ReceivedOn.After(on) || !w.Planned.IsZero() {
			continue
		}
		cells[w.OrgID] = append(cells[w.OrgID], w.ID)
		if len(cells[w.OrgID]) > len(ids) {
			orgID, ids = w.OrgID, cells[w.OrgID]
		}
	}
	if len(ids) == 0 {
		return 0, nil, fault.NewNotFound("ceremonies.error.not_found")
	}
	return orgID, ids, nil
}

func (f *filler) celebrate(ctx context.Context, on party.Date, occasion party.Occasion, state ceremony.State) (id int64, ids []int64, err error) {
	if list, err := f.s.Ceremonies.List(ctx, f.viewer, ceremony.Query{State: state}); err != nil || list.Count > 0 {
		return 0, nil, err
	}
	orgID, ids, err := f.together(ctx, on)
	if err != nil {
		return 0, nil, err
	}
	id, err = f.s.Ceremonies.Plan(ctx, f.viewer, ceremony.Planning{People: ids, Fields: ceremony.Fields{OrgID: orgID, PlannedOn: on,
		Place: "Hội trường nhà trường", Occasion: occasion}})
	return id, ids, err
}

func (f *filler) hold(ctx context.Context) error {
	id, ids, err := f.celebrate(ctx, heldOn, party.NoOccasion, ceremony.Held)
	if err != nil || id == 0 {
		return err
	}
	_, err = f.s.Ceremonies.Hold(ctx, f.viewer, ceremony.Holding{ID: id, Version: 1, HeldOn: heldOn, Place: "Hội trường nhà trường", People: ids})
	return err
}

func (f *filler) plan(ctx context.Context) error {
	_, _, err := f.celebrate(ctx, plannedOn, party.NoOccasion, ceremony.Planned)
	return err
}
