package httpd

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/regulation"
	"ketnap/web/admin"
	"ketnap/web/ui"
)

func (s *site) showRegulations(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	entries, err := s.Regulations.Rules(ctx, viewerOf(r))
	if err != nil {
		return err
	}
	view := admin.RegulationsView{Day: queryText(r, "day"), Unknown: queryOnly(r, "day")}
	day, err := party.ParseDate(view.Day)
	if err != nil {
		view.Bad = ui.T(ctx, "errors.date")
	}
	mayEdit := viewerOf(r).May(access.RegulationsEdit)
	if mayEdit {
		view.New = "/admin/regulations/new"
	}
	if view.Day != "" {
		view.Reset = "/admin/regulations"
	}
	doubts := 0
	for _, id := range regulation.Known() {
		rule := admin.RuleView{ID: string(id), Name: ruleName(ctx, id), Meaning: ui.T(ctx, "rule."+string(id)+".meaning")}
		for _, e := range entries {
			if e.Rule.ID != id || !day.IsZero() && !e.InForce(day) {
				continue
			}
			rule.Rows = append(rule.Rows, s.ruleRow(ctx, e, mayEdit))
			if e.Confidence == party.Recalled && e.InForce(s.Today()) {
				doubts++
			}
		}
		if len(rule.Rows) > 0 {
			view.Rules = append(view.Rules, rule)
		}
	}
	if doubts > 0 && mayEdit {
		view.Doubts = ui.T(ctx, "regulations.doubts", "Count", doubts)
	}
	return render(w, r, http.StatusOK, admin.Regulations(s.pageOf(r, "regulations.title"), view))
}

func (s *site) ruleRow(ctx context.Context, e regulation.Entry, mayEdit bool) admin.RuleRow {
	row := admin.RuleRow{Value: ruleValue(ctx, e.Rule), Period: rulePeriod(ctx, e.Rule), Now: e.InForce(s.Today()),
		Document: ui.T(ctx, "regulations.cited", "Document", e.Document, "Issued", e.Issued, "Clause", e.Clause),
		Mark:     ui.T(ctx, "rule.mark."+string(e.Confidence)), Tone: markTone(e.Confidence), Changed: !e.Shipped}
	if mayEdit {
		row.Href = rulePath(e.ID)
	}
	return row
}

func rulePath(id int64) string { return fmt.Sprintf("/admin/regulations/%d", id) }

// ruleValue writes a value with its unit and its option.
func ruleValue(ctx context.Context, r party.Rule) string {
	value := ""
	switch {
	case r.Unit == party.Share:
		value = ui.T(ctx, "rule.unit.share", "Value", r.Value, "Per", r.Per)
	case r.Unit != party.NoUnit:
		value = ui.T(ctx, "rule.unit."+string(r.Unit), "Count", r.Value)
	}
	if r.Option == "" {
		if value == "" {
			return ui.T(ctx, "rule.unit.none")
		}
		return value
	}
	option := ui.T(ctx, "rule.option."+r.Option)
	if value == "" {
		return option
	}
	return value + ", " + option
}

// rulePeriod writes the days on which a value holds; its last day is part of them.
func rulePeriod(ctx context.Context, r party.Rule) string {
	if r.Until.IsZero() {
		return periodOf(ctx, r.From, party.Date{})
	}
	return periodOf(ctx, r.From, r.Until.AddDays(1))
}

func markTone(c party.Confidence) ui.Tone {
	switch c {
	case party.Verified:
		return ui.Good
	case party.SecondHand:
		return ui.Info
	}
	return ui.Warn
}

func regulationsCrumb(ctx context.Context) ui.Crumb {
	return ui.Crumb{Label: ui.T(ctx, "regulations.title"), Href: "/admin/regulations"}
}

// showNewRule asks for which rule first, and then for its value.
func (s *site) showNewRule(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id := party.RuleID(queryText(r, "rule"))
	if _, known := regulation.ShapeOf(id); known {
		return s.renderRule(w, r, http.StatusOK, id, newRuleForm(id, newKey()))
	}
	view := admin.RuleFormView{Title: ui.T(ctx, "regulations.new.title")}
	for _, known := range regulation.Known() {
		view.Rules = append(view.Rules, ui.Option{Value: string(known), Label: ruleName(ctx, known)})
	}
	page := s.pageOf(r, "regulations.new.title").Under(regulationsCrumb(ctx))
	return render(w, r, http.StatusOK, admin.RuleChoice(page, view))
}

