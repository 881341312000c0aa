package people

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Record is one person with everything the viewer may see of him.
type Record struct {
	ID        int64
	Version   int
	Fields    Fields // without ethnicity, religion and personal number where the viewer may not see them
	Path      []int32
	Place     party.Place
	Steps     []RecordedStep
	State     party.State
	Next      party.StepKind   // the awaited step, "" when the path is finished
	Verdict   party.Verdict    // what is missing for the awaited step, asked as of today
	Deadline  party.Deadline   // of the awaited step; zero Due when no rule sets one
	Kinds     []party.StepKind // the kinds of steps that the viewer may record here
	MayEdit   bool
	MayVoid   bool
	Sensitive bool // the viewer may see ethnicity, religion and personal number
}

// Open shows a person's record and leaves an entry in the audit. Somebody out of the viewer's
// sight is fault.NotFound, like somebody who does not exist.
func (s *Service) Open(ctx context.Context, v access.Viewer, id int64) (Record, error) {
	r := Record{ID: id}
	err := s.db.ReadAudited(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		sealed, err := r.read(ctx, tx)
		if err != nil {
			return err
		}
		if r.Place, r.Path, err = s.orgs.Place(ctx, tx, r.Fields.OrgID, s.clock()); err != nil {
			return err
		}
		if err := s.judge(ctx, tx, v, &r, sealed); err != nil {
			return err
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: "open", Entity: "person", EntityID: id, OrgID: r.Fields.OrgID})
	})
	return r, err
}

// Ask answers a step's gate without recording anything: with facts, what recording it would answer;
// without, what is missing as of a day.
func (s *Service) Ask(ctx context.Context, v access.Viewer, personID int64, step party.Step) (party.Verdict, error) {
	var out party.Verdict
	err := s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		r := Record{ID: personID}
		if _, err := r.read(ctx, tx); err != nil {
			return err
		}
		place, path, err := s.orgs.Place(ctx, tx, r.Fields.OrgID, s.clock())
		if err != nil {
			return err
		}
		if err := mayIn(v, access.Record(step.Kind), path); err != nil {
			return err
		}
		c, err := s.caseOf(ctx, tx, tracked{id: personID, place: place, person: r.Fields.forGates()}, r.Steps)
		if err != nil {
			return err
		}
		out = c.Record(step)
		return nil
	})
	return out, err
}

// read fills the record from the database in one round trip.
func (r *Record) read(ctx context.Context, tx *postgres.Tx) (sealed []byte, err error) {
	var batch pgx.Batch
	batch.Queue(`select `+fieldColumns+`, p.personal_no_cipher, p.version from people p where p.id = $1`, r.ID)
	batch.Queue(stepsOfPerson, r.ID)
	results := tx.SendBatch(ctx, &batch)
	defer func() {
		if cerr := results.Close(); err == nil && cerr != nil {
			err = fmt.Errorf("open person %d: %w", r.ID, cerr)
		}
	}()
	err = results.QueryRow().Scan(append(r.Fields.targets(), &sealed, &r.Version)...)
	if postgres.NoRows(err) {
		return nil, errNotFound()
	}
	if err != nil {
		return nil, fmt.Errorf("open person %d: %w", r.ID, err)
	}
	rows, err := results.Query()
	if err != nil {
		return nil, fmt.Errorf("steps of person %d: %w", r.ID, err)
	}
	r.Steps, err = scanSteps(rows)
	return sealed, err
}

// judge adds what the rules and the viewer's rights say about the record.
func (s *Service) judge(ctx context.Context, tx *postgres.Tx, v access.Viewer, r *Record, sealed []byte) (err error) {
	if r.Sensitive = v.MayIn(access.PeopleSensitive, r.Path); r.Sensitive {
		if r.Fields.PersonalNo, err = s.numbers.Open(sealed); err != nil {
			return err
		}
	} else {
		r.Fields.Ethnicity, r.Fields.Religion = "", ""
	}
	c, err := s.caseOf(ctx, tx, tracked{id: r.ID, place: r.Place, person: r.Fields.forGates()}, r.Steps)
	if err != nil {
		return err
	}
	r.State = c.State()
	if r.Next = r.State.Awaits(r.Place); r.Next != "" {
		r.Verdict = c.Ask(party.Step{Kind: r.Next, On: c.Today, OrgID: r.Fields.OrgID})
	}
	r.Deadline, _ = c.Deadline()
	for _, k := range party.StepKinds {
		if v.MayIn(access.Record(k), r.Path) {
			r.Kinds = append(r.Kinds, k)
		}
	}
	r.MayEdit, r.MayVoid = v.MayIn(access.PeopleEdit, r.Path), v.MayIn(access.StepsVoid, r.Path)
	return nil
}
