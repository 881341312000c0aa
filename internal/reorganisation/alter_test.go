package reorganisation_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/access"
	"ketnap/internal/apptest"
	"ketnap/internal/cell"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
	"ketnap/internal/reorganisation"
	"ketnap/internal/report"
	"ketnap/internal/transfer"
)

func attributes(t *testing.T, h *apptest.House, id int32) party.OrgAttributes {
	t.Helper()
	tree, err := h.Organisations.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o, _ := tree.Of(id)
	return o.OrgAttributes
}

func alter(t *testing.T, h *apptest.House, id int32, change func(*party.OrgAttributes)) party.Reorganisation {
	t.Helper()
	become := attributes(t, h, id)
	change(&become)
	return party.Reorganisation{Kind: party.AlterOrg, Orgs: []int32{id}, Become: become}
}

func searched(t *testing.T, h *apptest.House, what string, words string) []string {
	t.Helper()
	list, err := h.People.List(t.Context(), h.Viewer("vanphong"), people.Query{Search: words})
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	var names []string
	for _, p := range list.Rows {
		names = append(names, p.FullName)
	}
	return names
}

// An organisation that was founded wrongly is taken back, its code is free again, and once something names
// it, it stays.
func TestAFoundationIsUndoneUntilSomethingNamesIt(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	v := h.Viewer("vanphong")
	in := reorganisation.Foundation{Key: uuid.NewString(), Details: organisation.Details{Name: "Chi bộ Thư viện", Code: "TV", Kind: party.Cell,
		ParentID: h.Org("GD"), From: party.MustDate("2026-09-01")}, Decision: reorganisation.Decision{Number: "9-QĐ/ĐU"}}
	_, _, err := h.Reorganisations.Found(t.Context(), v, in)
	wantKey(t, err, "reorganisation.error.issuer")
	in.Decision = act(party.Reorganisation{}).Decision
	org, id, err := h.Reorganisations.Found(t.Context(), v, in)
	if err != nil {
		t.Fatal(err)
	}
	if again, same, err := h.Reorganisations.Found(t.Context(), v, in); err != nil || again != org || same != id {
		t.Errorf("sent twice: %d by %d, %v; want %d by %d", again, same, err, org, id)
	}
	undo(t, h, id)
	if got := attributes(t, h, org); got.Name != "" {
		t.Errorf("taken back, it stands: %+v", got)
	}
	in.Key = uuid.NewString()
	if org, id, err = h.Reorganisations.Found(t.Context(), v, in); err != nil {
		t.Fatalf("its code is not free again: %v", err)
	}
	fields := h.Fields("LTT", "Đỗ Thị Mới")
	fields.OrgID = org
	h.Enter(fields, "")
	err = h.Reorganisations.Undo(t.Context(), v, "", id)
	wantKey(t, err, "reorganisation.error.in_use")
	opened, err := h.Reorganisations.Get(t.Context(), v, id)
	if err != nil || opened.First != "Chi bộ Thư viện" || opened.Into != "Đảng bộ GD" || opened.Number == "" {
		t.Errorf("the register has %+v, %v", opened.Done, err)
	}
}

// What an organisation is called from a day on is found by a search at once, the day before keeps the old
// name, and undone everything is as it was.
func TestARenamedOrganisationKeepsItsFormerName(t *testing.T) {
	t.Parallel()
	h := populated(t)
	cell := h.Org("LTT")
	was := attributes(t, h, cell)
	id := carry(t, h, alter(t, h, cell, func(a *party.OrgAttributes) { a.Name, a.Code = "Chi bộ Trường Hoa Sen", "HS" }))
	past, err := h.Organisations.On(t.Context(), actDay.AddDays(-1))
	if err != nil {
		t.Fatal(err)
	}
	if o, _ := past.Of(cell); o.OrgAttributes != was {
		t.Errorf("the day before it was %+v", o.OrgAttributes)
	}
	if names := searched(t, h, "the new name", "anh hoa sen"); !slices.Equal(names, []string{"Nguyễn Thị Ánh"}) {
		t.Errorf("by the new name are found %v", names)
	}
	opened, err := h.Reorganisations.Get(t.Context(), h.Viewer("vanphong"), id)
	if err != nil || opened.First != was.Name || opened.Became != "Chi bộ Trường Hoa Sen" || opened.People != 0 {
		t.Errorf("the register has %+v, %v", opened.Done, err)
	}
	h.Enter(h.Fields("LTT", "Đỗ Thị Mới"), party.Introduced) // a name is taken back whatever happened since
	undo(t, h, id)
	if now := attributes(t, h, cell); now != was {
		t.Errorf("undone it is %+v", now)
	}
	if names := searched(t, h, "the new name", "anh hoa sen"); len(names) > 0 {
		t.Errorf("undone, by the new name are found %v", names)
	}
}

