package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience bounds each wait of these tests; none measures time.
const patience = 60 * time.Second

// binary builds the program once for all tests.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "ketnap-binary-")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "ketnap")
	out, err := exec.Command("go", "build", "-o", file, ".").CombinedOutput()
	if err != nil {
		return "", &exec.Error{Name: "go build: " + string(out), Err: err}
	}
	return file, nil
})

func TestMain(m *testing.M) {
	status := m.Run()
	if file, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(file))
	}
	os.Exit(status)
}

// dataFolder gives a folder whose database the server's user reaches, and removes both.
func dataFolder(t *testing.T) string {
	t.Helper()
	parent, err := os.MkdirTemp("", "ketnap-serve-")
	if err == nil {
		err = os.Chmod(parent, 0o711)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(parent) })
	return filepath.Join(parent, "data")
}

// ketnap prepares the program on a data folder.
func ketnap(t *testing.T, dir, addr string, args ...string) *exec.Cmd {
	t.Helper()
	file, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*patience)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, file, args...)
	cmd.Env = append(os.Environ(), "DATA_DIR="+dir, "ADDR="+addr, "DATABASE_URL=", "DATABASE_OWNER_URL=")
	return cmd
}

// running is a server that was started and has said where it serves.
type running struct {
	*exec.Cmd
	url  string
	log  *bytes.Buffer
	done chan error
}

func serve(t *testing.T, dir string, flags ...string) *running {
	t.Helper()
	s := &running{Cmd: ketnap(t, dir, "127.0.0.1:0", append([]string{"serve"}, flags...)...), log: new(bytes.Buffer), done: make(chan error, 1)}
	s.Stderr = s.log
	out, err := s.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		_ = s.Wait()
		t.Fatalf("the server ended before it was ready: %v\n%s", err, s.log)
	}
	_, s.url, _ = strings.Cut(strings.TrimSpace(line), ": ")
	go func() { s.done <- s.Wait() }()
	return s
}

// end waits for the server's end after a signal.
func (s *running) end(t *testing.T, sig os.Signal) error {
	t.Helper()
	if err := s.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-s.done:
		return err
	case <-time.After(patience):
		t.Fatalf("the server does not end on %v\n%s", sig, s.log)
		return nil
	}
}

func status(url string) int {
	client := http.Client{Timeout: patience}
	response, err := client.Get(url)
	if err != nil {
		return 0
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

func databasePid(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "postgres", "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	var pid int
	if err := json.Unmarshal(bytes.SplitN(text, []byte("\n"), 2)[0], &pid); err != nil {
		t.Fatal(err)
	}
	return pid
}

// eventually waits until the condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("still not so: %s", what)
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

func TestCtrlCStopsProgramAndDatabase(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	s := serve(t, dir)
	if got := status(s.url + "/readyz"); got != http.StatusOK {
		t.Errorf("readyz answers %d", got)
	}
	pid := databasePid(t, dir)
	if err := s.end(t, os.Interrupt); err != nil {
		t.Errorf("the program ended with %v\n%s", err, s.log)
	}
	if alive(pid) {
		t.Error("the database still runs")
	}
	if _, err := os.Stat(filepath.Join(dir, "postgres", "data", "postmaster.pid")); err == nil {
		t.Error("the database was not stopped cleanly")
	}
	if log := s.log.String(); strings.Contains(log, "level=WARN") || strings.Contains(log, "level=ERROR") || !strings.Contains(log, "level=INFO") {
		t.Errorf("not everything had ended before the database: %s", log)
	}
}

func TestAKilledProgramStartsAgainOnTheSameFolder(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	s := serve(t, dir)
	_ = s.end(t, os.Kill)
	s = serve(t, dir)
	if got := status(s.url + "/readyz"); got != http.StatusOK {
		t.Errorf("readyz answers %d", got)
	}
	_ = s.end(t, os.Interrupt)
}

func TestAKilledDatabaseIsStartedAgain(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	s := serve(t, dir)
	pid := databasePid(t, dir)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the killed process is gone", func() bool { return !alive(pid) })
	eventually(t, "readyz answers again", func() bool { return status(s.url+"/readyz") == http.StatusOK })
	if got := status(s.url + "/healthz"); got != http.StatusOK {
		t.Errorf("healthz answers %d", got)
	}
	_ = s.end(t, os.Interrupt)
}

func TestProgramAndDatabaseKilledTogetherStartAgain(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	s := serve(t, dir)
	pid := databasePid(t, dir)
	_ = syscall.Kill(pid, syscall.SIGKILL)
	_ = s.end(t, os.Kill)
	s = serve(t, dir)
	if got := status(s.url + "/readyz"); got != http.StatusOK {
		t.Errorf("readyz answers %d", got)
	}
	_ = s.end(t, syscall.SIGTERM)
}

func TestASecondCopyIsRefusedAndCommandsWorkBesideTheServer(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	s := serve(t, dir)
	out, err := ketnap(t, dir, "127.0.0.1:0", "serve").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "another ketnap is running") {
		t.Errorf("a second copy: %v\n%s", err, out)
	}
	out, err = ketnap(t, dir, "127.0.0.1:0", "migrate", "status", "--json").Output()
	var schema struct{ Version, Newest int }
	if err == nil {
		err = json.Unmarshal(out, &schema)
	}
	if err != nil || schema.Version == 0 || schema.Version != schema.Newest {
		t.Errorf("migrate status beside the server: %v\n%s", err, out)
	}
	_ = s.end(t, os.Interrupt)
}

func TestAPortThatIsTakenIsSaidBeforeAnythingIsStarted(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	out, err := ketnap(t, dir, taken.Addr().String(), "serve").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "already serving on "+taken.Addr().String()) {
		t.Errorf("%v\n%s", err, out)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the data folder was made although the port is taken")
	}
}

func TestMigrateGoesDownAndUp(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	for _, words := range []string{"up", "down all", "up 2", "down", "up"} {
		args := append([]string{"migrate"}, strings.Fields(words)...)
		if out, err := ketnap(t, dir, "127.0.0.1:0", args...).CombinedOutput(); err != nil {
			t.Fatalf("migrate %s: %v\n%s", words, err, out)
		}
	}
}

func TestACommandLineThatIsNotUnderstoodIsAnsweredWithTheUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{}, {"nonsense"}, {"serve", "extra"}, {"serve", "--nonsense"}, {"migrate"},
		{"migrate", "sideways"}, {"migrate", "up", "-1"}, {"migrate", "down", "x"}, {"migrate", "status", "1"}} {
		var stdout, stderr bytes.Buffer
		if got := mainStatus(args, &stdout, &stderr); got != 2 {
			t.Errorf("%q: exit status %d", args, got)
		}
		if !strings.Contains(stderr.String(), "usage:") || stdout.Len() > 0 {
			t.Errorf("%q: printed %q and %q", args, stdout.String(), stderr.String())
		}
	}
}
