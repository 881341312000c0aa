package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The bench fills, proves and measures; a small run of it goes with the tests, so that it cannot rot.
func TestASmallBenchRunsToItsEnd(t *testing.T) {
	dir := t.TempDir()
	for d := dir; d != os.TempDir() && d != "/"; d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o711); err != nil {
			t.Fatal(err)
		}
	}
	o := options{sizes: []int{2000}, span: 200 * time.Millisecond, rounds: 1, workers: 2, keep: dir, check: true}
	h, err := open(t.Context(), filepath.Join(dir, "2000"), 2000)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	if err := h.check(t.Context()); err != nil {
		t.Fatal(err)
	}
	results := map[string][]figures{}
	for _, c := range h.cases {
		f, err := h.measure(t.Context(), c, o)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if f.perSecond <= 0 || f.floor <= 0 || f.statement < 2 {
			t.Errorf("%s: %+v", c.name, f)
		}
		results[key(c.name, 2000)] = []figures{f}
	}
	var out bytes.Buffer
	if err := write(&out, []*house{h}, results, o); err != nil {
		t.Fatal(err)
	}
	for _, c := range h.cases {
		if !strings.Contains(out.String(), "| "+c.name+" |") {
			t.Errorf("the table lacks %s", c.name)
		}
	}
}
