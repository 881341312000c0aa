package class

import "ketnap/internal/party"

// MemberState is what became of a nomination.
type MemberState string

// The states of a nomination.
const (
	Nominated MemberState = "nominated"
	Approved  MemberState = "approved"
	Refused   MemberState = "refused"
	Withdrawn MemberState = "withdrawn"
)

func (s MemberState) open() bool { return s == Nominated || s == Approved }

// Member is somebody who was nominated for a class.
type Member struct {
	PersonID    int64
	FullName    string
	BirthDate   party.Date
	OrgID       int32 // where he belongs
	ClassID     int64
	NominatedBy int32
	NominatedOn party.Date
	State       MemberState
	Reason      string
	Work        party.ClassWork
	Grade       string
	Merit       bool
	Result      party.ClassOutcome // as it was recorded; "" while it is not
	ResultOn    party.Date
	Certificate string // its number; "" while there is none
	Letter      string // number of the merit letter
	Version     int
	stepID      int64
}

// Judged tells how somebody comes out of a class as things stand; the recorded result, where there is
// one, is in Result.
func (c Class) Judged(m Member) party.ClassJudgement { return c.Pass.Judge(m.Work) }

func byPerson(list []Member) map[int64]Member {
	out := make(map[int64]Member, len(list))
	for _, m := range list {
		out[m.PersonID] = m
	}
	return out
}

// Counts are how many are on a class's roster, also those whom the viewer may not see.
type Counts struct {
	Nominated int // wait for an answer
	Approved  int
	Results   int // of the approved, those with a recorded result
	Passed    int
}
