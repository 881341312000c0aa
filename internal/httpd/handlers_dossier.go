package httpd

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/document"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/web/documents"
	"ketnap/web/ui"
)

// dossierRoutes are the checklists of dossiers.
func (s *site) dossierRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/people/{id}/dossier", Action: access.DossiersRead, Handler: s.showDossier},
		{Method: http.MethodPost, Pattern: "/people/{id}/dossier", Action: access.DossiersEdit, Handler: s.saveDossier},
		{Method: http.MethodGet, Pattern: "/cells/{id}/dossiers", Action: access.DossiersRead, Handler: s.showDossierGrid},
	}
}

func dossierPath(id int64, stage party.DossierStage) string {
	return address(personPath(id)+"/dossier", "stage", string(stage))
}

func dossierGridPath(orgID int32) string { return fmt.Sprintf("/cells/%d/dossiers", orgID) }

// queryStage reads which dossier the address asks for; "" is the one that the way is at.
func queryStage(r *http.Request) party.DossierStage {
	if stage := party.DossierStage(queryText(r, "stage")); slices.Contains(party.DossierStages, stage) {
		return stage
	}
	return ""
}

// openDossier gives the person of the address, whose record is opened with it, and his dossier.
func (s *site) openDossier(r *http.Request) (people.Record, document.Dossier, error) {
	rec, err := s.openPerson(r)
	if err != nil {
		return rec, document.Dossier{}, err
	}
	d, err := s.Documents.Of(r.Context(), viewerOf(r), rec.ID, queryStage(r))
	return rec, d, err
}

func (s *site) showDossier(w http.ResponseWriter, r *http.Request) error {
	rec, d, err := s.openDossier(r)
	if err != nil {
		return err
	}
	return s.renderDossier(w, r, http.StatusOK, rec, d, nil)
}

func (s *site) saveDossier(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	rec, d, err := s.openDossier(r)
	if err != nil {
		return err
	}
	if !d.MayEdit {
		return errForbidden
	}
	in := document.Change{Key: f.key(), PersonID: rec.ID, Stage: d.Checklist.Stage, Lines: typedPapers(f), Letters: typedLetters(f)}
	written := 0
	if err = f.err(); err == nil {
		written, err = s.Documents.Save(ctx, viewerOf(r), in)
	}
	if err == nil {
		key := "documents.saved"
		if written == 0 {
			key = "documents.unchanged"
		}
		if err := s.flash(w, r, ui.Good, key); err != nil {
			return err
		}
		return redirect(w, r, dossierPath(rec.ID, d.Checklist.Stage))
	}
	if !asksAgain(err) {
		return err
	}
	now, readErr := s.Documents.Of(ctx, viewerOf(r), rec.ID, d.Checklist.Stage) // with what somebody else wrote
	if readErr != nil {
		return readErr
	}
	return s.renderDossier(w, r, statusOf(err), rec, now, &sentDossier{f, err})
}

// sentDossier is a checklist that was refused.
type sentDossier struct {
	form *form
	err  error
}

// typedPapers gives what was typed of each paper.
func typedPapers(f *form) []document.LineChange {
	var list []document.LineChange
	kinds := f.values["kind"]
	for _, k := range kinds[:min(len(kinds), maxPaperLines)] {
		at := func(name string) string { return document.FieldOf(name, party.DocumentKind(k)) }
		in := document.LineChange{Kind: party.DocumentKind(k)}
		in.Version, _ = f.number("v_"+k, 0, 1<<30)
		in.State, in.Reason, in.Number = party.DocumentState(f.typed(at("state"))), f.typed(at("reason")), f.typed(at("number"))
		in.Dated, in.Issuer, in.Kept = f.date(at("dated")), f.typed(at("issuer")), f.typed(at("kept"))
		list = append(list, in)
	}
	return list
}

// maxPaperLines bounds the papers of one form.
const maxPaperLines = 60

// typedLetters gives what was typed of each letter, in the order of the form.
func typedLetters(f *form) []document.LetterChange {
	var list []document.LetterChange
	for i := range min(len(f.values["letter"]), document.MaxLetters+newLetters) {
		at := func(name string) string { return document.LetterField(name, i) }
		in := document.LetterChange{ID: f.id(at("id"))}
		in.Version, _ = f.number(at("lv"), 0, 1<<30)
		in.To, in.SentOn, in.AnsweredOn, in.Withdrawn = f.typed(at("to")), f.date(at("sent")), f.date(at("answered")), f.checked(at("withdrawn"))
		list = append(list, in)
	}
	return list
}

// newLetters is how many letters a form adds at once.
const newLetters = 2

