package class_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ketnap/internal/apptest"
	"ketnap/internal/class"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// some enters planned people of a cell.
func some(h *apptest.House, cell string, n int) []int64 {
	var ids []int64
	for i := range n {
		ids = append(ids, h.Enter(h.Fields(cell, fmt.Sprintf("Nguyễn Văn Học %02d", i+1)), party.Planned))
	}
	return ids
}

// roster gives a class with people of the cell LTT approved, on four half-days of two weekends.
func roster(t *testing.T, h *apptest.House, f class.Fields, ids []int64) int64 {
	t.Helper()
	v := h.Viewer("tuyengiao")
	id, err := h.Classes.Create(t.Context(), v, class.Creation{Fields: f, Weekdays: []time.Weekday{time.Saturday, time.Sunday}, Part: party.ClassMorning})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Classes.Nominate(t.Context(), h.Viewer("vanphong"), class.Nomination{ClassID: id, People: ids}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Classes.Answer(t.Context(), v, class.Answer{ClassID: id, People: ids, Approve: true}); err != nil {
		t.Fatal(err)
	}
	return id
}

// work enters that everybody came to each session and got a mark; absent and failing name the others.
func work(t *testing.T, h *apptest.House, id int64, ids, absent, failing []int64) {
	t.Helper()
	v := h.Viewer("tuyengiao")
	c := open(t, h, id)
	for _, s := range c.Sessions {
		states := map[int64]class.Attended{}
		for _, p := range ids {
			states[p] = class.Present
			if slices.Contains(absent, p) {
				states[p] = class.Absent
			}
		}
		if _, err := h.Classes.SaveSheet(t.Context(), v, class.SheetEntry{ClassID: id, SessionID: s.ID, Version: s.Version, States: states}); err != nil {
			t.Fatal(err)
		}
	}
	var rows []class.MarkRow
	for _, m := range c.Members {
		row := class.MarkRow{PersonID: m.PersonID, Version: m.Version, Mark: 850, Marked: true}
		if slices.Contains(failing, m.PersonID) {
			row.Mark = 450
		}
		rows = append(rows, row)
	}
	if saved, err := h.Classes.SaveMarks(t.Context(), v, class.Marks{ClassID: id, Rows: rows}); err != nil || len(saved.Refused) > 0 {
		t.Fatalf("%+v, %v", saved, err)
	}
}

func open(t *testing.T, h *apptest.House, id int64) class.Opened {
	t.Helper()
	c, err := h.Classes.Get(t.Context(), h.Viewer("tuyengiao"), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// rowErrors gives the key of each refused row of a batch.
func rowErrors(err error) map[int64]string {
	out := map[int64]string{}
	if e := fault.As(err); e != nil {
		if r, ok := e.Detail.(people.BatchResult); ok {
			for _, row := range r.Rows {
				if why := fault.As(row.Err); why != nil {
					out[row.PersonID] = why.Key
				}
			}
		}
	}
	return out
}

func TestSessionsArePlannedAtWeekendsAndEdited(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	v := h.Viewer("tuyengiao")
	ids := some(h, "LTT", 1)
	id := roster(t, h, fields(h), ids)
	c := open(t, h, id)
	if len(c.Sessions) != 4 || c.Sessions[0].Day != d("2026-10-10") || c.Sessions[3].Day != d("2026-10-18") {
		t.Fatalf("%+v", c.Sessions)
	}
	// the days that are taken are not planned twice
	n, err := h.Classes.AddDays(t.Context(), v, class.Days{ClassID: id, Weekdays: []time.Weekday{time.Sunday, time.Monday}, Part: party.ClassDay})
	if err != nil || n != 1 {
		t.Fatalf("%d, %v", n, err)
	}
	if _, err := h.Classes.SaveSheet(t.Context(), v, class.SheetEntry{ClassID: id, SessionID: c.Sessions[0].ID, Version: 1, States: map[int64]class.Attended{ids[0]: class.Absent}}); err != nil {
		t.Fatal(err)
	}
	c = open(t, h, id)
	list := slices.Clone(c.Sessions)
	list[1].Day, list[2].Day = list[2].Day, list[1].Day // two change places
	list[0].Topic = "  Lịch sử   Đảng "
	save := func(list []class.Session, remove ...int64) error {
		return h.Classes.SaveTimetable(t.Context(), v, class.Timetable{ClassID: id, Version: open(t, h, id).Version, Sessions: list, Remove: remove})
	}
	if err := save(list[:4], list[4].ID); err != nil {
		t.Fatal(err)
	}
	if c = open(t, h, id); len(c.Sessions) != 4 || c.Sessions[0].Topic != "Lịch sử Đảng" {
		t.Errorf("%+v", c.Sessions)
	}
	for want, change := range map[string]func([]class.Session){
		"day_1":   func(l []class.Session) { l[1].Day = l[0].Day },
		"day_2":   func(l []class.Session) { l[2].Day = d("2026-10-19") },
		"day_3":   func(l []class.Session) { l[3].Day = party.Date{} },
		"day_0":   func(l []class.Session) { l[0].Day = d("2026-10-13") }, // has attendance
		"part_1":  func(l []class.Session) { l[1].Part = "night" },
		"topic_1": func(l []class.Session) { l[1].Topic = strings.Repeat("x", 201) },
	} {
		list := slices.Clone(c.Sessions)
		change(list)
		if got := refusedFields(save(list)); got != want {
			t.Errorf("%s: %s", want, got)
		}
	}
	if got := refusedFields(save(c.Sessions[1:], c.Sessions[0].ID)); got != fmt.Sprintf("remove_%d", c.Sessions[0].ID) {
		t.Errorf("a session with attendance is removed: %s", got)
	}
	if err := h.Classes.SaveTimetable(t.Context(), v, class.Timetable{ClassID: id, Version: 1, Sessions: c.Sessions}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("stale: %v", err)
	}
	f := fields(h)
	f.Ends = d("2026-10-16")
	if got := refusedFields(h.Classes.Edit(t.Context(), v, class.Change{ID: id, Version: c.Version, Fields: f})); got != "ends" {
		t.Errorf("the class ends before its last session: %s", got)
	}
}

func TestNominationsAreRefusedRowByRow(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := create(t, h, fields(h))
	other := fields(h)
	other.Number = "03/2026"
	second := create(t, h, other)
	good := some(h, "LTT", 2)
	trained := h.Enter(h.Fields("LTT", "Lê Đã Học"), party.ClassResult)
	member := h.Enter(h.Fields("LTT", "Lê Đảng Viên"), party.Ceremony)
	nobody := h.Enter(h.Fields("LTT", "Lê Mới Ghi"), "")
	foreign := h.Enter(h.Fields("NTH", "Trần Chi Khác"), party.Planned)
	v := h.Viewer("bithu.ltt")
	nominate := func(class_ int64, keep bool, ids ...int64) (people.BatchResult, error) {
		return h.Classes.Nominate(t.Context(), v, class.Nomination{ClassID: class_, People: ids, KeepGood: keep})
	}
	_, err := nominate(id, false, good[0], trained, member, nobody, foreign)
	want := map[int64]string{trained: "steps.error.refused", member: "steps.error.refused", nobody: "steps.error.refused", foreign: "classes.error.person"}
	if got := rowErrors(err); len(got) != 4 || got[trained] != want[trained] || got[member] != want[member] || got[nobody] != want[nobody] || got[foreign] != want[foreign] {
		t.Errorf("%v, %v", got, err)
	}
	if n := open(t, h, id).Counts.Nominated; n != 0 {
		t.Errorf("%d are nominated after a refusal", n)
	}
	if done, err := nominate(id, true, good[0], trained); err != nil || done.Done != 1 {
		t.Errorf("the good ones: %+v, %v", done, err)
	}
	// twice, and to two classes
	if _, err := nominate(id, false, good[0]); rowErrors(err)[good[0]] != "classes.error.nominated_already" {
		t.Errorf("twice: %v", err)
	}
	_, err = nominate(second, false, good[0])
	if rowErrors(err)[good[0]] != "classes.error.in_open_class" {
		t.Errorf("to two classes: %v", err)
	}
	if _, err := nominate(second, false); refusedFields(err) != "people" {
		t.Errorf("nobody: %v", err)
	}
	if _, err := h.Classes.Nominate(t.Context(), v, class.Nomination{ClassID: second, People: good[1:], On: d("2026-11-24")}); refusedFields(err) != "on" {
		t.Errorf("tomorrow: %v", err)
	}
	for username, kind := range map[string]fault.Kind{"tuyengiao": fault.Forbidden, "kiemtra": fault.Forbidden, "quantri": fault.NotFound} {
		if _, err := h.Classes.Nominate(t.Context(), h.Viewer(username), class.Nomination{ClassID: second, People: good[1:]}); fault.KindOf(err) != kind {
			t.Errorf("%s: %v", username, err)
		}
	}
}

// Of two cells or clerks who send one person to two classes at once, one is refused.
func TestNobodyIsInTwoOpenClassesOfAKind(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := some(h, "LTT", 1)
	var classes []int64
	for i := range 8 {
		f := fields(h)
		f.Number = fmt.Sprint(i)
		classes = append(classes, create(t, h, f))
	}
	var wg sync.WaitGroup
	errs := make([]error, len(classes))
	for i, id := range classes {
		wg.Go(func() {
			_, errs[i] = h.Classes.Nominate(t.Context(), h.Viewer([]string{"bithu.ltt", "coso.gd", "vanphong"}[i%3]), class.Nomination{ClassID: id, People: ids})
		})
	}
	wg.Wait()
	done := 0
	for _, err := range errs {
		if err == nil {
			done++
		} else if fault.KindOf(err) != fault.Invalid {
			t.Error(err)
		}
	}
	if done != 1 {
		t.Errorf("nominated %d times", done)
	}
}

// Who is in a class that the viewer may not see is refused without a word on which one it is.
func TestAForeignClassIsNotTold(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := some(h, "SVKT", 1)
	own := fields(h)
	own.OrgID = h.Org("DH")
	if _, err := h.Classes.Nominate(t.Context(), h.Viewer("coso.dh"), class.Nomination{ClassID: create(t, h, own), People: ids}); err != nil {
		t.Fatal(err)
	}
	id := create(t, h, fields(h))
	list, _, err := h.Classes.Nominees(t.Context(), h.Viewer("bithu.svkt"), class.Ask{ClassID: id, OrgID: h.Org("SVKT")})
	if err != nil || len(list) != 1 || list[0].Taken == nil || list[0].Taken.ClassID == 0 || list[0].Taken.OrgID == 0 {
		t.Errorf("his own cell sees it: %+v, %v", list, err)
	}
	// who is moved on paper: a cell whose committee the other class is not open to
	_, err = h.Classes.Nominate(t.Context(), h.Viewer("bithu.ltt"), class.Nomination{ClassID: id, People: ids})
	if rowErrors(err)[ids[0]] != "classes.error.person" {
		t.Errorf("somebody of another cell: %v", err)
	}
}

func TestNoMoreAreApprovedThanTheClassHolds(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := some(h, "LTT", 12)
	f := fields(h)
	f.Capacity = 5
	id := create(t, h, f)
	if _, err := h.Classes.Nominate(t.Context(), h.Viewer("bithu.ltt"), class.Nomination{ClassID: id, People: ids}); err != nil {
		t.Fatal(err)
	}
	v := h.Viewer("tuyengiao")
	_, err := h.Classes.Answer(t.Context(), v, class.Answer{ClassID: id, People: ids[:6], Approve: true})
	if got := rowErrors(err); len(got) != 1 || got[ids[5]] != "classes.error.full" || open(t, h, id).Counts.Approved != 0 {
		t.Errorf("%v, %v", got, err)
	}
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			_, err := h.Classes.Answer(t.Context(), v, class.Answer{ClassID: id, People: ids[i : i+1], Approve: true})
			if err != nil && rowErrors(err)[ids[i]] != "classes.error.full" {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	c := open(t, h, id)
	if c.Counts.Approved != 5 || c.Counts.Nominated != 7 {
		t.Errorf("%+v", c.Counts)
	}
	f.Capacity = 4
	if got := refusedFields(h.Classes.Edit(t.Context(), v, class.Change{ID: id, Version: c.Version, Fields: f})); got != "capacity" {
		t.Errorf("a capacity below the roster: %s", got)
	}
	if _, err := h.Classes.Answer(t.Context(), v, class.Answer{ClassID: id, People: ids[:1]}); refusedFields(err) != "reason" {
		t.Errorf("refused without a reason: %v", err)
	}
	if _, err := h.Classes.Answer(t.Context(), h.Viewer("bithu.ltt"), class.Answer{ClassID: id, People: ids[:1], Approve: true}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a secretary approves: %v", err)
	}
}

func TestARefusedOrWithdrawnNominationMayBeMadeAgain(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := some(h, "LTT", 1)
	id := create(t, h, fields(h))
	secretary := h.Viewer("bithu.ltt")
	nominate := func() {
		t.Helper()
		if _, err := h.Classes.Nominate(t.Context(), secretary, class.Nomination{ClassID: id, People: ids}); err != nil {
			t.Fatal(err)
		}
	}
	nominate()
	if err := h.Classes.Withdraw(t.Context(), h.Viewer("bithu.nth"), class.Withdrawal{ClassID: id, PersonID: ids[0], Reason: "x"}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another cell: %v", err)
	}
	if err := h.Classes.Withdraw(t.Context(), secretary, class.Withdrawal{ClassID: id, PersonID: ids[0], Reason: "Bận thi"}); err != nil {
		t.Fatal(err)
	}
	if err := h.Classes.Withdraw(t.Context(), secretary, class.Withdrawal{ClassID: id, PersonID: ids[0], Reason: "Bận thi"}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("withdrawn twice: %v", err)
	}
	nominate()
	if _, err := h.Classes.Answer(t.Context(), h.Viewer("tuyengiao"), class.Answer{ClassID: id, People: ids, Reason: "Thiếu hồ sơ"}); err != nil {
		t.Fatal(err)
	}
	if m := open(t, h, id).Members[0]; m.State != class.Refused || m.Reason != "Thiếu hồ sơ" {
		t.Errorf("%+v", m)
	}
	nominate()
	if m := open(t, h, id).Members[0]; m.State != class.Nominated || m.Reason != "" || m.NominatedBy != h.Org("LTT") {
		t.Errorf("%+v", m)
	}
}

func TestOnlyRowsOfAttendanceThatChangeAreWritten(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := some(h, "LTT", 3)
	id := roster(t, h, fields(h), ids)
	v := h.Viewer("tuyengiao")
	session := open(t, h, id).Sessions[0].ID
	save := func(version int, states map[int64]class.Attended) (int, error) {
		return h.Classes.SaveSheet(t.Context(), v, class.SheetEntry{ClassID: id, SessionID: session, Version: version, States: states})
	}
	all := map[int64]class.Attended{ids[0]: class.Present, ids[1]: class.Present, ids[2]: class.Excused}
	if n, err := save(1, all); err != nil || n != 3 {
		t.Fatalf("%d, %v", n, err)
	}
	if n, err := save(2, all); err != nil || n != 0 {
		t.Errorf("the same again: %d, %v", n, err)
	}
	all[ids[1]] = class.Absent
	if n, err := save(2, all); err != nil || n != 1 {
		t.Errorf("one changed: %d, %v", n, err)
	}
	if _, err := save(2, all); fault.KindOf(err) != fault.Conflict {
		t.Errorf("stale: %v", err)
	}
	if _, err := save(3, map[int64]class.Attended{ids[0]: "asleep", 999999: class.Present}); refusedFields(err) != fmt.Sprintf("at_%d at_999999", ids[0]) {
		t.Errorf("%v", err)
	}
	if _, err := h.Classes.SaveSheet(t.Context(), h.Viewer("bithu.ltt"), class.SheetEntry{ClassID: id, SessionID: session, Version: 3, States: all}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a secretary: %v", err)
	}
	h.SetToday(d("2026-10-09"))
	if _, err := save(3, all); fault.KindOf(err) != fault.Conflict {
		t.Errorf("before the day: %v", err)
	}
}

// Twenty-five on the roster: one was absent, one wrote badly, and twenty-three get numbers one after the
// other; each has the step in his record, also those who failed.
func TestTwentyFiveOfWhomTwentyThreePass(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := some(h, "LTT", 25)
	id := roster(t, h, fields(h), ids)
	v := h.Viewer("tuyengiao")
	if _, err := h.Classes.Issue(t.Context(), v, class.Run{ClassID: id, IssuedOn: d("2026-11-01")}); fault.As(err) == nil || fault.As(err).Key != "classes.error.nobody_due" {
		t.Errorf("nothing is known yet: %v", err)
	}
	work(t, h, id, ids, ids[3:4], ids[7:8])
	for name, in := range map[string]class.Run{"before the end": {IssuedOn: d("2026-10-17")}, "tomorrow": {IssuedOn: d("2026-11-24")}, "no day": {}} {
		in.ClassID = id
		if _, err := h.Classes.Issue(t.Context(), v, in); refusedFields(err) != "issued_on" {
			t.Errorf("%s: %v", name, err)
		}
	}
	done, err := h.Classes.Issue(t.Context(), v, class.Run{ClassID: id, IssuedOn: d("2026-11-01")})
	if err != nil || done.Passed != 23 || done.Failed != 2 || done.First != "001/2026-GCN" || done.Last != "023/2026-GCN" {
		t.Fatalf("%+v, %v", done, err)
	}
	c := open(t, h, id)
	if c.Passed != 23 || c.Counts.Results != 25 || len(c.Others()) != 0 {
		t.Errorf("%d passed, %+v, %d others", c.Passed, c.Counts, len(c.Others()))
	}
	rec, err := h.People.Open(t.Context(), v, ids[0])
	if err != nil || rec.State.Class == nil || rec.State.Class.On != d("2026-10-18") || rec.State.Class.Papers[0] != (party.Paper{Form: "CN-NTVĐ", Number: "001/2026-GCN",
		Date: d("2026-11-01"), Issuer: "Đảng ủy K"}) || rec.State.Class.Facts.(party.ClassResultFacts).Grade != "Giỏi" {
		t.Errorf("%+v, %v", rec.State.Class, err)
	}
	if rec, err := h.People.Open(t.Context(), v, ids[3]); err != nil || rec.State.Class != nil || len(rec.Steps) != 3 {
		t.Errorf("who failed: %+v, %v", rec.Steps, err)
	}
	if differ, err := h.People.Check(t.Context()); err != nil || len(differ) > 0 {
		t.Errorf("%v, %v", differ, err)
	}
	// what rests on a result does not change any more
	m := c.Members[0]
	saved, err := h.Classes.SaveMarks(t.Context(), v, class.Marks{ClassID: id, Rows: []class.MarkRow{{PersonID: m.PersonID, Version: m.Version, Mark: 100, Marked: true}}})
	if err != nil || saved.Refused[m.PersonID] == nil {
		t.Errorf("a mark after the result: %+v, %v", saved, err)
	}
	if _, err := h.Classes.SaveSheet(t.Context(), v, class.SheetEntry{ClassID: id, SessionID: c.Sessions[0].ID, Version: c.Sessions[0].Version,
		States: map[int64]class.Attended{m.PersonID: class.Absent}}); refusedFields(err) != fmt.Sprintf("at_%d", m.PersonID) {
		t.Errorf("attendance after the result: %v", err)
	}
}

func TestACertificateIsCancelledItsNumberStaysUsed(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := some(h, "LTT", 3)
	id := roster(t, h, fields(h), ids)
	work(t, h, id, ids, nil, nil)
	v := h.Viewer("tuyengiao")
	issue := func() {
		t.Helper()
		if _, err := h.Classes.Issue(t.Context(), v, class.Run{ClassID: id, IssuedOn: d("2026-11-01")}); err != nil {
			t.Fatal(err)
		}
	}
	issue()
	if err := h.Classes.Cancel(t.Context(), v, class.Cancelling{ClassID: id, PersonID: ids[1]}); refusedFields(err) != "reason" {
		t.Errorf("%v", err)
	}
	if err := h.Classes.Cancel(t.Context(), h.Viewer("bithu.ltt"), class.Cancelling{ClassID: id, PersonID: ids[1], Reason: "x"}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a secretary: %v", err)
	}
	if err := h.Classes.Cancel(t.Context(), v, class.Cancelling{ClassID: id, PersonID: ids[1], Reason: "In sai tên"}); err != nil {
		t.Fatal(err)
	}
	if rec, err := h.People.Open(t.Context(), v, ids[1]); err != nil || rec.State.Class != nil {
		t.Errorf("the step stands: %v", err)
	}
	if err := h.Classes.Cancel(t.Context(), v, class.Cancelling{ClassID: id, PersonID: ids[1], Reason: "x"}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("cancelled twice: %v", err)
	}
	issue()
	reg, err := h.Classes.Register(t.Context(), v, class.RegisterQuery{})
	var got []string
	for _, n := range reg.Numbers {
		got = append(got, n.Printed+" "+n.Reason)
	}
	want := []string{"001/2026-GCN ", "002/2026-GCN In sai tên", "003/2026-GCN ", "004/2026-GCN "}
	if err != nil || !slices.Equal(got, want) || reg.Numbers[1].CancelledOn != h.Now() {
		t.Errorf("%v, %v", got, err)
	}
	for _, username := range []string{"bithu.ltt", "coso.gd"} {
		if reg, err := h.Classes.Register(t.Context(), h.Viewer(username), class.RegisterQuery{OrgID: h.Org("K")}); err != nil || len(reg.Numbers) != 0 {
			t.Errorf("%s sees the committee's register: %+v, %v", username, reg, err)
		}
	}
}

func TestNumbersGivenByHand(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	v := h.Viewer("tuyengiao")
	issue := func(number string, first int, reason string) error {
		ids := []int64{h.Enter(h.Fields("LTT", "Nguyễn Thị "+number), party.Planned), h.Enter(h.Fields("LTT", "Trần Thị "+number), party.Planned)}
		f := fields(h)
		f.Number = number
		id := roster(t, h, f, ids)
		work(t, h, id, ids, nil, nil)
		_, err := h.Classes.Issue(t.Context(), v, class.Run{ClassID: id, IssuedOn: d("2026-11-01"), First: first, GapReason: reason, KeepGood: true})
		return err
	}
	if err := issue("A", 10, ""); refusedFields(err) != "gap_reason" {
		t.Errorf("a gap without a reason: %v", err)
	}
	if err := issue("B", 10, "Số 1 đến 9 đã cấp trên giấy"); err != nil {
		t.Fatal(err)
	}
	for first, name := range map[int]string{11: "C", 9: "D"} { // 9 is free, 10 is not
		if err := issue(name, first, ""); refusedFields(err) != "first" {
			t.Errorf("a used number from %d: %v", first, err)
		}
	}
	if err := issue("E", 3, ""); err != nil {
		t.Errorf("numbers of the gap: %v", err)
	}
	if err := issue("F", 0, ""); err != nil {
		t.Fatal(err)
	}
	reg, err := h.Classes.Register(t.Context(), v, class.RegisterQuery{Kind: class.Certificate})
	var got []string
	for _, n := range reg.Numbers {
		if n.Gap {
			got = append(got, fmt.Sprintf("%d-%d: %s", n.Number, n.Last, n.Reason))
		} else {
			got = append(got, n.Printed[:3])
		}
	}
	why := "Số 1 đến 9 đã cấp trên giấy"
	if want := []string{"1-2: " + why, "003", "004", "5-9: " + why, "010", "011", "012", "013"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
}

// Fifty classes give their certificates at once.
func TestFiftyRunsAtOnceGiveDistinctNumbersWithoutAGap(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	v := h.Viewer("tuyengiao")
	var classes []int64
	for i := range 50 {
		ids := []int64{h.Enter(h.Fields("LTT", fmt.Sprintf("Nguyễn Văn Học %d", i)), party.Introduced)}
		f := fields(h)
		f.Number = fmt.Sprint(i)
		id := create(t, h, f) // without sessions: the essay decides
		if _, err := h.Classes.Nominate(t.Context(), h.Viewer("vanphong"), class.Nomination{ClassID: id, People: ids}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Classes.Answer(t.Context(), v, class.Answer{ClassID: id, People: ids, Approve: true}); err != nil {
			t.Fatal(err)
		}
		work(t, h, id, ids, nil, nil)
		classes = append(classes, id)
	}
	var wg sync.WaitGroup
	for _, id := range classes {
		wg.Go(func() {
			if _, err := h.Classes.Issue(t.Context(), v, class.Run{ClassID: id, IssuedOn: d("2026-11-01")}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	reg, err := h.Classes.Register(t.Context(), v, class.RegisterQuery{})
	if err != nil || len(reg.Numbers) != 50 {
		t.Fatalf("%d numbers, %v", len(reg.Numbers), err)
	}
	for i, n := range reg.Numbers {
		if n.Number != i+1 || n.Gap {
			t.Errorf("place %d has number %d, gap %v", i, n.Number, n.Gap)
		}
	}
}

func TestMeritLettersHaveNumbersOfTheirOwn(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := some(h, "LTT", 3)
	id := roster(t, h, fields(h), ids)
	work(t, h, id, ids, nil, ids[2:])
	v := h.Viewer("tuyengiao")
	var rows []class.MarkRow
	for _, m := range open(t, h, id).Members[1:] {
		rows = append(rows, class.MarkRow{PersonID: m.PersonID, Version: m.Version, Mark: m.Work.Mark, Marked: true, Grade: m.Grade, Merit: true})
	}
	if saved, err := h.Classes.SaveMarks(t.Context(), v, class.Marks{ClassID: id, Rows: rows}); err != nil || saved.Written != 2 {
		t.Fatalf("%+v, %v", saved, err)
	}
	if saved, err := h.Classes.SaveMarks(t.Context(), v, class.Marks{ClassID: id, Rows: []class.MarkRow{{PersonID: ids[0], Version: 1, Mark: 1001, Marked: true, Grade: "Tuyệt"}}}); err != nil ||
		refusedFields(saved.Refused[ids[0]]) != "mark grade" {
		t.Errorf("%+v, %v", saved, err)
	}
	if saved, err := h.Classes.SaveMarks(t.Context(), v, class.Marks{ClassID: id, Rows: []class.MarkRow{{PersonID: ids[0], Version: 1, Mark: 900, Marked: true}}}); err != nil ||
		fault.As(saved.Refused[ids[0]]).Key != "classes.error.row_stale" {
		t.Errorf("%+v, %v", saved, err)
	}
	if _, err := h.Classes.Issue(t.Context(), v, class.Run{ClassID: id, IssuedOn: d("2026-11-01")}); err != nil {
		t.Fatal(err)
	}
	m := open(t, h, id).Members
	if m[0].Letter != "" || m[1].Letter != "001/2026-GK" || m[1].Certificate != "002/2026-GCN" || m[2].Letter != "" { // the last one failed
		t.Errorf("%+v", m)
	}
}

func TestAClosedClassChangesNoMore(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := some(h, "LTT", 2)
	id := roster(t, h, fields(h), ids)
	v := h.Viewer("tuyengiao")
	closing := func() error {
		return h.Classes.Close(t.Context(), v, class.Closing{ClassID: id, Version: open(t, h, id).Version})
	}
	if err := closing(); fault.KindOf(err) != fault.Conflict || fault.As(err).Key != "classes.error.results_wait" {
		t.Errorf("with results that wait: %v", err)
	}
	work(t, h, id, ids, nil, nil)
	if _, err := h.Classes.Issue(t.Context(), v, class.Run{ClassID: id, IssuedOn: d("2026-11-01")}); err != nil {
		t.Fatal(err)
	}
	if err := closing(); err != nil {
		t.Fatal(err)
	}
	c := open(t, h, id)
	states := map[int64]class.Attended{ids[0]: class.Absent}
	for name, act := range map[string]func() error{
		"close": closing,
		"edit": func() error {
			return h.Classes.Edit(t.Context(), v, class.Change{ID: id, Version: c.Version, Fields: fields(h)})
		},
		"sessions": func() error {
			return h.Classes.SaveTimetable(t.Context(), v, class.Timetable{ClassID: id, Version: c.Version})
		},
		"days": func() error {
			_, err := h.Classes.AddDays(t.Context(), v, class.Days{ClassID: id, Weekdays: []time.Weekday{time.Monday}, Part: party.ClassDay})
			return err
		},
		"nominate": func() error {
			_, err := h.Classes.Nominate(t.Context(), h.Viewer("vanphong"), class.Nomination{ClassID: id, People: ids})
			return err
		},
		"answer": func() error {
			_, err := h.Classes.Answer(t.Context(), v, class.Answer{ClassID: id, People: ids, Approve: true})
			return err
		},
		"withdraw": func() error {
			return h.Classes.Withdraw(t.Context(), h.Viewer("vanphong"), class.Withdrawal{ClassID: id, PersonID: ids[0], Reason: "x"})
		},
		"attendance": func() error {
			_, err := h.Classes.SaveSheet(t.Context(), v, class.SheetEntry{ClassID: id, SessionID: c.Sessions[0].ID, Version: c.Sessions[0].Version, States: states})
			return err
		},
		"marks": func() error {
			_, err := h.Classes.SaveMarks(t.Context(), v, class.Marks{ClassID: id})
			return err
		},
		"certificates": func() error {
			_, err := h.Classes.Issue(t.Context(), v, class.Run{ClassID: id, IssuedOn: d("2026-11-01")})
			return err
		},
	} {
		if err := act(); fault.KindOf(err) != fault.Conflict || fault.As(err).Key != "classes.error.closed" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := h.Classes.Cancel(t.Context(), v, class.Cancelling{ClassID: id, PersonID: ids[0], Reason: "Cấp nhầm"}); err != nil {
		t.Errorf("cancel: %v", err)
	}
	f := fields(h)
	f.Number = "04/2026"
	if _, err := h.Classes.Nominate(t.Context(), h.Viewer("bithu.ltt"), class.Nomination{ClassID: create(t, h, f), People: ids[:1]}); err != nil {
		t.Errorf("free for another class: %v", err)
	}
}

// New members come to a class of their own; its result stays with the class and is no step.
func TestAClassOfNewMembers(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := []int64{h.Enter(h.Fields("LTT", "Lê Đảng Viên"), party.Ceremony)}
	f := fields(h)
	f.Kind, f.Pass = party.NewMemberClass, party.PassRule{Attendance: 50, Mark: 600}
	id := roster(t, h, f, ids)
	work(t, h, id, ids, nil, nil)
	before, err := h.People.Open(t.Context(), h.Viewer("tuyengiao"), ids[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Classes.Issue(t.Context(), h.Viewer("tuyengiao"), class.Run{ClassID: id, IssuedOn: d("2026-11-01")}); err != nil {
		t.Fatal(err)
	}
	after, err := h.People.Open(t.Context(), h.Viewer("tuyengiao"), ids[0])
	m := open(t, h, id).Members[0]
	if err != nil || len(after.Steps) != len(before.Steps) || m.Result != party.ClassPassed || m.ResultOn != f.Ends || m.Certificate != "001/2026-GCN" {
		t.Errorf("%+v, %v", m, err)
	}
	f.Number = "05/2026"
	second := create(t, h, f)
	if err := h.Classes.Close(t.Context(), h.Viewer("tuyengiao"), class.Closing{ClassID: id, Version: open(t, h, id).Version}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Classes.Nominate(t.Context(), h.Viewer("bithu.ltt"), class.Nomination{ClassID: second, People: ids}); rowErrors(err)[ids[0]] != "classes.error.passed_already" {
		t.Errorf("once more: %v", err)
	}
}

// A result that was recorded by hand is taken over, not recorded a second time.
func TestAResultRecordedByHandIsTakenOver(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := some(h, "LTT", 2)
	id := roster(t, h, fields(h), ids)
	v := h.Viewer("tuyengiao")
	rec, err := h.People.Open(t.Context(), v, ids[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.People.Record(t.Context(), v, people.NewStep{PersonID: ids[0], Version: rec.Version, Kind: party.ClassResult, On: d("2026-10-18"),
		Facts: party.ClassResultFacts{ClassID: id, Passed: true}, Papers: []party.Paper{{Number: "7/GCN"}}}); err != nil {
		t.Fatal(err)
	}
	work(t, h, id, ids, nil, nil)
	done, err := h.Classes.Issue(t.Context(), v, class.Run{ClassID: id, IssuedOn: d("2026-11-01")})
	if err != nil || done.Passed != 1 || done.Last != "001/2026-GCN" {
		t.Fatalf("%+v, %v", done, err)
	}
	c := open(t, h, id)
	if c.Members[0].Result != party.ClassPassed || c.Members[0].Certificate != "" || len(c.Roster) != 2 {
		t.Errorf("%+v, %d results", c.Members[0], len(c.Roster))
	}
}

// A roster of two hundred takes as many statements as one of two.
func TestTheRosterMakesNoQueryPerRow(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	count := func(id int64) int {
		ctx, queries := postgres.CountQueries(t.Context())
		if _, err := h.Classes.Get(ctx, h.Viewer("tuyengiao"), id); err != nil {
			t.Fatal(err)
		}
		return queries()
	}
	few := roster(t, h, fields(h), some(h, "LTT", 2))
	var histories []people.History
	for i := range 200 {
		steps := h.Way("NTH")[:2]
		histories = append(histories, people.History{Fields: h.Fields("NTH", fmt.Sprintf("Trần Thị Đông %d", i)), Steps: steps})
	}
	ids, err := h.People.EnterHistories(t.Context(), h.Viewer("vanphong"), histories)
	if err != nil {
		t.Fatal(err)
	}
	f := fields(h)
	f.Number = "200"
	many := roster(t, h, f, ids)
	// the tree is looked at once a second, whoever asks: one statement more or less
	if a, b := count(few), count(many); max(a, b)-min(a, b) > 1 || b > 12 {
		t.Errorf("%d statements for two, %d for two hundred", a, b)
	}
	if n := len(open(t, h, many).Members); n != 200 {
		t.Errorf("%d on the roster", n)
	}
}
