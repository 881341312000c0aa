package document_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest"
	"ketnap/internal/document"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// refused names the refused fields of an error with their keys.
func refused(err error) string {
	e := fault.As(err)
	if e == nil {
		return fmt.Sprint(err)
	}
	var list []string
	for _, f := range e.Fields {
		list = append(list, f.Name+"="+f.Key)
	}
	return strings.Join(list, " ")
}

func line(kind party.DocumentKind, version int, d party.Document) document.LineChange {
	return document.LineChange{Kind: kind, Version: version, Document: d}
}

func there(number string) party.Document {
	return party.Document{State: party.DocumentPresent, Number: number, Dated: party.MustDate("2026-04-01"), Kept: "Tủ 2"}
}

func save(t *testing.T, h *apptest.House, username string, id int64, lines ...document.LineChange) (int, error) {
	t.Helper()
	return h.Documents.Save(t.Context(), h.Viewer(username), document.Change{Key: uuid.NewString(), PersonID: id, Stage: party.AdmissionDossier, Lines: lines})
}

func dossier(t *testing.T, h *apptest.House, username string, id int64) document.Dossier {
	t.Helper()
	d, err := h.Documents.Of(t.Context(), h.Viewer(username), id, "")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func lineOf(t *testing.T, d document.Dossier, kind party.DocumentKind) document.Line {
	t.Helper()
	for _, l := range d.Lines {
		if l.Form.Kind == kind {
			return l
		}
	}
	t.Fatalf("no line %s", kind)
	return document.Line{}
}

func TestAChangeIsANewVersionAndTheOldOneIsKept(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.ClassResult)
	in := document.Change{Key: uuid.NewString(), PersonID: id, Stage: party.AdmissionDossier, Lines: []document.LineChange{
		line(party.DocApplication, 0, there("")), line(party.DocOpinions, 0, party.Document{State: party.DocumentAbsent}),
		line(party.DocLifeHistory, 0, party.Document{})}}
	for range 2 { // sent twice, kept once
		if _, err := h.Documents.Save(t.Context(), h.Viewer("bithu.ltt"), in); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := save(t, h, "bithu.ltt", id, line(party.DocApplication, 1, there("")), line(party.DocOpinions, 1, party.Document{Number: "5/NX"})); err != nil || n != 1 {
		t.Fatalf("one as it is and one changed: %d, %v", n, err)
	}
	d := dossier(t, h, "bithu.ltt", id)
	l := lineOf(t, d, party.DocOpinions)
	if l.State != party.DocumentPresent || l.Number != "5/NX" || len(l.Versions) != 2 || l.Versions[1].State != party.DocumentAbsent || l.Versions[1].By != h.Viewer("bithu.ltt").Name {
		t.Errorf("opinions: %+v", l)
	}
	if n := len(lineOf(t, d, party.DocApplication).Versions); n != 1 {
		t.Errorf("the application has %d versions", n)
	}
	_, err := save(t, h, "vanphong", id, line(party.DocOpinions, 1, there("6/NX")), line(party.DocIntroducer, 0, there("")))
	e := fault.As(err)
	if e == nil || e.Kind != fault.Conflict {
		t.Fatalf("from an old version: %v", err)
	}
	if stale := e.Detail.(document.Stale); stale.By != h.Viewer("bithu.ltt").Name || len(stale.Kinds) != 1 || stale.Kinds[0] != party.DocOpinions {
		t.Errorf("stale: %+v", stale)
	}
	if lineOf(t, dossier(t, h, "vanphong", id), party.DocIntroducer).Version() != 0 {
		t.Error("half of a refused form was kept")
	}
}

func TestRefusedPapersAndLetters(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Planned)
	long := strings.Repeat("ă", 501)
	future := party.Document{State: party.DocumentPresent, Dated: h.Now().AddDays(1)}
	for want, d := range map[string]party.Document{
		"dated_opinions=documents.error.future":         future,
		"dated_opinions=documents.error.before_birth":   {State: party.DocumentPresent, Dated: party.MustDate("2006-02-09")},
		"reason_opinions=documents.error.reason":        {State: party.DocumentNotApplicable},
		"reason_opinions=documents.error.reason_unused": {State: party.DocumentPresent, Reason: "x"},
		"reason_opinions=errors.too_long":               {Reason: long},
		"number_opinions=errors.too_long":               {Number: long},
		"issuer_opinions=errors.too_long":               {Issuer: long},
		"kept_opinions=errors.too_long":                 {Kept: long},
		"state_opinions=documents.error.not_there":      {State: party.DocumentAbsent, Number: "1"},
		"state_opinions=errors.choice":                  {State: "perhaps"},
	} {
		if _, err := save(t, h, "bithu.ltt", id, line(party.DocApplication, 0, there("")), line(party.DocOpinions, 0, d)); refused(err) != want {
			t.Errorf("%+v: %s, want %s", d, refused(err), want)
		}
	}
	if _, err := save(t, h, "bithu.ltt", id, line("diary", 0, there(""))); refused(err) != "form=documents.error.unknown_kind" {
		t.Errorf("an unknown paper: %v", err)
	}
	day := party.MustDate
	for want, l := range map[string]party.Letter{
		"to_0=documents.error.letter_to":              {SentOn: day("2026-10-01")},
		"sent_0=documents.error.letter_sent":          {To: "Xã A"},
		"sent_0=documents.error.future":               {To: "Xã A", SentOn: h.Now().AddDays(1)},
		"answered_0=documents.error.future":           {To: "Xã A", SentOn: day("2026-10-01"), AnsweredOn: h.Now().AddDays(1)},
		"answered_0=documents.error.letter_order":     {To: "Xã A", SentOn: day("2026-10-01"), AnsweredOn: day("2026-09-30")},
		"withdrawn_0=documents.error.letter_answered": {To: "Xã A", SentOn: day("2026-10-01"), AnsweredOn: day("2026-10-02"), Withdrawn: true},
		"to_0=errors.too_long":                        {To: long, SentOn: day("2026-10-01")},
	} {
		_, err := h.Documents.Save(t.Context(), h.Viewer("bithu.ltt"), document.Change{PersonID: id, Stage: party.AdmissionDossier, Letters: []document.LetterChange{{Letter: l}}})
		if refused(err) != want {
			t.Errorf("%+v: %s, want %s", l, refused(err), want)
		}
	}
	if d := dossier(t, h, "bithu.ltt", id); len(d.Letters) != 0 || lineOf(t, d, party.DocApplication).Version() != 0 {
		t.Errorf("something of a refused form was kept: %+v", d)
	}
}

