package organisation

import (
	"context"
	"slices"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/account"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Create enters an organisation below one of the viewer's, within a transaction of Reorganise, and gives
// its number.
func (s *Service) Create(ctx context.Context, tx *postgres.Tx, v access.Viewer, d Details) (int32, error) {
	if err := s.mayCreateBelow(ctx, tx, v, d.ParentID); err != nil {
		return 0, err
	}
	return s.Add(ctx, tx, v, d)
}

// changing runs a change of the tree, one at a time, and lets this copy of the program see it.
func (s *Service) changing(ctx context.Context, v access.Viewer, fn func(context.Context, *postgres.Tx) error) error {
	if !v.May(access.OrganisationsEdit) {
		return errForbidden()
	}
	err := s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if err := lockTree(ctx, tx); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
	s.tree.forget()
	return err
}

// mayCreateBelow refuses a parent that is not the viewer's to edit; one out of sight and one that
// does not exist are told alike.
func (s *Service) mayCreateBelow(ctx context.Context, tx *postgres.Tx, v access.Viewer, parent int32) error {
	_, path, err := s.Place(ctx, tx, parent, s.Today())
	if fault.KindOf(err) == fault.NotFound || err == nil && !v.MayIn(access.OrganisationsEdit, path) {
		return refused("parent", "organisations.error.parent")
	}
	return err
}

// Add enters an organisation in the caller's transaction; the caller has asked for the right.
func (s *Service) Add(ctx context.Context, tx *postgres.Tx, v access.Viewer, d Details) (int32, error) {
	d = d.clean()
	bad := d.problems(s.Today())
	more, err := s.placeProblems(ctx, tx, 0, d)
	if err != nil {
		return 0, err
	}
	if bad = append(bad, more...); len(bad) > 0 {
		return 0, fault.InvalidFields(bad...)
	}
	id, err := insertOrganisation(ctx, tx)
	if err != nil {
		return 0, err
	}
	if err := insertVersion(ctx, tx, v.AccountID, id, d); err != nil {
		return 0, err
	}
	history, err := selectLineage(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	if err := insertLineage(ctx, tx, history.Lineage(id)); err != nil {
		return 0, err
	}
	s.tree.forget()
	return id, audit.Write(ctx, tx, v, audit.Entry{Action: "create", Entity: "organisation", EntityID: int64(id), OrgID: id, Detail: d.audited()})
}

func (d Details) audited() map[string]any {
	return map[string]any{"name": d.Name, "code": d.Code, "kind": d.Kind, "school": d.School, "parent": d.ParentID, "from": d.From}
}

// placeProblems gives what stands against an organisation's place: its code, and the kind and the
// days of its parent.
func (s *Service) placeProblems(ctx context.Context, tx *postgres.Tx, orgID int32, d Details) ([]fault.Field, error) {
	if d.From.IsZero() {
		return nil, nil // refused already
	}
	var bad []fault.Field
	holder, err := codeHolder(ctx, tx, d.Code, orgID, d.From)
	if err != nil {
		return nil, err
	}
	if holder != "" {
		bad = append(bad, fault.Field{Name: "code", Key: "organisations.error.code_taken", Args: []any{"Name", holder}})
	}
	if d.ParentID == 0 {
		if !d.Kind.MayBeTop() {
			bad = append(bad, fault.Field{Name: "kind", Key: "organisations.error.kind_top"})
		}
		return bad, nil
	}
	versions, err := selectVersions(ctx, tx, []int32{d.ParentID})
	if err != nil {
		return nil, err
	}
	if len(versions) == 0 {
		return append(bad, fault.Field{Name: "parent", Key: "organisations.error.parent"}), nil
	}
	if d.From.Before(versions[0].From) {
		bad = append(bad, fault.Field{Name: "from", Key: "organisations.error.before_parent", Args: []any{"From", versions[0].From}})
	}
	ways, err := selectAbove(ctx, tx, []int32{d.ParentID}, s.Today())
	if err != nil {
		return nil, err
	}
	if len(ways[d.ParentID]) >= party.MaxDepth {
		bad = append(bad, fault.Field{Name: "parent", Key: "organisations.error.too_deep", Args: []any{"Max", party.MaxDepth}})
	}
	for _, p := range versions {
		if (p.Until.IsZero() || p.Until.After(d.From)) && !p.Kind.MayContain(d.Kind) {
			return append(bad, fault.Field{Name: "kind", Key: "organisations.error.kind_below"}), nil
		}
	}
	return bad, nil
}

// Edit corrects what was entered wrongly of an organisation, from the first day of its newest version; the
// audit keeps what stood there. What changes from a day on, by a decision, is an act of package
// reorganisation.
type Edit struct {
	Key     string
	OrgID   int32
	Version int64 // of the Org that was shown
	party.OrgAttributes
}

// Edit answers fault.Conflict with a Stale where somebody else saved in between.
func (s *Service) Edit(ctx context.Context, v access.Viewer, in Edit) error {
	return s.changing(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, in.Key); err != nil || done {
			return err
		}
		_, path, err := s.Place(ctx, tx, in.OrgID, s.Today())
		if err != nil {
			return err
		}
		if !v.MayIn(access.OrganisationsRead, path) {
			return errNotFound()
		}
		if !v.MayIn(access.OrganisationsEdit, path) {
			return errForbidden()
		}
		versions, err := selectVersions(ctx, tx, []int32{in.OrgID})
		if err != nil {
			return err
		}
		newest := versions[len(versions)-1]
		if newest.row != in.Version {
			return orgConflict(ctx, tx, newest.row)
		}
		return s.replace(ctx, tx, v, newest, in.OrgAttributes)
	})
}

