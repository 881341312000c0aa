package httpd

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/keyset"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/report"
	"ketnap/web/dashboard"
	"ketnap/web/ui"
)

func (s *site) dashboardRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/dashboard", Action: access.DashboardRead, Handler: s.showDashboard},
		{Method: http.MethodGet, Pattern: "/dashboard/names", Action: access.DashboardRead, Handler: s.showNames},
		{Method: http.MethodGet, Pattern: "/dashboard/occasions", Action: access.DashboardRead, Handler: s.showOccasions},
	}
}

// termQuery reads what the address asks for; bad tells that its day is none.
func termQuery(r *http.Request) (q report.TermQuery, bad bool) {
	day, err := party.ParseDate(queryText(r, "as_of"))
	return report.TermQuery{Term: queryText(r, "term"), OrgID: queryOrganisation(r, "org"), AsOf: day, WithFormer: queryText(r, "former") != ""}, err != nil
}

func (s *site) showDashboard(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	q, bad := termQuery(r)
	terms, err := s.Organisations.Terms(ctx, v)
	if err != nil {
		return err
	}
	if len(terms) == 0 {
		return render(w, r, http.StatusOK, dashboard.Term(s.pageOf(r, "dashboard.title"), dashboard.TermView{Org: visitOf(r).account.OrgName, NoTerm: true}))
	}
	t, err := s.Reports.Term(ctx, v, q)
	if err != nil {
		return err
	}
	d := &board{ctx: ctx, t: t, former: queryText(r, "former"), names: v.MayIn(access.PeopleRead, t.Org.Path)}
	view := dashboard.TermView{Org: t.Org.Name, Unknown: queryOnly(r, "term", "org", "as_of", "former"), Figures: d.figures(), Others: d.others(),
		Ratios: d.ratios(), Chart: d.chart(), Heads: d.heads(), Months: d.months(), Children: d.children()}
	view.Occasions = address("/dashboard/occasions", "term", t.Term.Code, "org", orgValue(t.Org.OrgID), "as_of", t.AsOf.String(), "former", d.former)
	view.Lead = ui.T(ctx, "dashboard.lead", "Term", t.Term.Name, "Date", t.AsOf)
	if d.former != "" {
		view.Lead += ", " + ui.T(ctx, "dashboard.with_former")
	}
	if view.Choice, err = s.termChoice(r, t); err != nil {
		return err
	}
	for _, term := range terms {
		view.Choice.Terms = append(view.Choice.Terms, ui.Option{Value: term.Code, Label: term.Name})
	}
	if bad {
		view.Choice.Bad = ui.T(ctx, "errors.date")
	}
	return render(w, r, http.StatusOK, dashboard.Term(s.pageOf(r, "dashboard.title"), view))
}

func (s *site) termChoice(r *http.Request, t report.Term) (dashboard.ChoiceView, error) {
	tree, err := s.Organisations.Snapshot(r.Context())
	if err != nil {
		return dashboard.ChoiceView{}, err
	}
	view := dashboard.ChoiceView{Term: t.Term.Code, Org: orgValue(t.Org.OrgID), AsOf: queryText(r, "as_of"), Former: queryText(r, "former") != ""}
	list, cut := tree.Choice(viewerOf(r), access.DashboardRead, t.Org.OrgID, mostChoices)
	list = slices.DeleteFunc(list, func(o organisation.Org) bool { return o.Kind == party.PartyGroup })
	view.Orgs, view.OrgHint = orgChoice(list), choiceHint(r.Context(), cut)
	view.FormerAsked = view.Former || t.Org.ParentID != 0 // the top has nothing that was elsewhere
	if view.AsOf != "" || view.Former {
		view.Reset = address("/dashboard", "term", t.Term.Code, "org", view.Org)
	}
	return view, nil
}

// board puts a report into what the page shows.
type board struct {
	ctx    context.Context
	t      report.Term
	former string // how the address asks for what went on in the organisation; empty = not
	names  bool   // the reader may see names
}

