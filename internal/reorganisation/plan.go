package reorganisation

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Preview is what an act would do.
type Preview struct {
	Plan     party.Reordering
	Orgs     int // organisations that get another way to the top, or other attributes
	People   int // that go along
	Members  int // of them
	Dossiers int // open ones among theirs
	Papers   int // open transfers from or to them
	Accounts int // with a grant at one of them

	Grants []Grant // at what ends, as many as a page shows
	Goals  []int32 // where these may go on
}

// Grant is somebody's role at an organisation that ends.
type Grant struct {
	ID       int64
	Name     string
	Username string
	Role     access.Role
	OrgID    int32
}

// maxGrants bounds the grants that a preview lists; the others end or go on with the rest.
const maxGrants = 200

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
	err := s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		history, err := s.orgs.History(ctx, tx)
		if err != nil {
			return err
		}
		if out, err = s.plan(ctx, tx, v, history, &act); err != nil {
			return err
		}
		out.Grants, err = selectGrants(ctx, tx, out.Plan.Ends, s.Today(), maxGrants)
		return err
	})
	return out, err
}

// plan asks the rules and the rights, and counts what goes along.
func (s *Service) plan(ctx context.Context, tx *postgres.Tx, v access.Viewer, h party.OrgHistory, act *Act) (Preview, error) {
	if err := s.nameEverybody(ctx, tx, h, act); err != nil {
		return Preview{}, err
	}
	plan, bad := h.Reorder(act.Reorganisation)
	if len(bad) > 0 {
		return Preview{}, refusal(h, bad)
	}
	goals := goalsOf(h, *act, plan)
	if err := mayReorder(h, v, act.On, append(plan.Touched(), goals...)); err != nil {
		return Preview{}, err
	}
	if err := act.grantProblems(goals); err != nil {
		return Preview{}, err
	}
	below := h.Below(act.On, plan.Touched())
	facts, err := selectFacts(ctx, tx, below, plan, act.On)
	if err != nil {
		return Preview{}, err
	}
	if err := act.factProblems(facts); err != nil {
		return Preview{}, err
	}
	if err := codeProblems(h, plan); err != nil {
		return Preview{}, err
	}
	if err := peopleProblems(ctx, tx, h, plan); err != nil {
		return Preview{}, err
	}
	out := Preview{Plan: plan, Orgs: len(below) - len(plan.Ends), People: facts.people, Members: facts.members, Dossiers: facts.dossiers,
		Papers: facts.papers, Accounts: facts.accounts, Goals: goals}
	if act.Kind == party.AlterOrg {
		out.Orgs = len(plan.Becomes)
	}
	return out, nil
}

// goalsOf gives where grants at what ends may go on: where people or organisations do, else at what stood
// above.
func goalsOf(h party.OrgHistory, act Act, plan party.Reordering) []int32 {
	goals := plan.Goals()
	if act.Kind == party.MergeOrgs && !slices.Contains(goals, act.Into) {
		goals = append(goals, act.Into)
	}
	if act.Kind == party.EndOrg {
		goals = append(goals, h[act.Orgs[0]][len(h[act.Orgs[0]])-1].ParentID)
	}
	return goals
}

// grantProblems refuses grants that would go on where nothing of the act goes.
func (act Act) grantProblems(goals []int32) error {
	for _, to := range append(slices.Collect(maps.Values(act.Grants)), act.RestGrant) {
		if to != 0 && !slices.Contains(goals, to) {
			return fault.InvalidFields(fault.Field{Name: "orgs", Key: "reorganisation.error.grant_goal"})
		}
	}
	return nil
}

// factProblems refuses an act before what happened, and one that leaves something open behind. What is only
// called or coded otherwise may be so from any day.
func (act Act) factProblems(f facts) error {
	refuse := func(name, key string, args ...any) error {
		return fault.InvalidFields(fault.Field{Name: name, Key: key, Args: args})
	}
	switch {
	case act.Kind == party.AlterOrg:
		return nil
	case !f.lastStep.IsZero():
		return refuse("on", "reorganisation.error.before_steps", "Last", f.lastStep)
	case f.lying > 0:
		return refuse("orgs", "reorganisation.error.open", "Number", f.lying)
	case act.Kind == party.EndOrg && f.people > 0:
		return refuse("orgs", "reorganisation.error.people", "Number", f.people)
	}
	return nil
}

// codeProblems refuses attributes that could not be entered so, such as a code below that becomes too long.
func codeProblems(h party.OrgHistory, plan party.Reordering) error {
	for id, become := range plan.Becomes {
		if _, bad := organisation.Clean(become); len(bad) > 0 {
			return refusal(h, []party.ActRefusal{{Key: actBelowBad, OrgID: id}})
		}
	}
	return nil
}

