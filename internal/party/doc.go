// Package party is the trade itself: persons, the steps of their development, the stage these add
// up to, the gates that each step must pass, deadlines, votes, working days, dated regulations,
// organisations over time, and what each reported figure counts.
//
// Everything here is a pure function of its arguments. No SQL, no HTTP, no clock, no random, no
// words for people: the result of a rule is a catalogue key with arguments and a citation.
// Where to change what: a rule's value in rulebook.go (or, in a running installation, on the
// regulations page); a rule's logic in gate_*.go; what a figure counts in figure.go.
package party
