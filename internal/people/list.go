package people

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"regexp"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Query says which people a list shows. The zero Query is everybody in the viewer's scope.
type Query struct {
	OrgID      int32  // an organisation and all below it; 0 = the whole scope
	Search     string // beginnings of words of name, class, school, numbers; or a whole personal number
	Stages     []party.Stage
	Categories []party.Category
	Before     party.Date // at their stage since before this day
	ClassID    int64      // who passed this class; 0 = not asked
	Mentor     string     // whom somebody of this name helps now; "" = not asked
	Title      party.TitleKind
	After      Cursor // the page behind this one
	Limit      int    // rows; 0 = PageSize, at most 500
}

// PageSize is how many rows a page of a list shows.
const PageSize = 50

const (
	maxPage    = 500
	maxWords   = 6
	countLimit = 1000 // counts stop here, so that a page stays quick; of a search that finds very many, behind the page
)

// Row is one line of a list.
type Row struct {
	ID        int64
	FullName  string
	BirthDate party.Date
	Sex       string
	Category  party.Category
	ClassName string
	StudentNo string
	OrgID     int32
	Stage     party.Stage
	Since     party.Date
	Next      party.StepKind
	Due       party.Date
	DueRule   party.RuleID
	JoinedOn  party.Date

	sortKey []byte
}

// List is one page of people.
type List struct {
	Rows  []Row
	Next  Cursor // zero on the last page
	Count int
	More  bool // there are more than Count: counting stopped
}

// Cursor marks a place in the Vietnamese order of names.
type Cursor struct {
	key []byte
	id  int64
}

// String gives the cursor as it stands in an address; "" for the beginning.
func (c Cursor) String() string {
	if c.id == 0 {
		return ""
	}
	b := binary.AppendUvarint(nil, uint64(c.id))
	return base64.RawURLEncoding.EncodeToString(append(b, c.key...))
}

// ParseCursor reads what String gave. It answers fault.Invalid for anything else.
func ParseCursor(s string) (Cursor, error) {
	if s == "" {
		return Cursor{}, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	id, n := binary.Uvarint(b)
	if err != nil || n <= 0 || id == 0 || id > 1<<62 || len(b) > 4096 {
		return Cursor{}, fault.NewInvalid("errors.cursor")
	}
	return Cursor{key: b[n:], id: int64(id)}, nil
}

// List gives a page of people in the viewer's scope, in Vietnamese order. An organisation outside
// of it is fault.NotFound.
func (s *Service) List(ctx context.Context, v access.Viewer, q Query) (List, error) {
	if !v.May(access.PeopleRead) {
		return List{}, fault.NewForbidden("errors.forbidden")
	}
	q = q.bounded()
	var out List
	err := s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		sc, err := s.scopeOf(ctx, tx, v, q.OrgID)
		if err != nil {
			return err
		}
		find := s.newFind(v, sc, q)
		if out.Rows, err = find.rows(ctx, tx); err != nil {
			return err
		}
		if out.Count, out.More, err = find.count(ctx, tx); err != nil {
			return err
		}
		if len(out.Rows) > q.Limit {
			out.Rows = out.Rows[:q.Limit]
			last := out.Rows[q.Limit-1]
			out.Next = Cursor{key: last.sortKey, id: last.ID}
		}
		return nil
	})
	return out, err
}

// Narrow tells whether the list is bounded by what the maintained counts of stages do not know, and
// is short enough to be filtered without the search.
func (q Query) Narrow() bool { return q.ClassID != 0 || q.Mentor != "" || q.Title != "" }

func (q Query) bounded() Query {
	if q.Limit <= 0 {
		q.Limit = PageSize
	}
	q.Limit = min(q.Limit, maxPage)
	q.Search = strings.TrimSpace(q.Search)
	return q
}

// scope is where a list looks: an organisation, or the viewer's whole scope.
type scope struct {
	path  []int32   // of the one organisation, root first; nil where the scope is more than one
	roots [][]int32 // the paths of the viewer's organisations otherwise
}

// scopeOf finds the organisation below which a list looks. Most viewers hold one grant, and then
// their scope is an organisation like any other.
func (s *Service) scopeOf(ctx context.Context, tx *postgres.Tx, v access.Viewer, orgID int32) (scope, error) {
	if orgID != 0 {
		_, path, err := s.orgs.Place(ctx, tx, orgID, s.clock())
		if err != nil || !v.MayIn(access.PeopleRead, path) {
			return scope{}, notFoundUnless(err)
		}
		return scope{path: path}, nil
	}
	var sc scope
	for _, id := range v.ScopeFor(access.PeopleRead) {
		_, path, err := s.orgs.Place(ctx, tx, id, s.clock())
		if fault.KindOf(err) == fault.NotFound && err != nil {
			continue
		}
		if err != nil {
			return sc, err
		}
		sc.roots = append(sc.roots, path)
	}
	sc.roots = outermost(sc.roots)
	if len(sc.roots) == 1 {
		sc.path = sc.roots[0]
	}
	return sc, nil
}

func notFoundUnless(err error) error {
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	return fault.NewNotFound("people.error.org_unknown")
}

// outermost leaves out organisations that lie below another one of the list.
func outermost(paths [][]int32) [][]int32 {
	var out [][]int32
	for i, p := range paths {
		inside := false
		for j, o := range paths {
			inside = inside || i != j && len(o) < len(p) && o[len(o)-1] == p[len(o)-1]
		}
		if !inside {
			out = append(out, p)
		}
	}
	return out
}

// words gives the words that were typed, which the database folds.
func words(search string) []string {
	list := strings.Fields(search)
	return list[:min(len(list), maxWords)]
}

// patterns gives the search patterns for the beginnings of the words that were typed, with what
// LIKE would read as a sign taken literally.
func patterns(search string) []string {
	var out []string
	for _, w := range words(search) {
		out = append(out, "% "+likeSigns.ReplaceAllString(w, `\$0`)+"%")
	}
	return out
}

var likeSigns = regexp.MustCompile(`[\\%_]`)
