package demo

import (
	"context"
	"fmt"

	"ketnap/internal/cell"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/warning"
)

// The months of 2026 that the cells have entered; all but lateCell, which is one behind.
var entered = []party.Date{party.MustDate("2026-06-04"), party.MustDate("2026-07-02"), party.MustDate("2026-08-06"), party.MustDate("2026-09-03"), party.MustDate("2026-10-08")}

// silentFor says for how many of the last months the first members of a cell were silent: one member at
// each threshold, and one whom the cell has talked to.
var silentFor = map[string][]int{"SVKT": {1, 2, 3}, "SVCN": {2}, "LTT": {1}}

const (
	talkedTo = "SVCN"
	talk     = "Bí thư chi bộ đã gặp ngày 12/10/2026; đồng chí đi thực tập xa, cam kết dự sinh hoạt đủ từ tháng 11"
)

// fillCells enters the months of the cells, and what was done about one who is silent.
func (f *filler) fillCells(ctx context.Context) error {
	for _, u := range root.all() {
		if u.weight == 0 {
			continue
		}
		months := entered
		if u.code == lateCell {
			months = months[:len(months)-1]
		}
		for i, day := range months {
			if err := f.enterMonth(ctx, u.code, day, len(months)-i, i); err != nil {
				return fmt.Errorf("%s of %s: %w", day, u.code, explained(err))
			}
		}
	}
	return f.answerSilence(ctx)
}

// enterMonth enters one month; back counts it from the newest, which is 1.
func (f *filler) enterMonth(ctx context.Context, code string, day party.Date, back, nr int) error {
	m, err := f.s.Cells.Month(ctx, f.viewer, f.orgs[code], day, party.RegularMeeting)
	if err != nil || m.ID != 0 {
		return err // was entered before the fill was cut off
	}
	in := cell.Entry{Key: mark("month "+day.String(), int64(f.orgs[code])), OrgID: f.orgs[code], Rest: cell.Said{Presence: party.Present, Dues: party.DuesPaid}, Rows: map[int64]cell.Said{},
		Meeting: cell.Meeting{Month: party.MonthOf(day), Kind: party.RegularMeeting, HeldOn: day, Minutes: fmt.Sprintf("%02d-BB/CB", day.Month)}}
	silent := silentFor[code]
	for i, r := range m.Rows {
		switch {
		case r.JoinedOn.After(entered[0]):
		case len(silent) > 0:
			if back <= silent[0] {
				in.Rows[r.PersonID] = cell.Said{Presence: party.Absent, Dues: party.DuesUnpaid}
			}
			silent = silent[1:]
		case (i+nr)%17 == 5:
			in.Rows[r.PersonID] = cell.Said{Presence: party.Excused}
		}
		if !r.Category.Counted() {
			said := in.Rows[r.PersonID]
			said.Amount = 60_000 + 1000*int(r.PersonID%40)
			in.Rows[r.PersonID] = said
		}
	}
	_, err = f.s.Cells.Save(ctx, f.viewer, in)
	return err
}

func (f *filler) answerSilence(ctx context.Context) error {
	list, err := f.s.Warnings.List(ctx, f.viewer, warning.Query{OrgID: f.orgs[talkedTo], Kind: party.WarnInactive})
	if err != nil {
		return err
	}
	for _, it := range list.Items {
		err := f.s.Warnings.Answer(ctx, f.viewer, warning.Answer{Key: mark("talk", it.PersonID), PersonID: it.PersonID, Kind: it.Kind, Level: it.Level, From: it.From, Words: talk})
		if err != nil && fault.KindOf(err) != fault.Conflict {
			return err
		}
	}
	return nil
}
