package party

import "testing"

func TestWhoIsTooNewToBeRated(t *testing.T) {
	for _, c := range []struct {
		joined string
		year   int
		want   bool
	}{
		{"2026-06-19", 2026, false},
		{"2026-07-01", 2026, false}, // six months to the day
		{"2026-07-02", 2026, true},
		{"2026-12-31", 2026, true},
		{"2025-12-31", 2026, false},
		{"2017-12-31", 2017, false}, // no rule was in force
	} {
		if _, got := TooNewToRate(shipped, MustDate(c.joined), c.year); got != c.want {
			t.Errorf("joined on %s, too new in %d: %v", c.joined, c.year, got)
		}
	}
}

func TestTheCapIsAShareOfItsBase(t *testing.T) {
	levels := map[Assessment]int{AssessedExcellent: 3, AssessedGood: 12, AssessedDone: 4, AssessedFailed: 1}
	book := func(option string, value int) *Rulebook {
		return NewRulebook([]Rule{{ID: AssessCap, Value: value, Per: 100, Unit: Share, Option: option, From: MustDate("2018-01-01")}})
	}
	for name, c := range map[string]struct {
		book          *Rulebook
		on            string
		base, allowed int
		known, over   bool
	}{
		"shipped, 132":        {shipped, "2019-12-20", 12, 2, true, true},
		"shipped, 124":        {shipped, "2024-12-20", 12, 2, true, true},
		"shipped, 366":        {shipped, "2025-12-20", 12, 2, true, true},
		"before any rule":     {shipped, "2018-03-07", 0, 0, false, false},
		"of good":             {book(CapOfGood, 25), "2026-12-20", 12, 3, true, false},
		"of good and better":  {book(CapOfGoodUp, 20), "2026-12-20", 15, 3, true, false},
		"of all":              {book(CapOfRated, 20), "2026-12-20", 20, 4, true, false},
		"none at the highest": {book(CapOfGood, 0), "2026-12-20", 12, 0, true, true},
	} {
		got := AssessmentCap(c.book, MustDate(c.on), levels)
		if got.Base != c.base || got.Allowed != c.allowed || got.Known != c.known || got.Exceeded() != c.over || got.Used != 3 {
			t.Errorf("%s: %+v", name, got)
		}
		if c.book == shipped && got.Known && got.Rule.MayRefuse() {
			t.Errorf("%s: the shipped cap is recalled only, and refuses", name)
		}
	}
}

func TestYearsInARow(t *testing.T) {
	for _, c := range []struct {
		failed    []int
		year      int
		now, most int
	}{
		{nil, 2026, 0, 0},
		{[]int{2026}, 2026, 1, 1},
		{[]int{2025, 2026}, 2026, 2, 2},
		{[]int{2026, 2025}, 2026, 2, 2},
		{[]int{2024, 2026}, 2026, 1, 1}, // not rated between them, or rated better
		{[]int{2023, 2024}, 2026, 0, 2},
	} {
		if n := FailedInARow(c.failed, c.year); n != c.now {
			t.Errorf("%v up to %d: %d in a row", c.failed, c.year, n)
		}
		if n := MostFailedInARow(c.failed); n != c.most {
			t.Errorf("%v: %d in a row at most", c.failed, n)
		}
	}
}

func TestTwoFailedYearsAreAGroundByDate(t *testing.T) {
	for _, c := range []struct {
		on     string
		stage  Stage
		inARow int
		want   bool
	}{
		{"2026-12-31", StageOfficial, 2, true},
		{"2026-12-31", StageOfficial, 1, false},
		{"2026-12-31", StageProbationary, 2, false}, // removed as unfit
		{"2021-07-29", StageOfficial, 2, false},     // before 24-QĐ/TW
		{"2021-07-30", StageOfficial, 2, true},
	} {
		if r, got := FailedGround(shipped, MustDate(c.on), c.stage, c.inARow); got != c.want {
			t.Errorf("%d years of a %s on %s: %v by %s", c.inARow, c.stage, c.on, got, r.Document)
		}
	}
}

func TestAWatchEndsOnTheDayAYearLater(t *testing.T) {
	for decided, want := range map[string]string{"2026-01-15": "2027-01-15", "2024-02-29": "2025-02-28", "2018-12-31": ""} {
		if got := WatchEnd(shipped, MustDate(decided)).String(); got != want && !(want == "" && WatchEnd(shipped, MustDate(decided)).IsZero()) {
			t.Errorf("decided on %s, it ends on %s", decided, got)
		}
	}
	for outcome, way := range map[ScreeningOutcome]Way{ScreenedHelped: "", ScreenedWatched: "", ScreenedAsked: WayAsked, ScreenedRemoved: WayRemoved} {
		if got, leaves := outcome.Leaves(); got != way || leaves != (way != "") {
			t.Errorf("%s leads out by %q", outcome, got)
		}
	}
}

// Exempt or suspended on the last day, or for more than half of the year: 183 of 365 days, 184 of 366.
func TestWhomADecisionFreesOfTheRating(t *testing.T) {
	span := func(kind ExemptionKind, from, until string) ExemptionSpan {
		e := ExemptionSpan{Kind: kind, From: MustDate(from)}
		if until != "" {
			e.Until = MustDate(until)
		}
		return e
	}
	for name, c := range map[string]struct {
		decisions []ExemptionSpan
		joined    string
		year      int
		want      Exemption
	}{
		"nobody decided":                        {nil, "2020-01-01", 2025, ExemptNot},
		"exempt and it goes on":                 {[]ExemptionSpan{span(Exempt, "2025-12-20", "")}, "2020-01-01", 2025, ExemptExcused},
		"suspended on the last day":             {[]ExemptionSpan{span(Suspended, "2025-12-31", "2025-12-31")}, "2020-01-01", 2025, ExemptSuspended},
		"ended the day before":                  {[]ExemptionSpan{span(Suspended, "2025-12-01", "2025-12-30")}, "2020-01-01", 2025, ExemptNot},
		"begins the day after":                  {[]ExemptionSpan{span(Exempt, "2026-01-01", "")}, "2020-01-01", 2025, ExemptNot},
		"183 days of 365":                       {[]ExemptionSpan{span(Exempt, "2025-01-01", "2025-07-02")}, "2020-01-01", 2025, ExemptExcused},
		"182 days of 365":                       {[]ExemptionSpan{span(Exempt, "2025-01-01", "2025-07-01")}, "2020-01-01", 2025, ExemptNot},
		"183 days of 366":                       {[]ExemptionSpan{span(Exempt, "2024-01-01", "2024-07-01")}, "2020-01-01", 2024, ExemptNot},
		"184 days of 366":                       {[]ExemptionSpan{span(Exempt, "2024-01-01", "2024-07-02")}, "2020-01-01", 2024, ExemptExcused},
		"began the year before":                 {[]ExemptionSpan{span(Suspended, "2024-03-01", "2025-08-01")}, "2020-01-01", 2025, ExemptSuspended},
		"both, together more than half":         {[]ExemptionSpan{span(Suspended, "2025-01-01", "2025-03-31"), span(Exempt, "2025-05-01", "2025-10-31")}, "2020-01-01", 2025, ExemptExcused},
		"is too new, whatever was decided":      {[]ExemptionSpan{span(Exempt, "2025-11-01", "")}, "2025-09-01", 2025, ExemptNew},
		"before there was a rule it says so of": {[]ExemptionSpan{span(Exempt, "2017-01-01", "")}, "2010-01-01", 2017, ExemptNot},
	} {
		if got := NotRated(shipped, MustDate(c.joined), c.decisions, c.year); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
