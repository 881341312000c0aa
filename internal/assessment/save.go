package assessment

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Said is what the cell says of one member; the zero value is nothing, which takes back what was said.
type Said struct {
	Self     party.Assessment
	Proposed party.Assessment
	InFavour int
	Exempt   party.Exemption
	Category party.ScreeningCategory
	Proposes party.ScreeningOutcome
	Note     string
}

// Entry is a sheet as it was filled in. Members whom it does not name stay as they are.
type Entry struct {
	Which
	Key      string
	Version  int
	MetOn    party.Date
	Minutes  string
	Voters   int
	Rows     map[int64]Said
	KeepGood bool // keep the rows that are good where others are refused
}

// Saved is what became of an entry.
type Saved struct {
	Kept    int
	Refused []fault.Field // of rows; the field is what it says with _<person>
}

// Save enters what a cell proposes. Rows that cannot be are refused each by its field, and nothing is
// kept unless the good ones are to be: then the refused are in what it gives back. It answers
// fault.Conflict with a Stale where somebody else saved in between.
func (s *Service) Save(ctx context.Context, v access.Viewer, in Entry) (out Saved, err error) {
	org, err := s.cellOf(ctx, v, in.Which, access.AssessmentsEdit)
	if err != nil {
		return out, err
	}
	in.Minutes = oneLine(in.Minutes)
	if bad := in.problems(s.Today()); len(bad) > 0 {
		return out, fault.InvalidFields(bad...)
	}
	err = s.db.Write(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		if _, done, err := tx.Once(ctx, in.Key); err != nil || done {
			return err
		}
		sheet := Sheet{Org: org, Kind: in.Kind, Year: in.Year}
		if err := s.read(ctx, tx, &sheet, true); err != nil {
			return err
		}
		if sheet.Version != in.Version {
			return stale(ctx, tx, sheet.ID)
		}
		if sheet.Approved() {
			return fault.NewConflict("assessments.error.approved", "On", sheet.ApprovedOn)
		}
		book, _, err := s.rules.BookIn(ctx, tx)
		if err != nil {
			return err
		}
		keep, clear, bad := in.apply(book, sheet.Rows)
		if len(bad) > 0 && !in.KeepGood {
			return fault.InvalidFields(bad...)
		}
		out = Saved{Kept: len(keep), Refused: bad}
		return s.write(ctx, tx, v, sheet, in, keep, clear)
	})
	return out, err
}

func stale(ctx context.Context, tx *postgres.Tx, id int64) error {
	st, err := selectChange(ctx, tx, id)
	if err != nil {
		return err
	}
	return fault.NewConflict("assessments.error.stale", "By", st.By).With(st)
}

func (s *Service) write(ctx context.Context, tx *postgres.Tx, v access.Viewer, sheet Sheet, in Entry, keep []Row, clear []int64) error {
	sheet.MetOn, sheet.Minutes, sheet.Voters = in.MetOn, in.Minutes, in.Voters
	id, err := upsertSheet(ctx, tx, v.AccountID, sheet)
	if err != nil {
		return err
	}
	sheet.ID = id
	if err := deleteRows(ctx, tx, sheet, clear); err != nil {
		return err
	}
	if err := upsertRows(ctx, tx, v.AccountID, sheet, keep); err != nil {
		return err
	}
	return audit.Write(ctx, tx, v, audit.Entry{Action: "save", Entity: string(in.Kind), EntityID: id, OrgID: in.OrgID,
		Detail: map[string]any{"year": in.Year, "people": len(keep)}})
}

type refusing func(yes bool, name, key string, args ...any)

func refuser(bad *[]fault.Field) refusing {
	return func(yes bool, name, key string, args ...any) {
		if yes && !slices.ContainsFunc(*bad, func(f fault.Field) bool { return f.Name == name }) {
			*bad = append(*bad, fault.Field{Name: name, Key: key, Args: args})
		}
	}
}

