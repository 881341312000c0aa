package demo

import (
	"cmp"
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
	become party.OrgAttributes // of an alteration; what is empty stays
	part   int                 // of a split cell: how many of its people go on in into
	on     string
	number string
	undone bool
}

// newcomers are organisations that come into being for the acts; nobody belongs to them. One was founded
// by a decision while the program was in use.
var newcomers = []struct {
	code, name   string
	kind         party.OrgKind
	parent       string
	on, decision string
}{
	{"KHCN", "Đảng ủy Khối Khoa học và Văn hóa", party.UpperCommittee, root.code, "2015-01-01", ""},
	{"TCKT", "Đảng bộ Trường Trung cấp Kinh tế", party.GrassrootsCommittee, root.code, "2015-01-01", ""},
	{"KTKT", "Chi bộ Khoa Kế toán Trường Trung cấp Kinh tế", party.Cell, "TCKT", "2015-01-01", ""},
	{"KTTM", "Chi bộ Khoa Thương mại Trường Trung cấp Kinh tế", party.Cell, "TCKT", "2015-01-01", ""},
	{"SVTT", "Chi bộ Sinh viên ngành Công nghệ thông tin", party.Cell, "DHTH", "2026-11-10", "52-QĐ/ĐU"},
}

// acts have one of each kind: a school is dissolved and its cells go to two others, one of them is merged
// there, the other gets another code; a library's cell comes under another committee; a large cell is parted;
// a school has another name; an end is undone.
var acts = []rearranged{
	{kind: party.SplitOrg, org: "TCKT", goes: map[string]string{"KTKT": "CDN", "KTTM": "CDYT"}, on: "2026-07-01", number: "112-QĐ/TU"},
	{kind: party.AlterOrg, org: "KTTM", become: party.OrgAttributes{Code: "CDYT.KTTM"}, on: "2026-07-01", number: "112-QĐ/TU"},
	{kind: party.MoveOrgs, org: "TVT", into: "KHCN", on: "2026-09-01", number: "131-QĐ/TU"},
	{kind: party.MergeOrgs, org: "KTKT", into: "NGSV", on: "2026-10-01", number: "46-QĐ/ĐU"},
	{kind: party.AlterOrg, org: "NGSV", become: party.OrgAttributes{Name: "Chi bộ Sinh viên Trường Cao đẳng Kỹ nghệ"}, on: "2026-10-05", number: "47-QĐ/ĐU"},
	{kind: party.SplitOrg, org: "SVCN", into: "SVTT", part: 8, on: "2026-11-16", number: "53-QĐ/ĐU"},
	{kind: party.EndOrg, org: "TCCT", on: "2026-10-15", number: "140-QĐ/TU", undone: true},
}

// fillActs founds the newcomers and carries the acts out.
func (f *filler) fillActs(ctx context.Context) error {
	for _, n := range newcomers {
		on := party.MustDate(n.on)
		in := reorganisation.Foundation{Key: mark("newcomer "+n.code, 0),
			Details: organisation.Details{Name: n.name, Code: n.code, Kind: n.kind, ParentID: f.orgs[n.parent], From: on}}
		if n.decision != "" {
			in.Decision = reorganisation.Decision{Number: n.decision, On: on.AddDays(-5), Issuer: "Đảng ủy Trường Đại học Tân Hà"}
		}
		id, _, err := f.s.Reorganisations.Found(ctx, f.viewer, in)
		if err != nil {
			return fmt.Errorf("organisation %s: %w", n.code, explained(err))
		}
		f.orgs[n.code] = id
	}
	for n, a := range acts {
		if err := f.rearrange(ctx, n, a); err != nil {
			return fmt.Errorf("reorganisation %s: %w", a.number, explained(err))
		}
	}
	return nil
}

func (f *filler) rearrange(ctx context.Context, n int, a rearranged) error {
	on := party.MustDate(a.on)
	act := reorganisation.Act{Key: mark("act "+a.number, int64(n)), On: on,
		Reorganisation: party.Reorganisation{Kind: a.kind, Orgs: []int32{f.orgs[a.org]}, Into: f.orgs[a.into], Goes: map[int32]int32{}},
		Decision:       reorganisation.Decision{Number: a.number, On: on.AddDays(-12), Issuer: "Ban Thường vụ Tỉnh ủy"}}
	for org, parent := range a.goes {
		act.Goes[f.orgs[org]] = f.orgs[parent]
	}
	tree, err := f.s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	org, _ := tree.Known(f.orgs[a.org])
	switch a.kind {
	case party.MergeOrgs:
		act.RestGrant = act.Into
	case party.AlterOrg:
		act.Become = org.OrgAttributes
		act.Become.Name, act.Become.Code = cmp.Or(a.become.Name, org.Name), cmp.Or(a.become.Code, org.Code)
	case party.SplitOrg:
		if act.Rest = org.OrgID; a.part > 0 {
			act.People, err = f.parted(ctx, org, act, a)
		}
	}
	if err != nil {
		return err
	}
	id, err := f.s.Reorganisations.Carry(ctx, f.viewer, act)
	if err != nil || !a.undone {
		return err
	}
	return f.s.Reorganisations.Undo(ctx, f.viewer, mark("undo "+a.number, 0), id)
}

// parted chooses those of a cell who go on in another one: the first about whom nothing is open.
func (f *filler) parted(ctx context.Context, cell organisation.Org, act reorganisation.Act, a rearranged) (map[int64]int32, error) {
	list, err := f.s.Reorganisations.People(ctx, f.viewer, cell)
	if err != nil {
		return nil, err
	}
	out := map[int64]int32{}
	for _, p := range list {
		act.People = map[int64]int32{p.ID: act.Into}
		if _, err := f.s.Reorganisations.Preview(ctx, f.viewer, act); err == nil && len(out) < a.part {
			out[p.ID] = act.Into
		}
	}
	return out, nil
}
