package demo

import (
	"context"
	"fmt"

	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/reorganisation"
)

// rearranged is an act of the demo: by code, what it is about, and where it goes.
type rearranged struct {
	kind   party.ActKind
	org    string
	into   string
	goes   map[string]string
	on     string
	number string
	undone bool
}

// newcomers are organisations that come into being for the acts; nobody belongs to them.
var newcomers = []struct {
	code, name string
	kind       party.OrgKind
	parent     string
}{
	{"KHCN", "Đảng ủy Khối Khoa học và Văn hóa", party.UpperCommittee, root.code},
	{"TCKT", "Đảng bộ Trường Trung cấp Kinh tế", party.GrassrootsCommittee, root.code},
	{"KTKT", "Chi bộ Khoa Kế toán Trường Trung cấp Kinh tế", party.Cell, "TCKT"},
	{"KTTM", "Chi bộ Khoa Thương mại Trường Trung cấp Kinh tế", party.Cell, "TCKT"},
}

// acts have one of each kind: a school is dissolved and its cells go to two others, one of them is merged
// there; a library's cell comes under another committee; an end is undone.
var acts = []rearranged{
	{kind: party.SplitOrg, org: "TCKT", goes: map[string]string{"KTKT": "CDN", "KTTM": "CDYT"}, on: "2026-07-01", number: "112-QĐ/TU"},
	{kind: party.MoveOrgs, org: "TVT", into: "KHCN", on: "2026-09-01", number: "131-QĐ/TU"},
	{kind: party.MergeOrgs, org: "KTKT", into: "NGSV", on: "2026-10-01", number: "46-QĐ/ĐU"},
	{kind: party.EndOrg, org: "TCCT", on: "2026-10-15", number: "140-QĐ/TU", undone: true},
}

// fillActs founds the newcomers and carries the acts out.
func (f *filler) fillActs(ctx context.Context) error {
	for _, n := range newcomers {
		id, err := f.s.Organisations.Create(ctx, f.viewer, organisation.NewOrg{Key: mark("newcomer "+n.code, 0),
			Details: organisation.Details{Name: n.name, Code: n.code, Kind: n.kind, ParentID: f.orgs[n.parent], From: party.MustDate("2015-01-01")}})
		if err != nil {
			return fmt.Errorf("organisation %s: %w", n.code, explained(err))
		}
		f.orgs[n.code] = id
	}
	for _, a := range acts {
		if err := f.rearrange(ctx, a); err != nil {
			return fmt.Errorf("reorganisation %s: %w", a.number, explained(err))
		}
	}
	return nil
}

func (f *filler) rearrange(ctx context.Context, a rearranged) error {
	on := party.MustDate(a.on)
	act := reorganisation.Act{Key: mark("act "+a.number, 0), On: on, KeepGrants: true,
		Reorganisation: party.Reorganisation{Kind: a.kind, Orgs: []int32{f.orgs[a.org]}, Into: f.orgs[a.into], Goes: map[int32]int32{}},
		Decision:       reorganisation.Decision{Number: a.number, On: on.AddDays(-12), Issuer: "Ban Thường vụ Tỉnh ủy"}}
	for org, parent := range a.goes {
		act.Goes[f.orgs[org]] = f.orgs[parent]
	}
	id, err := f.s.Reorganisations.Carry(ctx, f.viewer, act)
	if err != nil || !a.undone {
		return err
	}
	return f.s.Reorganisations.Undo(ctx, f.viewer, mark("undo "+a.number, 0), id)
}
