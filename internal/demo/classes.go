package demo

import (
	"context"
	"fmt"
	"time"

	"ketnap/internal/class"
	"ketnap/internal/party"
)

// course is a class of the live term that is worked through: as far as its days lie before the end of
// the demo.
type course struct {
	number, title, place string
	kind                 party.ClassKind
	starts, ends         party.Date
	part                 party.ClassPart
	capacity             int
	nominated            party.Date
	cells                []string // that send people
	approved, refused    int      // the others wait
	waiting              int
	issued               party.Date // of the certificates; zero while the class is not over
	fails                int        // of the approved: one was away, the others wrote badly
	misprinted           bool       // one certificate was cancelled and given again
	closed               bool
}

var courses = []course{
	{number: "03/2026", title: "Lớp bồi dưỡng nhận thức về Đảng số 03/2026", place: "Trường Đại học Tân Hà", kind: party.AwarenessClass,
		starts: party.MustDate("2026-10-17"), ends: party.MustDate("2026-10-31"), part: party.ClassDay, capacity: 40, nominated: party.MustDate("2026-10-10"),
		cells: []string{"SVKT", "SVCN", "SVNN", "YTSV", "SPSV", "NGSV"}, approved: 25, issued: party.MustDate("2026-11-10"), fails: 2, misprinted: true, closed: true},
	{number: "04/2026", title: "Lớp bồi dưỡng nhận thức về Đảng số 04/2026", place: "Trung tâm Chính trị", kind: party.AwarenessClass,
		starts: party.MustDate("2026-11-07"), ends: party.MustDate("2026-12-06"), part: party.ClassMorning, capacity: 20, nominated: party.MustDate("2026-11-02"),
		cells: []string{"LTT", "NTH", "AP", "VT", "DTNT", "CHUYEN"}, approved: 18, refused: 2},
	{number: "01/2027", title: "Lớp bồi dưỡng nhận thức về Đảng số 01/2027", place: "Trường THPT Lê Thành Tâm", kind: party.AwarenessClass,
		starts: party.MustDate("2027-01-09"), ends: party.MustDate("2027-01-24"), part: party.ClassDay, capacity: 30, nominated: until.AddDays(-1),
		cells: []string{"LTT", "NTH", "SVKT", "SVCN", "CHUYEN", "THSP"}, refused: 3, waiting: 8},
	{number: "ĐVM-01/2026", title: "Lớp bồi dưỡng đảng viên mới năm 2026", place: "Trung tâm Chính trị", kind: party.NewMemberClass,
		starts: party.MustDate("2026-09-12"), ends: party.MustDate("2026-09-27"), part: party.ClassDay, nominated: party.MustDate("2026-09-05"),
		cells: []string{"LTT", "NTH", "AP", "VT", "DTNT", "SVKT", "SVCN", "SVNN", "YTSV", "SPSV", "NGSV", "CHUYEN"}, approved: 10, issued: party.MustDate("2026-10-05")},
}

const refusedBecause = "Lớp ưu tiên người đã vào quy hoạch từ năm học trước; chi bộ cử lại ở lớp sau"

// fillClasses works through the classes of the live term that the people's ways do not tell of.
func (f *filler) fillClasses(ctx context.Context) error {
	for i, c := range courses {
		if err := f.teach(ctx, int64(i), c); err != nil {
			return fmt.Errorf("class %s: %w", c.number, explained(err))
		}
	}
	return nil
}

func (f *filler) teach(ctx context.Context, nr int64, c course) error {
	fields := class.Fields{OrgID: f.orgs[root.code], Number: c.number, Title: c.title, Starts: c.starts, Ends: c.ends, Place: c.place, Kind: c.kind, Capacity: c.capacity, Pass: party.DefaultPassRule}
	id, err := f.s.Classes.Create(ctx, f.viewer, class.Creation{Key: mark("class", nr), Fields: fields, Weekdays: []time.Weekday{time.Saturday, time.Sunday}, Part: c.part})
	if err != nil {
		return err
	}
	for _, act := range []func(context.Context, int64, course, class.Opened) error{f.send, f.answer, f.attend, f.examine, f.certify} {
		opened, err := f.s.Classes.Get(ctx, f.viewer, id)
		if err != nil {
			return err
		}
		if err := act(ctx, nr, c, opened); err != nil {
			return err
		}
	}
	return nil
}

// send nominates people of the cells in turn.
func (f *filler) send(ctx context.Context, nr int64, c course, o class.Opened) error {
	if len(o.Members) > 0 {
		return nil
	}
	var queues [][]int64
	for _, code := range c.cells {
		list, _, err := f.s.Classes.Nominees(ctx, f.viewer, class.Ask{ClassID: o.ID, OrgID: f.orgs[code]})
		if err != nil {
			return err
		}
		var queue []int64
		for _, n := range list {
			if c.fits(n) {
				queue = append(queue, n.ID)
			}
		}
		queues = append(queues, queue)
	}
	want := c.approved + c.refused + c.waiting
	ids := inTurn(queues, want)
	if len(ids) < want {
		return fmt.Errorf("%d of %d people can be sent", len(ids), want)
	}
	_, err := f.s.Classes.Nominate(ctx, f.viewer, class.Nomination{Key: mark("nomination", nr), ClassID: o.ID, People: ids, On: c.nominated})
	return err
}

