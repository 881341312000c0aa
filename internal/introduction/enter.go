package introduction

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Line is one name of a resolution: somebody new, or somebody known by his number.
type Line struct {
	PersonID  int64 // known; 0 is new, with what follows
	Name      string
	Born      party.Date
	Sex       string
	ClassName string
	StudentNo string
	UnionDate party.Date
	Other     bool // seen: somebody of this name and birth date is another person
	Bad       []fault.Field
}

// Entry enters a resolution with its names, or adds names to one that was entered.
type Entry struct {
	Key      string // idempotency key of the form
	ID       int64  // the resolution to add to; 0 is a new one
	Fields   Fields
	Lines    []Line
	KeepGood bool // lines that pass are kept although others are refused
}

// LineResult is what became of one line.
type LineResult struct {
	PersonID int64
	Err      error // why it was refused; nil where it was recorded
}

// Entered is what became of an entry, line by line. Lines is empty where the form came twice.
type Entered struct {
	ID    int64
	Done  int
	Lines []LineResult
}

// Enter registers who is new, records the introduction of everybody and keeps the resolution, in one
// transaction. Where a line is refused nothing is kept, unless the good lines are wished for: the
// fault.Invalid then carries the Entered as its detail.
func (s *Service) Enter(ctx context.Context, v access.Viewer, in Entry) (Entered, error) {
	in.Fields = in.Fields.clean()
	if bad := in.Fields.problems(s.today()); len(bad) > 0 && in.ID == 0 {
		return Entered{}, fault.InvalidFields(bad...)
	}
	if len(in.Lines) == 0 || len(in.Lines) > MaxLines {
		return Entered{}, fault.InvalidFields(fault.Field{Name: "lines", Key: "introductions.error.lines", Args: []any{"Max", MaxLines}})
	}
	// Read before the transaction: within it, it would wait for a second connection.
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return Entered{}, err
	}
	var out Entered
	err = s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		done, again, err := tx.Once(ctx, in.Key)
		if err != nil || again {
			return out.parse(done, err)
		}
		if out, err = s.enter(ctx, tx, v, tree, in); err != nil {
			return err
		}
		return tx.Done(ctx, in.Key, strconv.FormatInt(out.ID, 10)+" "+strconv.Itoa(out.Done))
	})
	return out, err
}

// parse reads what a form that came twice was answered.
func (e *Entered) parse(done string, err error) error {
	if err != nil {
		return err
	}
	id, n, _ := strings.Cut(done, " ")
	if e.ID, err = strconv.ParseInt(id, 10, 64); err != nil {
		return err
	}
	e.Done, err = strconv.Atoi(n)
	return err
}

func (s *Service) enter(ctx context.Context, tx *postgres.Tx, v access.Viewer, tree *organisation.Snapshot, in Entry) (Entered, error) {
	out := Entered{ID: in.ID, Lines: make([]LineResult, len(in.Lines))}
	if in.ID != 0 {
		old, err := selectOne(ctx, tx, in.ID)
		if err != nil {
			return out, err
		}
		in.Fields = old.Fields
	}
	if err := s.mayEnter(ctx, tx, v, in.Fields.OrgID); err != nil {
		return out, err
	}
	if in.ID == 0 {
		id, err := insertIntroduction(ctx, tx, v.AccountID, in.Fields)
		if err != nil {
			return out, err
		}
		out.ID = id
	}
	for i, line := range in.Lines {
		row := &out.Lines[i]
		row.Err = tx.Try(ctx, func(ctx context.Context, tx *postgres.Tx) (err error) {
			row.PersonID, err = s.enterLine(ctx, tx, v, out.ID, in.Fields, categoryAt(tree, in.Fields.OrgID), line)
			return err
		})
		if row.Err == nil {
			out.Done++
		} else if fault.As(row.Err) == nil {
			return out, row.Err // no refusal: the database failed, and the whole act with it
		}
	}
	if out.Done < len(in.Lines) && (!in.KeepGood || out.Done == 0) {
		out.ID, out.Done = in.ID, 0
		return out, fault.NewInvalid("introductions.error.some").With(out)
	}
	return out, audit.Write(ctx, tx, v, audit.Entry{Action: "introduce", Entity: "introduction", EntityID: out.ID, OrgID: in.Fields.OrgID,
		Detail: map[string]any{"people": out.Done}})
}

// mayEnter asks for the right at the cell; one elsewhere is refused like one that does not exist.
func (s *Service) mayEnter(ctx context.Context, tx *postgres.Tx, v access.Viewer, orgID int32) error {
	refused := fault.InvalidFields(fault.Field{Name: "org", Key: "people.error.org_unknown"})
	place, path, err := s.orgs.Place(ctx, tx, orgID, s.today())
	if fault.KindOf(err) == fault.NotFound || err == nil && !v.MayIn(access.IntroductionsEnter, path) {
		return refused
	}
	if err == nil && !place.Kind.IsCell() {
		return fault.InvalidFields(fault.Field{Name: "org", Key: "people.error.org_not_cell"})
	}
	return err
}

// enterLine registers somebody who is new and records his introduction.
func (s *Service) enterLine(ctx context.Context, tx *postgres.Tx, v access.Viewer, id int64, f Fields, category party.Category, line Line) (personID int64, err error) {
	if len(line.Bad) > 0 {
		return line.PersonID, s.allThatIsWrong(ctx, tx, v, f.OrgID, category, line)
	}
	if personID = line.PersonID; personID == 0 {
		if personID, err = s.people.RegisterIn(ctx, tx, v, people.Registration{Fields: newcomer(f.OrgID, category, line), Confirmed: line.Other}); err != nil {
			return 0, err
		}
	}
	done, err := s.people.RecordIn(ctx, tx, v, people.NewStep{PersonID: personID, Kind: party.Introduced, On: f.On,
		Facts: party.IntroductionFacts{Union: f.Union}, Papers: []party.Paper{f.paper()}})
	if err != nil {
		return line.PersonID, err
	}
	return personID, insertPerson(ctx, tx, id, personID, f.OrgID, done.StepID)
}

// allThatIsWrong gives what could not be decoded of a line together with what the register would refuse,
// so that the line is mended in one go. The caller undoes what it wrote.
func (s *Service) allThatIsWrong(ctx context.Context, tx *postgres.Tx, v access.Viewer, orgID int32, category party.Category, line Line) error {
	bad := line.Bad
	if line.PersonID == 0 {
		_, err := s.people.RegisterIn(ctx, tx, v, people.Registration{Fields: newcomer(orgID, category, line), Confirmed: true})
		if e := fault.As(err); e != nil {
			bad = slices.Concat(bad, e.Fields)
		}
	}
	return fault.InvalidFields(bad...)
}

// categoryAt tells pupils from students by the school of the cell.
func categoryAt(tree *organisation.Snapshot, orgID int32) party.Category {
	if o, ok := tree.Of(orgID); ok && o.School != party.SchoolUpperSecondary {
		return party.Student
	}
	return party.Pupil
}

// newcomer gives the fields of somebody who is new.
func newcomer(orgID int32, category party.Category, line Line) people.Fields {
	return people.Fields{OrgID: orgID, Category: category, FullName: line.Name, BirthDate: line.Born, Sex: line.Sex,
		ClassName: line.ClassName, StudentNo: line.StudentNo, UnionJoinedOn: line.UnionDate}
}
