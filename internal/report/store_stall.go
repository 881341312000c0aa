package report

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// below bounds states s by an organisation: by the column of its depth, which the indexes begin with.
func below(org organisation.Org) string {
	if org.Depth() == 0 {
		return "true"
	}
	return fmt.Sprintf("s.o%d = %d", org.Depth(), org.OrgID)
}

// selectWaits measures the waiting of candidates by stage, by organisation below, by both and of all.
func selectWaits(ctx context.Context, tx *postgres.Tx, org organisation.Org, today, before party.Date) ([]wait, error) {
	rows, err := tx.Query(ctx, `
		select coalesce(child, 0), coalesce(stage, ''), count(*), percentile_disc(0.5) within group (order by days), max(days),
		       (array_agg(person_id order by days desc, person_id))[1], count(*) filter (where stuck)
		  from (select s.path[$3] child, s.stage, s.person_id, $1::date - s.stage_since days, coalesce(s.stage_since < $2, false) stuck
		          from person_states s where s.stage = any($4) and s.stage_since <= $1 and `+below(org)+`) w
		 group by grouping sets ((child), (stage), (child, stage), ())
		having count(*) > 0 and (grouping(child) = 1 or child is not null)`, today, before, org.Depth()+2, party.StallStages)
	if err != nil {
		return nil, fmt.Errorf("waits below %d: %w", org.OrgID, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (w wait, err error) {
		err = row.Scan(&w.child, &w.stage, &w.People, &w.Median, &w.Longest, &w.Who, &w.Stuck)
		return w, err
	})
	if err != nil {
		return nil, fmt.Errorf("waits below %d: %w", org.OrgID, err)
	}
	return list, nil
}

// selectMentorWaits measures the waiting of those whom each mentor helps, who has most stuck first.
func selectMentorWaits(ctx context.Context, tx *postgres.Tx, org organisation.Org, today, before party.Date) ([]MentorWait, error) {
	rows, err := tx.Query(ctx, `
		select name, org_id, count(*), percentile_disc(0.5) within group (order by days), max(days),
		       (array_agg(person_id order by days desc, person_id))[1], count(*) filter (where stuck)
		  from (select distinct m.name, m.org_id, s.person_id, $1::date - s.stage_since days, coalesce(s.stage_since < $2, false) stuck
		          from person_states s join person_mentors m on m.person_id = s.person_id
		         where s.stage = any($3) and s.stage_since <= $1 and `+below(org)+`) w
		 group by name, org_id order by count(*) filter (where stuck) desc, max(days) desc, name, org_id limit $4`,
		today, before, party.StallStages, maxMentors)
	if err != nil {
		return nil, fmt.Errorf("waits by mentor below %d: %w", org.OrgID, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m MentorWait, err error) {
		err = row.Scan(&m.Name, &m.Org.OrgID, &m.People, &m.Median, &m.Longest, &m.Who, &m.Stuck)
		return m, err
	})
	if err != nil {
		return nil, fmt.Errorf("waits by mentor below %d: %w", org.OrgID, err)
	}
	return list, nil
}

// selectCohorts follows the people of an organisation through the classes of the last five years.
func selectCohorts(ctx context.Context, tx *postgres.Tx, org organisation.Org, today party.Date) ([]Cohort, error) {
	const passed = `steps r join person_states s on s.person_id = r.person_id
		 where r.class_id = c.id and r.kind = 'class_result' and r.facts @> '{"passed": true}'
		   and not exists (select from steps v where v.voids_id = r.id) and `
	rows, err := tx.Query(ctx, `
		select c.id, c.number, c.starts_on, n.passed, n.admitted, n.dropped
		  from (select * from classes c where c.starts_on > $1 and exists (select from `+passed+below(org)+`)
		         order by c.starts_on desc, c.id desc limit $2) c
		 cross join lateral (select count(distinct s.person_id) passed,
		       count(distinct s.person_id) filter (where s.stage in ('probationary', 'official')) admitted,
		       count(distinct s.person_id) filter (where s.stage in ('dropped', 'away', 'former')) dropped from `+passed+below(org)+`) n
		 order by c.starts_on desc, c.id desc`, today.AddYears(-5), maxCohorts)
	if err != nil {
		return nil, fmt.Errorf("cohorts below %d: %w", org.OrgID, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c Cohort, err error) {
		err = row.Scan(&c.ClassID, &c.Number, &c.Starts, &c.Passed, &c.Admitted, &c.Dropped)
		return c, err
	})
	if err != nil {
		return nil, fmt.Errorf("cohorts below %d: %w", org.OrgID, err)
	}
	return list, nil
}
