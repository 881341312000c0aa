package class

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/numbering"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// PaperKind tells certificates from merit letters; each has its own row of numbers.
type PaperKind string

// The kinds of papers.
const (
	Certificate PaperKind = "certificate" // giấy chứng nhận
	MeritLetter PaperKind = "merit"       // giấy khen
)

// PaperKinds lists the kinds.
var PaperKinds = []PaperKind{Certificate, MeritLetter}

// maxPaperNumber bounds a number that is given by hand.
const maxPaperNumber = 99999

// Print gives the number as it stands on the paper: 012/2026-GCN.
func (k PaperKind) Print(number, year int) string {
	if k == MeritLetter {
		return fmt.Sprintf("%03d/%d-GK", number, year)
	}
	return fmt.Sprintf("%03d/%d-GCN", number, year)
}

// series gives the row of numbers of an organiser's year.
func (k PaperKind) series(orgID int32, year int) numbering.Series {
	return numbering.Series{Kind: string(k), OrgID: orgID, Year: year}
}

// certificateForm gives the form of a certificate: that of the awareness class has a code (domain.md 2.1).
func (c Class) certificateForm() string {
	if c.Kind == party.AwarenessClass {
		return "CN-NTVĐ"
	}
	return ""
}

// Due is who comes out of a class how, before it is recorded.
type Due struct {
	Passed, Failed, Open []Member // without a recorded result
	Next                 int      // number of the next certificate by hand's default
}

// due sorts a roster by how each comes out of the class.
func (c Class) due(members []Member) (d Due) {
	for _, m := range members {
		if m.State != Approved || m.Result != "" {
			continue
		}
		switch c.Judged(m).Outcome {
		case party.ClassPassed:
			d.Passed = append(d.Passed, m)
		case party.ClassFailed:
			d.Failed = append(d.Failed, m)
		default:
			d.Open = append(d.Open, m)
		}
	}
	return d
}

// Preview tells what a run of certificates on a day would do.
func (s *Service) Preview(ctx context.Context, v access.Viewer, id int64, on party.Date) (c Class, d Due, err error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return c, d, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if c, err = selectClass(ctx, tx, id, false); err != nil {
			return err
		}
		o, _ := tree.Of(c.OrgID)
		switch {
		case !sees(v, tree, c.OrgID):
			return errNotFound()
		case !v.MayIn(access.ClassesEdit, o.Path):
			return errForbidden()
		case !c.ClosedOn.IsZero():
			return errClosed()
		}
		members, err := selectMembers(ctx, tx, c.ID, maxRoster)
		if err != nil {
			return err
		}
		d = c.due(members)
		last, err := selectLastNumber(ctx, tx, Certificate.series(c.OrgID, on.Year))
		d.Next = last + 1
		return err
	})
	return c, d, err
}

// Run issues the certificates of a class.
type Run struct {
	Key       string
	ClassID   int64
	IssuedOn  party.Date
	First     int    // number of the first certificate; 0 = the next one
	GapReason string // why numbers are passed over, where First does so
	KeepGood  bool   // for those whose result can be recorded although others are refused
}

// Issued is what a run did.
type Issued struct {
	people.BatchResult
	Passed, Failed int
	First, Last    string // numbers; "" where none was given
}

// Issue records the result of everybody on the roster whose result is known, in one transaction: who
// passed gets the next certificate number, and a merit letter where he was marked for one; of an
// awareness class it becomes a step of each person. A number already used is refused, and so is one
// that leaves a gap without a reason. Who has a result of this class in his record keeps it.
func (s *Service) Issue(ctx context.Context, v access.Viewer, in Run) (Issued, error) {
	in.GapReason = strings.TrimSpace(in.GapReason)
	var bad []fault.Field
	switch {
	case in.IssuedOn.IsZero():
		bad = append(bad, fault.Field{Name: "issued_on", Key: "errors.date_required"})
	case in.IssuedOn.After(s.Today()):
		bad = append(bad, fault.Field{Name: "issued_on", Key: "classes.error.future", Args: []any{"Today", s.Today()}})
	}
	if in.First < 0 || in.First > maxPaperNumber {
		bad = append(bad, fault.Field{Name: "first", Key: "errors.number", Args: []any{"Min", 1, "Max", maxPaperNumber}})
	}
	if utf8.RuneCountInString(in.GapReason) > maxReason {
		bad = append(bad, fault.Field{Name: "gap_reason", Key: "errors.too_long", Args: []any{"Max", maxReason}})
	}
	if len(bad) > 0 {
		return Issued{}, fault.InvalidFields(bad...)
	}
	var out Issued
	_, err := s.batch(ctx, v, in.Key, func(ctx context.Context, tx *postgres.Tx, tree *organisation.Snapshot) (people.BatchResult, error) {
		var err error
		out, err = s.issue(ctx, tx, v, tree, in)
		return out.BatchResult, err
	})
	return out, err
}

