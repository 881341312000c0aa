package introduction_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest"
	"ketnap/internal/fault"
	"ketnap/internal/introduction"
	"ketnap/internal/keyset"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

func resolution(h *apptest.House, code, number string, names ...string) introduction.Entry {
	e := introduction.Entry{Key: uuid.NewString(), Fields: introduction.Fields{OrgID: h.Org(code), Union: "Đoàn trường", Number: number, On: party.MustDate("2026-10-01")}}
	for i, name := range names {
		e.Lines = append(e.Lines, introduction.Line{Name: name, Born: party.MustDate("2008-03-01").AddDays(i), Sex: "female", ClassName: "12A1", UnionDate: party.MustDate("2023-03-26")})
	}
	return e
}

func enter(t *testing.T, h *apptest.House, username string, e introduction.Entry) introduction.Entered {
	t.Helper()
	done, err := h.Introductions.Enter(t.Context(), h.Viewer(username), e)
	if err != nil {
		t.Fatalf("enter: %v, %+v", err, fault.As(err).Detail)
	}
	return done
}

func get(t *testing.T, h *apptest.House, username string, id int64) introduction.Opened {
	t.Helper()
	in, err := h.Introductions.Get(t.Context(), h.Viewer(username), id)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func stageOf(t *testing.T, h *apptest.House, id int64) party.Stage {
	t.Helper()
	rec, err := h.People.Open(t.Context(), h.Viewer("vanphong"), id)
	if err != nil {
		t.Fatal(err)
	}
	return rec.State.Stage
}

// keys gives the refused fields of an error with their words' keys.
func keys(err error) (out []string) {
	if e := fault.As(err); e != nil {
		for _, f := range e.Fields {
			out = append(out, f.Name+" "+f.Key)
		}
	}
	return out
}

func clean(t *testing.T, h *apptest.House) {
	t.Helper()
	if differ, err := h.People.Check(t.Context()); err != nil || len(differ) > 0 {
		t.Errorf("check: %v, %v", differ, err)
	}
}

func TestOneResolutionIntroducesNewAndKnownPeople(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	known := h.Enter(h.Fields("LTT", "Trần Thị Quen"), "")
	e := resolution(h, "LTT", "12-NQ/ĐTN", "Nguyễn Thị Hoa", "Lê Thị Lan")
	e.Lines = append(e.Lines, introduction.Line{PersonID: known})
	done := enter(t, h, "bithu.ltt", e)
	if again := enter(t, h, "bithu.ltt", e); again.ID != done.ID || again.Done != 3 {
		t.Errorf("the form a second time: %+v", again)
	}
	in := get(t, h, "bithu.ltt", done.ID)
	if in.People != 3 || in.Waiting() != 3 || in.Number != "12-NQ/ĐTN" || !in.MayAnswer || len(in.Names) != 3 {
		t.Fatalf("%+v", in)
	}
	for _, n := range in.Names {
		rec, err := h.People.Open(t.Context(), h.Viewer("vanphong"), n.PersonID)
		if err != nil || rec.State.Stage != party.StageIntroduced || len(rec.Steps) != 1 {
			t.Fatalf("%s: %+v, %v", n.FullName, rec.State, err)
		}
		if p := rec.Steps[0].Papers; len(p) != 1 || p[0].Form != introduction.Form || p[0].Number != "12-NQ/ĐTN" {
			t.Errorf("paper of %s: %+v", n.FullName, p)
		}
	}
	if l, err := h.People.List(t.Context(), h.Viewer("bithu.ltt"), people.Query{}); err != nil || l.Count != 3 {
		t.Errorf("%d people in the register, %v", l.Count, err)
	}
	clean(t, h)
}

// Of a resolution with 300 names of which 20 cannot be read, each row says why, and the good ones can be kept.
func TestUnreadableLinesAreToldAndTheGoodOnesCanBeKept(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	var names []string
	for i := range introduction.MaxLines {
		names = append(names, fmt.Sprintf("Nguyễn Thị Số %d", i))
	}
	e := resolution(h, "LTT", "12-NQ/ĐTN", names...)
	for i := range 20 {
		e.Lines[i*7].Born = party.Date{}
	}
	refused, err := h.Introductions.Enter(t.Context(), h.Viewer("doan.ltt"), e)
	detail, ok := fault.As(err).Detail.(introduction.Entered)
	if !ok || refused.Done != 0 || detail.ID != 0 || len(detail.Lines) != introduction.MaxLines {
		t.Fatalf("%v: %+v", err, refused)
	}
	bad := 0
	for i, l := range detail.Lines {
		if wrong := i%7 == 0 && i < 140; (l.Err != nil) != wrong {
			t.Errorf("line %d: %v", i, l.Err)
		} else if wrong {
			bad++
			if got := keys(l.Err); !slices.Equal(got, []string{"birth_date people.error.birth_missing"}) {
				t.Errorf("line %d: %v", i, got)
			}
		}
	}
	if list, err := h.Introductions.List(t.Context(), h.Viewer("vanphong"), introduction.Query{}); err != nil || len(list.Rows) != 0 || bad != 20 {
		t.Fatalf("half of it stands: %+v, %v; %d bad", list.Rows, err, bad)
	}
	e.KeepGood = true
	done := enter(t, h, "doan.ltt", e)
	if done.Done != 280 {
		t.Fatalf("%d kept", done.Done)
	}
	left := resolution(h, "LTT", "", "Nguyễn Thị Sửa")
	left.ID = done.ID
	if more := enter(t, h, "doan.ltt", left); more.ID != done.ID || get(t, h, "doan.ltt", done.ID).People != 281 {
		t.Errorf("what was mended is not of the same resolution: %+v", more)
	}
	clean(t, h)
}

func TestAnEntryThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	enter(t, h, "doan.ltt", resolution(h, "LTT", "12-NQ/ĐTN", "Nguyễn Thị Hoa"))
	long := resolution(h, "LTT", "13-NQ/ĐTN", "Lê Thị Lan")
	long.Fields.On = party.MustDate("2026-11-24")
	empty := resolution(h, "LTT", "")
	empty.Fields.Union, empty.Lines = " ", long.Lines
	double := resolution(h, "LTT", "14-NQ/ĐTN", "nguyen thi hoa")
	for name, c := range map[string]struct {
		username string
		entry    introduction.Entry
		want     string
	}{
		"the same paper again": {"bithu.ltt", resolution(h, "LTT", "12-nq/đtn", "Lê Thị Lan"), "number introductions.error.entered"},
		"a day to come":        {"doan.ltt", long, "on introductions.error.future"},
		"without a number":     {"doan.ltt", empty, "union introductions.error.union"},
		"nobody":               {"doan.ltt", resolution(h, "LTT", "15-NQ/ĐTN"), "lines introductions.error.lines"},
		"to another cell":      {"doan.ltt", resolution(h, "NTH", "15-NQ/ĐTN", "Lê Thị Lan"), "org people.error.org_unknown"},
		"to a committee":       {"vanphong", resolution(h, "GD", "15-NQ/ĐTN", "Lê Thị Lan"), "org people.error.org_not_cell"},
		"to a cell that is not one": {"vanphong", func() introduction.Entry {
			e := long
			e.Fields.OrgID, e.Fields.On = 99999, party.MustDate("2026-10-01")
			return e
		}(), "org people.error.org_unknown"},
	} {
		if _, err := h.Introductions.Enter(t.Context(), h.Viewer(c.username), c.entry); fault.KindOf(err) != fault.Invalid || !slices.Contains(keys(err), c.want) {
			t.Errorf("%s: %v", name, keys(err))
		}
	}
	_, err := h.Introductions.Enter(t.Context(), h.Viewer("bithu.ltt"), double)
	if d, ok := fault.As(err).Detail.(introduction.Entered); !ok || fault.KindOf(d.Lines[0].Err) != fault.Conflict {
		t.Errorf("somebody of the same name and birth date: %v", err)
	}
	double.Lines[0].Other = true
	enter(t, h, "bithu.ltt", double)
	foreign := resolution(h, "LTT", "16-NQ/ĐTN")
	foreign.Lines = []introduction.Line{{PersonID: h.Enter(h.Fields("SVKT", "Lê Thị Xa"), "")}}
	_, err = h.Introductions.Enter(t.Context(), h.Viewer("bithu.ltt"), foreign)
	if d, ok := fault.As(err).Detail.(introduction.Entered); !ok || fault.KindOf(d.Lines[0].Err) != fault.NotFound {
		t.Errorf("somebody of another cell: %v", err)
	}
	clean(t, h)
}

