package class

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

const sessionsOfClass = `
	select s.id, s.day, s.part, s.topic, s.place, s.version, exists (select from class_attendance a where a.session_id = s.id)
	  from class_sessions s where s.class_id = $1 order by s.day, s.part desc, s.id`

func (s *Session) targets() []any {
	return []any{&s.ID, &s.Day, &s.Part, &s.Topic, &s.Place, &s.Version, &s.Entered}
}

// selectSessions gives the sessions of a class in their order. That attendance was entered is told of
// what row-level security shows of it.
func selectSessions(ctx context.Context, tx *postgres.Tx, id int64) ([]Session, error) {
	rows, err := tx.Query(ctx, sessionsOfClass, id)
	if err != nil {
		return nil, fmt.Errorf("sessions of class %d: %w", id, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (s Session, err error) { return s, row.Scan(s.targets()...) })
}

func insertSessions(ctx context.Context, tx *postgres.Tx, id int64, list []Session) error {
	if len(list) == 0 {
		return nil
	}
	var days []party.Date
	var parts, topics, places []string
	for _, s := range list {
		days, parts, topics, places = append(days, s.Day), append(parts, string(s.Part)), append(topics, s.Topic), append(places, s.Place)
	}
	_, err := tx.Exec(ctx, `
		insert into class_sessions (class_id, day, part, topic, place)
		select $1, s.* from unnest($2::date[], $3::text[], $4::text[], $5::text[]) s`, id, days, parts, topics, places)
	if err != nil {
		return fmt.Errorf("add sessions of class %d: %w", id, err)
	}
	return nil
}

// replaceSessions writes the sessions of a class. Those that change are first moved out of the way of
// each other: two may have changed places.
func replaceSessions(ctx context.Context, tx *postgres.Tx, id int64, list []Session, remove []int64) error {
	_, err := tx.Exec(ctx, `delete from class_sessions where class_id = $1 and id = any($2)`, id, remove)
	if postgres.ForeignKeyViolation(err) != "" { // attendance of somebody who is out of the viewer's sight
		return fault.InvalidFields(fault.Field{Key: "classes.error.session_entered"})
	}
	if err != nil {
		return fmt.Errorf("remove sessions of class %d: %w", id, err)
	}
	var added []Session
	var batch pgx.Batch
	batch.Queue(`update class_sessions set day = day - 100000 where class_id = $1`, id)
	for _, s := range list {
		if s.ID == 0 {
			added = append(added, s)
			continue
		}
		batch.Queue(`update class_sessions set day = $3, part = $4, topic = $5, place = $6 where class_id = $1 and id = $2`,
			id, s.ID, s.Day, s.Part, s.Topic, s.Place)
	}
	batch.Queue(`update class_sessions set day = day + 100000 where class_id = $1 and day < '1900-01-01'`, id)
	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		return fmt.Errorf("change sessions of class %d: %w", id, err)
	}
	return insertSessions(ctx, tx, id, added)
}

// touchClass counts a change of what belongs to a class.
func touchClass(ctx context.Context, tx *postgres.Tx, account, id int64) error {
	_, err := tx.Exec(ctx, `update classes set version = version + 1, changed_by = $2, changed_at = now() where id = $1`, id, account)
	return err
}

// work is what is there of a class, also beyond the viewer's sight.
type work struct {
	Counts
	FirstDay, LastDay party.Date
}

func selectWork(ctx context.Context, tx *postgres.Tx, id int64) (w work, err error) {
	counts, err := selectCounts(ctx, tx, id)
	if err != nil {
		return w, err
	}
	w.Counts = counts[id]
	err = tx.QueryRow(ctx, `select min(day), max(day) from class_sessions where class_id = $1`, id).Scan(&w.FirstDay, &w.LastDay)
	return w, err
}
