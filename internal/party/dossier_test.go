package party_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ketnap/internal/party"
)

// formsBook has the shipped rules and forms.
var formsBook = party.NewRulebook(party.DefaultRules(), party.DefaultForms()...)

// dossierOf is somebody's case with steps, on a day.
func dossierOf(today string, place party.Place, steps ...party.Step) party.Case {
	for i := range steps {
		steps[i].ID, steps[i].Seq = int64(i+1), int64(i+1)
	}
	return party.Case{Person: party.Person{Category: party.Student, BirthDate: party.MustDate("2006-02-10")}, Place: place, Steps: steps,
		Book: formsBook, Calendar: party.NewCalendar(nil), Today: party.MustDate(today)}
}

func at(kind party.StepKind, day string, facts party.Facts, number string) party.Step {
	s := party.Step{Kind: kind, On: party.MustDate(day), Facts: facts}
	if number != "" {
		s.Papers = []party.Paper{{Number: number}}
	}
	return s
}

func present(day string) party.Document {
	d := party.Document{State: party.DocumentPresent}
	if day != "" {
		d.Dated = party.MustDate(day)
	}
	return d
}

func codes(list []party.ChecklistLine) string {
	var out []string
	for _, l := range list {
		out = append(out, l.Form.Code)
	}
	return strings.Join(out, " ")
}

var (
	underGrassroots = party.Place{Kind: party.Cell, HasGrassroots: true}
	underSectional  = party.Place{Kind: party.Cell, HasGrassroots: true, HasSectional: true}
	baseCell        = party.Place{Kind: party.GrassrootsCell}
)

// usual gives the forms without those of a re-admission.
func usual(list []party.DocumentForm) []party.DocumentForm {
	return slices.DeleteFunc(list, func(f party.DocumentForm) bool { return f.Former })
}

