package party

import "slices"

// DocumentState is what is said of a paper.
type DocumentState string

// The states. Unsaid is that nobody has looked yet.
const (
	DocumentUnsaid        DocumentState = ""
	DocumentPresent       DocumentState = "present"
	DocumentAbsent        DocumentState = "absent"
	DocumentNotApplicable DocumentState = "not_applicable"
)

// DocumentStates lists what a form offers.
var DocumentStates = []DocumentState{DocumentPresent, DocumentAbsent, DocumentNotApplicable}

// Document is a paper of somebody's dossier. Its content is never kept.
type Document struct {
	State  DocumentState
	Reason string // why it does not apply
	Number string
	Dated  Date
	Issuer string
	Kept   string // where the paper lies
}

// Letter asks somebody outside to verify a life history. What was asked and answered is not kept.
type Letter struct {
	To         string // a place
	SentOn     Date
	AnsweredOn Date // zero while it is awaited
	Withdrawn  bool // no answer is awaited any more
}

// Waits tells whether an answer is awaited.
func (l Letter) Waits() bool { return l.AnsweredOn.IsZero() && !l.Withdrawn }

// ChecklistLine is one paper of a dossier with what is known of it.
type ChecklistLine struct {
	Form     DocumentForm
	Document             // as somebody entered it; else as a step names it
	FromStep StepKind    // the step that names it; "" where somebody entered it
	Register bool        // the register of certificates names it
	Released DocumentWhy // why it is not asked for although nobody said so
	Redo     Rule        // the rule by which it must be done again; zero ID: it serves
	RedoFrom Date        // since when
}

// DocumentWhy tells why a paper is not asked for.
type DocumentWhy string

// The reasons that the software sees itself.
const (
	NoSuchCommittee DocumentWhy = "no_committee" // no committee of the level stands above the cell
	OtherInstead    DocumentWhy = "instead"      // the paper that may take its place is there
	OnlyInstead     DocumentWhy = "only_instead" // it only takes another one's place
	DecidedAbove    DocumentWhy = "above"        // the cell found no two thirds, and the committee above decides without it
)

// Applies tells whether the paper is asked for.
func (l ChecklistLine) Applies() bool { return l.State != DocumentNotApplicable && l.Released == "" }

// Lacks tells whether the paper is asked for and not there.
func (l ChecklistLine) Lacks() bool { return l.Applies() && l.State != DocumentPresent }

// Checklist is a dossier, paper by paper.
type Checklist struct {
	Stage   DossierStage
	Level   DocumentLevel // whose papers should be there by now
	Lines   []ChecklistLine
	Letters []Letter
}

// Checklist puts together what is asked for and what is there. What a step names, such as the cell's
// resolution, or the register of certificates, counts as there unless somebody said otherwise.
func (c Case) Checklist(stage DossierStage, entered, registered map[DocumentKind]Document, letters []Letter) Checklist {
	st, named := c.State(), c.namedBySteps()
	list := Checklist{Stage: stage, Level: st.documentLevel(stage), Letters: letters}
	for _, f := range c.Book.FormsOn(stage, c.dossierDay(st, stage)) {
		if f.Former && st.Former == nil {
			continue
		}
		line := ChecklistLine{Form: f}
		if d, ok := entered[f.Kind]; ok && d.State != DocumentUnsaid && !st.ofTheFirstTime(d) {
			line.Document = d
		} else if s, ok := named[f.Kind]; ok {
			line.Document, line.FromStep = s.document(), s.Kind
		} else if d, ok := registered[f.Kind]; ok {
			line.Document, line.Register = d, true
		}
		list.Lines = append(list.Lines, line)
	}
	list.release(c.Place)
	if st.Upward != nil && st.RecognitionVote == nil {
		list.releaseKind(DocRecognitionResolution, DecidedAbove)
	}
	for i := range list.Lines {
		list.Lines[i].Redo, list.Lines[i].RedoFrom = c.redo(st, stage, list.Lines[i])
	}
	return list
}

