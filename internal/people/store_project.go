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
		    joined_on, official_on, party_age_from, probation_ends_on)
		select p.id, p.org_id, p.path, p.sort_key, $2, $3, $4, $5, $6, $7, $8, $9, $10 from people p where p.id = $1
		on conflict (person_id) do update set org_id = excluded.org_id, path = excluded.path, sort_key = excluded.sort_key,
		    stage = excluded.stage, stage_since = excluded.stage_since, next_kind = excluded.next_kind,
		    due_on = excluded.due_on, due_rule = excluded.due_rule, joined_on = excluded.joined_on,
		    official_on = excluded.official_on, party_age_from = excluded.party_age_from, probation_ends_on = excluded.probation_ends_on
		where (s.org_id, s.path, s.sort_key, s.stage, s.stage_since, s.next_kind, s.due_on, s.due_rule, s.joined_on, s.official_on, s.party_age_from, s.probation_ends_on)
		    is distinct from (excluded.org_id, excluded.path, excluded.sort_key, excluded.stage, excluded.stage_since, excluded.next_kind,
		    excluded.due_on, excluded.due_rule, excluded.joined_on, excluded.official_on, excluded.party_age_from, excluded.probation_ends_on)`,
		id, p.Stage, p.Since, p.Next, p.Due, p.DueRule, p.JoinedOn, p.OfficialOn, p.PartyAgeFrom, p.ProbationEnd)
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
	w := columnsOf(list)
	if _, err := tx.Exec(ctx, `
		delete from milestones m where person_id = $1 and not exists (
		    select from unnest($2::text[], $3::date[], $4::bigint[], $5::integer[]) w (figure, happened_on, step_id, org_id)
		     where w.figure = m.figure and w.happened_on = m.happened_on and w.step_id = m.step_id and w.org_id = m.org_id)`,
		id, w.figures, w.days, w.steps, w.orgs); err != nil {
		return fmt.Errorf("milestones of person %d: %w", id, err)
	}
	if _, err := tx.Exec(ctx, `
		insert into milestones (person_id, figure, happened_on, step_id, org_id, occasion, path)
		select $1, w.figure, w.happened_on, w.step_id, w.org_id, w.occasion,
		       case when organisation_path(w.org_id, w.placed_on) <> '{}' then organisation_path(w.org_id, w.placed_on)
		            else organisation_path(w.org_id, (select valid_from from organisation_tree
		                  where descendant_id = w.org_id and ancestor_id = w.org_id order by valid_from limit 1)) end
		  from unnest($2::text[], $3::date[], $4::bigint[], $5::integer[], $6::text[], $7::date[])
		       w (figure, happened_on, step_id, org_id, occasion, placed_on)
		 where not exists (select from milestones m where m.person_id = $1 and m.figure = w.figure
		                     and m.happened_on = w.happened_on and m.step_id = w.step_id)`,
		id, w.figures, w.days, w.steps, w.orgs, w.occasions, w.placed); err != nil {
		return fmt.Errorf("milestones of person %d: %w", id, err)
	}
	return nil
}

// milestoneColumns are milestones, column by column.
type milestoneColumns struct {
	figures      []string
	days, placed []party.Date // when, and of which day the order of organisations is meant
	steps        []int64
	orgs         []int32
	occasions    []string
}

func columnsOf(list []party.Milestone) (c milestoneColumns) {
	for _, m := range list {
		placed := m.On
		if m.Eve {
			placed = m.On.AddDays(-1)
		}
		c.figures, c.days, c.placed = append(c.figures, string(m.Figure)), append(c.days, m.On), append(c.placed, placed)
		c.steps, c.orgs, c.occasions = append(c.steps, m.StepID), append(c.orgs, m.OrgID), append(c.occasions, string(m.Occasion))
	}
	return c
}

// selectPassages gives when people came under another order of organisations, from old to new.
func selectPassages(ctx context.Context, tx *postgres.Tx, ids []int64) (map[int64][]party.Passage, error) {
	rows, err := tx.Query(ctx, `
		select p.person_id, a.happened_on, p.from_org, p.to_org from reorganisation_people p join reorganisations a on a.id = p.act_id
		 where p.person_id = any($1) and a.undone_at is null order by a.happened_on, a.id`, ids)
	if err != nil {
		return nil, fmt.Errorf("passages: %w", err)
	}
	out := map[int64][]party.Passage{}
	var id int64
	var p party.Passage
	_, err = pgx.ForEachRow(rows, []any{&id, &p.On, &p.From, &p.To}, func() error {
		out[id] = append(out[id], p)
		return nil
	})
	return out, err
}

// entry is one person of a portion of the register.
type entry struct {
	tracked
	name     string
	class    string
	steps    []RecordedStep
	stored   projection
	passages []party.Passage
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
	passages, err := selectPassages(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].passages = passages[list[i].id]
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
		       s.joined_on, s.official_on, s.party_age_from, s.probation_ends_on
		  from people p left join person_states s on s.person_id = p.id
		      and s.org_id = p.org_id and s.path = p.path and s.sort_key = p.sort_key
		 where p.id > $1 order by p.id limit $2`, after, most)
	return s.placed(ctx, tx, rows, err, func(e *entry) []any {
		d := &e.stored
		return []any{&d.Stage, &d.Since, &d.Next, &d.Due, &d.DueRule, &d.JoinedOn, &d.OfficialOn, &d.PartyAgeFrom, &d.ProbationEnd}
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
