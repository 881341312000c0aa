package party

// StallStages are the stages at which a candidate can get stuck: from the introduction until the
// decision. Probationary members have deadlines of their own.
var StallStages = []Stage{StageIntroduced, StagePlanned, StageTrained, StageDossier, StageProposed, StageEndorsed, StageDecided}

// StuckBefore gives the day before which a candidate must have come to his stage to count as stuck on
// a day, by stall.months. It answers false where no rule says how long is too long.
func StuckBefore(book *Rulebook, day Date) (Date, Rule, bool) {
	r, ok := book.On(StallMonths, day)
	if !ok {
		return Date{}, r, false
	}
	return day.AddMonths(-r.Value), r, true
}
