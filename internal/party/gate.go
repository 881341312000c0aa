package party

import "slices"

// Outcome is a gate's answer to one condition.
type Outcome string

// The outcomes. NotKnown never refuses: what is missing is shown, and asked for.
const (
	Met      Outcome = "met"
	NotMet   Outcome = "not_met"
	NotKnown Outcome = "not_known"
)

// Condition is one thing a gate looked at, with the rule that asks for it where there is one.
type Condition struct {
	Rule    Rule // zero ID for the mere order of steps
	Key     string
	Args    []any // alternating name and value, for the catalogue
	Outcome Outcome
	Refuses bool // not met, and known well enough to refuse the step
	MetOn   Date // the day on which it will be met, where that can be told
	Late    bool // a deadline that was missed: recorded all the same
	Allowed bool // not met, but authorised by an override
}

// Verdict is a gate's answer to a step on its day.
type Verdict struct {
	Kind       StepKind
	On         Date
	Conditions []Condition
}

// Passes tells whether the step may be recorded.
func (v Verdict) Passes() bool { return len(v.Refusals()) == 0 }

// Refusals gives the conditions that refuse the step.
func (v Verdict) Refusals() []Condition {
	return v.where(func(c Condition) bool { return c.Refuses && !c.Allowed })
}

// Warnings gives what is not met or not known and does not refuse.
func (v Verdict) Warnings() []Condition {
	return v.where(func(c Condition) bool { return c.Outcome != Met && (!c.Refuses || c.Allowed) })
}

func (v Verdict) where(keep func(Condition) bool) []Condition {
	var out []Condition
	for _, c := range v.Conditions {
		if keep(c) {
			out = append(out, c)
		}
	}
	return out
}

// Case is everything the gates look at: a person, where he belongs, what happened, the rules, the
// calendar of working days, and which day it is.
type Case struct {
	Person   Person
	Place    Place
	Steps    []Step
	Book     *Rulebook
	Calendar *Calendar
	Today    Date
	Consent  Document // to the re-admission of who was a member before; unsaid where none was entered
}

// State folds the case's steps.
func (c Case) State() State { return Fold(c.Steps, c.Book) }

// question is one gate being asked about one step, with the state just before it.
type question struct {
	Case
	step   Step
	active []Step // all steps that hold, without the one asked about
	before State
	v      Verdict
}

// gates tells which conditions each kind of step must meet. A kind without a gate is refused.
var gates = map[StepKind]func(*question){
	Introduced:            askIntroduced,
	Planned:               askPlanned,
	MentorAssigned:        askMentor,
	Remarked:              askRemark,
	ClassResult:           askClassResult,
	DossierComplete:       askDossier,
	CellResolution:        askCellResolution,
	Endorsed:              askEndorsed,
	Extended:              askExtended,
	Decided:               askDecided,
	Ceremony:              askCeremony,
	RecognitionResolution: askRecognitionResolution,
	RecognitionDecision:   askRecognitionDecision,
	Dropped:               askDropped,
	Received:              askReceived,
	Moved:                 askMoved,
	MovedOut:              askMovedOut,
	Left:                  askLeft,
	Restored:              askRestored,
	RemovalVote:           askRemovalVote,
	Overridden:            askOverridden,
}

// Ask answers whether a step may happen on its day, given what happened before that day. A step
// without facts is asked about in advance: what its form will ask is answered NotKnown.
func (c Case) Ask(s Step) Verdict {
	s = unrecordedLast(s)
	q := &question{Case: c, step: s, v: Verdict{Kind: s.Kind, On: s.On}}
	q.active = slices.DeleteFunc(Active(c.Steps), func(t Step) bool { return s.ID != 0 && t.ID == s.ID })
	var earlier []Step
	for _, t := range q.active {
		if inOrder(t, s) < 0 {
			earlier = append(earlier, t)
		}
	}
	q.before = fold(earlier, c.Book)
	q.askDay()
	ask, ok := gates[s.Kind]
	if !ok {
		q.refuse("gate.unknown_kind")
		return q.v
	}
	if q.before.Away != nil {
		q.refuse("gate.away", "On", q.before.Away.On)
	}
	if left := q.before.Left; wayOf(left) == WayDied {
		q.refuse("gate.died", "On", left.On)
		return q.v
	}
	ask(q)
	q.allow(earlier)
	return q.v
}

// Record answers whether a step may be added: its own gate, and no step already recorded that
// would become illegal by it.
func (c Case) Record(s Step) Verdict {
	v := c.Ask(s)
	after := c
	after.Steps = append(slices.Clone(c.Steps), unrecordedLast(s))
	v.Conditions = append(v.Conditions, broken(c, after, s.ID)...)
	return v
}

// Void answers whether a step may be voided: no other step may rest on it.
func (c Case) Void(stepID int64) Verdict {
	after := c.without(stepID)
	return Verdict{Kind: Voided, On: c.Today, Conditions: broken(c, after, stepID)}
}

// Correct answers whether a step may replace another.
func (c Case) Correct(stepID int64, s Step) Verdict {
	after := c.without(stepID)
	v := after.Ask(s)
	after.Steps = append(slices.Clone(after.Steps), unrecordedLast(s))
	v.Conditions = append(v.Conditions, broken(c, after, stepID)...)
	return v
}

