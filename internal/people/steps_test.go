package people_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"ketnap/internal/access"
	"ketnap/internal/apptest"
	"ketnap/internal/audit"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
)

// recorders says which accounts may record each kind for somebody of the cell LTT whom its Youth
// Union entered, as the customer asked for it; the first of them does.
var recorders = map[party.StepKind][]string{
	party.Introduced:            {"doan.ltt", "bithu.ltt", "coso.gd", "vanphong"},
	party.Planned:               {"bithu.ltt", "coso.gd", "vanphong"},
	party.MentorAssigned:        {"bithu.ltt", "coso.gd", "vanphong"},
	party.ClassResult:           {"tuyengiao", "vanphong"},
	party.DossierComplete:       {"bithu.ltt", "coso.gd", "vanphong"},
	party.CellResolution:        {"bithu.ltt", "coso.gd", "vanphong"},
	party.Endorsed:              {"coso.gd", "vanphong"},
	party.Decided:               {"lanhdao", "vanphong"},
	party.Ceremony:              {"bithu.ltt", "coso.gd", "vanphong"},
	party.RecognitionResolution: {"bithu.ltt", "coso.gd", "vanphong"},
	party.RecognitionDecision:   {"lanhdao", "vanphong"},
}

// wholeWay is apptest's way with recognition behind it.
func wholeWay(h *apptest.House) []people.NewStep {
	d := party.MustDate
	return append(h.Way("LTT"),
		people.NewStep{Kind: party.RecognitionResolution, On: d("2027-06-25"),
			Facts: party.RecognitionVoteFacts{Vote: party.Vote{Official: 9, Present: 9, InFavour: 9}, Adopted: true}},
		people.NewStep{Kind: party.RecognitionDecision, On: d("2027-07-10"), Facts: party.RecognitionDecisionFacts{Decider: "upper_standing_committee"}})
}

func open(t *testing.T, h *apptest.House, username string, id int64) people.Record {
	t.Helper()
	rec, err := h.People.Open(t.Context(), h.Viewer(username), id)
	if err != nil {
		t.Fatalf("open as %s: %v", username, err)
	}
	return rec
}

func clean(t *testing.T, h *apptest.House) {
	t.Helper()
	if differ, err := h.People.Check(t.Context()); err != nil || len(differ) > 0 {
		t.Errorf("check: %v, %v", differ, err)
	}
}

func TestFromIntroductionToOfficialByTheRolesThatMay(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	h.SetToday(party.MustDate("2027-07-20"))
	id, err := h.People.Register(t.Context(), h.Viewer("doan.ltt"), people.Registration{Fields: h.Fields("LTT", "Nguyễn Thị Ánh")})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range wholeWay(h) {
		step.PersonID, step.Version = id, open(t, h, "vanphong", id).Version
		for _, username := range h.Usernames() {
			if slices.Contains(recorders[step.Kind], username) {
				continue
			}
			_, err := h.People.Record(t.Context(), h.Viewer(username), step)
			if kind := fault.KindOf(err); err == nil || kind != fault.Forbidden && kind != fault.NotFound {
				t.Errorf("%s recorded by %s: %v", step.Kind, username, err)
			}
		}
		who := recorders[step.Kind][0]
		rec := open(t, h, who, id)
		if rec.Next != step.Kind || !slices.Contains(rec.Kinds, step.Kind) {
			t.Errorf("%s is offered %v and awaits %s before %s", who, rec.Kinds, rec.Next, step.Kind)
		}
		if _, err := h.People.Record(t.Context(), h.Viewer(who), step); err != nil {
			v, _ := people.Refusal(err)
			t.Fatalf("%s by %s: %v %v", step.Kind, who, err, v.Refusals())
		}
	}
	rec := open(t, h, "bithu.ltt", id)
	if rec.State.Stage != party.StageOfficial || rec.State.OfficialOn != party.MustDate("2027-06-19") ||
		rec.State.PartyAgeFrom != party.MustDate("2026-06-10") || rec.Next != "" {
		t.Errorf("at the end: %+v", rec.State)
	}
	clean(t, h)
}

func TestRecordAsksForScope(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Introduced)
	step := h.Way("LTT")[1]
	for _, username := range []string{"bithu.nth", "coso.dh", "doan.ltt", "quantri"} {
		step.PersonID, step.Version = id, 1
		_, here := h.People.Record(t.Context(), h.Viewer(username), step)
		step.PersonID = id + 1000
		_, nowhere := h.People.Record(t.Context(), h.Viewer(username), step)
		if here == nil || nowhere == nil || here.Error() != nowhere.Error() || fault.KindOf(here) != fault.NotFound {
			t.Errorf("%s learns of a person out of scope: %v and %v", username, here, nowhere)
		}
	}
}

