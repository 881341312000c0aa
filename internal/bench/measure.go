package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// figures are what one round measured of one page.
type figures struct {
	perSecond float64
	p50, p99  float64 // milliseconds
	floor     float64 // pgbench with the same statements, pages per second
	statement int     // statements sent for one page
}

// measure asks for a page with some browsers at once, each as soon as it was answered, and then
// gives the same statements to pgbench.
func (h *house) measure(ctx context.Context, p page, o options) (figures, error) {
	client, err := h.as(p.user)
	if err != nil {
		return figures{}, err
	}
	if err := h.ask(client, p.paths[0]); err != nil { // warms up
		return figures{}, err
	}
	took := make([][]time.Duration, o.workers)
	failed := make([]error, o.workers)
	begin := time.Now()
	var wg sync.WaitGroup
	for w := range o.workers {
		wg.Go(func() {
			for i := w; time.Since(begin) < o.span && ctx.Err() == nil; i += o.workers {
				from := time.Now()
				if err := h.ask(client, p.paths[i%len(p.paths)]); err != nil {
					failed[w] = err
					return
				}
				took[w] = append(took[w], time.Since(from))
			}
		})
	}
	wg.Wait()
	span := time.Since(begin)
	if i := slices.IndexFunc(failed, func(err error) bool { return err != nil }); i >= 0 {
		return figures{}, failed[i]
	}
	all := slices.Concat(took...)
	slices.Sort(all)
	f := figures{perSecond: float64(len(all)) / span.Seconds(), p50: millis(all[len(all)/2]), p99: millis(all[len(all)*99/100])}
	f.floor, f.statement, err = h.floor(ctx, p, o)
	return f, err
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (h *house) ask(c *http.Client, path string) error {
	_, status, err := fetch(c, h.server.URL+path)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%s: status %d", path, status)
	}
	return err
}
