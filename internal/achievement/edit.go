package achievement

import (
	"context"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// ResultChange enters (ID 0) or changes a study result, from the version that was shown.
type ResultChange struct {
	Key      string
	PersonID int64
	ID       int64
	Version  int
	Result   party.StudyResult
}

// SaveResult enters or changes a study result and gives its number. A second one for the same part of
// a school year is refused at its field; one that somebody else saved in between is fault.Conflict
// with a Stale.
func (s *Service) SaveResult(ctx context.Context, v access.Viewer, in ResultChange) (int64, error) {
	if bad := Problems(in.Result, s.Today()); len(bad) > 0 {
		return 0, fault.InvalidFields(bad...)
	}
	return s.save(ctx, v, in.Key, in.PersonID, func(ctx context.Context, tx *postgres.Tx, p person) (int64, string, error) {
		if in.ID == 0 {
			id, err := insertResult(ctx, tx, v.AccountID, p.id, in.Result)
			return id, "create", err
		}
		if err := fresh(ctx, tx, resultsTable, p.id, in.ID, in.Version); err != nil {
			return 0, "", err
		}
		return in.ID, "edit", updateResult(ctx, tx, v.AccountID, in.ID, in.Result)
	}, "study_result")
}

// TitleChange enters (ID 0) or changes a title, from the version that was shown.
type TitleChange struct {
	Key      string
	PersonID int64
	ID       int64
	Version  int
	Title    party.Title
}

// SaveTitle enters or changes a title and gives its number.
func (s *Service) SaveTitle(ctx context.Context, v access.Viewer, in TitleChange) (int64, error) {
	t := cleanTitle(in.Title)
	return s.save(ctx, v, in.Key, in.PersonID, func(ctx context.Context, tx *postgres.Tx, p person) (int64, string, error) {
		if bad := titleProblems(t, p.born, s.Today()); len(bad) > 0 {
			return 0, "", fault.InvalidFields(bad...)
		}
		if in.ID == 0 {
			id, err := insertTitle(ctx, tx, v.AccountID, p.id, t)
			return id, "create", err
		}
		if err := fresh(ctx, tx, titlesTable, p.id, in.ID, in.Version); err != nil {
			return 0, "", err
		}
		return in.ID, "edit", updateTitle(ctx, tx, v.AccountID, in.ID, t)
	}, "title")
}

// Removal takes a study result or a title out that was entered by mistake.
type Removal struct {
	Key      string
	PersonID int64
	ID       int64
	Version  int
}

// RemoveResult takes a study result out; the audit keeps that it was there.
func (s *Service) RemoveResult(ctx context.Context, v access.Viewer, in Removal) error {
	return s.remove(ctx, v, in, resultsTable, "study_result")
}

// RemoveTitle takes a title out; the audit keeps that it was there.
func (s *Service) RemoveTitle(ctx context.Context, v access.Viewer, in Removal) error {
	return s.remove(ctx, v, in, titlesTable, "title")
}

func (s *Service) remove(ctx context.Context, v access.Viewer, in Removal, t table, what string) error {
	_, err := s.save(ctx, v, in.Key, in.PersonID, func(ctx context.Context, tx *postgres.Tx, p person) (int64, string, error) {
		if err := fresh(ctx, tx, t, p.id, in.ID, in.Version); err != nil {
			return 0, "", err
		}
		return in.ID, "remove", deleteRow(ctx, tx, t, in.ID)
	}, what)
	return err
}

// save runs a change about one person once for a form's key, where the viewer may make it, and
// leaves the audit entry. change answers the row's number and what was done.
func (s *Service) save(ctx context.Context, v access.Viewer, key string, personID int64,
	change func(context.Context, *postgres.Tx, person) (int64, string, error), what string) (int64, error) {
	var id int64
	err := s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		result, done, err := tx.Once(ctx, key)
		if err != nil {
			return err
		}
		if done {
			id, err = strconv.ParseInt(result, 10, 64)
			return err
		}
		p, err := s.personFor(ctx, tx, v, personID)
		if err != nil {
			return err
		}
		if !p.mayEdit {
			return errForbidden()
		}
		var action string
		if id, action, err = change(ctx, tx, p); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, v, audit.Entry{Action: action, Entity: "person", EntityID: p.id, OrgID: p.orgID,
			Detail: map[string]any{what: id}}); err != nil {
			return err
		}
		return tx.Done(ctx, key, strconv.FormatInt(id, 10))
	})
	return id, err
}

// person is somebody as far as his achievements need him.
type person struct {
	id      int64
	orgID   int32
	path    []int32
	name    string
	born    party.Date
	union   party.Date
	mayEdit bool
}

// personFor reads somebody whom the viewer may see; anybody else is not found.
func (s *Service) personFor(ctx context.Context, tx *postgres.Tx, v access.Viewer, id int64) (person, error) {
	p, err := selectPerson(ctx, tx, id)
	if err != nil {
		return p, err
	}
	if _, p.path, err = s.orgs.Place(ctx, tx, p.orgID, s.Today()); err != nil {
		return p, err
	}
	p.mayEdit = v.MayIn(access.AchievementsEdit, p.path)
	return p, nil
}

// fresh locks a row of a person and refuses one that is not as it was shown.
func fresh(ctx context.Context, tx *postgres.Tx, t table, personID, id int64, version int) error {
	now, stale, err := lockRow(ctx, tx, t, personID, id)
	if err != nil || now == version {
		return err
	}
	return fault.NewConflict("achievements.error.stale", "By", stale.By).With(stale)
}
