package httpd

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/achievement"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/review"
	"ketnap/web/reviews"
	"ketnap/web/ui"
)

// reviewPeriod names the school year, or the half of it, that a review is about.
func reviewPeriod(ctx context.Context, f review.Fields) string {
	return ui.T(ctx, "reviews.period."+strconv.Itoa(int(f.Half)), "Year", achievement.YearName(f.Year))
}

func periodValue(f review.Fields) string { return fmt.Sprintf("%d-%d", f.Year, f.Half) }

// periodOptions offers this school year, the one before and the one to come, and what is kept.
func periodOptions(ctx context.Context, today party.Date, kept review.Fields) []ui.Option {
	var list []ui.Option
	add := func(f review.Fields) {
		list = append(list, ui.Option{Value: periodValue(f), Label: reviewPeriod(ctx, f)})
	}
	year := party.SchoolYear(today)
	for y := year + 1; y >= year-1; y-- {
		for _, half := range []party.Semester{party.First, party.Second, party.WholeYear} {
			add(review.Fields{Year: y, Half: half})
		}
	}
	if kept.Year < year-1 {
		add(kept)
	}
	return list
}

// sheetView puts a sheet into words.
func sheetView(ctx context.Context, sheet review.Sheet) reviews.SheetView {
	v := reviews.SheetView{Cell: sheet.Org.Name, Lead: ui.T(ctx, "reviews.sheet.lead", "Day", sheet.Day), Cancel: "/reviews", MetHint: ui.T(ctx, "reviews.sheet.met_hint"),
		Form: ui.FormView{Action: newReviewPath(sheet.OrgID), Key: newKey(), Version: sheet.Version, Wide: true},
		Values: map[string]string{"period": periodValue(sheet.Fields), "met_on": sheet.MetOn.Vietnamese(), "minutes_no": sheet.MinutesNo,
			"resolution_no": sheet.ResolutionNo, "resolution_on": sheet.ResolutionOn.Vietnamese()}}
	if sheet.ID != 0 {
		v.Form.Action = reviewPath(sheet.ID)
	}
	if !sheet.Last.IsZero() {
		v.MetHint = ui.T(ctx, "reviews.sheet.met_hint_last", "Last", sheet.Last)
	}
	if sheet.More {
		v.More = ui.T(ctx, "reviews.sheet.more", "Max", review.MaxPeople)
	}
	planned, others := reviews.Group{ID: "planned"}, reviews.Group{ID: "others"}
	for _, row := range sheet.Rows {
		if row.Planned() {
			planned.Rows = append(planned.Rows, sheetRow(ctx, row))
		} else {
			others.Rows = append(others.Rows, sheetRow(ctx, row))
		}
	}
	planned.Title, others.Title = ui.T(ctx, "reviews.sheet.planned", "Count", len(planned.Rows)), ui.T(ctx, "reviews.sheet.others", "Count", len(others.Rows))
	for _, g := range []reviews.Group{planned, others} {
		if len(g.Rows) > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
	return v
}

func sheetRow(ctx context.Context, r review.Row) reviews.SheetRow {
	note := ui.T(ctx, "reviews.fact.born", "Date", r.Person.BirthDate)
	if r.ClassName != "" {
		note = r.ClassName + " · " + note
	}
	v := reviews.SheetRow{ID: r.ID, Name: r.FullName, Href: personPath(r.ID), Note: note, Stage: r.Facts.Stage, Outcome: string(r.Outcome), Reason: r.Reason,
		Age: ageFacts(ctx, r.Facts), Study: studyFacts(ctx, r), Progress: progressFacts(ctx, r.Facts)}
	for _, o := range r.Open {
		label := "reviews.outcome." + string(o)
		if o == party.ReviewKeep && !r.Planned() {
			label = "reviews.outcome.leave"
		}
		v.Options = append(v.Options, ui.Option{Value: string(o), Label: ui.T(ctx, label)})
	}
	return v
}

func ageFacts(ctx context.Context, f party.ReviewFacts) []reviews.Fact {
	list := []reviews.Fact{{Text: ui.T(ctx, "reviews.fact.age", "Age", f.Age)}}
	if !f.OfAge && !f.OfAgeOn.IsZero() {
		list = append(list, reviews.Fact{Tone: ui.Warn, Text: ui.T(ctx, "reviews.fact.not_of_age", "On", f.OfAgeOn)})
	}
	return list
}

// titlesShown is how many titles a row names; more are counted.
const titlesShown = 2

func studyFacts(ctx context.Context, r review.Row) []reviews.Fact {
	var list []reviews.Fact
	words := slices.DeleteFunc([]string{studyName(ctx, r.Latest.Study), gpaText(ctx, r.Latest)}, func(s string) bool { return s == "" })
	asked := slices.ContainsFunc(r.Criteria, func(c party.Condition) bool {
		return c.Key == "achievements.criteria.study" && c.Outcome == party.NotKnown
	})
	switch {
	case len(words) > 0:
		list = append(list, reviews.Fact{Text: ui.T(ctx, "reviews.fact.study", "Study", strings.Join(words, ", "), "Year", resultPeriod(ctx, r.Latest))})
	case !asked: // a criterion that is not known says it already
		list = append(list, reviews.Fact{Text: ui.T(ctx, "reviews.fact.no_study")})
	}
	if conduct := conductText(ctx, r.Latest); conduct != "" {
		list = append(list, reviews.Fact{Text: ui.T(ctx, "reviews.fact.conduct", "Conduct", conduct)})
	}
	for _, t := range r.Titles[:min(len(r.Titles), titlesShown)] {
		list = append(list, reviews.Fact{Text: titleText(ctx, t.Title)})
	}
	if more := len(r.Titles) - titlesShown; more > 0 {
		list = append(list, reviews.Fact{Text: ui.T(ctx, "reviews.fact.titles_more", "Count", more)})
	}
	for _, c := range criteriaOf(ctx, r.Criteria) {
		if c.State != ui.Met {
			list = append(list, reviews.Fact{Tone: ui.Warn, Text: c.Text})
		}
	}
	return list
}

func progressFacts(ctx context.Context, f party.ReviewFacts) []reviews.Fact {
	var list []reviews.Fact
	switch {
	case f.Class == nil:
		list = append(list, reviews.Fact{Text: ui.T(ctx, "reviews.fact.no_class")})
	case f.CertValid:
		list = append(list, reviews.Fact{Text: ui.T(ctx, "reviews.fact.cert", "Until", f.CertUntil)})
	case !f.CertUntil.IsZero():
		list = append(list, reviews.Fact{Tone: ui.Warn, Text: ui.T(ctx, "reviews.fact.cert_over", "Until", f.CertUntil)})
	}
	if f.Idle > 0 {
		list = append(list, reviews.Fact{Text: ui.T(ctx, "reviews.fact.idle", "Count", f.Idle)})
	}
	return list
}

// refillSheet puts back what was typed into a refused sheet, and why each row of it is refused.
func refillSheet(ctx context.Context, v *reviews.SheetView, f *form, err error) {
	for name := range v.Values {
		v.Values[name] = f.typed(name)
	}
	v.Confirmed = f.checked("confirmed")
	errs := ui.ErrorsOf(ctx, err)
	if e := fault.As(err); e != nil {
		if why, ok := e.Detail.(review.Refusals); ok {
			for id, refusal := range why {
				explainRow(ctx, errs, fmt.Sprintf("outcome_%d", id), refusal)
			}
		}
	}
	for g := range v.Groups {
		for i := range v.Groups[g].Rows {
			row := &v.Groups[g].Rows[i]
			id := strconv.FormatInt(row.ID, 10)
			if _, sent := f.values["outcome_"+id]; sent {
				row.Outcome, row.Reason = f.typed("outcome_"+id), f.typed("reason_"+id)
			}
			row.Errors = reviews.RowErrors{Outcome: errs.For("outcome_" + id), Reason: errs.For("reason_" + id)}
			name(errs, row.Name, "outcome_"+id, "reason_"+id)
		}
	}
	v.Form.Errors = errs
}

// name says in the summary of whom an error speaks; beside the row that is seen.
func name(errs ui.Errors, who string, fields ...string) {
	for i := range errs {
		if slices.Contains(fields, errs[i].Name) {
			errs[i].Text = who + ": " + errs[i].Text
		}
	}
}

// explainRow replaces the words of a row's error by what its gate refuses.
func explainRow(ctx context.Context, errs ui.Errors, field string, refusal error) {
	var why []string
	if verdict, ok := people.Refusal(refusal); ok {
		for _, c := range verdict.Refusals() {
			why = append(why, conditionText(ctx, c))
		}
	} else {
		for _, e := range ui.ErrorsOf(ctx, refusal) {
			why = append(why, e.Text)
		}
	}
	for i := range errs {
		if errs[i].Name == field && len(why) > 0 {
			errs[i].Text = strings.Join(why, " ")
		}
	}
}
