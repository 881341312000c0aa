package httpd

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"ketnap/internal/class"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/web/achievements"
	"ketnap/web/assessments"
	"ketnap/web/cases"
	"ketnap/web/documents"
	"ketnap/web/exemptions"
	"ketnap/web/person"
	"ketnap/web/tasks"
	"ketnap/web/transfers"
	"ketnap/web/ui"
)

func stepPath(id int64, k party.StepKind) string { return personPath(id) + "/steps/" + string(k) }

func (s *site) showPerson(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := pathID(r, "id")
	if err != nil {
		return err
	}
	rec, err := s.People.Open(ctx, viewerOf(r), id)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	classes, err := s.Classes.Lookup(ctx, viewerOf(r), classesOf(rec)...)
	if err != nil {
		return err
	}
	acts, err := s.actsBehind(r, rec)
	if err != nil {
		return err
	}
	moved, moves, err := s.transferSection(r, rec)
	if err != nil {
		return err
	}
	for step, pair := range moves {
		acts[step] = pair
	}
	dossier, err := s.dossierSection(r, &rec)
	if err != nil {
		return err
	}
	view := person.View{Name: rec.Fields.FullName, Place: placeOf(tree, rec.Path), Stage: rec.State.Stage, Since: rec.State.Since,
		Path: pathOf(ctx, rec), Next: s.nextOf(ctx, rec), Dates: datesOf(ctx, rec), Data: dataOf(ctx, rec.Fields),
		Events: eventsOf(ctx, rec, classes, acts), Notice: queryOnly(r)}
	if view.Events, err = s.withPassages(r, rec, view.Events); err != nil {
		return err
	}
	if rec.Sensitive {
		view.Sensitive = sensitiveOf(ctx, rec.Fields)
	}
	if rec.MayEdit {
		view.Edit = personPath(rec.ID) + "/edit"
	}
	view.Act, view.Others = actsOf(ctx, rec)
	if moved != nil {
		view.Sections = append(view.Sections, transfers.Section(*moved))
	}
	leaving, err := s.caseSection(r, rec)
	if err != nil {
		return err
	}
	if leaving != nil {
		view.Sections = append(view.Sections, cases.Section(*leaving))
	}
	years, err := s.assessmentSection(r, rec)
	if err != nil {
		return err
	}
	if years != nil {
		view.Sections = append(view.Sections, assessments.Section(*years))
	}
	given, err := s.taskSection(r, rec)
	if err != nil {
		return err
	}
	if given != nil {
		view.Sections = append(view.Sections, tasks.Section(*given))
	}
	released, err := s.exemptionSection(r, rec)
	if err != nil {
		return err
	}
	if released != nil {
		view.Sections = append(view.Sections, exemptions.Section(*released))
	}
	merits, err := s.Achievements.Of(ctx, viewerOf(r), rec.ID)
	if err != nil {
		return err
	}
	if dossier != nil {
		view.Sections = append(view.Sections, documents.Section(*dossier))
	}
	view.Sections = append(view.Sections, achievements.Section(recordView(ctx, merits, false)))
	page := s.pageOf(r, "person.title").Titled(rec.Fields.FullName).Under(s.personCrumbs(r, nil)...)
	return render(w, r, http.StatusOK, person.One(page, view))
}

// openPerson gives the person whom a form speaks of.
func (s *site) openPerson(r *http.Request) (people.Record, error) {
	id, err := pathID(r, "id")
	if err != nil {
		return people.Record{}, err
	}
	return s.People.OpenAgain(r.Context(), viewerOf(r), id)
}

// personCrumbs lead to a person, or with one, to his forms.
func (s *site) personCrumbs(r *http.Request, rec *people.Record) []ui.Crumb {
	var crumbs []ui.Crumb
	if s.paths["/people"] {
		crumbs = append(crumbs, ui.Crumb{Label: ui.T(r.Context(), "nav.people"), Href: "/people"})
	}
	if rec != nil {
		crumbs = append(crumbs, ui.Crumb{Label: rec.Fields.FullName, Href: personPath(rec.ID)})
	}
	return crumbs
}

// placeOf names the cell and what stands above it, the nearest first.
func placeOf(tree *organisation.Snapshot, path []int32) string {
	var names []string
	for _, id := range slices.Backward(path) {
		if o, ok := tree.Of(id); ok {
			names = append(names, o.Name)
		}
	}
	return strings.Join(names, ", ")
}

func classesOf(rec people.Record) []int64 {
	var ids []int64
	for _, st := range rec.Steps {
		if f, ok := st.Facts.(party.ClassResultFacts); ok && f.ClassID != 0 {
			ids = append(ids, f.ClassID)
		}
	}
	return ids
}

