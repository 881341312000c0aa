package organisation

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Org is an organisation as it is on a day.
type Org struct {
	party.OrgVersion
	Path []int32 // from the top down, itself last
	row  int64   // of its version, which an edit starts from
}

// Version is what an edit starts from.
func (o Org) Version() int64 { return o.row }

// EndedBy tells whether it stands no more on a day.
func (o Org) EndedBy(day party.Date) bool { return !o.Until.IsZero() && !o.Until.After(day) }

// Depth counts the organisations above it.
func (o Org) Depth() int { return len(o.Path) - 1 }

// Snapshot is the tree of one day, in memory: names for lists, choices for forms. What must not be
// a second old, such as where a person may be entered, asks Place instead.
type Snapshot struct {
	day      party.Date
	orgs     map[int32]*Org
	children map[int32][]int32 // in Vietnamese order of names; 0 has the tops
	codes    map[string]int32
	ended    map[int32]Org // what it was last, and its path below what it went on in
}

// Of gives an organisation; false for one that does not stand on the day.
func (t *Snapshot) Of(id int32) (Org, bool) {
	if o := t.orgs[id]; o != nil {
		return *o, true
	}
	return Org{}, false
}

// Known gives an organisation that stands or has stood: what was entered with one that has ended is still
// read, by who reads where it went on. Nothing new is entered with it.
func (t *Snapshot) Known(id int32) (Org, bool) {
	if o := t.orgs[id]; o != nil {
		return *o, true
	}
	o, ok := t.ended[id]
	return o, ok
}

// ByCode gives the organisation with a code.
func (t *Snapshot) ByCode(code string) (Org, bool) { return t.Of(t.codes[code]) }

// Children gives those directly below an organisation, in the order of their names.
func (t *Snapshot) Children(id int32) []int32 { return t.children[id] }

// Below gives an organisation and all below it, in the order of the tree.
func (t *Snapshot) Below(id int32) []int32 {
	if t.orgs[id] == nil {
		return nil
	}
	out := []int32{id}
	for _, c := range t.children[id] {
		out = append(out, t.Below(c)...)
	}
	return out
}

// Former gives what has ended and stands below an organisation now: what went on in it or in one below it,
// and what stood there last. Its own directly are those whose next above it is.
func (t *Snapshot) Former(id int32) (out []Org) {
	for _, o := range t.ended {
		if slices.Contains(o.Path[:max(len(o.Path)-1, 0)], id) {
			out = append(out, o)
		}
	}
	slices.SortFunc(out, func(a, b Org) int { return cmp.Compare(a.OrgID, b.OrgID) })
	return out
}

// IsAbove tells whether an organisation stands above one of others, or is one of them.
func (t *Snapshot) IsAbove(id int32, others []int32) bool {
	return slices.ContainsFunc(others, func(other int32) bool {
		o := t.orgs[other]
		return o != nil && slices.Contains(o.Path, id)
	})
}

// Scope gives the organisations where the viewer may do this, in the order of the tree.
func (t *Snapshot) Scope(v access.Viewer, a access.Action) []Org {
	var out []Org
	for _, top := range t.tops(v, a) {
		for _, id := range t.Below(top) {
			out = append(out, *t.orgs[id])
		}
	}
	return out
}

// tops gives the highest organisations where the viewer may do this.
func (t *Snapshot) tops(v access.Viewer, a access.Action) []int32 {
	roots := v.ScopeFor(a)
	var out []int32
	for _, root := range roots {
		o := t.orgs[root]
		if o == nil || slices.Contains(out, root) || slices.ContainsFunc(o.Path[:len(o.Path)-1], func(above int32) bool { return slices.Contains(roots, above) }) {
			continue
		}
		out = append(out, root)
	}
	return out
}

// Within gives where a list looks, as paths: at one organisation, or for 0 at the highest ones where the
// viewer may do this. An organisation where he may not is fault.NotFound.
func (t *Snapshot) Within(v access.Viewer, a access.Action, orgID int32) ([][]int32, error) {
	if orgID != 0 {
		o, ok := t.Of(orgID)
		if !ok || !v.MayIn(a, o.Path) {
			return nil, fault.NewNotFound("people.error.org_unknown")
		}
		return [][]int32{o.Path}, nil
	}
	var out [][]int32
	for _, id := range t.tops(v, a) {
		out = append(out, t.orgs[id].Path)
	}
	return out, nil
}

