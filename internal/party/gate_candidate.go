package party

import "strings"

// notMember refuses a step of a candidate for somebody who is a party member already.
func (q *question) notMember() {
	if !q.before.JoinedOn.IsZero() {
		q.refuse("gate.already_member", "On", q.before.JoinedOn)
	}
}

func askIntroduced(q *question) {
	q.notMember()
	q.askReadmission()
	if s := q.before.Introduced; s != nil {
		q.refuse("gate.already", "Kind", Introduced, "On", s.On)
	}
	q.askUnionMember()
}

// askUnionMember: a candidate of Youth-Union age is a Union member (26-HD/ĐU of one university;
// of Union age = up to 30).
func (q *question) askUnionMember() {
	r, ok := q.Book.On(YouthMember, q.step.On)
	if !ok || q.Person.BirthDate.AddYears(31).Before(q.step.On) {
		return
	}
	if q.Person.UnionDate.IsZero() {
		q.unknown(r, "gate.youth.unknown")
		return
	}
	q.requires(r, !q.Person.UnionDate.After(q.step.On), q.Person.UnionDate, "gate.youth.member", "On", q.Person.UnionDate)
}

func askPlanned(q *question) {
	q.notMember()
	q.askReadmission()
	if s := q.before.Planned; s != nil {
		q.refuse("gate.already", "Kind", Planned, "On", s.On)
	}
	if q.before.Introduced == nil {
		q.unknown(Rule{}, "gate.not_introduced")
	}
}

func askClassResult(q *question) {
	q.notMember()
	if s := q.before.Class; s != nil {
		if end, ok := CertificateUntil(*s, q.Book, q.step.On); ok && !q.step.On.After(end) {
			q.unknown(Rule{}, "gate.class.again", "Until", end)
		}
	}
}

func askDossier(q *question) {
	q.notMember()
	q.needs(Planned)
	q.needs(ClassResult)
	if s := q.before.Dossier; s != nil {
		q.unknown(Rule{}, "gate.dossier.again", "On", s.On)
	}
	if r, ok := q.rule(MentorCount, q.step.On); ok && q.before.Mentor == nil {
		q.requires(r, false, Date{}, "gate.mentor.none")
	}
	if f, ok := q.step.Facts.(DossierFacts); ok {
		q.askDossierOrder(f)
	}
}

// askDossierOrder: the application is written before the life history, verification follows
// (06-HD/TW 2025, item 3). By any rule, what is complete has no paper of a later day.
func (q *question) askDossierOrder(f DossierFacts) {
	ordered, known, last := true, true, Date{}
	for _, d := range []Date{f.AppliedOn, f.LifeHistoryOn, f.VerifiedOn} {
		switch {
		case d.IsZero():
			known = false
		case d.After(q.step.On):
			q.refuse("gate.dossier.order")
			return
		case d.Before(last):
			ordered = false
		default:
			last = d
		}
	}
	r, ok := q.Book.On(DossierOrder, q.step.On)
	switch {
	case !ok:
	case ordered && !known:
		q.unknown(r, "gate.dossier.days")
	default:
		q.requires(r, ordered, Date{}, "gate.dossier.order")
	}
}

func askDropped(q *question) {
	q.notMember()
	if q.before.Introduced == nil && q.before.Planned == nil {
		q.refuse("gate.not_on_path")
	}
	if s := q.before.Decided; s != nil {
		q.refuse("gate.dropped.decided", "On", s.On)
	}
	if f, ok := q.step.Facts.(DroppedFacts); ok && strings.TrimSpace(f.Reason) == "" {
		q.refuse("gate.reason")
	}
}

// CertificateUntil gives the last day on which a class certificate still serves, by the rule of a
// day: months from the certificate's date, or from the class result where the paper has none.
func CertificateUntil(class Step, book *Rulebook, day Date) (Date, bool) {
	r, ok := book.On(CertValid, day)
	if !ok {
		return Date{}, false
	}
	return certificateDate(class).AddMonths(r.Value), true
}

func certificateDate(class Step) Date {
	if len(class.Papers) > 0 && !class.Papers[0].Date.IsZero() {
		return class.Papers[0].Date
	}
	return class.On
}
