package demo

import (
	"maps"
	"slices"
	"testing"

	"ketnap/internal/access"
	"ketnap/internal/app"
	"ketnap/internal/ceremony"
	"ketnap/internal/class"
	"ketnap/internal/decision"
	"ketnap/internal/departure"
	"ketnap/internal/document"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/postgres"
	"ketnap/internal/reorganisation"
	"ketnap/internal/report"
	"ketnap/internal/review"
	"ketnap/internal/submission"
	"ketnap/internal/transfer"
	"ketnap/internal/warning"
)

func newHouse(t *testing.T) (*postgres.DB, *app.Services) {
	t.Helper()
	db := postgres.NewTestDB(t)
	s, err := app.New(db, []byte("0123456789abcdef0123456789abcdef"), func() party.Date { return party.MustDate("2026-11-23") })
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Regulations.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db, s
}

// Everybody's way is legal by the rules of its days, and what is stored about it is right.
func TestTheDemoIsLegalAndConsistent(t *testing.T) {
	t.Parallel()
	db, s := newHouse(t)
	if err := Fill(t.Context(), db, s); err != nil {
		t.Fatal(err)
	}
	refused, err := s.People.Refused(t.Context())
	if err != nil || len(refused) > 0 {
		t.Errorf("refused by their gates: %v, %v", refused, err)
	}
	differ, err := s.People.Check(t.Context())
	if err != nil || len(differ) > 0 {
		t.Errorf("differ: %v, %v", differ, err)
	}
	if counts, err := s.Reports.CheckCounts(t.Context()); err != nil || len(counts) > 0 {
		t.Errorf("counts differ: %v, %v", counts, err)
	}
	r, err := s.Reports.TermAsSystem(t.Context(), report.TermQuery{Term: "2020-2025"}, "")
	got := []int{r.WithAny, r.Classes, r.Counts[party.FigureIntroduced], r.Counts[party.FigureAdmitted], r.Members()}
	if want := []int{7, 10, 986, 231, 297}; err != nil || !slices.Equal(got, want) {
		t.Errorf("the published figures: %v, want %v; %v", got, want, err)
	}
	theRegisterIsFilled(t, s)
	theCellsHaveReviewed(t, s)
	theClassesAreHeld(t, s)
	theDossiersLieEverywhere(t, s)
	theSilentAreFound(t, s)
	theDuesArePaidAhead(t, s)
	thePapersLieInEveryState(t, s)
	theCasesAreInEveryState(t, s, clerkOf(t, s))
	theFormerMembersComeBack(t, s, clerkOf(t, s))
	theActsAreListed(t, s, clerkOf(t, s))
	theYearsAreRated(t, s, clerkOf(t, s))
	before := countPeople(t, db, s)
	if err := Fill(t.Context(), db, s); err != nil {
		t.Errorf("a second fill: %v", err)
	}
	if after := countPeople(t, db, s); after != before || before != inTheDemo() {
		t.Errorf("%d people, %d after a second fill", before, after)
	}
}

// clerkOf gives the viewer who entered the demo.
func clerkOf(t *testing.T, s *app.Services) access.Viewer {
	t.Helper()
	staff, err := s.Accounts.Find(t.Context(), access.System, clerk)
	if err != nil {
		t.Fatal(err)
	}
	return access.Viewer{AccountID: staff.ID, Username: clerk, Grants: []access.Grant{{Role: access.Staff, OrgID: 1, From: founded}}}
}

// thePapersLieInEveryState asks for a transfer in each state inside and outside, for some that were
// not presented in time, and for one who is not back from a temporary one.
func thePapersLieInEveryState(t *testing.T, s *app.Services) {
	t.Helper()
	v := clerkOf(t, s)
	list, err := s.Transfers.List(t.Context(), v, transfer.Query{Show: transfer.All})
	if err != nil {
		t.Fatal(err)
	}
	got := map[party.TransferState]int{}
	letters, members, replaced := 0, 0, 0
	for _, p := range list.Transfers {
		got[p.State]++
		letters += counted(p.Outside())
		members += counted(p.Kind == party.TransferMember)
		replaced += counted(p.ReplacesID != 0)
	}
	want := map[party.TransferState]int{party.TransferIssued: 7, party.TransferPresented: 1, party.TransferAccepted: 5, party.TransferReturned: 1, party.TransferRefused: 1, party.TransferCancelled: 2}
	if !maps.Equal(got, want) || letters != 6 || members != 8 || replaced != 1 {
		t.Errorf("papers: %v, %d letters, %d of members, %d in the place of others", got, letters, members, replaced)
	}
	if _, late, err := s.Transfers.Counts(t.Context(), v); err != nil || late != 3 {
		t.Errorf("%d were not presented in time or are not back, %v", late, err)
	}
}

