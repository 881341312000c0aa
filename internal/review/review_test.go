package review_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/achievement"
	"ketnap/internal/apptest"
	"ketnap/internal/fault"
	"ketnap/internal/keyset"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
	"ketnap/internal/review"
)

var day = party.MustDate

// house is an installation with people of the cell LTT at several points of their way.
type house struct {
	*apptest.House
	t                                      *testing.T
	registered, introduced, planned, ready int64
	decided                                int64
}

func newHouse(t *testing.T) *house {
	h := &house{House: apptest.New(t), t: t}
	enter := func(name string, upTo party.StepKind) int64 { return h.Enter(h.Fields("LTT", name), upTo) }
	h.registered, h.introduced = enter("Nguyễn Văn Đăng", ""), enter("Nguyễn Văn Giới", party.Introduced)
	h.planned, h.ready = enter("Nguyễn Văn Hoạch", party.Planned), enter("Nguyễn Văn Hồ", party.DossierComplete)
	h.decided = enter("Nguyễn Văn Quyết", party.Decided)
	enter("Nguyễn Văn Kết", party.Ceremony)
	h.Enter(h.Fields("NTH", "Trần Văn Ngoài"), party.Planned)
	return h
}

func (h *house) save(in review.Save) (int64, error) {
	h.t.Helper()
	in.Key = uuid.NewString()
	if in.Fields.OrgID == 0 {
		in.Fields.OrgID = h.Org("LTT")
	}
	if in.Fields.Year == 0 {
		in.Fields.Year, in.Fields.Half = 2026, party.First
	}
	return h.Reviews.Save(h.t.Context(), h.Viewer("bithu.ltt"), in)
}

func (h *house) stage(id int64) party.Stage {
	h.t.Helper()
	rec, err := h.People.Open(h.t.Context(), h.Viewer("vanphong"), id)
	if err != nil {
		h.t.Fatal(err)
	}
	return rec.State.Stage
}

func keep(ids ...int64) []review.Entry {
	var out []review.Entry
	for _, id := range ids {
		out = append(out, review.Entry{PersonID: id, Outcome: party.ReviewKeep})
	}
	return out
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
	if len(list) == 0 {
		return e.Key
	}
	return strings.Join(list, " ")
}

func TestASheetShowsEverybodyBeforeTheCeremonyAsOfTheDay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	young := h.Fields("LTT", "Lê Thị Bé")
	young.BirthDate = day("2008-12-15")
	h.Enter(young, party.Planned)
	if _, err := h.Achievements.SaveResult(t.Context(), h.Viewer("bithu.ltt"), achievement.ResultChange{PersonID: h.ready,
		Result: party.StudyResult{Year: 2025, Study: party.RatingGood}}); err != nil {
		t.Fatal(err)
	}
	for on, ofAge := range map[string]bool{"2026-12-14": false, "2026-12-15": true} {
		sheet, err := h.Reviews.NewSheet(t.Context(), h.Viewer("bithu.ltt"), h.Org("LTT"), day(on))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, r := range sheet.Rows {
			names = append(names, r.FullName)
			if r.FullName == young.FullName && r.Facts.OfAge != ofAge {
				t.Errorf("on %s of age: %v", on, r.Facts.OfAge)
			}
			if r.ID == h.ready && (r.Latest.Study != party.RatingGood || !r.Facts.CertValid || r.Facts.Idle != 7) {
				t.Errorf("on %s: %+v, %+v", on, r.Latest, r.Facts)
			}
		}
		want := "Lê Thị Bé, Nguyễn Văn Hoạch, Nguyễn Văn Hồ, Nguyễn Văn Quyết, Nguyễn Văn Đăng, Nguyễn Văn Giới"
		if got := strings.Join(names, ", "); got != want {
			t.Errorf("on %s: %s", on, got)
		}
	}
}

