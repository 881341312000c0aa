package httpd

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ketnap/internal/class"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/web/classes"
	"ketnap/web/ui"
)

// newSessions is how many empty rows the timetable offers.
const newSessions = 3

func timetablePath(id int64) string { return classPath(id) + "/sessions" }

func classParts(ctx context.Context) (list []ui.Option) {
	for _, p := range party.ClassParts {
		list = append(list, ui.Option{Value: string(p), Label: ui.T(ctx, "classes.parts."+string(p))})
	}
	return list
}

func weekdayOptions(ctx context.Context) (list []ui.Option) {
	for i := range 7 {
		day := strconv.Itoa((i + 1) % 7)
		list = append(list, ui.Option{Value: day, Label: ui.T(ctx, "classes.weekday."+day)})
	}
	return list
}

func (s *site) showTimetable(w http.ResponseWriter, r *http.Request) error {
	c, err := s.editableClass(r)
	if err != nil {
		return err
	}
	v := classes.TimetableView{Form: ui.FormView{Key: newKey(), Version: c.Version}, Rows: storedSessions(c.Sessions)}
	for range min(newSessions, class.MaxSessions-len(c.Sessions)) {
		v.Rows = append(v.Rows, classes.SessionRow{Part: string(party.ClassDay)})
	}
	return s.renderTimetable(w, r, http.StatusOK, c, v)
}

func storedSessions(list []class.Session) (rows []classes.SessionRow) {
	for _, o := range list {
		rows = append(rows, storedSession(o))
	}
	return rows
}

func storedSession(o class.Session) classes.SessionRow {
	return classes.SessionRow{ID: o.ID, Day: o.Day.Vietnamese(), Part: string(o.Part), Topic: o.Topic, Place: o.Place, Entered: o.Entered}
}

func (s *site) renderTimetable(w http.ResponseWriter, r *http.Request, status int, c class.Opened, v classes.TimetableView) error {
	ctx := r.Context()
	v.Caption, v.Parts = classCaption(ctx, c.Class), classParts(ctx)
	v.Lead = ui.T(ctx, "classes.sessions.lead", "Days", classDays(ctx, c.Fields))
	v.Form.Action, v.Form.Wide, v.Cancel, v.Add = timetablePath(c.ID), true, classPath(c.ID), timetablePath(c.ID)+"/add"
	for i := range v.Rows {
		v.Rows[i].Index = i
	}
	page := s.pageOf(r, "classes.sessions.edit").WithErrors(v.Form.Errors).Under(classesCrumb(ctx), ui.Crumb{Label: v.Caption, Href: classPath(c.ID)})
	return render(w, r, status, classes.Timetable(page, v))
}

// typedTimetable decodes the form. rows is every row as typed, at the place of each session among them;
// a new row without a word is left out.
func typedTimetable(f *form) (in class.Timetable, rows []classes.SessionRow, places []int) {
	n, _ := f.number("rows", 0, class.MaxSessions+newSessions)
	in = class.Timetable{Key: f.key(), Version: f.version()}
	for i := range n {
		at := func(name string) string { return name + "_" + strconv.Itoa(i) }
		row := classes.SessionRow{ID: f.id(at("id")), Day: f.typed(at("day")), Part: f.typed(at("part")), Topic: f.typed(at("topic")), Place: f.typed(at("place")), Remove: f.checked(at("remove"))}
		rows = append(rows, row)
		switch {
		case row.ID != 0 && row.Remove:
			in.Remove = append(in.Remove, row.ID)
		case row.ID == 0 && strings.TrimSpace(row.Day+row.Topic+row.Place) == "":
		default:
			in.Sessions = append(in.Sessions, class.Session{ID: row.ID, Day: f.date(at("day")), Part: party.ClassPart(row.Part), Topic: f.text(at("topic"), longText), Place: f.text(at("place"), longText)})
			places = append(places, i)
		}
	}
	return in, rows, places
}

