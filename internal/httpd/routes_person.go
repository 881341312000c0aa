package httpd

import (
	"net/http"

	"ketnap/internal/access"
)

// personRoutes are one person and the steps of his way.
func (s *site) personRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/people/{id}", Action: access.PeopleRead, Handler: s.showPerson},
		{Method: http.MethodGet, Pattern: "/people/{id}/steps/{kind}", Action: access.StepsRecord, Handler: s.showStepForm},
		{Method: http.MethodPost, Pattern: "/people/{id}/steps/{kind}", Action: access.StepsRecord, Handler: s.recordStep},
		{Method: http.MethodGet, Pattern: "/people/{id}/steps/{step}/void", Action: access.StepsVoid, Handler: s.showVoidForm},
		{Method: http.MethodPost, Pattern: "/people/{id}/steps/{step}/void", Action: access.StepsVoid, Handler: s.voidStep},
		{Method: http.MethodGet, Pattern: "/people/{id}/steps/{step}/correct", Action: access.StepsVoid, Handler: s.showCorrectForm},
		{Method: http.MethodPost, Pattern: "/people/{id}/steps/{step}/correct", Action: access.StepsVoid, Handler: s.correctStep},
	}
}