func TestADraftKeepsWhatWasTypedAndRecordsNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	fields := review.Fields{MetOn: day("2026-12-15"), MinutesNo: "12-BB/CB"}
	entries := append(keep(h.planned), review.Entry{PersonID: h.introduced, Outcome: party.ReviewAdd}, review.Entry{PersonID: h.ready, Outcome: party.ReviewDrop})
	id, err := h.save(review.Save{Fields: fields, Entries: entries})
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := h.Reviews.NewSheet(t.Context(), h.Viewer("bithu.ltt"), h.Org("LTT"), party.Date{})
	if err != nil || sheet.ID != id || sheet.Version != 1 || sheet.Day != fields.MetOn || sheet.MinutesNo != "12-BB/CB" {
		t.Fatalf("%+v, %v", sheet.Review, err)
	}
	for _, r := range sheet.Rows {
		want := party.ReviewKeep
		switch r.ID {
		case h.introduced:
			want = party.ReviewAdd
		case h.ready:
			want = party.ReviewDrop
		}
		if r.Outcome != want {
			t.Errorf("%s: %s", r.FullName, r.Outcome)
		}
	}
	if h.stage(h.introduced) != party.StageIntroduced || h.stage(h.ready) != party.StageDossier {
		t.Error("a draft recorded something")
	}
	if _, err := h.save(review.Save{Fields: fields, Entries: entries}); refused(err) != "reviews.error.draft_exists" {
		t.Errorf("a second draft: %v", err)
	}
	if _, err := h.save(review.Save{ID: id, Version: 1, Fields: fields, Entries: entries}); err != nil {
		t.Error(err)
	}
	_, err = h.save(review.Save{ID: id, Version: 1, Fields: fields, Entries: entries})
	if e := fault.As(err); e == nil || e.Kind != fault.Conflict || e.Detail.(review.Stale).By != "Tài khoản bithu.ltt" {
		t.Errorf("from an old version: %v", err)
	}
}

func TestAHeldReviewPlansAndDropsInOneAct(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	fields := review.Fields{MetOn: day("2026-11-20"), MinutesNo: "12-BB/CB", ResolutionNo: "08-NQ/CB", ResolutionOn: day("2026-11-20")}
	in := review.Save{Key: uuid.NewString(), Fields: fields, Hold: true, Confirmed: true, Entries: append(keep(h.planned, h.decided),
		review.Entry{PersonID: h.registered, Outcome: party.ReviewAdd}, review.Entry{PersonID: h.introduced, Outcome: party.ReviewAdd},
		review.Entry{PersonID: h.ready, Outcome: party.ReviewDrop, Reason: "Kết quả học tập sa sút"})}
	in.Fields.OrgID, in.Fields.Year = h.Org("LTT"), 2026
	id, err := h.Reviews.Save(t.Context(), h.Viewer("bithu.ltt"), in)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := h.Reviews.Save(t.Context(), h.Viewer("bithu.ltt"), in); err != nil || again != id {
		t.Errorf("sent twice: %d, %v", again, err)
	}
	for person, want := range map[int64]party.Stage{h.registered: party.StagePlanned, h.introduced: party.StagePlanned, h.ready: party.StageDropped,
		h.planned: party.StagePlanned, h.decided: party.StageDecided} {
		if got := h.stage(person); got != want {
			t.Errorf("person %d is %s, want %s", person, got, want)
		}
	}
	rec, err := h.People.Open(t.Context(), h.Viewer("vanphong"), h.ready)
	if err != nil || rec.State.Dropped.On != fields.MetOn || rec.State.Dropped.Facts.(party.DroppedFacts).Reason != "Kết quả học tập sa sút" ||
		rec.State.Dropped.Papers[0].Number != "08-NQ/CB" {
		t.Errorf("dropped: %+v, %v", rec.State.Dropped, err)
	}
	opened, err := h.Reviews.Get(t.Context(), h.Viewer("kiemtra"), id)
	if err != nil || opened.State != review.Held || len(opened.People) != 5 || len(opened.Of(party.ReviewAdd)) != 2 || opened.MayEdit {
		t.Fatalf("%+v, %v", opened, err)
	}
	if p := opened.Of(party.ReviewDrop)[0]; p.FullName != "Nguyễn Văn Hồ" || p.Stage != party.StageDossier || p.Age != 20 || p.Reason == "" {
		t.Errorf("what was shown is not what is kept: %+v", p)
	}
	in.ID, in.Version = id, 1
	if _, err := h.save(in); refused(err) != "reviews.error.held" {
		t.Errorf("held once more: %v", err)
	}
	if differ, err := h.People.Check(t.Context()); err != nil || len(differ) > 0 {
		t.Errorf("check: %v, %v", differ, err)
	}
}

