package postgres

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// embeddedDatabase is the database in the private cluster.
const embeddedDatabase = "ketnap"

// ErrInUse says that another program runs on the data folder.
var ErrInUse = errors.New("data folder in use")

// clusterConfig says where a private cluster lives.
type clusterConfig struct {
	DataDir string
	BinDir  string
	Attach  bool
	Extra   []string // further server settings, name=value
	Log     *slog.Logger
}

// cluster is a private PostgreSQL: its files under DATA_DIR/postgres, reachable only through a
// socket in a folder that nobody else may enter, with passwords that only this program can read.
//
//	DATA_DIR/lock                held while a program uses the folder
//	DATA_DIR/postgres.key        what the roles' passwords are derived from
//	DATA_DIR/postgres.socket     where the socket is, for commands beside a running server
//	DATA_DIR/postgres/data       the server's own files
//	DATA_DIR/postgres/run        the socket, when its path is short enough
//
// As root, where the server's user cannot reach DATA_DIR, DATA_DIR/postgres is a link to a folder
// under /var/lib/ketnap.
type cluster struct {
	config  clusterConfig
	user    serverUser
	bin     binaries
	home    string
	socket  string
	key     []byte
	lock    *folderLock
	process *supervisor // nil: attached to a cluster that another program runs
}

func startCluster(ctx context.Context, c clusterConfig) (*cluster, error) {
	dir, err := filepath.Abs(c.DataDir)
	if err != nil {
		return nil, err
	}
	c.DataDir = dir
	cl := &cluster{config: c}
	if cl.user, err = findServerUser(); err != nil {
		return nil, err
	}
	if err := MakeDataDir(dir); err != nil {
		return nil, err
	}
	cl.lock, err = lockFolder(filepath.Join(dir, "lock"))
	if errors.Is(err, ErrInUse) && c.Attach {
		return cl, cl.attach()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w: another ketnap is running on it; stop that one, or set DATA_DIR to another folder", dir, err)
	}
	if err := cl.start(ctx); err != nil {
		cl.stop(context.WithoutCancel(ctx))
		return nil, err
	}
	return cl, nil
}

// start is the way from a locked folder to a server that answers.
func (cl *cluster) start(ctx context.Context) (err error) {
	if cl.home, err = makeHome(cl.config.DataDir, cl.user); err != nil {
		return err
	}
	if !strings.HasPrefix(cl.home, cl.config.DataDir) {
		cl.config.Log.Info("the database lies outside DATA_DIR, where its user reaches it", "user", cl.user.name, "folder", cl.home)
	}
	if err := cl.readKey(cl.dataExists()); err != nil {
		return err
	}
	if cl.bin, err = findBinaries(cl.config.BinDir, cl.dataMajor()); err != nil {
		return err
	}
	if err := cl.user.canRun(cl.bin.path("postgres")); err != nil {
		return err
	}
	if err := stopLeftover(ctx, cl.data(), cl.config.Log); err != nil {
		return err
	}
	if !cl.dataExists() {
		if err := cl.initialise(ctx); err != nil {
			return err
		}
	}
	if err := cl.makeSocketFolder(); err != nil {
		return err
	}
	cl.process = supervise(serverCommand{
		program: cl.bin.path("postgres"),
		args:    cl.arguments(),
		folder:  cl.data(),
		user:    cl.user,
	}, cl.config.Log)
	return cl.waitUntilReady(ctx)
}

func (cl *cluster) data() string { return filepath.Join(cl.home, "data") }

func (cl *cluster) dataExists() bool { return cl.dataMajor() > 0 }

// dataMajor gives the major version that made the data folder, 0 when there is none yet.
func (cl *cluster) dataMajor() int {
	text, err := os.ReadFile(filepath.Join(cl.data(), "PG_VERSION"))
	if err != nil {
		return 0
	}
	return majorOf(string(text))
}

// password derives the password of a role, so that one secret file is enough.
func (cl *cluster) password(role string) string {
	mac := hmac.New(sha256.New, cl.key)
	mac.Write([]byte(role))
	return hex.EncodeToString(mac.Sum(nil))
}

