package transfer_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest"
	"ketnap/internal/departure"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
	"ketnap/internal/report"
	"ketnap/internal/submission"
	"ketnap/internal/transfer"
)

var day = party.MustDate

// issue writes papers as the committee's office.
func issue(h *apptest.House, from, to, on string, ids ...int64) (transfer.Result, error) {
	return h.Transfers.Issue(context.Background(), h.Viewer("vanphong"), transfer.Issue{Key: uuid.NewString(), From: h.Org(from), To: h.Org(to),
		IssuerID: h.Org("K"), On: day(on), DuesTo: day("2026-06-01"), People: ids})
}

func act(h *apptest.House, username string, id int64, version int, what party.TransferState, on string) error {
	return h.Transfers.Act(context.Background(), h.Viewer(username), transfer.Acting{Key: uuid.NewString(), ID: id, Version: version, Act: what, On: day(on), Words: "Lý do"})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v %+v", err, fault.As(err))
	}
}

func at(t *testing.T, h *apptest.House, id int64) (org int32, stage party.Stage, mentors int) {
	t.Helper()
	rec, err := h.People.Open(t.Context(), h.Viewer("vanphong"), id)
	must(t, err)
	must(t, h.DB.ReadSystem(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		return tx.QueryRow(ctx, `select s.org_id, s.stage, (select count(*) from person_mentors m where m.person_id = s.person_id)
			from person_states s where s.person_id = $1`, id).Scan(&org, &stage, &mentors)
	}))
	if rec.Fields.OrgID != org {
		t.Errorf("at %d, by the projection at %d", rec.Fields.OrgID, org)
	}
	return org, stage, mentors
}

func clean(t *testing.T, h *apptest.House) {
	t.Helper()
	differ, err := h.People.Check(t.Context())
	must(t, err)
	if len(differ) > 0 {
		t.Errorf("check: %v", differ)
	}
	_, papers, err := h.Transfers.Check(t.Context())
	must(t, err)
	if len(papers) > 0 {
		t.Errorf("papers: %v", papers)
	}
}

