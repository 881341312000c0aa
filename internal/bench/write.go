package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// write prints the tables for the README: what each page reaches at each size beside its floor, and
// how the slowest in a hundred grows.
func write(w io.Writer, houses []*house, results map[string][]figures, o options) error {
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	line("%s", machine())
	line("%d browsers at once, %d rounds of %s per page and size, the median round shown; client, program and database on the same machine.", o.workers, o.rounds, o.span)
	for _, h := range houses {
		line("\n**%s people**\n", grouped(h.people))
		line("| page | requests/s | p50 ms | p99 ms | pgbench, same statements/s | of it | statements |")
		line("|---|---:|---:|---:|---:|---:|---:|")
		for _, c := range h.cases {
			f := median(results[key(c.name, h.people)])
			line("| %s | %.0f | %.1f | %.1f | %.0f | %.0f %% | %d |", c.name, f.perSecond, f.p50, f.p99, f.floor, 100*f.perSecond/f.floor, f.statement)
		}
	}
	if len(houses) < 2 {
		return nil
	}
	small, large := houses[0], houses[len(houses)-1]
	line("\n| page | p50 at %s ÷ at %s | p99 ÷ p99 |", grouped(large.people), grouped(small.people))
	line("|---|---:|---:|")
	for _, c := range small.cases {
		a, b := median(results[key(c.name, small.people)]), median(results[key(c.name, large.people)])
		line("| %s | %.2f | %.2f |", c.name, b.p50/a.p50, b.p99/a.p99)
	}
	return nil
}

// median gives the round in the middle by its slowest in a hundred.
func median(list []figures) figures {
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b figures) int { return cmp.Compare(a.p99, b.p99) })
	return sorted[len(sorted)/2]
}

func grouped(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

var (
	model  = regexp.MustCompile(`(?m)^model name\s*:\s*(.+)$`)
	memory = regexp.MustCompile(`(?m)^MemTotal:\s*(\d+) kB$`)
)

// machine names what was measured on, as far as the system tells.
func machine() string {
	parts := []string{fmt.Sprintf("%d processors", runtime.NumCPU())}
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if found := model.FindSubmatch(text); found != nil {
			parts = append(parts, string(found[1]))
		}
	}
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		var kb int
		if found := memory.FindSubmatch(text); found != nil {
			_, _ = fmt.Sscan(string(found[1]), &kb)
			parts = append(parts, fmt.Sprintf("%d GiB", kb>>20))
		}
	}
	return "Machine: " + strings.Join(parts, ", ") + ", " + runtime.GOOS + "/" + runtime.GOARCH + ", " + runtime.Version() + "."
}
