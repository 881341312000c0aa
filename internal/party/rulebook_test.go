package party

import "testing"

var shipped = NewRulebook(DefaultRules())

// Each rule on the day before, of and after each change of its value or its document.
func TestARuleHasTheValueOfItsDay(t *testing.T) {
	day := MustDate
	for _, c := range []struct {
		id       RuleID
		on       string
		value    int
		option   string
		document string
		mark     Confidence
	}{
		{AgeMin, "2016-07-25", 18, AgeByDay, "29-QĐ/TW", Verified},
		{AgeMin, "2021-07-29", 18, AgeByDay, "29-QĐ/TW", Verified},
		{AgeMin, "2021-07-30", 18, AgeByDay, "24-QĐ/TW", Verified},
		{AgeMin, "2025-01-19", 18, AgeByDay, "24-QĐ/TW", Verified},
		{AgeMin, "2025-01-20", 18, AgeByDay, "232-QĐ/TW", Verified},
		{AgeMin, "2025-06-30", 18, AgeByDay, "232-QĐ/TW", Verified},
		{AgeMin, "2025-07-01", 18, AgeByDay, "294-QĐ/TW", Verified},
		{AgeMin, "2026-04-07", 18, AgeByDay, "294-QĐ/TW", Verified},
		{AgeMin, "2026-04-08", 18, AgeByDay, "20-QĐ/TW", SecondHand},
		{AgeMin, "2026-07-25", 18, AgeByDay, "20-QĐ/TW", SecondHand},
		{AgeMin, "2026-07-26", 18, AgeByDay, "208-QĐ/TW", SecondHand},
		{AgeMin, "2026-07-27", 18, AgeByDay, "208-QĐ/TW", SecondHand},
		{AgeMax, "2026-07-25", 60, AgeByDay, "20-QĐ/TW", SecondHand},
		{AgeMax, "2026-07-26", 60, AgeByDay, "208-QĐ/TW", SecondHand},
		{EduMin, "2021-07-29", 0, "lower_secondary", "29-QĐ/TW", Verified},
		{EduMin, "2021-07-30", 0, "lower_secondary", "24-QĐ/TW", Verified},
		{EduMin, "2026-07-26", 0, "lower_secondary", "208-QĐ/TW", SecondHand},
		{YouthMember, "2017-03-10", 0, "", "26-HD/ĐU", SecondHand},
		{MentorCount, "2017-06-04", 1, "", "12-HD/BTCTW", Recalled},
		{MentorCount, "2017-06-05", 1, "", "09-HD/BTCTW", Recalled},
		{MentorCount, "2022-01-17", 1, "", "09-HD/BTCTW", Recalled},
		{MentorCount, "2022-01-18", 1, "", "12-HD/BTCTW", Recalled},
		{MentorMost, "2022-01-18", 2, "", "12-HD/BTCTW", Recalled},
		{MentorRemark, "2022-01-18", 3, "", "12-HD/BTCTW", Recalled},
		{StallMonths, "2022-01-18", 6, "", "12-HD/BTCTW", Recalled},
		{ReviewMonths, "2016-07-25", 6, "", "12-HD/BTCTW", Recalled},
		{ReviewMonths, "2017-06-05", 6, "", "09-HD/BTCTW", Recalled},
		{ReviewMonths, "2022-01-18", 6, "", "12-HD/BTCTW", Recalled},
		{CertValid, "2016-09-19", 60, "", "01-HD/TW", Recalled},
		{CertValid, "2016-09-20", 60, "", "01-HD/TW", Verified},
		{CertValid, "2021-09-27", 60, "", "01-HD/TW", Verified},
		{CertValid, "2021-09-28", 60, "", "01-HD/TW", SecondHand},
		{CertValid, "2025-06-08", 60, "", "01-HD/TW", SecondHand},
		{CertValid, "2025-06-09", 60, "", "06-HD/TW", SecondHand},
		{CertValid, "2026-05-18", 60, "", "06-HD/TW", SecondHand},
		{CertValid, "2026-05-19", 60, "", "01-HD/TW", SecondHand},
		{DossierOrder, "2025-06-09", 0, "", "06-HD/TW", SecondHand},
		{DossierOrder, "2026-05-18", 0, "", "06-HD/TW", SecondHand},
		{DossierOrder, "2026-05-19", 0, "", "01-HD/TW", SecondHand},
		{DossierRedo, "2021-09-28", 12, "", "01-HD/TW", Recalled},
		{DossierRedo, "2025-06-09", 12, "", "06-HD/TW", Recalled},
		{VoteCommittee, "2025-06-09", 2, "", "06-HD/TW", SecondHand},
		{VoteCommittee, "2026-05-19", 2, "", "01-HD/TW", SecondHand},
		{VoteDenominator, "2026-04-07", 0, "", "294-QĐ/TW", SecondHand},
		{VoteDenominator, "2026-04-08", 0, "", "20-QĐ/TW", SecondHand},
		{VoteDenominator, "2026-07-26", 0, "", "208-QĐ/TW", SecondHand},
		{IntroCount, "2016-07-25", 2, "", "Điều lệ Đảng", Verified},
		{IntroCount, "2026-11-23", 2, "", "Điều lệ Đảng", Verified},
		{IntroMonths, "2026-11-23", 12, "", "Điều lệ Đảng", SecondHand},
		{VoteBranch, "2016-09-19", 2, "", "29-QĐ/TW", Verified},
		{VoteBranch, "2016-09-20", 2, "", "01-HD/TW", Verified},
		{VoteBranch, "2025-06-08", 2, "", "01-HD/TW", Verified},
		{VoteBranch, "2025-06-09", 2, "", "06-HD/TW", Verified},
		{VoteBranch, "2026-05-19", 2, "", "01-HD/TW", SecondHand},
		{BranchMin, "2026-11-23", 3, "", "Điều lệ Đảng", SecondHand},
		{DecideAdmit, "2026-04-07", 60, "", "294-QĐ/TW", Verified},
		{DecideAdmit, "2026-04-08", 60, "", "20-QĐ/TW", Recalled},
		{DecideAdmit, "2026-07-26", 60, "", "208-QĐ/TW", Recalled},
		{DecideOfficial, "2021-07-29", 30, "", "29-QĐ/TW", Verified},
		{DecideOfficial, "2021-07-30", 30, "", "24-QĐ/TW", Recalled},
		{DecideExtend, "2021-07-29", 30, "", "29-QĐ/TW", Verified},
		{DecideExtend, "2021-07-30", 30, "", "24-QĐ/TW", Recalled},
		{DecideExtend, "2026-07-26", 30, "", "208-QĐ/TW", Recalled},
		{DecideWho, "2021-07-29", 0, DeciderWholeCommittee, "29-QĐ/TW", Verified},
		{DecideWho, "2026-07-25", 0, DeciderWholeCommittee, "20-QĐ/TW", Recalled},
		{DecideWho, "2026-07-26", 0, DeciderStandingCommittee, "208-QĐ/TW", SecondHand},
		{DecideWho, "2026-07-27", 0, DeciderStandingCommittee, "208-QĐ/TW", SecondHand},
		{CeremonyWithin, "2025-06-30", 30, ClockReceipt, "232-QĐ/TW", Verified},
		{CeremonyWithin, "2025-07-01", 30, ClockReceipt, "294-QĐ/TW", Verified},
		{CeremonyWithin, "2026-07-25", 30, ClockReceipt, "20-QĐ/TW", SecondHand},
		{CeremonyWithin, "2026-07-26", 30, ClockIssue, "208-QĐ/TW", SecondHand},
		{CeremonyWithin, "2026-07-27", 30, ClockIssue, "208-QĐ/TW", SecondHand},
		{ProbationLength, "2016-07-25", 12, "", "Điều lệ Đảng", Verified},
		{RecogniseBranch, "2025-06-30", 30, "", "232-QĐ/TW", Verified},
		{RecogniseBranch, "2025-07-01", 30, "", "294-QĐ/TW", Recalled},
		{VoteFails, "2025-12-31", 3, "", "294-QĐ/TW", Verified},
		{VoteFails, "2026-07-26", 3, "", "208-QĐ/TW", Recalled},
		{RecogniseDate, "2026-07-26", 0, "", "208-QĐ/TW", SecondHand},
		{PartyAge, "2026-11-23", 0, "", "Điều lệ Đảng", Verified},
	} {
		r, ok := shipped.On(c.id, day(c.on))
		if !ok || r.Value != c.value || r.Option != c.option || r.Document != c.document || r.Confidence != c.mark {
			t.Errorf("%s on %s: %v, got %d %q %s %s", c.id, c.on, ok, r.Value, r.Option, r.Document, r.Confidence)
		}
	}
}

