package class

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/postgres"
)

func selectAttendance(ctx context.Context, tx *postgres.Tx, sessionID int64) (map[int64]Attended, error) {
	rows, err := tx.Query(ctx, `select person_id, state from class_attendance where session_id = $1`, sessionID)
	if err != nil {
		return nil, fmt.Errorf("attendance of session %d: %w", sessionID, err)
	}
	out := map[int64]Attended{}
	var id int64
	var state Attended
	_, err = pgx.ForEachRow(rows, []any{&id, &state}, func() error {
		out[id] = state
		return nil
	})
	return out, err
}

func selectSessionChange(ctx context.Context, tx *postgres.Tx, sessionID int64) (st Stale, err error) {
	err = tx.QueryRow(ctx, `
		select coalesce((select a.name from accounts a where a.id = s.changed_by), ''), s.changed_at
		  from class_sessions s where s.id = $1`, sessionID).Scan(&st.By, &st.At)
	return st, err
}

func upsertAttendance(ctx context.Context, tx *postgres.Tx, account, sessionID int64, ids []int64, states []string) error {
	_, err := tx.Exec(ctx, `
		insert into class_attendance (session_id, person_id, state, changed_by)
		select $1, r.*, $4 from unnest($2::bigint[], $3::text[]) r
		on conflict (session_id, person_id) do update
		   set state = excluded.state, changed_by = excluded.changed_by, changed_at = now()`, sessionID, ids, states, account)
	if err == nil {
		_, err = tx.Exec(ctx, `update class_sessions set version = version + 1, changed_by = $2, changed_at = now() where id = $1`, sessionID, account)
	}
	if err != nil {
		return fmt.Errorf("enter attendance of session %d: %w", sessionID, err)
	}
	return nil
}

func updateMarks(ctx context.Context, tx *postgres.Tx, account, id int64, list []MarkRow) error {
	var ids []int64
	var marks []*int
	var grades []string
	var merits []bool
	for i := range list {
		ids, grades, merits = append(ids, list[i].PersonID), append(grades, list[i].Grade), append(merits, list[i].Merit)
		if list[i].Marked {
			marks = append(marks, &list[i].Mark)
		} else {
			marks = append(marks, nil)
		}
	}
	_, err := tx.Exec(ctx, `
		update class_members m set mark = r.mark, grade = r.grade, merit = r.merit, version = m.version + 1, changed_by = $6, changed_at = now()
		  from unnest($2::bigint[], $3::smallint[], $4::text[], $5::boolean[]) r (person_id, mark, grade, merit)
		 where m.class_id = $1 and m.person_id = r.person_id`, id, ids, marks, grades, merits, account)
	if err != nil {
		return fmt.Errorf("enter marks of class %d: %w", id, err)
	}
	return nil
}
