package demo

import (
	"context"
	"fmt"
	"slices"

	"ketnap/internal/departure"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// leaving is a case about a member of a cell, and how far it came. The reason tells the cases apart.
type leaving struct {
	from   string
	stage  party.Stage
	way    party.Way
	ground party.RuleID
	days   int // before the last day of the demo, when it was opened
	reason string
	acts   []party.CaseState
}

// The ways that a case takes; a cell that is a grassroots organisation itself needs no other proposal.
var (
	toTheVote     = []party.CaseState{party.CaseVoted}
	toTheProposal = []party.CaseState{party.CaseVoted, party.CaseProposed}
	toTheDecision = []party.CaseState{party.CaseVoted, party.CaseProposed, party.CaseDecided}
	untilTold     = append(slices.Clip(toTheDecision), party.CaseTold)
	untilAppealed = append(slices.Clip(untilTold), party.CaseAppealed)
)

// leavings have a case in each state and of each way.
var leavings = []leaving{
	{from: "NGSV", stage: party.StageProbationary, way: party.WayRemoved, ground: party.RemoveProbationary, days: 6, reason: "Vắng sinh hoạt nhiều kỳ, không liên lạc được"},
	{from: "SPSV", stage: party.StageProbationary, way: party.WayRemoved, ground: party.RemoveProbationary, days: 16, reason: "Bỏ học, không báo cáo chi bộ", acts: toTheVote},
	{from: "YTSV", stage: party.StageProbationary, way: party.WayRemoved, ground: party.RemoveProbationary, days: 30, reason: "Vi phạm quy chế thi", acts: toTheProposal},
	{from: "SVCN", stage: party.StageProbationary, way: party.WayRemoved, ground: party.RemoveProbationary, days: 45, reason: "Không hoàn thành nhiệm vụ được giao nhiều lần", acts: untilTold},
	{from: "SVNN", stage: party.StageProbationary, way: party.WayRemoved, ground: party.RemoveProbationary, days: 60, reason: "Vi phạm kỷ luật ký túc xá", acts: untilAppealed},
	{from: "SPMN", stage: party.StageProbationary, way: party.WayRemoved, ground: party.RemoveProbationary, days: 75, reason: "Không chấp hành sự phân công",
		acts: append(slices.Clip(untilAppealed), party.CaseUpheld)},
	{from: "YTSV", stage: party.StageProbationary, way: party.WayRemoved, ground: party.RemoveProbationary, days: 90, reason: "Bị tố cáo gian lận, sau xác minh là không đúng",
		acts: append(slices.Clip(untilAppealed), party.CaseRestored)},
	{from: "NGSV", stage: party.StageProbationary, way: party.WayRemoved, ground: party.RemoveProbationary, days: 25, reason: "Vắng sinh hoạt; đã trở lại và kiểm điểm", acts: []party.CaseState{party.CaseClosed}},
	{from: "VT", stage: party.StageOfficial, way: party.WayRemoved, ground: party.RemoveCard, days: 50, reason: "Tự trả lại thẻ đảng viên", acts: toTheDecision},
	{from: "DTNT", stage: party.StageOfficial, way: party.WayAsked, days: 40, reason: "Đơn xin ra khỏi Đảng vì hoàn cảnh gia đình", acts: toTheDecision},
	{from: "SVKT", stage: party.StageOfficial, way: party.WayExpelled, days: 55, reason: "Vi phạm pháp luật đến mức phải khai trừ", acts: untilTold},
	{from: "SVCN", stage: party.StageProbationary, way: party.WayRemoved, ground: party.RemoveProbationary, days: 18, reason: "Sinh hoạt không đều; chi bộ còn ý kiến khác nhau",
		acts: []party.CaseState{party.CaseFailed}},
	{from: "SPSV", stage: party.StageProbationary, way: party.WayRemoved, ground: party.RemoveProbationary, days: 35, reason: "Không đủ tư cách; quyết định ghi nhầm người",
		acts: append(slices.Clip(toTheDecision), party.CaseTakenBack)},
	{from: "AP", stage: party.StageOfficial, way: party.WayDied, days: 20, reason: "Từ trần do bệnh hiểm nghèo", acts: []party.CaseState{party.CaseDecided}},
}

// fillCases opens the cases and takes each as far as it came.
func (f *filler) fillCases(ctx context.Context) error {
	for i, l := range leavings {
		if err := f.leave(ctx, i, l); err != nil {
			return fmt.Errorf("case %q: %w", l.reason, explained(err))
		}
	}
	return nil
}

func (f *filler) leave(ctx context.Context, i int, l leaving) error {
	id, err := f.opened(ctx, l.reason)
	if err == nil && id == 0 {
		id, err = f.openCase(ctx, i, l)
	}
	if err != nil {
		return err
	}
	for n, what := range l.acts {
		c, err := f.s.Departures.Get(ctx, f.viewer, id)
		if err != nil {
			return err
		}
		if c.Version > n+1 {
			continue // was done before the fill was cut off
		}
		if what == party.CaseTakenBack {
			if err := f.takeBack(ctx, c); err != nil {
				return err
			}
			continue
		}
		vote := party.Vote{Official: 12, Present: 11, InFavour: 10}
		key := mark("case "+string(what), id)
		if what == party.CaseFailed {
			what, vote.InFavour = party.CaseVoted, 5
		}
		err = f.s.Departures.Act(ctx, f.viewer, departure.Acting{Key: key, ID: id, Version: c.Version, What: what,
			On: c.OpenedOn.AddDays(2 + 5*n), Words: "Theo hồ sơ vụ việc", Vote: vote,
			Ballot: party.Ballot{Members: 13, InFavour: 12}, OrgID: f.orgs[root.code], Decider: party.DeciderUpperStandingCommittee, Suffix: "-QĐ/ĐU", Signer: "Trần Văn Bí Thư"})
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	return nil
}

// takeBack voids the departure of a case on the person's page.
func (f *filler) takeBack(ctx context.Context, c departure.Opened) error {
	rec, err := f.s.People.Open(ctx, f.viewer, c.PersonID)
	if err != nil {
		return err
	}
	return f.s.People.Void(ctx, f.viewer, people.Voiding{Key: mark("taken back", c.ID), PersonID: c.PersonID, Version: rec.Version, StepID: c.StepID, Reason: "Ghi nhầm người cùng họ tên"})
}

// opened finds a case by its reason.
func (f *filler) opened(ctx context.Context, reason string) (int64, error) {
	list, err := f.s.Departures.List(ctx, f.viewer, departure.Query{})
	for _, c := range list.Cases {
		if c.Reason == reason {
			return c.ID, err
		}
	}
	return 0, err
}

// openCase opens the case about the last of the cell at the stage about whom nothing was recorded since
// that day.
func (f *filler) openCase(ctx context.Context, i int, l leaving) (int64, error) {
	list, err := f.s.People.List(ctx, f.viewer, people.Query{OrgID: f.orgs[l.from], Stages: []party.Stage{l.stage}, Limit: 500})
	if err != nil {
		return 0, err
	}
	var ids []int64
	for _, row := range slices.Backward(list.Rows) {
		ids = append(ids, row.ID)
	}
	var cases map[int64]people.Case
	err = f.db.Read(ctx, f.viewer, func(ctx context.Context, tx *postgres.Tx) error {
		cases, err = f.s.People.Cases(ctx, tx, ids)
		return err
	})
	if err != nil {
		return 0, err
	}
	day := until.AddDays(-l.days)
	for _, id := range ids {
		if slices.ContainsFunc(cases[id].Steps, func(st party.Step) bool { return !st.On.Before(day) }) {
			continue
		}
		id, err := f.s.Departures.Open(ctx, f.viewer, departure.Opening{Key: mark(fmt.Sprintf("leaving %d", i), id), PersonID: id, Way: l.way,
			Ground: l.ground, Reason: l.reason, On: day})
		if kind := fault.KindOf(err); err != nil && (kind == fault.Invalid || kind == fault.Conflict) {
			continue // he has a case already
		}
		return id, err
	}
	return 0, fmt.Errorf("nobody at %s can leave", l.stage)
}
