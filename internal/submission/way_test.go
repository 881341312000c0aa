package submission_test

import (
	"slices"
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/departure"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/submission"
)

// Where a sectional committee stands, the dossier passes it, and who works at the grassroots committee
// answers for both.
func TestADossierPassesTheSectionalCommittee(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	found := func(code string, kind party.OrgKind, school party.SchoolType, parent int32) int32 {
		return h.Found(organisation.Details{Name: "Đơn vị " + code, Code: code, Kind: kind, School: school, ParentID: parent, From: party.MustDate("2012-01-01")})
	}
	section := found("BP", party.SectionalCommittee, party.SchoolNone, h.Org("GD"))
	cell := found("BPA", party.Cell, party.SchoolUpperSecondary, section)
	fields := h.Fields("LTT", "Nguyễn Thị Ánh")
	fields.OrgID = cell
	id := h.Enter(fields, party.CellResolution)
	must[submission.Result](t)(h.Submissions.Send(t.Context(), h.Viewer("coso.gd"), submission.Sending{CellID: cell, Kind: party.AdmissionDossier, People: []int64{id}}))
	for _, at := range []int32{section, h.Org("GD"), h.Org("K")} {
		sub := of(t, h, id)
		if sub.At != at {
			t.Fatalf("it lies at %d, want %d", sub.At, at)
		}
		if at == h.Org("K") {
			break
		}
		levels := must[[]int32](t)(h.Submissions.Levels(t.Context(), h.Viewer("coso.gd")))
		if !slices.Contains(levels, at) {
			t.Errorf("%d is no level of %v", at, levels)
		}
		must[submission.Result](t)(act(t, h, "coso.gd", party.HandedOn, id))
	}
	d, err := h.Documents.Of(t.Context(), h.Viewer("vanphong"), id, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range d.Lines {
		if l.Form.Kind == party.DocSectionalReport && !l.Lacks() {
			t.Errorf("7-KNĐ is not asked for below a sectional committee: %+v", l)
		}
	}
}

// A probationary member's dossier goes the same way and ends with the recognition.
func TestARecognitionDossierEndsWithTheRecognition(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := h.Enter(h.Fields("LTT", "Nguyễn Thị Ánh"), party.Ceremony)
	h.SetToday(party.MustDate("2027-07-20"))
	record := func(username string, kind party.StepKind, on string, facts party.Facts) {
		t.Helper()
		rec, err := h.People.Open(t.Context(), h.Viewer(username), id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.People.Record(t.Context(), h.Viewer(username), people.NewStep{PersonID: id, Version: rec.Version, Kind: kind, On: party.MustDate(on), Facts: facts}); err != nil {
			v, _ := people.Refusal(err)
			t.Fatal(err, v.Refusals())
		}
	}
	record("bithu.ltt", party.RecognitionResolution, "2027-06-25", party.RecognitionVoteFacts{Vote: party.Vote{Official: 9, Present: 9, InFavour: 9}, Adopted: true})
	if ready, _, err := h.Submissions.Sendable(t.Context(), h.Viewer("bithu.ltt"), h.Org("LTT"), party.RecognitionDossier); err != nil || len(ready) != 1 || !ready[0].Verdict.Passes() {
		t.Fatalf("may be handed in: %+v, %v", ready, err)
	}
	must[submission.Result](t)(h.Submissions.Send(t.Context(), h.Viewer("bithu.ltt"), submission.Sending{CellID: h.Org("LTT"), Kind: party.RecognitionDossier, People: []int64{id}}))
	stands(t, h, id, "GD", party.SubmissionWaiting)
	record("vanphong", party.RecognitionDecision, "2027-07-10", party.RecognitionDecisionFacts{})
	stands(t, h, id, "GD", party.SubmissionDecided)
}

// Who is no member any more has no dossier on its way, and what was decided before stays decided.
func TestWhoIsNoMemberAnyMoreHasNoDossierOnItsWay(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	id := proposed(h, "LTT", "Ánh")[0]
	must[submission.Result](t)(send(t, h, "bithu.ltt", "LTT", id))
	v := h.Viewer("vanphong")
	for _, s := range h.Way("LTT")[6:] {
		s.PersonID = id
		if _, err := h.People.RecordAll(t.Context(), v, people.Batch{Steps: []people.NewStep{s}}); err != nil {
			t.Fatal(err)
		}
	}
	h.SetToday(party.MustDate("2027-07-20"))
	vote := people.NewStep{PersonID: id, Kind: party.RecognitionResolution, On: party.MustDate("2027-06-25"),
		Facts: party.RecognitionVoteFacts{Vote: party.Vote{Official: 9, Present: 9, InFavour: 9}, Adopted: true}}
	if _, err := h.People.RecordAll(t.Context(), v, people.Batch{Steps: []people.NewStep{vote}}); err != nil {
		t.Fatal(err)
	}
	must[submission.Result](t)(h.Submissions.Send(t.Context(), h.Viewer("bithu.ltt"), submission.Sending{CellID: h.Org("LTT"), Kind: party.RecognitionDossier, People: []int64{id}}))
	died := must[int64](t)(h.Departures.Open(t.Context(), v, departure.Opening{PersonID: id, Way: party.WayDied, Reason: "Tai nạn", On: party.MustDate("2027-07-01")}))
	if err := h.Departures.Act(t.Context(), v, departure.Acting{ID: died, Version: 1, What: party.CaseDecided, On: party.MustDate("2027-07-01")}); err != nil {
		t.Fatal(err)
	}
	list := must[[]submission.Submission](t)(h.Submissions.OfPerson(t.Context(), v, id))
	for i, want := range []party.SubmissionState{party.SubmissionDecided, party.SubmissionDropped} {
		if len(list) != 2 || list[i].State != want {
			t.Fatalf("dossiers of who died: %+v", list)
		}
	}
	stands(t, h, id, "GD", party.SubmissionDecided)
}
