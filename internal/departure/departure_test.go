package departure_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest"
	"ketnap/internal/assessment"
	"ketnap/internal/cell"
	"ketnap/internal/departure"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
	"ketnap/internal/report"
)

var day = party.MustDate

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v %+v", err, fault.As(err))
	}
}

func open(h *apptest.House, username string, id int64) (int64, error) {
	return h.Departures.Open(context.Background(), h.Viewer(username), departure.Opening{Key: uuid.NewString(), PersonID: id, Way: party.WayRemoved,
		Ground: party.RemoveProbationary, Reason: "Không đủ tư cách", On: day("2026-08-03")})
}

// act does the next thing in a case, with votes that are enough.
func act(t *testing.T, h *apptest.House, username string, id int64, what party.CaseState, on string) error {
	t.Helper()
	c, err := h.Departures.Get(t.Context(), h.Viewer("vanphong"), id)
	must(t, err)
	return h.Departures.Act(t.Context(), h.Viewer(username), departure.Acting{Key: uuid.NewString(), ID: id, Version: c.Version, What: what, On: day(on),
		Words: "Lý do", Vote: party.Vote{Official: 9, Present: 9, InFavour: 8}, Ballot: party.Ballot{Members: 9, InFavour: 8},
		OrgID: h.Org("K"), Decider: party.DeciderUpperStandingCommittee, Suffix: "-QĐ/ĐU"})
}

func stage(t *testing.T, h *apptest.House, id int64) party.Stage {
	t.Helper()
	rec, err := h.People.Open(t.Context(), h.Viewer("vanphong"), id)
	must(t, err)
	return rec.State.Stage
}

// members counts the members of the whole house on a day.
func members(t *testing.T, h *apptest.House, on string) int {
	t.Helper()
	r, err := h.Reports.Term(t.Context(), h.Viewer("vanphong"), report.TermQuery{OrgID: h.Org("K"), AsOf: day(on)})
	must(t, err)
	return r.Members()
}

func clean(t *testing.T, h *apptest.House) {
	t.Helper()
	differ, err := h.People.Check(t.Context())
	must(t, err)
	counts, err := h.Reports.CheckCounts(t.Context())
	must(t, err)
	if len(differ) > 0 || len(counts) > 0 {
		t.Errorf("check: %v %v", differ, counts)
	}
	_, cases, err := h.Departures.Check(t.Context())
	must(t, err)
	_, decisions, err := h.Decisions.Check(t.Context())
	must(t, err)
	if len(cases) > 0 || len(decisions) > 0 {
		t.Errorf("documents: %v %v", cases, decisions)
	}
}

func TestARemovalWithAppealAndRestoration(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	c, err := open(h, "bithu.ltt", id)
	must(t, err)
	if err := act(t, h, "bithu.ltt", c, party.CaseDecided, "2026-08-04"); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a cell decides: %v", err)
	}
	if err := act(t, h, "vanphong", c, party.CaseDecided, "2026-08-04"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("decided before the votes: %v", err)
	}
	must(t, act(t, h, "bithu.ltt", c, party.CaseVoted, "2026-08-05"))
	if err := act(t, h, "vanphong", c, party.CaseProposed, "2026-08-04"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("proposed before the cell's vote: %v", err)
	}
	must(t, act(t, h, "vanphong", c, party.CaseProposed, "2026-08-10"))
	must(t, act(t, h, "vanphong", c, party.CaseDecided, "2026-08-17"))
	if got := stage(t, h, id); got != party.StageFormer {
		t.Errorf("removed, and %s", got)
	}
	if before, after := members(t, h, "2026-08-16"), members(t, h, "2026-08-17"); before != 1 || after != 0 {
		t.Errorf("%d members before the decision, %d after", before, after)
	}
	clean(t, h)
	must(t, act(t, h, "vanphong", c, party.CaseTold, "2026-08-20"))
	told, err := h.Departures.Get(t.Context(), h.Viewer("bithu.ltt"), c)
	must(t, err)
	if told.AppealBy.IsZero() || len(told.Acts) != 5 || told.Acts[3].Printed == "" || told.StepID == 0 {
		t.Errorf("%+v", told)
	}
	if err := act(t, h, "bithu.ltt", c, party.CaseAppealed, told.AppealBy.AddDays(1).String()); fault.KindOf(err) != fault.Invalid {
		t.Errorf("an appeal after the last day: %v", err)
	}
	must(t, act(t, h, "bithu.ltt", c, party.CaseAppealed, "2026-09-01"))
	must(t, act(t, h, "vanphong", c, party.CaseRestored, "2026-10-01"))
	if got := stage(t, h, id); got != party.StageProbationary {
		t.Errorf("restored, and %s", got)
	}
	if out, back := members(t, h, "2026-09-30"), members(t, h, "2026-10-01"); out != 0 || back != 1 {
		t.Errorf("%d members before the restoration, %d after", out, back)
	}
	names, err := h.Reports.Names(t.Context(), h.Viewer("vanphong"), report.NamesQuery{Figure: party.FigureJoined,
		TermQuery: report.TermQuery{OrgID: h.Org("K"), AsOf: day("2026-10-02")}})
	must(t, err)
	if len(names.Rows) != 1 || names.Count != 1 {
		t.Errorf("%d names behind %d members", len(names.Rows), names.Count)
	}
	clean(t, h)
}

