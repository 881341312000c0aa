// Package document keeps the dossiers: of each person which papers are there, where they lie, and
// which letters of verification wait for an answer. What a dossier needs is written in package party
// and in the dated forms of package regulation. No scan, no content of a paper and no HTTP lives here.
package document

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Service holds the use cases of dossiers.
type Service struct {
	db     *postgres.DB
	orgs   *organisation.Service
	people *people.Service
	Today  func() party.Date // the day in the committee's time zone
}

// New makes the service.
func New(db *postgres.DB, orgs *organisation.Service, register *people.Service, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, people: register, Today: today}
}

const (
	maxNumber = 40
	maxText   = 200
	maxReason = 500
	// MaxLetters bounds the letters of one person.
	MaxLetters = 40
)

// Entered is a version of what was said of a paper.
type Entered struct {
	party.Document
	Version int
	By      string
	At      time.Time
}

// Letter is a letter of verification as it is kept.
type Letter struct {
	ID      int64
	Version int
	party.Letter
	By string // who changed it last
	At time.Time
}

// Line is one paper of a checklist with its history, the newest version first.
type Line struct {
	party.ChecklistLine
	Versions []Entered
}

// Version is the number of the newest version; 0 where nobody has said anything.
func (l Line) Version() int {
	if len(l.Versions) == 0 {
		return 0
	}
	return l.Versions[0].Version
}

// LetterLine is a letter with the day by which its answer should have come.
type LetterLine struct {
	Letter
	Due  party.Date // zero where none is awaited
	Rule party.Rule
}

// Dossier is what is known of somebody's dossier.
type Dossier struct {
	people.Case
	Checklist party.Checklist
	Lines     []Line
	Letters   []LetterLine
	MayEdit   bool
}

// StageOf gives the dossier that somebody's way is at: that of recognition once he has joined.
func StageOf(st party.State) party.DossierStage {
	if st.JoinedOn.IsZero() {
		return party.AdmissionDossier
	}
	return party.RecognitionDossier
}

// Of gives somebody's dossier; stage "" is the one that his way is at. It leaves no entry in the
// audit: the page opens the person's record first.
func (s *Service) Of(ctx context.Context, v access.Viewer, id int64, stage party.DossierStage) (Dossier, error) {
	tree, err := s.orgs.Snapshot(ctx)
	if err != nil {
		return Dossier{}, err
	}
	var out Dossier
	err = s.db.Read(ctx, v, func(ctx context.Context, tx *postgres.Tx) error {
		out, err = s.read(ctx, tx, v, tree, id, stage)
		return err
	})
	return out, err
}

// read gives a dossier that the viewer may see.
func (s *Service) read(ctx context.Context, tx *postgres.Tx, v access.Viewer, tree *organisation.Snapshot, id int64, stage party.DossierStage) (Dossier, error) {
	cases, err := s.people.Cases(ctx, tx, []int64{id})
	if err != nil {
		return Dossier{}, err
	}
	c, ok := cases[id]
	if !ok {
		return Dossier{}, fault.NewNotFound("people.error.not_found")
	}
	org, _ := tree.Of(c.OrgID)
	if !v.MayIn(access.DossiersRead, org.Path) {
		return Dossier{}, errForbidden()
	}
	out := Dossier{Case: c, MayEdit: v.MayIn(access.DossiersEdit, org.Path)}
	if stage == "" {
		stage = StageOf(c.State())
	}
	versions, err := selectVersions(ctx, tx, id)
	if err != nil {
		return out, err
	}
	letters, err := selectLetters(ctx, tx, []int64{id})
	if err != nil {
		return out, err
	}
	entered := map[party.DocumentKind]party.Document{}
	for kind, list := range versions {
		entered[kind] = list[0].Document
	}
	registered, err := selectRegistered(ctx, tx, []int64{id})
	if err != nil {
		return out, err
	}
	out.Checklist = c.Checklist(stage, entered, registered[id], lettersOf(stage, letters[id]))
	for _, line := range out.Checklist.Lines {
		out.Lines = append(out.Lines, Line{ChecklistLine: line, Versions: versions[line.Form.Kind]})
	}
	if stage == party.AdmissionDossier {
		for _, l := range letters[id] {
			line := LetterLine{Letter: l}
			line.Due, line.Rule, _ = c.LetterDue(l.Letter)
			out.Letters = append(out.Letters, line)
		}
	}
	return out, nil
}

