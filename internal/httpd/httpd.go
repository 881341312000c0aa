// Package httpd is the way from the browser to the use cases: router, middleware, sessions and
// cookies, forms, errors to pages, and one file of routes and one of handlers per room. A handler
// decodes, asks a use case and renders; no rule, no right beyond the route's action and no SQL
// lives here.
package httpd

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/prometheus/client_golang/prometheus"

	"ketnap/internal/access"
	"ketnap/internal/app"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
	"ketnap/web"
)

// Deps is what the pages are served from.
type Deps struct {
	*app.Services
	DB *postgres.DB

	Today   func() party.Date    // the day in the committee's time zone
	Log     *slog.Logger         // nil: no log
	Metrics *prometheus.Registry // nil: its own

	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	SecureCookies  bool           // browsers come by HTTPS
	SetupToken     string         // asked by the first set-up; empty: not asked (loopback only)
	Demo           bool           // the installation shows invented people
	// SignInsPerMinute bounds POST /login by address; 0 is 120.
	SignInsPerMinute int
}

// site is one installation as it is served. Handlers are its methods.
type site struct {
	Deps
	sessions *sessionStore
	meter    *meter
	paths    map[string]bool // patterns of GET routes, for the navigation
	router   chi.Router      // of the pages
}

// pageTimeout ends the work on a page that takes too long.
const pageTimeout = 30 * time.Second

// New makes the handler of all pages. It fails when a route names no action or an unknown one.
func New(d Deps) (http.Handler, error) {
	s, err := newSite(d)
	if err != nil {
		return nil, err
	}
	root := chi.NewRouter()
	root.Use(s.begin, s.recoverPanic, s.securityHeaders)
	root.Handle(web.StaticPrefix+"*", web.Static())
	root.Get("/healthz", s.healthz)
	root.Get("/readyz", s.readyz)
	root.Method(http.MethodGet, "/metrics", s.meter.handler())
	root.Mount("/", s.router)
	return root, nil
}

// Routes lists all routes of the pages, as New declares them.
func Routes(d Deps) ([]Route, error) {
	s := &site{Deps: d}
	return s.routes()
}

func newSite(d Deps) (*site, error) {
	if d.DB == nil || d.Services == nil || d.Today == nil {
		return nil, errors.New("httpd: database, services and today are needed")
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Metrics == nil {
		d.Metrics = prometheus.NewRegistry()
	}
	if d.SignInsPerMinute == 0 {
		d.SignInsPerMinute = 120
	}
	s := &site{Deps: d, meter: newMeter(d.Metrics), paths: map[string]bool{}, router: chi.NewRouter()}
	s.sessions = &sessionStore{accounts: d.Accounts, secure: d.SecureCookies, address: s.addressOf}
	return s, s.mount()
}

// mount puts the routes behind what all pages share.
func (s *site) mount() error {
	routes, err := s.routes()
	if err != nil {
		return err
	}
	r := s.router
	r.Use(middleware.Compress(5), middleware.GetHead, withTimeout(pageTimeout),
		s.identify, s.refuseBadText, s.refuseCrossOrigin, s.setUpFirst)
	r.NotFound(s.serve(s.showNotFound))
	r.MethodNotAllowed(s.serve(s.showMethodNotAllowed))
	for _, route := range routes {
		if route.Method == http.MethodGet {
			s.paths[route.Pattern] = true
		}
		r.Method(route.Method, route.Pattern, s.enter(route))
	}
	return nil
}

func (s *site) healthz(w http.ResponseWriter, _ *http.Request) { writeText(w, http.StatusOK, "ok\n") }

func (s *site) readyz(w http.ResponseWriter, r *http.Request) {
	if err := s.DB.SchemaCurrent(r.Context()); err != nil {
		s.Log.Warn("not ready", "err", err)
		writeText(w, http.StatusServiceUnavailable, "database not ready\n")
		return
	}
	writeText(w, http.StatusOK, "ok\n")
}

func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprint(w, text) // the client has gone; nothing is left to do
}

// showHome leads to the page that the viewer's duty begins with.
func (s *site) showHome(w http.ResponseWriter, r *http.Request) error {
	return redirect(w, r, landing(viewerOf(r)))
}

// landing is where somebody begins: a leader with the figures, an administrator with the
// organisations, everybody else with the work.
func landing(v access.Viewer) string {
	switch {
	case v.Has(access.Leader):
		return "/dashboard"
	case v.May(access.PeopleRead):
		return "/worklist"
	case v.Has(access.Administrator):
		return "/organisations"
	}
	return "/account"
}
