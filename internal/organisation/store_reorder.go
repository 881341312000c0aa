package organisation

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// insertReordering closes the versions of everything that an act touches and writes the next ones of
// what stands on, or those of its day anew.
func insertReordering(ctx context.Context, tx *postgres.Tx, account int64, day party.Date, r party.Reordering, after party.OrgHistory) error {
	if _, err := tx.Exec(ctx, `delete from organisation_versions where org_id = any($1) and valid_from = $2`, r.Touched(), day); err != nil {
		return fmt.Errorf("take out versions of the day: %w", err)
	}
	if _, err := tx.Exec(ctx, `update organisation_versions set valid_until = $2 where org_id = any($1) and valid_until is null`, r.Touched(), day); err != nil {
		return fmt.Errorf("close versions: %w", err)
	}
	var next []party.OrgVersion
	for _, id := range r.Touched() {
		if last := after[id][len(after[id])-1]; last.Until.IsZero() {
			next = append(next, last)
		}
	}
	return insertVersions(ctx, tx, account, next)
}

func insertVersions(ctx context.Context, tx *postgres.Tx, account int64, list []party.OrgVersion) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"organisation_versions"},
		[]string{"org_id", "name", "code", "kind", "school_type", "parent_id", "valid_from", "recorded_by"},
		pgx.CopyFromSlice(len(list), func(i int) ([]any, error) {
			v := list[i]
			var parent *int32
			if v.ParentID != 0 {
				parent = &v.ParentID
			}
			return []any{v.OrgID, v.Name, v.Code, string(v.Kind), string(v.School), parent, v.From, account}, nil
		}))
	if err != nil {
		return fmt.Errorf("open versions: %w", err)
	}
	return nil
}

// follow lets searches and kept figures follow names and kinds.
func follow(ctx context.Context, tx *postgres.Tx, renamed, recounted []int32) error {
	if len(renamed) == 0 && len(recounted) == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, `select rename_in_search($1), recount_figures($2)`, renamed, recounted); err != nil {
		return fmt.Errorf("follow names and kinds: %w", err)
	}
	return nil
}

// deleteReordering takes out the versions that began with an act, puts those back that it wrote anew, and
// opens the ones before it again.
func deleteReordering(ctx context.Context, tx *postgres.Tx, account int64, day party.Date, touched []int32, rewritten []party.OrgVersion) error {
	if _, err := tx.Exec(ctx, `delete from organisation_versions where org_id = any($1) and valid_from = $2`, touched, day); err != nil {
		return fmt.Errorf("take back versions: %w", err)
	}
	err := insertVersions(ctx, tx, account, rewritten)
	if err == nil {
		_, err = tx.Exec(ctx, `
			update organisation_versions v set valid_until = null where v.org_id = any($1) and v.valid_until = $2
			   and not exists (select from organisation_versions n where n.org_id = v.org_id and n.valid_from = $2)`, touched, day)
	}
	if postgres.UniqueViolation(err) != "" {
		return fault.NewConflict("reorganisation.error.code_taken")
	}
	if err != nil {
		return fmt.Errorf("open versions again: %w", err)
	}
	return nil
}

// rebuildLineage writes the stored tree of some organisations anew from the versions.
func rebuildLineage(ctx context.Context, tx *postgres.Tx, h party.OrgHistory, ids []int32) error {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if _, err := tx.Exec(ctx, `delete from organisation_tree where descendant_id = any($1)`, ids); err != nil {
		return fmt.Errorf("take out the stored tree: %w", err)
	}
	var spans []party.OrgSpan
	for _, id := range ids {
		spans = append(spans, h.Lineage(id)...)
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