// A cell that becomes a grassroots cell keeps its figures from then on, and not before; a kind that has no
// people is refused for a cell that has some.
func TestAnotherKindKeepsTheFigures(t *testing.T) {
	t.Parallel()
	h := populated(t)
	upper := found(t, h, "UB", party.UpperCommittee, h.Org("K"))
	cell := h.Org("CHUYEN")
	h.Enter(h.Fields("CHUYEN", "Vũ Văn Giang"), party.Ceremony)
	_, err := h.Reorganisations.Carry(t.Context(), h.Viewer("vanphong"), act(alter(t, h, cell, func(a *party.OrgAttributes) { a.Kind = party.GrassrootsCommittee })))
	wantKey(t, err, "organisations.error.kind_people")
	_, err = h.Reorganisations.Carry(t.Context(), h.Viewer("vanphong"), act(alter(t, h, cell, func(a *party.OrgAttributes) { a.Kind = party.Cell })))
	wantKey(t, err, party.ActKindBelow)
	section := found(t, h, "BP", party.SectionalCommittee, h.Org("GD"))
	_, err = h.Reorganisations.Carry(t.Context(), h.Viewer("vanphong"), act(alter(t, h, section, func(a *party.OrgAttributes) { a.Kind = party.GrassrootsCommittee })))
	wantKey(t, err, party.ActKindBelow)

	query := report.TermQuery{Term: "2025-2030", OrgID: h.Org("GD")}
	before, err := h.Reports.Term(t.Context(), h.Viewer("vanphong"), query)
	if err != nil {
		t.Fatal(err)
	}
	base := h.Org("GD")
	id := carry(t, h, party.Reorganisation{Kind: party.MoveOrgs, Orgs: []int32{base}, Into: upper})
	renamed := carry(t, h, alter(t, h, base, func(a *party.OrgAttributes) { a.Code = "UB.1" })) // moved and coded anew on one day
	after, err := h.Reports.Term(t.Context(), h.Viewer("vanphong"), query)
	if err != nil || !maps.Equal(before.Counts, after.Counts) {
		t.Errorf("the figures were %v, are %v, %v", before.Counts, after.Counts, err)
	}
	err = h.Reorganisations.Undo(t.Context(), h.Viewer("vanphong"), "", id)
	wantKey(t, err, "reorganisation.error.later_acts")
	undo(t, h, renamed)
	if got := attributes(t, h, base); got.Code != "GD" {
		t.Errorf("undone, its code is %s", got.Code)
	}
	if tree, _ := h.Organisations.Snapshot(t.Context()); !slices.Contains(tree.Children(upper), base) {
		t.Error("undone, it is not where it had moved on the same day")
	}
	undo(t, h, id)
}