func TestOneFormSentTwiceRecordsOnce(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Introduced)
	step := h.Way("LTT")[1]
	step.PersonID, step.Version, step.Key = id, open(t, h, "bithu.ltt", id).Version, uuid.NewString()
	first, err := h.People.Record(t.Context(), h.Viewer("bithu.ltt"), step)
	if err != nil {
		t.Fatal(err)
	}
	second, err := h.People.Record(t.Context(), h.Viewer("bithu.ltt"), step)
	if err != nil || second.StepID != first.StepID {
		t.Errorf("sent again: step %d instead of %d, %v", second.StepID, first.StepID, err)
	}
	if rec := open(t, h, "bithu.ltt", id); len(rec.Steps) != 2 {
		t.Errorf("%d steps", len(rec.Steps))
	}
}

func TestTheSecondToSaveLearnsOfTheFirst(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Introduced)
	version := open(t, h, "bithu.ltt", id).Version
	way := h.Way("LTT")
	planned, mentor := way[1], way[2]
	planned.PersonID, planned.Version, mentor.PersonID, mentor.Version = id, version, id, version
	if _, err := h.People.Record(t.Context(), h.Viewer("coso.gd"), planned); err != nil {
		t.Fatal(err)
	}
	_, err := h.People.Record(t.Context(), h.Viewer("bithu.ltt"), mentor)
	e := fault.As(err)
	if fault.KindOf(err) != fault.Conflict {
		t.Fatalf("the second: %v", err)
	}
	if stale, ok := e.Detail.(people.Stale); !ok || stale.By != h.Viewer("coso.gd").Name || stale.At.IsZero() {
		t.Errorf("told %+v", e.Detail)
	}
}

func TestOfManyWritersAtOnceOneRecordsTheStep(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Introduced)
	step := h.Way("LTT")[1]
	step.PersonID, step.Version = id, open(t, h, "bithu.ltt", id).Version
	var wg sync.WaitGroup
	results := make([]error, 12)
	for i := range results {
		who := recorders[party.Planned][i%3]
		wg.Go(func() { _, results[i] = h.People.Record(t.Context(), h.Viewer(who), step) })
	}
	wg.Wait()
	done := 0
	for _, err := range results {
		if err == nil {
			done++
		} else if fault.KindOf(err) != fault.Conflict {
			t.Errorf("one of many: %v", err)
		}
	}
	if rec := open(t, h, "bithu.ltt", id); done != 1 || len(rec.Steps) != 2 {
		t.Errorf("%d were told it is done, %d steps stand", done, len(rec.Steps))
	}
	clean(t, h)
}

func TestARefusedStepChangesNothing(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.DossierComplete)
	before := open(t, h, "bithu.ltt", id)
	step := h.Way("LTT")[5]
	facts := step.Facts.(party.CellVoteFacts)
	facts.Vote = party.Vote{Official: 29, Present: 29, InFavour: 19}
	step.PersonID, step.Version, step.Facts = id, before.Version, facts
	_, err := h.People.Record(t.Context(), h.Viewer("bithu.ltt"), step)
	v, refused := people.Refusal(err)
	if !refused || len(v.Refusals()) != 1 || v.Refusals()[0].Rule.ID != party.VoteBranch || v.Refusals()[0].Rule.Clause == "" {
		t.Errorf("19 of 29: %v, %+v", err, v.Refusals())
	}
	if after := open(t, h, "bithu.ltt", id); after.Version != before.Version || len(after.Steps) != len(before.Steps) {
		t.Errorf("version %d and %d steps became %d and %d", before.Version, len(before.Steps), after.Version, len(after.Steps))
	}
}

func TestAVoidedStepStaysWithItsReason(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Planned)
	rec := open(t, h, "bithu.ltt", id)
	introduced, planned := rec.Steps[0], rec.Steps[1]
	void := func(username string, step int64, reason string) error {
		return h.People.Void(t.Context(), h.Viewer(username), people.Voiding{PersonID: id, Version: open(t, h, "vanphong", id).Version, StepID: step, Reason: reason})
	}
	for _, username := range []string{"doan.ltt", "bithu.nth", "lanhdao", "tuyengiao", "kiemtra", "quantri"} {
		if err := void(username, planned.ID, "Ghi nhầm"); fault.KindOf(err) != fault.Forbidden && fault.KindOf(err) != fault.NotFound || err == nil {
			t.Errorf("voided by %s: %v", username, err)
		}
	}
	if err := void("bithu.ltt", planned.ID, "  "); fault.KindOf(err) != fault.Invalid || err == nil {
		t.Errorf("without a reason: %v", err)
	}
	if err := void("bithu.ltt", 1<<40, "Ghi nhầm"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a step that is not there: %v", err)
	}
	if err := void("bithu.ltt", planned.ID, "Ghi nhầm người"); err != nil {
		t.Fatal(err)
	}
	if err := void("bithu.ltt", planned.ID, "Ghi nhầm người"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("voided twice: %v", err)
	}
	rec = open(t, h, "bithu.ltt", id)
	i := slices.IndexFunc(rec.Steps, func(s people.RecordedStep) bool { return s.ID == planned.ID })
	if i < 0 || rec.Steps[i].VoidedBy == 0 || rec.State.Stage != party.StageIntroduced || len(rec.Steps) != 3 {
		t.Errorf("after voiding: %+v, %s", rec.Steps, rec.State.Stage)
	}
	if introduced.VoidedBy != 0 {
		t.Error("the other step is voided too")
	}
	clean(t, h)
}

