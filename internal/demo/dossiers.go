package demo

import (
	"context"
	"fmt"

	"ketnap/internal/document"
	"ketnap/internal/party"
	"ketnap/internal/submission"
)

// fillDossiers ticks the papers of those who are on the way now, with letters of verification that were
// answered, wait or are late, and lets dossiers lie at every level in every state.
func (f *filler) fillDossiers(ctx context.Context) error {
	turn := 0 // of those who wait for the endorsement, so that every state occurs
	for _, u := range root.all() {
		if u.weight == 0 {
			continue
		}
		for _, stage := range party.DossierStages {
			if err := f.fillCellDossiers(ctx, document.GridQuery{OrgID: f.orgs[u.code], Stage: stage}, &turn); err != nil {
				return fmt.Errorf("dossiers of %s: %w", u.code, explained(err))
			}
		}
	}
	return nil
}

func (f *filler) fillCellDossiers(ctx context.Context, q document.GridQuery, turn *int) error {
	for {
		grid, err := f.s.Documents.Grid(ctx, f.viewer, q)
		if err != nil {
			return err
		}
		for i, row := range grid.Rows {
			if err := f.tick(ctx, row, i); err != nil {
				return err
			}
			if err := f.handUp(ctx, row, turn); err != nil {
				return err
			}
		}
		if q.After = grid.Next; q.After == 0 {
			return nil
		}
	}
}

// places are where letters of verification go; all of them invented.
var places = []string{"Đảng ủy xã Hòa Bình", "Đảng ủy xã Tân Hiệp Nam", "Đảng ủy phường Vĩnh Lạc Đông", "Đảng ủy xã An Minh Tây"}

// tick enters what of somebody's papers lies with the cell, the more the further he has come.
func (f *filler) tick(ctx context.Context, row document.GridRow, i int) error {
	st, from := row.State(), row.State().Since
	in := document.Change{Key: mark("dossier "+string(row.Checklist.Stage), row.ID), PersonID: row.ID, Stage: row.Checklist.Stage}
	whole := st.Resolution != nil || st.Dossier != nil
	if in.Stage == party.RecognitionDossier {
		whole, from = st.RecognitionVote != nil, minDate(until, st.ProbationEndsOn)
	}
	for at, line := range row.Lines {
		if line.FromStep != "" || line.Register || line.Released != "" || line.Form.Level != party.DueForDossier {
			continue
		}
		change := document.LineChange{Kind: line.Form.Kind, Document: party.Document{State: party.DocumentPresent, Dated: from.AddDays(-20 + at), Kept: "Tủ hồ sơ chi bộ"}}
		switch {
		case whole && (i%5 != 3 || line.Form.Kind != party.DocOpinions), !whole && at <= i%4:
		case at == 2+i%4:
			change.Document = party.Document{State: party.DocumentAbsent}
		default:
			continue
		}
		in.Lines = append(in.Lines, change)
	}
	if st.Class != nil && in.Stage == party.AdmissionDossier {
		letter := party.Letter{To: places[i%len(places)], SentOn: until.AddDays(-20 - 7*(i%12))}
		if whole {
			letter.SentOn = from.AddDays(-45)
		}
		if whole || i%3 == 1 {
			letter.AnsweredOn = letter.SentOn.AddDays(16)
		}
		in.Letters = append(in.Letters, document.LetterChange{Letter: letter})
	}
	if _, err := f.s.Documents.Save(ctx, f.viewer, in); err != nil {
		return fmt.Errorf("papers of person %d: %w", row.ID, err)
	}
	return nil
}

// handUp hands somebody's dossier in some days after the cell has resolved, and lets it come as far as
// his steps and his turn say.
func (f *filler) handUp(ctx context.Context, row document.GridRow, turn *int) error {
	st, stage := row.State(), row.Checklist.Stage
	vote, endorsed := st.Resolution, st.Endorsed != nil
	if stage == party.RecognitionDossier {
		vote, endorsed = st.RecognitionVote, false
	}
	if vote == nil || st.Ends(stage) != nil || vote.On.AddDays(4).After(until) {
		return nil
	}
	day := vote.On.AddDays(4)
	_, err := f.s.Submissions.Send(ctx, f.viewer, submission.Sending{Key: mark("handed in", row.ID), CellID: row.OrgID, Kind: stage, People: []int64{row.ID}, On: day})
	if err != nil {
		return fmt.Errorf("dossier of person %d: %w", row.ID, err)
	}
	acts := []party.SubmissionAct{party.AcceptedIt, party.HandedOn, party.AcceptedIt}
	if !endorsed {
		acts = [][]party.SubmissionAct{nil, {party.AcceptedIt}, {party.ReturnedIt}, {party.AcceptedIt, party.HandedOn}}[*turn%4]
		*turn++
	}
	if !row.Place.HasGrassroots { // what the cell hands in lies with who decides
		acts = acts[:min(len(acts), 1)]
	}
	return f.moveDossier(ctx, row.ID, stage, day, acts)
}

// moveDossier makes some acts on somebody's dossier, some days after one another, up to the end of the
// demo's time.
func (f *filler) moveDossier(ctx context.Context, person int64, stage party.DossierStage, day party.Date, acts []party.SubmissionAct) error {
	list, err := f.s.Submissions.OfPerson(ctx, f.viewer, person)
	if err != nil {
		return err
	}
	for _, sub := range list {
		if sub.Kind != stage {
			continue
		}
		item := submission.Item{ID: sub.ID}
		for i, act := range acts {
			on, key := day.AddDays(3*i+3), mark(fmt.Sprintf("%s %d", act, i), sub.ID)
			if on.After(until) {
				return nil
			}
			if act == party.ReturnedIt {
				err = f.s.Submissions.Return(ctx, f.viewer, submission.Return{Key: key, Item: item, On: on, Words: "Bổ sung rồi trình lại.",
					Missing: returnedPapers[stage]})
			} else {
				_, err = f.s.Submissions.Act(ctx, f.viewer, submission.Acting{Key: key, Act: act, Items: []submission.Item{item}, On: on})
			}
			if err != nil {
				return fmt.Errorf("%s, dossier of person %d: %w", act, person, err)
			}
		}
	}
	return nil
}

// returnedPapers are the two papers for which a dossier comes back.
var returnedPapers = map[party.DossierStage][]party.DocumentKind{
	party.AdmissionDossier:   {party.DocIntroducer, party.DocOpinions},
	party.RecognitionDossier: {party.DocSelfReview, party.DocMentorRemarks},
}
