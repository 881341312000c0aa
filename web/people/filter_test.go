package people_test

import (
	"strings"
	"testing"

	"ketnap/internal/apptest/server"
)

// While one types the list follows and says how many it has found; going back leaves it for the page
// before, not for every letter on the way.
func TestTypingInTheFilterLeavesNoTrailInTheHistory(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	furnish(s)
	tab := signIn(t, s, "bithu.ltt", "vi")
	tab.Open(s.URL + "/organisations")
	tab.Open(s.URL + "/people")
	if found := tab.TextOf("#found"); found != "3 người" {
		t.Errorf("before typing it says %q", found)
	}
	for typed, count := range map[string]string{"anh": "1 người", "khong co ai": "0 người"} {
		tab.Fill("Tìm theo tên", typed)
		tab.WaitFor(count)
		if found := tab.TextOf("#found"); found != count {
			t.Errorf("%q: it says %q", typed, found)
		}
	}
	if !strings.Contains(tab.URL(), "q=") {
		t.Errorf("the address does not keep the filter: %s", tab.URL())
	}
	tab.Back()
	if tab.URL() != s.URL+"/organisations" {
		t.Errorf("back leads to %s", tab.URL())
	}
}

// On a usual screen the filter stands on one line, its button with it, for those who may choose among
// organisations too.
func TestTheFilterStandsOnOneLine(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	tab := signIn(t, s, "vanphong", "vi")
	tab.Open(s.URL + "/people")
	tab.OneRow(".filter")
}
