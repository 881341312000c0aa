package party

import "testing"

func extension(on Date, days int) Step {
	return Step{Kind: Extended, On: on, Facts: ExtensionFacts{Days: days, Reason: "Chờ kết quả thẩm tra bổ sung"}}
}

// The clock is that of the cell's vote; the extension adds its working days to it, on admission and
// on recognition alike.
func TestAnExtensionMovesTheDeadlineOfTheAwaitedDecision(t *testing.T) {
	for _, x := range []struct {
		kind StepKind
		days int
	}{{Decided, 60}, {RecognitionDecision, 30}} {
		for _, first := range []string{"2019-03-04", "2022-03-07", "2025-03-03", "2025-07-07"} {
			c, s := before(x.kind, MustDate(first))
			vote := c.State().Resolution
			if x.kind == RecognitionDecision {
				vote = c.State().RecognitionVote
			}
			mustPass(t, c.Record(extension(vote.On.AddDays(10), 20)))
			c = record(c, extension(vote.On.AddDays(10), 20))
			due := workdays.AddWorkingDays(vote.On, x.days+20)
			if d, ok := c.Deadline(); !ok || d.Due != due || d.Kind != x.kind || d.Rule.Value != x.days+20 {
				t.Errorf("%s from %s: %+v, want %s", x.kind, first, d, due)
			}
			for late, on := range map[bool]Date{false: due, true: due.AddDays(1)} {
				s.On = on
				if s.Kind == Decided {
					s.Facts = DecisionFacts{}
				}
				if _, warned := find(c.Record(s).Warnings(), "gate."+string(decideRule(x.kind))); warned != late {
					t.Errorf("%s on %s: late %v", x.kind, on, warned)
				}
			}
		}
	}
}

func decideRule(k StepKind) RuleID {
	if k == Decided {
		return DecideAdmit
	}
	return DecideOfficial
}

// decide.extend was read for 29-QĐ/TW and refuses there; since then it is recalled and warns.
func TestAnExtensionIsOfAtMost30WorkingDays(t *testing.T) {
	for _, x := range []struct {
		first    string
		days     int
		document string // that is broken; "" is none
		refuses  bool
	}{
		{"2021-05-10", 30, "", false}, // voted on 19 July 2021
		{"2021-05-10", 31, "29-QĐ/TW", true},
		{"2021-05-20", 31, "29-QĐ/TW", true}, // on 29 July 2021
		{"2021-05-21", 31, "24-QĐ/TW", false},
		{"2021-05-21", 30, "", false},
		{"2025-07-07", 31, "294-QĐ/TW", false},
		{"2026-05-17", 30, "", false}, // on 26 July 2026
		{"2026-05-17", 31, "208-QĐ/TW", false},
	} {
		c, _ := before(Decided, MustDate(x.first))
		v := c.Record(extension(c.Steps[6].On.AddDays(1), x.days))
		switch {
		case x.refuses:
			if r := mustRefuse(t, v, "gate.extend.most"); !r.cites(x.document, "4.3.1") {
				t.Errorf("%+v: %+v", x, r)
			}
		case x.document != "":
			if w := mustWarn(t, v, "gate.extend.most"); !w.cites(x.document, "4.3.1") {
				t.Errorf("%+v: %+v", x, w)
			}
		default:
			mustPass(t, v)
			if _, warned := find(v.Warnings(), "gate.extend.most"); warned {
				t.Errorf("%+v warns", x)
			}
		}
	}
}

func TestExtensionsAddUp(t *testing.T) {
	c, _ := before(Decided, MustDate("2019-03-04"))
	on := c.Steps[6].On
	c = record(c, extension(on.AddDays(1), 20))
	mustPass(t, c.Record(extension(on.AddDays(2), 10)))
	mustRefuse(t, c.Record(extension(on.AddDays(2), 11)), "gate.extend.most")
	// also when the longer one is entered later for a day before
	mustRefuse(t, c.Record(extension(on, 11)), "gate.breaks")
}

func TestAnExtensionSaysHowLongAndWhy(t *testing.T) {
	c, _ := before(Decided, firstDay)
	on := c.Steps[6].On
	mustRefuse(t, c.Record(extension(on, 0)), "gate.extend.days")
	mustRefuse(t, c.Record(extension(on, maxExtension+1)), "gate.extend.days")
	mustRefuse(t, c.Record(Step{Kind: Extended, On: on, Facts: ExtensionFacts{Days: 5, Reason: " "}}), "gate.reason")
}

func TestOnlyAnAwaitedDecisionIsExtended(t *testing.T) {
	steps := way(firstDay)
	for n, key := range map[int]string{
		5:  "gate.needs",            // no vote yet
		8:  "gate.already",          // decided
		9:  "gate.needs",            // on probation, no vote yet
		11: "gate.already_official", // recognised
	} {
		mustRefuse(t, caseOf(steps[:n]...).Record(extension(steps[n-1].On.AddDays(1), 5)), key)
	}
	mustPass(t, caseOf(steps[:6]...).Record(extension(steps[5].On.AddDays(1), 5))) // before the endorsement
	mustRefuse(t, caseOf(steps[:6]...).Record(extension(steps[5].On.AddDays(-1), 5)), "gate.needs_earlier")
}

// What was granted for the admission is not carried over to the recognition.
func TestAnExtensionEndsWithTheDecision(t *testing.T) {
	steps := way(firstDay)
	c := record(caseOf(steps[:7]...), extension(steps[6].On, 30))
	c.Steps = append(c.Steps, steps[7:10]...)
	d, ok := c.Deadline()
	if want := workdays.AddWorkingDays(steps[9].On, 30); !ok || d.Due != want {
		t.Errorf("%+v, want %s", d, want)
	}
}
