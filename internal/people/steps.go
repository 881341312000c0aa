package people

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// RecordedStep is a step with who recorded it, when, and what became of it.
type RecordedStep struct {
	party.Step
	By         string // name of the account
	At         time.Time
	VoidedBy   int64 // the step that voids this one; 0 while it holds
	MayVoid    bool  // the viewer of the record may take it back, while it holds
	CorrectsID int64 // the step that this one replaces
}

// NewStep is a step to be recorded, made from a version of the person that was shown.
type NewStep struct {
	Key      string // idempotency key of the form
	PersonID int64
	Version  int // as it was shown; 0 within an act on many people: whichever is current
	Kind     party.StepKind
	On       party.Date
	Facts    party.Facts
	Papers   []party.Paper
}

// Recorded is what became of a step: its number, and what its gate answered.
type Recorded struct {
	StepID  int64
	Verdict party.Verdict
}

const maxReason = 1000

// Record adds a step. Its gate decides: a refusal is fault.Invalid with the party.Verdict as its
// detail. It answers fault.Forbidden where the viewer's role may not record this kind here.
func (s *Service) Record(ctx context.Context, v access.Viewer, in NewStep) (Recorded, error) {
	var out Recorded
	if err := checkStep(in); err != nil {
		return out, err
	}
	err := s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		done, err := once(ctx, tx, in.Key, &out.StepID)
		if err != nil || done {
			return err
		}
		if out, err = s.record(ctx, tx, v, in, in.Version); err != nil {
			return err
		}
		return tx.Done(ctx, in.Key, strconv.FormatInt(out.StepID, 10))
	})
	return out, err
}

// RecordIn is Record within the caller's transaction. The key is not looked at: the caller's own act
// has one.
func (s *Service) RecordIn(ctx context.Context, tx *postgres.Tx, v access.Viewer, in NewStep) (Recorded, error) {
	if err := checkStep(in); err != nil {
		return Recorded{}, err
	}
	if in.Version == 0 {
		in.Version = anyVersion
	}
	return s.record(ctx, tx, v, in, in.Version)
}

func (s *Service) record(ctx context.Context, tx *postgres.Tx, v access.Viewer, in NewStep, version int) (Recorded, error) {
	var out Recorded
	p, steps, c, err := s.openCase(ctx, tx, v, in.PersonID, version, access.Record(in.Kind))
	if err != nil {
		return out, err
	}
	org, err := placeOn(ctx, tx, p, steps, in.On)
	if err != nil {
		return out, err
	}
	step := in.step(org)
	if step, err = knownMentor(ctx, tx, p, step); err != nil {
		return out, err
	}
	out.Verdict = c.Record(step)
	if err := refused(out.Verdict); err != nil {
		return out, err
	}
	out.StepID, err = s.add(ctx, tx, v, p, step, 0)
	return out, err
}

// placeOn gives the organisation at which what happened to somebody on a day counts: what happened before a
// transfer or a rearrangement counts where it happened.
func placeOn(ctx context.Context, tx *postgres.Tx, p tracked, steps []RecordedStep, day party.Date) (int32, error) {
	passages, err := selectPassages(ctx, tx, []int64{p.id})
	if err != nil {
		return 0, err
	}
	if org := party.OrgOn(plain(steps), p.orgID, day, passages[p.id]...); org != 0 {
		return org, nil
	}
	return p.orgID, nil
}

// Voiding takes a step back, with the reason and, where there is one, the authorising paper.
type Voiding struct {
	Key      string
	PersonID int64
	Version  int
	StepID   int64
	Reason   string
	Paper    party.Paper
}

// Void voids a step that was recorded wrongly. Both stay visible. It is refused while later steps
// rest on it.
func (s *Service) Void(ctx context.Context, v access.Viewer, in Voiding) error {
	if err := s.checkReason(in.Reason, in.Paper); err != nil {
		return err
	}
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, in.Key); err != nil || done {
			return err
		}
		_, err := s.void(ctx, tx, v, in, access.StepsVoid)
		return err
	})
}

