package party

// ReviewOutcome is what a cell's review says of one person.
type ReviewOutcome string

// The outcomes. To keep somebody who is not planned is to leave him where he is.
const (
	ReviewKeep ReviewOutcome = "keep"
	ReviewAdd  ReviewOutcome = "add"  // taken into the planning
	ReviewDrop ReviewOutcome = "drop" // out of it, with a reason
)

// ReviewStages are the stages of those whom a review looks at: everybody before the ceremony.
var ReviewStages = []Stage{StageRegistered, StageIntroduced, StagePlanned, StageTrained, StageDossier, StageProposed, StageEndorsed, StageDecided}

// CandidateStages are the stages of those for whose sake a cell has to review.
var CandidateStages = ReviewStages[1:]

// ReviewOutcomes gives the outcomes that are open to somebody, the usual one first.
func (st State) ReviewOutcomes() []ReviewOutcome {
	switch {
	case st.Decided != nil:
		return []ReviewOutcome{ReviewKeep}
	case st.Planned != nil:
		return []ReviewOutcome{ReviewKeep, ReviewDrop}
	case st.Introduced != nil:
		return []ReviewOutcome{ReviewKeep, ReviewAdd, ReviewDrop}
	}
	return []ReviewOutcome{ReviewKeep, ReviewAdd}
}

// ReviewFacts are what a review shows of somebody as of the day of the meeting.
type ReviewFacts struct {
	State
	Age       int  // whole years on the day
	OfAgeOn   Date // the first day on which age.min is met, by the rule of the day; zero = no rule
	OfAge     bool
	CertUntil Date // last day of the class certificate; zero = none
	CertValid bool
	Idle      int // whole months since the last movement; 0 where nothing has happened yet
}

// ReviewOn gives what a review of a day shows.
func (c Case) ReviewOn(day Date) ReviewFacts {
	f := ReviewFacts{State: c.State(), Age: day.MonthsSince(c.Person.BirthDate) / 12}
	if r, ok := c.Book.On(AgeMin, day); ok {
		f.OfAgeOn = birthday(c.Person.BirthDate, r)
		f.OfAge = !day.Before(f.OfAgeOn)
	}
	if f.Class != nil {
		f.CertUntil, _ = CertificateUntil(*f.Class, c.Book, day)
		f.CertValid = !f.CertUntil.IsZero() && !day.After(f.CertUntil)
	}
	if !f.Since.IsZero() && day.After(f.Since) {
		f.Idle = day.MonthsSince(f.Since)
	}
	return f
}

// ReviewDue gives the day by which a cell has to review again, some months after the day of the last
// review, or after the day since which it has had candidates.
func ReviewDue(last Date, book *Rulebook, today Date) (due Date, r Rule, ok bool) {
	if r, ok = book.On(ReviewMonths, today); ok {
		due = last.AddMonths(r.Value)
	}
	return due, r, ok
}

// MonthsSince gives the number of whole months from e to d; negative where d is before e.
func (d Date) MonthsSince(e Date) int {
	months := (d.Year-e.Year)*12 + int(d.Month) - int(e.Month)
	switch {
	case months > 0 && e.AddMonths(months).After(d):
		months--
	case months < 0 && e.AddMonths(months).Before(d):
		months++
	}
	return months
}