// Whoever moves counts where he was until he is accepted, and keeps what he reached at every stage.
func TestATransferFromIssueToAcceptance(t *testing.T) {
	t.Parallel()
	for _, kind := range []party.StepKind{party.Planned, party.CellResolution, party.Endorsed, party.Decided, party.Ceremony} {
		h := apptest.New(t)
		id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), kind)
		_, stage, _ := at(t, h, id)
		done, err := issue(h, "LTT", "SVKT", "2026-09-01", id)
		must(t, err)
		paper := done.Rows[0].ID
		list, err := h.Transfers.List(t.Context(), h.Viewer("bithu.svkt"), transfer.Query{Show: transfer.Waiting})
		must(t, err)
		if len(list.Transfers) != 1 || list.Transfers[0].Name != "Nguyễn Thị Ánh" || list.Transfers[0].Number != 1 || list.Transfers[0].PresentBy != day("2026-10-14") ||
			list.Transfers[0].DuesTo.IsZero() == stage.Member() {
			t.Errorf("who is to receive sees %+v", list.Transfers)
		}
		must(t, act(h, "bithu.svkt", paper, 1, party.TransferPresented, "2026-09-10"))
		if org, _, _ := at(t, h, id); org != h.Org("LTT") {
			t.Errorf("%s: moved before the acceptance", kind)
		}
		must(t, act(h, "bithu.svkt", paper, 2, party.TransferAccepted, "2026-09-20"))
		if org, after, mentors := at(t, h, id); org != h.Org("SVKT") || after != stage || mentors != 0 {
			t.Errorf("%s: at %d, %s became %s, %d mentors", kind, org, stage, after, mentors)
		}
		if _, err := h.People.Open(t.Context(), h.Viewer("bithu.ltt"), id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the cell that was left still opens: %v", err)
		}
		rec, err := h.People.Open(t.Context(), h.Viewer("bithu.svkt"), id)
		must(t, err)
		_, err = h.People.Record(t.Context(), h.Viewer("bithu.svkt"), people.NewStep{PersonID: id, Version: rec.Version, Kind: party.Remarked,
			On: day("2026-10-01"), Facts: party.RemarkFacts{Mentor: "Trần Văn Bình", Progress: party.GoodProgress}})
		if e := fault.As(err); err != nil && (e == nil || e.Kind == fault.Internal) { // the gate may refuse; nothing may fail
			t.Errorf("%s: a step after the move: %v", kind, err)
		}
		clean(t, h)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	field := func(err error) string {
		var e *fault.Error
		if e = fault.As(err); e == nil {
			return fmt.Sprint(err)
		}
		if r, ok := e.Detail.(transfer.Result); ok && len(r.Rows) > 0 {
			e = fault.As(r.Rows[0].Err)
		}
		if len(e.Fields) > 0 {
			return e.Fields[0].Name + "=" + e.Fields[0].Key
		}
		return e.Key
	}
	wants := func(want string, err error) {
		t.Helper()
		if got := field(err); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	tried := func(_ transfer.Result, err error) error { return err }
	wants("to=transfers.error.same", tried(issue(h, "LTT", "LTT", "2026-09-01", id)))
	wants("on=transfers.error.future", tried(issue(h, "LTT", "NTH", "2026-12-01", id)))
	wants("on=transfers.error.before_steps", tried(issue(h, "LTT", "NTH", "2026-06-01", id)))
	wants("to=people.error.org_unknown", tried(issue(h, "LTT", "GD", "2026-09-01", id)))
	wants("transfers.error.not_here", tried(issue(h, "NTH", "LTT", "2026-09-01", id)))
	wants("people=transfers.error.nobody", tried(issue(h, "LTT", "NTH", "2026-09-01")))
	done, err := issue(h, "LTT", "NTH", "2026-09-01", id)
	must(t, err)
	paper := done.Rows[0].ID
	wants("transfers.error.open_already", tried(issue(h, "LTT", "SVKT", "2026-09-02", id)))
	wants("transfers.error.stale", act(h, "bithu.nth", paper, 1, party.TransferAccepted, "2026-09-20"))
	wants("errors.forbidden", act(h, "bithu.ltt", paper, 1, party.TransferPresented, "2026-09-20")) // the wrong side
	wants("errors.forbidden", act(h, "bithu.nth", paper, 1, party.TransferCancelled, "2026-09-20"))
	wants("transfers.error.not_found", act(h, "coso.dh", paper, 1, party.TransferPresented, "2026-09-20"))
	wants("on=transfers.error.before_last", act(h, "bithu.nth", paper, 1, party.TransferPresented, "2026-08-31"))
	must(t, act(h, "bithu.nth", paper, 1, party.TransferPresented, "2026-09-10"))
	wants("on=transfers.error.before_last", act(h, "bithu.nth", paper, 2, party.TransferAccepted, "2026-09-09"))
	wants("transfers.error.stale", act(h, "bithu.nth", paper, 1, party.TransferAccepted, "2026-09-20"))
	wants("words=transfers.error.reason", h.Transfers.Act(t.Context(), h.Viewer("bithu.nth"), transfer.Acting{ID: paper, Version: 2, Act: party.TransferRefused, On: day("2026-09-20")}))
	must(t, act(h, "bithu.nth", paper, 2, party.TransferRefused, "2026-09-20"))
	if org, _, _ := at(t, h, id); org != h.Org("LTT") {
		t.Error("a refused one moved")
	}
	// Whether somebody leaves is decided where he is.
	accused := h.Enter(h.Fields("LTT", "Nguyễn Văn Cường"), party.Ceremony)
	_, err = h.Departures.Open(t.Context(), h.Viewer("bithu.ltt"), departure.Opening{PersonID: accused, Way: party.WayRemoved,
		Ground: party.RemoveProbationary, Reason: "Không đủ tư cách", On: day("2026-08-03")})
	must(t, err)
	wants("transfers.error.case", tried(issue(h, "LTT", "NTH", "2026-09-01", accused)))
	// The numbers have no gap for those who were refused.
	done, err = issue(h, "LTT", "NTH", "2026-09-21", id)
	must(t, err)
	list, err := h.Transfers.OfPerson(t.Context(), h.Viewer("vanphong"), id)
	must(t, err)
	if len(list) != 2 || list[0].ID != done.Rows[0].ID || list[0].Number != 2 {
		t.Errorf("%+v", list)
	}
	clean(t, h)
}

