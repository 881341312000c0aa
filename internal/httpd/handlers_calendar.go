package httpd

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"ketnap/internal/access"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/web/admin"
	"ketnap/web/ui"
)

func calendarPath(year int) string { return address("/admin/calendar", "year", strconv.Itoa(year)) }

func (s *site) showCalendar(w http.ResponseWriter, r *http.Request) error {
	year := int(queryID(r, "year"))
	if year < 1990 || year > 2100 {
		year = s.Today().Year
	}
	view := admin.CalendarView{Form: ui.FormView{Key: newKey()}, Unknown: queryOnly(r, "year")}
	return s.renderCalendar(w, r, http.StatusOK, year, view)
}

func (s *site) renderCalendar(w http.ResponseWriter, r *http.Request, status, year int, view admin.CalendarView) error {
	ctx, v := r.Context(), viewerOf(r)
	days, err := s.Regulations.Days(ctx, v, year)
	if err != nil {
		return err
	}
	view.Year, view.MayEdit, view.Form.Action = strconv.Itoa(year), v.May(access.RegulationsEdit), "/admin/calendar"
	for y := s.Today().Year - 6; y <= s.Today().Year+2; y++ {
		view.Years = append(view.Years, ui.Tab{Label: strconv.Itoa(y), Href: calendarPath(y), Current: y == year})
	}
	for _, k := range []party.DayKind{party.Holiday, party.WorkingDay} {
		view.Kinds = append(view.Kinds, ui.Option{Value: string(k), Label: ui.T(ctx, "calendar.kinds."+string(k))})
	}
	for _, d := range days {
		view.Rows = append(view.Rows, admin.DayRow{Date: d.Date, Weekday: ui.T(ctx, "calendar.weekday.d"+strconv.Itoa(int(d.Date.Weekday()))),
			Kind: ui.T(ctx, "calendar.kinds."+string(d.Kind)), Name: d.Name, Mark: ui.T(ctx, "rule.mark."+string(d.Confidence)), Tone: markTone(d.Confidence),
			Remove: ui.FormView{Action: "/admin/calendar/" + d.Date.String() + "/remove", Key: newKey()}})
	}
	page := s.pageOf(r, "calendar.title").WithErrors(view.Form.Errors).Under(regulationsCrumb(ctx))
	return render(w, r, status, admin.Calendar(page, view))
}

func (s *site) setCalendarDay(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	day := party.CalendarDay{Date: f.date("day"), Kind: party.DayKind(f.typed("kind")), Name: f.text("name", longText)}
	err := f.err()
	if err == nil {
		err = s.Regulations.SetDay(ctx, viewerOf(r), f.key(), day)
	}
	if err != nil && fault.KindOf(err) == fault.Invalid {
		view := admin.CalendarView{Day: f.typed("day"), Kind: f.typed("kind"), Name: f.typed("name"), Form: ui.FormView{Key: f.key(), Errors: ui.ErrorsOf(ctx, err)}}
		year := day.Date.Year
		if day.Date.IsZero() {
			year = s.Today().Year
		}
		return s.renderCalendar(w, r, http.StatusUnprocessableEntity, year, view)
	}
	return s.calendarSaved(w, r, day.Date, "calendar.saved", err)
}

func (s *site) calendarSaved(w http.ResponseWriter, r *http.Request, day party.Date, key string, err error) error {
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, key, "Date", day); err != nil {
		return err
	}
	return redirect(w, r, calendarPath(day.Year))
}

func (s *site) removeCalendarDay(w http.ResponseWriter, r *http.Request) error {
	day, err := party.ParseDate(chi.URLParam(r, "day"))
	if err != nil || day.IsZero() {
		return errNotFound
	}
	return s.calendarSaved(w, r, day, "calendar.removed", s.Regulations.RemoveDay(r.Context(), viewerOf(r), formOf(r).key(), day))
}
