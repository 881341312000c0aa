package introduction_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"ketnap/internal/introduction"
)

func TestAPastedListIsReadLineByLine(t *testing.T) {
	t.Parallel()
	hoa := introduction.Raw{Name: "Nguyễn Thị Hoa", Born: "1/9/2007", Sex: "female", ClassName: "12A1", StudentNo: "HS001", UnionDate: "26/3/2022"}
	for name, c := range map[string]struct {
		text string
		want []introduction.Raw
	}{
		"from a workbook":            {"Nguyễn Thị Hoa\t1/9/2007\tNữ\t12A1\tHS001\t26/3/2022\n", []introduction.Raw{hoa}},
		"typed with semicolons":      {"Nguyễn Thị  Hoa ; 1/9/2007; nữ;12A1;HS001;26/3/2022", []introduction.Raw{hoa}},
		"with running numbers":       {"1\tNguyễn Thị Hoa\t1/9/2007\tNữ\t12A1\tHS001\t26/3/2022\r\n2.\tLê Văn Nam\n", []introduction.Raw{hoa, {Name: "Lê Văn Nam"}}},
		"with a heading and gaps":    {"STT\t\n\nHọ và tên\tNgày sinh\n\t\t\nLê Văn Nam\t2007-01-02\tnam", []introduction.Raw{{Name: "Lê Văn Nam", Born: "2007-01-02", Sex: "male"}}},
		"a sex that is none":         {"Lê Văn Nam;1/2/2007;?", []introduction.Raw{{Name: "Lê Văn Nam", Born: "1/2/2007"}}},
		"more columns than asked":    {"Lê Văn Nam;1/2/2007;;;;;ghi chú", []introduction.Raw{{Name: "Lê Văn Nam", Born: "1/2/2007"}}},
		"letters of two code points": {"Nguyê\u0303n Thị Hoa", []introduction.Raw{{Name: "Nguyễn Thị Hoa"}}},
		"nothing":                    {" \n\t\n;;\n", nil},
	} {
		got, tooMany := introduction.ParseLines(c.text)
		if !slices.Equal(got, c.want) || tooMany {
			t.Errorf("%s: %+v, too many %v", name, got, tooMany)
		}
	}
	list, tooMany := introduction.ParseLines(strings.Repeat("Lê Văn Nam\n", introduction.MaxLines+1))
	if len(list) != introduction.MaxLines || !tooMany {
		t.Errorf("%d lines, too many %v", len(list), tooMany)
	}
}

// Whatever is pasted, the lines that come out are few enough, clean, and read to the same again.
func FuzzParseLines(f *testing.F) {
	for _, s := range []string{"Nguyễn Thị Hoa\t1/9/2007\tNữ", "1;Lê;;", "\x00;\xff\n", "a;b;c;d;e;f;g\r\r\n", "Họ tên\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return // refused before it comes here
		}
		list, _ := introduction.ParseLines(s)
		if len(list) > introduction.MaxLines || len(list) > strings.Count(s, "\n")+1 {
			t.Fatalf("%d lines", len(list))
		}
		for _, r := range list {
			for _, column := range []string{r.Name, r.Born, r.ClassName, r.StudentNo, r.UnionDate} {
				if strings.TrimSpace(column) != column || strings.ContainsAny(column, "\t\r\n") {
					t.Errorf("%q is not clean", column)
				}
			}
			if r.Sex != "" && r.Sex != "male" && r.Sex != "female" {
				t.Errorf("sex %q", r.Sex)
			}
		}
	})
}
