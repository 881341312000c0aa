package departure

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

const columns = `c.id, c.person_id, p.full_name, c.org_id, c.way, c.ground, c.circumstance, c.reason, c.silent, c.has_base, c.opened_on, c.state,
	c.since, c.appeal_by, c.cell, c.base, coalesce(c.step_id, 0), coalesce(c.restored_id, 0), c.rated, c.version`

const source = ` from departure_cases c join people p on p.id = c.person_id `

func scanCase(row pgx.CollectableRow, more ...any) (c Case, err error) {
	var cell, base []byte
	if err = row.Scan(append([]any{&c.ID, &c.PersonID, &c.Name, &c.OrgID, &c.Way, &c.Ground, &c.Circumstance, &c.Reason, &c.Silent, &c.HasBase, &c.OpenedOn, &c.State,
		&c.Since, &c.AppealBy, &cell, &base, &c.StepID, &c.RestoredID, &c.Rated, &c.Version}, more...)...); err != nil {
		return c, err
	}
	if err = json.Unmarshal(cell, &c.Cell); err != nil {
		return c, err
	}
	return c, json.Unmarshal(base, &c.Base)
}

func collect(rows pgx.Rows, err error) ([]Case, error) {
	if err != nil {
		return nil, fmt.Errorf("cases: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Case, error) { return scanCase(row) })
}

func selectCase(ctx context.Context, tx *postgres.Tx, id int64, lock bool) (Case, error) {
	query := `select ` + columns + source + `where c.id = $1`
	if lock {
		query += ` for update of c`
	}
	list, err := collect(tx.Query(ctx, query, id))
	if err == nil && len(list) == 0 {
		err = errNotFound()
	}
	if err != nil {
		return Case{}, err
	}
	return list[0], nil
}

func selectOfPerson(ctx context.Context, tx *postgres.Tx, person int64) ([]Case, error) {
	return collect(tx.Query(ctx, `select `+columns+source+`where c.person_id = $1 order by c.id desc limit 50`, person))
}

func selectCases(ctx context.Context, tx *postgres.Tx, q Query, limit int) ([]Case, error) {
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args))
	}
	where := []string{"true"}
	if q.within != nil {
		where = append(where, "c.org_id = any("+arg(q.within)+")")
	}
	if q.OrgID != 0 {
		where = append(where, "c.path @> array["+arg(q.OrgID)+"::integer]")
	}
	if q.State != "" {
		where = append(where, "c.state = "+arg(q.State))
	}
	if q.Way != "" {
		where = append(where, "c.way = "+arg(q.Way))
	}
	if q.After.ID != 0 {
		where = append(where, "(c.opened_on, c.id) < ("+arg(q.After.Day)+", "+arg(q.After.ID)+")")
	}
	return collect(tx.Query(ctx, `select `+columns+source+`where `+strings.Join(where, " and ")+` order by c.opened_on desc, c.id desc limit `+arg(limit), args...))
}

// selectSilent gives the most months of one year to whose meetings somebody never came although he was
// expected, or for which he owes dues.
func selectSilent(ctx context.Context, tx *postgres.Tx, person int64) (int, error) {
	months := func(query string) ([]party.Date, error) {
		rows, err := tx.Query(ctx, query, person)
		if err != nil {
			return nil, fmt.Errorf("silent months of person %d: %w", person, err)
		}
		return pgx.CollectRows(rows, pgx.RowTo[party.Date])
	}
	absent, err := months(`select date_trunc('month', held_on)::date from cell_attendance a where person_id = $1
		and not exists (select from member_exemptions e where e.person_id = a.person_id and a.held_on >= e.from_on and (e.until_on is null or a.held_on <= e.until_on))
		group by 1 having bool_and(state = 'absent')`)
	if err != nil {
		return 0, err
	}
	unpaid, err := months(`select month from dues_book where person_id = $1 and owed`)
	return max(party.MostSilent(absent), party.MostSilent(unpaid)), err
}

// selectRated gives the most years in a row for which somebody was approved at the lowest level.
func selectRated(ctx context.Context, tx *postgres.Tx, person int64) (int, error) {
	rows, err := tx.Query(ctx, `select year from assessments where person_id = $1 and level = $2`, person, party.AssessedFailed)
	if err != nil {
		return 0, fmt.Errorf("years of person %d: %w", person, err)
	}
	years, err := pgx.CollectRows(rows, pgx.RowTo[int])
	return party.MostFailedInARow(years), err
}

func selectEvidence(ctx context.Context, tx *postgres.Tx, person int64) (out Evidence, err error) {
	if out.Silent, err = selectSilent(ctx, tx, person); err != nil {
		return out, err
	}
	out.Rated, err = selectRated(ctx, tx, person)
	return out, err
}

