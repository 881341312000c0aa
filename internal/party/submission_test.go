package party_test

import (
	"fmt"
	"testing"

	"ketnap/internal/party"
)

func TestTheRouteOfADossier(t *testing.T) {
	t.Parallel()
	up, base, section, cell, baseCell := party.UpperCommittee, party.GrassrootsCommittee, party.SectionalCommittee, party.Cell, party.GrassrootsCell
	for want, path := range map[string][]party.OrgKind{
		"[1 0]":   {up, base, cell},
		"[2 1 0]": {up, base, section, cell},
		"[0]":     {up, baseCell},
		"[1]":     {up, up, baseCell},
		"[2 1]":   {up, up, base, cell},
		"[]":      {baseCell},
	} {
		if got := fmt.Sprint(party.RouteUp(path)); got != want {
			t.Errorf("%v: %s, want %s", path, got, want)
		}
	}
	if got := party.RouteUp([]party.OrgKind{base, cell}); len(got) != 1 || got[0] != 0 {
		t.Errorf("a tree that begins with a grassroots committee: %v", got)
	}
}

func TestWhichActFitsWhichState(t *testing.T) {
	t.Parallel()
	acts := []party.SubmissionAct{party.HandedIn, party.AcceptedIt, party.ReturnedIt, party.HandedOn, party.Withdrawn}
	for state, want := range map[party.SubmissionState]string{
		"":                        "waiting - - - -",
		party.SubmissionWaiting:   "- accepted returned waiting withdrawn",
		party.SubmissionAccepted:  "- - returned waiting withdrawn",
		party.SubmissionReturned:  "waiting - - - withdrawn",
		party.SubmissionWithdrawn: "- - - - -",
		party.SubmissionDecided:   "- - - - -",
		party.SubmissionDropped:   "- - - - -",
	} {
		got := ""
		for _, act := range acts {
			if got != "" {
				got += " "
			}
			if after, ok := state.After(act); ok {
				got += string(after)
			} else {
				got += "-"
			}
		}
		if got != want {
			t.Errorf("%q: %s, want %s", state, got, want)
		}
	}
}

func TestWhatSpeaksAgainstHandingADossierUp(t *testing.T) {
	t.Parallel()
	planned := at(party.Planned, "2026-01-10", party.PlanningFacts{}, "")
	vote := at(party.CellResolution, "2026-05-15", party.CellVoteFacts{Adopted: true}, "3-NQ/CB")
	ceremony := at(party.Ceremony, "2025-06-19", party.CeremonyFacts{}, "")
	for name, tt := range map[string]struct {
		steps   []party.Step
		stage   party.DossierStage
		refuses string
		warns   string // first warning
	}{
		"not planned":         {nil, party.AdmissionDossier, "gate.submission.not_planned", ""},
		"no resolution":       {[]party.Step{planned}, party.AdmissionDossier, "", "gate.submission.no_vote"},
		"papers missing":      {[]party.Step{planned, vote}, party.AdmissionDossier, "", "gate.document.missing"},
		"decided":             {[]party.Step{planned, vote, at(party.Decided, "2026-06-10", party.DecisionFacts{}, "")}, party.AdmissionDossier, "gate.submission.decided", ""},
		"dropped":             {[]party.Step{planned, at(party.Dropped, "2026-06-10", party.DroppedFacts{}, "")}, party.AdmissionDossier, "gate.submission.dropped", ""},
		"no member yet":       {[]party.Step{planned}, party.RecognitionDossier, "gate.submission.no_member", ""},
		"a member, no vote":   {[]party.Step{ceremony}, party.RecognitionDossier, "", "gate.submission.no_vote"},
		"recognised already":  {[]party.Step{ceremony, at(party.RecognitionDecision, "2026-06-30", party.RecognitionDecisionFacts{}, "")}, party.RecognitionDossier, "gate.submission.decided", ""},
		"received, admission": {[]party.Step{at(party.Received, "2026-06-01", party.ReceivedFacts{JoinedOn: party.MustDate("2026-01-01")}, "")}, party.AdmissionDossier, "gate.submission.decided", ""},
	} {
		c := dossierOf("2026-07-01", underGrassroots, tt.steps...)
		v := c.Submit(c.Checklist(tt.stage, nil, nil, nil))
		refuses, warns := "", ""
		if r := v.Refusals(); len(r) > 0 {
			refuses = r[0].Key
		}
		if w := v.Warnings(); len(w) > 0 {
			warns = w[0].Key
		}
		if refuses != tt.refuses || warns != tt.warns {
			t.Errorf("%s: refuses %q warns %q, want %q and %q", name, refuses, warns, tt.refuses, tt.warns)
		}
	}
}

func TestWorkingDaysBetween(t *testing.T) {
	t.Parallel()
	c := party.NewCalendar([]party.CalendarDay{{Date: party.MustDate("2026-09-02"), Kind: party.Holiday}})
	for until, want := range map[string]int{"2026-08-28": 0, "2026-08-29": 0, "2026-08-31": 1, "2026-09-01": 2, "2026-09-02": 2, "2026-09-04": 4, "2026-08-01": 0} {
		if got := c.WorkingDays(party.MustDate("2026-08-28"), party.MustDate(until)); got != want {
			t.Errorf("until %s: %d, want %d", until, got, want)
		}
	}
}

// The deadline is that of the rule of the resolution's day, and there is none without a resolution.
func TestTheDecisionOnADossierIsDueByTheRuleOfTheResolution(t *testing.T) {
	t.Parallel()
	planned := at(party.Planned, "2019-01-10", party.PlanningFacts{}, "")
	if d, ok := dossierOf("2026-07-01", underGrassroots, planned).DecisionDue(); ok {
		t.Errorf("without a resolution: %+v", d)
	}
	for day, document := range map[string]string{"2019-05-15": "29-QĐ/TW", "2024-05-15": "24-QĐ/TW", "2026-08-15": "208-QĐ/TW"} {
		d, ok := dossierOf("2026-11-01", underGrassroots, planned, at(party.CellResolution, day, party.CellVoteFacts{Adopted: true}, "")).DecisionDue()
		if !ok || d.Rule.Document != document || d.Rule.Value != 60 || d.From != party.MustDate(day) {
			t.Errorf("resolution of %s: %+v", day, d)
		}
	}
}
