package httpd

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"ketnap/internal/access"
	"ketnap/internal/decision"
	"ketnap/internal/departure"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/people"
	"ketnap/web/cases"
	"ketnap/web/ui"
)

func (s *site) showCase(w http.ResponseWriter, r *http.Request) error {
	return s.renderCase(w, r, http.StatusOK, nil, nil)
}

func (s *site) caseOf(r *http.Request) (departure.Opened, *organisation.Snapshot, error) {
	id, err := pathID(r, "id")
	if err != nil {
		return departure.Opened{}, nil, err
	}
	c, err := s.Departures.Get(r.Context(), viewerOf(r), id)
	if err != nil {
		return c, nil, err
	}
	tree, err := s.Organisations.Snapshot(r.Context())
	return c, tree, err
}

func (s *site) renderCase(w http.ResponseWriter, r *http.Request, status int, sent *form, refusal error) error {
	ctx := r.Context()
	c, tree, err := s.caseOf(r)
	if err != nil {
		return err
	}
	view := cases.OneView{Caption: wayName(ctx, c.Way), Title: c.Name, Tag: caseTag(ctx, c.Case), Pairs: casePairs(ctx, tree, c),
		Links: []ui.LinkView{{Label: ui.T(ctx, "cases.person"), Href: personPath(c.PersonID), Icon: ui.IconPerson},
			{Label: ui.T(ctx, "cases.print"), Href: casePath(c.ID) + "/proposal", Icon: ui.IconPrint}},
		Form: ui.FormView{Action: casePath(c.ID), Key: newKey(), Version: c.Version, Errors: ui.ErrorsOf(ctx, refusal)}}
	if v, refused := people.Refusal(refusal); refused {
		view.Form.Errors = refusalsOf(ctx, v)
	}
	if c.State.Open() {
		view.Conditions = conditionsOf(ctx, c.Verdict, nil)
	}
	view.Notes = caseNotes(ctx, c)
	for _, a := range c.Acts {
		view.Acts = append(view.Acts, caseAct(ctx, a))
	}
	if len(c.Next) > 0 && !slices.Contains(c.May, c.Next[0]) {
		view.Waits = ui.T(ctx, "cases.waits", "What", ui.T(ctx, "cases.act."+string(c.Next[0])))
	}
	if err := s.fillCaseForm(r, tree, c, sent, &view); err != nil {
		return err
	}
	page := s.pageOf(r, "cases.title").Titled(view.Title).WithErrors(view.Form.Errors).Under(casesCrumb(ctx))
	return render(w, r, status, cases.One(page, view))
}

// caseNotes tells what the state alone does not: that the member is one again, how often the cell voted,
// and that the committee above decides.
func caseNotes(ctx context.Context, c departure.Opened) []string {
	var out []string
	if c.State == party.CaseTakenBack {
		out = append(out, ui.T(ctx, "cases.taken_back"))
	}
	if c.State.Open() && c.FailedVotes > 0 {
		out = append(out, ui.T(ctx, "cases.failed_votes", "Count", c.FailedVotes))
	}
	if (c.State == party.CaseOpened || c.State == party.CaseFailed) && c.Way.Votes() && c.Next[0] != party.CaseVoted {
		out = append(out, ui.T(ctx, "cases.above"))
	}
	return out
}

func caseAct(ctx context.Context, a departure.Act) cases.Act {
	out := cases.Act{What: ui.T(ctx, "cases.states."+string(a.What)), On: ui.Date(ctx, a.On), Words: a.Words, By: a.By}
	switch {
	case a.Members == 0:
	case a.What == party.CaseVoted || a.What == party.CaseFailed:
		out.Votes = ui.T(ctx, "cases.cell_votes", "InFavour", a.InFavour, "Members", a.Members)
	default:
		out.Votes = ui.T(ctx, "steps.committee_text", "InFavour", a.InFavour, "Members", a.Members)
	}
	if a.TakenBack {
		out.What = ui.T(ctx, "cases.act_taken_back", "What", out.What)
	}
	if a.DecisionID != 0 {
		out.Decision = &ui.LinkView{Label: ui.T(ctx, "decisions.numbered", "Number", a.Printed), Href: decisionPath(a.DecisionID)}
	}
	return out
}