// Each refusal names its field, and nothing is written.
func TestAReviewThatIsRefusedLeavesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if _, err := h.save(review.Save{Hold: true, Confirmed: true, Fields: review.Fields{MetOn: day("2026-06-30")}, Entries: keep(h.planned)}); err != nil {
		t.Fatal(err)
	}
	add, drop := party.ReviewAdd, party.ReviewDrop
	if _, err := h.save(review.Save{Hold: true, Fields: review.Fields{MetOn: day("2026-11-20")}, Entries: keep(h.planned)}); refused(err) != "confirmed=reviews.error.confirm" {
		t.Errorf("not confirmed: %v", err)
	}
	for name, tt := range map[string]struct {
		fields  review.Fields
		entries []review.Entry
		want    string
	}{
		"no day":               {review.Fields{}, keep(h.planned), "met_on=errors.date_required"},
		"tomorrow":             {review.Fields{MetOn: day("2026-11-24")}, keep(h.planned), "met_on=reviews.error.future"},
		"before the last one":  {review.Fields{MetOn: day("2026-06-29")}, keep(h.planned), "met_on=reviews.error.before_last"},
		"on its very day":      {review.Fields{MetOn: day("2026-06-30")}, keep(h.planned), "met_on=reviews.error.before_last"},
		"a paper of tomorrow":  {review.Fields{MetOn: day("2026-11-20"), ResolutionOn: day("2026-11-24")}, keep(h.planned), "resolution_on=reviews.error.future_paper"},
		"a paper before":       {review.Fields{MetOn: day("2026-11-20"), ResolutionOn: day("2026-11-19")}, keep(h.planned), "resolution_on=reviews.error.paper_before"},
		"a number too long":    {review.Fields{MetOn: day("2026-11-20"), MinutesNo: strings.Repeat("x", 41)}, keep(h.planned), "minutes_no=errors.too_long"},
		"no such school year":  {review.Fields{MetOn: day("2026-11-20"), Year: 1999}, keep(h.planned), "period=errors.choice"},
		"nobody":               {review.Fields{MetOn: day("2026-11-20")}, nil, "=reviews.error.nobody"},
		"twice":                {review.Fields{MetOn: day("2026-11-20")}, keep(h.planned, h.planned), "=reviews.error.twice"},
		"another cell's":       {review.Fields{MetOn: day("2026-11-20")}, []review.Entry{{PersonID: 999999, Outcome: add}}, "=reviews.error.gone"},
		"an outcome that none": {review.Fields{MetOn: day("2026-11-20")}, []review.Entry{{PersonID: h.planned, Outcome: "promote"}}, fmt.Sprintf("outcome_%d=errors.choice", h.planned)},
		"dropped without a reason": {review.Fields{MetOn: day("2026-11-20")}, []review.Entry{{PersonID: h.planned, Outcome: drop, Reason: " "}, {PersonID: h.registered, Outcome: add}},
			fmt.Sprintf("reason_%d=reviews.error.reason", h.planned)},
		"what a gate refuses": {review.Fields{MetOn: day("2026-11-20")}, []review.Entry{{PersonID: h.registered, Outcome: add}, {PersonID: h.planned, Outcome: add}, {PersonID: h.decided, Outcome: drop, Reason: "x"}},
			fmt.Sprintf("outcome_%d=reviews.error.refused outcome_%d=reviews.error.refused", h.planned, h.decided)},
	} {
		_, err := h.save(review.Save{Hold: true, Confirmed: true, Fields: tt.fields, Entries: tt.entries})
		if refused(err) != tt.want {
			t.Errorf("%s: %s, want %s", name, refused(err), tt.want)
		}
		if name == "what a gate refuses" {
			why, _ := fault.As(err).Detail.(review.Refusals)
			if v, ok := people.Refusal(why[h.decided]); !ok || v.Passes() || len(why) != 2 {
				t.Errorf("the refusals do not say why: %+v", why)
			}
		}
	}
	if h.stage(h.registered) != party.StageRegistered || h.stage(h.planned) != party.StagePlanned || h.stage(h.decided) != party.StageDecided {
		t.Error("something of a refused review is written")
	}
	board, err := h.Reviews.Board(t.Context(), h.Viewer("bithu.ltt"), 0, review.Cursor{})
	if err != nil || len(board.Drafts) != 0 || len(board.Held) != 1 {
		t.Errorf("%+v, %v", board, err)
	}
}