func insertCase(ctx context.Context, tx *postgres.Tx, account int64, in Opening, orgID int32, hasBase bool, e Evidence) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		insert into departure_cases (person_id, org_id, path, way, ground, circumstance, reason, silent, rated, has_base, opened_on, since, recorded_by)
		values ($1, $2, '{}', $3, $4, $5, $6, $7, $8, $9, $10, $10, $11) returning id`,
		in.PersonID, orgID, in.Way, in.Ground, in.Circumstance, in.Reason, e.Silent, e.Rated, hasBase, in.On, account).Scan(&id)
	if postgres.UniqueViolation(err) == "departure_cases_one" {
		return 0, fault.NewConflict("cases.error.open_already")
	}
	if err != nil {
		return 0, fmt.Errorf("open a case: %w", err)
	}
	return id, nil
}

func updateCase(ctx context.Context, tx *postgres.Tx, c Case) error {
	cell, err := json.Marshal(c.Cell)
	if err != nil {
		return fmt.Errorf("vote of case %d: %w", c.ID, err)
	}
	base, err := json.Marshal(c.Base)
	if err != nil {
		return fmt.Errorf("vote of case %d: %w", c.ID, err)
	}
	_, err = tx.Exec(ctx, `
		update departure_cases set state = $2, since = $3, appeal_by = $4, cell = $5, base = $6, step_id = nullif($7::bigint, 0),
		       restored_id = nullif($8::bigint, 0), version = version + 1 where id = $1`, c.ID, c.State, c.Since, c.AppealBy, cell, base, c.StepID, c.RestoredID)
	if postgres.UniqueViolation(err) == "departure_cases_one" {
		return errOpenElsewhere()
	}
	if err != nil {
		return fmt.Errorf("case %d: %w", c.ID, err)
	}
	return nil
}

// selectWaiting gives the cases that wait for an act of a viewer who may do some kinds of acts, the oldest
// first. Whether the cell, or already the committee, is to act next in a case without a resolution is
// told by the member's steps, not here.
func selectWaiting(ctx context.Context, tx *postgres.Tx, q Query, may map[access.Action]bool, today party.Date, limit int) ([]Case, error) {
	return collect(tx.Query(ctx, `select `+columns+source+`
		where c.state in ('opened', 'failed', 'voted', 'proposed', 'taken_back', 'decided', 'told', 'appealed')
		  and ($1::integer[] is null or c.org_id = any($1)) and ($2 = 0 or c.path @> array[$2::integer])
		  and ($3 and (c.state in ('opened', 'failed') or c.state = 'taken_back' and c.way = 'died'
		               or c.state = 'decided' and c.way = any($6) or c.state = 'told' and c.appeal_by >= $7)
		    or $4 and c.state = 'voted' and c.has_base
		    or $5 and (c.state in ('proposed', 'appealed') or c.state = 'voted' and not c.has_base or c.state = 'taken_back' and c.way <> 'died')
		    or ($4 or $5) and c.state in ('opened', 'failed') and c.ground = $8)
		order by c.since, c.id limit $9`,
		q.within, q.OrgID, may[access.CasesEdit], may[access.CasesBase], may[access.CasesDecide], appealable(), today, party.RemoveProbationary, limit))
}

// appealable gives the ways out of which somebody is told, and against which he may appeal.
func appealable() (out []party.Way) {
	for _, w := range party.Ways {
		if w.AsksShare() {
			out = append(out, w)
		}
	}
	return out
}

// takenBack is a case whose departure or restoration does not hold any more.
type takenBack struct {
	Case
	StepHolds bool
}

func selectTakenBack(ctx context.Context, tx *postgres.Tx, person int64) ([]takenBack, error) {
	rows, err := tx.Query(ctx, `select `+columns+`, coalesce(step_that_holds(c.step_id), 0) <> 0`+source+`
		where c.person_id = $1 and (c.step_id is not null and step_that_holds(c.step_id) is null
		   or c.restored_id is not null and step_that_holds(c.restored_id) is null) order by c.id for update of c`, person)
	if err != nil {
		return nil, fmt.Errorf("cases taken back of person %d: %w", person, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (t takenBack, err error) {
		t.Case, err = scanCase(row, &t.StepHolds)
		return t, err
	})
}

func insertAct(ctx context.Context, tx *postgres.Tx, account int64, in Acting, d done) error {
	members, favour := in.Ballot.Members, in.Ballot.InFavour
	if in.What == party.CaseVoted {
		members, favour = in.Vote.Official, in.Vote.InFavour
	}
	_, err := tx.Exec(ctx, `
		insert into departure_acts (case_id, act, happened_on, words, members, in_favour, decision_id, step_id, recorded_by)
		values ($1, $2, $3, $4, $5, $6, nullif($7::bigint, 0), nullif($8::bigint, 0), $9)`,
		in.ID, d.what, in.On, in.Words, members, favour, d.decisionID, d.stepID, account)
	if err != nil {
		return fmt.Errorf("act in case %d: %w", in.ID, err)
	}
	return nil
}

func selectActs(ctx context.Context, tx *postgres.Tx, id int64) ([]Act, error) {
	rows, err := tx.Query(ctx, `
		select a.act, a.happened_on, a.words, a.members, a.in_favour, coalesce(a.decision_id, 0), coalesce(d.printed, ''),
		       coalesce((select x.name from accounts x where x.id = a.recorded_by), ''), a.step_id is not null and step_that_holds(a.step_id) is null
		  from departure_acts a left join decisions d on d.id = a.decision_id where a.case_id = $1 order by a.id limit 100`, id)
	if err != nil {
		return nil, fmt.Errorf("acts of case %d: %w", id, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (a Act, err error) {
		return a, row.Scan(&a.What, &a.On, &a.Words, &a.Members, &a.InFavour, &a.DecisionID, &a.Printed, &a.By, &a.TakenBack)
	})
}
