package party

import "time"

// DayKind says how a day of the calendar table differs from the week's rule.
type DayKind string

// The kinds of calendar days: days off that fall on weekdays, and worked weekend days.
const (
	Holiday    DayKind = "holiday"
	WorkingDay DayKind = "working"
)

// CalendarDay is one day that differs from the week's rule.
type CalendarDay struct {
	Date       Date
	Kind       DayKind
	Name       string
	Confidence Confidence
}

// Calendar tells working days from others: Monday to Friday, but for the days of the table.
type Calendar struct{ days map[Date]DayKind }

// NewCalendar makes a calendar from its table.
func NewCalendar(days []CalendarDay) *Calendar {
	c := &Calendar{days: make(map[Date]DayKind, len(days))}
	for _, d := range days {
		c.days[d.Date] = d.Kind
	}
	return c
}

// IsWorking tells whether a day is worked.
func (c *Calendar) IsWorking(d Date) bool {
	switch c.days[d] {
	case Holiday:
		return false
	case WorkingDay:
		return true
	}
	w := d.Weekday()
	return w != time.Saturday && w != time.Sunday
}

// AddWorkingDays gives the n-th working day after d: the first working day after d counts as 1.
func (c *Calendar) AddWorkingDays(d Date, n int) Date {
	for n > 0 {
		d = d.AddDays(1)
		if c.IsWorking(d) {
			n--
		}
	}
	return d
}
