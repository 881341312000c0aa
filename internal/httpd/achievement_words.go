package httpd

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/achievement"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/web/achievements"
	"ketnap/web/ui"
)

func studyName(ctx context.Context, r party.Rating) string { return ratingName(ctx, "study", r) }

func conductName(ctx context.Context, r party.Rating) string { return ratingName(ctx, "conduct", r) }

// ratingName words a rating; study and conduct have other words for the same step.
func ratingName(ctx context.Context, of string, r party.Rating) string {
	if r == party.RatingUnknown {
		return ""
	}
	return ui.T(ctx, "achievements."+of+"."+string(r))
}

func ratingOptions(ctx context.Context, of string) []ui.Option {
	var list []ui.Option
	for _, r := range party.Ratings {
		list = append(list, ui.Option{Value: string(r), Label: ratingName(ctx, of, r)})
	}
	return list
}

func semesterName(ctx context.Context, s party.Semester) string {
	return ui.T(ctx, "achievements.semester."+strconv.Itoa(int(s)))
}

func semesterOptions(ctx context.Context) []ui.Option {
	var list []ui.Option
	for _, s := range party.Semesters {
		list = append(list, ui.Option{Value: strconv.Itoa(int(s)), Label: semesterName(ctx, s)})
	}
	return list
}

// yearsShown is how many school years a choice offers.
const yearsShown = 8

// yearOptions offers the newest school years, and the one that is kept if it is older.
func yearOptions(today party.Date, kept int) []ui.Option {
	newest := party.SchoolYear(today)
	var list []ui.Option
	for y := newest; y > newest-yearsShown; y-- {
		list = append(list, ui.Option{Value: strconv.Itoa(y), Label: achievement.YearName(y)})
	}
	if kept > 0 && kept <= newest-yearsShown {
		list = append(list, ui.Option{Value: strconv.Itoa(kept), Label: achievement.YearName(kept)})
	}
	return list
}

// lastFullYear is the school year that is usually entered: the one that is over, until the next one
// has come to its second half.
func lastFullYear(today party.Date) int {
	if year := party.SchoolYear(today); today.Year > year && today.Month > 1 {
		return year
	}
	return party.SchoolYear(today) - 1
}

func scaleOptions() []ui.Option {
	var list []ui.Option
	for _, s := range party.Scales {
		list = append(list, ui.Option{Value: strconv.Itoa(s), Label: strconv.Itoa(s)})
	}
	return list
}

func resultPeriod(ctx context.Context, r party.StudyResult) string {
	if r.Semester == party.WholeYear {
		return achievement.YearName(r.Year)
	}
	return achievement.YearName(r.Year) + ", " + semesterName(ctx, r.Semester)
}

// hundredths writes hundredths as a decimal number, as the language writes it; without a scale nothing.
func hundredths(ctx context.Context, r party.StudyResult) string {
	if r.Scale == 0 {
		return ""
	}
	point := ","
	if ui.LangOf(ctx) == ui.English {
		point = "."
	}
	text := strconv.Itoa(r.GPA / 100)
	if rest := r.GPA % 100; rest != 0 {
		text += point + strings.TrimRight(strconv.Itoa(100 + rest)[1:], "0")
	}
	return text
}

// parseHundredths reads a decimal number with at most two decimals, with a comma or a point.
func parseHundredths(s string) (int, bool) {
	whole, rest, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(s), ",", "."), ".")
	if whole == "" || len(whole) > 3 || len(rest) > 2 {
		return 0, false
	}
	n, err := strconv.ParseUint(whole+(rest + "00")[:2], 10, 32)
	return int(n), err == nil
}

func gpaText(ctx context.Context, r party.StudyResult) string {
	if r.Scale == 0 {
		return ""
	}
	return ui.T(ctx, "achievements.gpa_of", "GPA", hundredths(ctx, r), "Scale", strconv.Itoa(r.Scale))
}

