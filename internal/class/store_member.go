package class

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

const memberColumns = `p.id, p.full_name, p.birth_date, p.org_id, m.class_id, m.org_id, m.nominated_on, m.state, m.reason, m.mark, m.grade, m.merit,
	m.result, m.result_on, coalesce(m.step_id, 0), m.version, coalesce(c.printed, ''), coalesce(l.printed, '')`

const memberTables = `
	  from class_members m join people p on p.id = m.person_id
	  left join class_papers c on c.class_id = m.class_id and c.person_id = m.person_id and c.kind = 'certificate' and c.cancelled_on is null
	  left join class_papers l on l.class_id = m.class_id and l.person_id = m.person_id and l.kind = 'merit' and l.cancelled_on is null`

func scanMember(row pgx.CollectableRow) (m Member, err error) {
	var mark *int
	err = row.Scan(&m.PersonID, &m.FullName, &m.BirthDate, &m.OrgID, &m.ClassID, &m.NominatedBy, &m.NominatedOn, &m.State, &m.Reason, &mark, &m.Grade,
		&m.Merit, &m.Result, &m.ResultOn, &m.stepID, &m.Version, &m.Certificate, &m.Letter)
	if mark != nil {
		m.Work.Mark, m.Work.Marked = *mark, true
	}
	return m, err
}

// selectMembers gives everybody who was nominated for a class, with his attendance, in Vietnamese order.
func selectMembers(ctx context.Context, tx *postgres.Tx, id int64, limit int) ([]Member, error) {
	rows, err := tx.Query(ctx, `select `+memberColumns+memberTables+` where m.class_id = $1 order by p.sort_key, p.id limit $2`, id, limit)
	if err != nil {
		return nil, fmt.Errorf("members of class %d: %w", id, err)
	}
	list, err := pgx.CollectRows(rows, scanMember)
	if err != nil || len(list) == 0 {
		return list, err
	}
	return list, attachWork(ctx, tx, id, list)
}

func selectMember(ctx context.Context, tx *postgres.Tx, id, person int64) (Member, error) {
	rows, err := tx.Query(ctx, `select `+memberColumns+memberTables+` where m.class_id = $1 and m.person_id = $2`, id, person)
	if err != nil {
		return Member{}, fmt.Errorf("member of class %d: %w", id, err)
	}
	m, err := pgx.CollectExactlyOneRow(rows, scanMember)
	if postgres.NoRows(err) {
		err = errNotFound()
	}
	return m, err
}

// attachWork adds up the attendance of a class.
func attachWork(ctx context.Context, tx *postgres.Tx, id int64, list []Member) error {
	sessions, err := selectSessions(ctx, tx, id)
	if err != nil {
		return err
	}
	halves, at := 0, map[int64]*Member{}
	for _, s := range sessions {
		halves += s.Part.Halves()
	}
	for i := range list {
		list[i].Work.Halves = halves
		at[list[i].PersonID] = &list[i]
	}
	rows, err := tx.Query(ctx, `
		select a.person_id, s.part, a.state, count(*)::integer
		  from class_sessions s join class_attendance a on a.session_id = s.id
		 where s.class_id = $1 group by a.person_id, s.part, a.state`, id)
	if err != nil {
		return fmt.Errorf("attendance of class %d: %w", id, err)
	}
	var person int64
	var part party.ClassPart
	var state Attended
	var n int
	_, err = pgx.ForEachRow(rows, []any{&person, &part, &state, &n}, func() error {
		if m := at[person]; m != nil {
			m.Work.Entered += n * part.Halves()
			if state == Present {
				m.Work.Present += n * part.Halves()
			}
		}
		return nil
	})
	return err
}

