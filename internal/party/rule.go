package party

import "slices"

// RuleID names a rule of domain.md; its value changes with time.
type RuleID string

// The rules that gates, deadlines and figures look up.
const (
	AgeMin          RuleID = "age.min"          // years; Option AgeByDay or AgeByMonth
	AgeMax          RuleID = "age.max"          // years; Option AgeByDay or AgeByMonth
	EduMin          RuleID = "edu.min"          // Option: an Education
	YouthMember     RuleID = "youth.member"     // a candidate of Union age is a Union member
	IntroCount      RuleID = "intro.count"      // introducers
	IntroMonths     RuleID = "intro.months"     // months together with the candidate
	DossierOrder    RuleID = "order"            // application, then life history, then verification
	CertValid       RuleID = "cert.valid"       // months from the certificate to the cell meeting
	DossierRedo     RuleID = "dossier.redo"     // months from a complete dossier to the proposal
	VerifyAnswer    RuleID = "verify.answer"    // working days in which a letter of verification is answered
	MentorCount     RuleID = "mentor.count"     // mentors per person
	MentorMost      RuleID = "mentor.most"      // more than these at once is unusual
	MentorRemark    RuleID = "mentor.remark"    // months between two remarks of the mentors
	VoteBranch      RuleID = "vote.branch"      // Value of Per of the cell's official members
	VoteDenominator RuleID = "vote.denominator" // who is left out of the denominator
	VoteCommittee   RuleID = "vote.basecommittee"
	VoteFails       RuleID = "vote.fail3"       // votes on a recognition or a removal without two thirds, after which the committee above decides
	BranchMin       RuleID = "branch.min"       // official members a cell needs to vote
	DecideAdmit     RuleID = "decide.admit"     // working days from the cell's resolution
	DecideOfficial  RuleID = "decide.official"  // working days from the cell's resolution
	DecideExtend    RuleID = "decide.extend"    // working days by which both may be extended
	DecideWho       RuleID = "decide.who"       // Option: the body that decides at the base
	CeremonyWithin  RuleID = "ceremony"         // working days; Option ClockReceipt or ClockIssue
	DateJoined      RuleID = "date.joined"      // the ceremony's day; also why there is no second one
	ProbationLength RuleID = "probation.len"    // months from the ceremony
	RecogniseBranch RuleID = "recognise.branch" // working days from the end of probation
	RecogniseDate   RuleID = "recognise.date"   // official on the very day probation ends
	PartyAge        RuleID = "age.party"        // counts from the admission decision
	ReviewMonths    RuleID = "review.months"    // months after which a cell reviews its planning again
	TransferStart   RuleID = "transfer.start"   // working days after a move or a change of work in which a transfer begins
	TransferPresent RuleID = "transfer.present" // working days in which the paper of a transfer is presented
	StallMonths     RuleID = "stall.months"     // months at one stage after which a candidate counts as stuck

	DuesStudent        RuleID = "dues.student"     // đồng a month, of pupils and students
	DuesSalaried       RuleID = "dues.salaried"    // Value of Per of the wage that social insurance counts
	DuesAhead          RuleID = "dues.ahead"       // months after this one for which dues may be paid
	RemoveSilent       RuleID = "remove.ground.1"  // months in a year without activity, or without dues
	RemoveCard         RuleID = "remove.ground.2"  // handed back or destroyed the card
	RemoveWill         RuleID = "remove.ground.3"  // months of education without progress of whose will declines
	RemoveRated        RuleID = "remove.ground.4"  // years in a row of the worst assessment
	RemoveStandards    RuleID = "remove.ground.5"  // fails the political standards
	RemoveProbationary RuleID = "remove.prob"      // not fit, of a probationary member
	RemoveVotes        RuleID = "remove.votes"     // Value of Per of the cell, and of the grassroots committee
	VoteStanding       RuleID = "vote.standing"    // more than half of the standing committee that decides
	RemoveAppeal       RuleID = "remove.appeal"    // working days from when he was told
	DisciplineKinds    RuleID = "discipline.kinds" // a probationary member is not expelled
	DisciplineAppeal   RuleID = "discipline.appeal"
	ReadmitWait        RuleID = "readmit.wait"    // months from the departure
	ReadmitCrime       RuleID = "readmit.crime"   // months after the record of a minor offence is cleared
	ReadmitConsent     RuleID = "readmit.consent" // written consent of the provincial standing committee
	ReadmitOnce        RuleID = "readmit.once"    // only once
	ReadmitBarred      RuleID = "readmit.barred"  // who is never admitted again

	AssessLevels RuleID = "assess.levels" // the levels of a yearly assessment
	AssessCap    RuleID = "assess.cap"    // Value of Per at the highest level; Option CapOfGood, CapOfGoodUp or CapOfRated
	AssessExempt RuleID = "assess.exempt" // months of membership under which nobody is rated
	Screening    RuleID = "screen.28"     // the categories of the yearly screening
	ScreenWatch  RuleID = "screen.watch"  // months for which somebody is watched

	WarnBase     RuleID = "warn.base"      // days until a warning rises to the grassroots organisation
	WarnUpper    RuleID = "warn.upper"     // days until it rises to the committee above
	WarnEnd      RuleID = "warn.end"       // days before the end of probation, for the cell
	WarnEndBase  RuleID = "warn.end.base"  // the same for the grassroots organisation
	WarnEndUpper RuleID = "warn.end.upper" // the same for the committee above
	WarnTask     RuleID = "warn.task"      // months without a task
	WarnClass    RuleID = "warn.class"     // months of probation after which the new-member class is missed
)

