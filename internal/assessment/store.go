package assessment

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// selectSheet fills in what is stored of a sheet; it stays as it is where nothing is.
func selectSheet(ctx context.Context, tx *postgres.Tx, s *Sheet, lock bool) error {
	query := `select id, met_on, minutes_no, voters, approved_on, approval_no, version from assessment_sheets where org_id = $1 and kind = $2 and year = $3`
	if lock {
		// Two who enter the same sheet for the first time come one after the other.
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(7464037, $1)`, s.Org.OrgID); err != nil {
			return fmt.Errorf("lock the sheets of %d: %w", s.Org.OrgID, err)
		}
		query += ` for update`
	}
	err := tx.QueryRow(ctx, query, s.Org.OrgID, s.Kind, s.Year).Scan(&s.ID, &s.MetOn, &s.Minutes, &s.Voters, &s.ApprovedOn, &s.ApprovalNo, &s.Version)
	if err != nil && !postgres.NoRows(err) {
		return fmt.Errorf("sheet of %d: %w", s.Org.OrgID, err)
	}
	return nil
}

func selectChange(ctx context.Context, tx *postgres.Tx, id int64) (st Stale, err error) {
	err = tx.QueryRow(ctx, `select coalesce((select a.name from accounts a where a.id = s.changed_by), ''), s.changed_at
		from assessment_sheets s where s.id = $1`, id).Scan(&st.By, &st.At)
	if err != nil && !postgres.NoRows(err) {
		return st, fmt.Errorf("who changed sheet %d: %w", id, err)
	}
	return st, nil
}

// membersOf are those who are in the cell, had joined by the end of the year and had come to the cell by
// then; and whoever is on the sheet already, wherever he is now.
const membersOf = `
	with listed as (
	  select p.id from people p join person_states s on s.person_id = p.id
	   where p.org_id = $1 and s.stage in ('probationary', 'official') and s.joined_on <= $4
	     and (select t.to_org from transfers t where t.person_id = p.id and t.state = 'accepted' and t.step_id is not null and t.ended_on > $4
	            and p.org_id in (t.org_id, t.to_org) order by t.ended_on, t.id limit 1) is distinct from p.org_id
	  union select person_id from assessments where sheet_id = $2
	  union select person_id from screenings where sheet_id = $2)`

// elsewhere is the cell whose row stands against entering a member here; 0 is none. What a cell that has
// ended left without an approval stands against nothing: the cell in which the member goes on enters it.
func elsewhere(row, decided string) string {
	return `case when ` + row + `.` + decided + ` = '' and not exists (select from organisation_versions v where v.org_id = ` + row + `.org_id and v.valid_until is null)
		 then 0 else coalesce(` + row + `.org_id, 0) end`
}

// selectRows gives the members of a sheet in Vietnamese order, with what is entered of each.
func selectRows(ctx context.Context, tx *postgres.Tx, s Sheet, most int) ([]Row, error) {
	rows, err := tx.Query(ctx, membersOf+`
		select l.id, coalesce(p.full_name, a.full_name, c.full_name), coalesce(st.stage, ''), st.joined_on,
		       (select array_agg(x.year order by x.year) from assessments x where x.person_id = l.id and x.level = 'failed'),
		       coalesce(a.level, ''), coalesce(a.sheet_id = $2, false), `+elsewhere("a", "level")+`,
		       coalesce(a.self, ''), coalesce(a.proposed, ''), coalesce(a.in_favour, 0), coalesce(a.exempt, ''), coalesce(a.note, ''),
		       coalesce(c.sheet_id = $2, false), `+elsewhere("c", "outcome")+`,
		       coalesce(c.category, ''), coalesce(c.proposed, ''), coalesce(c.outcome, ''), c.watch_until, coalesce(c.result, ''), c.result_on, coalesce(c.note, '')
		  from listed l
		  left join people p on p.id = l.id left join person_states st on st.person_id = l.id
		  left join assessments a on a.person_id = l.id and a.year = $3
		  left join screenings c on c.person_id = l.id and c.year = $3
		 order by st.sort_key nulls last, l.id limit $5`, s.Org.OrgID, s.ID, s.Year, party.YearEnd(s.Year), most)
	if err != nil {
		return nil, fmt.Errorf("members of %d: %w", s.Org.OrgID, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Row, err error) {
		var level party.Assessment
		var ratedHere, listedHere bool
		var ratedAt, listedAt int32
		var note, listedNote string
		err = row.Scan(&r.PersonID, &r.FullName, &r.Stage, &r.JoinedOn, &r.Failed, &level, &ratedHere, &ratedAt,
			&r.Self, &r.Proposed, &r.InFavour, &r.Exempt, &note, &listedHere, &listedAt,
			&r.Category, &r.Proposes, &r.Outcome, &r.Until, &r.Result, &r.ResultOn, &listedNote)
		if s.Kind == Screening {
			r.Yearly, r.Note, r.Here, r.Where = level, listedNote, listedHere, listedAt
		} else {
			r.Level, r.Note, r.Here, r.Where = level, note, ratedHere, ratedAt
		}
		if r.Here {
			r.Where = 0
		}
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("members of %d: %w", s.Org.OrgID, err)
	}
	return list, nil
}

// attachDecisions adds by what members are exempt or suspended on some day of the sheet's year.
func attachDecisions(ctx context.Context, tx *postgres.Tx, s *Sheet) error {
	at := map[int64]*Row{}
	ids := make([]int64, len(s.Rows))
	for i := range s.Rows {
		ids[i], at[s.Rows[i].PersonID] = s.Rows[i].PersonID, &s.Rows[i]
	}
	rows, err := tx.Query(ctx, `select person_id, kind, from_on, until_on from member_exemptions
		where person_id = any($1) and from_on <= $2 and (until_on is null or until_on >= $3) order by person_id, from_on`, ids, party.YearEnd(s.Year), party.NewDate(s.Year, 1, 1))
	if err != nil {
		return fmt.Errorf("decisions about members of %d: %w", s.Org.OrgID, err)
	}
	var id int64
	var e party.ExemptionSpan
	_, err = pgx.ForEachRow(rows, []any{&id, &e.Kind, &e.From, &e.Until}, func() error {
		at[id].decisions = append(at[id].decisions, e)
		return nil
	})
	if err != nil {
		return fmt.Errorf("decisions about members of %d: %w", s.Org.OrgID, err)
	}
	return nil
}

func upsertSheet(ctx context.Context, tx *postgres.Tx, account int64, s Sheet) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		insert into assessment_sheets (org_id, path, kind, year, met_on, minutes_no, voters, recorded_by, changed_by)
		values ($1, '{}', $2, $3, $4, $5, $6, $7, $7)
		on conflict (org_id, kind, year) do update set met_on = excluded.met_on, minutes_no = excluded.minutes_no, voters = excluded.voters,
		       approved_on = $8, approval_no = $9, version = assessment_sheets.version + 1, changed_by = excluded.changed_by, changed_at = now()
		returning id`, s.Org.OrgID, s.Kind, s.Year, s.MetOn, s.Minutes, s.Voters, account, s.ApprovedOn, s.ApprovalNo).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("sheet of %d: %w", s.Org.OrgID, err)
	}
	return id, nil
}