func newRuleForm(id party.RuleID, key string) admin.RuleFormView {
	return admin.RuleFormView{Rule: string(id), Confidence: string(party.Verified), Form: ui.FormView{Action: "/admin/regulations/new", Key: key,
		Hidden: []ui.Hidden{{Name: "rule", Value: string(id)}}}}
}

func (s *site) renderRule(w http.ResponseWriter, r *http.Request, status int, id party.RuleID, view admin.RuleFormView) error {
	ctx := r.Context()
	shape, known := regulation.ShapeOf(id)
	if !known {
		return errNotFound
	}
	view.Title, view.Caption = ui.T(ctx, "regulations.edit.title"), ruleName(ctx, id)
	if view.Remove == "" {
		view.Title = ui.T(ctx, "regulations.new.title")
	}
	if shape.Unit != party.NoUnit {
		view.Unit = ui.T(ctx, "rule.unit_name."+string(shape.Unit))
	}
	view.AskPer = shape.Unit == party.Share
	for _, o := range shape.Options {
		view.Options = append(view.Options, ui.Option{Value: o, Label: ui.T(ctx, "rule.option."+o)})
	}
	for _, m := range []party.Confidence{party.Verified, party.SecondHand, party.Recalled} {
		view.Marks = append(view.Marks, ui.Option{Value: string(m), Label: ui.T(ctx, "rule.mark."+string(m)), Hint: ui.T(ctx, "rule.mark_hint."+string(m))})
	}
	page := s.pageOf(r, "regulations.edit.title").Titled(view.Title).WithErrors(view.Form.Errors).Under(regulationsCrumb(ctx))
	return render(w, r, status, admin.RuleForm(page, view))
}

// typedRule decodes the form and gives the view with everything as typed.
func typedRule(f *form) (party.Rule, admin.RuleFormView) {
	value, _ := f.number("value", 0, party.MaxDues)
	per, _ := f.number("per", 1, 1000)
	rule := party.Rule{ID: party.RuleID(f.typed("rule")), Value: value, Per: per, Option: f.typed("option"), From: f.date("from"), Until: f.date("until"),
		Document: f.text("document", longText), Issued: f.date("issued"), Clause: f.text("clause", longText), Confidence: party.Confidence(f.typed("confidence"))}
	return rule, admin.RuleFormView{Rule: f.typed("rule"), Value: f.typed("value"), Per: f.typed("per"), Option: f.typed("option"), From: f.typed("from"),
		Until: f.typed("until"), Document: f.typed("document"), Issued: f.typed("issued"), Clause: f.typed("clause"), Confidence: f.typed("confidence")}
}

func (s *site) createRule(w http.ResponseWriter, r *http.Request) error {
	f := formOf(r)
	rule, view := typedRule(f)
	err := f.err()
	if err == nil {
		_, err = s.Regulations.Save(r.Context(), viewerOf(r), regulation.Change{Key: f.key(), Rule: rule})
	}
	if err != nil && fault.KindOf(err) == fault.Invalid {
		view.Form = newRuleForm(rule.ID, f.key()).Form
		view.Form.Errors = ui.ErrorsOf(r.Context(), err)
		return s.renderRule(w, r, http.StatusUnprocessableEntity, rule.ID, view)
	}
	return s.ruleSaved(w, r, "regulations.saved", err)
}

func (s *site) ruleSaved(w http.ResponseWriter, r *http.Request, key string, err error) error {
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, key); err != nil {
		return err
	}
	return redirect(w, r, "/admin/regulations")
}

func (s *site) openRule(r *http.Request) (regulation.Entry, error) {
	id, err := pathID(r, "id")
	if err != nil {
		return regulation.Entry{}, err
	}
	return s.Regulations.Rule(r.Context(), viewerOf(r), id)
}

func editRuleForm(id int64, version int, key string) ui.FormView {
	return ui.FormView{Action: rulePath(id), Key: key, Version: version}
}