func casePairs(ctx context.Context, tree *organisation.Snapshot, c departure.Opened) []ui.Pair {
	l := &pairList{ctx: ctx}
	l.text("cases.org", placeName(tree, c.OrgID))
	l.day("cases.opened_on", c.OpenedOn)
	if c.Ground != "" {
		l.text("cases.ground", ruleName(ctx, c.Ground))
	}
	if c.Circumstance != party.CircumstanceNone {
		l.text("cases.about", ui.T(ctx, "cases.circumstance."+string(c.Circumstance)))
	}
	l.text("cases.reason", c.Reason)
	if c.Way == party.WayRemoved || c.Way == party.WayExpelled {
		l.text("cases.evidence", ui.T(ctx, "cases.silent", "Count", c.Silent))
		l.text("cases.evidence_rated", ui.T(ctx, "cases.rated", "Count", c.Rated))
	}
	if !c.AppealBy.IsZero() {
		l.text("cases.appeal", ui.T(ctx, "cases.appeal_until", "On", c.AppealBy)+" "+citationOf(ctx, c.Appeal))
	}
	return l.pairs
}

// fillCaseForm offers what the viewer may do now; the fields are those of the act that goes on.
func (s *site) fillCaseForm(r *http.Request, tree *organisation.Snapshot, c departure.Opened, sent *form, view *cases.OneView) error {
	ctx, errs := r.Context(), view.Form.Errors
	if len(c.May) == 0 {
		return nil
	}
	value := func(name, usual string) string {
		if sent != nil {
			return sent.typed(name)
		}
		return usual
	}
	view.On = ui.Field{Name: "on", Label: ui.T(ctx, "cases.on"), Value: value("on", s.Today().Vietnamese()), Error: errs.For("on"), Width: ui.Short}
	view.Words = ui.TextAreaField{Field: ui.Field{Name: "words", Label: ui.T(ctx, "cases.words"), Hint: ui.T(ctx, "cases.words_hint"), Optional: true,
		Value: value("words", ""), Error: errs.For("words")}, Rows: 2}
	next := c.May[0]
	if chosen := party.CaseState(value("do", queryText(r, "do"))); slices.Contains(c.May, chosen) && chosen != party.CaseClosed {
		next = chosen
	}
	known := map[string]string{}
	if next == party.CaseVoted {
		var err error
		if known, err = s.rollValues(r, c.OrgID); err != nil {
			return err
		}
	}
	number := func(name, key string, optional bool) {
		view.Numbers = append(view.Numbers, ui.Field{Name: name, Label: ui.T(ctx, key), Value: value(name, known[name]), Error: errs.For(name), Width: ui.Short, Optional: optional})
	}
	view.Lead = ui.T(ctx, "cases.lead_act."+string(next))
	switch {
	case next == party.CaseVoted:
		number("official", "steps.official", false)
		number("away", "steps.away", true)
		number("exempt_absent", "steps.exempt_absent", true)
		number("present", "steps.present", false)
		number("in_favour", "steps.in_favour", false)
		text, err := s.rollText(r, c.OrgID, view.On.Value)
		if err != nil {
			return err
		}
		view.Numbers[0].Hint = text
	case next == party.CaseProposed, next == party.CaseDecided && c.Way.Votes():
		number("members", "cases.members", c.Way == party.WayAsked)
		number("in_favour", "steps.in_favour", c.Way == party.WayAsked)
	}
	for _, what := range c.May {
		if label := ui.T(ctx, "cases.act."+string(what)); what != next && (what == party.CaseVoted || next == party.CaseVoted && what != party.CaseClosed) {
			view.Others = append(view.Others, ui.LinkView{Label: label, Href: address(casePath(c.ID), "do", string(what))})
			continue // asks for fields of its own
		}
		b := ui.ButtonView{Label: ui.T(ctx, "cases.act."+string(what)), Name: "do", Value: string(what)}
		if what == party.CaseClosed || what == party.CaseUpheld {
			b.Tone = ui.Secondary
		}
		view.Buttons = append(view.Buttons, b)
	}
	if next == party.CaseUpheld || next == party.CaseRestored || next == party.CaseDecided && c.Way.Votes() {
		return s.fillCaseDecision(r, tree, c, value, view)
	}
	return nil
}