// VoidIn is Void within the caller's transaction, as part of an act that has a right of its own, such
// as cancelling a decision: of the viewer it asks only that he may record the step's kind there. It
// gives the number of the step that voids. Version 0 is whichever is current.
func (s *Service) VoidIn(ctx context.Context, tx *postgres.Tx, v access.Viewer, in Voiding) (int64, error) {
	if err := s.checkReason(in.Reason, in.Paper); err != nil {
		return 0, err
	}
	if in.Version == 0 {
		in.Version = anyVersion
	}
	return s.void(ctx, tx, v, in, access.PeopleRead)
}

func (s *Service) void(ctx context.Context, tx *postgres.Tx, v access.Viewer, in Voiding, a access.Action) (int64, error) {
	p, steps, c, err := s.openCase(ctx, tx, v, in.PersonID, in.Version, a)
	if err != nil {
		return 0, err
	}
	old, err := holding(v, p, steps, in.StepID)
	if err != nil {
		return 0, err
	}
	if err := refused(c.Void(old.ID)); err != nil {
		return 0, err
	}
	return s.add(ctx, tx, v, p, s.voiding(old, in.Reason, in.Paper), 0)
}

// Correction replaces a step that was recorded wrongly by another one of its kind.
type Correction struct {
	NewStep
	StepID int64 // the step to replace
	Reason string
	Paper  party.Paper // what authorises the correction, where there is one
}

// Correct voids a step and records another in its place, in one transaction. The new one must pass
// its gate, and what rests on the old one must be able to rest on the new one.
func (s *Service) Correct(ctx context.Context, v access.Viewer, in Correction) (Recorded, error) {
	var out Recorded
	if err := checkStep(in.NewStep); err != nil {
		return out, err
	}
	if err := s.checkReason(in.Reason, in.Paper); err != nil {
		return out, err
	}
	err := s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		done, err := once(ctx, tx, in.Key, &out.StepID)
		if err != nil || done {
			return err
		}
		p, steps, c, err := s.openCase(ctx, tx, v, in.PersonID, in.Version, access.StepsVoid)
		if err != nil {
			return err
		}
		old, err := holding(v, p, steps, in.StepID)
		if err != nil {
			return err
		}
		step := in.step(old.OrgID)
		if step.Kind = old.Kind; in.On != old.On {
			if step.OrgID, err = placeOn(ctx, tx, p, steps, in.On); err != nil {
				return err
			}
		}
		if step, err = knownMentor(ctx, tx, p, step); err != nil {
			return err
		}
		out.Verdict = c.Correct(old.ID, step)
		if err := refused(out.Verdict); err != nil {
			return err
		}
		if _, err := insertStep(ctx, tx, v.AccountID, p.id, s.voiding(old, in.Reason, in.Paper), 0); err != nil {
			return err
		}
		if out.StepID, err = s.add(ctx, tx, v, p, step, old.ID); err != nil {
			return err
		}
		return tx.Done(ctx, in.Key, strconv.FormatInt(out.StepID, 10))
	})
	return out, err
}

// openCase locks a person for a change by the viewer and puts together what the gates look at.
func (s *Service) openCase(ctx context.Context, tx *postgres.Tx, v access.Viewer, id int64, version int, a access.Action) (tracked, []RecordedStep, party.Case, error) {
	p, err := s.lockPerson(ctx, tx, id)
	if err != nil {
		return p, nil, party.Case{}, err
	}
	if err := mayIn(v, a, p.path); err != nil {
		return p, nil, party.Case{}, err
	}
	if err := s.fresh(ctx, tx, p, version); err != nil {
		return p, nil, party.Case{}, err
	}
	steps, err := selectSteps(ctx, tx, id)
	if err != nil {
		return p, nil, party.Case{}, err
	}
	c, err := s.caseOf(ctx, tx, p, steps)
	if err == nil {
		c, err = s.askedOf(ctx, tx, id, c)
	}
	return p, steps, c, err
}

func (s *Service) caseOf(ctx context.Context, tx *postgres.Tx, p tracked, steps []RecordedStep) (party.Case, error) {
	book, calendar, err := s.rules.BookIn(ctx, tx)
	if err != nil {
		return party.Case{}, err
	}
	return party.Case{Person: p.person, Place: p.place, Steps: plain(steps), Book: book, Calendar: calendar, Today: s.clock()}, nil
}