// actsOf gives the awaited step as the first thing to do, where the viewer may record it, and the
// other steps that can still come.
func actsOf(ctx context.Context, rec people.Record) (act *ui.LinkView, others []ui.LinkView) {
	for _, k := range rec.Kinds {
		link := ui.LinkView{Label: stepName(ctx, k), Href: stepPath(rec.ID, k)}
		switch {
		case k == rec.Next:
			act = &ui.LinkView{Label: ui.T(ctx, "person.record", "Kind", link.Label), Href: link.Href, Icon: ui.IconPlus}
		case rec.State.Fits(k):
			others = append(others, link)
		}
	}
	return act, others
}

// pathOf gives the milestones of the usual way. One that was not taken although a later one stands
// counts as left out.
func pathOf(ctx context.Context, rec people.Record) []ui.StepItem {
	var items []ui.StepItem
	last := -1
	for _, k := range party.Path {
		if k == party.Endorsed && !rec.Place.HasGrassroots && rec.State.Endorsed == nil {
			continue
		}
		item := ui.StepItem{Label: stepName(ctx, k), State: ui.StepToDo, Date: reachedOn(rec.State, k)}
		if !item.Date.IsZero() {
			item.State, last = ui.StepDone, len(items)
		} else if k == rec.Next {
			item.State = ui.StepCurrent
		}
		items = append(items, item)
	}
	for i := range items[:last+1] {
		if items[i].State == ui.StepToDo {
			items[i].State = ui.StepSkipped
		}
	}
	return items
}

// reachedOn gives the day of the step of a kind that holds; for a member who was received, the day
// he joined and the day he became official.
func reachedOn(st party.State, k party.StepKind) party.Date {
	if step := st.Of(k); step != nil {
		return step.On
	}
	switch {
	case k == party.Ceremony:
		return st.JoinedOn
	case k == party.RecognitionDecision:
		return st.OfficialOn
	}
	return party.Date{}
}

// nextOf tells what the awaited step asks for; nil when the way is at its end.
func (s *site) nextOf(ctx context.Context, rec people.Record) *person.NextView {
	if rec.Next == "" {
		return nil
	}
	kind := stepName(ctx, rec.Next)
	v := person.NextView{Title: ui.T(ctx, "person.next", "Kind", kind), Lead: ui.T(ctx, "person.next_ready"),
		Conditions: conditionsOf(ctx, rec.Verdict, helpFor(ctx, rec))}
	if n := len(rec.Verdict.Refusals()); n > 0 {
		v.Lead = ui.T(ctx, "person.next_missing", "Count", n)
	} else if len(rec.Verdict.Warnings()) > 0 {
		v.Lead = ui.T(ctx, "person.next_asks")
	}
	if d := rec.Deadline; !d.Due.IsZero() {
		late := d.Due.Before(s.Today())
		v.Deadline = &person.DeadlineView{Late: late, Citation: citationOf(ctx, d.Rule),
			Why: ui.T(ctx, "person.deadline.from", "Rule", ruleName(ctx, d.Rule.ID), "From", d.From, "Span", spanOf(ctx, d.Rule))}
		days := s.Today().DaysSince(d.Due)
		switch {
		case late:
			v.Deadline.Text = ui.T(ctx, "person.deadline.late", "Kind", kind, "Due", d.Due, "Count", days)
		default:
			v.Deadline.Text = ui.T(ctx, "person.deadline.due", "Kind", kind, "Due", d.Due, "Count", -days)
		}
	}
	return &v
}

// datesOf gives the days that must not be taken for one another.
func datesOf(ctx context.Context, rec people.Record) []ui.Pair {
	st := rec.State
	decided := reachedOn(st, party.Decided)
	if st.Received != nil && decided.IsZero() {
		if f, ok := st.Received.Facts.(party.ReceivedFacts); ok {
			decided = f.DecidedOn
		}
	}
	official := ui.Date(ctx, st.OfficialOn)
	if st.OfficialOn.IsZero() && !st.ProbationEndsOn.IsZero() {
		official = ui.T(ctx, "person.date.official_later", "Date", st.ProbationEndsOn)
	}
	pair := func(key string, d party.Date) ui.Pair { return ui.Pair{Label: ui.T(ctx, key), Text: ui.Date(ctx, d)} }
	return []ui.Pair{
		pair("person.date.resolution", reachedOn(st, party.CellResolution)),
		pair("person.date.decision", decided),
		pair("person.date.joined", st.JoinedOn),
		{Label: ui.T(ctx, "person.date.official"), Text: official},
		{Label: ui.T(ctx, "person.date.recognised"), Text: ui.Date(ctx, recognisedOn(st))},
		pair("person.date.party_age", st.PartyAgeFrom),
	}
}

func recognisedOn(st party.State) party.Date {
	if st.Recognised == nil {
		return party.Date{}
	}
	return st.Recognised.On
}

