package party

import "slices"

// StepKind names something that happens to a person and is recorded as a step.
type StepKind string

// The kinds of steps. Overridden and Voided speak about other steps; Moved and
// MovedOut come of transfers, Left, Restored and RemovalVote of cases, and have no form of their own.
const (
	Introduced            StepKind = "introduced"             // giới thiệu của Đoàn
	Planned               StepKind = "planned"                // đưa vào quy hoạch, tạo nguồn
	MentorAssigned        StepKind = "mentor_assigned"        // phân công đảng viên giúp đỡ
	Remarked              StepKind = "remarked"               // nhận xét của đảng viên giúp đỡ
	ClassResult           StepKind = "class_result"           // kết quả lớp bồi dưỡng nhận thức
	DossierComplete       StepKind = "dossier_complete"       // đủ hồ sơ
	CellResolution        StepKind = "cell_resolution"        // nghị quyết chi bộ đề nghị kết nạp
	Endorsed              StepKind = "endorsed"               // nghị quyết đảng ủy cơ sở
	Extended              StepKind = "extended"               // gia hạn thời gian ra quyết định
	Decided               StepKind = "decided"                // quyết định kết nạp
	Ceremony              StepKind = "ceremony"               // lễ kết nạp
	RecognitionResolution StepKind = "recognition_resolution" // nghị quyết chi bộ đề nghị công nhận
	RecognitionDecision   StepKind = "recognition_decision"   // quyết định công nhận chính thức
	Dropped               StepKind = "dropped"                // đưa ra khỏi quy hoạch
	Received              StepKind = "received"               // ghi nhận đảng viên đã có trước
	Moved                 StepKind = "moved"                  // chuyển sinh hoạt, chuyển nơi theo dõi
	MovedOut              StepKind = "moved_out"              // chuyển đi, ra ngoài hệ thống
	Left                  StepKind = "left"                   // ra khỏi Đảng: xóa tên, khai trừ, xin ra, từ trần
	Restored              StepKind = "restored"               // khôi phục quyền đảng viên
	RemovalVote           StepKind = "removal_vote"           // biểu quyết xóa tên đảng viên dự bị không đủ hai phần ba
	Overridden            StepKind = "overridden"             // cho phép làm dù thiếu điều kiện
	Voided                StepKind = "voided"                 // hủy một bước ghi sai
)

// StepKinds lists the kinds that have a form, in the order in which they usually come.
var StepKinds = []StepKind{Introduced, Planned, MentorAssigned, Remarked, ClassResult, DossierComplete,
	CellResolution, Endorsed, Extended, Decided, Ceremony, RecognitionResolution, RecognitionDecision,
	Dropped, Received, Overridden}

// rank orders steps of one day: what usually comes first counts as earlier.
func (k StepKind) rank() int {
	if k == Overridden {
		return -1
	}
	return slices.Index(StepKinds, k)
}

// Step is one dated event of a person. It is never changed: a correction voids it and adds another.
type Step struct {
	ID         int64
	Kind       StepKind
	On         Date // the day it happened
	OrgID      int32
	Facts      Facts
	Papers     []Paper
	Seq        int64 // order of recording; larger is later
	RecordedOn Date
}

// Paper is a document that proves a step: its form, number, date and issuer. Never its content.
type Paper struct {
	Form   string `json:"form,omitempty"` // e.g. 4-KNĐ
	Number string `json:"number,omitempty"`
	Date   Date   `json:"date,omitzero"`
	Issuer string `json:"issuer,omitempty"`
}

// Facts are what one kind of step adds. Each kind has its own type.
type Facts interface{ Kind() StepKind }

// IntroductionFacts say which Union organisation introduced the person.
type IntroductionFacts struct {
	Union string `json:"union,omitempty"`
}

// PlanningFacts are empty: the paper and the day are all.
type PlanningFacts struct{}

// MentorFacts name the official member who helps; the id where he is in the register. Where he takes
// over from another one, they say from whom and why.
type MentorFacts struct {
	MentorID int64  `json:"mentor_id,omitempty"`
	Name     string `json:"name"`
	Instead  string `json:"instead,omitempty"` // the name of the mentor who is relieved
	Reason   string `json:"reason,omitempty"`
}

// RemarkFacts are what a mentor says of somebody: how it goes, in a word and, where needed, a line.
type RemarkFacts struct {
	Mentor   string   `json:"mentor"` // his name
	Progress Progress `json:"progress"`
	Note     string   `json:"note,omitempty"`
}

// Progress is how a mentor sees somebody come on.
type Progress string

// The answers of a mentor, from best to worst.
const (
	GoodProgress Progress = "good"
	SomeProgress Progress = "some"
	NoProgress   Progress = "none"
)

// Progresses lists the answers in the order in which pages show them.
var Progresses = []Progress{GoodProgress, SomeProgress, NoProgress}

// ClassResultFacts tell how a person finished an awareness class. The certificate is the step's
// first paper; its validity counts from the paper's date, or from the step's day.
type ClassResultFacts struct {
	ClassID int64  `json:"class_id,omitempty"`
	Passed  bool   `json:"passed"`
	Grade   string `json:"grade,omitempty"`
}

