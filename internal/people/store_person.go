package people

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// tracked is a person as the use cases that change one need it.
type tracked struct {
	id      int64
	orgID   int32
	path    []int32
	place   party.Place
	person  party.Person
	version int
}

// searchText is what a search looks at. It stands in an index, whose entries are bounded.
const searchText = `left(' ' || fold(concat_ws(' ', $3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text,
	(select name from organisation_versions where org_id = $1 and valid_until is null))), 350)`

func insertPerson(ctx context.Context, tx *postgres.Tx, account, introducer int64, f Fields, sealed, index []byte) (int64, error) {
	var id int64
	err := tx.QueryRow(ctx, `
		insert into people (org_id, path, category, full_name, other_name, class_name, faculty, student_no, card_no,
		    file_no, search_text, sort_key, sex, birth_date, birth_place, origin, address, ethnicity, religion,
		    education, union_joined_on, phone, email, personal_no_cipher, personal_no_index, introduced_by, recorded_by, changed_by)
		values ($1, '{}', $2, $3, $4, $5, $6, $7, $8, $9, `+searchText+`, $10, $11, $12, $13, $14, $15, $16, $17,
		    $18, $19, $20, $21, $22, $23, nullif($24::bigint, 0), $25, $25)
		returning id`,
		f.OrgID, f.Category, f.FullName, f.OtherName, f.ClassName, f.Faculty, f.StudentNo, f.CardNo, f.FileNo,
		SortKey(f.FullName), f.Sex, f.BirthDate, f.BirthPlace, f.Origin, f.Address, f.Ethnicity, f.Religion,
		f.Education, f.UnionJoinedOn, f.Phone, f.Email, sealed, index, introducer, account).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("insert person: %w", err)
	}
	return id, nil
}

func updatePerson(ctx context.Context, tx *postgres.Tx, account, id int64, f Fields, sealed, index []byte) error {
	_, err := tx.Exec(ctx, `
		update people set category = $2, full_name = $3, other_name = $4, class_name = $5, faculty = $6, student_no = $7,
		    card_no = $8, file_no = $9, search_text = `+searchText+`, sort_key = $10, sex = $11, birth_date = $12,
		    birth_place = $13, origin = $14, address = $15, ethnicity = $16, religion = $17, education = $18,
		    union_joined_on = $19, phone = $20, email = $21, personal_no_cipher = $22, personal_no_index = $23,
		    version = version + 1, changed_by = $25, changed_at = now()
		where id = $24 and org_id = $1`,
		f.OrgID, f.Category, f.FullName, f.OtherName, f.ClassName, f.Faculty, f.StudentNo, f.CardNo, f.FileNo,
		SortKey(f.FullName), f.Sex, f.BirthDate, f.BirthPlace, f.Origin, f.Address, f.Ethnicity, f.Religion,
		f.Education, f.UnionJoinedOn, f.Phone, f.Email, sealed, index, id, account)
	if err != nil {
		return fmt.Errorf("update person %d: %w", id, err)
	}
	return nil
}

const fieldColumns = `p.org_id, p.category, p.full_name, p.other_name, p.sex, p.birth_date, p.birth_place, p.origin,
	p.address, p.ethnicity, p.religion, p.education, p.student_no, p.class_name, p.faculty, p.union_joined_on,
	p.phone, p.email, p.card_no, p.file_no`

// targets gives where the columns of fieldColumns are read to.
func (f *Fields) targets() []any {
	return []any{&f.OrgID, &f.Category, &f.FullName, &f.OtherName, &f.Sex, &f.BirthDate, &f.BirthPlace, &f.Origin,
		&f.Address, &f.Ethnicity, &f.Religion, &f.Education, &f.StudentNo, &f.ClassName, &f.Faculty, &f.UnionJoinedOn,
		&f.Phone, &f.Email, &f.CardNo, &f.FileNo}
}