func (s *Service) issue(ctx context.Context, tx *postgres.Tx, v access.Viewer, tree *organisation.Snapshot, in Run) (out Issued, err error) {
	c, err := manage(ctx, tx, v, tree, in.ClassID)
	if err != nil {
		return out, err
	}
	if in.IssuedOn.Before(c.Ends) {
		return out, fault.InvalidFields(fault.Field{Name: "issued_on", Key: "classes.error.before_end", Args: []any{"Ends", c.Ends}})
	}
	members, err := selectMembers(ctx, tx, c.ID, maxRoster)
	if err != nil {
		return out, err
	}
	due := c.due(members)
	known := append(due.Passed, due.Failed...)
	if len(known) == 0 {
		return out, fault.NewInvalid("classes.error.nobody_due")
	}
	if err := lockPeople(ctx, tx, known); err != nil {
		return out, err
	}
	r, err := s.newRun(ctx, tx, v, c, in, known)
	if err != nil {
		return out, err
	}
	found := byPerson(known)
	var ids []int64
	for _, m := range known {
		ids = append(ids, m.PersonID)
	}
	out.BatchResult, err = rows(ctx, tx, ids, in.KeepGood, func(ctx context.Context, tx *postgres.Tx, id int64) error {
		return r.record(ctx, tx, found[id])
	})
	if why := numberRefused(out.Rows); why != nil {
		return out, why
	}
	if err != nil {
		return out, err
	}
	out.Passed, out.Failed, out.First, out.Last = r.passed, r.failed, r.first, r.last
	return out, note(ctx, tx, v, "certificates", c, map[string]any{"passed": out.Passed, "failed": out.Failed, "year": in.IssuedOn.Year})
}

// run is one run of certificates on its way.
type run struct {
	s      *Service
	v      access.Viewer
	in     Run
	class  Class
	issuer string
	next   int // the number that comes next, where it is given by hand; else 0

	recorded       map[int64]recorded // results that stand in the records already
	passed, failed int
	first, last    string
}

// newRun settles where the numbers begin. A number given by hand holds the row of numbers from here on.
func (s *Service) newRun(ctx context.Context, tx *postgres.Tx, v access.Viewer, c Class, in Run, known []Member) (*run, error) {
	r := &run{s: s, v: v, in: in, class: c, next: in.First}
	var err error
	if r.issuer, err = selectOrgName(ctx, tx, c.OrgID); err != nil {
		return nil, err
	}
	if r.recorded, err = selectRecorded(ctx, tx, c.ID); err != nil || in.First == 0 {
		return r, err
	}
	series := Certificate.series(c.OrgID, in.IssuedOn.Year)
	if err := numbering.Taken(ctx, tx, series, 0); err != nil {
		return nil, err
	}
	last, err := selectLastNumber(ctx, tx, series)
	if err != nil {
		return nil, err
	}
	if in.First <= last+1 {
		return r, nil
	}
	if in.GapReason == "" {
		return nil, fault.InvalidFields(fault.Field{Name: "gap_reason", Key: "classes.error.gap", Args: []any{"First", last + 1, "Last", in.First - 1}})
	}
	return r, insertGap(ctx, tx, v.AccountID, series, last+1, in.First-1, in.GapReason)
}

// record writes one person's result, his certificate and his letter.
func (r *run) record(ctx context.Context, tx *postgres.Tx, m Member) error {
	if done, ok := r.recorded[m.PersonID]; ok {
		m.Result, m.ResultOn, m.stepID = done.outcome(), done.on, done.stepID
		return updateResult(ctx, tx, r.v.AccountID, m)
	}
	m.Result, m.ResultOn = r.class.Judged(m).Outcome, r.class.Ends
	var papers []party.Paper
	if m.Result == party.ClassPassed {
		printed, err := r.number(ctx, tx, Certificate, m)
		if err != nil {
			return err
		}
		papers = []party.Paper{{Form: r.class.certificateForm(), Number: printed, Date: r.in.IssuedOn, Issuer: r.issuer}}
		if m.Merit {
			if _, err := r.number(ctx, tx, MeritLetter, m); err != nil {
				return err
			}
		}
	}
	if r.class.Kind == party.AwarenessClass {
		done, err := r.s.people.RecordIn(ctx, tx, r.v, people.NewStep{PersonID: m.PersonID, Kind: party.ClassResult, On: r.class.Ends, Papers: papers,
			Facts: party.ClassResultFacts{ClassID: r.class.ID, Passed: m.Result == party.ClassPassed, Grade: m.Grade}})
		if err != nil {
			return err
		}
		m.stepID = done.StepID
	}
	if err := updateResult(ctx, tx, r.v.AccountID, m); err != nil {
		return err
	}
	r.count(m, papers)
	return nil
}

// count notes what was recorded for good; the next number by hand moves on only then.
func (r *run) count(m Member, papers []party.Paper) {
	if m.Result != party.ClassPassed {
		r.failed++
		return
	}
	r.passed++
	r.last = papers[0].Number
	if r.first == "" {
		r.first = r.last
	}
	if r.next > 0 {
		r.next++
	}
}

// number gives a paper its number and enters it into the register.
func (r *run) number(ctx context.Context, tx *postgres.Tx, kind PaperKind, m Member) (string, error) {
	series := kind.series(r.class.OrgID, r.in.IssuedOn.Year)
	n, err := r.next, error(nil)
	if kind == Certificate && n > 0 {
		err = numbering.Taken(ctx, tx, series, n)
	} else {
		n, err = numbering.Next(ctx, tx, series)
	}
	if err != nil {
		return "", err
	}
	printed := kind.Print(n, r.in.IssuedOn.Year)
	return printed, insertPaper(ctx, tx, r.v.AccountID, paper{Kind: kind, OrgID: r.class.OrgID, Year: r.in.IssuedOn.Year, Number: n, Printed: printed,
		ClassID: r.class.ID, PersonID: m.PersonID, IssuedOn: r.in.IssuedOn})
}

// numberRefused gives why a number given by hand cannot be had: it concerns the whole run, not one row.
func numberRefused(list []people.BatchRow) error {
	for _, row := range list {
		if why := fault.As(row.Err); why != nil && len(why.Fields) > 0 && why.Fields[0].Name == "first" {
			return why
		}
	}
	return nil
}
