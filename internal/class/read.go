package class

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/keyset"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// PageSize is how many classes a page of the list shows.
const PageSize = 50

// maxRoster bounds the roster of one class; none seen has more than some hundred people.
const maxRoster = 1000

// Cursor marks a place in the list of classes. The zero Cursor is its beginning.
type Cursor = keyset.Cursor

// Query chooses classes. What is zero does not narrow.
type Query struct {
	OrgID int32 // of this organiser and those below it
	Kind  party.ClassKind
	State State
	Year  int // in which it begins
	After Cursor
}

// List is one page of classes, newest first.
type List struct {
	Classes []Class
	Counts  map[int64]Counts // by class; none where nobody was nominated
	Next    Cursor           // zero on the last page
	Count   int
}

// List gives the classes of the organisers that are the viewer's organisations, below them or above
// them, so that a cell sees the classes of its committee. An organisation out of sight is
// fault.NotFound.
func (s *Service) List(ctx context.Context, v access.Viewer, q Query) (List, error) {
	if !v.May(access.ClassesRead) {
		return List{}, errForbidden()
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return List{}, err
	}
	organisers, err := organisersFor(v, tree, q.OrgID)
	if err != nil {
		return List{}, err
	}
	var out List
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if out.Count, err = countClasses(ctx, tx, organisers, q, s.Today()); err != nil {
			return err
		}
		if out.Classes, err = selectClasses(ctx, tx, organisers, q, s.Today(), PageSize+1); err != nil {
			return err
		}
		if len(out.Classes) > PageSize {
			out.Classes = out.Classes[:PageSize]
			last := out.Classes[PageSize-1]
			out.Next = Cursor{Day: last.Starts, ID: last.ID}
		}
		var ids []int64
		for _, c := range out.Classes {
			ids = append(ids, c.ID)
		}
		out.Counts, err = selectCounts(ctx, tx, ids...)
		return err
	})
	return out, err
}

// organisersFor gives whose classes a viewer sees; nil is everybody's.
func organisersFor(v access.Viewer, tree *organisation.Snapshot, orgID int32) ([]int32, error) {
	if orgID != 0 {
		if !sees(v, tree, orgID) {
			return nil, errNotFound()
		}
		return visibleBelow(v, tree, orgID), nil
	}
	organisers := []int32{}
	seen := map[int32]bool{}
	add := func(ids ...int32) {
		for _, id := range ids {
			if !seen[id] {
				seen[id] = true
				organisers = append(organisers, id)
			}
		}
	}
	for _, root := range v.ScopeFor(access.ClassesRead) {
		o, ok := tree.Of(root)
		if !ok {
			continue
		}
		if o.ParentID == 0 {
			return nil, nil
		}
		add(o.Path...)
		add(tree.Below(root)...)
	}
	return organisers, nil
}

// visibleBelow gives an organisation and those below it whose classes the viewer sees.
func visibleBelow(v access.Viewer, tree *organisation.Snapshot, orgID int32) []int32 {
	var out []int32
	for _, id := range tree.Below(orgID) {
		if sees(v, tree, id) {
			out = append(out, id)
		}
	}
	return out
}

// sees tells whether a viewer sees the classes of an organiser.
func sees(v access.Viewer, tree *organisation.Snapshot, orgID int32) bool {
	o, ok := tree.Of(orgID)
	if !ok {
		return false
	}
	return v.MayIn(access.ClassesRead, o.Path) || tree.IsAbove(orgID, v.ScopeFor(access.ClassesRead))
}

// Result is what one person of the roster came away with.
type Result struct {
	PersonID  int64
	FullName  string
	BirthDate party.Date
	OrgID     int32
	On        party.Date
	Passed    bool
	Grade     string
}

// Opened is one class with the roster of those whom the viewer may see. Passed and Counts count
// everybody, so they may be larger than what the roster shows.
type Opened struct {
	Class
	State       State
	Sessions    []Session
	Members     []Member // who was nominated, refused and withdrawn included
	Counts      Counts
	Roster      []Result // results that stand in the records
	Passed      int
	MayEdit     bool // the viewer organises it
	MayNominate bool // the viewer sends people, while it is not closed
}

// Others gives the results of those who are not on the roster: recorded one by one.
func (o Opened) Others() []Result {
	on := byPerson(o.Members)
	var out []Result
	for _, r := range o.Roster {
		if m, ok := on[r.PersonID]; !ok || m.State != Approved {
			out = append(out, r)
		}
	}
	return out
}

// PassedSeen counts those of the roster who passed.
func (o Opened) PassedSeen() int {
	n := 0
	for _, r := range o.Roster {
		if r.Passed {
			n++
		}
	}
	return n
}

// Get gives one class. One whose organiser is out of the viewer's sight is fault.NotFound.
func (s *Service) Get(ctx context.Context, v access.Viewer, id int64) (Opened, error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return Opened{}, err
	}
	var out Opened
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if out.Class, err = selectClass(ctx, tx, id, false); err != nil {
			return err
		}
		if !sees(v, tree, out.OrgID) {
			return errNotFound()
		}
		if out.Roster, err = selectRoster(ctx, tx, id, maxRoster); err != nil {
			return err
		}
		if out.Passed, err = countPassed(ctx, tx, id); err != nil {
			return err
		}
		return out.readWork(ctx, tx)
	})
	out.State = out.StateOn(s.Today())
	if o, ok := tree.Of(out.OrgID); ok {
		out.MayEdit = v.MayIn(access.ClassesEdit, o.Path)
		out.MayNominate = out.State != Closed && (v.MayIn(access.ClassesNominate, o.Path) || tree.IsAbove(out.OrgID, v.ScopeFor(access.ClassesNominate)))
	}
	return out, err
}

func (o *Opened) readWork(ctx context.Context, tx *postgres.Tx) (err error) {
	if o.Sessions, err = selectSessions(ctx, tx, o.ID); err != nil {
		return err
	}
	if o.Members, err = selectMembers(ctx, tx, o.ID, maxRoster); err != nil {
		return err
	}
	counts, err := selectCounts(ctx, tx, o.ID)
	o.Counts = counts[o.ID]
	return err
}

// Lookup gives classes by their ids, for pages that name the class of a result. Ids that are not
// known are left out.
func (s *Service) Lookup(ctx context.Context, v access.Viewer, ids ...int64) (map[int64]Class, error) {
	found := make(map[int64]Class, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	err := s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		list, err := selectByID(ctx, tx, ids)
		for _, c := range list {
			found[c.ID] = c
		}
		return err
	})
	return found, err
}

// Count counts the awareness classes that began from one day to another, both included, run by organisers
// that belonged to an organisation on the class's first day, or are among its former ones.
func (s *Service) Count(ctx context.Context, tx *postgres.Tx, orgID int32, former []int32, from, until party.Date) (int, error) {
	return countBelow(ctx, tx, orgID, former, from, until)
}
