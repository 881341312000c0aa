package party

import "time"

// ClassKind tells a class of candidates from one of members in probation.
type ClassKind string

// The kinds of classes.
const (
	AwarenessClass ClassKind = "awareness"  // bồi dưỡng nhận thức về Đảng
	NewMemberClass ClassKind = "new_member" // bồi dưỡng đảng viên mới
)

// ClassKinds lists the kinds in the order in which pages show them.
var ClassKinds = []ClassKind{AwarenessClass, NewMemberClass}

// ClassPart is the part of a day that a session of a class takes.
type ClassPart string

// The parts of a day.
const (
	ClassMorning   ClassPart = "morning"
	ClassAfternoon ClassPart = "afternoon"
	ClassDay       ClassPart = "day"
)

// ClassParts lists the parts, the one that most classes use first.
var ClassParts = []ClassPart{ClassDay, ClassMorning, ClassAfternoon}

// Halves gives how many half-days a part is, 0 for what is none. The programme of an awareness class
// is ten of them (61-HD/BTGTW 2022).
func (p ClassPart) Halves() int {
	switch p {
	case ClassDay:
		return 2
	case ClassMorning, ClassAfternoon:
		return 1
	}
	return 0
}

// Overlaps tells whether two sessions of one day take the same time.
func (p ClassPart) Overlaps(q ClassPart) bool { return p == q || p == ClassDay || q == ClassDay }

// ClassDays gives the days from the first to the last that fall on one of the weekdays.
func ClassDays(first, last Date, weekdays []time.Weekday) []Date {
	var chosen [7]bool
	for _, w := range weekdays {
		chosen[w] = true
	}
	var days []Date
	for d := first; !d.After(last); d = d.AddDays(1) {
		if chosen[d.Weekday()] {
			days = append(days, d)
		}
	}
	return days
}

// PassRule is what a class asks of those who attend. Both are local criteria, set for each class.
type PassRule struct {
	Attendance int // per cent of the half-days at least
	Mark       int // of the essay, hundredths of 0..10, at least
}

// DefaultPassRule is what a class asks unless it says otherwise.
var DefaultPassRule = PassRule{Attendance: 80, Mark: 500}

// ClassWork is what somebody did in a class.
type ClassWork struct {
	Halves  int // half-days of the class's sessions
	Entered int // of them, those for which it is entered whether he was there
	Present int // of them, those at which he was; who is excused was not
	Mark    int // of the essay, hundredths
	Marked  bool
}

// Share gives the attendance in whole per cent, rounded down; 100 for a class without sessions.
func (w ClassWork) Share() int {
	if w.Halves == 0 {
		return 100
	}
	return w.Present * 100 / w.Halves
}

// ClassOutcome is how somebody comes out of a class.
type ClassOutcome string

// The outcomes. Open is that something is not entered yet on which it depends.
const (
	ClassPassed ClassOutcome = "passed"
	ClassFailed ClassOutcome = "failed"
	ClassOpen   ClassOutcome = "open"
)

// ClassJudgement is the outcome with what speaks against passing.
type ClassJudgement struct {
	Outcome    ClassOutcome
	Absent     bool // attendance below what is asked, whatever is still to come
	LowMark    bool
	NoSessions int  // half-days not entered yet on which it depends
	NoMark     bool // not entered yet, and it depends on it
}

// Judge tells who passes: enough of the half-days attended, and an essay good enough. Who can no longer
// reach one of them has failed, whatever is not entered yet.
func (r PassRule) Judge(w ClassWork) ClassJudgement {
	best := w
	best.Present += w.Halves - w.Entered
	j := ClassJudgement{Outcome: ClassPassed, Absent: best.Share() < r.Attendance, LowMark: w.Marked && w.Mark < r.Mark, NoMark: !w.Marked}
	if w.Share() < r.Attendance && !j.Absent {
		j.NoSessions = w.Halves - w.Entered
	}
	switch {
	case j.Absent || j.LowMark:
		j.Outcome = ClassFailed
	case j.NoSessions > 0 || j.NoMark:
		j.Outcome = ClassOpen
	}
	return j
}

// ClassGrades are the words for an essay as they stand on certificates, from high to low; they are
// Vietnamese in either language of the pages.
var ClassGrades = []string{"Xuất sắc", "Giỏi", "Khá", "Trung bình", "Không đạt"}

// GradeOfMark gives the usual word for a mark in hundredths. pass is the mark that passes.
func GradeOfMark(mark, pass int) string {
	switch {
	case mark < pass:
		return ClassGrades[4]
	case mark >= 900:
		return ClassGrades[0]
	case mark >= 800:
		return ClassGrades[1]
	case mark >= 700:
		return ClassGrades[2]
	}
	return ClassGrades[3]
}

// AskClass answers whether somebody can be sent to a class of a kind that begins on a day. Age warns
// only: the cell looks at it on the day of its vote.
func (c Case) AskClass(kind ClassKind, day Date) Verdict {
	q := &question{Case: c, step: Step{Kind: ClassResult, On: day}, before: c.State(), v: Verdict{Kind: ClassResult, On: day}}
	if kind == NewMemberClass {
		q.askProbation()
		return q.v
	}
	q.notMember()
	if q.before.Introduced == nil && q.before.Planned == nil {
		q.refuse("gate.not_on_path")
	}
	if s := q.before.Class; s != nil {
		if end, ok := CertificateUntil(*s, q.Book, day); ok && !day.After(end) {
			q.refuse("gate.class.again", "Until", end)
		}
	}
	q.askEducation()
	q.askAge()
	for i := range q.v.Conditions {
		if id := q.v.Conditions[i].Rule.ID; id == AgeMin || id == AgeMax {
			q.v.Conditions[i].Refuses = false
		}
	}
	return q.v
}

// askProbation: the class of new members is for those in probation.
func (q *question) askProbation() {
	switch {
	case !q.before.OfficialOn.IsZero():
		q.refuse("gate.already_official", "On", q.before.OfficialOn)
	case q.before.JoinedOn.IsZero():
		q.refuse("gate.class.no_member")
	}
}