func TestNoStepIsVoidedWhileAnotherRestsOnIt(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.CellResolution)
	rec := open(t, h, "vanphong", id)
	err := h.People.Void(t.Context(), h.Viewer("vanphong"), people.Voiding{PersonID: id, Version: rec.Version, StepID: rec.State.Dossier.ID, Reason: "Ghi nhầm"})
	if v, refused := people.Refusal(err); !refused || v.Refusals()[0].Key != "gate.breaks" {
		t.Errorf("dossier under a resolution: %v", err)
	}
}

func TestACorrectionReplacesAStepAndKeepsBoth(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.CellResolution)
	rec := open(t, h, "vanphong", id)
	old := *rec.State.Class
	better := people.NewStep{Key: uuid.NewString(), PersonID: id, Version: rec.Version, Kind: party.ClassResult, On: old.On,
		Facts: party.ClassResultFacts{ClassID: h.ClassID, Passed: true, Grade: "Khá"}, Papers: old.Papers}
	in := people.Correction{NewStep: better, StepID: old.ID, Reason: "Ghi nhầm xếp loại"}
	first, err := h.People.Correct(t.Context(), h.Viewer("vanphong"), in)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := h.People.Correct(t.Context(), h.Viewer("vanphong"), in); err != nil || again.StepID != first.StepID {
		t.Errorf("sent twice: %v, %v", again, err)
	}
	after := open(t, h, "vanphong", id)
	if got := after.State.Class.Facts.(party.ClassResultFacts).Grade; got != "Khá" || after.State.Stage != rec.State.Stage {
		t.Errorf("grade %s at stage %s", got, after.State.Stage)
	}
	if len(after.Steps) != len(rec.Steps)+2 {
		t.Errorf("%d steps became %d", len(rec.Steps), len(after.Steps))
	}
	// what rests on the step must be able to rest on the new one
	in.Key, in.Version, in.StepID, in.On = uuid.NewString(), after.Version, first.StepID, party.MustDate("2026-05-20")
	in.Papers = nil
	if _, err := h.People.Correct(t.Context(), h.Viewer("vanphong"), in); fault.KindOf(err) != fault.Invalid || err == nil {
		t.Errorf("class moved behind the resolution: %v", err)
	}
	clean(t, h)
}

func TestOpeningAPersonIsWrittenDown(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Introduced)
	open(t, h, "bithu.ltt", id)
	if _, err := h.People.Open(t.Context(), h.Viewer("bithu.nth"), id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another cell's secretary opens: %v", err)
	}
	by := map[string]int{}
	rows, _, err := h.Audit.List(t.Context(), h.Viewer("kiemtra"), audit.Filter{Entity: "person", EntityID: id, Action: "open"})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		by[row.Username]++
	}
	if len(by) != 1 || by["bithu.ltt"] != 1 {
		t.Errorf("opened by %v", by)
	}
}

