package account

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

func insertSession(ctx context.Context, tx *postgres.Tx, account int64, hash, data []byte, d Device) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		insert into sessions (token_hash, account_id, data, user_agent, address, expires_at)
		values ($1, $2, $3, left($4, 300), $5, now() + $6::interval) returning id`,
		hash, account, data, d.UserAgent, d.Address, SessionIdle).Scan(&id)
	return id, err
}

// selectSession is the one query that every page pays.
func selectSession(ctx context.Context, tx *postgres.Tx, hash []byte, today party.Date) (*Session, error) {
	var s Session
	var grants []byte
	err := tx.QueryRow(ctx, `
		select s.id, s.data, s.seen_at < now() - $3::interval,
		       a.id, a.username, a.name, a.language, a.must_change, g.list, coalesce(g.place, '')
		  from sessions s
		  join accounts a on a.id = s.account_id
		  cross join lateral (
		       select coalesce(json_agg(json_build_object('ID', g.id, 'Role', g.role, 'OrgID', g.org_id,
		                'From', g.valid_from, 'Until', g.valid_until) order by g.id), '[]') as list,
		              (array_agg(v.name order by g.id))[1] as place
		         from grants g
		         left join organisation_versions v on v.org_id = g.org_id
		              and v.valid_from <= $2 and (v.valid_until is null or v.valid_until > $2)
		        where g.account_id = a.id and g.valid_from <= $2
		          and (g.valid_until is null or g.valid_until > $2)) g
		 where s.token_hash = $1 and s.expires_at > now() and a.disabled_at is null`,
		hash, today, touchEvery).Scan(&s.ID, &s.Data, &s.stale, &s.Viewer.AccountID, &s.Viewer.Username,
		&s.Viewer.Name, &s.Language, &s.MustChange, &grants, &s.OrgName)
	if postgres.NoRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(grants, &s.Viewer.Grants); err != nil {
		return nil, fmt.Errorf("grants of account %d: %w", s.Viewer.AccountID, err)
	}
	return &s, nil
}

func touchSession(ctx context.Context, tx *postgres.Tx, id int64) error {
	_, err := tx.Exec(ctx, `
		update sessions set seen_at = now(), expires_at = least(now() + $2::interval, created_at + $3::interval)
		 where id = $1`, id, SessionIdle, SessionMax)
	return err
}

func updateSessionData(ctx context.Context, tx *postgres.Tx, id int64, data []byte) error {
	_, err := tx.Exec(ctx, `update sessions set data = $2 where id = $1`, id, data)
	return err
}

func deleteSession(ctx context.Context, tx *postgres.Tx, id int64) error {
	_, err := tx.Exec(ctx, `delete from sessions where id = $1`, id)
	return err
}

func selectSessions(ctx context.Context, tx *postgres.Tx, account int64) ([]SignedIn, error) {
	rows, err := tx.Query(ctx, `
		select id, user_agent, address, created_at, seen_at from sessions
		 where account_id = $1 and expires_at > now() order by seen_at desc, id limit 100`, account)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[SignedIn])
}

// deleteOwnSessions ends the one session, or with one = 0 all but keep (0 keeps none).
func deleteOwnSessions(ctx context.Context, tx *postgres.Tx, account, one, keep int64) (int64, error) {
	tag, err := tx.Exec(ctx, `
		delete from sessions where account_id = $1 and ($2 = 0 or id = $2) and id <> $3`, account, one, keep)
	return tag.RowsAffected(), err
}

// selectWait tells how long a subject is locked: until fewer than most of its failures lie in the window.
func selectWait(ctx context.Context, tx *postgres.Tx, subject string, most int, window time.Duration) (time.Duration, error) {
	var wait time.Duration
	err := tx.QueryRow(ctx, `
		select at + $3::interval - now() from sign_in_failures
		 where subject = $1 and at > now() - $3::interval
		 order by at desc offset $2 limit 1`, subject, most-1, window).Scan(&wait)
	if postgres.NoRows(err) {
		return 0, nil
	}
	return wait, err
}

func insertFailures(ctx context.Context, tx *postgres.Tx, subjects ...string) error {
	_, err := tx.Exec(ctx, `insert into sign_in_failures (subject) select unnest($1::text[])`, subjects)
	return err
}

func deleteFailures(ctx context.Context, tx *postgres.Tx, subject string) error {
	_, err := tx.Exec(ctx, `delete from sign_in_failures where subject = $1`, subject)
	return err
}

func deleteExpired(ctx context.Context, tx *postgres.Tx) error {
	for _, sql := range []string{
		`delete from sessions where expires_at < now()`,
		`delete from sign_in_failures where at < now() - interval '1 day'`,
		`delete from request_keys where at < now() - interval '7 days'`,
	} {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return fmt.Errorf("delete what has expired: %w", err)
		}
	}
	return nil
}

// selectForSignIn gives the account of a name with its hash, or both empty.
func selectForSignIn(ctx context.Context, tx *postgres.Tx, username string) (a Account, hash string, err error) {
	var disabled *time.Time
	err = tx.QueryRow(ctx, `
		select id, username, name, language, disabled_at, must_change, password_hash
		  from accounts where username = $1`, username).
		Scan(&a.ID, &a.Username, &a.Name, &a.Language, &disabled, &a.MustChange, &hash)
	if postgres.NoRows(err) {
		return Account{}, "", nil
	}
	if disabled != nil {
		a.DisabledAt = *disabled
	}
	return a, hash, err
}
