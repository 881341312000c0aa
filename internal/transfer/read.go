package transfer

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/postgres"
)

// PageSize is how many transfers a page of a list shows.
const PageSize = 50

// Query asks for open transfers.
type Query struct {
	After int64 // the last one of the page before; 0 is the beginning

	within []int32
}

// List is a page of transfers.
type List struct {
	Transfers []Transfer
	Next      int64 // 0 on the last page
}

// Open gives the open transfers from and to the viewer's organisations, the earliest deadline first.
func (s *Service) Open(ctx context.Context, v access.Viewer, q Query) (out List, err error) {
	if !v.May(access.TransfersRead) {
		return out, errForbidden()
	}
	if q.within, err = s.orgs.Within(ctx, v, access.TransfersRead); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		out.Transfers, err = selectOpen(ctx, tx, q, PageSize+1)
		return err
	})
	if len(out.Transfers) > PageSize {
		out.Transfers = out.Transfers[:PageSize]
		out.Next = out.Transfers[PageSize-1].ID
	}
	return out, err
}

// OfPerson gives somebody's transfers, the newest first, as far as the viewer sees them.
func (s *Service) OfPerson(ctx context.Context, v access.Viewer, person int64) (out []Transfer, err error) {
	if !v.May(access.TransfersRead) {
		return nil, errForbidden()
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		out, err = selectOfPerson(ctx, tx, person)
		return err
	})
	return out, err
}
