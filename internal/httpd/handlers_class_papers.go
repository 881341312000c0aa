package httpd

import (
	"context"
	"net/http"
	"strconv"

	"ketnap/internal/class"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/web/classes"
	"ketnap/web/ui"
)

func classPaperPath(id int64, paper string) string { return classPath(id) + "/papers/" + paper }

// classPaper begins a list of a class as it is printed.
func (s *site) classPaper(r *http.Request, c class.Class, words string) (*organisation.Snapshot, classes.PaperView, error) {
	ctx := r.Context()
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return nil, classes.PaperView{}, err
	}
	o, _ := tree.Known(c.OrgID)
	return tree, classes.PaperView{Above: orgName(tree, o.ParentID), Organiser: o.Name, Date: ui.T(ctx, "classes.paper.date", "Date", s.Today()),
		Title: ui.T(ctx, "classes.paper."+words+".title"), Class: classDescription(ctx, c), Sign: ui.T(ctx, "classes.paper.sign"),
		EmptyTitle: ui.T(ctx, "classes.sheet.nobody"), EmptyText: ui.T(ctx, "classes.approval.nobody_text")}, nil
}

// classDescription names a class as papers do: its kind, number, days and place.
func classDescription(ctx context.Context, c class.Class) string {
	text := ui.T(ctx, "classes.paper.class", "Kind", ui.T(ctx, "classes.paper.kind."+string(c.Kind)), "Number", c.Number)
	if c.Starts == c.Ends {
		text += ", " + ui.T(ctx, "classes.paper.one_day", "Date", c.Starts)
	} else {
		text += ", " + ui.T(ctx, "classes.paper.days", "Starts", c.Starts, "Ends", c.Ends)
	}
	if c.Place != "" {
		text += ", " + ui.T(ctx, "classes.paper.place", "Place", c.Place)
	}
	return text
}

func (s *site) renderClassPaper(w http.ResponseWriter, r *http.Request, c class.Class, v classes.PaperView) error {
	ctx := r.Context()
	page := s.pageOf(r, "classes.title").Titled(v.Title).Under(classesCrumb(ctx), ui.Crumb{Label: classCaption(ctx, c), Href: classPath(c.ID)})
	return render(w, r, http.StatusOK, classes.Paper(page, v))
}

// approvedOf gives who is on the roster, and tells where the reader does not see all of them.
func approvedOf(ctx context.Context, c class.Opened, v *classes.PaperView) (list []class.Member) {
	for _, m := range c.Members {
		if m.State == class.Approved {
			list = append(list, m)
		}
	}
	if unseen := c.Counts.Approved - len(list); unseen > 0 {
		v.Notes = append(v.Notes, ui.T(ctx, "classes.paper.unseen", "Count", unseen))
	}
	return list
}

func (s *site) showRosterPaper(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := s.openClass(r)
	if err != nil {
		return err
	}
	tree, v, err := s.classPaper(r, c.Class, "roster")
	if err != nil {
		return err
	}
	list := approvedOf(ctx, c, &v)
	v.Lead = ui.T(ctx, "classes.paper.roster.lead", "Count", len(list))
	v.Columns = columnsOf(ctx, "classes.paper.nr", "classes.paper.name", "classes.paper.born", "classes.paper.unit", "classes.nominate.on", "classes.paper.note")
	for i, m := range list {
		v.Rows = append(v.Rows, []string{strconv.Itoa(i + 1), m.FullName, ui.Date(ctx, m.BirthDate), orgName(tree, m.OrgID), ui.Date(ctx, m.NominatedOn), ""})
	}
	v.Signed = []string{ui.T(ctx, "classes.paper.clerk"), ui.T(ctx, "classes.paper.for", "Org", v.Organiser)}
	return s.renderClassPaper(w, r, c.Class, v)
}

func (s *site) showResultsPaper(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := s.openClass(r)
	if err != nil {
		return err
	}
	tree, v, err := s.classPaper(r, c.Class, "results")
	if err != nil {
		return err
	}
	list := approvedOf(ctx, c, &v)
	passed, failed := 0, 0
	v.Wide, v.Columns = true, columnsOf(ctx, "classes.paper.nr", "classes.paper.name", "classes.paper.born", "classes.paper.unit", "classes.attendance", "classes.mark", "classes.grade", "classes.result", "classes.certificate", "classes.merit")
	for i, m := range list {
		result := ""
		switch m.Result {
		case party.ClassPassed:
			passed++
			result = ui.T(ctx, "classes.passed")
		case party.ClassFailed:
			failed++
			result = ui.T(ctx, "classes.failed")
		}
		v.Rows = append(v.Rows, []string{strconv.Itoa(i + 1), m.FullName, ui.Date(ctx, m.BirthDate), orgName(tree, m.OrgID), strconv.Itoa(m.Work.Share()) + "%",
			markText(ctx, m.Work.Mark, m.Work.Marked), m.Grade, result, m.Certificate, m.Letter})
	}
	v.Lead = ui.T(ctx, "classes.paper.results.lead", "Count", len(list), "Passed", passed, "Failed", failed)
	v.Signed = []string{ui.T(ctx, "classes.paper.clerk"), ui.T(ctx, "classes.paper.for", "Org", v.Organiser)}
	return s.renderClassPaper(w, r, c.Class, v)
}

