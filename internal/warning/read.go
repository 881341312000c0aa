package warning

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// PageSize is how many warnings a page shows; countLimit bounds what is counted.
const (
	PageSize   = 50
	countLimit = 1000
	maxSaid    = 100
)

// Query asks for what is told of the members of an organisation and below it; zero values do not narrow.
type Query struct {
	OrgID int32
	Kind  party.WarningKind
	After Cursor
}

// Cursor marks a place in the list.
type Cursor struct {
	day   party.Date
	id    int64
	kind  party.WarningKind
	level int
}

// String gives the cursor as it stands in an address; "" for the beginning.
func (c Cursor) String() string {
	if c.id == 0 {
		return ""
	}
	return strings.Join([]string{c.day.String(), strconv.FormatInt(c.id, 10), string(c.kind), strconv.Itoa(c.level)}, ".")
}

// ParseCursor reads what String gave. It answers fault.Invalid for anything else.
func ParseCursor(s string) (c Cursor, err error) {
	if s == "" {
		return c, nil
	}
	bad := fault.NewInvalid("errors.cursor")
	parts := strings.Split(s, ".")
	if len(parts) != 4 {
		return c, bad
	}
	var dayErr, idErr, levelErr error
	c.day, dayErr = party.ParseDate(parts[0])
	c.id, idErr = strconv.ParseInt(parts[1], 10, 64)
	c.kind = party.WarningKind(parts[2])
	level, levelErr := strconv.ParseInt(parts[3], 10, 16)
	c.level = int(level)
	if dayErr != nil || idErr != nil || levelErr != nil || c.id < 1 || c.day.IsZero() || !slices.Contains(party.WarningKinds, c.kind) {
		return Cursor{}, bad
	}
	return c, nil
}

// Item is a warning that is told to the viewer.
type Item struct {
	PersonID int64
	FullName string
	OrgID    int32
	Stage    party.Stage
	Kind     party.WarningKind
	Level    int
	From     party.Date // the cell was told
	Told     party.Date // the viewer's level was told
}

// List is a page of warnings, the newest first.
type List struct {
	Items []Item
	Next  Cursor                    // zero on the last page
	Kinds map[party.WarningKind]int // up to countLimit in all
	Count int                       // up to countLimit
	More  bool                      // there are more than were counted
}

// find builds the queries of a list from its parts.
type find struct {
	query Query
	paths [][]int32
	day   string // the column of the viewer's level
	today party.Date
	args  []any
}

func (f *find) arg(v any) string {
	f.args = append(f.args, v)
	return fmt.Sprintf("$%d", len(f.args))
}

// conditions bounds the list by the column of the organisation's depth and the viewer's level, which
// the indexes begin with. Who finished a new-member class has not missed it.
func (f *find) conditions() string {
	today := f.arg(f.today)
	out := []string{"not w.answered", "w." + f.day + " <= " + today, "(w.until_day is null or w.until_day > " + today + ")",
		postgres.Below("w", f.paths, f.arg),
		`(w.kind <> 'no_class' or not exists (select from class_members c where c.person_id = w.person_id and c.kind = 'new_member' and c.result = 'passed'))`}
	if f.query.Kind != "" {
		out = append(out, "w.kind = "+f.arg(f.query.Kind))
	}
	return strings.Join(out, " and ")
}

func (f *find) items(ctx context.Context, tx *postgres.Tx, limit int) ([]Item, error) {
	f.args = nil
	query := `select w.person_id, p.full_name, w.org_id, s.stage, w.kind, w.level, w.cell_day, w.` + f.day + `
		  from member_warnings w join people p on p.id = w.person_id join person_states s on s.person_id = w.person_id where ` + f.conditions()
	if c := f.query.After; c.id != 0 {
		query += fmt.Sprintf(` and (w.%s, w.person_id, w.kind, w.level) < (%s, %s, %s, %s)`, f.day, f.arg(c.day), f.arg(c.id), f.arg(c.kind), f.arg(c.level))
	}
	rows, err := tx.Query(ctx, query+` order by w.`+f.day+` desc, w.person_id desc, w.kind desc, w.level desc limit `+f.arg(limit), f.args...)
	if err != nil {
		return nil, fmt.Errorf("list warnings: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (it Item, err error) {
		return it, row.Scan(&it.PersonID, &it.FullName, &it.OrgID, &it.Stage, &it.Kind, &it.Level, &it.From, &it.Told)
	})
}

