package httpd

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"ketnap/internal/achievement"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/web/achievements"
	"ketnap/web/ui"
)

// formTemplate is a view of one of the forms about a person.
type formTemplate func(ui.Page, achievements.FormView) templ.Component

func gridPath(orgID int32) string { return fmt.Sprintf("/cells/%d/achievements", orgID) }

// gridQuery reads which results the address asks for; what is no school year is the last full one.
func (s *site) gridQuery(r *http.Request) (achievement.GridQuery, error) {
	orgID, err := pathOrganisation(r, "id")
	q := achievement.GridQuery{OrgID: orgID, Year: lastFullYear(s.Today()), After: queryID(r, "after")}
	if year := int(queryID(r, "year")); year >= 2000 && year <= party.SchoolYear(s.Today()) {
		q.Year = year
	}
	if n := queryID(r, "semester"); n <= int64(party.Second) {
		q.Semester = party.Semester(n)
	}
	return q, err
}

func gridAddress(q achievement.GridQuery, after int64) string {
	behind := ""
	if after != 0 {
		behind = strconv.FormatInt(after, 10)
	}
	return address(gridPath(q.OrgID), "year", strconv.Itoa(q.Year), "semester", strconv.Itoa(int(q.Semester)), "after", behind)
}

func (s *site) showGrid(w http.ResponseWriter, r *http.Request) error {
	q, err := s.gridQuery(r)
	if err != nil {
		return err
	}
	grid, err := s.editableGrid(r, q)
	if err != nil {
		return err
	}
	return s.renderGrid(w, r, http.StatusOK, q, grid, nil)
}

func (s *site) editableGrid(r *http.Request, q achievement.GridQuery) (achievement.Grid, error) {
	grid, err := s.Achievements.Grid(r.Context(), viewerOf(r), q)
	if err == nil && !grid.MayEdit {
		err = errForbidden
	}
	return grid, err
}

// sentGrid is a grid that was sent, with why rows of it are refused.
type sentGrid struct {
	form    *form
	refused map[int64]map[string]string // by person, then by field
}

func (s *site) saveGrid(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	q, err := s.gridQuery(r)
	if err != nil {
		return err
	}
	grid, err := s.editableGrid(r, q)
	if err != nil {
		return err
	}
	sent := sentGrid{form: f, refused: map[int64]map[string]string{}}
	entries := sent.entries(ctx, f.values["person"], grid)
	out, err := s.Achievements.SaveGrid(ctx, viewerOf(r), achievement.GridChange{Key: f.key(), OrgID: q.OrgID, Year: q.Year, Semester: q.Semester, Entries: entries})
	if err != nil {
		return err
	}
	for id, why := range out.Refused {
		sent.refused[id] = rowErrors(ctx, why)
	}
	if len(sent.refused) == 0 {
		if err := s.flash(w, r, ui.Good, "achievements.grid.saved", "Count", out.Written); err != nil {
			return err
		}
		return redirect(w, r, gridAddress(q, q.After))
	}
	if grid, err = s.editableGrid(r, q); err != nil {
		return err
	}
	return s.renderGrid(w, r, http.StatusUnprocessableEntity, q, grid, &sent)
}

// entries decodes the rows; one that cannot be read is refused and left out.
func (g *sentGrid) entries(ctx context.Context, people []string, grid achievement.Grid) []achievement.GridEntry {
	kept := map[int64]achievement.GridRow{}
	for _, row := range grid.Rows {
		kept[row.PersonID] = row
	}
	var list []achievement.GridEntry
	for _, p := range people[:min(len(people), achievement.GridSize)] {
		id, err := strconv.ParseInt(p, 10, 64)
		if err != nil {
			continue
		}
		row := &form{values: g.form.values}
		e := achievement.GridEntry{PersonID: id}
		e.Study, e.Conduct = party.Rating(row.typed("study_"+p)), party.Rating(row.typed("conduct_"+p))
		e.Version, _ = row.number("v_"+p, 0, 1<<30)
		e.ConductScore, _ = row.number("score_"+p, 1, 100)
		if old := kept[id]; row.typed("gpa_"+p) == hundredths(ctx, old.StudyResult) {
			e.GPA, e.Scale = old.GPA, old.Scale // as it is kept, on its own scale
		} else {
			e.GPA, e.Scale = typedGPA(row, "gpa_"+p, "scale")
		}
		if err := row.err(); err != nil {
			g.refuse(ctx, id, err)
			continue
		}
		list = append(list, e)
	}
	return list
}

