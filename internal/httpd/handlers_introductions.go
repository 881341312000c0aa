package httpd

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/introduction"
	"ketnap/internal/keyset"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/web/introductions"
	"ketnap/web/ui"
)

func (s *site) introductionRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/introductions", Action: access.IntroductionsRead, Handler: s.showIntroductions},
		{Method: http.MethodGet, Pattern: "/introductions/new", Action: access.IntroductionsEnter, Handler: s.showNewIntroduction},
		{Method: http.MethodPost, Pattern: "/introductions/check", Action: access.IntroductionsEnter, Handler: s.checkIntroduction},
		{Method: http.MethodPost, Pattern: "/introductions/new", Action: access.IntroductionsEnter, Handler: s.enterIntroduction},
		{Method: http.MethodGet, Pattern: "/introductions/{id}", Action: access.IntroductionsRead, Handler: s.showIntroduction},
		{Method: http.MethodPost, Pattern: "/introductions/{id}", Action: access.IntroductionsAnswer, Handler: s.answerIntroduction},
		{Method: http.MethodGet, Pattern: "/introductions/{id}/add", Action: access.IntroductionsEnter, Handler: s.showAddToIntroduction},
	}
}

func introductionPath(id int64) string { return fmt.Sprintf("/introductions/%d", id) }

func introductionsCrumb(ctx context.Context) ui.Crumb {
	return ui.Crumb{Label: ui.T(ctx, "introductions.title"), Href: "/introductions"}
}

// queryDay gives a day of the address with the words that refuse it.
func queryDay(r *http.Request, name string) (day party.Date, typed, refused string) {
	typed = queryText(r, name)
	day, err := party.ParseDate(typed)
	if err != nil {
		return party.Date{}, typed, ui.T(r.Context(), "errors.date")
	}
	return day, typed, ""
}

func (s *site) showIntroductions(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	q := introduction.Query{OrgID: int32(min(queryID(r, "org"), 1<<31-1)), OnlyWaiting: queryText(r, "waiting") != ""}
	view := introductions.ListView{Unknown: queryOnly(r, "org", "from", "until", "waiting", "after")}
	filter := &view.Filter
	q.From, filter.From, filter.FromBad = queryDay(r, "from")
	q.Until, filter.Until, filter.UntilBad = queryDay(r, "until")
	filter.Org, filter.OnlyWaiting, filter.Active = queryText(r, "org"), q.OnlyWaiting, q != introduction.Query{}
	var err error
	if q.After, err = keyset.Parse(r.URL.Query().Get("after")); err != nil {
		return err
	}
	list, err := s.Introductions.List(ctx, v, q)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	filter.Orgs, filter.OrgHint = orgFilter(ctx, tree, v, q.OrgID)
	if v.May(access.IntroductionsEnter) {
		view.New = "/introductions/new"
	}
	for _, i := range list.Rows {
		view.Rows = append(view.Rows, introductionRow(ctx, tree, i))
	}
	if len(list.Units) > 1 || len(list.Units) == 1 && len(list.Rows) > 1 {
		for _, u := range list.Units {
			view.Units = append(view.Units, introductionUnit(ctx, tree, u))
		}
	}
	here := address("/introductions", "org", filter.Org, "from", filter.From, "until", filter.Until, "waiting", queryText(r, "waiting"))
	if q.After != (introduction.Cursor{}) {
		view.Pager.First = here
	}
	if next := list.Next.String(); next != "" {
		view.Pager.Next = withQuery(here, "after", next)
	}
	return render(w, r, http.StatusOK, introductions.List(s.pageOf(r, "introductions.title"), view))
}

func introductionRow(ctx context.Context, tree *organisation.Snapshot, i introduction.Introduction) introductions.Row {
	org, _ := tree.Known(i.OrgID)
	row := introductions.Row{Href: introductionPath(i.ID), Number: i.Number, Union: i.Union, Org: org.Name, On: i.On, People: ui.Number(ctx, i.People)}
	if n := i.Waiting(); n > 0 {
		row.Waiting = ui.T(ctx, "introductions.waiting_count", "Count", n)
	}
	return row
}

func introductionUnit(ctx context.Context, tree *organisation.Snapshot, u introduction.Unit) introductions.Unit {
	org, _ := tree.Known(u.OrgID)
	n := func(n int) string { return ui.Number(ctx, n) }
	return introductions.Unit{Href: address("/introductions", "org", orgValue(u.OrgID)), Org: org.Name, Introductions: n(u.Introductions), People: n(u.People),
		Accepted: n(u.Accepted), Declined: n(u.Declined), Waiting: n(u.Waiting())}
}

func (s *site) openIntroduction(r *http.Request) (introduction.Opened, error) {
	id, err := pathID(r, "id")
	if err != nil {
		return introduction.Opened{}, err
	}
	return s.Introductions.Get(r.Context(), viewerOf(r), id)
}

func (s *site) showIntroduction(w http.ResponseWriter, r *http.Request) error {
	in, err := s.openIntroduction(r)
	if err != nil {
		return err
	}
	return s.renderIntroduction(w, r, http.StatusOK, in, ui.FormView{Key: newKey()}, nil)
}

