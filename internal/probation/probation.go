// Package probation shows the probationary members in the order in which their probation ends: what
// their recognition still lacks, and who has to do the next thing. It only reads; steps are recorded by
// package people, papers by package document, removals by package departure. No HTTP lives here.
package probation

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/document"
	"ketnap/internal/fault"
	"ketnap/internal/keyset"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
	"ketnap/internal/regulation"
)

// Service holds the use case.
type Service struct {
	db        *postgres.DB
	orgs      *organisation.Service
	rules     *regulation.Service
	people    *people.Service
	documents *document.Service
	Today     func() party.Date // the day in the committee's time zone
}

// New makes the service.
func New(db *postgres.DB, orgs *organisation.Service, rules *regulation.Service, register *people.Service, documents *document.Service, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, rules: rules, people: register, documents: documents, Today: today}
}

// Show tells which probationary members a list has.
type Show string

// Whom a list shows.
const (
	All      Show = ""         // everybody in probation
	Ending   Show = "ending"   // whose probation ends within the days of the first warning
	Voting   Show = "voting"   // whose probation has ended, and whose cell has not voted
	Deciding Show = "deciding" // whose recognition waits for the decision
)

// Shows lists them in the order of the page.
var Shows = []Show{All, Ending, Voting, Deciding}

const (
	// PageSize is how many members a page shows.
	PageSize   = 50
	countLimit = 1000
)

// Query asks for probationary members; zero values do not narrow.
type Query struct {
	OrgID int32
	Show  Show
	After Cursor
}

// Cursor marks a place in the list.
type Cursor = keyset.Cursor

// Member is somebody in probation.
type Member struct {
	people.Case
	State       party.State
	Checklist   party.Checklist // of the recognition
	Due         party.Deadline  // of the awaited step; zero where no rule sets one
	MayRecord   bool            // the viewer's roles may record the awaited step
	MayOpenCase bool            // and open a removal instead
}

// List is a page, the earliest end first.
type List struct {
	Members []Member
	Next    Cursor // zero on the last page
	Counts  map[Show]int
	More    bool // there are more than were counted
	Soon    int  // how many days before its end a probation is shown as ending (warn.end of today)
}

// List gives a page of those in probation. An organisation outside the viewer's scope is fault.NotFound.
func (s *Service) List(ctx context.Context, v access.Viewer, q Query) (List, error) {
	if !v.May(access.DossiersRead) {
		return List{}, fault.NewForbidden("errors.forbidden")
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return List{}, err
	}
	book, _, err := s.rules.Book(ctx)
	if err != nil {
		return List{}, err
	}
	soon, _ := book.On(party.WarnEnd, s.Today())
	f := find{query: q, today: s.Today(), soon: soon.Value}
	if f.paths, err = tree.Within(v, access.DossiersRead, q.OrgID); err != nil {
		return List{}, err
	}
	out := List{Soon: soon.Value}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		places, err := f.places(ctx, tx, PageSize+1)
		if err != nil {
			return err
		}
		if len(places) > PageSize {
			places, out.Next = places[:PageSize], places[PageSize-1]
		}
		if out.Members, err = s.members(ctx, tx, places); err != nil {
			return err
		}
		return f.count(ctx, tx, &out)
	})
	for i := range out.Members {
		m := &out.Members[i]
		if o, ok := tree.Of(m.OrgID); ok {
			m.MayRecord = v.MayIn(access.Record(m.State.Awaits(m.Place)), o.Path)
			m.MayOpenCase = v.MayIn(access.CasesEdit, o.Path)
		}
	}
	return out, err
}

// members gives people with their checklists, in the order of their places.
func (s *Service) members(ctx context.Context, tx *postgres.Tx, places []Cursor) ([]Member, error) {
	ids := make([]int64, len(places))
	for i, p := range places {
		ids[i] = p.ID
	}
	cases, err := s.people.Cases(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	lists, err := s.documents.Checklists(ctx, tx, cases, func(people.Case) party.DossierStage { return party.RecognitionDossier })
	if err != nil {
		return nil, err
	}
	var out []Member
	for _, id := range ids {
		if c, ok := cases[id]; ok {
			m := Member{Case: c, State: c.State(), Checklist: lists[id]}
			m.Due, _ = c.Deadline()
			out = append(out, m)
		}
	}
	return out, nil
}
