package people

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

func upsertState(ctx context.Context, tx *postgres.Tx, id int64, p projection) error {
	_, err := tx.Exec(ctx, `
		insert into person_states as s (person_id, org_id, path, sort_key, stage, stage_since, next_kind, due_on, due_rule,
		    joined_on, official_on, party_age_from)
		select p.id, p.org_id, p.path, p.sort_key, $2, $3, $4, $5, $6, $7, $8, $9 from people p where p.id = $1
		on conflict (person_id) do update set org_id = excluded.org_id, path = excluded.path, sort_key = excluded.sort_key,
		    stage = excluded.stage, stage_since = excluded.stage_since, next_kind = excluded.next_kind,
		    due_on = excluded.due_on, due_rule = excluded.due_rule, joined_on = excluded.joined_on,
		    official_on = excluded.official_on, party_age_from = excluded.party_age_from
		where (s.org_id, s.path, s.sort_key, s.stage, s.stage_since, s.next_kind, s.due_on, s.due_rule, s.joined_on, s.official_on, s.party_age_from)
		    is distinct from (excluded.org_id, excluded.path, excluded.sort_key, excluded.stage, excluded.stage_since, excluded.next_kind,
		    excluded.due_on, excluded.due_rule, excluded.joined_on, excluded.official_on, excluded.party_age_from)`,
		id, p.Stage, p.Since, p.Next, p.Due, p.DueRule, p.JoinedOn, p.OfficialOn, p.PartyAgeFrom)
	if err != nil {
		return fmt.Errorf("state of person %d: %w", id, err)
	}
	return nil
}

// projectionMark tells what the stored projections were computed with: by which version of the
// program, and after how many of the changes to what they depend on.
type projectionMark struct {
	version          int
	changes, applied int64
}

func selectProjectionMark(ctx context.Context, tx *postgres.Tx) (m projectionMark, err error) {
	if err = tx.QueryRow(ctx, `select version, changes, applied from projection_version`).Scan(&m.version, &m.changes, &m.applied); err != nil {
		return m, fmt.Errorf("version of the projections: %w", err)
	}
	return m, nil
}

func countProjectionChange(ctx context.Context, tx *postgres.Tx) error {
	if _, err := tx.Exec(ctx, `update projection_version set changes = changes + 1`); err != nil {
		return fmt.Errorf("version of the projections: %w", err)
	}
	return nil
}

func updateProjectionMark(ctx context.Context, tx *postgres.Tx, m projectionMark) error {
	_, err := tx.Exec(ctx, `update projection_version set version = greatest(version, $1), applied = greatest(applied, $2)`, m.version, m.applied)
	if err != nil {
		return fmt.Errorf("version of the projections: %w", err)
	}
	return nil
}

// replaceMilestones brings the stored milestones of a person in line, touching only what differs,
// since each row moves a maintained count.
func replaceMilestones(ctx context.Context, tx *postgres.Tx, id int64, list []party.Milestone) error {
	figures, days, steps, orgs, occasions := milestoneColumns(list)
	if _, err := tx.Exec(ctx, `
		delete from milestones m where person_id = $1 and not exists (
		    select from unnest($2::text[], $3::date[], $4::bigint[]) w (figure, happened_on, step_id)
		     where w.figure = m.figure and w.happened_on = m.happened_on and w.step_id = m.step_id)`,
		id, figures, days, steps); err != nil {
		return fmt.Errorf("milestones of person %d: %w", id, err)
	}
	if _, err := tx.Exec(ctx, `
		insert into milestones (person_id, figure, happened_on, step_id, org_id, occasion, path)
		select $1, w.figure, w.happened_on, w.step_id, w.org_id, w.occasion,
		       case when organisation_path(w.org_id, w.happened_on) <> '{}' then organisation_path(w.org_id, w.happened_on)
		            else organisation_path(w.org_id, (select valid_from from organisation_tree
		                  where descendant_id = w.org_id and ancestor_id = w.org_id order by valid_from limit 1)) end
		  from unnest($2::text[], $3::date[], $4::bigint[], $5::integer[], $6::text[]) w (figure, happened_on, step_id, org_id, occasion)
		 where not exists (select from milestones m where m.person_id = $1 and m.figure = w.figure
		                     and m.happened_on = w.happened_on and m.step_id = w.step_id)`,
		id, figures, days, steps, orgs, occasions); err != nil {
		return fmt.Errorf("milestones of person %d: %w", id, err)
	}
	return nil
}

func milestoneColumns(list []party.Milestone) (figures []string, days []party.Date, steps []int64, orgs []int32, occasions []string) {
	for _, m := range list {
		figures, days = append(figures, string(m.Figure)), append(days, m.On)
		steps, orgs, occasions = append(steps, m.StepID), append(orgs, m.OrgID), append(occasions, string(m.Occasion))
	}
	return figures, days, steps, orgs, occasions
}

// entry is one person of a portion of the register.
type entry struct {
	tracked
	name   string
	class  string
	steps  []RecordedStep
	stored projection
}

