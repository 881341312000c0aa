package regulation_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
	"ketnap/internal/regulation"
)

// desk is the rules of an installation with who changes them, and counts what was told of a change.
type desk struct {
	*regulation.Service
	t     *testing.T
	db    *postgres.DB
	admin access.Viewer
	told  int
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, db: postgres.NewTestDB(t), admin: viewer(7, access.Administrator)}
	d.Service = regulation.New(d.db, func() party.Date { return party.MustDate("2026-11-23") })
	d.OnChange = func(context.Context, *postgres.Tx) error { d.told++; return nil }
	d.must(d.Seed(t.Context()))
	d.told = 0
	return d
}

func viewer(account int64, role access.Role) access.Viewer {
	return access.Viewer{AccountID: account, Grants: []access.Grant{{Role: role, OrgID: 1, From: party.MustDate("2010-01-01")}}}
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// entry gives the value of a rule that is in force on a day, as it is kept.
func (d *desk) entry(id party.RuleID, day string) regulation.Entry {
	d.t.Helper()
	list, err := d.Rules(d.t.Context(), d.admin)
	d.must(err)
	for _, e := range list {
		if e.Rule.ID == id && e.InForce(party.MustDate(day)) {
			return e
		}
	}
	d.t.Fatalf("no %s on %s", id, day)
	return regulation.Entry{}
}

// audited gives the entries of the audit, oldest first, as "account action entity detail".
func (d *desk) audited() (list []string) {
	d.t.Helper()
	d.must(d.db.WriteSystem(d.t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		rows, err := tx.Query(ctx, `select account_id, action, entity, detail from audit_entries order by id`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var account int64
			var action, entity string
			var detail json.RawMessage
			if err := rows.Scan(&account, &action, &entity, &detail); err != nil {
				return err
			}
			list = append(list, fmt.Sprintf("%d %s %s %s", account, action, entity, detail))
		}
		return rows.Err()
	}))
	return list
}

// on gives a rule's value and option on a day, "" where there is none.
func (d *desk) on(id party.RuleID, day string) string {
	d.t.Helper()
	book, _, err := d.Book(d.t.Context())
	d.must(err)
	r, ok := book.On(id, party.MustDate(day))
	if !ok {
		return ""
	}
	return strings.TrimSpace(fmt.Sprint(r.Value, " ", r.Option))
}

func refused(err error) string {
	e := fault.As(err)
	if e == nil {
		return fmt.Sprint(err)
	}
	list := []string{}
	for _, f := range e.Fields {
		list = append(list, f.Name+"="+f.Key)
	}
	return strings.Join(list, " ")
}

// ownRule is a value of the age limit before there was any, which nothing stands against.
func ownRule() party.Rule {
	return party.Rule{ID: party.AgeMax, Value: 55, Option: party.AgeByMonth, From: party.MustDate("1990-01-01"), Until: party.MustDate("1995-12-31"),
		Document: "12-QĐ/TW", Issued: party.MustDate("1989-12-01"), Clause: "3", Confidence: party.Verified}
}

func change(r party.Rule) regulation.Change { return regulation.Change{Key: uuid.NewString(), Rule: r} }

func TestSeedEntersEachDefaultOnceAndForGood(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	before, err := d.Rules(t.Context(), d.admin)
	d.must(err)
	if len(before) != len(party.DefaultRules()) {
		t.Fatalf("%d rules of %d that ship", len(before), len(party.DefaultRules()))
	}
	removed, edited := d.entry(party.AgeMin, "2026-11-01"), d.entry(party.CertValid, "2026-11-01")
	holiday := party.MustDate("2026-09-02")
	d.must(d.Remove(t.Context(), d.admin, removed.ID, removed.Version, uuid.NewString(), "không dùng"))
	d.must(d.RemoveDay(t.Context(), d.admin, uuid.NewString(), holiday))
	edited.Value = 48
	if _, err := d.Save(t.Context(), d.admin, regulation.Change{ID: edited.ID, Version: edited.Version, Rule: edited.Rule}); err != nil {
		t.Fatal(err)
	}
	d.told = 0
	again := regulation.New(d.db, d.Today)
	again.OnChange = d.OnChange
	d.must(again.Seed(t.Context()))
	after, err := again.Rules(t.Context(), d.admin)
	d.must(err)
	if len(after) != len(before)-1 || d.on(party.AgeMin, "2026-11-01") != "" || d.on(party.CertValid, "2026-11-01") != "48" {
		t.Errorf("seeding again brought back what was taken out or changed: %d of %d rules", len(after), len(before))
	}
	if d.told != 0 {
		t.Error("seeding again is told as a change")
	}
	_, calendar, err := again.Book(t.Context())
	d.must(err)
	if !calendar.IsWorking(holiday) {
		t.Error("the holiday that was taken out is back")
	}
}

