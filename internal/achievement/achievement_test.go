package achievement_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/achievement"
	"ketnap/internal/apptest"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

func year(study, conduct party.Rating) party.StudyResult {
	return party.StudyResult{Year: 2025, Study: study, Conduct: conduct}
}

// refused names the refused fields of an error with their keys.
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

func TestAResultIsEnteredChangedAndTakenOut(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Introduced)
	v := h.Viewer("bithu.ltt")
	in := achievement.ResultChange{Key: uuid.NewString(), PersonID: id,
		Result: party.StudyResult{Year: 2025, Study: party.RatingGood, GPA: 825, Scale: 10, ConductScore: 91}}
	first, err := h.Achievements.SaveResult(t.Context(), v, in)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := h.Achievements.SaveResult(t.Context(), v, in); err != nil || again != first {
		t.Errorf("sent twice: %d, %d, %v", first, again, err)
	}
	second := in
	second.Key = uuid.NewString()
	if _, err := h.Achievements.SaveResult(t.Context(), v, second); refused(err) != "semester=achievements.error.taken" {
		t.Errorf("a second result of the year: %v", err)
	}
	change := achievement.ResultChange{PersonID: id, ID: first, Version: 1, Result: year(party.RatingFair, party.RatingGood)}
	if _, err := h.Achievements.SaveResult(t.Context(), v, change); err != nil {
		t.Fatal(err)
	}
	_, err = h.Achievements.SaveResult(t.Context(), v, change)
	if e := fault.As(err); e == nil || e.Kind != fault.Conflict || e.Detail.(achievement.Stale).By != v.Name {
		t.Errorf("from an old version: %v", err)
	}
	rec, err := h.Achievements.Of(t.Context(), v, id)
	if err != nil || len(rec.Results) != 1 || rec.Results[0].StudyResult != change.Result || rec.Results[0].Version != 2 {
		t.Errorf("kept: %+v, %v", rec.Results, err)
	}
	if err := h.Achievements.RemoveResult(t.Context(), v, achievement.Removal{PersonID: id, ID: first, Version: 1}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("taken out from an old version: %v", err)
	}
	if err := h.Achievements.RemoveResult(t.Context(), v, achievement.Removal{PersonID: id, ID: first, Version: 2}); err != nil {
		t.Error(err)
	}
	if rec, err := h.Achievements.Of(t.Context(), v, id); err != nil || len(rec.Results) != 0 {
		t.Errorf("after it was taken out: %+v, %v", rec.Results, err)
	}
}

