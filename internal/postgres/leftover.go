//go:build unix

package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// stopLeftover clears what a killed program left in a data folder whose lock we hold: it stops a
// server that still runs there and removes the note of one that does not.
func stopLeftover(ctx context.Context, data string, log *slog.Logger) error {
	note := filepath.Join(data, "postmaster.pid")
	pid, ok := readPid(note)
	if !ok {
		return nil
	}
	steps := []struct {
		signal syscall.Signal
		wait   time.Duration
	}{{0, 0}, {syscall.SIGINT, 10 * time.Second}, {syscall.SIGQUIT, 5 * time.Second}, {syscall.SIGKILL, 5 * time.Second}}
	for _, step := range steps {
		if !servesFolder(pid, data) {
			return removeNote(note, pid)
		}
		if step.signal == 0 {
			log.Info("a database left by a killed program is stopped first", "pid", pid)
			continue
		}
		if err := syscall.Kill(pid, step.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("a database still runs on %s (process %d) and cannot be stopped: %w", data, pid, err)
		}
		if err := waitForEnd(ctx, pid, data, step.wait); err != nil {
			return err
		}
	}
	return fmt.Errorf("a database still runs on %s (process %d) and does not stop", data, pid)
}

// readPid reads the server's process number from its note.
func readPid(note string) (int, bool) {
	text, err := os.ReadFile(note)
	if err != nil {
		return 0, false
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	return pid, err == nil && pid > 1 || err != nil && len(text) > 0
}

// removeNote removes a stale note, unless a newer one stands there by now.
func removeNote(note string, pid int) error {
	if now, ok := readPid(note); !ok || now != pid {
		return nil
	}
	if err := os.Remove(note); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func waitForEnd(ctx context.Context, pid int, data string, limit time.Duration) error {
	for end := time.Now().Add(limit); time.Now().Before(end); {
		if !servesFolder(pid, data) {
			return nil
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// servesFolder tells whether the process is a PostgreSQL server of the folder, and not another
// program that got the same number since.
func servesFolder(pid int, data string) bool {
	if pid <= 1 || syscall.Kill(pid, 0) == syscall.ESRCH {
		return false
	}
	command, err := commandLine(pid)
	return err == nil && strings.Contains(command, "postgres") && strings.Contains(command, data)
}

// commandLine is empty for a process that has ended and waits to be collected.
func commandLine(pid int) (string, error) {
	if text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)); err == nil {
		return strings.ReplaceAll(string(text), "\x00", " "), nil
	}
	out, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return string(out), err
}
