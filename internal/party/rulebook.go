package party

// source is a document for the span in which rules cite it.
type source struct {
	document string
	issued   Date
	from     Date
	until    Date // last day; zero = still
	seen     Confidence
}

// The regulations that implement the Charter, one after the other without a gap, and the
// Secretariat's guidance. 20-QĐ/TW and 208-QĐ/TW are known second-hand, and so are the days from
// which they are taken to be in force: those on which they were issued (domain.md 1.0).
var (
	charter = source{"Điều lệ Đảng", MustDate("2011-01-19"), MustDate("2011-01-19"), Date{}, Verified}

	reg29  = source{"29-QĐ/TW", MustDate("2016-07-25"), MustDate("2016-07-25"), MustDate("2021-07-29"), Verified}
	reg24  = source{"24-QĐ/TW", MustDate("2021-07-30"), MustDate("2021-07-30"), MustDate("2025-01-19"), Verified}
	reg232 = source{"232-QĐ/TW", MustDate("2025-01-20"), MustDate("2025-01-20"), MustDate("2025-06-30"), Verified}
	reg294 = source{"294-QĐ/TW", MustDate("2025-05-26"), MustDate("2025-07-01"), MustDate("2026-04-07"), Verified}
	reg20  = source{"20-QĐ/TW", MustDate("2026-04-08"), MustDate("2026-04-08"), MustDate("2026-07-25"), SecondHand}
	reg208 = source{"208-QĐ/TW", MustDate("2026-07-26"), MustDate("2026-07-26"), Date{}, SecondHand}

	guide2012 = source{"01-HD/TW", MustDate("2012-01-05"), MustDate("2016-07-25"), MustDate("2016-09-19"), Recalled}
	guide2016 = source{"01-HD/TW", MustDate("2016-09-20"), MustDate("2016-09-20"), MustDate("2021-09-27"), Verified}
	guide2021 = source{"01-HD/TW", MustDate("2021-09-28"), MustDate("2021-09-28"), MustDate("2025-06-08"), Verified}
	guide2025 = source{"06-HD/TW", MustDate("2025-06-09"), MustDate("2025-06-09"), MustDate("2026-05-18"), Verified}
	guide2026 = source{"01-HD/TW", MustDate("2026-05-19"), MustDate("2026-05-19"), Date{}, SecondHand}

	// The Organisation Commission's guidance on forms. 38-HD/BTCTW of 2025 replaced the last one; it
	// waits for an administrator, because the day of its issue is not known.
	forms2012 = source{"12-HD/BTCTW", MustDate("2012-05-17"), MustDate("2012-05-17"), MustDate("2017-06-04"), Verified}
	forms2017 = source{"09-HD/BTCTW", MustDate("2017-06-05"), MustDate("2017-06-05"), MustDate("2022-01-17"), Verified}
	forms2022 = source{"12-HD/BTCTW", MustDate("2022-01-18"), MustDate("2022-01-18"), Date{}, Verified}

	// 01-QĐ/TW was issued after the day from which it is in force.
	dues342 = source{"342-QĐ/TW", MustDate("2010-12-28"), MustDate("2010-12-28"), MustDate("2026-01-31"), Recalled}
	dues01  = source{"01-QĐ/TW", MustDate("2026-02-03"), MustDate("2026-02-01"), Date{}, SecondHand}

	hust2017 = source{"26-HD/ĐU", MustDate("2017-03-10"), MustDate("2017-03-10"), Date{}, SecondHand} // of one university
)

var (
	regulations = []source{reg29, reg24, reg232, reg294, reg20, reg208}
	guidance    = []source{guide2016, guide2021, guide2025, guide2026}
)

// cites gives a rule's value once for each document of a list, each for its own span. Below the
// mark of the document itself the given one holds: a value may be less well known than its text.
func cites(r Rule, clause string, least Confidence, list ...source) []Rule {
	out := make([]Rule, len(list))
	for i, s := range list {
		r.Document, r.Issued, r.Clause = s.document, s.issued, clause
		r.From, r.Until, r.Confidence = s.from, s.until, weaker(s.seen, least)
		out[i] = r
	}
	return out
}

