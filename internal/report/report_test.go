package report_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/access"
	"ketnap/internal/apptest"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
	"ketnap/internal/report"
)

// codes are the organisations of the house, the upper committee first.
var codes = []string{"K", "GD", "LTT", "NTH", "DH", "SVKT", "SVCN", "CHUYEN"}

// figures are all that have names behind them.
var figures = append([]party.Figure{party.FigureJoined}, party.TermFigures...)

// introduce enters somebody of a cell who was introduced on a day and no more.
func introduce(h *apptest.House, t *testing.T, code, name, day string) int64 {
	t.Helper()
	f := h.Fields(code, name)
	f.BirthDate, f.UnionJoinedOn = party.MustDate("1997-02-10"), party.MustDate("2012-03-26")
	return enter(h, t, people.History{Fields: f, Steps: []people.NewStep{{Kind: party.Introduced, On: party.MustDate(day),
		Facts: party.IntroductionFacts{Union: "Đoàn trường"}, Papers: []party.Paper{{Number: "1-NQ/ĐTN"}}}}})
}

func enter(h *apptest.House, t *testing.T, one people.History) int64 {
	t.Helper()
	ids, err := h.People.EnterHistories(t.Context(), h.Viewer("vanphong"), []people.History{one})
	if err != nil {
		verdict, _ := people.Refusal(err)
		t.Fatalf("%v %v", err, verdict.Refusals())
	}
	return ids[0]
}

// receive enters a member who came from elsewhere.
func receive(h *apptest.House, t *testing.T, code, name, came, joined string) int64 {
	t.Helper()
	f := h.Fields(code, name)
	f.BirthDate = party.MustDate("2004-02-10")
	return enter(h, t, people.History{Fields: f, Steps: []people.NewStep{{Kind: party.Received, On: party.MustDate(came),
		Facts: party.ReceivedFacts{JoinedOn: party.MustDate(joined), From: "Đảng bộ khác"}, Papers: []party.Paper{{Number: "9-GT"}}}}})
}

// inhabited is a house with people at all points of the way, in and beside the term 2025-2030.
func inhabited(t *testing.T) *apptest.House {
	t.Helper()
	h := apptest.New(t)
	for i, upTo := range []party.StepKind{party.Introduced, party.Planned, party.ClassResult, party.CellResolution, party.Ceremony} {
		for _, code := range []string{"LTT", "NTH", "SVKT", "CHUYEN"}[:4-i/2] {
			h.Enter(h.Fields(code, fmt.Sprintf("Nguyễn Thị %s %s", code, upTo)), upTo)
		}
	}
	h.Enter(h.Fields("CHUYEN", "Lê Thị Hoa"), party.Ceremony)
	introduce(h, t, "LTT", "Trần Thị Cuối", "2025-06-30")
	introduce(h, t, "LTT", "Trần Thị Đầu", "2025-07-01")
	introduce(h, t, "SVCN", "Trần Thị Hôm Nay", "2026-11-23")
	receive(h, t, "SVKT", "Phạm Thị Đến", "2026-10-05", "2026-02-03")
	return h
}

func termOf(t *testing.T, h *apptest.House, username string, q report.TermQuery) report.Term {
	t.Helper()
	r, err := h.Reports.Term(t.Context(), h.Viewer(username), q)
	if err != nil {
		t.Fatalf("report %+v as %s: %v", q, username, err)
	}
	return r
}

// namesBehind reads all pages of the names behind a figure and gives what the heading says too.
func namesBehind(t *testing.T, h *apptest.House, q report.NamesQuery) (list []report.Name, said int) {
	t.Helper()
	for {
		page, err := h.Reports.Names(t.Context(), h.Viewer("vanphong"), q)
		if err != nil {
			t.Fatalf("names %+v: %v", q, err)
		}
		list, said = append(list, page.Rows...), page.Count
		if page.Next == (report.Cursor{}) {
			return list, said
		}
		q.After = page.Next
	}
}

// sameNames proves that exactly so many different people stand behind a figure.
func sameNames(t *testing.T, h *apptest.House, what string, figure int, q report.NamesQuery) {
	t.Helper()
	list, said := namesBehind(t, h, q)
	if said != figure {
		t.Errorf("%s: the figure is %d, the list says %d", what, figure, said)
	}
	different := map[int64]bool{}
	for _, n := range list {
		different[n.ID] = true
	}
	if len(list) != figure || len(different) != figure {
		t.Errorf("%s: the figure is %d, behind it are %d rows of %d people", what, figure, len(list), len(different))
	}
}

