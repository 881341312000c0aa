package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"ketnap/internal/party"
	"ketnap/internal/people"
)

// The published figures of the term 2020-2025 that the demo reproduces.
const (
	introducedInTermOne = 986
	admittedInTermOne   = 231
	membersAtTermEnd    = 297
	certifiedUnadmitted = 372 // finished a class of the first term and were not admitted in it
	plannedUntrained    = 214 // in planning without a class
	introducedInTermTwo = 246
)

// cast invents all people with their ways, in the order in which they came.
type cast struct {
	r       *rand.Rand
	cells   []unit
	orgs    map[string]int32
	classes []*lesson
	staff   map[string][]string
	serial  int
	person  int
}

func newCast(orgs map[string]int32, classes []*lesson) *cast {
	c := &cast{r: rand.New(rand.NewPCG(2020, 2025)), orgs: orgs, classes: classes, staff: map[string][]string{}}
	c.gather(root)
	for _, u := range c.cells {
		for range 6 {
			c.staff[u.code] = append(c.staff[u.code], inventTeacher(c.r))
		}
	}
	return c
}

func (c *cast) gather(u unit) {
	if u.weight > 0 {
		c.cells = append(c.cells, u)
	}
	for _, b := range u.below {
		c.gather(b)
	}
}

// everybody gives all histories of the demo.
func (c *cast) everybody() []people.History {
	var out []people.History
	for i := range admittedInTermOne {
		out = append(out, c.admitted(i))
	}
	for range certifiedUnadmitted {
		out = append(out, c.trained())
	}
	for range plannedUntrained {
		out = append(out, c.planned())
	}
	for range introducedInTermOne - admittedInTermOne - certifiedUnadmitted - plannedUntrained {
		out = append(out, c.onlyIntroduced())
	}
	for range membersAtTermEnd - admittedInTermOne {
		out = append(out, c.received())
	}
	for i := range introducedInTermTwo {
		h := c.live(i)
		if i%4 > 0 { // the others' mentors are late
			remark(&h, i)
		}
		out = append(out, h)
	}
	return out
}

// begin invents somebody of a cell. eighteen is a day on which the person must be of age.
func (c *cast) begin(u unit, eighteen party.Date) *story {
	sex, name := inventName(c.r)
	c.person++
	born := eighteen.AddYears(-18).AddDays(-5 - c.r.IntN(200))
	education := party.LowerSecondary
	class := fmt.Sprintf("12A%d", 1+c.r.IntN(9))
	if u.category() == party.Student {
		born, education = born.AddYears(-1-c.r.IntN(3)), party.UpperSecondary
		class = fmt.Sprintf("K%d-%c", eighteen.Year-2002, 'A'+rune(c.r.IntN(5)))
	}
	return &story{r: c.r, u: u, orgID: c.orgs[u.code], teacher: c.staff[u.code], serial: &c.serial, h: people.History{Fields: people.Fields{
		OrgID: c.orgs[u.code], Category: u.category(), FullName: name, Sex: sex, BirthDate: born, Origin: inventOrigin(c.r),
		Ethnicity: inventEthnicity(c.r), Religion: inventReligion(c.r), Education: education, ClassName: class,
		StudentNo: fmt.Sprintf("TH%06d", 100000+c.person*7), UnionJoinedOn: born.AddYears(15).AddDays(90)}}}
}

// someCell picks a cell by its weight.
func (c *cast) someCell() unit {
	total := 0
	for _, u := range c.cells {
		total += u.weight
	}
	n := c.r.IntN(total)
	for _, u := range c.cells {
		if n -= u.weight; n < 0 {
			return u
		}
	}
	return c.cells[0]
}

// classBefore gives the newest class that ended at least some days before a day, or an earlier one now and then.
func (c *cast) classBefore(day party.Date, days int) *lesson {
	var fit []*lesson
	for _, l := range c.classes {
		if !l.ends.After(day.AddDays(-days)) {
			fit = append(fit, l)
		}
	}
	if len(fit) > 1 && c.r.IntN(5) == 0 {
		return fit[len(fit)-2]
	}
	return fit[len(fit)-1]
}

// toClass tells the way from introduction to the finished class, the introduction not before a day.
func (s *story) toClass(l *lesson, notBefore party.Date) {
	introduced := between(s.r, maxDate(notBefore, l.starts.AddDays(-300)), maxDate(notBefore, l.starts.AddDays(-50)))
	s.introduce(introduced)
	planned := minDate(s.later(5, 30), l.starts.AddDays(-2))
	s.plan(planned)
	s.mentor(planned.AddDays(s.r.IntN(2)))
	s.finishClass(l)
}

func maxDate(a, b party.Date) party.Date {
	if a.After(b) {
		return a
	}
	return b
}

func minDate(a, b party.Date) party.Date {
	if a.Before(b) {
		return a
	}
	return b
}

// seasons are the days on which ceremonies are held: before the end of school, and around 19 May,
// 2 September and 3 February.
var seasons = []struct {
	month time.Month
	day   int
}{{5, 19}, {5, 19}, {5, 26}, {6, 15}, {8, 20}, {9, 1}, {11, 12}, {2, 25}, {3, 26}}

func (c *cast) ceremonyIn(first, last party.Date) party.Date {
	for {
		s := pick(c.r, seasons)
		d := party.NewDate(first.Year+c.r.IntN(last.Year-first.Year+1), s.month, s.day).AddDays(-c.r.IntN(6))
		if !d.Before(first) && !d.After(last) {
			return d
		}
	}
}

