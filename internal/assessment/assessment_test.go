package assessment_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest"
	"ketnap/internal/assessment"
	"ketnap/internal/departure"
	"ketnap/internal/exemption"
	"ketnap/internal/fault"
	"ketnap/internal/keyset"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
	"ketnap/internal/regulation"
	"ketnap/internal/reorganisation"
)

var day = party.MustDate

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err, keys(err))
	}
}

func keys(err error) (out []string) {
	if e := fault.As(err); e != nil {
		for _, f := range e.Fields {
			out = append(out, f.Name+" "+f.Key)
		}
	}
	slices.Sort(out)
	return out
}

// house is an installation on a day of the winter in which cells rate the year.
func house(t *testing.T, today string) *apptest.House {
	t.Helper()
	h := apptest.New(t)
	h.SetToday(day(today))
	return h
}

// members enters members who joined on 2026-06-19.
func members(h *apptest.House, code string, n int) (ids []int64) {
	for i := range n {
		ids = append(ids, h.Enter(h.Fields(code, fmt.Sprintf("Nguyễn Thị An %03d", i)), party.Ceremony))
	}
	return ids
}

func which(h *apptest.House, code string, k assessment.Kind, year int) assessment.Which {
	return assessment.Which{OrgID: h.Org(code), Kind: k, Year: year}
}

func get(t *testing.T, h *apptest.House, w assessment.Which) assessment.Sheet {
	t.Helper()
	s, err := h.Assessments.Get(t.Context(), h.Viewer("vanphong"), w)
	must(t, err)
	return s
}

// save enters a sheet as the secretary of the cell LTT.
func save(t *testing.T, h *apptest.House, w assessment.Which, rows map[int64]assessment.Said) (assessment.Saved, error) {
	t.Helper()
	return h.Assessments.Save(t.Context(), h.Viewer("bithu.ltt"), entry(t, h, w, rows))
}

func entry(t *testing.T, h *apptest.House, w assessment.Which, rows map[int64]assessment.Said) assessment.Entry {
	t.Helper()
	return assessment.Entry{Which: w, Key: uuid.NewString(), Version: get(t, h, w).Version, MetOn: party.NewDate(w.Year, 12, 20), Minutes: "12-BB/CB", Voters: 9, Rows: rows}
}

func approve(t *testing.T, h *apptest.House, w assessment.Which, rows map[int64]assessment.Decided) error {
	t.Helper()
	return h.Assessments.Approve(t.Context(), h.Viewer("coso.gd"), assessment.Approval{Which: w, Key: uuid.NewString(), Version: get(t, h, w).Version,
		On: party.NewDate(w.Year, 12, 28), Number: "15-NQ/ĐU", Rows: rows})
}

