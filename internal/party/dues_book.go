package party

import "slices"

// MaxDuesAhead bounds the months that a setting allows to be paid ahead.
const MaxDuesAhead = 60

// DuesLimit gives the last month for which dues may be entered on a day.
func DuesLimit(rules *Rulebook, today Date) Date {
	r, _ := rules.On(DuesAhead, today)
	return MonthOf(today).AddMonths(min(r.Value, MaxDuesAhead))
}

// DuesStanding is how a month stands in somebody's dues.
type DuesStanding string

// The standings.
const (
	DuesStandPaid   DuesStanding = "paid"
	DuesStandUnpaid DuesStanding = "unpaid" // entered as not paid
	DuesStandOpen   DuesStanding = "open"   // nothing is entered
	DuesStandFreed  DuesStanding = "freed"  // a decision frees him from dues
	DuesStandBefore DuesStanding = "before" // he had not joined
)

// DuesBook is what is entered of a member's dues: the months, with the oldest first, and the decisions
// that exempt him.
type DuesBook struct {
	Category Category
	JoinedOn Date
	Paid     []Date
	Unpaid   []Date
	Released []ExemptionSpan
}

// Standing tells how a month stands. A decision that became known after a month was entered as not
// paid takes that back.
func (b DuesBook) Standing(month Date) DuesStanding {
	switch {
	case slices.Contains(b.Paid, month):
		return DuesStandPaid
	case slices.ContainsFunc(b.Released, func(e ExemptionSpan) bool { return e.FreesOfDues(month) }):
		return DuesStandFreed
	case slices.Contains(b.Unpaid, month):
		return DuesStandUnpaid
	case b.JoinedOn.After(MonthEnd(month)):
		return DuesStandBefore
	}
	return DuesStandOpen
}

// PaidTo gives the month through which dues are paid; months of which a decision frees him owe nothing.
func (b DuesBook) PaidTo() Date { return PaidTo(b.Paid, b.owed()) }

// owed gives the months entered as not paid of which nothing frees him.
func (b DuesBook) owed() []Date {
	return slices.DeleteFunc(slices.Clone(b.Unpaid), func(m Date) bool { return b.Standing(m) != DuesStandUnpaid })
}

// Next gives the month with which a payment begins: the one after that through which dues are paid. Of
// whom none is known to be paid it is the first entered as unpaid; else that of his joining, but not
// before the cell's book begins, since the years before it were kept on paper.
func (b DuesBook) Next(begins Date) Date {
	if to := b.PaidTo(); !to.IsZero() {
		return to.AddMonths(1)
	}
	next := Latest(MonthOf(b.JoinedOn), MonthOf(begins))
	if owed := b.owed(); len(owed) > 0 && owed[0].Before(next) {
		return owed[0]
	}
	return next
}

// DuesPayment is one month that is paid.
type DuesPayment struct {
	Month   Date
	Amount  int
	Arrears bool // the month was entered as not paid
}

// Through gives the months that are paid when somebody pays from a month through another: each that is
// neither paid nor decided, arrears among them, at the rate of its own first day. amount is paid for a
// month where no rate is known. It answers false where there is neither.
func (b DuesBook) Through(rules *Rulebook, from, last Date, amount int) (list []DuesPayment, ok bool) {
	for month := from; !month.After(last); month = month.AddMonths(1) {
		standing := b.Standing(month)
		if standing != DuesStandOpen && standing != DuesStandUnpaid {
			continue
		}
		p := DuesPayment{Month: month, Amount: amount, Arrears: standing == DuesStandUnpaid}
		if rate, known := DuesRate(rules, b.Category, month); known {
			p.Amount = rate
		}
		if p.Amount < 1 || p.Amount > MaxDues {
			return nil, false
		}
		list = append(list, p)
	}
	return list, true
}
