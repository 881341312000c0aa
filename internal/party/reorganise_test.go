package party

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

var actDay = MustDate("2025-02-10")

func orgOf(id int32, kind OrgKind, parent int32) OrgVersion {
	return OrgVersion{OrgID: id, Name: "Tổ chức", Kind: kind, ParentID: parent, From: MustDate("2010-01-01")}
}

// actTree is 1 with the upper committees 2 (11, a committee with the cells 21 and 22, and the cell
// 12) and 3 (the committee 13 with the sectional committee 14 and its cell 24).
func actTree() OrgHistory {
	return NewOrgHistory([]OrgVersion{
		orgOf(1, UpperCommittee, 0), orgOf(2, UpperCommittee, 1), orgOf(3, UpperCommittee, 1), orgOf(4, UpperCommittee, 2),
		orgOf(11, GrassrootsCommittee, 2), orgOf(12, GrassrootsCell, 2), orgOf(13, GrassrootsCommittee, 3),
		orgOf(14, SectionalCommittee, 13), orgOf(21, Cell, 11), orgOf(22, Cell, 11), orgOf(24, Cell, 14)})
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
		"on its first day":        {Reorganisation{Kind: EndOrg, Orgs: []int32{4}, On: MustDate("2010-01-01")}, ActRefusal{ActHasFuture, 4}},
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
		"split of a cell":         {Reorganisation{Kind: SplitOrg, Orgs: []int32{21}}, ActRefusal{ActNothingBelow, 21}},
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

// Whatever acts follow one another, the tree of every day has one top, everything stands below it,
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
	if act.Kind != SplitOrg && act.Kind != EndOrg && r.IntN(2) == 0 {
		act.Orgs = append(act.Orgs, pick())
	}
	if act.Kind == SplitOrg {
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
