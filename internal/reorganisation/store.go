package reorganisation

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// facts are what stands against an act or goes along with it.
type facts struct {
	people, members, dossiers, papers, accounts int
	lying                                       int        // open at what ends
	lastStep                                    party.Date // newest on or after the act's day
}

// selectFacts counts by the organisations, or where only some people go elsewhere, by these.
func selectFacts(ctx context.Context, tx *postgres.Tx, orgs []int32, plan party.Reordering, day party.Date) (f facts, err error) {
	ended := plan.Ends
	if ended == nil {
		ended = []int32{}
	}
	var whom []int64
	if len(plan.Passing) > 0 {
		whom = slices.Collect(maps.Keys(plan.Passing))
	}
	err = tx.QueryRow(ctx, `select people, members, dossiers, papers, accounts, lying, last_step from reorganisation_facts($1, $2, $3, $4)`, orgs, ended, whom, day).
		Scan(&f.people, &f.members, &f.dossiers, &f.papers, &f.accounts, &f.lying, &f.lastStep)
	if err != nil {
		return f, fmt.Errorf("what goes along with an act: %w", err)
	}
	return f, nil
}

func countPeople(ctx context.Context, tx *postgres.Tx, org int32) (n int, err error) {
	if err := tx.QueryRow(ctx, `select people_in($1)`, org).Scan(&n); err != nil {
		return 0, fmt.Errorf("people of organisation %d: %w", org, err)
	}
	return n, nil
}

func selectPeople(ctx context.Context, tx *postgres.Tx, cell int32, limit int) ([]Person, error) {
	rows, err := tx.Query(ctx, `
		select p.id, p.full_name, s.stage, p.class_name from people p join person_states s on s.person_id = p.id
		 where p.org_id = $1 order by p.sort_key, p.id limit $2`, cell, limit)
	if err != nil {
		return nil, fmt.Errorf("people of cell %d: %w", cell, err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Person])
}

// holdPlaces lets nobody be entered at organisations, and nothing with them, until the transaction ends, and
// waits for who is at it.
func holdPlaces(ctx context.Context, tx *postgres.Tx, orgs []int32) error {
	if _, err := tx.Exec(ctx, `select from organisations where id = any($1) order by id for update`, orgs); err != nil {
		return fmt.Errorf("hold organisations: %w", err)
	}
	return nil
}

func insertAct(ctx context.Context, tx *postgres.Tx, account int64, act Act) (id int64, err error) {
	var into int32
	switch act.Kind {
	case party.MoveOrgs, party.MergeOrgs, party.FoundOrg:
		into = act.Into
	}
	err = tx.QueryRow(ctx, `
		insert into reorganisations (kind, happened_on, into_org, decision_number, decision_date, issuer, last_step, recorded_by)
		values ($1, $2, nullif($3, 0), $4, $5, $6, newest_step(), $7) returning id`,
		act.Kind, act.On, into, act.Number, act.Decision.On, act.Issuer, account).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("insert reorganisation: %w", err)
	}
	return id, nil
}

// insertItems keeps what each organisation was, and what it becomes.
func insertItems(ctx context.Context, tx *postgres.Tx, act int64, day party.Date, h party.OrgHistory, plan party.Reordering) error {
	touched := plan.Touched()
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"reorganisation_items"},
		[]string{"act_id", "org_id", "from_parent", "to_parent", "carried_to", "was", "became", "rewritten"},
		pgx.CopyFromSlice(len(touched), func(i int) ([]any, error) {
			id := touched[i]
			was, ends := h[id][len(h[id])-1], slices.Contains(plan.Ends, id)
			to := was.ParentID
			if parent, ok := plan.Parents[id]; ok {
				to = parent
			}
			if ends {
				to = 0
			}
			var became *party.OrgAttributes
			if next, ok := plan.Becomes[id]; ok && next != was.OrgAttributes {
				became = &next
			}
			return []any{act, id, orNull(was.ParentID), orNull(to), orNull(plan.Carried[id]), was.OrgAttributes, became, was.From == day && !ends}, nil
		}))
	if err != nil {
		return fmt.Errorf("insert what reorganisation %d changes: %w", act, err)
	}
	return nil
}

// orNull gives no organisation as null.
func orNull(org int32) *int32 {
	if org == 0 {
		return nil
	}
	return &org
}