// selectPortion reads the next people after an id, with their steps and their stored projections.
func (s *Service) selectPortion(ctx context.Context, tx *postgres.Tx, after int64, most int) ([]entry, error) {
	list, err := s.selectEntries(ctx, tx, after, most)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]int64, len(list))
	for i, e := range list {
		ids[i] = e.id
	}
	if err := attachSteps(ctx, tx, ids, byID(list)); err != nil {
		return nil, err
	}
	if err := attachMentors(ctx, tx, ids, byID(list)); err != nil {
		return nil, err
	}
	return list, attachMilestones(ctx, tx, ids, byID(list))
}

const entryColumns = `p.id, p.org_id, p.category, p.birth_date, p.education, p.union_joined_on, p.version, p.full_name, p.class_name`

func (e *entry) targets() []any {
	return []any{&e.id, &e.orgID, &e.person.Category, &e.person.BirthDate, &e.person.Education, &e.person.UnionDate, &e.version, &e.name, &e.class}
}

func (s *Service) selectEntries(ctx context.Context, tx *postgres.Tx, after int64, most int) ([]entry, error) {
	rows, err := tx.Query(ctx, `
		select `+entryColumns+`,
		       coalesce(s.stage, ''), s.stage_since, coalesce(s.next_kind, ''), s.due_on, coalesce(s.due_rule, ''),
		       s.joined_on, s.official_on, s.party_age_from
		  from people p left join person_states s on s.person_id = p.id
		      and s.org_id = p.org_id and s.path = p.path and s.sort_key = p.sort_key
		 where p.id > $1 order by p.id limit $2`, after, most)
	return s.placed(ctx, tx, rows, err, func(e *entry) []any {
		d := &e.stored
		return []any{&d.Stage, &d.Since, &d.Next, &d.Due, &d.DueRule, &d.JoinedOn, &d.OfficialOn, &d.PartyAgeFrom}
	})
}

// selectChosen reads some people with their steps.
func (s *Service) selectChosen(ctx context.Context, tx *postgres.Tx, ids []int64) ([]entry, error) {
	rows, err := tx.Query(ctx, `select `+entryColumns+` from people p where p.id = any($1)`, ids)
	list, err := s.placed(ctx, tx, rows, err, func(*entry) []any { return nil })
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list, attachSteps(ctx, tx, ids, byID(list))
}

func byID(list []entry) map[int64]*entry {
	out := make(map[int64]*entry, len(list))
	for i := range list {
		out[list[i].id] = &list[i]
	}
	return out
}

// placed reads entries, with what else stands in the rows, and adds where they belong.
func (s *Service) placed(ctx context.Context, tx *postgres.Tx, rows pgx.Rows, err error, more func(*entry) []any) ([]entry, error) {
	var list []entry
	if err == nil {
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (e entry, err error) {
			err = row.Scan(append(e.targets(), more(&e)...)...)
			return e, err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("portion of the register: %w", err)
	}
	return list, s.attachPlaces(ctx, tx, list)
}

// attachPlaces fills in where people belong. Somebody at an organisation that is no more is told as
// not found: nobody may be left behind there.
func (s *Service) attachPlaces(ctx context.Context, tx *postgres.Tx, list []entry) error {
	orgs := make([]int32, 0, len(list))
	for _, e := range list {
		orgs = append(orgs, e.orgID)
	}
	slices.Sort(orgs)
	places, paths, err := s.orgs.Places(ctx, tx, slices.Compact(orgs), s.clock())
	if err != nil {
		return err
	}
	for i := range list {
		e := &list[i]
		e.place, e.path = places[e.orgID], paths[e.orgID]
		if e.path == nil {
			return errNotFound()
		}
	}
	return nil
}

func attachSteps(ctx context.Context, tx *postgres.Tx, ids []int64, byID map[int64]*entry) error {
	rows, err := tx.Query(ctx, `
		select s.person_id, s.id, s.kind, s.happened_on, s.org_id, s.facts, s.papers, s.recorded_at
		  from steps s where s.person_id = any($1) order by s.person_id, s.happened_on, s.id`, ids)
	if err != nil {
		return fmt.Errorf("steps of a portion: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var person int64
		var st RecordedStep
		var facts, papers []byte
		if err := rows.Scan(&person, &st.ID, &st.Kind, &st.On, &st.OrgID, &facts, &papers, &st.At); err != nil {
			return fmt.Errorf("steps of a portion: %w", err)
		}
		if err := st.fill(facts, papers); err != nil {
			return err
		}
		byID[person].steps = append(byID[person].steps, st)
	}
	return rows.Err()
}

func attachMilestones(ctx context.Context, tx *postgres.Tx, ids []int64, byID map[int64]*entry) error {
	rows, err := tx.Query(ctx, `
		select person_id, figure, happened_on, step_id, org_id, occasion from milestones
		 where person_id = any($1) order by person_id, happened_on, step_id, figure`, ids)
	if err != nil {
		return fmt.Errorf("milestones of a portion: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var person int64
		var m party.Milestone
		if err := rows.Scan(&person, &m.Figure, &m.On, &m.StepID, &m.OrgID, &m.Occasion); err != nil {
			return fmt.Errorf("milestones of a portion: %w", err)
		}
		byID[person].stored.Milestones = append(byID[person].stored.Milestones, m)
	}
	return rows.Err()
}
