package class

import (
	"context"
	"strconv"
	"time"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Creation plans a new class.
type Creation struct {
	Key      string // idempotency key of the form
	Fields   Fields
	Weekdays []time.Weekday  // on which sessions are planned from the first day to the last; none is no sessions yet
	Part     party.ClassPart // which part of each day they take
}

// Create enters a class and gives its id. The organiser must be one where the viewer may edit
// classes; one elsewhere is refused like one that does not exist.
func (s *Service) Create(ctx context.Context, v access.Viewer, in Creation) (int64, error) {
	if !v.May(access.ClassesEdit) {
		return 0, errForbidden()
	}
	f := in.Fields.clean().orUsual()
	bad := f.problems(s.Today())
	if len(in.Weekdays) > 0 && in.Part.Halves() == 0 {
		bad = append(bad, fault.Field{Name: "part", Key: "errors.choice"})
	}
	if len(bad) > 0 {
		return 0, fault.InvalidFields(bad...)
	}
	var id int64
	err := s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		result, done, err := tx.Once(ctx, in.Key)
		if err != nil {
			return err
		}
		if done {
			id, err = strconv.ParseInt(result, 10, 64)
			return err
		}
		if err := s.mayOrganise(ctx, tx, v, f.OrgID); err != nil {
			return err
		}
		if id, err = s.CreateIn(ctx, tx, v, f); err != nil {
			return err
		}
		if _, err := addDays(ctx, tx, id, 0, f, in.Weekdays, in.Part); err != nil {
			return err
		}
		return tx.Done(ctx, in.Key, strconv.FormatInt(id, 10))
	})
	return id, err
}

// CreateIn enters a class in the caller's transaction; the caller has checked fields and rights.
func (s *Service) CreateIn(ctx context.Context, tx *postgres.Tx, v access.Viewer, f Fields) (int64, error) {
	id, err := insertClass(ctx, tx, v.AccountID, f.orUsual())
	if err != nil {
		return 0, err
	}
	return id, audit.Write(ctx, tx, v, audit.Entry{Action: "create", Entity: "class", EntityID: id, OrgID: f.OrgID})
}

func (s *Service) mayOrganise(ctx context.Context, tx *postgres.Tx, v access.Viewer, orgID int32) error {
	refused := fault.InvalidFields(fault.Field{Name: "org", Key: "classes.error.org"})
	_, path, err := s.orgs.Place(ctx, tx, orgID, s.Today())
	if fault.KindOf(err) == fault.NotFound || err == nil && !v.MayIn(access.ClassesEdit, path) {
		return refused
	}
	return err
}

// Change is an edit of a class, made from a version that was shown.
type Change struct {
	Key     string
	ID      int64
	Version int
	Fields  Fields
}

// Edit changes a class. It answers fault.Conflict with a Stale where somebody else saved in
// between, and refuses a first day that lies after a result already recorded.
func (s *Service) Edit(ctx context.Context, v access.Viewer, in Change) error {
	f := in.Fields.clean().orUsual()
	if bad := f.problems(s.Today()); len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, in.Key); err != nil || done {
			return err
		}
		old, err := selectClass(ctx, tx, in.ID, true)
		if err != nil {
			return err
		}
		if err := s.mayChange(ctx, tx, v, old, f); err != nil {
			return err
		}
		if !old.ClosedOn.IsZero() {
			return errClosed()
		}
		if err := fresh(ctx, tx, old, in.Version); err != nil {
			return err
		}
		return s.change(ctx, tx, v, old, f)
	})
}

// mayChange asks for the right at the organiser that was, and at the one that is to be.
func (s *Service) mayChange(ctx context.Context, tx *postgres.Tx, v access.Viewer, old Class, f Fields) error {
	if fault.KindOf(s.mayOrganise(ctx, tx, v, old.OrgID)) == fault.Invalid {
		return errForbidden()
	}
	if f.OrgID == old.OrgID {
		return nil
	}
	return s.mayOrganise(ctx, tx, v, f.OrgID)
}

func fresh(ctx context.Context, tx *postgres.Tx, old Class, version int) error {
	if version == old.Version {
		return nil
	}
	stale, err := selectLastChange(ctx, tx, old.ID)
	if err != nil {
		return err
	}
	return fault.NewConflict("classes.error.stale", "By", stale.By).With(stale)
}

func (s *Service) change(ctx context.Context, tx *postgres.Tx, v access.Viewer, old Class, f Fields) error {
	changed := changedFields(old.Fields, f)
	if len(changed) == 0 {
		return nil
	}
	early, err := hasResultBefore(ctx, tx, old.ID, f.Starts)
	if err != nil {
		return err
	}
	if early {
		return fault.InvalidFields(fault.Field{Name: "starts", Key: "classes.error.starts_after_result"})
	}
	if err := fitsWork(ctx, tx, old, f); err != nil {
		return err
	}
	if err := updateClass(ctx, tx, v.AccountID, old.ID, f); err != nil {
		return err
	}
	return audit.Write(ctx, tx, v, audit.Entry{Action: "edit", Entity: "class", EntityID: old.ID, OrgID: f.OrgID,
		Detail: map[string]any{"fields": changed}})
}

// fitsWork refuses what does not go with the sessions, the roster and the results that are there.
func fitsWork(ctx context.Context, tx *postgres.Tx, old Class, f Fields) error {
	w, err := selectWork(ctx, tx, old.ID)
	if err != nil {
		return err
	}
	var bad []fault.Field
	refuse := func(yes bool, name, key string, args ...any) {
		if yes {
			bad = append(bad, fault.Field{Name: name, Key: key, Args: args})
		}
	}
	someone := w.Nominated+w.Approved > 0
	refuse(someone && f.OrgID != old.OrgID, "org", "classes.error.org_roster")
	refuse(someone && f.Kind != old.Kind, "kind", "classes.error.kind_roster")
	refuse(w.Results > 0 && f.Pass.Attendance != old.Pass.Attendance, "attendance_min", "classes.error.rule_results")
	refuse(w.Results > 0 && f.Pass.Mark != old.Pass.Mark, "pass_mark", "classes.error.rule_results")
	refuse(f.Capacity > 0 && f.Capacity < w.Approved, "capacity", "classes.error.capacity_roster", "Count", w.Approved)
	refuse(!w.FirstDay.IsZero() && f.Starts.After(w.FirstDay), "starts", "classes.error.session_outside", "Day", w.FirstDay)
	refuse(!w.LastDay.IsZero() && f.Ends.Before(w.LastDay), "ends", "classes.error.session_outside", "Day", w.LastDay)
	if len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	return nil
}

// changedFields names the fields that differ, for the audit.
func changedFields(a, b Fields) []string {
	var out []string
	for _, d := range []struct {
		name string
		yes  bool
	}{
		{"org", a.OrgID != b.OrgID}, {"number", a.Number != b.Number}, {"title", a.Title != b.Title},
		{"starts", a.Starts != b.Starts}, {"ends", a.Ends != b.Ends}, {"place", a.Place != b.Place},
		{"kind", a.Kind != b.Kind}, {"capacity", a.Capacity != b.Capacity}, {"pass", a.Pass != b.Pass},
	} {
		if d.yes {
			out = append(out, d.name)
		}
	}
	return out
}
