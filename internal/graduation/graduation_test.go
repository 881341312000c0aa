package graduation_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest"
	"ketnap/internal/fault"
	"ketnap/internal/graduation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
	"ketnap/internal/transfer"
)

var day = party.MustDate

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v %+v", err, fault.As(err))
	}
}

// Those without a paper of whom nothing was heard come first; who graduates later, and whose graduation is
// unknown, are found; who left is none of the list's any more.
func TestWhoGraduatesIsFollowedUntilHeArrives(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	v := h.Viewer("bithu.ltt")
	var ids []int64
	for i := range 4 {
		ids = append(ids, h.Enter(h.Fields("LTT", fmt.Sprintf("Nguyễn Văn %c", 'A'+i)), party.Planned))
	}
	save := func(username string, rows ...graduation.Row) error {
		_, err := h.Graduations.Save(t.Context(), h.Viewer(username), graduation.Entry{Key: uuid.NewString(), OrgID: h.Org("LTT"), Rows: rows})
		return err
	}
	must(t, save("bithu.ltt", graduation.Row{PersonID: ids[0], GraduatesOn: day("2027-01-30"), Keeper: "Trần Văn Giúp", ContactedOn: day("2026-11-20")},
		graduation.Row{PersonID: ids[1], GraduatesOn: day("2027-02-28"), Wish: "Trường Đại học  Y"},
		graduation.Row{PersonID: ids[2], GraduatesOn: day("2029-06-30")}, graduation.Row{PersonID: ids[3]}))
	see := func(show graduation.Show, want ...int64) []graduation.Row {
		t.Helper()
		list, err := h.Graduations.List(t.Context(), v, h.Org("LTT"), show)
		must(t, err)
		var got []int64
		for _, r := range list.Rows {
			got = append(got, r.PersonID)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) || !list.MayEdit {
			t.Errorf("%s: %v, want %v", show, got, want)
		}
		return list.Rows
	}
	rows := see(graduation.Season, ids[1], ids[0])
	see(graduation.Unknown, ids[3])
	see(graduation.Others, ids[2])
	if rows[0].Wish != "Trường Đại học Y" || rows[0].Version != 1 {
		t.Errorf("%+v", rows[0])
	}
	for name, c := range map[string]struct {
		err  error
		want fault.Kind
	}{
		"stale":           {save("bithu.ltt", graduation.Row{PersonID: ids[0], Wish: "x"}), fault.Conflict},
		"of another cell": {save("bithu.ltt", graduation.Row{PersonID: h.Enter(h.Fields("NTH", "Lê Thị Xa"), party.Planned)}), fault.Conflict},
		"not his cell":    {save("bithu.nth", graduation.Row{PersonID: ids[0], Version: 1}), fault.NotFound},
		"only reads":      {save("kiemtra", graduation.Row{PersonID: ids[0], Version: 1}), fault.Forbidden},
		"contact to come": {save("bithu.ltt", graduation.Row{PersonID: ids[0], Version: 1, ContactedOn: day("2026-12-01")}), fault.Invalid},
		"too far":         {save("bithu.ltt", graduation.Row{PersonID: ids[0], Version: 1, GraduatesOn: day("2050-12-01")}), fault.Invalid},
	} {
		if fault.KindOf(c.err) != c.want {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	done, err := h.Transfers.Issue(t.Context(), h.Viewer("coso.gd"), transfer.Issue{From: h.Org("LTT"), To: h.Org("SVKT"), IssuerID: h.Org("GD"), On: h.Now(), People: ids[1:2]})
	must(t, err)
	if rows := see(graduation.Season, ids[0], ids[1]); rows[1].TransferID != done.Rows[0].ID || rows[1].Number != "1/2026" || rows[1].Transfer != party.TransferIssued {
		t.Errorf("%+v", rows[1])
	}
	_, err = h.Transfers.Issue(t.Context(), h.Viewer("coso.gd"), transfer.Issue{From: h.Org("LTT"), ToText: "Chi bộ Phường 1", IssuerID: h.Org("GD"), On: h.Now(), People: ids[:1]})
	must(t, err)
	ctx, count := postgres.CountQueries(t.Context())
	list, err := h.Graduations.List(ctx, v, h.Org("LTT"), graduation.Season)
	must(t, err)
	if len(list.Rows) != 1 || count() > 6 {
		t.Errorf("%d rows in %d statements", len(list.Rows), count())
	}
}
