package party

import "testing"

func TestAGrassrootsCommitteeEndorsesWhereOneStandsAbove(t *testing.T) {
	c, s := before(Decided, firstDay)
	c.Steps = c.Steps[:6] // the cell's vote, no endorsement
	mustRefuse(t, c.Record(s), "gate.needs")
	c.Place = Place{OrgID: 7, Kind: GrassrootsCell}
	mustPass(t, c.Record(s))
	_, endorsed := before(Endorsed, firstDay)
	mustRefuse(t, c.Record(endorsed), "gate.endorsed.none_above")
}

// 60 working days from the cell's resolution; late, it is recorded with a warning.
func TestADecisionAfter60WorkingDaysWarns(t *testing.T) {
	c, s := before(Decided, firstDay)
	due := workdays.AddWorkingDays(c.Steps[5].On, 60)
	s.Facts = DecisionFacts{}
	s.On = due
	v := c.Record(s)
	if _, late := find(v.Warnings(), "gate.decide.admit"); late || !v.Passes() {
		t.Error("the 60th working day is in time")
	}
	s.On = due.AddDays(1)
	w := mustWarn(t, c.Record(s), "gate.decide.admit")
	if !w.Late || !w.cites("294-QĐ/TW", "4.3.1") {
		t.Errorf("%+v", w)
	}
}

func TestWhichBodyDecidesAtTheBaseChangedWith208(t *testing.T) {
	for _, x := range []struct {
		first, decider string
		warns          bool
		refused        bool
	}{
		{"2025-07-07", DeciderWholeCommittee, false, false},
		{"2025-07-07", DeciderStandingCommittee, true, false},  // recalled between 29 and 208: warns
		{"2026-05-06", DeciderStandingCommittee, true, false},  // decided on 25 July 2026
		{"2026-05-07", DeciderStandingCommittee, false, false}, // and on 26 July 2026
		{"2026-05-07", DeciderWholeCommittee, false, true},
		{"2026-05-07", "upper_standing_committee", false, false},
		{"2026-05-07", "", false, false},
	} {
		c, s := before(Decided, MustDate(x.first))
		s.Facts = DecisionFacts{Decider: x.decider}
		v := c.Record(s)
		_, warned := find(v.Warnings(), "gate.decide.who")
		if warned != x.warns || v.Passes() == x.refused {
			t.Errorf("%s on %s: %+v", x.decider, s.On, v.Conditions)
		}
	}
}

func TestADecisionIsNotReceivedBeforeItsIssueOrInTheFuture(t *testing.T) {
	c, s := before(Decided, firstDay)
	s.Facts = DecisionFacts{ReceivedOn: s.On}
	mustPass(t, c.Record(s))
	s.Facts = DecisionFacts{ReceivedOn: s.On.AddDays(-1)}
	mustRefuse(t, c.Record(s), "gate.received_before_issue")
	s.Facts = DecisionFacts{ReceivedOn: today.AddDays(1)}
	mustRefuse(t, c.Record(s), "gate.received_future")
}

func TestNobodyIsAdmittedTwice(t *testing.T) {
	c := caseOf(way(firstDay)[:9]...)
	second := Step{Kind: Ceremony, On: firstDay.AddDays(100), Facts: CeremonyFacts{}}
	reason := mustRefuse(t, c.Record(second), "gate.ceremony.second")
	if !reason.cites("Điều lệ Đảng", "Điều 5.1") {
		t.Errorf("%+v", reason)
	}
	received := caseOf(Step{ID: 1, Seq: 1, Kind: Received, On: firstDay, Facts: ReceivedFacts{JoinedOn: firstDay.AddYears(-1)}})
	mustRefuse(t, received.Record(second), "gate.ceremony.second")
}

// decidedOn gives the case of a decision issued on one day and received on another, and a ceremony
// the given number of working days after the day from which they are counted.
func decidedOn(issued, received, from string, days int) (Case, Step) {
	day := MustDate(issued)
	c, s := before(Ceremony, day.AddDays(-80))
	c.Steps[7].On = day
	c.Steps[7].Facts = DecisionFacts{ReceivedOn: MustDate(received)}
	s.On = workdays.AddWorkingDays(MustDate(from), days)
	return c, s
}

