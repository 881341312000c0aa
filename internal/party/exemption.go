package party

// ExemptionKind tells why a member is not expected at the meetings of his cell.
type ExemptionKind string

// The kinds. Who is suspended still pays dues (dues.suspended); who is exempt does unless the decision
// says otherwise.
const (
	Exempt    ExemptionKind = "exempt"    // miễn công tác và sinh hoạt đảng
	Suspended ExemptionKind = "suspended" // đình chỉ sinh hoạt đảng
)

// ExemptionKinds lists the kinds in the order in which pages show them.
var ExemptionKinds = []ExemptionKind{Exempt, Suspended}

// ExemptionSpan is a span in which a member is not expected at meetings.
type ExemptionSpan struct {
	Kind   ExemptionKind
	From   Date
	Until  Date // last day; zero while it goes on
	NoDues bool
}

// Covers tells whether a day lies in the span.
func (e ExemptionSpan) Covers(day Date) bool {
	return !day.Before(e.From) && (e.Until.IsZero() || !day.After(e.Until))
}

// Overlaps tells whether two spans have a day in common.
func (e ExemptionSpan) Overlaps(o ExemptionSpan) bool {
	return e.Covers(o.From) || o.Covers(e.From)
}

// FreesOfDues tells whether the decision frees of the dues of a month: one that has a day in its span.
func (e ExemptionSpan) FreesOfDues(month Date) bool {
	return e.NoDues && e.Overlaps(ExemptionSpan{From: MonthOf(month), Until: MonthEnd(month)})
}

// daysOf counts the days of a year that lie in the span.
func (e ExemptionSpan) daysOf(year int) int {
	from, last := Latest(e.From, NewDate(year, 1, 1)), YearEnd(year)
	if !e.Until.IsZero() && e.Until.Before(last) {
		last = e.Until
	}
	return max(last.DaysSince(from)+1, 0)
}
