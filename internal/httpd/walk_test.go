package httpd_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"ketnap/internal/access"
	"ketnap/internal/apptest/server"
	"ketnap/internal/assessment"
	"ketnap/internal/class"
	"ketnap/internal/departure"
	"ketnap/internal/httpd"
	"ketnap/internal/introduction"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/reorganisation"
	"ketnap/internal/review"
	"ketnap/internal/submission"
	"ketnap/internal/transfer"
)

// address fills the pattern of a route with the records of the test's installation.
func (w *walk) address(pattern string) string {
	path := pattern
	if strings.HasPrefix(path, "/classes/") {
		path = strings.NewReplacer("{session}", fmt.Sprint(w.session), "{person}", fmt.Sprint(w.person)).Replace(path)
	}
	for name, value := range map[string]string{
		"{kind}": string(party.Planned), "{step}": "1", "{session}": "999999", "{grant}": fmt.Sprint(w.grant), "{day}": "2026-01-01", "{rule}": "age.min",
	} {
		path = strings.ReplaceAll(path, name, value)
	}
	if path == "/dashboard/names" {
		path += "?figure=introduced"
	}
	if path == "/assessments/names" {
		path += "?figure=waiting"
	}
	id := "1"
	switch {
	case strings.HasPrefix(path, "/people/"):
		id = fmt.Sprint(w.person)
	case strings.HasPrefix(path, "/organisations/"), strings.HasPrefix(path, "/cells/"):
		id = fmt.Sprint(w.Org("LTT"))
	case strings.HasPrefix(path, "/reviews/"):
		id = fmt.Sprint(w.review)
	case strings.HasPrefix(path, "/classes/"):
		id = fmt.Sprint(w.ClassID)
	case strings.HasPrefix(path, "/introductions/"):
		id = fmt.Sprint(w.introduction)
	case strings.HasPrefix(path, "/decisions/"):
		id = fmt.Sprint(w.decision)
	case strings.HasPrefix(path, "/submissions/"):
		id = fmt.Sprint(w.submission)
	case strings.HasPrefix(path, "/cases/"):
		id = fmt.Sprint(w.leaving)
	case strings.HasPrefix(path, "/reorganisations/"):
		id = fmt.Sprint(w.act)
	case strings.HasPrefix(path, "/transfers/"):
		id = fmt.Sprint(w.transfer)
	case strings.HasPrefix(path, "/ceremonies/"):
		id = fmt.Sprint(w.ceremony)
	case strings.HasPrefix(path, "/admin/accounts/"):
		id = fmt.Sprint(w.Viewer("doan.svcn").AccountID)
	}
	return strings.ReplaceAll(path, "{id}", id)
}

// endCell ends an empty cell and gives the act.
func endCell(t *testing.T, s *server.Server) int64 {
	t.Helper()
	cell := s.Found(organisation.Details{Name: "Chi bộ cũ", Code: "CU", Kind: party.GrassrootsCell, ParentID: s.Org("K"), From: party.MustDate("2020-01-01")})
	id, err := s.Reorganisations.Carry(t.Context(), s.Viewer("vanphong"), reorganisation.Act{On: party.MustDate("2026-10-02"),
		Reorganisation: party.Reorganisation{Kind: party.EndOrg, Orgs: []int32{cell}},
		Decision:       reorganisation.Decision{Number: "7-QĐ/ĐU", On: party.MustDate("2026-10-01"), Issuer: "Đảng ủy Khối"}})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

type walk struct {
	*server.Server
	grant  int64 // of the account doan.svcn
	routes []httpd.Route
	person int64 // of the cell LTT
	// of somebody of the cell LTT
	decision, ceremony int64
	introduction       int64
	submission         int64 // of somebody of the cell LTT
	leaving            int64 // a case about somebody of the cell LTT
	transfer           int64 // of somebody of the cell LTT to a letter outside
	act                int64 // that ended an empty cell
	session            int64 // of the class, to which the person is nominated
	review             int64 // of the cell LTT, held
}

func newWalk(t *testing.T) *walk {
	t.Helper()
	s := server.New(t)
	routes, err := httpd.Routes(httpd.Deps{Services: s.Services, DB: s.DB, Today: s.Now})
	if err != nil {
		t.Fatal(err)
	}
	w := &walk{Server: s, routes: routes, person: s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Introduced)}
	somebody, _, err := s.Accounts.Get(t.Context(), s.Viewer("quantri"), s.Viewer("doan.svcn").AccountID)
	if err != nil {
		t.Fatal(err)
	}
	w.grant = somebody.Grants[0].ID
	w.decision, w.ceremony = decideAndPlan(t, s, s.Enter(s.Fields("LTT", "Lê Thị Ánh"), party.Endorsed))
	done, err := s.Introductions.Enter(t.Context(), s.Viewer("doan.ltt"), introduction.Entry{Fields: introduction.Fields{OrgID: s.Org("LTT"), Union: "Đoàn trường",
		Number: "1-NQ/ĐTN", On: party.MustDate("2026-10-01")}, Lines: []introduction.Line{{Name: "Hồ Thị Nương", Born: party.MustDate("2008-03-01")}}})
	if err != nil {
		t.Fatal(err)
	}
	w.introduction = done.ID
	w.review, err = s.Reviews.Save(t.Context(), s.Viewer("bithu.ltt"), review.Save{Hold: true, Confirmed: true, Fields: review.Fields{OrgID: s.Org("LTT"), Year: 2026, MetOn: party.MustDate("2026-11-01")},
		Entries: []review.Entry{{PersonID: w.person, Outcome: party.ReviewKeep}}})
	if err != nil {
		t.Fatal(err)
	}
	w.submission = handIn(t, s, s.Enter(s.Fields("LTT", "Đỗ Thị Ánh"), party.CellResolution))
	member := s.Enter(s.Fields("LTT", "Cao Thị Ánh"), party.Ceremony)
	w.leaving = openCase(t, s, member)
	rateYear(t, s, member)
	w.transfer = moveAway(t, s, s.Enter(s.Fields("LTT", "Mai Thị Ánh"), party.Planned))
	w.session = beginClass(t, s, w.person)
	w.act = endCell(t, s)
	return w
}

