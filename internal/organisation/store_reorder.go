package organisation

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// selectBelow gives some organisations and all that stand below them, as the stored tree has it.
func selectBelow(ctx context.Context, tx *postgres.Tx, ids []int32) ([]int32, error) {
	rows, err := tx.Query(ctx, `
		select distinct descendant_id from organisation_tree
		 where ancestor_id = any($1) and valid_until is null order by descendant_id`, ids)
	if err != nil {
		return nil, fmt.Errorf("read what stands below: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int32])
}

// insertReordering closes the versions of everything that an act touches and writes the next ones of
// what moves.
func insertReordering(ctx context.Context, tx *postgres.Tx, account int64, day party.Date, r party.Reordering) error {
	if _, err := tx.Exec(ctx, `update organisation_versions set valid_until = $2 where org_id = any($1) and valid_until is null`, r.Touched(), day); err != nil {
		return fmt.Errorf("close versions: %w", err)
	}
	var orgs, parents []int32
	for id, parent := range r.Parents {
		orgs, parents = append(orgs, id), append(parents, parent)
	}
	_, err := tx.Exec(ctx, `
		insert into organisation_versions (org_id, name, code, kind, school_type, parent_id, valid_from, recorded_by)
		select v.org_id, v.name, v.code, v.kind, v.school_type, t.parent, $3, $4
		  from organisation_versions v join unnest($1::integer[], $2::integer[]) t (org, parent) on v.org_id = t.org
		 where v.valid_until = $3`, orgs, parents, day, account)
	if err != nil {
		return fmt.Errorf("open versions: %w", err)
	}
	return nil
}

// deleteReordering takes out the versions that began with an act and opens those before it again.
func deleteReordering(ctx context.Context, tx *postgres.Tx, day party.Date, touched []int32) error {
	if _, err := tx.Exec(ctx, `delete from organisation_versions where org_id = any($1) and valid_from = $2`, touched, day); err != nil {
		return fmt.Errorf("take back versions: %w", err)
	}
	_, err := tx.Exec(ctx, `update organisation_versions set valid_until = null where org_id = any($1) and valid_until = $2`, touched, day)
	if postgres.UniqueViolation(err) != "" {
		return fault.NewConflict("reorganisation.error.code_taken")
	}
	if err != nil {
		return fmt.Errorf("open versions again: %w", err)
	}
	return nil
}

// rebuildLineage writes the stored tree of some organisations anew from the versions.
func rebuildLineage(ctx context.Context, tx *postgres.Tx, ids []int32) error {
	history, err := selectAllVersions(ctx, tx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `delete from organisation_tree where descendant_id = any($1)`, ids); err != nil {
		return fmt.Errorf("take out the stored tree: %w", err)
	}
	var spans []party.OrgSpan
	for _, id := range ids {
		spans = append(spans, history.Lineage(id)...)
	}
	return insertLineage(ctx, tx, spans)
}

// selectLastNames gives the newest names of what some versions stood below.
func selectLastNames(ctx context.Context, tx *postgres.Tx, versions []Org) (map[int32]string, error) {
	var ids []int32
	for _, v := range versions {
		ids = append(ids, v.ParentID)
	}
	rows, err := tx.Query(ctx, `select distinct on (org_id) org_id, name from organisation_versions where org_id = any($1) order by org_id, valid_from desc`, ids)
	if err != nil {
		return nil, fmt.Errorf("names of parents: %w", err)
	}
	out := map[int32]string{}
	var id int32
	var name string
	_, err = pgx.ForEachRow(rows, []any{&id, &name}, func() error {
		out[id] = name
		return nil
	})
	return out, err
}
