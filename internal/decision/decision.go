// Package decision keeps the register of decisions: numbered by issuer and year, each naming the
// people whose step it caused. A decision is prepared from those who wait for it, issued for one or
// many in one act, and, where it was wrong, cancelled by another. Whether somebody may be decided on
// is asked of the gates in party; the steps themselves are recorded by package people. No HTTP
// lives here.
package decision

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// Kind is what a decision is about.
type Kind string

// The kinds of decisions.
const (
	Admission    Kind = "admission"    // kết nạp đảng viên
	Recognition  Kind = "recognition"  // công nhận đảng viên chính thức
	Extension    Kind = "extension"    // gia hạn thời gian ra quyết định
	Departure    Kind = "departure"    // xóa tên, khai trừ, cho ra khỏi Đảng
	Restoration  Kind = "restoration"  // khôi phục quyền đảng viên
	Cancellation Kind = "cancellation" // hủy quyết định ban hành sai
)

// Kinds lists the kinds in the order in which pages show them.
var Kinds = []Kind{Admission, Recognition, Extension, Departure, Restoration, Cancellation}

// Issued are the kinds that are prepared from who waits; a departure and a restoration come of
// a case, a cancellation begins with what it cancels.
var Issued = []Kind{Admission, Recognition, Extension}

// Step gives the kind of step that a decision of this kind causes.
func (k Kind) Step() party.StepKind {
	switch k {
	case Admission:
		return party.Decided
	case Recognition:
		return party.RecognitionDecision
	case Extension:
		return party.Extended
	case Departure:
		return party.Left
	case Restoration:
		return party.Restored
	}
	return party.Voided
}

// awaited gives the steps of which one is awaited by those for whom it can be issued.
func (k Kind) awaited() []party.StepKind {
	switch k {
	case Admission:
		return []party.StepKind{party.Decided}
	case Recognition:
		return []party.StepKind{party.RecognitionDecision}
	case Extension:
		return []party.StepKind{party.Endorsed, party.Decided, party.RecognitionDecision}
	}
	return nil
}

// paperForm names the form of the paper, where it has one.
func (k Kind) paperForm() string {
	switch k {
	case Admission:
		return "9-KNĐ"
	case Recognition:
		return "16-KNĐ"
	}
	return ""
}

// Service holds the use cases of the register.
type Service struct {
	db     *postgres.DB
	orgs   *organisation.Service
	people *people.Service
	Today  func() party.Date // the day in the committee's time zone
}

// New makes the service.
func New(db *postgres.DB, orgs *organisation.Service, p *people.Service, today func() party.Date) *Service {
	return &Service{db: db, orgs: orgs, people: p, Today: today}
}

// Fields are what is written in a decision.
type Fields struct {
	OrgID      int32 // who issues
	Kind       Kind
	IssuedOn   party.Date
	Number     int        // 0: the next one of the issuer's year
	Suffix     string     // printed behind the number: -QĐ/ĐU
	Decider    string     // the body, of an admission or a recognition
	Signer     string     // who signed
	ReceivedOn party.Date // by the cells, of an admission, where it is known
	Days       int        // working days of an extension
	Reason     string     // of an extension or a cancellation
	Note       string
}

// facts are what the decision adds to the step of each person.
func (f Fields) facts() party.Facts {
	switch f.Kind {
	case Admission:
		return party.DecisionFacts{Decider: f.Decider, ReceivedOn: f.ReceivedOn}
	case Recognition:
		return party.RecognitionDecisionFacts{Decider: f.Decider}
	}
	return party.ExtensionFacts{Days: f.Days, Reason: f.Reason}
}

// MaxNumber bounds numbers that are typed; no issuer has come near it in a year.
const MaxNumber = 99999

const (
	maxSuffix = 30
	maxSigner = 100
	maxNote   = 500
	maxReason = 1000
	maxDays   = 365
)

// earliest bounds the older papers that are entered.
var earliest = party.NewDate(1975, time.January, 1)

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (f Fields) clean() Fields {
	for _, s := range []*string{&f.Suffix, &f.Signer, &f.Note} {
		*s = oneLine(*s)
	}
	f.Reason = strings.TrimSpace(f.Reason)
	return f
}

// problems gives the refused fields, as far as they can be told without anybody's record.
func (f Fields) problems(today party.Date) []fault.Field {
	var bad []fault.Field
	refuse := func(yes bool, name, key string, args ...any) {
		if yes && !slices.ContainsFunc(bad, func(b fault.Field) bool { return b.Name == name }) {
			bad = append(bad, fault.Field{Name: name, Key: key, Args: args})
		}
	}
	refuse(!slices.Contains(Kinds, f.Kind), "kind", "errors.choice")
	refuse(f.OrgID <= 0, "org", "decisions.error.org")
	refuse(f.IssuedOn.IsZero(), "issued_on", "errors.date_required")
	refuse(!f.IssuedOn.Valid() || f.IssuedOn.Before(earliest), "issued_on", "errors.date")
	refuse(f.IssuedOn.After(today), "issued_on", "decisions.error.future", "Today", today)
	refuse(f.Number < 0 || f.Number > MaxNumber, "number", "errors.number", "Min", 1, "Max", MaxNumber)
	refuse(startsWithDigit(f.Suffix), "suffix", "decisions.error.suffix")
	for _, t := range []struct {
		name, text string
		most       int
	}{{"suffix", f.Suffix, maxSuffix}, {"signer", f.Signer, maxSigner}, {"note", f.Note, maxNote}, {"reason", f.Reason, maxReason}} {
		refuse(utf8.RuneCountInString(t.text) > t.most, t.name, "errors.too_long", "Max", t.most)
	}
	refuse(f.Kind == Extension && (f.Days < 1 || f.Days > maxDays), "days", "errors.number", "Min", 1, "Max", maxDays)
	refuse((f.Kind == Extension || f.Kind == Cancellation) && f.Reason == "", "reason", "decisions.error.reason")
	refuse(f.ReceivedOn.After(today), "received_on", "decisions.error.future", "Today", today)
	refuse(!f.ReceivedOn.IsZero() && f.ReceivedOn.Before(f.IssuedOn), "received_on", "decisions.error.received", "On", f.IssuedOn)
	return bad
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// Decision is one entry of the register.
type Decision struct {
	ID int64
	Fields
	Printed    string // number and suffix
	CancelsID  int64
	RecordedAt time.Time
	RecordedBy string // name of the account
}

func errNotFound() error { return fault.NewNotFound("decisions.error.not_found") }

func errForbidden() error { return fault.NewForbidden("errors.forbidden") }