func (s *site) showRule(w http.ResponseWriter, r *http.Request) error {
	e, err := s.openRule(r)
	if err != nil {
		return err
	}
	view := admin.RuleFormView{Value: strconv.Itoa(e.Value), Per: strconv.Itoa(e.Per), Option: e.Option, From: e.From.Vietnamese(), Document: e.Document,
		Issued: e.Issued.Vietnamese(), Clause: e.Clause, Confidence: string(e.Confidence), Form: editRuleForm(e.ID, e.Version, newKey()), Remove: rulePath(e.ID) + "/remove"}
	if !e.Until.IsZero() {
		view.Until = e.Until.Vietnamese()
	}
	return s.renderRule(w, r, http.StatusOK, e.Rule.ID, view)
}

func (s *site) editRule(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	e, err := s.openRule(r)
	if err != nil {
		return err
	}
	rule, view := typedRule(f)
	rule.ID = e.Rule.ID
	if err = f.err(); err == nil {
		_, err = s.Regulations.Save(ctx, viewerOf(r), regulation.Change{Key: f.key(), ID: e.ID, Version: f.version(), Rule: rule})
	}
	kind := fault.KindOf(err)
	if err == nil || kind != fault.Invalid && kind != fault.Conflict {
		return s.ruleSaved(w, r, "regulations.saved", err)
	}
	view.Form, view.Remove = editRuleForm(e.ID, f.version(), newKey()), rulePath(e.ID)+"/remove"
	view.Form.Errors = ui.ErrorsOf(ctx, err)
	if kind == fault.Conflict {
		view.Form.Version = e.Version
		view.Stored = []ui.Pair{{Label: ui.T(ctx, "regulations.value"), Text: ruleValue(ctx, e.Rule)}, {Label: ui.T(ctx, "regulations.period"), Text: rulePeriod(ctx, e.Rule)},
			{Label: ui.T(ctx, "regulations.document"), Text: e.Document}, {Label: ui.T(ctx, "regulations.confidence"), Text: ui.T(ctx, "rule.mark."+string(e.Confidence))}}
	}
	return s.renderRule(w, r, statusOf(err), e.Rule.ID, view)
}

func (s *site) askRemoveRule(w http.ResponseWriter, r *http.Request) error {
	e, err := s.openRule(r)
	if err != nil {
		return err
	}
	return s.renderRemoveRule(w, r, e, e.Version, nil)
}

// renderRemoveRule asks for the reason, with why the last answer was refused, if it was: what was
// typed stays, and the value is shown as it is now.
func (s *site) renderRemoveRule(w http.ResponseWriter, r *http.Request, e regulation.Entry, version int, refusal error) error {
	ctx := r.Context()
	errs := ui.ErrorsOf(ctx, refusal)
	status := http.StatusOK
	if refusal != nil {
		status = statusOf(refusal)
	}
	view := ui.ConfirmView{Form: ui.FormView{Action: rulePath(e.ID) + "/remove", Key: newKey(), Version: version, Errors: errs},
		Title: ui.T(ctx, "regulations.remove.title"), Text: ui.T(ctx, "regulations.remove.text"), Confirm: ui.T(ctx, "regulations.remove.submit"), Danger: true,
		Cancel: rulePath(e.ID), Facts: []ui.Pair{{Label: ui.T(ctx, "regulations.rule"), Text: ruleName(ctx, e.Rule.ID)},
			{Label: ui.T(ctx, "regulations.value"), Text: ruleValue(ctx, e.Rule)}, {Label: ui.T(ctx, "regulations.period"), Text: rulePeriod(ctx, e.Rule)}}}
	page := s.pageOf(r, "regulations.remove.title").WithErrors(errs).Under(regulationsCrumb(ctx))
	return render(w, r, status, admin.RemoveRule(page, view, formOf(r).typed("reason")))
}

func (s *site) removeRule(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r, "id")
	if err != nil {
		return err
	}
	f := formOf(r)
	err = s.Regulations.Remove(r.Context(), viewerOf(r), id, f.version(), f.key(), f.typed("reason"))
	kind := fault.KindOf(err)
	if err == nil || kind != fault.Invalid && kind != fault.Conflict {
		return s.ruleSaved(w, r, "regulations.removed", err)
	}
	e, openErr := s.openRule(r)
	if openErr != nil {
		return openErr
	}
	if kind == fault.Invalid {
		return s.renderRemoveRule(w, r, e, f.version(), err)
	}
	return s.renderRemoveRule(w, r, e, e.Version, err)
}