// fillCaseDecision asks for what is written in the decision that a case comes to.
func (s *site) fillCaseDecision(r *http.Request, tree *organisation.Snapshot, c departure.Opened, value func(name, usual string) string, view *cases.OneView) error {
	ctx, errs := r.Context(), view.Form.Errors
	issuers, err := s.Decisions.Issuers(ctx, viewerOf(r))
	if err != nil {
		return err
	}
	cell, _ := tree.Known(c.OrgID)
	issuers = slices.DeleteFunc(issuers, func(id int32) bool { return !slices.Contains(cell.Path, id) })
	org := ui.ChoiceField{Field: ui.Field{Name: "org", Label: ui.T(ctx, "decisions.org"), Error: errs.For("org")}, Options: issuerChoice(tree, issuers)}
	decider := ui.ChoiceField{Field: ui.Field{Name: "decider", Label: ui.T(ctx, "steps.decider"), Error: errs.For("decider"), Value: value("decider", "")}}
	usual := ""
	for _, id := range issuers {
		o, _ := tree.Known(id)
		if usual == "" {
			usual = orgValue(id)
		}
		for _, d := range party.DecidersOf(o.Kind) {
			if !slices.ContainsFunc(decider.Options, func(x ui.Option) bool { return x.Value == d }) {
				decider.Options = append(decider.Options, ui.Option{Value: d, Label: bodyName(ctx, d)})
			}
		}
	}
	org.Value = value("org", usual)
	view.Choices = []ui.ChoiceField{org, decider}
	text := func(name, key, usual string, width ui.Width) {
		view.Texts = append(view.Texts, ui.Field{Name: name, Label: ui.T(ctx, key), Value: value(name, usual), Error: errs.For(name), Width: width, Optional: true})
	}
	text("number", "decisions.number", "", ui.Short)
	view.Texts[0].Hint = ui.T(ctx, "decisions.number_next")
	text("suffix", "decisions.suffix", defaultSuffix, ui.Short)
	text("signer", "decisions.signer", "", ui.Medium)
	return nil
}

func (s *site) actInCase(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	c, _, err := s.caseOf(r)
	if err != nil {
		return err
	}
	in := departure.Acting{Key: f.key(), ID: c.ID, Version: f.version(), What: party.CaseState(f.typed("do")), On: f.requiredDate("on"), Words: f.text("words", maxWhy)}
	switch {
	case in.What == party.CaseVoted:
		in.Vote = f.vote()
	case in.What == party.CaseProposed, in.What == party.CaseDecided && c.Way.Votes():
		in.Ballot.Members, _ = f.number("members", 0, maxVotes)
		in.Ballot.InFavour, _ = f.number("in_favour", 0, maxVotes)
	}
	if in.What == party.CaseRestored || in.What == party.CaseDecided && c.Way.Votes() {
		in.OrgID, in.Decider = f.organisation("org"), f.choice("decider", append([]string{""}, deciders...)...)
		in.Number, _ = f.number("number", 1, decision.MaxNumber)
		in.Suffix, in.Signer = f.text("suffix", longText), f.text("signer", longText)
	}
	if err = f.err(); err == nil {
		err = s.Departures.Act(ctx, viewerOf(r), in)
	}
	if asksAgain(err) {
		return s.renderCase(w, r, statusOf(err), f, err)
	}
	if err != nil {
		return err
	}
	if c, _, err = s.caseOf(r); err != nil {
		return err
	}
	return s.caseActed(w, r, c, in)
}

