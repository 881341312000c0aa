package httpd

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"ketnap/internal/class"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/web/steps"
	"ketnap/web/ui"
)

// stepKind gives the kind of step in the path; one that has no form is not found.
func stepKind(r *http.Request) (party.StepKind, error) {
	k := party.StepKind(chi.URLParam(r, "kind"))
	if !slices.Contains(party.StepKinds, k) {
		return "", errNotFound
	}
	return k, nil
}

// openStep gives the person and the kind of a step form that the viewer may record.
func (s *site) openStep(r *http.Request) (people.Record, party.StepKind, error) {
	kind, err := stepKind(r)
	if err != nil {
		return people.Record{}, "", err
	}
	rec, err := s.openPerson(r)
	if err == nil && !slices.Contains(rec.Kinds, kind) {
		err = errForbidden
	}
	return rec, kind, err
}

func (s *site) showStepForm(w http.ResponseWriter, r *http.Request) error {
	rec, kind, err := s.openStep(r)
	if err != nil {
		return err
	}
	view := steps.View{Form: ui.FormView{Key: newKey(), Version: rec.Version}, Values: map[string]string{}}
	if party.VotedByCell(kind) {
		if view.Values, err = s.rollValues(r, rec.Fields.OrgID); err != nil {
			return err
		}
	}
	return s.renderStepForm(w, r, http.StatusOK, rec, kind, view)
}

// renderStepForm shows the form of a new step. Without the answer of a refusal its conditions are
// asked as of today.
func (s *site) renderStepForm(w http.ResponseWriter, r *http.Request, status int, rec people.Record, kind party.StepKind, view steps.View) error {
	ctx := r.Context()
	if view.Conditions == nil {
		v, err := s.People.Ask(ctx, viewerOf(r), rec.ID, party.Step{Kind: kind, On: s.Today(), OrgID: rec.Fields.OrgID})
		if err != nil {
			return err
		}
		if err := s.askChecklist(r, rec, &v); err != nil {
			return err
		}
		view.Conditions, view.Asked = conditionsOf(ctx, v, helpFor(ctx, rec)), ui.T(ctx, "steps.asked", "Date", v.On)
		if n := len(v.Refusals()); n > 0 {
			view.Lead = ui.T(ctx, "person.next_missing", "Count", n)
		}
	}
	if party.VotedByCell(kind) {
		known, err := s.rollText(r, rec.Fields.OrgID, view.Values["on"])
		if err != nil {
			return err
		}
		view.Known = known
	}
	view.Form.Action, view.Cancel = stepPath(rec.ID, kind), personPath(rec.ID)
	view.Title, view.Submit = stepName(ctx, kind), ui.T(ctx, "steps.record")
	return s.renderStep(w, r, status, rec, kind, view)
}

// renderStep adds what every form of a step shows: whose it is, and its choices.
func (s *site) renderStep(w http.ResponseWriter, r *http.Request, status int, rec people.Record, kind party.StepKind, view steps.View) error {
	ctx := r.Context()
	view.Kind, view.Caption = kind, rec.Fields.FullName
	view.Papers, view.Vouched = max(view.Papers, minPapers), max(view.Vouched, minVouched)
	view.Form.Hidden = append(view.Form.Hidden, ui.Hidden{Name: "_papers", Value: strconv.Itoa(view.Papers)},
		ui.Hidden{Name: "_vouched", Value: strconv.Itoa(view.Vouched)})
	if err := s.addChoices(r, &view); err != nil {
		return err
	}
	if err := s.addMentors(r, rec, &view); err != nil {
		return err
	}
	page := s.pageOf(r, "step."+string(kind)).Titled(view.Title + ": " + rec.Fields.FullName).
		WithErrors(view.Form.Errors).Under(s.personCrumbs(r, &rec)...)
	return render(w, r, status, steps.Form(page, withWords(ctx, view)))
}

// maxClassPages bounds the choice of classes: the newest some hundred, as many as a committee holds
// in ten years. The certificate of an older one is recorded as of a class elsewhere.
const maxClassPages = 6

