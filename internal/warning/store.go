package warning

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// life is a member with what his warnings look at.
type life struct {
	personID int64
	orgID    int32
	party.MemberLife
}

// lockPeople lets one writer at a time compute somebody's warnings.
func lockPeople(ctx context.Context, tx *postgres.Tx, ids []int64) error {
	if _, err := tx.Exec(ctx, `select from people where id = any($1) order by id for no key update`, ids); err != nil {
		return fmt.Errorf("lock whom warnings are about: %w", err)
	}
	return nil
}

func selectLives(ctx context.Context, tx *postgres.Tx, ids []int64) ([]life, error) {
	rows, err := tx.Query(ctx, `
		select s.person_id, s.org_id, s.stage, s.joined_on,
		       case when s.next_kind in ('recognition_resolution', 'recognition_decision') then s.due_on end,
		       (select min(m.remark_due_on) from person_mentors m where m.person_id = s.person_id),
		       case when not exists (select from member_tasks t where t.person_id = s.person_id and t.state = 'open')
		             and not exists (select from member_exemptions e where e.person_id = s.person_id and e.until_on is null)
		            then coalesce((select max(t.closed_on) from member_tasks t where t.person_id = s.person_id and t.state <> 'withdrawn'),
		                          case when s.stage = 'probationary' then s.joined_on end) end
		  from person_states s where s.person_id = any($1) and s.stage in ('probationary', 'official') order by s.person_id`, ids)
	if err != nil {
		return nil, fmt.Errorf("members to warn of: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l life, err error) {
		return l, row.Scan(&l.personID, &l.orgID, &l.Stage, &l.JoinedOn, &l.RecognitionDue, &l.RemarkDue, &l.TaskFree)
	})
	if err != nil {
		return nil, fmt.Errorf("members to warn of: %w", err)
	}
	return list, attachSilence(ctx, tx, ids, list)
}

