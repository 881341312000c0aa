package review

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/keyset"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// PageSize is how many reviews a page of the history shows.
const PageSize = 30

// MaxOverdue bounds how many cells are listed as overdue.
const MaxOverdue = 200

// Person is what a held review says of one person, with what the cell saw of him on the day.
type Person struct {
	Entry
	FullName  string
	BirthDate party.Date
	ClassName string
	Stage     party.Stage
	Age       int
	OfAgeOn   party.Date
	Study     party.Rating
	Conduct   party.Rating
	Titles    int
}

// Opened is a review with what it says of everybody.
type Opened struct {
	Review
	Org     organisation.Org
	People  []Person
	MayEdit bool
}

// Of gives those of whom the review says this.
func (o Opened) Of(outcome party.ReviewOutcome) []Person {
	var out []Person
	for _, p := range o.People {
		if p.Outcome == outcome {
			out = append(out, p)
		}
	}
	return out
}

// Get gives a review. One of a cell out of the viewer's sight is fault.NotFound.
func (s *Service) Get(ctx context.Context, v access.Viewer, id int64) (Opened, error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return Opened{}, err
	}
	var out Opened
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if out.Review, err = selectReview(ctx, tx, id, false); err != nil {
			return err
		}
		var ok bool
		if out.Org, ok = tree.Known(out.OrgID); !ok || !v.MayIn(access.ReviewsRead, out.Org.Path) {
			return errNotFound()
		}
		out.MayEdit = !out.Org.EndedBy(s.Today()) && v.MayIn(access.ReviewsEdit, out.Org.Path)
		out.People, err = selectPeople(ctx, tx, id)
		return err
	})
	return out, err
}

// Line is one review of the history, with how many people it added, kept and dropped.
type Line struct {
	Review
	Kept, Added, Dropped int
}

// Overdue is a cell that has candidates and has not reviewed them for longer than the rule allows.
type Overdue struct {
	OrgID      int32
	Candidates int
	Last       party.Date // of its last review; zero = it has never held one
	Since      party.Date // the day by which it should have
	Secretary  string     // who answers for it; "" where nobody has the role
}

// Cursor marks a place in the history. The zero Cursor is its beginning.
type Cursor = keyset.Cursor

// Board is what is open and what was done: the cells that are overdue, the drafts, and the history.
type Board struct {
	Overdue []Overdue
	Rule    party.Rule // by which they are overdue; zero where there is none
	Drafts  []Review
	Held    []Line
	Next    Cursor // zero on the last page
}

// Board gives the reviews of the cells in the viewer's sight. orgID narrows to an organisation and
// those below it; 0 is all.
func (s *Service) Board(ctx context.Context, v access.Viewer, orgID int32, after Cursor) (Board, error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return Board{}, err
	}
	cells, err := cellsOf(v, tree, orgID)
	if err != nil {
		return Board{}, err
	}
	var out Board
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if out.Held, err = selectHeld(ctx, tx, cells, after, PageSize+1); err != nil {
			return err
		}
		if after != (Cursor{}) {
			return nil
		}
		if out.Drafts, err = selectDrafts(ctx, tx, cells, PageSize); err != nil {
			return err
		}
		return s.overdue(ctx, tx, cells, &out)
	})
	if len(out.Held) > PageSize {
		out.Held = out.Held[:PageSize]
		last := out.Held[PageSize-1]
		out.Next = Cursor{Day: last.MetOn, ID: last.ID}
	}
	return out, err
}

// cellsOf gives the cells whose reviews the viewer sees.
func cellsOf(v access.Viewer, tree *organisation.Snapshot, orgID int32) ([]int32, error) {
	if !v.May(access.ReviewsRead) {
		return nil, errForbidden()
	}
	var list []organisation.Org
	if orgID == 0 {
		list = tree.Scope(v, access.ReviewsRead)
	} else {
		org, ok := tree.Of(orgID)
		if !ok || !v.MayIn(access.ReviewsRead, org.Path) {
			return nil, fault.NewNotFound("organisations.error.not_found")
		}
		for _, id := range tree.Below(orgID) {
			o, _ := tree.Of(id)
			list = append(list, o)
		}
	}
	cells := []int32{}
	for _, o := range list {
		if o.Kind.IsCell() {
			cells = append(cells, o.OrgID)
		}
	}
	return cells, nil
}

func (s *Service) overdue(ctx context.Context, tx *postgres.Tx, cells []int32, out *Board) error {
	book, _, err := s.rules.BookIn(ctx, tx)
	if err != nil {
		return err
	}
	today := s.Today()
	rule, ok := book.On(party.ReviewMonths, today)
	if !ok {
		return nil
	}
	out.Rule = rule
	list, err := selectUnreviewed(ctx, tx, cells, today.AddMonths(-rule.Value), today, MaxOverdue)
	if err != nil {
		return err
	}
	for _, o := range list {
		from := o.Last
		if from.IsZero() {
			from = o.Since
		}
		if o.Since, _, _ = party.ReviewDue(from, book, today); o.Since.Before(today) {
			out.Overdue = append(out.Overdue, o)
		}
	}
	return nil
}
