package party

import "testing"

func TestARatingIsAtLeastItselfAndThoseBelow(t *testing.T) {
	for i, high := range Ratings {
		for j, low := range Ratings {
			if got, want := high.AtLeast(low), i <= j; got != want {
				t.Errorf("%s at least %s: %v", high, low, got)
			}
		}
		if RatingUnknown.AtLeast(high) {
			t.Errorf("what is not known is at least %s", high)
		}
	}
}

func TestConductOfScoreAtEachBoundary(t *testing.T) {
	for score, want := range map[int]Rating{100: RatingExcellent, 90: RatingExcellent, 89: RatingGood, 80: RatingGood, 79: RatingFair,
		65: RatingFair, 64: RatingAverage, 50: RatingAverage, 49: RatingWeak, 1: RatingWeak} {
		if got := ConductOfScore(score); got != want {
			t.Errorf("%d points: %s, want %s", score, got, want)
		}
	}
	if got := (StudyResult{Conduct: RatingFair, ConductScore: 95}).ConductRating(); got != RatingFair {
		t.Errorf("the word does not stand before the score: %s", got)
	}
	if got := (StudyResult{ConductScore: 82}).ConductRating(); got != RatingGood {
		t.Errorf("82 points: %s", got)
	}
	if got := (StudyResult{}).ConductRating(); got != RatingUnknown {
		t.Errorf("nothing known: %s", got)
	}
}

func TestTheSchoolYearBeginsInSeptember(t *testing.T) {
	for day, want := range map[string]int{"2026-08-31": 2025, "2026-09-01": 2026, "2027-01-01": 2026, "2026-12-31": 2026} {
		if got := SchoolYear(MustDate(day)); got != want {
			t.Errorf("%s is in the school year %d, want %d", day, got, want)
		}
	}
	if day := SchoolYearStart(2026); SchoolYear(day) != 2026 || SchoolYear(day.AddDays(-1)) != 2025 {
		t.Errorf("the school year 2026 begins on %s", day)
	}
}

func TestTheLatestResultIsThatOfTheNewestYearAndTheWholeOfIt(t *testing.T) {
	on := MustDate("2026-11-23")
	r := func(year int, semester Semester) StudyResult { return StudyResult{Year: year, Semester: semester} }
	for name, tt := range map[string]struct {
		list []StudyResult
		want StudyResult
		ok   bool
	}{
		"none":                     {nil, StudyResult{}, false},
		"one":                      {[]StudyResult{r(2024, First)}, r(2024, First), true},
		"the newer year":           {[]StudyResult{r(2025, First), r(2024, WholeYear)}, r(2025, First), true},
		"the whole year":           {[]StudyResult{r(2025, Second), r(2025, WholeYear), r(2025, First)}, r(2025, WholeYear), true},
		"the second half":          {[]StudyResult{r(2025, First), r(2025, Second)}, r(2025, Second), true},
		"not of a year to come":    {[]StudyResult{r(2027, WholeYear), r(2025, Second)}, r(2025, Second), true},
		"only of a year to come":   {[]StudyResult{r(2027, First)}, StudyResult{}, false},
		"of the year that goes on": {[]StudyResult{r(2026, First), r(2025, WholeYear)}, r(2026, First), true},
	} {
		if got, ok := LatestResult(tt.list, on); got != tt.want || ok != tt.ok {
			t.Errorf("%s: %+v %v", name, got, ok)
		}
	}
}

func TestOnlyPrizesSayTheirLevelThemselves(t *testing.T) {
	for _, k := range TitleKinds {
		prize := k == PrizeSchool || k == PrizeProvince || k == PrizeNational
		if (k.Level() != "") != prize || prize && k.Named() {
			t.Errorf("%s: level %q, named %v", k, k.Level(), k.Named())
		}
	}
}
