package demo

import (
	"context"
	"fmt"
	"slices"

	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/internal/transfer"
)

// leaver is somebody who goes from one cell to another one, or by letter to a place outside, and how far
// his paper came. The reason tells the papers apart.
type leaver struct {
	from, to, place string
	stage           party.Stage
	until           party.Date // the end of a temporary transfer; zero of one for good
	abroad          bool
	days            int // before the last day of the demo, when the paper was issued
	reason          string
	acts            []party.TransferState
	wrong           string // the destination of a first paper that this one replaces; empty where there was none
}

var (
	showIt    = []party.TransferState{party.TransferPresented}
	acceptIt  = []party.TransferState{party.TransferPresented, party.TransferAccepted}
	backAgain = []party.TransferState{party.TransferPresented, party.TransferAccepted, party.TransferReturned}
)

// leavers have a paper in each state, of candidates and of members, inside and outside.
var leavers = []leaver{
	{from: "NTH", to: "SVKT", stage: party.StageTrained, days: 3, reason: "Trúng tuyển Trường Đại học Tân Hà, ngành kế toán"},
	{from: "AP", to: "SVCN", stage: party.StagePlanned, days: 75, reason: "Trúng tuyển Trường Đại học Tân Hà, nhập học tháng 9"},
	{from: "VT", to: "YTSV", stage: party.StagePlanned, days: 20, reason: "Trúng tuyển Trường Cao đẳng Y tế", acts: showIt},
	{from: "DTNT", to: "SVNN", stage: party.StageTrained, days: 15, reason: "Trúng tuyển Trường Đại học Tân Hà, ngành trồng trọt", acts: acceptIt},
	{from: "AP", to: "CHUYEN", stage: party.StagePlanned, days: 12, reason: "Chuyển trường theo gia đình",
		acts: []party.TransferState{party.TransferPresented, party.TransferRefused}},
	{from: "SPSV", to: "SPMN", stage: party.StagePlanned, days: 10, reason: "Chuyển khoa", acts: []party.TransferState{party.TransferCancelled}},
	{from: "YTSV", place: "Chi bộ Trạm y tế xã Hòa Bình", stage: party.StagePlanned, days: 8, reason: "Thôi học, về làm việc ở quê"},
	{from: "NGSV", place: "Chi bộ Công ty may Tân Hiệp Nam", stage: party.StageTrained, days: 9, reason: "Tốt nghiệp, đi làm; giấy trước ghi sai tên công ty", wrong: "Chi bộ Công ty may Tân Hiệp"},
	{from: "SPSV", to: "SVNN", stage: party.StageOfficial, days: 6, reason: "Học liên thông tại Trường Đại học Tân Hà"},
	{from: "SPMN", to: "SPSV", stage: party.StageProbationary, days: 14, reason: "Chuyển lớp", acts: acceptIt},
	{from: "NGSV", place: "Chi bộ khu phố 3, phường Vĩnh Lạc Đông", stage: party.StageOfficial, days: 70, reason: "Tốt nghiệp, chuyển về nơi cư trú"},
	{from: "YTSV", place: "Chi bộ Bệnh viện huyện An Minh Tây", stage: party.StageOfficial, days: 40, reason: "Tốt nghiệp, nhận công tác", acts: []party.TransferState{party.TransferAccepted}},
	{from: "CHUYEN", to: "SVKT", stage: party.StageOfficial, days: 90, until: until.AddDays(60), reason: "Học bồi dưỡng một học kỳ", acts: acceptIt},
	{from: "DTNT", to: "SVCN", stage: party.StageOfficial, days: 110, until: until.AddDays(-12), reason: "Thực tập sư phạm", acts: acceptIt},
	{from: "VT", to: "AP", stage: party.StageOfficial, days: 100, until: until.AddDays(-40), reason: "Dạy thay tại Trường THPT An Phú", acts: backAgain},
	{from: "SPMN", place: "Chi bộ lưu học sinh tại Lào", stage: party.StageOfficial, days: 5, abroad: true, reason: "Du học theo học bổng"},
}