// addChoices lists the classes that a result may name.
func (s *site) addChoices(r *http.Request, view *steps.View) error {
	if view.Kind != party.ClassResult {
		return nil
	}
	ctx, v := r.Context(), viewerOf(r)
	listed, q := false, class.Query{Kind: party.AwarenessClass}
	for range maxClassPages {
		list, err := s.Classes.List(ctx, v, q)
		if err != nil {
			return err
		}
		for _, c := range list.Classes {
			value := typedID(c.ID)
			listed = listed || value == view.Values["class"]
			view.Classes = append(view.Classes, ui.Option{Value: value, Label: classLabel(ctx, c)})
		}
		if q.After = list.Next; q.After == (class.Cursor{}) {
			break
		}
	}
	if id, err := strconv.ParseInt(view.Values["class"], 10, 64); err == nil && !listed {
		older, err := s.Classes.Lookup(ctx, v, id)
		if err != nil {
			return err
		}
		if c, ok := older[id]; ok {
			view.Classes = append(view.Classes, ui.Option{Value: typedID(id), Label: classLabel(ctx, c)})
		}
	}
	return nil
}

// addMentors offers who may help, and who does.
func (s *site) addMentors(r *http.Request, rec people.Record, view *steps.View) error {
	if view.Kind != party.MentorAssigned && view.Kind != party.Remarked {
		return nil
	}
	ctx := r.Context()
	for _, m := range rec.State.Mentors {
		view.Mentors = append(view.Mentors, ui.Option{Value: m.Name, Label: m.Name})
	}
	if told := view.Values["mentor"]; told != "" && !slices.ContainsFunc(view.Mentors, func(o ui.Option) bool { return o.Value == told }) {
		view.Mentors = append(view.Mentors, ui.Option{Value: told, Label: told}) // who helped when it was recorded
	}
	for _, p := range party.Progresses {
		view.Progresses = append(view.Progresses, ui.Option{Value: string(p), Label: ui.T(ctx, "steps.progress_"+string(p))})
	}
	if view.Kind != party.MentorAssigned {
		return nil
	}
	list, err := s.People.Helpers(ctx, viewerOf(r), rec.Fields.OrgID)
	for _, h := range list {
		view.Helpers = append(view.Helpers, h.Name)
	}
	return err
}

// withWords fills the choices whose words do not depend on anything stored.
func withWords(ctx context.Context, view steps.View) steps.View {
	for _, d := range deciders {
		view.Deciders = append(view.Deciders, ui.Option{Value: d, Label: bodyName(ctx, d)})
	}
	view.Occasions = occasionChoice(ctx)
	for _, k := range vouchers {
		view.Vouchers = append(view.Vouchers, ui.Option{Value: string(k), Label: ui.T(ctx, "steps.voucher."+string(k))})
	}
	if view.Kind != party.Overridden {
		return view
	}
	for _, k := range kindNames() {
		view.Kinds = append(view.Kinds, ui.Option{Value: k, Label: ui.T(ctx, "step."+k)})
	}
	for _, id := range overridable {
		view.RuleList = append(view.RuleList, ui.Option{Value: string(id), Label: ruleName(ctx, id)})
	}
	return view
}

// typedNewStep decodes the form of a step.
func (s *site) typedNewStep(r *http.Request, id int64, kind party.StepKind) (people.NewStep, error) {
	f := formOf(r)
	in := people.NewStep{Key: f.key(), PersonID: id, Version: f.version(), Kind: kind,
		On: f.requiredDate("on"), Facts: factReaders[kind](f), Papers: f.papers()}
	if facts, ok := in.Facts.(party.ClassResultFacts); ok && facts.ClassID != 0 {
		found, err := s.Classes.Lookup(r.Context(), viewerOf(r), facts.ClassID)
		if err != nil {
			return in, err
		}
		if _, ok := found[facts.ClassID]; !ok {
			f.refuse("class", "errors.choice")
		}
	}
	return in, f.err()
}

func (s *site) recordStep(w http.ResponseWriter, r *http.Request) error {
	rec, kind, err := s.openStep(r)
	if err != nil {
		return err
	}
	in, err := s.typedNewStep(r, rec.ID, kind)
	var done people.Recorded
	if err == nil {
		done, err = s.People.Record(r.Context(), viewerOf(r), in)
	}
	if err == nil {
		return s.stepRecorded(w, r, rec, party.Step{Kind: kind, On: in.On, Facts: in.Facts}, done.Verdict)
	}
	view, ok := refusedStep(r, rec, err)
	if !ok {
		return err
	}
	return s.renderStepForm(w, r, statusOf(err), rec, kind, view)
}

