package postgres

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"ketnap/internal/fault"
)

// ownFolder gives a data folder that the server's user reaches, whoever runs the tests. The
// folders of t.TempDir are closed to others.
func ownFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ketnap-cluster-")
	if err == nil {
		err = os.Chmod(dir, 0o711)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { removeData(t, dir) })
	return dir
}

func removeData(t *testing.T, dir string) {
	t.Helper()
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type() == os.ModeSymlink { // a database that lies elsewhere
			if home, err := filepath.EvalSymlinks(path); err == nil {
				_ = os.RemoveAll(home)
			}
		}
		return nil
	})
	if err := os.RemoveAll(dir); err != nil {
		t.Error(err)
	}
}

// openFolder opens the private cluster of a folder, migrated.
func openFolder(t *testing.T, dir string) *DB {
	t.Helper()
	db, err := Open(t.Context(), Config{DataDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close(context.Background()) })
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

func serverPid(t *testing.T, db *DB) int {
	t.Helper()
	pid, ok := readPid(filepath.Join(db.cluster.data(), "postmaster.pid"))
	if !ok {
		t.Fatal("the server left no note of its process")
	}
	return pid
}

func TestTheServerComesBackWhenItIsKilledAndNothingAnsweredIsLost(t *testing.T) {
	t.Parallel()
	db := openFolder(t, ownFolder(t))
	var mu sync.Mutex
	var answered []string
	enough := make(chan struct{})
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			key := uuid.NewString()
			for {
				err := record(t.Context(), db, key)
				if err == nil {
					break
				}
				if kind := fault.KindOf(err); kind != fault.Unavailable {
					t.Errorf("while the database is away the answer is %v: %v", kind, err)
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
			mu.Lock()
			defer mu.Unlock()
			if answered = append(answered, key); len(answered) == 20 {
				close(enough)
			}
		})
	}
	<-enough
	if err := syscall.Kill(serverPid(t, db), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	var stored int
	err := db.pool.QueryRow(t.Context(), `select count(*) from request_keys where result = 'done' and key = any($1)`, answered).Scan(&stored)
	if err != nil || stored != 100 {
		t.Errorf("%d of %d answered writes are there (%v)", stored, len(answered), err)
	}
}

// record is a unit of work that a client repeats with the same key until it is answered.
func record(ctx context.Context, db *DB, key string) error {
	return db.Write(ctx, staff, func(ctx context.Context, tx *Tx) error {
		_, done, err := tx.Once(ctx, key)
		if err != nil || done {
			return err
		}
		return tx.Done(ctx, key, "done")
	})
}

func TestASecondProgramOnTheSameFolderIsRefusedAndACommandSharesIt(t *testing.T) {
	t.Parallel()
	dir := ownFolder(t)
	db := openFolder(t, dir)
	if _, err := Open(t.Context(), Config{DataDir: dir}); !errors.Is(err, ErrInUse) {
		t.Errorf("a second server: %v", err)
	}
	beside, err := Open(t.Context(), Config{DataDir: dir, Attach: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := beside.SchemaCurrent(t.Context()); err != nil {
		t.Error(err)
	}
	beside.Close(t.Context())
	if err := db.Ping(t.Context()); err != nil {
		t.Errorf("the command that ended took the server with it: %v", err)
	}
}

func TestAStoppedFolderOpensAgainWithWhatItHeld(t *testing.T) {
	t.Parallel()
	dir := ownFolder(t)
	db := openFolder(t, dir)
	key := uuid.NewString()
	if err := record(t.Context(), db, key); err != nil {
		t.Fatal(err)
	}
	db.Close(t.Context())
	db = openFolder(t, dir)
	var held bool
	if err := db.pool.QueryRow(t.Context(), `select exists (select from request_keys where key = $1)`, key).Scan(&held); err != nil || !held {
		t.Errorf("held %v, %v", held, err)
	}
}

func TestAnUnfinishedInitdbIsDoneAgain(t *testing.T) {
	t.Parallel()
	dir := ownFolder(t)
	user, err := findServerUser()
	if err != nil {
		t.Fatal(err)
	}
	home, err := makeHome(dir, user)
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range []string{"initdb-ABCDEFGH/base", "data/global"} {
		if err := os.MkdirAll(filepath.Join(home, broken), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	openFolder(t, dir)
	if left, _ := filepath.Glob(filepath.Join(home, "initdb-*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func TestAStaleProcessNoteOfAnotherProgramIsCleared(t *testing.T) {
	t.Parallel()
	dir := ownFolder(t)
	db := openFolder(t, dir)
	note := filepath.Join(db.cluster.data(), "postmaster.pid")
	db.Close(t.Context())
	stranger := "1\n" // always alive, never a database of ours
	if err := writeFor(db.cluster.user, note, stranger); err != nil {
		t.Fatal(err)
	}
	openFolder(t, dir)
}

func TestAFolderOfAnotherMajorVersionIsRefusedInPlainWords(t *testing.T) {
	t.Parallel()
	dir := ownFolder(t)
	db := openFolder(t, dir)
	version := filepath.Join(db.cluster.data(), "PG_VERSION")
	db.Close(t.Context())
	if err := writeFor(db.cluster.user, version, "9"); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), Config{DataDir: dir})
	if err == nil || !strings.Contains(err.Error(), "made by PostgreSQL 9") {
		t.Errorf("got %v", err)
	}
}

func TestAMissingKeyIsNotReplacedWhereADatabaseIs(t *testing.T) {
	t.Parallel()
	dir := ownFolder(t)
	openFolder(t, dir).Close(t.Context())
	key := filepath.Join(dir, "postgres.key")
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Config{DataDir: dir}); err == nil || !strings.Contains(err.Error(), "put it back") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(key); err == nil {
		t.Error("a new key was made")
	}
}

func TestADeepDataFolderWorksAlthoughSocketPathsAreShort(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(ownFolder(t), strings.Repeat("long-name/", 12))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	db := openFolder(t, dir)
	first := db.cluster.socket
	t.Cleanup(func() { _ = os.RemoveAll(first) })
	if len(first) > longestSocketFolder {
		t.Errorf("socket folder of %d bytes", len(first))
	}
	if !db.cluster.user.ownsPrivately(first) {
		t.Error("the socket's folder is not private")
	}
	db.Close(t.Context())
	if again := openFolder(t, dir).cluster.socket; again != first {
		t.Errorf("the socket moved from %s to %s", first, again)
	}
}

func TestTheServersUserReachesTheDatabaseWhereverDataDirLies(t *testing.T) {
	t.Parallel()
	closed := filepath.Join(ownFolder(t), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	db := openFolder(t, filepath.Join(closed, "data"))
	inside := strings.HasPrefix(db.cluster.home, closed)
	if inside == db.cluster.user.switched() {
		t.Errorf("the server runs as another user: %v; its files lie in %s", db.cluster.user.switched(), db.cluster.home)
	}
	home := db.cluster.home
	db.Close(t.Context())
	if again := openFolder(t, filepath.Join(closed, "data")).cluster.home; again != home {
		t.Errorf("the database was looked for in %s, it lies in %s", again, home)
	}
}

func TestSecretsAreClosedToOthersAndTheServerHearsNoNetwork(t *testing.T) {
	t.Parallel()
	dir := ownFolder(t)
	db := openFolder(t, dir)
	info, err := os.Stat(filepath.Join(dir, "postgres.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("key: %v, %v", info.Mode(), err)
	}
	if !db.cluster.user.ownsPrivately(db.cluster.socket) {
		t.Error("the socket's folder is not private")
	}
	var addresses, hashing string
	err = db.pool.QueryRow(t.Context(), `select current_setting('listen_addresses'), current_setting('password_encryption')`).
		Scan(&addresses, &hashing)
	if err != nil || addresses != "" || hashing != "scram-sha-256" {
		t.Errorf("addresses %q, passwords %q, %v", addresses, hashing, err)
	}
	config := db.owner.Copy()
	config.Password = "guessed"
	if conn, err := (&DB{owner: config}).OwnerConn(t.Context()); err == nil {
		_ = conn.Close(t.Context())
		t.Error("a wrong password was let in")
	}
}

func TestAFolderThatEverybodyMayWriteToIsRefusedAndKeepsItsMode(t *testing.T) {
	t.Parallel()
	dir := ownFolder(t)
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Config{DataDir: dir}); err == nil || !strings.Contains(err.Error(), "everybody may write") {
		t.Errorf("got %v", err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o777 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestTheVersionsNumberIsRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"15.8 (Debian 15.8-0+deb12u1)": 15, "17": 17, "18beta1": 18, "": 0, "x": 0} {
		if got := majorOf(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func TestWithoutPostgreSQLTheMessageSaysWhatToDo(t *testing.T) {
	t.Parallel()
	_, err := findBinaries(t.TempDir(), 0)
	if err == nil || !strings.Contains(err.Error(), "install") || !strings.Contains(err.Error(), "DATABASE_URL") {
		t.Errorf("got %v", err)
	}
}
