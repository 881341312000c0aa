package decision_test

import (
	"testing"

	"github.com/google/uuid"

	"ketnap/internal/apptest"
	"ketnap/internal/decision"
	"ketnap/internal/document"
	"ketnap/internal/party"
	"ketnap/internal/people"
)

// formerMember enters somebody who was a member until 2019 and has come to the committee's decision again.
func formerMember(t *testing.T, h *apptest.House, name string) int64 {
	t.Helper()
	d, f := party.MustDate, h.Fields("LTT", name)
	f.BirthDate = d("1996-02-10")
	f.UnionJoinedOn = d("2011-03-26")
	enough := party.Ballot{Members: 9, InFavour: 9}
	history := people.History{Fields: f, Steps: []people.NewStep{
		{Kind: party.Received, On: d("2018-09-03"), Facts: party.ReceivedFacts{DecidedOn: d("2018-05-09"), JoinedOn: d("2018-05-19")}},
		{Kind: party.Left, On: d("2019-03-15"), Facts: party.LeftFacts{Way: party.WayRemoved, Ground: party.RemoveProbationary,
			Cell: party.Vote{Official: 9, Present: 9, InFavour: 9}, Base: enough, Decision: enough, Decider: party.DeciderUpperStandingCommittee}}}}
	for _, step := range h.Way("LTT") {
		if history.Steps = append(history.Steps, step); step.Kind == party.Endorsed {
			break
		}
	}
	ids, err := h.People.EnterHistories(t.Context(), h.Viewer("vanphong"), []people.History{history})
	if v, refused := people.Refusal(err); refused {
		t.Fatalf("%s: %v", v.Kind, v.Refusals())
	}
	if err != nil {
		t.Fatal(err)
	}
	return ids[0]
}

// consent gives what the decision's gate answers about the consent of the province.
func consent(t *testing.T, h *apptest.House, id int64) party.Condition {
	t.Helper()
	v, err := h.People.Ask(t.Context(), h.Viewer("vanphong"), id, party.Step{Kind: party.Decided, On: party.MustDate("2026-06-10"), OrgID: h.Org("LTT"), Facts: party.DecisionFacts{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range v.Conditions {
		if c.Rule.ID == party.ReadmitConsent {
			return c
		}
	}
	t.Fatal("the consent is not asked for")
	return party.Condition{}
}

// The consent is a paper of the dossier that the gate names; the register tells and counts who is admitted
// again, in a decision for him alone and in one for several.
func TestAReAdmissionIsToldInTheRegister(t *testing.T) {
	t.Parallel()
	h := apptest.New(t)
	alone, among, first := formerMember(t, h, "Nguyễn Thị Ánh"), formerMember(t, h, "Trần Văn Bình"), h.Enter(h.Fields("LTT", "Lê Thị Chi"), party.Endorsed)
	if c := consent(t, h, alone); c.Outcome != party.NotKnown {
		t.Errorf("nothing was entered: %+v", c)
	}
	_, err := h.Documents.Save(t.Context(), h.Viewer("bithu.ltt"), document.Change{Key: uuid.NewString(), PersonID: alone, Stage: party.AdmissionDossier,
		Lines: []document.LineChange{{Kind: party.DocReadmitConsent, Document: party.Document{State: party.DocumentPresent, Number: "118-CV/TU", Dated: party.MustDate("2026-06-01"),
			Issuer: "Ban Thường vụ Tỉnh ủy"}}}})
	if err != nil {
		t.Fatal(err)
	}
	if c := consent(t, h, alone); c.Outcome != party.Met || c.Args[1] != "118-CV/TU" {
		t.Errorf("%+v", c)
	}
	_, err = h.Documents.Save(t.Context(), h.Viewer("bithu.ltt"), document.Change{Key: uuid.NewString(), PersonID: first, Stage: party.AdmissionDossier,
		Lines: []document.LineChange{{Kind: party.DocReadmitConsent, Document: party.Document{State: party.DocumentPresent}}}})
	if err == nil {
		t.Error("a consent to the re-admission of who never was a member")
	}
	again := map[int64]int{}
	for _, ids := range [][]int64{{alone}, {among, first}} {
		done, err := h.Decisions.Issue(t.Context(), h.Viewer("vanphong"), decision.Issue{Key: uuid.NewString(), People: ids, Fields: decision.Fields{OrgID: h.Org("K"),
			Kind: decision.Admission, IssuedOn: party.MustDate("2026-06-10"), Suffix: "-QĐ/ĐU", Decider: party.DeciderUpperStandingCommittee}})
		if err != nil {
			t.Fatal(err)
		}
		d, err := h.Decisions.Get(t.Context(), h.Viewer("vanphong"), done.ID)
		if err != nil || d.Again() != 1 {
			t.Errorf("%d of %d admitted again, %v", d.Again(), len(d.Named), err)
		}
		again[done.ID] = len(ids)
	}
	list, err := h.Decisions.List(t.Context(), h.Viewer("vanphong"), decision.Query{Kind: decision.Admission})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list.Entries {
		if e.Again != 1 || e.People != again[e.ID] {
			t.Errorf("%+v", e)
		}
	}
}