// stepRecorded goes back to the person with what was recorded and what to mind about it.
func (s *site) stepRecorded(w http.ResponseWriter, r *http.Request, rec people.Record, step party.Step, v party.Verdict) error {
	ctx := r.Context()
	tone, key, minds := ui.Good, "steps.recorded", []string(nil)
	for _, c := range v.Warnings() {
		text := conditionText(ctx, c)
		if citation := citationOf(ctx, c.Rule); citation != "" {
			text += " (" + citation + ")"
		}
		minds = append(minds, text)
	}
	if vote, ok := party.CellVote(step.Facts); ok {
		doubts, err := s.voteDoubts(r, rec.Fields.OrgID, step.On, vote)
		if err != nil {
			return err
		}
		minds = append(minds, doubts...)
	}
	if len(minds) > 0 {
		tone, key = ui.Warn, "steps.recorded_mind"
	}
	err := s.flash(w, r, tone, key, "Kind", titleOf(ctx, step), "On", step.On, "Minds", strings.Join(minds, " "))
	if err != nil {
		return err
	}
	return redirect(w, r, personPath(rec.ID))
}

// refusedStep gives the form again as it was typed, with why it was refused; false for an error
// that has nothing to do with what was typed.
func refusedStep(r *http.Request, rec people.Record, err error) (steps.View, bool) {
	ctx, f := r.Context(), formOf(r)
	view := steps.View{Values: typedStep(f), Rules: f.values["rules"], Papers: f.lines("_papers", minPapers), Vouched: f.lines("_vouched", minVouched),
		Form: ui.FormView{Key: f.key(), Version: f.version(), Errors: ui.ErrorsOf(ctx, err)}}
	switch fault.KindOf(err) {
	case fault.Invalid:
		if v, refused := people.Refusal(err); refused {
			view.Form.Errors = refusalsOf(ctx, v)
			view.Conditions, view.Asked = conditionsOf(ctx, v, helpFor(ctx, rec)), ui.T(ctx, "steps.asked_typed", "Date", v.On)
		}
		return view, true
	case fault.Conflict:
		stale, ok := detailOf[people.Stale](err)
		if !ok {
			return view, false
		}
		view.Stale = ui.T(ctx, "steps.stale", "By", stale.By, "At", ui.Moment(ctx, stale.At))
		view.Form.Errors = ui.Errors{{Text: view.Stale}}
		view.Form.Key, view.Form.Version = newKey(), rec.Version
		return view, true
	}
	return view, false
}

// refusalsOf lists the unmet conditions, each with its citation, beside the field it speaks of.
func refusalsOf(ctx context.Context, v party.Verdict) ui.Errors {
	var errs ui.Errors
	for _, c := range v.Refusals() {
		text := conditionText(ctx, c)
		if citation := citationOf(ctx, c.Rule); citation != "" {
			text += " (" + citation + ")"
		}
		if !c.MetOn.IsZero() {
			text += " " + ui.T(ctx, "ui.condition.met_on", "Date", c.MetOn)
		}
		errs = append(errs, ui.FieldError{Name: fieldOf(v.Kind, c.Key), Text: text})
	}
	return errs
}

// fieldsOfGates tells which field of its form a condition speaks of, by the beginning of its key.
var fieldsOfGates = []struct{ key, field string }{
	{"gate.no_day", "on"}, {"gate.future", "on"}, {"gate.before_birth", "on"}, {"gate.age", "on"}, {"gate.probation", "on"},
	{"gate.cert", "on"}, {"gate.vote", "in_favour"}, {"gate.branch", "official"}, {"gate.intro", "intro1_kind"},
	{"gate.decide.who", "decider"}, {"gate.dossier.order", "applied_on"}, {"gate.received_", "received_on"},
	{"gate.extend", "days"}, {"gate.received.", "joined_on"}, {"gate.mentor.instead", "instead"}, {"gate.mentor", "name"}, {"gate.remark.mentor", "mentor"}, {"gate.remark.progress", "progress"}, {"gate.reason", "why"}, {"gate.override", "rules"},
}

func fieldOf(kind party.StepKind, key string) string {
	if kind == party.Voided {
		return ""
	}
	for _, x := range fieldsOfGates {
		if strings.HasPrefix(key, x.key) {
			return x.field
		}
	}
	return ""
}
