package party

import "testing"

// The consent of the province is told as met with its number, day and issuer, and asked for otherwise;
// it never refuses, since the paper may be there and not entered.
func TestTheConsentToAReAdmission(t *testing.T) {
	c, s := removed(RemoveCard)
	out := record(c, s)
	whole := Document{State: DocumentPresent, Number: "15-CV/TU", Dated: s.On.AddMonths(36), Issuer: "Ban Thường vụ Tỉnh ủy"}
	for name, x := range map[string]struct {
		change func(*Document)
		key    string
		want   Outcome
	}{
		"nothing was entered":         {func(d *Document) { *d = Document{} }, "gate.readmit.consent", NotKnown},
		"it is not there":             {func(d *Document) { *d = Document{State: DocumentAbsent} }, "gate.readmit.consent", NotKnown},
		"of before he left":           {func(d *Document) { d.Dated = s.On.AddDays(-1) }, "gate.readmit.consent", NotKnown},
		"no number":                   {func(d *Document) { d.Number = "" }, "gate.readmit.consent_incomplete", NotKnown},
		"no issuer":                   {func(d *Document) { d.Issuer = "" }, "gate.readmit.consent_incomplete", NotKnown},
		"with number, day and issuer": {func(*Document) {}, "gate.readmit.consent", Met},
	} {
		asked := out
		asked.Consent = whole
		x.change(&asked.Consent)
		v := asked.Record(Step{Kind: Planned, On: s.On.AddMonths(36), Facts: PlanningFacts{}})
		mustPass(t, v)
		if got, ok := find(v.Conditions, x.key); !ok || got.Outcome != x.want || !got.cites("208-QĐ/TW", "3.5.1b") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// again gives a former member who goes the way once more, until the step before a kind.
func again(kind StepKind) (Case, Step) {
	c, s := removed(RemoveCard)
	later := way(s.On.AddMonths(36))
	c.Today = MustDate("2040-01-01")
	steps := record(c, s).Steps
	for i, step := range later {
		if step.ID, step.Seq = int64(200+i), int64(200+i); step.Kind == kind {
			c.Steps = steps
			step.ID, step.Seq = 0, 0
			return c, step
		}
		steps = append(steps, step)
	}
	panic("no such step")
}

func TestADecisionOnAReAdmissionLooksForTheConsentOfBefore(t *testing.T) {
	c, s := again(Decided)
	mustWarn(t, c.Record(s), "gate.readmit.consent")
	c.Consent = Document{State: DocumentPresent, Number: "15-CV/TU", Dated: s.On.AddDays(1), Issuer: "Ban Thường vụ Tỉnh ủy"}
	mustWarn(t, c.Record(s), "gate.readmit.consent_later")
	c.Consent.Dated = s.On
	v := c.Record(s)
	mustPass(t, v)
	if got, ok := find(v.Conditions, "gate.readmit.consent"); !ok || got.Outcome != Met {
		t.Errorf("%+v", got)
	}
	first, s := before(Decided, firstDay)
	if got, ok := find(first.Record(s).Conditions, "gate.readmit.consent"); ok {
		t.Errorf("of who never was a member: %+v", got)
	}
}

// Its papers are asked of former members alone; what is of the first time does not serve the second.
func TestTheDossierOfAReAdmission(t *testing.T) {
	c, _ := again(CellResolution)
	c.Book = NewRulebook(DefaultRules(), DefaultForms()...)
	left := c.State().Left.On
	lines := func(c Case, entered map[DocumentKind]Document) map[DocumentKind]ChecklistLine {
		out := map[DocumentKind]ChecklistLine{}
		for _, l := range c.Checklist(AdmissionDossier, entered, nil, nil).Lines {
			out[l.Form.Kind] = l
		}
		return out
	}
	first, _ := before(CellResolution, firstDay)
	first.Book = c.Book
	for _, k := range []DocumentKind{DocReadmitApplication, DocReadmitConsent} {
		if _, asked := lines(first, nil)[k]; asked {
			t.Errorf("%s is asked of who never was a member", k)
		}
	}
	got := lines(c, map[DocumentKind]Document{
		DocLifeHistory:        {State: DocumentPresent, Number: "2", Dated: left.AddDays(-1)},
		DocOpinions:           {State: DocumentPresent, Number: "5", Dated: left.AddDays(1)},
		DocReadmitApplication: {State: DocumentPresent, Dated: left.AddMonths(36)},
	})
	if l := got[DocReadmitConsent]; !l.Lacks() || l.Form.Document != "208-QĐ/TW" {
		t.Errorf("the consent: %+v", l)
	}
	if !got[DocLifeHistory].Lacks() || got[DocOpinions].Lacks() || got[DocApplication].Released != OtherInstead {
		t.Errorf("%+v", got)
	}
}

func TestWhatIsAReAdmission(t *testing.T) {
	c, _ := again(RecognitionResolution)
	got := Readmissions(c.Steps)
	for _, step := range c.Steps {
		want := step.ID >= 200 && (step.Kind == Decided || step.Kind == Ceremony)
		if got[step.ID] != want {
			t.Errorf("%d %s: %t", step.ID, step.Kind, got[step.ID])
		}
	}
	c, s := removed(RemoveCard)
	out := record(c, s)
	back := record(out, Step{Kind: Restored, On: s.On.AddMonths(1), Facts: RestoredFacts{Reason: "Khiếu nại đúng"}})
	if got := Readmissions(back.Steps); len(got) != 0 {
		t.Errorf("who was restored: %v", got)
	}
}