// admitted invents somebody who was admitted in the first term. The first few of them make sure
// that each cell has somebody.
func (c *cast) admitted(i int) people.History {
	u := c.someCell()
	if i < len(c.cells) {
		u = c.cells[i]
	}
	ceremony := c.ceremonyIn(party.MustDate("2021-03-15"), termOne.Ends)
	s := c.begin(u, ceremony.AddDays(-70))
	s.toClass(c.classBefore(ceremony, 115), termOne.Starts.AddDays(c.r.IntN(40)))
	s.join(ceremony)
	s.probation(ceremony)
	return s.h
}

// trained invents somebody who finished a class of the first term and stalled: most were left out
// when they graduated, some wait to this day, a few were admitted in the second term.
func (c *cast) trained() people.History {
	l := c.classes[c.r.IntN(10)]
	s := c.begin(c.someCell(), l.ends.AddDays(250))
	s.toClass(l, termOne.Starts.AddDays(c.r.IntN(40)))
	late := l.ends.After(party.MustDate("2024-02-01"))
	switch n := c.r.IntN(10); {
	case late && n < 2:
		ceremony := c.ceremonyIn(party.MustDate("2025-08-10"), party.MustDate("2026-10-01"))
		s.join(ceremony)
		s.probation(ceremony)
	case late && n < 5: // waits: the certificate runs on
	case n == 9:
		s.dossier(s.later(80, 200))
	default:
		s.drop(s.later(120, 420))
	}
	return s.h
}

func (c *cast) planned() people.History {
	day := between(c.r, termOne.Starts, termOne.Ends.AddDays(-40))
	s := c.begin(c.someCell(), day.AddDays(400))
	s.introduce(day)
	s.plan(s.later(5, 35))
	if c.r.IntN(3) > 0 {
		s.mentor(s.last())
	}
	if c.r.IntN(10) < 8 {
		s.drop(s.later(150, 500))
	}
	return s.h
}

func (c *cast) onlyIntroduced() people.History {
	day := between(c.r, termOne.Starts, termOne.Ends)
	s := c.begin(c.someCell(), day.AddDays(400))
	s.introduce(day)
	if c.r.IntN(10) < 9 {
		s.drop(s.later(20, 200))
	}
	return s.h
}

// received invents a student who came as a member from elsewhere.
func (c *cast) received() people.History {
	u := c.someCell()
	for u.category() != party.Student {
		u = c.someCell()
	}
	came := between(c.r, party.MustDate("2022-09-05"), party.MustDate("2024-11-20"))
	joined := came.AddDays(-420 - c.r.IntN(200))
	s := c.begin(u, joined.AddDays(-30))
	s.h.Fields.CardNo = fmt.Sprintf("61.%06d", 100000+c.person)
	s.tell(party.Received, came, party.ReceivedFacts{DecidedOn: joined.AddDays(-15), JoinedOn: joined,
		OfficialOn: joined.AddMonths(12), From: "Đảng bộ xã " + pick(c.r, []string{"Bình Sơn", "Mỹ Hòa", "Long Điền"})}, "GGT", "")
	return s.h
}

// live invents somebody of the second term, at whatever point the way has reached today: in time,
// late at a step, or silent.
func (c *cast) live(i int) people.History {
	start := between(c.r, termTwo.Starts, until.AddDays(-10))
	s := c.begin(c.someCell(), start.AddDays(330))
	s.introduce(start)
	if c.r.IntN(8) == 0 || s.later(5, 30).After(until) {
		return s.h
	}
	s.plan(minDate(s.later(5, 30), until))
	if c.r.IntN(6) > 0 {
		s.mentor(s.last())
	}
	l := c.nextClass(s.last())
	if l == nil || c.r.IntN(6) == 0 {
		if c.r.IntN(6) == 0 {
			s.drop(minDate(s.later(30, 200), until))
		}
		return s.h
	}
	s.finishClass(l)
	c.afterClass(s, i)
	return s.h
}

// nextClass gives the first class of the second term that starts after a day.
func (c *cast) nextClass(day party.Date) *lesson {
	for _, l := range c.classes[10:] {
		if l.starts.After(day) && !l.ends.After(until) {
			return l
		}
	}
	return nil
}

// afterClass stops the way at a point chosen by i, so that every state occurs.
func (c *cast) afterClass(s *story, i int) {
	day := s.later(40, 110)
	if day.After(until) || i%5 == 0 {
		return
	}
	s.dossier(day)
	next := func(from, to int, tell func(party.Date)) bool {
		d := s.later(from, to)
		if d.After(until) {
			return false
		}
		tell(d)
		return true
	}
	ofAge := !s.last().AddDays(5).Before(s.h.Fields.BirthDate.AddYears(18)) // others wait for their birthday
	if i%7 == 1 || !ofAge || !next(5, 25, s.propose) || i%11 == 2 || !next(6, 18, s.endorse) || i%9 == 3 {
		return
	}
	if !next(8, 25, func(d party.Date) { s.decide(d, d.AddDays(3)) }) || i%8 == 4 {
		return
	}
	if s.h.Steps[len(s.h.Steps)-1].On.AddDays(3).After(until) || !next(8, 24, s.celebrate) {
		return
	}
	s.probation(s.last())
}