// lettersOf gives the letters that a dossier waits for: life histories are verified before admission.
func lettersOf(stage party.DossierStage, list []Letter) []party.Letter {
	if stage != party.AdmissionDossier {
		return nil
	}
	var out []party.Letter
	for _, l := range list {
		out = append(out, l.Letter)
	}
	return out
}

// Checklists gives the checklists of some people, in the caller's transaction and in the same number
// of statements for any number of them. stage tells for each which dossier.
func (s *Service) Checklists(ctx context.Context, tx *postgres.Tx, cases map[int64]people.Case, stage func(people.Case) party.DossierStage) (map[int64]party.Checklist, error) {
	ids := make([]int64, 0, len(cases))
	for id := range cases {
		ids = append(ids, id)
	}
	entered, err := selectCurrent(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	letters, err := selectLetters(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	registered, err := selectRegistered(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]party.Checklist, len(cases))
	for id, c := range cases {
		st := stage(c)
		out[id] = c.Checklist(st, entered[id], registered[id], lettersOf(st, letters[id]))
	}
	return out, nil
}

// Consents gives the consent to a re-admission that was entered of some people, in the caller's
// transaction and in one statement.
func (s *Service) Consents(ctx context.Context, tx *postgres.Tx, ids []int64) (map[int64]party.Document, error) {
	entered, err := selectCurrent(ctx, tx, ids)
	out := map[int64]party.Document{}
	for id, papers := range entered {
		if d, ok := papers[party.DocReadmitConsent]; ok {
			out[id] = d
		}
	}
	return out, err
}

// clean trims what was typed; a number, a day or a place without a word on the paper means that it is
// there, a reason that it does not apply.
func clean(d party.Document) party.Document {
	for _, text := range []*string{&d.Reason, &d.Number, &d.Issuer, &d.Kept} {
		*text = strings.Join(strings.Fields(*text), " ")
	}
	if d.State == party.DocumentUnsaid {
		switch {
		case d.Number != "" || !d.Dated.IsZero() || d.Issuer != "" || d.Kept != "":
			d.State = party.DocumentPresent
		case d.Reason != "":
			d.State = party.DocumentNotApplicable
		}
	}
	return d
}

// FieldOf names a field of a paper in the form, to which a refusal is addressed.
func FieldOf(name string, kind party.DocumentKind) string { return name + "_" + string(kind) }

// problems gives the refused fields of a paper of somebody born on a day.
func problems(kind party.DocumentKind, d party.Document, born, today party.Date) (bad []fault.Field) {
	refuse := func(yes bool, name, key string, args ...any) {
		if yes {
			bad = append(bad, fault.Field{Name: FieldOf(name, kind), Key: key, Args: args})
		}
	}
	long := func(name, text string, most int) {
		refuse(utf8.RuneCountInString(text) > most, name, "errors.too_long", "Max", most)
	}
	long("number", d.Number, maxNumber)
	long("issuer", d.Issuer, maxText)
	long("kept", d.Kept, maxText)
	long("reason", d.Reason, maxReason)
	switch d.State {
	case party.DocumentPresent:
		refuse(d.Dated.After(today), "dated", "documents.error.future", "Today", today)
		refuse(!d.Dated.IsZero() && d.Dated.Before(born), "dated", "documents.error.before_birth", "Born", born)
		refuse(d.Reason != "", "reason", "documents.error.reason_unused")
	case party.DocumentNotApplicable:
		refuse(d.Reason == "", "reason", "documents.error.reason")
		refuse(d.Number != "" || !d.Dated.IsZero() || d.Issuer != "" || d.Kept != "", "state", "documents.error.not_there")
	case party.DocumentAbsent:
		refuse(d.Number != "" || !d.Dated.IsZero() || d.Issuer != "" || d.Kept != "" || d.Reason != "", "state", "documents.error.not_there")
	case party.DocumentUnsaid:
	default:
		refuse(true, "state", "errors.choice")
	}
	return bad
}

func errForbidden() error { return fault.NewForbidden("errors.forbidden") }