// Of many who hold the review of one meeting at once one does; the others are told of it.
func TestOneMeetingIsHeldOnceHoweverManySaveIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	in := review.Save{Hold: true, Confirmed: true, Fields: review.Fields{OrgID: h.Org("LTT"), Year: 2026, MetOn: day("2026-11-20")}, Entries: keep(h.planned)}
	var held atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			switch _, err := h.Reviews.Save(t.Context(), h.Viewer("bithu.ltt"), in); {
			case err == nil:
				held.Add(1)
			case refused(err) != "met_on=reviews.error.before_last":
				t.Errorf("the others: %v", err)
			}
		})
	}
	wg.Wait()
	board, err := h.Reviews.Board(t.Context(), h.Viewer("bithu.ltt"), 0, review.Cursor{})
	if err != nil || held.Load() != 1 || len(board.Held) != 1 || len(board.Drafts) != 0 {
		t.Errorf("%d held: %+v, %v", held.Load(), board, err)
	}
}

func TestWhoSeesAndHoldsReviews(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id, err := h.save(review.Save{Entries: keep(h.planned)})
	if err != nil {
		t.Fatal(err)
	}
	for username, want := range map[string]fault.Kind{"bithu.nth": fault.NotFound, "coso.dh": fault.NotFound, "doan.ltt": fault.NotFound, "quantri": fault.NotFound} {
		if _, err := h.Reviews.Get(t.Context(), h.Viewer(username), id); err == nil || fault.KindOf(err) != want {
			t.Errorf("%s reads: %v", username, err)
		}
		in := review.Save{ID: id, Version: 1, Fields: review.Fields{OrgID: h.Org("LTT"), Year: 2026}, Entries: keep(h.planned)}
		if _, err := h.Reviews.Save(t.Context(), h.Viewer(username), in); err == nil || fault.KindOf(err) != want {
			t.Errorf("%s saves: %v", username, err)
		}
		in.ID = 0
		if _, err := h.Reviews.Save(t.Context(), h.Viewer(username), in); err == nil || fault.KindOf(err) != want {
			t.Errorf("%s begins: %v", username, err)
		}
	}
	for _, username := range []string{"kiemtra", "lanhdao", "tuyengiao"} {
		if _, err := h.Reviews.Get(t.Context(), h.Viewer(username), id); err != nil {
			t.Errorf("%s reads: %v", username, err)
		}
		if _, err := h.Reviews.Sheet(t.Context(), h.Viewer(username), id, party.Date{}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s is given the sheet: %v", username, err)
		}
	}
	if _, err := h.Reviews.Save(t.Context(), h.Viewer("coso.gd"), review.Save{ID: id, Version: 1, Fields: review.Fields{Year: 2026}, Entries: keep(h.planned)}); err != nil {
		t.Errorf("the grassroots committee saves the draft: %v", err)
	}
}

// What was held is not changed by any statement of the application's role, and nobody outside the scope
// writes into a draft.
func TestTheDatabaseKeepsHeldReviews(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	held, err := h.save(review.Save{Hold: true, Confirmed: true, Fields: review.Fields{MetOn: day("2026-11-01")}, Entries: keep(h.planned)})
	if err != nil {
		t.Fatal(err)
	}
	draft, err := h.save(review.Save{Entries: keep(h.planned)})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		username, statement string
		id                  int64
	}{
		{"bithu.ltt", `update reviews set minutes_no = 'X' where id = $1`, held},
		{"bithu.ltt", `delete from review_people where review_id = $1`, held},
		{"bithu.ltt", `delete from reviews where id = $1`, held},
		{"bithu.nth", `update reviews set minutes_no = 'X' where id = $1`, draft},
		{"bithu.nth", `delete from review_people where review_id = $1`, draft},
		{"bithu.nth", `insert into review_people (review_id, person_id, org_id, path, nr, outcome, full_name, birth_date, stage, age)
			select $1, id, org_id, '{}', 9, 'keep', full_name, birth_date, 'planned', 18 from people limit 1`, draft},
	} {
		var changed int64
		err := h.DB.Write(t.Context(), h.Viewer(tt.username), func(ctx context.Context, tx *postgres.Tx) error {
			tag, err := tx.Exec(ctx, tt.statement, tt.id)
			changed = tag.RowsAffected()
			return err
		})
		if err == nil && changed != 0 {
			t.Errorf("%s changed %d rows by %q", tt.username, changed, tt.statement)
		}
	}
}

// A cell that was founded a month ago could not review its candidates before, however long they wait.
func TestANewCellIsNotLateWithItsFirstReview(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	for code, from := range map[string]string{"NEW": "2026-10-20", "OLD": "2026-01-01"} {
		h.Found(organisation.Details{Name: "Chi bộ " + code, Code: code, Kind: party.Cell, ParentID: h.Org("GD"), From: day(from)})
		h.Enter(h.Fields(code, "Trần Văn Bình"), party.Planned)
	}
	board, err := h.Reviews.Board(t.Context(), h.Viewer("vanphong"), 0, review.Cursor{})
	if err != nil || len(board.Overdue) != 1 || board.Overdue[0].OrgID != h.Org("OLD") || board.Overdue[0].Since != day("2026-07-01") {
		t.Errorf("late: %+v, %v", board.Overdue, err)
	}
}

