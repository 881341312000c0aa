package party

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func months(list ...string) (out []Date) {
	for _, m := range list {
		out = append(out, MustDate(m+"-01"))
	}
	return out
}

// Each month has the rate of its own first day, and what is paid or decided is passed over.
func TestThroughWhichMonthsDuesArePaid(t *testing.T) {
	freed := []ExemptionSpan{{Kind: Exempt, From: MustDate("2026-03-15"), Until: MustDate("2026-04-02"), NoDues: true}}
	paying := []ExemptionSpan{{Kind: Suspended, From: MustDate("2026-03-15")}}
	for name, c := range map[string]struct {
		book   DuesBook
		begins string
		last   string
		amount int
		want   string
	}{
		"after the month through which he has paid":   {book: DuesBook{Paid: months("2026-05", "2026-06")}, last: "2026-08", want: "2026-07 5000, 2026-08 5000"},
		"over the day on which the rate changes":      {book: DuesBook{Paid: months("2025-11")}, last: "2026-02", want: "2025-12 3000, 2026-01 3000, 2026-02 5000"},
		"over the new year":                           {book: DuesBook{Paid: months("2026-11")}, last: "2027-01", want: "2026-12 5000, 2027-01 5000"},
		"arrears first":                               {book: DuesBook{Paid: months("2026-05", "2026-07"), Unpaid: months("2026-06")}, last: "2026-08", want: "2026-06 5000 arrears, 2026-08 5000"},
		"arrears only, and nothing ever paid":         {book: DuesBook{Unpaid: months("2026-02", "2026-03")}, begins: "2026-06", last: "2026-03", want: "2026-02 5000 arrears, 2026-03 5000 arrears"},
		"from joining":                                {book: DuesBook{JoinedOn: MustDate("2026-06-19")}, begins: "2026-01", last: "2026-07", want: "2026-06 5000, 2026-07 5000"},
		"not before the cell's book begins":           {book: DuesBook{JoinedOn: MustDate("2019-06-19")}, begins: "2026-06", last: "2026-06", want: "2026-06 5000"},
		"months of which a decision frees":            {book: DuesBook{Paid: months("2026-02"), Released: freed}, last: "2026-05", want: "2026-05 5000"},
		"freed after it was entered as unpaid":        {book: DuesBook{Paid: months("2026-02"), Unpaid: months("2026-03"), Released: freed}, last: "2026-05", want: "2026-05 5000"},
		"who is suspended pays":                       {book: DuesBook{Paid: months("2026-02"), Released: paying}, last: "2026-03", want: "2026-03 5000"},
		"has paid that far already":                   {book: DuesBook{Paid: months("2026-05", "2026-06")}, last: "2026-06", want: ""},
		"whose dues depend on the wage, as it is":     {book: DuesBook{Category: Worker, Paid: months("2026-06")}, last: "2026-08", amount: 87_000, want: "2026-07 87000, 2026-08 87000"},
		"whose dues depend on the wage, not given":    {book: DuesBook{Category: Worker, Paid: months("2026-06")}, last: "2026-08", want: "?"},
		"whose dues depend on the wage, too large":    {book: DuesBook{Category: Worker, Paid: months("2026-06")}, last: "2026-08", amount: MaxDues + 1, want: "?"},
		"a student's amount is not taken as it comes": {book: DuesBook{Paid: months("2026-06")}, last: "2026-07", amount: 1, want: "2026-07 5000"},
	} {
		if c.book.Category == "" {
			c.book.Category = Student
		}
		begins := MustDate("2026-01-01")
		if c.begins != "" {
			begins = MustDate(c.begins + "-01")
		}
		list, ok := c.book.Through(shipped, c.book.Next(begins), MustDate(c.last+"-01"), c.amount)
		got := "?"
		if ok {
			got = ""
			for _, p := range list {
				if got += fmt.Sprintf(", %04d-%02d %d", p.Month.Year, int(p.Month.Month), p.Amount); p.Arrears {
					got += " arrears"
				}
			}
			got = string([]rune(got)[min(2, len(got)):])
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Whatever the book says, after a payment through a month nothing up to it is owed, what was paid stays
// paid, nothing lies before joining, and paying again pays nothing.
func TestAPaymentLeavesNothingOwedAndIsMadeOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := MustDate("2025-06-01")
		b := DuesBook{Category: Student, JoinedOn: first.AddDays(rapid.IntRange(0, 500).Draw(t, "joined"))}
		for n := range 24 {
			month := first.AddMonths(n)
			if b.JoinedOn.After(MonthEnd(month)) {
				continue
			}
			switch rapid.IntRange(0, 2).Draw(t, "state") {
			case 1:
				b.Paid = append(b.Paid, month)
			case 2:
				b.Unpaid = append(b.Unpaid, month)
			}
		}
		if rapid.Bool().Draw(t, "freed") {
			from := first.AddDays(rapid.IntRange(0, 700).Draw(t, "from"))
			b.Released = []ExemptionSpan{{Kind: Exempt, From: from, Until: from.AddDays(rapid.IntRange(0, 200).Draw(t, "days")), NoDues: true}}
		}
		begins, last := first.AddMonths(rapid.IntRange(0, 24).Draw(t, "begins")), first.AddMonths(rapid.IntRange(0, 36).Draw(t, "last"))
		from := b.Next(begins)
		list, ok := b.Through(shipped, from, last, 0)
		if !ok {
			t.Fatal("a student's dues are not known")
		}
		after := b
		after.Paid, after.Unpaid = slices.Clone(b.Paid), slices.Clone(b.Unpaid)
		for _, p := range list {
			rate, _ := shipped.On(DuesStudent, p.Month)
			if p.Amount != rate.Value || p.Month.Before(from) || p.Month.After(last) || b.Standing(p.Month) == DuesStandBefore || slices.Contains(b.Paid, p.Month) {
				t.Fatalf("%+v of %+v", p, b)
			}
			if arrears := slices.Contains(b.Unpaid, p.Month); arrears != p.Arrears {
				t.Fatalf("%+v: arrears %v", p, arrears)
			}
			after.Paid = append(after.Paid, p.Month)
			after.Unpaid = slices.DeleteFunc(after.Unpaid, func(m Date) bool { return m == p.Month })
		}
		slices.SortFunc(after.Paid, Date.Compare)
		for month := from; !month.After(last); month = month.AddMonths(1) {
			if s := after.Standing(month); s != DuesStandPaid && s != DuesStandFreed {
				t.Fatalf("%s is %s after a payment through %s", month, s, last)
			}
		}
		if again, _ := after.Through(shipped, after.Next(begins), last, 0); len(again) > 0 {
			t.Fatalf("paid twice: %+v", again)
		}
	})
}

func TestHowFarAheadDuesMayBePaid(t *testing.T) {
	today := MustDate("2026-11-23")
	if got := DuesLimit(shipped, today); got != MustDate("2027-11-01") {
		t.Errorf("as it ships: through %s", got)
	}
	for value, want := range map[int]string{1: "2026-12-01", 3: "2027-02-01", 1000: "2031-11-01"} {
		book := NewRulebook([]Rule{{ID: DuesAhead, Value: value, Unit: Months, From: MustDate("2020-01-01")}})
		if got := DuesLimit(book, today); got != MustDate(want) {
			t.Errorf("%d months: through %s, want %s", value, got, want)
		}
	}
	if got := DuesLimit(NewRulebook(nil), today); got != MustDate("2026-11-01") {
		t.Errorf("without a setting: through %s", got)
	}
}