func (f *find) count(ctx context.Context, tx *postgres.Tx, out *List) error {
	f.args = nil
	conditions := f.conditions()
	rows, err := tx.Query(ctx, `select kind, count(*)::integer from (select w.kind from member_warnings w where `+conditions+`
		 order by w.`+f.day+` desc limit `+f.arg(countLimit+1)+`) x group by kind`, f.args...)
	if err != nil {
		return fmt.Errorf("count warnings: %w", err)
	}
	var kind party.WarningKind
	var n int
	_, err = pgx.ForEachRow(rows, []any{&kind, &n}, func() error {
		out.Kinds[kind] = n
		out.Count += n
		return nil
	})
	out.More = out.Count > countLimit
	return err
}

// List gives a page of what the viewer's level is told. An organisation outside the viewer's scope is
// fault.NotFound.
func (s *Service) List(ctx context.Context, v access.Viewer, q Query) (List, error) {
	out := List{Kinds: map[party.WarningKind]int{}}
	f, err := s.find(ctx, v, q)
	if err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if out.Items, err = f.items(ctx, tx, PageSize+1); err != nil {
			return err
		}
		return f.count(ctx, tx, &out)
	})
	if len(out.Items) > PageSize {
		out.Items = out.Items[:PageSize]
		last := out.Items[PageSize-1]
		out.Next = Cursor{last.Told, last.PersonID, last.Kind, last.Level}
	}
	return out, err
}

// Count tells how much the viewer's level is told, for pages that lead to the list.
func (s *Service) Count(ctx context.Context, v access.Viewer, orgID int32) (List, error) {
	out := List{Kinds: map[party.WarningKind]int{}}
	f, err := s.find(ctx, v, Query{OrgID: orgID})
	if err != nil {
		return out, err
	}
	return out, s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error { return f.count(ctx, tx, &out) })
}

func (s *Service) find(ctx context.Context, v access.Viewer, q Query) (*find, error) {
	if !v.May(access.WarningsRead) {
		return nil, fault.NewForbidden("errors.forbidden")
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	f := &find{query: q, today: s.today(), day: "cell_day"}
	for _, root := range v.ScopeFor(access.WarningsRead) {
		o, ok := tree.Of(root)
		switch {
		case !ok:
		case o.Kind == party.UpperCommittee:
			f.day = "upper_day"
		case o.Kind == party.GrassrootsCommittee && f.day != "upper_day":
			f.day = "base_day"
		}
	}
	f.paths, err = tree.Within(v, access.WarningsRead, q.OrgID)
	return f, err
}

// Person is whom warnings are about.
type Person struct {
	ID       int64
	FullName string
	OrgID    int32
}

// Opened is what is told of one member today, and what was done about it.
type Opened struct {
	Person
	Told      []party.Warning
	Said      []Said
	MayAnswer bool
}

// Open gives everything that is told of one member, whichever level is told.
func (s *Service) Open(ctx context.Context, v access.Viewer, id int64) (out Opened, err error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if out.Person, err = selectSomebody(ctx, tx, id); err != nil {
			return err
		}
		list, err := selectStored(ctx, tx, []int64{id})
		if err != nil {
			return err
		}
		classDone, err := selectClassDone(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, w := range list {
			if w.open(s.today()) && !w.answered && (w.Kind != party.WarnNoClass || !classDone) {
				out.Told = append(out.Told, w.Warning)
			}
		}
		out.Said, err = selectSaid(ctx, tx, id, maxSaid)
		return err
	})
	if err != nil {
		return out, err
	}
	o, _ := tree.Of(out.OrgID)
	if !v.MayIn(access.WarningsRead, o.Path) {
		return Opened{}, fault.NewNotFound("people.error.not_found")
	}
	out.MayAnswer = v.MayIn(access.WarningsAnswer, o.Path)
	return out, nil
}
