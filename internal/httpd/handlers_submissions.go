package httpd

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/keyset"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/submission"
	"ketnap/web/submissions"
	"ketnap/web/ui"
)

// submissionRoutes are the dossiers on their way up.
func (s *site) submissionRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/submissions", Action: access.SubmissionsRead, Handler: s.showSubmissions},
		{Method: http.MethodPost, Pattern: "/submissions", Action: access.SubmissionsAnswer, Handler: s.answerSubmissions},
		{Method: http.MethodGet, Pattern: "/submissions/new", Action: access.SubmissionsSend, Handler: s.showNewSubmission},
		{Method: http.MethodPost, Pattern: "/submissions/new", Action: access.SubmissionsSend, Handler: s.sendSubmissions},
		{Method: http.MethodGet, Pattern: "/submissions/{id}", Action: access.SubmissionsRead, Handler: s.showSubmission},
		{Method: http.MethodPost, Pattern: "/submissions/{id}", Action: access.SubmissionsRead, Handler: s.actOnSubmission},
	}
}

func submissionPath(id int64) string { return fmt.Sprintf("/submissions/%d", id) }

func submissionsCrumb(ctx context.Context) ui.Crumb {
	return ui.Crumb{Label: ui.T(ctx, "submissions.title"), Href: "/submissions"}
}

// The tabs of the queue.
const (
	tabMine     = "mine"
	tabOpen     = "open"
	tabReturned = "returned"
	tabClosed   = "closed"
)

// queue is what of the dossiers an address asks for.
type queue struct {
	submission.Query
	tab  string
	mine []int32 // the viewer's own levels; empty where he has none
}

// queueOf reads the address: without a tab, what waits at the viewer's own level.
func (s *site) queueOf(r *http.Request) (queue, error) {
	q := queue{tab: queryText(r, "tab")}
	var err error
	if q.mine, err = s.Submissions.Levels(r.Context(), viewerOf(r)); err != nil {
		return q, err
	}
	tabs := q.tabs()
	if !slices.Contains(tabs, q.tab) {
		q.tab = tabs[0]
	}
	switch q.tab {
	case tabMine:
		q.At = q.mine
	case tabReturned:
		q.State = party.SubmissionReturned
	case tabClosed:
		q.Closed = true
	}
	q.OrgID, q.Kind = queryOrg(r), queryStage(r)
	q.After, err = keyset.Parse(r.URL.Query().Get("after"))
	return q, err
}

func (q queue) tabs() []string {
	if len(q.mine) == 0 {
		return []string{tabOpen, tabReturned, tabClosed}
	}
	return []string{tabMine, tabOpen, tabReturned, tabClosed}
}

func queueAddress(q queue, tab string) string {
	org := ""
	if q.OrgID != 0 {
		org = orgValue(q.OrgID)
	}
	return address("/submissions", "tab", tab, "org", org, "kind", string(q.Kind))
}

func (s *site) showSubmissions(w http.ResponseWriter, r *http.Request) error {
	q, err := s.queueOf(r)
	if err != nil {
		return err
	}
	return s.renderQueue(w, r, http.StatusOK, q, nil, nil)
}

// renderQueue shows a page of dossiers; chosen and refusal are of a form that comes back.
func (s *site) renderQueue(w http.ResponseWriter, r *http.Request, status int, q queue, sent *form, refusal error) error {
	ctx, v := r.Context(), viewerOf(r)
	list, err := s.Submissions.List(ctx, v, q.Query)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	view := submissions.QueueView{Unknown: queryOnly(r, "tab", "org", "kind", "after"), Acts: q.tab == tabMine,
		Form:  ui.FormView{Action: queueAddress(q, q.tab), Key: newKey(), Wide: true},
		Empty: ui.EmptyView{Title: ui.T(ctx, "submissions.empty."+q.tab), Text: ui.T(ctx, "submissions.empty."+q.tab+"_text")}}
	if v.May(access.SubmissionsSend) {
		view.New = "/submissions/new"
	}
	s.fillQueueFilter(ctx, r, tree, q, &view)
	if view.Acts {
		fillPick(ctx, tree, list, s.Today(), &view)
		keepPick(ctx, sent, refusal, &view)
		view.On = s.dayField(ctx, sent, view.Form.Errors)
	} else {
		for _, e := range list.Entries {
			view.Rows = append(view.Rows, submissionRow(ctx, tree, e))
		}
	}
	here := queueAddress(q, q.tab)
	if q.After != (submission.Cursor{}) {
		view.Pager.First = here
	}
	if next := list.Next.String(); next != "" {
		view.Pager.Next = withQuery(here, "after", next)
	}
	return render(w, r, status, submissions.Queue(s.pageOf(r, "submissions.title").WithErrors(view.Form.Errors), view))
}