// theFormerMembersComeBack asks for one who was admitted again with the consent of the province, and for one
// who still waits.
func theFormerMembersComeBack(t *testing.T, s *app.Services, v access.Viewer) {
	t.Helper()
	stages := map[party.Stage]int{}
	for _, r := range returnings {
		list, err := s.People.List(t.Context(), v, people.Query{Search: r.number})
		if err != nil || len(list.Rows) != 1 {
			t.Fatalf("%s: %v, %v", r.name, list.Rows, err)
		}
		stages[list.Rows[0].Stage]++
	}
	if want := map[party.Stage]int{party.StageProbationary: 1, party.StageFormer: 1}; !maps.Equal(stages, want) {
		t.Errorf("former members: %v", stages)
	}
	register, err := s.Decisions.List(t.Context(), v, decision.Query{Kind: decision.Admission, Year: 2026})
	if err != nil || !slices.ContainsFunc(register.Entries, func(e decision.Entry) bool { return e.Again == 1 }) {
		t.Errorf("no re-admission in the register: %v", err)
	}
}

// theCasesAreInEveryState asks for a case in each state and of each way.
func theCasesAreInEveryState(t *testing.T, s *app.Services, v access.Viewer) {
	t.Helper()
	list, err := s.Departures.List(t.Context(), v, departure.Query{})
	if err != nil {
		t.Fatal(err)
	}
	states, ways := map[party.CaseState]int{}, map[party.Way]int{}
	for _, c := range list.Cases {
		states[c.State]++
		ways[c.Way]++
	}
	for _, state := range party.CaseStates {
		if states[state] == 0 {
			t.Errorf("no case is %s", state)
		}
	}
	for _, way := range party.Ways {
		if ways[way] == 0 {
			t.Errorf("nobody is %s", way)
		}
	}
}

// theActsAreListed asks for a reorganisation of each kind, and one that was undone.
func theActsAreListed(t *testing.T, s *app.Services, v access.Viewer) {
	t.Helper()
	list, err := s.Reorganisations.List(t.Context(), v, reorganisation.Cursor{})
	if err != nil {
		t.Fatal(err)
	}
	kinds, undone := map[party.ActKind]int{}, 0
	for _, a := range list.Acts {
		kinds[a.Kind]++
		undone += counted(a.UndoneAt != nil)
	}
	if len(kinds) != len(party.ActKinds)+1 || undone != 1 { // and foundations
		t.Errorf("acts %v, %d undone", kinds, undone)
	}
}

// theSilentAreFound asks for a silent member at each threshold, and one about whom something was done.
func theSilentAreFound(t *testing.T, s *app.Services) {
	t.Helper()
	v := clerkOf(t, s)
	list, err := s.Warnings.List(t.Context(), v, warning.Query{Kind: party.WarnInactive})
	if err != nil {
		t.Fatal(err)
	}
	levels := map[int]int{}
	for _, it := range list.Items {
		levels[it.Level]++
	}
	if want := map[int]int{1: 2, 2: 1, 3: 1}; !maps.Equal(levels, want) {
		t.Errorf("silent months: %v members, want %v", levels, want)
	}
	if looked, differ, err := s.Warnings.Examine(t.Context()); err != nil || looked == 0 || len(differ) > 0 {
		t.Errorf("warnings of %d members differ: %v, %v", looked, differ, err)
	}
}

// theDuesArePaidAhead asks for a cell that paid for months to come, one in which some did, and somebody
// who is freed of dues.
func theDuesArePaidAhead(t *testing.T, s *app.Services) {
	t.Helper()
	v := clerkOf(t, s)
	tree, err := s.Organisations.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]string{"SVNN": "all", "LTT": "some", "VT": "freed"} {
		o, _ := tree.ByCode(code)
		g, err := s.Cells.Register(t.Context(), v, o.OrgID, 2026)
		if err != nil {
			t.Fatal(err)
		}
		ahead, freed := 0, false
		for _, r := range g.Rows {
			ahead += counted(r.Ahead > 0)
			freed = freed || r.Year[11].Standing == party.DuesStandFreed
		}
		got := map[string]bool{"all": ahead == len(g.Rows), "some": ahead == 3, "freed": freed}
		if !got[want] {
			t.Errorf("%s: %d of %d paid ahead, freed: %v", code, ahead, len(g.Rows), freed)
		}
	}
}

