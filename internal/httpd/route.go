package httpd

import (
	"errors"
	"fmt"
	"net/http"

	"ketnap/internal/access"
)

// Handler answers a request, or says why it cannot; the error becomes a page in one place.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Route is one address of the pages. Action says who may come here at all; which records one may
// see or change is asked again by the use case.
type Route struct {
	Method    string
	Pattern   string
	Action    access.Action
	Handler   Handler
	BodyLimit int64 // bytes; 0 is maxBody
}

// rooms are the tables of routes, one per room.
var rooms = []func(*site) []Route{
	(*site).signInRoutes,
	(*site).accountRoutes,
	(*site).accountsRoutes,
	(*site).auditRoutes,
	(*site).organisationRoutes,
	(*site).reorganisationRoutes,
	(*site).personRoutes,
	(*site).termRoutes,
	(*site).peopleRoutes,
	(*site).introductionRoutes,
	(*site).dashboardRoutes,
	(*site).stallRoutes,
	(*site).probationRoutes,
	(*site).taskRoutes,
	(*site).duesRoutes,
	(*site).exemptionRoutes,
	(*site).mentorRoutes,
	(*site).worklistRoutes,
	(*site).cellRoutes,
	(*site).warningRoutes,
	(*site).regulationRoutes,
	(*site).classRoutes,
	(*site).achievementRoutes,
	(*site).reviewRoutes,
	(*site).dossierRoutes,
	(*site).submissionRoutes,
	(*site).transferRoutes,
	(*site).graduateRoutes,
	(*site).decisionRoutes,
	(*site).ceremonyRoutes,
	(*site).caseRoutes,
	(*site).assessmentRoutes,
}

// routes gathers the tables and refuses a route without a rule.
func (s *site) routes() ([]Route, error) {
	var all []Route
	var wrong []error
	seen := map[string]bool{}
	for _, room := range rooms {
		for _, route := range room(s) {
			if err := route.check(); err != nil {
				wrong = append(wrong, err)
			}
			if name := route.Method + " " + route.Pattern; seen[name] {
				wrong = append(wrong, fmt.Errorf("httpd: route %s is declared twice", name))
			} else {
				seen[name] = true
			}
			all = append(all, route)
		}
	}
	return all, errors.Join(wrong...)
}

func (r Route) check() error {
	switch {
	case r.Action == "":
		return fmt.Errorf("httpd: route %s %s names no action", r.Method, r.Pattern)
	case !access.Known(r.Action):
		return fmt.Errorf("httpd: route %s %s names an unknown action %q", r.Method, r.Pattern, r.Action)
	case r.Handler == nil:
		return fmt.Errorf("httpd: route %s %s has no handler", r.Method, r.Pattern)
	}
	return nil
}

// open tells whether the route is for everybody, signed in or not.
func (r Route) open() bool { return r.Action == access.Public }

// enter lets in whom the route's action allows, with a body that was read and checked.
func (s *site) enter(route Route) http.HandlerFunc {
	limit := route.BodyLimit
	if limit == 0 {
		limit = maxBody
	}
	return s.serve(func(w http.ResponseWriter, r *http.Request) error {
		if err := readForm(w, r, limit); err != nil {
			return err
		}
		if route.open() {
			return route.Handler(w, r)
		}
		visit := visitOf(r)
		switch {
		case visit.account == nil:
			return s.askToSignIn(w, r)
		case visit.account.MustChange && !beforeChange[r.URL.Path]:
			return s.askToChangePassword(w, r)
		case route.Action != access.SignedIn && !viewerOf(r).May(route.Action):
			return errForbidden
		}
		return route.Handler(w, r)
	})
}

// serve turns a Handler into an http.HandlerFunc: an error becomes a page.
func (s *site) serve(h Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	}
}