func TestEveryFigureIsTheNumberOfItsNames(t *testing.T) {
	t.Parallel()
	h := inhabited(t)
	for _, term := range []string{"2020-2025", "2025-2030"} {
		for _, asOf := range []string{"", "2026-05-31", "2026-03-14", "2025-07-01"} {
			day, err := party.ParseDate(asOf)
			if err != nil {
				t.Fatal(err)
			}
			for _, code := range codes {
				q := report.TermQuery{Term: term, OrgID: h.Org(code), AsOf: day}
				r := termOf(t, h, "vanphong", q)
				for _, f := range figures {
					what := fmt.Sprintf("%s of %s in %s as of %s", f, code, term, r.AsOf)
					sameNames(t, h, what, r.Counts[f], report.NamesQuery{TermQuery: q, Figure: f})
				}
			}
		}
	}
}

func TestEveryMonthIsTheNumberOfItsNamesAndTheMonthsAreTheTerm(t *testing.T) {
	t.Parallel()
	h := inhabited(t)
	for _, code := range []string{"K", "GD", "LTT", "CHUYEN"} {
		q := report.TermQuery{Term: "2025-2030", OrgID: h.Org(code), AsOf: party.MustDate("2026-06-19")}
		r := termOf(t, h, "vanphong", q)
		for _, f := range party.TermFigures {
			sum := 0
			for _, m := range r.Months {
				sum += m.Counts[f]
				what := fmt.Sprintf("%s of %s in the month from %s to %s", f, code, m.First, m.Last)
				sameNames(t, h, what, m.Counts[f], report.NamesQuery{TermQuery: q, Figure: f, Month: m.First})
			}
			if sum != r.Counts[f] {
				t.Errorf("%s of %s: the months have %d, the term has %d", f, code, sum, r.Counts[f])
			}
		}
	}
}

func TestWhatTheOrganisationsBelowContributeIsTheirOwnReportAndTheWhole(t *testing.T) {
	t.Parallel()
	h := inhabited(t)
	for _, code := range []string{"K", "GD", "DH"} {
		q := report.TermQuery{Term: "2025-2030", OrgID: h.Org(code)}
		r := termOf(t, h, "vanphong", q)
		if len(r.Children) == 0 {
			t.Fatalf("%s has nothing below", code)
		}
		for _, f := range figures {
			sum := 0
			for _, c := range r.Children {
				own := termOf(t, h, "vanphong", report.TermQuery{Term: "2025-2030", OrgID: c.Org.OrgID})
				if c.Counts[f] != own.Counts[f] {
					t.Errorf("%s: %s contributes %d of %s, its own report says %d", code, c.Org.Code, c.Counts[f], f, own.Counts[f])
				}
				sum += c.Counts[f]
			}
			if sum != r.Counts[f] {
				t.Errorf("%s: %d of %s from those below, %d in all", code, sum, f, r.Counts[f])
			}
		}
	}
}

// The people of inhabited counted by hand.
func TestTheFiguresOfATerm(t *testing.T) {
	t.Parallel()
	h := inhabited(t)
	for _, tt := range []struct {
		code, term, asOf               string
		introduced, planned, certified int
		proposed, admitted, members    int
		organisations, classes         int
	}{
		{"K", "2025-2030", "", 19, 13, 9, 6, 3, 4, 3, 1},
		{"K", "2025-2030", "2026-06-19", 18, 13, 9, 6, 3, 3, 2, 1},
		{"K", "2025-2030", "2026-06-18", 18, 13, 9, 6, 0, 0, 0, 1},
		{"K", "2025-2030", "2026-03-14", 18, 13, 0, 0, 0, 0, 0, 1},
		{"K", "2025-2030", "2026-03-06", 18, 13, 0, 0, 0, 0, 0, 0},
		{"K", "2025-2030", "2025-07-01", 1, 0, 0, 0, 0, 0, 0, 0},
		{"K", "2020-2025", "", 1, 0, 0, 0, 0, 0, 0, 0},
		{"GD", "2025-2030", "", 11, 8, 6, 4, 2, 2, 1, 0},
		{"LTT", "2025-2030", "", 6, 4, 3, 2, 1, 1, 0, 0},
		{"SVKT", "2025-2030", "", 4, 3, 2, 1, 0, 1, 0, 0},
		{"SVCN", "2025-2030", "2026-11-22", 0, 0, 0, 0, 0, 0, 0, 0},
	} {
		day, err := party.ParseDate(tt.asOf)
		if err != nil {
			t.Fatal(err)
		}
		r := termOf(t, h, "vanphong", report.TermQuery{Term: tt.term, OrgID: h.Org(tt.code), AsOf: day})
		got := []int{r.Counts[party.FigureIntroduced], r.Counts[party.FigurePlanned], r.Counts[party.FigureCertified], r.Counts[party.FigureProposed],
			r.Counts[party.FigureAdmitted], r.Members(), r.WithAny, r.Classes}
		want := []int{tt.introduced, tt.planned, tt.certified, tt.proposed, tt.admitted, tt.members, tt.organisations, tt.classes}
		if !slices.Equal(got, want) {
			t.Errorf("%s, %s as of %q: %v, want %v", tt.code, tt.term, tt.asOf, got, want)
		}
	}
}

