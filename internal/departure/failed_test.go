package departure_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest"
	"ketnap/internal/departure"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/probation"
)

// votes has the cell vote in a case, nine members being present.
func votes(t *testing.T, h *apptest.House, c int64, inFavour int, on string) error {
	t.Helper()
	return h.Departures.Act(t.Context(), h.Viewer("bithu.ltt"), departure.Acting{Key: uuid.NewString(), ID: c, Version: get(t, h, c).Version, What: party.CaseVoted,
		On: day(on), Vote: party.Vote{Official: 9, Present: 9, InFavour: inFavour}})
}

func state(t *testing.T, h *apptest.House, id int64) party.State {
	t.Helper()
	rec, err := h.People.Open(t.Context(), h.Viewer("vanphong"), id)
	must(t, err)
	return rec.State
}

// A vote below two thirds is stated in the case and on the member's page, nothing goes on from it, and the
// cell votes again; when two thirds are found the case goes its way.
func TestAVoteBelowTwoThirdsIsStatedAndRepeated(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	c, err := open(h, "bithu.ltt", id)
	must(t, err)
	must(t, votes(t, h, c, 5, "2026-08-05"))
	got := get(t, h, c)
	if last := got.Acts[len(got.Acts)-1]; got.State != party.CaseFailed || got.FailedVotes != 1 || last.What != party.CaseFailed || last.InFavour != 5 || last.TakenBack || got.Cell.Official != 0 {
		t.Errorf("%+v", got)
	}
	if st := state(t, h, id); st.FailedVotes != 1 || st.Upward != nil || st.Stage != party.StageProbationary {
		t.Errorf("%+v", st)
	}
	clean(t, h)
	if err := act(t, h, "vanphong", c, party.CaseProposed, "2026-08-10"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("proposed without the cell: %v", err)
	}
	if err := votes(t, h, c, 6, "2026-08-04"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a later vote before the first: %v", err)
	}
	must(t, votes(t, h, c, 6, "2026-08-12"))
	must(t, act(t, h, "vanphong", c, party.CaseProposed, "2026-08-13"))
	must(t, act(t, h, "vanphong", c, party.CaseDecided, "2026-08-17"))
	if got := stage(t, h, id); got != party.StageFormer {
		t.Errorf("removed, and %s", got)
	}
	clean(t, h)
}

// After three votes, on the recognition and the removal together, the committee above decides: it finds the
// case without the cell's resolution. The rule of today is recalled, so that the cell may vote once more.
func TestAfterThreeFailedVotesTheCaseGoesUpWithoutTheCell(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony) // on 2026-06-19
	h.SetToday(day("2027-09-30"))
	recognition := people.NewStep{PersonID: id, Kind: party.RecognitionResolution, On: day("2027-06-25"),
		Facts: party.RecognitionVoteFacts{Vote: party.Vote{Official: 9, Present: 9, InFavour: 4}}}
	_, err := h.People.RecordAll(t.Context(), h.Viewer("bithu.ltt"), people.Batch{Steps: []people.NewStep{recognition}})
	must(t, err)
	c, err := open(h, "bithu.ltt", id)
	must(t, err)
	must(t, votes(t, h, c, 5, "2027-07-01"))
	must(t, votes(t, h, c, 5, "2027-07-08"))
	got := get(t, h, c)
	if fmt.Sprint(got.Next) != fmt.Sprint([]party.CaseState{party.CaseProposed, party.CaseVoted, party.CaseClosed}) || got.FailedVotes != 3 {
		t.Errorf("%+v", got)
	}
	list, err := h.Probation.List(t.Context(), h.Viewer("vanphong"), probation.Query{Show: probation.Deciding})
	must(t, err)
	if len(list.Members) != 1 || list.Members[0].State.Upward == nil || list.Members[0].State.Upward.Kind != party.RemovalVote {
		t.Errorf("in probation: %+v", list.Members)
	}
	clean(t, h)
	must(t, votes(t, h, c, 5, "2027-07-15")) // warns only
	must(t, act(t, h, "vanphong", c, party.CaseProposed, "2027-07-20"))
	must(t, act(t, h, "vanphong", c, party.CaseDecided, "2027-08-02"))
	if got := stage(t, h, id); got != party.StageFormer {
		t.Errorf("removed, and %s", got)
	}
	clean(t, h)
}

// Where the number of votes is confirmed a fourth one is refused, by name of the rule.
func TestAFourthVoteIsRefusedWhereTheNumberIsConfirmed(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	h.Own(`update rules set confidence = 'V' where rule = 'vote.fail3'`)
	h.Regulations.Forget()
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	c, err := open(h, "bithu.ltt", id)
	must(t, err)
	for _, on := range []string{"2026-08-05", "2026-08-12", "2026-08-19"} {
		must(t, votes(t, h, c, 5, on))
	}
	if err := votes(t, h, c, 8, "2026-08-26"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a fourth vote: %v", err)
	}
	if got := get(t, h, c); got.Next[0] != party.CaseProposed || len(got.Next) != 2 {
		t.Errorf("%+v", got.Next)
	}
}

