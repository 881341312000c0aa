package httpd

import (
	"context"
	"net/http"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/assessment"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/web/assessments"
	"ketnap/web/ui"
)

// yearlyOf opens the sheet that the address asks for.
func (s *site) yearlyOf(r *http.Request, kind assessment.Kind) (assessment.Sheet, assessment.Which, error) {
	id, err := pathOrganisation(r, "id")
	if err != nil {
		return assessment.Sheet{}, assessment.Which{}, err
	}
	w := assessment.Which{OrgID: id, Kind: kind, Year: s.assessedYear(r)}
	sheet, err := s.Assessments.Get(r.Context(), viewerOf(r), w)
	return sheet, w, err
}

func sheetTitle(ctx context.Context, w assessment.Which) string {
	return ui.T(ctx, "assessments.sheet."+string(w.Kind), "Year", strconv.Itoa(w.Year))
}

func (s *site) showYearly(kind assessment.Kind) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		sheet, which, err := s.yearlyOf(r, kind)
		if err != nil {
			return err
		}
		return s.renderYearly(w, r, http.StatusOK, sheet, which, nil, nil)
	}
}

// renderYearly shows a sheet; sent is what was typed of it, refusal why it came back,
// partly how many rows were kept all the same.
func (s *site) renderYearly(w http.ResponseWriter, r *http.Request, status int, sheet assessment.Sheet, which assessment.Which, sent *form, refusal error, partly ...any) error {
	ctx := r.Context()
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	v := s.sheetView(r, sheet, which)
	if v.Edit = sheet.MayEdit && !sheet.Approved(); v.Edit {
		v.Lead = ui.T(ctx, "assessments.sheet.lead_"+string(which.Kind))
	}
	b := sheetBuilder{ctx: ctx, sheet: sheet, which: which, tree: tree, sent: sent, edit: v.Edit}
	v.Form = ui.FormView{Action: yearlyPath(which, ""), Key: newKey(), Version: sheet.Version, Wide: true}
	if fault.KindOf(refusal) == fault.Conflict {
		v.Stored = textOf(ctx, refusal)
	} else {
		v.Form.Errors = ui.ErrorsOf(ctx, refusal)
		b.errs = v.Form.Errors
	}
	if sent != nil && len(partly) == 0 {
		v.Form.Version = versionToSend(sent, refusal, sheet.Version)
	}
	if len(partly) > 0 {
		v.Partly = ui.T(ctx, "assessments.sheet.partly", partly...)
	}
	b.fields(&v)
	b.rows(&v)
	for i, e := range v.Form.Errors {
		v.Form.Errors[i].Of = b.whose(e)
	}
	if v.Edit && len(v.Form.Errors) > 0 {
		v.Good = ui.T(ctx, "assessments.sheet.keep_good")
	}
	if sheet.Approved() && sheet.MayApprove {
		v.Reopen = reopenView(ctx, sheet, which, sent, refusal)
		v.Form.Errors = nil
	}
	page := s.pageOf(r, "assessments.title").Titled(v.Title).WithErrors(v.Form.Errors).Under(assessmentsCrumb(ctx), ui.Crumb{Label: sheet.Org.Name, Href: cellPath(which.OrgID)})
	return render(w, r, status, assessments.Sheet(page, v))
}

func reopenView(ctx context.Context, sheet assessment.Sheet, which assessment.Which, sent *form, refusal error) *assessments.ReopenView {
	out := &assessments.ReopenView{Form: ui.FormView{Action: yearlyPath(which, "/reopening"), Key: newKey(), Version: sheet.Version, Errors: ui.ErrorsOf(ctx, refusal)}}
	out.Why = ui.Field{Name: "why", Label: ui.T(ctx, "assessments.approval.why"), Error: out.Form.Errors.For("why")}
	if sent != nil {
		out.Why.Value = sent.typed("why")
	}
	return out
}

