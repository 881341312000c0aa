package demo

import (
	"context"
	"fmt"

	"ketnap/internal/exemption"
	"ketnap/internal/party"
	"ketnap/internal/people"
)

// releases are the exemptions and the suspension of the demo, each of the first official member of a cell.
var releases = []struct {
	from   string
	kind   party.ExemptionKind
	days   int // before the demo's last day
	lasts  int // days; 0 goes on
	noDues bool
	reason string
}{
	{from: "VT", kind: party.Exempt, days: 80, noDues: true, reason: "Điều trị dài ngày"},
	{from: "DTNT", kind: party.Exempt, days: 200, lasts: 120, reason: "Nghỉ thai sản"},
	{from: "SVKT", kind: party.Suspended, days: 30, reason: "Đang bị xem xét kỷ luật"},
	{from: "AP", kind: party.Exempt, days: 420, lasts: 150, reason: "Nghỉ thai sản"},          // over the end of 2025
	{from: "SPSV", kind: party.Suspended, days: 330, lasts: 60, reason: "Bị xem xét kỷ luật"}, // too
}

func (f *filler) fillExemptions(ctx context.Context) error {
	for i, x := range releases {
		list, err := f.s.People.List(ctx, f.viewer, people.Query{OrgID: f.orgs[x.from], Stages: []party.Stage{party.StageOfficial}, Limit: 1})
		if err != nil {
			return err
		}
		if len(list.Rows) == 0 {
			return fmt.Errorf("no official member at %s", x.from)
		}
		e := exemption.Exemption{PersonID: list.Rows[0].ID, Number: fmt.Sprintf("%d-QĐ/ĐU", 60+i), DecidedOn: until.AddDays(-x.days), Reason: x.reason,
			ExemptionSpan: party.ExemptionSpan{Kind: x.kind, From: until.AddDays(-x.days), NoDues: x.noDues}}
		if x.lasts > 0 {
			e.Until = e.From.AddDays(x.lasts)
		}
		if err := f.s.Exemptions.Enter(ctx, f.viewer, mark("exemption", int64(i)), e); err != nil {
			return fmt.Errorf("exemption at %s: %w", x.from, explained(err))
		}
	}
	return nil
}
