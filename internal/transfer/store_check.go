package transfer

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

func countPapers(ctx context.Context, tx *postgres.Tx) (n int, err error) {
	if err = tx.QueryRow(ctx, `select count(*)::integer from transfers`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count papers: %w", err)
	}
	return n, nil
}

// leavingAtOnce gives the kinds whose people leave with the letter.
func leavingAtOnce() (out []party.TransferKind) {
	for _, k := range party.TransferKinds {
		if k.LeavesAtOnce() {
			out = append(out, k)
		}
	}
	return out
}

// said gives of each paper whether its person is to have moved by it, by which step and when.
const said = `
	with paper as (
	    select t.id, t.person_id, t.step_id, t.state, t.org_id, t.to_org, t.number || '/' || t.year as number,
	           case when t.to_org is null then 'moved_out' else 'moved' end as kind,
	           t.form <> 'temporary' and (t.state = 'accepted' or t.to_org is null and t.kind = any($1)) as due,
	           case when t.to_org is null and t.kind = any($1) then t.issued_on else t.ended_on end as day
	      from transfers t)`

// selectUnlikeSteps gives the papers that say otherwise than their steps.
func selectUnlikeSteps(ctx context.Context, tx *postgres.Tx, limit int) ([]people.Difference, error) {
	rows, err := tx.Query(ctx, said+`
		select t.person_id, format('transfer %s: %s of %s', t.id, w.what, coalesce('step ' || t.step_id, 'no step'))
		  from paper t left join steps s on s.id = t.step_id
		 cross join lateral (values
		       ('lack', t.due and s.id is null),
		       ('state', not t.due and s.id is not null),
		       ('person', s.person_id <> t.person_id),
		       ('kind', s.kind <> t.kind),
		       ('paper', s.kind = t.kind and (s.facts->>'transfer_id')::bigint is distinct from t.id),
		       ('day', t.due and s.happened_on <> t.day),
		       ('number', s.papers->0->>'number' is distinct from t.number and s.id is not null),
		       ('places', s.kind = 'moved' and t.kind = 'moved'
		                  and ((s.facts->>'from')::integer is distinct from t.org_id or (s.facts->>'to')::integer is distinct from t.to_org)),
		       ('cancelling', t.state = 'cancelled' and s.id is not null and step_that_holds(s.id) is not null)) w (what, differs)
		 where w.differs limit $2`, leavingAtOnce(), limit)
	if err != nil {
		return nil, fmt.Errorf("compare papers with steps: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[people.Difference])
}

// selectStraySteps gives the steps that name a paper which led to another step, or to none. A paper that
// lacks its step is found as such, and so is the step of a paper that names another one. What was
// corrected is looked at, not what corrected it.
func selectStraySteps(ctx context.Context, tx *postgres.Tx, limit int) ([]people.Difference, error) {
	rows, err := tx.Query(ctx, said+`
		select s.person_id, format('step %s: transfer %s is not its', s.id, s.facts->>'transfer_id')
		  from steps s
		 where s.kind in ('moved', 'moved_out') and s.corrects_id is null and coalesce((s.facts->>'transfer_id')::bigint, 0) <> 0
		   and not exists (select from transfers t where t.step_id = s.id)
		   and not exists (select from paper t where t.id = (s.facts->>'transfer_id')::bigint and t.person_id = s.person_id and t.kind = s.kind
		                      and t.due and t.step_id is null)
		 limit $2`, leavingAtOnce(), limit)
	if err != nil {
		return nil, fmt.Errorf("steps that name a paper: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[people.Difference])
}
