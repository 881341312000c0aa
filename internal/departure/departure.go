// Package departure keeps the cases of members who are to leave: why, what each level resolved, the
// decision and the appeal. That somebody left, or was restored, is a step of the person and is recorded
// through package people; decisions take their number from package decision. No HTTP lives here.
package departure

import (
	"slices"
	"strings"
	"unicode/utf8"

	"ketnap/internal/decision"
	"ketnap/internal/fault"
	"ketnap/internal/keyset"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
	"ketnap/internal/regulation"
)

// Service holds the use cases of departures.
type Service struct {
	db        *postgres.DB
	orgs      *organisation.Service
	rules     *regulation.Service
	people    *people.Service
	decisions *decision.Service
	Today     func() party.Date // the day in the committee's time zone
}

// New makes the service.
func New(db *postgres.DB, orgs *organisation.Service, rules *regulation.Service, register *people.Service, decisions *decision.Service, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, rules: rules, people: register, decisions: decisions, Today: today}
}

const maxWords = 1000

// PageSize is how many cases a page shows.
const PageSize = 50

// Cursor marks a place in the list.
type Cursor = keyset.Cursor

// Opening opens a case about a member.
type Opening struct {
	Key          string // idempotency key of the form
	PersonID     int64
	Way          party.Way
	Ground       party.RuleID
	Circumstance party.Circumstance
	Reason       string
	On           party.Date
}

// Case is a case as lists show it.
type Case struct {
	ID           int64
	PersonID     int64
	Name         string
	OrgID        int32
	Way          party.Way
	Ground       party.RuleID
	Circumstance party.Circumstance
	Reason       string
	Silent       int // the most months of one year without activity, or without dues
	Rated        int // the most years in a row at the lowest level of the assessment
	HasBase      bool
	OpenedOn     party.Date
	State        party.CaseState
	Since        party.Date
	AppealBy     party.Date // zero until he was told
	Cell         party.Vote
	Base         party.Ballot
	StepID       int64
	RestoredID   int64
	Version      int
}

// Act is what was done in a case.
type Act struct {
	What       party.CaseState
	On         party.Date
	Words      string
	Members    int
	InFavour   int
	DecisionID int64
	Printed    string // the decision's number
	By         string // who recorded it
	TakenBack  bool   // the step that was recorded of it was taken back: it does not count
}

// Acting does the next thing in a case; What is the state that it leads to. A cell's vote that found no
// two thirds leads to party.CaseFailed.
type Acting struct {
	Key     string
	ID      int64
	Version int // as it was shown
	What    party.CaseState
	On      party.Date
	Words   string
	Vote    party.Vote   // of the cell
	Ballot  party.Ballot // of a committee
	OrgID   int32        // who decides
	Decider string       // the body
	Number  int          // of the decision; 0 is the next one
	Suffix  string
	Signer  string
}

func (in Opening) problems(today party.Date) []fault.Field {
	var bad []fault.Field
	refuse := func(yes bool, name, key string, args ...any) {
		if yes && !slices.ContainsFunc(bad, func(f fault.Field) bool { return f.Name == name }) {
			bad = append(bad, fault.Field{Name: name, Key: key, Args: args})
		}
	}
	refuse(!slices.Contains(party.Ways, in.Way), "way", "errors.choice")
	refuse(!slices.Contains(party.Circumstances, in.Circumstance), "circumstance", "errors.choice")
	refuse(in.Reason == "", "reason", "cases.error.reason")
	refuse(utf8.RuneCountInString(in.Reason) > maxWords, "reason", "errors.too_long", "Max", maxWords)
	day(refuse, in.On, today)
	return bad
}

func (in Acting) problems(today party.Date, c Case) []fault.Field {
	var bad []fault.Field
	refuse := func(yes bool, name, key string, args ...any) {
		if yes && !slices.ContainsFunc(bad, func(f fault.Field) bool { return f.Name == name }) {
			bad = append(bad, fault.Field{Name: name, Key: key, Args: args})
		}
	}
	day(refuse, in.On, today)
	refuse(in.On.Before(c.Since), "on", "cases.error.before", "On", c.Since)
	refuse(utf8.RuneCountInString(in.Words) > maxWords, "words", "errors.too_long", "Max", maxWords)
	needed := []party.CaseState{party.CaseClosed, party.CaseAppealed, party.CaseUpheld, party.CaseRestored}
	refuse(in.Words == "" && slices.Contains(needed, in.What), "words", "cases.error.words")
	voted := in.What == party.CaseVoted && c.Way != party.WayAsked
	refuse(voted && in.Vote.Official < 1, "official", "cases.error.members")
	if key := in.Vote.Implausible(); voted && key != "" {
		refuse(true, "in_favour", key)
	}
	refuse((in.What == party.CaseProposed || in.What == party.CaseDecided && c.Way.Votes()) && c.Way != party.WayAsked && in.Ballot.Members < 1, "members", "cases.error.members")
	refuse(in.Ballot.InFavour < 0 || in.Ballot.InFavour > max(in.Ballot.Members, 0), "in_favour", "gate.vote.more_in_favour")
	return bad
}

func day(refuse func(bool, string, string, ...any), on, today party.Date) {
	refuse(on.IsZero(), "on", "errors.date_required")
	refuse(!on.Valid(), "on", "errors.date")
	refuse(on.After(today), "on", "cases.error.future", "Today", today)
}

func (in Opening) clean() Opening {
	in.Reason = strings.TrimSpace(in.Reason)
	return in
}

func errNotFound() error { return fault.NewNotFound("cases.error.not_found") }

func errForbidden() error { return fault.NewForbidden("errors.forbidden") }
