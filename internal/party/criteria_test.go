package party

import (
	"testing"

	"pgregory.net/rapid"
)

func TestCriteriaAnswerByWhatIsKnownOnTheDay(t *testing.T) {
	day := MustDate("2026-11-23")
	results := func(study, conduct Rating) []StudyResult {
		return []StudyResult{{Year: 2025, Study: study, Conduct: conduct}}
	}
	union := Merits{UnionDate: MustDate("2025-03-26")}
	for name, tt := range map[string]struct {
		c     Criteria
		m     Merits
		on    Date
		key   string
		want  Outcome
		metOn string
	}{
		"study above":                {Criteria{Study: RatingFair}, Merits{Results: results(RatingGood, "")}, day, "study", Met, ""},
		"study just there":           {Criteria{Study: RatingFair}, Merits{Results: results(RatingFair, "")}, day, "study", Met, ""},
		"study below":                {Criteria{Study: RatingFair}, Merits{Results: results(RatingAverage, "")}, day, "study", NotMet, ""},
		"study not known":            {Criteria{Study: RatingFair}, Merits{}, day, "study", NotKnown, ""},
		"conduct below":              {Criteria{Conduct: RatingGood}, Merits{Results: results("", RatingFair)}, day, "conduct", NotMet, ""},
		"conduct by its score":       {Criteria{Conduct: RatingGood}, Merits{Results: []StudyResult{{Year: 2025, ConductScore: 80}}}, day, "conduct", Met, ""},
		"conduct by too low a score": {Criteria{Conduct: RatingGood}, Merits{Results: []StudyResult{{Year: 2025, ConductScore: 79}}}, day, "conduct", NotMet, ""},
		"conduct not known":          {Criteria{Conduct: RatingGood}, Merits{Results: results(RatingGood, "")}, day, "conduct", NotKnown, ""},
		"no title":                   {Criteria{NeedsTitle: true}, Merits{}, day, "title", NotMet, ""},
		"a title":                    {Criteria{NeedsTitle: true}, Merits{Titles: 1}, day, "title", Met, ""},
		"the day before the months":  {Criteria{UnionMonths: 12}, union, MustDate("2026-03-25"), "union", NotMet, "2026-03-26"},
		"the day of the months":      {Criteria{UnionMonths: 12}, union, MustDate("2026-03-26"), "union", Met, ""},
		"no Union day":               {Criteria{UnionMonths: 12}, Merits{}, day, "union", NotKnown, ""},
	} {
		got := tt.c.Ask(tt.m, tt.on)
		if len(got) != 1 || got[0].Key != "achievements.criteria."+tt.key || got[0].Outcome != tt.want || got[0].MetOn.String() != tt.metOn || got[0].Refuses {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := (Criteria{}).Ask(Merits{}, day); got != nil {
		t.Errorf("nothing asked: %+v", got)
	}
}

func TestOfCriteriaAboveAndBelowTheStrictestHold(t *testing.T) {
	from := MustDate
	list := []DatedCriteria{
		{1, from("2020-09-01"), Criteria{Study: RatingAverage, UnionMonths: 6}},
		{1, from("2025-09-01"), Criteria{Study: RatingFair}},
		{2, from("2025-09-01"), Criteria{Study: RatingAverage, Conduct: RatingGood}},
		{2, from("2026-09-01"), Criteria{NeedsTitle: true}},
		{3, from("2020-09-01"), Criteria{UnionMonths: 24}},
	}
	for name, tt := range map[string]struct {
		path []int32
		day  string
		want Criteria
	}{
		"before any":                {[]int32{1, 2}, "2020-08-31", Criteria{}},
		"on the first day":          {[]int32{1, 2}, "2020-09-01", Criteria{Study: RatingAverage, UnionMonths: 6}},
		"the newer take their turn": {[]int32{1}, "2025-09-01", Criteria{Study: RatingFair}},
		"below does not ask less":   {[]int32{1, 2}, "2026-08-31", Criteria{Study: RatingFair, Conduct: RatingGood}},
		"below asks anew":           {[]int32{1, 2}, "2026-09-01", Criteria{Study: RatingFair, NeedsTitle: true}},
		"beside does not count":     {[]int32{1}, "2026-09-01", Criteria{Study: RatingFair}},
	} {
		if got := CriteriaOn(list, tt.path, from(tt.day)); got != tt.want {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
}

// Whoever meets the strictest of two meets both, and the other way round.
func TestStricterAsksWhatBothAsk(t *testing.T) {
	day := MustDate("2026-11-23")
	rating := rapid.SampledFrom(append([]Rating{RatingUnknown}, Ratings...))
	criteria := rapid.Custom(func(t *rapid.T) Criteria {
		return Criteria{Study: rating.Draw(t, "study"), Conduct: rating.Draw(t, "conduct"), NeedsTitle: rapid.Bool().Draw(t, "title"),
			UnionMonths: rapid.IntRange(0, 36).Draw(t, "months")}
	})
	allMet := func(c Criteria, m Merits) bool {
		for _, answer := range c.Ask(m, day) {
			if answer.Outcome != Met {
				return false
			}
		}
		return true
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := criteria.Draw(t, "a"), criteria.Draw(t, "b")
		m := Merits{Results: []StudyResult{{Year: 2025, Study: rating.Draw(t, "result"), Conduct: rating.Draw(t, "behaviour")}},
			Titles: rapid.IntRange(0, 1).Draw(t, "titles"), UnionDate: day.AddMonths(-rapid.IntRange(0, 40).Draw(t, "union"))}
		if both := allMet(a, m) && allMet(b, m); both != allMet(a.Stricter(b), m) || a.Stricter(b) != b.Stricter(a) {
			t.Fatalf("%+v and %+v: both %v, the strictest %+v", a, b, both, a.Stricter(b))
		}
	})
}
