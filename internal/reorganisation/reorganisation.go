// Package reorganisation carries out the acts that change where organisations stand: moves, merges,
// splits and ends, each with its decision, shown beforehand and undoable until something builds on
// it. Which act is possible is decided in party; the tree itself is written by package organisation.
// No HTTP lives here.
package reorganisation

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Service holds the use cases of reorganisations.
type Service struct {
	db    *postgres.DB
	orgs  *organisation.Service
	Today func() party.Date // the day in the committee's time zone
}

// New makes the service.
func New(db *postgres.DB, orgs *organisation.Service, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, Today: today}
}

// Decision is the paper by which an act is carried out.
type Decision struct {
	Number string
	On     party.Date
	Issuer string
}

// Act is a reorganisation to be carried out.
type Act struct {
	Key string // idempotency key of the form
	party.Reorganisation
	Decision
	On         party.Date // the first day of the new order
	KeepGrants bool       // of a merge: the grants at what ends go on at what it goes on in; else they end
}

// Preview is what an act would do.
type Preview struct {
	Plan     party.Reordering
	Orgs     int // organisations that get another way to the top
	People   int // that go along
	Members  int // of them
	Dossiers int // open ones among theirs
	Papers   int // open transfers from or to them
	Accounts int // with a grant at one of them
}

const maxText = 200

// problems gives the refused fields of the decision and the day.
func (s *Service) problems(act Act) []fault.Field {
	var bad []fault.Field
	text := func(name, value, empty string) {
		switch {
		case value == "":
			bad = append(bad, fault.Field{Name: name, Key: empty})
		case utf8.RuneCountInString(value) > maxText:
			bad = append(bad, fault.Field{Name: name, Key: "errors.too_long", Args: []any{"Max", maxText}})
		}
	}
	text("number", act.Number, "reorganisation.error.number")
	text("issuer", act.Issuer, "reorganisation.error.issuer")
	today := s.Today()
	day := func(name string, d party.Date) {
		switch {
		case d.IsZero():
			bad = append(bad, fault.Field{Name: name, Key: "reorganisation.error.day_missing"})
		case !d.Valid():
			bad = append(bad, fault.Field{Name: name, Key: "errors.date"})
		case d.After(today):
			bad = append(bad, fault.Field{Name: name, Key: "reorganisation.error.future", Args: []any{"Today", today}})
		}
	}
	day("on", act.On)
	day("decided_on", act.Decision.On)
	return bad
}

func (act Act) clean() Act {
	act.Number, act.Issuer = strings.TrimSpace(act.Number), strings.TrimSpace(act.Issuer)
	act.Reorganisation.On = act.On
	return act
}

// Preview tells what an act would do, or refuses it as Carry would.
func (s *Service) Preview(ctx context.Context, v access.Viewer, act Act) (Preview, error) {
	act = act.clean()
	if bad := s.problems(act); len(bad) > 0 {
		return Preview{}, fault.InvalidFields(bad...)
	}
	if !v.May(access.OrganisationsEdit) {
		return Preview{}, fault.NewForbidden("errors.forbidden")
	}
	var out Preview
	err := s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		out, err = s.plan(ctx, tx, v, act)
		return err
	})
	return out, err
}

// plan asks the rules and the rights, and counts what goes along.
func (s *Service) plan(ctx context.Context, tx *postgres.Tx, v access.Viewer, act Act) (Preview, error) {
	history, err := s.orgs.History(ctx, tx)
	if err != nil {
		return Preview{}, err
	}
	plan, bad := history.Reorder(act.Reorganisation)
	if len(bad) > 0 {
		return Preview{}, refusal(history, bad)
	}
	if err := mayReorder(history, v, act.On, plan); err != nil {
		return Preview{}, err
	}
	below := history.Below(act.On, plan.Touched())
	facts, err := selectFacts(ctx, tx, below, plan.Ends, act.On)
	if err != nil {
		return Preview{}, err
	}
	switch {
	case !facts.lastStep.IsZero():
		return Preview{}, fault.InvalidFields(fault.Field{Name: "on", Key: "reorganisation.error.before_steps", Args: []any{"Last", facts.lastStep}})
	case facts.lying > 0:
		return Preview{}, fault.InvalidFields(fault.Field{Name: "orgs", Key: "reorganisation.error.open", Args: []any{"Number", facts.lying}})
	}
	if act.Kind == party.EndOrg && facts.people > 0 {
		return Preview{}, fault.InvalidFields(fault.Field{Name: "orgs", Key: "reorganisation.error.people", Args: []any{"Number", facts.people}})
	}
	return Preview{Plan: plan, Orgs: len(below) - len(plan.Ends), People: facts.people, Members: facts.members,
		Dossiers: facts.dossiers, Papers: facts.papers, Accounts: facts.accounts}, nil
}

// refusal turns what stands against an act into fields, with the organisation's name.
func refusal(h party.OrgHistory, bad []party.ActRefusal) error {
	fields := make([]fault.Field, len(bad))
	for i, b := range bad {
		name := ""
		if list := h[b.OrgID]; len(list) > 0 {
			name = list[len(list)-1].Name
		}
		field := "orgs"
		if b.Key == party.ActLeftBehind {
			field = GoesField(b.OrgID)
		}
		fields[i] = fault.Field{Name: field, Key: b.Key, Args: []any{"Name", name}}
	}
	return fault.InvalidFields(fields...)
}

// GoesPrefix begins the names of the fields that say where the organisations below one that is split go.
const GoesPrefix = "goes-"

