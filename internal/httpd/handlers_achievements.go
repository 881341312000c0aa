package httpd

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"ketnap/internal/achievement"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/web/achievements"
	"ketnap/web/ui"
)

// recordOf gives the results and titles of the person in the address.
func (s *site) recordOf(r *http.Request) (achievement.Record, error) {
	id, err := pathID(r, "id")
	if err != nil {
		return achievement.Record{}, err
	}
	return s.Achievements.Of(r.Context(), viewerOf(r), id)
}

// editableRecord is recordOf where the viewer may change it.
func (s *site) editableRecord(r *http.Request) (achievement.Record, error) {
	rec, err := s.recordOf(r)
	if err == nil && !rec.MayEdit {
		err = errForbidden
	}
	return rec, err
}

func (s *site) achievementCrumbs(r *http.Request, rec achievement.Record, below bool) []ui.Crumb {
	crumbs := append(s.personCrumbs(r, nil), ui.Crumb{Label: rec.FullName, Href: personPath(rec.PersonID)})
	if below {
		crumbs = append(crumbs, ui.Crumb{Label: ui.T(r.Context(), "achievements.title"), Href: personPath(rec.PersonID) + "/achievements"})
	}
	return crumbs
}

func (s *site) showAchievements(w http.ResponseWriter, r *http.Request) error {
	rec, err := s.recordOf(r)
	if err != nil {
		return err
	}
	page := s.pageOf(r, "achievements.title").Under(s.achievementCrumbs(r, rec, false)...)
	return render(w, r, http.StatusOK, achievements.One(page, recordView(r.Context(), rec, true)))
}

func (s *site) showResultForm(w http.ResponseWriter, r *http.Request) error {
	rec, err := s.editableRecord(r)
	if err != nil {
		return err
	}
	v := s.formView(r.Context(), map[string]string{"year": strconv.Itoa(lastFullYear(s.Today())), "semester": "0", "scale": "10"})
	if id := queryID(r, "entry"); id != 0 {
		old, ok := keptResult(rec, id)
		if !ok {
			return errNotFound
		}
		fillResult(r.Context(), &v, old)
		v.Choices["year"] = yearOptions(s.Today(), old.Year)
	}
	return s.renderResultForm(w, r, http.StatusOK, rec, v)
}

func keptResult(rec achievement.Record, id int64) (achievement.Result, bool) {
	for _, x := range rec.Results {
		if x.ID == id {
			return x, true
		}
	}
	return achievement.Result{}, false
}

func fillResult(ctx context.Context, v *achievements.FormView, old achievement.Result) {
	v.Values = map[string]string{"year": strconv.Itoa(old.Year), "semester": strconv.Itoa(int(old.Semester)), "study": string(old.Study),
		"gpa": hundredths(ctx, old.StudyResult), "scale": "10", "conduct": string(old.Conduct)}
	if old.Scale != 0 {
		v.Values["scale"] = strconv.Itoa(old.Scale)
	}
	if old.ConductScore != 0 {
		v.Values["conduct_score"] = strconv.Itoa(old.ConductScore)
	}
	v.Form.Version, v.Remove = old.Version, true
}

func (s *site) formView(ctx context.Context, values map[string]string) achievements.FormView {
	kinds, levels := []ui.Option{}, []ui.Option{}
	for _, k := range party.TitleKinds {
		kinds = append(kinds, ui.Option{Value: string(k), Label: ui.T(ctx, "achievements.kind."+string(k))})
	}
	for _, l := range party.TitleLevels {
		levels = append(levels, ui.Option{Value: string(l), Label: ui.T(ctx, "achievements.level."+string(l))})
	}
	return achievements.FormView{Values: values, Form: ui.FormView{Key: newKey()}, Choices: map[string][]ui.Option{"year": yearOptions(s.Today(), 0),
		"semester": semesterOptions(ctx), "study": ratingOptions(ctx, "study"), "conduct": ratingOptions(ctx, "conduct"), "scale": scaleOptions(),
		"kind": kinds, "level": levels}}
}

func (s *site) renderResultForm(w http.ResponseWriter, r *http.Request, status int, rec achievement.Record, v achievements.FormView) error {
	return s.renderAchievementForm(w, r, status, rec, v, "result", achievements.Result)
}

// renderAchievementForm shows a form about one person, of a result or of a title.
func (s *site) renderAchievementForm(w http.ResponseWriter, r *http.Request, status int, rec achievement.Record, v achievements.FormView, kind string, view formTemplate) error {
	at, ctx := personPath(rec.PersonID)+"/achievements", r.Context()
	v.Form.Action, v.Cancel, v.Caption = address(at+"/"+kind, "entry", r.URL.Query().Get("entry")), at, rec.FullName
	titleKey := map[string]string{"result": "achievements.result.new", "title": "achievements.title_form.new"}[kind]
	if v.Remove {
		titleKey = map[string]string{"result": "achievements.result.edit", "title": "achievements.title_form.edit"}[kind]
	}
	v.Title = ui.T(ctx, titleKey)
	page := s.pageOf(r, titleKey).WithErrors(v.Form.Errors).Under(s.achievementCrumbs(r, rec, true)...)
	return render(w, r, status, view(page, v))
}

func typedResult(f *form) party.StudyResult {
	out := party.StudyResult{Study: party.Rating(f.typed("study")), Conduct: party.Rating(f.typed("conduct"))}
	out.Year, _ = f.number("year", 1990, 2100)
	semester, _ := f.number("semester", 0, 2)
	out.Semester = party.Semester(semester)
	out.GPA, out.Scale = typedGPA(f, "gpa", "scale")
	out.ConductScore, _ = f.number("conduct_score", 1, 100)
	return out
}

