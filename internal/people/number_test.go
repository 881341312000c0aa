package people

import (
	"bytes"
	"testing"
)

func numbersForTest(t *testing.T, secret string) *Numbers {
	t.Helper()
	n, err := NewNumbers([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAPersonalNumberIsReadBackAndFoundAgainButNotStoredOpenly(t *testing.T) {
	t.Parallel()
	n := numbersForTest(t, "a secret of enough length")
	sealed, index := n.Seal("089204001234")
	again, sameIndex := n.Seal("089204001234")
	if bytes.Contains(sealed, []byte("089204001234")) || bytes.Equal(sealed, again) {
		t.Error("the stored form shows the number, or that two are the same")
	}
	if !bytes.Equal(index, sameIndex) || bytes.Equal(index, n.Index("089204001235")) {
		t.Error("the index does not find exactly the same number")
	}
	if got, err := n.Open(sealed); err != nil || got != "089204001234" {
		t.Errorf("Open = %q, %v", got, err)
	}
}

func TestAnotherInstallationsSecretOpensNothing(t *testing.T) {
	t.Parallel()
	sealed, index := numbersForTest(t, "a secret of enough length").Seal("089204001234")
	other := numbersForTest(t, "another secret, as long")
	if _, err := other.Open(sealed); err == nil {
		t.Error("opened with another secret")
	}
	if bytes.Equal(index, other.Index("089204001234")) {
		t.Error("the index does not depend on the secret")
	}
}

func TestAShortSecretIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := NewNumbers([]byte("short")); err == nil {
		t.Error("accepted")
	}
}

func FuzzOpenNeverPanics(f *testing.F) {
	f.Add([]byte("x"))
	f.Fuzz(func(t *testing.T, sealed []byte) {
		n := numbersForTest(t, "a secret of enough length")
		if got, err := n.Open(sealed); err == nil && len(sealed) > 0 {
			t.Errorf("opened %x as %q", sealed, got)
		}
	})
}