func TestRefusedResultsAndTitles(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Introduced)
	v := h.Viewer("bithu.ltt")
	for want, r := range map[string]party.StudyResult{
		"study=achievements.error.nothing": {Year: 2025},
		"year=achievements.error.year":     {Year: 2027, Study: party.RatingGood},
		"semester=errors.choice":           {Year: 2025, Semester: 3, Study: party.RatingGood},
		"study=errors.choice":              {Year: 2025, Study: "great"},
		"conduct=errors.choice":            {Year: 2025, Conduct: "great"},
		"scale=errors.choice":              {Year: 2025, GPA: 500, Scale: 7},
		"gpa=achievements.error.gpa":       {Year: 2025, GPA: 401, Scale: 4},
		"conduct_score=errors.number":      {Year: 2025, ConductScore: 101},
	} {
		if _, err := h.Achievements.SaveResult(t.Context(), v, achievement.ResultChange{PersonID: id, Result: r}); refused(err) != want {
			t.Errorf("%+v: %v, want %s", r, refused(err), want)
		}
	}
	good := party.Title{Kind: party.PrizeProvince, Year: 2025, AwardedOn: party.MustDate("2026-04-10"), Issuer: "Sở Giáo dục và Đào tạo"}
	for want, change := range map[string]func(*party.Title){
		"kind=achievements.error.kind level=achievements.error.level": func(t *party.Title) { t.Kind = "nobel" },
		"level=achievements.error.level":                              func(t *party.Title) { t.Kind = party.FiveGood },
		"name=achievements.error.name":                                func(t *party.Title) { t.Kind, t.Level = party.Campaign, party.LevelSchool },
		"name=errors.too_long":                                        func(t *party.Title) { t.Name = strings.Repeat("ă", 201) },
		"issuer=errors.too_long":                                      func(t *party.Title) { t.Issuer = strings.Repeat("ă", 201) },
		"awarded_on=errors.date_required":                             func(t *party.Title) { t.AwardedOn = party.Date{} },
		"awarded_on=achievements.error.future":                        func(t *party.Title) { t.AwardedOn = h.Now().AddDays(1) },
		"awarded_on=achievements.error.before_birth":                  func(t *party.Title) { t.AwardedOn = party.MustDate("2006-02-09") },
		"year=achievements.error.year":                                func(t *party.Title) { t.Year = 1999 },
	} {
		title := good
		change(&title)
		if _, err := h.Achievements.SaveTitle(t.Context(), v, achievement.TitleChange{PersonID: id, Title: title}); refused(err) != want {
			t.Errorf("%+v: %v, want %s", title, refused(err), want)
		}
	}
	if _, err := h.Achievements.SaveTitle(t.Context(), v, achievement.TitleChange{PersonID: id, Title: good}); err != nil {
		t.Fatal(err)
	}
	rec, err := h.Achievements.Of(t.Context(), v, id)
	if err != nil || len(rec.Results) != 0 || len(rec.Titles) != 1 || rec.Titles[0].Level != party.LevelProvince {
		t.Errorf("kept: %+v, %v", rec, err)
	}
}

// Those outside the scope find nobody; those who only read are told that they may not; the introducer
// writes about those whom he introduced and about nobody else.
func TestWhoMayWriteAchievements(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	entered := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Introduced)
	introduced, err := h.People.Register(t.Context(), h.Viewer("doan.ltt"), people.Registration{Fields: h.Fields("LTT", "Trần Văn Bình")})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		username string
		person   int64
		want     fault.Kind
	}{
		{"bithu.nth", entered, fault.NotFound}, {"coso.dh", entered, fault.NotFound}, {"doan.ltt", entered, fault.NotFound},
		{"doan.nth", introduced, fault.NotFound}, {"quantri", entered, fault.NotFound},
		{"kiemtra", entered, fault.Forbidden}, {"lanhdao", entered, fault.Forbidden}, {"tuyengiao", entered, fault.Forbidden},
	} {
		_, err := h.Achievements.SaveResult(t.Context(), h.Viewer(tt.username), achievement.ResultChange{PersonID: tt.person, Result: year(party.RatingGood, "")})
		if err == nil || fault.KindOf(err) != tt.want {
			t.Errorf("%s: %v, want %s", tt.username, err, tt.want)
		}
	}
	for username, person := range map[string]int64{"doan.ltt": introduced, "bithu.ltt": entered} {
		if _, err := h.Achievements.SaveResult(t.Context(), h.Viewer(username), achievement.ResultChange{PersonID: person, Result: year(party.RatingGood, "")}); err != nil {
			t.Errorf("%s: %v", username, err)
		}
	}
	if grid, err := h.Achievements.Grid(t.Context(), h.Viewer("doan.ltt"), achievement.GridQuery{OrgID: h.Org("LTT"), Year: 2025}); err != nil ||
		len(grid.Rows) != 1 || grid.Rows[0].PersonID != introduced {
		t.Errorf("the introducer's grid: %+v, %v", grid.Rows, err)
	}
	if _, err := h.Achievements.Grid(t.Context(), h.Viewer("bithu.nth"), achievement.GridQuery{OrgID: h.Org("LTT"), Year: 2025}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another cell's grid: %v", err)
	}
}

