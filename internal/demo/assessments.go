package demo

import (
	"context"
	"fmt"

	"ketnap/internal/assessment"
	"ketnap/internal/party"
)

// ratedYears are the years that the cells have rated. Of the last one, notApproved waits for its committee
// and notRated has not begun; begun has entered half of the year that runs.
var ratedYears = []int{2024, 2025}

const (
	notApproved = "YTSV"
	notRated    = "NGSV"
	begun       = "SVCN"
	failing     = "SVKT" // one of its members has two failed years in a row
)

// reviewed is somebody on a list of the screening: why, what is done about him, and how a watch ended.
type reviewed struct {
	category party.ScreeningCategory
	outcome  party.ScreeningOutcome
	result   party.WatchResult
}

// screened is a cell's list of a year; without a day of approval it waits.
type screened struct {
	code          string
	year          int
	met, approved string
	people        []reviewed
}

// screenings have every category, outcome and end of a watch: one is late, one ends soon.
var screenings = []screened{
	{"SVKT", 2024, "2024-12-10", "2024-12-20", []reviewed{{"tasks", party.ScreenedWatched, party.WatchNot}, {"standing", party.ScreenedHelped, ""}}},
	{"SVNN", 2024, "2024-12-11", "2024-12-20", []reviewed{{"transfer", party.ScreenedWatched, party.WatchImproved}}},
	{"SVKT", 2025, "2025-11-04", "2025-11-10", []reviewed{{"tasks", party.ScreenedRemoved, ""}, {"breach", party.ScreenedWatched, ""}}},
	{"SVNN", 2025, "2025-12-02", "2025-12-09", []reviewed{{"transfer", party.ScreenedWatched, ""}}},
	{"LTT", 2025, "2025-12-03", "2025-12-20", []reviewed{{"standing", party.ScreenedHelped, ""}, {"transfer", party.ScreenedAsked, ""}}},
	{"YTSV", 2025, "2025-12-04", "", []reviewed{{"tasks", party.ScreenedHelped, ""}}},
	{"SVCN", 2026, "2026-11-06", "", []reviewed{{"transfer", "", ""}}},
}

// concludedOn is the day on which the cells concluded the watches of the first year.
var concludedOn = party.MustDate("2025-12-22")

// fillAssessments enters the years of the cells, and the lists of the screening.
func (f *filler) fillAssessments(ctx context.Context) error {
	for _, u := range root.all() {
		if u.weight == 0 {
			continue
		}
		for _, year := range ratedYears {
			last := year == ratedYears[len(ratedYears)-1]
			if last && u.code == notRated {
				continue
			}
			if err := f.rate(ctx, u.code, year, !last || u.code != notApproved); err != nil {
				return fmt.Errorf("%d of %s: %w", year, u.code, explained(err))
			}
		}
	}
	if err := f.rate(ctx, begun, 2026, false); err != nil {
		return fmt.Errorf("2026 of %s: %w", begun, explained(err))
	}
	for _, l := range screenings {
		if err := f.screen(ctx, l); err != nil {
			return fmt.Errorf("screening %d of %s: %w", l.year, l.code, explained(err))
		}
	}
	return nil
}

// rate enters a cell's year, and approves it.
func (f *filler) rate(ctx context.Context, code string, year int, approved bool) error {
	w := assessment.Which{OrgID: f.orgs[code], Kind: assessment.Rating, Year: year}
	sheet, err := f.s.Assessments.Get(ctx, f.viewer, w)
	if err != nil || len(sheet.Rows) == 0 || sheet.Approved() {
		return err // was approved before the fill was cut off
	}
	if sheet.ID == 0 {
		if err := f.enterYear(ctx, w, code, sheet.Rows); err != nil {
			return err
		}
	}
	if !approved {
		return nil
	}
	return f.s.Assessments.Approve(ctx, f.viewer, assessment.Approval{Which: w, Key: mark(fmt.Sprintf("approved %d", year), int64(w.OrgID)), Version: 1,
		On: party.NewDate(year, 12, 26), Number: fmt.Sprintf("%d-NQ/ĐU", 20+w.OrgID%40)})
}

func (f *filler) enterYear(ctx context.Context, w assessment.Which, code string, list []assessment.Row) error {
	in := assessment.Entry{Which: w, Key: mark(fmt.Sprintf("rated %d", w.Year), int64(w.OrgID)), MetOn: party.NewDate(w.Year, 12, 15), Minutes: "12-BB/CB", Voters: len(list), Rows: map[int64]assessment.Said{}}
	if w.Year == until.Year {
		in.MetOn, in.Minutes, list = until.AddDays(-5), "", list[:len(list)/2]
	}
	failed := code == failing
	for i, r := range list {
		said := assessment.Said{Self: party.AssessedGood, Proposed: party.AssessedGood, InFavour: len(list) - i%2}
		switch {
		case r.Where != 0:
			continue
		case r.Preset != party.ExemptNot:
			said = assessment.Said{Exempt: r.Preset}
		case failed && longOfficial(r):
			failed = false // the first one
			said.Proposed, said.Note = party.AssessedFailed, "Nhiều tháng không nhận nhiệm vụ, đã nhắc nhở"
		case i%12 == 4:
			said.Self, said.Proposed = party.AssessedExcellent, party.AssessedExcellent
		case i%9 == 7:
			said.Proposed = party.AssessedDone
		}
		in.Rows[r.PersonID] = said
	}
	_, err := f.s.Assessments.Save(ctx, f.viewer, in)
	return err
}

// longOfficial tells whether somebody was a member in all the years that are rated.
func longOfficial(r assessment.Row) bool {
	return r.Stage == party.StageOfficial && r.Where == 0 && r.JoinedOn.Before(party.NewDate(ratedYears[0], 6, 1))
}

// screen enters a list of the screening, approves it and concludes its watches.
func (f *filler) screen(ctx context.Context, l screened) error {
	w := assessment.Which{OrgID: f.orgs[l.code], Kind: assessment.Screening, Year: l.year}
	key := func(what string) string { return mark(fmt.Sprintf("%s %d", what, l.year), int64(w.OrgID)) }
	sheet, err := f.s.Assessments.Get(ctx, f.viewer, w)
	if err != nil {
		return err
	}
	rows, concluded := map[int64]assessment.Said{}, []assessment.Conclusion{}
	for _, r := range sheet.Rows {
		if len(rows) == len(l.people) || !longOfficial(r) {
			continue
		}
		p := l.people[len(rows)]
		rows[r.PersonID] = assessment.Said{Category: p.category, Proposes: p.outcome}
		if p.result != party.WatchOpen {
			concluded = append(concluded, assessment.Conclusion{PersonID: r.PersonID, Year: l.year, Result: p.result})
		}
	}
	if sheet.ID == 0 {
		if _, err := f.s.Assessments.Save(ctx, f.viewer, assessment.Entry{Which: w, Key: key("screened"), MetOn: party.MustDate(l.met), Minutes: "12-BB/CB", Rows: rows}); err != nil {
			return err
		}
	}
	if !sheet.Approved() && l.approved != "" {
		if err := f.s.Assessments.Approve(ctx, f.viewer, assessment.Approval{Which: w, Key: key("screening approved"), Version: 1, On: party.MustDate(l.approved)}); err != nil {
			return err
		}
	}
	if len(concluded) == 0 {
		return nil
	}
	return f.s.Assessments.Conclude(ctx, f.viewer, assessment.Concluding{Key: key("concluded"), On: concludedOn, Rows: concluded})
}
