package party

import (
	"slices"
	"testing"
)

func TestDuesFollowTheRegulationOfTheMonth(t *testing.T) {
	for _, c := range []struct {
		category Category
		month    string
		amount   int
		known    bool
	}{
		{Student, "2010-12-01", 0, false},
		{Student, "2011-01-01", 3000, true},
		{Pupil, "2026-01-31", 3000, true},
		{Pupil, "2026-02-01", 5000, true},
		{Student, "2026-11-23", 5000, true},
		{Worker, "2026-11-23", 0, false},
	} {
		if amount, known := DuesRate(shipped, c.category, MustDate(c.month)); amount != c.amount || known != c.known {
			t.Errorf("%s in %s pays %d %v", c.category, c.month, amount, known)
		}
	}
}

func days(list ...string) (out []Date) {
	for _, s := range list {
		out = append(out, MustDate(s))
	}
	return out
}

func TestDuesArePaidToTheMonthBeforeTheFirstGap(t *testing.T) {
	for _, c := range []struct {
		paid, unpaid []Date
		want         string
	}{
		{nil, nil, ""},
		{days("2026-01-01", "2026-02-01"), nil, "2026-02-01"},
		{days("2026-01-01", "2026-03-01"), days("2026-02-01"), "2026-01-01"},
		{days("2026-03-01"), days("2026-02-01"), ""},
	} {
		if got := PaidTo(c.paid, c.unpaid); got.String() != c.want {
			t.Errorf("paid %v, unpaid %v: to %s, want %s", c.paid, c.unpaid, got, c.want)
		}
	}
}

func silent(days ...string) (out []SilentMonth) {
	for _, s := range days {
		d := MustDate(s)
		out = append(out, SilentMonth{Month: MonthOf(d), Day: d})
	}
	return out
}

// of gives the warnings of a kind.
func of(kind WarningKind, list []Warning) []Warning {
	return slices.DeleteFunc(list, func(w Warning) bool { return w.Kind != kind })
}

func TestEachSilentMonthOfAYearWarnsAndTheThirdIsTheLast(t *testing.T) {
	life := MemberLife{Stage: StageOfficial, JoinedOn: MustDate("2024-01-01"), Inactive: silent("2026-05-06", "2025-12-10", "2026-02-04", "2026-08-05", "2026-09-09")}
	list := of(WarnInactive, Warnings(life, shipped))
	type row struct {
		level       int
		from, until string
	}
	want := []row{{1, "2025-12-10", "2026-04-01"}, {1, "2026-02-04", "2026-05-06"}, {2, "2026-05-06", "2026-08-05"}, {3, "2026-08-05", "2027-04-01"}}
	var got []row
	for _, w := range list {
		got = append(got, row{w.Level, w.From.String(), w.Until.String()})
		if w.Base != w.From.AddDays(7) || w.Upper != w.From.AddDays(14) {
			t.Errorf("level %d rises on %s and %s", w.Level, w.Base, w.Upper)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("warnings are %v, want %v", got, want)
	}
}

func TestTheEndOfProbationIsToldToEachLevelInItsTurn(t *testing.T) {
	life := MemberLife{Stage: StageProbationary, JoinedOn: MustDate("2026-01-31"), RecognitionDue: MustDate("2027-03-15")}
	list := of(WarnProbation, Warnings(life, shipped))
	end := MustDate("2027-01-31")
	if len(list) != 3 {
		t.Fatalf("warnings: %+v", list)
	}
	for i, days := range []int{60, 30, 0} {
		w := list[i]
		if w.Level != i+1 || w.From != end.AddDays(-days) {
			t.Errorf("%d days before: %+v", days, w)
		}
		for level, kind := range []OrgKind{Cell, GrassrootsCommittee, UpperCommittee} {
			if told := !w.Told(kind).IsZero(); told != (level <= i) {
				t.Errorf("%d days before, %s told: %v", days, kind, told)
			}
		}
	}
	if list[0].Until != list[1].From || list[1].Until != list[2].From || list[2].Until != MustDate("2027-03-16") {
		t.Errorf("they do not give way to each other: %+v", list)
	}
	if late := of(WarnRecognition, Warnings(life, shipped)); len(late) != 1 || late[0].From != MustDate("2027-03-16") {
		t.Errorf("recognition is late: %+v", late)
	}
}

func TestAProbationaryMemberIsFollowed(t *testing.T) {
	life := MemberLife{Stage: StageProbationary, JoinedOn: MustDate("2026-01-31"), RemarkDue: MustDate("2026-04-30")}
	list := Warnings(life, shipped)
	for kind, from := range map[WarningKind]string{WarnNoClass: "2026-07-31", WarnRemark: "2026-05-01"} {
		if got := of(kind, slices.Clone(list)); len(got) != 1 || got[0].From != MustDate(from) {
			t.Errorf("%s: %+v, want from %s", kind, got, from)
		}
	}
	life.Stage = StageOfficial
	if list := Warnings(life, shipped); len(list) != 0 {
		t.Errorf("an official member is warned of: %+v", list)
	}
	life.Stage = StagePlanned
	if list := Warnings(life, shipped); len(list) != 0 {
		t.Errorf("a candidate is warned of: %+v", list)
	}
}