// GoesField names the field of one of them.
func GoesField(orgID int32) string { return GoesPrefix + strconv.Itoa(int(orgID)) }

// mayReorder asks for the right at everything that moves or ends, and at where it goes. What is out
// of the viewer's scope is told like what does not stand.
func mayReorder(h party.OrgHistory, v access.Viewer, day party.Date, plan party.Reordering) error {
	ids := plan.Touched()
	for _, to := range []map[int32]int32{plan.Parents, plan.Carried} {
		for _, id := range to {
			ids = append(ids, id)
		}
	}
	for _, id := range ids {
		if !v.MayIn(access.OrganisationsEdit, h.Path(day, id)) {
			return refusal(nil, []party.ActRefusal{{Key: party.ActNotStanding}})
		}
	}
	return nil
}

// Carry carries an act out and gives its number.
func (s *Service) Carry(ctx context.Context, v access.Viewer, act Act) (id int64, err error) {
	act = act.clean()
	if bad := s.problems(act); len(bad) > 0 {
		return 0, fault.InvalidFields(bad...)
	}
	err = s.orgs.Reorganise(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		result, done, err := tx.Once(ctx, act.Key)
		if err != nil {
			return err
		}
		if done {
			id, err = strconv.ParseInt(result, 10, 64)
			return err
		}
		preview, err := s.plan(ctx, tx, v, act)
		if err != nil {
			return err
		}
		if id, err = s.carry(ctx, tx, v, act, preview.Plan); err != nil {
			return err
		}
		return tx.Done(ctx, act.Key, strconv.FormatInt(id, 10))
	})
	return id, err
}

func (s *Service) carry(ctx context.Context, tx *postgres.Tx, v access.Viewer, act Act, plan party.Reordering) (int64, error) {
	history, err := s.orgs.History(ctx, tx)
	if err != nil {
		return 0, err
	}
	id, err := insertAct(ctx, tx, v.AccountID, act)
	if err != nil {
		return 0, err
	}
	if err := insertItems(ctx, tx, id, history, plan); err != nil {
		return 0, err
	}
	standing, err := s.orgs.Reorder(ctx, tx, v, act.On, plan)
	if err != nil {
		return 0, err
	}
	people, err := carryPeople(ctx, tx, id, standing, plan.Carried)
	if err != nil {
		return 0, err
	}
	if err := updatePeople(ctx, tx, id, people); err != nil {
		return 0, err
	}
	successor := int32(0)
	if act.KeepGrants && act.Kind == party.MergeOrgs {
		successor = act.Into
	}
	grants, err := passGrants(ctx, tx, id, plan.Ends, successor, s.Today())
	if err != nil {
		return 0, err
	}
	return id, audit.Write(ctx, tx, v, audit.Entry{Action: "reorganise", Entity: "organisation", EntityID: id, OrgID: plan.Touched()[0],
		Detail: map[string]any{"kind": act.Kind, "from": act.On, "ends": plan.Ends, "moves": plan.Parents, "carried": plan.Carried,
			"people": people, "grants": grants, "number": act.Number}})
}

// Undo takes an act back: the tree and everybody stand as before. It is refused, with what they are,
// once later things build on the act.
func (s *Service) Undo(ctx context.Context, v access.Viewer, key string, id int64) error {
	return s.orgs.Reorganise(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, key); err != nil || done {
			return err
		}
		act, err := lockAct(ctx, tx, id)
		if err != nil {
			return err
		}
		history, err := s.orgs.History(ctx, tx)
		if err != nil {
			return err
		}
		for _, org := range act.involved() {
			day := act.on
			if !slices.Contains(act.touched, org) {
				day = s.Today()
			}
			if !v.MayIn(access.OrganisationsEdit, history.Path(day.AddDays(-1), org)) {
				return fault.NewNotFound("reorganisation.error.not_found")
			}
		}
		if act.undone {
			return fault.NewConflict("reorganisation.error.undone")
		}
		if err := s.mustBeLast(ctx, tx, history, act); err != nil {
			return err
		}
		orgs, err := s.orgs.Restore(ctx, tx, act.on, act.touched)
		if err != nil {
			return err
		}
		if err := bringBack(ctx, tx, v.AccountID, id, orgs); err != nil {
			return err
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: "undo_reorganisation", Entity: "organisation", EntityID: id, OrgID: act.touched[0]})
	})
}

// mustBeLast refuses to undo an act that something builds on.
func (s *Service) mustBeLast(ctx context.Context, tx *postgres.Tx, h party.OrgHistory, act stored) error {
	var bad []fault.Field
	refuse := func(key string, n int) {
		if n > 0 {
			bad = append(bad, fault.Field{Name: "act", Key: key, Args: []any{"Number", n}})
		}
	}
	later, err := countLaterActs(ctx, tx, act.id, act.involved())
	if err != nil {
		return err
	}
	refuse("reorganisation.error.later_acts", later)
	steps, err := countStepsSince(ctx, tx, act, h.Below(s.Today(), append(slices.Clone(act.touched), act.cells...)))
	if err != nil {
		return err
	}
	refuse("reorganisation.error.later_steps", steps)
	changed := 0
	for _, id := range act.touched {
		if last := h[id][len(h[id])-1]; last.From.After(act.on) || last.From != act.on && last.Until != act.on {
			changed++
		}
	}
	refuse("reorganisation.error.later_changes", changed)
	if len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	return nil
}