// 30 working days, from the receipt until 25 July 2026 and from the issue since.
func TestACeremonyAfter30WorkingDaysWarns(t *testing.T) {
	for _, x := range []struct {
		issued, received, from string
		days                   int
		late                   string
		document               string
	}{
		{"2025-10-06", "2025-10-08", "2025-10-08", 30, "", "294-QĐ/TW"},
		{"2025-10-06", "2025-10-08", "2025-10-08", 31, "gate.ceremony.receipt", "294-QĐ/TW"},
		{"2026-05-04", "2026-05-11", "2026-05-11", 30, "", "20-QĐ/TW"},
		{"2026-05-04", "2026-05-11", "2026-05-11", 31, "gate.ceremony.receipt", "20-QĐ/TW"},
		// the day before 208, of it and after it
		{"2026-07-25", "2026-08-10", "2026-08-10", 30, "", "20-QĐ/TW"},
		{"2026-07-25", "2026-08-10", "2026-08-10", 31, "gate.ceremony.receipt", "20-QĐ/TW"},
		{"2026-07-26", "2026-08-10", "2026-07-26", 30, "", "208-QĐ/TW"},
		{"2026-07-26", "2026-08-10", "2026-07-26", 31, "gate.ceremony.issue", "208-QĐ/TW"},
		{"2026-07-26", "2026-08-10", "2026-08-10", 30, "gate.ceremony.issue", "208-QĐ/TW"},
		{"2026-07-27", "2026-08-10", "2026-07-27", 30, "", "208-QĐ/TW"},
		{"2026-07-27", "2026-08-10", "2026-07-27", 31, "gate.ceremony.issue", "208-QĐ/TW"},
	} {
		c, s := decidedOn(x.issued, x.received, x.from, x.days)
		v := c.Record(s)
		if x.late == "" {
			mustPass(t, v)
			if len(v.Warnings()) != 0 {
				t.Errorf("%+v: %+v", x, v.Warnings())
			}
			continue
		}
		if w := mustWarn(t, v, x.late); !w.Late || !w.cites(x.document, "4.1") {
			t.Errorf("%+v: %+v", x, w)
		}
	}
}

// Counted by hand: received on Wednesday 8 October 2025, the 30th working day is 19 November.
func TestTheThirtiethWorkingDayByHand(t *testing.T) {
	c, s := decidedOn("2025-10-06", "2025-10-08", "2025-10-08", 30)
	if s.On != MustDate("2025-11-19") {
		t.Errorf("the 30th working day is %s", s.On)
	}
	s.On = MustDate("2025-11-20")
	mustWarn(t, c.Record(s), "gate.ceremony.receipt")
	// issued on Monday 3 August 2026: a Saturday is worked, three days are off
	c, s = decidedOn("2026-08-03", "2026-08-03", "2026-08-03", 30)
	if s.On != MustDate("2026-09-16") {
		t.Errorf("the 30th working day is %s", s.On)
	}
	s.On = MustDate("2026-09-17")
	mustWarn(t, c.Record(s), "gate.ceremony.issue")
}

func TestWithoutTheDayOfReceiptTheDeadlineIsNotKnown(t *testing.T) {
	c, s := before(Ceremony, firstDay)
	c.Steps[7].Facts = DecisionFacts{}
	mustWarn(t, c.Record(s), "gate.ceremony.receipt_unknown")
	s.Facts = CeremonyFacts{ReceivedOn: c.Steps[7].On.AddDays(2)} // the ceremony's form may say it
	if v := c.Record(s); len(v.Warnings()) != 0 || !v.Passes() {
		t.Errorf("%+v", v.Conditions)
	}
}

// Whichever step says when the decision came: not before its issue, not after the ceremony.
func TestACeremonyIsNotHeldBeforeTheDecisionCame(t *testing.T) {
	c, s := before(Ceremony, firstDay)
	decided := c.Steps[7].On
	c.Steps[7].Facts = DecisionFacts{}
	for _, received := range []Date{decided.AddDays(-1), s.On.AddDays(1)} {
		s.Facts = CeremonyFacts{ReceivedOn: received}
		mustRefuse(t, c.Record(s), "gate.received_order")
	}
	s.Facts = CeremonyFacts{}
	c.Steps[7].Facts = DecisionFacts{ReceivedOn: s.On}
	mustPass(t, c.Record(s))
	c.Steps[7].Facts = DecisionFacts{ReceivedOn: s.On.AddDays(1)}
	mustRefuse(t, c.Record(s), "gate.received_order")
}
