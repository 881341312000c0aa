package people_test

import (
	"context"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
)

// official enters an official member of a cell.
func official(h *apptest.House, t *testing.T, code, name string) int64 {
	t.Helper()
	f := h.Fields(code, name)
	f.Category, f.BirthDate = party.Worker, party.MustDate("1980-02-10")
	ids, err := h.People.EnterHistories(t.Context(), h.Viewer("vanphong"), []people.History{{Fields: f, Steps: []people.NewStep{{Kind: party.Received, On: party.MustDate("2020-01-10"),
		Facts:  party.ReceivedFacts{DecidedOn: party.MustDate("2010-01-05"), JoinedOn: party.MustDate("2010-02-03"), OfficialOn: party.MustDate("2011-02-03"), From: "Đảng bộ khác"},
		Papers: []party.Paper{{Number: "9-GT"}}}}}})
	if err != nil {
		t.Fatal(err)
	}
	return ids[0]
}

func recordOn(t *testing.T, h *apptest.House, username string, id int64, on string, facts party.Facts) error {
	t.Helper()
	_, err := h.People.Record(t.Context(), h.Viewer(username), people.NewStep{PersonID: id, Version: open(t, h, "vanphong", id).Version, Kind: facts.Kind(), On: party.MustDate(on), Facts: facts})
	return err
}

func mentorsOf(t *testing.T, h *apptest.House, username string, q people.MentorQuery) people.Mentors {
	t.Helper()
	out, err := h.People.Mentors(t.Context(), h.Viewer(username), q)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAMentorIsAnOfficialMemberOfTheCell(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	helper, elsewhere := official(h, t, "LTT", "Trần Văn Giúp"), official(h, t, "NTH", "Lê Thị Nơi Khác")
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Planned)
	probationary := h.Enter(h.Fields("LTT", "Phạm Thị Dự Bị"), party.Ceremony)
	for name, mentor := range map[string]int64{"of another cell": elsewhere, "not official": probationary, "himself": id, "nobody": 999} {
		err := recordOn(t, h, "bithu.ltt", id, "2026-10-01", party.MentorFacts{MentorID: mentor, Name: "X Y"})
		if e := fault.As(err); e == nil || len(e.Fields) != 1 || e.Fields[0].Key != "steps.error.mentor" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := recordOn(t, h, "bithu.ltt", id, "2026-10-01", party.MentorFacts{Name: "Trần  Văn Giúp"}); err != nil {
		t.Fatal(err)
	}
	if m := open(t, h, "vanphong", id).State.Mentors; len(m) != 1 || m[0].MentorID != helper || m[0].Name != "Trần Văn Giúp" {
		t.Errorf("the name is not known as the member's: %+v", m)
	}
	other := h.Enter(h.Fields("LTT", "Nguyễn Thị Bình"), party.Planned)
	if err := recordOn(t, h, "bithu.ltt", other, "2026-10-01", party.MentorFacts{Name: "Người Ngoài Sổ"}); err != nil {
		t.Errorf("who is not in the register: %v", err)
	}
	helpers, err := h.People.Helpers(t.Context(), h.Viewer("bithu.ltt"), h.Org("LTT"))
	if err != nil || len(helpers) != 1 || helpers[0].ID != helper {
		t.Errorf("offered: %+v, %v", helpers, err)
	}
	clean(t, h)
}

func TestLateRemarksAndWhoHasNoMentorAreSeenByThoseAbove(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)                                                       // today is 2026-11-23
	late := h.Enter(h.Fields("LTT", "Nguyễn Thị Muộn"), party.MentorAssigned) // by Trần Văn Giúp on 2025-09-25
	without := h.Enter(h.Fields("LTT", "Lê Thị Không"), party.Planned)        //
	h.Enter(h.Fields("SVKT", "Phạm Thị Xa"), party.MentorAssigned)            //
	introduced := h.Enter(h.Fields("LTT", "Võ Thị Mới"), party.Introduced)    // needs none yet
	for username, want := range map[string]struct{ helped, without, mentors int }{
		"bithu.ltt": {1, 1, 1}, "coso.gd": {1, 1, 1}, "vanphong": {2, 1, 2}, "lanhdao": {2, 1, 2}, "bithu.nth": {0, 0, 0}} {
		out := mentorsOf(t, h, username, people.MentorQuery{})
		if len(out.Helped) != want.helped || len(out.Unhelped) != want.without || len(out.List) != want.mentors || out.Cut() {
			t.Errorf("%s: %+v", username, out)
		}
		if want.without == 1 && (out.Unhelped[0].ID != without || out.Unhelped[0].ID == introduced) {
			t.Errorf("%s: without a mentor %+v", username, out.Unhelped)
		}
	}
	if out := mentorsOf(t, h, "vanphong", people.MentorQuery{OrgID: h.Org("LTT")}); len(out.Helped) != 1 || out.Helped[0].ID != late || out.Helped[0].Due != party.MustDate("2025-12-25") || out.List[0].Overdue != 1 {
		t.Errorf("of the cell: %+v", out)
	}
	if err := recordOn(t, h, "bithu.ltt", late, "2026-11-20", party.RemarkFacts{Mentor: "Trần Văn Giúp", Progress: party.SomeProgress}); err != nil {
		t.Fatal(err)
	}
	if out := mentorsOf(t, h, "bithu.ltt", people.MentorQuery{}); len(out.Helped) != 0 || out.List[0].Overdue != 0 || out.List[0].Due != party.MustDate("2027-02-20") {
		t.Errorf("after the remark: %+v", out)
	}
	if own := mentorsOf(t, h, "bithu.ltt", people.MentorQuery{Name: "Trần Văn Giúp"}); len(own.Helped) != 1 || own.Helped[0].ID != late || own.Unhelped != nil {
		t.Errorf("his own list: %+v", own)
	}
	if err := recordOn(t, h, "bithu.ltt", late, "2026-11-21", party.DroppedFacts{Reason: "Chuyển trường"}); err != nil {
		t.Fatal(err)
	}
	if out := mentorsOf(t, h, "bithu.ltt", people.MentorQuery{}); len(out.List) != 0 {
		t.Errorf("of who left: %+v", out.List)
	}
	for _, username := range []string{"doan.ltt", "quantri", "tuyengiao"} {
		if _, err := h.People.Mentors(t.Context(), h.Viewer(username), people.MentorQuery{}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s: %v", username, err)
		}
	}
	clean(t, h)
}

// A register that an older program wrote is brought up to date, once.
func TestAnOlderRegisterIsBroughtUpToDate(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	h.Enter(h.Fields("LTT", "Nguyễn Thị Muộn"), party.MentorAssigned)
	forget := func() {
		t.Helper()
		err := h.DB.WriteSystem(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
			_, err := tx.Exec(ctx, `delete from person_mentors`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, restored := range []bool{true, false} { // the second time it is current, and not looked at
		forget()
		if err := h.People.BringUpToDate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := len(mentorsOf(t, h, "bithu.ltt", people.MentorQuery{}).List) == 1; got != restored {
			t.Errorf("restored %v, want %v", got, restored)
		}
	}
	if err := h.DB.WriteSystem(t.Context(), h.People.Outdate); err != nil {
		t.Fatal(err)
	}
	if err := h.People.BringUpToDate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(mentorsOf(t, h, "bithu.ltt", people.MentorQuery{}).List) != 1 {
		t.Error("what was outdated is not brought up to date")
	}
}
