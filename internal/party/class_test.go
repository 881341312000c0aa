package party

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestWhoPassesAClass(t *testing.T) {
	t.Parallel()
	usual := DefaultPassRule
	for name, c := range map[string]struct {
		rule PassRule
		work ClassWork
		want ClassJudgement
	}{
		"everything there":                       {usual, ClassWork{10, 10, 8, 500, true}, ClassJudgement{Outcome: ClassPassed}},
		"one half-day too few":                   {usual, ClassWork{10, 10, 7, 900, true}, ClassJudgement{Outcome: ClassFailed, Absent: true}},
		"rounded down":                           {usual, ClassWork{9, 9, 7, 900, true}, ClassJudgement{Outcome: ClassFailed, Absent: true}}, // 77.7 %
		"mark just below":                        {usual, ClassWork{10, 10, 10, 499, true}, ClassJudgement{Outcome: ClassFailed, LowMark: true}},
		"nothing entered":                        {usual, ClassWork{Halves: 10}, ClassJudgement{Outcome: ClassOpen, NoSessions: 10, NoMark: true}},
		"no essay yet":                           {usual, ClassWork{10, 10, 10, 0, false}, ClassJudgement{Outcome: ClassOpen, NoMark: true}},
		"a mark of nought is one":                {usual, ClassWork{10, 10, 10, 0, true}, ClassJudgement{Outcome: ClassFailed, LowMark: true}},
		"enough although sessions are missing":   {usual, ClassWork{10, 8, 8, 700, true}, ClassJudgement{Outcome: ClassPassed}},
		"may still reach it":                     {usual, ClassWork{10, 6, 5, 700, true}, ClassJudgement{Outcome: ClassOpen, NoSessions: 4}},
		"can no longer reach it, without a mark": {usual, ClassWork{10, 6, 3, 0, false}, ClassJudgement{Outcome: ClassFailed, Absent: true, NoMark: true}},
		"a class without sessions":               {usual, ClassWork{Mark: 800, Marked: true}, ClassJudgement{Outcome: ClassPassed}},
		"attendance not asked":                   {PassRule{0, 500}, ClassWork{10, 10, 0, 500, true}, ClassJudgement{Outcome: ClassPassed}},
		"stricter class":                         {PassRule{100, 700}, ClassWork{10, 10, 9, 650, true}, ClassJudgement{Outcome: ClassFailed, Absent: true, LowMark: true}},
	} {
		if got := c.rule.Judge(c.work); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// More attendance or a better mark never takes a pass away, and what is entered later never turns a
// failure into a pass.
func TestJudgingIsMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rule := PassRule{rapid.IntRange(0, 100).Draw(t, "attendance"), rapid.IntRange(0, 1000).Draw(t, "mark")}
		w := ClassWork{Halves: rapid.IntRange(0, 80).Draw(t, "halves"), Mark: rapid.IntRange(0, 1000).Draw(t, "got"), Marked: rapid.Bool().Draw(t, "marked")}
		w.Entered = rapid.IntRange(0, w.Halves).Draw(t, "entered")
		w.Present = rapid.IntRange(0, w.Entered).Draw(t, "present")
		before := rule.Judge(w).Outcome
		if w.Marked {
			better := w
			better.Mark = min(1000, w.Mark+rapid.IntRange(0, 300).Draw(t, "better"))
			if before == ClassPassed && rule.Judge(better).Outcome != ClassPassed {
				t.Fatalf("a better mark took the pass away: %+v", w)
			}
		}
		later := w
		more := rapid.IntRange(0, w.Halves-w.Entered).Draw(t, "more")
		later.Entered, later.Present = w.Entered+more, w.Present+rapid.IntRange(0, more).Draw(t, "came")
		later.Marked = true
		if after := rule.Judge(later).Outcome; before == ClassFailed && after != ClassFailed {
			t.Fatalf("%+v failed, and is %s with %+v", w, after, later)
		}
	})
}