// fits tells whether somebody could have been sent on the day of the nomination.
func (c course) fits(n class.Nominee) bool {
	if !n.Verdict.Passes() || n.Taken != nil || n.Had {
		return false
	}
	st := n.State()
	if c.kind == party.NewMemberClass {
		return st.JoinedOn.Before(c.nominated)
	}
	return st.Class == nil && st.Planned != nil && st.Planned.On.Before(c.nominated)
}

// inTurn takes one of each queue after the other, up to a number.
func inTurn(queues [][]int64, most int) (out []int64) {
	for i := 0; len(out) < most; i++ {
		before := len(out)
		for _, q := range queues {
			if i < len(q) && len(out) < most {
				out = append(out, q[i])
			}
		}
		if len(out) == before {
			break
		}
	}
	return out
}

func (f *filler) answer(ctx context.Context, nr int64, c course, o class.Opened) error {
	var yes, no []int64
	for i, m := range o.Members {
		switch {
		case m.State != class.Nominated:
		case i < c.approved:
			yes = append(yes, m.PersonID)
		case i < c.approved+c.refused:
			no = append(no, m.PersonID)
		}
	}
	for _, a := range []class.Answer{{Key: mark("approval", nr), People: yes, Approve: true}, {Key: mark("refusal", nr), People: no, Reason: refusedBecause}} {
		if len(a.People) == 0 {
			continue
		}
		a.ClassID = o.ID
		if _, err := f.s.Classes.Answer(ctx, f.viewer, a); err != nil {
			return err
		}
	}
	return nil
}

// attend enters the attendance of the sessions that have been held. Now and then somebody is excused once.
func (f *filler) attend(ctx context.Context, nr int64, c course, o class.Opened) error {
	for s, session := range o.Sessions {
		if session.Entered || session.Day.After(until) {
			continue
		}
		states := map[int64]class.Attended{}
		for i, m := range approvedIn(o) {
			switch {
			case c.fails > 0 && i == 3:
				states[m.PersonID] = class.Absent
			case i%6 == 5 && i%5 == s:
				states[m.PersonID] = class.Excused
			default:
				states[m.PersonID] = class.Present
			}
		}
		if len(states) == 0 {
			return nil
		}
		_, err := f.s.Classes.SaveSheet(ctx, f.viewer, class.SheetEntry{Key: mark("attendance", session.ID), ClassID: o.ID, SessionID: session.ID, Version: session.Version, States: states})
		if err != nil {
			return err
		}
	}
	return nil
}

func approvedIn(o class.Opened) (list []class.Member) {
	for _, m := range o.Members {
		if m.State == class.Approved {
			list = append(list, m)
		}
	}
	return list
}

// examine enters the essays of a class that is over; the best of them get a letter.
func (f *filler) examine(ctx context.Context, nr int64, c course, o class.Opened) error {
	if c.issued.IsZero() {
		return nil
	}
	marks := class.Marks{Key: mark("marks", nr), ClassID: o.ID}
	for i, m := range approvedIn(o) {
		row := class.MarkRow{PersonID: m.PersonID, Version: m.Version, Mark: 600 + i*37%300, Marked: true}
		if i%9 == 0 {
			row.Mark, row.Merit = 925, true
		}
		if c.fails > 1 && i == 7 {
			row.Mark = 425
		}
		marks.Rows = append(marks.Rows, row)
	}
	_, err := f.s.Classes.SaveMarks(ctx, f.viewer, marks)
	return err
}

// certify gives the certificates, one of them a second time where it was printed wrongly, and closes the class.
func (f *filler) certify(ctx context.Context, nr int64, c course, o class.Opened) error {
	if c.issued.IsZero() {
		return nil
	}
	issue := func(key string) error {
		_, err := f.s.Classes.Issue(ctx, f.viewer, class.Run{Key: mark(key, nr), ClassID: o.ID, IssuedOn: c.issued})
		return err
	}
	if err := issue("certificates"); err != nil {
		return err
	}
	if c.misprinted {
		err := f.s.Classes.Cancel(ctx, f.viewer, class.Cancelling{Key: mark("misprint", nr), ClassID: o.ID, PersonID: approvedIn(o)[4].PersonID, Reason: "In sai ngày sinh, cấp lại giấy khác"})
		if err != nil {
			return err
		}
		if err := issue("certificate again"); err != nil {
			return err
		}
	}
	if !c.closed {
		return nil
	}
	return f.s.Classes.Close(ctx, f.viewer, class.Closing{Key: mark("closing", nr), ClassID: o.ID, Version: o.Version})
}
