package exemption_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest"
	"ketnap/internal/cell"
	"ketnap/internal/exemption"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/warning"
)

var day = party.MustDate

func of(id int64, kind party.ExemptionKind, from, until string) exemption.Exemption {
	e := exemption.Exemption{PersonID: id, Number: "12-QĐ/ĐU", DecidedOn: day("2026-07-01"), Reason: "Điều trị bệnh",
		ExemptionSpan: party.ExemptionSpan{Kind: kind, From: day(from)}}
	if until != "" {
		e.Until = day(until)
	}
	return e
}

func enter(t *testing.T, h *apptest.House, username string, e exemption.Exemption) error {
	t.Helper()
	return h.Exemptions.Enter(t.Context(), h.Viewer(username), uuid.NewString(), e)
}

func refused(err error) string {
	e := fault.As(err)
	if e == nil {
		return fmt.Sprint(err)
	}
	var list []string
	for _, f := range e.Fields {
		list = append(list, f.Name+"="+f.Key)
	}
	return strings.Join(list, " ")
}

// month enters a month of LTT in which nobody came and nobody paid.
func month(t *testing.T, h *apptest.House, first string) {
	t.Helper()
	m := day(first)
	if _, err := h.Cells.Save(t.Context(), h.Viewer("bithu.ltt"), cell.Entry{Key: uuid.NewString(), OrgID: h.Org("LTT"), Rest: cell.Said{Presence: party.Absent, Dues: party.DuesUnpaid},
		Meeting: cell.Meeting{Month: m, Kind: party.RegularMeeting, HeldOn: m.AddDays(4)}}); err != nil {
		t.Fatal(err)
	}
}

func warnings(t *testing.T, h *apptest.House, kind party.WarningKind) (ids []int64) {
	t.Helper()
	l, err := h.Warnings.List(t.Context(), h.Viewer("bithu.ltt"), warning.Query{Kind: kind})
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range l.Items {
		ids = append(ids, it.PersonID)
	}
	if _, differ, err := h.Warnings.Examine(t.Context()); err != nil || len(differ) > 0 {
		t.Fatalf("check: %v, %v", differ, err)
	}
	return ids
}

// Who is exempt or suspended is not absent and not warned of as inactive; he owes dues unless the
// decision says otherwise, and who is suspended owes them always.
func TestWhoIsReleasedIsNotAbsent(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	var ids []int64
	for _, name := range []string{"Nguyễn Thị Ánh", "Trần Văn Bình", "Vũ Thị Cúc"} {
		ids = append(ids, h.Enter(h.Fields("LTT", name), party.Ceremony)) // joined on 2026-06-19
	}
	usual, exempt, suspended := ids[0], of(ids[1], party.Exempt, "2026-07-01", "2026-12-31"), of(ids[2], party.Suspended, "2026-07-01", "")
	exempt.NoDues = true
	for _, e := range []exemption.Exemption{exempt, suspended} {
		if err := enter(t, h, "vanphong", e); err != nil {
			t.Fatal(err)
		}
	}
	month(t, h, "2026-08-01")
	if got := warnings(t, h, party.WarnInactive); fmt.Sprint(got) != fmt.Sprint([]int64{usual}) {
		t.Errorf("inactive: %v", got)
	}
	if got := warnings(t, h, party.WarnUnpaid); len(got) != 2 || got[0] == exempt.PersonID || got[1] == exempt.PersonID {
		t.Errorf("unpaid: %v", got)
	}
	m, err := h.Cells.Month(t.Context(), h.Viewer("bithu.ltt"), h.Org("LTT"), day("2026-08-01"), party.RegularMeeting)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range m.Rows {
		want := map[int64]string{usual: "absent unpaid 0", exempt.PersonID: "  1", suspended.PersonID: " unpaid 1"}[r.PersonID]
		if got := fmt.Sprintf("%s %s %d", r.Presence, r.Dues, len(r.Exemptions)); got != want {
			t.Errorf("%s: %q, want %q", r.FullName, got, want)
		}
	}
}

// What was entered as absence before the decision was known says nothing any more, and again what it
// said once the span is ended earlier.
func TestADecisionThatBecomesKnownLaterTakesWarningsBack(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	month(t, h, "2026-08-01")
	if got := warnings(t, h, party.WarnInactive); len(got) != 1 {
		t.Fatalf("inactive: %v", got)
	}
	if err := enter(t, h, "coso.gd", of(id, party.Exempt, "2026-07-01", "")); err != nil {
		t.Fatal(err)
	}
	if got := warnings(t, h, party.WarnInactive); len(got) != 0 {
		t.Errorf("inactive although exempt: %v", got)
	}
	list, err := h.Exemptions.OfPerson(t.Context(), h.Viewer("bithu.ltt"), id)
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	ending := exemption.Exemption{ID: list[0].ID, PersonID: id, Version: 1, ExemptionSpan: party.ExemptionSpan{Until: day("2026-07-31")}}
	if err := h.Exemptions.End(t.Context(), h.Viewer("coso.gd"), uuid.NewString(), ending); err != nil {
		t.Fatal(err)
	}
	if got := warnings(t, h, party.WarnInactive); len(got) != 1 {
		t.Errorf("inactive after the exemption ended: %v", got)
	}
	if err := h.Exemptions.End(t.Context(), h.Viewer("coso.gd"), uuid.NewString(), ending); fault.KindOf(err) != fault.Conflict {
		t.Errorf("ended twice: %v", err)
	}
}

func TestRefusedExemptions(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	candidate := h.Enter(h.Fields("LTT", "Trần Văn Bình"), party.ClassResult)
	if err := enter(t, h, "vanphong", of(id, party.Exempt, "2026-07-01", "2026-08-31")); err != nil {
		t.Fatal(err)
	}
	change := func(do func(*exemption.Exemption)) exemption.Exemption {
		e := of(id, party.Exempt, "2026-10-01", "2026-10-31")
		do(&e)
		return e
	}
	for want, e := range map[string]exemption.Exemption{
		"from=exemptions.error.overlaps":          of(id, party.Suspended, "2026-08-31", ""),
		"from=exemptions.error.before_joining":    of(id, party.Exempt, "2026-06-18", "2026-06-30"),
		"kind=exemptions.error.no_member":         of(candidate, party.Exempt, "2026-10-01", ""),
		"kind=errors.choice":                      of(id, "holiday", "2026-10-01", ""),
		"until=exemptions.error.order":            of(id, party.Exempt, "2026-10-01", "2026-09-30"),
		"number=exemptions.error.number":          change(func(e *exemption.Exemption) { e.Number = " " }),
		"reason=exemptions.error.reason":          change(func(e *exemption.Exemption) { e.Reason = "" }),
		"decided=exemptions.error.future":         change(func(e *exemption.Exemption) { e.DecidedOn = h.Now().AddDays(1) }),
		"no_dues=exemptions.error.suspended_pays": change(func(e *exemption.Exemption) { e.Kind, e.NoDues = party.Suspended, true }),
	} {
		if err := enter(t, h, "vanphong", e); refused(err) != want {
			t.Errorf("%+v: %s, want %s", e, refused(err), want)
		}
	}
	if err := enter(t, h, "bithu.ltt", of(id, party.Exempt, "2026-10-01", "")); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("the cell's secretary decides: %v", err)
	}
	if err := enter(t, h, "bithu.svkt", of(id, party.Exempt, "2026-10-01", "")); err == nil {
		t.Error("another cell decides")
	}
	if list, err := h.Exemptions.OfPerson(t.Context(), h.Viewer("vanphong"), id); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
}