// renderIntroduction shows one resolution; typed gives what was typed of the answers.
func (s *site) renderIntroduction(w http.ResponseWriter, r *http.Request, status int, in introduction.Opened, form ui.FormView, typed *form) error {
	ctx := r.Context()
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	form.Action, form.Wide = introductionPath(in.ID), true
	view := introductions.OneView{Caption: ui.T(ctx, "introductions.of", "Union", in.Union), Title: ui.T(ctx, "introductions.numbered", "Number", in.Number, "Date", in.On),
		Pairs: introductionPairs(ctx, tree, in.Introduction), Form: form, Ask: in.MayAnswer && in.Waiting() > 0, On: s.Today().Vietnamese()}
	if in.MayAdd {
		view.Add = introductionPath(in.ID) + "/add"
	}
	if typed != nil {
		view.On, view.Rest = typed.typed("on"), typed.checked("rest")
	}
	for _, n := range in.Names {
		view.Names = append(view.Names, introductionName(ctx, n, typed))
	}
	page := s.pageOf(r, "introductions.title").Titled(view.Title).WithErrors(form.Errors).Under(introductionsCrumb(ctx))
	return render(w, r, status, introductions.One(page, view))
}

func introductionPairs(ctx context.Context, tree *organisation.Snapshot, i introduction.Introduction) []ui.Pair {
	org, _ := tree.Known(i.OrgID)
	pairs := []ui.Pair{{Label: ui.T(ctx, "introductions.cell"), Text: org.Name}, {Label: ui.T(ctx, "introductions.people"), Text: ui.Number(ctx, i.People)},
		{Label: ui.T(ctx, "introductions.answers"), Text: ui.T(ctx, "introductions.answer_counts", "Accepted", i.Accepted, "Declined", i.Declined, "Waiting", i.Waiting())},
		{Label: ui.T(ctx, "introductions.recorded"), Text: ui.T(ctx, "introductions.recorded_by", "By", i.By, "Date", party.DateOf(i.At))}}
	if i.Note != "" {
		pairs = append(pairs, ui.Pair{Label: ui.T(ctx, "introductions.note"), Text: i.Note})
	}
	return pairs
}

func introductionName(ctx context.Context, n introduction.Name, typed *form) introductions.NameView {
	row := introductions.NameView{ID: n.PersonID, Href: personPath(n.PersonID), Name: n.FullName, Born: n.Born, Class: n.ClassName, Stage: n.Stage, Reason: n.Reason}
	switch {
	case n.Voided:
		row.Tag = ui.TagView{Tone: ui.Bad, Text: ui.T(ctx, "introductions.voided")}
	case n.Answer == introduction.Accepted:
		row.Tag = ui.TagView{Tone: ui.Good, Text: ui.T(ctx, "introductions.accepted")}
	case n.Answer == introduction.Declined:
		row.Tag = ui.TagView{Tone: ui.Warn, Text: ui.T(ctx, "introductions.declined")}
	default:
		row.Tag, row.Waiting = ui.TagView{Tone: ui.Info, Text: ui.T(ctx, "introductions.waiting")}, true
	}
	if !n.On.IsZero() {
		row.Said = ui.T(ctx, "introductions.said", "Date", n.On, "By", n.By)
	}
	if typed != nil && row.Waiting {
		row.Answer, row.Reason = typed.typed(answerField(n.PersonID)), typed.typed(introduction.ReasonField(n.PersonID))
	}
	return row
}

func answerField(personID int64) string { return "answer_" + strconv.FormatInt(personID, 10) }

func (s *site) answerIntroduction(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	in, err := s.openIntroduction(r)
	if err != nil {
		return err
	}
	answers := introduction.Answers{Key: f.key(), ID: in.ID, On: f.date("on"), List: typedAnswers(f, in.Names)}
	if err = f.err(); err == nil {
		err = s.Introductions.Answer(ctx, viewerOf(r), answers)
	}
	if errs := ui.ErrorsOf(ctx, err); len(errs) > 0 {
		return s.renderIntroduction(w, r, statusOf(err), in, ui.FormView{Key: newKey(), Errors: errs}, f)
	}
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, "introductions.answered", "Count", len(answers.List)); err != nil {
		return err
	}
	return redirect(w, r, introductionPath(in.ID))
}

// typedAnswers gives what was chosen for those who wait. Who is left open is accepted where all the
// rest is.
func typedAnswers(f *form, names []introduction.Name) []introduction.PersonAnswer {
	var list []introduction.PersonAnswer
	for _, n := range names {
		if n.Answer != introduction.Waiting {
			continue
		}
		a := introduction.PersonAnswer{PersonID: n.PersonID, Reason: f.typed(introduction.ReasonField(n.PersonID))}
		switch f.typed(answerField(n.PersonID)) {
		case string(introduction.Accepted):
			a.Answer = introduction.Accepted
		case string(introduction.Declined):
			a.Answer = introduction.Declined
		default:
			if a.Answer = introduction.Accepted; !f.checked("rest") {
				continue
			}
		}
		list = append(list, a)
	}
	return list
}
