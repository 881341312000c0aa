package party

// Vote is a cell's vote, as its minutes state it. All numbers count official members only.
type Vote struct {
	Official     int `json:"official"`                // all official members of the cell
	Away         int `json:"away,omitempty"`          // of these, sent elsewhere on a temporary transfer
	ExemptAbsent int `json:"exempt_absent,omitempty"` // of these, exempt from activity and not present
	Present      int `json:"present"`
	InFavour     int `json:"in_favour"`
}

// Denominator gives the number that the share of votes is taken of. While vote.denominator is in
// force, members away on temporary transfer and exempt members not present are left out; other
// absentees stay in. Before, all official members count.
func (v Vote) Denominator(b *Rulebook, on Date) int {
	if _, ok := b.On(VoteDenominator, on); ok {
		return v.Official - v.Away - v.ExemptAbsent
	}
	return v.Official
}

// Needed gives the least number of votes in favour that reaches the rule's share of n.
func (r Rule) Needed(n int) int {
	if r.Per == 0 {
		return n
	}
	return (n*r.Value + r.Per - 1) / r.Per
}

// Implausible tells what in the numbers cannot be, as a catalogue key, or "".
func (v Vote) Implausible() string {
	switch {
	case v.Official < 0 || v.Away < 0 || v.ExemptAbsent < 0 || v.Present < 0 || v.InFavour < 0:
		return "gate.vote.negative"
	case v.Away+v.ExemptAbsent > v.Official:
		return "gate.vote.more_left_out"
	case v.Present > v.Official-v.ExemptAbsent:
		return "gate.vote.more_present"
	case v.InFavour > v.Present:
		return "gate.vote.more_in_favour"
	}
	return ""
}
