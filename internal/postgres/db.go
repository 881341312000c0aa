package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
)

// AppRole is the role that serves: no superuser, no way around row-level security, no DDL.
const AppRole = "ketnap_app"

// OwnerRole owns the private cluster and runs the migrations in it.
const OwnerRole = "ketnap_owner"

// MinMajor is the oldest PostgreSQL that the migrations run on.
const MinMajor = 15

// Limits of the application's connections. A page is answered in milliseconds; what reaches these
// is stuck and must let go of its locks.
const (
	statementTimeout = 30 * time.Second
	lockTimeout      = 10 * time.Second
	idleInTxTimeout  = 30 * time.Second
	connectTimeout   = 5 * time.Second
	closeTimeout     = 800 * time.Millisecond
)

// Config says which database to use.
type Config struct {
	DataDir  string // the program's folder; the private cluster lives in it when URL is empty
	BinDir   string // folder of initdb and postgres; empty: looked for
	URL      string // database to serve from; empty: the private cluster
	OwnerURL string // the same database as its owner, for migrations; empty: URL
	MaxConns int32  // connections of the pool; 0: four per processor, at least 16
	// Attach allows using the cluster of a program that already runs on DataDir. Commands set it,
	// serve does not: a second server on the same folder is refused.
	Attach  bool
	Log     *slog.Logger
	Metrics prometheus.Registerer // nil: none
}

// DB is the pool of the application's connections.
type DB struct {
	pool    *pgxpool.Pool
	owner   *pgx.ConnConfig
	cluster *cluster // nil when the database is not ours to start and stop
	log     *slog.Logger
}

// Open starts the private cluster, or prepares the pool for Config.URL. It does not migrate and,
// with a URL, does not connect yet: see Migrate and Verify.
func Open(ctx context.Context, c Config) (*DB, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.URL == "" {
		return openEmbedded(ctx, c)
	}
	owner := c.OwnerURL
	if owner == "" {
		owner = c.URL
	}
	return open(c, c.URL, owner, nil)
}

func openEmbedded(ctx context.Context, c Config) (*DB, error) {
	cl, err := startCluster(ctx, clusterConfig{DataDir: c.DataDir, BinDir: c.BinDir, Attach: c.Attach, Log: c.Log})
	if err != nil {
		return nil, err
	}
	db, err := open(c, cl.url(AppRole, embeddedDatabase), cl.url(OwnerRole, embeddedDatabase), cl)
	if err == nil {
		err = db.prepareEmbedded(ctx)
	}
	if err != nil {
		cl.stop(context.WithoutCancel(ctx))
		return nil, err
	}
	return db, nil
}

func open(c Config, url, ownerURL string, cl *cluster) (*DB, error) {
	owner, err := pgx.ParseConfig(ownerURL)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_OWNER_URL: %w", err)
	}
	owner.RuntimeParams["application_name"] = "ketnap owner"
	owner.ConnectTimeout = connectTimeout
	pool, err := newPool(c, url)
	if err != nil {
		return nil, err
	}
	if c.Metrics != nil {
		registerPool(c.Metrics, pool)
	}
	return &DB{pool: pool, owner: owner, cluster: cl, log: c.Log}, nil
}

func newPool(c Config, url string) (*pgxpool.Pool, error) {
	pc, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL: %w", err)
	}
	if c.MaxConns > 0 {
		pc.MaxConns = c.MaxConns
	} else if !strings.Contains(url, "pool_max_conns") {
		pc.MaxConns = max(16, pc.MaxConns)
	}
	cc := pc.ConnConfig
	cc.ConnectTimeout = connectTimeout
	cc.Tracer = newTracer(c.Metrics)
	setDefaults(cc.RuntimeParams, map[string]string{
		"application_name":                    "ketnap",
		"timezone":                            "UTC",
		"statement_timeout":                   millis(statementTimeout),
		"lock_timeout":                        millis(lockTimeout),
		"idle_in_transaction_session_timeout": millis(idleInTxTimeout),
	})
	if cc.User != AppRole {
		cc.RuntimeParams["role"] = AppRole
	}
	pc.AfterConnect = prepareConn
	return pgxpool.NewWithConfig(context.Background(), pc)
}

func setDefaults(params, defaults map[string]string) {
	for k, v := range defaults {
		if _, set := params[k]; !set {
			params[k] = v
		}
	}
}

func millis(d time.Duration) string { return fmt.Sprint(d.Milliseconds()) }

func prepareConn(_ context.Context, conn *pgx.Conn) error {
	registerDate(conn.TypeMap())
	return refuseOldServer(conn.PgConn())
}

// refuseOldServer answers with an error when the server is older than MinMajor.
func refuseOldServer(conn *pgconn.PgConn) error {
	version := conn.ParameterStatus("server_version")
	if major := majorOf(version); major < MinMajor {
		return fmt.Errorf("the database is PostgreSQL %s; version %d or later is needed", version, MinMajor)
	}
	return nil
}

// Verify connects once as the application and makes sure that row-level security binds it.
func (db *DB) Verify(ctx context.Context) error {
	var user string
	var bypasses, owns bool
	err := db.pool.QueryRow(ctx, `
		select current_user,
		       (select rolsuper or rolbypassrls from pg_roles where rolname = current_user),
		       exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
		                where n.nspname = 'public' and c.relkind in ('r', 'p')
		                  and pg_has_role(current_user, c.relowner, 'member'))`).Scan(&user, &bypasses, &owns)
	if err != nil {
		return explainRole(err)
	}
	if bypasses || owns {
		return fmt.Errorf("the application connects as %s, which row-level security does not bind; "+
			"it must be %s, neither superuser nor owner of the tables", user, AppRole)
	}
	return nil
}

func explainRole(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (pg.Code == "42501" || pg.Code == "22023") && strings.Contains(pg.Message, "role") {
		return fmt.Errorf("the database user of DATABASE_URL may not become %s; as an administrator of the database run:\n"+
			"  GRANT %s TO <that user>;\n(%w)", AppRole, AppRole, err)
	}
	return classify(err)
}

// Ping tells whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return classify(db.pool.Ping(ctx)) }

// OwnerConn opens one connection as the owner of the tables, for migrations, backup and tests.
// Row-level security may not bind it. The caller closes it.
func (db *DB) OwnerConn(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, db.owner.Copy())
	if err != nil {
		return nil, classify(err)
	}
	registerDate(conn.TypeMap())
	if err := refuseOldServer(conn.PgConn()); err != nil {
		_ = conn.Close(ctx)
		return nil, err
	}
	return conn, nil
}

// Embedded tells whether the database is the private cluster.
func (db *DB) Embedded() bool { return db.cluster != nil }

// Close gives up the pool and stops the private cluster if this program started it.
func (db *DB) Close(ctx context.Context) {
	closed := make(chan struct{})
	go func() { db.pool.Close(); close(closed) }()
	select {
	case <-closed:
	case <-time.After(closeTimeout):
		db.log.Warn("database connections still in use at the end are cut off")
	}
	if db.cluster != nil {
		db.cluster.stop(ctx)
	}
}
