//go:build unix

package postgres

import (
	"errors"
	"os"
	"syscall"
)

// folderLock is held by the one program that uses a data folder. The system lets go of it when the
// program ends, however it ends.
type folderLock struct{ file *os.File }

func lockFolder(path string) (*folderLock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrInUse
		}
		return nil, err
	}
	return &folderLock{f}, nil
}

func (l *folderLock) release() { _ = l.file.Close() }
