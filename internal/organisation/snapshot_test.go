package organisation

import (
	"fmt"
	"slices"
	"testing"

	"ketnap/internal/access"
	"ketnap/internal/party"
)

// choiceTree is a committee with three schools, each with three cells, and a school that nobody of
// the second viewer may see.
func choiceTree() *Snapshot {
	org := func(id, parent int32, kind party.OrgKind) Org {
		return Org{OrgVersion: party.OrgVersion{OrgID: id, ParentID: parent, OrgAttributes: party.OrgAttributes{Name: fmt.Sprint(id), Code: fmt.Sprint(id), Kind: kind}}}
	}
	list := []Org{org(1, 0, party.UpperCommittee)}
	for school := int32(1); school <= 3; school++ {
		list = append(list, org(10*school, 1, party.GrassrootsCommittee))
		for cell := int32(1); cell <= 3; cell++ {
			list = append(list, org(10*school+cell, 10*school, party.Cell))
		}
	}
	return newSnapshot(today, list)
}

func TestAChoiceHasTheHighestLevelsAndTheWayToTheChosenOne(t *testing.T) {
	t.Parallel()
	tree := choiceTree()
	staff := access.Viewer{AccountID: 1, Grants: []access.Grant{{Role: access.Staff, OrgID: 1}}}
	school := access.Viewer{AccountID: 2, Grants: []access.Grant{{Role: access.Grassroots, OrgID: 20}}}
	both := access.Viewer{AccountID: 3, Grants: []access.Grant{{Role: access.Secretary, OrgID: 11}, {Role: access.Secretary, OrgID: 31}}}
	everything := []int32{1, 10, 11, 12, 13, 20, 21, 22, 23, 30, 31, 32, 33}
	for _, c := range []struct {
		name   string
		viewer access.Viewer
		chosen int32
		most   int
		want   []int32
		cut    bool
	}{
		{"all fit", staff, 0, 13, everything, false},
		{"one too many", staff, 0, 12, []int32{1, 10, 20, 30}, true},
		{"only the top fits", staff, 0, 3, []int32{1}, true},
		{"below the chosen one", staff, 20, 12, []int32{1, 10, 20, 21, 22, 23, 30}, true},
		{"the way to the chosen one", staff, 22, 3, []int32{1, 20, 22}, true},
		{"one that is none", staff, 99, 12, []int32{1, 10, 20, 30}, true},
		{"a scope below", school, 0, 4, []int32{20, 21, 22, 23}, false},
		{"the top stays within the scope", school, 0, 2, []int32{20}, true},
		{"not what lies outside of the scope", school, 11, 2, []int32{20}, true},
		{"not what lies above", school, 1, 2, []int32{20}, true},
		{"not the way above the scope", school, 22, 2, []int32{20, 22}, true},
		{"each duty has its top", both, 0, 1, []int32{11, 31}, false},
		{"nobody without a duty", access.Viewer{}, 0, 5, nil, false},
	} {
		list, cut := tree.Choice(c.viewer, access.PeopleRead, c.chosen, c.most)
		var got []int32
		for _, o := range list {
			got = append(got, o.OrgID)
		}
		if !slices.Equal(got, c.want) || cut != c.cut {
			t.Errorf("%s: %v, cut %v; want %v, %v", c.name, got, cut, c.want, c.cut)
		}
	}
}
