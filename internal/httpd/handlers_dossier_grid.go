package httpd

import (
	"context"
	"net/http"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/document"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/web/documents"
	"ketnap/web/ui"
)

// showDossierGrid shows who of a cell lacks what.
func (s *site) showDossierGrid(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	orgID, err := pathOrganisation(r, "id")
	if err != nil {
		return err
	}
	q := document.GridQuery{OrgID: orgID, Stage: queryStage(r), Lacking: queryText(r, "lacking") != "", After: queryID(r, "after")}
	if q.Stage == "" {
		q.Stage = party.AdmissionDossier
	}
	grid, err := s.Documents.Grid(ctx, viewerOf(r), q)
	if err != nil {
		return err
	}
	here := dossierGridAddress(r, q)
	view := documents.GridView{Org: grid.Org.Name, Unknown: queryOnly(r, "stage", "lacking", "after"), Action: dossierGridPath(orgID), Stage: string(q.Stage),
		Lacking: q.Lacking, Found: ui.T(ctx, "documents.grid.found", "Count", len(grid.Rows)), Empty: emptyGrid(ctx, q)}
	for _, stage := range party.DossierStages {
		view.Stages = append(view.Stages, ui.Option{Value: string(stage), Label: ui.T(ctx, "documents.stage."+string(stage))})
	}
	for _, f := range grid.Forms {
		view.Heads = append(view.Heads, documents.Head{Code: f.Code, Title: f.Title})
	}
	for _, row := range grid.Rows {
		view.Rows = append(view.Rows, dossierGridRow(ctx, row, grid.Forms))
	}
	if q.After != 0 {
		view.Pager.First = here
	}
	if grid.Next != 0 {
		view.Pager.Next = withQuery(here, "after", strconv.FormatInt(grid.Next, 10))
	}
	page := s.pageOf(r, "documents.grid.title").Under(ui.Crumb{Label: ui.T(ctx, "organisations.title"), Href: "/organisations"},
		ui.Crumb{Label: grid.Org.Name, Href: organisationPath(orgID)})
	return render(w, r, http.StatusOK, documents.Grid(page, view))
}

func dossierGridAddress(r *http.Request, q document.GridQuery) string {
	return address(dossierGridPath(q.OrgID), "stage", string(queryStage(r)), "lacking", queryText(r, "lacking"))
}

func emptyGrid(ctx context.Context, q document.GridQuery) ui.EmptyView {
	if q.Lacking {
		return ui.EmptyView{Title: ui.T(ctx, "documents.grid.all_whole"), Text: ui.T(ctx, "documents.grid.all_whole_text")}
	}
	return ui.EmptyView{Title: ui.T(ctx, "documents.grid.empty"), Text: ui.T(ctx, "documents.grid.empty_text")}
}

func dossierGridRow(ctx context.Context, row document.GridRow, forms []party.DocumentForm) documents.GridRow {
	have, asked := row.Count()
	out := documents.GridRow{Name: row.FullName, Href: dossierPath(row.ID, row.Checklist.Stage), Class: row.ClassName,
		Tag: ui.TagView{Tone: ui.Warn, Text: ui.T(ctx, "documents.grid.of", "Have", have, "Asked", asked)}}
	if row.Complete(row.Level) && len(row.ToRedo()) == 0 {
		out.Tag.Tone = ui.Good
	}
	lines := map[party.DocumentKind]party.ChecklistLine{}
	for _, l := range row.Lines {
		lines[l.Form.Kind] = l
	}
	for _, f := range forms {
		l, asked := lines[f.Kind]
		if !asked {
			l.State = party.DocumentNotApplicable // of those who were members before
		}
		out.Marks = append(out.Marks, paperMark(ctx, l, row.Level))
	}
	return out
}

// paperMark gives a paper as a mark.
func paperMark(ctx context.Context, l party.ChecklistLine, level party.DocumentLevel) documents.Mark {
	word := paperTag(ctx, l, level).Text
	switch {
	case l.Redo.ID != "":
		return documents.Mark{Icon: ui.IconWarn, Tone: "warn", Word: word}
	case !l.Applies():
		return documents.Mark{Icon: ui.IconSkip, Tone: "muted", Word: word}
	case l.State == party.DocumentPresent:
		return documents.Mark{Icon: ui.IconCheck, Tone: "good", Word: word}
	case !l.Form.DueBy(level):
		return documents.Mark{Icon: ui.IconClock, Tone: "muted", Word: word}
	case l.State == party.DocumentAbsent:
		return documents.Mark{Icon: ui.IconCross, Tone: "bad", Word: word}
	}
	return documents.Mark{Icon: ui.IconQuestion, Tone: "warn", Word: word}
}

// dossierSection gives what the page of a person tells of his dossier, where the viewer may see it. Who
// awaits the complete dossier is told what is missing with what his next step asks for.
func (s *site) dossierSection(r *http.Request, rec *people.Record) (*documents.SectionView, error) {
	ctx, v := r.Context(), viewerOf(r)
	if !v.MayIn(access.DossiersRead, rec.Path) || rec.State.Planned == nil && rec.State.JoinedOn.IsZero() {
		return nil, nil
	}
	d, err := s.Documents.Of(ctx, v, rec.ID, "")
	if err != nil {
		return nil, err
	}
	if rec.Next == party.DossierComplete {
		rec.Verdict.Conditions = append(rec.Verdict.Conditions, d.Checklist.Conditions(party.DueForDossier)...)
	}
	have, asked := d.Checklist.Count()
	section := documents.SectionView{Count: ui.T(ctx, "documents.open", "Have", have, "Asked", asked), Href: dossierPath(rec.ID, d.Checklist.Stage)}
	section.Lies, err = s.submissionLies(r, rec.ID)
	return &section, err
}

// askChecklist adds to what is asked of a complete dossier the papers that its checklist lacks.
func (s *site) askChecklist(r *http.Request, rec people.Record, v *party.Verdict) error {
	if v.Kind != party.DossierComplete || !viewerOf(r).MayIn(access.DossiersRead, rec.Path) {
		return nil
	}
	d, err := s.Documents.Of(r.Context(), viewerOf(r), rec.ID, party.AdmissionDossier)
	if err != nil {
		return err
	}
	v.Conditions = append(v.Conditions, d.Checklist.Conditions(party.DueForDossier)...)
	return nil
}