func TestTheCellAnswersEachWithItsReason(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	done := enter(t, h, "doan.ltt", resolution(h, "LTT", "12-NQ/ĐTN", "Nguyễn Thị Hoa", "Lê Thị Lan", "Phạm Thị Mai"))
	ids := make([]int64, 3)
	for i, l := range done.Lines {
		ids[i] = l.PersonID
	}
	answers := introduction.Answers{Key: uuid.NewString(), ID: done.ID, On: party.MustDate("2026-10-20"), List: []introduction.PersonAnswer{
		{PersonID: ids[0], Answer: introduction.Accepted}, {PersonID: ids[1], Answer: introduction.Declined, Reason: "Kết quả học tập chưa đạt"}}}
	secretary := h.Viewer("bithu.ltt")
	without := answers
	without.List = []introduction.PersonAnswer{{PersonID: ids[0], Answer: introduction.Accepted}, {PersonID: ids[1], Answer: introduction.Declined, Reason: " "}}
	early := answers
	early.On = party.MustDate("2026-09-30")
	nothing := answers
	nothing.List = nil
	for name, c := range map[string]struct {
		in   introduction.Answers
		want string
	}{
		"declined without a reason":  {without, introduction.ReasonField(ids[1]) + " introductions.error.reason"},
		"before the resolution":      {early, "on introductions.error.before"},
		"without a day":              {introduction.Answers{ID: done.ID, List: answers.List}, "on introductions.error.answer_day"},
		"nobody":                     {nothing, "answers introductions.error.no_answer"},
		"one who is not of the list": {introduction.Answers{ID: done.ID, On: answers.On, List: []introduction.PersonAnswer{{PersonID: 999, Answer: introduction.Accepted}}}, "reason_999 introductions.error.answered"},
	} {
		if err := h.Introductions.Answer(t.Context(), secretary, c.in); fault.KindOf(err) != fault.Invalid || !slices.Contains(keys(err), c.want) {
			t.Errorf("%s: %v", name, keys(err))
		}
	}
	if in := get(t, h, "bithu.ltt", done.ID); in.Waiting() != 3 {
		t.Fatalf("a refused answer was kept: %+v", in)
	}
	for range 2 { // a double click
		if err := h.Introductions.Answer(t.Context(), secretary, answers); err != nil {
			t.Fatal(err)
		}
	}
	in := get(t, h, "doan.ltt", done.ID)
	if in.Accepted != 1 || in.Declined != 1 || in.Waiting() != 1 || in.MayAnswer {
		t.Errorf("%+v", in)
	}
	if a, b, c := stageOf(t, h, ids[0]), stageOf(t, h, ids[1]), stageOf(t, h, ids[2]); a != party.StageIntroduced || b != party.StageDropped || c != party.StageIntroduced {
		t.Errorf("stages: %s, %s, %s", a, b, c)
	}
	answers.Key = uuid.NewString()
	if err := h.Introductions.Answer(t.Context(), secretary, answers); fault.KindOf(err) != fault.Invalid {
		t.Errorf("answered a second time: %v", err)
	}
	clean(t, h)
}

