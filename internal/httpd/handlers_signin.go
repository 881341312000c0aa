package httpd

import (
	"net/http"
	"time"

	"github.com/go-chi/httprate"

	"ketnap/internal/account"
	"ketnap/internal/fault"
	"ketnap/web/signin"
	"ketnap/web/ui"
)

func (s *site) showSignIn(w http.ResponseWriter, r *http.Request) error {
	if visitOf(r).account != nil {
		return redirect(w, r, "/")
	}
	var hidden []ui.Hidden
	if next := localPath(r.URL.Query().Get("next")); next != "" && next != "/" {
		hidden = []ui.Hidden{{Name: "next", Value: next}}
	}
	return s.renderSignIn(w, r, http.StatusOK, hidden, nil)
}

// askToSignIn answers who is not signed in: a page leads to the sign-in and back, a form is kept.
func (s *site) askToSignIn(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodPost {
		next := ""
		if path := r.URL.RequestURI(); path != "/" {
			next = path
		}
		return redirect(w, r, address(pathSignIn, "next", next))
	}
	return s.renderSignIn(w, r, http.StatusUnauthorized, keepForm(r), nil)
}

func (s *site) renderSignIn(w http.ResponseWriter, r *http.Request, status int, hidden []ui.Hidden, refusal error) error {
	errs := ui.ErrorsOf(r.Context(), refusal)
	page := s.pageOf(r, "signin.title").WithErrors(errs)
	if status == http.StatusUnauthorized {
		page.Path = pathSignIn
	}
	kept := len(hidden) > 0 && hidden[0].Name == keptPath
	view := signin.SignInView{
		Form:    ui.FormView{Action: pathSignIn, Hidden: hidden, Errors: errs},
		Expired: refusal == nil && (status == http.StatusUnauthorized || cookieOf(r, s.sessions.cookie()) != ""),
		Kept:    kept,
		Demo:    s.Demo,
	}
	if refusal != nil {
		view.Username = r.PostForm.Get("username")
	}
	return render(w, r, status, signin.SignIn(page, view))
}

func (s *site) signIn(w http.ResponseWriter, r *http.Request) error {
	form := formOf(r)
	found, err := s.Accounts.SignIn(r.Context(), account.Credentials{
		Username: form.typed("username"), Password: form.typed("password"), Address: s.addressOf(r)})
	if kind := fault.KindOf(err); err != nil && (kind == fault.Invalid || kind == fault.TooMany) {
		status := statusOf(err)
		retryAfter(w, status, err)
		return s.renderSignIn(w, r, status, s.carried(r), err)
	}
	if err != nil {
		return err
	}
	visit := visitOf(r)
	// What follows is answered as the new account, before its first request comes.
	visit.account, err = s.sessions.begin(w, r, visit.session, found.ID)
	if err != nil {
		return err
	}
	return s.goOn(w, r)
}

// carried are the hidden inputs that survive a refused sign-in.
func (s *site) carried(r *http.Request) []ui.Hidden {
	if kept := keptForm(r); kept != nil {
		return kept
	}
	if next := localPath(r.PostForm.Get("next")); next != "" {
		return []ui.Hidden{{Name: "next", Value: next}}
	}
	return nil
}

// goOn leads to what the reader was about to do before signing in or changing the password.
func (s *site) goOn(w http.ResponseWriter, r *http.Request) error {
	if visitOf(r).account.MustChange {
		return s.renderChangePassword(w, r, http.StatusOK, s.carried(r), nil)
	}
	if shown, err := s.showKept(w, r); shown || err != nil {
		return err
	}
	if next := localPath(r.PostForm.Get("next")); next != "" {
		return redirect(w, r, next)
	}
	return redirect(w, r, landing(viewerOf(r)))
}

// limitSignIns slows down who tries many passwords, before any is computed.
func (s *site) limitSignIns(next Handler) Handler {
	limiter := httprate.NewRateLimiter(s.SignInsPerMinute, time.Minute)
	return func(w http.ResponseWriter, r *http.Request) error {
		if limiter.OnLimit(w, r, s.addressOf(r)) {
			err := fault.New(fault.TooMany, "errors.rate").With(time.Minute)
			retryAfter(w, http.StatusTooManyRequests, err)
			return s.renderSignIn(w, r, http.StatusTooManyRequests, s.carried(r), err)
		}
		return next(w, r)
	}
}

func (s *site) signOut(w http.ResponseWriter, r *http.Request) error {
	session := visitOf(r).session
	if visitOf(r).account != nil {
		session.Options.MaxAge = -1
		if err := session.Save(r, w); err != nil {
			return err
		}
	}
	w.Header().Set("Clear-Site-Data", `"cache"`)
	return redirect(w, r, pathSignIn)
}

// aYear is how long language and theme stay chosen, in seconds.
const aYear = 365 * 24 * 60 * 60

func (s *site) setPreference(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: aYear,
		HttpOnly: true, Secure: s.SecureCookies, SameSite: http.SameSiteLaxMode})
}

func (s *site) setLanguage(w http.ResponseWriter, r *http.Request) error {
	lang := string(ui.ParseLang(r.PostForm.Get("lang")))
	if visitOf(r).account != nil {
		if err := s.Accounts.SetLanguage(r.Context(), viewerOf(r), lang); err != nil {
			return err
		}
	}
	s.setPreference(w, languageCookie, lang)
	return redirect(w, r, nextOr(r, "/"))
}

func (s *site) setTheme(w http.ResponseWriter, r *http.Request) error {
	s.setPreference(w, themeCookie, string(ui.ParseTheme(r.PostForm.Get("theme"))))
	return redirect(w, r, nextOr(r, "/"))
}

func nextOr(r *http.Request, otherwise string) string {
	if next := localPath(r.PostForm.Get("next")); next != "" {
		return next
	}
	return otherwise
}