func TestATermThatBreaksMonthsCountsItsOwnDaysOnly(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	broken := party.Term{Code: "2015-2020", Name: "Nhiệm kỳ 2015-2020", Starts: party.MustDate("2015-07-15"), Ends: party.MustDate("2020-06-20")}
	err := h.DB.WriteSystem(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := h.Organisations.CreateTerm(ctx, tx, access.System, broken)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, day := range []string{"2015-07-14", "2015-07-15", "2015-07-31", "2015-08-01", "2020-05-31", "2020-06-01", "2020-06-20", "2020-06-21"} {
		introduce(h, t, []string{"LTT", "SVKT"}[i%2], fmt.Sprintf("Nguyễn Thị %d", i), day)
	}
	for asOf, want := range map[string]int{"2015-07-14": 0, "2015-07-15": 1, "2015-07-30": 1, "2015-07-31": 2, "2015-08-01": 3, "2020-05-30": 3,
		"2020-05-31": 4, "2020-06-01": 5, "2020-06-19": 5, "2020-06-20": 6, "2020-06-30": 6} {
		q := report.TermQuery{Term: "2015-2020", OrgID: h.Org("K"), AsOf: party.MustDate(asOf)}
		r := termOf(t, h, "vanphong", q)
		if r.Counts[party.FigureIntroduced] != want {
			t.Errorf("as of %s: %d introduced, want %d", asOf, r.Counts[party.FigureIntroduced], want)
		}
		sameNames(t, h, "introduced as of "+asOf, want, report.NamesQuery{TermQuery: q, Figure: party.FigureIntroduced})
	}
}

func TestAMemberWhoWasReceivedIsAMemberFromTheDayHeCameButNotAdmitted(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	receive(h, t, "LTT", "Phạm Thị Đến", "2026-10-05", "2026-02-03")
	for asOf, members := range map[string]int{"2026-10-04": 0, "2026-10-05": 1} {
		for _, code := range []string{"K", "LTT"} {
			r := termOf(t, h, "vanphong", report.TermQuery{Term: "2025-2030", OrgID: h.Org(code), AsOf: party.MustDate(asOf)})
			if r.Members() != members || r.Counts[party.FigureAdmitted] != 0 {
				t.Errorf("%s as of %s: %d members, %d admitted", code, asOf, r.Members(), r.Counts[party.FigureAdmitted])
			}
		}
	}
}

func TestAVoidedStepCountsNoMore(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	rec, err := h.People.Open(t.Context(), h.Viewer("vanphong"), id)
	if err != nil {
		t.Fatal(err)
	}
	last := slices.IndexFunc(rec.Steps, func(s people.RecordedStep) bool { return s.Kind == party.Ceremony })
	err = h.People.Void(t.Context(), h.Viewer("vanphong"), people.Voiding{Key: uuid.NewString(), PersonID: id, Version: rec.Version,
		StepID: rec.Steps[last].ID, Reason: "Ghi nhầm ngày", Paper: party.Paper{Number: "7-QĐ/ĐU", Date: h.Now()}})
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"K", "GD", "LTT"} {
		q := report.TermQuery{Term: "2025-2030", OrgID: h.Org(code)}
		r := termOf(t, h, "vanphong", q)
		if r.Counts[party.FigureAdmitted] != 0 || r.Members() != 0 || r.WithAny != 0 || r.Counts[party.FigureProposed] != 1 {
			t.Errorf("%s: %v, %d with members", code, r.Counts, r.WithAny)
		}
		sameNames(t, h, "admitted at "+code, 0, report.NamesQuery{TermQuery: q, Figure: party.FigureAdmitted})
	}
	if differ, err := h.Reports.CheckCounts(t.Context()); err != nil || len(differ) > 0 {
		t.Errorf("check of counts: %v %v", differ, err)
	}
}