func TestFormsAreThoseOfTheDay(t *testing.T) {
	t.Parallel()
	for day, want := range map[string]string{"2012-05-16": "", "2012-05-17": "12-HD/BTCTW 2012-05-17", "2017-06-04": "12-HD/BTCTW 2012-05-17",
		"2017-06-05": "09-HD/BTCTW 2017-06-05", "2022-01-17": "09-HD/BTCTW 2017-06-05", "2022-01-18": "12-HD/BTCTW 2022-01-18", "2026-11-23": "12-HD/BTCTW 2022-01-18"} {
		list, got := usual(formsBook.FormsOn(party.AdmissionDossier, party.MustDate(day))), ""
		if len(list) > 0 {
			got = list[0].Document + " " + list[0].Issued.String()
			if len(list) != 11 || len(formsBook.FormsOn(party.RecognitionDossier, party.MustDate(day))) != 8 {
				t.Errorf("%s: %d forms", day, len(list))
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", day, got, want)
		}
	}
	renamed := append(party.DefaultForms(), party.DocumentForm{Kind: party.DocApplication, Stage: party.AdmissionDossier, Code: "1-MỚI", Title: "Đơn", Position: 2,
		Level: party.DueForDossier, From: party.MustDate("2026-01-01"), Confidence: party.SecondHand})
	book := party.NewRulebook(nil, renamed...)
	for day, want := range map[string]string{"2025-12-31": "1-KNĐ", "2026-01-01": "1-MỚI"} {
		list := usual(book.FormsOn(party.AdmissionDossier, party.MustDate(day)))
		if len(list) != 11 || list[1].Code != want {
			t.Errorf("%s: %d forms, the application on %s", day, len(list), list[1].Code)
		}
	}
}

func TestWhatADossierLacks(t *testing.T) {
	t.Parallel()
	all := map[party.DocumentKind]party.Document{party.DocCertificate: present(""), party.DocApplication: present(""), party.DocLifeHistory: present(""),
		party.DocIntroducer: present(""), party.DocUnionResolution: present(""), party.DocOpinions: present("")}
	with := func(kind party.DocumentKind, d party.Document) map[party.DocumentKind]party.Document {
		out := map[party.DocumentKind]party.Document{}
		for k, v := range all {
			out[k] = v
		}
		out[kind] = d
		return out
	}
	union := with(party.DocTradeUnionResolution, present(""))
	delete(union, party.DocUnionResolution)
	for name, tt := range map[string]struct {
		place   party.Place
		entered map[party.DocumentKind]party.Document
		level   party.DocumentLevel
		want    string
		count   [2]int
	}{
		"nothing":                      {underGrassroots, nil, party.DueForDossier, "CN-NTVĐ 1-KNĐ 2-KNĐ 3-KNĐ 4-KNĐ 5-KNĐ", [2]int{0, 9}},
		"all for the cell":             {underGrassroots, all, party.DueForDossier, "", [2]int{6, 9}},
		"the trade union instead":      {underGrassroots, union, party.DueForDossier, "", [2]int{6, 9}},
		"one absent":                   {underGrassroots, with(party.DocOpinions, party.Document{State: party.DocumentAbsent}), party.DueForDossier, "5-KNĐ", [2]int{5, 9}},
		"one does not apply":           {underGrassroots, with(party.DocUnionResolution, party.Document{State: party.DocumentNotApplicable, Reason: "x"}), party.DueForDossier, "", [2]int{5, 8}},
		"up to the grassroots":         {underGrassroots, all, party.DueByGrassroots, "6-KNĐ 8-KNĐ", [2]int{6, 9}},
		"under a sectional committee":  {underSectional, all, party.DueByGrassroots, "6-KNĐ 7-KNĐ 8-KNĐ", [2]int{6, 10}},
		"a base cell has no committee": {baseCell, all, party.DueWithADecision, "6-KNĐ 9-KNĐ", [2]int{6, 8}},
	} {
		list := dossierOf("2026-05-01", tt.place).Checklist(party.AdmissionDossier, tt.entered, nil, nil)
		if got := codes(list.Lacking(tt.level)); got != tt.want {
			t.Errorf("%s: lacks %q, want %q", name, got, tt.want)
		}
		have, asked := list.Count()
		if [2]int{have, asked} != tt.count {
			t.Errorf("%s: %d of %d, want %v", name, have, asked, tt.count)
		}
		if list.Complete(tt.level) != (tt.want == "") {
			t.Errorf("%s: complete %v", name, list.Complete(tt.level))
		}
	}
}

func TestStepsNamePapersUnlessSomebodySaidOtherwise(t *testing.T) {
	t.Parallel()
	c := dossierOf("2026-07-01", underGrassroots,
		at(party.Introduced, "2025-09-10", party.IntroductionFacts{}, "1-NQ/ĐTN"),
		at(party.ClassResult, "2026-03-15", party.ClassResultFacts{Passed: true}, ""),
		at(party.CellResolution, "2026-05-15", party.CellVoteFacts{Adopted: true}, "3-NQ/CB"))
	list := c.Checklist(party.AdmissionDossier, map[party.DocumentKind]party.Document{party.DocCellResolution: {State: party.DocumentAbsent}}, nil, nil)
	says := map[party.DocumentKind]party.ChecklistLine{}
	for _, l := range list.Lines {
		says[l.Form.Kind] = l
	}
	if l := says[party.DocUnionResolution]; l.FromStep != party.Introduced || l.Number != "1-NQ/ĐTN" || l.Dated != party.MustDate("2025-09-10") {
		t.Errorf("the union's resolution: %+v", l)
	}
	if l := says[party.DocCertificate]; l.State != party.DocumentUnsaid {
		t.Errorf("a class without a number: %+v", l)
	}
	if l := says[party.DocCellResolution]; l.State != party.DocumentAbsent || l.FromStep != "" {
		t.Errorf("what was entered holds: %+v", l)
	}
	if list.Level != party.DueByCell {
		t.Errorf("level %s", list.Level)
	}
}

// Twelve months after the dossier was complete the introductions and opinions are done again, unless
// the cell has proposed, or the paper is newer; the certificate lasts sixty months of its own.
func TestWhatMustBeDoneAgain(t *testing.T) {
	t.Parallel()
	complete := at(party.DossierComplete, "2025-05-05", party.DossierFacts{}, "")
	entered := map[party.DocumentKind]party.Document{party.DocCertificate: present("2021-01-10"), party.DocApplication: present("2025-03-01"),
		party.DocIntroducer: present("2025-04-01"), party.DocUnionResolution: present("2025-05-05"), party.DocOpinions: present("")}
	for _, tt := range []struct {
		name, today string
		steps       []party.Step
		newer       string // day of the opinions
		want        string
	}{
		{"on the last day", "2026-05-05", []party.Step{complete}, "", "CN-NTVĐ"},
		{"a day later", "2026-05-06", []party.Step{complete}, "", "CN-NTVĐ 3-KNĐ 4-KNĐ 5-KNĐ"},
		{"done again", "2026-05-06", []party.Step{complete}, "2026-04-01", "CN-NTVĐ 3-KNĐ 4-KNĐ"},
		{"proposed in time", "2026-05-06", []party.Step{complete, at(party.CellResolution, "2025-12-01", party.CellVoteFacts{Adopted: true}, "")}, "", ""},
		{"never complete", "2026-05-06", nil, "", "CN-NTVĐ"},
		{"the certificate's last day", "2026-01-10", nil, "", ""},
		{"the certificate's first day too many", "2026-01-11", nil, "", "CN-NTVĐ"},
	} {
		papers := map[party.DocumentKind]party.Document{}
		for k, d := range entered {
			papers[k] = d
		}
		if tt.newer != "" {
			papers[party.DocOpinions] = present(tt.newer)
		}
		c := dossierOf(tt.today, underGrassroots, slices.Clone(tt.steps)...)
		list := c.Checklist(party.AdmissionDossier, papers, nil, nil)
		if got := codes(list.ToRedo()); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		for _, cond := range list.Conditions(party.DueForDossier) {
			if cond.Refuses {
				t.Errorf("%s: %s refuses", tt.name, cond.Key)
			}
		}
	}
}

func TestALetterIsDueByTheRuleOfItsDay(t *testing.T) {
	t.Parallel()
	c := dossierOf("2026-11-23", underGrassroots)
	sent := party.Letter{To: "Xã A", SentOn: party.MustDate("2026-10-01")} // a Thursday
	due, rule, ok := c.LetterDue(sent)
	if !ok || due != party.MustDate("2026-11-12") || rule.ID != party.VerifyAnswer || rule.MayRefuse() {
		t.Errorf("due %s by %s, %v", due, rule.ID, ok)
	}
	answered, withdrawn, old := sent, sent, sent
	answered.AnsweredOn, withdrawn.Withdrawn, old.SentOn = party.MustDate("2026-10-20"), true, party.MustDate("2016-09-19")
	for name, l := range map[string]party.Letter{"answered": answered, "withdrawn": withdrawn, "before any guidance": old} {
		if due, _, ok := c.LetterDue(l); ok {
			t.Errorf("%s: due %s", name, due)
		}
	}
	list := c.Checklist(party.AdmissionDossier, nil, nil, []party.Letter{sent, answered, withdrawn})
	if list.LettersWaiting() != 1 || !strings.Contains(fmt.Sprint(list.Conditions(party.DueForDossier)), "gate.document.letters") {
		t.Errorf("%d wait", list.LettersWaiting())
	}
}

func TestTheRecognitionDossierIsItsOwn(t *testing.T) {
	t.Parallel()
	c := dossierOf("2026-07-01", underGrassroots, at(party.Ceremony, "2025-06-19", party.CeremonyFacts{}, ""),
		at(party.RecognitionResolution, "2026-06-25", party.RecognitionVoteFacts{Adopted: true}, "7-NQ/CB"))
	list := c.Checklist(party.RecognitionDossier, map[party.DocumentKind]party.Document{party.DocApplication: present("")}, nil, nil)
	if got := codes(list.Lacking(list.Level)); got != "CN-ĐVM 10-KNĐ 11-KNĐ 12-KNĐ" {
		t.Errorf("lacks %q", got)
	}
	if have, asked := list.Count(); have != 1 || asked != 7 {
		t.Errorf("%d of %d", have, asked)
	}
}
