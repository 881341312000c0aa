package party

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"
)

func TestADateIsReadAsPeopleTypeIt(t *testing.T) {
	want := Date{2024, 9, 1}
	for _, s := range []string{"1/9/2024", "01/09/2024", "01-09-2024", "1.9.2024", "2024-09-01", "2024-9-1", " 1/9/2024 "} {
		if got, err := ParseDate(s); err != nil || got != want {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
	if got, err := ParseDate("  "); err != nil || !got.IsZero() {
		t.Errorf("nothing typed: %v, %v", got, err)
	}
	for _, s := range []string{"31/2/2024", "29/02/2023", "0/1/2024", "1/13/2024", "1/0/2024", "1/1/24", "1/1/0000", "1/1/02024", "1/9", "1/9/2024/1",
		"1//9/2024", "/1/9/2024", "+1/9/2024", "-1/9/2024", "a/9/2024", "1 9 2024", "20240901", "１/9/2024", "1/9/2024x", "\x00", "001/9/2024"} {
		if got, err := ParseDate(s); err == nil {
			t.Errorf("%q is read as %v", s, got)
		}
	}
}

// Whatever is read is a day of the calendar, and reads the same from what is shown.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"1/9/2024", "2024-09-01", "29.02.2024", "31/12/9999", "1/1/1", "", "--", "2024-", "٣/٩/٢٠٢٤", "\xff/1/2024"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDate(s)
		if err != nil {
			if !d.IsZero() {
				t.Fatalf("%q: %v beside an error", s, d)
			}
			return
		}
		if !d.IsZero() && !d.Valid() {
			t.Fatalf("%q is read as %v", s, d)
		}
		for _, shown := range []string{d.String(), d.Vietnamese()} {
			if again, err := ParseDate(shown); err != nil || again != d {
				t.Fatalf("%q is shown as %q and read as %v", s, shown, again)
			}
		}
	})
}

func anyDate(t *rapid.T, label string) Date {
	return Date{1, 1, 1}.AddDays(rapid.IntRange(0, 3652058).Draw(t, label)) // up to 31 December 9999
}

func TestDaysAndMonthsAreCountedOnTheCalendar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDate(t, "date")
		n := rapid.IntRange(-2000, 2000).Draw(t, "n")
		e := d.AddDays(n)
		if e.DaysSince(d) != n || e.AddDays(-n) != d {
			t.Fatalf("%v + %d days = %v, which is %d days later", d, n, e, e.DaysSince(d))
		}
		if n > 0 != e.After(d) || n < 0 != e.Before(d) {
			t.Fatalf("%v and %v are in the wrong order", d, e)
		}
		m := d.AddMonths(n)
		if m.Day > d.Day || m.Year*12+int(m.Month) != d.Year*12+int(d.Month)+n {
			t.Fatalf("%v + %d months = %v", d, n, m)
		}
		if m.Day < d.Day && m.AddDays(1).Day != 1 {
			t.Fatalf("%v + %d months = %v, not the end of the month", d, n, m)
		}
	})
}

func TestDaysBetweenFarDatesAreCounted(t *testing.T) {
	if got := (Date{9999, 12, 31}).DaysSince(Date{1, 1, 1}); got != 3652058 {
		t.Errorf("%d days", got)
	}
}

func TestADateIsStoredAndShownInItsOwnForms(t *testing.T) {
	d := Date{2024, 9, 1}
	if d.String() != "2024-09-01" || d.Vietnamese() != "01/09/2024" || (Date{}).String() != "" || (Date{}).Vietnamese() != "" {
		t.Errorf("%q %q", d.String(), d.Vietnamese())
	}
	type record struct{ On, Until Date }
	b, err := json.Marshal(record{On: d})
	if err != nil || string(b) != `{"On":"2024-09-01","Until":""}` {
		t.Errorf("%s %v", b, err)
	}
	var got record
	if err := json.Unmarshal(b, &got); err != nil || got.On != d || !got.Until.IsZero() {
		t.Errorf("%+v %v", got, err)
	}
	if json.Unmarshal([]byte(`{"On":"2024-02-30"}`), &got) == nil {
		t.Error("30 February is read")
	}
}
