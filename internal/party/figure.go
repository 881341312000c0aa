package party

import "slices"

// Figure names a number that reports show. Its definition is what Milestones does, in words on the
// page under the catalogue key figure.<name>.definition.
type Figure string

// The figures of a term that count people by what happened to them.
const (
	FigureIntroduced Figure = "introduced" // introduced by the Union in the term
	FigurePlanned    Figure = "planned"    // taken into planning by a cell's resolution in the term
	FigureCertified  Figure = "certified"  // finished an awareness class in the term
	FigureProposed   Figure = "proposed"   // proposed by an adopted cell resolution in the term
	FigureAdmitted   Figure = "admitted"   // admitted: the ceremony was held in the term
	FigureRecognised Figure = "recognised" // recognised as official by a decision of the term
	FigureJoined     Figure = "joined"     // became a member here, by ceremony, by being received or restored, or by a transfer
	FigureLeft       Figure = "left"       // was a member here and is no more: the members of a day are those who joined less those who left
)

// TermFigures lists the figures of a term in the order in which people pass them.
var TermFigures = []Figure{FigureIntroduced, FigurePlanned, FigureCertified, FigureProposed, FigureAdmitted, FigureRecognised}

// Milestone is the day on which a person came to count in a figure, by which step and where.
type Milestone struct {
	Figure   Figure
	On       Date
	StepID   int64
	OrgID    int32
	Occasion Occasion // of an admission's ceremony
	Eve      bool     // counts by the order of the day before: who left it when another one began
}

// Passage is a day from which somebody stands under another order because organisations were
// rearranged: in another cell, or in the same one below other committees.
type Passage struct {
	On       Date
	From, To int32
}

// Milestones gives what a person counts in. Only pupils and students count. Within one term a
// person counts once in a figure, on the first of the days: who is left out of the planning and
// introduced again in the same term is still one person introduced. FigureJoined is not bounded
// by terms: the members of a day are those who joined here until then, a received one on the day
// he came, and have not left since. Who is transferred leaves the one place and joins the other on
// one day, so that he counts in exactly one.
//
// A passage, given from old to new, moves a member likewise, before the steps of its day.
func Milestones(c Category, steps []Step, terms []Term, passages ...Passage) []Milestone {
	if !c.Counted() {
		return nil
	}
	var out []Milestone
	member := false
	for _, s := range Active(steps) {
		for ; len(passages) > 0 && !passages[0].On.After(s.On); passages = passages[1:] {
			out = passages[0].move(out, member)
		}
		if member {
			out = append(out, departure(s)...)
		}
		member = memberAfter(member, s)
		for _, f := range figuresOf(s) {
			m := Milestone{Figure: f, On: s.On, StepID: s.ID, OrgID: s.OrgID}
			if c, ok := s.Facts.(CeremonyFacts); ok && f == FigureAdmitted {
				m.Occasion = c.Occasion
			}
			if !countedBefore(out, m, terms) {
				out = append(out, m)
			}
		}
	}
	for _, p := range passages {
		out = p.move(out, member)
	}
	return out
}

// move lets a member leave the place where he counts and join where he is after a passage, by the step
// that made him a member there. Of several on one day the last tells where he is.
func (p Passage) move(list []Milestone, member bool) []Milestone {
	if !member {
		return list
	}
	last := len(list) - 1
	for list[last].Figure != FigureJoined {
		last--
	}
	if at := &list[last]; at.On == p.On && last > 0 && list[last-1].Eve {
		at.OrgID = p.To
		return list
	}
	at := list[last]
	if at.On == p.On {
		return list // he joined on the first day of the new order
	}
	return append(list, Milestone{Figure: FigureLeft, On: p.On, StepID: at.StepID, OrgID: at.OrgID, Eve: true},
		Milestone{Figure: FigureJoined, On: p.On, StepID: at.StepID, OrgID: p.To})
}

func memberAfter(member bool, s Step) bool {
	switch s.Facts.(type) {
	case CeremonyFacts, ReceivedFacts, RestoredFacts:
		return true
	case MovedOutFacts, LeftFacts:
		return false
	}
	return member
}

// departure gives where a member leaves, and where he joins, by a step.
func departure(s Step) []Milestone {
	switch f := s.Facts.(type) {
	case MovedFacts:
		return []Milestone{{Figure: FigureLeft, On: s.On, StepID: s.ID, OrgID: f.From}, {Figure: FigureJoined, On: s.On, StepID: s.ID, OrgID: f.To}}
	case MovedOutFacts, LeftFacts:
		return []Milestone{{Figure: FigureLeft, On: s.On, StepID: s.ID, OrgID: s.OrgID}}
	}
	return nil
}

func countedBefore(list []Milestone, m Milestone, terms []Term) bool {
	return slices.ContainsFunc(list, func(e Milestone) bool {
		return e.Figure == m.Figure && m.Figure != FigureJoined && TermOf(terms, e.On) == TermOf(terms, m.On)
	})
}

func figuresOf(s Step) []Figure {
	switch f := s.Facts.(type) {
	case IntroductionFacts:
		return []Figure{FigureIntroduced}
	case PlanningFacts:
		return []Figure{FigurePlanned}
	case ClassResultFacts:
		if f.Passed {
			return []Figure{FigureCertified}
		}
	case CellVoteFacts:
		if f.Adopted {
			return []Figure{FigureProposed}
		}
	case CeremonyFacts:
		return []Figure{FigureAdmitted, FigureJoined}
	case RecognitionDecisionFacts:
		return []Figure{FigureRecognised}
	case ReceivedFacts, RestoredFacts:
		return []Figure{FigureJoined}
	}
	return nil
}

// Ratio is one figure over another. It is never shown without the name of its base.
type Ratio struct {
	Of   Figure
	Base Figure
}

// TermRatios lists the ratios that the term's page shows. Published reports divide admissions by
// different bases; each therefore names its own.
var TermRatios = []Ratio{
	{FigureAdmitted, FigureIntroduced},
	{FigureAdmitted, FigureCertified},
	{FigureCertified, FigureIntroduced},
	{FigureProposed, FigureCertified},
}
