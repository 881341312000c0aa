package postgres

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// binaries is one installed PostgreSQL server.
type binaries struct {
	dir   string
	major int
}

func (b binaries) path(program string) string { return filepath.Join(b.dir, program) }

// installed is where package systems put the server, newest first within each.
var installed = []string{
	"/usr/lib/postgresql/*/bin",                // Debian, Ubuntu
	"/usr/pgsql-*/bin",                         // PostgreSQL's own RPMs
	"/opt/homebrew/opt/postgresql@*/bin",       // Homebrew, Apple silicon
	"/usr/local/opt/postgresql@*/bin",          // Homebrew, Intel
	"/home/linuxbrew/.linuxbrew/opt/post*/bin", // Homebrew, Linux
	"/usr/lib/postgresql*/bin",                 // Alpine, Arch
}

// findBinaries gives the newest usable server: from dir when it is set, else from PATH and the
// known folders. With want > 0 it must be that major version.
func findBinaries(dir string, want int) (binaries, error) {
	found := candidates(dir)
	slices.SortStableFunc(found, func(a, b binaries) int { return b.major - a.major })
	for _, b := range found {
		if b.major >= MinMajor && (want == 0 || b.major == want) {
			return b, nil
		}
	}
	return binaries{}, missing(dir, want, found)
}

func candidates(dir string) []binaries {
	folders := []string{dir}
	if dir == "" {
		folders = nil
		if p, err := exec.LookPath("postgres"); err == nil {
			folders = append(folders, filepath.Dir(p))
		}
		for _, pattern := range installed {
			matches, _ := filepath.Glob(pattern)
			folders = append(folders, matches...)
		}
	}
	var found []binaries
	for _, f := range folders {
		if b, ok := inspect(f); ok {
			found = append(found, b)
		}
	}
	return found
}

func inspect(dir string) (binaries, bool) {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return binaries{}, false
	}
	out, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return binaries{}, false
	}
	return binaries{dir: dir, major: majorOf(strings.TrimPrefix(string(out), "postgres (PostgreSQL) "))}, true
}

var leadingNumber = regexp.MustCompile(`^\d+`)

// majorOf gives 15 for "15.8 (Debian …)", 0 for what is no version.
func majorOf(version string) int {
	n, _ := strconv.Atoi(leadingNumber.FindString(strings.TrimSpace(version)))
	return n
}

func missing(dir string, want int, found []binaries) error {
	where := "in PATH or in the folders where it is usually installed"
	if dir != "" {
		where = "in PG_BIN=" + dir
	}
	if want > 0 && len(found) > 0 {
		return fmt.Errorf("the data folder was made by PostgreSQL %d, found is %d; install PostgreSQL %d "+
			"(on Debian and Ubuntu: sudo apt-get install postgresql-%d), or restore a backup into an empty DATA_DIR",
			want, found[0].major, want, want)
	}
	return fmt.Errorf("no PostgreSQL %d or later %s; install it (%s), or set DATABASE_URL to a running one",
		MinMajor, where, installCommand())
}

func installCommand() string {
	if runtime.GOOS == "darwin" {
		return "brew install postgresql@17"
	}
	return "sudo apt-get install postgresql"
}
