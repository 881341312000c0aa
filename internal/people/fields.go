package people

import (
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"ketnap/internal/fault"
	"ketnap/internal/party"
)

// Fields are what is entered about a person: the least that serves. No relatives, no content of
// background verification, no scans.
type Fields struct {
	OrgID         int32
	Category      party.Category
	FullName      string
	OtherName     string // birth name or alias
	Sex           string // male, female or "" not stated
	BirthDate     party.Date
	BirthPlace    string
	Origin        string
	Address       string
	Ethnicity     string
	Religion      string
	Education     party.Education
	StudentNo     string
	ClassName     string
	Faculty       string
	UnionJoinedOn party.Date
	Phone         string
	Email         string
	CardNo        string // NN.NNNNNN
	FileNo        string
	PersonalNo    string // 12 digits
}

// Limits of the text fields, in characters.
const (
	maxName  = 100
	maxShort = 50
	maxLong  = 200
)

var (
	cardNumber = regexp.MustCompile(`^[0-9]{2}\.[0-9]{6}$`)
	fileNumber = regexp.MustCompile(`^[0-9]{6}[A-ZĐ]{1,3}$`)
	phone      = regexp.MustCompile(`^\+?[0-9][0-9 .-]{6,18}$`)
)

// clean brings the fields into the form in which they are stored.
func (f Fields) clean() Fields {
	for _, s := range f.texts() {
		*s.value = CleanName(*s.value)
	}
	f.PersonalNo = strings.Join(strings.Fields(f.PersonalNo), "")
	f.FileNo = strings.ToUpper(f.FileNo)
	return f
}

// withoutSensitive leaves out what only some may see (access.PeopleSensitive).
func (f Fields) withoutSensitive() Fields {
	f.Ethnicity, f.Religion, f.PersonalNo = "", "", ""
	return f
}

type textField struct {
	name  string
	value *string
	max   int
}

// texts gives the free text fields by their names in forms. f must be addressable for clean.
func (f *Fields) texts() []textField {
	return []textField{
		{"full_name", &f.FullName, maxName}, {"other_name", &f.OtherName, maxName},
		{"birth_place", &f.BirthPlace, maxLong}, {"origin", &f.Origin, maxLong}, {"address", &f.Address, maxLong},
		{"ethnicity", &f.Ethnicity, maxShort}, {"religion", &f.Religion, maxShort},
		{"student_no", &f.StudentNo, maxShort}, {"class_name", &f.ClassName, maxShort}, {"faculty", &f.Faculty, maxName},
		{"phone", &f.Phone, maxShort}, {"email", &f.Email, maxName},
		{"card_no", &f.CardNo, maxShort}, {"file_no", &f.FileNo, maxShort},
	}
}

// problems gives the fields that cannot be accepted, by their names in forms.
func (f *Fields) problems(today party.Date) []fault.Field {
	var out []fault.Field
	refuse := func(bad bool, name, key string, args ...any) {
		if bad && !slices.ContainsFunc(out, func(x fault.Field) bool { return x.Name == name }) {
			out = append(out, fault.Field{Name: name, Key: key, Args: args})
		}
	}
	for _, t := range f.texts() {
		refuse(utf8.RuneCountInString(*t.value) > t.max, t.name, "people.error.too_long", "Max", t.max)
	}
	refuse(f.OrgID == 0, "org", "people.error.org_missing")
	refuse(!slices.Contains(party.Categories, f.Category), "category", "people.error.category")
	refuse(f.FullName == "", "full_name", "people.error.name_missing")
	refuse(f.FullName != "" && !strings.Contains(f.FullName, " "), "full_name", "people.error.name_one_word")
	refuse(f.Sex != "" && f.Sex != "male" && f.Sex != "female", "sex", "people.error.choice")
	refuse(f.Education != "" && !slices.Contains(party.Educations, f.Education), "education", "people.error.choice")
	refuse(f.BirthDate.IsZero(), "birth_date", "people.error.birth_missing")
	refuse(f.BirthDate.After(today), "birth_date", "people.error.birth_future")
	refuse(!f.BirthDate.IsZero() && (today.Before(f.BirthDate.AddYears(10)) || today.After(f.BirthDate.AddYears(110))),
		"birth_date", "people.error.birth_impossible")
	refuse(f.UnionJoinedOn.After(today) || !f.UnionJoinedOn.IsZero() && f.UnionJoinedOn.Before(f.BirthDate),
		"union_joined_on", "people.error.union_date")
	refuse(f.CardNo != "" && !cardNumber.MatchString(f.CardNo), "card_no", "people.error.card_no")
	refuse(f.FileNo != "" && !fileNumber.MatchString(f.FileNo), "file_no", "people.error.file_no")
	refuse(f.Phone != "" && !phone.MatchString(f.Phone), "phone", "people.error.phone")
	refuse(f.Email != "" && !mailAddress(f.Email), "email", "people.error.email")
	refuse(f.PersonalNo != "" && !personalNumber.MatchString(f.PersonalNo), "personal_no", "people.error.personal_no")
	return out
}

func mailAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

// NumberDoubts tells what in a personal number does not go with sex and birth year, as catalogue
// keys. Its structure was not read in a document, so this warns and never refuses (domain.md 7).
func NumberDoubts(f Fields) []string {
	n := f.PersonalNo
	if !personalNumber.MatchString(n) {
		return nil
	}
	var out []string
	century, female := int(n[3]-'0')/2, (n[3]-'0')%2 == 1
	if f.Sex != "" && (f.Sex == "female") != female {
		out = append(out, "people.doubt.number_sex")
	}
	year := 1900 + 100*century + int(n[4]-'0')*10 + int(n[5]-'0')
	if !f.BirthDate.IsZero() && year != f.BirthDate.Year {
		out = append(out, "people.doubt.number_year")
	}
	return out
}
