package organisation

import (
	"context"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Opened is one organisation with everything it has been.
type Opened struct {
	Org
	Above    []Org // from the top of the viewer's sight down to the parent
	Children []Org
	Former   []Org            // what has ended and is read here, as many as a page shows
	Versions []Org            // from new to old
	Parents  map[int32]string // names of what its versions stood below, as they are now or were last
	Ended    party.Date       // first day on which it no longer stands; zero while it does
	MayEdit  bool
}

const maxFormer = 200

// Get gives one organisation as of today, or as it was last. One that the viewer may not read is
// fault.NotFound, like one that does not exist.
func (s *Service) Get(ctx context.Context, v access.Viewer, id int32) (Opened, error) {
	tree, err := s.Snapshot(ctx)
	if err != nil {
		return Opened{}, err
	}
	o, ok := tree.Known(id)
	if !ok || !v.MayIn(access.OrganisationsRead, o.Path) {
		return Opened{}, errNotFound()
	}
	out := Opened{Org: o, MayEdit: v.MayIn(access.OrganisationsEdit, o.Path)}
	if o.EndedBy(s.Today()) {
		out.Ended, out.MayEdit = o.Until, false
	}
	for _, a := range o.Path[:o.Depth()] {
		if above, ok := tree.Known(a); ok && v.MayIn(access.OrganisationsRead, above.Path) {
			out.Above = append(out.Above, above)
		}
	}
	for _, c := range tree.Children(id) {
		child, _ := tree.Of(c)
		out.Children = append(out.Children, child)
	}
	for _, f := range tree.Former(id) {
		if f.Path[len(f.Path)-2] == id && len(out.Former) < maxFormer {
			out.Former = append(out.Former, f)
		}
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if out.Versions, err = selectVersions(ctx, tx, []int32{id}); err != nil {
			return err
		}
		out.Parents, err = selectLastNames(ctx, tx, out.Versions)
		return err
	})
	if err != nil {
		return out, err
	}
	slices.Reverse(out.Versions)
	return out, nil
}

// maxTree bounds how many organisations a page of the tree shows; what lies deeper is opened
// organisation by organisation.
const maxTree = 1000

// Tree gives what the viewer may read of the tree of a day, in its order. Where that is more than
// a page holds, the deepest levels are left out and cut is true.
func (s *Service) Tree(ctx context.Context, v access.Viewer, day party.Date) (list []Org, cut bool, err error) {
	tree, err := s.On(ctx, day)
	if err != nil {
		return nil, false, err
	}
	list = tree.Scope(v, access.OrganisationsRead)
	for depth := party.MaxDepth; len(list) > maxTree && depth > 0; depth-- {
		list = slices.DeleteFunc(list, func(o Org) bool { return o.Depth() >= depth })
		cut = true
	}
	return list, cut, nil
}