// DossierFacts are the three days whose order a rule sets.
type DossierFacts struct {
	AppliedOn     Date `json:"applied_on,omitzero"`
	LifeHistoryOn Date `json:"life_history_on,omitzero"`
	VerifiedOn    Date `json:"verified_on,omitzero"`
}

// Introducer is who vouches for a candidate at the cell's vote.
type Introducer struct {
	Kind  IntroducerKind `json:"kind"`
	Name  string         `json:"name"`
	Since Date           `json:"since,omitzero"` // working or studying together since; members only
}

// IntroducerKind tells an official member from a mass organisation.
type IntroducerKind string

// The kinds of introducers.
const (
	ByMember     IntroducerKind = "member"
	ByYouthUnion IntroducerKind = "youth_union"
	ByTradeUnion IntroducerKind = "trade_union"
)

// CellVoteFacts are a cell's vote on admitting a person.
type CellVoteFacts struct {
	Vote        Vote         `json:"vote"`
	Adopted     bool         `json:"adopted"`
	Introducers []Introducer `json:"introducers,omitempty"`
}

// EndorsementFacts are the grassroots committee's vote.
type EndorsementFacts struct {
	Members  int `json:"members,omitempty"`
	InFavour int `json:"in_favour,omitempty"`
}

// ExtensionFacts give those who decide more working days than their rule does, and why. They speak
// of the decision that is awaited: on admission, or on recognition.
type ExtensionFacts struct {
	Days   int    `json:"days"`
	Reason string `json:"reason"`
}

// DecisionFacts say who decided and when the cell received it.
type DecisionFacts struct {
	Decider    string `json:"decider,omitempty"` // the body, as a Decider option or upper_standing_committee
	ReceivedOn Date   `json:"received_on,omitzero"`
}

// CeremonyFacts are where and on what occasion it was held, and when the decision had come to the
// cell if the decision's own step does not say it.
type CeremonyFacts struct {
	Place      string   `json:"place,omitempty"`
	Occasion   Occasion `json:"occasion,omitempty"`
	ReceivedOn Date     `json:"received_on,omitzero"`
}

// Occasion is the anniversary or campaign with which a ceremony was held; empty is none.
type Occasion string

// The occasions by which reports group ceremonies.
const (
	NoOccasion          Occasion = ""
	PartyDay            Occasion = "anniversary_3_2"       // ngày thành lập Đảng
	BirthdayOfHoChiMinh Occasion = "anniversary_19_5"      // ngày sinh Chủ tịch Hồ Chí Minh
	NationalDay         Occasion = "anniversary_2_9"       // Quốc khánh
	YouthSummerCampaign Occasion = "youth_summer_campaign" // Chiến dịch Thanh niên tình nguyện hè
	OtherOccasion       Occasion = "other"
)

// Occasions lists the occasions in the order in which pages show them.
var Occasions = []Occasion{NoOccasion, PartyDay, BirthdayOfHoChiMinh, NationalDay, YouthSummerCampaign, OtherOccasion}

// RecognitionVoteFacts are a cell's vote on recognising a probationary member.
type RecognitionVoteFacts struct {
	Vote    Vote `json:"vote"`
	Adopted bool `json:"adopted"`
}

// RecognitionDecisionFacts say who decided.
type RecognitionDecisionFacts struct {
	Decider string `json:"decider,omitempty"`
}

// DroppedFacts are why somebody left the planning.
type DroppedFacts struct {
	Reason string `json:"reason"`
}

// ReceivedFacts enter a member whose admission this register did not follow.
type ReceivedFacts struct {
	DecidedOn  Date   `json:"decided_on,omitzero"`
	JoinedOn   Date   `json:"joined_on"`
	OfficialOn Date   `json:"official_on,omitzero"` // zero = still probationary
	From       string `json:"from,omitempty"`
}

// OverriddenFacts authorise one kind of step in spite of named rules.
type OverriddenFacts struct {
	For    StepKind `json:"for"`
	Rules  []RuleID `json:"rules"`
	Reason string   `json:"reason"`
}

// VoidedFacts void one recorded step.
type VoidedFacts struct {
	StepID int64  `json:"step_id"`
	Reason string `json:"reason"`
}

// Kind tells which step these facts belong to.
func (IntroductionFacts) Kind() StepKind        { return Introduced }
func (PlanningFacts) Kind() StepKind            { return Planned }
func (MentorFacts) Kind() StepKind              { return MentorAssigned }
func (RemarkFacts) Kind() StepKind              { return Remarked }
func (ClassResultFacts) Kind() StepKind         { return ClassResult }
func (DossierFacts) Kind() StepKind             { return DossierComplete }
func (CellVoteFacts) Kind() StepKind            { return CellResolution }
func (EndorsementFacts) Kind() StepKind         { return Endorsed }
func (ExtensionFacts) Kind() StepKind           { return Extended }
func (DecisionFacts) Kind() StepKind            { return Decided }
func (CeremonyFacts) Kind() StepKind            { return Ceremony }
func (RecognitionVoteFacts) Kind() StepKind     { return RecognitionResolution }
func (RecognitionDecisionFacts) Kind() StepKind { return RecognitionDecision }
func (DroppedFacts) Kind() StepKind             { return Dropped }
func (ReceivedFacts) Kind() StepKind            { return Received }
func (OverriddenFacts) Kind() StepKind          { return Overridden }
func (VoidedFacts) Kind() StepKind              { return Voided }
