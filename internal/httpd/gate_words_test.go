package httpd_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ketnap/internal/party"
	"ketnap/web/ui"
)

var gateKey = regexp.MustCompile(`"(gate\.[a-z_.]+)"`)

// Package party names what it looked at by keys; each has its words in both languages.
func TestEveryConditionOfAGateHasItsWords(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../party/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range gateKey.FindAllStringSubmatch(string(source), -1) {
			keys = append(keys, m[1])
		}
	}
	if len(keys) < 40 {
		t.Fatalf("only %d keys found; the search is broken", len(keys))
	}
	keys = append(keys, "gate.ceremony."+party.ClockReceipt, "gate.ceremony."+party.ClockIssue,
		"gate."+string(party.DecideAdmit), "gate."+string(party.DecideOfficial),
		"gate.citation."+string(party.Verified), "gate.citation."+string(party.SecondHand), "gate.citation."+string(party.Recalled))
	for _, k := range slices.Compact(keys) {
		if !strings.HasSuffix(k, ".") && !ui.Has(k) {
			t.Errorf("%s has no words", k)
		}
	}
}

func TestEveryKindOfStepHasItsWords(t *testing.T) {
	t.Parallel()
	for _, k := range party.StepKinds {
		for _, key := range []string{"step." + string(k), "steps.on." + string(k)} {
			if !ui.Has(key) {
				t.Errorf("%s has no words", key)
			}
		}
	}
}
