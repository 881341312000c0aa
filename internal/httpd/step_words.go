package httpd

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/class"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/web/ui"
)

// conditionsOf puts a gate's answer into words, what is missing first. help gives the way to do
// something about a condition; nil is none.
func conditionsOf(ctx context.Context, v party.Verdict, help func(party.Condition) *ui.LinkView) []ui.Condition {
	var list []ui.Condition
	for _, c := range v.Conditions {
		out := ui.Condition{State: stateOf(c), Text: conditionText(ctx, c), Citation: citationOf(ctx, c.Rule), MetOn: c.MetOn}
		if c.Allowed {
			out.Text += " " + ui.T(ctx, "gate.allowed")
		}
		if help != nil && c.Outcome != party.Met {
			out.Action = help(c)
		}
		list = append(list, out)
	}
	weight := map[ui.ConditionState]int{ui.NotMet: 0, ui.Warns: 1, ui.Unknown: 2, ui.Met: 3}
	slices.SortStableFunc(list, func(a, b ui.Condition) int { return weight[a.State] - weight[b.State] })
	return list
}

func stateOf(c party.Condition) ui.ConditionState {
	switch {
	case c.Outcome == party.Met:
		return ui.Met
	case c.Outcome == party.NotKnown && c.Rule.ID != "":
		return ui.Unknown
	case c.Refuses && !c.Allowed:
		return ui.NotMet
	}
	return ui.Warns
}

// conditionText gives the words of a condition: another sentence where it is met than where not,
// if there is one.
func conditionText(ctx context.Context, c party.Condition) string {
	key := c.Key
	if met := key + "_met"; c.Outcome == party.Met && ui.Has(met) {
		key = met
	}
	args := slices.Clone(c.Args)
	for i := 0; i+1 < len(args); i += 2 {
		if body, ok := args[i+1].(string); ok && args[i] == "Body" {
			args[i+1] = bodyName(ctx, body)
		}
	}
	return ui.T(ctx, key, args...)
}

// citationOf names where a rule was read and how well it is known.
func citationOf(ctx context.Context, r party.Rule) string {
	if r.Document == "" {
		return ""
	}
	return ui.T(ctx, "gate.citation."+string(r.Confidence), "Document", r.Document, "Clause", r.Clause)
}

// spanOf writes a rule's value with its unit.
func spanOf(ctx context.Context, r party.Rule) string {
	if r.Unit == party.NoUnit || r.Unit == party.Share {
		return ""
	}
	return ui.T(ctx, "rule.unit."+string(r.Unit), "Count", r.Value)
}

// helpFor leads from a condition to what mends it, as far as the viewer may.
func helpFor(ctx context.Context, rec people.Record) func(party.Condition) *ui.LinkView {
	return func(c party.Condition) *ui.LinkView {
		if strings.HasSuffix(c.Key, ".unknown") && rec.MayEdit {
			return &ui.LinkView{Label: ui.T(ctx, "person.complete"), Href: personPath(rec.ID) + "/edit"}
		}
		if strings.HasPrefix(c.Key, "gate.document.") || strings.HasPrefix(c.Key, "gate.readmit.consent") {
			return &ui.LinkView{Label: ui.T(ctx, "documents.title"), Href: dossierPath(rec.ID, party.AdmissionDossier)}
		}
		if c.Key != "gate.needs" && c.Key != "gate.not_introduced" {
			return nil
		}
		kind := party.Introduced
		for i := 0; i+1 < len(c.Args); i += 2 {
			if k, ok := c.Args[i+1].(party.StepKind); ok {
				kind = k
			}
		}
		if !slices.Contains(rec.Kinds, kind) {
			return nil
		}
		return &ui.LinkView{Label: ui.T(ctx, "person.record", "Kind", stepName(ctx, kind)), Href: stepPath(rec.ID, kind)}
	}
}

// titleOf names a step as it went: a vote that failed is not a proposal.
func titleOf(ctx context.Context, st party.Step) string {
	switch f := st.Facts.(type) {
	case party.CellVoteFacts:
		if !f.Adopted {
			return ui.T(ctx, "steps.failed.cell_resolution")
		}
	case party.RecognitionVoteFacts:
		if !f.Adopted {
			return ui.T(ctx, "steps.failed.recognition_resolution")
		}
	case party.ClassResultFacts:
		if !f.Passed {
			return ui.T(ctx, "steps.failed.class_result")
		}
	}
	return stepName(ctx, st.Kind)
}

// pairList gathers label and value pairs, leaving out what is not known.
type pairList struct {
	ctx   context.Context
	pairs []ui.Pair
}

func (l *pairList) text(key, text string) {
	if text != "" {
		l.pairs = append(l.pairs, ui.Pair{Label: ui.T(l.ctx, key), Text: text})
	}
}

func (l *pairList) day(key string, d party.Date) {
	if !d.IsZero() {
		l.text(key, ui.Date(l.ctx, d))
	}
}

func (l *pairList) number(key string, n int) {
	if n != 0 {
		l.text(key, strconv.Itoa(n))
	}
}

func (l *pairList) vote(v party.Vote) {
	l.text("steps.votes", ui.T(l.ctx, "steps.votes_text", "InFavour", v.InFavour, "Official", v.Official, "Present", v.Present))
	l.number("steps.away", v.Away)
	l.number("steps.exempt_absent", v.ExemptAbsent)
}