func deleteRows(ctx context.Context, tx *postgres.Tx, s Sheet, ids []int64) error {
	table := map[Kind]string{Rating: "assessments", Screening: "screenings"}[s.Kind]
	if _, err := tx.Exec(ctx, `delete from `+table+` where sheet_id = $1 and person_id = any($2)`, s.ID, ids); err != nil {
		return fmt.Errorf("rows of sheet %d: %w", s.ID, err)
	}
	return nil
}

func upsertRows(ctx context.Context, tx *postgres.Tx, account int64, s Sheet, list []Row) error {
	if len(list) == 0 {
		return nil
	}
	if s.Kind == Screening {
		return upsertScreenings(ctx, tx, account, s, list)
	}
	var ids []int64
	var favour []int32
	var name, self, proposed, exempt, level, note []string
	for _, r := range list {
		ids, favour, name = append(ids, r.PersonID), append(favour, int32(r.InFavour)), append(name, r.FullName)
		self, proposed, exempt = append(self, string(r.Self)), append(proposed, string(r.Proposed)), append(exempt, string(r.Exempt))
		level, note = append(level, string(r.Level)), append(note, r.Note)
	}
	_, err := tx.Exec(ctx, `
		insert into assessments (person_id, full_name, year, sheet_id, org_id, path, self, proposed, in_favour, exempt, level, note, changed_by)
		select x.id, x.name, $1, $2, $3, '{}', x.self, x.proposed, x.favour, x.exempt, x.level, x.note, $4
		  from unnest($5::bigint[], $6::text[], $7::text[], $8::text[], $9::integer[], $10::text[], $11::text[], $12::text[])
		       x (id, name, self, proposed, favour, exempt, level, note)
		on conflict (person_id, year) do update set full_name = excluded.full_name, sheet_id = excluded.sheet_id, org_id = excluded.org_id, self = excluded.self, proposed = excluded.proposed, in_favour = excluded.in_favour,
		       exempt = excluded.exempt, level = excluded.level, note = excluded.note, changed_by = excluded.changed_by, changed_at = now()`,
		s.Year, s.ID, s.Org.OrgID, account, ids, name, self, proposed, favour, exempt, level, note)
	if err != nil {
		return fmt.Errorf("rows of sheet %d: %w", s.ID, err)
	}
	return nil
}

