package account

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

func selectAnyAccount(ctx context.Context, tx *postgres.Tx) (exists bool, err error) {
	err = tx.QueryRow(ctx, `select exists (select from accounts)`).Scan(&exists)
	return exists, err
}

func insertAccount(ctx context.Context, tx *postgres.Tx, username, name, hash string, mustChange bool) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		insert into accounts (username, name, password_hash, must_change) values ($1, $2, $3, $4) returning id`,
		username, name, hash, mustChange).Scan(&id)
	if postgres.UniqueViolation(err) != "" {
		return 0, fault.InvalidFields(fault.Field{Name: "username", Key: "accounts.error.username_taken"})
	}
	return id, err
}

const accountColumns = `a.id, a.username, a.name, a.language, a.disabled_at, a.must_change, a.version, a.created_at,
	(select max(seen_at) from sessions s where s.account_id = a.id)`

func scanAccount(row pgx.Row) (a Account, err error) {
	var disabled, seen *time.Time
	err = row.Scan(&a.ID, &a.Username, &a.Name, &a.Language, &disabled, &a.MustChange, &a.Version, &a.CreatedAt, &seen)
	if disabled != nil {
		a.DisabledAt = *disabled
	}
	if seen != nil {
		a.SeenAt = *seen
	}
	return a, err
}

// selectAccount gives one account with all its grants (fault.NotFound).
func selectAccount(ctx context.Context, tx *postgres.Tx, id int64) (Account, error) {
	a, err := scanAccount(tx.QueryRow(ctx, `select `+accountColumns+` from accounts a where a.id = $1`, id))
	if postgres.NoRows(err) {
		return Account{}, notFound()
	}
	if err != nil {
		return Account{}, fmt.Errorf("read account: %w", err)
	}
	list := []Account{a}
	err = loadGrants(ctx, tx, list)
	return list[0], err
}

func selectAccountID(ctx context.Context, tx *postgres.Tx, username string) (id int64, err error) {
	err = tx.QueryRow(ctx, `select id from accounts where username = $1`, username).Scan(&id)
	if postgres.NoRows(err) {
		return 0, notFound()
	}
	return id, err
}

// reached tells in SQL whether grant g lies at an organisation of $1 on day $2.
const reached = `exists (select from organisation_tree t where t.descendant_id = g.org_id and t.ancestor_id = any($1)
	and t.valid_from <= $2 and (t.valid_until is null or t.valid_until > $2))`

// atTop tells in SQL whether $1 holds an organisation that has none above it on day $2.
const atTop = `exists (select from organisation_versions v where v.org_id = any($1) and v.parent_id is null
	and v.valid_from <= $2 and (v.valid_until is null or v.valid_until > $2))`

func selectAccounts(ctx context.Context, tx *postgres.Tx, sc scope, day party.Date, f Filter, limit int) ([]Account, error) {
	args := []any{sc.roots, day, sc.all}
	where := []string{`($3 or exists (select from grants g where g.account_id = a.id and ` + reached + `)
		or not exists (select from grants g where g.account_id = a.id) and ` + atTop + `)`}
	add := func(part string, value any) {
		args = append(args, value)
		where = append(where, fmt.Sprintf(part, len(args)))
	}
	if f.Search != "" {
		add(`strpos(fold(a.username || ' ' || a.name), fold($%d)) > 0`, f.Search)
	}
	if f.Role != "" {
		add(`exists (select from grants g where g.account_id = a.id and g.role = $%d
			and g.valid_from <= $2 and (g.valid_until is null or g.valid_until > $2))`, f.Role)
	}
	if f.Disabled != nil {
		add(`(a.disabled_at is not null) = $%d`, *f.Disabled)
	}
	if f.After != "" {
		add(`a.username > $%d`, f.After)
	}
	args = append(args, limit)
	rows, err := tx.Query(ctx, fmt.Sprintf(`select %s from accounts a where %s order by a.username limit $%d`,
		accountColumns, strings.Join(where, " and "), len(args)), args...)
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Account, error) { return scanAccount(row) })
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	return list, loadGrants(ctx, tx, list)
}

// loadGrants fills in the grants of all accounts of a list with one query.
func loadGrants(ctx context.Context, tx *postgres.Tx, list []Account) error {
	at := make(map[int64]int, len(list))
	ids := make([]int64, len(list))
	for i, a := range list {
		at[a.ID], ids[i] = i, a.ID
	}
	rows, err := tx.Query(ctx, `
		select g.account_id, g.id, g.role, g.org_id, g.valid_from, g.valid_until, coalesce(v.name, ''), coalesce(v.code, '')
		  from grants g
		  left join lateral (select name, code from organisation_versions v where v.org_id = g.org_id
		                      order by valid_from desc limit 1) v on true
		 where g.account_id = any($1) order by g.id`, ids)
	if err != nil {
		return fmt.Errorf("list grants: %w", err)
	}
	var account int64
	var g Grant
	_, err = pgx.ForEachRow(rows, []any{&account, &g.ID, &g.Role, &g.OrgID, &g.From, &g.Until, &g.OrgName, &g.OrgCode}, func() error {
		a := &list[at[account]]
		a.Grants = append(a.Grants, g)
		return nil
	})
	return err
}

// selectReach tells whether an account is among those that the scope administers, and whether
// none of its grants of today or later lies outside.
func selectReach(ctx context.Context, tx *postgres.Tx, sc scope, account int64, day party.Date) (sees, manages bool, err error) {
	if sc.all {
		return true, true, nil
	}
	err = tx.QueryRow(ctx, `
		select coalesce(bool_or(`+reached+`), `+atTop+`),
		       coalesce(bool_and(`+reached+` or coalesce(g.valid_until <= $2, false)), true)
		  from grants g where g.account_id = $3`, sc.roots, day, account).Scan(&sees, &manages)
	if err != nil {
		return false, false, fmt.Errorf("reach of account: %w", err)
	}
	return sees, sees && manages, nil
}

// bumpVersion claims the change of an account that is still in the version it was shown in.
func bumpVersion(ctx context.Context, tx *postgres.Tx, id int64, version int) error {
	tag, err := tx.Exec(ctx, `update accounts set version = version + 1 where id = $1 and version = $2`, id, version)
	if err == nil && tag.RowsAffected() == 0 {
		return fault.NewConflict("errors.conflict")
	}
	return err
}

func updateName(ctx context.Context, tx *postgres.Tx, id int64, name string) error {
	_, err := tx.Exec(ctx, `update accounts set name = $2 where id = $1`, id, name)
	return err
}

func updateLanguage(ctx context.Context, tx *postgres.Tx, id int64, lang string) error {
	_, err := tx.Exec(ctx, `update accounts set language = $2 where id = $1`, id, lang)
	return err
}

func updateDisabled(ctx context.Context, tx *postgres.Tx, id int64, disabled bool) error {
	_, err := tx.Exec(ctx, `update accounts set disabled_at = case when $2 then now() end where id = $1`, id, disabled)
	return err
}

func updatePassword(ctx context.Context, tx *postgres.Tx, id int64, hash string, mustChange bool) error {
	_, err := tx.Exec(ctx, `update accounts set password_hash = $2, must_change = $3 where id = $1`, id, hash, mustChange)
	return err
}

// lockAdministrators lets one transaction at a time take an administrator's rights away.
func lockAdministrators(ctx context.Context, tx *postgres.Tx) error {
	_, err := tx.Exec(ctx, `select pg_advisory_xact_lock(7464003)`)
	return err
}

// lockSetUp lets one set-up at a time run.
func lockSetUp(ctx context.Context, tx *postgres.Tx) error {
	_, err := tx.Exec(ctx, `select pg_advisory_xact_lock(7464004)`)
	return err
}

// countAdministrators counts who may sign in and administers an organisation at the top.
func countAdministrators(ctx context.Context, tx *postgres.Tx, day party.Date) (n int, err error) {
	err = tx.QueryRow(ctx, `
		select count(distinct a.id)
		  from accounts a join grants g on g.account_id = a.id
		  join organisation_versions v on v.org_id = g.org_id and v.parent_id is null
		       and v.valid_from <= $1 and (v.valid_until is null or v.valid_until > $1)
		 where a.disabled_at is null and g.role = 'administrator'
		   and g.valid_from <= $1 and (g.valid_until is null or g.valid_until > $1)`, day).Scan(&n)
	return n, err
}
