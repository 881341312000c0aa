package demo

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/google/uuid"

	"ketnap/internal/achievement"
	"ketnap/internal/party"
	"ketnap/internal/review"
)

// What the demo says of the autumn of 2026: every cell reviewed its people then, but one that last did
// so in spring and is late, and one that did so in summer and has begun a draft for its next meeting.
const (
	lateCell  = "VT"
	draftCell = "NTH"
)

var (
	autumn       = party.MustDate("2026-09-28")
	spring       = party.MustDate("2026-03-20")
	summer       = party.MustDate("2026-06-10")
	nextMeeting  = party.MustDate("2026-12-05")
	resultsYear  = 2025
	campaignDay  = party.MustDate("2026-08-15")
	titlesDay    = party.MustDate("2026-05-20")
	criteriaFrom = party.MustDate("2025-09-01")
)

// mark makes the key by which an act of the demo is known, so that a fill that was cut off does not do
// it twice.
func mark(what string, id int64) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "ketnap demo %s %d", what, id)).String()
}

// fillReviews enters what the cells ask, study results and titles, and the reviews.
func (f *filler) fillReviews(ctx context.Context) error {
	for code, c := range map[string]party.Criteria{root.code: {Study: party.RatingFair}, "LTT": {Study: party.RatingFair, NeedsTitle: true, UnionMonths: 12}} {
		err := f.s.Achievements.SetCriteria(ctx, f.viewer, achievement.NewCriteria{Key: mark("criteria", int64(f.orgs[code])),
			DatedCriteria: party.DatedCriteria{OrgID: f.orgs[code], From: criteriaFrom, Criteria: c}})
		if err != nil {
			return fmt.Errorf("criteria of %s: %w", code, err)
		}
	}
	for i, u := range root.all() {
		if u.weight == 0 {
			continue
		}
		sheet, err := f.s.Reviews.NewSheet(ctx, f.viewer, f.orgs[u.code], autumn)
		if err != nil {
			return fmt.Errorf("sheet of %s: %w", u.code, err)
		}
		if err := f.fillAchievements(ctx, u, sheet.Rows); err != nil {
			return fmt.Errorf("achievements of %s: %w", u.code, err)
		}
		if err := f.reviewCell(ctx, u, sheet.Rows, i); err != nil {
			return fmt.Errorf("review of %s: %w", u.code, explained(err))
		}
	}
	return nil
}

func (f *filler) fillAchievements(ctx context.Context, u unit, rows []review.Row) error {
	change := achievement.GridChange{Key: mark("results", int64(f.orgs[u.code])), OrgID: f.orgs[u.code], Year: resultsYear}
	for _, row := range rows {
		r := rand.New(rand.NewPCG(uint64(row.ID), 2025))
		if e, ok := inventResult(r, u, row.ID); ok && len(change.Entries) < achievement.GridSize {
			change.Entries = append(change.Entries, e)
		}
		if title, ok := inventTitle(r, u); ok {
			if _, err := f.s.Achievements.SaveTitle(ctx, f.viewer, achievement.TitleChange{Key: mark("title", row.ID), PersonID: row.ID, Title: title}); err != nil {
				return err
			}
		}
	}
	_, err := f.s.Achievements.SaveGrid(ctx, f.viewer, change)
	return err
}

// inventResult invents a result of the year, of most people.
func inventResult(r *rand.Rand, u unit, id int64) (achievement.GridEntry, bool) {
	e := achievement.GridEntry{PersonID: id}
	if r.IntN(9) == 0 {
		return e, false
	}
	e.Study = pick(r, []party.Rating{party.RatingExcellent, party.RatingGood, party.RatingGood, party.RatingFair, party.RatingFair, party.RatingFair, party.RatingAverage})
	least := map[party.Rating]int{party.RatingExcellent: 900, party.RatingGood: 800, party.RatingFair: 650, party.RatingAverage: 550}[e.Study]
	e.GPA, e.Scale = least+r.IntN(90), 10
	if u.category() == party.Pupil {
		e.Conduct = pick(r, []party.Rating{party.RatingGood, party.RatingGood, party.RatingGood, party.RatingFair})
		return e, true
	}
	e.GPA, e.Scale = e.GPA*4/10, 4
	e.ConductScore = 68 + r.IntN(30)
	return e, true
}

