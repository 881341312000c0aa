package party

import (
	"cmp"
	"slices"
)

// ActKind is what a reorganisation does.
type ActKind string

// The kinds of reorganisations that change where organisations stand. Renaming, recoding and
// changing the kind keep the place and are changes of one organisation's attributes.
const (
	MoveOrgs  ActKind = "move"  // under another parent
	MergeOrgs ActKind = "merge" // n end, and what they have goes on in one
	SplitOrg  ActKind = "split" // one ends, and each of what stood below goes where it is named
	EndOrg    ActKind = "end"   // one that has nothing below it and nobody in it
)

// ActKinds lists the kinds of acts in the order in which forms show them.
var ActKinds = []ActKind{MoveOrgs, MergeOrgs, SplitOrg, EndOrg}

// Reorganisation is an act as it is asked for.
type Reorganisation struct {
	Kind ActKind
	On   Date            // the first day of the new order
	Orgs []int32         // what moves, is merged, is split or ends
	Into int32           // the new parent of a move; the one that goes on after a merge
	Goes map[int32]int32 // of a split: each organisation directly below, with its new parent
}

// Reordering is what an act comes to.
type Reordering struct {
	Ends    []int32         // stand no more from the day on, by number
	Parents map[int32]int32 // who gets which parent
	Carried map[int32]int32 // cells whose people go on in another cell
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
)