func (s *site) renderDossier(w http.ResponseWriter, r *http.Request, status int, rec people.Record, d document.Dossier, sent *sentDossier) error {
	ctx := r.Context()
	have, asked := d.Checklist.Count()
	view := documents.DossierView{Name: rec.Fields.FullName, Title: ui.T(ctx, "documents.stage."+string(d.Checklist.Stage)), Cancel: personPath(rec.ID),
		Count: ui.T(ctx, "documents.count", "Have", have, "Asked", asked), Unknown: queryOnly(r, "stage"), MayEdit: d.MayEdit,
		Form: ui.FormView{Action: dossierPath(rec.ID, d.Checklist.Stage), Key: newKey(), Wide: true}, States: documentStates(ctx),
		Withdrawn: []ui.Option{{Value: "1", Label: ui.T(ctx, "documents.withdrawn")}}, HasLetters: d.Checklist.Stage == party.AdmissionDossier}
	view.Conditions = conditionsOf(ctx, party.Verdict{Conditions: d.Checklist.Conditions(d.Checklist.Level)}, nil)
	view.Tabs, view.Act = dossierTabs(ctx, rec, d), dossierAct(ctx, rec, d)
	view.Acts = append(view.Acts, ui.LinkView{Label: ui.T(ctx, "documents.cell"), Href: dossierGridPath(d.OrgID), Icon: ui.IconPeople})
	var typed *form
	if sent != nil {
		typed, view.Form.Errors = sent.form, ui.ErrorsOf(ctx, sent.err)
	}
	errs := map[string]string{}
	for _, e := range view.Form.Errors {
		errs[e.Name] = e.Text
	}
	for _, l := range d.Lines {
		view.Lines = append(view.Lines, paperRow(ctx, l, d.Checklist.Level, typed, errs))
	}
	view.Letters = s.letterRows(ctx, d, typed, errs)
	view.History = historyRows(ctx, d)
	page := s.pageOf(r, "documents.title").Titled(view.Title + ": " + view.Name).WithErrors(view.Form.Errors).Under(s.personCrumbs(r, &rec)...)
	return render(w, r, status, documents.One(page, view))
}

func documentStates(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, st := range party.DocumentStates {
		out = append(out, ui.Option{Value: string(st), Label: ui.T(ctx, "documents.state."+string(st))})
	}
	return out
}

// dossierTabs lead from one dossier to the other, once there are two.
func dossierTabs(ctx context.Context, rec people.Record, d document.Dossier) []ui.Tab {
	var tabs []ui.Tab
	for _, stage := range party.DossierStages {
		if stage == party.AdmissionDossier || !rec.State.JoinedOn.IsZero() {
			tabs = append(tabs, ui.Tab{Label: ui.T(ctx, "documents.stage."+string(stage)), Href: dossierPath(rec.ID, stage), Current: stage == d.Checklist.Stage})
		}
	}
	return tabs
}

// dossierAct offers to record that the dossier is complete, once it is.
func dossierAct(ctx context.Context, rec people.Record, d document.Dossier) *ui.LinkView {
	if rec.Next != party.DossierComplete || !slices.Contains(rec.Kinds, party.DossierComplete) || !d.Checklist.Complete(party.DueForDossier) {
		return nil
	}
	return &ui.LinkView{Label: ui.T(ctx, "documents.record"), Href: stepPath(rec.ID, party.DossierComplete), Icon: ui.IconCheck}
}

// paperRow gives a paper as it is kept, or as it was typed.
func paperRow(ctx context.Context, l document.Line, level party.DocumentLevel, typed *form, errs map[string]string) documents.LineRow {
	kind := string(l.Form.Kind)
	row := documents.LineRow{Kind: kind, Code: l.Form.Code, Title: l.Form.Title, Version: l.Version(), State: string(l.State), Number: l.Number,
		Dated: typedDate(l.Dated), Issuer: l.Issuer, Kept: l.Kept, Reason: l.Reason, Errors: errs, Tag: paperTag(ctx, l.ChecklistLine, level)}
	switch {
	case l.Redo.ID != "":
		row.Note = ui.T(ctx, "documents.redo", "From", l.RedoFrom)
	case l.FromStep != "":
		row.Note = ui.T(ctx, "documents.from_step", "Kind", stepName(ctx, l.FromStep), "On", l.Dated)
	case l.Register:
		row.Note = ui.T(ctx, "documents.from_register", "Number", l.Number, "On", l.Dated)
	case l.Released != "":
		row.Note = ui.T(ctx, "documents.released."+string(l.Released))
	}
	if typed != nil {
		at := func(name string) string { return typed.typed(document.FieldOf(name, l.Form.Kind)) }
		row.State, row.Number, row.Dated, row.Issuer, row.Kept, row.Reason = at("state"), at("number"), at("dated"), at("issuer"), at("kept"), at("reason")
	}
	return row
}

