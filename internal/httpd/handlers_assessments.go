package httpd

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"ketnap/internal/access"
	"ketnap/internal/assessment"
	"ketnap/internal/keyset"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/web/assessments"
	"ketnap/web/ui"
)

// assessmentRoutes are the yearly assessment and the screening.
func (s *site) assessmentRoutes() []Route {
	list := []Route{
		{Method: http.MethodGet, Pattern: "/assessments", Action: access.AssessmentsRead, Handler: s.showAssessments},
		{Method: http.MethodGet, Pattern: "/assessments/names", Action: access.AssessmentsRead, Handler: s.showAssessmentNames},
		{Method: http.MethodGet, Pattern: "/assessments/watches", Action: access.AssessmentsRead, Handler: s.showWatches},
		{Method: http.MethodPost, Pattern: "/assessments/watches", Action: access.AssessmentsEdit, Handler: s.concludeWatches},
	}
	for _, kind := range []assessment.Kind{assessment.Rating, assessment.Screening} {
		at := func(method, rest string, a access.Action, h func(assessment.Kind) Handler) {
			list = append(list, Route{Method: method, Pattern: "/cells/{id}/" + string(kind) + rest, Action: a, Handler: h(kind)})
		}
		at(http.MethodGet, "", access.AssessmentsRead, s.showYearly)
		at(http.MethodPost, "", access.AssessmentsEdit, s.saveYearly)
		at(http.MethodGet, "/approval", access.AssessmentsApprove, s.showYearlyApproval)
		at(http.MethodPost, "/approval", access.AssessmentsApprove, s.approveYearly)
		at(http.MethodPost, "/reopening", access.AssessmentsApprove, s.reopenYearly)
		at(http.MethodGet, "/minutes", access.AssessmentsRead, s.showYearlyMinutes)
	}
	return list
}

// yearlyPath is the address of a sheet, or of what is done with it.
func yearlyPath(w assessment.Which, rest string) string {
	return address(cellPath(w.OrgID)+"/"+string(w.Kind)+rest, "year", strconv.Itoa(w.Year))
}

func assessmentsAddress(org int32, year int) string {
	return address("/assessments", "org", orgValue(org), "year", strconv.Itoa(year))
}

func assessmentsCrumb(ctx context.Context) ui.Crumb {
	return ui.Crumb{Label: ui.T(ctx, "assessments.title"), Href: "/assessments"}
}

// assessedYear is the year that an address asks for; where it names none, the one that cells rate now:
// the last one until its end comes near.
func (s *site) assessedYear(r *http.Request) int {
	if text := queryText(r, "year"); text != "" {
		year, _ := strconv.Atoi(text)
		return year
	}
	today := s.Today()
	if today.Month < time.October {
		return today.Year - 1
	}
	return today.Year
}

func (s *site) yearChoice(ctx context.Context, year int) ui.ChoiceField {
	field := ui.ChoiceField{Field: ui.Field{Name: "year", Label: ui.T(ctx, "assessments.year"), Value: strconv.Itoa(year)}}
	for y := s.Today().Year; y >= party.FirstAssessedYear; y-- {
		field.Options = append(field.Options, ui.Option{Value: strconv.Itoa(y), Label: strconv.Itoa(y)})
	}
	return field
}

func (s *site) knownYear(year int) bool {
	return year >= party.FirstAssessedYear && year <= s.Today().Year
}