// theRegisterIsFilled asks for each kind of decision and each state of a ceremony, once.
func theRegisterIsFilled(t *testing.T, s *app.Services) {
	t.Helper()
	v := clerkOf(t, s)
	for kind, least := range map[decision.Kind]int{decision.Admission: 10, decision.Recognition: 5, decision.Extension: 1, decision.Cancellation: 1} {
		list, err := s.Decisions.List(t.Context(), v, decision.Query{Kind: kind})
		if err != nil || list.Count < least {
			t.Errorf("%d decisions of %s: %v", list.Count, kind, err)
		}
	}
	for _, state := range []ceremony.State{ceremony.Held, ceremony.Planned} {
		list, err := s.Ceremonies.List(t.Context(), v, ceremony.Query{State: state})
		if err != nil || len(list.Entries) != 1 || list.Entries[0].People == 0 {
			t.Errorf("ceremonies %s: %+v, %v", state, list.Entries, err)
		}
	}
}

// theClassesAreHeld asks for a class of 25 of whom 23 passed, one that goes on, one whose nominations wait,
// and one of new members.
func theClassesAreHeld(t *testing.T, s *app.Services) {
	t.Helper()
	v := clerkOf(t, s)
	list, err := s.Classes.List(t.Context(), v, class.Query{})
	if err != nil {
		t.Fatal(err)
	}
	for number, want := range map[string]struct {
		state  class.State
		counts class.Counts
	}{
		"03/2026":     {class.Closed, class.Counts{Approved: 25, Results: 25, Passed: 23}},
		"04/2026":     {class.Running, class.Counts{Approved: 18}},
		"01/2027":     {class.Planned, class.Counts{Nominated: 8}},
		"ĐVM-01/2026": {class.Finished, class.Counts{Approved: 10, Results: 10, Passed: 10}},
	} {
		i := slices.IndexFunc(list.Classes, func(c class.Class) bool { return c.Number == number })
		if i < 0 {
			t.Errorf("there is no class %s", number)
			continue
		}
		c, err := s.Classes.Get(t.Context(), v, list.Classes[i].ID)
		if err != nil || c.State != want.state || c.Counts != want.counts {
			t.Errorf("%s: %s %+v, %v", number, c.State, c.Counts, err)
		}
		entered, refused := 0, 0
		for _, o := range c.Sessions {
			if o.Entered {
				entered++
			}
		}
		for _, m := range c.Members {
			if m.State == class.Refused && m.Reason != "" {
				refused++
			}
		}
		if number == "04/2026" && (entered != 4 || entered == len(c.Sessions)) || number == "01/2027" && refused != 3 {
			t.Errorf("%s: attendance of %d sessions of %d, %d refused", number, entered, len(c.Sessions), refused)
		}
	}
	register, err := s.Classes.Register(t.Context(), v, class.RegisterQuery{Kind: class.Certificate, Year: 2026})
	cancelled := 0
	for i, n := range register.Numbers {
		if n.Gap || n.Number != i+1 {
			t.Errorf("place %d of the register: %+v", i, n)
		}
		if !n.CancelledOn.IsZero() {
			cancelled++
		}
	}
	if err != nil || len(register.Numbers) != 34 || cancelled != 1 {
		t.Errorf("%d certificates, %d cancelled, %v", len(register.Numbers), cancelled, err)
	}
}

