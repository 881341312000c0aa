package demo

import (
	"context"
	"fmt"

	"ketnap/internal/decision"
	"ketnap/internal/document"
	"ketnap/internal/party"
	"ketnap/internal/people"
)

// returning is somebody who was a member before the terms that are counted, and left.
type returning struct {
	name, sex, cell  string
	born, joined     string
	left             string
	admittedOn       string // again; empty while the months of waiting run
	number           string // of the student
	decision, letter string // by which he left, and the consent to his re-admission
}

// returnings have one who was admitted again, and one who waits for the 36 months.
var returnings = []returning{
	{name: "Vũ Đình Trọng", sex: "male", cell: "SVKT", born: "1998-04-12", joined: "2017-05-19", left: "2020-03-16", admittedOn: "2026-06-10", number: "TH990001",
		decision: "31-QĐ/ĐU", letter: "118-CV/TU"},
	{name: "Đặng Thị Chung", sex: "female", cell: "SVKT", born: "1999-01-25", joined: "2018-05-19", left: "2024-05-20", number: "TH990002", decision: "47-QĐ/ĐU"},
}

// fillReadmissions enters who was a member before: what happened long ago as a history, the re-admission
// through the dossier and the register.
func (f *filler) fillReadmissions(ctx context.Context) error {
	for _, r := range returnings {
		if err := f.comeBack(ctx, r); err != nil {
			return fmt.Errorf("re-admission of %s: %w", r.name, explained(err))
		}
	}
	return nil
}

func (f *filler) comeBack(ctx context.Context, r returning) error {
	list, err := f.s.People.List(ctx, f.viewer, people.Query{Search: r.number, Limit: 1})
	if err != nil {
		return err
	}
	var id int64
	if len(list.Rows) > 0 {
		id = list.Rows[0].ID
	} else {
		ids, err := f.s.People.EnterHistories(ctx, f.viewer, []people.History{f.formerMember(r)})
		if err != nil {
			return err
		}
		id = ids[0]
	}
	if r.admittedOn == "" {
		return nil
	}
	return f.admitAgain(ctx, id, r)
}

// formerMember gives the membership that ended and, of who comes back, the way until the proposal.
func (f *filler) formerMember(r returning) people.History {
	joined, left := party.MustDate(r.joined), party.MustDate(r.left)
	born := party.MustDate(r.born)
	h := people.History{Fields: people.Fields{OrgID: f.orgs[r.cell], Category: party.Student, FullName: r.name, Sex: r.sex, BirthDate: born,
		Education: party.UpperSecondary, StudentNo: r.number, UnionJoinedOn: born.AddYears(15).AddDays(60)}}
	add := func(on party.Date, facts party.Facts, number string) {
		step := people.NewStep{Kind: facts.Kind(), On: on, Facts: facts}
		if number != "" {
			step.Papers = []party.Paper{{Number: number, Date: on}}
		}
		h.Steps = append(h.Steps, step)
	}
	enough := party.Ballot{Members: 13, InFavour: 12}
	add(joined.AddDays(200), party.ReceivedFacts{DecidedOn: joined.AddDays(-9), JoinedOn: joined}, "")
	add(left, party.LeftFacts{Way: party.WayRemoved, Ground: party.RemoveProbationary, Cell: party.Vote{Official: 12, Present: 11, InFavour: 10},
		Base: enough, Decision: enough, Decider: party.DeciderUpperStandingCommittee}, r.decision)
	if r.admittedOn == "" {
		return h
	}
	again := party.MustDate(r.admittedOn)
	add(again.AddDays(-270), party.IntroductionFacts{Union: "Đoàn trường"}, "12-NQ/ĐTN")
	add(again.AddDays(-255), party.PlanningFacts{}, "")
	add(again.AddDays(-255), party.MentorFacts{Name: "Trần Văn Giúp"}, "")
	add(again.AddDays(-120), party.ClassResultFacts{Passed: true}, "88/GCN")
	add(again.AddDays(-60), party.DossierFacts{AppliedOn: again.AddDays(-110), LifeHistoryOn: again.AddDays(-100), VerifiedOn: again.AddDays(-65)}, "")
	add(again.AddDays(-40), party.CellVoteFacts{Vote: party.Vote{Official: 12, Present: 12, InFavour: 11}, Adopted: true, Introducers: []party.Introducer{
		{Kind: party.ByMember, Name: "Trần Văn Giúp", Since: again.AddYears(-2)}, {Kind: party.ByYouthUnion, Name: "Đoàn trường"}}}, "9-NQ/CB")
	add(again.AddDays(-20), party.EndorsementFacts{Members: 13, InFavour: 12}, "21-NQ/ĐU")
	return h
}

// admitAgain enters the consent, issues the decision and holds the ceremony.
func (f *filler) admitAgain(ctx context.Context, id int64, r returning) error {
	on := party.MustDate(r.admittedOn)
	there := func(kind party.DocumentKind, number, issuer string, dated party.Date) document.LineChange {
		return document.LineChange{Kind: kind, Document: party.Document{State: party.DocumentPresent, Number: number, Issuer: issuer, Dated: dated}}
	}
	_, err := f.s.Documents.Save(ctx, f.viewer, document.Change{Key: mark("consent", id), PersonID: id, Stage: party.AdmissionDossier, Lines: []document.LineChange{
		there(party.DocReadmitApplication, "", "", on.AddDays(-110)), there(party.DocReadmitConsent, r.letter, "Ban Thường vụ Tỉnh ủy", on.AddDays(-10))}})
	if err != nil {
		return err
	}
	_, err = f.s.Decisions.Issue(ctx, f.viewer, decision.Issue{Key: mark("re-admission", id), People: []int64{id}, Fields: decision.Fields{OrgID: f.orgs[root.code],
		Kind: decision.Admission, IssuedOn: on, Decider: party.DeciderUpperStandingCommittee, ReceivedOn: on.AddDays(2), Suffix: "-QĐ/ĐU", Signer: "Trần Văn Lãnh Đạo"}})
	if err != nil {
		return err
	}
	_, err = f.s.People.RecordAll(ctx, f.viewer, people.Batch{Key: mark("ceremony again", id), Steps: []people.NewStep{{PersonID: id, Kind: party.Ceremony,
		On: on.AddDays(9), Facts: party.CeremonyFacts{Place: "Hội trường"}}}})
	return err
}
