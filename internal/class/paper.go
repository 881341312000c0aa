package class

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Award is a certificate or a merit letter as it is printed.
type Award struct {
	Number    string
	IssuedOn  party.Date
	PersonID  int64
	FullName  string
	BirthDate party.Date
	OrgID     int32 // where the person belongs
	Grade     string
}

// Awards are the valid papers of a kind of one class, by their numbers.
type Awards struct {
	Class  Class
	List   []Award
	Unseen int // of people who are out of the viewer's sight
}

// Awards gives the papers of a class to its organiser, of one person where one is named. What was
// cancelled is not printed again.
func (s *Service) Awards(ctx context.Context, v access.Viewer, id int64, kind PaperKind, person int64) (out Awards, err error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if out.Class, err = selectClass(ctx, tx, id, false); err != nil {
			return err
		}
		o, _ := tree.Of(out.Class.OrgID)
		switch {
		case !sees(v, tree, out.Class.OrgID):
			return errNotFound()
		case !v.MayIn(access.ClassesEdit, o.Path):
			return errForbidden()
		}
		list, err := selectAwards(ctx, tx, id, kind, person, maxRoster)
		for _, a := range list {
			if a.FullName == "" {
				out.Unseen++
			} else {
				out.List = append(out.List, a)
			}
		}
		return err
	})
	return out, err
}
