package keyset_test

import (
	"testing"

	"ketnap/internal/fault"
	"ketnap/internal/keyset"
)

func TestAnAddressThatNobodyGaveIsRefused(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"x", "2026-01-05", "2026-01-05.", "2026-01-05.0", "2026-01-05.-3", "2026-02-30.1", ".7", "2026-01-05.99999999999999999999"} {
		if c, err := keyset.Parse(s); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q is read as %v, %v", s, c, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("")
	f.Add("2026-01-05.12")
	f.Add("x.1")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := keyset.Parse(s)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("%q: %v is not an invalid input", s, err)
			}
			return
		}
		if again, err := keyset.Parse(c.String()); err != nil || again != c {
			t.Errorf("%q: %v does not read back (%v, %v)", s, c, again, err)
		}
	})
}