// rateYear puts a member of the cell LTT on both sheets of the year.
func rateYear(t *testing.T, s *server.Server, person int64) {
	t.Helper()
	for kind, said := range map[assessment.Kind]assessment.Said{assessment.Rating: {Proposed: party.AssessedGood}, assessment.Screening: {Category: "tasks"}} {
		if _, err := s.Assessments.Save(t.Context(), s.Viewer("bithu.ltt"), assessment.Entry{Which: assessment.Which{OrgID: s.Org("LTT"), Kind: kind, Year: 2026},
			MetOn: party.MustDate("2026-11-20"), Rows: map[int64]assessment.Said{person: said}}); err != nil {
			t.Fatal(err)
		}
	}
}

// openCase opens a case about a member of the cell LTT.
func openCase(t *testing.T, s *server.Server, person int64) int64 {
	t.Helper()
	id, err := s.Departures.Open(t.Context(), s.Viewer("bithu.ltt"), departure.Opening{PersonID: person, Way: party.WayAsked, Reason: "Đơn xin ra", On: party.MustDate("2026-10-01")})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// moveAway writes a letter for somebody of the cell LTT who goes to an organisation outside.
func moveAway(t *testing.T, s *server.Server, person int64) int64 {
	t.Helper()
	done, err := s.Transfers.Issue(t.Context(), s.Viewer("vanphong"), transfer.Issue{From: s.Org("LTT"), ToText: "Chi bộ Phường 1", IssuerID: s.Org("GD"),
		On: party.MustDate("2026-11-01"), People: []int64{person}})
	if err != nil {
		t.Fatal(err)
	}
	return done.Rows[0].ID
}

// handIn hands in somebody's dossier of the cell LTT.
func handIn(t *testing.T, s *server.Server, person int64) int64 {
	t.Helper()
	v := s.Viewer("bithu.ltt")
	if _, err := s.Submissions.Send(t.Context(), v, submission.Sending{CellID: s.Org("LTT"), Kind: party.AdmissionDossier, People: []int64{person}}); err != nil {
		t.Fatal(err)
	}
	list, err := s.Submissions.OfPerson(t.Context(), v, person)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	return list[0].ID
}

// beginClass plans the days of the installation's class, puts somebody on its roster and gives its
// first session.
func beginClass(t *testing.T, s *server.Server, person int64) int64 {
	t.Helper()
	v := s.Viewer("vanphong")
	_, err := s.Classes.AddDays(t.Context(), v, class.Days{ClassID: s.ClassID, Weekdays: []time.Weekday{time.Saturday}, Part: party.ClassDay})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Classes.Nominate(t.Context(), v, class.Nomination{ClassID: s.ClassID, People: []int64{person}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Classes.Answer(t.Context(), v, class.Answer{ClassID: s.ClassID, People: []int64{person}, Approve: true}); err != nil {
		t.Fatal(err)
	}
	c, err := s.Classes.Get(t.Context(), v, s.ClassID)
	if err != nil {
		t.Fatal(err)
	}
	return c.Sessions[0].ID
}

// Every address asks for its right: nobody without one gets past it, and nothing fails.
func TestEveryRouteAsksForItsRight(t *testing.T) {
	t.Parallel()
	w := newWalk(t)
	for _, username := range append(w.Usernames(), "") {
		t.Run("as "+username, func(t *testing.T) {
			browser := w.SignIn(t, username)
			for _, route := range w.routes {
				if route.Action == access.Public || strings.HasPrefix(route.Pattern, "/logout") {
					continue
				}
				path := w.address(route.Pattern)
				var a server.Answer
				if route.Method == http.MethodGet {
					a = browser.Look(path)
				} else {
					a = browser.Send(path, url.Values{})
				}
				name := route.Method + " " + path
				switch {
				case a.Status >= 500:
					t.Errorf("%s: %d", name, a.Status)
				case username == "" && !asksToSignIn(a):
					t.Errorf("%s without signing in: %d %s", name, a.Status, a.Location)
				case username != "" && route.Action != access.SignedIn && !w.Viewer(username).May(route.Action) && a.Status != http.StatusForbidden:
					t.Errorf("%s without the right to %s: %d", name, route.Action, a.Status)
				}
				if strings.Contains(path, "{") {
					t.Errorf("%s: the walk does not know how to fill %s", name, route.Pattern)
				}
			}
		})
	}
}

func asksToSignIn(a server.Answer) bool {
	return a.Status == http.StatusUnauthorized || a.Status == http.StatusSeeOther && strings.HasPrefix(a.Location, "/login")
}

// aboutSomebody are the beginnings of the patterns that show a record about a person.
var aboutSomebody = []string{"/people/{id}", "/decisions/{id}", "/ceremonies/{id}", "/submissions/{id}", "/transfers/{id}", "/cases/{id}"}

// Whoever has the role, but for other organisations, is answered as if the person did not exist.
func TestNoRouteShowsAPersonOfAnotherOrganisation(t *testing.T) {
	t.Parallel()
	w := newWalk(t)
	nobody := "999999999"
	for _, username := range []string{"bithu.nth", "doan.nth", "doan.ltt", "coso.dh", "bithu.svkt", "bithu.chuyen", "quantri"} {
		browser := w.SignIn(t, username)
		for _, route := range w.routes {
			if !slices.ContainsFunc(aboutSomebody, func(begin string) bool { return strings.HasPrefix(route.Pattern, begin) }) {
				continue
			}
			ask := browser.Look
			if route.Method == http.MethodPost {
				ask = func(path string) server.Answer { return browser.Send(path, url.Values{"on": {"2026-10-01"}}) }
			}
			here, nowhere := w.address(route.Pattern), strings.Replace(route.Pattern, "{id}", nobody, 1)
			nowhere = w.address(nowhere)
			a, b := ask(here), ask(nowhere)
			if a.Status != b.Status || !slices.Contains([]int{http.StatusNotFound, http.StatusForbidden}, a.Status) {
				t.Errorf("%s %s as %s: %d, and %d for one who does not exist", route.Method, here, username, a.Status, b.Status)
			}
			if a.Says("Ánh") {
				t.Errorf("%s %s as %s tells the name", route.Method, here, username)
			}
		}
		for _, path := range []string{"/people", "/people?q=anh", "/people?q=Nguyen+Thi+Anh", "/worklist", "/dashboard", "/reviews", fmt.Sprintf("/reviews/%d", w.review), fmt.Sprintf("/reviews/%d/minutes", w.review), fmt.Sprintf("/cells/%d/achievements", w.Org("LTT")),
			"/assessments", fmt.Sprintf("/assessments/names?figure=waiting&org=%d", w.Org("LTT")), fmt.Sprintf("/cells/%d/assessment", w.Org("LTT")), fmt.Sprintf("/cells/%d/screening/minutes", w.Org("LTT")),
			"/cases", "/decisions", "/ceremonies", "/decisions/new", "/ceremonies/new", "/submissions", "/submissions?tab=open", "/submissions/new", fmt.Sprintf("/submissions/new?org=%d", w.Org("LTT")), fmt.Sprintf("/cells/%d/dossiers", w.Org("LTT"))} {
			if a := browser.Look(path); a.Says("Ánh") || a.Status >= 500 {
				t.Errorf("%s as %s: %d, tells the name: %v", path, username, a.Status, a.Says("Ánh"))
			}
		}
	}
}
