package assessment

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Decided is what the committee decides of one member; empty is as the cell proposes.
type Decided struct {
	Level   party.Assessment
	Outcome party.ScreeningOutcome
}

// Approval is the decision of the grassroots committee on a sheet.
type Approval struct {
	Which
	Key     string
	Version int
	On      party.Date
	Number  string
	Rows    map[int64]Decided
}

// Approve decides on a sheet. Everybody of an assessment has a level or a reason why not, everybody of a
// screening an outcome; each who has not is refused by the field level_ or outcome_<person>. More of the
// highest level than the cap allows are refused where the rule is known well enough.
func (s *Service) Approve(ctx context.Context, v access.Viewer, in Approval) error {
	org, err := s.cellOf(ctx, v, in.Which, access.AssessmentsApprove)
	if err != nil {
		return err
	}
	in.Number = oneLine(in.Number)
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, in.Key); err != nil || done {
			return err
		}
		sheet := Sheet{Org: org, Kind: in.Kind, Year: in.Year}
		if err := s.read(ctx, tx, &sheet, true); err != nil {
			return err
		}
		if sheet.ID == 0 {
			return fault.NewConflict("assessments.error.nothing")
		}
		if sheet.Version != in.Version {
			return stale(ctx, tx, sheet.ID)
		}
		if sheet.Approved() {
			return fault.NewConflict("assessments.error.approved", "On", sheet.ApprovedOn)
		}
		book, _, err := s.rules.BookIn(ctx, tx)
		if err != nil {
			return err
		}
		rows, bad := in.decide(book, &sheet, s.Today())
		if len(bad) > 0 {
			return fault.InvalidFields(bad...)
		}
		sheet.ApprovedOn, sheet.ApprovalNo = in.On, in.Number
		return s.settle(ctx, tx, v, "approve", sheet, rows, "")
	})
}

// decide gives the rows as decided, and what stands against it.
func (in Approval) decide(book *party.Rulebook, sheet *Sheet, today party.Date) (rows []Row, bad []fault.Field) {
	refuse := refuser(&bad)
	refuse(in.On.IsZero(), "on", "errors.date_required")
	refuse(!in.On.Valid(), "on", "errors.date")
	refuse(in.On.After(today), "on", "assessments.error.future", "Today", today)
	refuse(in.On.Before(sheet.MetOn), "on", "assessments.error.before_meeting", "On", sheet.MetOn)
	refuse(utf8.RuneCountInString(in.Number) > maxNumber, "number", "errors.too_long", "Max", maxNumber)
	for i := range sheet.Rows {
		r := &sheet.Rows[i]
		if in.settleRow(book, r, refuse); r.Here {
			rows = append(rows, *r)
		}
	}
	for id := range in.Rows {
		refuse(!slices.ContainsFunc(rows, func(r Row) bool { return r.PersonID == id }), fmt.Sprintf("%s_%d", in.decided(), id), "assessments.error.no_row")
	}
	if in.Kind == Rating {
		c := party.AssessmentCap(book, sheet.day(today), sheet.levels())
		refuse(c.Exceeded() && c.Rule.MayRefuse(), "cap", "assessments.error.cap", "Used", c.Used, "Allowed", c.Allowed)
	}
	return rows, bad
}

func (in Approval) decided() string {
	if in.Kind == Screening {
		return "outcome"
	}
	return "level"
}

// settleRow sets what is decided of one member.
func (in Approval) settleRow(book *party.Rulebook, r *Row, refuse refusing) {
	said, field := in.Rows[r.PersonID], fmt.Sprintf("%s_%d", in.decided(), r.PersonID)
	if in.Kind == Screening {
		if !r.Here {
			return
		}
		if r.Outcome = said.Outcome; r.Outcome == "" {
			r.Outcome = r.Proposes
		}
		refuse(!slices.Contains(party.ScreeningOutcomes, r.Outcome), field, "assessments.error.no_outcome")
		if r.Outcome == party.ScreenedWatched {
			r.Until = party.WatchEnd(book, in.On)
			refuse(r.Until.IsZero(), field, "assessments.error.no_watch")
		}
		return
	}
	switch {
	case r.Where != 0, !r.Here && r.Preset != party.ExemptNot:
		return // another cell rates him, or nobody does
	case r.Exempt != party.ExemptNot:
		refuse(said.Level != "", field, "assessments.error.exempt_rated")
		return
	case said.Level != "":
		r.Level = said.Level
	default:
		r.Level = r.Proposed
	}
	refuse(!slices.Contains(party.Assessments, r.Level), field, "assessments.error.unrated")
	refuse(!r.Here, field, "assessments.error.unrated")
}

// settle stores what was decided on a sheet, or that it is open again.
func (s *Service) settle(ctx context.Context, tx *postgres.Tx, v access.Viewer, act string, sheet Sheet, rows []Row, why string) error {
	if _, err := upsertSheet(ctx, tx, v.AccountID, sheet); err != nil {
		return err
	}
	if err := upsertRows(ctx, tx, v.AccountID, sheet, rows); err != nil {
		return err
	}
	return audit.Write(ctx, tx, v, audit.Entry{Action: act, Entity: string(sheet.Kind), EntityID: sheet.ID, OrgID: sheet.Org.OrgID,
		Detail: map[string]any{"year": sheet.Year, "people": len(rows), "why": why}})
}

// Reopening takes an approval back, so that the cell may correct its sheet.
type Reopening struct {
	Which
	Key     string
	Version int
	Why     string
}

// Reopen takes an approval back with a reason. A screening of which a watch was concluded stays.
func (s *Service) Reopen(ctx context.Context, v access.Viewer, in Reopening) error {
	org, err := s.cellOf(ctx, v, in.Which, access.AssessmentsApprove)
	if err != nil {
		return err
	}
	if in.Why = strings.TrimSpace(in.Why); in.Why == "" {
		return fault.InvalidFields(fault.Field{Name: "why", Key: "assessments.error.why"})
	}
	if utf8.RuneCountInString(in.Why) > maxNote {
		return fault.InvalidFields(fault.Field{Name: "why", Key: "errors.too_long", Args: []any{"Max", maxNote}})
	}
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, in.Key); err != nil || done {
			return err
		}
		sheet := Sheet{Org: org, Kind: in.Kind, Year: in.Year}
		if err := s.read(ctx, tx, &sheet, true); err != nil {
			return err
		}
		if sheet.Version != in.Version || !sheet.Approved() {
			return stale(ctx, tx, sheet.ID)
		}
		var rows []Row
		for _, r := range sheet.Rows {
			if r.Result != party.WatchOpen {
				return fault.NewConflict("assessments.error.concluded", "Name", r.FullName)
			}
			if r.Level, r.Outcome, r.Until = "", "", (party.Date{}); r.Here {
				rows = append(rows, r)
			}
		}
		sheet.ApprovedOn, sheet.ApprovalNo = party.Date{}, ""
		return s.settle(ctx, tx, v, "reopen", sheet, rows, in.Why)
	})
}