func TestTheBookAnswersByTheDay(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for day, want := range map[string]string{
		"2026-07-25": "30 " + party.ClockReceipt, "2026-07-26": "30 " + party.ClockIssue, "1950-01-01": "",
	} {
		if got := d.on(party.CeremonyWithin, day); got != want {
			t.Errorf("ceremony on %s: %q, want %q", day, got, want)
		}
	}
	if _, err := d.Save(t.Context(), d.admin, change(ownRule())); err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]string{"1989-12-31": "", "1990-01-01": "55 " + party.AgeByMonth, "1995-12-31": "55 " + party.AgeByMonth, "1996-01-01": ""} {
		if got := d.on(party.AgeMax, day); got != want {
			t.Errorf("the new value on %s: %q, want %q", day, got, want)
		}
	}
}

func TestACopyThatHasReadTheBookSeesAChangeOfItsOwnAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	e := d.entry(party.AgeMin, "2026-11-01")
	if got := d.on(party.AgeMin, "2026-11-01"); got != "18 "+party.AgeByDay {
		t.Fatalf("as shipped: %q", got)
	}
	e.Value = 17
	if _, err := d.Save(t.Context(), d.admin, regulation.Change{ID: e.ID, Version: e.Version, Rule: e.Rule}); err != nil {
		t.Fatal(err)
	}
	if got := d.on(party.AgeMin, "2026-11-01"); got != "17 "+party.AgeByDay {
		t.Errorf("after the change: %q", got)
	}
	if kept := d.entry(party.AgeMin, "2026-11-01"); kept.Shipped || kept.Version != e.Version+1 {
		t.Errorf("kept as shipped %v, version %d", kept.Shipped, kept.Version)
	}
}

func TestValuesThatAreRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	day := party.MustDate
	for name, tt := range map[string]struct {
		change func(*party.Rule)
		want   string
	}{
		"days that have another value":    {func(r *party.Rule) { r.Until = day("2016-07-25") }, "from=regulations.error.overlaps"},
		"no end, with others after":       {func(r *party.Rule) { r.Until = party.Date{} }, "from=regulations.error.overlaps"},
		"no first day":                    {func(r *party.Rule) { r.From = party.Date{} }, "from=errors.date_required"},
		"before there was a Party":        {func(r *party.Rule) { r.From = day("1930-02-02") }, "from=regulations.error.too_early"},
		"an end before the beginning":     {func(r *party.Rule) { r.Until = day("1989-12-31") }, "until=regulations.error.until"},
		"a rule that is none":             {func(r *party.Rule) { r.ID = "age.best" }, "rule=regulations.error.rule"},
		"no value":                        {func(r *party.Rule) { r.Value = 0 }, "value=errors.number"},
		"a value below nothing":           {func(r *party.Rule) { r.Value = -3 }, "value=errors.number"},
		"a value beyond sense":            {func(r *party.Rule) { r.Value = 1001 }, "value=errors.number"},
		"an option of another rule":       {func(r *party.Rule) { r.Option = party.ClockIssue }, "option=errors.choice"},
		"no document":                     {func(r *party.Rule) { r.Document = " " }, "document=regulations.error.document"},
		"a document without day of issue": {func(r *party.Rule) { r.Issued = party.Date{} }, "issued=errors.date_required"},
		"a document too long":             {func(r *party.Rule) { r.Document = strings.Repeat("ă", 61) }, "document=errors.too_long"},
		"a clause too long":               {func(r *party.Rule) { r.Clause = strings.Repeat("ă", 61) }, "clause=errors.too_long"},
		"no confidence":                   {func(r *party.Rule) { r.Confidence = "" }, "confidence=errors.choice"},
		"a confidence that is none":       {func(r *party.Rule) { r.Confidence = "sure" }, "confidence=errors.choice"},
		"a share above one": {func(r *party.Rule) {
			r.ID, r.Value, r.Per, r.Option = party.VoteBranch, 3, 2, ""
		}, "per=regulations.error.share"},
	} {
		r := ownRule()
		tt.change(&r)
		if _, err := d.Save(t.Context(), d.admin, change(r)); refused(err) != tt.want {
			t.Errorf("%s: %v, want %s", name, refused(err), tt.want)
		}
	}
	odd := ownRule()
	odd.Unit, odd.Per = "bananas", 7
	id, err := d.Save(t.Context(), d.admin, change(odd))
	d.must(err)
	if e, err := d.Rule(t.Context(), d.admin, id); err != nil || e.Unit != party.Years || e.Per != 0 {
		t.Errorf("the unit is the software's own: kept %q per %d, %v", e.Unit, e.Per, err)
	}
	moved := ownRule()
	moved.From, moved.Until = day("1985-01-01"), day("1990-01-01")
	if _, err := d.Save(t.Context(), d.admin, change(moved)); refused(err) != "from=regulations.error.overlaps" {
		t.Errorf("one day shared with the own value before: %v", err)
	}
	if d.told != 1 || len(d.audited()) != 1 {
		t.Errorf("of one change and many refusals %d were told and %d audited", d.told, len(d.audited()))
	}
}

