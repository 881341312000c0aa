package document

import (
	"context"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// GridSize is how many people one page of a cell's grid looks at.
const GridSize = 200

// GridQuery says which dossiers a grid shows.
type GridQuery struct {
	OrgID   int32
	Stage   party.DossierStage
	Lacking bool  // only those that lack something
	After   int64 // the person with whom the page before ended
}

// GridRow is one person of a grid.
type GridRow struct {
	people.Case
	party.Checklist
}

// Grid is a cell's people, in Vietnamese order, with their dossiers.
type Grid struct {
	Org   organisation.Org
	Forms []party.DocumentForm // of today, as the columns
	Rows  []GridRow
	Next  int64 // with whom this page ends; 0 on the last one
}

// Grid gives the dossiers of a cell that are being put together.
func (s *Service) Grid(ctx context.Context, v access.Viewer, q GridQuery) (Grid, error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return Grid{}, err
	}
	org, ok := tree.Of(q.OrgID)
	if !ok || !org.Kind.IsCell() || !v.MayIn(access.DossiersRead, org.Path) {
		return Grid{}, fault.NewNotFound("documents.error.no_cell")
	}
	out := Grid{Org: org}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		ids, err := selectGrid(ctx, tx, q, GridSize+1)
		if err != nil {
			return err
		}
		if len(ids) > GridSize {
			ids, out.Next = ids[:GridSize], ids[GridSize-1]
		}
		cases, err := s.people.Cases(ctx, tx, ids)
		if err != nil {
			return err
		}
		lists, err := s.Checklists(ctx, tx, cases, func(people.Case) party.DossierStage { return q.Stage })
		if err != nil {
			return err
		}
		for _, id := range ids {
			list, known := lists[id]
			if known && (!q.Lacking || !list.Complete(list.Level)) {
				out.Rows = append(out.Rows, GridRow{Case: cases[id], Checklist: list})
			}
		}
		return nil
	})
	if len(out.Rows) > 0 {
		out.Forms = slices.DeleteFunc(out.Rows[0].Book.FormsOn(q.Stage, s.Today()), func(f party.DocumentForm) bool {
			return f.Former && !slices.ContainsFunc(out.Rows, func(r GridRow) bool { return r.asks(f.Kind) })
		})
	}
	return out, err
}

// asks tells whether the checklist has a paper at all: those of a re-admission are of few.
func (r GridRow) asks(k party.DocumentKind) bool {
	return slices.ContainsFunc(r.Lines, func(l party.ChecklistLine) bool { return l.Form.Kind == k })
}
