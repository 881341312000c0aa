package introduction

import (
	"slices"
	"strings"

	"ketnap/internal/people"
)

// Raw is one line of a pasted list, column by column as typed.
type Raw struct {
	Name      string
	Born      string
	Sex       string
	ClassName string
	StudentNo string
	UnionDate string
}

// columns gives the parts of a line in the order in which the page asks for them.
func (r *Raw) columns() []*string {
	return []*string{&r.Name, &r.Born, &r.Sex, &r.ClassName, &r.StudentNo, &r.UnionDate}
}

// ParseLines reads a list that was pasted from a workbook or typed: one person a line, the columns
// name, birth date, sex, class, student number, day of joining the Union apart by tabs or semicolons.
// A leading column of running numbers and a line of headings are left out. More than MaxLines lines
// are cut, and tooMany says so. It never fails: what cannot be read is shown to whoever typed it.
func ParseLines(text string) (list []Raw, tooMany bool) {
	for line := range strings.Lines(text) {
		parts := split(line)
		if len(parts) == 0 || isHeading(parts) {
			continue
		}
		if len(list) == MaxLines {
			return list, true
		}
		var r Raw
		for i, to := range r.columns() {
			if i < len(parts) {
				*to = parts[i]
			}
		}
		r.Sex = sexes[strings.ToLower(r.Sex)]
		list = append(list, r)
	}
	return list, false
}

// sexes reads the words in use; anything else is not stated.
var sexes = map[string]string{"nam": "male", "nữ": "female", "nu": "female", "male": "male", "female": "female", "m": "male", "f": "female"}

// split gives the trimmed columns of a line, without running numbers; none for an empty line.
func split(line string) []string {
	line = strings.TrimRight(line, "\r\n")
	sep := "\t"
	if !strings.Contains(line, sep) {
		sep = ";"
	}
	parts := strings.Split(line, sep)
	empty := true
	for i := range parts {
		parts[i] = people.CleanName(parts[i])
		empty = empty && parts[i] == ""
	}
	if empty {
		return nil
	}
	if len(parts) > 1 && strings.Trim(parts[0], "0123456789.") == "" {
		parts = parts[1:]
	}
	return parts
}

// headings are how the first column of a line that names the columns is called.
var headings = []string{"stt", "tt", "số tt", "họ và tên", "họ tên", "họ và tên khai sinh", "no.", "full name", "name"}

// isHeading tells the line that names the columns.
func isHeading(parts []string) bool { return slices.Contains(headings, strings.ToLower(parts[0])) }