// paperTag tells how a paper stands; one that is not due yet is no reproach.
func paperTag(ctx context.Context, l party.ChecklistLine, level party.DocumentLevel) ui.TagView {
	switch {
	case l.Redo.ID != "":
		return ui.TagView{Tone: ui.Warn, Text: ui.T(ctx, "documents.served")}
	case !l.Applies():
		return ui.TagView{Tone: ui.Info, Text: ui.T(ctx, "documents.state.not_applicable")}
	case l.State == party.DocumentPresent:
		return ui.TagView{Tone: ui.Good, Text: ui.T(ctx, "documents.state.present")}
	case !l.Form.DueBy(level):
		return ui.TagView{Tone: ui.Info, Text: ui.T(ctx, "documents.later")}
	case l.State == party.DocumentAbsent:
		return ui.TagView{Tone: ui.Bad, Text: ui.T(ctx, "documents.state.absent")}
	}
	return ui.TagView{Tone: ui.Warn, Text: ui.T(ctx, "documents.unsaid")}
}

// letterRows gives the letters, and room for new ones.
func (s *site) letterRows(ctx context.Context, d document.Dossier, typed *form, errs map[string]string) []documents.LetterRow {
	var rows []documents.LetterRow
	for _, l := range d.Letters {
		tag := s.letterTag(ctx, l)
		row := documents.LetterRow{ID: strconv.FormatInt(l.ID, 10), Version: l.Version, Of: ui.T(ctx, "documents.letter_at", "Number", len(rows)+1),
			To: l.To, Sent: typedDate(l.SentOn), Answered: typedDate(l.AnsweredOn), Tag: &tag}
		if l.Withdrawn {
			row.Withdrawn = "1"
		}
		rows = append(rows, row)
	}
	if d.MayEdit {
		for range newLetters {
			rows = append(rows, documents.LetterRow{Of: ui.T(ctx, "documents.letter_new")})
		}
	}
	for i := range rows {
		row := &rows[i]
		row.At, row.Errors = strconv.Itoa(i), errs
		if typed != nil && typed.typed(document.LetterField("id", i)) == row.ID {
			at := func(name string) string { return typed.typed(document.LetterField(name, i)) }
			row.To, row.Sent, row.Answered, row.Withdrawn = at("to"), at("sent"), at("answered"), at("withdrawn")
		}
	}
	return rows
}

func (s *site) letterTag(ctx context.Context, l document.LetterLine) ui.TagView {
	switch {
	case l.Withdrawn:
		return ui.TagView{Tone: ui.Info, Text: ui.T(ctx, "documents.letter_given_up")}
	case !l.Waits():
		return ui.TagView{Tone: ui.Good, Text: ui.T(ctx, "documents.letter_done")}
	case l.Due.IsZero():
		return ui.TagView{Tone: ui.Info, Text: ui.T(ctx, "documents.letter_waits")}
	case l.Due.Before(s.Today()):
		return ui.TagView{Tone: ui.Warn, Text: ui.T(ctx, "documents.letter_late", "Due", l.Due)}
	}
	return ui.TagView{Tone: ui.Info, Text: ui.T(ctx, "documents.letter_waiting", "Due", l.Due)}
}

// mostVersions bounds the history that a page shows.
const mostVersions = 100

// historyRows gives what was said of the papers, the newest first.
func historyRows(ctx context.Context, d document.Dossier) []documents.VersionRow {
	type version struct {
		code string
		document.Entered
	}
	var list []version
	for _, l := range d.Lines {
		for _, e := range l.Versions {
			list = append(list, version{l.Form.Code, e})
		}
	}
	slices.SortStableFunc(list, func(a, b version) int { return b.At.Compare(a.At) })
	var rows []documents.VersionRow
	for _, e := range list[:min(len(list), mostVersions)] {
		rows = append(rows, documents.VersionRow{Code: e.code, Said: documentText(ctx, e.Document), By: ui.T(ctx, "documents.by_at", "By", e.By, "At", ui.Moment(ctx, e.At))})
	}
	return rows
}

// documentText writes what was said of a paper in one line.
func documentText(ctx context.Context, d party.Document) string {
	key := "documents.unsaid"
	if d.State != party.DocumentUnsaid {
		key = "documents.state." + string(d.State)
	}
	parts := []string{ui.T(ctx, key)}
	if d.Number != "" {
		parts = append(parts, ui.T(ctx, "documents.number_of", "Number", d.Number))
	}
	if !d.Dated.IsZero() {
		parts = append(parts, ui.T(ctx, "documents.dated_of", "Date", d.Dated))
	}
	if d.Kept != "" {
		parts = append(parts, ui.T(ctx, "documents.kept_of", "Kept", d.Kept))
	}
	for _, text := range []string{d.Issuer, d.Reason} {
		if text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ", ")
}