// attachSilence adds the months in which somebody came to no meeting, and those for which dues are
// entered as not paid: certain is that with the month's last meeting, or when the month is over.
func attachSilence(ctx context.Context, tx *postgres.Tx, ids []int64, list []life) error {
	byID := map[int64]*life{}
	for i := range list {
		byID[list[i].personID] = &list[i]
	}
	rows, err := tx.Query(ctx, `
		select person_id, 'inactive', date_trunc('month', held_on)::date, max(held_on) from cell_attendance
		 where person_id = any($1)
		   and not exists (select from member_exemptions e where e.person_id = cell_attendance.person_id and held_on >= e.from_on and (e.until_on is null or held_on <= e.until_on))
		 group by person_id, date_trunc('month', held_on) having bool_and(state = 'absent')
		union all
		select person_id, 'unpaid', month, (month + interval '1 month')::date from dues_book where person_id = any($1) and owed
		 order by 1, 3`, ids)
	if err != nil {
		return fmt.Errorf("silent months: %w", err)
	}
	var id int64
	var kind party.WarningKind
	var m party.SilentMonth
	_, err = pgx.ForEachRow(rows, []any{&id, &kind, &m.Month, &m.Day}, func() error {
		switch l := byID[id]; {
		case l == nil: // is no member any more
		case kind == party.WarnInactive:
			l.Inactive = append(l.Inactive, m)
		default:
			l.Unpaid = append(l.Unpaid, m)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("silent months: %w", err)
	}
	return nil
}

type answerKey struct {
	personID int64
	kind     party.WarningKind
	level    int
	from     party.Date
}

func selectAnswered(ctx context.Context, tx *postgres.Tx, ids []int64) (map[answerKey]bool, error) {
	rows, err := tx.Query(ctx, `select person_id, kind, level, from_day from warning_answers where person_id = any($1)`, ids)
	if err != nil {
		return nil, fmt.Errorf("answers to warnings: %w", err)
	}
	out := map[answerKey]bool{}
	var k answerKey
	_, err = pgx.ForEachRow(rows, []any{&k.personID, &k.kind, &k.level, &k.from}, func() error {
		out[k] = true
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("answers to warnings: %w", err)
	}
	return out, nil
}

func byKey(a, b stored) int {
	return cmp.Or(cmp.Compare(a.personID, b.personID), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Level, b.Level), a.From.Compare(b.From))
}

// replace writes the warnings of some people in place of those that are kept.
func replace(ctx context.Context, tx *postgres.Tx, ids []int64, list []stored) error {
	if _, err := tx.Exec(ctx, `delete from member_warnings where person_id = any($1)`, ids); err != nil {
		return fmt.Errorf("warnings: %w", err)
	}
	if len(list) == 0 {
		return nil
	}
	var people []int64
	var kinds []string
	var levels []int32
	var froms, bases, uppers, untils []party.Date
	var answered []bool
	for _, w := range list {
		people, kinds, levels, answered = append(people, w.personID), append(kinds, string(w.Kind)), append(levels, int32(w.Level)), append(answered, w.answered)
		froms, bases, uppers, untils = append(froms, w.From), append(bases, w.Base), append(uppers, w.Upper), append(untils, w.Until)
	}
	_, err := tx.Exec(ctx, `
		insert into member_warnings (person_id, kind, level, cell_day, base_day, upper_day, until_day, answered, org_id, path)
		select w.*, s.org_id, s.path
		  from unnest($1::bigint[], $2::text[], $3::integer[], $4::date[], $5::date[], $6::date[], $7::date[], $8::boolean[])
		         w (person_id, kind, level, cell_day, base_day, upper_day, until_day, answered)
		  join person_states s on s.person_id = w.person_id`, people, kinds, levels, froms, bases, uppers, untils, answered)
	if err != nil {
		return fmt.Errorf("warnings: %w", err)
	}
	return nil
}

func selectStored(ctx context.Context, tx *postgres.Tx, ids []int64) ([]stored, error) {
	rows, err := tx.Query(ctx, `
		select person_id, org_id, kind, level, cell_day, base_day, upper_day, until_day, answered
		  from member_warnings where person_id = any($1)`, ids)
	if err != nil {
		return nil, fmt.Errorf("stored warnings: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (w stored, err error) {
		return w, row.Scan(&w.personID, &w.orgID, &w.Kind, &w.Level, &w.From, &w.Base, &w.Upper, &w.Until, &w.answered)
	})
	if err != nil {
		return nil, fmt.Errorf("stored warnings: %w", err)
	}
	slices.SortFunc(list, byKey)
	return list, nil
}

// selectPortion gives the next people after an id who are members or of whom a warning is kept.
func selectPortion(ctx context.Context, tx *postgres.Tx, after int64, most int) ([]int64, error) {
	rows, err := tx.Query(ctx, `
		select person_id from (select person_id from person_states where stage in ('probationary', 'official') and person_id > $1
		       union select person_id from member_warnings where person_id > $1) x order by person_id limit $2`, after, most)
	if err != nil {
		return nil, fmt.Errorf("portion of the members: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

func insertAnswer(ctx context.Context, tx *postgres.Tx, account int64, orgID int32, in Answer) error {
	_, err := tx.Exec(ctx, `
		insert into warning_answers (person_id, org_id, path, kind, level, from_day, words, recorded_by)
		values ($1, $2, '{}', $3, $4, $5, $6, $7)`, in.PersonID, orgID, in.Kind, in.Level, in.From, in.Words, account)
	if err != nil {
		return fmt.Errorf("answer to a warning: %w", err)
	}
	return nil
}

func selectSomebody(ctx context.Context, tx *postgres.Tx, id int64) (p Person, err error) {
	err = tx.QueryRow(ctx, `select id, full_name, org_id from people where id = $1`, id).Scan(&p.ID, &p.FullName, &p.OrgID)
	if postgres.NoRows(err) {
		return p, fault.NewNotFound("people.error.not_found")
	}
	if err != nil {
		return p, fmt.Errorf("person %d: %w", id, err)
	}
	return p, nil
}

func selectSaid(ctx context.Context, tx *postgres.Tx, id int64, most int) ([]Said, error) {
	rows, err := tx.Query(ctx, `
		select w.kind, w.level, w.from_day, w.words, coalesce(a.name, ''), w.recorded_at
		  from warning_answers w left join accounts a on a.id = w.recorded_by
		 where w.person_id = $1 order by w.id desc limit $2`, id, most)
	if err != nil {
		return nil, fmt.Errorf("answers about %d: %w", id, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (s Said, err error) {
		return s, row.Scan(&s.Kind, &s.Level, &s.From, &s.Words, &s.By, &s.At)
	})
}

// selectClassDone tells whether somebody finished a class of new members.
func selectClassDone(ctx context.Context, tx *postgres.Tx, id int64) (done bool, err error) {
	err = tx.QueryRow(ctx, `select exists (select from class_members where person_id = $1 and kind = 'new_member' and result = 'passed')`, id).Scan(&done)
	return done, err
}
