package decision

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// selectUnlisted gives the decisions' steps of a period below an issuer that hold, whose first paper
// has a number of his and the step's day, and that no decision of the register caused.
func selectUnlisted(ctx context.Context, tx *postgres.Tx, in Gathering, issuer string, limit int) ([]recorded, error) {
	rows, err := tx.Query(ctx, `
		select s.id, s.person_id, s.kind, s.happened_on, s.facts, s.papers->0->>'number'
		  from steps s join people p on p.id = s.person_id
		 where s.kind in ('extended', 'decided', 'recognition_decision') and p.path @> array[$1::integer]
		   and s.happened_on between $2 and $3
		   and coalesce(s.papers->0->>'number', '') <> '' and coalesce(s.papers->0->>'issuer', '') in ('', $4)
		   and coalesce(nullif(s.papers->0->>'date', ''), s.happened_on::text) = s.happened_on::text
		   and not exists (select from steps v where v.voids_id = s.id)
		   and not exists (select from decision_people d where d.person_id = s.person_id and (d.step_id = s.id or step_that_holds(d.step_id) = s.id))
		 order by s.happened_on, s.id limit $5`, in.OrgID, in.From, in.Until, issuer, limit)
	if err != nil {
		return nil, fmt.Errorf("decisions not in the register: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r recorded, err error) {
		var facts []byte
		if err := row.Scan(&r.StepID, &r.PersonID, &r.kind, &r.on, &facts, &r.number); err != nil {
			return r, err
		}
		r.facts, err = people.DecodeFacts(r.kind, facts)
		return r, err
	})
}

// selectUsed gives the numbers that an issuer has used.
func selectUsed(ctx context.Context, tx *postgres.Tx, orgID int32) (map[yearNumber]bool, error) {
	rows, err := tx.Query(ctx, `select year, number from decisions where org_id = $1`, orgID)
	if err != nil {
		return nil, fmt.Errorf("used numbers: %w", err)
	}
	used := map[yearNumber]bool{}
	var at yearNumber
	_, err = pgx.ForEachRow(rows, []any{&at.year, &at.number}, func() error {
		used[at] = true
		return nil
	})
	return used, err
}

// selectUnused gives the rows of numbers before, and between, those that an issuer's year has used.
func selectUnused(ctx context.Context, tx *postgres.Tx, orgID int32, year, limit int) ([]Span, error) {
	rows, err := tx.Query(ctx, `
		select before + 1, number - 1
		  from (select number, lag(number, 1, 0) over (order by number) as before from decisions where org_id = $1 and year = $2) d
		 where number > before + 1 order by number limit $3`, orgID, year, limit)
	if err != nil {
		return nil, fmt.Errorf("unused numbers of organisation %d in %d: %w", orgID, year, err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Span])
}