func (in Entry) problems(today party.Date) []fault.Field {
	var bad []fault.Field
	refuse := refuser(&bad)
	refuse(in.MetOn.IsZero(), "met_on", "errors.date_required")
	refuse(!in.MetOn.Valid(), "met_on", "errors.date")
	refuse(in.MetOn.After(today), "met_on", "assessments.error.future", "Today", today)
	refuse(in.MetOn.Year < in.Year || in.MetOn.Year > in.Year+1, "met_on", "assessments.error.other_year", "Year", strconv.Itoa(in.Year))
	refuse(utf8.RuneCountInString(in.Minutes) > maxNumber, "minutes", "errors.too_long", "Max", maxNumber)
	refuse(in.Voters < 0 || in.Voters > maxVoters, "voters", "assessments.error.voters", "Max", maxVoters)
	return bad
}

// apply gives the rows as they are to be stored, whose is taken back, and what cannot be said.
func (in Entry) apply(book *party.Rulebook, members []Row) (keep []Row, clear []int64, bad []fault.Field) {
	known := map[int64]bool{}
	for _, r := range members {
		known[r.PersonID] = true
		said, given := in.Rows[r.PersonID]
		if said.Note = oneLine(said.Note); !given {
			continue
		}
		if said == (Said{}) {
			if r.Here {
				clear = append(clear, r.PersonID)
			}
			continue
		}
		var wrong []fault.Field
		in.check(book, r, said, refuser(&wrong))
		if len(wrong) > 0 {
			bad = append(bad, wrong...)
			continue
		}
		r.Self, r.Proposed, r.InFavour, r.Exempt, r.Note = said.Self, said.Proposed, said.InFavour, said.Exempt, said.Note
		r.Category, r.Proposes = said.Category, said.Proposes
		keep = append(keep, r)
	}
	for id := range in.Rows {
		if !known[id] {
			bad = append(bad, fault.Field{Name: fmt.Sprintf("%s_%d", in.main(), id), Key: "assessments.error.no_member", Args: []any{"Year", strconv.Itoa(in.Year)}})
		}
	}
	return keep, clear, bad
}

// main is the field of a row at which what concerns the whole row is told.
func (w Which) main() string {
	if w.Kind == Screening {
		return "category"
	}
	return "proposed"
}

// check tells what cannot be said of a member.
func (in Entry) check(book *party.Rulebook, r Row, said Said, refuse refusing) {
	field := func(name string) string { return fmt.Sprintf("%s_%d", name, r.PersonID) }
	refuse(r.Where != 0, field(in.main()), "assessments.error.elsewhere")
	refuse(r.JoinedOn.After(party.YearEnd(in.Year)), field(in.main()), "assessments.error.no_member", "Year", strconv.Itoa(in.Year))
	refuse(utf8.RuneCountInString(said.Note) > maxNote, field("note"), "errors.too_long", "Max", maxNote)
	if in.Kind == Screening {
		refuse(!slices.Contains(party.ScreeningCategories, said.Category), field("category"), "assessments.error.category")
		refuse(said.Proposes != "" && !slices.Contains(party.ScreeningOutcomes, said.Proposes), field("proposes"), "errors.choice")
		return
	}
	for name, level := range map[string]party.Assessment{"self": said.Self, "proposed": said.Proposed} {
		refuse(level != "" && !slices.Contains(party.Assessments, level), field(name), "errors.choice")
	}
	refuse(said.Exempt != "" && !slices.Contains(party.Exemptions, said.Exempt), field("exempt"), "errors.choice")
	refuse(said.Exempt != "" && said.Proposed != "", field("exempt"), "assessments.error.exempt_rated")
	rule, tooNew := party.TooNewToRate(book, r.JoinedOn, in.Year)
	refuse(tooNew && rule.MayRefuse() && said.Proposed != "", field("proposed"), "assessments.error.too_new", "Joined", r.JoinedOn, "Months", rule.Value)
	refuse(said.Exempt == party.ExemptNew && !tooNew, field("exempt"), "assessments.error.not_new", "Joined", r.JoinedOn)
	refuse(said.InFavour < 0 || said.InFavour > in.Voters, field("favour"), "assessments.error.favour", "Voters", in.Voters)
	refuse(said.InFavour > 0 && said.Proposed == "", field("favour"), "assessments.error.favour_alone")
}
