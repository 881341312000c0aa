package organisation

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// holdsOn bounds a dated row to the day in a numbered argument.
func holdsOn(alias, argument string) string {
	return fmt.Sprintf("%[1]s.valid_from <= %[2]s and (%[1]s.valid_until is null or %[1]s.valid_until > %[2]s)", alias, argument)
}

const versionColumns = `v.org_id, v.name, v.code, v.kind, v.school_type, coalesce(v.parent_id, 0), v.valid_from, v.valid_until, v.id`

func (o *Org) targets() []any {
	return []any{&o.OrgID, &o.Name, &o.Code, &o.Kind, &o.School, &o.ParentID, &o.From, &o.Until, &o.row}
}

// above is one organisation on the way from the top down.
type above struct {
	id   int32
	kind party.OrgKind
}

// selectAbove gives for each organisation the way from the root down to it, as it stood on a day.
func selectAbove(ctx context.Context, tx *postgres.Tx, orgIDs []int32, day party.Date) (map[int32][]above, error) {
	rows, err := tx.Query(ctx, `
		select t.descendant_id, t.ancestor_id, v.kind
		  from organisation_tree t
		  join organisation_versions v on v.org_id = t.ancestor_id and `+holdsOn("v", "$2")+`
		 where t.descendant_id = any($1) and `+holdsOn("t", "$2")+`
		 order by t.depth desc`, orgIDs, day)
	if err != nil {
		return nil, fmt.Errorf("read the way to organisations: %w", err)
	}
	ways := make(map[int32][]above, len(orgIDs))
	var org int32
	var a above
	_, err = pgx.ForEachRow(rows, []any{&org, &a.id, &a.kind}, func() error {
		ways[org] = append(ways[org], a)
		return nil
	})
	return ways, err
}

// selectStamp gives what is another one after every change of the tree. Reorganisations also close
// versions and take some back.
func selectStamp(ctx context.Context, tx *postgres.Tx) (stamp string, err error) {
	err = tx.QueryRow(ctx, `
		select concat_ws(' ', coalesce(max(id), 0), (select count(*) from reorganisations), (select count(undone_at) from reorganisations))
		  from organisation_versions`).Scan(&stamp)
	return stamp, err
}

func selectTree(ctx context.Context, tx *postgres.Tx, day party.Date) (*Snapshot, error) {
	rows, err := tx.Query(ctx, `
		select `+versionColumns+` from organisation_versions v
		 where `+holdsOn("v", "$1")+` order by v.name collate "vi-VN-x-icu", v.org_id`, day)
	if err != nil {
		return nil, fmt.Errorf("read the tree: %w", err)
	}
	list, err := pgx.CollectRows(rows, scanOrg)
	if err != nil {
		return nil, fmt.Errorf("read the tree: %w", err)
	}
	tree := newSnapshot(day, list)
	tree.ended, err = selectEnded(ctx, tx, day)
	return tree, err
}

func selectStanding(ctx context.Context, tx *postgres.Tx, orgID int32, day party.Date) (path []int32, err error) {
	if err = tx.QueryRow(ctx, `select standing_path($1, $2)`, orgID, day).Scan(&path); err != nil {
		return nil, fmt.Errorf("where organisation %d stands: %w", orgID, err)
	}
	return path, nil
}

