package httpd

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	peoplepages "ketnap/web/people"
	"ketnap/web/ui"
)

func personPath(id int64) string { return fmt.Sprintf("/people/%d", id) }

func (s *site) showPeople(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	query, view, err := peopleQuery(r)
	if err != nil {
		return err
	}
	list, err := s.People.List(ctx, v, query)
	if err != nil {
		return err
	}
	counts, err := s.People.StageCounts(ctx, v, query.OrgID)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	view.Orgs, view.OrgHint = orgFilter(ctx, tree, v, query.OrgID)
	if !query.Narrow() { // the counts of the tabs are those of whole organisations
		view.Tabs = stageTabs(ctx, r, counts, query.Stages)
	}
	for _, row := range list.Rows {
		view.Rows = append(view.Rows, s.personRow(ctx, tree, row))
	}
	view.Pager = peoplePager(ctx, r, list)
	if v.May(access.PeopleRegister) {
		view.New = "/people/new"
	}
	view.Nobody = view.Reset == "" && query.Stages == nil && view.Pager.First == ""
	return render(w, r, http.StatusOK, peoplepages.List(s.pageOf(r, "people.title"), view))
}

// peopleQuery reads the filters of the address.
func peopleQuery(r *http.Request) (people.Query, peoplepages.ListView, error) {
	ctx := r.Context()
	q := people.Query{Search: queryText(r, "q"), OrgID: queryOrganisation(r, "org")}
	view := peoplepages.ListView{Search: q.Search, Org: queryText(r, "org"), Category: queryText(r, "category"), Before: queryText(r, "before"),
		Unknown: queryOnly(r, "q", "org", "category", "before", "stage", "class", "mentor", "title", "after")}
	var bad []string
	var known bool
	if q.Stages, known = queryStages(r); !known {
		bad = append(bad, ui.T(ctx, "people.stage"))
	}
	for _, stage := range q.Stages {
		view.Hidden = append(view.Hidden, ui.Hidden{Name: "stage", Value: string(stage)})
	}
	if q.ClassID = queryID(r, "class"); q.ClassID != 0 {
		view.Hidden = append(view.Hidden, ui.Hidden{Name: "class", Value: strconv.FormatInt(q.ClassID, 10)})
	}
	if q.Mentor = queryText(r, "mentor"); q.Mentor != "" {
		view.Hidden = append(view.Hidden, ui.Hidden{Name: "mentor", Value: q.Mentor})
		view.Mentor = ui.T(ctx, "people.helped_by", "Name", q.Mentor)
	}
	if view.HonouredAs = queryText(r, "title"); slices.Contains(party.TitleKinds, party.TitleKind(view.HonouredAs)) {
		q.Title = party.TitleKind(view.HonouredAs)
	} else if view.HonouredAs != "" {
		bad = append(bad, ui.T(ctx, "people.honoured_as"))
	}
	if c := party.Category(view.Category); slices.Contains(party.Categories, c) {
		q.Categories = []party.Category{c}
	} else if c != "" {
		bad = append(bad, ui.T(ctx, "people.category"))
	}
	if len(bad) > 0 {
		view.BadFilter = ui.T(ctx, "people.bad_filter", "Names", strings.Join(bad, ", "))
	}
	day, err := party.ParseDate(view.Before)
	if err != nil {
		view.BeforeBad = ui.T(ctx, "errors.date")
	}
	q.Before = day
	for _, c := range party.Categories {
		view.Categories = append(view.Categories, ui.Option{Value: string(c), Label: ui.T(ctx, "category."+string(c))})
	}
	for _, k := range party.TitleKinds {
		view.Titles = append(view.Titles, ui.Option{Value: string(k), Label: ui.T(ctx, "achievements.kind."+string(k))})
	}
	if peopleAddress(r) != "/people" {
		view.Reset = "/people"
	}
	q.After, err = people.ParseCursor(r.URL.Query().Get("after"))
	return q, view, err
}

// queryOrganisation gives the organisation of the address: 0 when absent, one that cannot be when
// it is no number, so that nothing is shown instead of everything.
func queryOrganisation(r *http.Request, name string) int32 {
	text := r.URL.Query().Get(name)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 1 {
		return -1
	}
	return int32(n)
}

