package report

import (
	"context"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/keyset"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// NamesQuery asks for the names behind a figure of a term's report. Month, zero for the whole term,
// is any day of the month that is meant.
type NamesQuery struct {
	TermQuery
	Figure party.Figure
	Month  party.Date
	By     *party.Occasion // of the admissions only those with this occasion; nil is all
	After  Cursor
}

// Name is somebody who counts in a figure, with the day on which he came to.
type Name struct {
	ID        int64
	FullName  string
	BirthDate party.Date
	ClassName string
	OrgID     int32
	On        party.Date
	Stage     party.Stage
}

// Names are a page of names, from new to old, with the report they belong to. Count is the figure.
type Names struct {
	Term  Term
	From  party.Date // zero for members, who count from ever
	Until party.Date
	Count int
	Away  int // whose names are with the organisations they moved to since
	Rows  []Name
	Next  Cursor // zero on the last page
}

// PageSize is how many names a page shows.
const PageSize = 50

// Cursor marks a place in a list of names.
type Cursor = keyset.Cursor

// where is what a list of names is bounded by: an organisation with all below it, or cells.
type where struct {
	figure      party.Figure
	from, until party.Date
	org         int32
	cells       []int32
	succeeds    bool // the cells are also those that went on in others
	occasion    *party.Occasion
}

// Names gives the names behind a figure, for whoever may read people there.
func (s *Service) Names(ctx context.Context, v access.Viewer, q NamesQuery) (Names, error) {
	if !slices.Contains(counted, q.Figure) || q.By != nil && q.Figure != party.FigureAdmitted {
		return Names{}, fault.NewNotFound("dashboard.error.figure")
	}
	r, err := s.prepare(ctx, v, q.TermQuery)
	if err != nil {
		return Names{}, err
	}
	if !v.MayIn(access.PeopleRead, r.Org.Path) {
		return Names{}, fault.NewForbidden("errors.forbidden")
	}
	out := Names{}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if err := r.fill(ctx, tx); err != nil {
			return err
		}
		w, n, err := r.behind(q)
		if err != nil {
			return err
		}
		if q.By != nil {
			by, err := selectOccasions(ctx, tx, w)
			if err != nil {
				return err
			}
			w.occasion, n = q.By, by[*q.By]
		}
		out.From, out.Until, out.Count = w.from, w.until, n
		if out.Rows, err = selectNames(ctx, tx, w, q.After, PageSize+1); err != nil || v.MayIn(access.PeopleRead, r.Org.Path[:1]) {
			return err
		}
		seen, err := countSeen(ctx, tx, w)
		out.Away = n - seen
		return err
	})
	out.Term = r.Term
	if len(out.Rows) > PageSize {
		out.Rows = out.Rows[:PageSize]
		last := out.Rows[PageSize-1]
		out.Next = Cursor{Day: last.On, ID: last.ID}
	}
	return out, err
}

// behind gives what bounds the names, and the figure that the page showed.
func (r *reader) behind(q NamesQuery) (where, int, error) {
	w := where{figure: q.Figure, from: r.Term.Term.Starts, until: r.AsOf, org: r.Org.OrgID}
	n := r.Counts[q.Figure]
	if q.Figure == party.FigureJoined {
		w.from = party.Date{}
	}
	if r.with {
		w.cells, w.succeeds = r.all(r.Org), true
	} else if !isKept(r.Org.Kind) {
		w.cells = r.tree.Below(r.Org.OrgID)
	}
	if q.Month.IsZero() || q.Figure == party.FigureJoined {
		return w, n, nil
	}
	for _, m := range r.Months {
		if !q.Month.Before(m.First) && !q.Month.After(m.Last) {
			w.from, w.until = m.First, m.Last
			return w, m.Counts[q.Figure], nil
		}
	}
	return w, 0, fault.NewNotFound("dashboard.error.month")
}

// maxDifferences bounds what CheckCounts lists; more of them tell nothing new.
const maxDifferences = 1000

// CheckCounts recomputes the maintained counts and says which differ.
func (s *Service) CheckCounts(ctx context.Context) ([]string, error) {
	_, differ, err := s.ExamineCounts(ctx)
	return differ, err
}

// ExamineCounts is CheckCounts that also tells how many maintained counts there are.
func (s *Service) ExamineCounts(ctx context.Context) (looked int, differ []string, err error) {
	err = s.db.ReadSystem(ctx, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if differ, err = countDifferences(ctx, tx, maxDifferences); err != nil {
			return err
		}
		looked, err = countsKept(ctx, tx)
		return err
	})
	return looked, differ, err
}