func TestAGridWritesWhatDiffersAndKeepsTheGoodRows(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	var ids []int64
	for i := range 5 {
		ids = append(ids, h.Enter(h.Fields("LTT", fmt.Sprintf("Nguyễn Văn %c", 'A'+rune(i))), party.Introduced))
	}
	foreign := h.Enter(h.Fields("NTH", "Trần Văn Bình"), party.Introduced)
	v := h.Viewer("bithu.ltt")
	send := func(entries ...achievement.GridEntry) achievement.GridResult {
		t.Helper()
		out, err := h.Achievements.SaveGrid(t.Context(), v, achievement.GridChange{Key: uuid.NewString(), OrgID: h.Org("LTT"), Year: 2025, Entries: entries})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	row := func(id int64, version int, study party.Rating) achievement.GridEntry {
		return achievement.GridEntry{PersonID: id, Version: version, StudyResult: party.StudyResult{Study: study}}
	}
	out := send(row(ids[0], 0, party.RatingGood), row(ids[1], 0, "great"), row(ids[2], 0, ""), row(ids[3], 0, party.RatingFair), row(foreign, 0, party.RatingGood))
	if out.Written != 2 || len(out.Refused) != 2 || refused(out.Refused[ids[1]]) != "study=errors.choice" || fault.KindOf(out.Refused[foreign]) != fault.NotFound {
		t.Errorf("first: %+v", out)
	}
	out = send(row(ids[0], 1, party.RatingGood), row(ids[3], 0, party.RatingWeak), row(ids[4], 0, party.RatingWeak))
	if out.Written != 1 || fault.KindOf(out.Refused[ids[3]]) != fault.Conflict {
		t.Errorf("one as it is, one from an old version, one new: %+v", out)
	}
	if out = send(row(ids[0], 1, "")); out.Written != 1 || len(out.Refused) != 0 {
		t.Errorf("emptied: %+v", out)
	}
	grid, err := h.Achievements.Grid(t.Context(), v, achievement.GridQuery{OrgID: h.Org("LTT"), Year: 2025})
	if err != nil || len(grid.Rows) != 5 {
		t.Fatalf("%d rows, %v", len(grid.Rows), err)
	}
	for i, want := range []party.Rating{"", "", "", party.RatingFair, party.RatingWeak} {
		if got := grid.Rows[i]; got.PersonID != ids[i] || got.Study != want || (got.Version > 0) != (want != "") {
			t.Errorf("row %d: %+v, want %q", i, got, want)
		}
	}
}

// However many people a grid has, it takes the same number of statements, and it is paged.
func TestAGridMakesNoStatementPerRow(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	statements := func(want int) int {
		t.Helper()
		if _, err := h.Organisations.Snapshot(t.Context()); err != nil { // the tree is read once a second at most
			t.Fatal(err)
		}
		ctx, count := postgres.CountQueries(t.Context())
		grid, err := h.Achievements.Grid(ctx, h.Viewer("bithu.ltt"), achievement.GridQuery{OrgID: h.Org("LTT"), Year: 2025})
		if err != nil || len(grid.Rows) != want {
			t.Fatalf("%d rows, %v", len(grid.Rows), err)
		}
		return count()
	}
	enter := func(n int) {
		var list []people.History
		for i := range n {
			list = append(list, people.History{Fields: h.Fields("LTT", fmt.Sprintf("Nguyễn Văn %04d", i))})
		}
		if _, err := h.People.EnterHistories(t.Context(), h.Viewer("vanphong"), list); err != nil {
			t.Fatal(err)
		}
	}
	enter(3)
	few := statements(3)
	enter(achievement.GridSize)
	if many := statements(achievement.GridSize); many > few {
		t.Errorf("%d statements for 3 people, %d for %d", few, many, achievement.GridSize)
	}
	first, err := h.Achievements.Grid(t.Context(), h.Viewer("bithu.ltt"), achievement.GridQuery{OrgID: h.Org("LTT"), Year: 2025})
	if err != nil || first.Next == 0 {
		t.Fatalf("%d, %v", first.Next, err)
	}
	rest, err := h.Achievements.Grid(t.Context(), h.Viewer("bithu.ltt"), achievement.GridQuery{OrgID: h.Org("LTT"), Year: 2025, After: first.Next})
	if err != nil || len(rest.Rows) != 3 || rest.Next != 0 {
		t.Errorf("behind: %d rows, next %d, %v", len(rest.Rows), rest.Next, err)
	}
}

func TestCriteriaAreInheritedAndOnlySetWhereOneMay(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Introduced)
	set := func(username, org string, c party.Criteria, from string) error {
		return h.Achievements.SetCriteria(t.Context(), h.Viewer(username), achievement.NewCriteria{Key: uuid.NewString(),
			DatedCriteria: party.DatedCriteria{OrgID: h.Org(org), From: party.MustDate(from), Criteria: c}})
	}
	for _, err := range []error{
		set("vanphong", "K", party.Criteria{Study: party.RatingFair}, "2026-01-01"),
		set("bithu.ltt", "LTT", party.Criteria{Study: party.RatingAverage, NeedsTitle: true}, "2026-02-01"),
		set("coso.dh", "DH", party.Criteria{UnionMonths: 24}, "2026-01-01"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, err := range map[string]error{
		"the committee's by a secretary": set("bithu.ltt", "GD", party.Criteria{}, "2026-03-01"),
		"another's":                      set("bithu.ltt", "NTH", party.Criteria{}, "2026-03-01"),
		"by a checker":                   set("kiemtra", "K", party.Criteria{}, "2026-03-01"),
	} {
		if fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := set("vanphong", "K", party.Criteria{Study: "great", UnionMonths: 121}, "1999-01-01"); refused(err) != "study=errors.choice union_months=errors.number from=achievements.error.from" {
		t.Errorf("refused: %v", refused(err))
	}
	got, err := h.Achievements.Criteria(t.Context(), h.Viewer("bithu.ltt"), h.Org("LTT"))
	if err != nil || got.Today != (party.Criteria{Study: party.RatingFair, NeedsTitle: true}) || got.Own != (party.Criteria{Study: party.RatingAverage, NeedsTitle: true}) || !got.MayEdit {
		t.Errorf("%+v, %v", got, err)
	}
	rec, err := h.Achievements.Of(t.Context(), h.Viewer("bithu.ltt"), id)
	if err != nil || len(rec.Criteria) != 2 || rec.Criteria[0].Outcome != party.NotKnown || rec.Criteria[1].Outcome != party.NotMet {
		t.Errorf("%+v, %v", rec.Criteria, err)
	}
}

// The second wall: the application's role writes about nobody outside its viewer's scope.
func TestTheDatabaseTakesNoAchievementFromOutsideTheScope(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Introduced)
	if _, err := h.Achievements.SaveResult(t.Context(), h.Viewer("bithu.ltt"), achievement.ResultChange{PersonID: id, Result: year(party.RatingGood, "")}); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`insert into study_results (person_id, school_year, semester, study, recorded_by, changed_by) values ($1, 2024, 0, 'weak', 1, 1)`,
		`insert into titles (person_id, school_year, kind, level, awarded_on, recorded_by, changed_by) values ($1, 2025, 'three_good', 'school', '2026-05-01', 1, 1)`,
		`update study_results set study = 'weak' where person_id = $1`,
		`delete from study_results where person_id = $1`,
	} {
		var changed int64
		err := h.DB.Write(t.Context(), h.Viewer("bithu.nth"), func(ctx context.Context, tx *postgres.Tx) error {
			tag, err := tx.Exec(ctx, statement, id)
			changed = tag.RowsAffected()
			return err
		})
		if err == nil && changed != 0 {
			t.Errorf("a foreign secretary changed %d rows by %q", changed, statement)
		}
	}
}
