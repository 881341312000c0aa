package httpd

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"ketnap/internal/fault"
)

const contentPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; " +
	"img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func (s *site) securityHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		if s.SecureCookies {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// recoverPanic turns a mistake in the program into the page of status 500.
func (s *site) recoverPanic(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				s.Log.Error("panic", "id", visitOf(r).id, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				s.fail(w, r, fmt.Errorf("panic: %v", p))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

func withTimeout(d time.Duration) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(r.Context(), d)
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// refuseCrossOrigin refuses what another site makes a browser send here.
func (s *site) refuseCrossOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(s.serve(func(http.ResponseWriter, *http.Request) error {
		return fault.NewForbidden("errors.cross_origin")
	}))
	return protection.Handler(next)
}

// setUpFirst leads an empty installation to its set-up.
func (s *site) setUpFirst(next http.Handler) http.Handler {
	return s.serve(func(w http.ResponseWriter, r *http.Request) error {
		if r.URL.Path != pathSetUp && r.URL.Path != "/language" && r.URL.Path != "/theme" {
			needed, err := s.Accounts.NeedsSetup(r.Context())
			if err != nil {
				return err
			}
			if needed {
				return redirect(w, r, pathSetUp)
			}
		}
		next.ServeHTTP(w, r)
		return nil
	})
}
