package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"ketnap/internal/postgres"
)

// Limits of the server. A page takes milliseconds; an export or a slow line may take longer.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 60 * time.Second
	writeTimeout      = 120 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10
	// drainTimeout is how long requests in work may go on after Ctrl-C. With the database's own
	// stop it stays under the five seconds that a person waits.
	drainTimeout = 1200 * time.Millisecond
	// jobsTimeout is how much longer the jobs may take, which are told at the same time.
	jobsTimeout = 800 * time.Millisecond
)

func runServe(ctx context.Context, p *program, args []string) error {
	f := p.flags()
	demo := f.Bool("demo", false, "fill an empty database with invented people, accounts included")
	rest, err := p.parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return p.misused(f, "unknown argument %q", rest[0])
	}
	listener, err := listen(ctx, p.settings.Addr)
	if err != nil {
		return err
	}
	s := newServer(p, *demo)
	failed := make(chan error, 2)
	go func() { failed <- s.http.Serve(listener) }()
	db, err := postgres.Open(ctx, p.database(s.metrics))
	if err != nil {
		return unlessStopped(ctx, err)
	}
	defer db.Close(context.WithoutCancel(ctx))
	jobs, stopJobs := context.WithCancel(ctx)
	defer s.end(stopJobs)
	s.jobs.Go(func() {
		if err := s.prepare(jobs, db, listener.Addr()); err != nil {
			failed <- err
			return
		}
		s.announce(listener.Addr())
	})
	select {
	case <-ctx.Done():
		p.log.Info("stopping")
		return nil
	case err := <-failed:
		return unlessStopped(ctx, err)
	}
}

// unlessStopped turns the error of a start that was given up into success.
func unlessStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// listen takes the port before anything else is started.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("another program is already serving on %s; stop it, or choose another address, "+
			"for example ADDR=127.0.0.1:8081", addr)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("this user may not serve on %s; choose a port above 1023, for example ADDR=127.0.0.1:8080", addr)
	case err != nil:
		return nil, fmt.Errorf("cannot serve on %s: %w", addr, err)
	}
	return listener, nil
}

// server answers from the first moment: that it is starting, then with the pages.
type server struct {
	program *program
	demo    bool
	http    *http.Server
	metrics *prometheus.Registry
	handler atomic.Pointer[http.Handler]
	jobs    sync.WaitGroup // what goes on beside the pages, and what comes before them
}

func newServer(p *program, demo bool) *server {
	s := &server{program: p, demo: demo, metrics: prometheus.NewRegistry()}
	s.metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	s.answerWith(startingHandler())
	s.http = &http.Server{
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*s.handler.Load()).ServeHTTP(w, r) }),
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
	}
	return s
}

func (s *server) answerWith(h http.Handler) { s.handler.Store(&h) }

// prepare brings the database to where pages can be served, and serves them.
func (s *server) prepare(ctx context.Context, db *postgres.DB, addr net.Addr) error {
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	if err := db.Verify(ctx); err != nil {
		return err
	}
	services, err := s.program.services(ctx, db)
	if err != nil {
		return err
	}
	if s.demo {
		s.program.log.Info("filling the demo where it is not there yet; the first time takes a while")
		if err := fillDemo(ctx, db, services); err != nil {
			return err
		}
	}
	token, err := s.program.setupToken(ctx, services, addr)
	if err != nil {
		return err
	}
	handler, err := pages(s.program, db, services, s.metrics, s.demo, token)
	if err != nil {
		return err
	}
	s.runJobs(ctx, db, services)
	s.answerWith(handler)
	return nil
}

func (s *server) announce(addr net.Addr) {
	s.program.log.Info("serving", "addr", addr.String(), "version", version)
	_, _ = fmt.Fprintf(s.program.stdout, "ketnap is ready: http://%s\n", addr)
}

// end stops the pages and the jobs, before the database goes.
func (s *server) end(stopJobs func()) {
	stopJobs()
	s.drain()
	ended := make(chan struct{})
	go func() {
		s.jobs.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(jobsTimeout):
		s.program.log.Warn("a job is cut off")
	}
}

// drain lets requests in work end for a moment, then cuts them off.
func (s *server) drain() {
	ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	if err := s.http.Shutdown(ctx); err != nil {
		_ = s.http.Close()
	}
}
