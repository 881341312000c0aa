package decision

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

func countNamed(ctx context.Context, tx *postgres.Tx) (n int, err error) {
	if err = tx.QueryRow(ctx, `select count(*)::integer from decision_people`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count whom decisions name: %w", err)
	}
	return n, nil
}

// selectUnlikeSteps gives what the register says otherwise than the steps. A number that was gathered
// stands on its paper with the zeros before it.
func selectUnlikeSteps(ctx context.Context, tx *postgres.Tx, limit int) ([]people.Difference, error) {
	var kinds, steps []string
	for _, k := range Kinds {
		kinds, steps = append(kinds, string(k)), append(steps, string(k.Step()))
	}
	rows, err := tx.Query(ctx, `
		with recursive line as (
		    select d.decision_id, d.step_id, s.voids_id as was
		      from decision_people d join decisions x on x.id = d.decision_id and x.cancels_id is not null
		      join steps s on s.id = d.step_id and s.kind = 'voided'
		    union all
		    select l.decision_id, l.step_id, s.corrects_id from line l join steps s on s.id = l.was where s.corrects_id is not null)
		select d.person_id, format('decision %s: %s of step %s', x.id, w.what, s.id)
		  from decision_people d join decisions x on x.id = d.decision_id join steps s on s.id = d.step_id
		  join unnest($1::text[], $2::text[]) k (kind, step) on k.kind = x.kind
		 cross join lateral (values
		       ('person', s.person_id <> d.person_id),
		       ('kind', s.kind <> k.step),
		       ('day', x.cancels_id is null and s.happened_on <> x.issued_on),
		       ('number', ltrim(coalesce(s.papers->0->>'number', ''), '0') <> x.printed)) w (what, differs)
		 where w.differs
		union all
		select d.person_id, format('decision %s: step %s voids nothing of decision %s', x.id, d.step_id, x.cancels_id)
		  from decision_people d join decisions x on x.id = d.decision_id join steps s on s.id = d.step_id
		 where x.cancels_id is not null and s.kind = 'voided'
		   and not exists (select from line l join decision_people o on o.step_id = l.was
		                    where l.decision_id = x.id and l.step_id = d.step_id and o.decision_id = x.cancels_id)
		union all
		select 0, format('decision %s: names nobody', x.id)
		  from decisions x where not exists (select from decision_people d where d.decision_id = x.id)
		limit $3`, kinds, steps, limit)
	if err != nil {
		return nil, fmt.Errorf("compare decisions with steps: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[people.Difference])
}
