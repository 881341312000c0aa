package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// command runs a subcommand and gives what it printed.
func runCommand(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	out, err := ketnap(t, dir, "127.0.0.1:0", args...).CombinedOutput()
	return string(out), err
}

func runJSON[T any](t *testing.T, dir string, args ...string) (result T) {
	t.Helper()
	out, err := ketnap(t, dir, "127.0.0.1:0", append(args, "--json")...).Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	if err := json.Unmarshal(out, &result); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return result
}

// The commands beside a server that is running: they read what it serves.
func TestCommandsWorkOnTheDemo(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	s := serve(t, dir, "--demo")
	defer func() { _ = s.end(t, os.Interrupt) }()

	figures := runJSON[termFigures](t, dir, "report", "term", "--term", "2020-2025")
	if figures.OrganisationsWithMember != 7 || figures.Classes != 10 || figures.Introduced != 986 || figures.Admitted != 231 || figures.MembersNow != 297 {
		t.Errorf("figures %+v", figures)
	}
	part := runJSON[termFigures](t, dir, "report", "term", "--term", "2020-2025", "--org", "GDDT", "--as-of", "31/12/2023")
	if part.Introduced == 0 || part.Introduced >= figures.Introduced || part.AsOf.String() != "2023-12-31" {
		t.Errorf("a part of them %+v", part)
	}
	if found := runJSON[findings](t, dir, "check"); !found.Clean {
		t.Errorf("check %+v", found)
	}
	for _, wrong := range [][]string{{"report", "term", "--term", "1999"}, {"report", "term", "--org", "X"}, {"report", "term", "--as-of", "31/02/2024"},
		{"report"}, {"user", "add", "somebody"}, {"user", "disable", "nobody"}, {"user", "add", "x", "--role", "staff", "--org", "X"}, {"audit"}, {"check", "x"}} {
		if out, err := runCommand(t, dir, wrong...); err == nil || strings.TrimSpace(out) == "" {
			t.Errorf("%v succeeds, or says nothing: %s", wrong, out)
		}
	}
}

func TestAccountsFromTheCommandLine(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	if out, err := runCommand(t, dir, "demo"); err != nil {
		t.Fatalf("demo: %v\n%s", err, out)
	}
	made := runJSON[[]userResult](t, dir, "user", "add", "moi", "--name", "Người Mới", "--role", "secretary", "--org", "LTT")
	if len(made) != 1 || made[0].Password == "" || strings.Join(made[0].Roles, " ") != "secretary@LTT" {
		t.Errorf("made %+v", made)
	}
	if out, err := runCommand(t, dir, "user", "add", "moi", "--name", "Người Mới", "--role", "secretary", "--org", "LTT"); err == nil || !strings.Contains(out, "taken") {
		t.Errorf("the same name again: %v %s", err, out)
	}
	if again := runJSON[[]userResult](t, dir, "user", "reset", "moi"); again[0].Password == made[0].Password || again[0].Password == "" {
		t.Errorf("reset %+v", again)
	}
	if more := runJSON[[]userResult](t, dir, "user", "grant", "moi", "--role", "grassroots", "--org", "GDDT"); len(more[0].Roles) != 2 {
		t.Errorf("granted %+v", more)
	}
	if off := runJSON[[]userResult](t, dir, "user", "disable", "moi"); !off[0].Disabled {
		t.Errorf("disabled %+v", off)
	}
	if on := runJSON[[]userResult](t, dir, "user", "enable", "moi"); on[0].Disabled {
		t.Errorf("enabled %+v", on)
	}
	if list := runJSON[[]userResult](t, dir, "user", "list"); len(list) < 40 {
		t.Errorf("%d accounts listed", len(list))
	}
	if out, err := runCommand(t, dir, "audit", "verify"); err != nil || !strings.Contains(out, "audit:") {
		t.Errorf("audit verify: %v %s", err, out)
	}
	if out, err := runCommand(t, dir, "demo"); err != nil {
		t.Errorf("demo again on the demo: %v %s", err, out)
	}
}