// showAssessments shows the figures of a year. Whoever has one cell comes to its sheet.
func (s *site) showAssessments(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	year, used := s.assessedYear(r), []string{"org", "year"}
	if !s.knownYear(year) {
		year, used = s.Today().Year, []string{"org"} // the page says that it did not understand the year
	}
	out, err := s.Assessments.Overview(ctx, v, queryOrg(r), year)
	if err != nil {
		return err
	}
	if out.Whole.Org.Kind.IsCell() && len(out.Lines) == 0 {
		return redirect(w, r, yearlyPath(assessment.Which{OrgID: out.Whole.Org.OrgID, Kind: assessment.Rating, Year: year}, ""))
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	view := assessments.OverviewView{Unknown: queryOnly(r, used...), Year: s.yearChoice(ctx, year), Over: out.Cap.Exceeded(), Cap: capText(ctx, out.Cap),
		Watches: &ui.LinkView{Label: ui.T(ctx, "assessments.watches.link"), Href: "/assessments/watches", Icon: ui.IconClock}}
	orgs, cut := tree.Choice(v, access.AssessmentsRead, out.Whole.Org.OrgID, mostChoices)
	view.Org = ui.ChoiceField{Field: ui.Field{Name: "org", Label: ui.T(ctx, "assessments.org"), Value: orgValue(out.Whole.Org.OrgID), Hint: choiceHint(ctx, cut)}, Options: orgChoice(orgs)}
	view.Tables = []assessments.FigureTable{figureTable(ctx, out, assessment.Rating, assessment.RatingFigures), figureTable(ctx, out, assessment.Screening, assessment.ScreeningFigures)}
	return render(w, r, http.StatusOK, assessments.Overview(s.pageOf(r, "assessments.title"), view))
}

func figureTable(ctx context.Context, out assessment.Overview, kind assessment.Kind, list []assessment.Figure) assessments.FigureTable {
	t := assessments.FigureTable{ID: string(kind), Title: ui.T(ctx, "assessments.kinds."+string(kind)), Columns: columnsOf(ctx, "assessments.unit")}
	for _, f := range list {
		t.Columns = append(t.Columns, ui.Column{Label: ui.T(ctx, "assessments.figures."+string(f)), Numeric: true})
	}
	t.Columns = append(t.Columns, ui.Column{Label: ui.T(ctx, "assessments.approved_cells"), Numeric: true})
	for _, l := range out.Lines {
		line := figureLine(ctx, l, kind, list, out.Year)
		if line.Name, line.Href = l.Org.Name, assessmentsAddress(l.Org.OrgID, out.Year); l.Org.Kind.IsCell() {
			line.Href = yearlyPath(assessment.Which{OrgID: l.Org.OrgID, Kind: kind, Year: out.Year}, "")
		}
		t.Lines = append(t.Lines, line)
	}
	whole := figureLine(ctx, out.Whole, kind, list, out.Year)
	whole.Name = ui.T(ctx, "assessments.whole")
	t.Lines = append(t.Lines, whole)
	return t
}

func figureLine(ctx context.Context, l assessment.Line, kind assessment.Kind, list []assessment.Figure, year int) (line assessments.FigureLine) {
	for _, f := range list {
		cell := ui.LinkView{Label: ui.Number(ctx, l.Figures[f])}
		if l.Figures[f] > 0 {
			cell.Href = address("/assessments/names", "org", orgValue(l.Org.OrgID), "year", strconv.Itoa(year), "figure", string(f))
		}
		line.Cells = append(line.Cells, cell)
	}
	approved := l.Rated
	if kind == assessment.Screening {
		approved = l.Screened
	}
	line.Cells = append(line.Cells, ui.LinkView{Label: ui.T(ctx, "assessments.of", "Count", approved, "All", l.Cells)})
	return line
}

// capText says what the cap allows of the highest level.
func capText(ctx context.Context, c party.Cap) string {
	if !c.Known {
		return ui.T(ctx, "assessments.cap.none")
	}
	key := "assessments.cap.line"
	if c.Exceeded() {
		key = "assessments.cap.over"
	}
	return ui.T(ctx, key, "Used", c.Used, "Allowed", c.Allowed, "Share", shareText(c.Rule), "Of", ui.T(ctx, "rule.option."+c.Rule.Option), "Base", c.Base) +
		" " + citationOf(ctx, c.Rule)
}

// shareText writes a share of a hundred as per cent, another as a fraction.
func shareText(r party.Rule) string {
	if r.Per == 100 {
		return strconv.Itoa(r.Value) + "%"
	}
	return strconv.Itoa(r.Value) + "/" + strconv.Itoa(r.Per)
}

// showAssessmentNames names those behind a figure.
func (s *site) showAssessmentNames(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	year, figure, org := s.assessedYear(r), assessment.Figure(queryText(r, "figure")), queryOrg(r)
	if !s.knownYear(year) || !figure.Known() {
		return errNotFound
	}
	names, err := s.Assessments.Names(ctx, v, org, year, figure, queryID(r, "after"))
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	kind, back := assessment.Rating, address("/assessments", "year", strconv.Itoa(year))
	for _, f := range assessment.ScreeningFigures {
		if f == figure {
			kind = assessment.Screening
		}
	}
	caption := ""
	if org != 0 {
		back, caption = assessmentsAddress(org, year), orgName(tree, org)
	}
	view := assessments.NamesView{Caption: caption, Title: ui.T(ctx, "assessments.names.title", "Figure", ui.T(ctx, "assessments.figures."+string(figure)), "Year", strconv.Itoa(year)),
		Back: ui.LinkView{Label: ui.T(ctx, "assessments.names.back"), Href: back}}
	for _, n := range names.List {
		row := assessments.NameRow{Name: n.FullName, Href: personPath(n.PersonID), Cell: orgName(tree, n.OrgID), Note: n.Note}
		if _, ok := tree.Of(n.OrgID); ok { // the cell may have ended since
			row.CellHref = yearlyPath(assessment.Which{OrgID: n.OrgID, Kind: kind, Year: year}, "")
		}
		view.Rows = append(view.Rows, row)
	}
	here := address("/assessments/names", "org", queryText(r, "org"), "year", strconv.Itoa(year), "figure", string(figure))
	if queryID(r, "after") != 0 {
		view.Pager.First = here
	}
	if names.Next != 0 {
		view.Pager.Next = withQuery(here, "after", strconv.FormatInt(names.Next, 10))
	}
	page := s.pageOf(r, "assessments.title").Titled(view.Title).Under(assessmentsCrumb(ctx))
	return render(w, r, http.StatusOK, assessments.Names(page, view))
}

func (s *site) showWatches(w http.ResponseWriter, r *http.Request) error {
	return s.renderWatches(w, r, http.StatusOK, nil, nil)
}

// renderWatches lists who is being watched; f is what was sent of conclusions, refusal why it came back.
func (s *site) renderWatches(w http.ResponseWriter, r *http.Request, status int, f *form, refusal error) error {
	ctx, v := r.Context(), viewerOf(r)
	after, err := keyset.Parse(r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	list, err := s.Assessments.Watches(ctx, v, queryOrg(r), after)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	view := assessments.WatchesView{Unknown: queryOnly(r, "org", "after"), Form: ui.FormView{Action: r.URL.RequestURI(), Key: newKey(), Wide: true, Errors: ui.ErrorsOf(ctx, refusal)}}
	view.On = ui.Field{Name: "on", Label: ui.T(ctx, "assessments.watches.on"), Value: s.Today().Vietnamese(), Error: view.Form.Errors.For("on"), Width: ui.Short}
	if f != nil {
		view.On.Value = f.typed("on")
	}
	for _, x := range party.WatchResults {
		view.Results = append(view.Results, ui.Option{Value: string(x), Label: ui.T(ctx, "assessments.results."+string(x))})
	}
	for _, x := range list.List {
		row := s.watchRow(ctx, tree, x)
		if o, ok := tree.Of(x.OrgID); ok && v.MayIn(access.AssessmentsEdit, o.Path) {
			name := "result_" + strconv.FormatInt(x.PersonID, 10) + "_" + strconv.Itoa(x.Year)
			row.Field = &ui.RowField{Name: name, Of: x.FullName, Label: ui.T(ctx, "assessments.watches.result"), Error: view.Form.Errors.For(name)}
			if view.Edit = true; f != nil {
				row.Field.Value = f.typed(name)
			}
		}
		view.Rows = append(view.Rows, row)
	}
	here := address("/assessments/watches", "org", queryText(r, "org"))
	if after.ID != 0 {
		view.Pager.First = here
	}
	if next := list.Next.String(); next != "" {
		view.Pager.Next = withQuery(here, "after", next)
	}
	page := s.pageOf(r, "assessments.watches.title").WithErrors(view.Form.Errors).Under(assessmentsCrumb(ctx))
	return render(w, r, status, assessments.Watches(page, view))
}

func (s *site) watchRow(ctx context.Context, tree *organisation.Snapshot, x assessment.Watched) assessments.WatchRow {
	row := assessments.WatchRow{Name: x.FullName, Href: personPath(x.PersonID), Cell: orgName(tree, x.OrgID), Year: strconv.Itoa(x.Year),
		YearHref: yearlyPath(assessment.Which{OrgID: x.OrgID, Kind: assessment.Screening, Year: x.Year}, ""),
		Category: ui.T(ctx, "assessments.categories."+string(x.Category)), Until: ui.Date(ctx, x.Until)}
	left := x.Until.DaysSince(s.Today())
	switch {
	case left < 0:
		row.Days = ui.TagView{Tone: ui.Bad, Text: ui.T(ctx, "assessments.watches.late", "Count", -left)}
	case left <= assessment.SoonDays:
		row.Days = ui.TagView{Tone: ui.Warn, Text: ui.T(ctx, "assessments.watches.left", "Count", left)}
	default:
		row.Days = ui.TagView{Tone: ui.Info, Text: ui.T(ctx, "assessments.watches.left", "Count", left)}
	}
	return row
}

func (s *site) concludeWatches(w http.ResponseWriter, r *http.Request) error {
	f := formOf(r)
	in := assessment.Concluding{Key: f.key(), On: f.date("on")}
	for name := range f.values {
		parts := strings.Split(name, "_")
		if len(parts) != 3 || parts[0] != "result" || f.typed(name) == "" {
			continue
		}
		id, err := strconv.ParseInt(parts[1], 10, 64)
		year, yearErr := strconv.Atoi(parts[2])
		if err == nil && yearErr == nil && s.knownYear(year) {
			in.Rows = append(in.Rows, assessment.Conclusion{PersonID: id, Year: year, Result: party.WatchResult(f.typed(name))})
		}
	}
	err := f.err()
	if err == nil {
		err = s.Assessments.Conclude(r.Context(), viewerOf(r), in)
	}
	if asksAgain(err) {
		return s.renderWatches(w, r, statusOf(err), f, err)
	}
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, "assessments.watches.saved", "Count", len(in.Rows)); err != nil {
		return err
	}
	return redirect(w, r, "/assessments/watches")
}

// watchesToDo leads to watch periods that end; nil where none does.
func (s *site) watchesToDo(ctx context.Context, v access.Viewer, orgID int32) ([]ui.LinkView, error) {
	if !v.May(access.AssessmentsRead) {
		return nil, nil
	}
	n, err := s.Assessments.Ending(ctx, v, max(orgID, 0))
	if err != nil || n == 0 {
		return nil, err
	}
	org := ""
	if orgID > 0 {
		org = orgValue(orgID)
	}
	return []ui.LinkView{{Label: ui.T(ctx, "assessments.watches.ending", "Count", n), Href: address("/assessments/watches", "org", org)}}, nil
}
