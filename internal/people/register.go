package people

import (
	"context"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Duplicate is a record that may be the same person. ID is 0 for one outside the viewer's scope,
// of which nothing more is told.
type Duplicate struct {
	ID         int64
	FullName   string
	OrgID      int32
	SameNumber bool
}

// Duplicates refuses a registration until it is confirmed: these may be the same person.
type Duplicates struct{ List []Duplicate }

// Registration enters somebody new.
type Registration struct {
	Key       string // idempotency key of the form
	Fields    Fields
	Confirmed bool // the possible duplicates were seen and are other people
}

// Register enters a person and gives the id. It answers fault.Invalid with the refused fields;
// fault.Conflict with Duplicates where somebody in the register may be the same person and that was
// not confirmed. An organisation outside the viewer's is a refused field. Fields that the viewer may
// not see are left empty.
func (s *Service) Register(ctx context.Context, v access.Viewer, in Registration) (int64, error) {
	var id int64
	err := s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		done, err := once(ctx, tx, in.Key, &id)
		if err != nil || done {
			return err
		}
		if id, err = s.RegisterIn(ctx, tx, v, in); err != nil {
			return err
		}
		return tx.Done(ctx, in.Key, strconv.FormatInt(id, 10))
	})
	return id, err
}

// RegisterIn is Register within the caller's transaction; the key is not looked at.
func (s *Service) RegisterIn(ctx context.Context, tx *postgres.Tx, v access.Viewer, in Registration) (int64, error) {
	f := in.Fields.clean()
	if bad := f.problems(s.clock()); len(bad) > 0 {
		return 0, fault.InvalidFields(bad...)
	}
	place, path, err := s.placeFor(ctx, tx, v, f.OrgID)
	if err != nil {
		return 0, err
	}
	if !v.MayIn(access.PeopleSensitive, path) {
		f = f.withoutSensitive()
	}
	if err := s.mindDuplicates(ctx, tx, f, 0, in.Confirmed); err != nil {
		return 0, err
	}
	return s.enter(ctx, tx, v, f, place, path)
}

// placeFor gives the organisation somebody is to be entered at: a cell, in the viewer's scope. One
// out of scope is refused like one that does not exist, so that nothing can be learnt by trying.
func (s *Service) placeFor(ctx context.Context, tx *postgres.Tx, v access.Viewer, orgID int32) (party.Place, []int32, error) {
	refused := fault.InvalidFields(fault.Field{Name: "org", Key: "people.error.org_unknown"})
	place, path, err := s.orgs.Place(ctx, tx, orgID, s.clock())
	if fault.KindOf(err) == fault.NotFound {
		return place, nil, refused
	}
	if err != nil {
		return place, nil, err
	}
	if !v.MayIn(access.PeopleRegister, path) {
		return place, nil, refused
	}
	if !place.Kind.IsCell() {
		return place, nil, fault.InvalidFields(fault.Field{Name: "org", Key: "people.error.org_not_cell"})
	}
	return place, path, nil
}

func (s *Service) enter(ctx context.Context, tx *postgres.Tx, v access.Viewer, f Fields, place party.Place, path []int32) (int64, error) {
	var introducer int64
	if !v.MayIn(access.PeopleRead, path) || onlyIntroduces(v, path) {
		introducer = v.AccountID
	}
	sealed, index := s.numbers.Seal(f.PersonalNo)
	id, err := insertPerson(ctx, tx, v.AccountID, introducer, f, sealed, index)
	if err != nil {
		return 0, err
	}
	p := tracked{id: id, orgID: f.OrgID, path: path, place: place, person: f.forGates()}
	if err := s.project(ctx, tx, p, nil); err != nil {
		return 0, err
	}
	return id, audit.Write(ctx, tx, v, audit.Entry{Action: "register", Entity: "person", EntityID: id, OrgID: f.OrgID})
}

// onlyIntroduces tells whether the viewer stands at the place as an introducer and nothing else.
func onlyIntroduces(v access.Viewer, path []int32) bool {
	return v.MayIn(access.Record(party.Introduced), path) && !v.MayIn(access.DashboardRead, path)
}

func (s *Service) mindDuplicates(ctx context.Context, tx *postgres.Tx, f Fields, except int64, confirmed bool) error {
	if confirmed {
		return nil
	}
	list, err := selectDuplicates(ctx, tx, f.FullName, f.BirthDate, s.numbers.Index(f.PersonalNo), except)
	if err != nil || len(list) == 0 {
		return err
	}
	return fault.NewConflict("people.error.duplicates", "Count", len(list)).With(Duplicates{list})
}

// Namesakes gives for each name and birth date who in the register may be that person, in one
// statement for a whole list.
func (s *Service) Namesakes(ctx context.Context, v access.Viewer, names []string, born []party.Date) ([][]Duplicate, error) {
	if !v.May(access.PeopleRegister) {
		return nil, fault.NewForbidden("errors.forbidden")
	}
	out := make([][]Duplicate, len(names))
	err := s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		return selectNamesakes(ctx, tx, names, born, out)
	})
	return out, err
}

