package people

import (
	"encoding/json"
	"reflect"
	"testing"

	"ketnap/internal/party"
)

func TestFactsOfEveryKindAreReadBackAsTheyWereStored(t *testing.T) {
	t.Parallel()
	day := party.MustDate("2024-09-01")
	all := []party.Facts{
		party.IntroductionFacts{Union: "Đoàn trường"}, party.PlanningFacts{}, party.MentorFacts{MentorID: 3, Name: "Lê Văn Tám", Instead: "Võ Thị Sáu", Reason: "Nghỉ hưu"},
		party.RemarkFacts{Mentor: "Lê Văn Tám", Progress: party.GoodProgress, Note: "Chăm"},
		party.ClassResultFacts{ClassID: 7, Passed: true, Grade: "Giỏi"},
		party.DossierFacts{AppliedOn: day, LifeHistoryOn: day.AddDays(1), VerifiedOn: day.AddDays(2)},
		party.CellVoteFacts{Adopted: true, Vote: party.Vote{Official: 29, Away: 1, ExemptAbsent: 1, Present: 25, InFavour: 24},
			Introducers: []party.Introducer{{Kind: party.ByMember, Name: "Lê Văn Tám", Since: day}, {Kind: party.ByYouthUnion, Name: "Đoàn"}}},
		party.EndorsementFacts{Members: 15, InFavour: 14}, party.ExtensionFacts{Days: 20, Reason: "x"},
		party.DecisionFacts{Decider: party.DeciderStandingCommittee, ReceivedOn: day},
		party.CeremonyFacts{Place: "Hội trường", Occasion: party.PartyDay, ReceivedOn: day}, party.RecognitionVoteFacts{Adopted: true, Vote: party.Vote{Official: 5, Present: 5, InFavour: 5}},
		party.RecognitionDecisionFacts{Decider: "x"}, party.DroppedFacts{Reason: "Chuyển trường"},
		party.ReceivedFacts{DecidedOn: day, JoinedOn: day, OfficialOn: day, From: "Đảng bộ xã"},
		party.MovedFacts{From: 4, To: 5, TransferID: 6}, party.MovedOutFacts{To: "Chi bộ Phường 1", TransferID: 8},
		party.LeftFacts{Way: party.WayRemoved, Ground: party.RemoveSilent, Silent: 3, Cell: party.Vote{Official: 9, Present: 9, InFavour: 7}, Base: party.Ballot{Members: 9, InFavour: 8}},
		party.RestoredFacts{Reason: "Khiếu nại đúng", CaseID: 3}, party.RemovalVoteFacts{Vote: party.Vote{Official: 9, Present: 9, InFavour: 5}, CaseID: 3},
		party.OverriddenFacts{For: party.Ceremony, Rules: []party.RuleID{party.AgeMin}, Reason: "x"}, party.VoidedFacts{StepID: 9, Reason: "sai"},
	}
	for _, want := range all {
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := DecodeFacts(want.Kind(), b)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s read back as %+v, %v", want.Kind(), b, got, err)
		}
	}
	if len(all) != len(decoders) {
		t.Errorf("%d kinds tested, %d can be stored", len(all), len(decoders))
	}
}

func FuzzDecodeFacts(f *testing.F) {
	for k := range decoders {
		f.Add(string(k), []byte(`{"adopted":true,"on":"2024-13-01"}`))
	}
	f.Fuzz(func(t *testing.T, kind string, b []byte) {
		facts, err := DecodeFacts(party.StepKind(kind), b)
		if err == nil && facts.Kind() != party.StepKind(kind) {
			t.Errorf("%s read as %s", kind, facts.Kind())
		}
	})
}