func dataOf(ctx context.Context, f people.Fields) []ui.Pair {
	var pairs []ui.Pair
	add := func(key, text string) {
		if text != "" {
			pairs = append(pairs, ui.Pair{Label: ui.T(ctx, key), Text: text})
		}
	}
	day := func(d party.Date) string {
		if d.IsZero() {
			return ""
		}
		return ui.Date(ctx, d)
	}
	choice := func(prefix, value string) string {
		if value == "" {
			return ""
		}
		return ui.T(ctx, prefix+value)
	}
	add("people.fields.other_name", f.OtherName)
	add("people.fields.birth_date", day(f.BirthDate))
	add("people.fields.sex", choice("people.sexes.", f.Sex))
	add("people.fields.category", choice("category.", string(f.Category)))
	add("people.fields.class_name", f.ClassName)
	add("people.fields.student_no", f.StudentNo)
	add("people.fields.faculty", f.Faculty)
	add("people.fields.education", choice("education.", string(f.Education)))
	add("people.fields.union_joined_on", day(f.UnionJoinedOn))
	add("people.fields.birth_place", f.BirthPlace)
	add("people.fields.origin", f.Origin)
	add("people.fields.address", f.Address)
	add("people.fields.phone", f.Phone)
	add("people.fields.email", f.Email)
	add("people.fields.card_no", f.CardNo)
	add("people.fields.file_no", f.FileNo)
	return pairs
}

func sensitiveOf(ctx context.Context, f people.Fields) []ui.Pair {
	return []ui.Pair{
		{Label: ui.T(ctx, "people.fields.ethnicity"), Text: f.Ethnicity},
		{Label: ui.T(ctx, "people.fields.religion"), Text: f.Religion},
		{Label: ui.T(ctx, "people.fields.personal_no"), Text: f.PersonalNo},
	}
}

// eventsOf gives the time line, the newest first. A voided step stays, with who voided it and why;
// the voiding itself is no line of its own. acts are the acts for many that a step came from.
func eventsOf(ctx context.Context, rec people.Record, classes map[int64]class.Class, acts map[int64]ui.Pair) []ui.TimelineEvent {
	byID := map[int64]people.RecordedStep{}
	for _, st := range rec.Steps {
		byID[st.ID] = st
	}
	steps := slices.Clone(rec.Steps)
	slices.SortStableFunc(steps, func(a, b people.RecordedStep) int {
		if c := b.On.Compare(a.On); c != 0 {
			return c
		}
		return int(b.Seq - a.Seq)
	})
	again := party.Readmissions(plainSteps(rec))
	var events []ui.TimelineEvent
	for _, st := range steps {
		if st.Kind == party.Voided {
			continue
		}
		e := ui.TimelineEvent{ID: fmt.Sprintf("step-%d", st.ID), Date: st.On, Title: titleOf(ctx, st.Step),
			Facts: append(factsOf(ctx, st.Facts, classes), papersOf(ctx, st.Papers)...), Recorded: recordedOf(ctx, st, byID)}
		if again[st.ID] {
			e.Title = ui.T(ctx, "steps.again."+string(st.Kind))
		}
		if act, ok := acts[st.ID]; ok {
			e.Facts = append(e.Facts, act)
		}
		if void, ok := byID[st.VoidedBy]; ok {
			e.Voided = voidedOf(ctx, void)
		} else if st.MayVoid {
			at := fmt.Sprintf("%s/steps/%d", personPath(rec.ID), st.ID)
			if slices.Contains(party.StepKinds, st.Kind) {
				e.Actions = []ui.LinkView{{Label: ui.T(ctx, "person.correct"), Href: at + "/correct"}}
			}
			e.Actions = append(e.Actions, ui.LinkView{Label: ui.T(ctx, "person.void"), Href: at + "/void"})
		}
		events = append(events, e)
	}
	return events
}

func plainSteps(rec people.Record) []party.Step {
	out := make([]party.Step, len(rec.Steps))
	for i, st := range rec.Steps {
		out[i] = st.Step
	}
	return out
}

func recordedOf(ctx context.Context, st people.RecordedStep, byID map[int64]people.RecordedStep) string {
	text := ui.T(ctx, "person.recorded", "By", st.By, "At", ui.Moment(ctx, st.At))
	if old, ok := byID[st.CorrectsID]; ok {
		text += " " + ui.T(ctx, "person.replaces", "On", old.On)
	}
	return text
}

func voidedOf(ctx context.Context, void people.RecordedStep) string {
	reason := ""
	if f, ok := void.Facts.(party.VoidedFacts); ok {
		reason = f.Reason
	}
	text := ui.T(ctx, "person.voided", "By", void.By, "At", ui.Moment(ctx, void.At), "Reason", reason)
	for _, p := range void.Papers {
		text += " " + ui.T(ctx, "person.voided_paper", "Paper", paperText(ctx, p))
	}
	return text
}
