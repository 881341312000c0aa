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

// CellVote gives the vote of a cell that a step states; false of a step that is none.
func CellVote(f Facts) (Vote, bool) {
	switch f := f.(type) {
	case CellVoteFacts:
		return f.Vote, true
	case RecognitionVoteFacts:
		return f.Vote, true
	}
	return Vote{}, false
}

// VotedByCell tells whether a step of a kind states a vote of the cell.
func VotedByCell(k StepKind) bool { return k == CellResolution || k == RecognitionResolution }

// Roll is what is known of a cell's official members on a day. Nobody counts among two of those left out.
type Roll struct {
	Official int
	Away     int // of these, elsewhere for a time
	Exempt   int // of these, exempt from meetings by decision
}

// VoteNumber names one of a vote's numbers.
type VoteNumber string

// The numbers that the roll of the cell knows, by the names of their fields.
const (
	VoteOfficial     VoteNumber = "official"
	VoteAway         VoteNumber = "away"
	VoteExemptAbsent VoteNumber = "exempt_absent"
)

// Doubts tells which numbers of a vote differ from what is known. What the minutes state holds: not
// everybody may be registered. Of the exempt some may have come, so that fewer are left out, never more;
// and whom the rule does not leave out is not asked for. Of a cell of whom nobody is known it says nothing.
func (r Roll) Doubts(b *Rulebook, on Date, v Vote) (list []VoteNumber) {
	if r.Official == 0 {
		return nil
	}
	if v.Official != r.Official {
		list = append(list, VoteOfficial)
	}
	if _, ok := b.On(VoteDenominator, on); !ok {
		return list
	}
	if v.Away != r.Away {
		list = append(list, VoteAway)
	}
	if v.ExemptAbsent > r.Exempt {
		list = append(list, VoteExemptAbsent)
	}
	return list
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