// Each of a cell's people goes on where he is named, candidates too, without a paper of his own; who is left
// nowhere stands against it, and undone everybody is back.
func TestASplitCellLeavesNobodyNowhere(t *testing.T) {
	t.Parallel()
	h := populated(t)
	v, from := h.Viewer("vanphong"), h.Org("LTT")
	one := found(t, h, "LTT1", party.Cell, h.Org("GD"))
	cell := organisation.Org{OrgVersion: party.OrgVersion{OrgID: from}, Path: []int32{h.Org("K"), h.Org("GD"), from}}
	list, err := h.Reorganisations.People(t.Context(), v, cell)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	if _, err := h.Reorganisations.People(t.Context(), h.Viewer("quantri"), cell); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("an administrator, who sees nobody: %v", err)
	}
	before := members(t, h, v)
	in := act(party.Reorganisation{Kind: party.SplitOrg, Orgs: []int32{from}, People: map[int64]int32{list[0].ID: one}})
	_, err = h.Reorganisations.Carry(t.Context(), v, in)
	wantKey(t, err, "reorganisation.error.person_left")
	_, err = h.Reorganisations.Carry(t.Context(), h.Viewer("quantri"), in)
	wantKey(t, err, "reorganisation.error.unseen")
	in.Rest = from
	preview, err := h.Reorganisations.Preview(t.Context(), v, in)
	if err != nil || preview.People != 1 || len(preview.Plan.Ends) > 0 {
		t.Errorf("preview %+v, %v", preview, err)
	}
	id, err := h.Reorganisations.Carry(t.Context(), v, in)
	if err != nil {
		t.Fatal(err)
	}
	mustBeClean(t, h)
	if after := members(t, h, v); after[one] != 1 || after[from] != 1 {
		t.Errorf("people by cell: %v", after)
	}
	if way, err := h.Reorganisations.OfPerson(t.Context(), v, list[0].ID); err != nil || len(way) != 1 || way[0].From != "Chi bộ LTT" || way[0].To != "Tổ chức LTT1" {
		t.Errorf("his way: %+v, %v", way, err)
	}
	opened, err := h.Reorganisations.Get(t.Context(), v, id)
	if err != nil || len(opened.Goals) != 1 || opened.Goals[0].People != 1 {
		t.Errorf("the register has %+v, %v", opened, err)
	}
	undo(t, h, id)
	in.Rest = one
	if id, err = h.Reorganisations.Carry(t.Context(), v, in); err != nil {
		t.Fatal(err)
	}
	mustBeClean(t, h)
	if after := members(t, h, v); after[one] != 2 || after[from] != 0 || attributes(t, h, from).Name != "" {
		t.Errorf("everybody went, and the cell has not ended: %v", after)
	}
	undo(t, h, id)
	if after := members(t, h, v); !maps.Equal(before, after) {
		t.Errorf("undone, people by cell were %v, are %v", before, after)
	}
}

