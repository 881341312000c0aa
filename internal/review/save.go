package review

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Save is a sheet as it was sent.
type Save struct {
	Key     string
	ID      int64 // 0 = a new review
	Version int
	Fields  Fields
	Entries []Entry
	Hold    bool // the meeting was held: record what it decided
	// Confirmed says that the reader has looked at what is held: it cannot be changed any more.
	Confirmed bool
}

// Save keeps a draft, or holds the review: those who were added are planned and those who were dropped
// leave the planning, on the day of the meeting, all or none. A refused row is a refused field:
// reason_<person> where a reason is missing; outcome_<person> where its gate refuses, which the
// Refusals of the fault explain. It answers fault.Conflict where somebody else saved in between.
func (s *Service) Save(ctx context.Context, v access.Viewer, in Save) (int64, error) {
	in.Fields = in.Fields.clean()
	if len(in.Entries) > MaxPeople {
		return 0, fault.NewInvalid("reviews.error.too_many", "Max", MaxPeople)
	}
	// Read before the transaction: within it, it would wait for a second connection.
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return 0, err
	}
	id := in.ID
	err = s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		result, done, err := tx.Once(ctx, in.Key)
		if err != nil {
			return err
		}
		if done {
			id, err = strconv.ParseInt(result, 10, 64)
			return err
		}
		org, err := s.begin(ctx, tx, v, tree, &in)
		if err != nil {
			return err
		}
		if err := s.check(ctx, tx, in); err != nil {
			return err
		}
		if id, err = s.keep(ctx, tx, v, org, in); err != nil {
			return err
		}
		return tx.Done(ctx, in.Key, strconv.FormatInt(id, 10))
	})
	return id, err
}

// check refuses what can be told without the people, in the order of the form.
func (s *Service) check(ctx context.Context, tx *postgres.Tx, in Save) error {
	bad := in.Fields.problems(s.Today())
	if in.Hold {
		last, err := selectLastDay(ctx, tx, in.Fields.OrgID)
		if err != nil {
			return err
		}
		bad = append(in.Fields.heldProblems(last, s.Today()), bad...)
	}
	bad = append(bad, entryProblems(in.Entries, in.Hold)...)
	bad.refuse(in.Hold && !in.Confirmed, "confirmed", "reviews.error.confirm")
	if len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	return nil
}

// entryProblems gives the refused rows, as far as they can be told without the people.
func entryProblems(list []Entry, hold bool) refusals {
	var bad refusals
	for i, e := range list {
		name := fmt.Sprintf("reason_%d", e.PersonID)
		known := e.Outcome == party.ReviewKeep || e.Outcome == party.ReviewAdd || e.Outcome == party.ReviewDrop
		bad.refuse(!known, fmt.Sprintf("outcome_%d", e.PersonID), "errors.choice")
		reason := strings.TrimSpace(e.Reason)
		bad.refuse(utf8.RuneCountInString(reason) > maxReason, name, "errors.too_long", "Max", maxReason)
		bad.refuse(hold && e.Outcome == party.ReviewDrop && reason == "", name, "reviews.error.reason")
		bad.refuse(slices.ContainsFunc(list[:i], func(f Entry) bool { return f.PersonID == e.PersonID }), "", "reviews.error.twice")
	}
	return bad
}

// begin asks for the right, and locks the draft that is saved anew and the cell. Of two who review one
// cell at once the second one waits here and finds what the first one saved.
func (s *Service) begin(ctx context.Context, tx *postgres.Tx, v access.Viewer, tree *organisation.Snapshot, in *Save) (organisation.Org, error) {
	if in.ID != 0 {
		old, err := selectReview(ctx, tx, in.ID, true)
		if err != nil {
			return organisation.Org{}, err
		}
		in.Fields.OrgID = old.OrgID
		if org, err := mayReview(tree, v, old.OrgID); err != nil {
			return org, err
		}
		if old.State == Held {
			return organisation.Org{}, fault.NewConflict("reviews.error.held")
		}
		if old.Version != in.Version {
			stale, err := selectLastChange(ctx, tx, in.ID)
			if err != nil {
				return organisation.Org{}, err
			}
			return organisation.Org{}, fault.NewConflict("reviews.error.stale", "By", stale.By).With(stale)
		}
	}
	org, err := mayReview(tree, v, in.Fields.OrgID)
	if err != nil {
		return org, err
	}
	return org, lockCell(ctx, tx, org.OrgID)
}

