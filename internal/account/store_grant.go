package account

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

func insertGrant(ctx context.Context, tx *postgres.Tx, account int64, g NewGrant) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		insert into grants (account_id, role, org_id, valid_from, valid_until) values ($1, $2, $3, $4, $5) returning id`,
		account, g.Role, g.OrgID, g.From, g.Until).Scan(&id)
	return id, err
}

func selectGrant(ctx context.Context, tx *postgres.Tx, account, id int64) (g Grant, err error) {
	err = tx.QueryRow(ctx, `
		select id, role, org_id, valid_from, valid_until from grants where id = $1 and account_id = $2`, id, account).
		Scan(&g.ID, &g.Role, &g.OrgID, &g.From, &g.Until)
	if postgres.NoRows(err) {
		return Grant{}, notFound()
	}
	return g, err
}

// endGrant ends a grant on a day; one that has not begun then never holds.
func endGrant(ctx context.Context, tx *postgres.Tx, id int64, day party.Date) error {
	_, err := tx.Exec(ctx, `
		update grants set valid_until = greatest(valid_from, $2)
		 where id = $1 and (valid_until is null or valid_until > $2)`, id, day)
	return err
}

func selectPath(ctx context.Context, tx *postgres.Tx, org int32, day party.Date) (path []int32, err error) {
	err = tx.QueryRow(ctx, `select organisation_path($1, $2)`, org, day).Scan(&path)
	return path, err
}

// selectOrganisations walks down from the scope's tops in the order of codes.
func selectOrganisations(ctx context.Context, tx *postgres.Tx, sc scope, day party.Date) ([]Organisation, error) {
	rows, err := tx.Query(ctx, `
		with recursive now as (
		  select org_id, name, code, parent_id from organisation_versions
		   where valid_from <= $2 and (valid_until is null or valid_until > $2)),
		tops as (
		  select n.* from now n
		   where ($3 and n.parent_id is null or n.org_id = any($1))
		     and not exists (select from organisation_tree t where t.descendant_id = n.org_id and t.depth > 0
		           and not $3 and t.ancestor_id = any($1)
		           and t.valid_from <= $2 and (t.valid_until is null or t.valid_until > $2))),
		walk as (
		  select org_id, name, code, 0 as depth, array[code] as way from tops
		  union all
		  select n.org_id, n.name, n.code, w.depth + 1, w.way || n.code from now n join walk w on n.parent_id = w.org_id)
		select org_id, name, code, depth from walk order by way limit 2000`, sc.roots, day, sc.all)
	if err != nil {
		return nil, fmt.Errorf("list organisations: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Organisation])
}