// add inserts a step, projects the person anew and leaves the audit entry.
func (s *Service) add(ctx context.Context, tx *postgres.Tx, v access.Viewer, p tracked, step party.Step, corrects int64) (int64, error) {
	id, err := insertStep(ctx, tx, v.AccountID, p.id, step, corrects)
	if err != nil {
		return 0, err
	}
	steps, err := selectSteps(ctx, tx, p.id)
	if err != nil {
		return 0, err
	}
	if err := s.project(ctx, tx, p, steps); err != nil {
		return 0, err
	}
	if s.OnStep != nil {
		c, err := s.caseOf(ctx, tx, p, steps)
		if err != nil {
			return 0, err
		}
		if err := s.OnStep(ctx, tx, v, p.id, c); err != nil {
			return 0, err
		}
	}
	if err := bumpVersion(ctx, tx, v.AccountID, p.id); err != nil {
		return 0, err
	}
	return id, audit.Write(ctx, tx, v, audit.Entry{Action: "record", Entity: "person", EntityID: p.id, OrgID: p.orgID,
		Detail: map[string]any{"kind": step.Kind, "step": id, "corrects": corrects}})
}

// voids gives the right that taking a step back asks for besides its own: that of recording it. Who left
// by a decision of the committee is a member again only by those who decide.
func voids(st party.Step) access.Action {
	if f, ok := st.Facts.(party.LeftFacts); ok && f.Way.Votes() {
		return access.CasesDecide
	}
	return access.Record(st.Kind)
}

// ofCases are the kinds without a form that are taken back on a person's page. What came of a transfer is
// taken back there.
var ofCases = []party.StepKind{party.Left, party.Restored, party.RemovalVote}

// holding gives a step that holds and that the viewer's role may record, so that nobody voids what
// another level decided.
func holding(v access.Viewer, p tracked, steps []RecordedStep, stepID int64) (RecordedStep, error) {
	for _, st := range steps {
		if st.ID != stepID || st.Kind == party.Voided {
			continue
		}
		if st.VoidedBy != 0 {
			return st, fault.NewConflict("steps.error.voided_already")
		}
		return st, mayIn(v, voids(st.Step), p.path)
	}
	return RecordedStep{}, fault.NewNotFound("steps.error.not_found")
}

func (s *Service) voiding(old RecordedStep, reason string, paper party.Paper) party.Step {
	step := party.Step{Kind: party.Voided, On: s.clock(), OrgID: old.OrgID,
		Facts: party.VoidedFacts{StepID: old.ID, Reason: strings.TrimSpace(reason)}}
	if paper != (party.Paper{}) {
		step.Papers = []party.Paper{paper}
	}
	return step
}

func (in NewStep) step(orgID int32) party.Step {
	return party.Step{Kind: in.Kind, On: in.On, OrgID: orgID, Facts: in.Facts, Papers: in.Papers}
}

// checkStep refuses what no form of ours sends.
func checkStep(in NewStep) error {
	if in.Facts == nil || in.Facts.Kind() != in.Kind || in.Kind == party.Voided {
		return fault.NewInvalid("steps.error.kind")
	}
	if in.On.IsZero() {
		return fault.InvalidFields(fault.Field{Name: "on", Key: "steps.error.day_missing"})
	}
	if !in.On.Valid() {
		return fault.InvalidFields(fault.Field{Name: "on", Key: "errors.date"})
	}
	return nil
}

// checkReason refuses to take a step back without a reason, or by a paper of the future.
func (s *Service) checkReason(reason string, paper party.Paper) error {
	switch r := strings.TrimSpace(reason); {
	case r == "":
		return fault.InvalidFields(fault.Field{Name: "reason", Key: "steps.error.reason_missing"})
	case paper.Date.After(s.clock()):
		return fault.InvalidFields(fault.Field{Name: "paper0_date", Key: "steps.error.paper_future", Args: []any{"Today", s.clock()}})
	case utf8.RuneCountInString(r) > maxReason:
		return fault.InvalidFields(fault.Field{Name: "reason", Key: "people.error.too_long", Args: []any{"Max", maxReason}})
	}
	return nil
}

func refused(v party.Verdict) error {
	if v.Passes() {
		return nil
	}
	return fault.NewInvalid("steps.error.refused").With(v)
}

func plain(steps []RecordedStep) []party.Step {
	out := make([]party.Step, len(steps))
	for i, s := range steps {
		out[i] = s.Step
	}
	return out
}
