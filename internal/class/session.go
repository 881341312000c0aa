package class

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Session is one meeting of a class.
type Session struct {
	ID      int64
	Day     party.Date
	Part    party.ClassPart
	Topic   string
	Place   string // where it is not the class's own
	Version int    // of its attendance
	Entered bool   // its attendance was entered
}

// MaxSessions bounds the sessions of a class.
const MaxSessions = 40

// manage locks a class for a change by its organiser. One out of sight is fault.NotFound, a closed
// one fault.Conflict.
func manage(ctx context.Context, tx *postgres.Tx, v access.Viewer, tree *organisation.Snapshot, id int64) (Class, error) {
	c, err := organised(ctx, tx, v, tree, id)
	if err == nil && !c.ClosedOn.IsZero() {
		err = errClosed()
	}
	return c, err
}

// organised is manage for what may also be done with a closed class.
func organised(ctx context.Context, tx *postgres.Tx, v access.Viewer, tree *organisation.Snapshot, id int64) (Class, error) {
	c, err := selectClass(ctx, tx, id, true)
	if err != nil {
		return c, err
	}
	o, ok := tree.Of(c.OrgID)
	switch {
	case !ok || !sees(v, tree, c.OrgID):
		return c, errNotFound()
	case !v.MayIn(access.ClassesEdit, o.Path):
		return c, errForbidden()
	}
	return c, nil
}

// once runs an act under its idempotency key; what was done already is not done again. The tree is read
// before: reading it takes a connection, and whoever waits for one inside a transaction holds another.
func (s *Service) once(ctx context.Context, v access.Viewer, key string, act func(context.Context, *postgres.Tx, *organisation.Snapshot) error) error {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, key); err != nil || done {
			return err
		}
		return act(ctx, tx, tree)
	})
}

func note(ctx context.Context, tx *postgres.Tx, v access.Viewer, action string, c Class, detail map[string]any) error {
	return audit.Write(ctx, tx, v, audit.Entry{Action: action, Entity: "class", EntityID: c.ID, OrgID: c.OrgID, Detail: detail})
}

// Days adds sessions on some weekdays from the first day of a class to the last.
type Days struct {
	Key      string
	ClassID  int64
	Weekdays []time.Weekday
	Part     party.ClassPart
}

