package party

// Education is a person's finished general education.
type Education string

// The levels that edu.min compares. Unknown is not the same as none.
const (
	EducationUnknown Education = ""
	PrimarySchool    Education = "primary"
	LowerSecondary   Education = "lower_secondary" // THCS
	UpperSecondary   Education = "upper_secondary" // THPT
	Tertiary         Education = "tertiary"        // cao đẳng, đại học
)

// Educations lists the known levels from low to high.
var Educations = []Education{PrimarySchool, LowerSecondary, UpperSecondary, Tertiary}

func (e Education) rank() int {
	for i, x := range Educations {
		if x == e {
			return i + 1
		}
	}
	return 0
}

// Category tells pupils and students, whom the figures count, from staff such as teachers, who
// are kept as mentors and cell members.
type Category string

// The categories of persons.
const (
	Pupil   Category = "pupil"   // học sinh
	Student Category = "student" // sinh viên
	Worker  Category = "staff"   // giáo viên, cán bộ
)

// Categories lists the categories in the order in which pages show them.
var Categories = []Category{Pupil, Student, Worker}

// Counted tells whether figures about students count this category.
func (c Category) Counted() bool { return c == Pupil || c == Student }

// Person is what the gates need to know about somebody; nothing more is handed to them.
type Person struct {
	Category  Category
	BirthDate Date
	Education Education
	UnionDate Date // joined the Youth Union; zero = not a member or not known
}

// Place is what the gates need to know about the organisation somebody belongs to, on the day.
type Place struct {
	OrgID         int32
	Kind          OrgKind
	HasGrassroots bool // a grassroots committee stands above the cell and endorses
	HasSectional  bool // a sectional committee stands above the cell and appraises
}