func TestAYearIsRatedAndApproved(t *testing.T) {
	t.Parallel()
	h := house(t, "2026-12-30")
	ids, w := members(h, "LTT", 4), which(h, "LTT", assessment.Rating, 2026)
	saved, err := save(t, h, w, map[int64]assessment.Said{
		ids[0]: {Self: party.AssessedExcellent, Proposed: party.AssessedExcellent, InFavour: 8},
		ids[1]: {Self: party.AssessedGood, Proposed: party.AssessedGood, InFavour: 9}, ids[2]: {Exempt: party.ExemptSuspended, Note: "  đình chỉ   từ tháng 9 "}})
	must(t, err)
	if saved.Kept != 3 || len(saved.Refused) != 0 {
		t.Errorf("saved: %+v", saved)
	}
	s := get(t, h, w)
	if r := s.Rows[2]; r.Exempt != party.ExemptSuspended || r.Note != "đình chỉ từ tháng 9" || s.Rows[3].Here || s.Version != 1 || s.Approved() {
		t.Errorf("the sheet: %+v", s)
	}
	if s.Cap.Used != 1 || s.Cap.Base != 1 || s.Cap.Allowed != 0 || !s.Cap.Exceeded() {
		t.Errorf("the cap: %+v", s.Cap)
	}
	if err := h.Assessments.Approve(t.Context(), h.Viewer("bithu.ltt"), assessment.Approval{Which: w, Version: 1, On: day("2026-12-28")}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("the cell approves: %v", err)
	}
	if err := approve(t, h, w, nil); !slices.Equal(keys(err), []string{fmt.Sprintf("level_%d assessments.error.unrated", ids[3])}) {
		t.Errorf("approved with one unrated: %v %v", err, keys(err))
	}
	_, err = save(t, h, w, map[int64]assessment.Said{ids[3]: {Proposed: party.AssessedFailed, InFavour: 7}})
	must(t, err)
	if s := get(t, h, w); s.Rows[0].Proposed != party.AssessedExcellent || s.Rows[0].InFavour != 8 {
		t.Errorf("one whom an entry does not name was changed: %+v", s.Rows[0])
	}
	must(t, approve(t, h, w, map[int64]assessment.Decided{ids[0]: {Level: party.AssessedGood}})) // the recalled cap does not refuse either way
	s = get(t, h, w)
	for i, want := range []party.Assessment{party.AssessedGood, party.AssessedGood, "", party.AssessedFailed} {
		if s.Rows[i].Level != want {
			t.Errorf("row %d is %q", i, s.Rows[i].Level)
		}
	}
	if !s.Approved() || s.ApprovalNo != "15-NQ/ĐU" {
		t.Errorf("the approval: %+v", s)
	}
	if _, err := save(t, h, w, map[int64]assessment.Said{ids[3]: {Proposed: party.AssessedDone}}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("changed after the approval: %v", err)
	}
	over, err := h.Assessments.Overview(t.Context(), h.Viewer("coso.gd"), 0, 2026)
	must(t, err)
	if over.Whole.Figures["good"] != 2 || over.Whole.Figures["failed"] != 1 || over.Whole.Figures["exempt"] != 1 || over.Whole.Rated != 1 || over.Whole.Cells != 2 {
		t.Errorf("the overview: %+v", over.Whole)
	}
	for f, n := range over.Whole.Figures {
		names, err := h.Assessments.Names(t.Context(), h.Viewer("coso.gd"), h.Org("GD"), 2026, f, 0)
		must(t, err)
		if len(names.List) != n {
			t.Errorf("%s: %d counted, %d named", f, n, len(names.List))
		}
	}
	again := assessment.Reopening{Which: w, Key: uuid.NewString(), Version: s.Version}
	if err := h.Assessments.Reopen(t.Context(), h.Viewer("coso.gd"), again); fault.KindOf(err) != fault.Invalid {
		t.Errorf("open again without a reason: %v", err)
	}
	again.Why = "Chi bộ họp lại"
	must(t, h.Assessments.Reopen(t.Context(), h.Viewer("coso.gd"), again))
	if s := get(t, h, w); s.Approved() || s.Rows[0].Level != "" || s.Rows[0].Proposed != party.AssessedExcellent {
		t.Errorf("open again: %+v", s)
	}
	_, err = save(t, h, w, map[int64]assessment.Said{ids[1]: {}})
	must(t, err)
	if s := get(t, h, w); s.Rows[1].Here {
		t.Error("what was said is not taken back")
	}
}

