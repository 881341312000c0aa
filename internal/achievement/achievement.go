// Package achievement keeps how people do at school and what they were honoured for: study results
// by school year, titles, and the local criteria that organisations ask of candidates. The scale and
// what a criterion means are written in package party. No HTTP lives here.
package achievement

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Service holds the use cases of study results, titles and local criteria.
type Service struct {
	db    *postgres.DB
	orgs  *organisation.Service
	Today func() party.Date // the day in the committee's time zone
}

// New makes the service.
func New(db *postgres.DB, orgs *organisation.Service, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, Today: today}
}

// Result is a study result as it is kept.
type Result struct {
	ID      int64
	Version int
	party.StudyResult
}

// Title is a title as it is kept.
type Title struct {
	ID      int64
	Version int
	party.Title
}

// Stale says that somebody else saved the record in between: who, and when.
type Stale struct {
	By string
	At time.Time
}

const (
	// firstYear is the oldest school year that may be entered: nobody in the register is older at school.
	firstYear = 2000
	maxName   = 200
	maxIssuer = 200
)

// refusals gathers refused fields.
type refusals []fault.Field

func (r *refusals) refuse(yes bool, name, key string, args ...any) {
	if yes {
		*r = append(*r, fault.Field{Name: name, Key: key, Args: args})
	}
}

func (r *refusals) refuseYear(year int, today party.Date) {
	last := party.SchoolYear(today)
	r.refuse(year < firstYear || year > last, "year", "achievements.error.year", "First", YearName(firstYear), "Last", YearName(last))
}

// YearName writes a school year as people do: 2025-2026.
func YearName(year int) string { return fmt.Sprintf("%d-%d", year, year+1) }

// Problems gives the refused fields of a study result.
func Problems(r party.StudyResult, today party.Date) []fault.Field {
	var bad refusals
	bad.refuseYear(r.Year, today)
	bad.refuse(!slices.Contains(party.Semesters, r.Semester), "semester", "errors.choice")
	bad.refuse(r.Study != "" && !r.Study.Valid(), "study", "errors.choice")
	bad.refuse(r.Conduct != "" && !r.Conduct.Valid(), "conduct", "errors.choice")
	bad.refuse(r.Scale != 0 && !slices.Contains(party.Scales, r.Scale), "scale", "errors.choice")
	bad.refuse(r.Scale != 0 && (r.GPA < 0 || r.GPA > r.Scale*100), "gpa", "achievements.error.gpa", "Scale", r.Scale)
	bad.refuse(r.ConductScore < 0 || r.ConductScore > 100, "conduct_score", "errors.number", "Min", 1, "Max", 100)
	bad.refuse(empty(r), "study", "achievements.error.nothing")
	return bad
}

// empty tells whether a result says nothing.
func empty(r party.StudyResult) bool {
	return r.Study == "" && r.Conduct == "" && r.Scale == 0 && r.ConductScore == 0
}

// cleanTitle trims what was typed and fills in the level that the kind says itself.
func cleanTitle(t party.Title) party.Title {
	t.Name, t.Issuer = strings.Join(strings.Fields(t.Name), " "), strings.Join(strings.Fields(t.Issuer), " ")
	if level := t.Kind.Level(); level != "" {
		t.Level = level
	}
	return t
}

// titleProblems gives the refused fields of a title of somebody born on a day.
func titleProblems(t party.Title, born, today party.Date) []fault.Field {
	var bad refusals
	bad.refuseYear(t.Year, today)
	bad.refuse(!slices.Contains(party.TitleKinds, t.Kind), "kind", "achievements.error.kind")
	bad.refuse(!slices.Contains(party.TitleLevels, t.Level), "level", "achievements.error.level")
	bad.refuse(t.Kind.Named() && t.Name == "", "name", "achievements.error.name")
	bad.refuse(utf8.RuneCountInString(t.Name) > maxName, "name", "errors.too_long", "Max", maxName)
	bad.refuse(utf8.RuneCountInString(t.Issuer) > maxIssuer, "issuer", "errors.too_long", "Max", maxIssuer)
	switch {
	case t.AwardedOn.IsZero():
		bad.refuse(true, "awarded_on", "errors.date_required")
	case t.AwardedOn.After(today):
		bad.refuse(true, "awarded_on", "achievements.error.future", "Today", today)
	case t.AwardedOn.Before(born):
		bad.refuse(true, "awarded_on", "achievements.error.before_birth", "Born", born)
	}
	return bad
}

func errNotFound() error { return fault.NewNotFound("achievements.error.not_found") }

func errForbidden() error { return fault.NewForbidden("errors.forbidden") }
