package people

import (
	"bytes"
	"slices"
	"testing"

	"ketnap/internal/fault"
)

func FuzzParseCursor(f *testing.F) {
	f.Add("")
	f.Add(Cursor{key: SortKey("Nguyễn Văn An"), id: 42}.String())
	f.Add("!!!")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCursor(s)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("%q: %v is not an invalid input", s, err)
			}
			return
		}
		again, err := ParseCursor(c.String())
		if err != nil || again.id != c.id || !bytes.Equal(again.key, c.key) {
			t.Errorf("%q: %v does not read back (%v, %v)", s, c, again, err)
		}
	})
}

func TestASearchTakesWhatIsTypedLiterally(t *testing.T) {
	t.Parallel()
	got := patterns(`50% a_b \x`)
	want := []string{`% 50\%%`, `% a\_b%`, `% \\x%`}
	if !slices.Equal(got, want) {
		t.Errorf("patterns = %q, want %q", got, want)
	}
	if n := len(patterns("a b c d e f g h")); n != maxWords {
		t.Errorf("%d words searched, want at most %d", n, maxWords)
	}
}

func TestAScopeInsideAnotherOneAddsNothing(t *testing.T) {
	t.Parallel()
	got := outermost([][]int32{{1, 2, 5}, {1, 2}, {1, 3}, {1, 4, 6}})
	want := [][]int32{{1, 2}, {1, 3}, {1, 4, 6}}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("outermost = %v, want %v", got, want)
	}
}
