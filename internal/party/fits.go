package party

// Fits tells whether a step of a kind can still come for somebody at this state, so that a page can
// offer it. Whether it may, on its day, its gate says.
func (st State) Fits(k StepKind) bool {
	member := !st.JoinedOn.IsZero()
	switch k {
	case MentorAssigned:
		return st.OfficialOn.IsZero() && (member || st.Planned != nil)
	case Remarked:
		return len(st.Mentors) > 0
	case ClassResult, DossierComplete:
		return !member
	case Extended:
		if member {
			return st.OfficialOn.IsZero() && st.VotedUp() != nil
		}
		return st.Resolution != nil && st.Decided == nil
	case RecognitionResolution:
		return member && st.OfficialOn.IsZero() && st.VotedUp() == nil
	case RecognitionDecision:
		return member && st.OfficialOn.IsZero() && st.Of(k) == nil
	case Dropped:
		return !member && st.Decided == nil && (st.Introduced != nil || st.Planned != nil)
	case Received:
		return !member && st.Planned == nil && st.Introduced == nil
	case Overridden:
		return st.OfficialOn.IsZero()
	case Voided:
		return false
	}
	return !member && st.Of(k) == nil
}
