package submission

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

const columns = `s.id, s.person_id, s.kind, s.org_id, s.at_org, s.state, s.since, coalesce(s.closed_step, 0), s.version`

func (s *Submission) targets() []any {
	return []any{&s.ID, &s.PersonID, &s.Kind, &s.CellID, &s.At, &s.State, &s.Since, &s.ClosedStep, &s.Version}
}

func collect(rows pgx.Rows, err error) ([]Submission, error) {
	if err == nil {
		var list []Submission
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (s Submission, err error) { return s, row.Scan(s.targets()...) })
		if err == nil {
			return list, nil
		}
	}
	return nil, fmt.Errorf("submissions: %w", err)
}

func insertSubmission(ctx context.Context, tx *postgres.Tx, s Submission) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		insert into submissions (person_id, kind, org_id, path, at_org, state, since) values ($1, $2, $3, '{}', $4, $5, $6) returning id`,
		s.PersonID, s.Kind, s.CellID, s.At, s.State, s.Since).Scan(&id)
	if postgres.UniqueViolation(err) == "submissions_one" {
		return 0, fault.NewConflict("submissions.error.open_elsewhere")
	}
	if err != nil {
		return 0, fmt.Errorf("insert submission: %w", err)
	}
	return id, nil
}

// updateSubmission moves a submission that is still as it was read.
func updateSubmission(ctx context.Context, tx *postgres.Tx, s Submission) error {
	tag, err := tx.Exec(ctx, `
		update submissions set at_org = $2, state = $3, since = $4, closed_step = nullif($5::bigint, 0), version = version + 1
		 where id = $1 and version = $6`, s.ID, s.At, s.State, s.Since, s.ClosedStep, s.Version)
	if postgres.UniqueViolation(err) == "submissions_one" {
		return fault.NewConflict("submissions.error.open_elsewhere")
	}
	if err != nil {
		return fmt.Errorf("move submission %d: %w", s.ID, err)
	}
	if tag.RowsAffected() == 0 {
		return fault.NewConflict("submissions.error.moved")
	}
	return nil
}

func insertMove(ctx context.Context, tx *postgres.Tx, account, id int64, m Move) error {
	missing := make([]string, len(m.Missing))
	for i, kind := range m.Missing {
		missing[i] = string(kind)
	}
	_, err := tx.Exec(ctx, `
		insert into submission_moves (submission_id, act, from_org, to_org, state, happened_on, missing, words, recorded_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, id, m.Act, m.From, m.To, m.State, m.On, missing, m.Words, account)
	if err != nil {
		return fmt.Errorf("move of submission %d: %w", id, err)
	}
	return nil
}

// lockSubmissions reads submissions for a change, in the order of their numbers, so that two acts
// never wait for each other.
func lockSubmissions(ctx context.Context, tx *postgres.Tx, ids []int64) (map[int64]Submission, error) {
	list, err := collect(tx.Query(ctx, `select `+columns+` from submissions s where s.id = any($1) order by s.id for update`, ids))
	out := make(map[int64]Submission, len(list))
	for _, s := range list {
		out[s.ID] = s
	}
	return out, err
}

// selectOpenOf gives the dossiers of some people that are on their way.
func selectOpenOf(ctx context.Context, tx *postgres.Tx, ids []int64) (map[int64]Submission, error) {
	list, err := collect(tx.Query(ctx, `select `+columns+` from submissions s where s.person_id = any($1) and s.open`, ids))
	out := make(map[int64]Submission, len(list))
	for _, s := range list {
		out[s.PersonID] = s
	}
	return out, err
}

// selectNewest gives the newest submission of each kind of some people.
func selectNewest(ctx context.Context, tx *postgres.Tx, ids []int64) ([]Submission, error) {
	return collect(tx.Query(ctx, `
		select distinct on (s.person_id, s.kind) `+columns+` from submissions s where s.person_id = any($1) order by s.person_id, s.kind, s.id desc`, ids))
}

func selectOne(ctx context.Context, tx *postgres.Tx, id int64) (s Submission, err error) {
	err = tx.QueryRow(ctx, `select `+columns+` from submissions s where s.id = $1`, id).Scan(s.targets()...)
	if postgres.NoRows(err) {
		return s, errNotFound()
	}
	if err != nil {
		return s, fmt.Errorf("submission %d: %w", id, err)
	}
	return s, nil
}