// typedGPA gives an average with its scale; none where nothing was typed.
func typedGPA(f *form, name, scaleName string) (gpa, scale int) {
	if strings.TrimSpace(f.typed(name)) == "" {
		return 0, 0
	}
	gpa, ok := parseHundredths(f.typed(name))
	if !ok {
		f.refuse(name, "achievements.error.gpa_number")
		return 0, 0
	}
	scale, _ = f.number(scaleName, 1, 100)
	return gpa, scale
}

func (s *site) saveResult(w http.ResponseWriter, r *http.Request) error {
	ctx, f, entry := r.Context(), formOf(r), queryID(r, "entry")
	rec, err := s.editableRecord(r)
	if err != nil {
		return err
	}
	if f.typed("do") == "remove" {
		err = s.Achievements.RemoveResult(ctx, viewerOf(r), achievement.Removal{Key: f.key(), PersonID: rec.PersonID, ID: entry, Version: f.version()})
		return s.achievementSaved(w, r, rec, "achievements.removed", err)
	}
	result := typedResult(f)
	if err = f.err(); err == nil {
		_, err = s.Achievements.SaveResult(ctx, viewerOf(r), achievement.ResultChange{Key: f.key(), PersonID: rec.PersonID, ID: entry, Version: f.version(), Result: result})
	}
	if !asksAgain(err) {
		return s.achievementSaved(w, r, rec, "achievements.saved", err)
	}
	v := s.typedForm(ctx, f, err, "year", "semester", "study", "gpa", "scale", "conduct", "conduct_score")
	if old, ok := keptResult(rec, entry); ok {
		v.Form.Version, v.Remove = versionToSend(f, err, old.Version), true
	}
	return s.renderResultForm(w, r, statusOf(err), rec, v)
}

// asksAgain tells whether a refusal shows the form once more.
func asksAgain(err error) bool {
	kind := fault.KindOf(err)
	return err != nil && (kind == fault.Invalid || kind == fault.Conflict)
}

// versionToSend is the version from which a refused form goes on: after a conflict, which the reader
// was told of, the one that is kept.
func versionToSend(f *form, err error, kept int) int {
	if fault.KindOf(err) == fault.Conflict {
		return kept
	}
	return f.version()
}

// typedForm gives the form with what was typed and why it was refused.
func (s *site) typedForm(ctx context.Context, f *form, err error, names ...string) achievements.FormView {
	values := map[string]string{}
	for _, n := range names {
		values[n] = f.typed(n)
	}
	v := s.formView(ctx, values)
	v.Form.Errors = ui.ErrorsOf(ctx, err)
	if kept, err := strconv.Atoi(values["year"]); err == nil {
		v.Choices["year"] = yearOptions(s.Today(), kept)
	}
	return v
}

func (s *site) achievementSaved(w http.ResponseWriter, r *http.Request, rec achievement.Record, key string, err error) error {
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, key); err != nil {
		return err
	}
	return redirect(w, r, personPath(rec.PersonID)+"/achievements")
}

func (s *site) showTitleForm(w http.ResponseWriter, r *http.Request) error {
	rec, err := s.editableRecord(r)
	if err != nil {
		return err
	}
	v := s.formView(r.Context(), map[string]string{"year": strconv.Itoa(lastFullYear(s.Today()))})
	if id := queryID(r, "entry"); id != 0 {
		old, ok := keptTitle(rec, id)
		if !ok {
			return errNotFound
		}
		v.Values = map[string]string{"kind": string(old.Kind), "name": old.Name, "level": string(old.Level), "year": strconv.Itoa(old.Year),
			"awarded_on": old.AwardedOn.Vietnamese(), "issuer": old.Issuer}
		v.Form.Version, v.Remove, v.Choices["year"] = old.Version, true, yearOptions(s.Today(), old.Year)
	}
	return s.renderAchievementForm(w, r, http.StatusOK, rec, v, "title", achievements.Title)
}

func keptTitle(rec achievement.Record, id int64) (achievement.Title, bool) {
	for _, x := range rec.Titles {
		if x.ID == id {
			return x, true
		}
	}
	return achievement.Title{}, false
}

func (s *site) saveTitle(w http.ResponseWriter, r *http.Request) error {
	ctx, f, entry := r.Context(), formOf(r), queryID(r, "entry")
	rec, err := s.editableRecord(r)
	if err != nil {
		return err
	}
	if f.typed("do") == "remove" {
		err = s.Achievements.RemoveTitle(ctx, viewerOf(r), achievement.Removal{Key: f.key(), PersonID: rec.PersonID, ID: entry, Version: f.version()})
		return s.achievementSaved(w, r, rec, "achievements.removed", err)
	}
	title := party.Title{Kind: party.TitleKind(f.typed("kind")), Level: party.TitleLevel(f.typed("level")), Name: f.text("name", longText),
		AwardedOn: f.date("awarded_on"), Issuer: f.text("issuer", longText)}
	title.Year, _ = f.number("year", 1990, 2100)
	if err = f.err(); err == nil {
		_, err = s.Achievements.SaveTitle(ctx, viewerOf(r), achievement.TitleChange{Key: f.key(), PersonID: rec.PersonID, ID: entry, Version: f.version(), Title: title})
	}
	if !asksAgain(err) {
		return s.achievementSaved(w, r, rec, "achievements.saved", err)
	}
	v := s.typedForm(ctx, f, err, "kind", "name", "level", "year", "awarded_on", "issuer")
	if old, ok := keptTitle(rec, entry); ok {
		v.Form.Version, v.Remove = versionToSend(f, err, old.Version), true
	}
	return s.renderAchievementForm(w, r, statusOf(err), rec, v, "title", achievements.Title)
}