// queryStages gives the stages of the address, each once; false where one of them is none.
func queryStages(r *http.Request) (stages []party.Stage, known bool) {
	known = true
	for _, text := range r.URL.Query()["stage"] {
		stage := party.Stage(text)
		switch {
		case !slices.Contains(party.Stages, stage):
			known = known && text == ""
		case !slices.Contains(stages, stage):
			stages = append(stages, stage)
		}
	}
	return stages, known
}

// peopleAddress gives the list's address with its filters, at some stages; none is all.
func peopleAddress(r *http.Request, stages ...party.Stage) string {
	here := address("/people", "q", queryText(r, "q"), "org", queryText(r, "org"), "category", queryText(r, "category"),
		"before", queryText(r, "before"), "class", queryText(r, "class"), "mentor", queryText(r, "mentor"), "title", queryText(r, "title"))
	return atStages(here, stages)
}

// atStages adds stages to the address of a list.
func atStages(path string, stages []party.Stage) string {
	for _, stage := range stages {
		path = withQuery(path, "stage", string(stage))
	}
	return path
}

// orgChoice offers organisations in the order of the tree.
func orgChoice(list []organisation.Org) []ui.Option {
	var out []ui.Option
	for _, o := range list {
		out = append(out, orgOption(o, list[0].Depth()))
	}
	return out
}

// mostChoices bounds a choice among organisations: more than that nobody reads, and they would weigh
// more than the page.
const mostChoices = 200

// orgFilter offers the organisations by which a list of people is narrowed.
func orgFilter(ctx context.Context, tree *organisation.Snapshot, v access.Viewer, chosen int32) (options []ui.Option, hint string) {
	list, cut := tree.Choice(v, access.PeopleRead, chosen, mostChoices)
	return orgChoice(list), choiceHint(ctx, cut)
}

// choiceHint says that not all are offered at once.
func choiceHint(ctx context.Context, cut bool) string {
	if !cut {
		return ""
	}
	return ui.T(ctx, "organisations.choice_cut")
}

// stageTabs gives a tab to everybody and to each stage at which somebody stands or that is shown.
func stageTabs(ctx context.Context, r *http.Request, counts map[party.Stage]int, shown []party.Stage) []ui.Tab {
	all := 0
	var tabs []ui.Tab
	for _, stage := range party.Stages {
		n := counts[stage]
		all += n
		if current := slices.Contains(shown, stage); n > 0 || current {
			tabs = append(tabs, ui.Tab{Label: ui.StageName(ctx, stage), Href: peopleAddress(r, stage), Current: current, Count: n, HasCount: true})
		}
	}
	return append([]ui.Tab{{Label: ui.T(ctx, "people.everybody"), Href: peopleAddress(r), Current: shown == nil, Count: all, HasCount: true}}, tabs...)
}

func (s *site) personRow(ctx context.Context, tree *organisation.Snapshot, row people.Row) peoplepages.Row {
	out := peoplepages.Row{Href: personPath(row.ID), Name: row.FullName, Born: row.BirthDate, Class: row.ClassName, Stage: row.Stage,
		Since: row.Since, Due: row.Due, Late: !row.Due.IsZero() && row.Due.Before(s.Today())}
	if o, ok := tree.Of(row.OrgID); ok {
		out.Org = o.Name
	}
	if row.Next != "" {
		out.Next = stepName(ctx, row.Next)
	}
	return out
}

func stepName(ctx context.Context, k party.StepKind) string { return ui.T(ctx, "step."+string(k)) }

func peoplePager(ctx context.Context, r *http.Request, list people.List) ui.PagerView {
	stages, _ := queryStages(r)
	here := peopleAddress(r, stages...)
	pager := ui.PagerView{Summary: ui.T(ctx, "people.count", "Count", list.Count)}
	if list.More {
		pager.Summary = ui.T(ctx, "people.count_more", "Count", list.Count)
	}
	if r.URL.Query().Get("after") != "" {
		pager.First = here
	}
	if next := list.Next.String(); next != "" {
		pager.Next = withQuery(here, "after", next)
	}
	return pager
}