// sheetView has what a sheet and its approval say alike.
func (s *site) sheetView(r *http.Request, sheet assessment.Sheet, which assessment.Which) assessments.SheetView {
	ctx := r.Context()
	v := assessments.SheetView{Cell: sheet.Org.Name, Title: sheetTitle(ctx, which), Unknown: queryOnly(r, "year"), Action: cellPath(which.OrgID) + "/" + string(which.Kind),
		Year: s.yearChoice(ctx, which.Year), Save: ui.T(ctx, "assessments.sheet.save"), Cancel: assessmentsAddress(sheet.Org.ParentID, which.Year)}
	if !viewerOf(r).May(access.AssessmentsApprove) {
		v.Cancel = cellPath(which.OrgID)
	}
	if sheet.More {
		v.More = ui.T(ctx, "assessments.sheet.more", "Max", assessment.MaxMembers)
	}
	for _, k := range []assessment.Kind{assessment.Rating, assessment.Screening} {
		v.Tabs = append(v.Tabs, ui.Tab{Label: ui.T(ctx, "assessments.kinds."+string(k)), Href: yearlyPath(assessment.Which{OrgID: which.OrgID, Kind: k, Year: which.Year}, ""), Current: k == which.Kind})
	}
	if which.Kind == assessment.Rating {
		v.Cap, v.Over = capText(ctx, sheet.Cap), sheet.Cap.Exceeded()
	} else if sheet.Watch.Value > 0 {
		v.Notes = append(v.Notes, ui.T(ctx, "assessments.sheet.watch", "Count", sheet.Watch.Value)+" "+citationOf(ctx, sheet.Watch))
	}
	switch {
	case sheet.Approved() && sheet.ApprovalNo != "":
		v.Status = ui.TagView{Tone: ui.Good, Text: ui.T(ctx, "assessments.sheet.approved_no", "On", sheet.ApprovedOn, "Number", sheet.ApprovalNo)}
	case sheet.Approved():
		v.Status = ui.TagView{Tone: ui.Good, Text: ui.T(ctx, "assessments.sheet.approved", "On", sheet.ApprovedOn)}
	case sheet.ID != 0:
		v.Status = ui.TagView{Tone: ui.Warn, Text: ui.T(ctx, "assessments.sheet.waiting")}
	default:
		v.Status = ui.TagView{Tone: ui.Info, Text: ui.T(ctx, "assessments.sheet.none")}
	}
	if sheet.ID != 0 {
		if sheet.MayApprove && !sheet.Approved() {
			v.Links = append(v.Links, ui.LinkView{Label: ui.T(ctx, "assessments.sheet.approve"), Href: yearlyPath(which, "/approval"), Icon: ui.IconCheck})
		}
		v.Links = append(v.Links, ui.LinkView{Label: ui.T(ctx, "assessments.sheet.print"), Href: yearlyPath(which, "/minutes"), Icon: ui.IconPrint})
	}
	return v
}

// sheetBuilder fills the rows of a sheet's page.
type sheetBuilder struct {
	ctx   context.Context
	sheet assessment.Sheet
	which assessment.Which
	tree  *organisation.Snapshot
	sent  *form
	errs  ui.Errors
	edit  bool
}

func (b *sheetBuilder) value(name, stored string) string {
	if b.sent != nil {
		return b.sent.typed(name)
	}
	return stored
}

func (b *sheetBuilder) fields(v *assessments.SheetView) {
	field := func(name, stored string, optional bool) {
		v.Fields = append(v.Fields, ui.Field{Name: name, Label: ui.T(b.ctx, "assessments.sheet."+name), Value: b.value(name, stored), Error: b.errs.For(name), Width: ui.Short, Optional: optional})
	}
	voters := ""
	if b.sheet.Voters > 0 {
		voters = strconv.Itoa(b.sheet.Voters)
	}
	field("met_on", b.sheet.MetOn.Vietnamese(), false)
	field("minutes", b.sheet.Minutes, true)
	field("voters", voters, true)
	if !b.edit && b.sheet.ID != 0 {
		line := ui.T(b.ctx, "assessments.sheet.met", "On", b.sheet.MetOn)
		if b.sheet.Voters > 0 {
			line = ui.T(b.ctx, "assessments.paper.met", "On", b.sheet.MetOn, "Voters", b.sheet.Voters)
		}
		if b.sheet.Minutes != "" {
			line += " " + ui.T(b.ctx, "assessments.sheet.minutes") + ": " + b.sheet.Minutes + "."
		}
		v.Notes = append(v.Notes, line)
	}
}

// whose gives the member whose row is refused; empty where it is another field.
func (b *sheetBuilder) whose(e ui.FieldError) string {
	for _, r := range b.sheet.Rows {
		if _, id, found := cutLast(e.Name); found && id == r.PersonID {
			return r.FullName
		}
	}
	return ""
}

func (b *sheetBuilder) rows(v *assessments.SheetView) {
	keys := []string{"name", "self", "proposed", "favour", "exempt", "note"}
	if b.which.Kind == assessment.Screening {
		keys = []string{"name", "before", "category", "proposes", "note"}
	}
	if b.sheet.Approved() && b.which.Kind == assessment.Rating {
		keys = []string{"name", "self", "proposed", "favour", "level", "note"}
	} else if b.sheet.Approved() {
		keys = []string{"name", "before", "category", "proposes", "outcome", "note"}
	}
	for _, k := range keys {
		v.Columns = append(v.Columns, ui.Column{Label: ui.T(b.ctx, "assessments.sheet."+k), Numeric: k == "favour" && !b.edit})
	}
	for _, r := range b.sheet.Rows {
		row := b.member(r)
		for _, k := range keys[1:] {
			row.Cells = append(row.Cells, b.cell(r, k))
		}
		v.Rows = append(v.Rows, row)
	}
}

