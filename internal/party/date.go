package party

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date is a civil day: no time of day, no zone. The zero Date means "not known".
// Dates compare with ==.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ErrDate says that a text is not a day of the calendar.
var ErrDate = errors.New("not a date")

// NewDate gives the civil day y-m-d without checking that it exists; see Date.Valid.
func NewDate(y int, m time.Month, d int) Date { return Date{y, m, d} }

// DateOf gives the day that t falls on in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads what people type: 1/9/2024, 01-09-2024, 1.9.2024 and the ISO form
// 2024-09-01. The year has four digits. An empty text gives the zero Date.
func ParseDate(s string) (Date, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Date{}, nil
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '-' || r == '.' })
	if len(parts) != 3 || len(s)-2 != len(parts[0])+len(parts[1])+len(parts[2]) {
		return Date{}, ErrDate
	}
	if len(parts[0]) == 4 {
		parts[0], parts[2] = parts[2], parts[0]
	}
	if len(parts[0]) > 2 || len(parts[1]) > 2 || len(parts[2]) != 4 {
		return Date{}, ErrDate
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.ParseUint(p, 10, 16)
		if err != nil {
			return Date{}, ErrDate
		}
		n[i] = int(v)
	}
	d := Date{n[2], time.Month(n[1]), n[0]}
	if !d.Valid() {
		return Date{}, ErrDate
	}
	return d, nil
}

// MustDate is ParseDate for constants in code and tests; it panics on a text that is no date.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic("party: " + strconv.Quote(s) + " is not a date")
	}
	return d
}

// Valid tells whether the day exists in the calendar, from year 1 on.
func (d Date) Valid() bool {
	return d.Year >= 1 && d.Month >= 1 && d.Month <= 12 && d.Day >= 1 && d.Day <= daysIn(d.Year, d.Month)
}

// IsZero tells whether the day is not known.
func (d Date) IsZero() bool { return d == Date{} }

// Time gives midnight UTC of the day, for calendar arithmetic only.
func (d Date) Time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// Weekday gives the day of the week.
func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }

// Before tells whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After tells whether d is a later day than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// Compare gives -1, 0 or +1 as d is before, on or after e. The zero Date is before all others.
func (d Date) Compare(e Date) int {
	a := (d.Year*16+int(d.Month))*32 + d.Day
	b := (e.Year*16+int(e.Month))*32 + e.Day
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Latest gives the last of some days.
func Latest(first Date, more ...Date) Date {
	for _, d := range more {
		if d.After(first) {
			first = d
		}
	}
	return first
}

// AddDays gives the day n calendar days later (earlier when n is negative).
func (d Date) AddDays(n int) Date { return DateOf(d.Time().AddDate(0, 0, n)) }

// AddMonths gives the same day n months later, clamped to the end of the month:
// 31 August + 6 months is 28 or 29 February. No regulation defines the month end;
// this is the reading domain.md asks to pick and to show.
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month, 1, 0, 0, 0, 0, time.UTC).AddDate(0, n, 0)
	y, m, _ := first.Date()
	return Date{y, m, min(d.Day, daysIn(y, m))}
}

// AddYears gives the same day n years later, clamped like AddMonths.
func (d Date) AddYears(n int) Date { return d.AddMonths(12 * n) }

// DaysSince gives the number of days from e to d.
func (d Date) DaysSince(e Date) int {
	return int((d.Time().Unix() - e.Time().Unix()) / 86400) // a time.Duration ends after 292 years
}

// String gives the ISO form 2024-09-01, or "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// Vietnamese gives the day as it is shown on screen and paper, 01/09/2024, or "".
func (d Date) Vietnamese() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d/%02d/%04d", d.Day, int(d.Month), d.Year)
}

// MarshalText writes the ISO form.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote, and the forms people type.
func (d *Date) UnmarshalText(b []byte) error {
	v, err := ParseDate(string(b))
	if err != nil {
		return fmt.Errorf("date %q: %w", b, err)
	}
	*d = v
	return nil
}

func daysIn(y int, m time.Month) int {
	return time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