// theDossiersLieEverywhere asks for whole dossiers and lacking ones, letters that are late, and dossiers
// in every state on their way at both levels.
func theDossiersLieEverywhere(t *testing.T, s *app.Services) {
	t.Helper()
	v := clerkOf(t, s)
	tree, err := s.Organisations.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, id := range tree.Below(1) {
		if o, _ := tree.Of(id); !o.Kind.IsCell() {
			continue
		}
		grid, err := s.Documents.Grid(t.Context(), v, document.GridQuery{OrgID: id, Stage: party.AdmissionDossier})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range grid.Rows {
			found["whole"] += counted(row.Complete(row.Level))
			found["lacking"] += counted(len(row.Lacking(row.Level)) > 0)
			for _, l := range row.Letters {
				due, _, waits := row.LetterDue(l)
				found["late letter"] += counted(waits && due.Before(s.Documents.Today()))
				found["letter that waits"] += counted(waits && !due.Before(s.Documents.Today()))
				found["answered letter"] += counted(!l.AnsweredOn.IsZero())
			}
		}
	}
	list, err := s.Submissions.List(t.Context(), v, submission.Query{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list.Entries {
		at, _ := tree.Of(e.At)
		found[string(e.Submission.State)+" at "+string(at.Kind)]++
	}
	for _, what := range []string{"whole", "lacking", "late letter", "letter that waits", "answered letter", "waiting at grassroots_committee", "accepted at grassroots_committee",
		"waiting at upper_committee", "accepted at upper_committee", "returned at cell"} {
		if found[what] == 0 {
			t.Errorf("no %s in %v", what, found)
		}
	}
	if looked, differ, err := s.Submissions.Examine(t.Context()); err != nil || looked == 0 || len(differ) > 0 {
		t.Errorf("check of %d submissions: %v, %v", looked, differ, err)
	}
}

func counted(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// theCellsHaveReviewed asks for held reviews with people added and dropped, the draft, and the one cell
// that is late.
func theCellsHaveReviewed(t *testing.T, s *app.Services) {
	t.Helper()
	v := clerkOf(t, s)
	board, err := s.Reviews.Board(t.Context(), v, 0, review.Cursor{})
	if err != nil || len(board.Drafts) != 1 || len(board.Overdue) != 1 || board.Overdue[0].Last != spring {
		t.Errorf("%d drafts, late: %+v, %v", len(board.Drafts), board.Overdue, err)
	}
	added, dropped := 0, 0
	for _, l := range board.Held {
		added, dropped = added+l.Added, dropped+l.Dropped
	}
	if len(board.Held) < 2 || added != 4 || dropped != 2 {
		t.Errorf("%d reviews held, %d added, %d dropped", len(board.Held), added, dropped)
	}
	results, titles := 0, 0
	for _, l := range board.Held {
		o, err := s.Reviews.Get(t.Context(), v, l.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range o.People {
			if p.Study != "" {
				results++
			}
			titles += p.Titles
		}
	}
	if results < 50 || titles < 30 {
		t.Errorf("%d results and %d titles among those reviewed", results, titles)
	}
}

// inTheDemo counts the cast and those whom the resolutions of the Youth Union name.
func inTheDemo() int {
	n := introducedInTermOne + membersAtTermEnd - admittedInTermOne + introducedInTermTwo + len(returnings)
	for _, p := range unionPapers {
		n += p.people
	}
	return n
}

func countPeople(t *testing.T, db *postgres.DB, s *app.Services) int {
	t.Helper()
	f := &filler{db: db, s: s, orgs: map[string]int32{}}
	if err := f.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := s.People.List(t.Context(), f.viewer, people.Query{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	return list.Count
}

// A fill that is cut off anywhere goes on where it stopped.
func TestACutOffFillGoesOn(t *testing.T) {
	t.Parallel()
	db, s := newHouse(t)
	f := &filler{db: db, s: s, orgs: map[string]int32{}}
	if err := f.begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := f.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	some := newCast(f.orgs, f.classes).everybody()[:portion]
	if _, err := s.People.EnterHistories(t.Context(), f.viewer, some); err != nil {
		t.Fatal(explained(err))
	}
	if err := Fill(t.Context(), db, s); err != nil {
		t.Fatal(err)
	}
	if n := countPeople(t, db, s); n != inTheDemo() {
		t.Errorf("%d people", n)
	}
}

func TestADatabaseInUseIsNotFilled(t *testing.T) {
	t.Parallel()
	db, s := newHouse(t)
	f := &filler{db: db, s: s, orgs: map[string]int32{}}
	if err := f.begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := f.openAccounts(t.Context()); err != nil {
		t.Fatal(err)
	}
	conn, err := db.OwnerConn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	if _, err := conn.Exec(t.Context(), `update accounts set username = 'somebody' where username = $1`, clerk); err != nil {
		t.Fatal(err)
	}
	if err := Fill(t.Context(), db, s); fault.KindOf(err) != fault.Conflict {
		t.Errorf("got %v", err)
	}
}