func TestWhatCannotBeIsRefusedRowByRow(t *testing.T) {
	t.Parallel()
	h := house(t, "2026-12-30")
	ids, w := members(h, "LTT", 3), which(h, "LTT", assessment.Rating, 2026)
	stranger := members(h, "NTH", 1)[0]
	good := assessment.Said{Proposed: party.AssessedGood, InFavour: 9}
	for name, c := range map[string]struct {
		change func(*assessment.Entry)
		want   string
	}{
		"not of the cell":   {func(e *assessment.Entry) { e.Rows[stranger] = good }, fmt.Sprintf("proposed_%d assessments.error.no_member", stranger)},
		"no such level":     {func(e *assessment.Entry) { e.Rows[ids[1]] = assessment.Said{Proposed: "x"} }, fmt.Sprintf("proposed_%d errors.choice", ids[1])},
		"no such exemption": {func(e *assessment.Entry) { e.Rows[ids[1]] = assessment.Said{Exempt: "x"} }, fmt.Sprintf("exempt_%d errors.choice", ids[1])},
		"exempt and rated": {func(e *assessment.Entry) {
			e.Rows[ids[1]] = assessment.Said{Proposed: party.AssessedDone, Exempt: party.ExemptExcused}
		}, fmt.Sprintf("exempt_%d assessments.error.exempt_rated", ids[1])},
		"not new": {func(e *assessment.Entry) { e.Rows[ids[1]] = assessment.Said{Exempt: party.ExemptNew} }, fmt.Sprintf("exempt_%d assessments.error.not_new", ids[1])},
		"too many votes": {func(e *assessment.Entry) {
			e.Rows[ids[1]] = assessment.Said{Proposed: party.AssessedDone, InFavour: 10}
		}, fmt.Sprintf("favour_%d assessments.error.favour", ids[1])},
		"votes for nothing": {func(e *assessment.Entry) { e.Rows[ids[1]] = assessment.Said{InFavour: 3} }, fmt.Sprintf("favour_%d assessments.error.favour_alone", ids[1])},
		"no day":            {func(e *assessment.Entry) { e.MetOn = party.Date{} }, "met_on errors.date_required"},
		"to come":           {func(e *assessment.Entry) { e.MetOn = day("2026-12-31") }, "met_on assessments.error.future"},
		"another year":      {func(e *assessment.Entry) { e.MetOn = day("2025-12-31") }, "met_on assessments.error.other_year"},
	} {
		in := entry(t, h, w, map[int64]assessment.Said{ids[0]: good})
		c.change(&in)
		_, err := h.Assessments.Save(t.Context(), h.Viewer("bithu.ltt"), in)
		if !slices.Equal(keys(err), []string{c.want}) {
			t.Errorf("%s: %v", name, keys(err))
		}
		if s := get(t, h, w); s.ID != 0 {
			t.Fatalf("%s: something was kept", name)
		}
	}
	in := entry(t, h, w, map[int64]assessment.Said{ids[0]: good, ids[1]: {Proposed: "x"}})
	in.KeepGood = true
	saved, err := h.Assessments.Save(t.Context(), h.Viewer("bithu.ltt"), in)
	must(t, err)
	if s := get(t, h, w); saved.Kept != 1 || len(saved.Refused) != 1 || !s.Rows[0].Here || s.Rows[1].Here {
		t.Errorf("the good row is kept, the bad one told: %+v", saved)
	}
	if n, err := h.Assessments.Save(t.Context(), h.Viewer("bithu.ltt"), in); err != nil || n.Kept != 0 {
		t.Errorf("sent again: %+v %v", n, err)
	}
	in.Key = uuid.NewString()
	if _, err := h.Assessments.Save(t.Context(), h.Viewer("bithu.ltt"), in); fault.KindOf(err) != fault.Conflict || fault.As(err).Detail.(assessment.Stale).By != "Tài khoản bithu.ltt" {
		t.Errorf("a stale sheet: %v", err)
	}
	for name, bad := range map[string]assessment.Which{"to come": which(h, "LTT", assessment.Rating, 2027), "before the levels": which(h, "LTT", assessment.Rating, 2017),
		"no cell": which(h, "GD", assessment.Rating, 2026), "no kind": which(h, "LTT", "x", 2026)} {
		if _, err := h.Assessments.Get(t.Context(), h.Viewer("vanphong"), bad); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s := get(t, h, which(h, "LTT", assessment.Rating, 2025)); len(s.Rows) != 0 {
		t.Errorf("%d members of 2025, and all joined in 2026", len(s.Rows))
	}
	if _, err := h.Assessments.Get(t.Context(), h.Viewer("bithu.nth"), w); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another cell opens it: %v", err)
	}
	if _, err := h.Assessments.Save(t.Context(), h.Viewer("lanhdao"), in); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a reader saves: %v", err)
	}
}

// The shipped cap only warns; one that an administrator has confirmed refuses the approval.
func TestAConfirmedCapRefuses(t *testing.T) {
	t.Parallel()
	h := house(t, "2026-12-30")
	ids, w := members(h, "LTT", 2), which(h, "LTT", assessment.Rating, 2026)
	confirm(t, h, party.AssessCap)
	_, err := save(t, h, w, map[int64]assessment.Said{ids[0]: {Proposed: party.AssessedExcellent}, ids[1]: {Proposed: party.AssessedGood}})
	must(t, err)
	if err := approve(t, h, w, nil); !slices.Equal(keys(err), []string{"cap assessments.error.cap"}) {
		t.Errorf("more than the cap: %v %v", err, keys(err))
	}
	must(t, approve(t, h, w, map[int64]assessment.Decided{ids[0]: {Level: party.AssessedGood}}))
}

