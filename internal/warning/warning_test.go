package warning_test

import (
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest"
	"ketnap/internal/cell"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/warning"
)

var day = party.MustDate

// miss enters a month of the cell LTT to which nobody came.
func miss(t *testing.T, h *apptest.House, heldOn string) {
	t.Helper()
	_, err := h.Cells.Save(t.Context(), h.Viewer("bithu.ltt"), cell.Entry{OrgID: h.Org("LTT"), Rest: cell.Said{Presence: party.Absent, Dues: party.DuesPaid},
		Meeting: cell.Meeting{Month: party.MonthOf(day(heldOn)), Kind: party.RegularMeeting, HeldOn: day(heldOn)}})
	if err != nil {
		t.Fatal(err)
	}
}

// told gives the levels of a kind that somebody is told on the day of the installation.
func told(t *testing.T, h *apptest.House, username string, kind party.WarningKind) (levels []int) {
	t.Helper()
	list, err := h.Warnings.List(t.Context(), h.Viewer(username), warning.Query{Kind: kind})
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range list.Items {
		levels = append(levels, it.Level)
	}
	if len(levels) != list.Count {
		t.Errorf("%d are listed, %d are counted", len(levels), list.Count)
	}
	return levels
}

func clean(t *testing.T, h *apptest.House) {
	t.Helper()
	if looked, differ, err := h.Warnings.Examine(t.Context()); err != nil || looked == 0 || len(differ) != 0 {
		t.Errorf("check of %d members: %v %v", looked, differ, err)
	}
}

// A member joined on 2026-06-19 and goes silent: each level hears of it in its turn.
func TestASilentMemberIsFoundAtEachThresholdByEachLevel(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	for i, heldOn := range []string{"2026-07-06", "2026-08-05", "2026-09-07"} {
		miss(t, h, heldOn)
		for username, days := range map[string]int{"bithu.ltt": 0, "coso.gd": 7, "vanphong": 14} {
			h.SetToday(day(heldOn).AddDays(days - 1))
			if got := told(t, h, username, party.WarnInactive); len(got) != 0 && got[0] == i+1 {
				t.Errorf("%s hears of month %d a day early", username, i+1)
			}
			h.SetToday(day(heldOn).AddDays(days))
			if got := told(t, h, username, party.WarnInactive); len(got) != 1 || got[0] != i+1 {
				t.Errorf("%s, %d days after month %d: %v", username, days, i+1, got)
			}
		}
		if got := told(t, h, "bithu.nth", party.WarnInactive); len(got) != 0 {
			t.Errorf("another cell hears of it: %v", got)
		}
		h.SetToday(apptest.Today)
	}
	clean(t, h)
}

func TestTheEndOfProbationIsToldSixtyThirtyAndNoDaysBefore(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony) // probation ends on 2027-06-19
	for _, c := range []struct {
		days  int
		level map[string]int // 0 = is told nothing
	}{
		{61, map[string]int{"bithu.ltt": 0, "coso.gd": 0, "vanphong": 0}},
		{60, map[string]int{"bithu.ltt": 1, "coso.gd": 0, "vanphong": 0}},
		{30, map[string]int{"bithu.ltt": 2, "coso.gd": 2, "vanphong": 0}},
		{0, map[string]int{"bithu.ltt": 3, "coso.gd": 3, "vanphong": 3}},
	} {
		h.SetToday(day("2027-06-19").AddDays(-c.days))
		for username, want := range c.level {
			got := told(t, h, username, party.WarnProbation)
			if want == 0 && len(got) != 0 || want != 0 && (len(got) != 1 || got[0] != want) {
				t.Errorf("%d days before, %s: %v, want %d", c.days, username, got, want)
			}
		}
	}
	h.SetToday(day("2027-09-01"))
	if got := told(t, h, "vanphong", party.WarnRecognition); len(got) != 1 {
		t.Errorf("recognition is late, and the committee is told %v", got)
	}
	clean(t, h)
}

func TestWhatWasDoneEndsAWarningUntilTheNext(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	miss(t, h, "2026-08-05")
	in := warning.Answer{Key: uuid.NewString(), PersonID: id, Kind: party.WarnInactive, Level: 1, From: day("2026-08-05"), Words: "Đã gặp, cam kết sinh hoạt đủ"}
	empty := in
	empty.Words = " "
	if err := h.Warnings.Answer(t.Context(), h.Viewer("bithu.ltt"), empty); fault.KindOf(err) != fault.Invalid {
		t.Errorf("without words: %v", err)
	}
	for username, want := range map[string]fault.Kind{"bithu.nth": fault.NotFound, "kiemtra": fault.Forbidden} {
		if err := h.Warnings.Answer(t.Context(), h.Viewer(username), in); fault.KindOf(err) != want {
			t.Errorf("%s: %v", username, err)
		}
	}
	for range 2 { // a double click
		if err := h.Warnings.Answer(t.Context(), h.Viewer("bithu.ltt"), in); err != nil {
			t.Fatal(err)
		}
	}
	in.Key = uuid.NewString()
	if err := h.Warnings.Answer(t.Context(), h.Viewer("vanphong"), in); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a second answer: %v", err)
	}
	if got := told(t, h, "bithu.ltt", party.WarnInactive); len(got) != 0 {
		t.Errorf("still told: %v", got)
	}
	o, err := h.Warnings.Open(t.Context(), h.Viewer("vanphong"), id)
	if err != nil || len(o.Said) != 1 || o.Said[0].By != "Tài khoản bithu.ltt" || o.Said[0].Words != in.Words {
		t.Errorf("what was done: %+v %v", o.Said, err)
	}
	miss(t, h, "2026-09-07")
	if got := told(t, h, "bithu.ltt", party.WarnInactive); len(got) != 1 || got[0] != 2 {
		t.Errorf("after the next month: %v", got)
	}
	clean(t, h)
}
