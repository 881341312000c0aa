package party

// Term is a committee's term of office (nhiệm kỳ). Both days belong to it.
type Term struct {
	ID     int32
	Code   string // 2020-2025
	Name   string
	Starts Date
	Ends   Date
}

// Contains tells whether a day lies in the term.
func (t Term) Contains(d Date) bool { return !d.Before(t.Starts) && !d.After(t.Ends) }

// TermOf gives the index of the term that a day lies in, or -1.
func TermOf(terms []Term, d Date) int {
	for i, t := range terms {
		if t.Contains(d) {
			return i
		}
	}
	return -1
}
