package party

// CaseState is where a case of somebody who is to leave stands.
type CaseState string

// The states. A case is named by what was done last.
const (
	CaseOpened   CaseState = "opened"
	CaseFailed   CaseState = "failed"   // the cell voted, and found no two thirds
	CaseVoted    CaseState = "voted"    // the cell resolved
	CaseProposed CaseState = "proposed" // the grassroots committee proposed
	CaseDecided  CaseState = "decided"  // the person is out
	CaseTold     CaseState = "told"     // he was told; the days of the appeal run
	CaseAppealed CaseState = "appealed"
	CaseUpheld   CaseState = "upheld"
	CaseRestored CaseState = "restored"
	CaseClosed   CaseState = "closed" // dropped with a reason

	CaseTakenBack  CaseState = "taken_back" // the departure's step was taken back: he is a member, and the case is decided anew or closed
	CaseUnrestored CaseState = "unrestored" // what was done, no state: the restoration's step was taken back, and the appeal is open again
)

// CaseStates lists the states in the order in which they usually come.
var CaseStates = []CaseState{CaseOpened, CaseFailed, CaseVoted, CaseProposed, CaseDecided, CaseTold, CaseAppealed, CaseUpheld, CaseRestored,
	CaseTakenBack, CaseClosed}

// CellSay is what is left to the cell of a probationary member about whom its votes failed.
type CellSay int

// What a cell has to say. Where the number of votes is only recalled it may vote once more.
const (
	CellVotes CellSay = iota
	CellMay
	CellReported
)

// CellSay tells what is left to the cell in a case of removal on a day.
func (c Case) CellSay(w Way, on Date) CellSay {
	if w != WayRemoved || !c.State().DecidedAbove() {
		return CellVotes
	}
	if r, ok := c.Book.On(VoteFails, on); ok && r.MayRefuse() {
		return CellReported
	}
	return CellMay
}

// Next gives what may be done with a case now, the usual first; an act is named like the state it leads to.
func (s CaseState) Next(w Way, hasBase bool, cell CellSay) []CaseState {
	above := CaseDecided
	if hasBase {
		above = CaseProposed
	}
	switch s {
	case CaseOpened, CaseFailed:
		switch {
		case !w.Votes():
			return []CaseState{CaseDecided, CaseClosed}
		case cell == CellVotes:
			return []CaseState{CaseVoted, CaseClosed}
		case cell == CellMay:
			return []CaseState{above, CaseVoted, CaseClosed}
		}
		return []CaseState{above, CaseClosed}
	case CaseVoted:
		return []CaseState{above, CaseClosed}
	case CaseProposed, CaseTakenBack:
		return []CaseState{CaseDecided, CaseClosed}
	case CaseDecided:
		if w == WayRemoved || w == WayExpelled {
			return []CaseState{CaseTold}
		}
	case CaseTold:
		return []CaseState{CaseAppealed}
	case CaseAppealed:
		return []CaseState{CaseUpheld, CaseRestored}
	}
	return nil
}

// Open tells whether nothing is decided in the case, or nothing that holds.
func (s CaseState) Open() bool {
	return s == CaseOpened || s == CaseFailed || s == CaseVoted || s == CaseProposed || s == CaseTakenBack
}