// selectNominees gives those of an organisation whom its kind of class is for, those chosen first.
// Those who finished a class once come last: of them the one counts whose certificate has run out.
func selectNominees(ctx context.Context, tx *postgres.Tx, c Class, in Ask, limit int) ([]int64, error) {
	stages := []party.Stage{party.StageIntroduced, party.StagePlanned, party.StageTrained}
	if c.Kind == party.NewMemberClass {
		stages = []party.Stage{party.StageProbationary}
	}
	rows, err := tx.Query(ctx, `
		select s.person_id from person_states s
		 where s.path @> array[$1::integer]
		   and (s.stage = any($2) and not exists (select from class_members m where m.person_id = s.person_id and m.class_id = $3 and m.open)
		        or s.person_id = any($4))
		 order by s.person_id = any($4) desc, s.stage = 'trained', s.sort_key, s.person_id limit $5`, in.OrgID, stages, c.ID, in.Chosen, limit)
	if err != nil {
		return nil, fmt.Errorf("who can be sent to class %d: %w", c.ID, err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// shareClass keeps a class from being closed until the transaction ends.
func shareClass(ctx context.Context, tx *postgres.Tx, c *Class) error {
	return tx.QueryRow(ctx, `select `+columns+` from classes c where c.id = $1 for share`, c.ID).Scan(c.targets()...)
}

func selectOpen(ctx context.Context, tx *postgres.Tx, ids []int64, kind party.ClassKind) (map[int64]OpenClass, error) {
	rows, err := tx.Query(ctx, `select person_id, class_id, org_id, nominated_on from open_classes($1, $2)`, ids, kind)
	if err != nil {
		return nil, fmt.Errorf("open classes: %w", err)
	}
	out := map[int64]OpenClass{}
	var person int64
	var o OpenClass
	_, err = pgx.ForEachRow(rows, []any{&person, &o.ClassID, &o.OrgID, &o.On}, func() error {
		out[person] = o
		return nil
	})
	return out, err
}

// selectOrganisers gives the organisers of some open classes.
func selectOrganisers(ctx context.Context, tx *postgres.Tx, open map[int64]OpenClass) (map[int64]int32, error) {
	var ids []int64
	for _, o := range open {
		ids = append(ids, o.ClassID)
	}
	list, err := selectByID(ctx, tx, ids)
	out := map[int64]int32{}
	for _, c := range list {
		out[c.ID] = c.OrgID
	}
	return out, err
}

// selectPassed gives those of some people who passed a class of a kind.
func selectPassed(ctx context.Context, tx *postgres.Tx, ids []int64, kind party.ClassKind) ([]int64, error) {
	rows, err := tx.Query(ctx, `select distinct person_id from class_members where person_id = any($1) and kind = $2 and result = 'passed'`, ids, kind)
	if err != nil {
		return nil, fmt.Errorf("who passed before: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// insertMember nominates somebody; who was refused or withdrawn may be nominated again. Of two who
// nominate at once the second one is refused here.
func insertMember(ctx context.Context, tx *postgres.Tx, account int64, c Class, n Nominee, on party.Date) error {
	tag, err := tx.Exec(ctx, `
		insert into class_members (class_id, person_id, kind, org_id, nominated_on, recorded_by, changed_by)
		values ($1, $2, $3, $4, $5, $6, $6)
		on conflict (class_id, person_id) do update
		   set state = 'nominated', open = true, reason = '', org_id = excluded.org_id, nominated_on = excluded.nominated_on,
		       version = class_members.version + 1, changed_by = excluded.changed_by, changed_at = now()
		 where not class_members.open and class_members.result = ''`, c.ID, n.ID, c.Kind, n.OrgID, on, account)
	switch {
	case postgres.UniqueViolation(err) == "class_members_open":
		return fault.NewInvalid("classes.error.in_open_class_now")
	case err != nil:
		return fmt.Errorf("nominate: %w", err)
	case tag.RowsAffected() == 0:
		return fault.NewInvalid("classes.error.answered")
	}
	return nil
}

func updateState(ctx context.Context, tx *postgres.Tx, account int64, m Member, state MemberState, reason string) error {
	_, err := tx.Exec(ctx, `
		update class_members set state = $3, open = $4, reason = $5, version = version + 1, changed_by = $6, changed_at = now()
		 where class_id = $1 and person_id = $2`, m.ClassID, m.PersonID, state, state.open(), reason, account)
	if err != nil {
		return fmt.Errorf("answer a nomination: %w", err)
	}
	return nil
}

// selectCounts counts the rosters of some classes, also beyond the viewer's sight.
func selectCounts(ctx context.Context, tx *postgres.Tx, ids ...int64) (map[int64]Counts, error) {
	rows, err := tx.Query(ctx, `select class_id, nominated, approved, results, passed from class_counts($1)`, ids)
	if err != nil {
		return nil, fmt.Errorf("count members: %w", err)
	}
	out := map[int64]Counts{}
	var id int64
	var n Counts
	_, err = pgx.ForEachRow(rows, []any{&id, &n.Nominated, &n.Approved, &n.Results, &n.Passed}, func() error {
		out[id] = n
		return nil
	})
	return out, err
}