func TestGradeOfAMark(t *testing.T) {
	t.Parallel()
	for mark, want := range map[int]string{1000: "Xuất sắc", 900: "Xuất sắc", 899: "Giỏi", 800: "Giỏi", 799: "Khá", 700: "Khá", 699: "Trung bình", 500: "Trung bình", 499: "Không đạt"} {
		if got := GradeOfMark(mark, 500); got != want || !slices.Contains(ClassGrades, got) {
			t.Errorf("%d: %s, want %s", mark, got, want)
		}
	}
	if got := GradeOfMark(650, 700); got != "Không đạt" {
		t.Errorf("below a stricter mark: %s", got)
	}
}

func TestSessionsAtWeekends(t *testing.T) {
	t.Parallel()
	got := ClassDays(MustDate("2026-10-08"), MustDate("2026-10-18"), []time.Weekday{time.Saturday, time.Sunday})
	want := []Date{MustDate("2026-10-10"), MustDate("2026-10-11"), MustDate("2026-10-17"), MustDate("2026-10-18")}
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if got := ClassDays(want[0], want[0], []time.Weekday{time.Monday}); got != nil {
		t.Errorf("a Saturday among Mondays: %v", got)
	}
	if ClassDay.Halves() != 2 || ClassMorning.Halves() != 1 || ClassPart("night").Halves() != 0 || !ClassDay.Overlaps(ClassMorning) || ClassMorning.Overlaps(ClassAfternoon) {
		t.Error("parts of a day")
	}
}

// Who can be sent to a class, by kind and day.
func TestWhoCanBeSentToAClass(t *testing.T) {
	t.Parallel()
	steps := way(MustDate("2018-03-01"))
	day := MustDate("2026-12-05")
	young := caseOf(steps[:1]...)
	young.Person.BirthDate = MustDate("2009-12-06")
	unschooled := caseOf(steps[:2]...)
	unschooled.Person.Education = PrimarySchool
	dropped := append(slices.Clone(steps[:2]), Step{ID: 99, Seq: 99, Kind: Dropped, On: MustDate("2018-06-01"), Facts: DroppedFacts{Reason: "x"}})
	recent := way(MustDate("2025-07-07"))
	for name, c := range map[string]struct {
		c    Case
		kind ClassKind
		on   Date
		want string // key of the first refusal
	}{
		"introduced":                       {caseOf(steps[:1]...), AwarenessClass, day, ""},
		"planned":                          {caseOf(steps[:2]...), AwarenessClass, day, ""},
		"nobody introduced":                {caseOf(), AwarenessClass, day, "gate.not_on_path"},
		"dropped from the planning":        {caseOf(dropped...), AwarenessClass, day, "gate.not_on_path"},
		"certificate still serves":         {caseOf(recent[:4]...), AwarenessClass, day, "gate.class.again"},
		"certificate has run out":          {caseOf(steps[:4]...), AwarenessClass, day, ""},
		"last day of the certificate":      {caseOf(steps[:4]...), AwarenessClass, steps[3].On.AddMonths(60), "gate.class.again"},
		"the day after":                    {caseOf(steps[:4]...), AwarenessClass, steps[3].On.AddMonths(60).AddDays(1), ""},
		"a member":                         {caseOf(recent[:9]...), AwarenessClass, day, "gate.already_member"},
		"too young: warned only":           {young, AwarenessClass, day, ""},
		"primary school":                   {unschooled, AwarenessClass, day, "gate.edu.min"},
		"in probation":                     {caseOf(recent[:9]...), NewMemberClass, day, ""},
		"no member yet":                    {caseOf(recent[:8]...), NewMemberClass, day, "gate.class.no_member"},
		"official already":                 {caseOf(steps...), NewMemberClass, day, "gate.already_official"},
		"primary school, but a new member": {unschooled, NewMemberClass, day, "gate.class.no_member"},
	} {
		refusals := c.c.AskClass(c.kind, c.on).Refusals()
		got := ""
		if len(refusals) > 0 {
			got = refusals[0].Key
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	warnings := young.AskClass(AwarenessClass, day).Warnings()
	if !slices.ContainsFunc(warnings, func(w Condition) bool { return w.Rule.ID == AgeMin && w.MetOn == MustDate("2027-12-06") }) {
		t.Errorf("no warning of the age: %+v", warnings)
	}
}