func TestACellThatDoesNotReviewIsShownToThoseAboveIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t) // LTT has candidates introduced in September 2025, NTH one who was planned then
	overdue := func(username string) string {
		t.Helper()
		board, err := h.Reviews.Board(t.Context(), h.Viewer(username), 0, review.Cursor{})
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, o := range board.Overdue {
			tree, err := h.Organisations.Snapshot(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			org, _ := tree.Of(o.OrgID)
			list = append(list, fmt.Sprintf("%s %d %s %s %s", org.Code, o.Candidates, o.Last, o.Since, o.Secretary))
		}
		return strings.Join(list, "; ")
	}
	never := "LTT 4  2026-03-10 Tài khoản bithu.ltt; NTH 1  2026-03-25 Tài khoản bithu.nth"
	for username, want := range map[string]string{"vanphong": never, "coso.gd": never, "coso.dh": "", "bithu.nth": "NTH 1  2026-03-25 Tài khoản bithu.nth"} {
		if got := overdue(username); got != want {
			t.Errorf("%s: %s", username, got)
		}
	}
	if _, err := h.save(review.Save{Hold: true, Confirmed: true, Fields: review.Fields{MetOn: day("2026-05-23")}, Entries: keep(h.planned)}); err != nil {
		t.Fatal(err)
	}
	if got := overdue("bithu.ltt"); got != "" {
		t.Errorf("on the last day: %s", got)
	}
	h.SetToday(day("2026-11-24"))
	if got := overdue("bithu.ltt"); got != "LTT 4 2026-05-23 2026-11-23 Tài khoản bithu.ltt" {
		t.Errorf("on the day after: %s", got)
	}
}

func TestTheHistoryIsPaged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	const n = review.PageSize + 5
	for i := range n {
		if _, err := h.save(review.Save{Hold: true, Confirmed: true, Fields: review.Fields{MetOn: day("2026-10-01").AddDays(i)}, Entries: keep(h.planned)}); err != nil {
			t.Fatal(err)
		}
	}
	var days []party.Date
	for after := (review.Cursor{}); ; {
		parsed, err := keyset.Parse(after.String())
		if err != nil {
			t.Fatal(err)
		}
		board, err := h.Reviews.Board(t.Context(), h.Viewer("vanphong"), h.Org("GD"), parsed)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range board.Held {
			days = append(days, l.MetOn)
		}
		if after = board.Next; after == (review.Cursor{}) {
			break
		}
	}
	if len(days) != n || days[0] != day("2026-11-04") || days[n-1] != day("2026-10-01") {
		t.Errorf("%d reviews, from %s to %s", len(days), days[0], days[len(days)-1])
	}
	for _, bad := range []string{"x", "2026-10-01", "2026-10-01.0", "2026-13-01.4"} {
		if _, err := keyset.Parse(bad); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// A sheet of 150 people takes as many statements as one of six.
func TestASheetMakesNoStatementPerRow(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	statements := func(want int) int {
		t.Helper()
		for range 2 { // the tree and the rules are read once a second at most
			if _, err := h.Reviews.NewSheet(t.Context(), h.Viewer("bithu.ltt"), h.Org("LTT"), party.Date{}); err != nil {
				t.Fatal(err)
			}
		}
		ctx, count := postgres.CountQueries(t.Context())
		sheet, err := h.Reviews.NewSheet(ctx, h.Viewer("bithu.ltt"), h.Org("LTT"), party.Date{})
		if err != nil || len(sheet.Rows) != want {
			t.Fatalf("%d rows, %v", len(sheet.Rows), err)
		}
		return count()
	}
	few := statements(5)
	var list []people.History
	for i := range 145 {
		list = append(list, people.History{Fields: h.Fields("LTT", fmt.Sprintf("Trần Văn %03d", i)), Steps: h.Way("LTT")[:2]})
	}
	if _, err := h.People.EnterHistories(t.Context(), h.Viewer("vanphong"), list); err != nil {
		t.Fatal(err)
	}
	if many := statements(150); many > few+2 || few > 14 {
		t.Errorf("%d statements for 5 people, %d for 150", few, many)
	}
}