// caseActed goes back to the case with what was recorded, and what to mind about it.
func (s *site) caseActed(w http.ResponseWriter, r *http.Request, c departure.Opened, in departure.Acting) error {
	var minds []string
	if in.What == party.CaseVoted {
		var err error
		if minds, err = s.voteDoubts(r, c.OrgID, in.On, in.Vote); err != nil {
			return err
		}
	}
	tone, key := ui.Good, "cases.done"
	if len(minds) > 0 {
		tone, key = ui.Warn, "cases.done_mind"
	}
	if err := s.flash(w, r, tone, key, "What", ui.T(r.Context(), "cases.states."+string(c.State)), "Minds", strings.Join(minds, " ")); err != nil {
		return err
	}
	return redirect(w, r, casePath(c.ID))
}

// showCaseForm asks for a case; where one is open already it leads there.
func (s *site) showCaseForm(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r, "id")
	if err != nil {
		return err
	}
	list, err := s.Departures.OfPerson(r.Context(), viewerOf(r), id)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(list, func(c departure.Case) bool { return c.State.Open() }); i >= 0 {
		return redirect(w, r, casePath(list[i].ID))
	}
	return s.renderCaseForm(w, r, http.StatusOK, nil, nil)
}

func (s *site) renderCaseForm(w http.ResponseWriter, r *http.Request, status int, sent *form, refusal error) error {
	ctx := r.Context()
	rec, err := s.openPerson(r)
	if err != nil {
		return err
	}
	if !viewerOf(r).MayIn(access.CasesEdit, rec.Path) {
		return errForbidden
	}
	found, err := s.Departures.Evidence(ctx, viewerOf(r), rec.ID)
	if err != nil {
		return err
	}
	ground := party.RuleID(queryText(r, "ground"))
	view := cases.FormView{Caption: rec.Fields.FullName, Title: ui.T(ctx, "cases.form.title"), Lead: ui.T(ctx, "cases.form.lead"),
		Evidence: []string{ui.T(ctx, "cases.form.evidence"), ui.T(ctx, "cases.silent", "Count", found.Silent) + ".", ui.T(ctx, "cases.rated", "Count", found.Rated) + "."},
		Cancel:   personPath(rec.ID), Form: ui.FormView{Action: personPath(rec.ID) + "/case", Key: newKey(), Errors: ui.ErrorsOf(ctx, refusal)}}
	errs := view.Form.Errors
	value := func(name, usual string) string {
		if sent != nil {
			return sent.typed(name)
		}
		return usual
	}
	view.Way = ui.ChoiceField{Field: ui.Field{Name: "way", Label: ui.T(ctx, "cases.way"), Value: value("way", cmp.Or(queryText(r, "way"), string(party.WayRemoved))), Error: errs.For("way")}}
	for _, x := range party.Ways {
		view.Way.Options = append(view.Way.Options, ui.Option{Value: string(x), Label: wayName(ctx, x)})
	}
	view.Ground = ui.ChoiceField{Field: ui.Field{Name: "ground", Label: ui.T(ctx, "cases.ground"), Hint: ui.T(ctx, "cases.form.ground_hint"), Value: value("ground", string(groundFor(rec.State.Stage, ground))),
		Error: errs.For("ground"), Optional: true}, Empty: ui.T(ctx, "cases.form.no_ground")}
	for _, x := range party.WayRemoved.Grounds(rec.State.Stage) {
		view.Ground.Options = append(view.Ground.Options, ui.Option{Value: string(x), Label: ruleName(ctx, x)})
	}
	view.About = ui.ChoiceField{Field: ui.Field{Name: "circumstance", Label: ui.T(ctx, "cases.about"), Hint: ui.T(ctx, "cases.form.about_hint"), Value: value("circumstance", ""),
		Error: errs.For("circumstance"), Optional: true}, Empty: ui.T(ctx, "cases.form.no_about")}
	for _, x := range party.Circumstances[1:] {
		view.About.Options = append(view.About.Options, ui.Option{Value: string(x), Label: ui.T(ctx, "cases.circumstance."+string(x))})
	}
	view.On = ui.Field{Name: "on", Label: ui.T(ctx, "cases.opened_on"), Value: value("on", s.Today().Vietnamese()), Error: errs.For("on"), Width: ui.Short}
	view.Reason = ui.TextAreaField{Field: ui.Field{Name: "reason", Label: ui.T(ctx, "cases.reason"), Value: value("reason", groundText(ctx, ground, found)), Error: errs.For("reason")}, Rows: 3}
	page := s.pageOf(r, "cases.title").Titled(view.Title).WithErrors(errs).Under(s.personCrumbs(r, &rec)...)
	return render(w, r, status, cases.Form(page, view))
}

