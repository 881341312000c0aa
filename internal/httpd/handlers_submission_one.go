package httpd

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/decision"
	"ketnap/internal/fault"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/submission"
	"ketnap/web/submissions"
	"ketnap/web/ui"
)

func (s *site) openSubmission(r *http.Request) (submission.Opened, error) {
	id, err := pathID(r, "id")
	if err != nil {
		return submission.Opened{}, err
	}
	return s.Submissions.Get(r.Context(), viewerOf(r), id)
}

func (s *site) showSubmission(w http.ResponseWriter, r *http.Request) error {
	sub, err := s.openSubmission(r)
	if err != nil {
		return err
	}
	return s.renderSubmission(w, r, http.StatusOK, sub, nil, nil)
}

func (s *site) renderSubmission(w http.ResponseWriter, r *http.Request, status int, sub submission.Opened, sent *form, refusal error) error {
	ctx, v := r.Context(), viewerOf(r)
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	view := submissions.OneView{Caption: orgName(tree, sub.CellID), Title: ui.T(ctx, "submissions.of", "Stage", ui.T(ctx, "documents.stage."+string(sub.Submission.Kind)), "Name", sub.FullName),
		Tag: submissionTag(ctx, sub.Submission.State), Pairs: submissionPairs(ctx, tree, sub), Links: submissionLinks(ctx, v, tree, sub),
		Form: ui.FormView{Action: submissionPath(sub.Submission.ID), Key: newKey(), Version: sub.Submission.Version, Errors: ui.ErrorsOf(ctx, asBatch(refusal))}}
	if sub.Submission.State.Open() {
		view.Conditions = conditionsOf(ctx, party.Verdict{Conditions: sub.Checklist.Conditions(party.DueByCell)}, nil)
	}
	fillActs(ctx, tree, sub, &view)
	view.Missing = ui.ChecklistField{Field: ui.Field{Name: "missing", Label: ui.T(ctx, "submissions.missing"), Hint: ui.T(ctx, "submissions.missing_hint"), Optional: true,
		Error: view.Form.Errors.For("missing")}}
	for _, l := range sub.Checklist.Lines {
		if l.Form.DueBy(party.DueBySectional) && l.Released == "" {
			view.Missing.Options = append(view.Missing.Options, ui.Option{Value: string(l.Form.Kind), Label: l.Form.Code + " " + l.Form.Title})
		}
	}
	view.Words = ui.TextAreaField{Field: ui.Field{Name: "words", Label: ui.T(ctx, "submissions.words"), Hint: ui.T(ctx, "submissions.words_hint"), Optional: true,
		Error: view.Form.Errors.For("words")}, Rows: 3}
	view.On = s.dayField(ctx, sent, view.Form.Errors)
	if sent != nil {
		view.Missing.Chosen, view.Words.Value = sent.values["missing"], sent.typed("words")
	}
	for _, m := range slices.Backward(sub.Moves) {
		view.Moves = append(view.Moves, moveEvent(ctx, tree, sub, m))
	}
	page := s.pageOf(r, "submissions.title").Titled(view.Title).WithErrors(view.Form.Errors).Under(submissionsCrumb(ctx))
	return render(w, r, status, submissions.One(page, view))
}

// fillActs offers what the viewer may do with a dossier where it lies.
func fillActs(ctx context.Context, tree *organisation.Snapshot, sub submission.Opened, view *submissions.OneView) {
	fits := func(act party.SubmissionAct) bool {
		_, ok := sub.Submission.State.After(act)
		return ok
	}
	view.Send, view.Withdraw = sub.MaySend && fits(party.HandedIn), sub.MaySend && fits(party.Withdrawn)
	view.Accept, view.Return = sub.MayAnswer && fits(party.AcceptedIt), sub.MayAnswer && fits(party.ReturnedIt)
	if sub.MayAnswer && sub.NextLevel != 0 && fits(party.HandedOn) {
		view.HandOn = ui.T(ctx, "submissions.hand_on_to", "Org", orgName(tree, sub.NextLevel))
	}
}

func submissionPairs(ctx context.Context, tree *organisation.Snapshot, sub submission.Opened) []ui.Pair {
	pair := func(key, text string) ui.Pair { return ui.Pair{Label: ui.T(ctx, key), Text: text} }
	pairs := []ui.Pair{pair("submissions.at", orgName(tree, sub.At)), pair("submissions.since", ui.Date(ctx, sub.Since))}
	if !sub.Submission.State.Open() {
		return pairs
	}
	due := ui.T(ctx, "submissions.no_deadline")
	if d := sub.Deadline; !d.Due.IsZero() {
		due = ui.T(ctx, "submissions.deadline_by", "Due", d.Due, "Citation", citationOf(ctx, d.Rule))
	}
	pairs = append(pairs, pair("submissions.waiting_days", ui.T(ctx, "submissions.days", "Count", sub.Days)), pair("submissions.due", due))
	if sub.Submission.State == party.SubmissionReturned {
		pairs = append(pairs, pair("submissions.says", returnedText(ctx, sub.Entry)))
	}
	return pairs
}

