package party

import (
	"cmp"
	"maps"
	"slices"
)

// ActKind is what a reorganisation does.
type ActKind string

// The kinds of reorganisations.
const (
	FoundOrg  ActKind = "found" // a new one comes into being
	AlterOrg  ActKind = "alter" // another name, code, kind or type of school; it stays where it stands
	MoveOrgs  ActKind = "move"  // under another parent
	MergeOrgs ActKind = "merge" // n end, and what they have goes on in one
	SplitOrg  ActKind = "split" // of a committee each of what stood below goes where it is named, and it ends; of a cell each of its people
	EndOrg    ActKind = "end"   // one that has nothing below it and nobody in it
)

// ActKinds lists the kinds of acts on an organisation that stands, in the order in which forms show them.
var ActKinds = []ActKind{AlterOrg, MoveOrgs, MergeOrgs, SplitOrg, EndOrg}

// Reorganisation is an act as it is asked for.
type Reorganisation struct {
	Kind   ActKind
	On     Date            // the first day of the new order
	Orgs   []int32         // what is altered, moves, is merged, is split or ends
	Into   int32           // the new parent of a move; the one that goes on after a merge
	Goes   map[int32]int32 // of a committee that is split: each organisation directly below, with its new parent
	People map[int64]int32 // of a cell that is split: each of its people, with the cell in which he goes on, or stays

	Become     OrgAttributes // of an alteration: what it is from the day on
	CodesBelow bool          // of an alteration: codes below that begin with its old code begin with its new one
}

// Reordering is what an act comes to.
type Reordering struct {
	Ends    []int32                 // stand no more from the day on, by number
	Parents map[int32]int32         // who gets which parent
	Becomes map[int32]OrgAttributes // who is called, coded or meant otherwise
	Carried map[int32]int32         // cells whose people all go on in another cell
	Passing map[int64]int32         // people who go on in another cell, one by one
}

// ActRefusal says why an act cannot be, and which organisation stands against it (0: none).
type ActRefusal struct {
	Key   string // catalogue key
	OrgID int32
}

// Reasons against an act, as catalogue keys.
const (
	ActOfNothing    = "reorganisation.error.nothing"      // nothing is named, or too much
	ActTwice        = "reorganisation.error.twice"        // one is named twice
	ActNotStanding  = "reorganisation.error.not_standing" // it does not stand on the day
	ActHasFuture    = "reorganisation.error.has_future"   // it changes on or after the day
	ActTop          = "reorganisation.error.top"          // the top goes nowhere
	ActIntoItself   = "reorganisation.error.into_itself"  // a merge with its own child, a ring
	ActSameParent   = "reorganisation.error.same_parent"  // it stands there already
	ActKindBelow    = "reorganisation.error.kind_below"   // its kind does not stand below that kind
	ActOtherKind    = "reorganisation.error.other_kind"   // only alike are merged
	ActTooDeep      = "reorganisation.error.too_deep"     // too many levels
	ActLeftBehind   = "reorganisation.error.left_behind"  // a split that leaves something nowhere
	ActNotBelow     = "reorganisation.error.not_below"    // a split that names what is not its own
	ActNothingBelow = "reorganisation.error.nothing_below"
	ActStillBelow   = "reorganisation.error.still_below" // an end with something below it
	ActSame         = "reorganisation.error.same"        // an alteration that alters nothing
	ActKindAbove    = "reorganisation.error.kind_above"  // what stands below it does not stand below that kind
	ActKindTop      = "reorganisation.error.kind_top"    // the top is not of that kind
	ActCodeTaken    = "reorganisation.error.code_held"   // another organisation has the code then
	ActNotCell      = "reorganisation.error.not_cell"    // people go on in cells only
	ActNobodyGoes   = "reorganisation.error.nobody_goes" // a split of a cell in which everybody stays
)

// Reorder plans an act on the tree of its day: what it comes to, or everything that stands against it.
func (h OrgHistory) Reorder(act Reorganisation) (Reordering, []ActRefusal) {
	p := planner{act: act, now: h.on(act.On), out: Reordering{Parents: map[int32]int32{}, Becomes: map[int32]OrgAttributes{},
		Carried: map[int32]int32{}, Passing: map[int64]int32{}}}
	p.names(h)
	if len(p.bad) == 0 {
		p.plan()
	}
	if len(p.bad) == 0 {
		p.settle(h)
	}
	if len(p.bad) > 0 {
		return Reordering{}, p.bad
	}
	return p.out, nil
}

// Apply gives the history after an act: versions that end on its day and those that begin. What changes
// twice on one day changes once.
func (h OrgHistory) Apply(day Date, r Reordering) OrgHistory {
	out := make(OrgHistory, len(h))
	for id, list := range h {
		out[id] = slices.Clone(list)
	}
	for _, id := range r.Touched() {
		list := out[id]
		last := &list[len(list)-1]
		next := *last
		next.From = day
		if parent, ok := r.Parents[id]; ok {
			next.ParentID = parent
		}
		if become, ok := r.Becomes[id]; ok {
			next.OrgAttributes = become
		}
		if last.From == day {
			*last = next
			continue
		}
		last.Until = day
		if !slices.Contains(r.Ends, id) {
			out[id] = append(list, next)
		}
	}
	return out
}

// Touched gives the organisations that an act moves, alters or ends, by number.
func (r Reordering) Touched() []int32 {
	out := slices.Concat(slices.Collect(maps.Keys(r.Parents)), slices.Collect(maps.Keys(r.Becomes)), r.Ends)
	slices.SortFunc(out, cmp.Compare)
	return slices.Compact(out)
}

// Goals gives the organisations in or below which something goes on, by number.
func (r Reordering) Goals() []int32 {
	out := slices.Concat(slices.Collect(maps.Values(r.Parents)), slices.Collect(maps.Values(r.Carried)), slices.Collect(maps.Values(r.Passing)))
	slices.SortFunc(out, cmp.Compare)
	return slices.Compact(out)
}

// EndorsedOtherwise tells whether people of some cells who go on in others come below a grassroots committee,
// which endorses, or out from below one: after the cell's vote they wait for something else then.
func (h OrgHistory) EndorsedOtherwise(cells, goals []int32) bool {
	for _, from := range cells {
		for _, to := range goals {
			if was, is := h[from], h[to]; len(was) > 0 && len(is) > 0 && was[len(was)-1].Kind.IsGrassroots() != is[len(is)-1].Kind.IsGrassroots() {
				return true
			}
		}
	}
	return false
}

// Below gives some organisations and all that stand below them on a day, by number.
func (h OrgHistory) Below(day Date, ids []int32) []int32 {
	p := planner{now: h.on(day)}
	var out []int32
	for id := range p.now {
		if slices.ContainsFunc(ids, func(above int32) bool { return p.isAbove(above, id) }) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// Path gives the way from the top down to an organisation on a day, itself last; nothing where it
// does not stand.
func (h OrgHistory) Path(day Date, id int32) []int32 {
	now := h.on(day)
	var out []int32
	for v, ok := now[id]; ok && len(out) <= MaxDepth; v, ok = now[v.ParentID] {
		out = append(out, v.OrgID)
	}
	slices.Reverse(out)
	return out
}