// What gates and deadlines ask for has an answer on every day since the regulation of 2016.
func TestWhatGatesAskForHasAValueSince2016(t *testing.T) {
	for _, id := range []RuleID{AgeMin, AgeMax, EduMin, IntroCount, IntroMonths, CertValid, MentorCount, VoteBranch,
		BranchMin, DecideAdmit, DecideOfficial, DecideExtend, DecideWho, CeremonyWithin, DateJoined, ProbationLength, RecogniseBranch,
		RecogniseDate, PartyAge, ReviewMonths, StallMonths, MentorMost, MentorRemark, VoteFails} {
		if r, ok := shipped.On(id, MustDate("2016-07-25")); !ok {
			t.Errorf("%s begins later", r.ID)
		}
	}
}

// Rules that came later hold from a day on, and not on the day before.
func TestARuleDoesNotHoldBeforeItCame(t *testing.T) {
	for id, first := range map[RuleID]string{YouthMember: "2017-03-10", DossierOrder: "2025-06-09", DossierRedo: "2021-09-28",
		VoteCommittee: "2025-06-09", VoteDenominator: "2025-07-01"} {
		if _, ok := shipped.On(id, MustDate(first).AddDays(-1)); ok {
			t.Errorf("%s holds on the day before %s", id, first)
		}
		if _, ok := shipped.On(id, MustDate(first)); !ok {
			t.Errorf("%s does not hold on %s", id, first)
		}
	}
}

