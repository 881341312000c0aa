package assessment

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Row is a member with what is said of his year.
type Row struct {
	PersonID int64
	FullName string
	Stage    party.Stage
	JoinedOn party.Date
	Preset   party.Exemption  // why he is not rated by assess.exempt, unless the cell says otherwise
	Failed   []int            // the years approved at the lowest level
	Ground   bool             // so many in a row that it is a ground for removal
	Yearly   party.Assessment // the year's level, on the sheet of the screening
	Here     bool             // something is entered of him on this sheet
	Where    int32            // the other cell that entered his year; 0 = none
	Self     party.Assessment // what he says
	Proposed party.Assessment // what the cell proposes
	InFavour int              // of the cell's voters
	Exempt   party.Exemption  //
	Level    party.Assessment // as approved
	Category party.ScreeningCategory
	Proposes party.ScreeningOutcome // what the cell proposes
	Outcome  party.ScreeningOutcome // as approved
	Until    party.Date             // the last day of a watch
	Result   party.WatchResult
	ResultOn party.Date
	Note     string

	decisions []party.ExemptionSpan // by which he is exempt or suspended on some day of the year
}

// Sheet is a cell's sheet as it stands.
type Sheet struct {
	ID         int64 // 0 while nothing is entered
	Org        organisation.Org
	Kind       Kind
	Year       int
	MetOn      party.Date
	Minutes    string
	Voters     int
	ApprovedOn party.Date // zero = not yet
	ApprovalNo string
	Version    int
	Rows       []Row
	More       bool // there are more members than a sheet takes
	Cap        party.Cap
	Watch      party.Rule // how long somebody is watched
	MayEdit    bool
	MayApprove bool
}

// Approved tells whether the grassroots committee has decided.
func (s Sheet) Approved() bool { return !s.ApprovedOn.IsZero() }

// day is the one whose rules hold for the sheet.
func (s Sheet) day(today party.Date) party.Date {
	if !s.MetOn.IsZero() {
		return s.MetOn
	}
	return min2(today, party.YearEnd(s.Year))
}

func min2(a, b party.Date) party.Date {
	if a.Before(b) {
		return a
	}
	return b
}

// Get opens a cell's sheet of a year with all its members of that year.
func (s *Service) Get(ctx context.Context, v access.Viewer, w Which) (out Sheet, err error) {
	org, err := s.cellOf(ctx, v, w, access.AssessmentsRead)
	if err != nil {
		return out, err
	}
	out = Sheet{Org: org, Kind: w.Kind, Year: w.Year, MayEdit: v.MayIn(access.AssessmentsEdit, org.Path), MayApprove: v.MayIn(access.AssessmentsApprove, org.Path)}
	return out, s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error { return s.read(ctx, tx, &out, false) })
}

// read fills in what is stored of a sheet, and locks it where it is to be changed.
func (s *Service) read(ctx context.Context, tx *postgres.Tx, out *Sheet, lock bool) error {
	if err := selectSheet(ctx, tx, out, lock); err != nil {
		return err
	}
	book, _, err := s.rules.BookIn(ctx, tx)
	if err != nil {
		return err
	}
	if out.Rows, err = selectRows(ctx, tx, *out, MaxMembers+1); err != nil {
		return err
	}
	if out.More = len(out.Rows) > MaxMembers; out.More {
		out.Rows = out.Rows[:MaxMembers]
	}
	if err := attachDecisions(ctx, tx, out); err != nil {
		return err
	}
	day := out.day(s.Today())
	for i := range out.Rows {
		r := &out.Rows[i]
		r.Preset = party.NotRated(book, r.JoinedOn, r.decisions, out.Year)
		_, r.Ground = party.FailedGround(book, s.Today(), r.Stage, party.FailedInARow(r.Failed, out.Year))
	}
	out.Cap = party.AssessmentCap(book, day, out.levels())
	out.Watch, _ = book.On(party.ScreenWatch, day)
	return nil
}

// levels counts the levels: those approved, else those proposed.
func (s Sheet) levels() map[party.Assessment]int {
	out := map[party.Assessment]int{}
	for _, r := range s.Rows {
		switch {
		case !r.Here || r.Exempt != party.ExemptNot:
		case r.Level != "":
			out[r.Level]++
		case r.Proposed != "":
			out[r.Proposed]++
		}
	}
	return out
}

// OfPerson gives somebody's years, the newest first; those of the screening are told by their category.
func (s *Service) OfPerson(ctx context.Context, v access.Viewer, person int64) (out []YearOf, err error) {
	if !v.May(access.AssessmentsRead) {
		return nil, nil
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		out, err = selectYears(ctx, tx, person)
		return err
	})
	return out, err
}

// YearOf is what is known of somebody's year.
type YearOf struct {
	Year     int
	Kind     Kind
	OrgID    int32
	Self     party.Assessment
	Proposed party.Assessment
	Exempt   party.Exemption
	Level    party.Assessment
	Category party.ScreeningCategory
	Outcome  party.ScreeningOutcome
	Until    party.Date
	Result   party.WatchResult
	Note     string
}
