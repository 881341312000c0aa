package class_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/class"
	"ketnap/internal/fault"
	"ketnap/internal/keyset"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

var d = party.MustDate

// fields are those of a class that is over, of the committee.
func fields(h *apptest.House) class.Fields {
	return class.Fields{OrgID: h.Org("K"), Number: "02/2026", Title: "Lớp thứ hai", Starts: d("2026-10-10"), Ends: d("2026-10-18"), Place: "Trường X"}
}

func create(t *testing.T, h *apptest.House, f class.Fields) int64 {
	t.Helper()
	id, err := h.Classes.Create(t.Context(), h.Viewer("tuyengiao"), class.Creation{Fields: f})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// refusedFields gives the names of the refused fields of an error.
func refusedFields(err error) string {
	e := fault.As(err)
	if e == nil || e.Kind != fault.Invalid {
		return fmt.Sprint(err)
	}
	var names []string
	for _, f := range e.Fields {
		names = append(names, f.Name)
	}
	return strings.Join(names, " ")
}

func TestAClassIsEnteredOnceAndRead(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	in := class.Creation{Key: "0b9d1c58-52f5-4e1c-9b39-6c0a52a0f3aa", Fields: fields(h)}
	in.Fields.Title = "  Lớp   thứ hai "
	id, err := h.Classes.Create(t.Context(), h.Viewer("tuyengiao"), in)
	again, errAgain := h.Classes.Create(t.Context(), h.Viewer("tuyengiao"), in)
	if err != nil || errAgain != nil || id != again {
		t.Fatalf("%d, %v; again %d, %v", id, err, again, errAgain)
	}
	c, err := h.Classes.Get(t.Context(), h.Viewer("bithu.ltt"), id)
	if err != nil || c.Title != "Lớp thứ hai" || c.Version != 1 || c.MayEdit || c.State != class.Finished || c.Kind != party.AwarenessClass || c.Pass != party.DefaultPassRule {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestFieldsOfAClassThatAreRefused(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	for name, c := range map[string]struct {
		change func(*class.Fields)
		want   string
	}{
		"no organiser":       {func(f *class.Fields) { f.OrgID = 0 }, "org"},
		"no number":          {func(f *class.Fields) { f.Number = " " }, "number"},
		"long number":        {func(f *class.Fields) { f.Number = strings.Repeat("9", 41) }, "number"},
		"a number used":      {func(f *class.Fields) { f.Number = "01/2026" }, "number"},
		"long title":         {func(f *class.Fields) { f.Title = strings.Repeat("ắ", 201) }, "title"},
		"no days":            {func(f *class.Fields) { f.Starts, f.Ends = party.Date{}, party.Date{} }, "starts ends"},
		"ends before":        {func(f *class.Fields) { f.Ends = d("2026-10-09") }, "ends"},
		"more than a year":   {func(f *class.Fields) { f.Ends = d("2027-10-12") }, "ends"},
		"far ahead":          {func(f *class.Fields) { f.Starts, f.Ends = d("2029-01-01"), d("2029-01-02") }, "starts"},
		"unknown kind":       {func(f *class.Fields) { f.Kind = "x" }, "kind"},
		"capacity below one": {func(f *class.Fields) { f.Capacity = -1 }, "capacity"},
		"attendance of 101":  {func(f *class.Fields) { f.Kind = party.AwarenessClass; f.Pass.Attendance = 101 }, "attendance_min"},
		"mark of 11":         {func(f *class.Fields) { f.Kind = party.AwarenessClass; f.Pass.Mark = 1100 }, "pass_mark"},
	} {
		f := fields(h)
		c.change(&f)
		_, err := h.Classes.Create(t.Context(), h.Viewer("tuyengiao"), class.Creation{Fields: f})
		if got := refusedFields(err); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestWhoMayPlanAClass(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	for _, username := range []string{"bithu.ltt", "coso.gd", "lanhdao", "kiemtra", "quantri", "doan.ltt"} {
		if _, err := h.Classes.Create(t.Context(), h.Viewer(username), class.Creation{Fields: fields(h)}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s: %v", username, err)
		}
	}
	elsewhere := fields(h)
	elsewhere.OrgID = 999999
	if _, err := h.Classes.Create(t.Context(), h.Viewer("vanphong"), class.Creation{Fields: elsewhere}); refusedFields(err) != "org" {
		t.Errorf("an organiser that is none: %v", err)
	}
}

func TestAnEditFromAStaleVersionIsAConflict(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	v, id := h.Viewer("tuyengiao"), create(t, h, fields(h))
	f := fields(h)
	f.Place = "Trường Y"
	if err := h.Classes.Edit(t.Context(), v, class.Change{ID: id, Version: 1, Fields: f}); err != nil {
		t.Fatal(err)
	}
	f.Place = "Trường Z"
	err := h.Classes.Edit(t.Context(), v, class.Change{ID: id, Version: 1, Fields: f})
	if stale, ok := fault.As(err).Detail.(class.Stale); fault.KindOf(err) != fault.Conflict || !ok || stale.By != "Tài khoản tuyengiao" {
		t.Errorf("%v", err)
	}
	if c, err := h.Classes.Get(t.Context(), v, id); err != nil || c.Place != "Trường Y" || c.Version != 2 {
		t.Errorf("%+v, %v", c.Class, err)
	}
	if err := h.Classes.Edit(t.Context(), h.Viewer("bithu.ltt"), class.Change{ID: id, Version: 2, Fields: f}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a secretary: %v", err)
	}
	if err := h.Classes.Edit(t.Context(), v, class.Change{ID: 999999, Version: 1, Fields: f}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("no such class: %v", err)
	}
	f.Number = "01/2026"
	if err := h.Classes.Edit(t.Context(), v, class.Change{ID: id, Version: 2, Fields: f}); refusedFields(err) != "number" {
		t.Errorf("a number used: %v", err)
	}
}

func TestTheFirstDayIsNotMovedBehindAResult(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.ClassResult)
	f := class.Fields{OrgID: h.Org("K"), Number: "01/2026", Starts: d("2026-03-16"), Ends: d("2026-03-20")}
	if err := h.Classes.Edit(t.Context(), h.Viewer("tuyengiao"), class.Change{ID: h.ClassID, Version: 1, Fields: f}); refusedFields(err) != "starts" {
		t.Errorf("%v", err)
	}
}

// A cell sees the classes of its committees, not those of others; who sees a class sees of its roster
// only his own people.
func TestAClassAndItsRosterAreSeenWithinScope(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.ClassResult)
	h.Enter(h.Fields("SVKT", "Trần Văn Bình"), party.ClassResult)
	own := fields(h)
	own.OrgID, own.Number = h.Org("DH"), "01/ĐH"
	ofDH := create(t, h, own)
	for username, c := range map[string]struct {
		classes int
		dh      fault.Kind
		roster  []string
	}{
		"vanphong":   {2, 0, []string{"Nguyễn Thị Ánh", "Trần Văn Bình"}},
		"coso.dh":    {2, 0, []string{"Trần Văn Bình"}},
		"bithu.svkt": {2, 0, []string{"Trần Văn Bình"}},
		"bithu.ltt":  {1, fault.NotFound, []string{"Nguyễn Thị Ánh"}},
		"bithu.nth":  {1, fault.NotFound, nil},
	} {
		v := h.Viewer(username)
		list, err := h.Classes.List(t.Context(), v, class.Query{})
		if err != nil || len(list.Classes) != c.classes || list.Count != c.classes {
			t.Errorf("%s: %d classes, %v", username, len(list.Classes), err)
		}
		if _, err := h.Classes.Get(t.Context(), v, ofDH); fault.KindOf(err) != c.dh {
			t.Errorf("%s opens the class of DH: %v", username, err)
		}
		opened, err := h.Classes.Get(t.Context(), v, h.ClassID)
		var names []string
		for _, r := range opened.Roster {
			names = append(names, r.FullName)
		}
		if err != nil || !slices.Equal(names, c.roster) || opened.Passed != 2 || opened.PassedSeen() != len(c.roster) {
			t.Errorf("%s: roster %v, %d passed, %v", username, names, opened.Passed, err)
		}
	}
	if _, err := h.Classes.List(t.Context(), h.Viewer("quantri"), class.Query{}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("an administrator: %v", err)
	}
	if _, err := h.Classes.List(t.Context(), h.Viewer("bithu.ltt"), class.Query{OrgID: h.Org("DH")}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the classes of another organisation: %v", err)
	}
}

func TestTheListIsNarrowedByKindStateAndYear(t *testing.T) {
	t.Parallel()
	h := apptest.New(t) // has 01/2026, over
	v := h.Viewer("tuyengiao")
	for number, f := range map[string]class.Fields{
		"running": {Starts: d("2026-11-20"), Ends: d("2026-11-23")},
		"planned": {Starts: d("2026-11-24"), Ends: d("2026-12-01"), Kind: party.NewMemberClass},
		"closed":  {Starts: d("2025-10-01"), Ends: d("2025-10-02")},
	} {
		f.OrgID, f.Number = h.Org("K"), number
		id := create(t, h, f)
		if number == "closed" {
			if err := h.Classes.Close(t.Context(), v, class.Closing{ClassID: id, Version: 1}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for want, q := range map[string]class.Query{
		"running 01/2026 closed":  {Kind: party.AwarenessClass},
		"planned":                 {State: class.Planned, Kind: party.NewMemberClass},
		"running":                 {State: class.Running},
		"01/2026":                 {State: class.Finished},
		"closed":                  {State: class.Closed, Year: 2025},
		"planned running 01/2026": {Year: 2026},
		"":                        {Year: 2024},
	} {
		list, err := h.Classes.List(t.Context(), v, q)
		var got []string
		for _, c := range list.Classes {
			got = append(got, c.Number)
		}
		if err != nil || strings.Join(got, " ") != want || list.Count != len(got) {
			t.Errorf("%+v: %v (%d), %v; want %s", q, got, list.Count, err, want)
		}
	}
}

func TestTheListGoesOnBehindACursor(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	for i := range class.PageSize {
		f := fields(h)
		f.Number = fmt.Sprintf("%d", i)
		create(t, h, f)
	}
	v := h.Viewer("tuyengiao")
	first, err := h.Classes.List(t.Context(), v, class.Query{})
	after, parseErr := keyset.Parse(first.Next.String())
	if err != nil || parseErr != nil || len(first.Classes) != class.PageSize {
		t.Fatalf("%d, %v, %v", len(first.Classes), err, parseErr)
	}
	rest, err := h.Classes.List(t.Context(), v, class.Query{After: after})
	if err != nil || len(rest.Classes) != 1 || rest.Classes[0].ID != h.ClassID || rest.Next != (class.Cursor{}) {
		t.Errorf("%+v, %v", rest, err)
	}
	for _, bad := range []string{"x", "2026-01-01", "2026-01-01.x", ".1", "2026-01-01.-1"} {
		if _, err := keyset.Parse(bad); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestAwarenessClassesAreCountedByOrganiserAndFirstDay(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	own := fields(h)
	own.OrgID = h.Org("DH")
	create(t, h, own)
	newMembers := fields(h)
	newMembers.Kind = party.NewMemberClass
	create(t, h, newMembers)
	for _, c := range []struct {
		org         string
		from, until string
		want        int
	}{{"K", "2026-01-01", "2026-12-31", 2}, {"K", "2026-03-07", "2026-03-07", 1}, {"K", "2026-03-08", "2026-10-09", 0}, {"DH", "2026-01-01", "2026-12-31", 1}, {"GD", "2026-01-01", "2026-12-31", 0}} {
		err := h.DB.Read(t.Context(), h.Viewer("vanphong"), func(ctx context.Context, tx *postgres.Tx) error {
			n, err := h.Classes.Count(ctx, tx, h.Org(c.org), nil, d(c.from), d(c.until))
			if n != c.want {
				t.Errorf("%+v: %d", c, n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
