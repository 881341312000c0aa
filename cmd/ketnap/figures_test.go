package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/party"
	"ketnap/internal/report"
)

// The keys are what other programs read; they stay.
func TestATermsReportHasItsFixedKeys(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	h.Enter(h.Fields("SVKT", "Trần Thị Bình"), party.ClassResult)
	h.Enter(h.Fields("CHUYEN", "Lê Thị Cúc"), party.Introduced)
	r, err := h.Reports.TermAsSystem(t.Context(), report.TermQuery{Term: "2025-2030"}, "")
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(figuresOf(r))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"term":"2025-2030","organisation":"K","as_of":"2026-11-23","organisations_with_members":1,"classes":1,"introduced":3,` +
		`"planned":2,"certified":2,"proposed":1,"admitted":1,"recognised":0,"members_now":1}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var text strings.Builder
	if err := figuresOf(r).write(&text); err != nil || !strings.Contains(text.String(), "introduced                  3\n") {
		t.Errorf("as text: %v\n%s", err, text.String())
	}
}

func TestTheCheckIsCleanUntilSomethingStoredDiffers(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	found, err := check(t.Context(), h.Services)
	if err != nil || !found.Clean {
		t.Fatalf("of a sound house: %+v %v", found, err)
	}
	if found.Checked.People != 1 || found.Checked.Organisations != 8 || found.Checked.Counts < 1 {
		t.Errorf("it looked at %+v", found.Checked)
	}
	var sound strings.Builder
	if err := found.write(&sound); err != nil || !strings.HasPrefix(sound.String(), "checked: 1 people, 8 organisations, ") || !strings.HasSuffix(sound.String(), " counts\ncheck: clean\n") {
		t.Errorf("of a sound house it says %q %v", sound.String(), err)
	}
	owner, err := h.DB.OwnerConn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = owner.Close(context.WithoutCancel(t.Context())) }()
	if _, err := owner.Exec(t.Context(), `update figure_counts set n = 7 where figure = 'admitted' and org_id = $1`, h.Org("K")); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	found, err = check(t.Context(), h.Services)
	if err != nil || found.Clean || len(found.Counts) != 1 {
		t.Errorf("one count is wrong, found are %+v %v", found, err)
	}
	if err := found.write(&text); err != nil || !strings.Contains(text.String(), "admitted") || !strings.HasSuffix(text.String(), "check: differs\n") {
		t.Errorf("it says %q %v", text.String(), err)
	}
}
