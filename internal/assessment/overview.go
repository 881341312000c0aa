package assessment

import (
	"context"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Figure is what is counted of a year: a level, an outcome, or one of these.
type Figure string

// The figures beside the levels and the outcomes.
const (
	FigureExempt  Figure = "exempt"
	FigureWaiting Figure = "waiting" // entered by the cell and not approved
	FigurePending Figure = "pending" // on the list of the screening without a decision
)

// RatingFigures and ScreeningFigures list them in the order in which pages show them.
var (
	RatingFigures    = []Figure{"excellent", "good", "done", "failed", FigureExempt, FigureWaiting}
	ScreeningFigures = []Figure{"helped", "watched", "asked", "removed", FigurePending}
)

// Known tells whether there is such a figure.
func (f Figure) Known() bool {
	return slices.Contains(RatingFigures, f) || slices.Contains(ScreeningFigures, f)
}

// Line is an organisation with the figures of a year, of itself and all below it.
type Line struct {
	Org      organisation.Org
	Figures  map[Figure]int
	Cells    int
	Rated    int // cells whose assessment is approved
	Screened int // cells whose screening is approved
}

// Overview is a year of an organisation and of those directly below it.
type Overview struct {
	Year  int
	Whole Line
	Lines []Line
	Cap   party.Cap // over the whole
}

// Overview counts a year in an organisation; 0 is the highest of the viewer.
func (s *Service) Overview(ctx context.Context, v access.Viewer, orgID int32, year int) (out Overview, err error) {
	tree, org, err := s.chosen(ctx, v, orgID)
	if err != nil {
		return out, err
	}
	out = Overview{Year: year, Whole: Line{Org: org, Figures: map[Figure]int{}}}
	at := map[int32]int{}
	for _, id := range tree.Children(org.OrgID) {
		o, _ := tree.Of(id)
		at[id] = len(out.Lines)
		out.Lines = append(out.Lines, Line{Org: o, Figures: map[Figure]int{}, Cells: cellsIn(tree, id)})
	}
	out.Whole.Cells = cellsIn(tree, org.OrgID)
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if err := countFigures(ctx, tx, org, year, func(child int32, f Figure, n int) {
			out.Whole.Figures[f] += n
			if i, ok := at[child]; ok {
				out.Lines[i].Figures[f] += n
			}
		}); err != nil {
			return err
		}
		if err := countSheets(ctx, tx, org, year, func(child int32, k Kind, n int) {
			out.Whole.approved(k, n)
			if i, ok := at[child]; ok {
				out.Lines[i].approved(k, n)
			}
		}); err != nil {
			return err
		}
		book, _, err := s.rules.BookIn(ctx, tx)
		if err != nil {
			return err
		}
		levels := map[party.Assessment]int{}
		for _, l := range party.Assessments {
			levels[l] = out.Whole.Figures[Figure(l)]
		}
		out.Cap = party.AssessmentCap(book, min2(s.Today(), party.YearEnd(year)), levels)
		return nil
	})
	return out, err
}

func (l *Line) approved(k Kind, n int) {
	if k == Screening {
		l.Screened += n
	} else {
		l.Rated += n
	}
}

func cellsIn(tree *organisation.Snapshot, id int32) (n int) {
	for _, below := range tree.Below(id) {
		if o, ok := tree.Of(below); ok && o.Kind.IsCell() {
			n++
		}
	}
	return n
}

// chosen gives the organisation that a page speaks of.
func (s *Service) chosen(ctx context.Context, v access.Viewer, orgID int32) (*organisation.Snapshot, organisation.Org, error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return nil, organisation.Org{}, err
	}
	if scope := tree.Scope(v, access.AssessmentsRead); orgID == 0 && len(scope) > 0 {
		orgID = scope[0].OrgID
	}
	o, ok := tree.Of(orgID)
	if !ok || !v.MayIn(access.AssessmentsRead, o.Path) {
		return nil, o, errNotFound()
	}
	return tree, o, nil
}

// NameOf is somebody behind a figure.
type NameOf struct {
	PersonID int64
	FullName string
	OrgID    int32
	Note     string
}

// Names is a page of those behind a figure.
type Names struct {
	List []NameOf
	Next int64 // after whom the next page begins; 0 on the last one
}

// NamesPage is how many names a page shows.
const NamesPage = 100

// Names gives those whom a figure counts in an organisation, from after somebody on.
func (s *Service) Names(ctx context.Context, v access.Viewer, orgID int32, year int, f Figure, after int64) (out Names, err error) {
	_, org, err := s.chosen(ctx, v, orgID)
	if err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		out.List, err = selectNames(ctx, tx, org.OrgID, year, f, after, NamesPage+1)
		return err
	})
	if len(out.List) > NamesPage {
		out.List = out.List[:NamesPage]
		out.Next = out.List[NamesPage-1].PersonID
	}
	return out, err
}
