package apptest

import (
	"ketnap/internal/party"
	"ketnap/internal/people"
)

// Fields gives somebody of a cell who was 18 in 2024, to be changed as a test needs.
func (h *House) Fields(code, name string) people.Fields {
	return people.Fields{OrgID: h.Org(code), Category: party.Student, FullName: name, Sex: "female",
		BirthDate: party.MustDate("2006-02-10"), Education: party.UpperSecondary, ClassName: "K12",
		UnionJoinedOn: party.MustDate("2021-03-26")}
}

// Way is a legal way from the introduction to recognition, for somebody of Fields; each step by its
// kind and day. The class is ClassID.
func (h *House) Way(code string) []people.NewStep {
	d := party.MustDate
	paper := func(number string) []party.Paper { return []party.Paper{{Number: number}} }
	vote := party.Vote{Official: 9, Present: 9, InFavour: 9}
	steps := []people.NewStep{
		{Kind: party.Introduced, On: d("2025-09-10"), Facts: party.IntroductionFacts{Union: "Đoàn trường"}, Papers: paper("1-NQ/ĐTN")},
		{Kind: party.Planned, On: d("2025-09-25"), Facts: party.PlanningFacts{}, Papers: paper("2-NQ/CB")},
		{Kind: party.MentorAssigned, On: d("2025-09-25"), Facts: party.MentorFacts{Name: "Trần Văn Giúp"}},
		{Kind: party.ClassResult, On: d("2026-03-15"), Facts: party.ClassResultFacts{ClassID: h.ClassID, Passed: true, Grade: "Giỏi"},
			Papers: []party.Paper{{Number: "001/GCN", Date: d("2026-03-20")}}},
		{Kind: party.DossierComplete, On: d("2026-05-05"), Facts: party.DossierFacts{AppliedOn: d("2026-03-25"), LifeHistoryOn: d("2026-04-01"), VerifiedOn: d("2026-04-28")}},
		{Kind: party.CellResolution, On: d("2026-05-15"), Facts: party.CellVoteFacts{Vote: vote, Adopted: true, Introducers: []party.Introducer{
			{Kind: party.ByMember, Name: "Trần Văn Giúp", Since: d("2024-09-05")}, {Kind: party.ByYouthUnion, Name: "Đoàn trường"}}}, Papers: paper("3-NQ/CB")},
		{Kind: party.Endorsed, On: d("2026-05-28"), Facts: party.EndorsementFacts{Members: 15, InFavour: 14}, Papers: paper("4-NQ/ĐU")},
		{Kind: party.Decided, On: d("2026-06-10"), Facts: party.DecisionFacts{Decider: "upper_standing_committee", ReceivedOn: d("2026-06-12")}, Papers: paper("5-QĐ/ĐU")},
		{Kind: party.Ceremony, On: d("2026-06-19"), Facts: party.CeremonyFacts{Place: "Hội trường"}},
	}
	if code == "CHUYEN" {
		for i, s := range steps {
			if s.Kind == party.Endorsed {
				return append(steps[:i:i], steps[i+1:]...)
			}
		}
	}
	return steps
}

// Enter registers somebody whose way has come to a kind of step, up to the ceremony on 2026-06-19;
// "" is somebody without any step. It gives the number.
func (h *House) Enter(f people.Fields, upTo party.StepKind) int64 {
	h.t.Helper()
	history := people.History{Fields: f}
	if upTo != "" {
		for _, s := range h.Way(h.codeOf(f.OrgID)) {
			history.Steps = append(history.Steps, s)
			if s.Kind == upTo {
				break
			}
		}
	}
	ids, err := h.People.EnterHistories(h.t.Context(), h.Viewer("vanphong"), []people.History{history})
	if v, refused := people.Refusal(err); refused {
		h.t.Fatalf("%s on %s: %v", v.Kind, v.On, v.Refusals())
	}
	h.must(err)
	return ids[0]
}

func (h *House) codeOf(org int32) string {
	for code, id := range h.orgs {
		if id == org {
			return code
		}
	}
	return ""
}
