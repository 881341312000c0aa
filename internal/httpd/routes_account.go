package httpd

import (
	"net/http"

	"ketnap/internal/access"
)

// beforeChange are the addresses that somebody may use whose password was set by somebody else.
var beforeChange = map[string]bool{pathChangePassword: true}

func (s *site) accountRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/account", Action: access.SignedIn, Handler: s.showOwnAccount},
		{Method: http.MethodGet, Pattern: pathChangePassword, Action: access.SignedIn, Handler: s.showChangePassword},
		{Method: http.MethodPost, Pattern: pathChangePassword, Action: access.SignedIn, Handler: s.changePassword, BodyLimit: keptBody},
		{Method: http.MethodPost, Pattern: "/account/sessions/{session}/revoke", Action: access.SignedIn, Handler: s.revokeSession},
		{Method: http.MethodPost, Pattern: "/account/sessions/revoke-others", Action: access.SignedIn, Handler: s.revokeOtherSessions},
	}
}

func (s *site) accountsRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/admin/accounts", Action: access.AccountsEdit, Handler: s.showAccounts},
		{Method: http.MethodGet, Pattern: "/admin/accounts/new", Action: access.AccountsEdit, Handler: s.showNewAccount},
		{Method: http.MethodPost, Pattern: "/admin/accounts/new", Action: access.AccountsEdit, Handler: s.createAccount},
		{Method: http.MethodGet, Pattern: "/admin/accounts/{id}", Action: access.AccountsEdit, Handler: s.showAccount},
		{Method: http.MethodPost, Pattern: "/admin/accounts/{id}", Action: access.AccountsEdit, Handler: s.renameAccount},
		{Method: http.MethodGet, Pattern: "/admin/accounts/{id}/grants/new", Action: access.AccountsEdit, Handler: s.showNewGrant},
		{Method: http.MethodPost, Pattern: "/admin/accounts/{id}/grants/new", Action: access.AccountsEdit, Handler: s.createGrant},
		{Method: http.MethodGet, Pattern: "/admin/accounts/{id}/grants/{grant}/revoke", Action: access.AccountsEdit, Handler: s.askRevokeGrant},
		{Method: http.MethodPost, Pattern: "/admin/accounts/{id}/grants/{grant}/revoke", Action: access.AccountsEdit, Handler: s.revokeGrant},
		{Method: http.MethodGet, Pattern: "/admin/accounts/{id}/disable", Action: access.AccountsEdit, Handler: s.askAccount(disableAct)},
		{Method: http.MethodPost, Pattern: "/admin/accounts/{id}/disable", Action: access.AccountsEdit, Handler: s.doAccount(disableAct)},
		{Method: http.MethodGet, Pattern: "/admin/accounts/{id}/enable", Action: access.AccountsEdit, Handler: s.askAccount(enableAct)},
		{Method: http.MethodPost, Pattern: "/admin/accounts/{id}/enable", Action: access.AccountsEdit, Handler: s.doAccount(enableAct)},
		{Method: http.MethodGet, Pattern: "/admin/accounts/{id}/reset", Action: access.AccountsEdit, Handler: s.askAccount(resetAct)},
		{Method: http.MethodPost, Pattern: "/admin/accounts/{id}/reset", Action: access.AccountsEdit, Handler: s.resetAccount},
	}
}

func (s *site) auditRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/admin/audit", Action: access.AuditRead, Handler: s.showAudit},
	}
}