func orgConflict(ctx context.Context, tx *postgres.Tx, row int64) error {
	stale, err := selectVersionAuthor(ctx, tx, row)
	if err != nil {
		return err
	}
	return fault.NewConflict("organisations.error.stale", "By", stale.By).With(stale)
}

func (s *Service) replace(ctx context.Context, tx *postgres.Tx, v access.Viewer, old Org, become party.OrgAttributes) error {
	was := detailsOf(old)
	d := Details{Name: become.Name, Code: become.Code, Kind: become.Kind, School: become.School, ParentID: old.ParentID, From: old.From}.clean()
	if d == was {
		return nil
	}
	if bad, err := s.editProblems(ctx, tx, old, d); err != nil || len(bad) > 0 {
		if err == nil {
			err = fault.InvalidFields(bad...)
		}
		return err
	}
	if err := deleteVersion(ctx, tx, old.row); err != nil {
		return err
	}
	if err := insertVersion(ctx, tx, v.AccountID, old.OrgID, d); err != nil {
		return err
	}
	if err := followAttributes(ctx, tx, []change{{old.OrgID, old.OrgAttributes, d.attributes()}}); err != nil {
		return err
	}
	detail := d.audited()
	detail["was"] = was.audited()
	return audit.Write(ctx, tx, v, audit.Entry{Action: "edit", Entity: "organisation", EntityID: int64(old.OrgID), OrgID: old.OrgID, Detail: detail})
}

func detailsOf(o Org) Details {
	return Details{Name: o.Name, Code: o.Code, Kind: o.Kind, School: o.School, ParentID: o.ParentID, From: o.From}
}

// editProblems gives what stands against a correction: beside the place, what stands below, and the
// people who belong to a cell.
func (s *Service) editProblems(ctx context.Context, tx *postgres.Tx, old Org, d Details) ([]fault.Field, error) {
	bad := d.problems(s.Today())
	more, err := s.placeProblems(ctx, tx, old.OrgID, d)
	if err != nil {
		return nil, err
	}
	bad = append(bad, more...)
	if d.Kind == old.Kind {
		return bad, nil
	}
	kinds, err := kindsBelow(ctx, tx, old.OrgID, d.From)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(kinds, func(k party.OrgKind) bool { return !d.Kind.MayContain(k) }) {
		bad = append(bad, fault.Field{Name: "kind", Key: "organisations.error.kind_above"})
	}
	if old.Kind.IsCell() && !d.Kind.IsCell() {
		some, err := hasPeople(ctx, tx, old.OrgID)
		if err != nil {
			return nil, err
		}
		if some {
			bad = append(bad, fault.Field{Name: "kind", Key: "organisations.error.kind_people"})
		}
	}
	return bad, nil
}

// FoundOrganisation enters the top of a new installation; the set-up form's fields are named.
func (s *Service) FoundOrganisation(ctx context.Context, tx *postgres.Tx, o account.FirstOrganisation) (int32, error) {
	if err := lockTree(ctx, tx); err != nil {
		return 0, err
	}
	id, err := s.Add(ctx, tx, access.System, Details{Name: o.Name, Code: o.Code, Kind: party.OrgKind(o.Kind), From: o.From})
	return id, renamed(err, map[string]string{"name": "org_name", "code": "org_code", "kind": "org_kind", "from": "org_name"})
}

// FoundTerm enters the first term of a new installation. Its code is made of its years.
func (s *Service) FoundTerm(ctx context.Context, tx *postgres.Tx, t account.FirstTerm) error {
	term := party.Term{Name: t.Name, Starts: t.From, Ends: t.Until}
	if !t.From.IsZero() && !t.Until.IsZero() {
		term.Code = strconv.Itoa(t.From.Year) + "-" + strconv.Itoa(t.Until.Year)
	}
	_, err := s.CreateTerm(ctx, tx, access.System, term)
	return renamed(err, map[string]string{"name": "term_name", "starts": "term_from", "ends": "term_until"})
}

// renamed gives a refusal with the names that its fields have in the set-up form; what the form does not
// ask is made of what it asks, and refused with that.
func renamed(err error, names map[string]string) error {
	e := fault.As(err)
	if e == nil || e.Kind != fault.Invalid {
		return err
	}
	var fields []fault.Field
	for _, f := range e.Fields {
		if f.Name = names[f.Name]; f.Name == "" {
			continue
		}
		if !slices.ContainsFunc(fields, func(g fault.Field) bool { return g.Name == f.Name }) {
			fields = append(fields, f)
		}
	}
	return fault.InvalidFields(fields...)
}