// Whatever is recorded, voided and refused in whatever order, what is stored is what the steps say,
// and no recorded step is one that its gate would refuse.
func TestStoredIsWhatTheStepsSayAfterAnySequence(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	h.SetToday(party.MustDate("2027-07-20"))
	way := wholeWay(h)
	way = append(way, people.NewStep{Kind: party.Dropped, On: party.MustDate("2026-02-01"), Facts: party.DroppedFacts{Reason: "Chuyển trường"}})
	ctx, v := context.WithoutCancel(t.Context()), h.Viewer("vanphong")
	rapid.Check(t, func(rt *rapid.T) {
		id, err := h.People.Register(ctx, v, people.Registration{Fields: h.Fields("LTT", "Nguyễn Thị Ánh"), Confirmed: true})
		if err != nil {
			rt.Fatal(err)
		}
		at := 0
		for range rapid.IntRange(1, 15).Draw(rt, "steps") {
			rec, err := h.People.Open(ctx, v, id)
			if err != nil {
				rt.Fatal(err)
			}
			switch act := rapid.IntRange(0, 9).Draw(rt, "act"); {
			case act < 6:
				err = record(ctx, h, v, rec, way[at%len(way)])
				at++
			case act < 8:
				err = record(ctx, h, v, rec, rapid.SampledFrom(way).Draw(rt, "any"))
			case len(rec.Steps) > 0:
				step := rapid.SampledFrom(rec.Steps).Draw(rt, "void")
				err = h.People.Void(ctx, v, people.Voiding{PersonID: id, Version: rec.Version, StepID: step.ID, Reason: "Thử"})
			}
			if kind := fault.KindOf(err); err != nil && kind == fault.Internal {
				rt.Fatal(err)
			}
		}
		for name, check := range map[string]func(context.Context) ([]people.Difference, error){"differ": h.People.Check, "refused": h.People.Refused} {
			if list, err := check(ctx); err != nil || len(list) > 0 {
				rt.Fatalf("%s: %v, %v", name, list, err)
			}
		}
	})
}

func record(ctx context.Context, h *apptest.House, v access.Viewer, rec people.Record, step people.NewStep) error {
	step.PersonID, step.Version = rec.ID, rec.Version
	_, err := h.People.Record(ctx, v, step)
	return err
}

// attempt records a step as an account, from the version that stands.
func attempt(t *testing.T, h *apptest.House, username string, id int64, step people.NewStep) (people.Recorded, error) {
	t.Helper()
	step.PersonID, step.Version = id, open(t, h, "vanphong", id).Version
	return h.People.Record(t.Context(), h.Viewer(username), step)
}

func TestStepsBesideTheWayAreForTheirRoles(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	d := party.MustDate
	for _, tt := range []struct {
		step  people.NewStep
		after party.StepKind
		may   []string
	}{
		{people.NewStep{Kind: party.Dropped, On: d("2026-02-01"), Facts: party.DroppedFacts{Reason: "Chuyển trường"}}, party.Planned,
			[]string{"bithu.ltt", "coso.gd", "vanphong"}},
		{people.NewStep{Kind: party.Received, On: d("2026-02-01"), Facts: party.ReceivedFacts{DecidedOn: d("2025-05-02"), JoinedOn: d("2025-05-19")}}, "",
			[]string{"coso.gd", "vanphong"}},
		{people.NewStep{Kind: party.Overridden, On: d("2026-02-01"), Facts: party.OverriddenFacts{For: party.CellResolution,
			Rules: []party.RuleID{party.AgeMin}, Reason: "Có ý kiến của cấp trên"}}, party.Planned, []string{"lanhdao"}},
	} {
		for _, username := range h.Usernames() {
			if slices.Contains(tt.may, username) {
				id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), tt.after)
				if _, err := attempt(t, h, username, id, tt.step); err != nil {
					t.Errorf("%s by %s: %v", tt.step.Kind, username, err)
				}
			} else {
				id := h.Enter(h.Fields("LTT", "Trần Thị Bích"), tt.after)
				if _, err := attempt(t, h, username, id, tt.step); err == nil || fault.KindOf(err) != fault.Forbidden && fault.KindOf(err) != fault.NotFound {
					t.Errorf("%s by %s: %v", tt.step.Kind, username, err)
				}
			}
		}
	}
	clean(t, h)
}

func TestAnAuthorisedStepIsRecordedWithItsWarning(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	young := h.Fields("LTT", "Nguyễn Văn Trẻ")
	young.BirthDate = party.MustDate("2008-06-16")
	id := h.Enter(young, party.DossierComplete)
	vote := h.Way("LTT")[5]
	_, err := attempt(t, h, "bithu.ltt", id, vote)
	if v, refused := people.Refusal(err); !refused || v.Refusals()[0].Rule.ID != party.AgeMin {
		t.Fatalf("17 years and 11 months: %v", err)
	}
	override := people.NewStep{Kind: party.Overridden, On: party.MustDate("2026-05-10"), Facts: party.OverriddenFacts{For: party.CellResolution,
		Rules: []party.RuleID{party.AgeMin}, Reason: "Có ý kiến của cấp trên"}}
	if _, err := attempt(t, h, "lanhdao", id, override); err != nil {
		t.Fatal(err)
	}
	done, err := attempt(t, h, "bithu.ltt", id, vote)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(done.Verdict.Warnings(), func(c party.Condition) bool { return c.Rule.ID == party.AgeMin && c.Allowed }) {
		t.Errorf("nothing is said of the age: %+v", done.Verdict.Warnings())
	}
}
