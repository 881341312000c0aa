//go:build unix

package postgres

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// How long a server is given to end in each manner. A fast shutdown writes everything out; an
// immediate one loses nothing either, it only makes the next start read the log.
const (
	fastStop      = 1500 * time.Millisecond
	immediateStop = 700 * time.Millisecond
)

// Bounds of the pause before a server that died is started again.
const (
	firstRestart = 50 * time.Millisecond
	lastRestart  = 5 * time.Second
)

type serverCommand struct {
	program string
	args    []string
	folder  string
	user    serverUser
}

// supervisor keeps one server process running until it is told to stop.
type supervisor struct {
	command serverCommand
	log     *slog.Logger
	stopped chan struct{} // closed to ask for the end
	ended   chan struct{} // closed when no process is left and none will come

	mu      sync.Mutex
	process *exec.Cmd
	starts  int
	lines   []string // the last lines the server wrote
	once    sync.Once
}

func supervise(c serverCommand, log *slog.Logger) *supervisor {
	s := &supervisor{command: c, log: log, stopped: make(chan struct{}), ended: make(chan struct{})}
	go s.run()
	return s
}

// run starts the server again whenever it ends. It stays on one thread of the system: the
// server is told to end when the thread that started it does.
func (s *supervisor) run() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(s.ended)
	wait := firstRestart
	for {
		began := time.Now()
		err := s.runOnce()
		if s.isStopped() {
			return
		}
		if time.Since(began) > time.Minute {
			wait = firstRestart
		}
		s.log.Error("the database ended by itself and is started again", "error", err, "after", wait)
		select {
		case <-s.stopped:
			return
		case <-time.After(wait):
		}
		wait = min(2*wait, lastRestart)
		if err := stopLeftover(context.Background(), s.command.folder, s.log); err != nil {
			s.log.Error("remains of the database cannot be cleared", "error", err)
		}
	}
}

func (s *supervisor) runOnce() error {
	cmd := s.command.user.command(context.Background(), s.command.folder, s.command.program, s.command.args...)
	endWithParent(cmd.SysProcAttr)
	cmd.WaitDelay = 200 * time.Millisecond // orphans of a killed server may hold the pipe
	out, in := io.Pipe()
	cmd.Stdout, cmd.Stderr = in, in
	go s.listen(out)
	defer func() { _ = in.Close() }()

	s.mu.Lock()
	if s.isStopped() {
		s.mu.Unlock()
		return nil
	}
	err := cmd.Start()
	s.starts++
	if err == nil {
		s.process = cmd
	}
	s.mu.Unlock()
	if err != nil {
		return err
	}
	err = cmd.Wait()
	s.mu.Lock()
	s.process = nil
	s.mu.Unlock()
	return err
}

// listen passes the server's words to the log and keeps the last ones for an error message.
func (s *supervisor) listen(out io.Reader) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" {
			continue
		}
		level := slog.LevelDebug
		if strings.HasPrefix(line, "PANIC:") || strings.HasPrefix(line, "WARNING:") {
			level = slog.LevelWarn
		}
		s.log.Log(context.Background(), level, "database", "says", line)
		s.mu.Lock()
		s.lines = append(s.lines, line)
		if len(s.lines) > 8 {
			s.lines = s.lines[1:]
		}
		s.mu.Unlock()
	}
	_, _ = io.Copy(io.Discard, out)
}

func (s *supervisor) lastWords() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.lines, "; ")
}

// failedToStart tells that the server ended several times in a row. The processes of a killed
// server may need a second to let go of the folder; the first start does not wait for more.
func (s *supervisor) failedToStart() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.starts >= 6 && s.process == nil
}

func (s *supervisor) isStopped() bool {
	select {
	case <-s.stopped:
		return true
	default:
		return false
	}
}

// stop ends the server: fast, then immediately, then by force. It returns when it has ended.
func (s *supervisor) stop(ctx context.Context) {
	s.once.Do(func() { close(s.stopped) })
	for _, step := range []struct {
		signal syscall.Signal
		wait   time.Duration
	}{{syscall.SIGINT, fastStop}, {syscall.SIGQUIT, immediateStop}, {syscall.SIGKILL, immediateStop}} {
		s.signal(step.signal)
		select {
		case <-s.ended:
			return
		case <-time.After(step.wait):
		case <-ctx.Done():
		}
		s.log.Warn("the database is slow to stop", "signal", step.signal.String())
	}
}

func (s *supervisor) signal(sig syscall.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process != nil {
		_ = s.process.Process.Signal(sig)
	}
}
