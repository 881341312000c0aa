package httpd

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/ceremony"
	"ketnap/internal/keyset"
	"ketnap/internal/organisation"
	"ketnap/web/ceremonies"
	"ketnap/web/ui"
)

func (s *site) ceremonyRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/ceremonies", Action: access.CeremoniesRead, Handler: s.showCeremonies},
		{Method: http.MethodGet, Pattern: "/ceremonies/new", Action: access.CeremoniesPlan, Handler: s.showNewCeremony},
		{Method: http.MethodPost, Pattern: "/ceremonies/new", Action: access.CeremoniesPlan, Handler: s.planCeremony},
		{Method: http.MethodGet, Pattern: "/ceremonies/{id}", Action: access.CeremoniesRead, Handler: s.showCeremony},
		{Method: http.MethodGet, Pattern: "/ceremonies/{id}/edit", Action: access.CeremoniesPlan, Handler: s.showEditCeremony},
		{Method: http.MethodPost, Pattern: "/ceremonies/{id}/edit", Action: access.CeremoniesPlan, Handler: s.editCeremony},
		{Method: http.MethodGet, Pattern: "/ceremonies/{id}/hold", Action: access.CeremoniesPlan, Handler: s.showHoldCeremony},
		{Method: http.MethodPost, Pattern: "/ceremonies/{id}/hold", Action: access.CeremoniesPlan, Handler: s.holdCeremony},
		{Method: http.MethodGet, Pattern: "/ceremonies/{id}/call-off", Action: access.CeremoniesPlan, Handler: s.showCallOffCeremony},
		{Method: http.MethodPost, Pattern: "/ceremonies/{id}/call-off", Action: access.CeremoniesPlan, Handler: s.callOffCeremony},
	}
}

func ceremonyPath(id int64) string { return fmt.Sprintf("/ceremonies/%d", id) }

func ceremoniesCrumb(ctx context.Context) ui.Crumb {
	return ui.Crumb{Label: ui.T(ctx, "ceremonies.title"), Href: "/ceremonies"}
}

func ceremonyName(ctx context.Context, c ceremony.Ceremony) string {
	return ui.T(ctx, "ceremonies.of", "Date", c.On())
}

func ceremonyState(ctx context.Context, st ceremony.State) ui.TagView {
	tone := map[ceremony.State]ui.Tone{ceremony.Planned: ui.Info, ceremony.Held: ui.Good, ceremony.Cancelled: ui.Bad}
	return ui.TagView{Tone: tone[st], Text: ui.T(ctx, "ceremonies.state_"+string(st))}
}

// occasionText names the occasion of a ceremony, another one by its own words.
func occasionText(ctx context.Context, f ceremony.Fields) string {
	if f.OccasionText != "" {
		return f.OccasionText
	}
	return occasionName(ctx, f.Occasion)
}

func (s *site) showCeremonies(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	q := ceremony.Query{State: ceremony.State(queryText(r, "state"))}
	used := []string{"state", "after"}
	if q.State != "" && !slices.Contains(ceremony.States, q.State) {
		q.State, used = "", used[1:]
	}
	var err error
	if q.After, err = keyset.Parse(r.URL.Query().Get("after")); err != nil {
		return err
	}
	list, err := s.Ceremonies.List(ctx, v, q)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	view := ceremonies.ListView{Unknown: queryOnly(r, used...), Nothing: q.State == "" && q.After == (ceremony.Cursor{}),
		Tabs: []ui.Tab{{Label: ui.T(ctx, "ceremonies.all_states"), Href: "/ceremonies", Current: q.State == ""}}}
	if v.May(access.CeremoniesPlan) {
		view.New = "/ceremonies/new"
	}
	for _, st := range ceremony.States {
		view.Tabs = append(view.Tabs, ui.Tab{Label: ceremonyState(ctx, st).Text, Href: address("/ceremonies", "state", string(st)), Current: q.State == st})
	}
	for _, e := range list.Entries {
		view.Rows = append(view.Rows, ceremonyRow(ctx, tree, e))
	}
	here := address("/ceremonies", "state", string(q.State))
	view.Pager = ui.PagerView{Summary: ui.T(ctx, "ceremonies.count", "Count", list.Count)}
	if q.After != (ceremony.Cursor{}) {
		view.Pager.First = here
	}
	if next := list.Next.String(); next != "" {
		view.Pager.Next = withQuery(here, "after", next)
	}
	return render(w, r, http.StatusOK, ceremonies.List(s.pageOf(r, "ceremonies.title"), view))
}

func ceremonyRow(ctx context.Context, tree *organisation.Snapshot, e ceremony.Entry) ceremonies.Row {
	org, _ := tree.Known(e.OrgID)
	row := ceremonies.Row{Href: ceremonyPath(e.ID), On: e.On(), Place: e.Place, Occasion: occasionText(ctx, e.Fields), Org: org.Name,
		People: ui.T(ctx, "ceremonies.people_count", "Count", e.People), State: ceremonyState(ctx, e.State)}
	if e.State == ceremony.Planned && !e.Due.IsZero() && e.PlannedOn.After(e.Due) {
		row.Warn = ui.T(ctx, "ceremonies.behind_list")
	}
	return row
}

