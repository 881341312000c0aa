package audit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

func insertEntry(ctx context.Context, tx *postgres.Tx, account int64, request string, e Entry, detail []byte) error {
	_, err := tx.Exec(ctx, `
		insert into audit_entries (account_id, action, entity, entity_id, org_id, request_id, detail)
		values ($1, $2, $3, $4, nullif($5, 0), $6, $7)`,
		account, e.Action, e.Entity, e.EntityID, e.OrgID, request, string(detail))
	if err != nil {
		return fmt.Errorf("audit %s %s: %w", e.Action, e.Entity, err)
	}
	return nil
}

// sealed is one entry in the form that the chain is computed over.
type sealed struct {
	id, account, entityID           int64
	at                              time.Time
	action, entity, request, detail string
	org                             *int32
}

const sealedColumns = `e.id, e.at, e.account_id, e.action, e.entity, e.entity_id, e.org_id, e.request_id, e.detail::text`

func (s *sealed) targets() []any {
	return []any{&s.id, &s.at, &s.account, &s.action, &s.entity, &s.entityID, &s.org, &s.request, &s.detail}
}

// lockChain lets one sealer work at a time; the lock ends with the transaction.
func lockChain(ctx context.Context, tx *postgres.Tx) error {
	_, err := tx.Exec(ctx, `select pg_advisory_xact_lock(7464002)`)
	return err
}

func chainHead(ctx context.Context, tx *postgres.Tx) (seq int64, hash []byte, err error) {
	err = tx.QueryRow(ctx, `select seq, hash from audit_chain order by seq desc limit 1`).Scan(&seq, &hash)
	if postgres.NoRows(err) {
		return 0, nil, nil
	}
	return seq, hash, err
}

// selectUnsealed gives entries with ids above floor that are not in the chain, by id.
func selectUnsealed(ctx context.Context, tx *postgres.Tx, floor int64, limit int) ([]sealed, error) {
	rows, err := tx.Query(ctx, `
		select `+sealedColumns+`
		  from audit_entries e
		 where e.id > $1 and not exists (select from audit_chain c where c.entry_id = e.id)
		 order by e.id limit $2`, floor, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (sealed, error) {
		var s sealed
		err := row.Scan(s.targets()...)
		return s, err
	})
}

// settledFloor gives the id of the newest sealed entry that is older than an hour. What a
// transaction still open could add below it is found by the full search at the next start.
func settledFloor(ctx context.Context, tx *postgres.Tx) (int64, error) {
	var id int64
	err := tx.QueryRow(ctx, `
		select coalesce((select e.id from audit_chain c join audit_entries e on e.id = c.entry_id
		                  where e.at < now() - interval '1 hour' order by c.seq desc limit 1), 0)`).Scan(&id)
	return id, err
}

func insertLinks(ctx context.Context, tx *postgres.Tx, links [][]any) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"audit_chain"}, []string{"seq", "entry_id", "hash"}, pgx.CopyFromRows(links))
	return err
}

func countUnsealed(ctx context.Context, tx *postgres.Tx) (n int64, err error) {
	err = tx.QueryRow(ctx, `
		select count(*) from audit_entries e
		 where not exists (select from audit_chain c where c.entry_id = e.id)`).Scan(&n)
	return n, err
}

// link is one row of the chain with the entry it seals; the entry is nil when it is gone.
type link struct {
	seq, entryID int64
	hash         []byte
	entry        *sealed
}

// eachLink calls fn with the links in their order until it answers false.
func eachLink(ctx context.Context, tx *postgres.Tx, fn func(link) bool) error {
	rows, err := tx.Query(ctx, `
		select c.seq, c.entry_id, c.hash, e.id is not null,
		       coalesce(e.id, 0), coalesce(e.at, now()), coalesce(e.account_id, 0), coalesce(e.action, ''),
		       coalesce(e.entity, ''), coalesce(e.entity_id, 0), e.org_id, coalesce(e.request_id, ''), coalesce(e.detail::text, '')
		  from audit_chain c left join audit_entries e on e.id = c.entry_id order by c.seq`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var l link
		var there bool
		var s sealed
		if err := rows.Scan(append([]any{&l.seq, &l.entryID, &l.hash, &there}, s.targets()...)...); err != nil {
			return err
		}
		if there {
			l.entry = &s
		}
		if !fn(l) {
			return nil
		}
	}
	return rows.Err()
}

// selectEntries reads one page of the trail, newest first. Row-level security bounds it.
func selectEntries(ctx context.Context, tx *postgres.Tx, f Filter, limit int) ([]Row, error) {
	where, args := conditions(f)
	args = append(args, limit)
	rows, err := tx.Query(ctx, fmt.Sprintf(`
		select e.id, e.at, e.account_id, coalesce(a.username, ''), coalesce(a.name, ''), e.action, e.entity, e.entity_id,
		       coalesce(e.org_id, 0), coalesce(o.name, ''), e.request_id, e.detail::text
		  from audit_entries e
		  left join accounts a on a.id = e.account_id
		  left join lateral (select name from organisation_versions v where v.org_id = e.org_id
		                      order by valid_from desc limit 1) o on true
		 %s order by e.id desc limit $%d`, where, len(args)), args...)
	if err != nil {
		return nil, fmt.Errorf("list audit: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Row, err error) {
		err = row.Scan(&r.ID, &r.At, &r.AccountID, &r.Username, &r.Name, &r.Action, &r.Entity, &r.EntityID,
			&r.OrgID, &r.OrgName, &r.RequestID, &r.Detail)
		return r, err
	})
}

func conditions(f Filter) (string, []any) {
	var parts []string
	var args []any
	add := func(part string, value any) {
		args = append(args, value)
		parts = append(parts, fmt.Sprintf(part, len(args)))
	}
	if f.Username != "" {
		add("e.account_id = (select id from accounts where username = lower($%d))", f.Username)
	}
	if f.Action != "" {
		add("e.action = $%d", f.Action)
	}
	if f.Entity != "" {
		add("e.entity = $%d", f.Entity)
	}
	if f.EntityID != 0 {
		add("e.entity_id = $%d", f.EntityID)
	}
	if !f.Day.IsZero() {
		add("e.at >= $%d", startOf(f.Day))
		add("e.at < $%d", startOf(f.Day.AddDays(1)))
	}
	if f.Before != 0 {
		add("e.id < $%d", f.Before)
	}
	if len(parts) == 0 {
		return "", nil
	}
	return "where " + strings.Join(parts, " and "), args
}

// startOf is midnight of a day where the committee is: Viet Nam has kept UTC+7 since 1975.
func startOf(d party.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.FixedZone("", 7*60*60))
}
