package httpd

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"ketnap/internal/fault"
	errorpages "ketnap/web/errors"
	"ketnap/web/ui"
)

var (
	errForbidden = fault.NewForbidden("errors.forbidden")
	errNotFound  = fault.NewNotFound("errors.not_found")
	errBadText   = &badRequest{key: "errors.bad_text"}
	errBadForm   = &badRequest{key: "errors.bad_form"}
)

// badRequest is a request that no browser in order sends: there is nothing to ask a use case.
type badRequest struct{ key string }

func (e *badRequest) Error() string { return "bad request " + e.key }

// wrongMethod is an address that exists, asked in a way that it does not answer.
type wrongMethod struct{}

func (wrongMethod) Error() string { return "wrong method" }

// statusOf gives the status of an error.
func statusOf(err error) int {
	var bad *badRequest
	var method wrongMethod
	switch {
	case errors.As(err, &bad):
		return http.StatusBadRequest
	case errors.As(err, &method):
		return http.StatusMethodNotAllowed
	}
	switch fault.KindOf(err) {
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.Conflict:
		return http.StatusConflict
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.TooMany:
		return http.StatusTooManyRequests
	}
	return http.StatusInternalServerError
}

// fail answers with the page of an error and logs it, once.
func (s *site) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() == context.Canceled {
		return // the browser has gone
	}
	status := statusOf(err)
	s.logFailure(r, status, err)
	retryAfter(w, status, err)
	page := s.frameOf(r)
	page.Title = errorpages.Title(r.Context(), status)
	view := errorpages.View{Status: status, Text: textOf(r.Context(), err), RequestID: visitOf(r).id}
	if err := render(w, r, status, errorpages.Page(page, view)); err != nil {
		s.Log.Error("error page failed", "id", visitOf(r).id, "err", err)
		writeText(w, status, http.StatusText(status)+"\n")
	}
}

func (s *site) logFailure(r *http.Request, status int, err error) {
	id := visitOf(r).id
	if status >= http.StatusInternalServerError {
		s.Log.Error("request failed", "id", id, "route", patternOf(r), "status", status, "err", err)
		return
	}
	s.Log.Info("request refused", "id", id, "route", patternOf(r), "status", status, "kind", fault.KindOf(err).String())
}

// textOf gives the words of an error, where it has some beyond those of its status.
func textOf(ctx context.Context, err error) string {
	var bad *badRequest
	if errors.As(err, &bad) {
		return ui.T(ctx, bad.key)
	}
	e := fault.As(err)
	if e == nil || !ui.Has(e.Key) {
		return ""
	}
	lines := []string{ui.T(ctx, e.Key, e.Args...)}
	for _, f := range e.Fields {
		lines = append(lines, ui.T(ctx, f.Key, f.Args...))
	}
	return strings.Join(lines, " ")
}

// retryAfter tells programs when to come again.
func retryAfter(w http.ResponseWriter, status int, err error) {
	seconds := 5
	switch status {
	case http.StatusServiceUnavailable:
	case http.StatusTooManyRequests:
		seconds = 60
		if e := fault.As(err); e != nil {
			if wait, ok := e.Detail.(time.Duration); ok {
				seconds = int(wait.Seconds()) + 1
			}
		}
	default:
		return
	}
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
}

func (s *site) showNotFound(http.ResponseWriter, *http.Request) error { return errNotFound }

func (s *site) showMethodNotAllowed(w http.ResponseWriter, r *http.Request) error {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if s.router.Match(chi.NewRouteContext(), method, r.URL.Path) {
			allowed = append(allowed, method)
		}
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	return wrongMethod{}
}