func weaker(a, b Confidence) Confidence {
	for _, c := range []Confidence{Recalled, SecondHand} {
		if a == c || b == c {
			return c
		}
	}
	return Verified
}

// DefaultRules gives the values that ship with the software (domain.md 1.1). Each change of value or
// of document is an entry of its own, so that a step is shown the citation that held on its day.
func DefaultRules() []Rule {
	var out []Rule
	for _, list := range [][][]Rule{eligibility(), voting(), admission(), membership(), departures(), cellLife(), assessments(), warnings()} {
		for _, rules := range list {
			out = append(out, rules...)
		}
	}
	return out
}

func eligibility() [][]Rule {
	age := func(id RuleID, years int) Rule { return Rule{ID: id, Value: years, Unit: Years, Option: AgeByDay} }
	education := Rule{ID: EduMin, Unit: NoUnit, Option: string(LowerSecondary)}
	return [][]Rule{
		cites(age(AgeMin, 18), "1.1.1", Verified, regulations...),
		cites(age(AgeMax, 60), "1.1.1", Verified, regulations...),
		cites(education, "1.2.1", Verified, regulations...),
		cites(Rule{ID: YouthMember}, "I", SecondHand, hust2017),
		cites(Rule{ID: IntroCount, Value: 2, Unit: Persons}, "Điều 4", Verified, charter),
		cites(Rule{ID: IntroMonths, Value: 12, Unit: Months}, "Điều 4.2", SecondHand, charter),
		cites(Rule{ID: MentorCount, Value: 1, Unit: Persons}, "11-KNĐ", Recalled, forms2012, forms2017, forms2022),
		cites(Rule{ID: MentorMost, Value: 2, Unit: Persons}, "11-KNĐ", Recalled, forms2012, forms2017, forms2022),
		cites(Rule{ID: MentorRemark, Value: 3, Unit: Months}, "11-KNĐ", Recalled, forms2012, forms2017, forms2022),
		cites(Rule{ID: CertValid, Value: 60, Unit: Months}, "5.4", Verified, guide2012, guide2016),
		cites(Rule{ID: CertValid, Value: 60, Unit: Months}, "5.4", SecondHand, guide2021, guide2025, guide2026),
		cites(Rule{ID: DossierOrder}, "3", SecondHand, guide2025, guide2026),
		cites(Rule{ID: StallMonths, Value: 6, Unit: Months}, "quy hoạch, tạo nguồn", Recalled, forms2012, forms2017, forms2022),
		cites(Rule{ID: ReviewMonths, Value: 6, Unit: Months}, "quy hoạch, tạo nguồn", Recalled, forms2012, forms2017, forms2022),
		cites(Rule{ID: DossierRedo, Value: 12, Unit: Months}, "5.4", Recalled, guide2021, guide2025, guide2026),
		cites(Rule{ID: TransferStart, Value: 60, Unit: WorkingDays}, "6.3.1", Verified, reg29, reg24, reg232, reg294),
		cites(Rule{ID: TransferStart, Value: 60, Unit: WorkingDays}, "6.3.1", SecondHand, reg20, reg208),
		cites(Rule{ID: TransferPresent, Value: 30, Unit: WorkingDays}, "6.3.1", Verified,
			source{reg24.document, reg24.issued, MustDate("2023-01-01"), reg24.until, Verified}, reg232, reg294),
		cites(Rule{ID: TransferPresent, Value: 30, Unit: WorkingDays}, "6.3.1", Recalled, reg20, reg208),
		cites(Rule{ID: VerifyAnswer, Value: 30, Unit: WorkingDays}, "3", Recalled, guidance...),
	}
}