// actBelowBad says that what an alteration makes of an organisation below cannot be.
const actBelowBad = "reorganisation.error.code_below"

// peopleProblems refuses another kind for a cell that has people, where that kind has none.
func peopleProblems(ctx context.Context, tx *postgres.Tx, h party.OrgHistory, plan party.Reordering) error {
	for id, become := range plan.Becomes {
		if !h[id][len(h[id])-1].Kind.IsCell() || become.Kind.IsCell() {
			continue
		}
		n, err := countPeople(ctx, tx, id)
		if err != nil {
			return err
		}
		if n > 0 {
			return fault.InvalidFields(fault.Field{Name: "kind", Key: "organisations.error.kind_people"})
		}
	}
	return nil
}

// refusal turns what stands against an act into fields, with the organisation's name.
func refusal(h party.OrgHistory, bad []party.ActRefusal) error {
	fields := make([]fault.Field, len(bad))
	for i, b := range bad {
		name := ""
		if list := h[b.OrgID]; len(list) > 0 {
			name = list[len(list)-1].Name
		}
		fields[i] = fault.Field{Name: fieldOf(b), Key: b.Key, Args: []any{"Name", name}}
	}
	return fault.InvalidFields(fields...)
}

func fieldOf(b party.ActRefusal) string {
	switch b.Key {
	case party.ActLeftBehind:
		return GoesField(b.OrgID)
	case party.ActCodeTaken, actBelowBad:
		return "code"
	case party.ActKindAbove, party.ActKindTop:
		return "kind"
	case party.ActSame:
		return "name"
	}
	return "orgs"
}

// GoesPrefix begins the names of the fields that say where the organisations below one that is split go.
const GoesPrefix = "goes-"

// GoesField names the field of one of them.
func GoesField(orgID int32) string { return GoesPrefix + strconv.Itoa(int(orgID)) }

// mayReorder asks for the right at everything that changes, and at where it goes. What is out of the
// viewer's scope is told like what does not stand.
func mayReorder(h party.OrgHistory, v access.Viewer, day party.Date, ids []int32) error {
	for _, id := range ids {
		if !v.MayIn(access.OrganisationsEdit, h.Path(day, id)) {
			return refusal(nil, []party.ActRefusal{{Key: party.ActNotStanding}})
		}
	}
	return nil
}

// MaxPeople bounds the people of a cell that is split.
const MaxPeople = 1000

// WhoPrefix begins the names of the fields that say where the people of a cell that is split go on.
const WhoPrefix = "who-"

// WhoField names the field of one of them.
func WhoField(person int64) string { return WhoPrefix + strconv.FormatInt(person, 10) }

// Person is somebody of a cell that may be split.
type Person struct {
	ID    int64
	Name  string
	Stage party.Stage
	Class string
}

// People gives those of a cell, in the order of their names. It is fault.Forbidden for who may rearrange
// organisations and sees nobody in them.
func (s *Service) People(ctx context.Context, v access.Viewer, cell organisation.Org) (list []Person, err error) {
	if !v.MayIn(access.PeopleRead, cell.Path) {
		return nil, fault.NewForbidden("errors.forbidden")
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		list, err = selectPeople(ctx, tx, cell.OrgID, MaxPeople+1)
		return err
	})
	return list, err
}

// nameEverybody completes the people of a cell that is split with those who go with the rest, and refuses
// one that leaves somebody nowhere.
func (s *Service) nameEverybody(ctx context.Context, tx *postgres.Tx, h party.OrgHistory, act *Act) error {
	if act.Kind != party.SplitOrg || len(act.Orgs) != 1 || len(h[act.Orgs[0]]) == 0 || !h[act.Orgs[0]][len(h[act.Orgs[0]])-1].Kind.IsCell() {
		return nil
	}
	list, err := selectPeople(ctx, tx, act.Orgs[0], MaxPeople+1)
	if err != nil {
		return err
	}
	all, err := countPeople(ctx, tx, act.Orgs[0])
	if err != nil {
		return err
	}
	if all != len(list) {
		return fault.InvalidFields(fault.Field{Name: "rest", Key: "reorganisation.error.unseen", Args: []any{"Number", all, "Max", MaxPeople}})
	}
	named := map[int64]int32{}
	var bad []fault.Field
	for _, p := range list {
		if named[p.ID] = act.People[p.ID]; named[p.ID] == 0 {
			named[p.ID] = act.Rest
		}
		if named[p.ID] == 0 {
			bad = append(bad, fault.Field{Name: WhoField(p.ID), Key: "reorganisation.error.person_left", Args: []any{"Name", p.Name}})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(act.People)) {
		if _, ok := named[id]; !ok {
			bad = append(bad, fault.Field{Name: "rest", Key: "reorganisation.error.person_elsewhere"})
		}
	}
	if len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	act.People = named
	return nil
}