// behind gives the address of the names behind a figure.
func (d *board) behind(f party.Figure, org int32, month party.Date) string {
	if !d.names {
		return ""
	}
	day := ""
	if !month.IsZero() {
		day = month.String()
	}
	return address("/dashboard/names", "term", d.t.Term.Code, "org", orgValue(org), "as_of", d.t.AsOf.String(), "figure", string(f), "month", day, "former", d.former)
}

func figureName(ctx context.Context, f party.Figure) string {
	return ui.T(ctx, "figure."+string(f)+".name")
}

func figureDefinition(ctx context.Context, f party.Figure) string {
	return ui.T(ctx, "figure."+string(f)+".definition")
}

func (d *board) figure(f party.Figure) ui.FigureView {
	return ui.FigureView{ID: "figure-" + string(f), Value: ui.Number(d.ctx, d.t.Counts[f]), Label: figureName(d.ctx, f),
		Definition: figureDefinition(d.ctx, f), Href: d.behind(f, d.t.Org.OrgID, party.Date{})}
}

func (d *board) figures() []ui.FigureView {
	var out []ui.FigureView
	for _, f := range party.TermFigures {
		out = append(out, d.figure(f))
	}
	return out
}

func (d *board) others() []ui.FigureView {
	out := []ui.FigureView{d.figure(party.FigureJoined)}
	if d.t.Org.Kind != party.Cell {
		out = append(out, ui.FigureView{ID: "figure-organisations", Value: ui.Number(d.ctx, d.t.WithAny), Label: ui.T(d.ctx, "figure.organisations.name"),
			Definition: ui.T(d.ctx, "figure.organisations.definition")})
	}
	return append(out, ui.FigureView{ID: "figure-classes", Value: ui.Number(d.ctx, d.t.Classes), Label: ui.T(d.ctx, "figure.classes.name"),
		Definition: ui.T(d.ctx, "figure.classes.definition")})
}

func (d *board) ratios() []ui.FigureView {
	var out []ui.FigureView
	for _, r := range party.TermRatios {
		of, base := figureName(d.ctx, r.Of), figureName(d.ctx, r.Base)
		out = append(out, ui.FigureView{ID: fmt.Sprintf("ratio-%s-%s", r.Of, r.Base), Value: ui.Percent(d.ctx, d.t.Counts[r.Of], d.t.Counts[r.Base]),
			Label: ui.T(d.ctx, "dashboard.ratio", "Of", of, "Base", base),
			Note:  ui.T(d.ctx, "dashboard.ratio_note", "Part", d.t.Counts[r.Of], "Whole", d.t.Counts[r.Base])})
	}
	return out
}

// chartMonths is how many of the newest months the chart shows; the table has them all.
const chartMonths = 12

func (d *board) chart() ui.ColumnChartView {
	name := figureName(d.ctx, party.FigureAdmitted)
	view := ui.ColumnChartView{ID: "admitted-chart", Caption: ui.T(d.ctx, "dashboard.chart", "Figure", name), Head: ui.T(d.ctx, "dashboard.month"), Unit: name}
	months := d.t.Months[max(0, len(d.t.Months)-chartMonths):]
	for _, m := range months {
		view.Bars = append(view.Bars, ui.Bar{Label: fmt.Sprintf("%d/%02d", m.First.Month, m.First.Year%100), Value: m.Counts[party.FigureAdmitted],
			Href: d.behind(party.FigureAdmitted, d.t.Org.OrgID, m.First)})
	}
	return view
}

func (d *board) heads() []string {
	var out []string
	for _, f := range party.TermFigures {
		out = append(out, ui.T(d.ctx, "figure."+string(f)+".short"))
	}
	return out
}

