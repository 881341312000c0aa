package party

import (
	"maps"
	"slices"
	"strings"
)

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
	single := act.Kind == AlterOrg || act.Kind == SplitOrg || act.Kind == EndOrg
	if !slices.Contains(ActKinds, act.Kind) || len(act.Orgs) == 0 || single && len(act.Orgs) != 1 {
		p.refuse(ActOfNothing, 0)
		return
	}
	named := slices.Clone(act.Orgs)
	if act.Kind == MoveOrgs || act.Kind == MergeOrgs {
		named = append(named, act.Into)
	}
	for _, child := range slices.Sorted(maps.Keys(act.Goes)) {
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
		if p.now[id].ParentID == 0 && act.Kind != AlterOrg {
			p.refuse(ActTop, id)
		}
	}
}

func (p *planner) plan() {
	first := p.act.Orgs[0]
	switch p.act.Kind {
	case AlterOrg:
		p.alter(first)
	case MoveOrgs:
		for _, id := range p.act.Orgs {
			p.hang(id, p.act.Into)
		}
	case MergeOrgs:
		p.merge()
	case SplitOrg:
		if p.now[first].Kind.IsCell() {
			p.divide(first)
		} else {
			p.split(first)
		}
	case EndOrg:
		p.endBare(first)
	}
}

// alter gives an organisation other attributes, and where it is asked for, those below it codes that
// begin like its own.
func (p *planner) alter(id int32) {
	was, become := p.now[id], p.act.Become
	if become == was.OrgAttributes {
		p.refuse(ActSame, id)
		return
	}
	p.out.Becomes[id] = become
	if !p.act.CodesBelow || become.Code == was.Code {
		return
	}
	for _, other := range p.now {
		if rest, ok := strings.CutPrefix(other.Code, was.Code+codeSeparator); ok && other.OrgID != id && p.isAbove(id, other.OrgID) {
			next := other.OrgAttributes
			next.Code = become.Code + codeSeparator + rest
			p.out.Becomes[other.OrgID] = next
		}
	}
}

// codeSeparator stands between the levels in the code of an organisation: 38.168.053.000.001 (domain.md 3).
const codeSeparator = "."

// divide lets each of a cell's people go on where he is named; it ends where nobody stays.
func (p *planner) divide(id int32) {
	stay := 0
	for _, person := range slices.Sorted(maps.Keys(p.act.People)) {
		to := p.act.People[person]
		switch cell, stands := p.now[to]; {
		case to == id:
			stay++
		case !stands:
			p.refuse(ActNotStanding, to)
		case !cell.Kind.IsCell():
			p.refuse(ActNotCell, to)
		default:
			p.out.Passing[person] = to
		}
	}
	switch {
	case len(p.out.Passing) == 0:
		p.refuse(ActNobodyGoes, id)
	case stay > 0:
		p.out.Becomes[id] = p.now[id].OrgAttributes // the same, and yet from the day on another one
	default:
		p.endBare(id)
	}
}

// endBare ends what has nothing below it.
func (p *planner) endBare(id int32) {
	p.end(id)
	for _, child := range p.below(id) {
		p.refuse(ActStillBelow, child)
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
	for _, child := range slices.Sorted(maps.Keys(p.act.Goes)) {
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
	for _, id := range slices.Sorted(maps.Keys(h)) {
		p.notBelowEnded(h, id)
	}
	for _, id := range slices.Sorted(maps.Keys(p.out.Becomes)) {
		p.lasts(h, id)
		p.fits(h, id)
	}
	for _, id := range slices.Sorted(maps.Keys(p.out.Parents)) {
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

// fits refuses a kind that cannot stand where the organisation stands or above what stands below it, and
// a code that another organisation has on the day or later.
func (p *planner) fits(h OrgHistory, id int32) {
	become, was := p.out.Becomes[id], p.now[id]
	switch {
	case was.ParentID == 0 && !become.Kind.MayBeTop():
		p.refuse(ActKindTop, id)
	case was.ParentID != 0 && !p.now[was.ParentID].Kind.MayContain(become.Kind):
		p.refuse(ActKindBelow, id)
	}
	for _, child := range p.below(id) {
		if !become.Kind.MayContain(p.now[child].Kind) {
			p.refuse(ActKindAbove, child)
		}
	}
	if become.Code == was.Code {
		return
	}
	for other, list := range h {
		next, alters := p.out.Becomes[other]
		for _, v := range list {
			if other != id && v.Code == become.Code && (v.Until.IsZero() || v.Until.After(p.act.On)) && !(alters && next.Code != v.Code) {
				p.refuse(ActCodeTaken, other)
			}
		}
	}
}

// notBelowEnded refuses what comes below one that ends only after the day, so that the act knows nothing
// of it.
func (p *planner) notBelowEnded(h OrgHistory, id int32) {
	for _, v := range h[id] {
		if slices.Contains(p.out.Ends, v.ParentID) && v.From.After(p.act.On) {
			p.refuse(ActHasFuture, id)
		}
	}
}

// lasts refuses an organisation that changes after the day, and one that is to end on the day on which its
// last attributes begin. Moved and altered on one day it may be: it changes once.
func (p *planner) lasts(h OrgHistory, id int32) {
	v := p.now[id]
	ends := slices.Contains(p.out.Ends, id)
	if !v.Until.IsZero() || ends && v.From == p.act.On || h[id][len(h[id])-1] != v {
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