// ofTheFirstTime tells whether a paper is of the membership that somebody left: he begins anew.
func (st State) ofTheFirstTime(d Document) bool {
	return st.Left != nil && !d.Dated.IsZero() && d.Dated.Before(st.Left.On)
}

// documentLevel tells how far a dossier has come.
func (st State) documentLevel(stage DossierStage) DocumentLevel {
	vote, endorsed := st.Resolution, st.Endorsed
	if stage == RecognitionDossier {
		vote, endorsed = st.VotedUp(), nil
	}
	switch {
	case st.Ends(stage) != nil:
		return DueWithADecision
	case endorsed != nil:
		return DueByGrassroots
	case vote != nil:
		return DueByCell
	}
	return DueForDossier
}

// dossierDay gives the day whose forms a dossier is written on: that of the decision, today before it.
func (c Case) dossierDay(st State, stage DossierStage) Date {
	if end := st.Ends(stage); end != nil {
		return end.On
	}
	return c.Today
}

// Ends gives the step with which a dossier has done its work, or nil.
func (st State) Ends(stage DossierStage) *Step {
	switch {
	case stage == RecognitionDossier:
		return st.Recognised
	case st.Decided != nil:
		return st.Decided
	}
	return st.Received
}

// release marks what is not asked for by itself.
func (l *Checklist) release(place Place) {
	there := func(k DocumentKind) bool {
		return slices.ContainsFunc(l.Lines, func(o ChecklistLine) bool { return o.Form.Kind == k && o.State == DocumentPresent })
	}
	for i := range l.Lines {
		line := &l.Lines[i]
		if line.State != DocumentUnsaid && line.State != DocumentAbsent {
			continue
		}
		stands := func(o ChecklistLine) bool { return o.Form.Instead == line.Form.Kind && there(o.Form.Kind) }
		switch {
		case !place.has(line.Form.Above):
			line.Released = NoSuchCommittee
		case slices.ContainsFunc(l.Lines, stands):
			line.Released = OtherInstead
		case line.Form.Instead != "":
			line.Released = OnlyInstead
		}
	}
}

// releaseKind marks one paper as not asked for.
func (l *Checklist) releaseKind(k DocumentKind, why DocumentWhy) {
	for i := range l.Lines {
		if line := &l.Lines[i]; line.Form.Kind == k && line.State != DocumentPresent {
			line.Released = why
		}
	}
}

// has tells whether a committee of a kind stands above the cell.
func (p Place) has(k OrgKind) bool {
	switch k {
	case SectionalCommittee:
		return p.HasSectional
	case GrassrootsCommittee:
		return p.HasGrassroots
	}
	return true
}

// redo tells whether a paper has served its time before the cell proposed: the certificate from its
// own day, the introductions and opinions from the day on which the dossier was complete (01-HD/TW
// 2021 and 06-HD/TW 2025, 5.4). A paper of a later day than the complete dossier was done again.
func (c Case) redo(st State, stage DossierStage, line ChecklistLine) (Rule, Date) {
	if line.Form.LastsBy == "" || line.State != DocumentPresent || stage != AdmissionDossier || st.Resolution != nil || st.Ends(stage) != nil {
		return Rule{}, Date{}
	}
	from := line.Dated
	if line.Form.LastsBy == DossierRedo {
		if st.Dossier == nil || line.Dated.After(st.Dossier.On) {
			return Rule{}, Date{}
		}
		from = st.Dossier.On
	}
	r, ok := c.Book.On(line.Form.LastsBy, c.Today)
	if !ok || from.IsZero() || !c.Today.After(from.AddMonths(r.Value)) {
		return Rule{}, Date{}
	}
	return r, from.AddMonths(r.Value).AddDays(1)
}