// A dossier on its way is withdrawn with the move, and the cell that receives hands it in anew.
func TestADossierOnItsWayIsHandedInAnew(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Bình"), party.CellResolution)
	send := func(username, cell string) {
		t.Helper()
		_, err := h.Submissions.Send(t.Context(), h.Viewer(username), submission.Sending{CellID: h.Org(cell), Kind: party.AdmissionDossier, People: []int64{id}})
		must(t, err)
	}
	send("bithu.ltt", "LTT")
	done, err := issue(h, "LTT", "SVKT", "2026-09-01", id)
	must(t, err)
	must(t, act(h, "bithu.svkt", done.Rows[0].ID, 1, party.TransferPresented, "2026-09-10"))
	must(t, act(h, "bithu.svkt", done.Rows[0].ID, 2, party.TransferAccepted, "2026-09-20"))
	send("bithu.svkt", "SVKT")
	list, err := h.Submissions.List(t.Context(), h.Viewer("vanphong"), submission.Query{Closed: true})
	must(t, err)
	if len(list.Entries) != 1 || list.Entries[0].Submission.State != party.SubmissionWithdrawn || list.Entries[0].Submission.CellID != h.Org("LTT") {
		t.Errorf("%+v", list.Entries)
	}
	_, differ, err := h.Submissions.Examine(t.Context())
	must(t, err)
	if len(differ) > 0 {
		t.Errorf("check of submissions: %v", differ)
	}
	clean(t, h)
}

// What the cell that was left counted stays with it, and it is told that the name is elsewhere now; a
// month of before belongs to the cell where somebody was then.
func TestThePastStaysWithTheCellThatWasLeft(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	done, err := issue(h, "LTT", "SVKT", "2026-09-01", id)
	must(t, err)
	must(t, act(h, "bithu.svkt", done.Rows[0].ID, 1, party.TransferPresented, "2026-09-10"))
	must(t, act(h, "bithu.svkt", done.Rows[0].ID, 2, party.TransferAccepted, "2026-09-20"))
	names, err := h.Reports.Names(t.Context(), h.Viewer("bithu.ltt"), report.NamesQuery{
		TermQuery: report.TermQuery{Term: "2025-2030", OrgID: h.Org("LTT")}, Figure: party.FigureAdmitted})
	must(t, err)
	if names.Count != 1 || names.Away != 1 || len(names.Rows) != 0 {
		t.Errorf("of %d admitted %d moved, %d are shown", names.Count, names.Away, len(names.Rows))
	}
	for month, want := range map[string]int{"2026-08-01": 0, "2026-09-01": 1} {
		m, err := h.Cells.Month(t.Context(), h.Viewer("bithu.svkt"), h.Org("SVKT"), day(month), party.RegularMeeting)
		must(t, err)
		if len(m.Rows) != want {
			t.Errorf("%s: the cell that received enters %d, want %d", month, len(m.Rows), want)
		}
	}
	for username, want := range map[string]int{"bithu.svkt": 1, "bithu.ltt": 1, "bithu.nth": 0, "bithu.svcn": 0} {
		var n int
		must(t, h.DB.Read(t.Context(), h.Viewer(username), func(ctx context.Context, tx *postgres.Tx) error {
			return tx.QueryRow(ctx, `select count(*) from milestones where figure = $1`, party.FigureAdmitted).Scan(&n)
		}))
		if n != want {
			t.Errorf("%s sees %d milestones, want %d", username, n, want)
		}
	}
}

func letter(h *apptest.House, username, from, to, on string, replaces, id int64) (transfer.Result, error) {
	return h.Transfers.Issue(context.Background(), h.Viewer(username), transfer.Issue{Key: uuid.NewString(), From: h.Org(from), ToText: to, IssuerID: h.Org("GD"),
		On: day(on), DuesTo: day("2026-06-01"), Reason: "Chuyển trường", Replaces: replaces, People: []int64{id}})
}

// A candidate leaves with the letter, which keeps what he reached; it is replaced and cancelled, and then
// he goes on from there. A member counts until his arrival is confirmed.
func TestALetterToAnOrganisationOutside(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.CellResolution)
	_, err := h.Submissions.Send(t.Context(), h.Viewer("bithu.ltt"), submission.Sending{CellID: h.Org("LTT"), Kind: party.AdmissionDossier, People: []int64{id}})
	must(t, err)
	done, err := letter(h, "coso.gd", "LTT", "Chi bộ sinh viên  Trường Đại học Y", "2026-11-23", 0, id)
	must(t, err)
	if _, stage, mentors := at(t, h, id); stage != party.StageAway || mentors != 0 {
		t.Errorf("%s, %d mentors", stage, mentors)
	}
	if _, err := letter(h, "coso.gd", "LTT", "Chi bộ A", "2026-11-23", 0, id); err == nil {
		t.Error("a second open letter")
	}
	rec, err := h.People.Open(t.Context(), h.Viewer("bithu.ltt"), id)
	must(t, err)
	_, err = h.People.Record(t.Context(), h.Viewer("bithu.ltt"), people.NewStep{PersonID: id, Version: rec.Version, Kind: party.Planned, On: day("2026-11-23"), Facts: party.PlanningFacts{}})
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("a step after the departure: %v", err)
	}
	clean(t, h)
	first := done.Rows[0].ID
	if err := act(h, "coso.gd", first, 1, party.TransferPresented, "2026-11-23"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("nobody here is shown a letter: %v", err)
	}
	done, err = letter(h, "coso.gd", "LTT", "Chi bộ sinh viên Trường Đại học Dược", "2026-11-23", first, id)
	must(t, err)
	second := done.Rows[0].ID
	was, err := h.Transfers.Get(t.Context(), h.Viewer("bithu.ltt"), first)
	must(t, err)
	if was.State != party.TransferCancelled || was.ReplacedBy != second || was.Stage != party.StageProposed || was.ToText != "Chi bộ sinh viên Trường Đại học Y" || len(was.Acts) != 0 {
		t.Errorf("%+v", was)
	}
	if err := act(h, "bithu.ltt", second, 1, party.TransferCancelled, "2026-11-23"); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("cancelled by a cell: %v", err)
	}
	must(t, act(h, "coso.gd", second, 1, party.TransferCancelled, "2026-11-23"))
	if _, stage, _ := at(t, h, id); stage != party.StageProposed {
		t.Errorf("back at %s", stage)
	}
	_, differ, err := h.Submissions.Examine(t.Context())
	must(t, err)
	if len(differ) > 0 {
		t.Errorf("check of submissions: %v", differ)
	}
	member := h.Enter(h.Fields("LTT", "Nguyễn Văn Bình"), party.Ceremony)
	done, err = letter(h, "coso.gd", "LTT", "Chi bộ Phường 1", "2026-11-01", 0, member)
	must(t, err)
	if _, stage, _ := at(t, h, member); stage != party.StageProbationary {
		t.Errorf("a member with a letter is %s", stage)
	}
	must(t, act(h, "coso.gd", done.Rows[0].ID, 1, party.TransferAccepted, "2026-11-20"))
	if _, stage, _ := at(t, h, member); stage != party.StageAway {
		t.Errorf("a member who arrived is %s", stage)
	}
	clean(t, h)
}