// mayReview gives the cell where the viewer may review; one out of his sight is not found.
func mayReview(tree *organisation.Snapshot, v access.Viewer, orgID int32) (organisation.Org, error) {
	org, ok := tree.Of(orgID)
	switch {
	case !ok || !org.Kind.IsCell() || !v.MayIn(access.ReviewsRead, org.Path):
		return org, errNotFound()
	case !v.MayIn(access.ReviewsEdit, org.Path):
		return org, errForbidden()
	}
	return org, nil
}

// keep writes the review with what is said of each person.
func (s *Service) keep(ctx context.Context, tx *postgres.Tx, v access.Viewer, org organisation.Org, in Save) (int64, error) {
	day := in.Fields.MetOn
	if day.IsZero() {
		day = s.Today()
	}
	rows, _, err := s.rows(ctx, tx, org, day)
	if err != nil {
		return 0, err
	}
	rows, gone := said(rows, in.Entries)
	if in.Hold {
		switch {
		case gone:
			return 0, fault.InvalidFields(fault.Field{Key: "reviews.error.gone"})
		case len(rows) == 0:
			return 0, fault.InvalidFields(fault.Field{Key: "reviews.error.nobody"})
		}
	}
	id, action := in.ID, "edit"
	if id == 0 {
		action = "create"
		id, err = insertReview(ctx, tx, v.AccountID, in.Fields)
	} else {
		err = clearPeople(ctx, tx, id)
	}
	if err != nil {
		return 0, err
	}
	if err := insertPeople(ctx, tx, id, in.Fields.OrgID, rows); err != nil {
		return 0, err
	}
	detail := map[string]any{"people": len(rows)}
	if in.Hold {
		if err := s.record(ctx, tx, v, org, in.Fields, rows); err != nil {
			return 0, err
		}
		action, detail["added"], detail["dropped"] = "hold", count(rows, party.ReviewAdd), count(rows, party.ReviewDrop)
	}
	if err := updateReview(ctx, tx, v.AccountID, id, in.Fields, in.Hold); err != nil {
		return 0, err
	}
	return id, audit.Write(ctx, tx, v, audit.Entry{Action: action, Entity: "review", EntityID: id, OrgID: in.Fields.OrgID, Detail: detail})
}

// said gives the rows of which something was said, and whether something was said of people whom the
// review no longer has.
func said(rows []Row, entries []Entry) (out []Row, gone bool) {
	by := map[int64]Entry{}
	for _, e := range entries {
		e.Reason = strings.TrimSpace(e.Reason)
		by[e.PersonID] = e
	}
	for _, r := range rows {
		if e, ok := by[r.ID]; ok {
			r.Entry = e
			out = append(out, r)
			delete(by, r.ID)
		}
	}
	for _, e := range by {
		gone = gone || e.Outcome != party.ReviewKeep
	}
	return out, gone
}

func count(rows []Row, o party.ReviewOutcome) (n int) {
	for _, r := range rows {
		if r.Outcome == o {
			n++
		}
	}
	return n
}

// record plans those who were added and takes those out who were dropped.
func (s *Service) record(ctx context.Context, tx *postgres.Tx, v access.Viewer, org organisation.Org, f Fields, rows []Row) error {
	var papers []party.Paper
	if f.ResolutionNo != "" {
		papers = []party.Paper{{Form: "NQ", Number: f.ResolutionNo, Date: f.ResolutionOn, Issuer: org.Name}}
	}
	var steps []people.NewStep
	for _, r := range rows {
		step := people.NewStep{PersonID: r.ID, On: f.MetOn, Papers: papers}
		switch r.Outcome {
		case party.ReviewAdd:
			step.Kind, step.Facts = party.Planned, party.PlanningFacts{}
		case party.ReviewDrop:
			step.Kind, step.Facts = party.Dropped, party.DroppedFacts{Reason: r.Reason}
		default:
			continue
		}
		steps = append(steps, step)
	}
	if len(steps) == 0 {
		return nil
	}
	out, err := s.people.RecordAllIn(ctx, tx, v, people.Batch{Steps: steps})
	if err == nil || fault.KindOf(err) != fault.Invalid {
		return err
	}
	refused := Refusals{}
	var fields []fault.Field
	for _, row := range out.Rows {
		if row.Err != nil {
			refused[row.PersonID] = row.Err
			fields = append(fields, fault.Field{Name: fmt.Sprintf("outcome_%d", row.PersonID), Key: "reviews.error.refused"})
		}
	}
	return fault.InvalidFields(fields...).With(refused)
}