// selectMisplaced gives the organisations of which something is stored in another place.
func selectMisplaced(ctx context.Context, tx *postgres.Tx) ([]int32, error) {
	rows, err := tx.Query(ctx, `select distinct org from misplaced() order by org`)
	if err != nil {
		return nil, fmt.Errorf("what stands in another place: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int32])
}

// selectEnded gives what organisations were last that had ended on a day, with where they stood then.
func selectEnded(ctx context.Context, tx *postgres.Tx, day party.Date) (map[int32]Org, error) {
	rows, err := tx.Query(ctx, `
		select `+versionColumns+`, standing_path(v.org_id, $1)
		  from organisation_versions v
		 where v.valid_until <= $1 and not exists (select from organisation_versions n where n.org_id = v.org_id and n.valid_from > v.valid_from)`, day)
	if err != nil {
		return nil, fmt.Errorf("read what has ended: %w", err)
	}
	out := map[int32]Org{}
	for rows.Next() {
		var o Org
		if err := rows.Scan(append(o.targets(), &o.Path)...); err != nil {
			return nil, fmt.Errorf("read what has ended: %w", err)
		}
		out[o.OrgID] = o
	}
	return out, rows.Err()
}

func scanOrg(row pgx.CollectableRow) (o Org, err error) { return o, row.Scan(o.targets()...) }

// selectVersions gives everything that organisations have been, each from old to new.
func selectVersions(ctx context.Context, tx *postgres.Tx, ids []int32) ([]Org, error) {
	rows, err := tx.Query(ctx, `
		select `+versionColumns+` from organisation_versions v
		 where v.org_id = any($1) order by v.org_id, v.valid_from`, ids)
	if err != nil {
		return nil, fmt.Errorf("read versions: %w", err)
	}
	return pgx.CollectRows(rows, scanOrg)
}

// selectLineage gives the versions of an organisation and of all that ever stood above it.
func selectLineage(ctx context.Context, tx *postgres.Tx, orgID int32) (party.OrgHistory, error) {
	rows, err := tx.Query(ctx, `
		with recursive up(id) as (
			select $1::integer
			union select v.parent_id from organisation_versions v join up on v.org_id = up.id where v.parent_id is not null)
		select `+versionColumns+` from organisation_versions v join up on v.org_id = up.id`, orgID)
	if err != nil {
		return nil, fmt.Errorf("read the lineage of organisation %d: %w", orgID, err)
	}
	return historyOf(pgx.CollectRows(rows, scanOrg))
}

func historyOf(list []Org, err error) (party.OrgHistory, error) {
	if err != nil {
		return nil, err
	}
	versions := make([]party.OrgVersion, len(list))
	for i, o := range list {
		versions[i] = o.OrgVersion
	}
	return party.NewOrgHistory(versions), nil
}

func insertOrganisation(ctx context.Context, tx *postgres.Tx) (id int32, err error) {
	err = tx.QueryRow(ctx, `insert into organisations default values returning id`).Scan(&id)
	return id, err
}

func insertVersion(ctx context.Context, tx *postgres.Tx, account int64, orgID int32, d Details) error {
	_, err := tx.Exec(ctx, `
		insert into organisation_versions (org_id, name, code, kind, school_type, parent_id, valid_from, recorded_by)
		values ($1, $2, $3, $4, $5, nullif($6, 0), $7, $8)`,
		orgID, d.Name, d.Code, d.Kind, d.School, d.ParentID, d.From, account)
	if err != nil {
		return fmt.Errorf("insert version of organisation %d: %w", orgID, err)
	}
	return nil
}

// deleteVersion takes out a version that was written wrongly and is replaced from its very first day.
func deleteVersion(ctx context.Context, tx *postgres.Tx, row int64) error {
	_, err := tx.Exec(ctx, `delete from organisation_versions where id = $1`, row)
	return err
}

func insertLineage(ctx context.Context, tx *postgres.Tx, spans []party.OrgSpan) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"organisation_tree"},
		[]string{"ancestor_id", "descendant_id", "depth", "valid_from", "valid_until"},
		pgx.CopyFromSlice(len(spans), func(i int) ([]any, error) {
			s := spans[i]
			return []any{s.Ancestor, s.Descendant, int16(s.Depth), s.From, s.Until}, nil
		}))
	return err
}

// codeHolder gives the name of another organisation that has a code on or after a day.
func codeHolder(ctx context.Context, tx *postgres.Tx, code string, except int32, from party.Date) (name string, err error) {
	err = tx.QueryRow(ctx, `
		select name from organisation_versions
		 where code = $1 and org_id <> $2 and (valid_until is null or valid_until > $3) limit 1`,
		code, except, from).Scan(&name)
	if postgres.NoRows(err) {
		return "", nil
	}
	return name, err
}

// kindsBelow gives the kinds of what stands directly below an organisation on or after a day.
func kindsBelow(ctx context.Context, tx *postgres.Tx, orgID int32, from party.Date) ([]party.OrgKind, error) {
	rows, err := tx.Query(ctx, `
		select distinct kind from organisation_versions
		 where parent_id = $1 and (valid_until is null or valid_until > $2)`, orgID, from)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[party.OrgKind])
}

func hasPeople(ctx context.Context, tx *postgres.Tx, orgID int32) (yes bool, err error) {
	err = tx.QueryRow(ctx, `select organisation_has_people($1)`, orgID).Scan(&yes)
	return yes, err
}

func selectVersionAuthor(ctx context.Context, tx *postgres.Tx, row int64) (st Stale, err error) {
	err = tx.QueryRow(ctx, `
		select coalesce((select a.name from accounts a where a.id = v.recorded_by), ''), v.recorded_at
		  from organisation_versions v where v.id = $1`, row).Scan(&st.By, &st.At)
	return st, err
}

// lockTree lets one writer of the tree work at a time. The lock ends with the transaction.
func lockTree(ctx context.Context, tx *postgres.Tx) error {
	_, err := tx.Exec(ctx, `select pg_advisory_xact_lock(7464003)`)
	return err
}

// selectOrgIDs gives the next organisations by number.
func selectOrgIDs(ctx context.Context, tx *postgres.Tx, after int32, limit int) ([]int32, error) {
	rows, err := tx.Query(ctx, `select id from organisations where id > $1 order by id limit $2`, after, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int32])
}

func selectStoredLineage(ctx context.Context, tx *postgres.Tx, ids []int32) (map[int32][]party.OrgSpan, error) {
	rows, err := tx.Query(ctx, `
		select ancestor_id, descendant_id, depth, valid_from, valid_until from organisation_tree
		 where descendant_id = any($1) order by descendant_id, depth, ancestor_id, valid_from`, ids)
	if err != nil {
		return nil, err
	}
	out := map[int32][]party.OrgSpan{}
	for rows.Next() {
		var s party.OrgSpan
		if err := rows.Scan(&s.Ancestor, &s.Descendant, &s.Depth, &s.From, &s.Until); err != nil {
			return nil, err
		}
		out[s.Descendant] = append(out[s.Descendant], s)
	}
	return out, rows.Err()
}

// selectAllVersions gives what every organisation has been.
func selectAllVersions(ctx context.Context, tx *postgres.Tx) (party.OrgHistory, error) {
	rows, err := tx.Query(ctx, `select `+versionColumns+` from organisation_versions v`)
	if err != nil {
		return nil, err
	}
	return historyOf(pgx.CollectRows(rows, scanOrg))
}
