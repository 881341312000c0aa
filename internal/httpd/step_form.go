package httpd

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/party"
)

// Bounds of what a step's form takes; they are also those of its fields on the page.
const (
	maxVotes = 9999
	maxWhy   = 1000
	// maxExtension bounds the working days of an extension; the rule says how many are allowed
	maxExtension = 365
	minPapers    = 2
	minVouched   = 3
	maxLines     = 20 // of papers or introducers on one form
	upperBody    = party.DeciderUpperStandingCommittee
	elsewhere    = "" // the class was held elsewhere
	answerYes    = "yes"
	answerNo     = "no"
	paperLines   = "paper"
)

// deciders are the bodies that may decide, in the order in which the form shows them.
var deciders = []string{upperBody, party.DeciderStandingCommittee, party.DeciderWholeCommittee}

// vouchers are who may introduce a candidate at the cell's vote.
var vouchers = []party.IntroducerKind{party.ByMember, party.ByYouthUnion, party.ByTradeUnion}

// overridable are the rules that an authorisation may set aside: those of conditions, not of clocks.
var overridable = []party.RuleID{party.AgeMin, party.AgeMax, party.EduMin, party.YouthMember, party.IntroCount, party.IntroMonths,
	party.DossierOrder, party.CertValid, party.DossierRedo, party.MentorCount, party.VoteBranch, party.VoteCommittee, party.BranchMin,
	party.DecideWho, party.ProbationLength}

// factReaders decode what each kind of step adds. The names of the fields are those of web/steps.
var factReaders = map[party.StepKind]func(*form) party.Facts{
	party.Introduced: func(f *form) party.Facts { return party.IntroductionFacts{Union: f.text("union", 200)} },
	party.Planned:    func(*form) party.Facts { return party.PlanningFacts{} },
	party.MentorAssigned: func(f *form) party.Facts {
		return party.MentorFacts{Name: f.required("name", 100), Instead: f.text("instead", 100), Reason: f.text("why", maxWhy)}
	},
	party.Remarked: func(f *form) party.Facts {
		progress := make([]string, len(party.Progresses))
		for i, p := range party.Progresses {
			progress[i] = string(p)
		}
		return party.RemarkFacts{Mentor: f.required("mentor", 100), Progress: party.Progress(f.choice("progress", progress...)), Note: f.text("note", 500)}
	},
	party.ClassResult: func(f *form) party.Facts {
		return party.ClassResultFacts{ClassID: f.id("class"), Passed: f.choice("passed", answerYes, answerNo) == answerYes, Grade: f.text("grade", 50)}
	},
	party.DossierComplete: func(f *form) party.Facts {
		return party.DossierFacts{AppliedOn: f.date("applied_on"), LifeHistoryOn: f.date("life_history_on"), VerifiedOn: f.date("verified_on")}
	},
	party.CellResolution: func(f *form) party.Facts {
		return party.CellVoteFacts{Vote: f.vote(), Adopted: f.choice("adopted", answerYes, answerNo) == answerYes, Introducers: f.introducers()}
	},
	party.Endorsed: func(f *form) party.Facts {
		members, _ := f.number("members", 0, maxVotes)
		inFavour, _ := f.number("in_favour", 0, maxVotes)
		return party.EndorsementFacts{Members: members, InFavour: inFavour}
	},
	party.Extended: func(f *form) party.Facts {
		return party.ExtensionFacts{Days: f.requiredNumber("days", 1, maxExtension), Reason: f.required("why", maxWhy)}
	},
	party.Decided: func(f *form) party.Facts {
		return party.DecisionFacts{Decider: f.choice("decider", deciders...), ReceivedOn: f.date("received_on")}
	},
	party.Ceremony: func(f *form) party.Facts {
		return party.CeremonyFacts{Place: f.text("place", 200), Occasion: f.occasion(), ReceivedOn: f.date("received_on")}
	},
	party.RecognitionResolution: func(f *form) party.Facts {
		return party.RecognitionVoteFacts{Vote: f.vote(), Adopted: f.choice("adopted", answerYes, answerNo) == answerYes}
	},
	party.RecognitionDecision: func(f *form) party.Facts {
		return party.RecognitionDecisionFacts{Decider: f.choice("decider", deciders...)}
	},
	party.Dropped: func(f *form) party.Facts { return party.DroppedFacts{Reason: f.required("why", maxWhy)} },
	party.Received: func(f *form) party.Facts {
		return party.ReceivedFacts{DecidedOn: f.date("decided_on"), JoinedOn: f.requiredDate("joined_on"), OfficialOn: f.date("official_on"),
			From: f.text("from", 200)}
	},
	party.Overridden: func(f *form) party.Facts {
		return party.OverriddenFacts{For: party.StepKind(f.choice("for", kindNames()...)), Rules: f.rules(), Reason: f.required("why", maxWhy)}
	},
}