// AddDays adds a session on each such day that has none at that time, and gives how many.
func (s *Service) AddDays(ctx context.Context, v access.Viewer, in Days) (added int, err error) {
	var bad []fault.Field
	if len(in.Weekdays) == 0 {
		bad = append(bad, fault.Field{Name: "weekdays", Key: "classes.error.weekdays"})
	}
	if in.Part.Halves() == 0 {
		bad = append(bad, fault.Field{Name: "part", Key: "errors.choice"})
	}
	if len(bad) > 0 {
		return 0, fault.InvalidFields(bad...)
	}
	err = s.once(ctx, v, in.Key, func(ctx context.Context, tx *postgres.Tx, tree *organisation.Snapshot) error {
		c, err := manage(ctx, tx, v, tree, in.ClassID)
		if err != nil {
			return err
		}
		list, err := selectSessions(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if added, err = addDays(ctx, tx, c.ID, len(list), c.Fields, in.Weekdays, in.Part, list...); err != nil {
			return err
		}
		// a timetable that was shown before is stale now
		if err := touchClass(ctx, tx, v.AccountID, c.ID); err != nil {
			return err
		}
		return note(ctx, tx, v, "sessions", c, map[string]any{"added": added})
	})
	return added, err
}

func addDays(ctx context.Context, tx *postgres.Tx, id int64, before int, f Fields, weekdays []time.Weekday, part party.ClassPart, there ...Session) (int, error) {
	var list []Session
	for _, day := range party.ClassDays(f.Starts, f.Ends, weekdays) {
		if !taken(there, Session{Day: day, Part: part}) {
			list = append(list, Session{Day: day, Part: part})
		}
	}
	if before+len(list) > MaxSessions {
		return 0, fault.InvalidFields(fault.Field{Name: "weekdays", Key: "classes.error.too_many_sessions", Args: []any{"Max", MaxSessions}})
	}
	return len(list), insertSessions(ctx, tx, id, list)
}

// taken tells whether another session is held at the time of one.
func taken(list []Session, s Session) bool {
	for _, t := range list {
		if t.Day == s.Day && t.Part.Overlaps(s.Part) && (t.ID != s.ID || s.ID == 0) {
			return true
		}
	}
	return false
}

// Timetable is all sessions of a class as they are to be. A session whose ID is 0 is new; one with
// attendance stays on its day; Remove names those that are not to be.
type Timetable struct {
	Key      string
	ClassID  int64
	Version  int // of the class, as it was shown
	Sessions []Session
	Remove   []int64
}

// SaveTimetable replaces the sessions of a class. The refused field of row i is day_i, part_i, topic_i
// or place_i; nothing is saved unless all rows are good.
func (s *Service) SaveTimetable(ctx context.Context, v access.Viewer, in Timetable) error {
	return s.once(ctx, v, in.Key, func(ctx context.Context, tx *postgres.Tx, tree *organisation.Snapshot) error {
		c, err := manage(ctx, tx, v, tree, in.ClassID)
		if err != nil {
			return err
		}
		if err := fresh(ctx, tx, c, in.Version); err != nil {
			return err
		}
		old, err := selectSessions(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		in.clean()
		if bad := in.problems(c, old); len(bad) > 0 {
			return fault.InvalidFields(bad...)
		}
		if err := replaceSessions(ctx, tx, c.ID, in.Sessions, in.Remove); err != nil {
			return err
		}
		if err := touchClass(ctx, tx, v.AccountID, c.ID); err != nil {
			return err
		}
		return note(ctx, tx, v, "sessions", c, map[string]any{"kept": len(in.Sessions), "removed": len(in.Remove)})
	})
}

func (in *Timetable) clean() {
	for i := range in.Sessions {
		for _, t := range []*string{&in.Sessions[i].Topic, &in.Sessions[i].Place} {
			*t = strings.Join(strings.Fields(*t), " ")
		}
	}
}

func (in Timetable) problems(c Class, old []Session) []fault.Field {
	var bad []fault.Field
	refuse := func(name string, i int, key string, args ...any) {
		bad = append(bad, fault.Field{Name: fmt.Sprintf("%s_%d", name, i), Key: key, Args: args})
	}
	kept := map[int64]Session{}
	for _, s := range old {
		kept[s.ID] = s
	}
	for i, n := range in.Sessions {
		was, known := kept[n.ID]
		switch {
		case n.Day.IsZero():
			refuse("day", i, "errors.date_required")
		case n.Day.Before(c.Starts) || n.Day.After(c.Ends):
			refuse("day", i, "classes.error.day_outside", "Starts", c.Starts, "Ends", c.Ends)
		case n.ID != 0 && !known:
			refuse("day", i, "classes.error.session_gone")
		case was.Entered && (was.Day != n.Day || was.Part != n.Part):
			refuse("day", i, "classes.error.session_entered")
		case taken(in.Sessions[:i], Session{Day: n.Day, Part: n.Part}):
			refuse("day", i, "classes.error.session_twice")
		}
		if n.Part.Halves() == 0 {
			refuse("part", i, "errors.choice")
		}
		for name, text := range map[string]string{"topic": n.Topic, "place": n.Place} {
			if utf8.RuneCountInString(text) > maxTitle {
				refuse(name, i, "errors.too_long", "Max", maxTitle)
			}
		}
	}
	for _, was := range old {
		listed := slices.ContainsFunc(in.Sessions, func(n Session) bool { return n.ID == was.ID })
		if !listed && !slices.Contains(in.Remove, was.ID) {
			bad = append(bad, fault.Field{Key: "classes.error.session_gone"})
		}
	}
	for _, id := range in.Remove {
		if kept[id].Entered {
			bad = append(bad, fault.Field{Name: fmt.Sprintf("remove_%d", id), Key: "classes.error.session_entered"})
		}
	}
	if len(in.Sessions) > MaxSessions {
		bad = append(bad, fault.Field{Key: "classes.error.too_many_sessions", Args: []any{"Max", MaxSessions}})
	}
	return bad
}