func TestOnlyTheFirstOfTwoChangesOfOneVersionIsKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	e := d.entry(party.CertValid, "2026-11-01")
	first, second := regulation.Change{ID: e.ID, Version: e.Version, Rule: e.Rule}, regulation.Change{ID: e.ID, Version: e.Version, Rule: e.Rule}
	first.Rule.Value, second.Rule.Value = 48, 36
	if _, err := d.Save(t.Context(), d.admin, first); err != nil {
		t.Fatal(err)
	}
	_, err := d.Save(t.Context(), viewer(8, access.Administrator), second)
	var stale *fault.Error
	if !errors.As(err, &stale) || stale.Kind != fault.Conflict {
		t.Errorf("the second: %v", err)
	}
	if err := d.Remove(t.Context(), d.admin, e.ID, e.Version, uuid.NewString(), "nhầm"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("taking out what was shown before: %v", err)
	}
	if got := d.on(party.CertValid, "2026-11-01"); got != "48" || d.told != 1 {
		t.Errorf("kept %s, told %d times", got, d.told)
	}
	for _, id := range []int64{0, 999999} {
		if err := d.Remove(t.Context(), d.admin, id, 1, uuid.NewString(), "nhầm"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("taking out number %d: %v", id, err)
		}
	}
}

func TestAFormSentTwiceChangesOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	in := change(ownRule())
	first, err := d.Save(t.Context(), d.admin, in)
	d.must(err)
	again, err := d.Save(t.Context(), d.admin, in)
	if err != nil || first != again || first == 0 {
		t.Errorf("a new value: %d, again %d, %v", first, again, err)
	}
	key, day := uuid.NewString(), party.CalendarDay{Date: party.MustDate("2027-03-03"), Kind: party.Holiday, Name: "Nghỉ bù"}
	for range 2 {
		d.must(d.SetDay(t.Context(), d.admin, key, day))
	}
	key = uuid.NewString()
	for range 2 {
		d.must(d.RemoveDay(t.Context(), d.admin, key, day.Date))
	}
	if d.told != 3 || len(d.audited()) != 3 {
		t.Errorf("three changes, each sent twice: %d told, %d audited", d.told, len(d.audited()))
	}
}

func TestOnlyTheAdministratorChangesRulesAndDays(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	e := d.entry(party.AgeMin, "2026-11-01")
	day := party.CalendarDay{Date: party.MustDate("2027-03-03"), Kind: party.Holiday, Name: "Nghỉ bù"}
	for _, role := range access.Roles {
		if role == access.Administrator {
			continue
		}
		v := viewer(9, role)
		_, created := d.Save(t.Context(), v, change(ownRule()))
		_, edited := d.Save(t.Context(), v, regulation.Change{ID: e.ID, Version: e.Version, Rule: e.Rule})
		for what, err := range map[string]error{"enters": created, "changes": edited,
			"removes":         d.Remove(t.Context(), v, e.ID, e.Version, uuid.NewString(), "nhầm"),
			"enters a day":    d.SetDay(t.Context(), v, uuid.NewString(), day),
			"takes a day out": d.RemoveDay(t.Context(), v, uuid.NewString(), party.MustDate("2026-09-02"))} {
			if fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s %s: %v", role, what, err)
			}
		}
		if _, err := d.Rules(t.Context(), v); err != nil {
			t.Errorf("%s reads: %v", role, err)
		}
	}
	if _, err := d.Rules(t.Context(), access.Viewer{AccountID: 10}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("one without any role reads: %v", err)
	}
	if d.told != 0 || len(d.audited()) != 0 {
		t.Errorf("refusals: %d told, %d audited", d.told, len(d.audited()))
	}
}

