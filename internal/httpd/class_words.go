package httpd

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/class"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/web/classes"
	"ketnap/web/ui"
)

func classTone(s class.State) ui.Tone {
	if s == class.Finished {
		return ui.Warn
	}
	return ui.Info
}

func classState(ctx context.Context, s class.State) ui.TagView {
	return ui.TagView{Tone: classTone(s), Text: ui.T(ctx, "classes.states."+string(s))}
}

// classWork fills in what is to do, the sessions and the roster of a class.
func classWork(ctx context.Context, tree *organisation.Snapshot, c class.Opened, v *classes.OneView) {
	at := classPath(c.ID)
	link := func(yes bool, path, label string) {
		if yes {
			v.ToDo = append(v.ToDo, ui.LinkView{Label: label, Href: at + path})
		}
	}
	edit := c.MayEdit && c.State != class.Closed
	link(c.MayNominate, "/nominate", ui.T(ctx, "classes.next.nominate"))
	link(edit && c.Counts.Nominated > 0, "/approval", ui.T(ctx, "classes.next.answer", "Count", c.Counts.Nominated))
	link(edit && c.Counts.Approved > c.Counts.Results, "/results", ui.T(ctx, "classes.next.results"))
	link(edit && c.Counts.Approved > c.Counts.Results && c.State == class.Finished, "/certificates", ui.T(ctx, "classes.next.certificates"))
	link(edit && c.State == class.Finished && c.Counts.Approved == c.Counts.Results, "/close", ui.T(ctx, "classes.next.close"))
	paper := func(yes bool, name, words string) {
		if yes {
			v.Papers = append(v.Papers, ui.LinkView{Label: ui.T(ctx, "classes.paper."+words), Href: classPaperPath(c.ID, name), Icon: ui.IconPrint})
		}
	}
	paper(c.Counts.Approved > 0, "roster", "roster.title")
	paper(c.Counts.Results > 0, "results", "results.title")
	paper(c.MayEdit && c.Counts.Passed > 0, "certificates", "certificate.screen")
	paper(c.MayEdit && slices.ContainsFunc(c.Members, func(m class.Member) bool { return m.Letter != "" }), "merit", "merit.screen")
	if edit {
		v.Timetable = timetablePath(c.ID)
	}
	for _, s := range c.Sessions {
		state := ui.T(ctx, "classes.sessions.not_entered")
		if s.Entered {
			state = ui.T(ctx, "classes.sessions.entered")
		}
		if detail := strings.Trim(s.Topic+", "+s.Place, ", "); detail != "" {
			state += " · " + detail
		}
		v.Sessions = append(v.Sessions, ui.Pair{Label: sessionName(ctx, s), Text: state, Action: &ui.LinkView{Label: ui.T(ctx, "classes.next.attendance"), Href: sheetPath(c.Class, s.ID)}})
	}
	for _, m := range c.Members {
		o, _ := tree.Known(m.OrgID)
		row := classes.Member{Href: personPath(m.PersonID), Name: m.FullName, Org: o.Name, Mark: strings.TrimSpace(markText(ctx, m.Work.Mark, m.Work.Marked) + " " + m.Grade),
			Papers: strings.TrimSpace(m.Certificate + " " + m.Letter), State: memberState(ctx, m), Note: memberNote(ctx, c.Class, m)}
		if m.State == class.Approved && m.Work.Entered > 0 {
			row.Share = strconv.Itoa(m.Work.Share()) + "%"
		}
		if c.MayEdit && m.Certificate != "" {
			row.Print = address(classPaperPath(c.ID, "certificates"), "person", strconv.FormatInt(m.PersonID, 10))
		}
		switch person := fmt.Sprintf("%s/people/%d", at, m.PersonID); {
		case m.Result != "" && c.MayEdit:
			row.Act = &ui.LinkView{Label: ui.T(ctx, "classes.cancel.title"), Href: person + "/cancel"}
		case m.Result == "" && c.MayNominate && (m.State == class.Nominated || m.State == class.Approved):
			row.Act = &ui.LinkView{Label: ui.T(ctx, "classes.withdraw.title"), Href: person + "/withdraw"}
		}
		v.Members = append(v.Members, row)
	}
}

func memberState(ctx context.Context, m class.Member) ui.TagView {
	switch {
	case m.Result == party.ClassPassed:
		return ui.TagView{Tone: ui.Good, Text: ui.T(ctx, "classes.outcome.passed")}
	case m.Result != "":
		return ui.TagView{Tone: ui.Warn, Text: ui.T(ctx, "classes.outcome."+string(m.Result))}
	case m.State == class.Refused:
		return ui.TagView{Tone: ui.Warn, Text: ui.T(ctx, "classes.member.refused")}
	}
	return ui.TagView{Tone: ui.Info, Text: ui.T(ctx, "classes.member."+string(m.State))}
}

// memberNote tells why somebody is out, or what still speaks against passing.
func memberNote(ctx context.Context, c class.Class, m class.Member) string {
	if m.State != class.Approved {
		return m.Reason
	}
	if m.Certificate != "" {
		return ""
	}
	j := c.Judged(m)
	switch {
	case j.Absent:
		return ui.T(ctx, "classes.why.absent")
	case j.LowMark:
		return ui.T(ctx, "classes.why.low_mark")
	case m.Result != "":
		return ""
	case j.NoSessions > 0:
		return ui.T(ctx, "classes.why.no_sessions")
	case j.NoMark:
		return ui.T(ctx, "classes.why.no_mark")
	}
	return ""
}