// confirm raises the mark of the value of a rule that is in force.
func confirm(t *testing.T, h *apptest.House, id party.RuleID) {
	t.Helper()
	v := h.Viewer("quantri")
	list, err := h.Regulations.Rules(t.Context(), v)
	must(t, err)
	for _, e := range list {
		if e.Rule.ID == id && e.Rule.InForce(h.Now()) {
			e.Rule.Confidence = party.Verified
			_, err := h.Regulations.Save(t.Context(), v, regulation.Change{Key: uuid.NewString(), ID: e.ID, Version: e.Version, Rule: e.Rule})
			must(t, err)
			return
		}
	}
	t.Fatalf("%s is not in force", id)
}

func TestTheScreeningAndItsWatches(t *testing.T) {
	t.Parallel()
	h := house(t, "2026-12-30")
	ids, w := members(h, "LTT", 4), which(h, "LTT", assessment.Screening, 2026)
	if _, err := save(t, h, w, map[int64]assessment.Said{ids[0]: {Proposes: party.ScreenedHelped}}); !slices.Equal(keys(err), []string{fmt.Sprintf("category_%d assessments.error.category", ids[0])}) {
		t.Errorf("without a category: %v", keys(err))
	}
	_, err := save(t, h, w, map[int64]assessment.Said{ids[0]: {Category: "tasks", Proposes: party.ScreenedHelped}, ids[1]: {Category: "transfer", Proposes: party.ScreenedWatched},
		ids[2]: {Category: "standing"}})
	must(t, err)
	if err := approve(t, h, w, nil); !slices.Equal(keys(err), []string{fmt.Sprintf("outcome_%d assessments.error.no_outcome", ids[2])}) {
		t.Errorf("without an outcome: %v", keys(err))
	}
	if err := approve(t, h, w, map[int64]assessment.Decided{ids[2]: {Outcome: party.ScreenedHelped}, ids[3]: {Outcome: party.ScreenedHelped}}); !slices.Equal(keys(err), []string{fmt.Sprintf("outcome_%d assessments.error.no_row", ids[3])}) {
		t.Errorf("about who is not on the list: %v", keys(err))
	}
	must(t, approve(t, h, w, map[int64]assessment.Decided{ids[2]: {Outcome: party.ScreenedWatched}}))
	if s := get(t, h, w); s.Rows[1].Until != day("2027-12-28") || s.Rows[2].Outcome != party.ScreenedWatched || !s.Rows[0].Until.IsZero() {
		t.Errorf("the list: %+v", s.Rows)
	}
	v := h.Viewer("bithu.ltt")
	ending := func(today string) int {
		h.SetToday(day(today))
		n, err := h.Assessments.Ending(t.Context(), v, 0)
		must(t, err)
		return n
	}
	if a, b, c := ending("2027-11-27"), ending("2027-11-28"), ending("2028-03-01"); a != 0 || b != 2 || c != 2 {
		t.Errorf("told 31 days before: %d, 30 days before: %d, late: %d", a, b, c)
	}
	list, err := h.Assessments.Watches(t.Context(), v, 0, keyset.Cursor{})
	must(t, err)
	if len(list.List) != 2 || list.List[0].Until != day("2027-12-28") {
		t.Fatalf("watched: %+v", list.List)
	}
	conclude := func(on string, rows ...assessment.Conclusion) error {
		return h.Assessments.Conclude(t.Context(), v, assessment.Concluding{Key: uuid.NewString(), On: day(on), Rows: rows})
	}
	improved := assessment.Conclusion{PersonID: ids[1], Year: 2026, Result: party.WatchImproved}
	if err := conclude("2026-12-27", improved); !slices.Equal(keys(err), []string{fmt.Sprintf("result_%d_2026 assessments.error.before_decision", ids[1])}) {
		t.Errorf("before it began: %v", keys(err))
	}
	if err := conclude("2028-01-05", improved, assessment.Conclusion{PersonID: ids[0], Year: 2026, Result: party.WatchImproved}); !slices.Equal(keys(err), []string{fmt.Sprintf("result_%d_2026 assessments.error.no_watch_open", ids[0])}) {
		t.Errorf("of one who is not watched: %v", keys(err))
	}
	must(t, conclude("2028-01-05", improved))
	if n := ending("2028-03-01"); n != 1 {
		t.Errorf("%d are told after one was concluded", n)
	}
	s := get(t, h, w)
	if err := h.Assessments.Reopen(t.Context(), h.Viewer("coso.gd"), assessment.Reopening{Which: w, Version: s.Version, Why: "Sai"}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("open again after a watch was concluded: %v", err)
	}
	years, err := h.Assessments.OfPerson(t.Context(), v, ids[1])
	must(t, err)
	if len(years) != 1 || years[0].Result != party.WatchImproved || years[0].Kind != assessment.Screening {
		t.Errorf("his years: %+v", years)
	}
}

