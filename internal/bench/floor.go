package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// mostScripts bounds how many of a page's addresses pgbench repeats.
const mostScripts = 10

// floor gives pgbench the statements that a page sends, and tells how many pages a second the
// database alone would answer.
func (h *house) floor(ctx context.Context, p page, o options) (perSecond float64, statements int, err error) {
	dir, err := os.MkdirTemp("", "ketnap-floor-")
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	args := []string{"-n", "-M", "prepared", "-c", strconv.Itoa(o.workers), "-j", "1", "-T", strconv.Itoa(max(1, int(o.span.Seconds())))}
	for i, path := range p.paths[:min(len(p.paths), mostScripts)] {
		list, err := h.statementsOf(p.user, path)
		if err != nil {
			return 0, 0, err
		}
		statements = len(list)
		file := filepath.Join(dir, fmt.Sprintf("%d.sql", i))
		if err := os.WriteFile(file, []byte(strings.Join(list, "\n")), 0o600); err != nil {
			return 0, 0, err
		}
		args = append(args, "-f", file)
	}
	perSecond, err = h.pgbench(ctx, args)
	return perSecond, statements, err
}

// statementsOf asks for a page once and gives what was sent for it, with the values in place.
func (h *house) statementsOf(user, path string) ([]string, error) {
	client, err := h.as(user)
	if err != nil {
		return nil, err
	}
	r := httptest.NewRequest(http.MethodGet, path, nil)
	base, err := http.NewRequest(http.MethodGet, h.server.URL, nil)
	if err != nil {
		return nil, err
	}
	for _, cookie := range client.Jar.Cookies(base.URL) {
		r.AddCookie(cookie)
	}
	ctx, sent := postgres.RecordQueries(r.Context())
	answer := httptest.NewRecorder()
	h.server.Config.Handler.ServeHTTP(answer, r.WithContext(ctx))
	if answer.Code != http.StatusOK {
		return nil, fmt.Errorf("%s: status %d", path, answer.Code)
	}
	var list []string
	for _, s := range sent() {
		text, err := written(s)
		if err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return list, nil
}

var argument = regexp.MustCompile(`\$(\d+)`)

// written puts the arguments into a statement, on one line, as pgbench wants it.
func written(s postgres.Statement) (string, error) {
	var bad error
	args := s.Args
	for len(args) > 0 && reflect.TypeOf(args[0]).PkgPath() == "github.com/jackc/pgx/v5" {
		args = args[1:] // how to send, not what
	}
	text := argument.ReplaceAllStringFunc(s.SQL, func(place string) string {
		n, err := strconv.Atoi(place[1:])
		if err != nil || n < 1 || n > len(args) {
			bad = errors.Join(bad, fmt.Errorf("no argument %s in %.80s", place, s.SQL))
			return place
		}
		value, err := literal(args[n-1])
		bad = errors.Join(bad, err)
		return value
	})
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\t' })
	return strings.Join(lines, " ") + ";", bad
}

// literal writes a value as SQL.
func literal(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "null", nil
	case party.Date:
		if v.IsZero() {
			return "null", nil
		}
		return "'" + v.String() + "'::date", nil
	case time.Duration:
		return fmt.Sprintf("'%f seconds'", v.Seconds()), nil
	case time.Time:
		return "'" + v.Format(time.RFC3339Nano) + "'", nil
	case []byte:
		switch {
		case v == nil:
			return "null", nil
		case json.Valid(v):
			return literal(string(v))
		}
		return `'\x` + hex.EncodeToString(v) + `'::bytea`, nil
	}
	value := reflect.ValueOf(v)
	switch value.Kind() {
	case reflect.String:
		return "'" + strings.ReplaceAll(value.String(), "'", "''") + "'", nil
	case reflect.Int, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(value.Int(), 10), nil
	case reflect.Bool:
		return strconv.FormatBool(value.Bool()), nil
	case reflect.Slice:
		return list(value)
	}
	return "", fmt.Errorf("cannot write %T", v)
}

func list(value reflect.Value) (string, error) {
	if value.IsNil() {
		return "null", nil
	}
	var parts []string
	var bad error
	for i := range value.Len() {
		part, err := literal(value.Index(i).Interface())
		bad = errors.Join(bad, err)
		parts = append(parts, part)
	}
	kind := "text"
	if k := value.Type().Elem().Kind(); slices.Contains([]reflect.Kind{reflect.Int, reflect.Int32}, k) {
		kind = "integer"
	} else if k == reflect.Int64 {
		kind = "bigint"
	}
	return "array[" + strings.Join(parts, ", ") + "]::" + kind + "[]", bad
}

var tps = regexp.MustCompile(`(?m)^tps = ([0-9.]+)`)

// pgbench runs the scripts as the application's role.
func (h *house) pgbench(ctx context.Context, args []string) (float64, error) {
	program, environment, err := h.db.Tool("pgbench")
	if err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append(os.Environ(), environment...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("pgbench: %w\n%s", err, out)
	}
	found := tps.FindSubmatch(out)
	if found == nil {
		return 0, fmt.Errorf("pgbench said nothing of its speed:\n%s", out)
	}
	return strconv.ParseFloat(string(found[1]), 64)
}
