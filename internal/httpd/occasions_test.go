package httpd_test

import (
	"fmt"
	"html"
	"net/http"
	"strings"
	"testing"

	"ketnap/internal/apptest/server"
	"ketnap/internal/ceremony"
	"ketnap/internal/decision"
	"ketnap/internal/party"
)

// Each number by occasion leads to as many names, and they add up to the figure of the term.
func TestAdmissionsAreGroupedByOccasion(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	s.Enter(s.Fields("SVKT", "Lê Không Dịp"), party.Ceremony)
	ids, _ := someWaiting(s, 3)
	if _, err := s.Decisions.Issue(t.Context(), s.Viewer("vanphong"), decision.Issue{People: ids, Fields: decision.Fields{OrgID: s.Org("K"),
		Kind: decision.Admission, IssuedOn: party.MustDate("2026-06-10")}}); err != nil {
		t.Fatal(err)
	}
	for i, occasion := range []party.Occasion{party.YouthSummerCampaign, party.NationalDay} {
		people := [][]int64{ids[:2], ids[2:]}[i]
		id, err := s.Ceremonies.Plan(t.Context(), s.Viewer("bithu.ltt"), ceremony.Planning{People: people,
			Fields: ceremony.Fields{OrgID: s.Org("LTT"), PlannedOn: party.MustDate("2026-07-01"), Occasion: occasion}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Ceremonies.Hold(t.Context(), s.Viewer("bithu.ltt"), ceremony.Holding{ID: id, Version: 1, HeldOn: party.MustDate("2026-07-01"), People: people}); err != nil {
			t.Fatal(err)
		}
	}
	for username, want := range map[string]map[string]int{
		"vanphong":  {"none": 1, "youth_summer_campaign": 2, "anniversary_2_9": 1, "": 4},
		"coso.dh":   {"none": 1, "": 1},
		"bithu.ltt": {"youth_summer_campaign": 2, "anniversary_2_9": 1, "": 3},
	} {
		b := s.SignIn(t, username)
		page := b.Look("/dashboard/occasions?term=2025-2030")
		links := figureLink.FindAllStringSubmatch(page.Body, -1)
		if page.Status != http.StatusOK || len(links) != len(want) {
			t.Errorf("%s: %d with %d numbers, want %d", username, page.Status, len(links), len(want))
		}
		for _, link := range links {
			href := html.UnescapeString(link[1])
			_, occasion, _ := strings.Cut(href, "occasion=")
			names := b.Look(href)
			n := len(nameRow.FindAllString(names.Body, -1))
			if fmt.Sprint(want[occasion]) != link[2] || n != want[occasion] || !names.Says(fmt.Sprintf("%d người", n)) {
				t.Errorf("%s, %q: the page says %s, there are %d names, want %d", username, occasion, link[2], n, want[occasion])
			}
		}
	}
	b := s.SignIn(t, "vanphong")
	if page := b.Look("/dashboard?term=2025-2030"); !page.Says("/dashboard/occasions?") {
		t.Error("the dashboard does not lead there")
	}
	for path, status := range map[string]int{"/dashboard/occasions?as_of=x": http.StatusUnprocessableEntity, "/dashboard/occasions?term=x": http.StatusNotFound,
		"/dashboard/names?figure=introduced&occasion=none": http.StatusNotFound, "/dashboard/names?figure=admitted&occasion=x": http.StatusOK} {
		if page := b.Look(path); page.Status != status {
			t.Errorf("%s: %d, want %d", path, page.Status, status)
		}
	}
}
