//go:build unix

package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// serverUser is whom the server runs as: ourselves, or, because PostgreSQL refuses to run as root,
// an unprivileged user when we are root.
type serverUser struct {
	name string
	uid  int
	gid  int
	root bool // we are root, so the server's user is another one
}

func findServerUser() (serverUser, error) {
	if os.Geteuid() != 0 {
		return serverUser{uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if errors.Join(err1, err2) == nil && uid != 0 {
			return serverUser{name: name, uid: uid, gid: gid, root: true}, nil
		}
	}
	return serverUser{}, errors.New("run as root, the database needs an unprivileged user, " +
		"and there is neither postgres nor nobody; create one: useradd --system postgres")
}

func (u serverUser) switched() bool { return u.root }

func (u serverUser) chown(path string) error {
	if !u.root {
		return nil
	}
	return os.Chown(path, u.uid, u.gid)
}

// attributes are how the server's programs are started: as the user, in a process group of their
// own, so that Ctrl-C in a terminal reaches only us.
func (u serverUser) attributes() *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true}
	if u.root {
		a.Credential = &syscall.Credential{Uid: uint32(u.uid), Gid: uint32(u.gid), Groups: []uint32{}}
	}
	return a
}

func (u serverUser) command(ctx context.Context, dir, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	cmd.SysProcAttr = u.attributes()
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	return cmd
}

func (u serverUser) canRun(program string) error {
	if out, err := u.command(context.Background(), "/", program, "--version").CombinedOutput(); err != nil {
		return fmt.Errorf("%s cannot be run as user %q: %w %s", program, u.name, err, out)
	}
	return nil
}

// canEnter tells whether the server's user reaches a folder through all those above it.
func (u serverUser) canEnter(dir string) error {
	if !u.root {
		return nil
	}
	if err := u.command(context.Background(), dir, "/bin/sh", "-c", "true").Run(); err != nil {
		return fmt.Errorf("user %s, whom the database runs as, cannot enter %s: %w", u.name, dir, err)
	}
	return nil
}

// ownsPrivately tells whether the path is a folder of the server's user that no one else enters.
func (u serverUser) ownsPrivately(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || !info.IsDir() || info.Mode().Perm() != 0o700 {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == u.uid
}
