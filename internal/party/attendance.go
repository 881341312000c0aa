package party

// MeetingKind tells the monthly meeting of a cell from one on a subject.
type MeetingKind string

// The kinds of meetings.
const (
	RegularMeeting  MeetingKind = "regular"  // sinh hoạt thường kỳ
	ThematicMeeting MeetingKind = "thematic" // sinh hoạt chuyên đề
)

// MeetingKinds lists the kinds in the order in which pages show them.
var MeetingKinds = []MeetingKind{RegularMeeting, ThematicMeeting}

// Presence is whether a member came to a meeting of the cell.
type Presence string

// The answers. Excused is with a good reason, and does not count as absent.
const (
	Present Presence = "present"
	Excused Presence = "excused"
	Absent  Presence = "absent"
)

// Presences lists the answers, the usual one first.
var Presences = []Presence{Present, Excused, Absent}
