package party

import "testing"

func TestSpansOfExemptionsOverlapOnASharedDay(t *testing.T) {
	span := func(from, until string) ExemptionSpan {
		e := ExemptionSpan{Kind: Exempt, From: MustDate(from)}
		if until != "" {
			e.Until = MustDate(until)
		}
		return e
	}
	for _, x := range []struct {
		a, b ExemptionSpan
		want bool
	}{
		{span("2026-01-01", "2026-03-31"), span("2026-04-01", "2026-06-30"), false},
		{span("2026-01-01", "2026-03-31"), span("2026-03-31", "2026-06-30"), true},
		{span("2026-01-01", ""), span("2030-04-01", "2030-06-30"), true},
		{span("2026-01-01", ""), span("2025-04-01", "2025-12-31"), false},
		{span("2026-01-01", "2026-12-31"), span("2026-04-01", "2026-06-30"), true},
	} {
		if x.a.Overlaps(x.b) != x.want || x.b.Overlaps(x.a) != x.want {
			t.Errorf("%+v and %+v: want %t", x.a, x.b, x.want)
		}
	}
	if e := span("2026-01-01", "2026-03-31"); !e.Covers(MustDate("2026-01-01")) || !e.Covers(MustDate("2026-03-31")) || e.Covers(MustDate("2026-04-01")) || e.Covers(MustDate("2025-12-31")) {
		t.Error("the first and the last day belong to a span, and no other")
	}
}