// stages gives at which stages somebody may be: members at their own, candidates before the dossier.
func (l leaver) stages() []party.Stage {
	if l.stage.Member() {
		return []party.Stage{l.stage}
	}
	return []party.Stage{party.StageIntroduced, party.StagePlanned, party.StageTrained}
}

// fillTransfers issues the papers and takes each as far as it came.
func (f *filler) fillTransfers(ctx context.Context) error {
	for i, l := range leavers {
		if err := f.transfer(ctx, i, l); err != nil {
			return fmt.Errorf("transfer from %s: %w", l.from, explained(err))
		}
	}
	return nil
}

func (f *filler) transfer(ctx context.Context, i int, l leaver) error {
	t, err := f.issued(ctx, l.reason)
	if err == nil && t.ID == 0 {
		t, err = f.issuePaper(ctx, i, l)
	}
	if err != nil {
		return err
	}
	for n, act := range l.acts {
		words := ""
		if act == party.TransferRefused || act == party.TransferCancelled {
			words = "Người này ở lại học tiếp"
		}
		if t.Version > n+1 {
			continue // was done before the fill was cut off
		}
		err := f.s.Transfers.Act(ctx, f.viewer, transfer.Acting{Key: mark("transfer "+string(act), t.ID), ID: t.ID, Version: n + 1, Act: act,
			On: t.IssuedOn.AddDays(2 + n*n), Words: words})
		if err != nil {
			return err
		}
	}
	return nil
}

// issued finds a paper by its reason.
func (f *filler) issued(ctx context.Context, reason string) (transfer.Transfer, error) {
	list, err := f.s.Transfers.List(ctx, f.viewer, transfer.Query{Show: transfer.All})
	if err != nil {
		return transfer.Transfer{}, err
	}
	i := slices.IndexFunc(list.Transfers, func(t transfer.Transfer) bool { return t.Reason == reason && t.State != party.TransferCancelled })
	if i < 0 {
		i = slices.IndexFunc(list.Transfers, func(t transfer.Transfer) bool { return t.Reason == reason })
	}
	if i < 0 {
		return transfer.Transfer{}, nil
	}
	return list.Transfers[i], nil
}

// issuePaper writes the paper for the first of the cell at the stage about whom nothing was recorded
// since that day, and in its turn the one that replaces it.
func (f *filler) issuePaper(ctx context.Context, i int, l leaver) (transfer.Transfer, error) {
	in := transfer.Issue{From: f.orgs[l.from], To: f.orgs[l.to], ToText: l.place, IssuerID: f.orgs[root.code], On: until.AddDays(-l.days), Reason: l.reason}
	switch {
	case !l.until.IsZero():
		in.Form, in.Until = party.TransferTemporary, l.until
	case l.abroad:
		in.Form = party.TransferAbroad
	}
	first := in
	if l.wrong != "" {
		first.ToText = l.wrong
	}
	list, err := f.s.People.List(ctx, f.viewer, people.Query{OrgID: in.From, Stages: l.stages(), Limit: 500})
	if err != nil {
		return transfer.Transfer{}, err
	}
	for _, row := range list.Rows {
		first.People, first.Key = []int64{row.ID}, mark(fmt.Sprintf("leaver %d", i), row.ID)
		_, err := f.s.Transfers.Issue(ctx, f.viewer, first)
		if fault.KindOf(err) == fault.Invalid {
			continue // something was recorded later, or he has a paper already
		}
		if err != nil {
			return transfer.Transfer{}, err
		}
		t, err := f.issued(ctx, l.reason)
		if err != nil || l.wrong == "" {
			return t, err
		}
		in.People, in.Key, in.Replaces = first.People, mark("right paper", row.ID), t.ID
		if _, err := f.s.Transfers.Issue(ctx, f.viewer, in); err != nil {
			return t, err
		}
		return f.issued(ctx, l.reason)
	}
	return transfer.Transfer{}, fmt.Errorf("nobody at %s can go", l.stage)
}
