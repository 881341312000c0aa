package document

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// LineChange is what a form says of one paper, from the version that was shown.
type LineChange struct {
	Kind    party.DocumentKind
	Version int
	party.Document
}

// LetterChange is what a form says of one letter. ID 0 is a new one.
type LetterChange struct {
	ID      int64
	Version int
	party.Letter
}

// Change is a sent checklist.
type Change struct {
	Key      string
	PersonID int64
	Stage    party.DossierStage
	Lines    []LineChange
	Letters  []LetterChange
}

// Stale says which papers somebody else has written of in between.
type Stale struct {
	By    string
	Kinds []party.DocumentKind
}

// LetterField names a field of the letter at a place of the form.
func LetterField(name string, i int) string { return fmt.Sprintf("%s_%d", name, i) }

// Save keeps what differs from what is kept, each paper as a new version, all or nothing. It answers
// how many papers and letters were written. A paper that somebody else wrote of in between is
// fault.Conflict with a Stale.
func (s *Service) Save(ctx context.Context, v access.Viewer, in Change) (written int, err error) {
	if in.Stage != party.AdmissionDossier && in.Stage != party.RecognitionDossier {
		return 0, fault.NewInvalid("errors.choice")
	}
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, in.Key); err != nil || done {
			return err
		}
		if err := lockPerson(ctx, tx, in.PersonID); err != nil {
			return err
		}
		old, err := s.read(ctx, tx, v, tree, in.PersonID, in.Stage)
		if err != nil {
			return err
		}
		if !old.MayEdit {
			return errForbidden()
		}
		written, err = s.save(ctx, tx, v, old, in)
		return err
	})
	return written, err
}

func (s *Service) save(ctx context.Context, tx *postgres.Tx, v access.Viewer, old Dossier, in Change) (int, error) {
	lines, bad, stale := s.changedLines(old, in.Lines)
	letters, wrong, conflict := s.changedLetters(old, in.Letters)
	if bad = append(bad, wrong...); len(bad) > 0 {
		return 0, fault.InvalidFields(bad...)
	}
	if len(stale.Kinds) > 0 {
		return 0, fault.NewConflict("documents.error.stale", "By", stale.By).With(stale)
	}
	if conflict != "" {
		return 0, fault.NewConflict("documents.error.stale", "By", conflict).With(Stale{By: conflict})
	}
	for _, l := range lines {
		if err := insertVersion(ctx, tx, v.AccountID, in.PersonID, l); err != nil {
			return 0, err
		}
	}
	for _, l := range letters {
		if err := keepLetter(ctx, tx, v.AccountID, in.PersonID, l); err != nil {
			return 0, err
		}
	}
	if len(lines)+len(letters) == 0 {
		return 0, nil
	}
	return len(lines) + len(letters), audit.Write(ctx, tx, v, audit.Entry{Action: "edit", Entity: "person", EntityID: in.PersonID, OrgID: old.OrgID,
		Detail: map[string]any{"documents": len(lines), "letters": len(letters)}})
}

// changedLines gives the papers of which something else is said than what is shown.
func (s *Service) changedLines(old Dossier, list []LineChange) (changed []LineChange, bad []fault.Field, stale Stale) {
	kept := map[party.DocumentKind]Line{}
	for _, l := range old.Lines {
		kept[l.Form.Kind] = l
	}
	for _, in := range list {
		line, known := kept[in.Kind]
		if !known {
			bad = append(bad, fault.Field{Name: "form", Key: "documents.error.unknown_kind"})
			continue
		}
		in.Document = clean(in.Document)
		if in.Document == line.Document {
			continue // as it is kept, or as the step says
		}
		if wrong := problems(in.Kind, in.Document, old.Person.BirthDate, s.Today()); len(wrong) > 0 {
			bad = append(bad, wrong...)
			continue
		}
		if in.Version != line.Version() {
			stale.By, stale.Kinds = line.Versions[0].By, append(stale.Kinds, in.Kind)
			continue
		}
		changed = append(changed, in)
	}
	return changed, bad, stale
}

// changedLetters gives the letters of which something else is said than what is kept; by is who
// changed one in between.
func (s *Service) changedLetters(old Dossier, list []LetterChange) (changed []LetterChange, bad []fault.Field, by string) {
	kept := map[int64]Letter{}
	for _, l := range old.Letters {
		kept[l.ID] = l.Letter
	}
	for i, in := range list {
		in.To = strings.Join(strings.Fields(in.To), " ")
		was, known := kept[in.ID]
		if in.Letter == was.Letter {
			continue
		}
		if in.ID != 0 && !known {
			bad = append(bad, fault.Field{Name: LetterField("to", i), Key: "documents.error.letter_unknown"})
			continue
		}
		if wrong := letterProblems(i, in.Letter, s.Today()); len(wrong) > 0 {
			bad = append(bad, wrong...)
			continue
		}
		if known && in.Version != was.Version {
			by = was.By
			continue
		}
		changed = append(changed, in)
	}
	if len(kept)+len(changed) > MaxLetters {
		bad = append(bad, fault.Field{Name: LetterField("to", len(list)-1), Key: "documents.error.letters", Args: []any{"Max", MaxLetters}})
	}
	return changed, bad, by
}

func letterProblems(i int, l party.Letter, today party.Date) (bad []fault.Field) {
	refuse := func(yes bool, name, key string, args ...any) {
		if yes {
			bad = append(bad, fault.Field{Name: LetterField(name, i), Key: key, Args: args})
		}
	}
	refuse(l.To == "", "to", "documents.error.letter_to")
	refuse(utf8.RuneCountInString(l.To) > maxText, "to", "errors.too_long", "Max", maxText)
	refuse(l.SentOn.IsZero(), "sent", "documents.error.letter_sent")
	refuse(l.SentOn.After(today), "sent", "documents.error.future", "Today", today)
	refuse(l.AnsweredOn.After(today), "answered", "documents.error.future", "Today", today)
	refuse(!l.AnsweredOn.IsZero() && l.AnsweredOn.Before(l.SentOn), "answered", "documents.error.letter_order", "Sent", l.SentOn)
	refuse(l.Withdrawn && !l.AnsweredOn.IsZero(), "withdrawn", "documents.error.letter_answered")
	return bad
}
