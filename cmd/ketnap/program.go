package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"ketnap/internal/postgres"
)

// program is what every subcommand is given.
type program struct {
	settings settings
	command  command
	stdout   io.Writer
	stderr   io.Writer
	log      *slog.Logger
	json     bool // --json was given
}

// flags begins a subcommand's flags; --json is always among them.
func (p *program) flags() *flag.FlagSet {
	f := flag.NewFlagSet("ketnap "+p.command.name, flag.ContinueOnError)
	f.SetOutput(p.stderr)
	f.BoolVar(&p.json, "json", false, "print JSON")
	f.Usage = func() {
		_, _ = fmt.Fprintf(p.stderr, "usage: ketnap %s %s\n", p.command.name, p.command.usage)
		f.PrintDefaults()
	}
	return f
}

// parse reads flags that may stand before, between or after the other arguments, which it returns.
func (p *program) parse(f *flag.FlagSet, args []string) ([]string, error) {
	var rest []string
	for {
		if err := f.Parse(args); err != nil {
			return nil, errUsage
		}
		if f.NArg() == 0 {
			return rest, nil
		}
		rest, args = append(rest, f.Arg(0)), f.Args()[1:]
	}
}

// misused prints the usage after an explanation.
func (p *program) misused(f *flag.FlagSet, format string, args ...any) error {
	_, _ = fmt.Fprintf(p.stderr, "ketnap "+p.command.name+": "+format+"\n", args...)
	f.Usage()
	return errUsage
}

// print shows the result: as JSON with --json, else in the words of text.
func (p *program) print(result any, text func(io.Writer) error) error {
	if !p.json {
		return text(p.stdout)
	}
	encoder := json.NewEncoder(p.stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(result)
}

// openDB opens the database as commands do: the private cluster is started, or, where a server
// runs on the folder, shared with it. The schema must be current.
func (p *program) openDB(ctx context.Context) (*postgres.DB, error) {
	db, err := p.attach(ctx)
	if err != nil {
		return nil, err
	}
	if err := db.SchemaCurrent(ctx); err != nil {
		db.Close(context.WithoutCancel(ctx))
		return nil, err
	}
	return db, nil
}

// attach opens the database whatever its schema.
func (p *program) attach(ctx context.Context) (*postgres.DB, error) {
	config := p.database(nil)
	config.Attach = true
	return postgres.Open(ctx, config)
}

func (p *program) database(metrics prometheus.Registerer) postgres.Config {
	return postgres.Config{
		DataDir:  p.settings.DataDir,
		BinDir:   p.settings.PGBin,
		URL:      p.settings.DatabaseURL,
		OwnerURL: p.settings.DatabaseOwnerURL,
		Log:      p.log,
		Metrics:  metrics,
	}
}
