package regulation

import (
	"context"
	"slices"
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

// Entry is one value of a rule for one period, as it is kept.
type Entry struct {
	ID int64
	party.Rule
	Shipped bool // came with the software and was not changed since
	Version int
}

const (
	maxDocument = 60
	maxClause   = 60
	maxReason   = 500
	maxValue    = 1000
)

// Rules lists all values, by rule and from new to old.
func (s *Service) Rules(ctx context.Context, v access.Viewer) (list []Entry, err error) {
	if !v.May(access.RegulationsRead) {
		return nil, errForbidden()
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		list, err = selectRules(ctx, tx)
		return err
	})
	return list, err
}

// Rule gives one value.
func (s *Service) Rule(ctx context.Context, v access.Viewer, id int64) (e Entry, err error) {
	if !v.May(access.RegulationsRead) {
		return e, errForbidden()
	}
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		e, err = selectRule(ctx, tx, id, false)
		return err
	})
	return e, err
}

// Change is a value to be entered (ID 0) or changed, from the version that was shown. Shape of the
// rule, its unit, is the software's: only its value, option, period and source are taken.
type Change struct {
	Key     string
	ID      int64
	Version int
	Rule    party.Rule
}

// Save enters or changes a value and gives its number. It answers fault.Conflict with a Stale where
// somebody else saved in between.
func (s *Service) Save(ctx context.Context, v access.Viewer, in Change) (int64, error) {
	in.Rule = clean(in.Rule)
	if bad := problems(in.Rule); len(bad) > 0 {
		return 0, fault.InvalidFields(bad...)
	}
	id := in.ID
	before, err := s.write(ctx, v, in.Key, func(ctx context.Context, tx *postgres.Tx) (err error) {
		var old Entry
		if in.ID != 0 {
			if old, err = s.fresh(ctx, tx, in.ID, in.Version); err != nil {
				return err
			}
			in.Rule.ID = old.Rule.ID
		}
		if err := freeFor(ctx, tx, in.ID, in.Rule); err != nil {
			return err
		}
		detail := map[string]any{"rule": in.Rule}
		action := "create"
		if in.ID == 0 {
			id, err = insertRule(ctx, tx, v.AccountID, in.Rule, false)
		} else {
			action, detail["was"] = "edit", old.Rule
			err = updateRule(ctx, tx, v.AccountID, in.ID, in.Rule)
		}
		if err != nil {
			return err
		}
		if err := tx.Done(ctx, in.Key, strconv.FormatInt(id, 10)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: action, Entity: "rule", EntityID: id, Detail: detail})
	})
	if err != nil || id != 0 {
		return id, err
	}
	return strconv.ParseInt(before, 10, 64)
}

// Remove takes a value out, with the reason. What was recorded under it stays.
func (s *Service) Remove(ctx context.Context, v access.Viewer, id int64, version int, key, reason string) error {
	reason = strings.TrimSpace(reason)
	switch {
	case reason == "":
		return fault.InvalidFields(fault.Field{Name: "reason", Key: "regulations.error.reason"})
	case utf8.RuneCountInString(reason) > maxReason:
		return fault.InvalidFields(fault.Field{Name: "reason", Key: "errors.too_long", Args: []any{"Max", maxReason}})
	}
	_, err := s.write(ctx, v, key, func(ctx context.Context, tx *postgres.Tx) error {
		old, err := s.fresh(ctx, tx, id, version)
		if err != nil {
			return err
		}
		if err := deleteRule(ctx, tx, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: "remove", Entity: "rule", EntityID: id,
			Detail: map[string]any{"was": old.Rule, "reason": reason}})
	})
	return err
}

// write runs a change by who may, once for a form's key, and marks what was computed from the rules. For a key
// that was sent before it changes nothing and gives what was answered then.
func (s *Service) write(ctx context.Context, v access.Viewer, key string, fn func(context.Context, *postgres.Tx) error) (before string, err error) {
	if !v.May(access.RegulationsEdit) {
		return "", errForbidden()
	}
	done := false
	err = s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		if before, done, err = tx.Once(ctx, key); err != nil || done {
			return err
		}
		if err := lockRules(ctx, tx); err != nil {
			return err
		}
		if err := fn(ctx, tx); err != nil {
			return err
		}
		return s.changed(ctx, tx)
	})
	s.Forget()
	return before, err
}

// fresh locks a value and refuses one that is not as it was shown.
func (s *Service) fresh(ctx context.Context, tx *postgres.Tx, id int64, version int) (Entry, error) {
	old, err := selectRule(ctx, tx, id, true)
	if err != nil || old.Version == version {
		return old, err
	}
	stale, err := selectRuleAuthor(ctx, tx, id)
	if err != nil {
		return old, err
	}
	return old, fault.NewConflict("regulations.error.stale", "By", stale.By).With(stale)
}

