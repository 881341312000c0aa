package party

// MonthOf gives the first day of a day's month, by which months are named.
func MonthOf(d Date) Date { return NewDate(d.Year, d.Month, 1) }

// MonthEnd gives the last day of a day's month.
func MonthEnd(d Date) Date { return MonthOf(d).AddMonths(1).AddDays(-1) }

// DuesState is whether somebody's dues of a month were paid.
type DuesState string

// The states. DuesOpen is that nothing was entered yet.
const (
	DuesOpen   DuesState = ""
	DuesPaid   DuesState = "paid"
	DuesUnpaid DuesState = "unpaid"
)

// MaxDues bounds what is believed as the dues of one month, in đồng.
const MaxDues = 10_000_000

// DuesRate gives what somebody of a category pays for a month, by the rule that held on its first day.
// It answers false for those whose dues depend on their wage, which is not kept: theirs are typed.
func DuesRate(book *Rulebook, c Category, month Date) (amount int, known bool) {
	if !c.Counted() {
		return 0, false
	}
	r, ok := book.On(DuesStudent, MonthOf(month))
	return r.Value, ok
}

// PaidTo gives the month through which dues are paid: the one before the first unpaid, else the last
// paid. It is zero where none is known. The months are given with the oldest first.
func PaidTo(paid, unpaid []Date) Date {
	var last Date
	for _, m := range paid {
		if len(unpaid) > 0 && !m.Before(unpaid[0]) {
			break
		}
		last = m
	}
	return last
}
