package demo

import (
	"fmt"
	"math/rand/v2"

	"ketnap/internal/party"
	"ketnap/internal/people"
)

// story tells one person's way, step by step, and keeps to the order and the spans of the rules.
type story struct {
	r       *rand.Rand
	u       unit
	orgID   int32
	teacher []string // of the cell, who vouch and help
	h       people.History
	serial  *int // numbers of papers
}

func (s *story) tell(kind party.StepKind, on party.Date, facts party.Facts, form, issuer string) {
	step := people.NewStep{Kind: kind, On: on, Facts: facts}
	if form != "" {
		*s.serial++
		step.Papers = []party.Paper{{Form: form, Number: fmt.Sprintf("%d-%s", *s.serial%900+1, paperKind(form)), Date: on, Issuer: issuer}}
	}
	s.h.Steps = append(s.h.Steps, step)
}

func paperKind(form string) string {
	switch form {
	case "9-KNĐ", "16-KNĐ":
		return "QĐ/ĐU"
	case "CN-NTVĐ":
		return "GCN"
	}
	return "NQ"
}

func (s *story) last() party.Date { return s.h.Steps[len(s.h.Steps)-1].On }

// later gives a day some days after the last step.
func (s *story) later(from, to int) party.Date { return s.last().AddDays(from + s.r.IntN(to-from+1)) }

func (s *story) introduce(on party.Date) {
	s.tell(party.Introduced, on, party.IntroductionFacts{Union: "Đoàn " + s.school()}, "4-KNĐ", "Đoàn trường")
}

func (s *story) school() string { return s.u.name[len("Chi bộ "):] }

func (s *story) plan(on party.Date) {
	s.tell(party.Planned, on, party.PlanningFacts{}, "NQ", s.u.name)
}

func (s *story) mentor(on party.Date) {
	s.tell(party.MentorAssigned, on, party.MentorFacts{Name: pick(s.r, s.teacher)}, "", "")
}

// remark lets the mentor of who is still on the way say how it goes, in the last weeks of the demo.
func remark(h *people.History, i int) {
	mentor := ""
	for _, step := range h.Steps {
		switch f := step.Facts.(type) {
		case party.MentorFacts:
			mentor = f.Name
		case party.DroppedFacts, party.RecognitionDecisionFacts:
			mentor = ""
		}
	}
	day := until.AddDays(-i % 80)
	if mentor == "" || day.Before(h.Steps[len(h.Steps)-1].On) {
		return
	}
	h.Steps = append(h.Steps, people.NewStep{Kind: party.Remarked, On: day, Facts: party.RemarkFacts{Mentor: mentor, Progress: party.Progresses[i%7/3]}})
}

var grades = words("Khá Khá Giỏi Giỏi Giỏi Xuất_sắc")

func (s *story) finishClass(c *lesson) {
	c.taken++
	s.tell(party.ClassResult, c.ends, party.ClassResultFacts{ClassID: c.id, Passed: true, Grade: gradeWords(pick(s.r, grades))}, "CN-NTVĐ", "Trung tâm Chính trị")
	s.h.Steps[len(s.h.Steps)-1].Papers[0].Number = fmt.Sprintf("%03d/%s-GCN", c.taken, c.number)
	s.h.Steps[len(s.h.Steps)-1].Papers[0].Date = c.ends.AddDays(10)
}

func gradeWords(s string) string {
	if s == "Xuất_sắc" {
		return "Xuất sắc"
	}
	return s
}

func (s *story) dossier(on party.Date) {
	s.tell(party.DossierComplete, on, party.DossierFacts{AppliedOn: on.AddDays(-60), LifeHistoryOn: on.AddDays(-50), VerifiedOn: on.AddDays(-7)}, "", "")
}

func (s *story) propose(on party.Date) {
	official := 9 + s.r.IntN(28)
	since := s.h.Steps[0].On.AddDays(-200)
	if latest := on.AddMonths(-12); since.After(latest) {
		since = latest.AddDays(-s.r.IntN(90))
	}
	s.tell(party.CellResolution, on, party.CellVoteFacts{Adopted: true, Vote: s.vote(official), Introducers: []party.Introducer{
		{Kind: party.ByMember, Name: pick(s.r, s.teacher), Since: since}, {Kind: party.ByYouthUnion, Name: "Đoàn " + s.school()}}}, "6-KNĐ", s.u.name)
}

func (s *story) vote(official int) party.Vote {
	present := official - s.r.IntN(official/6+1)
	return party.Vote{Official: official, Present: present, InFavour: present - s.r.IntN(2)}
}

func (s *story) endorse(on party.Date) {
	if s.u.kind != party.GrassrootsCell {
		s.tell(party.Endorsed, on, party.EndorsementFacts{Members: 15, InFavour: 13 + s.r.IntN(3)}, "8-KNĐ", "Đảng ủy cơ sở")
	}
}

const committee = "Đảng ủy Khối Trường học tỉnh Tân Hà"

func (s *story) decide(on, received party.Date) {
	s.tell(party.Decided, on, party.DecisionFacts{Decider: "upper_standing_committee", ReceivedOn: received}, "9-KNĐ", committee)
}

func (s *story) celebrate(on party.Date) {
	s.tell(party.Ceremony, on, party.CeremonyFacts{Place: s.school()}, "", "")
}

func (s *story) recognise(vote, decision party.Date) {
	s.tell(party.RecognitionResolution, vote, party.RecognitionVoteFacts{Adopted: true, Vote: s.vote(9 + s.r.IntN(28))}, "13-KNĐ", s.u.name)
	if !decision.IsZero() && !decision.After(until) {
		s.tell(party.RecognitionDecision, decision, party.RecognitionDecisionFacts{Decider: "upper_standing_committee"}, "16-KNĐ", committee)
	}
}

var reasons = []string{
	"Tốt nghiệp, chuyển khỏi trường trước khi đủ điều kiện",
	"Không còn nguyện vọng",
	"Kết quả học tập không đạt yêu cầu của chi bộ",
	"Chuyển trường",
	"Vi phạm nội quy nhà trường",
}

func (s *story) drop(on party.Date) {
	s.tell(party.Dropped, on, party.DroppedFacts{Reason: pick(s.r, reasons)}, "NQ", s.u.name)
}

// join tells the way from the dossier to the ceremony so that the ceremony falls on its day, and
// gives the day on which the cell met.
func (s *story) join(ceremony party.Date) {
	decided := ceremony.AddDays(-8 - s.r.IntN(18))
	endorsed := decided.AddDays(-8 - s.r.IntN(14))
	met := endorsed.AddDays(-6 - s.r.IntN(12))
	ready := met.AddDays(-5 - s.r.IntN(20))
	s.dossier(ready)
	s.propose(met)
	s.endorse(endorsed)
	s.decide(decided, decided.AddDays(3))
	s.celebrate(ceremony)
}

// probation tells what follows a ceremony: recognition in time, late, or not yet.
func (s *story) probation(ceremony party.Date) {
	end := ceremony.AddMonths(12)
	delay := 3 + s.r.IntN(25)
	if s.r.IntN(12) == 0 {
		delay = 50 + s.r.IntN(60) // a cell that let it slip
	}
	vote := end.AddDays(delay)
	if vote.After(until) || s.r.IntN(40) == 0 { // not due yet, or nobody has thought of it
		return
	}
	s.recognise(vote, vote.AddDays(12+s.r.IntN(22)))
}