func insertFoundation(ctx context.Context, tx *postgres.Tx, act int64, org int32, d organisation.Details) error {
	_, err := tx.Exec(ctx, `insert into reorganisation_items (act_id, org_id, from_parent, to_parent, became) values ($1, $2, $3, $3, $4)`,
		act, org, d.ParentID, party.OrgAttributes{Name: d.Name, Code: d.Code, Kind: d.Kind, School: d.School})
	if err != nil {
		return fmt.Errorf("insert the foundation of organisation %d: %w", org, err)
	}
	return nil
}

func selectFounded(ctx context.Context, tx *postgres.Tx, act int64) (org int32, err error) {
	err = tx.QueryRow(ctx, `select org_id from reorganisation_items where act_id = $1`, act).Scan(&org)
	return org, err
}

// carryPeople notes who comes under another order, brings those to their cells who go on in another one,
// and lets everything stored follow the tree. It gives how many go along.
func carryPeople(ctx context.Context, tx *postgres.Tx, act int64, standing []int32, plan party.Reordering) (people int, err error) {
	if len(plan.Parents)+len(plan.Ends)+len(plan.Passing) == 0 {
		return 0, nil
	}
	from, to := pairs(plan.Carried)
	whom, cells := pairs(plan.Passing)
	if _, err := tx.Exec(ctx, `select carry_named($1, $2, $3)`, act, whom, cells); err != nil {
		return 0, fmt.Errorf("people named in reorganisation %d: %w", act, err)
	}
	if _, err := tx.Exec(ctx, `select carry_people($1, $2, $3, $4)`, act, standing, from, to); err != nil {
		return 0, fmt.Errorf("people of reorganisation %d: %w", act, err)
	}
	if err := follow(ctx, tx, act, false, standing); err != nil {
		return 0, err
	}
	if err := tx.QueryRow(ctx, `select count_act_people($1)`, act).Scan(&people); err != nil {
		return 0, fmt.Errorf("count the people of reorganisation %d: %w", act, err)
	}
	return people, nil
}

// follow brings an act's people to where they go on, or back, and lets everything stored follow the tree
// as it is now.
func follow(ctx context.Context, tx *postgres.Tx, act int64, back bool, orgs []int32) error {
	if _, err := tx.Exec(ctx, `select move_people($1, $2)`, act, back); err != nil {
		return fmt.Errorf("move the people of reorganisation %d: %w", act, err)
	}
	if _, err := tx.Exec(ctx, `select follow_the_tree($1)`, orgs); err != nil {
		return fmt.Errorf("follow reorganisation %d: %w", act, err)
	}
	if _, err := tx.Exec(ctx, `select count_passages($1)`, act); err != nil {
		return fmt.Errorf("members of reorganisation %d: %w", act, err)
	}
	return nil
}

// pairs gives the keys and values of a map side by side; never nil.
func pairs[K cmp.Ordered, V any](m map[K]V) ([]K, []V) {
	keys, values := []K{}, []V{}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		keys, values = append(keys, k), append(values, m[k])
	}
	return keys, values
}

