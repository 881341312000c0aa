package party

import "strings"

func askCellResolution(q *question) {
	q.notMember()
	q.needs(Planned)
	if q.needs(ClassResult) {
		q.askCertificate()
	}
	if q.needs(DossierComplete) {
		q.askDossierAge()
	}
	if s := q.before.Resolution; s != nil {
		q.refuse("gate.already", "Kind", CellResolution, "On", s.On)
	}
	q.askAge()
	q.askEducation()
	f, given := q.step.Facts.(CellVoteFacts)
	if given && !f.Adopted {
		q.askVoteNumbers(f.Vote)
		return // a vote that failed is recorded as it was; it proposes nobody
	}
	q.askIntroducers(f.Introducers, given)
	q.askVote(f.Vote, given)
}

// askAge: at least age.min and at most age.max on the day the cell considers admission, counted
// by the day or by the month as the rule's option says.
func (q *question) askAge() {
	if q.Person.BirthDate.IsZero() {
		r, _ := q.Book.On(AgeMin, q.step.On)
		q.unknown(r, "gate.age.unknown")
		return
	}
	if r, ok := q.rule(AgeMin, q.step.On); ok {
		of := birthday(q.Person.BirthDate, r)
		q.requires(r, !q.step.On.Before(of), of, "gate.age.min", "Years", r.Value, "On", of)
	}
	if r, ok := q.rule(AgeMax, q.step.On); ok {
		// over 60 begins the day after the 60th birthday (or after its month)
		last := q.Person.BirthDate.AddYears(r.Value)
		if r.Option == AgeByMonth {
			last = last.AddMonths(1)
			last.Day = 1
			last = last.AddDays(-1)
		}
		q.requires(r, !q.step.On.After(last), Date{}, "gate.age.max", "Years", r.Value, "On", last)
	}
}

// birthday gives the first day on which somebody counts as so many years old.
func birthday(born Date, r Rule) Date {
	d := born.AddYears(r.Value)
	if r.Option == AgeByMonth {
		d.Day = 1
	}
	return d
}

func (q *question) askEducation() {
	r, ok := q.rule(EduMin, q.step.On)
	if !ok {
		return
	}
	if q.Person.Education == EducationUnknown {
		q.unknown(r, "gate.edu.unknown")
		return
	}
	q.requires(r, q.Person.Education.rank() >= Education(r.Option).rank(), Date{}, "gate.edu.min", "Level", Education(r.Option))
}

func (q *question) askCertificate() {
	if issued := certificateDate(*q.before.Class); issued.After(q.step.On) {
		q.refuse("gate.needs_earlier", "Kind", ClassResult, "On", issued)
		return
	}
	r, ok := q.rule(CertValid, q.step.On)
	if !ok {
		return
	}
	until, _ := CertificateUntil(*q.before.Class, q.Book, q.step.On)
	q.requires(r, !q.step.On.After(until), Date{}, "gate.cert.valid", "Months", r.Value, "Issued", certificateDate(*q.before.Class), "Until", until)
}

func (q *question) askDossierAge() {
	r, ok := q.Book.On(DossierRedo, q.step.On)
	if !ok {
		return
	}
	until := q.before.Dossier.On.AddMonths(r.Value)
	q.requires(r, !q.step.On.After(until), Date{}, "gate.dossier.redo", "Months", r.Value, "Until", until)
}

// askIntroducers: two official members, or one and a mass organisation (Charter, article 4); a
// member has worked or studied with the candidate for the months of intro.months.
func (q *question) askIntroducers(list []Introducer, given bool) {
	r, ok := q.rule(IntroCount, q.step.On)
	if !ok {
		return
	}
	if !given {
		q.unknown(r, "gate.intro.asked", "Count", r.Value)
		return
	}
	members, organisations := map[string]bool{}, 0
	for _, i := range list {
		if i.Kind == ByMember && strings.TrimSpace(i.Name) != "" {
			members[strings.TrimSpace(i.Name)] = true
		} else if i.Kind == ByYouthUnion || i.Kind == ByTradeUnion {
			organisations++
		}
	}
	enough := len(members) >= r.Value || len(members) >= 1 && len(members)+organisations >= r.Value
	q.requires(r, enough, Date{}, "gate.intro.count", "Count", r.Value)
	q.askMonthsTogether(list)
}

func (q *question) askMonthsTogether(list []Introducer) {
	r, ok := q.Book.On(IntroMonths, q.step.On)
	if !ok {
		return
	}
	for _, i := range list {
		switch {
		case i.Kind != ByMember || strings.TrimSpace(i.Name) == "":
		case i.Since.IsZero():
			q.unknown(r, "gate.intro.since", "Name", i.Name)
		default:
			enough := i.Since.AddMonths(r.Value)
			q.requires(r, !q.step.On.Before(enough), enough, "gate.intro.months", "Name", i.Name, "Months", r.Value, "Since", i.Since)
		}
	}
}

