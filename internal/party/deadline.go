package party

// Deadline is the day by which the awaited step should come, with the rule that sets it.
type Deadline struct {
	Kind StepKind // the awaited step
	Due  Date
	Rule Rule
	From Date // the day the clock started
}

// Deadline gives the day by which the awaited step should come; false where no rule sets one.
// Each clock is read by the rule of the day on which it started.
func (c Case) Deadline() (Deadline, bool) {
	st := c.State()
	kind := st.Awaits(c.Place)
	switch kind {
	case Endorsed, Decided:
		if st.Resolution == nil {
			return Deadline{}, false
		}
		return c.decisionDeadline(kind, DecideAdmit, st, st.Resolution.On)
	case Ceremony:
		r, ok := c.Book.On(CeremonyWithin, st.Decided.On)
		if !ok {
			return Deadline{}, false
		}
		start, _ := ceremonyClock(r, *st.Decided, receivedOn(*st.Decided, Date{}))
		return Deadline{kind, c.Calendar.AddWorkingDays(start, r.Value), r, start}, true
	case RecognitionResolution:
		r, ok := c.Book.On(RecogniseBranch, st.ProbationEndsOn)
		if !ok || st.ProbationEndsOn.IsZero() {
			return Deadline{}, false
		}
		return Deadline{kind, c.Calendar.AddWorkingDays(st.ProbationEndsOn, r.Value), r, st.ProbationEndsOn}, true
	case RecognitionDecision:
		return c.decisionDeadline(kind, DecideOfficial, st, st.recognitionClock())
	case "":
		return Deadline{}, false
	}
	return c.certificateDeadline(kind, st)
}

// decisionDeadline: working days from the cell's vote, with those by which they were extended.
func (c Case) decisionDeadline(kind StepKind, id RuleID, st State, from Date) (Deadline, bool) {
	r, ok := c.Book.On(id, from)
	if !ok {
		return Deadline{}, false
	}
	r = st.extended(r)
	return Deadline{kind, c.Calendar.AddWorkingDays(from, r.Value), r, from}, true
}

// certificateDeadline: whoever finished the class must come before the cell while the certificate
// serves; this is how those who stall between class and admission come into sight.
func (c Case) certificateDeadline(kind StepKind, st State) (Deadline, bool) {
	if st.Class == nil || st.Dropped != nil {
		return Deadline{}, false
	}
	from := certificateDate(*st.Class)
	r, ok := c.Book.On(CertValid, from)
	if !ok {
		return Deadline{}, false
	}
	return Deadline{kind, from.AddMonths(r.Value), r, from}, true
}