func TestWhoMovedKeepsHisYear(t *testing.T) {
	t.Parallel()
	h := house(t, "2026-12-30")
	id := members(h, "LTT", 1)[0]
	w := which(h, "LTT", assessment.Rating, 2026)
	_, err := save(t, h, w, map[int64]assessment.Said{id: {Proposed: party.AssessedGood, InFavour: 9}})
	must(t, err)
	must(t, approve(t, h, w, nil))
	c, err := h.Departures.Open(t.Context(), h.Viewer("bithu.ltt"), departure.Opening{PersonID: id, Way: party.WayDied, Reason: "Bệnh nặng", On: day("2026-12-29")})
	must(t, err)
	must(t, h.Departures.Act(t.Context(), h.Viewer("bithu.ltt"), departure.Acting{ID: c, Version: 1, What: party.CaseDecided, On: day("2026-12-29")}))
	if s := get(t, h, w); len(s.Rows) != 1 || s.Rows[0].Level != party.AssessedGood || s.Rows[0].FullName != "Nguyễn Thị An 000" {
		t.Errorf("the sheet: %+v", s.Rows)
	}
}

// A cell ends before its sheets are approved: where its members go on, they are entered anew. What was
// approved stays.
func TestAnEndedCellLeavesItsOpenSheetsToTheNext(t *testing.T) {
	t.Parallel()
	h := house(t, "2026-12-30")
	id := members(h, "NTH", 1)[0]
	said := map[int64]assessment.Said{id: {Proposed: party.AssessedGood}}
	for _, kind := range []assessment.Kind{assessment.Rating, assessment.Screening} {
		w := which(h, "NTH", kind, 2026)
		if kind == assessment.Screening {
			said = map[int64]assessment.Said{id: {Category: "tasks", Proposes: party.ScreenedHelped}}
		}
		_, err := h.Assessments.Save(t.Context(), h.Viewer("bithu.nth"), entry(t, h, w, said))
		must(t, err)
	}
	must(t, approve(t, h, which(h, "NTH", assessment.Screening, 2026), nil))
	_, err := h.Reorganisations.Carry(t.Context(), h.Viewer("vanphong"), reorganisation.Act{On: day("2026-12-29"),
		Reorganisation: party.Reorganisation{Kind: party.MergeOrgs, Orgs: []int32{h.Org("NTH")}, Into: h.Org("LTT")},
		Decision:       reorganisation.Decision{Number: "12-QĐ/ĐU", On: day("2026-12-20"), Issuer: "Ban Thường vụ"}})
	must(t, err)
	w := which(h, "LTT", assessment.Rating, 2026)
	_, err = save(t, h, w, map[int64]assessment.Said{id: {Proposed: party.AssessedDone}})
	must(t, err)
	must(t, approve(t, h, w, nil))
	if s := get(t, h, w); len(s.Rows) != 1 || s.Rows[0].Level != party.AssessedDone {
		t.Errorf("where he goes on: %+v", s.Rows)
	}
	screening := which(h, "LTT", assessment.Screening, 2026)
	if _, err := save(t, h, screening, map[int64]assessment.Said{id: {Category: "tasks"}}); !slices.Equal(keys(err), []string{fmt.Sprintf("category_%d assessments.error.elsewhere", id)}) {
		t.Errorf("what was approved is entered anew: %v", keys(err))
	}
	years, err := h.Assessments.OfPerson(t.Context(), h.Viewer("bithu.ltt"), id)
	must(t, err)
	if len(years) != 2 {
		t.Errorf("his years: %+v", years)
	}
}

