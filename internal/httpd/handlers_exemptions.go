package httpd

import (
	"context"
	"net/http"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/exemption"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/web/exemptions"
	"ketnap/web/ui"
)

// exemptionRoutes are exemptions and suspensions of a member.
func (s *site) exemptionRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/people/{id}/exemptions", Action: access.CellsRead, Handler: s.showExemptions},
		{Method: http.MethodPost, Pattern: "/people/{id}/exemptions", Action: access.ExemptionsEdit, Handler: s.saveExemption},
	}
}

func exemptionsPath(id int64) string { return personPath(id) + "/exemptions" }

// exemptionLines puts exemptions into words.
func exemptionLines(ctx context.Context, list []exemption.Exemption) (lines []string) {
	for _, e := range list {
		key := "exemptions.line"
		if e.Until.IsZero() {
			key = "exemptions.line_open"
		}
		line := ui.T(ctx, key, "Kind", ui.T(ctx, "exemptions.kinds."+string(e.Kind)), "From", e.From, "Until", e.Until, "Number", e.Number, "Decided", e.DecidedOn, "Reason", e.Reason)
		if e.NoDues {
			line = ui.T(ctx, "exemptions.line_no_dues", "Line", line)
		}
		lines = append(lines, line)
	}
	return lines
}

func (s *site) showExemptions(w http.ResponseWriter, r *http.Request) error {
	rec, err := s.openPerson(r)
	if err != nil {
		return err
	}
	return s.renderExemptions(w, r, http.StatusOK, rec, nil, nil)
}

func (s *site) renderExemptions(w http.ResponseWriter, r *http.Request, status int, rec people.Record, sent *form, refusal error) error {
	ctx, viewer := r.Context(), viewerOf(r)
	if !viewer.MayIn(access.CellsRead, rec.Path) {
		return errForbidden
	}
	list, err := s.Exemptions.OfPerson(ctx, viewer, rec.ID)
	if err != nil {
		return err
	}
	v := exemptions.View{Name: rec.Fields.FullName, Unknown: queryOnly(r), Lines: exemptionLines(ctx, list), Cancel: personPath(rec.ID),
		May:  viewer.MayIn(access.ExemptionsEdit, rec.Path) && rec.State.Stage.Member(),
		Form: ui.FormView{Action: exemptionsPath(rec.ID), Key: newKey(), Errors: ui.ErrorsOf(ctx, refusal)}}
	ending := sent != nil && sent.typed("ends") != ""
	errs := v.Form.Errors
	if ending {
		v.Form.Errors = nil
	}
	if fault.KindOf(refusal) == fault.Conflict {
		v.Stored = textOf(ctx, refusal)
	}
	fillExemptionForm(ctx, &v, sent, ending)
	for _, e := range list {
		if v.May && e.Until.IsZero() {
			v.End = endOf(ctx, e, sent, ending, errs)
		}
	}
	page := s.pageOf(r, "exemptions.title").WithErrors(errs).Under(s.personCrumbs(r, &rec)...)
	return render(w, r, status, exemptions.One(page, v))
}

func fillExemptionForm(ctx context.Context, v *exemptions.View, sent *form, ending bool) {
	field := func(name string, optional bool) ui.Field {
		f := ui.Field{Name: name, Label: ui.T(ctx, "exemptions."+name), Error: v.Form.Errors.For(name), Optional: optional, Width: ui.Medium}
		if sent != nil && !ending {
			f.Value = sent.typed(name)
		}
		return f
	}
	v.Kind, v.Number, v.Decided, v.From, v.Until = ui.ChoiceField{Field: field("kind", false)}, field("number", false), field("decided", false), field("from", false), field("until", true)
	v.Until.Hint = ui.T(ctx, "exemptions.until_hint")
	for _, k := range party.ExemptionKinds {
		v.Kind.Options = append(v.Kind.Options, ui.Option{Value: string(k), Label: ui.T(ctx, "exemptions.kinds."+string(k))})
	}
	v.NoDues = ui.CheckboxField{Field: field("no_dues", true), Checked: sent != nil && !ending && sent.checked("no_dues")}
	v.NoDues.Value = ""
	v.Reason = ui.TextAreaField{Field: field("reason", false), Rows: 2}
}

// endOf is the form that ends an exemption that goes on.
func endOf(ctx context.Context, e exemption.Exemption, sent *form, ending bool, errs ui.Errors) *exemptions.EndView {
	out := &exemptions.EndView{Form: ui.FormView{Action: exemptionsPath(e.PersonID), Key: newKey(), Version: e.Version}, Lead: exemptionLines(ctx, []exemption.Exemption{e})[0],
		Hidden: []ui.Hidden{{Name: "ends", Value: strconv.FormatInt(e.ID, 10)}}, Until: ui.Field{Name: "last", Label: ui.T(ctx, "exemptions.until"), Width: ui.Medium}}
	if ending {
		out.Until.Value, out.Until.Error = sent.typed("last"), errs.For("last")
		out.Form.Errors = errs
	}
	return out
}

func (s *site) saveExemption(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	rec, err := s.openPerson(r)
	if err != nil {
		return err
	}
	if f.typed("ends") != "" {
		err = s.endExemption(r, rec.ID, f)
	} else {
		in := exemption.Exemption{PersonID: rec.ID, Number: f.typed("number"), DecidedOn: f.date("decided"), Reason: f.typed("reason"),
			ExemptionSpan: party.ExemptionSpan{Kind: party.ExemptionKind(f.typed("kind")), From: f.date("from"), Until: f.date("until"), NoDues: f.checked("no_dues")}}
		if err = f.err(); err == nil {
			err = s.Exemptions.Enter(ctx, viewerOf(r), f.key(), in)
		}
	}
	if kind := fault.KindOf(err); err != nil && (kind == fault.Invalid || kind == fault.Conflict) {
		return s.renderExemptions(w, r, statusOf(err), rec, f, err)
	}
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, "exemptions.saved"); err != nil {
		return err
	}
	return redirect(w, r, exemptionsPath(rec.ID))
}

func (s *site) endExemption(r *http.Request, person int64, f *form) error {
	in := exemption.Exemption{ID: f.id("ends"), PersonID: person, Version: f.version(), ExemptionSpan: party.ExemptionSpan{Until: f.date("last")}}
	if err := f.err(); err != nil {
		return err
	}
	return s.Exemptions.End(r.Context(), viewerOf(r), f.key(), in)
}

// exemptionSection gives what the page of a member tells of his exemptions.
func (s *site) exemptionSection(r *http.Request, rec people.Record) (*exemptions.SectionView, error) {
	ctx, v := r.Context(), viewerOf(r)
	if !rec.State.Stage.Member() || !v.MayIn(access.CellsRead, rec.Path) {
		return nil, nil
	}
	list, err := s.Exemptions.OfPerson(ctx, v, rec.ID)
	if err != nil {
		return nil, err
	}
	return &exemptions.SectionView{Lines: exemptionLines(ctx, list), Link: ui.LinkView{Label: ui.T(ctx, "exemptions.link"), Href: exemptionsPath(rec.ID)}}, nil
}
