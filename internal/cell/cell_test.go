package cell_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest"
	"ketnap/internal/cell"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
	"ketnap/internal/warning"
)

var day = party.MustDate

// month is a month of a cell to which everybody came and for which everybody paid.
func month(h *apptest.House, code, heldOn string) cell.Entry {
	return cell.Entry{Key: uuid.NewString(), OrgID: h.Org(code), Rest: cell.Said{Presence: party.Present, Dues: party.DuesPaid},
		Meeting: cell.Meeting{Month: party.MonthOf(day(heldOn)), Kind: party.RegularMeeting, HeldOn: day(heldOn), Minutes: "08-BB/CB"}, Rows: map[int64]cell.Said{}}
}

func save(t *testing.T, h *apptest.House, in cell.Entry) int {
	t.Helper()
	n, err := h.Cells.Save(t.Context(), h.Viewer("bithu.ltt"), in)
	if err != nil {
		t.Fatal(err, keys(err))
	}
	return n
}

func open(t *testing.T, h *apptest.House, heldOn string) cell.Month {
	t.Helper()
	m, err := h.Cells.Month(t.Context(), h.Viewer("bithu.ltt"), h.Org("LTT"), day(heldOn), party.RegularMeeting)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func keys(err error) (out []string) {
	if e := fault.As(err); e != nil {
		for _, f := range e.Fields {
			out = append(out, f.Name+" "+f.Key)
		}
	}
	slices.Sort(out)
	return out
}

// members enters members who joined on 2026-06-19.
func members(h *apptest.House, n int) (ids []int64) {
	for i := range n {
		ids = append(ids, h.Enter(h.Fields("LTT", fmt.Sprintf("Nguyễn Thị An %03d", i)), party.Ceremony))
	}
	return ids
}

func TestAMonthIsEnteredByItsExceptions(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := members(h, 4)
	in := month(h, "LTT", "2026-08-05")
	in.Rows[ids[1]] = cell.Said{Presence: party.Excused}
	in.Rows[ids[2]] = cell.Said{Presence: party.Absent, Dues: party.DuesUnpaid}
	if n := save(t, h, in); n != 4 {
		t.Errorf("%d are entered", n)
	}
	if n := save(t, h, in); n != 0 {
		t.Errorf("sent again, %d are entered", n)
	}
	m := open(t, h, "2026-08-01")
	for i, want := range []cell.Said{{Presence: party.Present, Dues: party.DuesPaid, Amount: 5000}, {Presence: party.Excused, Dues: party.DuesPaid, Amount: 5000},
		{Presence: party.Absent, Dues: party.DuesUnpaid, Amount: 5000}, {Presence: party.Present, Dues: party.DuesPaid, Amount: 5000}} {
		if r := m.Rows[i]; r.PersonID != ids[i] || r.Presence != want.Presence || r.Dues != want.Dues || r.Amount != want.Amount {
			t.Errorf("row %d is %+v, want %+v", i, r, want)
		}
	}
	if m.Version != 1 || m.HeldOn != day("2026-08-05") || m.Minutes != "08-BB/CB" {
		t.Errorf("the meeting is %+v", m.Meeting)
	}
	in.Key, in.Version, in.Rows = uuid.NewString(), 1, map[int64]cell.Said{ids[2]: {Presence: party.Excused}}
	save(t, h, in)
	got, err := h.Cells.Get(t.Context(), h.Viewer("bithu.ltt"), h.Org("LTT"), 2026)
	if err != nil || len(got.Members) != 4 {
		t.Fatal(err, len(got.Members))
	}
	if x := got.Members[2]; x.Excused != 1 || x.Meetings != 1 || x.PaidTo != day("2026-08-01") || x.Unpaid != 0 {
		t.Errorf("after the correction: %+v", x)
	}
	if len(got.Months) != 11 || got.Months[0].Month != day("2026-11-01") || !got.Months[0].HeldOn.IsZero() {
		t.Errorf("months: %+v", got.Months)
	}
	if aug := got.Months[3]; aug.People != 4 || aug.Present != 3 || aug.Paid != 4 || aug.Amount != 20000 {
		t.Errorf("August: %+v", aug)
	}
}

func TestWhatCannotBeIsRefusedAndNothingIsKept(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := members(h, 2) // joined on 2026-06-19
	stranger := h.Enter(h.Fields("NTH", "Lê Văn Xa"), party.Ceremony)
	for name, c := range map[string]struct {
		change func(*cell.Entry)
		want   string
	}{
		"before joining":   {func(e *cell.Entry) { e.Rows[ids[0]] = cell.Said{Presence: party.Present} }, fmt.Sprintf("at_%d cells.error.before_joining", ids[0])},
		"another cell":     {func(e *cell.Entry) { e.Rows[stranger] = cell.Said{Presence: party.Present} }, fmt.Sprintf("at_%d cells.error.no_member", stranger)},
		"no day":           {func(e *cell.Entry) { e.HeldOn = party.Date{} }, "held_on errors.date_required"},
		"another month":    {func(e *cell.Entry) { e.HeldOn = day("2026-07-01") }, "held_on cells.error.other_month"},
		"to come":          {func(e *cell.Entry) { e.HeldOn, e.Month = day("2026-12-01"), day("2026-12-01") }, "held_on cells.error.future"},
		"no rest":          {func(e *cell.Entry) { e.Rest.Presence = "?" }, "rest_at errors.choice"},
		"no rest of dues":  {func(e *cell.Entry) { e.Rest.Dues = "" }, "rest_dues errors.choice"},
		"no topic":         {func(e *cell.Entry) { e.Kind = party.ThematicMeeting }, "topic cells.error.topic"},
		"another presence": {func(e *cell.Entry) { e.HeldOn = day("2026-06-25"); e.Rows[ids[0]] = cell.Said{Presence: "late"} }, fmt.Sprintf("at_%d errors.choice", ids[0])},
	} {
		in := month(h, "LTT", "2026-06-10")
		c.change(&in)
		if _, err := h.Cells.Save(t.Context(), h.Viewer("bithu.ltt"), in); !slices.Equal(keys(err), []string{c.want}) {
			t.Errorf("%s: %v %v, want %s", name, err, keys(err), c.want)
		}
	}
	if m := open(t, h, "2026-06-01"); m.ID != 0 || m.Rows[0].Presence != "" || m.Rows[0].Dues != "" {
		t.Errorf("something was kept: %+v", m)
	}
	if n := save(t, h, month(h, "LTT", "2026-06-10")); n != 0 {
		t.Errorf("%d are entered for a day on which nobody had joined", n)
	}
}

func TestAMonthThatSomebodyElseSavedIsNotOverwritten(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	members(h, 1)
	save(t, h, month(h, "LTT", "2026-08-05"))
	_, err := h.Cells.Save(t.Context(), h.Viewer("coso.gd"), month(h, "LTT", "2026-08-06"))
	if fault.KindOf(err) != fault.Conflict {
		t.Fatalf("the second first save: %v", err)
	}
	if st, ok := fault.As(err).Detail.(cell.Stale); !ok || st.By != "Tài khoản bithu.ltt" {
		t.Errorf("it says %+v", fault.As(err).Detail)
	}
}

func TestOnlyThoseOfTheCellEnterItsMonths(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	members(h, 1)
	for username, want := range map[string]fault.Kind{"bithu.nth": fault.NotFound, "doan.ltt": fault.NotFound, "kiemtra": fault.Forbidden, "lanhdao": fault.Forbidden, "quantri": fault.NotFound} {
		if _, err := h.Cells.Save(t.Context(), h.Viewer(username), month(h, "LTT", "2026-08-05")); fault.KindOf(err) != want {
			t.Errorf("%s: %v", username, err)
		}
	}
}

// Whose dues depend on his wage pays what is typed, and the month after the same.
func TestTheDuesOfOneOnASalaryAreTyped(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	f := h.Fields("LTT", "Trần Thị Giáo")
	f.Category = party.Worker
	id := h.Enter(f, "")
	_, err := h.People.Record(t.Context(), h.Viewer("vanphong"), people.NewStep{PersonID: id, Version: 1, Kind: party.Received, On: day("2026-01-10"),
		Facts: party.ReceivedFacts{DecidedOn: day("2019-12-01"), JoinedOn: day("2020-01-10"), OfficialOn: day("2021-01-10")}})
	if err != nil {
		t.Fatal(err)
	}
	in := month(h, "LTT", "2026-08-05")
	_, err = h.Cells.Save(t.Context(), h.Viewer("bithu.ltt"), in)
	if want := fmt.Sprintf("amount_%d cells.error.amount", id); !slices.Equal(keys(err), []string{want}) {
		t.Fatalf("without an amount: %v", keys(err))
	}
	in.Rows[id] = cell.Said{Amount: 87000}
	save(t, h, in)
	save(t, h, month(h, "LTT", "2026-09-05"))
	if m := open(t, h, "2026-09-01"); m.Rows[0].Amount != 87000 || m.Rows[0].Dues != party.DuesPaid {
		t.Errorf("the month after: %+v", m.Rows[0])
	}
}

func TestAMonthOfALargeCellTakesAsManyStatementsAsOfASmallOne(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	var small int
	for _, n := range []int{2, 198} {
		members(h, n)
		ctx, sent := postgres.CountQueries(t.Context())
		if _, err := h.Cells.Save(ctx, h.Viewer("bithu.ltt"), month(h, "LTT", fmt.Sprintf("2026-%02d-05", 8+n/198))); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Cells.Get(ctx, h.Viewer("bithu.ltt"), h.Org("LTT"), 2026); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Cells.Month(ctx, h.Viewer("bithu.ltt"), h.Org("LTT"), day("2026-08-01"), party.RegularMeeting); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Warnings.List(ctx, h.Viewer("bithu.ltt"), warning.Query{}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Cells.List(ctx, h.Viewer("vanphong"), 0); err != nil {
			t.Fatal(err)
		}
		if small == 0 {
			small = sent()
		} else if got := sent(); got > small {
			t.Errorf("%d statements for the small cell, %d for the large one", small, got)
		}
	}
}
