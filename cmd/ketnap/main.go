// Command ketnap follows people from the introduction by the Youth Union to official membership.
//
// One file per subcommand: it reads its flags, opens the database and calls the use cases of the
// capability packages. No rule and no SQL lives here.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // Asia/Ho_Chi_Minh also where the system has no zones
)

// command is one subcommand. Its run gets the arguments after its name.
type command struct {
	name    string
	usage   string // arguments, as shown in the help
	summary string
	run     func(ctx context.Context, p *program, args []string) error
}

// commands are the subcommands in the order of the help.
var commands = []command{
	{"serve", "[--demo]", "serve the pages; with --demo, fill an empty database with invented people first", runServe},
	{"migrate", "status | up [N] | down [N|all]", "show or change the database's schema", runMigrate},
	{"user", "add NAME | list | disable NAME | enable NAME | reset NAME | grant NAME", "accounts: make them, block them, give roles, issue passwords", runUser},
	{"report", "term --term CODE [--org CODE] [--as-of DATE]", "the figures of a term, as the dashboard shows them", runReport},
	{"check", "[--repair]", "recompute every stored projection and show what differs", runCheck},
	{"audit", "verify", "prove that no entry of the audit trail was changed or taken out", runAudit},
	{"demo", "", "fill an empty database with an invented committee", runDemo},
}

// version is the commit that the program was built from; the Makefile sets it.
var version = "dev"

// errUsage says that the command line was not understood. Its explanation has been printed.
var errUsage = errors.New("usage")

func main() { os.Exit(mainStatus(os.Args[1:], os.Stdout, os.Stderr)) }

func mainStatus(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), endSignals()...)
	defer stop()
	// The first Ctrl-C ends in order, a second one at once.
	context.AfterFunc(ctx, stop)

	err := dispatch(ctx, args, stdout, stderr)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errUsage), errors.Is(err, flag.ErrHelp):
		return 2
	}
	_, _ = fmt.Fprintln(stderr, "ketnap:", err)
	return 1
}

// endSignals ask for the end in order. Closing the terminal does too, unless started with nohup.
func endSignals() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

func dispatch(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		printHelp(stderr)
		return errUsage
	}
	for _, c := range commands {
		if c.name != args[0] {
			continue
		}
		settings, err := readSettings(os.Getenv)
		if err != nil {
			return err
		}
		p := &program{settings: settings, command: c, stdout: stdout, stderr: stderr, log: newLog(settings, stderr)}
		return c.run(ctx, p, args[1:])
	}
	_, _ = fmt.Fprintf(stderr, "ketnap: there is no command %q\n\n", args[0])
	printHelp(stderr)
	return errUsage
}

func printHelp(w io.Writer) {
	_, _ = fmt.Fprintln(w, "usage: ketnap COMMAND [--json] ...")
	for _, c := range commands {
		_, _ = fmt.Fprintf(w, "\n  ketnap %s %s\n      %s\n", c.name, c.usage, c.summary)
	}
	_, _ = fmt.Fprintln(w, "\nSettings are read from the environment:")
	for _, s := range settingHelp {
		_, _ = fmt.Fprintf(w, "  %-20s %s\n", s.name, s.meaning)
	}
}
