package demo

import (
	"context"
	"fmt"

	"ketnap/internal/cell"
	"ketnap/internal/party"
)

// paidAhead are cells in which dues are paid ahead: by everybody, or by the first few members.
var paidAhead = []struct {
	code    string
	through string
	people  int // 0 is everybody
}{
	{code: "SVNN", through: "2027-02-01"},
	{code: "LTT", through: "2027-05-01", people: 3},
	{code: "YTSV", through: "2026-12-01", people: 5},
}

// fillDues enters what is paid ahead.
func (f *filler) fillDues(ctx context.Context) error {
	for _, x := range paidAhead {
		g, err := f.s.Cells.Register(ctx, f.viewer, f.orgs[x.code], until.Year)
		if err != nil {
			return err
		}
		in := cell.Payment{Key: mark("dues ahead", int64(f.orgs[x.code])), OrgID: f.orgs[x.code], Version: g.Version, Rows: map[int64]cell.Paying{}}
		if x.people == 0 {
			in.All = party.MustDate(x.through)
		}
		for _, m := range g.Rows {
			if len(in.Rows) < x.people && m.Owed == 0 {
				in.Rows[m.PersonID] = cell.Paying{Through: party.MustDate(x.through), Amount: m.Usual}
			}
		}
		if _, err := f.s.Cells.Pay(ctx, f.viewer, in); err != nil {
			return fmt.Errorf("dues of %s: %w", x.code, explained(err))
		}
	}
	return nil
}
