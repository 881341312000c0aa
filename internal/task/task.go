// Package task keeps what a cell gives its members to do: the task, its day and its result. That
// somebody has no task for long is told by package warning. No HTTP lives here.
package task

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Warnings are computed anew for those whose tasks change; warning.Service does it.
type Warnings interface {
	Refresh(ctx context.Context, tx *postgres.Tx, ids []int64) error
}

// Service holds the use cases of tasks.
type Service struct {
	db       *postgres.DB
	orgs     *organisation.Service
	warnings Warnings
	Today    func() party.Date // the day in the committee's time zone
}

// New makes the service.
func New(db *postgres.DB, orgs *organisation.Service, warnings Warnings, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, warnings: warnings, Today: today}
}

const (
	// MaxMembers bounds the members, and MaxOpen the tasks, that a page of a cell takes.
	MaxMembers = 300
	MaxOpen    = 600
	// MaxOfPerson bounds the tasks that a person's page shows, the newest first.
	MaxOfPerson = 50
	maxText     = 200
)

// Task is a task of a member.
type Task struct {
	ID       int64
	PersonID int64
	FullName string
	What     string
	GivenOn  party.Date
	DueOn    party.Date // zero: until it is called off
	State    party.TaskState
	ClosedOn party.Date
	Note     string
	Version  int
}

// Late tells whether an open task should have been done by a day.
func (t Task) Late(today party.Date) bool {
	return t.State == party.TaskOpen && !t.DueOn.IsZero() && t.DueOn.Before(today)
}

// Member is a member of a cell, to be given a task.
type Member struct {
	PersonID int64
	FullName string
	Stage    party.Stage
	JoinedOn party.Date
	Open     int        // tasks he has
	Last     party.Date // when his last one ended; zero where none did
}

// Sheet is a cell with its open tasks and its members, those without a task first.
type Sheet struct {
	Org     organisation.Org
	Members []Member
	Open    []Task
	More    bool // there is more than a page takes
	MayEdit bool
}

func (s *Service) cellOf(ctx context.Context, v access.Viewer, orgID int32) (organisation.Org, bool, error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return organisation.Org{}, false, err
	}
	o, ok := tree.Of(orgID)
	if !ok || !o.Kind.IsCell() || !v.MayIn(access.CellsRead, o.Path) {
		return o, false, fault.NewNotFound("organisations.error.not_found")
	}
	return o, v.MayIn(access.CellsEdit, o.Path), nil
}

// Sheet opens the tasks of a cell.
func (s *Service) Sheet(ctx context.Context, v access.Viewer, orgID int32) (out Sheet, err error) {
	if out.Org, out.MayEdit, err = s.cellOf(ctx, v, orgID); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if out.Members, err = selectMembers(ctx, tx, orgID, MaxMembers+1); err != nil {
			return err
		}
		out.Open, err = selectOpen(ctx, tx, orgID, MaxOpen+1)
		return err
	})
	if len(out.Members) > MaxMembers {
		out.Members, out.More = out.Members[:MaxMembers], true
	}
	if len(out.Open) > MaxOpen {
		out.Open, out.More = out.Open[:MaxOpen], true
	}
	return out, err
}

// OfPerson gives somebody's tasks, the newest first. Whom the viewer may not see has none.
func (s *Service) OfPerson(ctx context.Context, v access.Viewer, id int64) (list []Task, err error) {
	if !v.May(access.CellsRead) {
		return nil, nil
	}
	return list, s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		list, err = selectOfPerson(ctx, tx, id, MaxOfPerson)
		return err
	})
}

// Entry is what was typed of a cell: tasks that end, by their number and version, and tasks that are
// given. Refused fields end with _<task> or _<person>.
type Entry struct {
	Key   string
	OrgID int32
	On    party.Date // the cell's meeting: when tasks end and are given
	Ended []Task
	Given []Task
}

// Save enters what was typed, all or nothing. A task that somebody else changed in between is
// fault.Conflict, and so is one whose member is not of the cell any more.
func (s *Service) Save(ctx context.Context, v access.Viewer, in Entry) (saved int, err error) {
	org, mayEdit, err := s.cellOf(ctx, v, in.OrgID)
	if err != nil {
		return 0, err
	}
	if !mayEdit {
		return 0, fault.NewForbidden("errors.forbidden")
	}
	if bad := in.problems(s.Today()); len(bad) > 0 {
		return 0, fault.InvalidFields(bad...)
	}
	err = s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, in.Key); err != nil || done {
			return err
		}
		saved = len(in.Ended) + len(in.Given)
		return s.write(ctx, tx, v, org, in)
	})
	return saved, err
}

