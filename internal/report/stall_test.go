package report_test

import (
	"context"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
	"ketnap/internal/report"
)

func stalls(t *testing.T, h *apptest.House, username, code string) report.Stalls {
	t.Helper()
	org := int32(0)
	if code != "" {
		org = h.Org(code)
	}
	out, err := h.Reports.Stalls(t.Context(), h.Viewer(username), org)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// listed counts the names behind a number of the report.
func listed(t *testing.T, h *apptest.House, username string, q people.Query) int {
	t.Helper()
	list, err := h.People.List(t.Context(), h.Viewer(username), q)
	if err != nil {
		t.Fatal(err)
	}
	return list.Count
}

func TestWaitsAreMeasuredByStageAndUnit(t *testing.T) {
	t.Parallel()
	h := apptest.New(t) // today is 2026-11-23
	introduce(h, t, "LTT", "Nguyễn Thị Một", "2026-11-13")
	introduce(h, t, "LTT", "Nguyễn Thị Hai", "2026-10-24")
	oldest := introduce(h, t, "NTH", "Nguyễn Thị Ba", "2025-11-23")
	introduce(h, t, "SVKT", "Nguyễn Thị Bốn", "2026-05-22") // a day more than six months
	introduce(h, t, "SVCN", "Nguyễn Thị Năm", "2026-05-23") // six months to the day
	h.Enter(h.Fields("LTT", "Lê Thị Đảng Viên"), party.Ceremony)
	out := stalls(t, h, "vanphong", "")
	if out.Org.OrgID != h.Org("K") || out.Before != party.MustDate("2026-05-23") || out.Rule.ID != party.StallMonths {
		t.Fatalf("%+v", out)
	}
	if w := out.All; w != (report.Wait{People: 5, Median: 184, Longest: 365, Who: oldest, Stuck: 2}) {
		t.Errorf("all: %+v", w)
	}
	if len(out.Stages) != len(party.StallStages) || out.Stages[0].Wait != out.All || out.Stages[1].People != 0 {
		t.Errorf("stages: %+v", out.Stages)
	}
	if len(out.Units) != 2 {
		t.Fatalf("units: %+v", out.Units)
	}
	for _, u := range out.Units {
		want := map[int32]report.Wait{h.Org("GD"): {People: 3, Median: 30, Longest: 365, Who: oldest, Stuck: 1}, h.Org("DH"): {People: 2, Median: 184, Longest: 185, Who: u.Who, Stuck: 1}}[u.Org.OrgID]
		if u.Wait != want || u.MostAt != party.StageIntroduced {
			t.Errorf("%s: %+v, most at %s", u.Org.Code, u.Wait, u.MostAt)
		}
	}
	if cell := stalls(t, h, "bithu.ltt", ""); cell.Org.OrgID != h.Org("LTT") || cell.All.People != 2 || cell.All.Stuck != 0 || len(cell.Units) != 0 {
		t.Errorf("the secretary's own: %+v", cell)
	}
	if empty := stalls(t, h, "vanphong", "CHUYEN"); empty.All != (report.Wait{}) || len(empty.Stages) != len(party.StallStages) {
		t.Errorf("where nobody waits: %+v", empty)
	}
}

// Who has two mentors is counted with both, who has none with nobody.
func TestWaitsAreMeasuredByMentor(t *testing.T) {
	t.Parallel()
	h := apptest.New(t) // today is 2026-11-23
	record := func(id int64, on string, facts party.Facts) {
		t.Helper()
		err := h.DB.Write(t.Context(), h.Viewer("vanphong"), func(ctx context.Context, tx *postgres.Tx) error {
			_, err := h.People.RecordIn(ctx, tx, h.Viewer("vanphong"), people.NewStep{PersonID: id, Kind: facts.Kind(), On: party.MustDate(on), Facts: facts, Papers: []party.Paper{{Number: "1-NQ"}}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	planned := func(code, name, on string) int64 {
		t.Helper()
		id := introduce(h, t, code, name, "2025-09-10")
		record(id, on, party.PlanningFacts{})
		return id
	}
	recent, oldest := planned("LTT", "Nguyễn Thị Một", "2026-11-13"), planned("LTT", "Nguyễn Thị Ba", "2025-11-23")
	elsewhere := planned("NTH", "Nguyễn Thị Năm", "2026-05-22")
	planned("LTT", "Nguyễn Thị Bốn", "2025-11-23")
	for _, id := range []int64{recent, oldest, elsewhere} { // at another cell it is somebody else of that name
		record(id, "2026-11-20", party.MentorFacts{Name: "Trần Văn Giúp"})
	}
	record(oldest, "2026-11-20", party.MentorFacts{Name: "Lê Thị Đỡ"})
	want := []report.MentorWait{
		{Name: "Lê Thị Đỡ", Wait: report.Wait{People: 1, Median: 365, Longest: 365, Who: oldest, Stuck: 1}},
		{Name: "Trần Văn Giúp", Wait: report.Wait{People: 2, Median: 10, Longest: 365, Who: oldest, Stuck: 1}},
		{Name: "Trần Văn Giúp", Wait: report.Wait{People: 1, Median: 185, Longest: 185, Who: elsewhere, Stuck: 1}},
	}
	out := stalls(t, h, "vanphong", "")
	if len(out.Mentors) != len(want) {
		t.Fatalf("%+v", out.Mentors)
	}
	for i, m := range out.Mentors {
		if m.Name != want[i].Name || m.Wait != want[i].Wait || m.Org.OrgID != h.Org([]string{"LTT", "LTT", "NTH"}[i]) {
			t.Errorf("%+v", m)
		}
		if n := listed(t, h, "vanphong", people.Query{OrgID: m.Org.OrgID, Mentor: m.Name, Stages: party.StallStages}); n != m.People {
			t.Errorf("%s: %d names, not %d", m.Name, n, m.People)
		}
		if n := listed(t, h, "vanphong", people.Query{OrgID: m.Org.OrgID, Mentor: m.Name, Stages: party.StallStages, Before: out.Before}); n != m.Stuck {
			t.Errorf("%s: %d names stuck, not %d", m.Name, n, m.Stuck)
		}
	}
	if own := stalls(t, h, "bithu.nth", ""); len(own.Mentors) != 1 || own.Mentors[0].Who != elsewhere {
		t.Errorf("the secretary's own: %+v", own.Mentors)
	}
}

// Each number of the page opens a list that has as many names.
func TestTheNumbersOfTheStallsAreTheirNames(t *testing.T) {
	t.Parallel()
	h := inhabited(t)
	for _, username := range []string{"vanphong", "coso.gd", "bithu.ltt"} {
		out := stalls(t, h, username, "")
		org := out.Org.OrgID
		for _, st := range out.Stages {
			q := people.Query{OrgID: org, Stages: []party.Stage{st.Stage}}
			if n := listed(t, h, username, q); n != st.People {
				t.Errorf("%s, %s: %d names, not %d", username, st.Stage, n, st.People)
			}
			q.Before = out.Before
			if n := listed(t, h, username, q); n != st.Stuck {
				t.Errorf("%s, stuck at %s: %d names, not %d", username, st.Stage, n, st.Stuck)
			}
		}
		for _, u := range out.Units {
			if n := listed(t, h, username, people.Query{OrgID: u.Org.OrgID, Stages: party.StallStages, Before: out.Before}); n != u.Stuck {
				t.Errorf("%s, stuck below %s: %d names, not %d", username, u.Org.Code, n, u.Stuck)
			}
		}
		if len(out.Cohorts) != 1 {
			t.Fatalf("%s: cohorts %+v", username, out.Cohorts)
		}
		c := out.Cohorts[0]
		if n := listed(t, h, username, people.Query{OrgID: org, ClassID: c.ClassID}); n != c.Passed || n == 0 {
			t.Errorf("%s: %d passed, not %d", username, n, c.Passed)
		}
		if n := listed(t, h, username, people.Query{OrgID: org, ClassID: c.ClassID, Stages: []party.Stage{party.StageProbationary, party.StageOfficial}}); n != c.Admitted || n == 0 {
			t.Errorf("%s: %d admitted, not %d", username, n, c.Admitted)
		}
		if n := listed(t, h, username, people.Query{OrgID: org, ClassID: c.ClassID, Search: "khong-co-ai"}); n != 0 {
			t.Errorf("%s: %d found who are not there", username, n)
		}
	}
}

func TestStallsStayWithinTheScopeAndAreQuick(t *testing.T) {
	t.Parallel()
	h := inhabited(t)
	for username, kind := range map[string]fault.Kind{"bithu.nth": fault.NotFound, "coso.dh": fault.NotFound, "doan.ltt": fault.Forbidden, "quantri": fault.Forbidden} {
		if _, err := h.Reports.Stalls(t.Context(), h.Viewer(username), h.Org("LTT")); fault.KindOf(err) != kind {
			t.Errorf("%s: %v", username, err)
		}
	}
	ctx, sent := postgres.RecordQueries(t.Context())
	if _, err := h.Reports.Stalls(ctx, h.Viewer("vanphong"), 0); err != nil {
		t.Fatal(err)
	}
	if n := len(sent()); n > 10 {
		t.Errorf("%d statements", n)
	}
}
