package party

import (
	"cmp"
	"slices"
)

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

// SchoolTypes lists the types of schools in the order in which forms show them.
var SchoolTypes = []SchoolType{SchoolUpperSecondary, SchoolCollege, SchoolUniversity}

// below says which kinds stand directly below a kind (domain.md 3).
var below = map[OrgKind][]OrgKind{
	UpperCommittee:      {UpperCommittee, GrassrootsCommittee, GrassrootsCell},
	GrassrootsCommittee: {SectionalCommittee, Cell},
	GrassrootsCell:      {PartyGroup},
	SectionalCommittee:  {Cell},
	Cell:                {PartyGroup},
}

// MayContain tells whether an organisation of one kind stands directly below one of another.
func (k OrgKind) MayContain(child OrgKind) bool { return slices.Contains(below[k], child) }

// MayBeTop tells whether an installation may begin with an organisation of this kind.
func (k OrgKind) MayBeTop() bool { return k == UpperCommittee || k.IsGrassroots() }

// MaxDepth is how many organisations may stand above one another, the top included.
const MaxDepth = 7

// OrgAttributes are what an organisation is, wherever it stands.
type OrgAttributes struct {
	Name   string     `json:"name"`
	Code   string     `json:"code"`
	Kind   OrgKind    `json:"kind"`
	School SchoolType `json:"school"`
}

// OrgVersion is what an organisation is during a period.
type OrgVersion struct {
	OrgID int32
	OrgAttributes
	ParentID int32 // 0 at the top
	From     Date
	Until    Date // first day on which it no longer holds; zero = open
}

// OrgSpan says that an organisation stood above another one, itself at depth 0, during a period.
type OrgSpan struct {
	Ancestor, Descendant int32
	Depth                int
	From                 Date
	Until                Date // first day on which it no longer holds; zero = open
}

// OrgHistory is what organisations have been, by their number, each from old to new.
type OrgHistory map[int32][]OrgVersion

// NewOrgHistory puts versions in order.
func NewOrgHistory(versions []OrgVersion) OrgHistory {
	h := OrgHistory{}
	for _, v := range versions {
		h[v.OrgID] = append(h[v.OrgID], v)
	}
	for _, list := range h {
		slices.SortFunc(list, func(a, b OrgVersion) int { return a.From.Compare(b.From) })
	}
	return h
}

// Lineage gives everything that stood above an organisation, itself included, period by period.
// Periods that follow each other without a change are one.
func (h OrgHistory) Lineage(id int32) []OrgSpan {
	var out []OrgSpan
	h.climb(id, OrgSpan{Descendant: id}, &out)
	slices.SortFunc(out, func(a, b OrgSpan) int {
		return cmp.Or(cmp.Compare(a.Depth, b.Depth), cmp.Compare(a.Ancestor, b.Ancestor), a.From.Compare(b.From))
	})
	merged := out[:0]
	for _, s := range out {
		if n := len(merged); n > 0 && merged[n-1].Ancestor == s.Ancestor && merged[n-1].Depth == s.Depth && merged[n-1].Until == s.From {
			merged[n-1].Until = s.Until
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

// climb adds an organisation and all above it during a span. The depth is bounded, so that parents
// in a ring cannot hold it.
func (h OrgHistory) climb(id int32, within OrgSpan, out *[]OrgSpan) {
	for _, v := range h[id] {
		from, until := v.From, v.Until
		if from.Before(within.From) {
			from = within.From
		}
		if until.IsZero() || !within.Until.IsZero() && within.Until.Before(until) {
			until = within.Until
		}
		if !until.IsZero() && !from.Before(until) {
			continue
		}
		span := OrgSpan{Ancestor: id, Descendant: within.Descendant, Depth: within.Depth, From: from, Until: until}
		*out = append(*out, span)
		if v.ParentID != 0 && span.Depth < MaxDepth {
			span.Depth++
			h.climb(v.ParentID, span, out)
		}
	}
}