func TestWhoSeesAndAnswersWhichResolution(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	done := enter(t, h, "doan.ltt", resolution(h, "LTT", "12-NQ/ĐTN", "Nguyễn Thị Hoa"))
	answer := introduction.Answers{ID: done.ID, On: party.MustDate("2026-10-20"), List: []introduction.PersonAnswer{{PersonID: done.Lines[0].PersonID, Answer: introduction.Accepted}}}
	for username, want := range map[string]struct{ sees, answers fault.Kind }{
		"doan.ltt":   {fault.Internal, fault.Forbidden},
		"doan.nth":   {fault.NotFound, fault.NotFound},
		"bithu.nth":  {fault.NotFound, fault.NotFound},
		"coso.dh":    {fault.NotFound, fault.NotFound},
		"quantri":    {fault.NotFound, fault.NotFound},
		"kiemtra":    {fault.Internal, fault.Forbidden},
		"lanhdao":    {fault.Internal, fault.Forbidden},
		"bithu.ltt":  {fault.Internal, fault.Internal},
		"bithu.svkt": {fault.NotFound, fault.NotFound},
	} {
		in, err := h.Introductions.Get(t.Context(), h.Viewer(username), done.ID)
		if fault.KindOf(err) != want.sees || err == nil && in.People != 1 {
			t.Errorf("%s sees: %v, %d people", username, err, in.People)
		}
		list, err := h.Introductions.List(t.Context(), h.Viewer(username), introduction.Query{})
		if seen := err == nil && len(list.Rows) == 1; seen != (want.sees == fault.Internal) {
			t.Errorf("%s lists %d, %v", username, len(list.Rows), err)
		}
		if err := h.Introductions.Answer(t.Context(), h.Viewer(username), answer); fault.KindOf(err) != want.answers {
			t.Errorf("%s answers: %v", username, err)
		}
	}
}

