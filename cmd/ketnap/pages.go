package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"ketnap/internal/app"
	"ketnap/internal/audit"
	"ketnap/internal/httpd"
	"ketnap/internal/postgres"
)

// startingHandler answers while the database is started and migrated.
func startingHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("ok\n"))
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "2")
		http.Error(w, "ketnap đang khởi động. / ketnap is starting.", http.StatusServiceUnavailable)
	})
	return mux
}

// pages is what the program serves. token is asked by the first set-up.
func pages(p *program, db *postgres.DB, s *app.Services, metrics *prometheus.Registry, demo bool, token string) (http.Handler, error) {
	return httpd.New(httpd.Deps{
		Services:       s,
		DB:             db,
		Today:          today,
		Log:            p.log,
		Metrics:        metrics,
		TrustedProxies: p.settings.TrustedProxies,
		SecureCookies:  p.settings.SecureCookies,
		SetupToken:     token,
		Demo:           demo,
	})
}

// setupToken is empty where only this machine can reach the pages; elsewhere whoever comes first
// must not become the administrator, so a token is made and told in the terminal.
func (p *program) setupToken(ctx context.Context, s *app.Services, addr net.Addr) (string, error) {
	needed, err := s.Accounts.NeedsSetup(ctx)
	if err != nil || !needed {
		return "", err
	}
	host, _, err := net.SplitHostPort(addr.String())
	if err != nil {
		return "", err
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() && len(p.settings.TrustedProxies) == 0 {
		return "", nil
	}
	token := rand.Text()
	_, _ = fmt.Fprintf(p.stdout, "this installation is empty; set it up at /setup?token=%s\n", token)
	return token, nil
}

// cleanEvery is how often sessions that have ended are deleted.
const cleanEvery = time.Hour

// runJobs does what goes on beside the pages until ctx ends: sealing the audit, cleaning up.
func (s *server) runJobs(ctx context.Context, db *postgres.DB, services *app.Services) {
	s.jobs.Go(func() { audit.NewSealer(db, s.program.log).Run(ctx) })
	s.jobs.Go(func() {
		services.People.KeepUpToDate(ctx, func(err error) {
			s.program.log.Error("what lists show is not brought up to date yet", "err", err)
		})
	})
	s.jobs.Go(func() {
		tick := time.NewTicker(cleanEvery)
		defer tick.Stop()
		for {
			if err := services.Accounts.Clean(ctx); err != nil && ctx.Err() == nil {
				s.program.log.Warn("ended sessions stay for now", "err", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
}