func selectGrants(ctx context.Context, tx *postgres.Tx, ended []int32, today party.Date, limit int) ([]Grant, error) {
	if len(ended) == 0 {
		return nil, nil
	}
	rows, err := tx.Query(ctx, `select id, name, username, role, org_id from grants_at($1, $2, $3)`, ended, today, limit)
	if err != nil {
		return nil, fmt.Errorf("grants at what ends: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Grant])
}

// passGrants lets the grants at what ends go on where they are named, or ends them.
func passGrants(ctx context.Context, tx *postgres.Tx, id int64, ends []int32, act Act, today party.Date) (kept int, err error) {
	if ends == nil {
		return 0, nil
	}
	named, to := pairs(act.Grants)
	if err := tx.QueryRow(ctx, `select pass_grants($1, $2, $3, $4, $5, $6)`, id, ends, named, to, act.RestGrant, today).Scan(&kept); err != nil {
		return 0, fmt.Errorf("grants of reorganisation %d: %w", id, err)
	}
	return kept, nil
}

// stored is an act that was carried out.
type stored struct {
	id        int64
	kind      party.ActKind
	on        party.Date
	undone    bool
	lastStep  int64
	touched   []int32            // changed or ended
	targets   []int32            // new parents, and what a merge goes on in
	cells     []int32            // in which people go on
	rewritten []party.OrgVersion // of what had changed on the same day before: what it was then
	onlyNamed bool               // names and codes alone changed
}

func (a stored) involved() []int32 {
	all := slices.Concat(a.touched, a.targets, a.cells)
	slices.Sort(all)
	return slices.Compact(all)
}

func lockAct(ctx context.Context, tx *postgres.Tx, id int64) (a stored, err error) {
	a.id = id
	err = tx.QueryRow(ctx, `select kind, happened_on, undone_at is not null, last_step from reorganisations where id = $1 for update`, id).
		Scan(&a.kind, &a.on, &a.undone, &a.lastStep)
	if postgres.NoRows(err) {
		return a, fault.NewNotFound("reorganisation.error.not_found")
	}
	if err != nil {
		return a, fmt.Errorf("reorganisation %d: %w", id, err)
	}
	rows, err := tx.Query(ctx, `
		select org_id, coalesce(from_parent, 0), coalesce(to_parent, 0), coalesce(carried_to, 0), was, became, rewritten
		  from reorganisation_items where act_id = $1 order by org_id`, id)
	if err != nil {
		return a, fmt.Errorf("what reorganisation %d changed: %w", id, err)
	}
	a.onlyNamed = a.kind == party.AlterOrg
	var org, from, to, carried int32
	var was, became *party.OrgAttributes
	var rewritten bool
	_, err = pgx.ForEachRow(rows, []any{&org, &from, &to, &carried, &was, &became, &rewritten}, func() error {
		a.touched = append(a.touched, org)
		if to != 0 && to != from || a.kind == party.FoundOrg {
			a.targets = append(a.targets, to)
		}
		if carried != 0 {
			a.cells = append(a.cells, carried)
		}
		if rewritten {
			a.rewritten = append(a.rewritten, party.OrgVersion{OrgID: org, OrgAttributes: *was, ParentID: from, From: a.on})
		}
		if was != nil && became != nil && was.Kind != became.Kind {
			a.onlyNamed = false
		}
		return nil
	})
	if err != nil {
		return a, fmt.Errorf("what reorganisation %d changed: %w", id, err)
	}
	var parted []int32
	if err := tx.QueryRow(ctx, `select coalesce(array_agg(to_org), '{}') from goals_of_act($1)`, id).Scan(&parted); err != nil {
		return a, fmt.Errorf("where the people of reorganisation %d went: %w", id, err)
	}
	a.cells = append(a.cells, parted...)
	return a, nil
}

func countLaterActs(ctx context.Context, tx *postgres.Tx, act int64, orgs []int32) (n int, err error) {
	err = tx.QueryRow(ctx, `
		select count(*) from reorganisations r where r.id > $1 and r.undone_at is null and exists (
		    select from reorganisation_items i where i.act_id = r.id
		       and (i.org_id = any($2) or i.to_parent = any($2) or i.carried_to = any($2)))`, act, orgs).Scan(&n)
	return n, err
}

func countStepsSince(ctx context.Context, tx *postgres.Tx, act stored, orgs []int32) (n int, err error) {
	err = tx.QueryRow(ctx, `select steps_since($1, $2, $3)`, act.id, orgs, act.lastStep).Scan(&n)
	return n, err
}

func inUse(ctx context.Context, tx *postgres.Tx, org int32, foundation int64) (yes bool, err error) {
	if err = tx.QueryRow(ctx, `select organisation_in_use($1, $2)`, org, foundation).Scan(&yes); err != nil {
		return false, fmt.Errorf("what names organisation %d: %w", org, err)
	}
	return yes, nil
}

// bringGrantsBack marks an act undone and gives the grants back that it ended or carried on.
func bringGrantsBack(ctx context.Context, tx *postgres.Tx, account, act int64) error {
	if _, err := tx.Exec(ctx, `update reorganisations set undone_by = $2, undone_at = now() where id = $1`, act, account); err != nil {
		return fmt.Errorf("undo reorganisation %d: %w", act, err)
	}
	if _, err := tx.Exec(ctx, `select bring_grants_back($1)`, act); err != nil {
		return fmt.Errorf("grants of reorganisation %d: %w", act, err)
	}
	return nil
}
