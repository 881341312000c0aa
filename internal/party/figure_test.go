package party

import (
	"slices"
	"testing"
)

var twoTerms = []Term{
	{ID: 1, Code: "2020-2025", Starts: MustDate("2020-08-01"), Ends: MustDate("2025-07-31")},
	{ID: 2, Code: "2025-2030", Starts: MustDate("2025-08-01"), Ends: MustDate("2030-07-31")},
}

func TestBothDaysOfATermBelongToIt(t *testing.T) {
	for on, want := range map[string]int{"2020-07-31": -1, "2020-08-01": 0, "2025-07-31": 0, "2025-08-01": 1, "2030-07-31": 1, "2030-08-01": -1} {
		if got := TermOf(twoTerms, MustDate(on)); got != want {
			t.Errorf("%s lies in term %d, want %d", on, got, want)
		}
	}
}

func figures(list []Milestone) []Figure {
	var out []Figure
	for _, m := range list {
		out = append(out, m.Figure)
	}
	return out
}

func TestTheWholeWayCountsOnceInEachFigure(t *testing.T) {
	got := Milestones(Pupil, way(firstDay), twoTerms)
	want := []Figure{FigureIntroduced, FigurePlanned, FigureCertified, FigureProposed, FigureAdmitted, FigureJoined, FigureRecognised}
	if !slices.Equal(figures(got), want) {
		t.Errorf("%v", figures(got))
	}
	steps := way(firstDay)
	if got[4].On != steps[8].On || got[4].StepID != steps[8].ID || got[6].On != steps[10].On {
		t.Errorf("admitted on %s, recognised on %s", got[4].On, got[6].On)
	}
}

func TestOnlyPupilsAndStudentsCount(t *testing.T) {
	if got := Milestones(Worker, way(firstDay), twoTerms); got != nil {
		t.Errorf("%v", got)
	}
}

func TestWhatFailedOrWasVoidedDoesNotCount(t *testing.T) {
	steps := way(firstDay)[:6]
	steps[3].Facts = ClassResultFacts{Passed: false}
	steps[5].Facts = CellVoteFacts{Vote: Vote{Official: 29, Present: 29, InFavour: 19}}
	steps = append(steps, Step{ID: 70, Seq: 70, Kind: Voided, On: today, Facts: VoidedFacts{StepID: 1, Reason: "Ghi nhầm"}})
	if got := figures(Milestones(Student, steps, twoTerms)); !slices.Equal(got, []Figure{FigurePlanned}) {
		t.Errorf("%v", got)
	}
}

// Introduced, left out and introduced again in one term is one person introduced, on the first day;
// in the next term it is one more.
func TestAPersonCountsOnceInATerm(t *testing.T) {
	introduced := func(id int64, on string) Step {
		return Step{ID: id, Seq: id, Kind: Introduced, On: MustDate(on), OrgID: 7, Facts: IntroductionFacts{}}
	}
	dropped := func(id int64, on string) Step {
		return Step{ID: id, Seq: id, Kind: Dropped, On: MustDate(on), Facts: DroppedFacts{Reason: "Chuyển trường"}}
	}
	steps := []Step{introduced(1, "2022-03-07"), dropped(2, "2023-03-06"), introduced(3, "2024-03-04"), dropped(4, "2025-07-01"), introduced(5, "2025-08-01")}
	want := []Milestone{
		{Figure: FigureIntroduced, On: MustDate("2022-03-07"), StepID: 1, OrgID: 7},
		{Figure: FigureIntroduced, On: MustDate("2025-08-01"), StepID: 5, OrgID: 7},
	}
	slices.Reverse(steps) // the order of recording does not matter
	if got := Milestones(Student, steps, twoTerms); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

func TestAReceivedMemberJoinsOnTheDayHeCameAndIsNotAdmittedHere(t *testing.T) {
	s := Step{ID: 1, Seq: 1, Kind: Received, On: MustDate("2024-09-02"), OrgID: 7, Facts: ReceivedFacts{JoinedOn: MustDate("2021-05-19")}}
	if got := Milestones(Student, []Step{s}, twoTerms); !slices.Equal(got, []Milestone{{Figure: FigureJoined, On: s.On, StepID: 1, OrgID: 7}}) {
		t.Errorf("%v", got)
	}
}

func TestARatioIsOfFiguresOfTheTerm(t *testing.T) {
	for _, r := range TermRatios {
		if !slices.Contains(TermFigures, r.Of) || !slices.Contains(TermFigures, r.Base) || r.Of == r.Base {
			t.Errorf("%s of %s", r.Of, r.Base)
		}
	}
}

func TestAnAdmissionCountsByItsOccasion(t *testing.T) {
	s := Step{ID: 1, Seq: 1, Kind: Ceremony, On: MustDate("2024-05-19"), OrgID: 7, Facts: CeremonyFacts{Occasion: BirthdayOfHoChiMinh}}
	want := []Milestone{{Figure: FigureAdmitted, On: s.On, StepID: 1, OrgID: 7, Occasion: BirthdayOfHoChiMinh}, {Figure: FigureJoined, On: s.On, StepID: 1, OrgID: 7}}
	if got := Milestones(Student, []Step{s}, twoTerms); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

// Who is a member leaves the old order and joins the new one on the first day of a passage, by the step
// that made him a member; of several on a day the last counts, and no passage moves who is none.
func TestAPassageMovesAMember(t *testing.T) {
	t.Parallel()
	day := MustDate
	came := Step{ID: 1, Kind: Received, On: day("2022-03-01"), OrgID: 7, Facts: ReceivedFacts{JoinedOn: day("2021-01-05")}}
	gone := Step{ID: 2, Kind: MovedOut, On: day("2024-05-01"), OrgID: 9, Facts: MovedOutFacts{}}
	joined := func(on string, step int64, org int32) Milestone {
		return Milestone{Figure: FigureJoined, On: day(on), StepID: step, OrgID: org}
	}
	left := func(on string, step int64, org int32, eve bool) Milestone {
		return Milestone{Figure: FigureLeft, On: day(on), StepID: step, OrgID: org, Eve: eve}
	}
	first := joined("2022-03-01", 1, 7)
	for name, c := range map[string]struct {
		steps    []Step
		passages []Passage
		want     []Milestone
	}{
		"to another cell":             {[]Step{came}, []Passage{{day("2023-07-01"), 7, 9}}, []Milestone{first, left("2023-07-01", 1, 7, true), joined("2023-07-01", 1, 9)}},
		"with the cell":               {[]Step{came}, []Passage{{day("2023-07-01"), 7, 7}}, []Milestone{first, left("2023-07-01", 1, 7, true), joined("2023-07-01", 1, 7)}},
		"twice on a day":              {[]Step{came}, []Passage{{day("2023-07-01"), 7, 8}, {day("2023-07-01"), 7, 9}}, []Milestone{first, left("2023-07-01", 1, 7, true), joined("2023-07-01", 1, 9)}},
		"before he came":              {[]Step{came}, []Passage{{day("2022-02-28"), 7, 7}}, []Milestone{first}},
		"on the day on which he came": {[]Step{came}, []Passage{{day("2022-03-01"), 7, 7}}, []Milestone{first}},
		"and he left": {[]Step{came, gone}, []Passage{{day("2023-07-01"), 7, 9}, {day("2025-07-01"), 7, 11}},
			[]Milestone{first, left("2023-07-01", 1, 7, true), joined("2023-07-01", 1, 9), left("2024-05-01", 2, 9, false)}},
	} {
		if got := Milestones(Student, c.steps, twoTerms, c.passages...); !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, not %+v", name, got, c.want)
		}
	}
}