func TestEachRoleSeesTheFiguresOfItsOwnOrganisations(t *testing.T) {
	t.Parallel()
	h := inhabited(t)
	for username, own := range map[string]string{"vanphong": "K", "lanhdao": "K", "tuyengiao": "K", "kiemtra": "K", "coso.gd": "GD", "coso.chuyen": "CHUYEN",
		"bithu.ltt": "LTT"} {
		if r := termOf(t, h, username, report.TermQuery{}); r.Org.Code != own {
			t.Errorf("%s begins at %s, want %s", username, r.Org.Code, own)
		}
		tree, err := h.Organisations.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range codes {
			org, _ := tree.Of(h.Org(code))
			q := report.TermQuery{Term: "2025-2030", OrgID: org.OrgID}
			r, err := h.Reports.Term(t.Context(), h.Viewer(username), q)
			if !slices.Contains(org.Path, h.Org(own)) {
				if fault.KindOf(err) != fault.NotFound {
					t.Errorf("%s asks for %s: %v, want not found", username, code, err)
				}
				_, err = h.Reports.Names(t.Context(), h.Viewer(username), report.NamesQuery{TermQuery: q, Figure: party.FigureIntroduced})
				if fault.KindOf(err) != fault.NotFound {
					t.Errorf("%s asks for the names of %s: %v, want not found", username, code, err)
				}
				continue
			}
			full := termOf(t, h, "vanphong", q)
			if err != nil || fmt.Sprint(r) != fmt.Sprint(full) {
				t.Errorf("%s at %s: %v %v, want %v", username, code, r, err, full)
			}
		}
	}
	for _, username := range []string{"quantri", "doan.ltt"} {
		_, err := h.Reports.Term(t.Context(), h.Viewer(username), report.TermQuery{})
		_, namesErr := h.Reports.Names(t.Context(), h.Viewer(username), report.NamesQuery{Figure: party.FigureIntroduced})
		if fault.KindOf(err) != fault.Forbidden || fault.KindOf(namesErr) != fault.Forbidden {
			t.Errorf("%s: %v, %v, want forbidden", username, err, namesErr)
		}
	}
}

func TestWhatIsAskedForAndDoesNotExistIsNotFound(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	v := h.Viewer("vanphong")
	for _, q := range []report.TermQuery{{Term: "1999-2000"}, {OrgID: -1}, {OrgID: 1 << 30}} {
		if _, err := h.Reports.Term(t.Context(), v, q); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%+v: %v, want not found", q, err)
		}
	}
	for _, q := range []report.NamesQuery{{Figure: "happy"}, {}, {Figure: party.FigureAdmitted, Month: party.MustDate("2025-06-30")},
		{Figure: party.FigureAdmitted, Month: party.MustDate("2026-12-01")}} {
		if _, err := h.Reports.Names(t.Context(), v, q); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%+v: %v, want not found", q, err)
		}
	}
}

func TestTheDayOfAReportHasBeenAndLiesInItsTerm(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	for _, tt := range []struct{ term, asked, want string }{
		{"2025-2030", "", "2026-11-23"}, {"2025-2030", "2027-01-01", "2026-11-23"}, {"2025-2030", "2026-01-31", "2026-01-31"},
		{"2020-2025", "", "2025-06-30"}, {"2020-2025", "2026-01-01", "2025-06-30"},
	} {
		day, err := party.ParseDate(tt.asked)
		if err != nil {
			t.Fatal(err)
		}
		r := termOf(t, h, "vanphong", report.TermQuery{Term: tt.term, AsOf: day})
		if r.AsOf != party.MustDate(tt.want) {
			t.Errorf("%s as of %q: %s, want %s", tt.term, tt.asked, r.AsOf, tt.want)
		}
	}
	h.SetToday(party.MustDate("2025-06-30"))
	if r := termOf(t, h, "vanphong", report.TermQuery{}); r.Term.Code != "2020-2025" {
		t.Errorf("on the last day of a term its report is %s", r.Term.Code)
	}
}

