package class_test

import (
	"fmt"
	"sync"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/class"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
)

func TestNominationsAreRefusedRowByRow(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := create(t, h, fields(h))
	other := fields(h)
	other.Number = "03/2026"
	second := create(t, h, other)
	good := some(h, "LTT", 2)
	trained := h.Enter(h.Fields("LTT", "Lê Đã Học"), party.ClassResult)
	member := h.Enter(h.Fields("LTT", "Lê Đảng Viên"), party.Ceremony)
	nobody := h.Enter(h.Fields("LTT", "Lê Mới Ghi"), "")
	foreign := h.Enter(h.Fields("NTH", "Trần Chi Khác"), party.Planned)
	v := h.Viewer("bithu.ltt")
	nominate := func(class_ int64, keep bool, ids ...int64) (people.BatchResult, error) {
		return h.Classes.Nominate(t.Context(), v, class.Nomination{ClassID: class_, People: ids, KeepGood: keep})
	}
	_, err := nominate(id, false, good[0], trained, member, nobody, foreign)
	want := map[int64]string{trained: "steps.error.refused", member: "steps.error.refused", nobody: "steps.error.refused", foreign: "classes.error.person"}
	if got := rowErrors(err); len(got) != 4 || got[trained] != want[trained] || got[member] != want[member] || got[nobody] != want[nobody] || got[foreign] != want[foreign] {
		t.Errorf("%v, %v", got, err)
	}
	if n := open(t, h, id).Counts.Nominated; n != 0 {
		t.Errorf("%d are nominated after a refusal", n)
	}
	if done, err := nominate(id, true, good[0], trained); err != nil || done.Done != 1 {
		t.Errorf("the good ones: %+v, %v", done, err)
	}
	// twice, and to two classes
	if _, err := nominate(id, false, good[0]); rowErrors(err)[good[0]] != "classes.error.nominated_already" {
		t.Errorf("twice: %v", err)
	}
	_, err = nominate(second, false, good[0])
	if rowErrors(err)[good[0]] != "classes.error.in_open_class" {
		t.Errorf("to two classes: %v", err)
	}
	if _, err := nominate(second, false); refusedFields(err) != "people" {
		t.Errorf("nobody: %v", err)
	}
	if _, err := h.Classes.Nominate(t.Context(), v, class.Nomination{ClassID: second, People: good[1:], On: d("2026-11-24")}); refusedFields(err) != "on" {
		t.Errorf("tomorrow: %v", err)
	}
	for username, kind := range map[string]fault.Kind{"tuyengiao": fault.Forbidden, "kiemtra": fault.Forbidden, "quantri": fault.NotFound} {
		if _, err := h.Classes.Nominate(t.Context(), h.Viewer(username), class.Nomination{ClassID: second, People: good[1:]}); fault.KindOf(err) != kind {
			t.Errorf("%s: %v", username, err)
		}
	}
}

// Of two cells or clerks who send one person to two classes at once, one is refused.
func TestNobodyIsInTwoOpenClassesOfAKind(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := some(h, "LTT", 1)
	var classes []int64
	for i := range 8 {
		f := fields(h)
		f.Number = fmt.Sprint(i)
		classes = append(classes, create(t, h, f))
	}
	var wg sync.WaitGroup
	errs := make([]error, len(classes))
	for i, id := range classes {
		wg.Go(func() {
			_, errs[i] = h.Classes.Nominate(t.Context(), h.Viewer([]string{"bithu.ltt", "coso.gd", "vanphong"}[i%3]), class.Nomination{ClassID: id, People: ids})
		})
	}
	wg.Wait()
	done := 0
	for _, err := range errs {
		if err == nil {
			done++
		} else if fault.KindOf(err) != fault.Invalid {
			t.Error(err)
		}
	}
	if done != 1 {
		t.Errorf("nominated %d times", done)
	}
}

