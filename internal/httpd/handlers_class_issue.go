package httpd

import (
	"fmt"
	"net/http"
	"strconv"

	"ketnap/internal/class"
	"ketnap/internal/fault"
	"ketnap/internal/people"
	"ketnap/web/classes"
	"ketnap/web/ui"
)

func (s *site) showIssue(w http.ResponseWriter, r *http.Request) error {
	v := classes.WorkView{Form: ui.FormView{Key: newKey()}, Values: map[string]string{"issued_on": s.Today().Vietnamese()}}
	return s.renderIssue(w, r, http.StatusOK, v, nil)
}

// renderIssue tells what a run would do.
func (s *site) renderIssue(w http.ResponseWriter, r *http.Request, status int, v classes.WorkView, refusal error) error {
	ctx := r.Context()
	id, err := pathID(r, "id")
	if err != nil {
		return err
	}
	c, due, err := s.Classes.Preview(ctx, viewerOf(r), id, s.Today())
	if err != nil {
		return err
	}
	var known []ui.PickRow
	for _, m := range append(due.Passed, due.Failed...) {
		known = append(known, ui.PickRow{Value: strconv.FormatInt(m.PersonID, 10), Label: m.FullName})
	}
	v.Form.Errors = batchErrors(ctx, refusal, known)
	v.Form.Action, v.Cancel = classPath(id)+"/certificates", classPath(id)
	v.Caption, v.Title, v.Lead = classCaption(ctx, c), ui.T(ctx, "classes.issue.title"), ui.T(ctx, "classes.issue.lead")
	v.Facts = []ui.Pair{{Label: ui.T(ctx, "classes.issue.passed"), Text: ui.Number(ctx, len(due.Passed))},
		{Label: ui.T(ctx, "classes.issue.failed"), Text: ui.Number(ctx, len(due.Failed))}, {Label: ui.T(ctx, "classes.issue.open"), Text: ui.Number(ctx, len(due.Open))}}
	v.MayEdit, v.KeepLabel = len(known) > 0, ui.T(ctx, "classes.issue.keep")
	v.FirstHint = ui.T(ctx, "classes.issue.first_hint", "Next", class.Certificate.Print(due.Next, s.Today().Year))
	v.EmptyTitle, v.EmptyText = ui.T(ctx, "classes.issue.nobody"), ui.T(ctx, "classes.issue.nobody_text")
	return render(w, r, status, classes.Issue(s.workPage(r, c, "classes.issue.title", v), v))
}

func (s *site) issueCertificates(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	id, err := pathID(r, "id")
	if err != nil {
		return err
	}
	in := class.Run{Key: f.key(), ClassID: id, IssuedOn: f.requiredDate("issued_on"), GapReason: f.text("gap_reason", maxWhy), KeepGood: f.checked("keep")}
	in.First, _ = f.number("first", 1, 99999)
	var done class.Issued
	if err = f.err(); err == nil {
		done, err = s.Classes.Issue(ctx, viewerOf(r), in)
	}
	if fault.KindOf(err) == fault.Invalid {
		_, rows := detailOf[people.BatchResult](err)
		v := classes.WorkView{Form: ui.FormView{Key: f.key()}, Values: typedStep(f), OfferKeep: rows, Keep: in.KeepGood}
		return s.renderIssue(w, r, http.StatusUnprocessableEntity, v, err)
	}
	if err != nil {
		return err
	}
	text := ui.T(ctx, "classes.issue.done", "Passed", done.Passed, "Failed", done.Failed)
	if done.First != "" {
		text += " " + ui.T(ctx, "classes.issue.done_numbers", "First", done.First, "Last", done.Last)
	}
	if err := s.flashText(w, r, ui.Good, text); err != nil {
		return err
	}
	return redirect(w, r, classPath(id))
}

// confirmed is an act on a class that is asked about on a page of its own.
type confirmed struct {
	path   string // behind the class's address
	words  string // of the catalogue, below classes
	person bool   // it concerns one person, and asks why
	may    func(class.Opened) bool
	act    func(s *site, r *http.Request, c class.Opened, person int64, reason string) error
}

var (
	withdrawing = confirmed{"withdraw", "withdraw", true, func(c class.Opened) bool { return c.MayNominate },
		func(s *site, r *http.Request, c class.Opened, person int64, reason string) error {
			return s.Classes.Withdraw(r.Context(), viewerOf(r), class.Withdrawal{Key: formOf(r).key(), ClassID: c.ID, PersonID: person, Reason: reason})
		}}
	cancelling = confirmed{"cancel", "cancel", true, func(c class.Opened) bool { return c.MayEdit },
		func(s *site, r *http.Request, c class.Opened, person int64, reason string) error {
			return s.Classes.Cancel(r.Context(), viewerOf(r), class.Cancelling{Key: formOf(r).key(), ClassID: c.ID, PersonID: person, Reason: reason})
		}}
	closing = confirmed{"close", "close", false, func(c class.Opened) bool { return c.MayEdit && c.State != class.Closed },
		func(s *site, r *http.Request, c class.Opened, _ int64, _ string) error {
			return s.Classes.Close(r.Context(), viewerOf(r), class.Closing{Key: formOf(r).key(), ClassID: c.ID, Version: formOf(r).version()})
		}}
)

// ask shows the question, again with why the answer was refused.
func (a confirmed) ask(s *site) Handler {
	return func(w http.ResponseWriter, r *http.Request) error { return a.render(s, w, r, http.StatusOK, nil) }
}

