package httpd

import (
	"net/http"

	"ketnap/internal/access"
)

const (
	pathSignIn         = "/login"
	pathSetUp          = "/setup"
	pathChangePassword = "/account/password"
)

// keptBody lets a form of full size come back with the sign-in around it.
const keptBody = 4 * maxBody

func (s *site) signInRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/", Action: access.SignedIn, Handler: s.showHome},
		{Method: http.MethodGet, Pattern: pathSignIn, Action: access.Public, Handler: s.showSignIn},
		{Method: http.MethodPost, Pattern: pathSignIn, Action: access.Public, Handler: s.limitSignIns(s.signIn), BodyLimit: keptBody},
		{Method: http.MethodPost, Pattern: "/logout", Action: access.Public, Handler: s.signOut},
		{Method: http.MethodPost, Pattern: "/language", Action: access.Public, Handler: s.setLanguage},
		{Method: http.MethodPost, Pattern: "/theme", Action: access.Public, Handler: s.setTheme},
		{Method: http.MethodGet, Pattern: pathSetUp, Action: access.Public, Handler: s.showSetUp},
		{Method: http.MethodPost, Pattern: pathSetUp, Action: access.Public, Handler: s.setUp},
	}
}
