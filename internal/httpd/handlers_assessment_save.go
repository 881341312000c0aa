package httpd

import (
	"net/http"
	"strconv"
	"strings"

	"ketnap/internal/assessment"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/web/assessments"
	"ketnap/web/ui"
)

// cutLast takes the number of a person off the name of a row's field.
func cutLast(name string) (what string, id int64, found bool) {
	i := strings.LastIndexByte(name, '_')
	if i < 0 {
		return name, 0, false
	}
	id, err := strconv.ParseInt(name[i+1:], 10, 64)
	return name[:i], id, err == nil
}

// saidOf decodes the rows of a sheet. A number that is none is refused with its row.
func saidOf(f *form) map[int64]assessment.Said {
	out := map[int64]assessment.Said{}
	for name := range f.values {
		what, id, found := cutLast(name)
		if !found {
			continue
		}
		said, value := out[id], strings.TrimSpace(f.typed(name))
		switch what {
		case "self":
			said.Self = party.Assessment(value)
		case "proposed":
			said.Proposed = party.Assessment(value)
		case "favour":
			said.InFavour = votesOf(value)
		case "exempt":
			said.Exempt = party.Exemption(value)
		case "category":
			said.Category = party.ScreeningCategory(value)
		case "proposes":
			said.Proposes = party.ScreeningOutcome(value)
		case "note":
			said.Note = value
		default:
			continue
		}
		out[id] = said
	}
	return out
}

// votesOf reads a number of votes; what is none is refused as less than nothing.
func votesOf(text string) int {
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

func (s *site) saveYearly(kind assessment.Kind) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx, f := r.Context(), formOf(r)
		sheet, which, err := s.yearlyOf(r, kind)
		if err != nil {
			return err
		}
		in := assessment.Entry{Which: which, Key: f.key(), Version: f.version(), MetOn: f.date("met_on"), Minutes: f.typed("minutes"),
			Voters: votesOf(strings.TrimSpace(f.typed("voters"))), Rows: saidOf(f), KeepGood: f.checked("keep")}
		var saved assessment.Saved
		if err = f.err(); err == nil {
			saved, err = s.Assessments.Save(ctx, viewerOf(r), in)
		}
		if asksAgain(err) && sheet.MayEdit {
			return s.renderYearly(w, r, statusOf(err), sheet, which, f, err)
		}
		if err != nil {
			return err
		}
		if len(saved.Refused) > 0 {
			if sheet, err = s.Assessments.Get(ctx, viewerOf(r), which); err != nil {
				return err
			}
			refused := fault.InvalidFields(saved.Refused...)
			return s.renderYearly(w, r, statusOf(refused), sheet, which, f, refused, "Count", saved.Kept, "Bad", len(saved.Refused))
		}
		if err := s.flash(w, r, ui.Good, "assessments.sheet.saved", "Count", saved.Kept); err != nil {
			return err
		}
		return redirect(w, r, yearlyPath(which, ""))
	}
}

func (s *site) showYearlyApproval(kind assessment.Kind) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return s.renderYearlyApproval(w, r, http.StatusOK, kind, nil, nil)
	}
}