func TestALetterIsSentAnsweredAndKeptFromOneVersionToTheNext(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Planned)
	send := func(l document.LetterChange) error {
		_, err := h.Documents.Save(t.Context(), h.Viewer("bithu.ltt"), document.Change{PersonID: id, Stage: party.AdmissionDossier, Letters: []document.LetterChange{l}})
		return err
	}
	l := document.LetterChange{Letter: party.Letter{To: "Đảng ủy xã Hòa Bình", SentOn: party.MustDate("2026-09-01")}}
	if err := send(l); err != nil {
		t.Fatal(err)
	}
	d := dossier(t, h, "bithu.ltt", id)
	if len(d.Letters) != 1 || d.Checklist.LettersWaiting() != 1 || d.Letters[0].Due.IsZero() || !d.Letters[0].Due.Before(h.Now()) {
		t.Fatalf("letters: %+v", d.Letters)
	}
	l.ID, l.Version, l.AnsweredOn = d.Letters[0].ID, 1, party.MustDate("2026-09-20")
	if err := send(l); err != nil {
		t.Fatal(err)
	}
	l.To = "Đảng ủy xã khác"
	if err := send(l); fault.KindOf(err) != fault.Conflict {
		t.Errorf("from an old version: %v", err)
	}
	if d = dossier(t, h, "bithu.ltt", id); d.Checklist.LettersWaiting() != 0 || d.Letters[0].Version != 2 {
		t.Errorf("answered: %+v", d.Letters)
	}
	other := h.Enter(h.Fields("LTT", "Trần Văn Bình"), party.Planned)
	_, err := h.Documents.Save(t.Context(), h.Viewer("bithu.ltt"), document.Change{PersonID: other, Stage: party.AdmissionDossier, Letters: []document.LetterChange{l}})
	if refused(err) != "to_0=documents.error.letter_unknown" {
		t.Errorf("somebody else's letter: %v", err)
	}
}

func TestWhoSeesAndWritesADossier(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Planned)
	for username, want := range map[string]fault.Kind{"bithu.nth": fault.NotFound, "coso.dh": fault.NotFound, "doan.ltt": fault.NotFound, "quantri": fault.NotFound,
		"tuyengiao": fault.Forbidden, "kiemtra": fault.Forbidden, "lanhdao": fault.Forbidden} {
		if _, err := save(t, h, username, id, line(party.DocApplication, 0, there(""))); fault.KindOf(err) != want {
			t.Errorf("%s writes: %v, want %s", username, err, want)
		}
	}
	for version, username := range []string{"bithu.ltt", "coso.gd", "vanphong"} {
		if _, err := save(t, h, username, id, line(party.DocApplication, version, there(fmt.Sprint(version)))); err != nil {
			t.Errorf("%s: %v", username, err)
		}
	}
	for _, username := range []string{"kiemtra", "lanhdao"} {
		if d := dossier(t, h, username, id); d.MayEdit || lineOf(t, d, party.DocApplication).Version() != 3 {
			t.Errorf("%s reads %+v", username, d.MayEdit)
		}
	}
	grid := document.GridQuery{OrgID: h.Org("LTT"), Stage: party.AdmissionDossier}
	for username, want := range map[string]fault.Kind{"bithu.nth": fault.NotFound, "doan.ltt": fault.NotFound, "quantri": fault.NotFound} {
		if _, err := h.Documents.Grid(t.Context(), h.Viewer(username), grid); fault.KindOf(err) != want {
			t.Errorf("%s and the grid: %v", username, err)
		}
	}
	introduced, err := h.People.Register(t.Context(), h.Viewer("doan.ltt"), people.Registration{Fields: h.Fields("LTT", "Lê Thị Hoa")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Documents.Of(t.Context(), h.Viewer("doan.ltt"), introduced, ""); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("who introduced somebody and his dossier: %v", err)
	}
}