// A failed vote that was entered wrongly is taken back on the member's page; the case says so, and it does
// not count.
func TestAFailedVoteThatIsTakenBackDoesNotCount(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	c, err := open(h, "bithu.ltt", id)
	must(t, err)
	must(t, votes(t, h, c, 5, "2026-08-05"))
	must(t, takeBack(t, h, "bithu.ltt", id, party.RemovalVote))
	got := get(t, h, c)
	if got.FailedVotes != 0 || !got.Acts[1].TakenBack || state(t, h, id).FailedVotes != 0 {
		t.Errorf("%+v", got)
	}
	clean(t, h)
	must(t, votes(t, h, c, 8, "2026-08-12"))
}

// The votes on an official member, and on an expulsion, fail in the case alone: no number of them is set.
func TestAFailedVoteOnAnExpulsionStandsInTheCaseAlone(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	c, err := h.Departures.Open(t.Context(), h.Viewer("bithu.ltt"), departure.Opening{PersonID: id, Way: party.WayExpelled, Reason: "Vi phạm", On: day("2026-08-03")})
	must(t, err)
	for _, on := range []string{"2026-08-05", "2026-08-12", "2026-08-19", "2026-08-26"} {
		must(t, votes(t, h, c, 5, on))
	}
	if got := get(t, h, c); got.State != party.CaseFailed || got.Next[0] != party.CaseVoted || state(t, h, id).FailedVotes != 0 {
		t.Errorf("%+v", got)
	}
	clean(t, h)
}

func TestFailedVotesAreComparedWithTheSteps(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id, other := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony), h.Enter(h.Fields("LTT", "Trần Văn Bình"), party.Ceremony)
	c, err := open(h, "bithu.ltt", id)
	must(t, err)
	must(t, votes(t, h, c, 5, "2026-08-05"))
	clean(t, h)
	rec, err := h.People.Open(t.Context(), h.Viewer("vanphong"), id)
	must(t, err)
	vote := rec.Steps[len(rec.Steps)-1].ID
	find := func(what string) string { return fmt.Sprintf("case %d: %s of failed vote on 2026-08-05", c, what) }
	set := func(what string) string { return fmt.Sprintf("update steps set %s where id = %d", what, vote) }
	h.Breaks(h.Departures.Check, id,
		apptest.Break{Do: set("happened_on = '2026-08-06'"), Undo: set("happened_on = '2026-08-05'"), Want: find("day")},
		apptest.Break{Do: set(fmt.Sprintf("person_id = %d", other)), Undo: set(fmt.Sprintf("person_id = %d", id)), Want: find("person")},
		apptest.Break{Do: set(`facts = facts || '{"case_id": 999}'`), Undo: set(fmt.Sprintf(`facts = facts || '{"case_id": %d}'`, c)), Want: find("case")},
		apptest.Break{Do: set("kind = 'remarked'"), Undo: set("kind = 'removal_vote'"), Want: find("kind")})
}

// After the way down to an older version and up again each failed vote has its step again.
func TestFailedVotesFindTheirStepsAgainAfterAnUpgrade(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	c, err := open(h, "bithu.ltt", h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony))
	must(t, err)
	must(t, votes(t, h, c, 5, "2026-08-05"))
	must(t, votes(t, h, c, 4, "2026-08-12"))
	h.Own("update departure_acts set step_id = null")
	if _, lost, err := h.Departures.Check(t.Context()); err != nil || len(lost) != 4 {
		t.Fatalf("without their steps: %v, %v", lost, err)
	}
	bringInLine(t, h)
	clean(t, h)
}

// Of who was recognised while his case waited the cell's vote is no vote on a probationary member: nothing lacks.
func TestAVoteOnWhoWasRecognisedSinceIsInOrder(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	c, err := open(h, "bithu.ltt", id)
	must(t, err)
	h.SetToday(day("2027-12-20"))
	for _, step := range []people.NewStep{
		{Kind: party.RecognitionResolution, On: day("2027-12-01"), Facts: party.RecognitionVoteFacts{Vote: party.Vote{Official: 9, Present: 9, InFavour: 9}, Adopted: true}, Papers: []party.Paper{{Number: "3-NQ/CB"}}},
		{Kind: party.RecognitionDecision, On: day("2027-12-10"), Facts: party.RecognitionDecisionFacts{Decider: party.DeciderUpperStandingCommittee}, Papers: []party.Paper{{Number: "4-QĐ/ĐU"}}},
	} {
		rec, err := h.People.Open(t.Context(), h.Viewer("vanphong"), id)
		must(t, err)
		step.Key, step.PersonID, step.Version = uuid.NewString(), id, rec.Version
		_, err = h.People.Record(t.Context(), h.Viewer("vanphong"), step)
		must(t, err)
	}
	must(t, votes(t, h, c, 5, "2027-12-15"))
	if got := get(t, h, c); got.State != party.CaseFailed {
		t.Errorf("the case is %s", got.State)
	}
	clean(t, h)
}
