package postgres

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// rootHomes holds the databases of root's programs whose DATA_DIR the server's user cannot reach.
const rootHomes = "/var/lib/ketnap"

// longestSocketFolder keeps folder plus /.s.PGSQL.5432.lock under the systems' limit of about 104.
const longestSocketFolder = 80

// MakeDataDir makes DATA_DIR, closed to everybody else; the server's user may pass through it when
// that is another one than ours. A folder that is there already keeps its mode, but one that
// everybody may write to is refused: secrets lie in it.
func MakeDataDir(dir string) error {
	user, err := findServerUser()
	if err != nil {
		return err
	}
	mode := fs.FileMode(0o700)
	if user.switched() {
		mode = 0o711
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return fmt.Errorf("DATA_DIR: %w", err)
	}
	switch err := os.Mkdir(dir, mode); {
	case err == nil:
		return os.Chmod(dir, mode) // whatever the umask is
	case !errors.Is(err, fs.ErrExist):
		return fmt.Errorf("DATA_DIR: %w", err)
	}
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return fmt.Errorf("DATA_DIR: %w", err)
	case !info.IsDir():
		return fmt.Errorf("DATA_DIR: %s is not a folder", dir)
	case info.Mode().Perm()&0o002 != 0:
		return fmt.Errorf("DATA_DIR: everybody may write to %s; choose a folder of the program's own", dir)
	}
	return nil
}

// makeHome gives the real folder of the database, made when it is new.
func makeHome(dataDir string, user serverUser) (string, error) {
	link := filepath.Join(dataDir, "postgres")
	if _, err := os.Lstat(link); errors.Is(err, fs.ErrNotExist) {
		if err := newHome(link, user); err != nil {
			return "", fmt.Errorf("database folder: %w", err)
		}
	}
	home, err := filepath.EvalSymlinks(link)
	if err != nil {
		return "", fmt.Errorf("the folder that %s points to, where the database lay, is not there any more: %w", link, err)
	}
	if err := own(home, user); err != nil {
		return "", err
	}
	if err := user.canEnter(home); err != nil {
		return "", err
	}
	return home, nil
}

func newHome(home string, user serverUser) error {
	if user.canEnter(filepath.Dir(home)) == nil {
		return os.Mkdir(home, 0o700)
	}
	if err := os.MkdirAll(rootHomes, 0o711); err != nil {
		return err
	}
	elsewhere := filepath.Join(rootHomes, "database-"+rand.Text()[:10])
	if err := os.Mkdir(elsewhere, 0o700); err != nil {
		return err
	}
	return os.Symlink(elsewhere, home)
}

// own gives a folder to the server's user and closes it to others.
func own(dir string, user serverUser) error {
	if err := os.Chmod(dir, 0o700); err != nil && !user.switched() {
		return err
	}
	return user.chown(dir)
}

func writeFor(user serverUser, file, text string) error {
	if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
		return err
	}
	return user.chown(file)
}

// makeSocketFolder chooses the folder of the socket and records it. A long DATA_DIR gets a short
// private folder among the temporary ones, used again as long as it is there and still ours.
func (cl *cluster) makeSocketFolder() error {
	cl.socket = filepath.Join(cl.home, "run")
	if len(cl.socket) > longestSocketFolder {
		recorded, _ := os.ReadFile(cl.socketRecord())
		cl.socket = strings.TrimSpace(string(recorded))
		if !cl.user.ownsPrivately(cl.socket) {
			var err error
			if cl.socket, err = os.MkdirTemp("", "ketnap-"); err != nil {
				return err
			}
		}
	}
	if err := os.MkdirAll(cl.socket, 0o700); err != nil {
		return err
	}
	if err := own(cl.socket, cl.user); err != nil {
		return err
	}
	// A killed server leaves its socket and a note beside it, which names a process that may look
	// alive (not yet collected, or another program's by now). No server runs here: see stopLeftover.
	left, _ := filepath.Glob(filepath.Join(cl.socket, ".s.PGSQL.*"))
	for _, file := range left {
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	return os.WriteFile(cl.socketRecord(), []byte(cl.socket+"\n"), 0o600)
}

func (cl *cluster) socketRecord() string {
	return filepath.Join(cl.config.DataDir, "postgres.socket")
}

// readKey reads the secret behind the roles' passwords. It is made only where there is no database
// yet: a new one would lock the program out of an existing one.
func (cl *cluster) readKey(databaseExists bool) (err error) {
	file := filepath.Join(cl.config.DataDir, "postgres.key")
	if _, missing := os.Stat(file); missing != nil && databaseExists {
		return fmt.Errorf("%s is missing: it opens the database beside it; put it back from the backup", file)
	}
	cl.key, err = ReadOrMakeSecret(file)
	return err
}

// shortestSecret is how long a secret that this program made is at least, in characters.
const shortestSecret = 26

// ReadOrMakeSecret reads a secret from a file that only its owner can read, and makes both when the
// file is not there.
func ReadOrMakeSecret(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		secret := rand.Text() + rand.Text()
		return []byte(secret), writeSecret(file, secret)
	}
	if err != nil {
		return nil, err
	}
	secret := bytes.TrimSpace(text)
	if len(secret) < shortestSecret {
		return nil, fmt.Errorf("%s is damaged; put it back from the backup", file)
	}
	return secret, nil
}

// writeSecret writes a file that only its owner can read, complete or not at all.
func writeSecret(file, text string) error {
	aside := file + ".new"
	f, err := os.OpenFile(aside, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(aside, file)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(file))
	}
	return err
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// sharedBuffers is an eighth of the machine's memory, within bounds.
func sharedBuffers() string {
	const least, most = 128, 2048 // MB
	mb := least
	text, _ := os.ReadFile("/proc/meminfo")
	if f := strings.Fields(string(text)); len(f) > 1 && f[0] == "MemTotal:" {
		if kb, err := strconv.Atoi(f[1]); err == nil {
			mb = min(max(kb/1024/8, least), most)
		}
	}
	return strconv.Itoa(mb) + "MB"
}