// member is the head of a row: who, and what is to be known of him.
func (b *sheetBuilder) member(r assessment.Row) assessments.Row {
	row := assessments.Row{Name: r.FullName, Href: personPath(r.PersonID)}
	if b.which.Kind == assessment.Rating && r.Preset != party.ExemptNot {
		row.Notes = append(row.Notes, ui.T(b.ctx, "assessments.sheet.preset_"+string(r.Preset), "On", r.JoinedOn))
	}
	if r.Where != 0 {
		row.Notes = append(row.Notes, ui.T(b.ctx, "assessments.sheet.elsewhere", "Org", orgName(b.tree, r.Where)))
	}
	if way, leaves := r.Outcome.Leaves(); leaves && r.Stage.Member() {
		row.Ground = &ui.LinkView{Label: ui.T(b.ctx, "assessments.sheet.leave_case"), Href: caseFormPath(r.PersonID, way, "")}
	}
	if r.Result == party.WatchNot && r.Stage == party.StageOfficial {
		row.Ground = &ui.LinkView{Label: ui.T(b.ctx, "assessments.sheet.open_case"), Href: caseFormPath(r.PersonID, party.WayRemoved, party.RemoveWill)}
	}
	if r.Ground {
		row.Notes = append(row.Notes, ui.T(b.ctx, "assessments.sheet.ground", "Count", party.FailedInARow(r.Failed, b.which.Year)))
		row.Ground = &ui.LinkView{Label: ui.T(b.ctx, "assessments.sheet.open_case"), Href: caseFormPath(r.PersonID, party.WayRemoved, party.RemoveRated)}
	}
	return row
}

func caseFormPath(person int64, way party.Way, ground party.RuleID) string {
	return address(personPath(person)+"/case", "way", string(way), "ground", string(ground))
}

// cell is what is said of a member in one column: a field where it may be changed.
func (b *sheetBuilder) cell(r assessment.Row, key string) assessments.Cell {
	word := func(group, value string) string {
		if value == "" {
			return ""
		}
		return ui.T(b.ctx, "assessments."+group+"."+value)
	}
	field := func(stored, text string, options []ui.Option, most int, short bool) assessments.Cell {
		if !b.edit || r.Where != 0 {
			return assessments.Cell{Text: text}
		}
		name := key + "_" + strconv.FormatInt(r.PersonID, 10)
		return assessments.Cell{Options: options, Field: &ui.RowField{Name: name, Of: r.FullName, Label: ui.T(b.ctx, "assessments.sheet."+key), Value: b.value(name, stored),
			Error: b.errs.For(name), Most: most, Short: short}}
	}
	switch key {
	case "self":
		return field(string(r.Self), word("levels", string(r.Self)), optionsFor(b.ctx, "figures", party.Assessments), 0, false)
	case "proposed":
		return field(string(r.Proposed), word("levels", string(r.Proposed)), optionsFor(b.ctx, "figures", party.Assessments), 0, false)
	case "favour":
		favour := ""
		if r.InFavour > 0 {
			favour = strconv.Itoa(r.InFavour)
		}
		return field(favour, favour, nil, 4, true)
	case "exempt":
		usual := r.Exempt
		if !r.Here {
			usual = r.Preset
		}
		return field(string(usual), word("exemptions", string(r.Exempt)), optionsFor(b.ctx, "exemptions", party.Exemptions), 0, false)
	case "category":
		return field(string(r.Category), word("categories", string(r.Category)), optionsFor(b.ctx, "categories", party.ScreeningCategories), 0, false)
	case "proposes":
		return field(string(r.Proposes), word("outcomes", string(r.Proposes)), optionsFor(b.ctx, "outcomes", party.ScreeningOutcomes), 0, false)
	case "note":
		return field(r.Note, r.Note, nil, 300, false)
	case "before":
		return assessments.Cell{Text: word("levels", string(r.Yearly))}
	case "level":
		if r.Exempt != party.ExemptNot {
			return assessments.Cell{Text: word("exemptions", string(r.Exempt))}
		}
		return assessments.Cell{Text: word("levels", string(r.Level))}
	}
	text := word("outcomes", string(r.Outcome))
	if !r.Until.IsZero() {
		text += ", " + ui.T(b.ctx, "assessments.person.until", "On", r.Until)
	}
	if r.Result != party.WatchOpen {
		text += "; " + ui.T(b.ctx, "assessments.results."+string(r.Result)) + " (" + ui.Date(b.ctx, r.ResultOn) + ")"
	}
	return assessments.Cell{Text: text}
}

func optionsFor[K ~string](ctx context.Context, group string, list []K) (out []ui.Option) {
	for _, x := range list {
		out = append(out, ui.Option{Value: string(x), Label: ui.T(ctx, "assessments."+group+"."+string(x))})
	}
	return out
}

