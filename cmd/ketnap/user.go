package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"ketnap/internal/access"
	"ketnap/internal/account"
	"ketnap/internal/app"
	"ketnap/internal/fault"
	"ketnap/internal/postgres"
	"ketnap/web/ui"
)

// userResult is an account as the command prints it. Password is told once, after add and reset.
type userResult struct {
	Username string   `json:"username"`
	Name     string   `json:"name"`
	Disabled bool     `json:"disabled"`
	Roles    []string `json:"roles"` // role@organisation
	Password string   `json:"one_time_password,omitempty"`
}

// userFlags are what add and grant are told.
type userFlags struct{ name, role, org string }

func runUser(ctx context.Context, p *program, args []string) error {
	f := p.flags()
	var u userFlags
	f.StringVar(&u.name, "name", "", "name of the person (add)")
	f.StringVar(&u.role, "role", "", "role: "+roleList()+" (add, grant)")
	f.StringVar(&u.org, "org", "", "code of the organisation where the role holds (add, grant)")
	rest, err := p.parse(f, args)
	if err != nil {
		return err
	}
	act, username := "", ""
	if len(rest) > 0 {
		act = rest[0]
	}
	if len(rest) == 2 {
		username = rest[1]
	}
	do, known := userActs[act]
	if !known || (act == "list") != (len(rest) == 1) || len(rest) > 2 {
		return p.misused(f, "say add, list, disable, enable, reset or grant, and but for list whose account")
	}
	if err := u.check(p, f, act); err != nil {
		return err
	}
	return p.withServices(ctx, func(_ *postgres.DB, s *app.Services) error {
		list, err := do(ctx, s, username, u)
		if err != nil {
			return inWords(ctx, err)
		}
		return p.print(list, func(w io.Writer) error { return writeUsers(w, list) })
	})
}

func roleList() string {
	var names []string
	for _, r := range access.Roles {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

func (u userFlags) check(p *program, f *flag.FlagSet, act string) error {
	if act != "add" && act != "grant" {
		return nil
	}
	if !access.Role(u.role).Valid() || u.org == "" {
		return p.misused(f, "%s needs --role and --org", act)
	}
	return nil
}

// userActs are the things that can be done, each giving the accounts to print.
var userActs = map[string]func(context.Context, *app.Services, string, userFlags) ([]userResult, error){
	"add":     addUser,
	"list":    listUsers,
	"reset":   resetUser,
	"grant":   grantUser,
	"disable": changeUser((*account.Service).Disable),
	"enable":  changeUser((*account.Service).Enable),
}

func grantOf(ctx context.Context, s *app.Services, u userFlags) (account.NewGrant, error) {
	tree, err := s.Organisations.Snapshot(ctx)
	if err != nil {
		return account.NewGrant{}, err
	}
	o, ok := tree.ByCode(u.org)
	if !ok {
		return account.NewGrant{}, fmt.Errorf("there is no organisation with the code %q", u.org)
	}
	return account.NewGrant{Role: access.Role(u.role), OrgID: o.OrgID}, nil
}

func addUser(ctx context.Context, s *app.Services, username string, u userFlags) ([]userResult, error) {
	g, err := grantOf(ctx, s, u)
	if err != nil {
		return nil, err
	}
	issued, err := s.Accounts.Create(ctx, access.System, account.NewAccount{Username: username, Name: u.name, Grant: g})
	if err != nil {
		return nil, err
	}
	return []userResult{resultOf(issued.Account, issued.Password)}, nil
}

func resetUser(ctx context.Context, s *app.Services, username string, _ userFlags) ([]userResult, error) {
	a, err := s.Accounts.Find(ctx, access.System, username)
	if err != nil {
		return nil, err
	}
	issued, err := s.Accounts.Reset(ctx, access.System, account.Change{ID: a.ID, Version: a.Version})
	if err != nil {
		return nil, err
	}
	return []userResult{resultOf(issued.Account, issued.Password)}, nil
}

func grantUser(ctx context.Context, s *app.Services, username string, u userFlags) ([]userResult, error) {
	g, err := grantOf(ctx, s, u)
	if err != nil {
		return nil, err
	}
	return changeUser(func(accounts *account.Service, ctx context.Context, v access.Viewer, c account.Change) error {
		return accounts.Grant(ctx, v, c, g)
	})(ctx, s, username, u)
}

// changeUser makes an act of a change of one account.
func changeUser(do func(*account.Service, context.Context, access.Viewer, account.Change) error) func(context.Context, *app.Services, string, userFlags) ([]userResult, error) {
	return func(ctx context.Context, s *app.Services, username string, _ userFlags) ([]userResult, error) {
		a, err := s.Accounts.Find(ctx, access.System, username)
		if err != nil {
			return nil, err
		}
		if err := do(s.Accounts, ctx, access.System, account.Change{ID: a.ID, Version: a.Version}); err != nil {
			return nil, err
		}
		a, err = s.Accounts.Find(ctx, access.System, username)
		return []userResult{resultOf(a, "")}, err
	}
}

func listUsers(ctx context.Context, s *app.Services, _ string, _ userFlags) ([]userResult, error) {
	out := []userResult{}
	for filter := (account.Filter{}); ; {
		list, more, err := s.Accounts.List(ctx, access.System, filter)
		if err != nil {
			return nil, err
		}
		for _, a := range list {
			out = append(out, resultOf(a, ""))
		}
		if !more {
			return out, nil
		}
		filter.After = list[len(list)-1].Username
	}
}

func resultOf(a account.Account, password string) userResult {
	r := userResult{Username: a.Username, Name: a.Name, Disabled: a.Disabled(), Roles: []string{}, Password: password}
	for _, g := range a.Grants {
		if g.HoldsOn(today()) {
			r.Roles = append(r.Roles, string(g.Role)+"@"+g.OrgCode)
		}
	}
	return r
}

func writeUsers(w io.Writer, list []userResult) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, u := range list {
		state := ""
		if u.Disabled {
			state = "disabled"
		}
		_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", u.Username, u.Name, strings.Join(u.Roles, " "), state)
		if u.Password != "" {
			_, _ = fmt.Fprintf(t, "one-time password, shown once:\t%s\n", u.Password)
		}
	}
	return t.Flush()
}

// inWords gives a refusal in the words that the pages have for it, in English like all commands.
func inWords(ctx context.Context, err error) error {
	if fault.As(err) == nil || fault.KindOf(err) == fault.Internal {
		return err
	}
	var lines []string
	for _, e := range ui.ErrorsOf(ui.WithLang(ctx, ui.English), err) {
		lines = append(lines, e.Text)
	}
	if len(lines) == 0 {
		return err
	}
	return errors.New(strings.Join(lines, "; "))
}