func (a confirmed) render(s *site, w http.ResponseWriter, r *http.Request, status int, refusal error) error {
	ctx, f := r.Context(), formOf(r)
	c, m, err := a.open(s, r)
	if err != nil {
		return err
	}
	word := func(key string) string { return ui.T(ctx, "classes."+a.words+"."+key) }
	v := ui.ConfirmView{Title: word("title"), Text: word("text"), Confirm: word("submit"), Danger: true, Cancel: classPath(c.ID),
		Form:  ui.FormView{Action: classPath(c.ID) + "/" + a.path, Key: newKey(), Version: c.Version, Errors: ui.ErrorsOf(ctx, refusal)},
		Facts: []ui.Pair{{Label: ui.T(ctx, "classes.number"), Text: c.Number}}}
	if refused, ok := people.Refusal(refusal); ok {
		v.Text = conditionText(ctx, refused.Refusals()[0])
	} else if refusal != nil && len(v.Form.Errors) == 0 {
		v.Text = textOf(ctx, refusal)
	}
	var reason *ui.Field
	if a.person {
		v.Form.Action = fmt.Sprintf("%s/people/%d/%s", classPath(c.ID), m.PersonID, a.path)
		v.Facts = append(v.Facts, ui.Pair{Label: ui.T(ctx, "people.name"), Text: m.FullName}, ui.Pair{Label: ui.T(ctx, "classes.certificate"), Text: m.Certificate})
		reason = &ui.Field{Name: "reason", Label: word("reason"), Value: f.typed("reason"), Error: v.Form.Errors.For("reason")}
	}
	page := s.pageOf(r, "classes."+a.words+".title").WithErrors(v.Form.Errors).Under(classesCrumb(ctx), ui.Crumb{Label: classCaption(ctx, c.Class), Href: classPath(c.ID)})
	return render(w, r, status, classes.Confirm(page, v, reason))
}

func (a confirmed) open(s *site, r *http.Request) (class.Opened, class.Member, error) {
	c, err := s.openClass(r)
	if err != nil {
		return c, class.Member{}, err
	}
	if !a.may(c) {
		return c, class.Member{}, errForbidden
	}
	if !a.person {
		return c, class.Member{}, nil
	}
	id, err := pathID(r, "person")
	if err != nil {
		return c, class.Member{}, err
	}
	for _, m := range c.Members {
		if m.PersonID == id {
			return c, m, nil
		}
	}
	return c, class.Member{}, errNotFound
}

func (a confirmed) do(s *site) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		c, m, err := a.open(s, r)
		if err != nil {
			return err
		}
		err = a.act(s, r, c, m.PersonID, formOf(r).typed("reason"))
		if kind := fault.KindOf(err); err != nil && (kind == fault.Invalid || kind == fault.Conflict) {
			return a.render(s, w, r, statusOf(err), err)
		}
		if err != nil {
			return err
		}
		return s.classDone(w, r, classPath(c.ID), "classes."+a.words+".done")
	}
}

func (s *site) showClassRegister(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	q := class.RegisterQuery{OrgID: organisationOf(r.URL.Query().Get("org")), Kind: class.PaperKind(queryText(r, "kind")), Year: int(queryID(r, "year")), After: int(queryID(r, "after"))}
	reg, err := s.Classes.Register(ctx, viewerOf(r), q)
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	v := classes.RegisterView{Unknown: queryOnly(r, "org", "kind", "year", "after")}
	to := func(row class.RowOfNumbers, after int) string {
		behind := ""
		if after > 0 {
			behind = strconv.Itoa(after)
		}
		return address("/classes/register", "org", orgValue(row.OrgID), "kind", string(row.Kind), "year", strconv.Itoa(row.Year), "after", behind)
	}
	shown := class.RowOfNumbers{OrgID: reg.Query.OrgID, Kind: reg.Query.Kind, Year: reg.Query.Year}
	for _, row := range reg.Rows {
		o, _ := tree.Known(row.OrgID)
		v.Tabs = append(v.Tabs, ui.Tab{Label: ui.T(ctx, "classes.register.kind."+string(row.Kind)) + " " + strconv.Itoa(row.Year) + ", " + o.Name, Href: to(row, 0), Current: row == shown})
	}
	for _, n := range reg.Numbers {
		row := classes.Numbered{Number: n.Printed, Name: n.FullName, On: n.IssuedOn}
		switch {
		case n.Gap:
			row.Number, row.Note = ui.T(ctx, "classes.register.gap", "First", n.Number, "Last", n.Last), n.Reason
			if n.Reason == "" {
				row.Note = ui.T(ctx, "classes.register.unexplained")
			}
		case n.PersonID == 0:
			row.Name = ui.T(ctx, "classes.register.outside")
		default:
			row.Href = personPath(n.PersonID)
		}
		if !n.Gap {
			row.Class, row.ClassHref = n.ClassNumber, classPath(n.ClassID)
		}
		if !n.CancelledOn.IsZero() {
			row.Note = ui.T(ctx, "classes.register.cancelled", "On", n.CancelledOn, "Reason", n.Reason)
		}
		v.Rows = append(v.Rows, row)
	}
	if reg.Query.After > 0 {
		v.Pager.First = to(shown, 0)
	}
	if reg.Next > 0 {
		v.Pager.Next = to(shown, reg.Next)
	}
	return render(w, r, http.StatusOK, classes.Register(s.pageOf(r, "classes.register.title").Under(classesCrumb(ctx)), v))
}