// Change is an edit of a person's data, made from a version that was shown.
type Change struct {
	Key       string
	PersonID  int64
	Version   int
	Fields    Fields
	Confirmed bool
}

// Edit changes a person's data. The organisation does not change here: moving is a transfer. It
// answers fault.Conflict with a Stale where somebody else saved in between. Fields that the viewer
// may not see keep their values.
func (s *Service) Edit(ctx context.Context, v access.Viewer, in Change) error {
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, already, err := tx.Once(ctx, in.Key); err != nil || already {
			return err
		}
		old, err := s.lockPerson(ctx, tx, in.PersonID)
		if err != nil {
			return err
		}
		if err := mayIn(v, access.PeopleEdit, old.path); err != nil {
			return err
		}
		if err := s.fresh(ctx, tx, old, in.Version); err != nil {
			return err
		}
		return s.change(ctx, tx, v, old, in)
	})
}

func (s *Service) change(ctx context.Context, tx *postgres.Tx, v access.Viewer, old tracked, in Change) error {
	f := in.Fields.clean()
	f.OrgID = old.orgID
	before, err := s.fieldsOf(ctx, tx, in.PersonID)
	if err != nil {
		return err
	}
	if !v.MayIn(access.PeopleSensitive, old.path) {
		f.Ethnicity, f.Religion, f.PersonalNo = before.Ethnicity, before.Religion, before.PersonalNo
	}
	if bad := f.problems(s.clock()); len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	if before.FullName != f.FullName || before.BirthDate != f.BirthDate || before.PersonalNo != f.PersonalNo {
		if err := s.mindDuplicates(ctx, tx, f, in.PersonID, in.Confirmed); err != nil {
			return err
		}
	}
	changed := changedFields(before, f)
	if len(changed) == 0 {
		return nil
	}
	sealed, index := s.numbers.Seal(f.PersonalNo)
	if err := updatePerson(ctx, tx, v.AccountID, in.PersonID, f, sealed, index); err != nil {
		return err
	}
	old.person = f.forGates()
	steps, err := selectSteps(ctx, tx, in.PersonID)
	if err != nil {
		return err
	}
	if err := s.stillLegal(ctx, tx, before, f, old, steps); err != nil {
		return err
	}
	if err := s.project(ctx, tx, old, steps); err != nil {
		return err
	}
	return audit.Write(ctx, tx, v, audit.Entry{Action: "edit", Entity: "person", EntityID: in.PersonID, OrgID: old.orgID,
		Detail: map[string]any{"fields": changed}})
}

// stillLegal refuses an edit after which a step already recorded could not have happened, such as a
// birth date that makes somebody too young on the day of the cell's meeting. It refuses each field
// that is enough for that alone, or, where only all together are, all that the gates read.
func (s *Service) stillLegal(ctx context.Context, tx *postgres.Tx, before, after Fields, p tracked, steps []RecordedStep) error {
	c, err := s.caseOf(ctx, tx, p, steps)
	if err != nil {
		return err
	}
	illegal := func(person party.Person) []party.Verdict {
		c.Person = person
		return c.Illegal()
	}
	was := before.forGates()
	legalBefore := len(illegal(was))
	bad := illegal(after.forGates())
	if len(bad) <= legalBefore {
		return nil
	}
	var alone, all []fault.Field
	for _, g := range gateFields(was, after.forGates()) {
		refused := fault.Field{Name: g.name, Key: "people.error.breaks_step", Args: []any{"Kind", bad[0].Kind, "On", bad[0].On}}
		all = append(all, refused)
		if len(illegal(g.person)) > legalBefore {
			alone = append(alone, refused)
		}
	}
	if len(alone) == 0 {
		alone = all
	}
	return fault.InvalidFields(alone...)
}

type gateField struct {
	name   string
	person party.Person // as before, with only this field changed
}

// gateFields gives the changed fields that the gates read, by their names in forms.
func gateFields(before, after party.Person) []gateField {
	var out []gateField
	add := func(name string, change func(*party.Person)) {
		p := before
		if change(&p); p != before {
			out = append(out, gateField{name, p})
		}
	}
	add("birth_date", func(p *party.Person) { p.BirthDate = after.BirthDate })
	add("category", func(p *party.Person) { p.Category = after.Category })
	add("education", func(p *party.Person) { p.Education = after.Education })
	add("union_joined_on", func(p *party.Person) { p.UnionDate = after.UnionDate })
	return out
}

// once reads the id that an earlier sending of the same form was answered with.
func once(ctx context.Context, tx *postgres.Tx, key string, id *int64) (done bool, err error) {
	result, done, err := tx.Once(ctx, key)
	if err != nil || !done {
		return false, err
	}
	*id, err = strconv.ParseInt(result, 10, 64)
	return true, err
}

func (f Fields) forGates() party.Person {
	return party.Person{Category: f.Category, BirthDate: f.BirthDate, Education: f.Education, UnionDate: f.UnionJoinedOn}
}
