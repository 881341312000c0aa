package httpd

import (
	"context"
	"net/http"
	"slices"

	"ketnap/internal/access"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/submission"
	"ketnap/web/submissions"
	"ketnap/web/ui"
)

func (s *site) showNewSubmission(w http.ResponseWriter, r *http.Request) error {
	return s.renderNewSubmission(w, r, http.StatusOK, queryOrg(r), queryStage(r), nil, nil)
}

// renderNewSubmission shows whose dossiers a cell may hand in. Whoever works in one cell only is not
// asked which.
func (s *site) renderNewSubmission(w http.ResponseWriter, r *http.Request, status int, cell int32, kind party.DossierStage, sent *form, refusal error) error {
	ctx, v := r.Context(), viewerOf(r)
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	if kind == "" {
		kind = party.AdmissionDossier
	}
	list, cut := tree.Choice(v, access.SubmissionsSend, cell, mostChoices)
	if cell == 0 && !cut {
		cell = onlyCell(list)
	}
	view := submissions.NewView{Orgs: orgChoice(list), OrgHint: choiceHint(ctx, cut), Kind: string(kind), Kinds: stageOptions(ctx),
		Form:  ui.FormView{Action: "/submissions/new", Key: newKey(), Wide: true, Hidden: []ui.Hidden{{Name: "org", Value: orgValue(cell)}, {Name: "kind", Value: string(kind)}}},
		Empty: ui.EmptyView{Title: ui.T(ctx, "submissions.new.none"), Text: ui.T(ctx, "submissions.new.none_text")},
		Words: ui.TextAreaField{Field: ui.Field{Name: "words", Label: ui.T(ctx, "submissions.words"), Optional: true}, Rows: 2}}
	if cell != 0 {
		view.Org = orgValue(cell)
	}
	if o, ok := tree.Of(cell); ok && o.Kind.IsCell() && v.MayIn(access.SubmissionsSend, o.Path) {
		if err := s.fillSendable(r, tree, cell, kind, sent, &view); err != nil {
			return err
		}
	}
	if sent != nil {
		refusal = asBatch(refusal)
		view.Form.Errors = batchErrors(ctx, refusal, view.Pick.Rows)
		markRefused(ctx, refusal, view.Pick.Rows)
		view.Pick.Error, view.Words.Error = view.Form.Errors.For("people"), view.Form.Errors.For("words")
		view.Words.Value, view.Kept = sent.typed("words"), sent.checked("keep_good")
	}
	view.On = s.dayField(ctx, sent, view.Form.Errors)
	page := s.pageOf(r, "submissions.new.title").WithErrors(view.Form.Errors).Under(submissionsCrumb(ctx))
	return render(w, r, status, submissions.New(page, view))
}

func (s *site) fillSendable(r *http.Request, tree *organisation.Snapshot, cell int32, kind party.DossierStage, sent *form, view *submissions.NewView) error {
	ctx := r.Context()
	list, more, err := s.Submissions.Sendable(ctx, viewerOf(r), cell, kind)
	if err != nil {
		return err
	}
	view.Chosen = true
	if more {
		view.More = ui.T(ctx, "submissions.new.more", "Max", submission.MaxBatch)
	}
	view.Pick = ui.PickView{Name: "people", Label: ui.T(ctx, "submissions.new.people"), Hint: ui.T(ctx, "submissions.new.people_hint"),
		Columns: columnsOf(ctx, "people.name", "submissions.new.resolved", "submissions.new.back", "submissions.says")}
	chosen := queryPeople(r, "people")
	for _, ready := range list {
		row := sendableRow(ctx, tree, ready, kind)
		row.Chosen = slices.Contains(chosen, ready.ID)
		if sent != nil {
			row.Chosen = slices.Contains(sent.values["people"], row.Value)
		}
		view.Pick.Rows = append(view.Pick.Rows, row)
	}
	view.Keep = sent != nil
	return nil
}

func sendableRow(ctx context.Context, tree *organisation.Snapshot, ready submission.Ready, kind party.DossierStage) ui.PickRow {
	row := pickRow(ctx, tree, ready.Case)
	st := ready.State()
	vote := st.Resolution
	if kind == party.RecognitionDossier {
		vote = st.VotedUp()
	}
	resolved, back := ui.PickCell{}, ui.PickCell{}
	if vote != nil {
		resolved.Text = ui.Date(ctx, vote.On)
	}
	if ready.Open.ID != 0 {
		back.Tag = &ui.TagView{Tone: ui.Warn, Text: ui.T(ctx, "submissions.new.back_of", "On", ready.Open.Since)}
	}
	row.Cells = []ui.PickCell{resolved, back}
	row.Open = &ui.LinkView{Label: ui.T(ctx, "submissions.dossier"), Href: dossierPath(ready.ID, kind)}
	v, missing := ready.Verdict, false
	v.Conditions = slices.DeleteFunc(slices.Clone(v.Conditions), func(c party.Condition) bool {
		missing = missing || c.Key == party.DocumentMissing
		return c.Key == party.DocumentMissing
	})
	row.Says = unmetOf(ctx, ready.ID, v)
	if missing {
		row.Says = append(row.Says, lackingSays(ctx, ready.Checklist.Lacking(party.DueByCell))...)
	}
	return row
}

func (s *site) sendSubmissions(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	in := submission.Sending{Key: f.key(), CellID: f.organisation("org"), Kind: party.DossierStage(f.typed("kind")), People: f.people("people"), Words: f.typed("words"),
		KeepGood: f.checked("keep_good"), On: f.date("on")}
	err := f.err()
	var done submission.Result
	if err == nil {
		done, err = s.Submissions.Send(ctx, viewerOf(r), in)
	}
	if asksAgain(err) {
		kind := in.Kind
		if !slices.Contains(party.DossierStages, kind) {
			kind = party.AdmissionDossier
		}
		return s.renderNewSubmission(w, r, statusOf(err), in.CellID, kind, f, err)
	}
	return s.submissionDone(w, r, "submissions.done.handed_in", done.Done, address("/submissions", "tab", tabOpen), err)
}