// showYearlyMinutes prints a sheet, in Vietnamese whatever the language of the screen.
func (s *site) showYearlyMinutes(kind assessment.Kind) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		sheet, which, err := s.yearlyOf(r, kind)
		if err != nil {
			return err
		}
		if sheet.ID == 0 {
			return errNotFound
		}
		tree, err := s.Organisations.Snapshot(r.Context())
		if err != nil {
			return err
		}
		ctx := ui.WithLang(r.Context(), "vi")
		words := func(key string, args ...any) string { return ui.T(ctx, "assessments.paper."+key, args...) }
		v := assessments.PaperView{Above: orgName(tree, sheet.Org.ParentID), Issuer: sheet.Org.Name, Number: words("number", "Number", orDots(sheet.Minutes)), Party: ui.T(ctx, "classes.paper.party"),
			Date: ui.T(ctx, "classes.paper.date", "Date", sheet.MetOn), Title: words(string(kind), "Year", strconv.Itoa(which.Year)),
			Met: words("met", "On", sheet.MetOn, "Voters", sheet.Voters), Nobody: words("nobody"), Signed: []string{words("secretary"), words("chair")}, Sign: words("sign")}
		if sheet.Approved() {
			v.Approved = s.sheetStatus(ctx, sheet)
		}
		b := sheetBuilder{ctx: ctx, sheet: sheet, which: which, tree: tree}
		view := assessments.SheetView{}
		b.rows(&view)
		v.Columns = view.Columns
		for i, row := range view.Rows {
			if !sheet.Rows[i].Here {
				continue
			}
			line := []string{row.Name}
			for _, c := range row.Cells {
				line = append(line, c.Text)
			}
			v.Rows = append(v.Rows, line)
		}
		page := s.pageOf(r, "assessments.title").Titled(ui.T(r.Context(), "assessments.sheet.print")).Under(assessmentsCrumb(r.Context()), ui.Crumb{Label: sheet.Org.Name, Href: yearlyPath(which, "")})
		return render(w, r, http.StatusOK, assessments.Paper(page, v))
	}
}

func (s *site) sheetStatus(ctx context.Context, sheet assessment.Sheet) string {
	if sheet.ApprovalNo == "" {
		return ui.T(ctx, "assessments.sheet.approved", "On", sheet.ApprovedOn) + "."
	}
	return ui.T(ctx, "assessments.sheet.approved_no", "On", sheet.ApprovedOn, "Number", sheet.ApprovalNo) + "."
}

func orDots(text string) string {
	if text == "" {
		return "……"
	}
	return text
}

// assessmentSection tells on a person's page of his years; nil where nothing is known.
func (s *site) assessmentSection(r *http.Request, rec people.Record) (*assessments.SectionView, error) {
	ctx := r.Context()
	list, err := s.Assessments.OfPerson(ctx, viewerOf(r), rec.ID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	out := &assessments.SectionView{}
	for _, y := range list {
		line := ui.LinkView{Label: yearText(ctx, y)}
		if o, ok := tree.Of(y.OrgID); ok && viewerOf(r).MayIn(access.AssessmentsRead, o.Path) { // the cell may have ended, or be another's
			line.Href = yearlyPath(assessment.Which{OrgID: y.OrgID, Kind: y.Kind, Year: y.Year}, "")
		}
		out.Years = append(out.Years, line)
	}
	return out, nil
}

// yearText says how a year of somebody was rated, or what the screening came to.
func yearText(ctx context.Context, y assessment.YearOf) string {
	year := strconv.Itoa(y.Year)
	if y.Kind == assessment.Screening {
		what := ui.T(ctx, "assessments.figures.pending")
		if y.Outcome != "" {
			what = ui.T(ctx, "assessments.outcomes."+string(y.Outcome))
		}
		if !y.Until.IsZero() {
			what += ", " + ui.T(ctx, "assessments.person.until", "On", y.Until)
		}
		if y.Result != party.WatchOpen {
			what += "; " + ui.T(ctx, "assessments.results."+string(y.Result))
		}
		return ui.T(ctx, "assessments.person.screening", "Year", year, "Category", ui.T(ctx, "assessments.categories."+string(y.Category)), "What", what)
	}
	what := ui.T(ctx, "assessments.figures.waiting")
	switch {
	case y.Level != "":
		what = ui.T(ctx, "assessments.levels."+string(y.Level))
	case y.Exempt != "":
		what = ui.T(ctx, "assessments.figures.exempt") + " – " + ui.T(ctx, "assessments.exemptions."+string(y.Exempt))
	case y.Proposed != "":
		what = ui.T(ctx, "assessments.person.waiting", "What", ui.T(ctx, "assessments.levels."+string(y.Proposed)))
	}
	return ui.T(ctx, "assessments.person.rating", "Year", year, "What", what)
}
