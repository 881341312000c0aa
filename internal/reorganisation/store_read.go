package reorganisation

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/fault"
	"ketnap/internal/postgres"
)

// nameBefore is what an organisation was called until the day of an act r.
const nameBefore = `coalesce((select v.name from organisation_versions v where v.org_id = %s order by v.valid_from >= r.happened_on, v.valid_from desc limit 1), '')`

// itemName is what the organisation of an item i of an act r was called until then; one that was founded by
// it, from then on.
var itemName = `coalesce(i.was->>'name', case when r.kind = 'found' then i.became->>'name' end, ` + fmt.Sprintf(nameBefore, "i.org_id") + `)`

func acts(where string) string {
	return `select r.id, r.kind, r.happened_on, ` + fmt.Sprintf(nameBefore, "r.into_org") + `, r.decision_number, r.decision_date, r.issuer, r.people,
	       coalesce(f.name, ''), coalesce(f.became, ''),
	       (select count(*)::integer from reorganisation_items i where i.act_id = r.id),
	       (select count(*)::integer from reorganisation_items i where i.act_id = r.id and i.to_parent is null),
	       coalesce((select a.name from accounts a where a.id = r.recorded_by), ''), r.recorded_at,
	       coalesce((select a.name from accounts a where a.id = r.undone_by), ''), r.undone_at
	  from reorganisations r
	  left join lateral (select ` + itemName + ` as name, i.became->>'name' as became from reorganisation_items i where i.act_id = r.id
	                      order by i.to_parent is not null, i.org_id limit 1) f on true
	 where ($1::integer[] is null or exists (select from reorganisation_items i where i.act_id = r.id and i.from_parent = any($1)))
	   and ` + where
}

func (d *Done) targets() []any {
	return []any{&d.ID, &d.Kind, &d.On, &d.Into, &d.Number, &d.Decision.On, &d.Issuer, &d.People, &d.First, &d.Became, &d.Orgs, &d.Ended,
		&d.RecordedBy, &d.RecordedAt, &d.UndoneBy, &d.UndoneAt}
}

func selectActs(ctx context.Context, tx *postgres.Tx, within []int32, after Cursor, limit int) ([]Done, error) {
	rows, err := tx.Query(ctx, acts(`r.decision_number <> '' and ($2::date is null or (r.happened_on, r.id) < ($2, $3)) order by r.happened_on desc, r.id desc limit $4`),
		within, after.Day, after.ID, limit)
	if err != nil {
		return nil, fmt.Errorf("list reorganisations: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (d Done, err error) { return d, row.Scan(d.targets()...) })
}

func selectActsOf(ctx context.Context, tx *postgres.Tx, org int32, limit int) ([]Done, error) {
	rows, err := tx.Query(ctx, acts(`r.undone_at is null and exists (select from reorganisation_items i where i.act_id = r.id and i.org_id = $2)
	   order by r.happened_on desc, r.id desc limit $3`), []int32(nil), org, limit)
	if err != nil {
		return nil, fmt.Errorf("acts on organisation %d: %w", org, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (d Done, err error) { return d, row.Scan(d.targets()...) })
}

func selectAct(ctx context.Context, tx *postgres.Tx, within []int32, id int64) (d Done, err error) {
	err = tx.QueryRow(ctx, acts(`r.id = $2`), within, id).Scan(d.targets()...)
	if postgres.NoRows(err) {
		return d, fault.NewNotFound("reorganisation.error.not_found")
	}
	if err != nil {
		return d, fmt.Errorf("reorganisation %d: %w", id, err)
	}
	return d, nil
}

func selectItems(ctx context.Context, tx *postgres.Tx, act int64) ([]Item, error) {
	rows, err := tx.Query(ctx, `
		select i.org_id, `+itemName+`, `+fmt.Sprintf(nameBefore, "i.from_parent")+`,
		       `+fmt.Sprintf(nameBefore, "i.to_parent")+`, `+fmt.Sprintf(nameBefore, "i.carried_to")+`, i.was, i.became
		  from reorganisation_items i join reorganisations r on r.id = i.act_id
		 where i.act_id = $1 order by i.to_parent is not null, i.to_parent, i.org_id`, act)
	if err != nil {
		return nil, fmt.Errorf("what reorganisation %d moved: %w", act, err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Item])
}

func selectPassings(ctx context.Context, tx *postgres.Tx, person int64, limit int) ([]Passing, error) {
	rows, err := tx.Query(ctx, `
		select r.id, r.kind, r.happened_on, `+fmt.Sprintf(nameBefore, "p.from_org")+`, `+fmt.Sprintf(nameBefore, "p.to_org")+`,
		       r.decision_number, r.decision_date, r.issuer, coalesce((select a.name from accounts a where a.id = r.recorded_by), ''), r.recorded_at
		  from reorganisation_people p join reorganisations r on r.id = p.act_id
		 where p.person_id = $1 and p.from_org <> p.to_org and r.undone_at is null order by r.happened_on desc, r.id desc limit $2`, person, limit)
	if err != nil {
		return nil, fmt.Errorf("cells of person %d by reorganisations: %w", person, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Passing, err error) {
		return p, row.Scan(&p.ActID, &p.Kind, &p.On, &p.From, &p.To, &p.Number, &p.Decision.On, &p.Issuer, &p.RecordedBy, &p.RecordedAt)
	})
}

// selectGoals gives the cells in which people of an act went on one by one, with how many.
func selectGoals(ctx context.Context, tx *postgres.Tx, act int64) ([]Goal, error) {
	rows, err := tx.Query(ctx, `
		select `+fmt.Sprintf(nameBefore, "p.to_org")+`, p.people from goals_of_act($1) p join reorganisations r on r.id = $1 order by 1`, act)
	if err != nil {
		return nil, fmt.Errorf("where the people of reorganisation %d went: %w", act, err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Goal])
}