// askVote: the cell has members enough to vote, and at least the rule's share is in favour.
func (q *question) askVote(v Vote, given bool) {
	min, okMin := q.rule(BranchMin, q.step.On)
	share, okShare := q.rule(VoteBranch, q.step.On)
	if !given {
		if okShare {
			q.unknown(share, "gate.vote.asked")
		}
		return
	}
	if !q.askVoteNumbers(v) {
		return
	}
	if okMin {
		q.requires(min, v.Official >= min.Value, Date{}, "gate.branch.min", "Count", min.Value, "Official", v.Official)
	}
	if okShare {
		of := v.Denominator(q.Book, q.step.On)
		// at least one vote, also where everybody is left out of the denominator
		needed := max(share.Needed(of), 1)
		q.requires(share, v.InFavour >= needed, Date{}, "gate.vote.branch", "InFavour", v.InFavour, "Of", of, "Needed", needed)
	}
}

func (q *question) askVoteNumbers(v Vote) bool {
	if key := v.Implausible(); key != "" {
		q.refuse(key)
		return false
	}
	return true
}

func askEndorsed(q *question) {
	q.notMember()
	q.needs(CellResolution)
	if s := q.before.Endorsed; s != nil {
		q.refuse("gate.already", "Kind", Endorsed, "On", s.On)
	}
	if !q.Place.HasGrassroots {
		q.refuse("gate.endorsed.none_above")
	}
	f, given := q.step.Facts.(EndorsementFacts)
	r, ok := q.Book.On(VoteCommittee, q.step.On)
	switch {
	case !given || !ok:
	case f.Members < 0 || f.InFavour < 0 || f.InFavour > f.Members:
		q.refuse("gate.vote.more_in_favour")
	case f.Members == 0:
		q.unknown(r, "gate.vote.committee_unknown")
	default:
		q.requires(r, f.InFavour >= r.Needed(f.Members), Date{}, "gate.vote.committee",
			"InFavour", f.InFavour, "Of", f.Members, "Needed", r.Needed(f.Members))
	}
}

func askDecided(q *question) {
	q.notMember()
	if s := q.before.Decided; s != nil {
		q.refuse("gate.already", "Kind", Decided, "On", s.On)
	}
	if q.needs(CellResolution) {
		q.askDecisionInTime(DecideAdmit, q.before.Resolution.On)
	}
	if q.Place.HasGrassroots {
		q.needs(Endorsed)
	}
	q.askConsent()
	if f, ok := q.step.Facts.(DecisionFacts); ok {
		q.askDecider(f.Decider)
		if !f.ReceivedOn.IsZero() && f.ReceivedOn.Before(q.step.On) {
			q.refuse("gate.received_before_issue", "On", q.step.On)
		}
		if f.ReceivedOn.After(q.Today) {
			q.refuse("gate.received_future", "Today", q.Today)
		}
	}
}

// askDecisionInTime: working days from the cell's resolution, by the rule of the resolution's day,
// and those by which they were extended.
func (q *question) askDecisionInTime(id RuleID, from Date) {
	if r, ok := q.rule(id, from); ok {
		r = q.before.extended(r)
		q.deadline(r, q.Calendar.AddWorkingDays(from, r.Value), "gate."+string(id), "From", from)
	}
}

// askDecider: which body of a base committee decides changes with the regulation; a decision of
// the upper standing committee is not bounded by this rule.
func (q *question) askDecider(decider string) {
	r, ok := q.Book.On(DecideWho, q.step.On)
	if !ok || decider != DeciderWholeCommittee && decider != DeciderStandingCommittee {
		return
	}
	q.requires(r, decider == r.Option, Date{}, "gate.decide.who", "Body", r.Option)
}

func askCeremony(q *question) {
	if !q.before.JoinedOn.IsZero() {
		r, _ := q.Book.On(DateJoined, q.step.On)
		q.v.Conditions = append(q.v.Conditions, Condition{Rule: r, Key: "gate.ceremony.second",
			Args: []any{"On", q.before.JoinedOn}, Outcome: NotMet, Refuses: true})
		return
	}
	if q.needs(Decided) {
		q.askCeremonyInTime()
	}
}

// askCeremonyInTime: working days from the decision's receipt or issue, by the rule of the
// decision's day. Whichever clock runs, a decision comes to the cell before the ceremony is held.
func (q *question) askCeremonyInTime() {
	f, _ := q.step.Facts.(CeremonyFacts)
	received := receivedOn(*q.before.Decided, f.ReceivedOn)
	if !received.IsZero() && (received.After(q.step.On) || received.Before(q.before.Decided.On)) {
		q.refuse("gate.received_order", "Decided", q.before.Decided.On)
		return
	}
	r, ok := q.rule(CeremonyWithin, q.before.Decided.On)
	if !ok {
		return
	}
	start, known := ceremonyClock(r, *q.before.Decided, received)
	due := q.Calendar.AddWorkingDays(start, r.Value)
	if !known {
		q.unknown(r, "gate.ceremony.receipt_unknown", "Due", due)
		return
	}
	q.deadline(r, due, "gate.ceremony."+r.Option, "From", start)
}

// receivedOn gives the day on which a decision came to the cell: what the ceremony's step says, or
// else what the decision's says.
func receivedOn(decided Step, said Date) Date {
	if f, ok := decided.Facts.(DecisionFacts); ok && said.IsZero() {
		return f.ReceivedOn
	}
	return said
}

// ceremonyClock gives the day the ceremony's clock starts. Where it starts with the receipt and
// nobody said when that was, the day of issue stands in and known is false.
func ceremonyClock(r Rule, decided Step, received Date) (start Date, known bool) {
	if r.Option == ClockIssue {
		return decided.On, true
	}
	if received.IsZero() {
		return decided.On, false
	}
	return received, true
}