// renderYearlyApproval asks what the committee decides; f is what was sent, refusal why it came back.
func (s *site) renderYearlyApproval(w http.ResponseWriter, r *http.Request, status int, kind assessment.Kind, f *form, refusal error) error {
	ctx := r.Context()
	sheet, which, err := s.yearlyOf(r, kind)
	if err != nil {
		return err
	}
	if !sheet.MayApprove {
		return errForbidden
	}
	if sheet.ID == 0 || sheet.Approved() {
		return redirect(w, r, yearlyPath(which, ""))
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	v := s.sheetView(r, sheet, which)
	v.Title = ui.T(ctx, "assessments.approval.title", "Sheet", sheetTitle(ctx, which))
	v.Lead, v.Save, v.Cancel, v.Edit = ui.T(ctx, "assessments.approval.lead"), ui.T(ctx, "assessments.approval.save"), yearlyPath(which, ""), true
	v.Action, v.Tabs, v.Links = "", nil, nil
	v.Form = ui.FormView{Action: yearlyPath(which, "/approval"), Key: newKey(), Version: sheet.Version, Wide: true}
	if f != nil {
		v.Form.Version = versionToSend(f, refusal, sheet.Version)
	}
	if fault.KindOf(refusal) == fault.Conflict {
		v.Stored = textOf(ctx, refusal)
	} else {
		v.Form.Errors = ui.ErrorsOf(ctx, refusal)
	}
	b := sheetBuilder{ctx: ctx, sheet: sheet, which: which, tree: tree, sent: f, errs: v.Form.Errors}
	v.Fields = []ui.Field{{Name: "on", Label: ui.T(ctx, "assessments.approval.on"), Value: b.value("on", s.Today().Vietnamese()), Error: v.Form.Errors.For("on"), Width: ui.Short},
		{Name: "number", Label: ui.T(ctx, "assessments.approval.number"), Value: b.value("number", ""), Error: v.Form.Errors.For("number"), Width: ui.Short, Optional: true}}
	b.decisions(&v)
	for i, e := range v.Form.Errors {
		v.Form.Errors[i].Of = b.whose(e)
	}
	page := s.pageOf(r, "assessments.title").Titled(v.Title).WithErrors(v.Form.Errors).Under(assessmentsCrumb(ctx), ui.Crumb{Label: sheet.Org.Name, Href: yearlyPath(which, "")})
	return render(w, r, status, assessments.Sheet(page, v))
}

// decisions fills the rows of an approval: what the cell proposes, and what is decided instead.
func (b *sheetBuilder) decisions(v *assessments.SheetView) {
	keys, decided, options := []string{"name", "proposed", "favour", "exempt", "note"}, "level", optionsFor(b.ctx, "figures", party.Assessments)
	if b.which.Kind == assessment.Screening {
		keys, decided, options = []string{"name", "category", "proposes", "note"}, "outcome", optionsFor(b.ctx, "outcomes", party.ScreeningOutcomes)
	}
	for _, k := range keys {
		v.Columns = append(v.Columns, ui.Column{Label: ui.T(b.ctx, "assessments.sheet."+k), Numeric: k == "favour"})
	}
	v.Columns = append(v.Columns, ui.Column{Label: ui.T(b.ctx, "assessments.sheet.outcome")})
	for _, r := range b.sheet.Rows {
		if b.which.Kind == assessment.Screening && !r.Here {
			continue
		}
		row := b.member(r)
		for _, k := range keys[1:] {
			row.Cells = append(row.Cells, b.cell(r, k))
		}
		name := decided + "_" + strconv.FormatInt(r.PersonID, 10)
		cell := assessments.Cell{Options: options, Field: &ui.RowField{Name: name, Of: r.FullName, Label: ui.T(b.ctx, "assessments.sheet.outcome"), Value: b.value(name, ""), Error: b.errs.For(name)}}
		if b.which.Kind == assessment.Rating && r.Exempt != party.ExemptNot || r.Where != 0 {
			cell = assessments.Cell{}
		}
		row.Cells = append(row.Cells, cell)
		v.Rows = append(v.Rows, row)
	}
}

func (s *site) approveYearly(kind assessment.Kind) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx, f := r.Context(), formOf(r)
		_, which, err := s.yearlyOf(r, kind)
		if err != nil {
			return err
		}
		in := assessment.Approval{Which: which, Key: f.key(), Version: f.version(), On: f.date("on"), Number: f.typed("number"), Rows: map[int64]assessment.Decided{}}
		for name := range f.values {
			what, id, found := cutLast(name)
			switch value := f.typed(name); {
			case !found || value == "":
			case what == "level":
				in.Rows[id] = assessment.Decided{Level: party.Assessment(value)}
			case what == "outcome":
				in.Rows[id] = assessment.Decided{Outcome: party.ScreeningOutcome(value)}
			}
		}
		if err = f.err(); err == nil {
			err = s.Assessments.Approve(ctx, viewerOf(r), in)
		}
		if asksAgain(err) {
			return s.renderYearlyApproval(w, r, statusOf(err), kind, f, err)
		}
		if err != nil {
			return err
		}
		if err := s.flash(w, r, ui.Good, "assessments.approval.done", "Sheet", sheetTitle(ctx, which)); err != nil {
			return err
		}
		return redirect(w, r, yearlyPath(which, ""))
	}
}

func (s *site) reopenYearly(kind assessment.Kind) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx, f := r.Context(), formOf(r)
		sheet, which, err := s.yearlyOf(r, kind)
		if err != nil {
			return err
		}
		err = s.Assessments.Reopen(ctx, viewerOf(r), assessment.Reopening{Which: which, Key: f.key(), Version: f.version(), Why: f.typed("why")})
		if asksAgain(err) && sheet.Approved() {
			return s.renderYearly(w, r, statusOf(err), sheet, which, f, err)
		}
		if err != nil {
			return err
		}
		if err := s.flash(w, r, ui.Good, "assessments.approval.reopened", "Sheet", sheetTitle(ctx, which)); err != nil {
			return err
		}
		return redirect(w, r, yearlyPath(which, ""))
	}
}