// namedBySteps gives the steps that name papers of a dossier.
func (c Case) namedBySteps() map[DocumentKind]Step {
	st, out := c.State(), map[DocumentKind]Step{}
	for kind, s := range map[DocumentKind]*Step{DocCertificate: st.Class, DocUnionResolution: st.Introduced, DocCellResolution: st.Resolution,
		DocGrassrootsResolution: st.Endorsed, DocAdmissionDecision: st.Decided, DocRecognitionResolution: st.RecognitionVote,
		DocRecognitionDecision: st.Recognised} {
		if s != nil && s.document().Number != "" {
			out[kind] = *s
		}
	}
	return out
}

// document gives the first paper of a step as a paper of the dossier.
func (s Step) document() Document {
	if len(s.Papers) == 0 {
		return Document{}
	}
	p := s.Papers[0]
	d := Document{State: DocumentPresent, Number: p.Number, Dated: p.Date, Issuer: p.Issuer}
	if d.Dated.IsZero() {
		d.Dated = s.On
	}
	return d
}

// Lacking gives the papers that should be there once a level has done its work.
func (l Checklist) Lacking(upTo DocumentLevel) []ChecklistLine {
	var out []ChecklistLine
	for _, line := range l.Lines {
		if line.Form.DueBy(upTo) && line.Lacks() {
			out = append(out, line)
		}
	}
	return out
}

// LettersWaiting counts the letters whose answer is awaited.
func (l Checklist) LettersWaiting() (n int) {
	for _, letter := range l.Letters {
		if letter.Waits() {
			n++
		}
	}
	return n
}

// Complete tells whether everything is there that a level needs, the answers to letters included.
func (l Checklist) Complete(upTo DocumentLevel) bool {
	return len(l.Lacking(upTo)) == 0 && l.LettersWaiting() == 0
}

// Count gives how many papers are there of those that are asked for.
func (l Checklist) Count() (have, asked int) {
	for _, line := range l.Lines {
		if line.Applies() {
			asked++
			if line.State == DocumentPresent {
				have++
			}
		}
	}
	return have, asked
}

// ToRedo gives the papers that must be done again.
func (l Checklist) ToRedo() []ChecklistLine {
	var out []ChecklistLine
	for _, line := range l.Lines {
		if line.Redo.ID != "" {
			out = append(out, line)
		}
	}
	return out
}

// DocumentMissing is the key of the condition that a paper is there.
const DocumentMissing = "gate.document.missing"

// Conditions names, for whoever records that the dossier is complete or votes on it, what is missing
// and what must be done again. They only warn: the paper may be there and not ticked.
func (l Checklist) Conditions(upTo DocumentLevel) []Condition {
	var out []Condition
	for _, line := range l.Lacking(upTo) {
		out = append(out, Condition{Rule: line.Form.Citation(), Key: DocumentMissing, Args: []any{"Code", line.Form.Code, "Title", line.Form.Title}, Outcome: NotMet})
	}
	for _, line := range l.ToRedo() {
		out = append(out, Condition{Rule: line.Redo, Key: "gate.document.redo", Args: []any{"Code", line.Form.Code, "Title", line.Form.Title, "From", line.RedoFrom}, Outcome: NotMet})
	}
	if n := l.LettersWaiting(); n > 0 {
		out = append(out, Condition{Key: "gate.document.letters", Args: []any{"Count", n}, Outcome: NotMet})
	}
	if len(out) == 0 && len(l.Lines) > 0 {
		out = append(out, Condition{Key: "gate.document.complete", Outcome: Met})
	}
	return out
}

// LetterDue gives the day by which an answer should have come, by the rule of the day on which it was
// sent; false where none is awaited or no rule says.
func (c Case) LetterDue(l Letter) (Date, Rule, bool) {
	if !l.Waits() {
		return Date{}, Rule{}, false
	}
	r, ok := c.Book.On(VerifyAnswer, l.SentOn)
	if !ok {
		return Date{}, r, false
	}
	return c.Calendar.AddWorkingDays(l.SentOn, r.Value), r, true
}