func (s *site) openCeremony(r *http.Request) (ceremony.Opened, error) {
	id, err := pathID(r, "id")
	if err != nil {
		return ceremony.Opened{}, err
	}
	return s.Ceremonies.Get(r.Context(), viewerOf(r), id)
}

func (s *site) showCeremony(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := s.openCeremony(r)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	org, _ := tree.Known(c.OrgID)
	view := ceremonies.OneView{Caption: org.Name, Title: ceremonyName(ctx, c.Ceremony), Pairs: ceremonyPairs(ctx, c.Ceremony, org.Name)}
	if c.MayPlan && c.State == ceremony.Planned {
		here := ceremonyPath(c.ID)
		view.Hold, view.Edit, view.CallOff = here+"/hold", here+"/edit", here+"/call-off"
	}
	if left := c.Left(); c.MayPlan && len(left) > 0 && c.State == ceremony.Held {
		view.Left, view.Replan = ui.T(ctx, "ceremonies.left", "Count", len(left)), newCeremonyPath(c.OrgID, left)
	}
	behind := 0
	for _, p := range c.People {
		if p.Behind && p.Was == ceremony.PersonPlanned {
			behind++
		}
		view.People = append(view.People, ceremonyPerson(ctx, tree, c, p))
	}
	if behind > 0 && c.State == ceremony.Planned {
		view.Warn = ui.T(ctx, "ceremonies.behind_count", "Count", behind)
	}
	page := s.pageOf(r, "ceremonies.of", "Date", c.On()).Under(ceremoniesCrumb(ctx))
	return render(w, r, http.StatusOK, ceremonies.One(page, view))
}

// newCeremonyPath leads to the plan of a ceremony for some people.
func newCeremonyPath(orgID int32, ids []int64) string {
	path := address("/ceremonies/new", "org", orgValue(orgID))
	for _, id := range ids {
		path = withQuery(path, "people", strconv.FormatInt(id, 10))
	}
	return path
}

func ceremonyPairs(ctx context.Context, c ceremony.Ceremony, org string) []ui.Pair {
	l := &pairList{ctx: ctx}
	l.pairs = append(l.pairs, ui.Pair{Label: ui.T(ctx, "ceremonies.state_label"), Content: ui.Tag(ceremonyState(ctx, c.State))})
	l.text("ceremonies.org", org)
	l.day("ceremonies.planned_on", c.PlannedOn)
	l.day("ceremonies.held_on", c.HeldOn)
	l.text("steps.place", c.Place)
	l.text("steps.occasion", occasionText(ctx, c.Fields))
	l.text("ceremonies.reason", c.Reason)
	return l.pairs
}

func ceremonyPerson(ctx context.Context, tree *organisation.Snapshot, c ceremony.Opened, p ceremony.Person) ceremonies.Person {
	org, _ := tree.Known(p.OrgID)
	out := ceremonies.Person{Href: personPath(p.ID), Name: p.FullName, Born: p.Person.BirthDate, Org: org.Name, Decision: decisionText(ctx, p.Waiting),
		State: ui.TagView{Tone: ui.Info, Text: ui.T(ctx, "ceremonies.person_"+string(p.Was))}}
	switch {
	case p.Was == ceremony.PersonHeld && !p.Holds:
		out.State = ui.TagView{Tone: ui.Bad, Text: ui.T(ctx, "ceremonies.person_voided")}
	case p.Was == ceremony.PersonHeld:
		out.State.Tone = ui.Good
	case p.Was == ceremony.PersonPlanned:
		out.Due = dueOn(ctx, p.Waiting)
	}
	return out
}

// decisionText names the paper of somebody's decision.
func decisionText(ctx context.Context, w ceremony.Waiting) string {
	decided := w.State().Decided
	if decided == nil {
		return ""
	}
	if number := w.Decision().Number; number != "" {
		return ui.T(ctx, "ceremonies.decision_text", "Number", number, "Date", decided.On)
	}
	return ui.Date(ctx, decided.On)
}

// dueOn shows somebody's deadline, marked where the planned day lies behind it.
func dueOn(ctx context.Context, w ceremony.Waiting) ui.PickCell {
	switch {
	case w.Deadline.Due.IsZero():
		return ui.PickCell{}
	case w.Behind:
		return ui.PickCell{Tag: &ui.TagView{Tone: ui.Warn, Text: ui.T(ctx, "ceremonies.behind_row", "Due", w.Deadline.Due)}}
	}
	return ui.PickCell{Text: ui.Date(ctx, w.Deadline.Due)}
}