// Each entry holds from its first day to its last, and neither the day before nor the day after.
func TestAnEntryHoldsOnItsDaysOnly(t *testing.T) {
	for _, r := range shipped.All() {
		for _, on := range []Date{r.From, r.From.AddDays(1), r.Until} {
			if got, _ := shipped.On(r.ID, on); !on.IsZero() && got != r {
				t.Errorf("%s on %s is of %s, want %s", r.ID, on, got.Document, r.Document)
			}
		}
		if got, ok := shipped.On(r.ID, r.From.AddDays(-1)); ok && got.Issued == r.Issued {
			t.Errorf("%s of %s holds on the day before %s", r.ID, r.Document, r.From)
		}
		if got, ok := shipped.On(r.ID, r.Until.AddDays(1)); !r.Until.IsZero() && (!ok || got.From != r.Until.AddDays(1)) {
			t.Errorf("%s: nothing new on the day after %s", r.ID, r.Until)
		}
	}
}

func TestTheDenominatorOfVotesChangedWith294(t *testing.T) {
	v := Vote{Official: 30, Away: 2, ExemptAbsent: 1}
	for on, want := range map[string]int{"2025-06-30": 30, "2025-07-01": 27, "2025-07-02": 27, "2026-07-26": 27} {
		if got := v.Denominator(shipped, MustDate(on)); got != want {
			t.Errorf("on %s: %d, want %d", on, got, want)
		}
	}
}

// A rule that holds has no day without a value, two values for one day, or a value without a source.
func TestShippedRulesFollowOneAnotherWithoutAGap(t *testing.T) {
	of := map[RuleID][]Rule{}
	for _, r := range shipped.All() { // newest first
		of[r.ID] = append(of[r.ID], r)
		if r.Document == "" || r.Issued.IsZero() || r.Clause == "" {
			t.Errorf("%s from %s names no source", r.ID, r.From)
		}
		if r.From.Before(r.Issued) && r.Document != dues01.document { // in force from before its day
			t.Errorf("%s from %s cites %s, which came on %s", r.ID, r.From, r.Document, r.Issued)
		}
	}
	for id, list := range of {
		if !list[0].Until.IsZero() {
			t.Errorf("%s has no value today", id)
		}
		for i := 1; i < len(list); i++ {
			if list[i].Until.AddDays(1) != list[i-1].From {
				t.Errorf("%s: a gap or an overlap between %s and %s", id, list[i].Until, list[i-1].From)
			}
		}
	}
}

func TestARecalledRuleNeverRefuses(t *testing.T) {
	for _, r := range shipped.All() {
		if r.MayRefuse() == (r.Confidence == Recalled) {
			t.Errorf("%s of %s: mark %s, may refuse %v", r.ID, r.Document, r.Confidence, r.MayRefuse())
		}
	}
}
