package party

// OrgKind is what an organisation is.
type OrgKind string

// The kinds of organisations, from the top down.
const (
	UpperCommittee      OrgKind = "upper_committee"      // cấp ủy cấp trên trực tiếp
	GrassrootsCommittee OrgKind = "grassroots_committee" // đảng bộ cơ sở
	GrassrootsCell      OrgKind = "grassroots_cell"      // chi bộ cơ sở
	SectionalCommittee  OrgKind = "sectional_committee"  // đảng bộ bộ phận
	Cell                OrgKind = "cell"                 // chi bộ
	PartyGroup          OrgKind = "party_group"          // tổ đảng
)

// OrgKinds lists the kinds from the top down.
var OrgKinds = []OrgKind{UpperCommittee, GrassrootsCommittee, GrassrootsCell, SectionalCommittee, Cell, PartyGroup}

// IsCell tells whether people belong to an organisation of this kind and it votes on them.
func (k OrgKind) IsCell() bool { return k == Cell || k == GrassrootsCell }

// IsGrassroots tells whether the kind is a base organisation.
func (k OrgKind) IsGrassroots() bool { return k == GrassrootsCommittee || k == GrassrootsCell }

// SchoolType is the kind of school an organisation belongs to.
type SchoolType string

// The types of schools.
const (
	SchoolNone           SchoolType = ""
	SchoolUpperSecondary SchoolType = "upper_secondary" // trung học phổ thông
	SchoolCollege        SchoolType = "college"         // cao đẳng
	SchoolUniversity     SchoolType = "university"      // đại học
)
