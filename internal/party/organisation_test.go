package party

import (
	"testing"

	"pgregory.net/rapid"
)

func TestKindsStandBelowOneAnotherAsInTheCharter(t *testing.T) {
	for _, c := range []struct {
		above, below OrgKind
		may          bool
	}{
		{UpperCommittee, GrassrootsCommittee, true},
		{UpperCommittee, GrassrootsCell, true},
		{UpperCommittee, Cell, false},
		{GrassrootsCommittee, Cell, true},
		{GrassrootsCommittee, SectionalCommittee, true},
		{GrassrootsCommittee, GrassrootsCell, false},
		{SectionalCommittee, Cell, true},
		{SectionalCommittee, SectionalCommittee, false},
		{Cell, PartyGroup, true},
		{GrassrootsCell, PartyGroup, true},
		{PartyGroup, PartyGroup, false},
	} {
		if c.above.MayContain(c.below) != c.may {
			t.Errorf("%s may contain %s: want %v", c.above, c.below, c.may)
		}
	}
}

func TestALineageFollowsTheParentsOfItsTime(t *testing.T) {
	day := MustDate
	h := NewOrgHistory([]OrgVersion{
		{OrgID: 1, From: day("2010-01-01")},
		{OrgID: 2, ParentID: 1, From: day("2010-01-01")},
		{OrgID: 3, ParentID: 1, From: day("2020-01-01")},
		{OrgID: 4, ParentID: 2, From: day("2015-09-01"), Until: day("2018-01-01")}, // renamed
		{OrgID: 4, ParentID: 2, From: day("2018-01-01"), Until: day("2021-07-01")},
		{OrgID: 4, ParentID: 3, From: day("2021-07-01")},
	})
	want := []OrgSpan{
		{4, 4, 0, day("2015-09-01"), Date{}},
		{2, 4, 1, day("2015-09-01"), day("2021-07-01")},
		{3, 4, 1, day("2021-07-01"), Date{}},
		{1, 4, 2, day("2015-09-01"), Date{}},
	}
	got := h.Lineage(4)
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("span %d: got %v, want %v", i, got[i], want[i])
		}
	}
}

// On every day there is exactly one organisation at each depth, each the parent of the one below.
func TestOnEveryDayALineageIsOneWayToTheTop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := MustDate("2020-01-01")
		h := OrgHistory{1: {{OrgID: 1, From: start}}}
		for id := int32(2); id <= 6; id++ {
			from := start
			for n := rapid.IntRange(1, 3).Draw(t, "versions"); n > 0; n-- {
				v := OrgVersion{OrgID: id, ParentID: rapid.Int32Range(1, id-1).Draw(t, "parent"), From: from}
				from = from.AddDays(rapid.IntRange(1, 20).Draw(t, "days"))
				if n > 1 {
					v.Until = from
				}
				h[id] = append(h[id], v)
			}
		}
		lineage := h.Lineage(6)
		day := start.AddDays(rapid.IntRange(0, 70).Draw(t, "day"))
		for depth, id := 0, int32(6); id != 0; depth++ {
			found := 0
			for _, s := range lineage {
				if s.Depth == depth && !day.Before(s.From) && (s.Until.IsZero() || day.Before(s.Until)) {
					found++
					if s.Ancestor != id {
						t.Fatalf("on %v depth %d is %d, want %d", day, depth, s.Ancestor, id)
					}
				}
			}
			if found != 1 {
				t.Fatalf("on %v there are %d organisations at depth %d", day, found, depth)
			}
			for _, v := range h[id] {
				if !day.Before(v.From) && (v.Until.IsZero() || day.Before(v.Until)) {
					id = v.ParentID
					break
				}
			}
		}
	})
}
