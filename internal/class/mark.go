package class

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

const maxGrade = 50

// MarkRow is what is entered about one person's essay.
type MarkRow struct {
	PersonID int64
	Version  int
	Mark     int // hundredths
	Marked   bool
	Grade    string // "" is the usual word for the mark
	Merit    bool
}

// Marks are the essays of a class as they were filled in.
type Marks struct {
	Key     string
	ClassID int64
	Rows    []MarkRow
}

// Saved tells how many rows were written, and why each of the others was refused, by person.
type Saved struct {
	Written int
	Refused map[int64]error
}

// SaveMarks enters marks, grades and merit letters. Only rows that change are written; a row is refused
// alone where somebody else changed it, or it has a recorded result already.
func (s *Service) SaveMarks(ctx context.Context, v access.Viewer, in Marks) (Saved, error) {
	out := Saved{Refused: map[int64]error{}}
	err := s.once(ctx, v, in.Key, func(ctx context.Context, tx *postgres.Tx, tree *organisation.Snapshot) error {
		c, err := manage(ctx, tx, v, tree, in.ClassID)
		if err != nil {
			return err
		}
		members, err := selectMembers(ctx, tx, c.ID, maxRoster)
		if err != nil {
			return err
		}
		found := byPerson(members)
		var changed []MarkRow
		for _, row := range in.Rows {
			m, ok := found[row.PersonID]
			if !ok || m.State != Approved {
				out.Refused[row.PersonID] = fault.NewInvalid("classes.error.not_on_roster")
				continue
			}
			row = row.clean(c)
			if row.same(m) {
				continue
			}
			if err := row.refusal(m); err != nil {
				out.Refused[row.PersonID] = err
				continue
			}
			changed = append(changed, row)
		}
		if out.Written = len(changed); out.Written == 0 {
			return nil
		}
		if err := updateMarks(ctx, tx, v.AccountID, c.ID, changed); err != nil {
			return err
		}
		return note(ctx, tx, v, "marks", c, map[string]any{"rows": out.Written})
	})
	return out, err
}

// clean trims the grade and fills in the usual one.
func (r MarkRow) clean(c Class) MarkRow {
	r.Grade = strings.Join(strings.Fields(r.Grade), " ")
	if !r.Marked {
		r.Mark = 0
	}
	if r.Grade == "" && r.Marked {
		r.Grade = party.GradeOfMark(r.Mark, c.Pass.Mark)
	}
	return r
}

func (r MarkRow) same(m Member) bool {
	return r.Mark == m.Work.Mark && r.Marked == m.Work.Marked && r.Grade == m.Grade && r.Merit == m.Merit
}

func (r MarkRow) refusal(m Member) error {
	var bad []fault.Field
	if r.Mark < 0 || r.Mark > 1000 {
		bad = append(bad, fault.Field{Name: "mark", Key: "classes.error.mark"})
	}
	if r.Grade != m.Grade && !slices.Contains(party.ClassGrades, r.Grade) && r.Grade != "" || utf8.RuneCountInString(r.Grade) > maxGrade {
		bad = append(bad, fault.Field{Name: "grade", Key: "errors.choice"})
	}
	switch {
	case len(bad) > 0:
		return fault.InvalidFields(bad...)
	case m.Result != "":
		return fault.NewInvalid("classes.error.has_result")
	case r.Version != m.Version:
		return fault.NewInvalid("classes.error.row_stale")
	}
	return nil
}
