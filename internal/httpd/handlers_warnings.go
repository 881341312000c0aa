package httpd

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/warning"
	"ketnap/web/ui"
	"ketnap/web/warnings"
)

func (s *site) warningRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/warnings", Action: access.WarningsRead, Handler: s.showWarnings},
		{Method: http.MethodGet, Pattern: "/people/{id}/warnings", Action: access.WarningsRead, Handler: s.showPersonWarnings},
		{Method: http.MethodPost, Pattern: "/people/{id}/warnings", Action: access.WarningsAnswer, Handler: s.answerWarning},
	}
}

// warningWords puts warnings into words; what is a ground for removal is told with its citation.
type warningWords struct {
	ctx  context.Context
	book *party.Rulebook
}

func (s *site) warningWords(ctx context.Context) (warningWords, error) {
	book, _, err := s.Regulations.Book(ctx)
	return warningWords{ctx, book}, err
}

func (w warningWords) of(kind party.WarningKind, level int, from party.Date) (text string, grave bool) {
	text = ui.T(w.ctx, "warnings.kind."+string(kind))
	switch kind {
	case party.WarnProbation:
		return ui.T(w.ctx, "warnings.probation.level"+strconv.Itoa(level)), false
	case party.WarnInactive, party.WarnUnpaid:
		text = ui.T(w.ctx, "warnings.months."+string(kind), "Level", level)
		if r, ok := w.book.On(party.RemoveSilent, from); ok && level >= r.Value {
			return text + ". " + ui.T(w.ctx, "warnings.ground", "Source", citationOf(w.ctx, r)), true
		}
	}
	return text, false
}

func (s *site) showWarnings(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	after, err := warning.ParseCursor(r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	q := warning.Query{OrgID: queryOrganisation(r, "org"), After: after}
	used := []string{"org", "kind", "after"}
	if kind := party.WarningKind(queryText(r, "kind")); slices.Contains(party.WarningKinds, kind) {
		q.Kind = kind
	} else if kind != "" {
		used = []string{"org", "after"} // a kind that does not exist narrows nothing, and the page says so
	}
	list, err := s.Warnings.List(ctx, v, q)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	words, err := s.warningWords(ctx)
	if err != nil {
		return err
	}
	view := warnings.View{Unknown: queryOnly(r, used...), Org: queryText(r, "org"), Tabs: warningTabs(ctx, r, list, q.Kind)}
	view.Orgs, view.OrgHint = orgFilter(ctx, tree, v, q.OrgID)
	if q.Kind != "" {
		view.Hidden = []ui.Hidden{{Name: "kind", Value: string(q.Kind)}}
	}
	for _, it := range list.Items {
		row := warnings.Row{Name: it.FullName, Href: personPath(it.PersonID), Org: orgName(tree, it.OrgID), Stage: it.Stage, From: it.From,
			Days: ui.T(ctx, "warnings.days", "Count", s.Today().DaysSince(it.From)), Answer: address(personPath(it.PersonID)+"/warnings", "warning", warningValue(it.Kind, it.Level, it.From))}
		row.What, row.Grave = words.of(it.Kind, it.Level, it.From)
		if o, ok := tree.Of(it.OrgID); ok && row.Grave && v.MayIn(access.CasesEdit, o.Path) {
			row.Case = caseFormPath(it.PersonID, party.WayRemoved, party.RemoveSilent)
		}
		view.Rows = append(view.Rows, row)
	}
	here := warningsAddress(r, string(q.Kind))
	if q.After != (warning.Cursor{}) {
		view.Pager.First = here
	}
	if next := list.Next.String(); next != "" {
		view.Pager.Next = withQuery(here, "after", next)
	}
	return render(w, r, http.StatusOK, warnings.List(s.pageOf(r, "warnings.title"), view))
}

func warningsAddress(r *http.Request, kind string) string {
	return address("/warnings", "org", queryText(r, "org"), "kind", kind)
}

func warningTabs(ctx context.Context, r *http.Request, list warning.List, current party.WarningKind) []ui.Tab {
	if len(list.Kinds) == 0 && current == "" {
		return nil
	}
	tabs := []ui.Tab{{Label: ui.T(ctx, "warnings.all"), Href: warningsAddress(r, ""), Current: current == ""}}
	for _, k := range party.WarningKinds {
		if n := list.Kinds[k]; n > 0 || k == current {
			tabs = append(tabs, ui.Tab{Label: ui.T(ctx, "warnings.kind."+string(k)), Href: warningsAddress(r, string(k)), Current: k == current, Count: n, HasCount: !list.More})
		}
	}
	return tabs
}

// warningValue names a warning in a form: of which kind, which level, told from which day.
func warningValue(kind party.WarningKind, level int, from party.Date) string {
	return strings.Join([]string{string(kind), strconv.Itoa(level), from.String()}, ".")
}

// readWarning reads what warningValue gave; false for anything else.
func readWarning(s string) (a warning.Answer, ok bool) {
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return a, false
	}
	level, levelErr := strconv.ParseInt(parts[1], 10, 16)
	from, dayErr := party.ParseDate(parts[2])
	a.Kind, a.Level, a.From = party.WarningKind(parts[0]), int(level), from
	return a, levelErr == nil && dayErr == nil && !from.IsZero() && slices.Contains(party.WarningKinds, a.Kind)
}

func (s *site) showPersonWarnings(w http.ResponseWriter, r *http.Request) error {
	return s.renderPersonWarnings(w, r, http.StatusOK, warnings.PersonView{Chosen: queryText(r, "warning"), Form: ui.FormView{Key: newKey()}})
}

func (s *site) renderPersonWarnings(w http.ResponseWriter, r *http.Request, status int, v warnings.PersonView) error {
	ctx := r.Context()
	id, err := pathID(r, "id")
	if err != nil {
		return err
	}
	o, err := s.Warnings.Open(ctx, viewerOf(r), id)
	if err != nil {
		return err
	}
	words, err := s.warningWords(ctx)
	if err != nil {
		return err
	}
	v.Name, v.May, v.Cancel, v.Form.Action = o.FullName, o.MayAnswer, "/warnings", personPath(id)+"/warnings"
	for _, t := range o.Told {
		text, _ := words.of(t.Kind, t.Level, t.From)
		v.Told = append(v.Told, ui.Option{Value: warningValue(t.Kind, t.Level, t.From), Label: text, Hint: ui.T(ctx, "warnings.from", "On", t.From)})
	}
	if len(v.Told) == 1 {
		v.Chosen = v.Told[0].Value
	}
	for _, a := range o.Said {
		text, _ := words.of(a.Kind, a.Level, a.From)
		v.Said = append(v.Said, warnings.SaidRow{What: text, Words: a.Words, By: a.By, At: ui.Moment(ctx, a.At)})
	}
	page := s.pageOf(r, "warnings.of").WithErrors(v.Form.Errors).Under(ui.Crumb{Label: ui.T(ctx, "warnings.title"), Href: "/warnings"}, ui.Crumb{Label: o.FullName, Href: personPath(id)})
	return render(w, r, status, warnings.Person(page, v))
}

func (s *site) answerWarning(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	id, err := pathID(r, "id")
	if err != nil {
		return err
	}
	o, err := s.Warnings.Open(ctx, viewerOf(r), id)
	if err != nil {
		return err
	}
	in, ok := readWarning(f.typed("warning"))
	if !ok {
		f.refuse("warning", "warnings.error.which")
	}
	in.Key, in.PersonID, in.Words = f.key(), id, f.typed("words")
	if err = f.err(); err == nil {
		err = s.Warnings.Answer(ctx, viewerOf(r), in)
	}
	if kind := fault.KindOf(err); err != nil && o.MayAnswer && (kind == fault.Invalid || kind == fault.Conflict) {
		return s.renderPersonWarnings(w, r, statusOf(err), warnings.PersonView{Chosen: f.typed("warning"), Words: f.typed("words"), Form: ui.FormView{Key: f.key(), Errors: ui.ErrorsOf(ctx, err)}})
	}
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, "warnings.saved"); err != nil {
		return err
	}
	return redirect(w, r, "/warnings")
}
