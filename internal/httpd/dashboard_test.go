package httpd_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/party"
)

// figureLink is a figure of the dashboard that leads to its names, in a card or in a table.
var figureLink = regexp.MustCompile(`<a href="(/dashboard/names\?[^"]*)">\s*([0-9.]+)\s*<`)

// nameRow is a row of the names behind a figure.
var nameRow = regexp.MustCompile(`<a href="/people/\d+">`)

func populate(s *server.Server) {
	for _, code := range []string{"LTT", "SVKT", "CHUYEN"} {
		for _, upTo := range []party.StepKind{party.Introduced, party.ClassResult, party.CellResolution, party.Decided, party.Ceremony} {
			s.Enter(s.Fields(code, fmt.Sprintf("Nguyễn Thị %s %s", code, upTo)), upTo)
		}
	}
}

// Every number of the page that can be followed leads to as many names: cards, months, and the
// organisations below.
func TestEveryNumberOfTheDashboardLeadsToSoManyNames(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	populate(s)
	for username, asOf := range map[string]string{"vanphong": "", "coso.gd": "2026-05-31", "bithu.ltt": ""} {
		browser := s.SignIn(t, username)
		page := browser.Look("/dashboard?as_of=" + asOf)
		links := figureLink.FindAllStringSubmatch(page.Body, -1)
		if page.Status != http.StatusOK || len(links) < 8 {
			t.Fatalf("%s: %d with %d figures that lead to names", username, page.Status, len(links))
		}
		seen := map[string]bool{}
		for _, link := range links {
			href := html.UnescapeString(link[1])
			if seen[href] {
				continue
			}
			seen[href] = true
			want, err := strconv.Atoi(link[2])
			if err != nil {
				t.Fatal(err)
			}
			names := browser.Look(href)
			if got := len(nameRow.FindAllString(names.Body, -1)); names.Status != http.StatusOK || got != want {
				t.Errorf("%s, %s: %d with %d names, the figure is %d", username, href, names.Status, got, want)
			}
			if !names.Says(fmt.Sprintf("%d người", want)) {
				t.Errorf("%s, %s: the heading does not say %d", username, href, want)
			}
		}
	}
}

func TestTheDashboardBeginsWithOnesOwnOrganisation(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	populate(s)
	for username, heading := range map[string]string{"vanphong": "Đảng ủy K", "coso.dh": "Đảng bộ DH", "bithu.ltt": "Chi bộ LTT"} {
		a := s.SignIn(t, username).Look("/dashboard")
		if a.Status != http.StatusOK || !strings.Contains(a.Body[strings.Index(a.Body, "<h1"):], heading) {
			t.Errorf("%s: %d, no heading of %s", username, a.Status, heading)
		}
	}
}

func TestAddressesOfTheDashboardThatAreNone(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	populate(s)
	for path, want := range map[string]int{
		"/dashboard?term=1999-2000":                                             http.StatusNotFound,
		"/dashboard?org=999999":                                                 http.StatusNotFound,
		"/dashboard?org=x":                                                      http.StatusNotFound,
		fmt.Sprintf("/dashboard?org=%d", s.Org("K")):                            http.StatusNotFound, // above the viewer's own
		fmt.Sprintf("/dashboard?org=%d", s.Org("NTH")):                          http.StatusNotFound,
		"/dashboard/names":                                                      http.StatusNotFound,
		"/dashboard/names?figure=happy":                                         http.StatusNotFound,
		"/dashboard/names?figure=admitted&month=1999-01-01":                     http.StatusNotFound,
		"/dashboard/names?figure=admitted&month=hom-nay":                        http.StatusUnprocessableEntity,
		"/dashboard/names?figure=admitted&as_of=31/02/2026":                     http.StatusUnprocessableEntity,
		"/dashboard/names?figure=admitted&after=x":                              http.StatusUnprocessableEntity,
		"/dashboard/names?figure=admitted&org=999999":                           http.StatusNotFound,
		fmt.Sprintf("/dashboard/names?figure=admitted&org=%d", s.Org("CHUYEN")): http.StatusNotFound,
	} {
		a := s.SignIn(t, "bithu.ltt").Look(path)
		if a.Status != want || a.Says("CHUYEN") || a.Says("⟦") {
			t.Errorf("%s: %d, want %d", path, a.Status, want)
		}
	}
	browser := s.SignIn(t, "vanphong")
	if a := browser.Look("/dashboard?colour=red"); a.Status != http.StatusOK || !a.Says("colour") {
		t.Errorf("a parameter that is not known: %d, named: %t", a.Status, a.Says("colour"))
	}
	if a := browser.Look("/dashboard?as_of=31/02/2026"); a.Status != http.StatusOK || !a.Says("Nhập ngày có thật") {
		t.Errorf("a day that does not exist: %d", a.Status)
	}
}

func TestTheWorkListSaysWhatIsLateInWords(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	id := s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Decided)
	for username, offered := range map[string]bool{"bithu.ltt": true, "kiemtra": false} {
		a := s.SignIn(t, username).Look("/worklist")
		if a.Status != http.StatusOK || !a.Says("1 việc đã quá hạn") || !a.Says("Quá hạn") {
			t.Errorf("%s: %d, what is late is not said", username, a.Status)
		}
		if a.Says(personAt(id, "/steps/ceremony")) != offered {
			t.Errorf("%s: the form of the step is offered: %t", username, !offered)
		}
	}
	if a := s.SignIn(t, "bithu.nth").Look("/worklist"); a.Status != http.StatusOK || !a.Says("Không có việc nào đến hạn") || a.Says("Ánh") {
		t.Errorf("nothing is due: %d", a.Status)
	}
}

func TestAddressesOfTheWorkListThatAreNone(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	s.Enter(s.Fields("LTT", "Nguyễn Thị Ánh"), party.Decided)
	browser := s.SignIn(t, "bithu.ltt")
	for path, want := range map[string]int{"/worklist?org=999999": http.StatusNotFound, "/worklist?org=x": http.StatusNotFound,
		fmt.Sprintf("/worklist?org=%d", s.Org("NTH")): http.StatusNotFound, "/worklist?after=x": http.StatusUnprocessableEntity} {
		if a := browser.Look(path); a.Status != want || a.Says("Ánh") {
			t.Errorf("%s: %d, want %d", path, a.Status, want)
		}
	}
	for path, named := range map[string]string{"/worklist?colour=red": "colour", "/worklist?kind=dance": "kind"} {
		a := browser.Look(path)
		notice := regexp.MustCompile(`đã bỏ qua: ` + named).MatchString(a.Body)
		if a.Status != http.StatusOK || !a.Says("Ánh") || !notice {
			t.Errorf("%s: %d, what was left out is named: %t", path, a.Status, notice)
		}
	}
}
