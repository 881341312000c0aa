package party

import (
	"slices"
	"testing"
)

func mentorStep(on Date, name, instead, reason string) Step {
	return Step{Kind: MentorAssigned, On: on, Facts: MentorFacts{Name: name, Instead: instead, Reason: reason}}
}

func remark(on Date, mentor string) Step {
	return Step{Kind: Remarked, On: on, Facts: RemarkFacts{Mentor: mentor, Progress: GoodProgress}}
}

func helpers(st State) (names []string) {
	for _, m := range st.Mentors {
		names = append(names, m.Name)
	}
	return names
}

func TestAMentorIsAddedOrTakesOverWithAReason(t *testing.T) {
	c, _ := before(ClassResult, firstDay) // Trần Văn Bình helps
	on := firstDay.AddDays(20)
	for name, x := range map[string]struct {
		step   Step
		refuse string
		want   []string
	}{
		"a second one":                {mentorStep(on, "Lê Thị Lan", "", ""), "", []string{"Trần Văn Bình", "Lê Thị Lan"}},
		"one takes over":              {mentorStep(on, "Lê Thị Lan", "Trần Văn Bình", "Chuyển công tác"), "", []string{"Lê Thị Lan"}},
		"takes over without a reason": {mentorStep(on, "Lê Thị Lan", "Trần Văn Bình", " "), "gate.reason", nil},
		"in place of who helps not":   {mentorStep(on, "Lê Thị Lan", "Võ Văn Xa", "Chuyển công tác"), "gate.mentor.instead", nil},
		"who helps already":           {mentorStep(on, "Trần Văn Bình", "", ""), "gate.mentor.already", nil},
		"nobody":                      {mentorStep(on, " ", "", ""), "gate.mentor.name", nil},
	} {
		v := c.Record(x.step)
		if _, refused := find(v.Refusals(), x.refuse); x.refuse != "" && !refused || x.refuse == "" && !v.Passes() {
			t.Errorf("%s: %v", name, v.Refusals())
		}
		if x.want != nil {
			if got := helpers(record(c, x.step).State()); !slices.Equal(got, x.want) {
				t.Errorf("%s: %v", name, got)
			}
		}
	}
	two := record(c, mentorStep(on, "Lê Thị Lan", "", ""))
	if w, ok := find(two.Record(mentorStep(on.AddDays(1), "Võ Văn Ba", "", "")).Warnings(), "gate.mentor.most"); !ok || w.Rule.ID != MentorMost {
		t.Error("a third mentor at once is not told of")
	}
}

func TestWhoIsOnProbationMayGetAnotherMentorAndAnOfficialMemberHasNone(t *testing.T) {
	c, _ := before(RecognitionResolution, firstDay)
	mustPass(t, c.Record(mentorStep(today, "Lê Thị Lan", "Trần Văn Bình", "Nghỉ hưu")))
	whole := caseOf(way(firstDay)...)
	if st := whole.State(); len(st.Mentors) != 0 || st.Fits(Remarked) || st.Fits(MentorAssigned) {
		t.Errorf("an official member is helped by %v", helpers(st))
	}
	if _, ok := find(whole.Record(mentorStep(MustDate("2026-11-20"), "Lê Thị Lan", "", "")).Refusals(), "gate.already_official"); !ok {
		t.Error("an official member gets a mentor")
	}
}

func TestOnlyAMentorRemarks(t *testing.T) {
	c, _ := before(ClassResult, firstDay)
	on := firstDay.AddDays(25)
	mustPass(t, c.Record(remark(on, "Trần Văn Bình")))
	if _, ok := find(c.Record(remark(on, "Võ Văn Xa")).Refusals(), "gate.remark.mentor"); !ok {
		t.Error("one who does not help remarks")
	}
	planned, _ := before(MentorAssigned, firstDay)
	if _, ok := find(planned.Record(remark(on, "Trần Văn Bình")).Refusals(), "gate.remark.no_mentor"); !ok {
		t.Error("a remark without a mentor")
	}
	odd := remark(on, "Trần Văn Bình")
	odd.Facts = RemarkFacts{Mentor: "Trần Văn Bình", Progress: "excellent"}
	if _, ok := find(c.Record(odd).Refusals(), "gate.remark.progress"); !ok {
		t.Error("an answer that is none")
	}
}

// mentor.remark: three months from the assignment, then from each remark; the day before, of and after.
func TestARemarkIsDueThreeMonthsAfterTheLast(t *testing.T) {
	c, _ := before(ClassResult, firstDay)
	assigned := firstDay.AddDays(7)
	if due, r, ok := c.RemarkDue(); !ok || due != assigned.AddMonths(3) || r.ID != MentorRemark {
		t.Errorf("due %s, %v", due, ok)
	}
	said := record(c, remark(assigned.AddDays(30), "Trần Văn Bình"))
	if due, _, _ := said.RemarkDue(); due != assigned.AddDays(30).AddMonths(3) {
		t.Errorf("after a remark due %s", due)
	}
	changed := record(said, mentorStep(assigned.AddDays(60), "Lê Thị Lan", "Trần Văn Bình", "Chuyển công tác"))
	if due, _, _ := changed.RemarkDue(); due != assigned.AddDays(60).AddMonths(3) {
		t.Errorf("a new mentor has his own three months: due %s", due)
	}
	for name, c := range map[string]Case{
		"without a mentor": func() Case { c, _ := before(MentorAssigned, firstDay); return c }(),
		"official":         caseOf(way(firstDay)...),
		"dropped":          record(c, Step{Kind: Dropped, On: firstDay.AddDays(29), Facts: DroppedFacts{Reason: "Chuyển trường"}}),
	} {
		if due, _, ok := c.RemarkDue(); ok {
			t.Errorf("%s: due %s", name, due)
		}
	}
}
