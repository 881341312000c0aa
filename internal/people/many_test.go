package people_test

import (
	"fmt"
	"sync"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/people"
)

// More writers than the pool has connections: each must need only one, or they wait for each other
// for ever.
func TestManyWritersAtOnce(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			_, err := h.People.Register(t.Context(), h.Viewer("vanphong"), people.Registration{Fields: h.Fields("LTT", fmt.Sprintf("Nguyễn Văn %d", i))})
			if err != nil {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	wg.Wait()
	if list, err := h.People.List(t.Context(), h.Viewer("vanphong"), people.Query{}); err != nil || list.Count != 100 {
		t.Errorf("%d people, %v", list.Count, err)
	}
	if differ, err := h.People.Check(t.Context()); err != nil || len(differ) > 0 {
		t.Errorf("differ: %v, %v", differ, err)
	}
}
