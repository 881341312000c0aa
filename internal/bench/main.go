// Command bench fills databases with invented people and measures what the pages need, through the
// real handler over HTTP and, for the floor, the same statements by pgbench, in one run on one
// machine. It proves how the program grows; it is no part of it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

type options struct {
	sizes   []int
	span    time.Duration
	rounds  int
	workers int
	keep    string
	check   bool
}

func main() {
	sizes := flag.String("people", "50000,1000000", "how many people, by comma; each size gets a database of its own")
	span := flag.Duration("span", 5*time.Second, "how long each page is asked for in a round")
	rounds := flag.Int("rounds", 3, "rounds; the median of them is shown")
	workers := flag.Int("workers", 4, "browsers that ask at once")
	keep := flag.String("keep", "", "folder in which the filled databases stay for the next run")
	check := flag.Bool("check", false, "prove first that what was filled in is what the steps say")
	flag.Parse()
	o := options{span: *span, rounds: *rounds, workers: *workers, keep: *keep, check: *check}
	for part := range strings.SplitSeq(*sizes, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 1000 {
			fmt.Fprintf(os.Stderr, "bench: %q is not a number of people from 1000 on\n", part)
			os.Exit(2)
		}
		o.sizes = append(o.sizes, n)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run fills, measures in turn so that a disturbance of the machine hits all sizes alike, and prints.
func run(ctx context.Context, o options) error {
	dir := o.keep
	if dir == "" {
		made, err := os.MkdirTemp("", "ketnap-bench-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(made) }()
		dir = made
	}
	if err := os.Chmod(dir, 0o711); err != nil { // the database's user passes through
		return err
	}
	var houses []*house
	for _, n := range o.sizes {
		h, err := open(ctx, filepath.Join(dir, strconv.Itoa(n)), n)
		if err != nil {
			return fmt.Errorf("%d people: %w", n, err)
		}
		defer h.close()
		if o.check {
			if err := h.check(ctx); err != nil {
				return err
			}
		}
		houses = append(houses, h)
	}
	results := map[string][]figures{}
	for round := range o.rounds {
		for _, h := range houses {
			for _, c := range h.cases {
				f, err := h.measure(ctx, c, o)
				if err != nil {
					return fmt.Errorf("%s at %d people: %w", c.name, h.people, err)
				}
				name := key(c.name, h.people)
				results[name] = append(results[name], f)
				fmt.Fprintf(os.Stderr, "round %d, %d people, %s: %.0f requests/s, p50 %.1f ms, p99 %.1f ms; pgbench %.0f/s\n",
					round+1, h.people, c.name, f.perSecond, f.p50, f.p99, f.floor)
			}
		}
	}
	return write(os.Stdout, houses, results, o)
}

func key(name string, people int) string { return fmt.Sprintf("%s %d", name, people) }
