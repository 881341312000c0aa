package graduation

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// selectRows gives those of a cell who are followed, first those without a paper of whom nothing was heard
// for longest.
func selectRows(ctx context.Context, tx *postgres.Tx, orgID int32, show Show, from, until party.Date, most int) ([]Row, error) {
	which := map[Show]string{Season: `g.graduates_on between $2 and $3`, Unknown: `g.graduates_on is null and ($2::date, $3::date) is not null`,
		Others: `g.graduates_on is not null and g.graduates_on not between $2 and $3`}[show]
	rows, err := tx.Query(ctx, `
		select p.id, p.full_name, p.class_name, s.stage, g.graduates_on, coalesce(g.wish, ''), coalesce(g.keeper, ''), g.contacted_on, coalesce(g.version, 0),
		       coalesce(t.id, 0), coalesce(t.number || '/' || t.year, ''), coalesce(t.state, '')
		  from people p join person_states s on s.person_id = p.id
		  left join graduations g on g.person_id = p.id
		  left join transfers t on t.person_id = p.id and t.open
		 where p.org_id = $1 and s.stage not in ('registered', 'dropped', 'away', 'former') and p.category in ('pupil', 'student') and `+which+`
		 order by t.id is not null, g.contacted_on nulls first, g.graduates_on, s.sort_key, p.id limit $4`, orgID, from, until, most)
	if err != nil {
		return nil, fmt.Errorf("who graduates at %d: %w", orgID, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Row, err error) {
		return r, row.Scan(&r.PersonID, &r.Name, &r.Class, &r.Stage, &r.GraduatesOn, &r.Wish, &r.Keeper, &r.ContactedOn, &r.Version,
			&r.TransferID, &r.Number, &r.Transfer)
	})
}

// upsert enters what differs. It gives how many of the people are of the cell, how many were written, and of
// how many the stored version is the one that was shown.
func upsert(ctx context.Context, tx *postgres.Tx, account int64, orgID int32, list []Row) (here, saved, current int, err error) {
	var ids []int64
	var graduates, contacted []party.Date
	var wishes, keepers []string
	var versions []int32
	for _, r := range list {
		ids, graduates, contacted = append(ids, r.PersonID), append(graduates, r.GraduatesOn), append(contacted, r.ContactedOn)
		wishes, keepers, versions = append(wishes, r.Wish), append(keepers, r.Keeper), append(versions, int32(r.Version))
	}
	err = tx.QueryRow(ctx, `
		select count(*)::integer, count(*) filter (where coalesce(g.version, 0) = w.version)::integer
		  from unnest($1::bigint[], $2::integer[]) w (id, version) join people p on p.id = w.id and p.org_id = $3
		  left join graduations g on g.person_id = p.id`, ids, versions, orgID).Scan(&here, &current)
	if err != nil {
		return 0, 0, 0, fmt.Errorf("who graduates at %d: %w", orgID, err)
	}
	if here < len(list) || current < len(list) {
		return here, 0, current, nil
	}
	tag, err := tx.Exec(ctx, `
		insert into graduations (person_id, graduates_on, wish, keeper, contacted_on, changed_by)
		select w.id, w.graduates_on, w.wish, w.keeper, w.contacted_on, $6
		  from unnest($1::bigint[], $2::date[], $3::text[], $4::text[], $5::date[]) w (id, graduates_on, wish, keeper, contacted_on)
		 where w.graduates_on is not null or w.wish <> '' or w.keeper <> '' or w.contacted_on is not null
		    or exists (select from graduations g where g.person_id = w.id)
		on conflict (person_id) do update set graduates_on = excluded.graduates_on, wish = excluded.wish, keeper = excluded.keeper,
		       contacted_on = excluded.contacted_on, version = graduations.version + 1, changed_by = excluded.changed_by, changed_at = now()
		 where (graduations.graduates_on, graduations.wish, graduations.keeper, graduations.contacted_on)
		       is distinct from (excluded.graduates_on, excluded.wish, excluded.keeper, excluded.contacted_on)`,
		ids, graduates, wishes, keepers, contacted, account)
	if err != nil {
		return 0, 0, 0, fmt.Errorf("graduations at %d: %w", orgID, err)
	}
	return here, int(tag.RowsAffected()), current, nil
}