// freeFor refuses days for which the rule has another value.
func freeFor(ctx context.Context, tx *postgres.Tx, id int64, r party.Rule) error {
	other, taken, err := selectOverlap(ctx, tx, id, r)
	if err != nil || !taken {
		return err
	}
	return fault.InvalidFields(fault.Field{Name: "from", Key: "regulations.error.overlaps",
		Args: []any{"Document", other.Document, "From", other.From, "Until", other.Until}})
}

// Shape is what the software knows of a rule: what its value counts and between which options it
// may choose. A rule without either is in force or not.
type Shape struct {
	Unit    party.Unit
	Options []string
}

// bounds gives the least and the most that a value may be. Days may be none: then it is on the day itself.
func (s Shape) bounds() (least, most int) {
	switch s.Unit {
	case party.Days:
		return 0, maxValue
	case party.Dong:
		return 1, party.MaxDues
	}
	return 1, maxValue
}

// ShapeOf gives the shape of a rule; false for one that the software does not know.
func ShapeOf(id party.RuleID) (Shape, bool) {
	for _, r := range party.DefaultRules() {
		if r.ID == id {
			return Shape{Unit: r.Unit, Options: optionsOf(id)}, true
		}
	}
	return Shape{}, false
}

func optionsOf(id party.RuleID) []string {
	switch id {
	case party.AgeMin, party.AgeMax:
		return []string{party.AgeByDay, party.AgeByMonth}
	case party.CeremonyWithin:
		return []string{party.ClockReceipt, party.ClockIssue}
	case party.AssessCap:
		return []string{party.CapOfGood, party.CapOfGoodUp, party.CapOfRated}
	case party.DecideWho:
		return []string{party.DeciderWholeCommittee, party.DeciderStandingCommittee}
	case party.EduMin:
		var out []string
		for _, e := range party.Educations {
			out = append(out, string(e))
		}
		return out
	}
	return nil
}

// Known lists the rules that the software knows, in the order in which they ship.
func Known() []party.RuleID {
	var out []party.RuleID
	for _, r := range party.DefaultRules() {
		if !slices.Contains(out, r.ID) {
			out = append(out, r.ID)
		}
	}
	return out
}

func clean(r party.Rule) party.Rule {
	r.Document, r.Clause = strings.Join(strings.Fields(r.Document), " "), strings.Join(strings.Fields(r.Clause), " ")
	if shape, ok := ShapeOf(r.ID); ok {
		r.Unit = shape.Unit
	}
	if r.Unit != party.Share {
		r.Per = 0
	}
	if r.Unit == party.NoUnit {
		r.Value = 0
	}
	return r
}

// problems gives the refused fields.
func problems(r party.Rule) []fault.Field {
	var bad []fault.Field
	refuse := func(yes bool, name, key string, args ...any) {
		if yes && !slices.ContainsFunc(bad, func(f fault.Field) bool { return f.Name == name }) {
			bad = append(bad, fault.Field{Name: name, Key: key, Args: args})
		}
	}
	shape, known := ShapeOf(r.ID)
	refuse(!known, "rule", "regulations.error.rule")
	least, most := shape.bounds()
	refuse(known && shape.Unit != party.NoUnit && (r.Value < least || r.Value > most), "value", "errors.number", "Min", least, "Max", most)
	refuse(shape.Unit == party.Share && (r.Per < r.Value || r.Per > maxValue), "per", "regulations.error.share")
	refuse(len(shape.Options) > 0 && !slices.Contains(shape.Options, r.Option), "option", "errors.choice")
	refuse(r.From.IsZero(), "from", "errors.date_required")
	first := party.NewDate(1930, time.February, 3)
	refuse(r.From.Before(first), "from", "regulations.error.too_early", "First", first)
	refuse(!r.Until.IsZero() && r.Until.Before(r.From), "until", "regulations.error.until", "From", r.From)
	refuse(r.Document == "", "document", "regulations.error.document")
	refuse(utf8.RuneCountInString(r.Document) > maxDocument, "document", "errors.too_long", "Max", maxDocument)
	refuse(utf8.RuneCountInString(r.Clause) > maxClause, "clause", "errors.too_long", "Max", maxClause)
	refuse(r.Issued.IsZero(), "issued", "errors.date_required")
	refuse(r.Confidence != party.Verified && r.Confidence != party.SecondHand && r.Confidence != party.Recalled, "confidence", "errors.choice")
	return bad
}

func errNotFound() error { return fault.NewNotFound("regulations.error.not_found") }