// Reorder plans an act on the tree of its day: what it comes to, or everything that stands against it.
func (h OrgHistory) Reorder(act Reorganisation) (Reordering, []ActRefusal) {
	p := planner{act: act, now: h.on(act.On), out: Reordering{Parents: map[int32]int32{}, Carried: map[int32]int32{}}}
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

// on gives what stands on a day.
func (h OrgHistory) on(day Date) map[int32]OrgVersion {
	out := map[int32]OrgVersion{}
	for id, list := range h {
		for _, v := range list {
			if !v.From.After(day) && (v.Until.IsZero() || v.Until.After(day)) {
				out[id] = v
			}
		}
	}
	return out
}

type planner struct {
	act Reorganisation
	now map[int32]OrgVersion
	out Reordering
	bad []ActRefusal
}

func (p *planner) refuse(key string, org int32) { p.bad = append(p.bad, ActRefusal{key, org}) }

// names refuses acts that name nothing, one twice, or what does not stand on the day.
func (p *planner) names(h OrgHistory) {
	act := p.act
	single := act.Kind == SplitOrg || act.Kind == EndOrg
	if !slices.Contains(ActKinds, act.Kind) || len(act.Orgs) == 0 || single && len(act.Orgs) != 1 {
		p.refuse(ActOfNothing, 0)
		return
	}
	named := slices.Clone(act.Orgs)
	if act.Kind == MoveOrgs || act.Kind == MergeOrgs {
		named = append(named, act.Into)
	}
	for _, child := range sortedKeys(act.Goes) {
		named = append(named, act.Goes[child])
	}
	for _, id := range named {
		if _, ok := p.now[id]; !ok {
			p.refuse(ActNotStanding, id)
		}
	}
	for i, id := range act.Orgs {
		if slices.Contains(act.Orgs[:i], id) {
			p.refuse(ActTwice, id)
		}
		if p.now[id].ParentID == 0 {
			p.refuse(ActTop, id)
		}
	}
}

func sortedKeys(m map[int32]int32) []int32 {
	out := make([]int32, 0, len(m))
	for id := range m {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

func (p *planner) plan() {
	switch p.act.Kind {
	case MoveOrgs:
		for _, id := range p.act.Orgs {
			p.hang(id, p.act.Into)
		}
	case MergeOrgs:
		p.merge()
	case SplitOrg:
		p.split(p.act.Orgs[0])
	case EndOrg:
		p.end(p.act.Orgs[0])
		for _, child := range p.below(p.act.Orgs[0]) {
			p.refuse(ActStillBelow, child)
		}
	}
}

// hang gives an organisation another parent.
func (p *planner) hang(id, parent int32) {
	switch {
	case id == parent:
		p.refuse(ActIntoItself, id)
	case p.now[id].ParentID == parent:
		p.refuse(ActSameParent, id)
	default:
		p.out.Parents[id] = parent
	}
}

func (p *planner) end(id int32) { p.out.Ends = append(p.out.Ends, id) }

// below gives what stands directly below an organisation on the day, by number.
func (p *planner) below(id int32) []int32 {
	var out []int32
	for child, v := range p.now {
		if v.ParentID == id {
			out = append(out, child)
		}
	}
	slices.Sort(out)
	return out
}

func (p *planner) merge() {
	into := p.now[p.act.Into]
	for _, id := range p.act.Orgs {
		kind := p.now[id].Kind
		if p.isAbove(id, into.OrgID) || p.isAbove(into.OrgID, id) {
			p.refuse(ActIntoItself, id)
			continue
		}
		if kind.IsCell() != into.Kind.IsCell() || (kind == PartyGroup) != (into.Kind == PartyGroup) {
			p.refuse(ActOtherKind, id)
			continue
		}
		p.end(id)
		if kind.IsCell() {
			p.out.Carried[id] = into.OrgID
		}
		for _, child := range p.below(id) {
			p.hang(child, into.OrgID)
		}
	}
}

// isAbove tells whether an organisation stands above another one on the day, or is it.
func (p *planner) isAbove(id, other int32) bool {
	for n := 0; other != 0 && n <= MaxDepth; n++ {
		if other == id {
			return true
		}
		other = p.now[other].ParentID
	}
	return false
}

func (p *planner) split(id int32) {
	children := p.below(id)
	if len(children) == 0 {
		p.refuse(ActNothingBelow, id)
	}
	for _, child := range children {
		if parent, ok := p.act.Goes[child]; ok {
			p.hang(child, parent)
		} else {
			p.refuse(ActLeftBehind, child)
		}
	}
	for _, child := range sortedKeys(p.act.Goes) {
		if !slices.Contains(children, child) {
			p.refuse(ActNotBelow, child)
		}
	}
	p.end(id)
}

// settle looks at the tree as it would be: no ring, nobody below what has ended, kinds and levels
// as they may be. What changes must not change again on or after the day.
func (p *planner) settle(h OrgHistory) {
	slices.Sort(p.out.Ends)
	for _, id := range p.out.Ends {
		p.lasts(h, id)
	}
	for _, id := range sortedKeys(p.out.Parents) {
		p.lasts(h, id)
		parent := p.out.Parents[id]
		switch {
		case slices.Contains(p.out.Ends, parent):
			p.refuse(ActIntoItself, id)
		case !p.now[parent].Kind.MayContain(p.now[id].Kind):
			p.refuse(ActKindBelow, id)
		case p.depth(id) == 0:
			p.refuse(ActIntoItself, id)
		case p.depth(id)+p.height(id) > MaxDepth:
			p.refuse(ActTooDeep, id)
		}
	}
}

// lasts refuses an organisation whose attributes of the day are not its last, or begin on it.
func (p *planner) lasts(h OrgHistory, id int32) {
	v := p.now[id]
	if !v.Until.IsZero() || v.From == p.act.On || h[id][len(h[id])-1] != v {
		p.refuse(ActHasFuture, id)
	}
}

// parent gives the parent after the act.
func (p *planner) parent(id int32) int32 {
	if parent, ok := p.out.Parents[id]; ok {
		return parent
	}
	return p.now[id].ParentID
}

// depth counts the levels from the top down to an organisation after the act; 0 where its way goes
// in a ring.
func (p *planner) depth(id int32) int {
	n := 0
	for ; id != 0; id = p.parent(id) {
		if n++; n > len(p.now) {
			return 0
		}
	}
	return n
}

// height counts the levels below an organisation. What stands below one that moves stays below it.
func (p *planner) height(id int32) int {
	most := 0
	for _, child := range p.below(id) {
		most = max(most, 1+p.height(child))
	}
	return most
}

// Apply gives the history after an act: versions that end on its day and those that begin.
func (h OrgHistory) Apply(day Date, r Reordering) OrgHistory {
	out := make(OrgHistory, len(h))
	for id, list := range h {
		list = slices.Clone(list)
		parent, moves := r.Parents[id]
		if last := &list[len(list)-1]; moves || slices.Contains(r.Ends, id) {
			last.Until = day
			if moves {
				next := *last
				next.ParentID, next.From, next.Until = parent, day, Date{}
				list = append(list, next)
			}
		}
		out[id] = list
	}
	return out
}

// Touched gives the organisations that an act moves or ends, by number.
func (r Reordering) Touched() []int32 {
	out := append(sortedKeys(r.Parents), r.Ends...)
	slices.SortFunc(out, cmp.Compare)
	return slices.Compact(out)
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
