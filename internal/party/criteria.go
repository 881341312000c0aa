package party

import "slices"

// Criteria are what an organisation asks of a candidate beyond the regulations. They are local: they
// warn and never refuse. What is zero asks nothing.
type Criteria struct {
	Study       Rating // lowest study result
	Conduct     Rating // lowest conduct
	NeedsTitle  bool   // any title
	UnionMonths int    // months since entry into the Youth Union
}

// IsZero tells whether nothing is asked.
func (c Criteria) IsZero() bool { return c == Criteria{} }

// Stricter puts together what an organisation and one above it ask: of each the more.
func (c Criteria) Stricter(d Criteria) Criteria {
	return Criteria{Study: higher(c.Study, d.Study), Conduct: higher(c.Conduct, d.Conduct),
		NeedsTitle: c.NeedsTitle || d.NeedsTitle, UnionMonths: max(c.UnionMonths, d.UnionMonths)}
}

func higher(a, b Rating) Rating {
	if a.AtLeast(b) || b == RatingUnknown {
		return a
	}
	return b
}

// DatedCriteria are criteria that an organisation asks from a day on.
type DatedCriteria struct {
	OrgID int32
	From  Date
	Criteria
}

// CriteriaOn gives what is asked of the people of an organisation on a day: each organisation on the
// way down to it asks its newest criteria, and of all of them the strictest hold.
func CriteriaOn(list []DatedCriteria, path []int32, day Date) Criteria {
	newest := map[int32]DatedCriteria{}
	for _, c := range list {
		if old, ok := newest[c.OrgID]; !c.From.After(day) && (!ok || c.From.After(old.From)) {
			newest[c.OrgID] = c
		}
	}
	var out Criteria
	for id, c := range newest {
		if slices.Contains(path, id) {
			out = out.Stricter(c.Criteria)
		}
	}
	return out
}

// Merits are what is known about somebody when the criteria are asked.
type Merits struct {
	Results   []StudyResult
	Titles    int
	UnionDate Date // zero = not a member, or not known
}

// Ask answers each criterion as of a day. No condition refuses; Key has its words in the catalogue.
func (c Criteria) Ask(m Merits, day Date) []Condition {
	var out []Condition
	add := func(known, met bool, metOn Date, key string, args ...any) {
		answer := Condition{Key: "achievements.criteria." + key, Args: args, Outcome: Met}
		switch {
		case !known:
			answer.Outcome = NotKnown
		case !met:
			answer.Outcome, answer.MetOn = NotMet, metOn
		}
		out = append(out, answer)
	}
	latest, _ := LatestResult(m.Results, day)
	if c.Study != RatingUnknown {
		add(latest.Study != RatingUnknown, latest.Study.AtLeast(c.Study), Date{}, "study", "Least", c.Study, "Now", latest.Study)
	}
	if c.Conduct != RatingUnknown {
		now := latest.ConductRating()
		add(now != RatingUnknown, now.AtLeast(c.Conduct), Date{}, "conduct", "Least", c.Conduct, "Now", now)
	}
	if c.NeedsTitle {
		add(true, m.Titles > 0, Date{}, "title", "Titles", m.Titles)
	}
	if c.UnionMonths > 0 {
		from := m.UnionDate.AddMonths(c.UnionMonths)
		add(!m.UnionDate.IsZero(), !from.After(day), from, "union", "Months", c.UnionMonths)
	}
	return out
}
