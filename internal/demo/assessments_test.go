package demo

import (
	"slices"
	"testing"

	"ketnap/internal/access"
	"ketnap/internal/app"
	"ketnap/internal/assessment"
	"ketnap/internal/keyset"
	"ketnap/internal/party"
)

// theYearsAreRated: every level, outcome and state of a year is there, one member failed two years in a
// row, one watch is late and one ends soon.
func theYearsAreRated(t *testing.T, s *app.Services, v access.Viewer) {
	t.Helper()
	found := map[assessment.Figure]int{}
	for _, year := range []int{2024, 2025, 2026} {
		out, err := s.Assessments.Overview(t.Context(), v, 0, year)
		if err != nil {
			t.Fatal(err)
		}
		for f, n := range out.Whole.Figures {
			found[f] += n
		}
		if (year == 2024) != (out.Whole.Figures[assessment.FigureWaiting] == 0) {
			t.Errorf("%d: %v", year, out.Whole.Figures)
		}
	}
	for _, f := range slices.Concat(assessment.RatingFigures, assessment.ScreeningFigures) {
		if found[f] == 0 {
			t.Errorf("nobody is %s", f)
		}
	}
	theExemptAreNotRated(t, s, v)
	failed, err := s.Assessments.Names(t.Context(), v, 0, 2025, assessment.Figure(party.AssessedFailed), 0)
	if err != nil || len(failed.List) == 0 {
		t.Fatal(err, failed)
	}
	sheet, err := s.Assessments.Get(t.Context(), v, assessment.Which{OrgID: failed.List[0].OrgID, Kind: assessment.Rating, Year: 2025})
	if err != nil || !slices.ContainsFunc(sheet.Rows, func(r assessment.Row) bool { return r.Ground }) {
		t.Errorf("two failed years are no ground: %v", err)
	}
	watches, err := s.Assessments.Watches(t.Context(), v, 0, keyset.Cursor{})
	if err != nil || len(watches.List) != 2 || !watches.List[0].Until.Before(until) || watches.List[1].Until.DaysSince(until) > assessment.SoonDays {
		t.Errorf("the watches: %+v, %v", watches.List, err)
	}
}

// theExemptAreNotRated: in 2025 somebody is too new, somebody exempt and somebody suspended by decision.
func theExemptAreNotRated(t *testing.T, s *app.Services, v access.Viewer) {
	t.Helper()
	exempt, err := s.Assessments.Names(t.Context(), v, 0, 2025, assessment.FigureExempt, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[party.Exemption]int{}
	for _, n := range exempt.List {
		years, err := s.Assessments.OfPerson(t.Context(), v, n.PersonID)
		if err != nil {
			t.Fatal(err)
		}
		for _, y := range years {
			if y.Kind == assessment.Rating && y.Year == 2025 {
				found[y.Exempt]++
			}
		}
	}
	for _, why := range party.Exemptions {
		if found[why] == 0 {
			t.Errorf("nobody is not rated as %s: %v", why, found)
		}
	}
}