func (s *Service) write(ctx context.Context, tx *postgres.Tx, v access.Viewer, org organisation.Org, in Entry) error {
	bad, err := s.against(ctx, tx, in)
	if err != nil {
		return err
	}
	if len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	ended, err := updateEnded(ctx, tx, v.AccountID, in)
	if err != nil {
		return err
	}
	if ended < len(in.Ended) {
		return fault.NewConflict("tasks.error.stale")
	}
	if err := insertGiven(ctx, tx, v.AccountID, in); err != nil {
		return err
	}
	var people []int64
	for _, list := range [][]Task{in.Ended, in.Given} {
		for _, t := range list {
			people = append(people, t.PersonID)
		}
	}
	if err := s.warnings.Refresh(ctx, tx, people); err != nil || len(people) == 0 {
		return err
	}
	return audit.Write(ctx, tx, v, audit.Entry{Action: "tasks", Entity: "cell", EntityID: int64(org.OrgID), OrgID: org.OrgID,
		Detail: map[string]any{"ended": len(in.Ended), "given": len(in.Given)}})
}

// against gives what is refused of an entry by what is stored: nobody gets a task before he joined, none
// ends before it was given, and each is about a member of the cell.
func (s *Service) against(ctx context.Context, tx *postgres.Tx, in Entry) (bad []fault.Field, err error) {
	members, err := selectMembers(ctx, tx, in.OrgID, MaxMembers+1)
	if err != nil {
		return nil, err
	}
	joined := map[int64]party.Date{}
	for _, m := range members {
		joined[m.PersonID] = m.JoinedOn
	}
	for _, t := range in.Given {
		if on, here := joined[t.PersonID]; !here {
			return nil, fault.NewConflict("tasks.error.not_here")
		} else if in.On.Before(on) {
			bad = append(bad, field("what", t.PersonID, "tasks.error.before_joining", "Joined", on))
		}
	}
	given, err := selectGivenOn(ctx, tx, in)
	if err != nil {
		return nil, err
	}
	for i, t := range in.Ended {
		known, ok := given[t.ID]
		if !ok {
			return nil, fault.NewConflict("tasks.error.stale")
		}
		in.Ended[i].PersonID = known.PersonID
		if in.On.Before(known.GivenOn) {
			bad = append(bad, field("state", t.ID, "tasks.error.before_given", "Given", known.GivenOn))
		}
	}
	return bad, nil
}

func field(name string, id int64, key string, args ...any) fault.Field {
	return fault.Field{Name: fmt.Sprintf("%s_%d", name, id), Key: key, Args: args}
}

// problems gives what is refused of an entry by itself.
func (in Entry) problems(today party.Date) (bad []fault.Field) {
	if in.On.IsZero() {
		bad = append(bad, fault.Field{Name: "on", Key: "errors.date_required"})
	} else if in.On.After(today) {
		bad = append(bad, fault.Field{Name: "on", Key: "tasks.error.future", Args: []any{"Today", today}})
	}
	if len(in.Given) > MaxMembers || len(in.Ended) > MaxOpen {
		return append(bad, fault.Field{Key: "cells.more", Args: []any{"Max", MaxMembers}})
	}
	for i := range in.Given {
		t := &in.Given[i]
		t.What = strings.Join(strings.Fields(t.What), " ")
		switch {
		case t.What == "":
			bad = append(bad, field("what", t.PersonID, "tasks.error.what"))
		case utf8.RuneCountInString(t.What) > maxText:
			bad = append(bad, field("what", t.PersonID, "errors.too_long", "Max", maxText))
		}
		if !t.DueOn.IsZero() && !in.On.IsZero() && t.DueOn.Before(in.On) {
			bad = append(bad, field("due", t.PersonID, "tasks.error.due", "On", in.On))
		}
	}
	for i := range in.Ended {
		t := &in.Ended[i]
		t.Note = strings.Join(strings.Fields(t.Note), " ")
		if !ends(t.State) {
			bad = append(bad, field("state", t.ID, "tasks.error.state"))
		}
		if utf8.RuneCountInString(t.Note) > maxText {
			bad = append(bad, field("note", t.ID, "errors.too_long", "Max", maxText))
		}
	}
	return bad
}

func ends(state party.TaskState) bool {
	for _, x := range party.TaskResults {
		if x == state {
			return true
		}
	}
	return false
}
