package document

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// lockPerson lets one writer of somebody's dossier work at a time.
func lockPerson(ctx context.Context, tx *postgres.Tx, id int64) error {
	_, err := tx.Exec(ctx, `select pg_advisory_xact_lock(7464010, hashint8($1::bigint))`, id)
	if err != nil {
		return fmt.Errorf("lock dossier %d: %w", id, err)
	}
	return nil
}

// selectVersions gives everything that was said of somebody's papers, the newest version first.
func selectVersions(ctx context.Context, tx *postgres.Tx, id int64) (map[party.DocumentKind][]Entered, error) {
	rows, err := tx.Query(ctx, `
		select d.kind, d.version, d.state, d.reason, d.number, d.dated_on, d.issuer, d.kept, coalesce(a.name, ''), d.recorded_at
		  from person_documents d left join accounts a on a.id = d.recorded_by
		 where d.person_id = $1 order by d.kind, d.version desc`, id)
	if err != nil {
		return nil, fmt.Errorf("documents of person %d: %w", id, err)
	}
	out := map[party.DocumentKind][]Entered{}
	var kind party.DocumentKind
	var e Entered
	_, err = pgx.ForEachRow(rows, []any{&kind, &e.Version, &e.State, &e.Reason, &e.Number, &e.Dated, &e.Issuer, &e.Kept, &e.By, &e.At}, func() error {
		out[kind] = append(out[kind], e)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("documents of person %d: %w", id, err)
	}
	return out, nil
}

// selectCurrent gives what holds of the papers of some people.
func selectCurrent(ctx context.Context, tx *postgres.Tx, ids []int64) (map[int64]map[party.DocumentKind]party.Document, error) {
	rows, err := tx.Query(ctx, `
		select distinct on (person_id, kind) person_id, kind, state, reason, number, dated_on, issuer, kept
		  from person_documents where person_id = any($1) order by person_id, kind, version desc`, ids)
	if err != nil {
		return nil, fmt.Errorf("documents: %w", err)
	}
	out := map[int64]map[party.DocumentKind]party.Document{}
	var id int64
	var kind party.DocumentKind
	var d party.Document
	_, err = pgx.ForEachRow(rows, []any{&id, &kind, &d.State, &d.Reason, &d.Number, &d.Dated, &d.Issuer, &d.Kept}, func() error {
		if out[id] == nil {
			out[id] = map[party.DocumentKind]party.Document{}
		}
		out[id][kind] = d
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("documents: %w", err)
	}
	return out, nil
}

// selectRegistered gives the certificates of the new-member class that the register of an organiser has
// of some people, the newest one of each.
func selectRegistered(ctx context.Context, tx *postgres.Tx, ids []int64) (map[int64]map[party.DocumentKind]party.Document, error) {
	rows, err := tx.Query(ctx, `
		select distinct on (c.person_id) c.person_id, c.printed, c.issued_on
		  from class_papers c join class_members m on m.class_id = c.class_id and m.person_id = c.person_id
		 where c.person_id = any($1) and c.kind = 'certificate' and c.cancelled_on is null and m.kind = 'new_member' and m.result = 'passed'
		 order by c.person_id, c.issued_on desc, c.id desc`, ids)
	if err != nil {
		return nil, fmt.Errorf("certificates of new members: %w", err)
	}
	out := map[int64]map[party.DocumentKind]party.Document{}
	var id int64
	d := party.Document{State: party.DocumentPresent}
	_, err = pgx.ForEachRow(rows, []any{&id, &d.Number, &d.Dated}, func() error {
		out[id] = map[party.DocumentKind]party.Document{party.DocMemberCertificate: d}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("certificates of new members: %w", err)
	}
	return out, nil
}

func insertVersion(ctx context.Context, tx *postgres.Tx, account, id int64, l LineChange) error {
	_, err := tx.Exec(ctx, `
		insert into person_documents (person_id, kind, version, state, reason, number, dated_on, issuer, kept, recorded_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		id, l.Kind, l.Version+1, l.State, l.Reason, l.Number, l.Dated, l.Issuer, l.Kept, account)
	if postgres.UniqueViolation(err) == "person_documents_pkey" {
		return fault.NewConflict("documents.error.stale", "By", "")
	}
	if err != nil {
		return fmt.Errorf("document of person %d: %w", id, err)
	}
	return nil
}

// selectLetters gives the letters of some people, in the order in which they were sent.
func selectLetters(ctx context.Context, tx *postgres.Tx, ids []int64) (map[int64][]Letter, error) {
	rows, err := tx.Query(ctx, `
		select l.person_id, l.id, l.version, l.sent_to, l.sent_on, l.answered_on, l.withdrawn, coalesce(a.name, ''), l.changed_at
		  from verification_letters l left join accounts a on a.id = l.changed_by
		 where l.person_id = any($1) order by l.person_id, l.sent_on, l.id`, ids)
	if err != nil {
		return nil, fmt.Errorf("letters: %w", err)
	}
	out := map[int64][]Letter{}
	var id int64
	var l Letter
	_, err = pgx.ForEachRow(rows, []any{&id, &l.ID, &l.Version, &l.To, &l.SentOn, &l.AnsweredOn, &l.Withdrawn, &l.By, &l.At}, func() error {
		out[id] = append(out[id], l)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("letters: %w", err)
	}
	return out, nil
}

func keepLetter(ctx context.Context, tx *postgres.Tx, account, personID int64, l LetterChange) (err error) {
	if l.ID == 0 {
		_, err = tx.Exec(ctx, `
			insert into verification_letters (person_id, sent_to, sent_on, answered_on, withdrawn, recorded_by, changed_by)
			values ($1, $2, $3, $4, $5, $6, $6)`, personID, l.To, l.SentOn, l.AnsweredOn, l.Withdrawn, account)
	} else {
		_, err = tx.Exec(ctx, `
			update verification_letters set sent_to = $3, sent_on = $4, answered_on = $5, withdrawn = $6, version = version + 1,
			       changed_by = $7, changed_at = now()
			 where id = $1 and person_id = $2`, l.ID, personID, l.To, l.SentOn, l.AnsweredOn, l.Withdrawn, account)
	}
	if err != nil {
		return fmt.Errorf("letter of person %d: %w", personID, err)
	}
	return nil
}

// stagesOf gives the stages at which a dossier is put together or looked at.
func stagesOf(stage party.DossierStage) []party.Stage {
	if stage == party.RecognitionDossier {
		return []party.Stage{party.StageProbationary}
	}
	return []party.Stage{party.StagePlanned, party.StageTrained, party.StageDossier, party.StageProposed, party.StageEndorsed, party.StageDecided}
}

// selectGrid gives the people of a cell whose dossier is at work, in Vietnamese order, behind one.
func selectGrid(ctx context.Context, tx *postgres.Tx, q GridQuery, limit int) ([]int64, error) {
	rows, err := tx.Query(ctx, `
		select s.person_id from person_states s
		 where s.org_id = $1 and s.stage = any($2)
		   and ($3::bigint = 0 or (s.sort_key, s.person_id) > (select a.sort_key, a.person_id from person_states a where a.person_id = $3))
		 order by s.sort_key, s.person_id limit $4`, q.OrgID, stagesOf(q.Stage), q.After, limit)
	if err != nil {
		return nil, fmt.Errorf("grid of dossiers: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}