func TestResolutionsAreListedAndCountedByUnitAndPeriod(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	staff := h.Viewer("vanphong")
	for i := range introduction.PageSize + 2 {
		e := resolution(h, []string{"LTT", "SVKT"}[i%2], fmt.Sprintf("%d-NQ", i), fmt.Sprintf("Nguyễn Thị Số %d", i))
		e.Fields.On = party.MustDate("2026-01-10").AddDays(i)
		enter(t, h, "vanphong", e)
	}
	ctx, sent := postgres.RecordQueries(t.Context())
	first, err := h.Introductions.List(ctx, staff, introduction.Query{})
	if err != nil || len(first.Rows) != introduction.PageSize || first.Rows[0].Number != "51-NQ" || first.Next.String() == "" {
		t.Fatalf("%d rows, %v", len(first.Rows), err)
	}
	if n := len(sent()); n > 6 {
		t.Errorf("%d statements for a page", n)
	}
	after, err := keyset.Parse(first.Next.String())
	if err != nil {
		t.Fatal(err)
	}
	if rest, err := h.Introductions.List(t.Context(), staff, introduction.Query{After: after}); err != nil || len(rest.Rows) != 2 || rest.Rows[1].Number != "0-NQ" || rest.Next.String() != "" {
		t.Errorf("second page: %+v, %v", rest, err)
	}
	for name, c := range map[string]struct {
		q      introduction.Query
		people int
		units  int
	}{
		"everything":     {introduction.Query{}, 52, 2},
		"a cell":         {introduction.Query{OrgID: h.Org("LTT")}, 26, 1},
		"a committee":    {introduction.Query{OrgID: h.Org("DH")}, 26, 1},
		"nobody's":       {introduction.Query{OrgID: h.Org("CHUYEN")}, 0, 0},
		"ten days":       {introduction.Query{From: party.MustDate("2026-01-10"), Until: party.MustDate("2026-01-19")}, 10, 2},
		"those who wait": {introduction.Query{OnlyWaiting: true, Until: party.MustDate("2026-01-10")}, 1, 1},
	} {
		list, err := h.Introductions.List(t.Context(), staff, c.q)
		n := 0
		for _, u := range list.Units {
			n += u.People
			if u.Waiting() != u.People {
				t.Errorf("%s: %+v", name, u)
			}
		}
		if err != nil || n != c.people || len(list.Units) != c.units {
			t.Errorf("%s: %d people of %d cells, %v", name, n, len(list.Units), err)
		}
	}
	for _, bad := range []string{"x", "2026-01-01", "2026-01-01.0", "2026-13-01.5", ".5"} {
		if _, err := keyset.Parse(bad); fault.KindOf(err) != fault.Invalid {
			t.Errorf("cursor %q: %v", bad, err)
		}
	}
}

// What could not be read of a line does not hide what else is wrong with it.
func TestALineTellsAllThatIsWrongWithItAtOnce(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	e := resolution(h, "LTT", "12-NQ/ĐTN", "Hoa")
	e.Lines[0].Born = party.Date{}
	e.Lines[0].Bad = []fault.Field{{Name: "line0_born", Key: "errors.date"}}
	_, err := h.Introductions.Enter(t.Context(), h.Viewer("doan.ltt"), e)
	detail, ok := fault.As(err).Detail.(introduction.Entered)
	if !ok || len(detail.Lines) != 1 {
		t.Fatalf("%v", err)
	}
	got := keys(detail.Lines[0].Err)
	for _, want := range []string{"line0_born errors.date", "full_name people.error.name_one_word"} {
		if !slices.Contains(got, want) {
			t.Errorf("%v does not tell %s", got, want)
		}
	}
	if page, err := h.People.List(t.Context(), h.Viewer("vanphong"), people.Query{}); err != nil || page.Count != 0 {
		t.Errorf("%d are registered, %v", page.Count, err)
	}
}
