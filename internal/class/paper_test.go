package class_test

import (
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/class"
	"ketnap/internal/fault"
)

// What is printed are the valid papers in the order of their numbers, for the organiser only.
func TestPapersArePrintedWhileTheyAreValid(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	ids := some(h, "LTT", 3)
	id := roster(t, h, fields(h), ids)
	work(t, h, id, ids, nil, nil)
	v := h.Viewer("tuyengiao")
	if done, err := h.Classes.Awards(t.Context(), v, id, class.Certificate, 0); err != nil || len(done.List) != 0 {
		t.Errorf("before they are issued: %+v, %v", done, err)
	}
	if _, err := h.Classes.Issue(t.Context(), v, class.Run{ClassID: id, IssuedOn: d("2026-11-01")}); err != nil {
		t.Fatal(err)
	}
	if err := h.Classes.Cancel(t.Context(), v, class.Cancelling{ClassID: id, PersonID: ids[1], Reason: "In sai tên"}); err != nil {
		t.Fatal(err)
	}
	done, err := h.Classes.Awards(t.Context(), v, id, class.Certificate, 0)
	if err != nil || len(done.List) != 2 || done.Unseen != 0 || done.List[1] != (class.Award{Number: "003/2026-GCN", IssuedOn: d("2026-11-01"), PersonID: ids[2],
		FullName: "Nguyễn Văn Học 03", BirthDate: d("2006-02-10"), OrgID: h.Org("LTT"), Grade: "Giỏi"}) {
		t.Errorf("%+v, %v", done, err)
	}
	if one, err := h.Classes.Awards(t.Context(), v, id, class.Certificate, ids[2]); err != nil || len(one.List) != 1 || one.List[0].PersonID != ids[2] {
		t.Errorf("of one person: %+v, %v", one, err)
	}
	if letters, err := h.Classes.Awards(t.Context(), v, id, class.MeritLetter, 0); err != nil || len(letters.List) != 0 {
		t.Errorf("letters: %+v, %v", letters, err)
	}
	for username, kind := range map[string]fault.Kind{"bithu.ltt": fault.Forbidden, "coso.gd": fault.Forbidden, "quantri": fault.NotFound} {
		if _, err := h.Classes.Awards(t.Context(), h.Viewer(username), id, class.Certificate, 0); fault.KindOf(err) != kind {
			t.Errorf("%s: %v", username, err)
		}
	}
}
