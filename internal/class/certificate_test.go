package class_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/class"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
)

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