// groundFor gives the ground to begin with: a probationary member has one only.
func groundFor(stage party.Stage, asked party.RuleID) party.RuleID {
	if grounds := party.WayRemoved.Grounds(stage); len(grounds) == 1 {
		return grounds[0]
	}
	return asked
}

// groundText puts the evidence for a ground into words, to begin the reason with.
func groundText(ctx context.Context, ground party.RuleID, e departure.Evidence) string {
	switch {
	case ground == party.RemoveSilent && e.Silent > 0:
		return ui.T(ctx, "cases.form.because_silent", "Count", e.Silent)
	case ground == party.RemoveRated && e.Rated > 0:
		return ui.T(ctx, "cases.form.because_rated", "Count", e.Rated)
	}
	return ""
}

func (s *site) openCase(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	rec, err := s.openPerson(r)
	if err != nil {
		return err
	}
	in := departure.Opening{Key: f.key(), PersonID: rec.ID, Way: party.Way(f.typed("way")), Ground: party.RuleID(f.typed("ground")),
		Circumstance: party.Circumstance(f.typed("circumstance")), Reason: f.typed("reason"), On: f.date("on")}
	var id int64
	if err = f.err(); err == nil {
		id, err = s.Departures.Open(ctx, viewerOf(r), in)
	}
	if asksAgain(err) {
		return s.renderCaseForm(w, r, statusOf(err), f, err)
	}
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, "cases.done", "What", ui.T(ctx, "cases.states.opened")); err != nil {
		return err
	}
	return redirect(w, r, casePath(id))
}

// showProposal prints what a cell proposes, in Vietnamese whatever the language of the screen.
func (s *site) showProposal(w http.ResponseWriter, r *http.Request) error {
	c, tree, err := s.caseOf(r)
	if err != nil {
		return err
	}
	ctx := ui.WithLang(r.Context(), "vi")
	words := func(key string, args ...any) string { return ui.T(ctx, "cases.paper."+key, args...) }
	cell, _ := tree.Known(c.OrgID)
	view := cases.PaperView{Above: orgName(tree, cell.ParentID), Issuer: cell.Name, Number: words("number"), Party: ui.T(ctx, "classes.paper.party"),
		Date: ui.T(ctx, "classes.paper.date", "Date", c.Since), Title: words("title." + string(c.Way)), Text: words("text", "Name", c.Name, "Org", placeName(tree, c.OrgID)),
		Closing: words("closing"), Signed: []string{words("secretary")}, Sign: words("sign")}
	view.Pairs = casePairs(ctx, tree, c)
	if c.Cell.Official > 0 {
		view.Pairs = append(view.Pairs, ui.Pair{Label: ui.T(ctx, "steps.votes"), Text: ui.T(ctx, "steps.votes_text", "InFavour", c.Cell.InFavour, "Official", c.Cell.Official, "Present", c.Cell.Present)})
	}
	page := s.pageOf(r, "cases.title").Titled(ui.T(r.Context(), "cases.print")).Under(casesCrumb(r.Context()), ui.Crumb{Label: c.Name, Href: casePath(c.ID)})
	return render(w, r, http.StatusOK, cases.Paper(page, view))
}