// selectMoves gives how a submission went, from the beginning.
func selectMoves(ctx context.Context, tx *postgres.Tx, id int64) ([]Move, error) {
	rows, err := tx.Query(ctx, `
		select m.act, m.from_org, m.to_org, m.state, m.happened_on, m.missing, m.words, coalesce(a.name, ''), m.recorded_at
		  from submission_moves m left join accounts a on a.id = m.recorded_by where m.submission_id = $1 order by m.id`, id)
	if err != nil {
		return nil, fmt.Errorf("moves of submission %d: %w", id, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (m Move, err error) {
		var missing []string
		err = row.Scan(&m.Act, &m.From, &m.To, &m.State, &m.On, &missing, &m.Words, &m.By, &m.At)
		for _, kind := range missing {
			m.Missing = append(m.Missing, party.DocumentKind(kind))
		}
		return m, err
	})
}

func selectLastMove(ctx context.Context, tx *postgres.Tx, id int64) (st Stale, err error) {
	err = tx.QueryRow(ctx, `
		select coalesce(a.name, ''), m.recorded_at from submission_moves m left join accounts a on a.id = m.recorded_by
		 where m.submission_id = $1 order by m.id desc limit 1`, id).Scan(&st.By, &st.At)
	if err != nil {
		return st, fmt.Errorf("last move of submission %d: %w", id, err)
	}
	return st, nil
}

// conditions narrow a list.
func (q Query) conditions(args *[]any) string {
	arg := func(v any) string {
		*args = append(*args, v)
		return fmt.Sprintf("$%d", len(*args))
	}
	out := []string{"s.open"}
	if q.Closed {
		out[0] = "not s.open"
	}
	if q.within != nil {
		out = append(out, "s.path && "+arg(q.within)+"::integer[]")
	}
	if q.OrgID != 0 {
		out = append(out, "s.path @> array["+arg(q.OrgID)+"::integer]")
	}
	if q.At != nil {
		out = append(out, "s.at_org = any("+arg(q.At)+"::integer[])")
	}
	if q.State != "" {
		out = append(out, "s.state = "+arg(q.State))
	}
	if q.Kind != "" {
		out = append(out, "s.kind = "+arg(q.Kind))
	}
	return strings.Join(out, " and ")
}

// selectList gives a page: what is on its way with the longest wait first, what is closed with the
// newest first.
func selectList(ctx context.Context, tx *postgres.Tx, q Query, limit int) ([]Submission, error) {
	var args []any
	where, order, than := q.conditions(&args), "s.since, s.id", ">"
	if q.Closed {
		order, than = "s.since desc, s.id desc", "<"
	}
	if q.After.ID != 0 {
		args = append(args, q.After.Day, q.After.ID)
		where += fmt.Sprintf(" and (s.since, s.id) %s ($%d, $%d)", than, len(args)-1, len(args))
	}
	args = append(args, limit)
	return collect(tx.Query(ctx, fmt.Sprintf(`select %s from submissions s where %s order by %s limit $%d`, columns, where, order, len(args)), args...))
}

// countStates counts what is on its way, up to a bound.
func countStates(ctx context.Context, tx *postgres.Tx, q Query, most int) (map[party.SubmissionState]int, error) {
	var args []any
	where := q.conditions(&args)
	args = append(args, most)
	rows, err := tx.Query(ctx, fmt.Sprintf(`
		select state, count(*)::integer from (select s.state from submissions s where %s limit $%d) x group by state`, where, len(args)), args...)
	if err != nil {
		return nil, fmt.Errorf("count submissions: %w", err)
	}
	out := map[party.SubmissionState]int{}
	var state party.SubmissionState
	var n int
	_, err = pgx.ForEachRow(rows, []any{&state, &n}, func() error {
		out[state] = n
		return nil
	})
	return out, err
}

// selectReturned gives the papers that were named when dossiers were given back for the last time.
func selectReturned(ctx context.Context, tx *postgres.Tx, ids []int64) (map[int64]Move, error) {
	rows, err := tx.Query(ctx, `
		select distinct on (submission_id) submission_id, missing, words, from_org, happened_on from submission_moves
		 where submission_id = any($1) and act = 'returned' order by submission_id, id desc`, ids)
	if err != nil {
		return nil, fmt.Errorf("returned submissions: %w", err)
	}
	out := map[int64]Move{}
	var id int64
	var missing []string
	var m Move
	_, err = pgx.ForEachRow(rows, []any{&id, &missing, &m.Words, &m.From, &m.On}, func() error {
		m.Missing = nil
		for _, kind := range missing {
			m.Missing = append(m.Missing, party.DocumentKind(kind))
		}
		out[id] = m
		return nil
	})
	return out, err
}

// selectSendable gives the people of a cell whose dossier may be handed in: those before the decision,
// and of the probationary members those on whom the cell has voted. Whose dossier is with a level
// above is left out.
func selectSendable(ctx context.Context, tx *postgres.Tx, cell int32, kind party.DossierStage, limit int) ([]int64, error) {
	stages, next := []party.Stage{party.StageDossier, party.StageProposed, party.StageEndorsed}, []party.StepKind{}
	if kind == party.RecognitionDossier {
		stages, next = []party.Stage{party.StageProbationary}, []party.StepKind{party.RecognitionDecision}
	}
	rows, err := tx.Query(ctx, `
		select p.person_id from person_states p
		 where p.org_id = $1 and p.stage = any($2) and (cardinality($3::text[]) = 0 or p.next_kind = any($3))
		   and not exists (select from submissions s where s.person_id = p.person_id and s.open and s.state <> 'returned')
		 order by p.sort_key, p.person_id limit $4`, cell, stages, next, limit)
	if err != nil {
		return nil, fmt.Errorf("whose dossier may be handed in: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// selectPeopleAfter gives the next people who have submissions.
func selectPeopleAfter(ctx context.Context, tx *postgres.Tx, after int64, limit int) ([]int64, error) {
	rows, err := tx.Query(ctx, `select distinct person_id from submissions where person_id > $1 order by person_id limit $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("people with submissions: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// selectUnlikeMoves gives the people of whom a submission is not where its last move says.
func selectUnlikeMoves(ctx context.Context, tx *postgres.Tx, ids []int64) ([]int64, error) {
	rows, err := tx.Query(ctx, `
		select s.person_id from submissions s
		  left join lateral (select to_org, state from submission_moves m where m.submission_id = s.id order by m.id desc limit 1) m on true
		 where s.person_id = any($1) and (m.to_org, m.state) is distinct from (s.at_org, s.state)`, ids)
	if err != nil {
		return nil, fmt.Errorf("moves of submissions: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}