func (cl *cluster) url(role, database string) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(role, cl.password(role)),
		Path:     "/" + database,
		RawQuery: url.Values{"host": {cl.socket}, "port": {"5432"}, "sslmode": {"disable"}}.Encode(),
	}
	return u.String()
}

// attach takes the address and the passwords of the cluster that another program runs.
func (cl *cluster) attach() error {
	socket, err := os.ReadFile(cl.socketRecord())
	if err == nil {
		err = cl.readKey(true)
	}
	if err != nil {
		return fmt.Errorf("%s: another ketnap is just starting on it; try again in a moment (%w)", cl.config.DataDir, err)
	}
	cl.socket = strings.TrimSpace(string(socket))
	return nil
}

// initialise makes the server's files in a folder aside and moves them to their place when they
// are complete, so that a crash in between leaves nothing that looks like a database.
func (cl *cluster) initialise(ctx context.Context) error {
	cl.config.Log.Info("making the database", "folder", cl.data())
	left, _ := filepath.Glob(filepath.Join(cl.home, "initdb-*"))
	for _, dir := range append(left, cl.data()) {
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	aside := filepath.Join(cl.home, "initdb-"+rand.Text()[:8])
	secret := filepath.Join(cl.home, "initdb-password")
	if err := writeFor(cl.user, secret, cl.password(OwnerRole)); err != nil {
		return err
	}
	defer func() { _ = os.Remove(secret) }()
	cmd := cl.user.command(ctx, cl.home, cl.bin.path("initdb"),
		"--pgdata", aside, "--username", OwnerRole, "--pwfile", secret, "--auth", "scram-sha-256",
		"--encoding", "UTF8", "--locale", "C", "--data-checksums", "--no-instructions")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb failed: %w\n%s", err, out)
	}
	if err := os.Rename(aside, cl.data()); err != nil {
		return err
	}
	return syncFolder(cl.home)
}

// arguments are the server's settings. They stand here and not in postgresql.conf, so that they
// cannot be of another age than the program. Errors are logged tersely: a detail line or a
// statement could carry personal data.
func (cl *cluster) arguments() []string {
	settings := append([]string{
		"listen_addresses=",
		"unix_socket_directories=" + cl.socket,
		"unix_socket_permissions=0700",
		"port=5432",
		"max_connections=200",
		"shared_buffers=" + sharedBuffers(),
		"work_mem=16MB",
		"maintenance_work_mem=128MB",
		"max_wal_size=2GB",
		"wal_compression=on",
		"checkpoint_timeout=10min",
		"random_page_cost=1.1",
		"jit=off",
		"timezone=UTC",
		"log_timezone=UTC",
		"logging_collector=off",
		"log_destination=stderr",
		"log_line_prefix=",
		"log_error_verbosity=terse",
		"log_min_messages=warning",
		"log_min_error_statement=panic",
		"log_checkpoints=off",
	}, cl.config.Extra...)
	args := []string{"-D", cl.data()}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	return args
}

// waitUntilReady waits until the server accepts a connection. Recovery after a crash may take its
// time: as long as the server lives and says that it is starting, the wait goes on.
func (cl *cluster) waitUntilReady(ctx context.Context) error {
	told := time.Now()
	for {
		err := cl.tryConnect(ctx)
		if err == nil {
			return nil
		}
		if cl.process.failedToStart() {
			return fmt.Errorf("the database does not start: %s", cl.process.lastWords())
		}
		if time.Since(told) > 5*time.Second {
			cl.config.Log.Info("the database is still starting", "state", stateOf(err))
			told = time.Now()
		}
		if err := pause(ctx, 15*time.Millisecond); err != nil {
			return err
		}
	}
}

func (cl *cluster) tryConnect(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, cl.url(OwnerRole, "postgres"))
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func stateOf(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Message
	}
	return "not accepting connections"
}

// stop ends the server if this program started it, and lets go of the folder.
func (cl *cluster) stop(ctx context.Context) {
	if cl.process != nil {
		cl.process.stop(ctx)
	}
	if cl.lock != nil {
		cl.lock.release()
	}
}
