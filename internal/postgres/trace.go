package postgres

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
)

type contextKey int

const (
	countKey contextKey = iota
	startKey
	recordKey
)

// Statement is what was sent, begin and commit included.
type Statement struct {
	SQL  string
	Args []any
}

// RecordQueries gives a context and a function that tells which statements were sent with it so
// far. The bench repeats them without the program; nothing else keeps what was sent.
func RecordQueries(ctx context.Context) (context.Context, func() []Statement) {
	var list []Statement
	return context.WithValue(ctx, recordKey, &list), func() []Statement { return list }
}

func noteStatement(ctx context.Context, sql string, args []any) {
	if list, ok := ctx.Value(recordKey).(*[]Statement); ok {
		*list = append(*list, Statement{sql, args})
	}
}

// CountQueries gives a context and a function that tells how many statements were sent with it so
// far, without begin and commit. Tests use it to show that a page makes no query per row.
func CountQueries(ctx context.Context) (context.Context, func() int) {
	n := new(atomic.Int64)
	return context.WithValue(ctx, countKey, n), func() int { return int(n.Load()) }
}

func count(ctx context.Context, sql string) {
	n, ok := ctx.Value(countKey).(*atomic.Int64)
	if ok && !strings.HasPrefix(sql, "begin") && sql != "commit" && sql != "rollback" {
		n.Add(1)
	}
}

// tracer counts and times what goes to the database. It sees no arguments.
type tracer struct{ seconds prometheus.Observer }

func newTracer(r prometheus.Registerer) *tracer {
	h := prometheus.NewHistogram(prometheus.HistogramOpts{
		Name:    "ketnap_database_seconds",
		Help:    "Time of a statement or batch as the program sees it.",
		Buckets: []float64{.0002, .0005, .001, .002, .005, .01, .025, .05, .1, .25, .5, 1, 5, 30},
	})
	if r != nil {
		r.MustRegister(h)
	}
	return &tracer{seconds: h}
}

func start(ctx context.Context) context.Context {
	return context.WithValue(ctx, startKey, time.Now())
}

func (t *tracer) end(ctx context.Context) {
	if from, ok := ctx.Value(startKey).(time.Time); ok {
		t.seconds.Observe(time.Since(from).Seconds())
	}
}

func (t *tracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryStartData) context.Context {
	count(ctx, d.SQL)
	noteStatement(ctx, d.SQL, d.Args)
	return start(ctx)
}

func (t *tracer) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryEndData) { t.end(ctx) }

func (t *tracer) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return start(ctx)
}

func (t *tracer) TraceBatchQuery(ctx context.Context, _ *pgx.Conn, d pgx.TraceBatchQueryData) {
	count(ctx, d.SQL)
	noteStatement(ctx, d.SQL, d.Args)
}

func (t *tracer) TraceBatchEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchEndData) { t.end(ctx) }

func (t *tracer) TraceCopyFromStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceCopyFromStartData) context.Context {
	count(ctx, "copy")
	return start(ctx)
}

func (t *tracer) TraceCopyFromEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceCopyFromEndData) {
	t.end(ctx)
}

// registerPool shows the pool's state on /metrics.
func registerPool(r prometheus.Registerer, pool *pgxpool.Pool) {
	gauge := func(name, help string, value func(*pgxpool.Stat) float64) {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help},
			func() float64 { return value(pool.Stat()) }))
	}
	gauge("ketnap_database_connections", "Open connections of the pool.",
		func(s *pgxpool.Stat) float64 { return float64(s.TotalConns()) })
	gauge("ketnap_database_connections_in_use", "Connections of the pool in use.",
		func(s *pgxpool.Stat) float64 { return float64(s.AcquiredConns()) })
	gauge("ketnap_database_waits_total", "Times that a request had to wait for a connection.",
		func(s *pgxpool.Stat) float64 { return float64(s.EmptyAcquireCount()) })
}