// However many people a grid has, it takes the same number of statements.
func TestAGridMakesNoStatementPerRow(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	statements := func(want int) int {
		t.Helper()
		if _, err := h.Organisations.Snapshot(t.Context()); err != nil { // the tree and the rules are read once a second at most
			t.Fatal(err)
		}
		if _, _, err := h.Regulations.Book(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, count := postgres.CountQueries(t.Context())
		grid, err := h.Documents.Grid(ctx, h.Viewer("bithu.ltt"), document.GridQuery{OrgID: h.Org("LTT"), Stage: party.AdmissionDossier})
		if err != nil || len(grid.Rows) != want {
			t.Fatalf("%d rows, %v", len(grid.Rows), err)
		}
		return count()
	}
	enter := func(n int) {
		var list []people.History
		for i := range n {
			list = append(list, people.History{Fields: h.Fields("LTT", fmt.Sprintf("Nguyễn Văn %04d", i)), Steps: h.Way("LTT")[:2]})
		}
		if _, err := h.People.EnterHistories(t.Context(), h.Viewer("vanphong"), list); err != nil {
			t.Fatal(err)
		}
	}
	enter(3)
	few := statements(3)
	enter(document.GridSize)
	if many := statements(document.GridSize); many > few {
		t.Errorf("%d statements for 3 people, %d for %d", few, many, document.GridSize)
	}
	grid, err := h.Documents.Grid(t.Context(), h.Viewer("bithu.ltt"), document.GridQuery{OrgID: h.Org("LTT"), Stage: party.AdmissionDossier})
	if err != nil {
		t.Fatal(err)
	}
	rest, err := h.Documents.Grid(t.Context(), h.Viewer("bithu.ltt"), document.GridQuery{OrgID: h.Org("LTT"), Stage: party.AdmissionDossier, After: grid.Next})
	if err != nil || len(rest.Rows) != 3 || rest.Next != 0 {
		t.Errorf("the last page has %d rows, %v", len(rest.Rows), err)
	}
}

func TestAGridTellsWhoLacksWhat(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	lacks := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.ClassResult)
	whole := h.Enter(h.Fields("LTT", "Trần Văn Bình"), party.ClassResult)
	member := h.Enter(h.Fields("LTT", "Lê Thị Hoa"), party.Ceremony)
	h.Enter(h.Fields("LTT", "Vũ Thị Mới"), party.Introduced)
	var lines []document.LineChange
	for _, kind := range []party.DocumentKind{party.DocApplication, party.DocLifeHistory, party.DocIntroducer, party.DocOpinions} {
		lines = append(lines, line(kind, 0, there("")))
	}
	if n, err := save(t, h, "bithu.ltt", whole, lines...); err != nil || n != 4 {
		t.Fatal(n, err)
	}
	for name, tt := range map[string]struct {
		stage   party.DossierStage
		lacking bool
		want    []int64
	}{"all": {party.AdmissionDossier, false, []int64{lacks, whole}}, "lacking": {party.AdmissionDossier, true, []int64{lacks}}, "members": {party.RecognitionDossier, true, []int64{member}}} {
		grid, err := h.Documents.Grid(t.Context(), h.Viewer("bithu.ltt"), document.GridQuery{OrgID: h.Org("LTT"), Stage: tt.stage, Lacking: tt.lacking})
		var got []int64
		for _, r := range grid.Rows {
			got = append(got, r.ID)
		}
		if err != nil || fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("%s: %v, want %v, %v", name, got, tt.want, err)
		}
	}
}

// The gate of the complete dossier is asked as before: papers that nobody has ticked do not hold it up.
func TestADossierWithoutAChecklistIsRecordedAsBefore(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.DossierComplete)
	d := dossier(t, h, "bithu.ltt", id)
	if have, _ := d.Checklist.Count(); have != 2 || d.State().Dossier == nil {
		t.Errorf("%d papers are named by steps", have)
	}
}

func TestEveryVersionStaysWhateverTheStatement(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Planned)
	if _, err := save(t, h, "bithu.ltt", id, line(party.DocApplication, 0, there(""))); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{`update person_documents set number = '1'`, `delete from person_documents`, `delete from verification_letters`} {
		err := h.DB.Write(t.Context(), h.Viewer("vanphong"), func(ctx context.Context, tx *postgres.Tx) error {
			_, err := tx.Exec(ctx, statement)
			return err
		})
		if err == nil {
			t.Errorf("the application's role may run %q", statement)
		}
	}
}
