package people

import (
	"bytes"
	"slices"
	"testing"
)

func TestPeopleAreSortedByGivenThenFamilyThenMiddleName(t *testing.T) {
	t.Parallel()
	want := []string{
		"Lê An", "Nguyễn Văn An", "Trần Văn An", "Trần Ánh", "Nguyễn Thị Ăn", "Lê Ân", "Lê Thị Bình",
		"Lê Dung", "Lê Dũng", "Lê Đức", "Lê Em", "Nguyễn Thị Hoa", "Trần Hoa", "Lê Hòa", "Phạm Yến",
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b string) int { return bytes.Compare(SortKey(a), SortKey(b)) })
	if !slices.Equal(got, want) {
		t.Errorf("order is\n%q, want\n%q", got, want)
	}
}

func TestANameIsStoredPrecomposedWithSingleSpaces(t *testing.T) {
	t.Parallel()
	decomposed := "Nguye\u0302\u0303n  Thi\u0323   Hoa\u0300 "
	if got := CleanName(decomposed); got != "Nguyễn Thị Hoà" {
		t.Errorf("CleanName = %q", got)
	}
}

func FuzzSortKeyNeverFails(f *testing.F) {
	f.Add("Nguyễn Thị Hòa", "Nguyễn Thị Hoa")
	f.Add("", "\xff\xfe")
	f.Fuzz(func(t *testing.T, a, b string) {
		ka, kb := SortKey(a), SortKey(b)
		if CleanName(a) == CleanName(b) && !bytes.Equal(SortKey(CleanName(a)), SortKey(CleanName(b))) {
			t.Errorf("same name %q, different keys", a)
		}
		_, _ = ka, kb
	})
}