func (s *site) fillQueueFilter(ctx context.Context, r *http.Request, tree *organisation.Snapshot, q queue, view *submissions.QueueView) {
	list, cut := tree.Choice(viewerOf(r), access.SubmissionsRead, q.OrgID, mostChoices)
	view.Filter = submissions.FilterView{Tab: q.tab, Orgs: orgChoice(list), OrgHint: choiceHint(ctx, cut), Kind: string(q.Kind), Kinds: stageOptions(ctx),
		Active: q.OrgID != 0 || q.Kind != ""}
	if q.OrgID != 0 {
		view.Filter.Org = orgValue(q.OrgID)
	}
	for _, tab := range q.tabs() {
		view.Tabs = append(view.Tabs, ui.Tab{Label: ui.T(ctx, "submissions.tab."+tab), Href: queueAddress(q, tab), Current: tab == q.tab})
	}
}

func stageOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, stage := range party.DossierStages {
		out = append(out, ui.Option{Value: string(stage), Label: ui.T(ctx, "documents.stage."+string(stage))})
	}
	return out
}

// fillPick lists dossiers of which one chooses, with the version that each is shown from.
func fillPick(ctx context.Context, tree *organisation.Snapshot, list submission.List, today party.Date, view *submissions.QueueView) {
	view.Pick = ui.PickView{Name: "people", Label: ui.T(ctx, "submissions.list"), Hint: ui.T(ctx, "submissions.list_hint"),
		Columns: columnsOf(ctx, "people.name", "submissions.state_label", "submissions.since", "submissions.due", "submissions.says")}
	for _, e := range list.Entries {
		id := strconv.FormatInt(e.Submission.ID, 10)
		row := pickRow(ctx, tree, e.Case)
		row.Value, row.Open = id, &ui.LinkView{Label: ui.T(ctx, "submissions.open"), Href: submissionPath(e.Submission.ID)}
		tag := submissionTag(ctx, e.Submission.State)
		row.Cells = []ui.PickCell{{Tag: &tag}, {Text: sinceText(ctx, e)}, dueCell(ctx, e.Deadline.Due, today)}
		row.Says = lackingSays(ctx, e.Lacking)
		view.Pick.Rows = append(view.Pick.Rows, row)
		view.Form.Hidden = append(view.Form.Hidden, ui.Hidden{Name: "v_" + id, Value: strconv.Itoa(e.Submission.Version)})
	}
}

// lackingSays names the papers that a dossier lacks, in one line.
func lackingSays(ctx context.Context, lacking []party.ChecklistLine) []ui.Condition {
	if len(lacking) == 0 {
		return nil
	}
	return []ui.Condition{{State: ui.Warns, Text: ui.T(ctx, "submissions.lacks", "Codes", lineCodes(lacking))}}
}

func lineCodes(lines []party.ChecklistLine) string {
	codes := make([]string, len(lines))
	for i, l := range lines {
		codes[i] = l.Form.Code
	}
	return strings.Join(codes, ", ")
}

// keepPick shows again what was chosen, and why some of it was refused.
func keepPick(ctx context.Context, sent *form, refusal error, view *submissions.QueueView) {
	if sent == nil {
		return
	}
	for i := range view.Pick.Rows {
		view.Pick.Rows[i].Chosen = slices.Contains(sent.values["people"], view.Pick.Rows[i].Value)
	}
	result, some := detailOf[submission.Result](refusal)
	for i := range result.Rows {
		result.Rows[i].PersonID = result.Rows[i].ID // the boxes of this list stand for dossiers
	}
	refusal = asBatch(refusal)
	view.Form.Errors = batchErrors(ctx, refusal, view.Pick.Rows)
	markRefused(ctx, refusal, view.Pick.Rows)
	view.Pick.Error, view.Keep, view.Kept = view.Form.Errors.For("people"), some, sent.checked("keep_good")
}

