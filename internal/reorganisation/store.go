package reorganisation

import (
	"context"
	"fmt"
	"slices"

	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// facts are what stands against an act or goes along with it.
type facts struct {
	people, members, dossiers, papers, accounts int
	lying                                       int        // open at what ends
	lastStep                                    party.Date // newest on or after the act's day
}

func selectFacts(ctx context.Context, tx *postgres.Tx, orgs, ended []int32, day party.Date) (f facts, err error) {
	if ended == nil {
		ended = []int32{}
	}
	err = tx.QueryRow(ctx, `select people, members, dossiers, papers, accounts, lying, last_step from reorganisation_facts($1, $2, $3)`, orgs, ended, day).
		Scan(&f.people, &f.members, &f.dossiers, &f.papers, &f.accounts, &f.lying, &f.lastStep)
	if err != nil {
		return f, fmt.Errorf("what goes along with an act: %w", err)
	}
	return f, nil
}

func insertAct(ctx context.Context, tx *postgres.Tx, account int64, act Act) (id int64, err error) {
	var into int32
	if act.Kind == party.MoveOrgs || act.Kind == party.MergeOrgs {
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

func insertItems(ctx context.Context, tx *postgres.Tx, act int64, h party.OrgHistory, plan party.Reordering) error {
	orgs := plan.Touched()
	from, to, carried := make([]int32, len(orgs)), make([]int32, len(orgs)), make([]int32, len(orgs))
	for i, id := range orgs {
		from[i], to[i], carried[i] = h[id][len(h[id])-1].ParentID, plan.Parents[id], plan.Carried[id]
	}
	_, err := tx.Exec(ctx, `
		insert into reorganisation_items (act_id, org_id, from_parent, to_parent, carried_to)
		select $1, t.org, t.was, nullif(t.parent, 0), nullif(t.carried, 0)
		  from unnest($2::integer[], $3::integer[], $4::integer[], $5::integer[]) t (org, was, parent, carried)`,
		act, orgs, from, to, carried)
	if err != nil {
		return fmt.Errorf("insert what reorganisation %d moves: %w", act, err)
	}
	return nil
}

// carryPeople notes who goes to another cell, and lets everything stored follow the tree.
func carryPeople(ctx context.Context, tx *postgres.Tx, act int64, standing []int32, carried map[int32]int32) (people int, err error) {
	from, to := []int32{}, []int32{}
	for cell, into := range carried {
		from, to = append(from, cell), append(to, into)
	}
	if _, err := tx.Exec(ctx, `select carry_people($1, $2, $3, $4)`, act, standing, from, to); err != nil {
		return 0, fmt.Errorf("people of reorganisation %d: %w", act, err)
	}
	if err := tx.QueryRow(ctx, `select follow_the_tree($1, $2, $3)`, standing, from, to).Scan(&people); err != nil {
		return 0, fmt.Errorf("follow reorganisation %d: %w", act, err)
	}
	return people, countPassages(ctx, tx, act)
}

// countPassages brings in line where the members of an act count from its day on.
func countPassages(ctx context.Context, tx *postgres.Tx, act int64) error {
	if _, err := tx.Exec(ctx, `select count_passages($1)`, act); err != nil {
		return fmt.Errorf("members of reorganisation %d: %w", act, err)
	}
	return nil
}

// passGrants lets the grants at what ends go on at what it goes on in, or ends them.
func passGrants(ctx context.Context, tx *postgres.Tx, act int64, ends []int32, into int32, today party.Date) (kept int, err error) {
	to := make([]*int32, len(ends))
	if into != 0 {
		for i := range to {
			to[i] = &into
		}
	}
	if err := tx.QueryRow(ctx, `select pass_grants($1, $2, $3, $4)`, act, ends, to, today).Scan(&kept); err != nil {
		return 0, fmt.Errorf("grants of reorganisation %d: %w", act, err)
	}
	return kept, nil
}

func updatePeople(ctx context.Context, tx *postgres.Tx, act int64, people int) error {
	_, err := tx.Exec(ctx, `update reorganisations set people = $2 where id = $1`, act, people)
	return err
}

// stored is an act that was carried out.
type stored struct {
	id       int64
	on       party.Date
	undone   bool
	lastStep int64
	touched  []int32 // moved or ended
	targets  []int32 // new parents, and what a merge goes on in
	cells    []int32 // in which people go on
}

func (a stored) involved() []int32 {
	all := slices.Concat(a.touched, a.targets, a.cells)
	slices.Sort(all)
	return slices.Compact(all)
}

func lockAct(ctx context.Context, tx *postgres.Tx, id int64) (a stored, err error) {
	a.id = id
	err = tx.QueryRow(ctx, `select happened_on, undone_at is not null, last_step from reorganisations where id = $1 for update`, id).
		Scan(&a.on, &a.undone, &a.lastStep)
	if postgres.NoRows(err) {
		return a, fault.NewNotFound("reorganisation.error.not_found")
	}
	if err != nil {
		return a, fmt.Errorf("reorganisation %d: %w", id, err)
	}
	err = tx.QueryRow(ctx, `
		select coalesce(array_agg(org_id order by org_id), '{}'),
		       coalesce(array_agg(distinct to_parent) filter (where to_parent is not null), '{}'),
		       coalesce(array_agg(distinct carried_to) filter (where carried_to is not null), '{}')
		  from reorganisation_items where act_id = $1`, id).Scan(&a.touched, &a.targets, &a.cells)
	if err != nil {
		return a, fmt.Errorf("what reorganisation %d moved: %w", id, err)
	}
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

func bringBack(ctx context.Context, tx *postgres.Tx, account, act int64, orgs []int32) error {
	if _, err := tx.Exec(ctx, `update reorganisations set undone_by = $2, undone_at = now() where id = $1`, act, account); err != nil {
		return fmt.Errorf("undo reorganisation %d: %w", act, err)
	}
	if _, err := tx.Exec(ctx, `select bring_back($1, $2), bring_grants_back($1)`, act, orgs); err != nil {
		return fmt.Errorf("bring back the people of reorganisation %d: %w", act, err)
	}
	return countPassages(ctx, tx, act)
}
