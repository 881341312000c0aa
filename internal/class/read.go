package class

import (
	"context"
	"strconv"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// PageSize is how many classes a page of the list shows.
const PageSize = 50

// maxRoster bounds the roster of one class; none seen has more than some hundred people.
const maxRoster = 1000

// Cursor marks a place in the list of classes. The zero Cursor is its beginning.
type Cursor struct {
	starts party.Date
	id     int64
}

// String gives the cursor as it stands in an address.
func (c Cursor) String() string {
	if c.id == 0 {
		return ""
	}
	return c.starts.String() + "." + strconv.FormatInt(c.id, 10)
}

// ParseCursor reads what String gave. It answers fault.Invalid for anything else.
func ParseCursor(s string) (Cursor, error) {
	if s == "" {
		return Cursor{}, nil
	}
	day, id, found := strings.Cut(s, ".")
	starts, dayErr := party.ParseDate(day)
	n, idErr := strconv.ParseInt(id, 10, 64)
	if !found || dayErr != nil || idErr != nil || starts.IsZero() || n < 1 {
		return Cursor{}, fault.NewInvalid("classes.error.cursor")
	}
	return Cursor{starts, n}, nil
}

// List is one page of classes, newest first.
type List struct {
	Classes []Class
	Next    Cursor // zero on the last page
	Count   int
}

// List gives the classes of the organisers that are the viewer's organisations, below them or above
// them, so that a cell sees the classes of its committee. orgID narrows to one organiser and those
// below it; 0 is all. An organisation out of sight is fault.NotFound.
func (s *Service) List(ctx context.Context, v access.Viewer, orgID int32, after Cursor) (List, error) {
	if !v.May(access.ClassesRead) {
		return List{}, errForbidden()
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return List{}, err
	}
	organisers, err := organisersFor(v, tree, orgID)
	if err != nil {
		return List{}, err
	}
	var out List
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if out.Count, err = countClasses(ctx, tx, organisers); err != nil {
			return err
		}
		out.Classes, err = selectClasses(ctx, tx, organisers, after, PageSize+1)
		return err
	})
	if len(out.Classes) > PageSize {
		out.Classes = out.Classes[:PageSize]
		last := out.Classes[PageSize-1]
		out.Next = Cursor{last.Starts, last.ID}
	}
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

// Opened is one class with the roster of those whom the viewer may see. Passed counts everybody
// who passed, so it may be larger than what the roster shows.
type Opened struct {
	Class
	Roster  []Result
	Passed  int
	MayEdit bool
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
		out.Passed, err = countPassed(ctx, tx, id)
		return err
	})
	if o, ok := tree.Of(out.OrgID); ok {
		out.MayEdit = v.MayIn(access.ClassesEdit, o.Path)
	}
	return out, err
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

// Count counts the classes that began from one day to another, both included, run by organisers
// that belonged to an organisation on the class's first day.
func (s *Service) Count(ctx context.Context, tx *postgres.Tx, orgID int32, from, until party.Date) (int, error) {
	return countBelow(ctx, tx, orgID, from, until)
}