func (d *board) months() []dashboard.Line {
	var out []dashboard.Line
	for _, m := range slices.Backward(d.t.Months) {
		line := dashboard.Line{Label: fmt.Sprintf("%02d/%d", m.First.Month, m.First.Year)}
		for _, f := range party.TermFigures {
			line.Cells = append(line.Cells, dashboard.Cell{Value: m.Counts[f], Href: d.behind(f, d.t.Org.OrgID, m.First)})
		}
		out = append(out, line)
	}
	return out
}

func (d *board) children() []dashboard.Line {
	var out []dashboard.Line
	for _, c := range d.t.Children {
		line := dashboard.Line{Label: c.Org.Name, Href: address("/dashboard", "term", d.t.Term.Code, "org", orgValue(c.Org.OrgID), "as_of", d.t.AsOf.String(), "former", d.former)}
		if c.Former {
			line.Label, line.Href = ui.T(d.ctx, "dashboard.ended", "Name", c.Org.Name), ""
		}
		for _, f := range party.TermFigures {
			cell := dashboard.Cell{Value: c.Counts[f]}
			if !c.Former {
				cell.Href = d.behind(f, c.Org.OrgID, party.Date{})
			}
			line.Cells = append(line.Cells, cell)
		}
		out = append(out, line)
	}
	return out
}

func (s *site) showNames(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	term, bad := termQuery(r)
	month, monthErr := party.ParseDate(queryText(r, "month"))
	if bad || monthErr != nil {
		return fault.NewInvalid("errors.date")
	}
	after, err := keyset.Parse(r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	figure := party.Figure(queryText(r, "figure"))
	names, err := s.Reports.Names(ctx, viewerOf(r), report.NamesQuery{TermQuery: term, Figure: figure, Month: month, By: queryOccasion(r), After: after})
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	view := dashboard.NamesView{Title: figureName(ctx, figure), Definition: figureDefinition(ctx, figure), Lead: namesLead(ctx, names),
		Unknown: queryOnly(r, append(occasionQuery(r), "term", "org", "as_of", "former", "figure", "month", "after")...)}
	if names.Away > 0 {
		view.Away = ui.T(ctx, "dashboard.names_away", "Count", names.Away)
	}
	if by := queryOccasion(r); by != nil {
		view.Title += ": " + occasionName(ctx, *by)
	}
	for _, n := range names.Rows {
		o, _ := tree.Known(n.OrgID)
		view.Rows = append(view.Rows, dashboard.NameRow{Href: personPath(n.ID), Name: n.FullName, Born: n.BirthDate, Org: o.Name, Class: n.ClassName, On: n.On, Stage: n.Stage})
	}
	org := orgValue(names.Term.Org.OrgID)
	here := address("/dashboard/names", "term", names.Term.Term.Code, "org", org, "as_of", queryText(r, "as_of"), "figure", string(figure), "month", queryText(r, "month"), "occasion", queryText(r, "occasion"), "former", queryText(r, "former"))
	view.Pager.Summary = ui.T(ctx, "people.count", "Count", names.Count)
	if after != (report.Cursor{}) {
		view.Pager.First = here
	}
	if next := names.Next.String(); next != "" {
		view.Pager.Next = withQuery(here, "after", next)
	}
	page := s.pageOf(r, "dashboard.names").Under(ui.Crumb{Label: ui.T(ctx, "dashboard.title"),
		Href: address("/dashboard", "term", names.Term.Term.Code, "org", org, "as_of", queryText(r, "as_of"), "former", queryText(r, "former"))})
	return render(w, r, http.StatusOK, dashboard.Names(page, view))
}

func namesLead(ctx context.Context, n report.Names) string {
	if n.From.IsZero() {
		return ui.T(ctx, "dashboard.names_until", "Org", n.Term.Org.Name, "Until", n.Until, "Count", n.Count)
	}
	return ui.T(ctx, "dashboard.names_between", "Org", n.Term.Org.Name, "From", n.From, "Until", n.Until, "Count", n.Count)
}
