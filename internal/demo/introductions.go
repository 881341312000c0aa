package demo

import (
	"context"
	"fmt"
	"math/rand/v2"

	"ketnap/internal/introduction"
	"ketnap/internal/party"
)

// unionPaper is a resolution of a school's Youth Union in the last weeks of the demo.
type unionPaper struct {
	code, number string
	on           party.Date
	people       int
	answered     int // of them, answered by the cell; the last of these is declined
}

var unionPapers = []unionPaper{
	{"LTT", "21-NQ/ĐTN", until.AddDays(-40), 8, 8},
	{"NTH", "15-NQ/ĐTN", until.AddDays(-25), 6, 4},
	{"SVKT", "09-NQ/ĐTN", until.AddDays(-12), 12, 0},
}

// fillIntroductions enters some resolutions of the Youth Union with what the cells answered: all, some,
// none. A resolution that is there already is passed over.
func (f *filler) fillIntroductions(ctx context.Context) error {
	list, err := f.s.Introductions.List(ctx, f.viewer, introduction.Query{})
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for _, i := range list.Rows {
		there[i.Number] = true
	}
	for i, p := range unionPapers {
		if there[p.number] {
			continue
		}
		if err := f.introduce(ctx, rand.New(rand.NewPCG(4, uint64(i))), p); err != nil {
			return fmt.Errorf("introduction %s: %w", p.number, explained(err))
		}
	}
	return nil
}

func (f *filler) introduce(ctx context.Context, r *rand.Rand, p unionPaper) error {
	entry := introduction.Entry{Fields: introduction.Fields{OrgID: f.orgs[p.code], Union: "Ban Chấp hành Đoàn trường", Number: p.number, On: p.on}}
	for i := range p.people {
		sex, name := inventName(r)
		born := party.NewDate(2008, 1, 15).AddDays(r.IntN(200) + i)
		entry.Lines = append(entry.Lines, introduction.Line{Name: name, Born: born, Sex: sex, ClassName: fmt.Sprintf("12A%d", i%6+1), UnionDate: party.NewDate(2023, 3, 26), Other: true})
	}
	done, err := f.s.Introductions.Enter(ctx, f.viewer, entry)
	if err != nil || p.answered == 0 {
		return err
	}
	answers := introduction.Answers{ID: done.ID, On: p.on.AddDays(9)}
	for i := range p.answered {
		a := introduction.PersonAnswer{PersonID: done.Lines[i].PersonID, Answer: introduction.Accepted}
		if i == p.answered-1 {
			a.Answer, a.Reason = introduction.Declined, "Kết quả học tập học kỳ gần nhất chưa đạt loại khá"
		}
		answers.List = append(answers.List, a)
	}
	return f.s.Introductions.Answer(ctx, f.viewer, answers)
}
