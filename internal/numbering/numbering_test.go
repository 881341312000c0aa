package numbering_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/numbering"
	"ketnap/internal/postgres"
)

// Fifty at once, of whom some fail after they got their number, leave no gap and no number twice.
func TestNumbersUnderLoadAreDistinctAndHaveNoGap(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	series := numbering.Series{Kind: "decision", OrgID: h.Org("K"), Year: 2026}
	failed := errors.New("the paper could not be written")
	var mu sync.Mutex
	var given []int
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			var n int
			err := h.DB.Write(t.Context(), h.Viewer("vanphong"), func(ctx context.Context, tx *postgres.Tx) (err error) {
				if n, err = numbering.Next(ctx, tx, series); err == nil && i%5 == 0 {
					return failed
				}
				return err
			})
			if err != nil {
				if !errors.Is(err, failed) {
					t.Error(err)
				}
				return
			}
			mu.Lock()
			defer mu.Unlock()
			given = append(given, n)
		})
	}
	wg.Wait()
	slices.Sort(given)
	want := make([]int, 40)
	for i := range want {
		want[i] = i + 1
	}
	if !slices.Equal(given, want) {
		t.Errorf("given: %v", given)
	}
}

func TestEachSeriesBeginsAtOneAndGoesOnBehindANumberGivenByHand(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	series := numbering.Series{Kind: "decision", OrgID: h.Org("K"), Year: 2026}
	others := []numbering.Series{{Kind: "certificate", OrgID: h.Org("K"), Year: 2026}, {Kind: "decision", OrgID: h.Org("GD"), Year: 2026}, {Kind: "decision", OrgID: h.Org("K"), Year: 2027}}
	next := func(s numbering.Series) (n int) {
		t.Helper()
		err := h.DB.Write(t.Context(), h.Viewer("vanphong"), func(ctx context.Context, tx *postgres.Tx) (err error) {
			n, err = numbering.Next(ctx, tx, s)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	taken := func(n int) {
		t.Helper()
		err := h.DB.Write(t.Context(), h.Viewer("vanphong"), func(ctx context.Context, tx *postgres.Tx) error {
			return numbering.Taken(ctx, tx, series, n)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	taken(40)
	taken(12)
	if n := next(series); n != 41 {
		t.Errorf("behind 40 given by hand comes %d", n)
	}
	for _, s := range others {
		if n := next(s); n != 1 {
			t.Errorf("%+v begins at %d", s, n)
		}
	}
}
