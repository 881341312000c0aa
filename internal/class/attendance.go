package class

import (
	"context"
	"fmt"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/postgres"
)

// Attended is whether somebody was at a session.
type Attended string

// The answers.
const (
	Present Attended = "present"
	Excused Attended = "excused"
	Absent  Attended = "absent"
)

// Attendances lists the answers, the usual one first.
var Attendances = []Attended{Present, Excused, Absent}

// SheetRow is somebody on the attendance sheet. State is "" while nothing is entered.
type SheetRow struct {
	Member
	Attended Attended
}

// Sheet is the attendance of one session: everybody who was approved.
type Sheet struct {
	Class   Class
	Session Session
	Others  []Session // all sessions of the class
	Rows    []SheetRow
	MayEdit bool // the viewer organises, the class is not closed, and the day has come
}

// Sheet gives the attendance sheet of a session.
func (s *Service) Sheet(ctx context.Context, v access.Viewer, classID, sessionID int64) (sh Sheet, err error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return sh, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if sh.Class, err = selectClass(ctx, tx, classID, false); err != nil {
			return err
		}
		if !sees(v, tree, sh.Class.OrgID) {
			return errNotFound()
		}
		return sh.read(ctx, tx, sessionID)
	})
	if o, ok := tree.Of(sh.Class.OrgID); ok {
		sh.MayEdit = v.MayIn(access.ClassesEdit, o.Path) && sh.Class.ClosedOn.IsZero() && !sh.Session.Day.After(s.Today())
	}
	return sh, err
}

func (sh *Sheet) read(ctx context.Context, tx *postgres.Tx, sessionID int64) (err error) {
	if sh.Others, err = selectSessions(ctx, tx, sh.Class.ID); err != nil {
		return err
	}
	i := slices.IndexFunc(sh.Others, func(o Session) bool { return o.ID == sessionID })
	if i < 0 {
		return fault.NewNotFound("classes.error.session_gone")
	}
	sh.Session = sh.Others[i]
	members, err := selectMembers(ctx, tx, sh.Class.ID, maxRoster)
	if err != nil {
		return err
	}
	states, err := selectAttendance(ctx, tx, sessionID)
	for _, m := range members {
		if m.State == Approved {
			sh.Rows = append(sh.Rows, SheetRow{Member: m, Attended: states[m.PersonID]})
		}
	}
	return err
}

// SheetEntry is an attendance sheet as it was filled in.
type SheetEntry struct {
	Key       string
	ClassID   int64
	SessionID int64
	Version   int // of the session, as it was shown
	States    map[int64]Attended
}

// SaveSheet enters the attendance of a session and gives how many rows changed; only those are written.
// The refused field of a row is at_<person>. It answers fault.Conflict with a Stale where somebody else
// saved in between, and where the class is closed.
func (s *Service) SaveSheet(ctx context.Context, v access.Viewer, in SheetEntry) (changed int, err error) {
	err = s.once(ctx, v, in.Key, func(ctx context.Context, tx *postgres.Tx, tree *organisation.Snapshot) error {
		c, err := manage(ctx, tx, v, tree, in.ClassID)
		if err != nil {
			return err
		}
		sh := Sheet{Class: c}
		if err := sh.read(ctx, tx, in.SessionID); err != nil {
			return err
		}
		if sh.Session.Day.After(s.Today()) {
			return fault.NewConflict("classes.error.session_future", "Day", sh.Session.Day)
		}
		if sh.Session.Version != in.Version {
			stale, err := selectSessionChange(ctx, tx, in.SessionID)
			if err != nil {
				return err
			}
			return fault.NewConflict("classes.error.sheet_stale", "By", stale.By).With(stale)
		}
		ids, states, bad := sh.changes(in.States)
		if len(bad) > 0 {
			return fault.InvalidFields(bad...)
		}
		if changed = len(ids); changed == 0 {
			return nil
		}
		if err := upsertAttendance(ctx, tx, v.AccountID, in.SessionID, ids, states); err != nil {
			return err
		}
		return note(ctx, tx, v, "attendance", c, map[string]any{"session": in.SessionID, "rows": changed})
	})
	return changed, err
}

// changes gives the rows that differ from what is stored, and refuses what cannot change.
func (sh Sheet) changes(said map[int64]Attended) (ids []int64, states []string, bad []fault.Field) {
	known := map[int64]bool{}
	for _, row := range sh.Rows {
		known[row.PersonID] = true
		state, given := said[row.PersonID]
		name := fmt.Sprintf("at_%d", row.PersonID)
		switch {
		case !given || state == row.Attended:
		case !slices.Contains(Attendances, state):
			bad = append(bad, fault.Field{Name: name, Key: "errors.choice"})
		case row.Result != "":
			bad = append(bad, fault.Field{Name: name, Key: "classes.error.has_result"})
		default:
			ids, states = append(ids, row.PersonID), append(states, string(state))
		}
	}
	for id := range said {
		if !known[id] {
			bad = append(bad, fault.Field{Name: fmt.Sprintf("at_%d", id), Key: "classes.error.not_on_roster"})
		}
	}
	return ids, states, bad
}
