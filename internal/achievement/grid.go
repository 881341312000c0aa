package achievement

import (
	"context"
	"slices"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// GridSize is how many people one page of a cell's grid has.
const GridSize = 200

// GridQuery says which results a grid shows.
type GridQuery struct {
	OrgID    int32
	Year     int
	Semester party.Semester
	After    int64 // the person with whom the page before ended
}

// GridRow is one person of a grid with the result of the year, if there is one (Version > 0).
type GridRow struct {
	PersonID  int64
	FullName  string
	ClassName string
	BirthDate party.Date
	Result
}

// Grid is a cell's people, in Vietnamese order, with their results of one part of a school year.
type Grid struct {
	Org     organisation.Org
	Rows    []GridRow
	Next    int64 // with whom this page ends; 0 on the last one
	MayEdit bool
}

// Grid gives the pupils and students of a cell whom the viewer may see, with their results.
func (s *Service) Grid(ctx context.Context, v access.Viewer, q GridQuery) (Grid, error) {
	out, err := s.gridOf(ctx, v, q.OrgID)
	if err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		out.Rows, err = selectGrid(ctx, tx, q, GridSize+1)
		return err
	})
	if len(out.Rows) > GridSize {
		out.Rows = out.Rows[:GridSize]
		out.Next = out.Rows[GridSize-1].PersonID
	}
	return out, err
}

// gridOf gives the cell of a grid, within the viewer's sight.
func (s *Service) gridOf(ctx context.Context, v access.Viewer, orgID int32) (Grid, error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return Grid{}, err
	}
	org, ok := tree.Of(orgID)
	if !ok || !org.Kind.IsCell() || !v.MayIn(access.PeopleRead, org.Path) {
		return Grid{}, errNotFound()
	}
	return Grid{Org: org, MayEdit: v.MayIn(access.AchievementsEdit, org.Path)}, nil
}

// GridEntry is one row of a grid as it was sent. Nothing entered takes the result out.
type GridEntry struct {
	PersonID int64
	Version  int // of the result that was shown; 0 = there was none
	party.StudyResult
}

// GridChange is a sent grid.
type GridChange struct {
	Key      string
	OrgID    int32
	Year     int
	Semester party.Semester
	Entries  []GridEntry
}

// GridResult is what became of a sent grid: how many rows were written, and why others were not.
type GridResult struct {
	Written int
	Refused map[int64]error // by person
}

// SaveGrid writes the rows that differ from what is kept. A row that is refused stays out and does
// not hold back the others.
func (s *Service) SaveGrid(ctx context.Context, v access.Viewer, in GridChange) (GridResult, error) {
	var out GridResult
	var year refusals
	year.refuseYear(in.Year, s.Today())
	year.refuse(!slices.Contains(party.Semesters, in.Semester), "semester", "errors.choice")
	if len(year) > 0 || len(in.Entries) > GridSize {
		return out, fault.InvalidFields(year...)
	}
	grid, err := s.gridOf(ctx, v, in.OrgID)
	if err != nil {
		return out, err
	}
	if !grid.MayEdit {
		return out, errForbidden()
	}
	err = s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		out = GridResult{Refused: map[int64]error{}}
		done, again, err := tx.Once(ctx, in.Key)
		if err != nil {
			return err
		}
		if again {
			out.Written, err = strconv.Atoi(done)
			return err
		}
		if err := s.writeGrid(ctx, tx, v, in, &out); err != nil {
			return err
		}
		return tx.Done(ctx, in.Key, strconv.Itoa(out.Written))
	})
	return out, err
}

func (s *Service) writeGrid(ctx context.Context, tx *postgres.Tx, v access.Viewer, in GridChange, out *GridResult) error {
	ids := make([]int64, len(in.Entries))
	for i, e := range in.Entries {
		ids[i] = e.PersonID
	}
	kept, err := lockGrid(ctx, tx, in.OrgID, in.Year, in.Semester, ids)
	if err != nil {
		return err
	}
	for _, e := range in.Entries {
		e.Year, e.Semester = in.Year, in.Semester
		old, here := kept[e.PersonID]
		err := s.checkEntry(e, old, here)
		switch {
		case err != nil:
			out.Refused[e.PersonID] = err
		case e.StudyResult == old.StudyResult || empty(e.StudyResult) && old.Version == 0:
		default:
			if err := writeEntry(ctx, tx, v, in.OrgID, e, old); err != nil {
				return err
			}
			old = Result{Version: old.Version + 1, StudyResult: e.StudyResult}
			kept[e.PersonID] = old
			out.Written++
		}
	}
	return nil
}

// checkEntry refuses a row that says nothing sensible, of somebody who is not here, or that somebody
// else changed since it was shown.
func (s *Service) checkEntry(e GridEntry, old Result, here bool) error {
	if !here {
		return errNotFound()
	}
	if e.StudyResult == old.StudyResult || empty(e.StudyResult) && old.Version == 0 {
		return nil // as it is kept, whoever wrote it
	}
	if bad := Problems(e.StudyResult, s.Today()); len(bad) > 0 && !empty(e.StudyResult) {
		return fault.InvalidFields(bad...)
	}
	if e.Version != old.Version {
		return fault.NewConflict("achievements.error.stale_row")
	}
	return nil
}

func writeEntry(ctx context.Context, tx *postgres.Tx, v access.Viewer, orgID int32, e GridEntry, old Result) error {
	id, action := old.ID, "edit"
	var err error
	switch {
	case old.Version == 0:
		action = "create"
		id, err = insertResult(ctx, tx, v.AccountID, e.PersonID, e.StudyResult)
	case empty(e.StudyResult):
		action = "remove"
		err = deleteRow(ctx, tx, resultsTable, old.ID)
	default:
		err = updateResult(ctx, tx, v.AccountID, old.ID, e.StudyResult)
	}
	if err != nil {
		return err
	}
	return audit.Write(ctx, tx, v, audit.Entry{Action: action, Entity: "person", EntityID: e.PersonID, OrgID: orgID,
		Detail: map[string]any{"study_result": id}})
}
