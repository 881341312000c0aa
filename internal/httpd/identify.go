package httpd

import (
	"net/http"

	"ketnap/internal/account"
	"ketnap/web/ui"
)

const (
	languageCookie = "ketnap-lang"
	themeCookie    = "ketnap-theme"
)

// identify finds out who asks, in which language and colours. It costs one query where the
// browser brings a session, none where not.
func (s *site) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := visitOf(r)
		v.theme = ui.ParseTheme(cookieOf(r, themeCookie))
		lang := cookieOf(r, languageCookie)
		session, err := s.sessions.Get(r, s.sessions.cookie())
		v.session = session
		if a, ok := session.Values[accountKey{}].(*account.Session); ok {
			v.account = a
			lang = a.Language
		}
		r = r.WithContext(ui.WithLang(r.Context(), lang))
		if err != nil {
			s.fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func cookieOf(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}