// inventTitle invents a title of the year, of somewhat less than half of the people.
func inventTitle(r *rand.Rand, u unit) (party.Title, bool) {
	if r.IntN(9) > 3 {
		return party.Title{}, false
	}
	kinds := []party.TitleKind{party.StudentGood, party.FiveGood, party.Campaign, party.UnionMerit}
	if u.category() == party.Pupil {
		kinds = []party.TitleKind{party.PrizeSchool, party.PrizeProvince, party.ThreeGood, party.Campaign, party.UnionMerit}
	}
	t := party.Title{Kind: pick(r, kinds), Year: resultsYear, Level: party.LevelSchool, AwardedOn: titlesDay, Issuer: u.name[len("Chi bộ "):]}
	switch t.Kind {
	case party.Campaign:
		t.Name, t.Level, t.AwardedOn, t.Issuer = "Chiến dịch Thanh niên tình nguyện hè 2026", party.LevelProvince, campaignDay, "Tỉnh Đoàn Tân Hà"
	case party.PrizeProvince:
		t.Issuer = "Sở Giáo dục và Đào tạo tỉnh Tân Hà"
	case party.UnionMerit:
		t.Issuer = "Đoàn trường"
	}
	return t, true
}

// reviewCell holds the review of a cell, and begins the draft of the one that goes on.
func (f *filler) reviewCell(ctx context.Context, u unit, rows []review.Row, i int) error {
	met := autumn.AddDays(i)
	held := review.Save{Key: mark("review", int64(f.orgs[u.code])), Hold: true, Confirmed: true, Fields: review.Fields{OrgID: f.orgs[u.code], Year: 2026, Half: party.First,
		MinutesNo: fmt.Sprintf("%d-BB/CB", 9+i%3), ResolutionNo: fmt.Sprintf("%d-NQ/CB", 20+i)}}
	switch u.code {
	case lateCell:
		met, held.Fields.Year, held.Fields.Half = spring, 2025, party.Second
	case draftCell:
		met, held.Fields.Year, held.Fields.Half = summer, 2025, party.Second
	}
	held.Fields.MetOn, held.Fields.ResolutionOn = met, met
	held.Entries = entriesOn(rows, met, u.code == "LTT" || u.code == "SVKT")
	if len(held.Entries) == 0 {
		return nil
	}
	if _, err := f.s.Reviews.Save(ctx, f.viewer, held); err != nil || u.code != draftCell {
		return err
	}
	_, err := f.s.Reviews.Save(ctx, f.viewer, review.Save{Key: mark("draft", int64(f.orgs[u.code])), Entries: entriesOn(rows, autumn, false),
		Fields: review.Fields{OrgID: f.orgs[u.code], Year: 2026, Half: party.First, MetOn: nextMeeting}})
	return err
}

// entriesOn keeps everybody of a cell who had come as far by a day. With changes, two who were
// introduced are added and the one who has waited longest is dropped.
func entriesOn(rows []review.Row, day party.Date, changes bool) []review.Entry {
	var out []review.Entry
	added, waits := 0, -1
	for _, row := range rows {
		if row.Facts.Since.IsZero() || row.Facts.Since.After(day) {
			continue
		}
		e := review.Entry{PersonID: row.ID, Outcome: party.ReviewKeep}
		if changes && row.Facts.Stage == party.StageIntroduced && added < 2 {
			e.Outcome = party.ReviewAdd
			added++
		}
		if row.Facts.Stage == party.StagePlanned && row.Facts.Idle > 9 && waits < 0 {
			waits = len(out)
		}
		out = append(out, e)
	}
	if changes && waits >= 0 {
		out[waits].Outcome, out[waits].Reason = party.ReviewDrop, "Nhiều tháng không tham gia sinh hoạt, không còn nguyện vọng"
	}
	return out
}