// Who goes for a time stays counted where he was, is left out of the votes there while he is away, and
// comes back; the time is extended.
func TestATemporaryTransfer(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	h.SetToday(day("2027-12-20"))
	f := h.Fields("LTT", "Nguyễn Thị Ánh")
	f.BirthDate = day("2004-02-10")
	ids, err := h.People.EnterHistories(t.Context(), h.Viewer("vanphong"), []people.History{{Fields: f, Steps: []people.NewStep{{Kind: party.Received, On: day("2025-10-05"),
		Facts: party.ReceivedFacts{DecidedOn: day("2023-01-20"), JoinedOn: day("2023-02-03"), OfficialOn: day("2024-02-03"), From: "Đảng bộ khác"}}}}})
	must(t, err)
	id := ids[0]
	if _, stage, _ := at(t, h, id); stage != party.StageOfficial {
		t.Fatalf("is %s", stage)
	}
	send := func(form party.TransferForm, until string, ids ...int64) (transfer.Result, error) {
		in := transfer.Issue{From: h.Org("LTT"), To: h.Org("SVKT"), IssuerID: h.Org("K"), On: day("2027-10-01"), Form: form, MovedOn: day("2027-09-01"), People: ids}
		if until != "" {
			in.Until = day(until)
		}
		return h.Transfers.Issue(t.Context(), h.Viewer("vanphong"), in)
	}
	for _, bad := range []struct {
		form  party.TransferForm
		until string
	}{{party.TransferTemporary, ""}, {party.TransferTemporary, "2027-10-01"}, {party.TransferOfficial, "2027-12-01"}, {party.TransferAbroad, ""}, {"for ever", ""}} {
		if _, err := send(bad.form, bad.until, id); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s until %q: %v", bad.form, bad.until, err)
		}
	}
	if _, err := send(party.TransferTemporary, "2027-12-01", h.Enter(h.Fields("LTT", "Lê Thị Bình"), party.Planned)); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a candidate for a time: %v", err)
	}
	done, err := send(party.TransferTemporary, "2027-12-01", id)
	must(t, err)
	paper := done.Rows[0].ID
	must(t, act(h, "bithu.svkt", paper, 1, party.TransferPresented, "2027-10-05"))
	must(t, act(h, "bithu.svkt", paper, 2, party.TransferAccepted, "2027-10-06"))
	if org, stage, _ := at(t, h, id); org != h.Org("LTT") || stage != party.StageOfficial {
		t.Errorf("counted at %d as %s", org, stage)
	}
	away := func(on string, want int) {
		t.Helper()
		if r, err := h.Cells.Roll(t.Context(), h.Viewer("bithu.ltt"), h.Org("LTT"), day(on)); err != nil || r.Away != want {
			t.Errorf("%d away on %s, want %d; %v", r.Away, on, want, err)
		}
	}
	away("2027-10-05", 0)
	away("2027-10-06", 1)
	if _, late, err := h.Transfers.Counts(t.Context(), h.Viewer("coso.gd")); err != nil || late != 1 {
		t.Errorf("%d are late to come back, %v", late, err)
	}
	extend := func(username string, version int, until string) error {
		return h.Transfers.Extend(t.Context(), h.Viewer(username), transfer.Extending{ID: paper, Version: version, Until: day(until), Words: "Học thêm một kỳ"})
	}
	if err := extend("bithu.svkt", 3, "2028-03-01"); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("extended by who received: %v", err)
	}
	if err := extend("coso.gd", 3, "2027-12-01"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("extended by nothing: %v", err)
	}
	if err := extend("coso.gd", 2, "2028-03-01"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("extended from what was: %v", err)
	}
	must(t, extend("coso.gd", 3, "2028-03-01"))
	if _, late, err := h.Transfers.Counts(t.Context(), h.Viewer("coso.gd")); err != nil || late != 0 {
		t.Errorf("%d are late after the extension, %v", late, err)
	}
	must(t, act(h, "vanphong", paper, 4, party.TransferReturned, "2027-12-15"))
	away("2027-12-14", 1)
	away("2027-12-15", 0)
	got, err := h.Transfers.Get(t.Context(), h.Viewer("vanphong"), paper)
	must(t, err)
	if got.State != party.TransferReturned || got.StartBy.IsZero() || got.UntilOn != day("2028-03-01") || len(got.Acts) != 0 || got.MayExtend {
		t.Errorf("%+v", got)
	}
	done, err = h.Transfers.Issue(t.Context(), h.Viewer("coso.gd"), transfer.Issue{From: h.Org("LTT"), To: h.Org("NTH"), IssuerID: h.Org("GD"), On: day("2027-12-16"), People: []int64{id}})
	must(t, err)
	if got, err = h.Transfers.Get(t.Context(), h.Viewer("coso.gd"), done.Rows[0].ID); err != nil || got.Form != party.TransferInternal {
		t.Errorf("inside one organisation: %s, %v", got.Form, err)
	}
	clean(t, h)
}

