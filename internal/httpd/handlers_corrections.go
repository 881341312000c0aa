package httpd

import (
	"context"
	"net/http"
	"slices"

	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/web/steps"
	"ketnap/web/ui"
)

// openHolding is openRecorded for a page: a step that was voided before cannot be taken back again.
func (s *site) openHolding(r *http.Request) (people.Record, people.RecordedStep, error) {
	rec, st, err := s.openRecorded(r)
	if err == nil && st.VoidedBy != 0 {
		err = fault.NewConflict("steps.error.voided_already")
	}
	return rec, st, err
}

// openRecorded gives a person and one of his steps that the viewer may take back.
func (s *site) openRecorded(r *http.Request) (people.Record, people.RecordedStep, error) {
	none := people.RecordedStep{}
	id, err := pathID(r, "step")
	if err != nil {
		return people.Record{}, none, err
	}
	rec, err := s.openPerson(r)
	if err != nil {
		return rec, none, err
	}
	i := slices.IndexFunc(rec.Steps, func(st people.RecordedStep) bool { return st.ID == id && st.Kind != party.Voided })
	if i < 0 {
		return rec, none, errNotFound
	}
	if st := rec.Steps[i]; st.MayVoid {
		return rec, st, nil
	}
	return rec, none, errForbidden
}

// oldStep shows the step that is to be taken back.
func (s *site) oldStep(r *http.Request, rec people.Record, st people.RecordedStep) ([]ui.Pair, error) {
	ctx := r.Context()
	classes, err := s.Classes.Lookup(ctx, viewerOf(r), classesOf(rec)...)
	if err != nil {
		return nil, err
	}
	pairs := []ui.Pair{{Label: ui.T(ctx, "steps.step"), Text: titleOf(ctx, st.Step)}, {Label: ui.T(ctx, "steps.day"), Text: ui.Date(ctx, st.On)}}
	pairs = append(append(pairs, factsOf(ctx, st.Facts, classes)...), papersOf(ctx, st.Papers)...)
	return append(pairs, ui.Pair{Label: ui.T(ctx, "steps.recorded_by"), Text: recordedOf(ctx, st, nil)}), nil
}

func (s *site) showVoidForm(w http.ResponseWriter, r *http.Request) error {
	rec, st, err := s.openHolding(r)
	if err != nil {
		return err
	}
	view := steps.View{Form: ui.FormView{Key: newKey(), Version: rec.Version}, Values: map[string]string{}}
	return s.renderVoid(w, r, http.StatusOK, rec, st, view)
}

func (s *site) renderVoid(w http.ResponseWriter, r *http.Request, status int, rec people.Record, st people.RecordedStep, view steps.View) (err error) {
	ctx := r.Context()
	if view.Old, err = s.oldStep(r, rec, st); err != nil {
		return err
	}
	view.Form.Action, view.Cancel = r.URL.Path, personPath(rec.ID)
	view.Title, view.Caption, view.Submit = ui.T(ctx, "steps.void.title"), rec.Fields.FullName, ui.T(ctx, "steps.void.submit")
	view.Lead = ui.T(ctx, "steps.void.lead")
	switch st.Kind {
	case party.Left, party.Restored, party.RemovalVote:
		view.Lead += " " + ui.T(ctx, "steps.void.lead_"+string(st.Kind))
	}
	page := s.pageOf(r, "steps.void.title").WithErrors(view.Form.Errors).Under(s.personCrumbs(r, &rec)...)
	return render(w, r, status, steps.Void(page, view))
}

func (s *site) voidStep(w http.ResponseWriter, r *http.Request) error {
	rec, st, err := s.openRecorded(r)
	if err != nil {
		return err
	}
	f := formOf(r)
	in := people.Voiding{Key: f.key(), PersonID: rec.ID, Version: f.version(), StepID: st.ID, Reason: f.text("reason", maxWhy), Paper: f.paper(0)}
	if err = f.err(); err == nil {
		err = s.People.Void(r.Context(), viewerOf(r), in)
	}
	if err == nil {
		return s.stepTakenBack(w, r, rec, "steps.void.done", st)
	}
	view, ok := refusedStep(r, rec, err)
	if !ok {
		return err
	}
	return s.renderVoid(w, r, statusOf(err), rec, st, view)
}

func (s *site) stepTakenBack(w http.ResponseWriter, r *http.Request, rec people.Record, key string, st people.RecordedStep) error {
	if err := s.flash(w, r, ui.Good, key, "Kind", titleOf(r.Context(), st.Step), "On", st.On); err != nil {
		return err
	}
	return redirect(w, r, personPath(rec.ID))
}

// openCorrectable is openRecorded for a step that has a form; what a case brought is taken back, and done
// again in the case.
func (s *site) openCorrectable(r *http.Request, open func(*http.Request) (people.Record, people.RecordedStep, error)) (people.Record, people.RecordedStep, error) {
	rec, st, err := open(r)
	if err == nil && !slices.Contains(party.StepKinds, st.Kind) {
		err = errNotFound
	}
	return rec, st, err
}

func (s *site) showCorrectForm(w http.ResponseWriter, r *http.Request) error {
	rec, st, err := s.openCorrectable(r, s.openHolding)
	if err != nil {
		return err
	}
	view := steps.View{Form: ui.FormView{Key: newKey(), Version: rec.Version}, Values: storedStep(st.Step), Rules: storedRules(st.Facts)}
	return s.renderCorrect(w, r, http.StatusOK, rec, st, view)
}

func (s *site) renderCorrect(w http.ResponseWriter, r *http.Request, status int, rec people.Record, st people.RecordedStep, view steps.View) (err error) {
	ctx := r.Context()
	if view.Old, err = s.oldStep(r, rec, st); err != nil {
		return err
	}
	view.Correction, view.Papers = true, max(view.Papers, len(st.Papers))
	if f, ok := st.Facts.(party.CellVoteFacts); ok {
		view.Vouched = max(view.Vouched, len(f.Introducers))
	}
	view.Form.Action, view.Cancel = r.URL.Path, personPath(rec.ID)
	view.Title, view.Submit = correctTitle(ctx, st.Kind), ui.T(ctx, "steps.correct.submit")
	view.Lead = ui.T(ctx, "steps.correct.lead")
	return s.renderStep(w, r, status, rec, st.Kind, view)
}

func correctTitle(ctx context.Context, k party.StepKind) string {
	return ui.T(ctx, "steps.correct.title", "Kind", stepName(ctx, k))
}

func (s *site) correctStep(w http.ResponseWriter, r *http.Request) error {
	rec, st, err := s.openCorrectable(r, s.openRecorded)
	if err != nil {
		return err
	}
	in, err := s.typedCorrection(r, rec, st)
	if err == nil {
		_, err = s.People.Correct(r.Context(), viewerOf(r), in)
	}
	if err == nil {
		return s.stepTakenBack(w, r, rec, "steps.correct.done", st)
	}
	view, ok := refusedStep(r, rec, err)
	if !ok {
		return err
	}
	return s.renderCorrect(w, r, statusOf(err), rec, st, view)
}

// typedCorrection decodes the form.
func (s *site) typedCorrection(r *http.Request, rec people.Record, st people.RecordedStep) (people.Correction, error) {
	f := formOf(r)
	step, err := s.typedNewStep(r, rec.ID, st.Kind)
	in := people.Correction{NewStep: step, StepID: st.ID, Reason: f.text("reason", maxWhy), Paper: f.paper(0)}
	if err == nil {
		err = f.err()
	}
	return in, err
}
