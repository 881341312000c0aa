package postgres

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
)

// writerFolder names, in the environment of a process of this test binary, the data folder that it
// is to write to until it is killed.
const writerFolder = "KETNAP_TEST_WRITER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(writerFolder); dir != "" {
		_, _ = fmt.Fprintln(os.Stderr, writeUntilKilled(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writeUntilKilled makes a hundred writers record keys and prints each key that was answered.
func writeUntilKilled(dir string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	db, err := Open(ctx, Config{DataDir: dir})
	if err == nil {
		err = db.Migrate(ctx)
	}
	if err != nil {
		return err
	}
	answered := make(chan string)
	for range 100 {
		go func() {
			for ctx.Err() == nil {
				if key := uuid.NewString(); record(ctx, db, key) == nil {
					answered <- key
				}
			}
		}()
	}
	for {
		select {
		case key := <-answered:
			fmt.Println(key)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func TestEveryAnsweredWriteIsThereAfterProgramAndDatabaseAreKilled(t *testing.T) {
	t.Parallel()
	dir := ownFolder(t)
	for _, databaseFirst := range []bool{true, false} {
		answered := killWriter(t, dir, databaseFirst)
		db := openFolder(t, dir)
		var there int
		err := db.pool.QueryRow(t.Context(), `select count(*) from request_keys where result = 'done' and key = any($1)`, answered).Scan(&there)
		if err != nil || there != len(answered) {
			t.Errorf("database killed first %v: %d of %d answered writes are there (%v)", databaseFirst, there, len(answered), err)
		}
		var half int
		err = db.pool.QueryRow(t.Context(), `select count(*) from request_keys where result is null`).Scan(&half)
		if err != nil || half != 0 {
			t.Errorf("%d writes are half done (%v)", half, err)
		}
		db.Close(t.Context())
	}
}

// killWriter lets a program write until 500 writes were answered, kills it and, before or not at
// all, its database, and gives the keys that were answered.
func killWriter(t *testing.T, dir string, databaseFirst bool) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), writerFolder+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Wait() }()
	defer func() { _ = cmd.Process.Kill() }()
	var answered []string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if key := strings.TrimSpace(lines.Text()); uuid.Validate(key) == nil {
			answered = append(answered, key)
		}
		if len(answered) == 500 {
			if databaseFirst {
				pid, ok := readPid(dir + "/postgres/data/postmaster.pid")
				if !ok || syscall.Kill(pid, syscall.SIGKILL) != nil {
					t.Fatal("the database could not be killed")
				}
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(answered) < 500 {
		t.Fatalf("the writer ended after %d writes", len(answered))
	}
	return answered
}
