package party

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

var actDay = MustDate("2025-02-10")

func orgOf(id int32, kind OrgKind, parent int32) OrgVersion {
	return OrgVersion{OrgID: id, OrgAttributes: OrgAttributes{Name: "Tổ chức", Code: fmt.Sprint("K.", id), Kind: kind}, ParentID: parent, From: MustDate("2010-01-01")}
}

// actTree is 1 with the upper committees 2 (11, a committee with the cells 21 and 22, and the cell
// 12) and 3 (the committee 13 with the sectional committee 14 and its cell 24).
func actTree() OrgHistory {
	return NewOrgHistory([]OrgVersion{
		orgOf(1, UpperCommittee, 0), orgOf(2, UpperCommittee, 1), orgOf(3, UpperCommittee, 1), orgOf(4, UpperCommittee, 2),
		orgOf(11, GrassrootsCommittee, 2), orgOf(12, GrassrootsCell, 2), orgOf(13, GrassrootsCommittee, 3),
		orgOf(14, SectionalCommittee, 13), orgOf(21, Cell, 11), orgOf(22, Cell, 11), orgOf(24, Cell, 14), orgOf(31, PartyGroup, 22)})
}

func alteration(id int32, become OrgAttributes) Reorganisation {
	return Reorganisation{Kind: AlterOrg, Orgs: []int32{id}, Become: become}
}

// What comes below an organisation only after the day of the act would be left nowhere by its end.
func TestAnActBeforeSomethingWasFoundedBelowIsRefused(t *testing.T) {
	t.Parallel()
	h := actTree()
	late := orgOf(25, Cell, 11)
	late.From = actDay.AddDays(5)
	h[25] = []OrgVersion{late}
	for _, act := range []Reorganisation{{Kind: MergeOrgs, Orgs: []int32{11}, Into: 13}, {Kind: SplitOrg, Orgs: []int32{11}, Goes: map[int32]int32{21: 13, 22: 13}}} {
		act.On = actDay
		if _, bad := h.Reorder(act); !slices.Contains(bad, ActRefusal{ActHasFuture, 25}) {
			t.Errorf("%s: %+v", act.Kind, bad)
		}
		if act.On = late.From.AddDays(1); act.Kind == SplitOrg {
			act.Goes[25] = 13
		}
		if _, bad := h.Reorder(act); len(bad) > 0 {
			t.Errorf("%s afterwards: %+v", act.Kind, bad)
		}
	}
}

// An alteration gives one organisation another name and code; where it is asked for, codes below that
// begin with the old one follow, level by level, and others stay.
func TestCodesBelowFollowAnAlteredCode(t *testing.T) {
	t.Parallel()
	h := actTree()
	for id, code := range map[int32]string{11: "38.168", 21: "38.168.001", 22: "38.1680.02", 13: "38.168.900"} {
		h[id][0].Code = code
	}
	act := alteration(11, OrgAttributes{Name: "Đảng ủy mới", Code: "38.170", Kind: GrassrootsCommittee})
	act.On, act.CodesBelow = actDay, true
	plan, bad := h.Reorder(act)
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	now := h.Apply(actDay, plan).on(actDay)
	for id, want := range map[int32]string{11: "38.170", 21: "38.170.001", 22: "38.1680.02", 13: "38.168.900"} {
		if now[id].Code != want {
			t.Errorf("the code of %d is %s, not %s", id, now[id].Code, want)
		}
	}
	if now[11].Name != "Đảng ủy mới" || now[11].ParentID != 2 || h.on(actDay.AddDays(-1))[11].Code != "38.168" {
		t.Errorf("altered: %+v", now[11])
	}
	act.CodesBelow = false
	if plan, bad = h.Reorder(act); len(bad) > 0 || len(plan.Becomes) != 1 {
		t.Errorf("alone: %+v, %+v", plan, bad)
	}
}