func (s *Service) fieldsOf(ctx context.Context, tx *postgres.Tx, id int64) (Fields, error) {
	var f Fields
	var sealed []byte
	err := tx.QueryRow(ctx, `select `+fieldColumns+`, p.personal_no_cipher from people p where p.id = $1`, id).
		Scan(append(f.targets(), &sealed)...)
	if err != nil {
		return f, fmt.Errorf("read person %d: %w", id, err)
	}
	f.PersonalNo, err = s.numbers.Open(sealed)
	return f, err
}

// lockPerson reads and locks a person for a change. One out of the viewer's sight is not found.
func (s *Service) lockPerson(ctx context.Context, tx *postgres.Tx, id int64) (tracked, error) {
	p := tracked{id: id}
	err := tx.QueryRow(ctx, `
		select org_id, category, birth_date, education, union_joined_on, version
		  from people where id = $1 for update`, id).
		Scan(&p.orgID, &p.person.Category, &p.person.BirthDate, &p.person.Education, &p.person.UnionDate, &p.version)
	if postgres.NoRows(err) {
		return p, errNotFound()
	}
	if err != nil {
		return p, fmt.Errorf("lock person %d: %w", id, err)
	}
	p.place, p.path, err = s.orgs.Place(ctx, tx, p.orgID, s.clock())
	return p, err
}

func bumpVersion(ctx context.Context, tx *postgres.Tx, account, id int64) error {
	if _, err := tx.Exec(ctx, `update people set version = version + 1, changed_by = $2, changed_at = now() where id = $1`, id, account); err != nil {
		return fmt.Errorf("person %d: new version: %w", id, err)
	}
	return nil
}

func selectLastChange(ctx context.Context, tx *postgres.Tx, id int64) (by string, at time.Time, err error) {
	err = tx.QueryRow(ctx, `
		select coalesce(a.name, ''), p.changed_at
		  from people p left join accounts a on a.id = p.changed_by where p.id = $1`, id).Scan(&by, &at)
	if err != nil {
		return "", at, fmt.Errorf("person %d: last change: %w", id, err)
	}
	return by, at, nil
}

// selectNamesakes fills in the possible duplicates of each name and birth date.
func selectNamesakes(ctx context.Context, tx *postgres.Tx, names []string, born []party.Date, out [][]Duplicate) error {
	rows, err := tx.Query(ctx, `
		select l.nr - 1, coalesce(d.person_id, 0), coalesce(p.full_name, ''), coalesce(p.org_id, 0)
		  from unnest($1::text[], $2::date[]) with ordinality l (name, born, nr)
		 cross join lateral possible_duplicates(l.name, l.born, null, 0) d
		  left join people p on p.id = d.person_id
		 where l.born is not null`, names, born)
	if err != nil {
		return fmt.Errorf("namesakes: %w", err)
	}
	var nr int
	var d Duplicate
	_, err = pgx.ForEachRow(rows, []any{&nr, &d.ID, &d.FullName, &d.OrgID}, func() error {
		out[nr] = append(out[nr], d)
		return nil
	})
	return err
}

func selectDuplicates(ctx context.Context, tx *postgres.Tx, name string, born party.Date, index []byte, except int64) ([]Duplicate, error) {
	rows, err := tx.Query(ctx, `
		select coalesce(d.person_id, 0), d.same_number, coalesce(p.full_name, ''), coalesce(p.org_id, 0)
		  from possible_duplicates($1, $2, $3, $4) d left join people p on p.id = d.person_id`, name, born, index, except)
	if err != nil {
		return nil, fmt.Errorf("possible duplicates: %w", err)
	}
	defer rows.Close()
	var out []Duplicate
	for rows.Next() {
		var d Duplicate
		if err := rows.Scan(&d.ID, &d.SameNumber, &d.FullName, &d.OrgID); err != nil {
			return nil, fmt.Errorf("possible duplicates: %w", err)
		}
		out = append(out, d)
	}
	return out, rows.Err()
}