func voting() [][]Rule {
	twoThirds := func(id RuleID) Rule { return Rule{ID: id, Value: 2, Per: 3, Unit: Share} }
	return [][]Rule{
		cites(twoThirds(VoteBranch), "3.6", Verified, guidance...),
		cites(twoThirds(VoteBranch), "4.2.3", Verified, source{reg29.document, reg29.issued, reg29.from, guide2016.from.AddDays(-1), Verified}),
		cites(twoThirds(VoteCommittee), "3.7a", SecondHand, guide2025, guide2026),
		cites(Rule{ID: VoteFails, Value: 3, Unit: Votes}, "4.2.3", Verified, reg29, reg24, reg232, reg294),
		cites(Rule{ID: VoteFails, Value: 3, Unit: Votes}, "4.2.3", Recalled, reg20, reg208),
		cites(Rule{ID: VoteDenominator}, "9.3.2", SecondHand, reg294, reg20, reg208),
		cites(Rule{ID: BranchMin, Value: 3, Unit: Persons}, "Điều 24.1", SecondHand, charter),
	}
}

func admission() [][]Rule {
	days := func(id RuleID, n int, option string) Rule {
		return Rule{ID: id, Value: n, Unit: WorkingDays, Option: option}
	}
	until208 := regulations[:5]
	return [][]Rule{
		cites(days(DecideAdmit, 60, ""), "4.3.1", Verified, reg29, reg24, reg232, reg294),
		cites(days(DecideAdmit, 60, ""), "4.3.1", Recalled, reg20, reg208),
		cites(days(DecideOfficial, 30, ""), "4.3.1", Verified, reg29),
		cites(days(DecideOfficial, 30, ""), "4.3.1", Recalled, reg24, reg232, reg294, reg20, reg208),
		cites(days(DecideExtend, 30, ""), "4.3.1", Verified, reg29),
		cites(days(DecideExtend, 30, ""), "4.3.1", Recalled, reg24, reg232, reg294, reg20, reg208),
		cites(Rule{ID: DecideWho, Option: DeciderWholeCommittee}, "4.3.2", Verified, reg29),
		cites(Rule{ID: DecideWho, Option: DeciderWholeCommittee}, "4.3.2", Recalled, reg24, reg232, reg294, reg20),
		cites(Rule{ID: DecideWho, Option: DeciderStandingCommittee}, "4.3.2", SecondHand, reg208),
		cites(days(CeremonyWithin, 30, ClockReceipt), "4.1", Verified, until208...),
		cites(days(CeremonyWithin, 30, ClockIssue), "4.1", SecondHand, reg208),
	}
}

func membership() [][]Rule {
	return [][]Rule{
		cites(Rule{ID: DateJoined}, "Điều 5.1", Verified, charter),
		cites(Rule{ID: ProbationLength, Value: 12, Unit: Months}, "Điều 5", Verified, charter),
		cites(Rule{ID: RecogniseBranch, Value: 30, Unit: WorkingDays}, "4.2.1", Verified, reg29, reg24, reg232),
		cites(Rule{ID: RecogniseBranch, Value: 30, Unit: WorkingDays}, "4.2.1", Recalled, reg294, reg20, reg208),
		cites(Rule{ID: RecogniseDate}, "4.2.2", Verified, regulations...),
		cites(Rule{ID: PartyAge}, "Điều 5.4", Verified, charter),
	}
}

// departures has the rules on how members leave, and come back. That on the first ground stands with
// cell life.
func departures() [][]Rule {
	discipline := source{"296-QĐ/TW", MustDate("2025-05-30"), MustDate("2025-05-30"), Date{}, SecondHand}
	since24 := regulations[1:]
	return [][]Rule{
		cites(Rule{ID: RemoveCard}, "8.1", Verified, since24...),
		cites(Rule{ID: RemoveWill, Value: 12, Unit: Months}, "8.1", Verified, since24...),
		cites(Rule{ID: RemoveRated, Value: 2, Unit: Years}, "8.1", Verified, since24...),
		cites(Rule{ID: RemoveStandards}, "8.1", Verified, since24...),
		cites(Rule{ID: RemoveProbationary}, "4.2.1", Verified, regulations...),
		cites(Rule{ID: RemoveVotes, Value: 2, Per: 3, Unit: Share}, "3.6", Verified, guidance...),
		cites(Rule{ID: VoteStanding, Value: 1, Per: 2, Unit: Share}, "3.6", Verified, guidance...),
		cites(Rule{ID: RemoveAppeal, Value: 30, Unit: WorkingDays}, "8.2", Recalled, since24...),
		cites(Rule{ID: DisciplineKinds}, "Điều 35", Recalled, charter),
		cites(Rule{ID: DisciplineAppeal, Value: 30, Unit: Days}, "25.1", SecondHand, discipline),
		cites(Rule{ID: ReadmitWait, Value: 36, Unit: Months}, "3.5.1b", Verified, regulations...),
		cites(Rule{ID: ReadmitCrime, Value: 60, Unit: Months}, "3.5.1b", Verified, reg29, reg24, reg232, reg294),
		cites(Rule{ID: ReadmitCrime, Value: 60, Unit: Months}, "3.5.1b", Recalled, reg20, reg208),
		cites(Rule{ID: ReadmitConsent}, "3.5.1b", Verified, regulations...),
		cites(Rule{ID: ReadmitOnce}, "3.5.3", Verified, regulations...),
		cites(Rule{ID: ReadmitBarred}, "3.5.2", Verified, regulations...),
	}
}

