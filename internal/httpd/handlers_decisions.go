package httpd

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/decision"
	"ketnap/internal/keyset"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/web/decisions"
	"ketnap/web/ui"
)

func (s *site) decisionRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/decisions", Action: access.DecisionsRead, Handler: s.showDecisions},
		{Method: http.MethodGet, Pattern: "/decisions/new", Action: access.DecisionsIssue, Handler: s.showNewDecision},
		{Method: http.MethodPost, Pattern: "/decisions/new", Action: access.DecisionsIssue, Handler: s.issueDecision},
		{Method: http.MethodGet, Pattern: "/decisions/gather", Action: access.DecisionsIssue, Handler: s.showGather},
		{Method: http.MethodPost, Pattern: "/decisions/gather", Action: access.DecisionsIssue, Handler: s.gatherDecisions},
		{Method: http.MethodGet, Pattern: "/decisions/{id}", Action: access.DecisionsRead, Handler: s.showDecision},
		{Method: http.MethodGet, Pattern: "/decisions/{id}/cancel", Action: access.DecisionsIssue, Handler: s.showCancelDecision},
		{Method: http.MethodPost, Pattern: "/decisions/{id}/cancel", Action: access.DecisionsIssue, Handler: s.cancelDecision},
	}
}

func decisionPath(id int64) string { return fmt.Sprintf("/decisions/%d", id) }

func decisionKind(ctx context.Context, k decision.Kind) string {
	return ui.T(ctx, "decisions.kind."+string(k))
}

// namedKind names a decision's kind; an admission of those only who were members before is a re-admission.
func namedKind(ctx context.Context, k decision.Kind, people, again int) string {
	if again > 0 && again == people {
		return ui.T(ctx, "decisions.again")
	}
	return decisionKind(ctx, k)
}

func peopleCount(ctx context.Context, people, again int) string {
	text := ui.T(ctx, "decisions.people_count", "Count", people)
	if again > 0 && again < people {
		text += " " + ui.T(ctx, "decisions.again_count", "Count", again)
	}
	return text
}

func decisionsCrumb(ctx context.Context) ui.Crumb {
	return ui.Crumb{Label: ui.T(ctx, "decisions.title"), Href: "/decisions"}
}

// registerQuery reads the filters of the address.
func registerQuery(r *http.Request) (decision.Query, decisions.ListView, error) {
	ctx := r.Context()
	q := decision.Query{OrgID: queryOrganisation(r, "org"), Number: queryText(r, "number")}
	view := decisions.ListView{Number: q.Number, Year: queryText(r, "year"), Org: queryText(r, "org")}
	used := []string{"kind", "number", "year", "org", "after"}
	if kind := decision.Kind(queryText(r, "kind")); slices.Contains(decision.Kinds, kind) {
		q.Kind = kind
		view.Hidden = []ui.Hidden{{Name: "kind", Value: string(kind)}}
	} else if kind != "" {
		used = used[1:]
	}
	if view.Year != "" {
		year, err := strconv.Atoi(view.Year)
		if err != nil || year < 1900 || year > 9999 {
			view.YearBad = ui.T(ctx, "decisions.year_bad")
		} else {
			q.Year = year
		}
	}
	view.Unknown = queryOnly(r, used...)
	var err error
	q.After, err = keyset.Parse(r.URL.Query().Get("after"))
	return q, view, err
}

func registerAddress(r *http.Request, kind decision.Kind) string {
	return address("/decisions", "kind", string(kind), "number", queryText(r, "number"), "year", queryText(r, "year"), "org", queryText(r, "org"))
}