// kindNames are the kinds that an authorisation may serve.
func kindNames() []string {
	var names []string
	for _, k := range party.StepKinds {
		if k != party.Overridden && k != party.Received && k != party.Dropped && k != party.Extended && k != party.Remarked {
			names = append(names, string(k))
		}
	}
	return names
}

// requiredNumber gives a whole number that may not be left out.
func (f *form) requiredNumber(name string, least, most int) int {
	before := len(f.refused)
	n, given := f.number(name, least, most)
	if !given && len(f.refused) == before {
		f.refuse(name, "errors.required")
	}
	return n
}

// occasion gives the anniversary or campaign of a ceremony.
func (f *form) occasion() party.Occasion {
	o := party.Occasion(f.typed("occasion"))
	if !slices.Contains(party.Occasions, o) {
		f.refuse("occasion", "errors.choice")
	}
	return o
}

func (f *form) vote() party.Vote {
	v := party.Vote{Official: f.requiredNumber("official", 0, maxVotes)}
	v.Away, _ = f.number("away", 0, maxVotes)
	v.ExemptAbsent, _ = f.number("exempt_absent", 0, maxVotes)
	v.Present, v.InFavour = f.requiredNumber("present", 0, maxVotes), f.requiredNumber("in_favour", 0, maxVotes)
	return v
}

// introducers gives the lines on which something was chosen or typed.
func (f *form) introducers() []party.Introducer {
	var list []party.Introducer
	for n := 1; n <= f.lines("_vouched", minVouched); n++ {
		name := func(field string) string { return fmt.Sprintf("intro%d_%s", n, field) }
		i := party.Introducer{Name: f.text(name("name"), 100), Since: f.date(name("since"))}
		if f.typed(name("kind")) == "" {
			if i != (party.Introducer{}) {
				f.refuse(name("kind"), "steps.error.introducer_kind")
			}
			continue
		}
		i.Kind = party.IntroducerKind(f.choice(name("kind"), string(party.ByMember), string(party.ByYouthUnion), string(party.ByTradeUnion)))
		if i.Kind == party.ByMember && i.Name == "" {
			f.refuse(name("name"), "steps.error.introducer_name")
		}
		list = append(list, i)
	}
	return list
}

func (f *form) rules() []party.RuleID {
	var list []party.RuleID
	for _, value := range f.values["rules"] {
		if !slices.Contains(overridable, party.RuleID(value)) {
			f.refuse("rules", "errors.choice")
			return nil
		}
		list = append(list, party.RuleID(value))
	}
	if len(list) == 0 {
		f.refuse("rules", "steps.error.rules_missing")
	}
	return list
}

// papers gives the papers of which anything was typed.
func (f *form) papers() []party.Paper {
	var list []party.Paper
	for n := 1; n <= f.lines("_papers", minPapers); n++ {
		if p := f.paper(n); p != (party.Paper{}) {
			list = append(list, p)
		}
	}
	return list
}

func (f *form) paper(n int) party.Paper {
	name := func(field string) string { return paperLines + strconv.Itoa(n) + "_" + field }
	return party.Paper{Form: f.text(name("form"), 20), Number: f.text(name("number"), 50), Date: f.date(name("date")), Issuer: f.text(name("issuer"), 200)}
}

// lines reads how many lines of papers or introducers the form that was sent had room for.
func (f *form) lines(name string, least int) int {
	n, err := strconv.Atoi(f.values.Get(name))
	if err != nil {
		return least
	}
	return max(least, min(n, maxLines))
}