// story is what is expected of somebody.
type story struct {
	id, paper int64
	member    bool
	temporary bool   // the paper is for a time
	cell, to  string // "" is outside
	state     party.TransferState
	version   int
	on        map[party.Date]string // where from that day on
}

// at gives where somebody is on a day.
func (s *story) at(on party.Date) string {
	var last party.Date
	for day := range s.on {
		if !day.After(on) && day.After(last) {
			last = day
		}
	}
	return s.on[last]
}

// membersOn proves how many members an organisation has on a day, by the figure and by its names.
func membersOn(t *testing.T, h *apptest.House, code string, on party.Date, want int) {
	t.Helper()
	q := report.TermQuery{Term: "2025-2030", OrgID: h.Org(code), AsOf: on}
	r, err := h.Reports.Term(t.Context(), h.Viewer("vanphong"), q)
	must(t, err)
	names, err := h.Reports.Names(t.Context(), h.Viewer("vanphong"), report.NamesQuery{TermQuery: q, Figure: party.FigureJoined})
	must(t, err)
	if r.Members() != want || len(names.Rows) != want {
		t.Errorf("%s has %d members on %s, behind them %d names, want %d", code, r.Members(), on, len(names.Rows), want)
	}
}

// Over random histories everybody counts at exactly one organisation on every day, which is the one
// that the accepted transfers lead to; the counts of the tree say the same.
func TestEverybodyCountsInOnePlaceOnEveryDay(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	r := rand.New(rand.NewPCG(4, 26))
	cells := []string{"LTT", "NTH", "SVKT", "SVCN", "CHUYEN"}
	kinds := []party.StepKind{party.Introduced, party.Endorsed, party.Ceremony}
	var all []*story
	for i := range 6 {
		cell := cells[i%len(cells)]
		s := &story{id: h.Enter(h.Fields(cell, fmt.Sprintf("Nguyễn Văn %c", 'A'+i)), kinds[i%len(kinds)]), cell: cell}
		_, stage, _ := at(t, h, s.id)
		s.member = stage.Member()
		s.on = map[party.Date]string{{}: cell}
		all = append(all, s)
	}
	outside := func(cell, on string, id int64) (transfer.Result, error) {
		return h.Transfers.Issue(context.Background(), h.Viewer("vanphong"), transfer.Issue{Key: uuid.NewString(), From: h.Org(cell), ToText: "Chi bộ Phường 1",
			IssuerID: h.Org("K"), On: day(on), People: []int64{id}})
	}
	forATime := func(cell, to string, on party.Date, id int64) (transfer.Result, error) {
		return h.Transfers.Issue(context.Background(), h.Viewer("vanphong"), transfer.Issue{Key: uuid.NewString(), From: h.Org(cell), To: h.Org(to),
			Form: party.TransferTemporary, Until: on.AddDays(60), IssuerID: h.Org("K"), On: on, People: []int64{id}})
	}
	likely := []party.TransferState{party.TransferIssued, party.TransferIssued, party.TransferIssued, party.TransferPresented, party.TransferPresented,
		party.TransferAccepted, party.TransferAccepted, party.TransferAccepted, party.TransferRefused, party.TransferCancelled}
	first, accepted, left, away := day("2026-07-01"), 0, 0, 0
	for n := range 290 {
		on := first.AddDays(n / 2)
		s := all[r.IntN(len(all))]
		next := likely[r.IntN(len(likely))]
		var err error
		if s.cell == "" {
			continue // left for good
		}
		if next == party.TransferIssued {
			to := cells[r.IntN(len(cells))]
			var done transfer.Result
			temporary := false
			switch luck := r.IntN(8); {
			case s.member && luck < 2:
				to = ""
				done, err = outside(s.cell, on.String(), s.id)
			case s.member && luck < 4:
				temporary = true
				done, err = forATime(s.cell, to, on, s.id)
			default:
				done, err = issue(h, s.cell, to, on.String(), s.id)
			}
			if want := s.state.Open() || to == s.cell; want != (err != nil) {
				t.Fatalf("issue from %s to %s in %q: %v", s.cell, to, s.state, err)
			}
			if err == nil {
				s.paper, s.to, s.state, s.version, s.temporary = done.Rows[0].ID, to, next, 1, temporary
			}
			continue
		}
		if s.paper == 0 {
			continue
		}
		err = act(h, "vanphong", s.paper, s.version, next, on.String())
		after, fits := s.state.After(next)
		if s.to == "" {
			after, fits = s.state.AfterOutside(next)
		}
		if fits != (err == nil) {
			t.Fatalf("%s in %q: %v", next, s.state, err)
		}
		if err != nil {
			continue
		}
		s.state, s.version = after, s.version+1
		if after == party.TransferAccepted && s.temporary {
			away++ // and counted where he was
		} else if after == party.TransferAccepted {
			s.cell, s.on[on] = s.to, s.to
			accepted++
			if s.to == "" {
				left++
			}
		}
	}
	if accepted < 3 || left < 1 || away < 1 {
		t.Fatalf("only %d were accepted, %d left, %d for a time: this proves nothing", accepted, left, away)
	}
	for _, s := range all {
		rec, err := h.People.Open(t.Context(), h.Viewer("vanphong"), s.id)
		must(t, err)
		var steps []party.Step
		for _, st := range rec.Steps {
			steps = append(steps, st.Step)
		}
		want := s.on[party.Date{}]
		for n := range 150 {
			on := first.AddDays(n - 5)
			if moved, ok := s.on[on]; ok {
				want = moved
			}
			at := int32(0)
			if want != "" {
				at = h.Org(want)
			}
			if got := party.OrgOn(steps, rec.Fields.OrgID, on); got != at {
				t.Fatalf("person %d on %s at %d, want %s", s.id, on, got, want)
			}
		}
		if s.cell != "" && rec.Fields.OrgID != h.Org(s.cell) {
			t.Errorf("person %d now at %d, want %s", s.id, rec.Fields.OrgID, s.cell)
		}
	}
	for n := 0; n < 150; n += 13 { // the members of a day, in the reports of every level
		on, sum := first.AddDays(n-5), 0
		for _, cell := range cells {
			want := 0
			for _, s := range all {
				if s.member && s.at(on) == cell {
					want++
				}
			}
			sum += want
			membersOn(t, h, cell, on, want)
		}
		membersOn(t, h, "K", on, sum)
	}
	clean(t, h)
}

