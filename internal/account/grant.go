package account

import (
	"context"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/postgres"
)

// Grant gives an account a role on an organisation of the viewer's.
func (s *Service) Grant(ctx context.Context, v access.Viewer, c Change, g NewGrant) error {
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.seesAccount(ctx, tx, v, c.ID); err != nil {
			return err
		}
		if err := s.mayGrant(ctx, tx, v, &g); err != nil {
			return err
		}
		if _, done, err := tx.Once(ctx, c.Key); err != nil || done {
			return err
		}
		if err := bumpVersion(ctx, tx, c.ID, c.Version); err != nil {
			return err
		}
		return grant(ctx, tx, v, c.ID, g)
	})
}

func (s *Service) seesAccount(ctx context.Context, tx *postgres.Tx, v access.Viewer, id int64) error {
	sees, _, err := selectReach(ctx, tx, s.scopeOf(v), id, s.Today())
	if err == nil && !sees {
		err = notFound()
	}
	return err
}

// mayGrant checks a grant and that its organisation is the viewer's to administer.
func (s *Service) mayGrant(ctx context.Context, tx *postgres.Tx, v access.Viewer, g *NewGrant) error {
	if g.From.IsZero() {
		g.From = s.Today()
	}
	var refused []fault.Field
	if !g.Role.Valid() {
		refused = append(refused, fault.Field{Name: "role", Key: "accounts.error.role"})
	}
	if !g.Until.IsZero() && !g.Until.After(g.From) {
		refused = append(refused, fault.Field{Name: "until", Key: "accounts.error.until"})
	}
	path, err := selectPath(ctx, tx, g.OrgID, s.Today())
	if err != nil {
		return err
	}
	if len(path) == 0 || !isSystem(v) && !v.MayIn(access.AccountsEdit, path) {
		refused = append(refused, fault.Field{Name: "org", Key: "accounts.error.org"})
	}
	if len(refused) > 0 {
		return fault.InvalidFields(refused...)
	}
	return nil
}

func grant(ctx context.Context, tx *postgres.Tx, v access.Viewer, account int64, g NewGrant) error {
	id, err := insertGrant(ctx, tx, account, g)
	if err != nil {
		return err
	}
	return audit.Write(ctx, tx, v, audit.Entry{Action: "grant", Entity: "account", EntityID: account, OrgID: g.OrgID,
		Detail: map[string]any{"grant": id, "role": g.Role}})
}

// Revoke ends a grant today. The last administrator keeps his (fault.Conflict).
func (s *Service) Revoke(ctx context.Context, v access.Viewer, c Change, grantID int64) error {
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.seesAccount(ctx, tx, v, c.ID); err != nil {
			return err
		}
		g, err := selectGrant(ctx, tx, c.ID, grantID)
		if err != nil {
			return err
		}
		path, err := selectPath(ctx, tx, g.OrgID, s.Today())
		if err != nil {
			return err
		}
		if !isSystem(v) && !v.MayIn(access.AccountsEdit, path) {
			return forbidden()
		}
		if err := bumpVersion(ctx, tx, c.ID, c.Version); err != nil {
			return err
		}
		err = s.keepAdministrator(ctx, tx, func() error { return endGrant(ctx, tx, grantID, s.Today()) })
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: "revoke", Entity: "account", EntityID: c.ID, OrgID: g.OrgID,
			Detail: map[string]any{"grant": grantID, "role": g.Role}})
	})
}

// Organisation is one where the viewer may give roles, for the choice in a form.
type Organisation struct {
	ID    int32
	Name  string
	Code  string
	Depth int // below the top of what the viewer administers
}

// Organisations lists where the viewer may give roles, in the order of the tree; at most 2,000.
func (s *Service) Organisations(ctx context.Context, v access.Viewer) (list []Organisation, err error) {
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		list, err = selectOrganisations(ctx, tx, s.scopeOf(v), s.Today())
		return err
	})
	return list, err
}