func (c Case) without(stepID int64) Case {
	c.Steps = slices.DeleteFunc(slices.Clone(c.Steps), func(t Step) bool { return t.ID == stepID })
	return c
}

// unrecordedLast puts a step that is not recorded yet behind all recorded ones of its day.
func unrecordedLast(s Step) Step {
	if s.Seq == 0 {
		s.Seq = 1 << 62
	}
	return s
}

// Illegal gives the recorded steps whose gates refuse them as things stand.
func (c Case) Illegal() []Verdict {
	var out []Verdict
	for _, s := range Active(c.Steps) {
		if v := c.Ask(s); !v.Passes() {
			out = append(out, v)
		}
	}
	return out
}

// broken gives a condition for each step that was legal before and is refused after, except the
// one that is being added or taken away.
func broken(before, after Case, except int64) []Condition {
	var out []Condition
	for _, s := range Active(after.Steps) {
		if s.ID == except || !before.Ask(s).Passes() {
			continue
		}
		if v := after.Ask(s); !v.Passes() {
			out = append(out, Condition{Key: "gate.breaks", Args: []any{"Kind", s.Kind, "On", s.On},
				Outcome: NotMet, Refuses: true})
		}
	}
	return out
}

// askDay refuses days that cannot be, of the step and of its papers, for every kind.
func (q *question) askDay() {
	for _, p := range q.step.Papers {
		if p.Date.After(q.Today) {
			q.refuse("gate.paper_future", "Number", p.Number, "Date", p.Date, "Today", q.Today)
		}
	}
	switch {
	case !q.step.On.Valid():
		q.refuse("gate.no_day")
	case q.step.On.After(q.Today):
		q.refuse("gate.future", "Today", q.Today)
	case !q.Person.BirthDate.IsZero() && q.step.On.Before(q.Person.BirthDate):
		q.refuse("gate.before_birth", "Birth", q.Person.BirthDate)
	}
}

// allow marks what an override before the step has authorised. An override serves the first step
// of its kind that comes after it, and speaks of rules only, never of the order of steps.
func (q *question) allow(earlier []Step) {
	var rules []RuleID
	for _, t := range earlier {
		if f, ok := t.Facts.(OverriddenFacts); ok && f.For == q.step.Kind {
			rules = append(rules, f.Rules...)
		} else if t.Kind == q.step.Kind {
			rules = nil
		}
	}
	for i := range q.v.Conditions {
		c := &q.v.Conditions[i]
		c.Allowed = c.Outcome == NotMet && c.Rule.ID != "" && c.Rule.ID.Overridable() && slices.Contains(rules, c.Rule.ID)
	}
}

// refuse adds a condition on the order or plausibility of steps that is not met.
func (q *question) refuse(key string, args ...any) {
	q.v.Conditions = append(q.v.Conditions, Condition{Key: key, Args: args, Outcome: NotMet, Refuses: true})
}

// needs asks that a step of a kind stands before this one, and says so when it comes later.
func (q *question) needs(k StepKind) bool {
	if s := q.before.Of(k); s != nil {
		q.v.Conditions = append(q.v.Conditions, Condition{Key: "gate.needs", Outcome: Met, Args: []any{"Kind", k, "On", s.On}})
		return true
	}
	for _, t := range q.active {
		if t.Kind == k && inOrder(t, q.step) > 0 && fold([]Step{t}, q.Book).Of(k) != nil {
			q.refuse("gate.needs_earlier", "Kind", k, "On", t.On)
			return false
		}
	}
	q.refuse("gate.needs", "Kind", k)
	return false
}

// rule looks a rule up on a day; ok is false, and the condition not known, where no value is known.
func (q *question) rule(id RuleID, day Date) (Rule, bool) {
	r, ok := q.Book.On(id, day)
	if !ok {
		q.v.Conditions = append(q.v.Conditions, Condition{Rule: Rule{ID: id}, Key: "gate.no_rule", Args: []any{"Day", day}, Outcome: NotKnown})
	}
	return r, ok
}

// requires adds a condition of a rule; not met refuses if the rule is known well enough.
func (q *question) requires(r Rule, met bool, metOn Date, key string, args ...any) {
	c := Condition{Rule: r, Key: key, Args: args, Outcome: Met}
	if !met {
		c.Outcome, c.Refuses, c.MetOn = NotMet, r.MayRefuse(), metOn
	}
	q.v.Conditions = append(q.v.Conditions, c)
}

// unknown adds a condition that cannot be answered from what is recorded.
func (q *question) unknown(r Rule, key string, args ...any) {
	q.v.Conditions = append(q.v.Conditions, Condition{Rule: r, Key: key, Args: args, Outcome: NotKnown})
}

// deadline adds a condition that a step came in time. Late warns: what happened is recorded.
func (q *question) deadline(r Rule, due Date, key string, args ...any) {
	c := Condition{Rule: r, Key: key, Args: append(args, "Due", due, "Days", r.Value), Outcome: Met}
	if q.step.On.After(due) {
		c.Outcome, c.Late = NotMet, true
	}
	q.v.Conditions = append(q.v.Conditions, c)
}