// Moved and given another code on one day, as it is with a new superior, an organisation changes once.
func TestMovedAndAlteredOnOneDay(t *testing.T) {
	t.Parallel()
	h := actTree()
	for _, act := range []Reorganisation{{Kind: MoveOrgs, Orgs: []int32{11}, Into: 3}, alteration(11, OrgAttributes{Name: "Tổ chức", Code: "N.1", Kind: GrassrootsCommittee})} {
		act.On = actDay
		plan, bad := h.Reorder(act)
		if len(bad) > 0 {
			t.Fatal(bad)
		}
		h = h.Apply(actDay, plan)
	}
	if list := h[11]; len(list) != 2 || list[1].Code != "N.1" || list[1].ParentID != 3 || list[0].Code != "K.11" || list[0].Until != actDay {
		t.Errorf("it was and is %+v", list)
	}
	if _, bad := h.Reorder(Reorganisation{Kind: MergeOrgs, On: actDay, Orgs: []int32{11}, Into: 13}); !slices.Contains(bad, ActRefusal{ActHasFuture, 11}) {
		t.Errorf("and ends on that day: %+v", bad)
	}
}

// A cell that is split goes on while somebody stays in it, and ends where nobody does.
func TestASplitCellEndsWhenNobodyStays(t *testing.T) {
	t.Parallel()
	act := Reorganisation{Kind: SplitOrg, On: actDay, Orgs: []int32{21}, People: map[int64]int32{5: 22, 6: 24, 7: 21}}
	plan, bad := actTree().Reorder(act)
	if len(bad) > 0 || len(plan.Ends) > 0 || !maps.Equal(plan.Passing, map[int64]int32{5: 22, 6: 24}) || !slices.Equal(plan.Touched(), []int32{21}) {
		t.Errorf("somebody stays: %+v, %+v", plan, bad)
	}
	act.People[7] = 24
	plan, bad = actTree().Reorder(act)
	if len(bad) > 0 || !slices.Equal(plan.Ends, []int32{21}) || len(plan.Passing) != 3 || !slices.Equal(plan.Goals(), []int32{22, 24}) {
		t.Errorf("nobody stays: %+v, %+v", plan, bad)
	}
}

func TestReorderPlansWhatEndsAndWhoGoesWhere(t *testing.T) {
	for name, c := range map[string]struct {
		act     Reorganisation
		ends    []int32
		parents map[int32]int32
		carried map[int32]int32
	}{
		"move":        {Reorganisation{Kind: MoveOrgs, Orgs: []int32{11, 12}, Into: 3}, nil, map[int32]int32{11: 3, 12: 3}, nil},
		"merge":       {Reorganisation{Kind: MergeOrgs, Orgs: []int32{11}, Into: 13}, []int32{11}, map[int32]int32{21: 13, 22: 13}, nil},
		"merge cells": {Reorganisation{Kind: MergeOrgs, Orgs: []int32{21, 24}, Into: 22}, []int32{21, 24}, nil, map[int32]int32{21: 22, 24: 22}},
		"split": {Reorganisation{Kind: SplitOrg, Orgs: []int32{2}, Goes: map[int32]int32{4: 1, 11: 3, 12: 1}},
			[]int32{2}, map[int32]int32{4: 1, 11: 3, 12: 1}, nil},
		"end": {Reorganisation{Kind: EndOrg, Orgs: []int32{4}}, []int32{4}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c.act.On = actDay
			got, bad := actTree().Reorder(c.act)
			if len(bad) > 0 || !slices.Equal(got.Ends, c.ends) || !maps.Equal(got.Parents, c.parents) || !maps.Equal(got.Carried, c.carried) {
				t.Errorf("got %+v, refused %+v", got, bad)
			}
		})
	}
}

func TestReorderRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		act  Reorganisation
		want ActRefusal
	}{
		"nothing":                 {Reorganisation{Kind: MoveOrgs, Into: 3}, ActRefusal{ActOfNothing, 0}},
		"unknown act":             {Reorganisation{Kind: "sell", Orgs: []int32{11}}, ActRefusal{ActOfNothing, 0}},
		"two split at once":       {Reorganisation{Kind: SplitOrg, Orgs: []int32{2, 3}}, ActRefusal{ActOfNothing, 0}},
		"twice":                   {Reorganisation{Kind: MoveOrgs, Orgs: []int32{11, 11}, Into: 3}, ActRefusal{ActTwice, 11}},
		"before it stood":         {Reorganisation{Kind: EndOrg, Orgs: []int32{4}, On: MustDate("2009-01-01")}, ActRefusal{ActNotStanding, 4}},
		"end on its first day":    {Reorganisation{Kind: EndOrg, Orgs: []int32{4}, On: MustDate("2010-01-01")}, ActRefusal{ActHasFuture, 4}},
		"to nowhere":              {Reorganisation{Kind: MoveOrgs, Orgs: []int32{11}, Into: 99}, ActRefusal{ActNotStanding, 99}},
		"the top":                 {Reorganisation{Kind: MoveOrgs, Orgs: []int32{1}, Into: 3}, ActRefusal{ActTop, 1}},
		"under itself":            {Reorganisation{Kind: MoveOrgs, Orgs: []int32{2}, Into: 2}, ActRefusal{ActIntoItself, 2}},
		"a ring":                  {Reorganisation{Kind: MoveOrgs, Orgs: []int32{2}, Into: 4}, ActRefusal{ActIntoItself, 2}},
		"where it is":             {Reorganisation{Kind: MoveOrgs, Orgs: []int32{11}, Into: 2}, ActRefusal{ActSameParent, 11}},
		"a committee below":       {Reorganisation{Kind: MoveOrgs, Orgs: []int32{4}, Into: 13}, ActRefusal{ActKindBelow, 4}},
		"merge with child":        {Reorganisation{Kind: MergeOrgs, Orgs: []int32{2}, Into: 4}, ActRefusal{ActIntoItself, 2}},
		"merge with parent":       {Reorganisation{Kind: MergeOrgs, Orgs: []int32{4}, Into: 2}, ActRefusal{ActIntoItself, 4}},
		"merge with itself":       {Reorganisation{Kind: MergeOrgs, Orgs: []int32{4}, Into: 4}, ActRefusal{ActIntoItself, 4}},
		"cell and committee":      {Reorganisation{Kind: MergeOrgs, Orgs: []int32{21}, Into: 13}, ActRefusal{ActOtherKind, 21}},
		"left nowhere":            {Reorganisation{Kind: SplitOrg, Orgs: []int32{2}, Goes: map[int32]int32{4: 1, 11: 3}}, ActRefusal{ActLeftBehind, 12}},
		"not its own":             {Reorganisation{Kind: SplitOrg, Orgs: []int32{2}, Goes: map[int32]int32{4: 1, 11: 3, 12: 3, 13: 1}}, ActRefusal{ActNotBelow, 13}},
		"below its own child":     {Reorganisation{Kind: SplitOrg, Orgs: []int32{2}, Goes: map[int32]int32{4: 1, 11: 4, 12: 2}}, ActRefusal{ActSameParent, 12}},
		"children round in rings": {Reorganisation{Kind: SplitOrg, Orgs: []int32{2}, Goes: map[int32]int32{4: 4, 11: 3, 12: 3}}, ActRefusal{ActIntoItself, 4}},
		"nothing below to split":  {Reorganisation{Kind: SplitOrg, Orgs: []int32{4}}, ActRefusal{ActNothingBelow, 4}},
		"nobody of a cell goes":   {Reorganisation{Kind: SplitOrg, Orgs: []int32{21}, People: map[int64]int32{5: 21}}, ActRefusal{ActNobodyGoes, 21}},
		"people to a committee":   {Reorganisation{Kind: SplitOrg, Orgs: []int32{21}, People: map[int64]int32{5: 13}}, ActRefusal{ActNotCell, 13}},
		"people to nowhere":       {Reorganisation{Kind: SplitOrg, Orgs: []int32{21}, People: map[int64]int32{5: 0, 6: 22}}, ActRefusal{ActNotStanding, 0}},
		"groups of a split cell":  {Reorganisation{Kind: SplitOrg, Orgs: []int32{22}, People: map[int64]int32{5: 21}}, ActRefusal{ActStillBelow, 31}},
		"nothing altered":         {alteration(11, orgOf(11, GrassrootsCommittee, 2).OrgAttributes), ActRefusal{ActSame, 11}},
		"a kind its parent lacks": {alteration(11, OrgAttributes{Name: "Tổ chức", Code: "K.11", Kind: Cell}), ActRefusal{ActKindBelow, 11}},
		"a kind above its own":    {alteration(11, OrgAttributes{Name: "Tổ chức", Code: "K.11", Kind: UpperCommittee}), ActRefusal{ActKindAbove, 21}},
		"the top as a cell":       {alteration(1, OrgAttributes{Name: "Tổ chức", Code: "K.1", Kind: Cell}), ActRefusal{ActKindTop, 1}},
		"another one's code":      {alteration(11, OrgAttributes{Name: "Tổ chức", Code: "K.13", Kind: GrassrootsCommittee}), ActRefusal{ActCodeTaken, 13}},
		"end with cells below":    {Reorganisation{Kind: EndOrg, Orgs: []int32{14}}, ActRefusal{ActStillBelow, 24}},
	} {
		t.Run(name, func(t *testing.T) {
			if c.act.On.IsZero() {
				c.act.On = actDay
			}
			got, bad := actTree().Reorder(c.act)
			if !slices.Contains(bad, c.want) || len(got.Touched()) > 0 {
				t.Errorf("got %+v, refused %+v", got, bad)
			}
		})
	}
}