// Overridable tells whether somebody may be authorised to take a step in spite of the rule. What the
// Charter defines, and does not ask for, is never set aside: nobody joins twice.
func (id RuleID) Overridable() bool {
	return id != DateJoined && id != RecogniseDate && id != PartyAge
}

// Options that change how a rule is applied.
const (
	AgeByDay     = "day"     // birth date + n years <= the day
	AgeByMonth   = "month"   // the month in which the birthday falls counts whole
	ClockReceipt = "receipt" // the clock starts when the cell receives the decision
	ClockIssue   = "issue"   // the clock starts when the decision is issued

	CapOfGood   = "good"    // the cap is a share of those rated good
	CapOfGoodUp = "good_up" // of those rated good or better
	CapOfRated  = "rated"   // of all who are rated

	DeciderWholeCommittee    = "committee"          // tập thể đảng ủy cơ sở
	DeciderStandingCommittee = "standing_committee" // ban thường vụ đảng ủy cơ sở
	// ban thường vụ cấp ủy cấp trên trực tiếp
	DeciderUpperStandingCommittee = "upper_standing_committee"
)

// DecidersOf gives the bodies that may decide on admissions and recognitions in the name of an
// organisation. Which one of a base committee it is on a day, decide.who tells; a cell has none.
func DecidersOf(k OrgKind) []string {
	switch k {
	case UpperCommittee:
		return []string{DeciderUpperStandingCommittee}
	case GrassrootsCommittee:
		return []string{DeciderStandingCommittee, DeciderWholeCommittee}
	}
	return nil
}

// Confidence says how well a rule's value is known.
type Confidence string

// The marks of domain.md. Only a rule that is at least second-hand may refuse a step; a recalled
// one warns until an administrator has confirmed it against the text and raised its mark.
const (
	Verified   Confidence = "V"
	SecondHand Confidence = "V2"
	Recalled   Confidence = "R"
)

// Unit is what a rule's value counts.
type Unit string

// The units of rule values.
const (
	Years       Unit = "years"
	Months      Unit = "months"
	WorkingDays Unit = "working_days"
	Days        Unit = "days"
	Persons     Unit = "persons"
	Votes       Unit = "votes"
	Dong        Unit = "dong"
	Share       Unit = "share" // Value of Per
	NoUnit      Unit = ""      // the rule is its Option, or its mere being in force
)

// Rule is one rule's value for one period, with where it was read.
type Rule struct {
	ID         RuleID     `json:"id"`
	Value      int        `json:"value"`
	Per        int        `json:"per,omitempty"` // only for Share
	Unit       Unit       `json:"unit"`
	Option     string     `json:"option,omitempty"`
	From       Date       `json:"from"`           // first day in force
	Until      Date       `json:"until,omitzero"` // last day in force; zero = still
	Document   string     `json:"document"`       // number as cited, e.g. 294-QĐ/TW
	Issued     Date       `json:"issued,omitzero"`
	Clause     string     `json:"clause"`
	Confidence Confidence `json:"confidence"`
}

// InForce tells whether the rule holds on a day.
func (r Rule) InForce(day Date) bool {
	return !day.Before(r.From) && (r.Until.IsZero() || !day.After(r.Until))
}

// MayRefuse tells whether the rule is known well enough to refuse a step.
func (r Rule) MayRefuse() bool { return r.Confidence == Verified || r.Confidence == SecondHand }

// Rulebook answers which value of a rule held on a day.
type Rulebook struct {
	rules map[RuleID][]Rule
	forms []DocumentForm
}

// NewRulebook sorts the rules by period. Of two values that overlap the one that began later wins.
func NewRulebook(rules []Rule, forms ...DocumentForm) *Rulebook {
	b := &Rulebook{rules: map[RuleID][]Rule{}, forms: forms}
	for _, r := range rules {
		b.rules[r.ID] = append(b.rules[r.ID], r)
	}
	for _, list := range b.rules {
		slices.SortStableFunc(list, func(x, y Rule) int { return y.From.Compare(x.From) })
	}
	return b
}

// On gives the rule as it was on a day; false where no value is known for that day.
func (b *Rulebook) On(id RuleID, day Date) (Rule, bool) {
	for _, r := range b.rules[id] {
		if r.InForce(day) {
			return r, true
		}
	}
	return Rule{ID: id}, false
}

// All gives every value of every rule, by rule and newest first.
func (b *Rulebook) All() []Rule {
	var out []Rule
	for _, list := range b.rules {
		out = append(out, list...)
	}
	slices.SortFunc(out, func(x, y Rule) int {
		if x.ID != y.ID {
			if x.ID < y.ID {
				return -1
			}
			return 1
		}
		return y.From.Compare(x.From)
	})
	return out
}
