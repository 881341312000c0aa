package httpd

import (
	"net/http"

	"ketnap/internal/access"
)

func (s *site) regulationRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/admin/regulations", Action: access.RegulationsRead, Handler: s.showRegulations},
		{Method: http.MethodGet, Pattern: "/admin/regulations/new", Action: access.RegulationsEdit, Handler: s.showNewRule},
		{Method: http.MethodPost, Pattern: "/admin/regulations/new", Action: access.RegulationsEdit, Handler: s.createRule},
		{Method: http.MethodGet, Pattern: "/admin/regulations/{id}", Action: access.RegulationsEdit, Handler: s.showRule},
		{Method: http.MethodPost, Pattern: "/admin/regulations/{id}", Action: access.RegulationsEdit, Handler: s.editRule},
		{Method: http.MethodGet, Pattern: "/admin/regulations/{id}/remove", Action: access.RegulationsEdit, Handler: s.askRemoveRule},
		{Method: http.MethodPost, Pattern: "/admin/regulations/{id}/remove", Action: access.RegulationsEdit, Handler: s.removeRule},
		{Method: http.MethodGet, Pattern: "/admin/calendar", Action: access.RegulationsRead, Handler: s.showCalendar},
		{Method: http.MethodPost, Pattern: "/admin/calendar", Action: access.RegulationsEdit, Handler: s.setCalendarDay},
		{Method: http.MethodPost, Pattern: "/admin/calendar/{day}/remove", Action: access.RegulationsEdit, Handler: s.removeCalendarDay},
	}
}

func (s *site) classRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/classes", Action: access.ClassesRead, Handler: s.showClasses},
		{Method: http.MethodGet, Pattern: "/classes/new", Action: access.ClassesEdit, Handler: s.showNewClass},
		{Method: http.MethodPost, Pattern: "/classes/new", Action: access.ClassesEdit, Handler: s.createClass},
		{Method: http.MethodGet, Pattern: "/classes/{id}", Action: access.ClassesRead, Handler: s.showClass},
		{Method: http.MethodGet, Pattern: "/classes/{id}/edit", Action: access.ClassesEdit, Handler: s.showEditClass},
		{Method: http.MethodPost, Pattern: "/classes/{id}/edit", Action: access.ClassesEdit, Handler: s.editClass},
	}
}