func TestReorderRefusesTooManyLevels(t *testing.T) {
	h := OrgHistory{}
	for id := int32(1); id <= MaxDepth; id++ {
		h[id] = []OrgVersion{orgOf(id, UpperCommittee, id-1)}
	}
	h[20], h[21] = []OrgVersion{orgOf(20, UpperCommittee, 1)}, []OrgVersion{orgOf(21, UpperCommittee, 20)}
	act := Reorganisation{Kind: MoveOrgs, On: actDay, Orgs: []int32{20}, Into: MaxDepth - 1}
	if _, bad := h.Reorder(act); !slices.Contains(bad, ActRefusal{ActTooDeep, 20}) {
		t.Errorf("two levels below level %d: %+v", act.Into, bad)
	}
	if act.Into--; act.Into > 0 {
		if _, bad := h.Reorder(act); len(bad) > 0 {
			t.Errorf("two levels below level %d: %+v", act.Into, bad)
		}
	}
}

// Whatever acts follow one another, the tree of every day has one top, everything stands below it, no two have one code,
// kinds and levels are as they may be, and the days before an act are as they were.
func TestRandomActsKeepATree(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 4))
		h, day, done := actTree(), actDay, 0
		for range 40 {
			act := randomAct(r, h, day)
			plan, bad := h.Reorder(act)
			if len(bad) > 0 {
				continue
			}
			after := h.Apply(day, plan)
			if was, is := h.on(day.AddDays(-1)), after.on(day.AddDays(-1)); len(was) != len(is) {
				t.Fatalf("seed %d: the day before %v had %d, has %d", seed, act, len(was), len(is))
			}
			h, done = after, done+1
			mustBeTree(t, h.on(day), act)
			day = day.AddDays(1 + r.IntN(40))
		}
		if done == 0 {
			t.Errorf("seed %d: no act was possible", seed)
		}
	}
}

func randomAct(r *rand.Rand, h OrgHistory, day Date) Reorganisation {
	standing := slices.Sorted(maps.Keys(h.on(day)))
	pick := func() int32 { return standing[r.IntN(len(standing))] }
	act := Reorganisation{Kind: ActKinds[r.IntN(len(ActKinds))], On: day, Orgs: []int32{pick()}, Into: pick()}
	if (act.Kind == MoveOrgs || act.Kind == MergeOrgs) && r.IntN(2) == 0 {
		act.Orgs = append(act.Orgs, pick())
	}
	if act.Kind == AlterOrg {
		act.Become = h.on(day)[act.Orgs[0]].OrgAttributes
		act.Become.Code, act.CodesBelow = fmt.Sprint("K.", r.IntN(40)), r.IntN(2) == 0
		if r.IntN(2) == 0 {
			act.Become.Kind = OrgKinds[r.IntN(len(OrgKinds))]
		}
	}
	if act.Kind == SplitOrg {
		act.People = map[int64]int32{1: pick(), 2: pick(), 3: act.Orgs[0]}
		act.Goes = map[int32]int32{}
		for id, v := range h.on(day) {
			if v.ParentID == act.Orgs[0] {
				act.Goes[id] = pick()
			}
		}
	}
	return act
}

func mustBeTree(t *testing.T, now map[int32]OrgVersion, act Reorganisation) {
	t.Helper()
	codes := map[string]int32{}
	for id, v := range now {
		if codes[v.Code] != 0 {
			t.Fatalf("after %+v: %d and %d have the code %s", act, id, codes[v.Code], v.Code)
		}
		codes[v.Code] = id
	}
	for id, v := range now {
		depth := 1
		for up := v; up.ParentID != 0; depth++ {
			parent, ok := now[up.ParentID]
			if !ok || depth > MaxDepth || !parent.Kind.MayContain(up.Kind) {
				t.Fatalf("after %+v: the way of %d breaks at %d", act, id, up.OrgID)
			}
			up = parent
		}
	}
	if now[1].ParentID != 0 {
		t.Fatalf("after %+v: the top has a parent", act)
	}
}