func conductText(ctx context.Context, r party.StudyResult) string {
	word := conductName(ctx, r.ConductRating())
	if r.ConductScore > 0 {
		return ui.T(ctx, "achievements.conduct_of", "Word", word, "Score", r.ConductScore)
	}
	return word
}

// titleText names a title: by its own name where its kind says nothing without it.
func titleText(ctx context.Context, t party.Title) string {
	kind := ui.T(ctx, "achievements.kind."+string(t.Kind))
	switch {
	case t.Name == "":
		return kind
	case t.Kind.Named():
		return t.Name
	}
	return kind + ": " + t.Name
}

// criteriaOf words how somebody stands to what his organisation asks; it only warns.
func criteriaOf(ctx context.Context, list []party.Condition) []ui.Condition {
	var out []ui.Condition
	for _, c := range list {
		key, state := c.Key, ui.Warns
		switch c.Outcome {
		case party.Met:
			key, state = key+"_met", ui.Met
		case party.NotKnown:
			key, state = key+"_unknown", ui.Unknown
		}
		args := slices.Clone(c.Args)
		of := "study"
		if strings.HasSuffix(c.Key, ".conduct") {
			of = "conduct"
		}
		for i, a := range args {
			if r, ok := a.(party.Rating); ok {
				args[i] = strings.ToLower(ratingName(ctx, of, r))
			}
		}
		out = append(out, ui.Condition{State: state, Text: ui.T(ctx, key, args...), MetOn: c.MetOn})
	}
	return out
}

// asksOf puts criteria into words, one each.
func asksOf(ctx context.Context, c party.Criteria) []string {
	var list []string
	if c.Study != "" {
		list = append(list, ui.T(ctx, "achievements.asks.study", "Least", strings.ToLower(studyName(ctx, c.Study))))
	}
	if c.Conduct != "" {
		list = append(list, ui.T(ctx, "achievements.asks.conduct", "Least", strings.ToLower(conductName(ctx, c.Conduct))))
	}
	if c.NeedsTitle {
		list = append(list, ui.T(ctx, "achievements.asks.title"))
	}
	if c.UnionMonths > 0 {
		list = append(list, ui.T(ctx, "achievements.asks.union", "Months", c.UnionMonths))
	}
	return list
}

// recordView words somebody's results and titles; with edit, each leads to its form.
func recordView(ctx context.Context, rec achievement.Record, edit bool) achievements.RecordView {
	at := personPath(rec.PersonID) + "/achievements"
	v := achievements.RecordView{Name: rec.FullName, Criteria: criteriaOf(ctx, rec.Criteria), Open: at}
	edit = edit && rec.MayEdit
	way := func(kind string, id int64) string {
		if !edit {
			return ""
		}
		return address(at+"/"+kind, "entry", strconv.FormatInt(id, 10))
	}
	for _, r := range rec.Results {
		v.Results = append(v.Results, achievements.ResultRow{Period: resultPeriod(ctx, r.StudyResult), Study: studyName(ctx, r.Study),
			GPA: gpaText(ctx, r.StudyResult), Conduct: conductText(ctx, r.StudyResult), Edit: way("result", r.ID)})
	}
	for _, t := range rec.Titles {
		v.Titles = append(v.Titles, achievements.TitleRow{Title: titleText(ctx, t.Title), Level: ui.T(ctx, "achievements.level."+string(t.Level)),
			Awarded: ui.Date(ctx, t.AwardedOn), Issuer: t.Issuer, Edit: way("title", t.ID)})
	}
	if edit {
		v.NewResult, v.NewTitle = at+"/result", at+"/title"
	}
	return v
}

// rowErrors words why a row of a grid was refused, by its field.
func rowErrors(ctx context.Context, err error) map[string]string {
	e := fault.As(err)
	if e == nil {
		return nil
	}
	out := map[string]string{}
	for _, f := range e.Fields {
		name := f.Name
		if name == "conduct_score" {
			name = "score"
		}
		out[name] = ui.T(ctx, f.Key, f.Args...)
	}
	if len(out) == 0 {
		out["study"] = ui.T(ctx, e.Key, e.Args...)
	}
	return out
}
