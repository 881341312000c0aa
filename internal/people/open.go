package people

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

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
	Sensitive bool // the viewer may see ethnicity, religion and personal number
}

// Open shows a person's record and leaves an entry in the audit. Somebody out of the viewer's
// sight is fault.NotFound, like somebody who does not exist.
func (s *Service) Open(ctx context.Context, v access.Viewer, id int64) (Record, error) {
	r := Record{ID: id}
	err := s.db.ReadAudited(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.open(ctx, tx, v, &r); err != nil {
			return err
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: "open", Entity: "person", EntityID: id, OrgID: r.Fields.OrgID})
	})
	if err == nil {
		s.openings.note(v.AccountID, id)
	}
	return r, err
}

// OpenAgain is Open for the forms that belong to a person's page: who has opened the record a short
// while ago leaves no second entry.
func (s *Service) OpenAgain(ctx context.Context, v access.Viewer, id int64) (Record, error) {
	if !s.openings.known(v.AccountID, id) {
		return s.Open(ctx, v, id)
	}
	r := Record{ID: id}
	err := s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error { return s.open(ctx, tx, v, &r) })
	return r, err
}

func (s *Service) open(ctx context.Context, tx *postgres.Tx, v access.Viewer, r *Record) error {
	sealed, err := r.read(ctx, tx)
	if err != nil {
		return err
	}
	if r.Place, r.Path, err = s.orgs.Place(ctx, tx, r.Fields.OrgID, s.clock()); err != nil {
		return err
	}
	return s.judge(ctx, tx, v, r, sealed)
}

// sameVisit is how long an opening of a record goes on.
const sameVisit = time.Hour

// maxOpenings bounds what is remembered of openings. Forgetting one costs an entry, never misses one.
const maxOpenings = 10_000

// openings remembers who has opened whose record a short while ago.
type openings struct {
	sync.Mutex
	at map[opening]time.Time
}

type opening struct{ account, person int64 }

func (o *openings) note(account, person int64) {
	o.Lock()
	defer o.Unlock()
	if o.at == nil || len(o.at) >= maxOpenings {
		o.at = map[opening]time.Time{}
	}
	o.at[opening{account, person}] = time.Now()
}

func (o *openings) known(account, person int64) bool {
	o.Lock()
	defer o.Unlock()
	at, ok := o.at[opening{account, person}]
	return ok && time.Since(at) < sameVisit
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
		if err == nil {
			c, err = s.askedOf(ctx, tx, personID, c)
		}
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
	if err == nil {
		c, err = s.askedOf(ctx, tx, r.ID, c)
	}
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
	r.MayEdit = v.MayIn(access.PeopleEdit, r.Path)
	mayVoid := v.MayIn(access.StepsVoid, r.Path)
	for i := range r.Steps {
		st := &r.Steps[i]
		st.MayVoid = mayVoid && (slices.Contains(r.Kinds, st.Kind) || slices.Contains(ofCases, st.Kind) && v.MayIn(voids(st.Step), r.Path))
	}
	return nil
}
