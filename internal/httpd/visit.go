package httpd

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/sessions"

	"ketnap/internal/access"
	"ketnap/internal/account"
	"ketnap/internal/audit"
	"ketnap/web/ui"
)

// visit is what is known about one request besides the request itself.
type visit struct {
	id      string // of the request
	began   time.Time
	session *sessions.Session
	account *account.Session // nil when nobody is signed in
	theme   ui.Theme
}

type visitKey struct{}

func visitOf(r *http.Request) *visit {
	if v, ok := r.Context().Value(visitKey{}).(*visit); ok {
		return v
	}
	return &visit{}
}

// viewerOf gives who asks; the zero Viewer, who may do nothing, when nobody is signed in.
func viewerOf(r *http.Request) access.Viewer {
	if a := visitOf(r).account; a != nil {
		return a.Viewer
	}
	return access.Viewer{}
}

// sessionOf gives the id of the session, 0 when nobody is signed in.
func sessionOf(r *http.Request) int64 {
	if a := visitOf(r).account; a != nil {
		return a.ID
	}
	return 0
}

// begin numbers the request and writes one line about it in the log when it is answered: no
// address, no names, no query.
func (s *site) begin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{id: uuid.NewString(), began: time.Now()}
		ctx := context.WithValue(r.Context(), visitKey{}, v)
		ctx = audit.WithRequestID(ctx, v.id)
		w.Header().Set("X-Request-Id", v.id)
		answer := &answer{ResponseWriter: w}
		r = r.WithContext(ctx)
		next.ServeHTTP(answer, r)
		s.record(r, v, answer)
	})
}

func (s *site) record(r *http.Request, v *visit, a *answer) {
	took := time.Since(v.began)
	pattern := patternOf(r)
	s.meter.record(r.Method, pattern, a.statusOrOK(), took)
	if pattern == "/healthz" || pattern == "/readyz" || pattern == "/metrics" {
		return
	}
	var account int64
	if v.account != nil {
		account = v.account.Viewer.AccountID
	}
	s.Log.Info("request", "id", v.id, "method", r.Method, "route", pattern, "status", a.statusOrOK(),
		"ms", took.Milliseconds(), "bytes", a.bytes, "account", account)
}

// answer remembers what was answered.
type answer struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(b)
	a.bytes += int64(n)
	return n, err
}

// Unwrap gives http.ResponseController the writer below.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *answer) statusOrOK() int {
	if a.status == 0 {
		return http.StatusOK
	}
	return a.status
}