// Choice gives what of the scope fits into a choice of about so many: its highest levels and, where
// levels had to be cut, the way to the one that is chosen and those directly below it, so that one
// comes down to any of them.
func (t *Snapshot) Choice(v access.Viewer, a access.Action, chosen int32, most int) (list []Org, cut bool) {
	tops := t.tops(v, a)
	in := map[int32]bool{}
	for level := tops; len(level) > 0; {
		if cut = len(in) > 0 && len(in)+len(level) > most; cut {
			break
		}
		var next []int32
		for _, id := range level {
			in[id] = true
			next = append(next, t.children[id]...)
		}
		level = next
	}
	if o := t.orgs[chosen]; cut && o != nil && v.MayIn(a, o.Path) {
		for _, id := range slices.Concat(o.Path, t.children[chosen]) {
			in[id] = true
		}
	}
	return t.pick(nil, tops, in), cut
}

// pick gives those of a set that hang together from some organisations down, in the order of the tree.
func (t *Snapshot) pick(list []Org, from []int32, in map[int32]bool) []Org {
	for _, id := range from {
		if in[id] {
			list = t.pick(append(list, *t.orgs[id]), t.children[id], in)
		}
	}
	return list
}

type treeCache struct {
	sync.Mutex
	tree    *Snapshot
	stamp   string // selectStamp
	checked time.Time

	past      map[party.Date]*Snapshot
	pastStamp string
}

// Snapshot gives today's tree.
func (s *Service) Snapshot(ctx context.Context) (*Snapshot, error) {
	if err := postgres.Alone(ctx); err != nil { // also where this time it would be fresh
		return nil, err
	}
	c := &s.tree
	c.Lock()
	defer c.Unlock()
	today := s.Today()
	fresh := c.tree != nil && c.tree.day == today
	if fresh && time.Since(c.checked) < s.StaleAfter {
		return c.tree, nil
	}
	err := s.db.Read(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		stamp, err := selectStamp(ctx, tx)
		if err != nil || fresh && stamp == c.stamp {
			return err
		}
		tree, err := selectTree(ctx, tx, today)
		if err == nil {
			c.tree, c.stamp = tree, stamp
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	c.checked = time.Now()
	return c.tree, nil
}

func (c *treeCache) forget() {
	c.Lock()
	defer c.Unlock()
	c.checked = time.Time{}
}

// On gives the tree of any day. The last few that were asked for are kept until the tree changes.
func (s *Service) On(ctx context.Context, day party.Date) (*Snapshot, error) {
	today, err := s.Snapshot(ctx)
	if err != nil || day == today.day {
		return today, err
	}
	stamp, tree := s.tree.of(day)
	if tree != nil {
		return tree, nil
	}
	err = s.db.Read(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		tree, err = selectTree(ctx, tx, day)
		return err
	})
	if err == nil {
		s.tree.keep(stamp, tree)
	}
	return tree, err
}

// mostPast bounds how many trees of other days are kept.
const mostPast = 8

// of gives the kept tree of a day, if there is one, and what it would be kept for.
func (c *treeCache) of(day party.Date) (stamp string, tree *Snapshot) {
	c.Lock()
	defer c.Unlock()
	if c.pastStamp == c.stamp {
		tree = c.past[day]
	}
	return c.stamp, tree
}

func (c *treeCache) keep(stamp string, tree *Snapshot) {
	c.Lock()
	defer c.Unlock()
	if c.pastStamp != stamp || len(c.past) >= mostPast {
		c.past, c.pastStamp = map[party.Date]*Snapshot{}, stamp
	}
	c.past[tree.day] = tree
}

func newSnapshot(day party.Date, list []Org) *Snapshot {
	t := &Snapshot{day: day, orgs: make(map[int32]*Org, len(list)), children: map[int32][]int32{}, codes: make(map[string]int32, len(list))}
	for i := range list {
		o := &list[i]
		t.orgs[o.OrgID], t.codes[o.Code] = o, o.OrgID
		t.children[o.ParentID] = append(t.children[o.ParentID], o.OrgID)
	}
	t.lay(0, nil)
	return t
}

// lay writes the paths of everything below an organisation.
func (t *Snapshot) lay(id int32, above []int32) {
	if len(above) > party.MaxDepth {
		return
	}
	for _, c := range t.children[id] {
		t.orgs[c].Path = append(slices.Clip(slices.Clone(above)), c)
		t.lay(c, t.orgs[c].Path)
	}
}

// Within gives the organisations at which the viewer may do this, each with all below it and what has ended
// there; nil where that is the whole tree. Lists begin with it where row-level security alone would be slow.
func (s *Service) Within(ctx context.Context, v access.Viewer, a access.Action) ([]int32, error) {
	tree, err := s.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	out := []int32{}
	for _, top := range tree.tops(v, a) {
		if o := tree.orgs[top]; o.ParentID == 0 {
			return nil, nil
		}
		out = append(out, tree.Below(top)...)
		for _, former := range tree.Former(top) {
			out = append(out, former.OrgID)
		}
	}
	return out, nil
}
