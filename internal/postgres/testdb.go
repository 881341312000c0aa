package postgres

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// TB is what NewTestDB needs of *testing.T and *testing.B.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// testConns is the pool of a test database: enough for a test of many at once, and for the tests
// that run beside it.
const testConns = 24

// NewTestDB gives the test a database of its own, with all migrations and no data, through the
// application's role. It is removed when the test ends. The cluster behind it belongs to the test
// binary, is started by the first call and goes when the binary ends. Tests may run in parallel.
func NewTestDB(t TB) *DB {
	t.Helper()
	db, err := shared.clone(context.Background())
	if err != nil {
		t.Fatalf("test database: %v", err)
	}
	t.Cleanup(func() { shared.drop(db) })
	return db
}

var shared testCluster

type testCluster struct {
	once    sync.Once
	err     error
	cluster *cluster
	number  atomic.Int64
	alive   io.Closer // what the watcher sees closed when this program is gone
}

const testTemplate = "ketnap_template"

// clone makes a database from the migrated template.
func (c *testCluster) clone(ctx context.Context) (*DB, error) {
	c.once.Do(func() { c.err = c.start(ctx) })
	if c.err != nil {
		return nil, c.err
	}
	name := fmt.Sprintf("test_%d", c.number.Add(1))
	if err := c.asOwner(ctx, func(conn *pgx.Conn) error { return makeDatabase(ctx, conn, name, testTemplate) }); err != nil {
		return nil, err
	}
	return c.open(name)
}

func (c *testCluster) open(name string) (*DB, error) {
	config := Config{MaxConns: testConns, Log: slog.New(slog.DiscardHandler)}
	return open(config, c.cluster.url(AppRole, name), c.cluster.url(OwnerRole, name), nil)
}

func (c *testCluster) drop(db *DB) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	db.Close(ctx)
	_ = c.asOwner(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "drop database if exists "+pgx.Identifier{db.owner.Database}.Sanitize()+" with (force)")
		return err
	})
}

func (c *testCluster) asOwner(ctx context.Context, do func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, c.cluster.url(OwnerRole, "postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	return do(conn)
}

func (c *testCluster) start(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "ketnap-test-")
	if err == nil {
		err = os.Chmod(dir, 0o711) // the server's user passes through
	}
	if err != nil {
		return err
	}
	c.cluster, err = startCluster(ctx, clusterConfig{
		DataDir: dir,
		BinDir:  os.Getenv("PG_BIN"),
		Log:     slog.New(slog.DiscardHandler),
		Extra: []string{"fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off",
			"max_connections=400", "shared_buffers=128MB", "wal_level=minimal", "max_wal_senders=0"},
	})
	if err != nil {
		return err
	}
	if c.alive, err = c.cluster.removeAfterProgram(); err != nil {
		return err
	}
	return c.makeTemplate(ctx)
}

func (c *testCluster) makeTemplate(ctx context.Context) error {
	err := c.asOwner(ctx, func(conn *pgx.Conn) error { return makeDatabase(ctx, conn, testTemplate, "template1") })
	if err != nil {
		return err
	}
	db, err := c.open(testTemplate)
	if err != nil {
		return err
	}
	defer db.pool.Close()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	return c.asOwner(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, fmt.Sprintf("alter role %s login password '%s'", AppRole, c.cluster.password(AppRole)))
		return err
	})
}

// removeAfterProgram leaves a small watcher behind that ends the server and removes its folder when
// this program is gone, however it went. A test binary has no place to do so itself.
func (cl *cluster) removeAfterProgram() (io.Closer, error) {
	// The wait has a bound: where nobody collects ended processes, the number stays taken.
	const script = `read _; kill -QUIT "$1"; n=0; while kill -0 "$1" && [ $n -lt 30 ]; do sleep 0.1; n=$((n+1)); done
rm -rf "$2" "$3" "$4"`
	pid, ok := readPid(filepath.Join(cl.data(), "postmaster.pid"))
	if !ok {
		return nil, fmt.Errorf("the test cluster has no process number")
	}
	cmd := exec.Command("/bin/sh", "-c", script, "sh", strconv.Itoa(pid), cl.home, cl.config.DataDir, cl.socket)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	alive, err := cmd.StdinPipe() // closed by the system when we end
	if err != nil {
		return nil, err
	}
	return alive, cmd.Start()
}
