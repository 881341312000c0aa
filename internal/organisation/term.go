package organisation

import (
	"context"
	"regexp"
	"strconv"
	"time"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Term is a term of office with the version that an edit starts from.
type Term struct {
	party.Term
	Version int
}

var termCode = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]*$`)

func cleanTerm(t party.Term) party.Term {
	t.Name, t.Code = oneLine(t.Name), oneLine(t.Code)
	return t
}

// termProblems gives the refused fields. A term is at most ten years long; none begins before the
// Party did.
func termProblems(t party.Term) []fault.Field {
	bad := textProblems("code", t.Code, maxCode, "terms.error.code")
	if len(bad) == 0 && !termCode.MatchString(t.Code) {
		bad = append(bad, fault.Field{Name: "code", Key: "terms.error.code_form"})
	}
	bad = append(bad, textProblems("name", t.Name, maxName, "terms.error.name")...)
	refuse := func(name, key string, args ...any) {
		bad = append(bad, fault.Field{Name: name, Key: key, Args: args})
	}
	last := party.NewDate(2100, time.December, 31)
	switch {
	case t.Starts.IsZero():
		refuse("starts", "terms.error.starts")
	case t.Starts.Before(earliest) || t.Starts.After(last):
		refuse("starts", "terms.error.range", "First", earliest, "Last", last)
	}
	switch {
	case t.Ends.IsZero():
		refuse("ends", "terms.error.ends")
	case t.Starts.IsZero():
	case !t.Ends.After(t.Starts):
		refuse("ends", "terms.error.ends_before", "Starts", t.Starts)
	case t.Ends.After(t.Starts.AddYears(10)):
		refuse("ends", "terms.error.too_long")
	}
	return bad
}

// Terms lists all terms, the newest first. Everybody signed in may read them.
func (s *Service) Terms(ctx context.Context, v access.Viewer) (list []Term, err error) {
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		list, err = selectTerms(ctx, tx)
		return err
	})
	return list, err
}

// TermList gives all terms, the newest first, in the caller's transaction.
func (s *Service) TermList(ctx context.Context, tx *postgres.Tx) ([]party.Term, error) {
	list, err := selectTerms(ctx, tx)
	out := make([]party.Term, len(list))
	for i, t := range list {
		out[i] = t.Term
	}
	return out, err
}

// Term gives one term.
func (s *Service) Term(ctx context.Context, v access.Viewer, id int32) (t Term, err error) {
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) (err error) {
		t, err = selectTerm(ctx, tx, id, false)
		return err
	})
	return t, err
}

// TermEntry enters a term (ID 0) or changes one, from the version that was shown.
type TermEntry struct {
	Key     string
	Term    party.Term
	Version int
}

// NewTerm enters a term and gives its id.
func (s *Service) NewTerm(ctx context.Context, v access.Viewer, in TermEntry) (id int32, err error) {
	if !v.May(access.TermsEdit) {
		return 0, errForbidden()
	}
	err = s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		result, done, err := tx.Once(ctx, in.Key)
		if err != nil {
			return err
		}
		if done {
			id, err = parseID(result)
			return err
		}
		if id, err = s.CreateTerm(ctx, tx, v, in.Term); err != nil {
			return err
		}
		return tx.Done(ctx, in.Key, strconv.Itoa(int(id)))
	})
	return id, err
}

func (s *Service) termsChanged(ctx context.Context, tx *postgres.Tx) error {
	if s.OnTermsChange == nil {
		return nil
	}
	return s.OnTermsChange(ctx, tx)
}

// CreateTerm enters a term in the caller's transaction; the caller has asked for the right.
func (s *Service) CreateTerm(ctx context.Context, tx *postgres.Tx, v access.Viewer, t party.Term) (int32, error) {
	t = cleanTerm(t)
	if bad := termProblems(t); len(bad) > 0 {
		return 0, fault.InvalidFields(bad...)
	}
	if err := s.freeForTerm(ctx, tx, t); err != nil {
		return 0, err
	}
	id, err := insertTerm(ctx, tx, v.AccountID, t)
	if err != nil {
		return 0, err
	}
	if err := s.termsChanged(ctx, tx); err != nil {
		return 0, err
	}
	return id, audit.Write(ctx, tx, v, audit.Entry{Action: "create", Entity: "term", EntityID: int64(id),
		Detail: map[string]any{"code": t.Code, "from": t.Starts, "to": t.Ends}})
}

// EditTerm changes a term. It answers fault.Conflict with a Stale where somebody else saved in
// between.
func (s *Service) EditTerm(ctx context.Context, v access.Viewer, in TermEntry) error {
	if !v.May(access.TermsEdit) {
		return errForbidden()
	}
	in.Term = cleanTerm(in.Term)
	if bad := termProblems(in.Term); len(bad) > 0 {
		return fault.InvalidFields(bad...)
	}
	return s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, in.Key); err != nil || done {
			return err
		}
		old, err := selectTerm(ctx, tx, in.Term.ID, true)
		if err != nil {
			return err
		}
		if old.Version != in.Version {
			return termConflict(ctx, tx, old.ID)
		}
		if old.Term == in.Term {
			return nil
		}
		if err := s.freeForTerm(ctx, tx, in.Term); err != nil {
			return err
		}
		if err := updateTerm(ctx, tx, v.AccountID, in.Term); err != nil {
			return err
		}
		if err := s.termsChanged(ctx, tx); err != nil {
			return err
		}
		return audit.Write(ctx, tx, v, audit.Entry{Action: "edit", Entity: "term", EntityID: int64(old.ID),
			Detail: map[string]any{"code": in.Term.Code, "from": in.Term.Starts, "to": in.Term.Ends,
				"was": map[string]any{"code": old.Code, "from": old.Starts, "to": old.Ends}}})
	})
}

func termConflict(ctx context.Context, tx *postgres.Tx, id int32) error {
	stale, err := selectTermChange(ctx, tx, id)
	if err != nil {
		return err
	}
	return fault.NewConflict("organisations.error.stale", "By", stale.By).With(stale)
}

// freeForTerm refuses a code in use and days that another term has, by name.
func (s *Service) freeForTerm(ctx context.Context, tx *postgres.Tx, t party.Term) error {
	if err := lockTerms(ctx, tx); err != nil {
		return err
	}
	list, err := selectTerms(ctx, tx)
	if err != nil {
		return err
	}
	for _, other := range list {
		if other.ID == t.ID {
			continue
		}
		if other.Code == t.Code {
			return refused("code", "terms.error.code_taken", "Code", t.Code)
		}
		if !t.Ends.Before(other.Starts) && !t.Starts.After(other.Ends) {
			return refused("starts", "terms.error.overlaps", "Code", other.Code, "From", other.Starts, "To", other.Ends)
		}
	}
	return nil
}

func parseID(s string) (int32, error) {
	n, err := strconv.ParseInt(s, 10, 32)
	return int32(n), err
}