func upsertScreenings(ctx context.Context, tx *postgres.Tx, account int64, s Sheet, list []Row) error {
	var ids []int64
	var name, category, proposed, outcome, note []string
	var until []party.Date
	for _, r := range list {
		ids, name, category = append(ids, r.PersonID), append(name, r.FullName), append(category, string(r.Category))
		proposed, outcome, note = append(proposed, string(r.Proposes)), append(outcome, string(r.Outcome)), append(note, r.Note)
		until = append(until, r.Until)
	}
	_, err := tx.Exec(ctx, `
		insert into screenings (person_id, full_name, year, sheet_id, org_id, path, category, proposed, outcome, watch_until, note, changed_by)
		select x.id, x.name, $1, $2, $3, '{}', x.category, x.proposed, x.outcome, x.until, x.note, $4
		  from unnest($5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::date[], $11::text[])
		       x (id, name, category, proposed, outcome, until, note)
		on conflict (person_id, year) do update set full_name = excluded.full_name, sheet_id = excluded.sheet_id, org_id = excluded.org_id, category = excluded.category, proposed = excluded.proposed,
		       outcome = excluded.outcome, watch_until = excluded.watch_until, note = excluded.note, changed_by = excluded.changed_by, changed_at = now()`,
		s.Year, s.ID, s.Org.OrgID, account, ids, name, category, proposed, outcome, until, note)
	if err != nil {
		return fmt.Errorf("rows of sheet %d: %w", s.ID, err)
	}
	return nil
}

func selectYears(ctx context.Context, tx *postgres.Tx, person int64) ([]YearOf, error) {
	rows, err := tx.Query(ctx, `
		select year, 'assessment', org_id, self, proposed, exempt, level, '', '', null::date, '', note from assessments where person_id = $1
		union all select year, 'screening', org_id, '', '', '', '', category, outcome, watch_until, result, note from screenings where person_id = $1
		order by 1 desc, 2 limit 60`, person)
	if err != nil {
		return nil, fmt.Errorf("years of %d: %w", person, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (y YearOf, err error) {
		return y, row.Scan(&y.Year, &y.Kind, &y.OrgID, &y.Self, &y.Proposed, &y.Exempt, &y.Level, &y.Category, &y.Outcome, &y.Until, &y.Result, &y.Note)
	})
}