func (s *site) saveTimetable(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	c, err := s.editableClass(r)
	if err != nil {
		return err
	}
	in, rows, places := typedTimetable(f)
	in.ClassID = c.ID
	if err = f.err(); err == nil {
		err = inRows(s.Classes.SaveTimetable(ctx, viewerOf(r), in), rows, places)
	}
	if err == nil {
		return s.classDone(w, r, classPath(c.ID), "classes.sessions.saved")
	}
	v := classes.TimetableView{Form: ui.FormView{Key: newKey(), Version: f.version()}, Rows: withStored(rows, c.Sessions)}
	switch fault.KindOf(err) {
	case fault.Invalid:
		v.Form.Errors = ui.ErrorsOf(ctx, err)
	case fault.Conflict:
		v.Form.Version, v.Stale = c.Version, textOf(ctx, err)
		for _, o := range c.Sessions {
			v.Stored = append(v.Stored, ui.Pair{Label: sessionName(ctx, o), Text: strings.Trim(o.Topic+", "+o.Place, ", ")})
		}
	default:
		return err
	}
	return s.renderTimetable(w, r, statusOf(err), c, v)
}

// inRows names the refused fields of a timetable by their rows in the form.
func inRows(err error, rows []classes.SessionRow, places []int) error {
	e := fault.As(err)
	if e == nil || len(e.Fields) == 0 {
		return err
	}
	var out []fault.Field
	for _, field := range e.Fields {
		name, nr, _ := strings.Cut(field.Name, "_")
		n, _ := strconv.Atoi(nr)
		switch i := slices.IndexFunc(rows, func(row classes.SessionRow) bool { return row.ID != 0 && row.ID == int64(n) }); {
		case name == "remove" && i >= 0:
			field.Name = fmt.Sprintf("remove_%d", i)
		case name != "" && name != "remove" && n < len(places):
			field.Name = fmt.Sprintf("%s_%d", name, places[n])
		}
		out = append(out, field)
	}
	return fault.InvalidFields(out...)
}

// withStored gives the rows as typed with what is stored of them, and the sessions behind them that were
// added elsewhere.
func withStored(rows []classes.SessionRow, stored []class.Session) []classes.SessionRow {
	for _, o := range stored {
		i := slices.IndexFunc(rows, func(row classes.SessionRow) bool { return row.ID == o.ID })
		if i < 0 {
			rows = append(rows, storedSession(o))
			continue
		}
		rows[i].Entered = o.Entered
	}
	return rows
}

func (s *site) showAddDays(w http.ResponseWriter, r *http.Request) error {
	c, err := s.editableClass(r)
	if err != nil {
		return err
	}
	return s.renderAddDays(w, r, http.StatusOK, c, classes.DaysView{Form: ui.FormView{Key: newKey()}, Chosen: []string{"6", "0"}, Part: string(party.ClassDay)})
}

func (s *site) renderAddDays(w http.ResponseWriter, r *http.Request, status int, c class.Opened, v classes.DaysView) error {
	ctx := r.Context()
	v.Caption, v.Lead = classCaption(ctx, c.Class), ui.T(ctx, "classes.sessions.add_lead", "Days", classDays(ctx, c.Fields))
	v.Form.Action, v.Cancel, v.Weekdays, v.Parts = timetablePath(c.ID)+"/add", timetablePath(c.ID), weekdayOptions(ctx), classParts(ctx)
	page := s.pageOf(r, "classes.sessions.add").WithErrors(v.Form.Errors).
		Under(classesCrumb(ctx), ui.Crumb{Label: v.Caption, Href: classPath(c.ID)}, ui.Crumb{Label: ui.T(ctx, "classes.sessions.edit"), Href: timetablePath(c.ID)})
	return render(w, r, status, classes.AddDays(page, v))
}

func (s *site) addDays(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	c, err := s.editableClass(r)
	if err != nil {
		return err
	}
	n, err := s.Classes.AddDays(ctx, viewerOf(r), class.Days{Key: f.key(), ClassID: c.ID, Weekdays: typedWeekdays(f), Part: party.ClassPart(f.typed("part"))})
	if fault.KindOf(err) == fault.Invalid {
		v := classes.DaysView{Form: ui.FormView{Key: f.key(), Errors: ui.ErrorsOf(ctx, err)}, Chosen: f.values["weekdays"], Part: f.typed("part")}
		return s.renderAddDays(w, r, http.StatusUnprocessableEntity, c, v)
	}
	if err != nil {
		return err
	}
	return s.classDone(w, r, timetablePath(c.ID), "classes.sessions.added", "Count", n)
}