// A sheet of three hundred takes as many statements as one of three.
func TestASheetTakesNoStatementPerMember(t *testing.T) {
	t.Parallel()
	h := house(t, "2026-12-30")
	w := which(h, "LTT", assessment.Rating, 2026)
	count := func(ids []int64) (read, written int) {
		rows := map[int64]assessment.Said{}
		for _, id := range ids {
			rows[id] = assessment.Said{Proposed: party.AssessedGood, InFavour: 9}
		}
		in := entry(t, h, w, rows)
		ctx, sent := postgres.RecordQueries(t.Context())
		_, err := h.Assessments.Save(ctx, h.Viewer("bithu.ltt"), in)
		must(t, err)
		written = len(sent())
		ctx, sent = postgres.RecordQueries(t.Context())
		_, err = h.Assessments.Get(ctx, h.Viewer("bithu.ltt"), w)
		must(t, err)
		return len(sent()), written
	}
	ids := members(h, "LTT", 3)
	count(ids)
	read, written := count(ids)
	var more []people.History
	for i := range 297 {
		more = append(more, people.History{Fields: h.Fields("LTT", fmt.Sprintf("Lê Văn Bình %03d", i)), Steps: h.Way("LTT")})
	}
	for portion := range slices.Chunk(more, 100) {
		entered, err := h.People.EnterHistories(t.Context(), h.Viewer("vanphong"), portion)
		must(t, err)
		ids = append(ids, entered...)
	}
	moreRead, moreWritten := count(ids)
	if read != moreRead || written != moreWritten {
		t.Errorf("%d and %d statements for three, %d and %d for three hundred", read, written, moreRead, moreWritten)
	}
	if s := get(t, h, w); len(s.Rows) != 300 || !s.Rows[299].Here {
		t.Errorf("%d rows", len(s.Rows))
	}
}

// Whom a decision exempts or suspends is preset as not rated, and needs no entry before the approval; the
// cell may rate him all the same.
func TestWhomADecisionFreesIsPresetAsNotRated(t *testing.T) {
	t.Parallel()
	h := house(t, "2026-12-30")
	ids, w := members(h, "LTT", 5), which(h, "LTT", assessment.Rating, 2026)
	for i, span := range []party.ExemptionSpan{{Kind: party.Exempt, From: day("2026-11-01")}, {Kind: party.Suspended, From: day("2026-12-01"), Until: day("2027-02-28")},
		{Kind: party.Exempt, From: day("2026-11-01")}, {Kind: party.Exempt, From: day("2026-08-01"), Until: day("2026-10-31")}} {
		must(t, h.Exemptions.Enter(t.Context(), h.Viewer("vanphong"), uuid.NewString(), exemption.Exemption{PersonID: ids[i], Number: "1-QĐ/ĐU", DecidedOn: day("2026-08-01"), Reason: "Điều trị", ExemptionSpan: span}))
	}
	sheet := get(t, h, w)
	for i, want := range []party.Exemption{party.ExemptExcused, party.ExemptSuspended, party.ExemptExcused, party.ExemptNot, party.ExemptNot} {
		if r := sheet.Rows[i]; r.Preset != want || r.Here {
			t.Errorf("row %d: %+v, want %q", i, r, want)
		}
	}
	good := assessment.Said{Proposed: party.AssessedGood, InFavour: 8}
	_, err := save(t, h, w, map[int64]assessment.Said{ids[0]: {Exempt: party.ExemptExcused}, ids[2]: good, ids[3]: good, ids[4]: good})
	must(t, err)
	must(t, approve(t, h, w, nil))
	for i, want := range []party.Assessment{"", "", party.AssessedGood, party.AssessedGood, party.AssessedGood} {
		if r := get(t, h, w).Rows[i]; r.Level != want {
			t.Errorf("row %d is approved as %q, want %q", i, r.Level, want)
		}
	}
}