func (g *sentGrid) refuse(ctx context.Context, id int64, err error) {
	suffix := "_" + strconv.FormatInt(id, 10)
	g.refused[id] = map[string]string{}
	for _, f := range fault.As(err).Fields {
		g.refused[id][trimSuffix(f.Name, suffix)] = ui.T(ctx, f.Key, f.Args...)
	}
}

func trimSuffix(name, suffix string) string {
	if n := len(name) - len(suffix); n > 0 && name[n:] == suffix {
		return name[:n]
	}
	return "gpa" // the scale, which stands above the table
}

func (s *site) renderGrid(w http.ResponseWriter, r *http.Request, status int, q achievement.GridQuery, grid achievement.Grid, sent *sentGrid) error {
	ctx := r.Context()
	v := achievements.GridView{Org: grid.Org.Name, Action: gridPath(q.OrgID), Unknown: queryOnly(r, "year", "semester", "after"),
		Year: strconv.Itoa(q.Year), Semester: strconv.Itoa(int(q.Semester)), Years: yearOptions(s.Today(), q.Year), Parts: semesterOptions(ctx),
		Form: ui.FormView{Action: gridAddress(q, q.After), Key: newKey(), Wide: true}, Scale: scaleOf(grid), Scales: scaleOptions(),
		Studies: ratingOptions(ctx, "study"), Conducts: ratingOptions(ctx, "conduct"), Cancel: organisationPath(q.OrgID)}
	if q.After != 0 {
		v.First = gridAddress(q, 0)
	}
	if grid.Next != 0 {
		v.Next = gridAddress(q, grid.Next)
	}
	for _, row := range grid.Rows {
		view := gridRow(ctx, row)
		if sent != nil && sent.refused[row.PersonID] != nil {
			v.Form.Errors = append(v.Form.Errors, sent.refill(ctx, &view)...)
		}
		v.Rows = append(v.Rows, view)
	}
	if sent != nil {
		v.Scale = sent.form.typed("scale")
	}
	page := s.pageOf(r, "achievements.grid.title").WithErrors(v.Form.Errors).Under(ui.Crumb{Label: ui.T(ctx, "organisations.title"), Href: "/organisations"},
		ui.Crumb{Label: grid.Org.Name, Href: organisationPath(q.OrgID)})
	return render(w, r, status, achievements.Grid(page, v))
}

// scaleOf gives the scale on which most of a grid is kept, 10 where none is.
func scaleOf(grid achievement.Grid) string {
	count, best := map[int]int{}, 10
	for _, row := range grid.Rows {
		if row.Scale == 0 {
			continue
		}
		if count[row.Scale]++; count[row.Scale] > count[best] {
			best = row.Scale
		}
	}
	return strconv.Itoa(best)
}

func gridRow(ctx context.Context, row achievement.GridRow) achievements.GridRow {
	v := achievements.GridRow{ID: row.PersonID, Name: row.FullName, Href: personPath(row.PersonID) + "/achievements", Class: row.ClassName,
		Version: row.Version, Study: string(row.Study), GPA: hundredths(ctx, row.StudyResult), Conduct: string(row.Conduct)}
	if row.ConductScore > 0 {
		v.Score = strconv.Itoa(row.ConductScore)
	}
	return v
}

// refill puts back what was typed into a refused row, and gives its errors for the summary.
func (g *sentGrid) refill(ctx context.Context, v *achievements.GridRow) ui.Errors {
	id := "_" + strconv.FormatInt(v.ID, 10)
	v.Study, v.GPA, v.Conduct, v.Score = g.form.typed("study"+id), g.form.typed("gpa"+id), g.form.typed("conduct"+id), g.form.typed("score"+id)
	v.Errors = g.refused[v.ID]
	var list ui.Errors
	for _, name := range []string{"study", "gpa", "conduct", "score"} {
		if text := v.Errors[name]; text != "" {
			list = append(list, ui.FieldError{Name: name + id, Text: v.Name + ": " + text})
		}
	}
	return list
}