// Who is in a class that the viewer may not see is refused without a word on which one it is.
func TestAForeignClassIsNotTold(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := some(h, "SVKT", 1)
	own := fields(h)
	own.OrgID = h.Org("DH")
	if _, err := h.Classes.Nominate(t.Context(), h.Viewer("coso.dh"), class.Nomination{ClassID: create(t, h, own), People: ids}); err != nil {
		t.Fatal(err)
	}
	id := create(t, h, fields(h))
	list, _, err := h.Classes.Nominees(t.Context(), h.Viewer("bithu.svkt"), class.Ask{ClassID: id, OrgID: h.Org("SVKT")})
	if err != nil || len(list) != 1 || list[0].Taken == nil || list[0].Taken.ClassID == 0 || list[0].Taken.OrgID == 0 {
		t.Errorf("his own cell sees it: %+v, %v", list, err)
	}
	// who is moved on paper: a cell whose committee the other class is not open to
	_, err = h.Classes.Nominate(t.Context(), h.Viewer("bithu.ltt"), class.Nomination{ClassID: id, People: ids})
	if rowErrors(err)[ids[0]] != "classes.error.person" {
		t.Errorf("somebody of another cell: %v", err)
	}
}

func TestNoMoreAreApprovedThanTheClassHolds(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := some(h, "LTT", 12)
	f := fields(h)
	f.Capacity = 5
	id := create(t, h, f)
	if _, err := h.Classes.Nominate(t.Context(), h.Viewer("bithu.ltt"), class.Nomination{ClassID: id, People: ids}); err != nil {
		t.Fatal(err)
	}
	v := h.Viewer("tuyengiao")
	_, err := h.Classes.Answer(t.Context(), v, class.Answer{ClassID: id, People: ids[:6], Approve: true})
	if got := rowErrors(err); len(got) != 1 || got[ids[5]] != "classes.error.full" || open(t, h, id).Counts.Approved != 0 {
		t.Errorf("%v, %v", got, err)
	}
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			_, err := h.Classes.Answer(t.Context(), v, class.Answer{ClassID: id, People: ids[i : i+1], Approve: true})
			if err != nil && rowErrors(err)[ids[i]] != "classes.error.full" {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	c := open(t, h, id)
	if c.Counts.Approved != 5 || c.Counts.Nominated != 7 {
		t.Errorf("%+v", c.Counts)
	}
	f.Capacity = 4
	if got := refusedFields(h.Classes.Edit(t.Context(), v, class.Change{ID: id, Version: c.Version, Fields: f})); got != "capacity" {
		t.Errorf("a capacity below the roster: %s", got)
	}
	if _, err := h.Classes.Answer(t.Context(), v, class.Answer{ClassID: id, People: ids[:1]}); refusedFields(err) != "reason" {
		t.Errorf("refused without a reason: %v", err)
	}
	if _, err := h.Classes.Answer(t.Context(), h.Viewer("bithu.ltt"), class.Answer{ClassID: id, People: ids[:1], Approve: true}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a secretary approves: %v", err)
	}
}

func TestARefusedOrWithdrawnNominationMayBeMadeAgain(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := some(h, "LTT", 1)
	id := create(t, h, fields(h))
	secretary := h.Viewer("bithu.ltt")
	nominate := func() {
		t.Helper()
		if _, err := h.Classes.Nominate(t.Context(), secretary, class.Nomination{ClassID: id, People: ids}); err != nil {
			t.Fatal(err)
		}
	}
	nominate()
	if err := h.Classes.Withdraw(t.Context(), h.Viewer("bithu.nth"), class.Withdrawal{ClassID: id, PersonID: ids[0], Reason: "x"}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another cell: %v", err)
	}
	if err := h.Classes.Withdraw(t.Context(), secretary, class.Withdrawal{ClassID: id, PersonID: ids[0], Reason: "Bận thi"}); err != nil {
		t.Fatal(err)
	}
	if err := h.Classes.Withdraw(t.Context(), secretary, class.Withdrawal{ClassID: id, PersonID: ids[0], Reason: "Bận thi"}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("withdrawn twice: %v", err)
	}
	nominate()
	if _, err := h.Classes.Answer(t.Context(), h.Viewer("tuyengiao"), class.Answer{ClassID: id, People: ids, Reason: "Thiếu hồ sơ"}); err != nil {
		t.Fatal(err)
	}
	if m := open(t, h, id).Members[0]; m.State != class.Refused || m.Reason != "Thiếu hồ sơ" {
		t.Errorf("%+v", m)
	}
	nominate()
	if m := open(t, h, id).Members[0]; m.State != class.Nominated || m.Reason != "" || m.NominatedBy != h.Org("LTT") {
		t.Errorf("%+v", m)
	}
}