// Two who open a case about one member at once: one is told of the other's.
func TestTwoOpeningsAtOnce(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	errs := make([]error, 4)
	var wg sync.WaitGroup
	viewer := h.Viewer("vanphong")
	for i := range errs {
		wg.Go(func() {
			_, errs[i] = h.Departures.Open(context.Background(), viewer, departure.Opening{Key: uuid.NewString(), PersonID: id, Way: party.WayAsked, Reason: "Đơn xin ra", On: day("2026-08-03")})
		})
	}
	wg.Wait()
	done := 0
	for _, err := range errs {
		if err == nil {
			done++
		} else if fault.KindOf(err) != fault.Conflict {
			t.Error(err)
		}
	}
	if done != 1 {
		t.Errorf("%d cases about one member", done)
	}
}

func TestTheEvidenceIsDrawnFromTheCellsMonths(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	for _, month := range []string{"2026-07-01", "2026-08-01", "2026-09-01"} {
		_, err := h.Cells.Save(t.Context(), h.Viewer("bithu.ltt"), cell.Entry{OrgID: h.Org("LTT"), Rest: cell.Said{Presence: party.Absent, Dues: party.DuesPaid},
			Meeting: cell.Meeting{Month: day(month), Kind: party.RegularMeeting, HeldOn: day(month).AddDays(4)}})
		must(t, err)
	}
	c, err := h.Departures.Open(t.Context(), h.Viewer("bithu.ltt"), departure.Opening{PersonID: id, Way: party.WayRemoved, Ground: party.RemoveProbationary,
		Reason: "Ba tháng không sinh hoạt", On: day("2026-10-01")})
	must(t, err)
	got, err := h.Departures.Get(t.Context(), h.Viewer("bithu.ltt"), c)
	must(t, err)
	if got.Silent != 3 {
		t.Errorf("%d silent months", got.Silent)
	}
}

func TestFailedYearsAreEvidence(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	h.SetToday(day("2028-01-31"))
	for _, year := range []int{2026, 2027} {
		w := assessment.Which{OrgID: h.Org("LTT"), Kind: assessment.Rating, Year: year}
		_, err := h.Assessments.Save(t.Context(), h.Viewer("bithu.ltt"), assessment.Entry{Which: w, MetOn: party.NewDate(year, 12, 20),
			Rows: map[int64]assessment.Said{id: {Proposed: party.AssessedFailed}}})
		must(t, err)
		must(t, h.Assessments.Approve(t.Context(), h.Viewer("coso.gd"), assessment.Approval{Which: w, Version: 1, On: party.NewDate(year, 12, 28)}))
	}
	c, err := open(h, "bithu.ltt", id)
	must(t, err)
	got, err := h.Departures.Get(t.Context(), h.Viewer("bithu.ltt"), c)
	must(t, err)
	if got.Rated != 2 {
		t.Errorf("%d failed years in a row", got.Rated)
	}
}

func TestADeathIsASimpleCase(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	c, err := h.Departures.Open(t.Context(), h.Viewer("bithu.ltt"), departure.Opening{PersonID: id, Way: party.WayDied, Reason: "Bệnh nặng", On: day("2026-08-03")})
	must(t, err)
	must(t, act(t, h, "bithu.ltt", c, party.CaseDecided, "2026-08-03"))
	if got := stage(t, h, id); got != party.StageFormer {
		t.Errorf("died, and %s", got)
	}
	if _, err := open(h, "bithu.ltt", id); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a case about somebody who is no member: %v", err)
	}
	clean(t, h)
}

func TestOthersSeeNoCase(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	c, err := open(h, "bithu.ltt", h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony))
	must(t, err)
	if _, err := h.Departures.Get(t.Context(), h.Viewer("bithu.svkt"), c); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another cell opens it: %v", err)
	}
	list, err := h.Departures.List(t.Context(), h.Viewer("bithu.svkt"), departure.Query{})
	must(t, err)
	if len(list.Cases) != 0 {
		t.Errorf("another cell lists it: %+v", list.Cases)
	}
}

// A page of cases takes as many statements as one case does.
func TestAListTakesNoStatementPerCase(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	count := func() int {
		viewer := h.Viewer("vanphong")
		ctx, sent := postgres.RecordQueries(t.Context())
		_, err := h.Departures.List(ctx, viewer, departure.Query{})
		must(t, err)
		return len(sent())
	}
	for _, name := range []string{"Nguyễn Thị Ánh", "Trần Văn Bình", "Lê Thị Chi"} {
		_, err := open(h, "bithu.ltt", h.Enter(h.Fields("LTT", name), party.Ceremony))
		must(t, err)
	}
	count() // the tree is read once
	three := count()
	for _, name := range []string{"Đỗ Văn Dũng", "Hồ Thị Én"} {
		_, err := open(h, "bithu.ltt", h.Enter(h.Fields("LTT", name), party.Ceremony))
		must(t, err)
	}
	if five := count(); five != three {
		t.Errorf("%d statements for three cases, %d for five", three, five)
	}
}