// roleAt gives the roles of an account that hold today, by organisation.
func roleAt(t *testing.T, h *apptest.House, username string) map[int32]access.Role {
	t.Helper()
	out := map[int32]access.Role{}
	err := h.DB.ReadSystem(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		rows, err := tx.Query(ctx, `select g.org_id, g.role from grants g join accounts a on a.id = g.account_id
			where a.username = $1 and (g.valid_until is null or g.valid_until > $2)`, username, apptest.Today)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var org int32
			var role access.Role
			if err := rows.Scan(&org, &role); err != nil {
				return err
			}
			out[org] = role
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Of the accounts at what ends each goes on where it is named, or ends; an undo gives them back.
func TestGrantsAtWhatEndsFollowAsNamed(t *testing.T) {
	t.Parallel()
	h := populated(t)
	v := h.Viewer("vanphong")
	in := act(party.Reorganisation{Kind: party.MergeOrgs, Orgs: []int32{h.Org("NTH")}, Into: h.Org("LTT")})
	preview, err := h.Reorganisations.Preview(t.Context(), v, in)
	if err != nil || len(preview.Grants) != 2 || !slices.Equal(preview.Goals, []int32{h.Org("LTT")}) {
		t.Fatalf("preview %+v, %v", preview, err)
	}
	in.Grants = map[int64]int32{}
	for _, g := range preview.Grants {
		if g.Username == "doan.nth" {
			in.Grants[g.ID] = h.Org("LTT")
		}
	}
	in.RestGrant = h.Org("DH")
	_, err = h.Reorganisations.Carry(t.Context(), v, in)
	wantKey(t, err, "reorganisation.error.grant_goal")
	in.RestGrant = 0
	id, err := h.Reorganisations.Carry(t.Context(), v, in)
	if err != nil {
		t.Fatal(err)
	}
	if got := roleAt(t, h, "doan.nth"); !maps.Equal(got, map[int32]access.Role{h.Org("LTT"): access.Introducer}) {
		t.Errorf("the named one: %v", got)
	}
	if got := roleAt(t, h, "bithu.nth"); len(got) > 0 {
		t.Errorf("the other one: %v", got)
	}
	undo(t, h, id)
	for username, role := range map[string]access.Role{"doan.nth": access.Introducer, "bithu.nth": access.Secretary} {
		if got := roleAt(t, h, username); !maps.Equal(got, map[int32]access.Role{h.Org("NTH"): role}) {
			t.Errorf("undone, %s has %v", username, got)
		}
	}
}

// Roles that went on twice come back one act after the other.
func TestGrantsThatWentOnTwiceComeBack(t *testing.T) {
	t.Parallel()
	h := populated(t)
	var acts []int64
	for _, way := range [][2]string{{"NTH", "LTT"}, {"LTT", "SVKT"}} {
		in := act(party.Reorganisation{Kind: party.MergeOrgs, Orgs: []int32{h.Org(way[0])}, Into: h.Org(way[1])})
		in.RestGrant = in.Into
		id, err := h.Reorganisations.Carry(t.Context(), h.Viewer("vanphong"), in)
		if err != nil {
			t.Fatal(err)
		}
		acts = append(acts, id)
	}
	if got := roleAt(t, h, "bithu.nth"); !maps.Equal(got, map[int32]access.Role{h.Org("SVKT"): access.Secretary}) {
		t.Errorf("after both: %v", got)
	}
	undo(t, h, acts[1])
	undo(t, h, acts[0])
	if got := roleAt(t, h, "bithu.nth"); !maps.Equal(got, map[int32]access.Role{h.Org("NTH"): access.Secretary}) {
		t.Errorf("undone: %v", got)
	}
}

// Who was sent elsewhere for a time is away from the cell into which his own was merged: its vote does not count
// him, and the committee above it records that he is back. What his cell held before is read there.
func TestWhoIsAwayStaysAwayWhenHisCellIsMerged(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	v := h.Viewer("vanphong")
	fields := h.Fields("NTH", "Lê Thị Cúc")
	ids, err := h.People.EnterHistories(t.Context(), v, []people.History{{Fields: fields, Steps: []people.NewStep{{Kind: party.Received, On: party.MustDate("2026-01-10"),
		Facts: party.ReceivedFacts{JoinedOn: party.MustDate("2023-05-19"), OfficialOn: party.MustDate("2024-05-19"), From: "Đảng bộ khác"}, Papers: []party.Paper{{Number: "9-GT"}}}}}})
	if err != nil {
		t.Fatal(err)
	}
	paper, err := h.Transfers.Issue(t.Context(), v, transfer.Issue{Key: uuid.NewString(), Form: party.TransferTemporary, From: h.Org("NTH"), To: h.Org("CHUYEN"), IssuerID: h.Org("K"),
		On: party.MustDate("2026-06-01"), Until: party.MustDate("2026-12-15"), People: ids})
	if err != nil {
		t.Fatal(err)
	}
	act := func(username string, version int, what party.TransferState, on string) error {
		return h.Transfers.Act(t.Context(), h.Viewer(username), transfer.Acting{Key: uuid.NewString(), ID: paper.Rows[0].ID, Version: version, Act: what, On: party.MustDate(on)})
	}
	for n, what := range []party.TransferState{party.TransferPresented, party.TransferAccepted} {
		if err := act("vanphong", n+1, what, "2026-06-05"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.Cells.Save(t.Context(), h.Viewer("bithu.nth"), cell.Entry{Key: uuid.NewString(), OrgID: h.Org("NTH"), Rest: cell.Said{Presence: party.Present, Dues: party.DuesPaid},
		Meeting: cell.Meeting{Month: party.MustDate("2026-09-01"), Kind: party.RegularMeeting, HeldOn: party.MustDate("2026-09-05")}}); err != nil {
		t.Fatal(err)
	}
	carry(t, h, party.Reorganisation{Kind: party.MergeOrgs, Orgs: []int32{h.Org("NTH")}, Into: h.Org("LTT")})
	roll, err := h.Cells.Roll(t.Context(), h.Viewer("bithu.ltt"), h.Org("LTT"), apptest.Today)
	if err != nil || roll.Official != 1 || roll.Away != 1 {
		t.Errorf("the roll is %+v, %v", roll, err)
	}
	past, err := h.Cells.Get(t.Context(), h.Viewer("bithu.ltt"), h.Org("NTH"), 2026)
	if err != nil || past.MayEdit || !slices.ContainsFunc(past.Months, func(m cell.Held) bool { return m.Present == 1 }) {
		t.Errorf("the months of the cell that ended: %+v, %v", past, err)
	}
	if _, err := h.Cells.Get(t.Context(), h.Viewer("bithu.svkt"), h.Org("NTH"), 2026); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another cell's secretary reads them: %v", err)
	}
	if err := act("coso.gd", 3, party.TransferReturned, "2026-11-20"); err != nil {
		t.Errorf("back: %v", err)
	}
	h.Own(fmt.Sprintf(`alter table cell_meetings disable trigger user; update cell_meetings set path = '{1}' where org_id = %d; alter table cell_meetings enable trigger user`, h.Org("NTH")))
	if differ, err := h.Organisations.CheckProjection(t.Context()); err != nil || !slices.Equal(differ, []int32{h.Org("NTH")}) {
		t.Errorf("a meeting in another place is not found: %v, %v", differ, err)
	}
}

// A step that is entered after an act, of a day before it, counts in the cell of that day; so does one whose day
// is corrected to one before the act.
func TestWhatHappenedBeforeAnActCountsWhereItHappened(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	v := h.Viewer("vanphong")
	id := h.Enter(h.Fields("NTH", "Lê Thị Cúc"), "")
	carry(t, h, party.Reorganisation{Kind: party.MergeOrgs, Orgs: []int32{h.Org("NTH")}, Into: h.Org("LTT")})
	introduced := func(org string, want int, what string) {
		t.Helper()
		r, err := h.Reports.Term(t.Context(), v, report.TermQuery{Term: "2025-2030", OrgID: h.Org(org)})
		if err != nil || r.Counts[party.FigureIntroduced] != want {
			t.Errorf("%s: %s has %d introduced, not %d, %v", what, org, r.Counts[party.FigureIntroduced], want, err)
		}
	}
	step := people.NewStep{Key: uuid.NewString(), PersonID: id, Kind: party.Introduced, On: actDay.AddDays(3),
		Facts: party.IntroductionFacts{Union: "Đoàn trường"}, Papers: []party.Paper{{Number: "1-NQ/ĐTN"}}}
	rec, err := h.People.Open(t.Context(), v, id)
	if err != nil {
		t.Fatal(err)
	}
	step.Version = rec.Version
	done, err := h.People.Record(t.Context(), v, step)
	if err != nil {
		t.Fatal(err)
	}
	introduced("LTT", 1, "after the act")
	if rec, err = h.People.Open(t.Context(), v, id); err != nil {
		t.Fatal(err)
	}
	step.Key, step.Version, step.On = uuid.NewString(), rec.Version, party.MustDate("2026-09-10")
	if _, err := h.People.Correct(t.Context(), v, people.Correction{NewStep: step, StepID: done.StepID, Reason: "Ghi nhầm ngày"}); err != nil {
		t.Fatal(err)
	}
	introduced("LTT", 0, "corrected to a day before the act")
	mustBeClean(t, h)
}

// Somebody who is entered in a cell at the very moment in which it is merged comes first, and goes along, or
// comes second, and is refused: nobody is left in a cell that has ended.
func TestNobodyIsEnteredInACellWhileItEnds(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	entered := make(chan struct{})
	merged := make(chan error, 1)
	err := h.DB.Write(t.Context(), h.Viewer("vanphong"), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Exec(ctx, `insert into people (org_id, path, category, full_name, sort_key, search_text, birth_date, recorded_by, changed_by)
			values ($1, '{}', 'student', 'Lê Thị Cúc', '', ' le thi cuc', '2006-02-10', 1, 1)`, h.Org("NTH"))
		if err != nil {
			return err
		}
		go func() {
			close(entered)
			_, err := h.Reorganisations.Carry(t.Context(), h.Viewer("vanphong"), act(party.Reorganisation{Kind: party.MergeOrgs, Orgs: []int32{h.Org("NTH")}, Into: h.Org("LTT")}))
			merged <- err
		}()
		<-entered
		return waiting(ctx, tx, merged)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-merged; err != nil {
		t.Fatal(err)
	}
	err = h.DB.Read(t.Context(), h.Viewer("vanphong"), func(ctx context.Context, tx *postgres.Tx) error {
		var at int32
		if err := tx.QueryRow(ctx, `select org_id from people`).Scan(&at); err != nil {
			return err
		}
		if at != h.Org("LTT") {
			t.Errorf("he is at %d", at)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	fields := h.Fields("NTH", "Đỗ Thị Mới")
	if _, err := h.People.EnterHistories(t.Context(), h.Viewer("vanphong"), []people.History{{Fields: fields}}); err == nil {
		t.Error("somebody is entered in a cell that has ended")
	}
}

// waiting returns once another transaction waits for a lock, or has ended without.
func waiting(ctx context.Context, tx *postgres.Tx, ended chan error) error {
	for len(ended) == 0 {
		var n int
		err := tx.QueryRow(ctx, `select count(*)::integer from pg_locks where not granted`).Scan(&n)
		if err != nil || n > 0 {
			return err
		}
	}
	return nil
}