// asBatch lets the rows of a refused act be shown like those of any act on many people.
func asBatch(err error) error {
	result, ok := detailOf[submission.Result](err)
	if !ok {
		return err
	}
	out := people.BatchResult{}
	for _, row := range result.Rows {
		out.Rows = append(out.Rows, people.BatchRow{PersonID: row.PersonID, Err: row.Err})
	}
	return fault.NewInvalid("submissions.error.some").With(out)
}

func submissionTag(ctx context.Context, state party.SubmissionState) ui.TagView {
	tone := map[party.SubmissionState]ui.Tone{party.SubmissionWaiting: ui.Info, party.SubmissionAccepted: ui.Good, party.SubmissionReturned: ui.Warn,
		party.SubmissionDecided: ui.Good}[state]
	if tone == "" {
		tone = ui.Info
	}
	return ui.TagView{Tone: tone, Text: ui.T(ctx, "submissions.state."+string(state))}
}

func sinceText(ctx context.Context, e submission.Entry) string {
	if !e.Submission.State.Open() {
		return ui.Date(ctx, e.Since)
	}
	return ui.T(ctx, "submissions.since_days", "Date", e.Since, "Count", e.Days)
}

func submissionRow(ctx context.Context, tree *organisation.Snapshot, e submission.Entry) submissions.Row {
	row := submissions.Row{Href: submissionPath(e.Submission.ID), Name: e.FullName, At: orgName(tree, e.At), Tag: submissionTag(ctx, e.Submission.State),
		Note: orgName(tree, e.Submission.CellID) + " · " + ui.T(ctx, "documents.stage."+string(e.Submission.Kind)), Since: sinceText(ctx, e), Due: ui.Date(ctx, e.Deadline.Due)}
	if !e.Submission.State.Open() {
		return row
	}
	if e.Submission.State == party.SubmissionReturned {
		row.Says = append(row.Says, returnedText(ctx, e))
	}
	if len(e.Lacking) > 0 {
		row.Says = append(row.Says, ui.T(ctx, "submissions.lacks", "Codes", lineCodes(e.Lacking)))
	}
	return row
}

// returnedText tells for what a dossier was given back.
func returnedText(ctx context.Context, e submission.Entry) string {
	if len(e.Returned.Missing) == 0 {
		return ui.T(ctx, "submissions.returned_words", "On", e.Returned.On, "Words", e.Returned.Words)
	}
	text := ui.T(ctx, "submissions.returned_for", "On", e.Returned.On, "Codes", formCodes(e.Case, e.Submission.Kind, e.Returned.Missing))
	if e.Returned.Words != "" {
		text += ". " + e.Returned.Words
	}
	return text
}

func (s *site) answerSubmissions(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	q, err := s.queueOf(r)
	if err != nil {
		return err
	}
	in := submission.Acting{Key: f.key(), Act: party.SubmissionAct(f.typed("do")), KeepGood: f.checked("keep_good")}
	in.On = f.date("on")
	for _, id := range f.people("people") {
		version, _ := f.number(fmt.Sprintf("v_%d", id), 0, 1<<30)
		in.Items = append(in.Items, submission.Item{ID: id, Version: version})
	}
	var done submission.Result
	if err = f.err(); err == nil {
		done, err = s.Submissions.Act(ctx, viewerOf(r), in)
	}
	if asksAgain(err) {
		q.tab, q.At = tabMine, q.mine
		return s.renderQueue(w, r, statusOf(err), q, f, err)
	}
	return s.submissionDone(w, r, "submissions.done."+string(in.Act), done.Done, queueAddress(q, q.tab), err)
}

// submissionDone says what was done and leads on.
func (s *site) submissionDone(w http.ResponseWriter, r *http.Request, key string, count int, to string, err error) error {
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, key, "Count", count); err != nil {
		return err
	}
	return redirect(w, r, to)
}

// dayField asks for the day of an act, today to begin with.
func (s *site) dayField(ctx context.Context, sent *form, errs ui.Errors) ui.Field {
	f := ui.Field{Name: "on", Label: ui.T(ctx, "submissions.on"), Value: s.Today().Vietnamese(), Error: errs.For("on"), Width: ui.Short}
	if sent != nil {
		f.Value = sent.typed("on")
	}
	return f
}