func (s *site) showDecisions(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	q, view, err := registerQuery(r)
	if err != nil {
		return err
	}
	list, err := s.Decisions.List(ctx, v, q)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	if v.May(access.DecisionsIssue) {
		view.New, view.Gather = "/decisions/new", "/decisions/gather"
	}
	orgs, _ := tree.Choice(v, access.DecisionsRead, q.OrgID, mostChoices)
	for _, o := range orgs {
		if !o.Kind.IsCell() {
			view.Orgs = append(view.Orgs, orgOption(o, orgs[0].Depth()))
		}
	}
	here := registerAddress(r, q.Kind)
	if view.Nothing = here == "/decisions" && q.After == (decision.Cursor{}); !view.Nothing {
		view.Reset = "/decisions"
	}
	view.Tabs = []ui.Tab{{Label: ui.T(ctx, "decisions.all_kinds"), Href: registerAddress(r, ""), Current: q.Kind == ""}}
	for _, k := range decision.Kinds {
		view.Tabs = append(view.Tabs, ui.Tab{Label: decisionKind(ctx, k), Href: registerAddress(r, k), Current: q.Kind == k})
	}
	for _, e := range list.Entries {
		org, _ := tree.Known(e.OrgID)
		view.Rows = append(view.Rows, decisions.Row{Href: decisionPath(e.ID), Number: e.Printed, Kind: namedKind(ctx, e.Kind, e.People, e.Again), Org: org.Name, On: e.IssuedOn,
			People: peopleCount(ctx, e.People, e.Again), State: decisionState(ctx, e.People, e.Cancelled)})
	}
	if view.Unused, err = s.unusedNumbers(r, q); err != nil {
		return err
	}
	view.Pager = ui.PagerView{Summary: ui.T(ctx, "decisions.count", "Count", list.Count)}
	if q.After != (decision.Cursor{}) {
		view.Pager.First = here
	}
	if next := list.Next.String(); next != "" {
		view.Pager.Next = withQuery(here, "after", next)
	}
	return render(w, r, http.StatusOK, decisions.List(s.pageOf(r, "decisions.title"), view))
}

// unusedNumbers tells which numbers are in no decision: of the issuer and year that are filtered, else
// of the reader's only issuer and of this year.
func (s *site) unusedNumbers(r *http.Request, q decision.Query) (string, error) {
	ctx, v := r.Context(), viewerOf(r)
	if !v.May(access.DecisionsIssue) {
		return "", nil
	}
	if q.OrgID == 0 {
		issuers, err := s.Decisions.Issuers(ctx, v)
		if err != nil || len(issuers) != 1 {
			return "", err
		}
		q.OrgID = issuers[0]
	}
	if q.Year == 0 {
		q.Year = s.Decisions.Today().Year
	}
	spans, more, err := s.Decisions.Unused(ctx, v, q.OrgID, q.Year)
	if err != nil || len(spans) == 0 {
		return "", err
	}
	list := make([]string, len(spans))
	for i, n := range spans {
		if list[i] = strconv.Itoa(n.First); n.Last > n.First {
			list[i] += "–" + strconv.Itoa(n.Last)
		}
	}
	if more {
		list = append(list, "…")
	}
	return ui.T(ctx, "decisions.unused.numbers", "Year", q.Year, "Numbers", strings.Join(list, ", ")), nil
}

// decisionState tells whether a decision holds for all whom it names, for some or for none.
func decisionState(ctx context.Context, named, cancelled int) ui.TagView {
	switch {
	case cancelled == 0:
		return ui.TagView{Tone: ui.Good, Text: ui.T(ctx, "decisions.holds")}
	case cancelled < named:
		return ui.TagView{Tone: ui.Warn, Text: ui.T(ctx, "decisions.cancelled_part", "Count", cancelled)}
	}
	return ui.TagView{Tone: ui.Bad, Text: ui.T(ctx, "decisions.cancelled")}
}

func (s *site) openDecision(r *http.Request) (decision.Opened, error) {
	id, err := pathID(r, "id")
	if err != nil {
		return decision.Opened{}, err
	}
	return s.Decisions.Get(r.Context(), viewerOf(r), id)
}

func (s *site) showDecision(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	d, err := s.openDecision(r)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	org, _ := tree.Known(d.OrgID)
	view := decisions.OneView{Caption: namedKind(ctx, d.Kind, len(d.Named), d.Again()), Title: ui.T(ctx, "decisions.numbered", "Number", d.Printed),
		Pairs: decisionPairs(ctx, d, org.Name)}
	if len(d.AwaitCeremony()) > 0 && v.May(access.CeremoniesPlan) {
		view.Plan = address("/ceremonies/new", "decision", strconv.FormatInt(d.ID, 10))
	}
	if d.MayIssue && d.Kind != decision.Cancellation && len(d.Holding()) > 0 {
		view.Cancel = decisionPath(d.ID) + "/cancel"
	}
	for _, n := range d.Named {
		o, _ := tree.Known(n.OrgID)
		p := decisions.Person{Href: personPath(n.PersonID), Name: n.FullName, Born: n.BirthDate, Org: o.Name, State: ui.TagView{Tone: ui.Good, Text: ui.T(ctx, "decisions.holds")}}
		if n.Holds == 0 {
			p.State = ui.TagView{Tone: ui.Bad, Text: ui.T(ctx, "decisions.cancelled")}
			p.Why = takenBackText(ctx, n.TakenBack)
		}
		if n.Again {
			p.Note = ui.T(ctx, "decisions.again")
		}
		if n.Next != "" {
			p.Next = stepName(ctx, n.Next)
		}
		view.People = append(view.People, p)
	}
	page := s.pageOf(r, "decisions.numbered", "Number", d.Printed).Under(decisionsCrumb(ctx))
	return render(w, r, http.StatusOK, decisions.One(page, view))
}