// cellLife has the rules on what every member does each month. Until 24-QĐ/TW the three months are
// recalled only. No regulation that was read bounds how far ahead dues are paid: that is a setting.
func cellLife() [][]Rule {
	dues := func(n int) Rule { return Rule{ID: DuesStudent, Value: n, Unit: Dong} }
	wage := Rule{ID: DuesSalaried, Value: 1, Per: 100, Unit: Share}
	silent := Rule{ID: RemoveSilent, Value: 3, Unit: Months}
	return [][]Rule{
		cites(dues(3000), "342", Recalled, dues342),
		cites(dues(5000), "01", SecondHand, dues01),
		cites(wage, "342", Recalled, dues342),
		cites(wage, "01", SecondHand, dues01),
		cites(Rule{ID: DuesAhead, Value: 12, Unit: Months}, "đóng trước", Recalled, dues342, dues01),
		cites(silent, "8.1", Recalled, reg29),
		cites(silent, "8.1", Verified, reg24, reg232, reg294),
		cites(silent, "8.1", SecondHand, reg20, reg208),
	}
}

// assessments has the rules on yearly assessment and screening. Neither the cap under 366-QĐ/TW nor how
// long Directive 28 lets somebody be watched was read: both are settings, and only warn.
func assessments() [][]Rule {
	list := []source{{"132-QĐ/TW", MustDate("2018-03-08"), MustDate("2018-03-08"), MustDate("2023-10-03"), Verified},
		{"124-QĐ/TW", MustDate("2023-10-04"), MustDate("2023-10-04"), MustDate("2025-08-29"), Verified},
		{"366-QĐ/TW", MustDate("2025-08-30"), MustDate("2025-08-30"), Date{}, Verified}}
	directive := source{"28-CT/TW", MustDate("2019-01-21"), MustDate("2019-01-21"), Date{}, Verified}
	return [][]Rule{
		cites(Rule{ID: AssessLevels}, "mức xếp loại", Verified, list...),
		cites(Rule{ID: AssessCap, Value: 20, Per: 100, Unit: Share, Option: CapOfGood}, "mức xếp loại", Recalled, list...),
		cites(Rule{ID: AssessExempt, Value: 6, Unit: Months}, "đối tượng", Recalled, list...),
		cites(Rule{ID: Screening}, "rà soát, sàng lọc", Verified, directive),
		cites(Rule{ID: ScreenWatch, Value: 12, Unit: Months}, "rà soát, sàng lọc", Recalled, directive),
	}
}

// warnings has the days after which somebody is told. No regulation sets them: they are settings.
func warnings() [][]Rule {
	own := func(id RuleID, n int, unit Unit) []Rule {
		return cites(Rule{ID: id, Value: n, Unit: unit}, "Điều 8", Recalled, charter)
	}
	return [][]Rule{own(WarnBase, 7, Days), own(WarnUpper, 14, Days), own(WarnEnd, 60, Days), own(WarnEndBase, 30, Days),
		own(WarnEndUpper, 0, Days), own(WarnClass, 6, Months), own(WarnTask, 6, Months)}
}