// submissionLinks lead to the person, to the checklist, and to the step that comes next.
func submissionLinks(ctx context.Context, v access.Viewer, tree *organisation.Snapshot, sub submission.Opened) []ui.LinkView {
	id := sub.PersonID
	links := []ui.LinkView{{Label: ui.T(ctx, "submissions.dossier"), Href: dossierPath(id, sub.Submission.Kind), Icon: ui.IconCheck},
		{Label: ui.T(ctx, "submissions.person"), Href: personPath(id), Icon: ui.IconPerson}}
	cell, _ := tree.Known(sub.Case.OrgID)
	next := sub.Case.State().Awaits(sub.Case.Place)
	kinds := map[party.StepKind]decision.Kind{party.Decided: decision.Admission, party.RecognitionDecision: decision.Recognition}
	switch kind, decides := kinds[next]; {
	case !sub.Submission.State.Open():
	case next == party.Endorsed && v.MayIn(access.Record(next), cell.Path):
		links = append(links, ui.LinkView{Label: ui.T(ctx, "submissions.endorse"), Href: stepPath(id, next), Icon: ui.IconPlus})
	case decides && v.May(access.DecisionsIssue):
		links = append(links, ui.LinkView{Label: ui.T(ctx, "submissions.decide"), Href: address("/decisions/new", "kind", string(kind), "people", strconv.FormatInt(id, 10)), Icon: ui.IconPlus})
	}
	return links
}

// formCodes names papers by their forms, as they are now.
func formCodes(c people.Case, stage party.DossierStage, kinds []party.DocumentKind) string {
	var codes []string
	for _, f := range c.Book.FormsOn(stage, c.Today) {
		if slices.Contains(kinds, f.Kind) {
			codes = append(codes, f.Code)
		}
	}
	return strings.Join(codes, ", ")
}

func moveEvent(ctx context.Context, tree *organisation.Snapshot, sub submission.Opened, m submission.Move) ui.TimelineEvent {
	e := ui.TimelineEvent{Date: m.On, Title: ui.T(ctx, "submissions.act."+string(m.Act)), Recorded: ui.T(ctx, "submissions.recorded", "By", m.By, "At", ui.Moment(ctx, m.At))}
	if m.Act == party.ClosedIt {
		e.Title = ui.T(ctx, "submissions.state."+string(m.State))
	}
	pair := func(key, text string) {
		if text != "" {
			e.Facts = append(e.Facts, ui.Pair{Label: ui.T(ctx, key), Text: text})
		}
	}
	if m.From != m.To {
		pair("submissions.from", orgName(tree, m.From))
		pair("submissions.to", orgName(tree, m.To))
	}
	pair("submissions.paper_list", formCodes(sub.Case, sub.Submission.Kind, m.Missing))
	pair("submissions.words", m.Words)
	return e
}

func (s *site) actOnSubmission(w http.ResponseWriter, r *http.Request) error {
	ctx, v, f := r.Context(), viewerOf(r), formOf(r)
	sub, err := s.openSubmission(r)
	if err != nil {
		return err
	}
	act, item := party.SubmissionAct(f.typed("do")), submission.Item{ID: sub.Submission.ID, Version: f.version()}
	on := f.date("on")
	switch err = f.err(); {
	case err != nil:
	case act == party.HandedIn:
		_, err = s.Submissions.Send(ctx, v, submission.Sending{Key: f.key(), CellID: sub.CellID, Kind: sub.Submission.Kind, People: []int64{sub.PersonID}, On: on, Words: f.typed("words")})
	case act == party.ReturnedIt:
		in := submission.Return{Key: f.key(), Item: item, On: on, Words: f.typed("words")}
		for _, kind := range f.values["missing"] {
			in.Missing = append(in.Missing, party.DocumentKind(kind))
		}
		err = s.Submissions.Return(ctx, v, in)
	case act == party.Withdrawn:
		err = s.Submissions.Withdraw(ctx, v, submission.Withdraw{Key: f.key(), Item: item, On: on, Words: f.typed("words")})
	default:
		_, err = s.Submissions.Act(ctx, v, submission.Acting{Key: f.key(), Act: act, Items: []submission.Item{item}, On: on, Words: f.typed("words")})
	}
	err = onlyRow(err)
	if asksAgain(err) {
		if now, readErr := s.openSubmission(r); readErr == nil {
			sub = now
		}
		return s.renderSubmission(w, r, statusOf(err), sub, f, err)
	}
	return s.submissionDone(w, r, "submissions.done."+string(act), 1, submissionPath(sub.Submission.ID), err)
}

// onlyRow gives, of a refused act on one dossier, why that one was refused.
func onlyRow(err error) error {
	result, ok := detailOf[submission.Result](err)
	if !ok || len(result.Rows) != 1 || result.Rows[0].Err == nil {
		return err
	}
	row := result.Rows[0].Err
	if v, refused := people.Refusal(row); refused {
		c := v.Refusals()[0]
		return fault.NewInvalid(c.Key, c.Args...)
	}
	return row
}

// submissionLies tells on the page of a person where his dossiers lie, the newest of each kind.
func (s *site) submissionLies(r *http.Request, personID int64) ([]ui.LinkView, error) {
	ctx := r.Context()
	list, err := s.Submissions.OfPerson(ctx, viewerOf(r), personID)
	if err != nil {
		return nil, err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	var out []ui.LinkView
	for _, sub := range list {
		out = append(out, ui.LinkView{Href: submissionPath(sub.ID), Label: ui.T(ctx, "submissions.lies", "Stage", ui.T(ctx, "documents.stage."+string(sub.Kind)),
			"State", ui.T(ctx, "submissions.state."+string(sub.State)), "Org", orgName(tree, sub.At), "Since", sub.Since)})
	}
	return out, nil
}
