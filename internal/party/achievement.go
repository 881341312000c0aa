package party

import (
	"slices"
	"time"
)

// Rating is a step of the scale on which study and conduct are rated. Schools word the steps
// differently; the scale is the same.
type Rating string

// The ratings; not known is not the same as weak.
const (
	RatingUnknown   Rating = ""
	RatingExcellent Rating = "excellent" // xuất sắc
	RatingGood      Rating = "good"      // giỏi, tốt
	RatingFair      Rating = "fair"      // khá
	RatingAverage   Rating = "average"   // trung bình, đạt
	RatingWeak      Rating = "weak"      // yếu, chưa đạt
)

// Ratings lists the known ratings from high to low.
var Ratings = []Rating{RatingExcellent, RatingGood, RatingFair, RatingAverage, RatingWeak}

// Valid tells whether r is a known rating.
func (r Rating) Valid() bool { return slices.Contains(Ratings, r) }

// AtLeast tells whether r is as high as another rating or higher. What is not known is not.
func (r Rating) AtLeast(least Rating) bool {
	return r.Valid() && slices.Index(Ratings, r) <= slices.Index(Ratings, least)
}

// ConductOfScore gives the rating of a score of conduct out of 100, as the training regulation of
// universities reads it: from 90, 80, 65 and 50 points. A local reading; it serves criteria that
// only warn.
func ConductOfScore(score int) Rating {
	for i, least := range []int{90, 80, 65, 50} {
		if score >= least {
			return Ratings[i]
		}
	}
	return RatingWeak
}

// SchoolYear gives the year in which the school year of a day began. It begins on 1 September; the
// summer before belongs to the year that ends.
func SchoolYear(day Date) int {
	if day.Month < time.September {
		return day.Year - 1
	}
	return day.Year
}

// SchoolYearStart gives the first day of a school year.
func SchoolYearStart(year int) Date { return NewDate(year, time.September, 1) }

// Semester is a half of a school year, or the whole of it.
type Semester int

// The parts of a school year that have results of their own.
const (
	WholeYear Semester = 0
	First     Semester = 1
	Second    Semester = 2
)

// Semesters lists the parts in the order in which pages show them.
var Semesters = []Semester{WholeYear, First, Second}

// StudyResult is how somebody did in a school year or half of it.
type StudyResult struct {
	Year         int // in which the school year began
	Semester     Semester
	Study        Rating
	GPA          int // hundredths; only with a Scale
	Scale        int // 4, 10 or 100; 0 = no average was given
	Conduct      Rating
	ConductScore int // 1 to 100; 0 = only the word, or nothing
}

// Scales lists the scales of averages in use.
var Scales = []int{10, 4, 100}

// ConductRating gives the rating of conduct: the word, or else what the score amounts to.
func (r StudyResult) ConductRating() Rating {
	if r.Conduct == RatingUnknown && r.ConductScore > 0 {
		return ConductOfScore(r.ConductScore)
	}
	return r.Conduct
}

// LatestResult gives the newest result of school years that had begun by a day: that of the whole
// year if there is one, else of its later half.
func LatestResult(list []StudyResult, day Date) (StudyResult, bool) {
	var best StudyResult
	found := false
	for _, r := range list {
		if r.Year > SchoolYear(day) {
			continue
		}
		if !found || r.Year > best.Year || r.Year == best.Year && r.Semester.weight() > best.Semester.weight() {
			best, found = r, true
		}
	}
	return best, found
}

func (s Semester) weight() int {
	if s == WholeYear {
		return 3
	}
	return int(s)
}

// TitleKind is what a title honours.
type TitleKind string

// The kinds of titles that reports and criteria know (domain.md 5).
const (
	PrizeSchool   TitleKind = "pupil_prize_school"   // học sinh giỏi cấp trường
	PrizeProvince TitleKind = "pupil_prize_province" // cấp tỉnh
	PrizeNational TitleKind = "pupil_prize_national" // cấp quốc gia
	StudentGood   TitleKind = "student_good"         // sinh viên giỏi
	ThreeGood     TitleKind = "three_good"           // học sinh 3 tốt
	FiveGood      TitleKind = "five_good"            // sinh viên 5 tốt
	UnionMerit    TitleKind = "union_merit"          // đoàn viên ưu tú, cán bộ Đoàn tiêu biểu
	Campaign      TitleKind = "campaign"             // chiến dịch, phong trào; has a name
	OtherTitle    TitleKind = "other_title"          // has a name
)

// TitleKinds lists the kinds in the order in which pages show them.
var TitleKinds = []TitleKind{PrizeSchool, PrizeProvince, PrizeNational, StudentGood, ThreeGood, FiveGood, UnionMerit, Campaign, OtherTitle}

// Named tells whether the kind says nothing without the title's own name.
func (k TitleKind) Named() bool { return k == Campaign || k == OtherTitle }

// TitleLevel is the level that gave a title.
type TitleLevel string

// The levels, from the school up.
const (
	LevelSchool   TitleLevel = "school"
	LevelCommune  TitleLevel = "commune"
	LevelProvince TitleLevel = "province"
	LevelNational TitleLevel = "national"
)

// TitleLevels lists the levels.
var TitleLevels = []TitleLevel{LevelSchool, LevelCommune, LevelProvince, LevelNational}

// Level gives the level that a kind says itself; "" where the title says it.
func (k TitleKind) Level() TitleLevel {
	switch k {
	case PrizeSchool:
		return LevelSchool
	case PrizeProvince:
		return LevelProvince
	case PrizeNational:
		return LevelNational
	}
	return ""
}

// Title is an honour that somebody was given.
type Title struct {
	Kind      TitleKind
	Year      int // in which the school year began
	Level     TitleLevel
	Name      string
	AwardedOn Date
	Issuer    string
}
