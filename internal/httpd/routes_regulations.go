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
		{Method: http.MethodGet, Pattern: "/classes/register", Action: access.ClassesRead, Handler: s.showClassRegister},
		{Method: http.MethodGet, Pattern: "/classes/{id}/nominate", Action: access.ClassesNominate, Handler: s.showNominate},
		{Method: http.MethodPost, Pattern: "/classes/{id}/nominate", Action: access.ClassesNominate, Handler: s.nominate},
		{Method: http.MethodGet, Pattern: "/classes/{id}/approval", Action: access.ClassesEdit, Handler: s.showApproval},
		{Method: http.MethodPost, Pattern: "/classes/{id}/approval", Action: access.ClassesEdit, Handler: s.answerNominations},
		{Method: http.MethodGet, Pattern: "/classes/{id}/sessions", Action: access.ClassesEdit, Handler: s.showTimetable},
		{Method: http.MethodPost, Pattern: "/classes/{id}/sessions", Action: access.ClassesEdit, Handler: s.saveTimetable},
		{Method: http.MethodGet, Pattern: "/classes/{id}/sessions/add", Action: access.ClassesEdit, Handler: s.showAddDays},
		{Method: http.MethodPost, Pattern: "/classes/{id}/sessions/add", Action: access.ClassesEdit, Handler: s.addDays},
		{Method: http.MethodGet, Pattern: "/classes/{id}/attendance/{session}", Action: access.ClassesRead, Handler: s.showAttendance},
		{Method: http.MethodPost, Pattern: "/classes/{id}/attendance/{session}", Action: access.ClassesEdit, Handler: s.saveAttendance},
		{Method: http.MethodGet, Pattern: "/classes/{id}/attendance/{session}/paper", Action: access.ClassesRead, Handler: s.showSigningPaper},
		{Method: http.MethodGet, Pattern: "/classes/{id}/papers/roster", Action: access.ClassesRead, Handler: s.showRosterPaper},
		{Method: http.MethodGet, Pattern: "/classes/{id}/papers/results", Action: access.ClassesRead, Handler: s.showResultsPaper},
		{Method: http.MethodGet, Pattern: "/classes/{id}/papers/certificates", Action: access.ClassesEdit, Handler: s.showCertificates},
		{Method: http.MethodGet, Pattern: "/classes/{id}/papers/merit", Action: access.ClassesEdit, Handler: s.showMeritLetters},
		{Method: http.MethodGet, Pattern: "/classes/{id}/results", Action: access.ClassesEdit, Handler: s.showMarks},
		{Method: http.MethodPost, Pattern: "/classes/{id}/results", Action: access.ClassesEdit, Handler: s.saveMarks},
		{Method: http.MethodGet, Pattern: "/classes/{id}/certificates", Action: access.ClassesEdit, Handler: s.showIssue},
		{Method: http.MethodPost, Pattern: "/classes/{id}/certificates", Action: access.ClassesEdit, Handler: s.issueCertificates},
		{Method: http.MethodGet, Pattern: "/classes/{id}/people/{person}/withdraw", Action: access.ClassesNominate, Handler: withdrawing.ask(s)},
		{Method: http.MethodPost, Pattern: "/classes/{id}/people/{person}/withdraw", Action: access.ClassesNominate, Handler: withdrawing.do(s)},
		{Method: http.MethodGet, Pattern: "/classes/{id}/people/{person}/cancel", Action: access.ClassesEdit, Handler: cancelling.ask(s)},
		{Method: http.MethodPost, Pattern: "/classes/{id}/people/{person}/cancel", Action: access.ClassesEdit, Handler: cancelling.do(s)},
		{Method: http.MethodGet, Pattern: "/classes/{id}/close", Action: access.ClassesEdit, Handler: closing.ask(s)},
		{Method: http.MethodPost, Pattern: "/classes/{id}/close", Action: access.ClassesEdit, Handler: closing.do(s)},
		{Method: http.MethodGet, Pattern: "/classes/{id}", Action: access.ClassesRead, Handler: s.showClass},
		{Method: http.MethodGet, Pattern: "/classes/{id}/edit", Action: access.ClassesEdit, Handler: s.showEditClass},
		{Method: http.MethodPost, Pattern: "/classes/{id}/edit", Action: access.ClassesEdit, Handler: s.editClass},
	}
}
