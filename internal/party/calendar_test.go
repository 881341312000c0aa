package party

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var workdays = NewCalendar(DefaultHolidays())

func weekend(d Date) bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }

func TestShippedHolidaysAreWeekdaysOff(t *testing.T) {
	off := map[int]int{}
	seen := map[Date]bool{}
	for _, d := range DefaultHolidays() {
		if seen[d.Date] {
			t.Errorf("%s stands twice", d.Date)
		}
		seen[d.Date] = true
		if weekend(d.Date) != (d.Kind == WorkingDay) {
			t.Errorf("%s is a %s and kept as %s", d.Date, d.Date.Weekday(), d.Kind)
		}
		if d.Name == "" || d.Confidence != SecondHand && d.Confidence != Recalled {
			t.Errorf("%s: name %q, mark %q", d.Date, d.Name, d.Confidence)
		}
		if d.Kind == Holiday {
			off[d.Date.Year]++
		} else {
			off[d.Date.Year]-- // a worked Saturday makes up for a moved day
		}
	}
	// 10 days off; 11 since the Labour Code of 2019 added one in September; 12 with the Day of Culture
	for year, want := range map[int]int{2020: 10, 2021: 11, 2022: 11, 2023: 11, 2024: 11, 2025: 11, 2026: 12, 2027: 12} {
		if off[year] != want {
			t.Errorf("%d has %d public holidays, want %d", year, off[year], want)
		}
	}
	if len(off) != 8 {
		t.Errorf("holidays of %d years", len(off))
	}
}

// The first three days of the lunar year and the tenth of its third month are never worked.
func TestLunarHolidaysAreNotWorked(t *testing.T) {
	for _, y := range []struct{ newYear, hungKings string }{
		{"2020-01-25", "2020-04-02"},
		{"2021-02-12", "2021-04-21"},
		{"2022-02-01", "2022-04-10"},
		{"2023-01-22", "2023-04-29"},
		{"2024-02-10", "2024-04-18"},
		{"2025-01-29", "2025-04-07"},
		{"2026-02-17", "2026-04-26"},
		{"2027-02-06", "2027-04-16"},
	} {
		first := MustDate(y.newYear)
		for _, d := range []Date{first.AddDays(-1), first, first.AddDays(1), first.AddDays(2), MustDate(y.hungKings)} {
			if workdays.IsWorking(d) {
				t.Errorf("%s is worked", d)
			}
		}
		// a holiday on a weekend is given back on the next working day
		if d := MustDate(y.hungKings); weekend(d) && workdays.AddWorkingDays(d, 1) == nextWeekday(d) {
			t.Errorf("no day in lieu of %s", d)
		}
	}
}

func nextWeekday(d Date) Date {
	for d = d.AddDays(1); weekend(d); d = d.AddDays(1) {
	}
	return d
}

func TestHolidaysOfAFixedDateAreNotWorked(t *testing.T) {
	for year := 2020; year <= 2027; year++ {
		for _, d := range []Date{{year, 1, 1}, {year, 4, 30}, {year, 5, 1}, {year, 9, 2}} {
			if workdays.IsWorking(d) {
				t.Errorf("%s is worked", d)
			}
		}
		beside := !workdays.IsWorking(Date{year, 9, 1}) || !workdays.IsWorking(Date{year, 9, 3})
		if year > 2020 && !beside {
			t.Errorf("%d: neither the day before nor the day after 2 September is off", year)
		}
	}
}

// Counted by hand on the wall calendars of the years.
func TestWorkingDaysAreCountedAcrossHolidays(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2024-03-04", 0, "2024-03-04"},  // none to count
		{"2024-03-01", 1, "2024-03-04"},  // Friday to Monday
		{"2024-02-07", 1, "2024-02-15"},  // the last day before Tết 2024 to the first after it
		{"2024-02-01", 5, "2024-02-15"},  // 2, 5, 6, 7 February, then 15
		{"2025-01-24", 1, "2025-02-03"},  // Tết 2025
		{"2025-01-20", 10, "2025-02-10"}, // 21-24 January, 3-7 and 10 February
		{"2026-02-13", 2, "2026-02-24"},  // Tết 2026
		{"2024-04-26", 1, "2024-05-02"},  // 29 April was moved
		{"2024-05-02", 2, "2024-05-04"},  // to Saturday 4 May
		{"2025-04-25", 1, "2025-04-26"},  // a worked Saturday
		{"2025-04-29", 1, "2025-05-05"},
		{"2026-04-24", 1, "2026-04-28"}, // in lieu of the Hùng Kings' day
		{"2025-08-29", 1, "2025-09-03"},
		{"2024-03-04", 30, "2024-04-15"}, // six weeks without a holiday
		{"2024-03-04", 33, "2024-04-19"}, // and across 18 April
	} {
		if got := workdays.AddWorkingDays(MustDate(c.from), c.n); got != MustDate(c.want) {
			t.Errorf("%s + %d working days = %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

// n working days later is a working day, and with it there are n of them after the first day.
func TestTheNthWorkingDayHasNWorkingDaysUpToIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := MustDate("2019-12-01").AddDays(rapid.IntRange(0, 3000).Draw(t, "from"))
		n := rapid.IntRange(1, 70).Draw(t, "n")
		to := workdays.AddWorkingDays(from, n)
		if !workdays.IsWorking(to) {
			t.Fatalf("%s is not worked", to)
		}
		count := 0
		for d := from.AddDays(1); !d.After(to); d = d.AddDays(1) {
			if workdays.IsWorking(d) {
				count++
			}
		}
		if count != n {
			t.Fatalf("%d working days from %s to %s, want %d", count, from, to, n)
		}
	})
}

func TestADayOfTheTableWinsOverTheWeek(t *testing.T) {
	saturday, monday := MustDate("2024-03-02"), MustDate("2024-03-04")
	c := NewCalendar([]CalendarDay{{Date: saturday, Kind: WorkingDay}, {Date: monday, Kind: Holiday}})
	if !c.IsWorking(saturday) || c.IsWorking(monday) || c.IsWorking(saturday.AddDays(1)) || !c.IsWorking(monday.AddDays(1)) {
		t.Error("the table does not win")
	}
}
