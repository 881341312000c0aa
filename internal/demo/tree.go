package demo

import "ketnap/internal/party"

// unit is an organisation of the invented committee. Its accounts follow from its code.
type unit struct {
	code, name string
	kind       party.OrgKind
	school     party.SchoolType
	below      []unit
	weight     int // how many people it gets, relative to others; 0 = none
}

// root is the whole invented tree. Seven grassroots organisations have student members, two have none.
var root = unit{code: "DUTH", name: "Đảng ủy Khối Trường học tỉnh Tân Hà", kind: party.UpperCommittee, below: []unit{
	{code: "GDDT", name: "Đảng bộ Sở Giáo dục và Đào tạo", kind: party.GrassrootsCommittee, below: []unit{
		{code: "LTT", name: "Chi bộ Trường THPT Lê Thành Tâm", kind: party.Cell, school: party.SchoolUpperSecondary, weight: 9},
		{code: "NTH", name: "Chi bộ Trường THPT Nguyễn Tân Hà", kind: party.Cell, school: party.SchoolUpperSecondary, weight: 8},
		{code: "AP", name: "Chi bộ Trường THPT An Phú", kind: party.Cell, school: party.SchoolUpperSecondary, weight: 6},
		{code: "VT", name: "Chi bộ Trường THPT Vĩnh Thuận", kind: party.Cell, school: party.SchoolUpperSecondary, weight: 5},
		{code: "DTNT", name: "Chi bộ Trường THPT Dân tộc nội trú", kind: party.Cell, school: party.SchoolUpperSecondary, weight: 5},
	}},
	{code: "DHTH", name: "Đảng bộ Trường Đại học Tân Hà", kind: party.GrassrootsCommittee, school: party.SchoolUniversity, below: []unit{
		{code: "SVKT", name: "Chi bộ Sinh viên Khoa Kinh tế", kind: party.Cell, school: party.SchoolUniversity, weight: 10},
		{code: "SVCN", name: "Chi bộ Sinh viên Khoa Công nghệ", kind: party.Cell, school: party.SchoolUniversity, weight: 10},
		{code: "SVNN", name: "Chi bộ Sinh viên Khoa Nông nghiệp", kind: party.Cell, school: party.SchoolUniversity, weight: 6},
	}},
	{code: "CDYT", name: "Đảng bộ Trường Cao đẳng Y tế", kind: party.GrassrootsCommittee, school: party.SchoolCollege, below: []unit{
		{code: "YTSV", name: "Chi bộ Sinh viên Trường Cao đẳng Y tế", kind: party.Cell, school: party.SchoolCollege, weight: 9},
	}},
	{code: "CDSP", name: "Đảng bộ Trường Cao đẳng Sư phạm", kind: party.GrassrootsCommittee, school: party.SchoolCollege, below: []unit{
		{code: "SPSV", name: "Chi bộ Sinh viên Trường Cao đẳng Sư phạm", kind: party.Cell, school: party.SchoolCollege, weight: 8},
		{code: "SPMN", name: "Chi bộ Khoa Mầm non", kind: party.Cell, school: party.SchoolCollege, weight: 4},
	}},
	{code: "CDN", name: "Đảng bộ Trường Cao đẳng Nghề", kind: party.GrassrootsCommittee, school: party.SchoolCollege, below: []unit{
		{code: "NGSV", name: "Chi bộ Sinh viên Trường Cao đẳng Nghề", kind: party.Cell, school: party.SchoolCollege, weight: 6},
	}},
	{code: "CHUYEN", name: "Chi bộ Trường THPT Chuyên Tân Hà", kind: party.GrassrootsCell, school: party.SchoolUpperSecondary, weight: 7},
	{code: "THSP", name: "Chi bộ Trường Thực hành Sư phạm", kind: party.GrassrootsCell, school: party.SchoolUpperSecondary, weight: 3},
	{code: "TCCT", name: "Chi bộ Trung tâm Chính trị", kind: party.GrassrootsCell},
	{code: "TVT", name: "Chi bộ Thư viện tỉnh", kind: party.GrassrootsCell},
}}

// category is how people at a school are called.
func (u unit) category() party.Category {
	if u.school == party.SchoolUpperSecondary {
		return party.Pupil
	}
	return party.Student
}

// founded is the day from which the tree stands; earlier than anything that happens in it.
var founded = party.MustDate("2010-01-01")

// The two terms. Every day of the demo lies between the start of the first and until.
var (
	termOne = party.Term{Code: "2020-2025", Name: "Nhiệm kỳ 2020-2025", Starts: party.MustDate("2020-07-01"), Ends: party.MustDate("2025-06-30")}
	termTwo = party.Term{Code: "2025-2030", Name: "Nhiệm kỳ 2025-2030", Starts: party.MustDate("2025-07-01"), Ends: party.MustDate("2030-06-30")}
	until   = party.MustDate("2026-11-15")
)

// lesson is an awareness class of the committee.
type lesson struct {
	number       string
	starts, ends party.Date
	id           int64
	taken        int
}

// classDays are the ten classes of the first term and those of the second, each over two weekends.
var classDays = []struct{ number, starts string }{
	{"01/2020", "2020-10-10"}, {"01/2021", "2021-03-20"}, {"02/2021", "2021-11-13"},
	{"01/2022", "2022-04-09"}, {"02/2022", "2022-10-15"}, {"01/2023", "2023-03-18"},
	{"02/2023", "2023-10-14"}, {"01/2024", "2024-03-23"}, {"02/2024", "2024-10-19"}, {"01/2025", "2025-03-22"},
	{"02/2025", "2025-10-18"}, {"01/2026", "2026-03-21"}, {"02/2026", "2026-10-10"},
}
