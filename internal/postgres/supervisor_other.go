//go:build unix && !linux

package postgres

import "syscall"

// endWithParent does nothing here: a server that outlived its program is stopped at the next start.
func endWithParent(*syscall.SysProcAttr) {}
