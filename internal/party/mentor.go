package party

import (
	"slices"
	"strings"
)

// Mentorship is an official member who helps somebody now.
type Mentorship struct {
	MentorID int64 // 0 for one who is not in the register
	Name     string
	Since    Date
	StepID   int64
}

// assign adds a mentor, in place of another one where the step says so.
func (st *State) assign(s *Step) {
	f, ok := s.Facts.(MentorFacts)
	if !ok {
		return
	}
	st.Mentors = slices.DeleteFunc(slices.Clone(st.Mentors), func(m Mentorship) bool { return m.Name == f.Instead })
	st.Mentors = append(st.Mentors, Mentorship{MentorID: f.MentorID, Name: f.Name, Since: s.On, StepID: s.ID})
}

// helps tells whether somebody of this name is a mentor now.
func (st State) helps(name string) bool {
	return slices.ContainsFunc(st.Mentors, func(m Mentorship) bool { return m.Name == name })
}

// RemarkDue gives the day by which a mentor's remark is due, by mentor.remark: months after the
// newest one, or after the first of those who help now was assigned. It answers false for who has no
// mentor and for who left the way or came to its end.
func (c Case) RemarkDue() (Date, Rule, bool) {
	st := c.State()
	if len(st.Mentors) == 0 || st.Stage == StageDropped || st.Stage == StageAway || st.Stage == StageFormer || st.Stage == StageOfficial {
		return Date{}, Rule{}, false
	}
	from := st.Mentors[0].Since
	if st.LastRemark.After(from) {
		from = st.LastRemark
	}
	r, ok := c.Book.On(MentorRemark, from)
	if !ok {
		return Date{}, r, false
	}
	return from.AddMonths(r.Value), r, true
}

// askMentor: the cell assigns an official member to who is planned, and during probation. A second one
// may be added; more than mentor.most is told.
func askMentor(q *question) {
	q.notOfficial()
	if q.before.JoinedOn.IsZero() {
		q.needs(Planned)
	}
	f, ok := q.step.Facts.(MentorFacts)
	if !ok {
		return
	}
	switch {
	case strings.TrimSpace(f.Name) == "":
		q.refuse("gate.mentor.name")
	case f.Instead != "" && !q.before.helps(f.Instead):
		q.refuse("gate.mentor.instead", "Name", f.Instead)
	case f.Instead != "" && strings.TrimSpace(f.Reason) == "":
		q.refuse("gate.reason")
	case f.Name != f.Instead && q.before.helps(f.Name):
		q.refuse("gate.mentor.already", "Name", f.Name)
	}
	if r, known := q.Book.On(MentorMost, q.step.On); known && f.Instead == "" && len(q.before.Mentors) > 0 {
		q.requires(r, len(q.before.Mentors) < r.Value, Date{}, "gate.mentor.most", "Most", r.Value)
	}
}

// askRemark: one who helps says how it goes.
func askRemark(q *question) {
	q.notOfficial()
	if len(q.before.Mentors) == 0 {
		q.refuse("gate.remark.no_mentor")
		return
	}
	f, ok := q.step.Facts.(RemarkFacts)
	switch {
	case !ok:
	case !q.before.helps(f.Mentor):
		q.refuse("gate.remark.mentor")
	case !slices.Contains(Progresses, f.Progress):
		q.refuse("gate.remark.progress")
	}
}
