package cell_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest"
	"ketnap/internal/cell"
	"ketnap/internal/departure"
	"ketnap/internal/exemption"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
	"ketnap/internal/regulation"
	"ketnap/internal/transfer"
	"ketnap/internal/warning"
)

func register(t *testing.T, h *apptest.House, year int) cell.Register {
	t.Helper()
	g, err := h.Cells.Register(t.Context(), h.Viewer("bithu.ltt"), h.Org("LTT"), year)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// payment is one of the cell LTT in which everybody pays through a month; "" is nobody.
func payment(t *testing.T, h *apptest.House, all string) cell.Payment {
	t.Helper()
	in := cell.Payment{Key: uuid.NewString(), OrgID: h.Org("LTT"), Version: register(t, h, 2026).Version, Rows: map[int64]cell.Paying{}}
	if all != "" {
		in.All = day(all + "-01")
	}
	return in
}

func pay(t *testing.T, h *apptest.House, in cell.Payment) cell.Paid {
	t.Helper()
	out, err := h.Cells.Pay(t.Context(), h.Viewer("bithu.ltt"), in)
	if err != nil {
		t.Fatal(err, keys(err))
	}
	return out
}

// salaried enters a member of LTT whose dues depend on his wage.
func salaried(t *testing.T, h *apptest.House, name string) int64 {
	t.Helper()
	f := h.Fields("LTT", name)
	f.Category = party.Worker
	id := h.Enter(f, "")
	if _, err := h.People.Record(t.Context(), h.Viewer("vanphong"), people.NewStep{PersonID: id, Version: 1, Kind: party.Received, On: day("2026-01-10"),
		Facts: party.ReceivedFacts{DecidedOn: day("2019-12-01"), JoinedOn: day("2020-01-10"), OfficialOn: day("2021-01-10")}}); err != nil {
		t.Fatal(err)
	}
	return id
}

// A cell pays before the summer; one pays less far, one nothing, one his arrears too. What follows from
// it follows: the month through which dues are paid, warnings, and what a transfer paper states.
func TestDuesArePaidAheadForAWholeCell(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := members(h, 4) // joined on 2026-06-19
	in := month(h, "LTT", "2026-10-05")
	in.Rows[ids[3]] = cell.Said{Dues: party.DuesUnpaid}
	save(t, h, in)
	if l, err := h.Warnings.List(t.Context(), h.Viewer("bithu.ltt"), warning.Query{Kind: party.WarnUnpaid}); err != nil || len(l.Items) != 1 {
		t.Fatalf("before: %v, %d warnings", err, len(l.Items))
	}

	ahead := payment(t, h, "2027-02")
	ahead.Rows[ids[1]], ahead.Rows[ids[2]] = cell.Paying{Through: day("2026-12-01")}, cell.Paying{None: true}
	want := cell.Paid{People: 3, Months: 4 + 2 + 5, Amount: 11 * 5000, Arrears: 1}
	if got := pay(t, h, ahead); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := pay(t, h, ahead); got != want {
		t.Errorf("sent again: %+v", got)
	}
	g := register(t, h, 2027)
	for i, to := range []string{"2027-02-01", "2026-12-01", "2026-10-01", "2027-02-01"} {
		if r := g.Rows[i]; r.PersonID != ids[i] || r.PaidTo != day(to) || r.Owed != 0 {
			t.Errorf("%d: through %s, %d months owed, want %s", i, r.PaidTo, r.Owed, to)
		}
	}
	if sums := g.Sums(); sums != [12]int{10000, 10000} {
		t.Errorf("2027: %v", sums)
	}
	if l, err := h.Warnings.List(t.Context(), h.Viewer("bithu.ltt"), warning.Query{Kind: party.WarnUnpaid}); err != nil || len(l.Items) != 0 {
		t.Errorf("after the arrears: %v, %d warnings", err, len(l.Items))
	}
	if _, differ, err := h.Warnings.Examine(t.Context()); err != nil || len(differ) > 0 {
		t.Errorf("check: %v, %v", differ, err)
	}
	out, err := h.Transfers.Issue(t.Context(), h.Viewer("coso.gd"), transfer.Issue{Key: uuid.NewString(), From: h.Org("LTT"), To: h.Org("NTH"),
		Reason: "Chuyển trường", IssuerID: h.Org("GD"), On: day("2026-11-20"), People: []int64{ids[0]}})
	if err != nil || len(out.Rows) != 1 || out.Rows[0].Err != nil {
		t.Fatal(err, out)
	}
	paper, err := h.Transfers.Get(t.Context(), h.Viewer("coso.gd"), out.Rows[0].ID)
	if err != nil || paper.DuesTo != day("2027-02-01") {
		t.Errorf("the paper says through %s, %v", paper.DuesTo, err)
	}
}

// What was paid ahead shows on the month's sheet, and what the rest did does not undo it; only who is
// named is changed.
func TestAMonthsSheetDoesNotUndoWhatWasPaidAhead(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	h.SetToday(day("2026-09-20"))
	ids := members(h, 3)
	ahead := payment(t, h, "")
	ahead.Rows[ids[0]], ahead.Rows[ids[1]] = cell.Paying{Through: day("2026-11-01")}, cell.Paying{Through: day("2026-11-01")}
	pay(t, h, ahead)
	h.SetToday(day("2026-11-23"))
	for i, r := range open(t, h, "2026-11-01").Rows {
		if paid := r.Dues == party.DuesPaid && r.Apart; paid != (i < 2) || r.Amount != 5000 {
			t.Errorf("row %d before the meeting: %+v", i, r)
		}
	}
	in := month(h, "LTT", "2026-11-05")
	in.Rest.Dues = party.DuesUnpaid
	in.Rows[ids[1]] = cell.Said{Dues: party.DuesUnpaid}
	save(t, h, in)
	for i, want := range []party.DuesState{party.DuesPaid, party.DuesUnpaid, party.DuesUnpaid} {
		if r := open(t, h, "2026-11-01").Rows[i]; r.Dues != want || r.Apart != (i == 0) {
			t.Errorf("row %d after the meeting: %+v", i, r)
		}
	}
}

// Each month has the rate of its own day; whose dues depend on the wage needs an amount once.
func TestWhatIsPaidForAMonthIsItsOwnRate(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	members(h, 1)
	worker := salaried(t, h, "Trần Thị Giáo")
	rise := party.Rule{ID: party.DuesStudent, Value: 8000, Unit: party.Dong, From: day("2027-01-01"), Document: "9-QĐ/TW", Issued: day("2026-10-01"), Clause: "1", Confidence: party.SecondHand}
	end(t, h, party.DuesStudent, "2026-12-31")
	if _, err := h.Regulations.Save(t.Context(), h.Viewer("quantri"), regulation.Change{Key: uuid.NewString(), Rule: rise}); err != nil {
		t.Fatal(err, keys(err))
	}
	in := payment(t, h, "2027-01") // from this month on: the cell has no book yet
	_, err := h.Cells.Pay(t.Context(), h.Viewer("bithu.ltt"), in)
	if want := fmt.Sprintf("amount_%d cells.error.amount", worker); !slices.Equal(keys(err), []string{want}) {
		t.Fatalf("without an amount: %v", keys(err))
	}
	in.Rows[worker] = cell.Paying{Amount: 87_000}
	if got, want := pay(t, h, in), (cell.Paid{People: 2, Months: 6, Amount: 2*5000 + 8000 + 3*87_000}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := pay(t, h, payment(t, h, "2027-02")); got.Amount != 8000+87_000 {
		t.Errorf("the month after costs %d", got.Amount)
	}
}

// end gives the value of a rule that holds today a last day.
func end(t *testing.T, h *apptest.House, id party.RuleID, last string) {
	t.Helper()
	list, err := h.Regulations.Rules(t.Context(), h.Viewer("quantri"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if e.Rule.ID == id && e.Until.IsZero() {
			e.Until = day(last)
			if _, err := h.Regulations.Save(t.Context(), h.Viewer("quantri"), regulation.Change{Key: uuid.NewString(), ID: e.ID, Version: e.Version, Rule: e.Rule}); err != nil {
				t.Fatal(err, keys(err))
			}
		}
	}
}

// Whom a decision frees pays nothing for its months; whoever is suspended pays.
func TestWhoIsFreedByDecisionPaysNothing(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := members(h, 2)
	for i, span := range []party.ExemptionSpan{{Kind: party.Exempt, From: day("2026-11-10"), Until: day("2026-12-20"), NoDues: true}, {Kind: party.Suspended, From: day("2026-11-01")}} {
		if err := h.Exemptions.Enter(t.Context(), h.Viewer("vanphong"), uuid.NewString(), exemption.Exemption{PersonID: ids[i], Number: "1-QĐ/ĐU", DecidedOn: day("2026-11-01"), Reason: "Điều trị", ExemptionSpan: span}); err != nil {
			t.Fatal(err, keys(err))
		}
	}
	if got, want := pay(t, h, payment(t, h, "2027-01")), (cell.Paid{People: 2, Months: 1 + 3, Amount: 4 * 5000}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	year := register(t, h, 2026).Rows[0].Year
	if year[4].Standing != party.DuesStandBefore || year[7].Standing != party.DuesStandOpen || year[10].Standing != party.DuesStandFreed || year[11].Standing != party.DuesStandFreed {
		t.Errorf("the year of who is freed: %+v", year)
	}
}

func TestPaymentsThatCannotBeAreRefusedAndNothingIsKept(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := members(h, 2) // joined on 2026-06-19
	stranger := h.Enter(h.Fields("NTH", "Lê Văn Xa"), party.Ceremony)
	candidate := h.Enter(h.Fields("LTT", "Lê Văn Chờ"), party.Planned)
	worker := salaried(t, h, "Trần Thị Giáo")
	for name, c := range map[string]struct {
		all    string
		id     int64
		said   cell.Paying
		refuse string
	}{
		"everybody beyond the limit":   {all: "2027-12", refuse: "all dues.error.limit"},
		"one beyond the limit":         {id: ids[0], said: cell.Paying{Through: day("2027-12-01")}, refuse: "to_%d dues.error.limit"},
		"before joining":               {id: ids[0], said: cell.Paying{Through: day("2026-05-01")}, refuse: "to_%d dues.error.before_joining"},
		"another cell":                 {id: stranger, said: cell.Paying{Through: day("2026-12-01")}, refuse: "to_%d dues.error.no_member"},
		"no member":                    {id: candidate, said: cell.Paying{Through: day("2026-12-01")}, refuse: "to_%d dues.error.no_member"},
		"nothing left to pay":          {id: ids[0], said: cell.Paying{Through: day("2026-10-01")}, refuse: "to_%d dues.error.paid_already"},
		"no amount":                    {id: worker, said: cell.Paying{Through: day("2026-12-01")}, refuse: "amount_%d cells.error.amount"},
		"too large an amount":          {id: worker, said: cell.Paying{Through: day("2026-12-01"), Amount: party.MaxDues + 1}, refuse: "amount_%d cells.error.amount"},
		"less than nothing":            {id: worker, said: cell.Paying{Through: day("2026-12-01"), Amount: -5}, refuse: "amount_%d cells.error.amount"},
		"nothing is said":              {refuse: "all dues.error.nothing"},
		"nothing ahead to take back":   {id: ids[0], said: cell.Paying{Back: true}, refuse: "to_%d dues.error.nothing_ahead"},
		"everybody, and nobody has to": {all: "2026-10", refuse: "all dues.error.nobody"},
	} {
		in := payment(t, h, c.all)
		if c.id != 0 {
			in.Rows[c.id] = c.said
			in.Rows[ids[1]] = cell.Paying{Through: day("2026-12-01")} // is good, and kept all the same not
			c.refuse = fmt.Sprintf(c.refuse, c.id)
		}
		if _, err := h.Cells.Pay(t.Context(), h.Viewer("bithu.ltt"), in); !slices.Equal(keys(err), []string{c.refuse}) {
			t.Errorf("%s: %v %v, want %s", name, err, keys(err), c.refuse)
		}
	}
	for _, r := range register(t, h, 2026).Rows {
		if len(r.Paid)+len(r.Unpaid) > 0 {
			t.Errorf("something was kept of %s: %+v", r.FullName, r)
		}
	}
	for username, want := range map[string]fault.Kind{"bithu.nth": fault.NotFound, "doan.ltt": fault.NotFound, "kiemtra": fault.Forbidden, "lanhdao": fault.Forbidden, "quantri": fault.NotFound} {
		if _, err := h.Cells.Pay(t.Context(), h.Viewer(username), payment(t, h, "2026-12")); fault.KindOf(err) != want {
			t.Errorf("%s: %v", username, err)
		}
	}
}

// The limit is a setting, and holds from the day on from which it was set.
func TestTheCommitteeSetsHowFarAheadIsPaid(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	members(h, 1)
	end(t, h, party.DuesAhead, "2026-11-22")
	if _, err := h.Regulations.Save(t.Context(), h.Viewer("quantri"), regulation.Change{Key: uuid.NewString(), Rule: party.Rule{ID: party.DuesAhead, Value: 2, Unit: party.Months, From: day("2026-11-23"),
		Document: "5-QĐ/ĐU", Issued: day("2026-11-20"), Clause: "2", Confidence: party.Verified}}); err != nil {
		t.Fatal(err, keys(err))
	}
	if _, err := h.Cells.Pay(t.Context(), h.Viewer("bithu.ltt"), payment(t, h, "2027-02")); !slices.Equal(keys(err), []string{"all dues.error.limit"}) {
		t.Errorf("three months ahead: %v", keys(err))
	}
	if got := pay(t, h, payment(t, h, "2027-01")); got.Months != 3 {
		t.Errorf("two months ahead: %+v", got)
	}
}

func TestDuesThatSomebodyElseChangedAreNotOverwritten(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	members(h, 1)
	in := payment(t, h, "2026-12")
	save(t, h, month(h, "LTT", "2026-11-05"))
	_, err := h.Cells.Pay(t.Context(), h.Viewer("coso.gd"), in)
	if fault.KindOf(err) != fault.Conflict {
		t.Fatalf("after the month's sheet: %v", err)
	}
	if st, ok := fault.As(err).Detail.(cell.Stale); !ok || st.By != "Tài khoản bithu.ltt" {
		t.Errorf("it says %+v", fault.As(err).Detail)
	}
	in = payment(t, h, "2026-12")
	pay(t, h, payment(t, h, "2027-01"))
	if _, err := h.Cells.Pay(t.Context(), h.Viewer("coso.gd"), in); fault.KindOf(err) != fault.Conflict {
		t.Errorf("after another payment: %v", err)
	}
}

// A mistake is taken back for the months to come; those that have come are corrected on their sheets.
func TestWhatWasPaidAheadByMistakeIsTakenBack(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := members(h, 2)
	pay(t, h, payment(t, h, "2027-03"))
	in := payment(t, h, "")
	in.Rows[ids[0]] = cell.Paying{Back: true}
	if got, want := pay(t, h, in), (cell.Paid{Back: 4}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	g := register(t, h, 2026)
	if g.Rows[0].PaidTo != day("2026-11-01") || g.Rows[0].Ahead != 0 || g.Rows[1].PaidTo != day("2027-03-01") || g.Rows[1].Ahead != 4 {
		t.Errorf("after it: %+v, %+v", g.Rows[0], g.Rows[1])
	}
}

// What somebody did not pay in a membership that ended is no debt of the one that began since.
func TestMonthsBeforeSomebodyJoinedAreNoArrears(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := members(h, 1) // joined on 2026-06-19
	h.Own(fmt.Sprintf(`insert into dues (person_id, org_id, path, month, state, amount, changed_by) values (%d, %d, '{}', '2022-05-01', 'unpaid', 0, 1)`, ids[0], h.Org("LTT")))
	c, err := h.Cells.Get(t.Context(), h.Viewer("bithu.ltt"), h.Org("LTT"), 2022)
	if err != nil || len(c.Members) != 1 || c.Members[0].Unpaid != 0 {
		t.Errorf("he owes %+v, %v", c.Members, err)
	}
}

func TestTheRegisterOfALargeCellTakesAsManyStatementsAsOfASmallOne(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	var small int
	for i, n := range []int{2, 98} {
		members(h, n)
		in := payment(t, h, fmt.Sprintf("2026-%02d", 11+i))
		ctx, sent := postgres.CountQueries(t.Context())
		if _, err := h.Cells.Register(ctx, h.Viewer("bithu.ltt"), h.Org("LTT"), 2026); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Cells.Pay(ctx, h.Viewer("bithu.ltt"), in); err != nil {
			t.Fatal(err, keys(err))
		}
		if small == 0 {
			small = sent()
		} else if got := sent(); got > small {
			t.Errorf("%d statements for the small cell, %d for the large one", small, got)
		}
	}
}

// What a case of removal takes as evidence follows: arrears that were paid are none, nor is staying away
// while a decision exempts him.
func TestTheEvidenceOfARemovalFollowsWhatIsPaidAndDecided(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := members(h, 3)
	for _, heldOn := range []string{"2026-08-05", "2026-09-05", "2026-10-05"} {
		in := month(h, "LTT", heldOn)
		in.Rows[ids[0]] = cell.Said{Dues: party.DuesUnpaid}
		in.Rows[ids[1]], in.Rows[ids[2]] = cell.Said{Dues: party.DuesUnpaid}, cell.Said{Presence: party.Absent}
		save(t, h, in)
	}
	in := payment(t, h, "")
	in.Rows[ids[1]] = cell.Paying{Through: day("2026-09-01")}
	pay(t, h, in)
	if err := h.Exemptions.Enter(t.Context(), h.Viewer("vanphong"), uuid.NewString(), exemption.Exemption{PersonID: ids[2], Number: "1-QĐ/ĐU", DecidedOn: day("2026-08-01"), Reason: "Điều trị",
		ExemptionSpan: party.ExemptionSpan{Kind: party.Exempt, From: day("2026-08-01"), Until: day("2026-10-01")}}); err != nil {
		t.Fatal(err, keys(err))
	}
	for i, want := range []int{3, 1, 1} {
		id, err := h.Departures.Open(t.Context(), h.Viewer("bithu.ltt"), departure.Opening{PersonID: ids[i], Way: party.WayRemoved, Ground: party.RemoveProbationary, Reason: "Không đủ tư cách", On: day("2026-11-01")})
		if err != nil {
			t.Fatal(err, keys(err))
		}
		if c, err := h.Departures.Get(t.Context(), h.Viewer("bithu.ltt"), id); err != nil || c.Silent != want {
			t.Errorf("%d: %d silent months, want %d; %v", i, c.Silent, want, err)
		}
	}
}