func TestTwoHundredInOneActAndPages(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	var list []people.History
	for i := range 200 {
		list = append(list, people.History{Fields: h.Fields("LTT", fmt.Sprintf("Nguyễn Văn %04d", i)), Steps: h.Way("LTT")[:2]})
	}
	ids, err := h.People.EnterHistories(t.Context(), h.Viewer("vanphong"), list)
	must(t, err)
	done, err := issue(h, "LTT", "SVKT", "2026-09-01", ids...)
	must(t, err)
	if done.Done != 200 {
		t.Fatalf("%d issued", done.Done)
	}
	seen, after := map[int64]bool{}, transfer.Cursor{}
	for {
		if _, err := h.Organisations.Snapshot(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, count := postgres.CountQueries(t.Context())
		page, err := h.Transfers.List(ctx, h.Viewer("coso.dh"), transfer.Query{Show: transfer.Open, After: after})
		must(t, err)
		if n := count(); n > 6 {
			t.Errorf("%d statements for a page", n)
		}
		for _, tr := range page.Transfers {
			if seen[tr.ID] {
				t.Errorf("twice: %d", tr.ID)
			}
			seen[tr.ID] = true
		}
		if after = page.Next; after == (transfer.Cursor{}) {
			break
		}
	}
	if len(seen) != 200 {
		t.Errorf("%d on the pages", len(seen))
	}
}
