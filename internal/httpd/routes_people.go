package httpd

import (
	"net/http"

	"ketnap/internal/access"
)

func (s *site) peopleRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/people", Action: access.PeopleRead, Handler: s.showPeople},
		{Method: http.MethodGet, Pattern: "/people/new", Action: access.PeopleRegister, Handler: s.showRegister},
		{Method: http.MethodPost, Pattern: "/people/new", Action: access.PeopleRegister, Handler: s.register},
		{Method: http.MethodGet, Pattern: "/people/{id}/edit", Action: access.PeopleEdit, Handler: s.showEditPerson},
		{Method: http.MethodPost, Pattern: "/people/{id}/edit", Action: access.PeopleEdit, Handler: s.editPerson},
	}
}