// showSigningPaper is the list of one session, on which those who come sign.
func (s *site) showSigningPaper(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	sh, err := s.openAttendance(r)
	if err != nil {
		return err
	}
	tree, v, err := s.classPaper(r, sh.Class, "signing")
	if err != nil {
		return err
	}
	session := sh.Session
	v.Lead = ui.T(ctx, "classes.paper.signing.lead", "Session", sessionName(ctx, session), "Count", len(sh.Rows))
	for _, note := range [][2]string{{"topic", session.Topic}, {"place", session.Place}} {
		if note[1] != "" {
			v.Notes = append(v.Notes, ui.T(ctx, "classes.paper.signing."+note[0], "Text", note[1]))
		}
	}
	v.Signing, v.Columns = true, columnsOf(ctx, "classes.paper.nr", "classes.paper.name", "classes.paper.born", "classes.paper.unit", "classes.paper.signature", "classes.paper.note")
	for i, m := range sh.Rows {
		v.Rows = append(v.Rows, []string{strconv.Itoa(i + 1), m.FullName, ui.Date(ctx, m.BirthDate), orgName(tree, m.OrgID), "", ""})
	}
	v.Signed = []string{ui.T(ctx, "classes.paper.clerk"), ui.T(ctx, "classes.paper.lecturer")}
	return s.renderClassPaper(w, r, sh.Class, v)
}

func (s *site) showCertificates(w http.ResponseWriter, r *http.Request) error {
	return s.renderAwards(w, r, class.Certificate)
}

func (s *site) showMeritLetters(w http.ResponseWriter, r *http.Request) error {
	return s.renderAwards(w, r, class.MeritLetter)
}

// renderAwards prints one page for each person. What is handed out is in Vietnamese, whatever the
// language of the screen.
func (s *site) renderAwards(w http.ResponseWriter, r *http.Request, kind class.PaperKind) error {
	ctx := r.Context()
	id, err := pathID(r, "id")
	if err != nil {
		return err
	}
	done, err := s.Classes.Awards(ctx, viewerOf(r), id, kind, queryID(r, "person"))
	if err != nil {
		return err
	}
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	words := func(key string) string { return ui.T(ctx, "classes.paper."+string(kind)+"."+key) }
	v := classes.AwardsView{Caption: classCaption(ctx, done.Class), Title: words("screen"), Lead: ui.T(ctx, "classes.paper.awards", "Count", len(done.List)),
		EmptyTitle: words("nobody"), EmptyText: words("nobody_text"), Lang: string(ui.Vietnamese), Back: classPath(id)}
	if done.Unseen > 0 {
		v.Unseen = ui.T(ctx, "classes.paper.unseen", "Count", done.Unseen)
	}
	printed := ui.WithLang(ctx, ui.Vietnamese)
	for _, a := range done.List {
		v.List = append(v.List, awardView(printed, tree, done.Class, kind, a))
	}
	page := s.pageOf(r, "classes.title").Titled(v.Title).Under(classesCrumb(ctx), ui.Crumb{Label: v.Caption, Href: classPath(id)})
	return render(w, r, http.StatusOK, classes.Awards(page, v))
}

func awardView(ctx context.Context, tree *organisation.Snapshot, c class.Class, kind class.PaperKind, a class.Award) classes.AwardView {
	words := func(key string, args ...any) string {
		return ui.T(ctx, "classes.paper."+string(kind)+"."+key, args...)
	}
	issuer := orgName(tree, c.OrgID)
	v := classes.AwardView{Issuer: issuer, Party: ui.T(ctx, "classes.paper.party"), Number: ui.T(ctx, "classes.paper.number", "Number", a.Number), Title: words("title"),
		To: words("to." + string(c.Kind)), Name: a.FullName, About: ui.T(ctx, "classes.paper.about", "Born", a.BirthDate, "Unit", orgName(tree, a.OrgID)),
		Text: words("text", "Class", classDescription(ctx, c)), Date: ui.T(ctx, "classes.paper.date", "Date", a.IssuedOn),
		Signed: ui.T(ctx, "classes.paper.for", "Org", issuer), Sign: ui.T(ctx, "classes.paper.stamp")}
	if a.Grade != "" {
		v.Grade = ui.T(ctx, "classes.paper.graded", "Grade", a.Grade)
	}
	return v
}
