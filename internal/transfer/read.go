package transfer

import (
	"context"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/keyset"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// PageSize is how many transfers a page of a list shows; countLimit bounds what is counted.
const (
	PageSize   = 50
	countLimit = 1000
)

// Direction tells on which side of the papers the organisations of a query stand.
type Direction string

// The directions.
const (
	Everywhere Direction = ""
	Going      Direction = "going"   // from there
	Coming     Direction = "coming"  // to there
	Leaving    Direction = "leaving" // from there by letter to one outside of the register
)

// Directions lists those that narrow a list.
var Directions = []Direction{Going, Coming, Leaving}

// Show tells which papers a query looks at.
type Show string

// What is shown.
const (
	All     Show = "all"
	Open    Show = "open"    // still on their way
	Waiting Show = "waiting" // on their way to the viewer's organisations: his to receive
	Late    Show = "late"    // not presented in the days that the rule gives, or not back in time
)

// Query asks for papers; zero values do not narrow.
type Query struct {
	Show      Show
	Kind      party.TransferKind
	State     party.TransferState
	Direction Direction
	OrgID     int32 // from or to it and what is below it
	After     Cursor

	within []int32
}

// Cursor marks a place in the list.
type Cursor = keyset.Cursor

// List is a page of transfers.
type List struct {
	Transfers []Transfer
	Next      Cursor // zero on the last page
}

// narrow bounds a query by what the viewer may read; what waits for him is his to receive.
func (s *Service) narrow(ctx context.Context, v access.Viewer, q *Query) (err error) {
	right := access.TransfersRead
	if q.Show == Waiting {
		right, q.Direction = access.TransfersAnswer, Coming
	}
	if !v.May(access.TransfersRead) {
		return errForbidden()
	}
	if q.Show == Waiting && !v.May(right) {
		q.within = []int32{}
		return nil
	}
	q.within, err = s.orgs.Within(ctx, v, right)
	return err
}

// List gives papers from and to the viewer's organisations, the newest first.
func (s *Service) List(ctx context.Context, v access.Viewer, q Query) (out List, err error) {
	if err := s.narrow(ctx, v, &q); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		out.Transfers, err = selectList(ctx, tx, q, s.Today(), PageSize+1)
		return err
	})
	if len(out.Transfers) > PageSize {
		out.Transfers = out.Transfers[:PageSize]
		last := out.Transfers[PageSize-1]
		out.Next = Cursor{Day: last.IssuedOn, ID: last.ID}
	}
	return out, err
}

// Counts tells how many papers wait for the viewer to receive, and how many of his organisations were
// not presented in time, each up to countLimit. Who may not read them has none.
func (s *Service) Counts(ctx context.Context, v access.Viewer) (waiting, late int, err error) {
	if !v.May(access.TransfersRead) {
		return 0, 0, nil
	}
	qw, ql := Query{Show: Waiting}, Query{Show: Late}
	for _, q := range []*Query{&qw, &ql} {
		if err := s.narrow(ctx, v, q); err != nil {
			return 0, 0, err
		}
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if waiting, err = countList(ctx, tx, qw, s.Today(), countLimit); err != nil {
			return err
		}
		late, err = countList(ctx, tx, ql, s.Today(), countLimit)
		return err
	})
	return waiting, late, err
}

// Opened is one paper with what the viewer may do with it.
type Opened struct {
	Transfer
	ReplacedBy int64                 // the paper in its place; 0 where there is none
	Acts       []party.TransferState // that the viewer may do now
	SeesPerson bool                  // the viewer may open whom it is about, as far as he still is there
	MayExtend  bool                  // the viewer may give a temporary one more time
	MayIssue   bool                  // the viewer may write another one in its place
}

// Get opens a paper.
func (s *Service) Get(ctx context.Context, v access.Viewer, id int64) (out Opened, err error) {
	if !v.May(access.TransfersRead) {
		return out, errForbidden()
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if out.Transfer, err = selectOne(ctx, tx, id); err != nil {
			return err
		}
		out.ReplacedBy, err = selectReplacing(ctx, tx, id)
		return err
	})
	if err != nil {
		return out, err
	}
	for _, act := range party.TransferStates {
		side, right := out.side(act)
		if _, fits := out.After(act); fits && mayAt(tree, v, right, side) {
			out.Acts = append(out.Acts, act)
		}
	}
	at := out.From
	if out.State == party.TransferAccepted && !out.Outside() {
		at = out.To
	}
	out.SeesPerson = mayAt(tree, v, access.PeopleRead, at)
	out.MayExtend = out.mayExtend() && mayAt(tree, v, access.TransfersIssue, out.From)
	out.MayIssue = slices.Contains(out.Acts, party.TransferCancelled)
	return out, nil
}

func mayAt(tree *organisation.Snapshot, v access.Viewer, a access.Action, org int32) bool {
	o, ok := tree.Known(org)
	return ok && v.MayIn(a, o.Path)
}

// OfPerson gives somebody's transfers, the newest first, as far as the viewer sees them.
func (s *Service) OfPerson(ctx context.Context, v access.Viewer, person int64) (out []Transfer, err error) {
	if !v.May(access.TransfersRead) {
		return nil, nil
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		out, err = selectOfPerson(ctx, tx, person)
		return err
	})
	return out, err
}

// Destinations gives the cells of the register to which somebody of an organisation can go, in the
// order of the tree.
func (s *Service) Destinations(ctx context.Context, from int32) ([]organisation.Org, error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	o, ok := tree.Of(from)
	if !ok {
		return nil, errNotFound()
	}
	var out []organisation.Org
	for _, id := range tree.Below(o.Path[0]) {
		if to, _ := tree.Of(id); to.Kind.IsCell() && id != from {
			out = append(out, to)
		}
	}
	return out, nil
}

// Issuers gives the organisations above a cell in whose register the viewer may number papers, the
// nearest first.
func (s *Service) Issuers(ctx context.Context, v access.Viewer, from int32) ([]organisation.Org, error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	o, ok := tree.Of(from)
	if !ok {
		return nil, errNotFound()
	}
	var out []organisation.Org
	for _, id := range slices.Backward(o.Path) {
		if above, _ := tree.Of(id); above.Kind != party.Cell && v.MayIn(access.TransfersIssue, above.Path) {
			out = append(out, above)
		}
	}
	return out, nil
}
