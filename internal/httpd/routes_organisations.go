package httpd

import (
	"net/http"

	"ketnap/internal/access"
)

func (s *site) organisationRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/organisations", Action: access.OrganisationsRead, Handler: s.showOrganisations},
		{Method: http.MethodGet, Pattern: "/organisations/new", Action: access.OrganisationsEdit, Handler: s.showNewOrganisation},
		{Method: http.MethodPost, Pattern: "/organisations/new", Action: access.OrganisationsEdit, Handler: s.createOrganisation},
		{Method: http.MethodGet, Pattern: "/organisations/{id}", Action: access.OrganisationsRead, Handler: s.showOrganisation},
		{Method: http.MethodGet, Pattern: "/organisations/{id}/edit", Action: access.OrganisationsEdit, Handler: s.showEditOrganisation},
		{Method: http.MethodPost, Pattern: "/organisations/{id}/edit", Action: access.OrganisationsEdit, Handler: s.editOrganisation},
	}
}

func (s *site) termRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/admin/terms", Action: access.TermsEdit, Handler: s.showTerms},
		{Method: http.MethodGet, Pattern: "/admin/terms/new", Action: access.TermsEdit, Handler: s.showNewTerm},
		{Method: http.MethodPost, Pattern: "/admin/terms/new", Action: access.TermsEdit, Handler: s.createTerm},
		{Method: http.MethodGet, Pattern: "/admin/terms/{id}", Action: access.TermsEdit, Handler: s.showEditTerm},
		{Method: http.MethodPost, Pattern: "/admin/terms/{id}", Action: access.TermsEdit, Handler: s.editTerm},
	}
}
