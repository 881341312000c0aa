package class

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// RegisterSize is how many numbers a page of the register shows.
const RegisterSize = 100

// RegisterQuery chooses a row of numbers: a kind of papers of an organiser's year.
type RegisterQuery struct {
	OrgID int32
	Kind  PaperKind
	Year  int
	After int // number behind which the page begins
}

// Numbered is a number of the register. Of a gap Last is where it ends, and nobody is named.
type Numbered struct {
	Number, Last int
	Printed      string
	Gap          bool
	Reason       string // why it was cancelled or passed over
	ClassID      int64
	ClassNumber  string
	PersonID     int64  // 0 where he is out of the viewer's sight
	FullName     string // "" likewise
	IssuedOn     party.Date
	CancelledOn  party.Date // zero while it is valid
}

// RowOfNumbers is one that has papers.
type RowOfNumbers struct {
	OrgID int32
	Kind  PaperKind
	Year  int
}

// Register is a page of numbers in their order, with what was passed over.
type Register struct {
	Rows    []RowOfNumbers // those the viewer may choose from, the newest first
	Query   RegisterQuery  // what is shown; OrgID 0 where there is nothing yet
	Numbers []Numbered
	Next    int // After of the next page; 0 on the last
}

// Register gives the numbers of an organiser's papers to who may see the organiser's whole work. What
// is not chosen is that of the newest row.
func (s *Service) Register(ctx context.Context, v access.Viewer, q RegisterQuery) (out Register, err error) {
	if !v.May(access.ClassesRead) {
		return out, errForbidden()
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		all, err := selectRowsOfNumbers(ctx, tx)
		if err != nil {
			return err
		}
		for _, row := range all {
			o, ok := tree.Of(row.OrgID)
			if !ok || !v.MayIn(access.ClassesRead, o.Path) {
				continue
			}
			out.Rows = append(out.Rows, row)
			if out.Query.OrgID == 0 && row.fits(q) {
				out.Query = RegisterQuery{OrgID: row.OrgID, Kind: row.Kind, Year: row.Year, After: q.After}
			}
		}
		if out.Query.OrgID == 0 {
			return nil
		}
		return out.read(ctx, tx)
	})
	return out, err
}

func (r RowOfNumbers) fits(q RegisterQuery) bool {
	return (q.OrgID == 0 || q.OrgID == r.OrgID) && (q.Kind == "" || q.Kind == r.Kind) && (q.Year == 0 || q.Year == r.Year)
}

func (out *Register) read(ctx context.Context, tx *postgres.Tx) error {
	list, err := selectNumbers(ctx, tx, out.Query, RegisterSize+1)
	if err != nil {
		return err
	}
	if len(list) > RegisterSize {
		list = list[:RegisterSize]
		out.Next = list[RegisterSize-1].Number
	}
	gaps, err := selectGaps(ctx, tx, out.Query)
	if err != nil {
		return err
	}
	before := out.Query.After
	for _, n := range list {
		if n.Number > before+1 {
			out.Numbers = append(out.Numbers, passedOver(before+1, n.Number-1, gaps)...)
		}
		out.Numbers = append(out.Numbers, n)
		before = n.Number
	}
	return nil
}

// passedOver gives the numbers between two papers, each with why it was passed over as far as it is
// known.
func passedOver(first, last int, gaps []Numbered) (out []Numbered) {
	for first <= last {
		part := Numbered{Number: first, Last: last, Gap: true}
		for _, g := range gaps {
			switch {
			case g.Number <= first && first <= g.Last:
				part.Last, part.Reason = min(last, g.Last), g.Reason
			case g.Number > first && g.Number <= part.Last:
				part.Last = g.Number - 1
			}
		}
		out = append(out, part)
		first = part.Last + 1
	}
	return out
}