func TestTheCalendarCountsWhatIsEntered(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	works := func(day string) bool {
		_, calendar, err := d.Book(t.Context())
		d.must(err)
		return calendar.IsWorking(party.MustDate(day))
	}
	set := func(day string, kind party.DayKind, name string) error {
		return d.SetDay(t.Context(), d.admin, uuid.NewString(), party.CalendarDay{Date: party.MustDate(day), Kind: kind, Name: name})
	}
	d.must(set("2027-03-03", party.Holiday, "  Nghỉ   bù "))
	d.must(set("2027-03-06", party.WorkingDay, "Làm bù"))
	if works("2027-03-03") || !works("2027-03-06") {
		t.Error("Wednesday off and Saturday worked are not counted")
	}
	days, err := d.Days(t.Context(), d.admin, 2027)
	d.must(err)
	named := false
	for _, x := range days {
		if x.Date.Year != 2027 {
			t.Errorf("the year 2027 shows %s", x.Date)
		}
		named = named || x.Date == party.MustDate("2027-03-03") && x.Name == "Nghỉ bù"
	}
	if !named {
		t.Error("the day is not listed under its name")
	}
	d.must(d.RemoveDay(t.Context(), d.admin, uuid.NewString(), party.MustDate("2027-03-03")))
	if !works("2027-03-03") {
		t.Error("the day that was taken out is still off")
	}
	told, entries := d.told, len(d.audited())
	for want, err := range map[string]error{
		"day=calendar.error.weekend": set("2027-03-07", party.Holiday, "Chủ nhật"),
		"day=calendar.error.weekday": set("2027-03-04", party.WorkingDay, "Thứ năm"),
		"kind=errors.choice":         set("2027-03-04", "feast", "Hội"),
		"name=calendar.error.name":   set("2027-03-04", party.Holiday, " "),
		"name=errors.too_long":       set("2027-03-04", party.Holiday, strings.Repeat("ă", 101)),
		"day=errors.date_required":   d.SetDay(t.Context(), d.admin, "", party.CalendarDay{Kind: party.Holiday, Name: "Nghỉ"}),
	} {
		if refused(err) != want {
			t.Errorf("%v, want %s", refused(err), want)
		}
	}
	if err := d.RemoveDay(t.Context(), d.admin, "", party.MustDate("2027-03-03")); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a day that is not in the table: %v", err)
	}
	if d.told != told || len(d.audited()) != entries {
		t.Error("a refusal was told or audited as a change")
	}
}

func TestTheAuditTellsWhoChangedWhat(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, err := d.Save(t.Context(), d.admin, change(ownRule()))
	d.must(err)
	e, err := d.Rule(t.Context(), d.admin, id)
	d.must(err)
	e.Value = 50
	_, err = d.Save(t.Context(), d.admin, regulation.Change{ID: id, Version: e.Version, Rule: e.Rule})
	d.must(err)
	if err := d.Remove(t.Context(), d.admin, id, e.Version+1, "", "  "); refused(err) != "reason=regulations.error.reason" {
		t.Errorf("without a reason: %v", err)
	}
	d.must(d.Remove(t.Context(), d.admin, id, e.Version+1, "", "nhập nhầm"))
	d.must(d.SetDay(t.Context(), d.admin, "", party.CalendarDay{Date: party.MustDate("2027-03-03"), Kind: party.Holiday, Name: "Nghỉ bù"}))
	d.must(d.RemoveDay(t.Context(), d.admin, "", party.MustDate("2027-03-03")))
	got := d.audited()
	for i, want := range [][]string{{"7 create rule", `"value": 55`, "12-QĐ/TW"}, {"7 edit rule", `"value": 50`, `"value": 55`},
		{"7 remove rule", "nhập nhầm", `"value": 50`}, {"7 edit calendar", "2027-03-03", "Nghỉ bù"}, {"7 remove calendar", "2027-03-03"}} {
		for _, words := range want {
			if i >= len(got) || !strings.Contains(got[i], words) {
				t.Errorf("entry %d does not tell %q: %q", i, words, got)
			}
		}
	}
	if d.told != 5 || len(got) != 5 {
		t.Errorf("five changes: told %d times, %d entries", d.told, len(got))
	}
}