// factsOf puts what a step adds into words.
func factsOf(ctx context.Context, facts party.Facts, classes map[int64]class.Class) []ui.Pair {
	l := &pairList{ctx: ctx}
	switch f := facts.(type) {
	case party.IntroductionFacts:
		l.text("steps.union", f.Union)
	case party.MentorFacts:
		l.text("steps.mentor", f.Name)
		l.text("steps.instead", f.Instead)
		l.text("steps.instead_why", f.Reason)
	case party.RemarkFacts:
		l.text("steps.remark_mentor", f.Mentor)
		l.text("steps.progress", ui.T(ctx, "steps.progress_"+string(f.Progress)))
		l.text("steps.note", f.Note)
	case party.ClassResultFacts:
		l.text("steps.class", className(ctx, f.ClassID, classes))
		l.text("steps.grade", f.Grade)
	case party.DossierFacts:
		l.day("steps.applied_on", f.AppliedOn)
		l.day("steps.life_history_on", f.LifeHistoryOn)
		l.day("steps.verified_on", f.VerifiedOn)
	case party.CellVoteFacts:
		l.vote(f.Vote)
		l.text("steps.introducers", introducersText(ctx, f.Introducers))
	case party.EndorsementFacts:
		if f.Members > 0 {
			l.text("steps.votes", ui.T(ctx, "steps.committee_text", "InFavour", f.InFavour, "Members", f.Members))
		}
	case party.ExtensionFacts:
		l.text("steps.days", ui.T(ctx, "rule.unit.working_days", "Count", f.Days))
		l.text("steps.extended_why", f.Reason)
	case party.DecisionFacts:
		l.text("steps.decider", bodyName(ctx, f.Decider))
		l.day("steps.received_on", f.ReceivedOn)
	case party.CeremonyFacts:
		l.text("steps.place", f.Place)
		if f.Occasion != party.NoOccasion {
			l.text("steps.occasion", occasionName(ctx, f.Occasion))
		}
		l.day("steps.received_on", f.ReceivedOn)
	case party.RecognitionVoteFacts:
		l.vote(f.Vote)
	case party.RecognitionDecisionFacts:
		l.text("steps.decider", bodyName(ctx, f.Decider))
	case party.DroppedFacts:
		l.text("steps.dropped_why", f.Reason)
	case party.ReceivedFacts:
		l.day("steps.decided_on", f.DecidedOn)
		l.day("steps.joined_on", f.JoinedOn)
		l.day("steps.official_on", f.OfficialOn)
		l.text("steps.from", f.From)
	case party.LeftFacts:
		l.text("cases.way", wayName(ctx, f.Way))
		if f.Ground != "" {
			l.text("cases.ground", ruleName(ctx, f.Ground))
		}
		l.text("steps.decider", bodyName(ctx, f.Decider))
	case party.RemovalVoteFacts:
		l.vote(f.Vote)
	case party.RestoredFacts:
		l.text("cases.reason", f.Reason)
	case party.OverriddenFacts:
		l.text("steps.for", stepName(ctx, f.For))
		l.text("steps.rules", rulesText(ctx, f.Rules))
		l.text("steps.override_why", f.Reason)
	}
	return l.pairs
}

func className(ctx context.Context, id int64, classes map[int64]class.Class) string {
	if id == 0 {
		return ui.T(ctx, "steps.class_elsewhere")
	}
	if c, ok := classes[id]; ok {
		return classLabel(ctx, c)
	}
	return ""
}

func classLabel(ctx context.Context, c class.Class) string {
	return ui.T(ctx, "steps.class_label", "Number", c.Number, "Title", c.Title, "Ends", c.Ends)
}

func bodyName(ctx context.Context, body string) string {
	if body == "" {
		return ""
	}
	if key := "steps.body." + body; ui.Has(key) {
		return ui.T(ctx, key)
	}
	return body
}

// occasionName gives the words of an occasion; for none, that there is none.
func occasionName(ctx context.Context, o party.Occasion) string {
	if o == party.NoOccasion {
		return ui.T(ctx, "steps.occasion_none")
	}
	return ui.T(ctx, "steps.occasion_"+string(o))
}

// occasionChoice offers the occasions of a ceremony.
func occasionChoice(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, o := range party.Occasions {
		out = append(out, ui.Option{Value: string(o), Label: occasionName(ctx, o)})
	}
	return out
}

func introducersText(ctx context.Context, list []party.Introducer) string {
	var parts []string
	for _, i := range list {
		part := i.Name
		if i.Kind != party.ByMember {
			part = ui.T(ctx, "steps.voucher."+string(i.Kind))
			if i.Name != "" {
				part += " (" + i.Name + ")"
			}
		} else if !i.Since.IsZero() {
			part = ui.T(ctx, "steps.introducer_text", "Name", i.Name, "Since", i.Since)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

func rulesText(ctx context.Context, rules []party.RuleID) string {
	var names []string
	for _, r := range rules {
		names = append(names, ruleName(ctx, r))
	}
	return strings.Join(names, "; ")
}

func ruleName(ctx context.Context, r party.RuleID) string {
	return ui.T(ctx, "rule."+string(r)+".name")
}

func papersOf(ctx context.Context, papers []party.Paper) []ui.Pair {
	var pairs []ui.Pair
	for _, p := range papers {
		pairs = append(pairs, ui.Pair{Label: ui.T(ctx, "paper.label"), Text: paperText(ctx, p)})
	}
	return pairs
}

func paperText(ctx context.Context, p party.Paper) string {
	var parts []string
	for _, part := range []string{p.Form, p.Number} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if !p.Date.IsZero() {
		parts = append(parts, ui.T(ctx, "paper.dated", "Date", p.Date))
	}
	if p.Issuer != "" {
		parts = append(parts, p.Issuer)
	}
	return strings.Join(parts, ", ")
}