// typedStep gives everything as it was typed, for the form that is shown again.
func typedStep(f *form) map[string]string {
	values := make(map[string]string, len(f.values))
	for name, list := range f.values {
		if !strings.HasPrefix(name, "_") && len(list) > 0 {
			values[name] = list[0]
		}
	}
	return values
}

// storedStep gives a recorded step as its form would be typed, for a correction.
func storedStep(st party.Step) map[string]string {
	v := map[string]string{"on": st.On.Vietnamese()}
	for i, p := range st.Papers {
		at := paperLines + strconv.Itoa(i+1) + "_"
		v[at+"form"], v[at+"number"], v[at+"date"], v[at+"issuer"] = p.Form, p.Number, typedDate(p.Date), p.Issuer
	}
	switch f := st.Facts.(type) {
	case party.IntroductionFacts:
		v["union"] = f.Union
	case party.MentorFacts:
		v["name"], v["instead"], v["why"] = f.Name, f.Instead, f.Reason
	case party.RemarkFacts:
		v["mentor"], v["progress"], v["note"] = f.Mentor, string(f.Progress), f.Note
	case party.ClassResultFacts:
		v["class"], v["passed"], v["grade"] = typedID(f.ClassID), yesOrNo(f.Passed), f.Grade
	case party.DossierFacts:
		v["applied_on"], v["life_history_on"], v["verified_on"] = typedDate(f.AppliedOn), typedDate(f.LifeHistoryOn), typedDate(f.VerifiedOn)
	case party.CellVoteFacts:
		storeVote(v, f.Vote, f.Adopted)
		storeIntroducers(v, f.Introducers)
	case party.EndorsementFacts:
		v["members"], v["in_favour"] = typedNumber(f.Members), typedNumber(f.InFavour)
	case party.ExtensionFacts:
		v["days"], v["why"] = strconv.Itoa(f.Days), f.Reason
	case party.DecisionFacts:
		v["decider"], v["received_on"] = f.Decider, typedDate(f.ReceivedOn)
	case party.CeremonyFacts:
		v["place"], v["occasion"], v["received_on"] = f.Place, string(f.Occasion), typedDate(f.ReceivedOn)
	case party.RecognitionVoteFacts:
		storeVote(v, f.Vote, f.Adopted)
	case party.RecognitionDecisionFacts:
		v["decider"] = f.Decider
	case party.DroppedFacts:
		v["why"] = f.Reason
	case party.ReceivedFacts:
		v["decided_on"], v["joined_on"], v["official_on"], v["from"] = typedDate(f.DecidedOn), typedDate(f.JoinedOn), typedDate(f.OfficialOn), f.From
	case party.OverriddenFacts:
		v["for"], v["why"] = string(f.For), f.Reason
	}
	return v
}

func storeVote(v map[string]string, vote party.Vote, adopted bool) {
	v["official"], v["present"], v["in_favour"] = strconv.Itoa(vote.Official), strconv.Itoa(vote.Present), strconv.Itoa(vote.InFavour)
	v["away"], v["exempt_absent"] = typedNumber(vote.Away), typedNumber(vote.ExemptAbsent)
	v["adopted"] = yesOrNo(adopted)
}

func storeIntroducers(v map[string]string, list []party.Introducer) {
	for n, i := range list {
		at := fmt.Sprintf("intro%d_", n+1)
		v[at+"kind"], v[at+"name"], v[at+"since"] = string(i.Kind), i.Name, typedDate(i.Since)
	}
}

func typedDate(d party.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Vietnamese()
}

func typedNumber(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func typedID(id int64) string {
	if id == 0 {
		return elsewhere
	}
	return strconv.FormatInt(id, 10)
}

// yesOrNo writes a yes or no as the radios send it.
func yesOrNo(yes bool) string {
	if yes {
		return answerYes
	}
	return answerNo
}

func storedRules(facts party.Facts) []string {
	f, ok := facts.(party.OverriddenFacts)
	if !ok {
		return nil
	}
	var list []string
	for _, r := range f.Rules {
		list = append(list, string(r))
	}
	return list
}