// takenBackText tells when and why a decision ceased to hold for somebody, and by which paper.
func takenBackText(ctx context.Context, b decision.TakenBack) string {
	if b.On.IsZero() {
		return ""
	}
	text := ui.T(ctx, "decisions.taken_back", "On", b.On, "By", b.By, "Reason", b.Reason)
	if b.Paper != "" {
		text += " " + ui.T(ctx, "decisions.taken_back_paper", "Number", b.Paper)
	}
	return text
}

// decisionPairs tells what is written in a decision.
func decisionPairs(ctx context.Context, d decision.Opened, issuer string) []ui.Pair {
	l := &pairList{ctx: ctx}
	l.pairs = append(l.pairs, ui.Pair{Label: ui.T(ctx, "decisions.state"), Content: ui.Tag(decisionState(ctx, len(d.Named), len(d.Named)-len(d.Holding())))})
	l.text("decisions.org", issuer)
	l.day("decisions.issued_on", d.IssuedOn)
	l.text("steps.decider", bodyName(ctx, d.Decider))
	l.text("decisions.signer", d.Signer)
	l.day("steps.received_on", d.ReceivedOn)
	if d.Days > 0 {
		l.text("steps.days", ui.T(ctx, "rule.unit.working_days", "Count", d.Days))
	}
	if d.Kind == decision.Extension {
		l.text("steps.extended_why", d.Reason)
	} else {
		l.text("decisions.cancel.reason", d.Reason)
	}
	other := func(key string, o decision.Decision) {
		l.pairs = append(l.pairs, ui.Pair{Label: ui.T(ctx, key), Content: ui.TextLink(ui.LinkView{
			Label: ui.T(ctx, "decisions.dated", "Number", o.Printed, "Date", o.IssuedOn), Href: decisionPath(o.ID)})})
	}
	if d.Cancels != nil {
		other("decisions.cancels", *d.Cancels)
	}
	for _, c := range d.CancelledBy {
		other("decisions.cancelled_by", c)
	}
	l.text("decisions.note", d.Note)
	l.text("decisions.recorded", ui.T(ctx, "decisions.recorded_text", "By", d.RecordedBy, "At", ui.Moment(ctx, d.RecordedAt)))
	return l.pairs
}

// actsBehind leads from the steps of somebody to the decision or the ceremony for many that they came
// from.
func (s *site) actsBehind(r *http.Request, rec people.Record) (map[int64]ui.Pair, error) {
	ctx, v := r.Context(), viewerOf(r)
	ofMany := []party.StepKind{party.Extended, party.Decided, party.Ceremony, party.RecognitionDecision, party.Left, party.Restored}
	if !slices.ContainsFunc(rec.Steps, func(st people.RecordedStep) bool { return slices.Contains(ofMany, st.Kind) }) {
		return map[int64]ui.Pair{}, nil // most people have not come so far
	}
	caused, err := s.Decisions.Of(ctx, v, rec.ID)
	if err != nil {
		return nil, err
	}
	held, err := s.Ceremonies.Of(ctx, v, rec.ID)
	if err != nil {
		return nil, err
	}
	acts := make(map[int64]ui.Pair, len(caused)+len(held))
	for step, d := range caused {
		acts[step] = ui.Pair{Label: ui.T(ctx, "decisions.in_register"), Content: ui.TextLink(ui.LinkView{
			Label: ui.T(ctx, "decisions.numbered", "Number", d.Printed), Href: decisionPath(d.ID)})}
	}
	for step, c := range held {
		acts[step] = ui.Pair{Label: ui.T(ctx, "ceremonies.together"), Content: ui.TextLink(ui.LinkView{Label: ceremonyName(ctx, c), Href: ceremonyPath(c.ID)})}
	}
	return acts, nil
}
