package departure

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// left are the states of a case whose member has left.
var left = []party.CaseState{party.CaseDecided, party.CaseTold, party.CaseAppealed, party.CaseUpheld, party.CaseRestored}

func countCases(ctx context.Context, tx *postgres.Tx) (n int, err error) {
	if err = tx.QueryRow(ctx, `select count(*)::integer from departure_cases`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count cases: %w", err)
	}
	return n, nil
}

// voting gives the ways out that are decided by a vote, and so by a decision of the register.
func voting() (out []party.Way) {
	for _, w := range party.Ways {
		if w.Votes() {
			out = append(out, w)
		}
	}
	return out
}

// selectUnlikeSteps gives the cases that say otherwise than their steps.
func selectUnlikeSteps(ctx context.Context, tx *postgres.Tx, limit int) ([]people.Difference, error) {
	rows, err := tx.Query(ctx, `
		with said as (
		    select c.id, c.person_id, c.step_id, 'left' as kind, 'decided' as act, c.state = any($1) as due, c.way = any($2) as by_decision from departure_cases c
		    union all
		    select c.id, c.person_id, c.restored_id, 'restored', 'restored', c.state = 'restored', true from departure_cases c)
		select c.person_id, format('case %s: %s of %s', c.id, w.what, coalesce('step ' || c.step_id, 'no step, act ' || c.act))
		  from said c left join steps s on s.id = c.step_id
		  left join lateral (select happened_on, decision_id from departure_acts a where a.case_id = c.id and a.act = c.act order by a.id desc limit 1) a on true
		 cross join lateral (values
		       ('lack', c.due and s.id is null),
		       ('state', not c.due and s.id is not null),
		       ('person', s.person_id <> c.person_id),
		       ('kind', s.kind <> c.kind),
		       ('case', s.kind = c.kind and (s.facts->>'case_id')::bigint is distinct from c.id),
		       ('holding', c.due and step_that_holds(s.id) is null and s.id is not null),
		       ('day', c.due and s.id is not null and a.happened_on is distinct from s.happened_on),
		       ('decision', c.due and s.id is not null and (c.by_decision or a.decision_id is not null)
		                    and not exists (select from decision_people p where p.step_id = s.id and p.decision_id = a.decision_id))) w (what, differs)
		 where w.differs limit $3`, left, voting(), limit)
	if err != nil {
		return nil, fmt.Errorf("compare cases with steps: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[people.Difference])
}

// selectUnlikeVotes gives the votes without two thirds of which a case says otherwise than the steps: of a
// probationary member, as he was when it was recorded, each is a step, and each such step is an act of its case.
func selectUnlikeVotes(ctx context.Context, tx *postgres.Tx, limit int) ([]people.Difference, error) {
	rows, err := tx.Query(ctx, `
		select c.person_id, format('case %s: %s of failed vote on %s', c.id, w.what, a.happened_on)
		  from departure_acts a join departure_cases c on c.id = a.case_id left join steps s on s.id = a.step_id
		 cross join lateral (values
		       ('lack', c.ground = $1 and s.id is null and not exists (select from steps r where r.person_id = c.person_id
		           and r.kind = 'recognition_decision' and r.recorded_at <= a.recorded_at)),
		       ('person', s.person_id <> c.person_id),
		       ('kind', s.kind <> 'removal_vote'),
		       ('case', s.kind = 'removal_vote' and (s.facts->>'case_id')::bigint is distinct from c.id),
		       ('day', s.happened_on <> a.happened_on)) w (what, differs)
		 where a.act = 'failed' and w.differs
		union all
		select s.person_id, format('step %s: no act of case %s is its', s.id, s.facts->>'case_id')
		  from steps s where s.kind = 'removal_vote' and s.corrects_id is null and not exists (select from departure_acts a where a.step_id = s.id)
		 limit $2`, party.RemoveProbationary, limit)
	if err != nil {
		return nil, fmt.Errorf("compare failed votes with steps: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[people.Difference])
}

// selectStraySteps gives the steps that name a case which came to another step, or to none. A case that
// lacks its step is found as such, and so is the step of a case that names another one. What was taken
// back its case has let go of. What was
// corrected is looked at, not what corrected it.
func selectStraySteps(ctx context.Context, tx *postgres.Tx, limit int) ([]people.Difference, error) {
	rows, err := tx.Query(ctx, `
		select s.person_id, format('step %s: case %s is not its', s.id, s.facts->>'case_id')
		  from steps s
		 where s.kind in ('left', 'restored') and s.corrects_id is null and s.facts ? 'case_id'
		   and not exists (select from departure_cases c where c.step_id = s.id)
		   and not exists (select from departure_cases c where c.restored_id = s.id)
		   and not exists (select from departure_cases c where c.id = (s.facts->>'case_id')::bigint and c.person_id = s.person_id
		                      and (exists (select from steps v where v.voids_id = s.id) or s.kind = 'left' and c.step_id is null and c.state = any($1) or s.kind = 'restored' and c.restored_id is null and c.state = 'restored'))
		 limit $2`, left, limit)
	if err != nil {
		return nil, fmt.Errorf("steps that name a case: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[people.Difference])
}