func TestTheCommandSeesTheWholeAndNamesOrganisationsByCode(t *testing.T) {
	t.Parallel()
	h := inhabited(t)
	for code, org := range map[string]string{"": "K", "GD": "GD", "LTT": "LTT"} {
		got, err := h.Reports.TermAsSystem(t.Context(), report.TermQuery{Term: "2025-2030"}, code)
		want := termOf(t, h, "vanphong", report.TermQuery{Term: "2025-2030", OrgID: h.Org(org)})
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%q: %v %v, want %v", code, got, err, want)
		}
	}
	if _, err := h.Reports.TermAsSystem(t.Context(), report.TermQuery{}, "KHONG"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an unknown code: %v, want not found", err)
	}
	if _, err := h.Reports.Term(t.Context(), access.System, report.TermQuery{}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a page as the system's viewer: %v, want forbidden", err)
	}
}

func TestNamesComeInPagesWithoutGapOrRepetition(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	var want []int64
	for i := range report.PageSize + 3 {
		want = append(want, introduce(h, t, "LTT", fmt.Sprintf("Nguyễn Thị %d", i), []string{"2026-01-05", "2026-01-06"}[i%2]))
	}
	for _, code := range []string{"K", "LTT"} {
		q := report.NamesQuery{TermQuery: report.TermQuery{Term: "2025-2030", OrgID: h.Org(code)}, Figure: party.FigureIntroduced}
		list, said := namesBehind(t, h, q)
		var got []int64
		for i, n := range list {
			got = append(got, n.ID)
			if i > 0 && n.On.After(list[i-1].On) {
				t.Errorf("%s after %s", n.On, list[i-1].On)
			}
		}
		slices.Sort(got)
		if said != len(want) || !slices.Equal(got, want) {
			t.Errorf("%s: %d said, %d listed, want %d", code, said, len(got), len(want))
		}
	}
}

func TestAReportAsksTheSameNumberOfQuestionsHoweverManyPeopleThereAre(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	asked := func() (term, names int) {
		ctx, count := postgres.CountQueries(t.Context())
		q := report.TermQuery{Term: "2025-2030", OrgID: h.Org("K")}
		if _, err := h.Reports.Term(ctx, h.Viewer("vanphong"), q); err != nil {
			t.Fatal(err)
		}
		term = count()
		if _, err := h.Reports.Names(ctx, h.Viewer("vanphong"), report.NamesQuery{TermQuery: q, Figure: party.FigureIntroduced}); err != nil {
			t.Fatal(err)
		}
		return term, count() - term
	}
	introduce(h, t, "LTT", "Nguyễn Thị Một", "2026-11-03")
	asked() // the tree comes into memory
	firstTerm, firstNames := asked()
	for i := range 12 {
		introduce(h, t, []string{"LTT", "NTH", "SVKT", "CHUYEN"}[i%4], fmt.Sprintf("Trần Thị %d", i), "2026-11-04")
	}
	term, names := asked()
	if term > firstTerm || names > firstNames {
		t.Errorf("%d and %d questions with 13 people, %d and %d with one", term, names, firstTerm, firstNames)
	}
}

func TestTheCheckOfCountsNamesWhatDiffers(t *testing.T) {
	t.Parallel()
	h := inhabited(t)
	if differ, err := h.Reports.CheckCounts(t.Context()); err != nil || len(differ) > 0 {
		t.Fatalf("of a sound house: %v %v", differ, err)
	}
	owner, err := h.DB.OwnerConn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = owner.Close(context.WithoutCancel(t.Context())) }()
	for _, damage := range []string{
		`update figure_counts set n = n + 1 where org_id = $1 and figure = 'admitted'`,
		`update stage_counts set n = n - 1 where org_id = $1 and stage = 'probationary'`,
		`insert into figure_counts (org_id, figure, month, n, path) values ($1::integer, 'recognised', '2026-01-01', 1, array[$1::integer])`,
	} {
		tag, err := owner.Exec(t.Context(), damage, h.Org("GD"))
		if err != nil || tag.RowsAffected() != 1 {
			t.Fatalf("%s: %v %v", damage, tag, err)
		}
	}
	differ, err := h.Reports.CheckCounts(t.Context())
	if err != nil || len(differ) != 3 {
		t.Errorf("three counts are wrong, told are %q %v", differ, err)
	}
}
