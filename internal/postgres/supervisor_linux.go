package postgres

import "syscall"

// endWithParent makes the system ask the server to shut down (fast) when the thread that started
// it ends, so that it does not outlive a program that was killed.
func endWithParent(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGINT }
