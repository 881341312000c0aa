package httpd

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"ketnap/internal/access"
	"ketnap/internal/account"
	"ketnap/internal/fault"
	"ketnap/web/admin"
	"ketnap/web/ui"
)

func (s *site) showAccounts(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	filter := account.Filter{Search: queryText(r, "q"), Role: access.Role(queryText(r, "role")), After: queryText(r, "after")}
	state := queryText(r, "state")
	if state == "enabled" || state == "disabled" {
		disabled := state == "disabled"
		filter.Disabled = &disabled
	}
	if !filter.Role.Valid() {
		filter.Role = ""
	}
	list, more, err := s.Accounts.List(ctx, viewerOf(r), filter)
	if err != nil {
		return err
	}
	view := admin.AccountsView{Search: filter.Search, Role: string(filter.Role), Roles: roleOptions(ctx), State: state,
		States:  []ui.Option{{Value: "enabled", Label: ui.T(ctx, "accounts.enabled")}, {Value: "disabled", Label: ui.T(ctx, "accounts.disabled")}},
		Unknown: queryOnly(r, "q", "role", "state", "after")}
	narrowed := []string{"q", filter.Search, "role", string(filter.Role), "state", state}
	if address("/admin/accounts", narrowed...) != "/admin/accounts" {
		view.Reset = "/admin/accounts"
	}
	for _, a := range list {
		view.Rows = append(view.Rows, s.accountRow(ctx, a))
	}
	if filter.After != "" {
		view.Pager.First = address("/admin/accounts", narrowed...)
	}
	if more {
		view.Pager.Next = address("/admin/accounts", append(narrowed, "after", list[len(list)-1].Username)...)
	}
	return render(w, r, http.StatusOK, admin.Accounts(s.pageOf(r, "accounts.title"), view))
}

func (s *site) accountRow(ctx context.Context, a account.Account) admin.AccountRow {
	row := admin.AccountRow{Href: accountPath(a.ID), Username: a.Username, Name: a.Name, Disabled: a.Disabled(), Seen: orNever(ctx, a)}
	for _, g := range a.Grants {
		if g.HoldsOn(s.Today()) {
			row.Grants = append(row.Grants, grantWords(ctx, g))
		}
	}
	return row
}

func orNever(ctx context.Context, a account.Account) string {
	if a.SeenAt.IsZero() {
		return ui.T(ctx, "accounts.never")
	}
	return ui.Moment(ctx, a.SeenAt)
}

func accountPath(id int64) string { return fmt.Sprintf("/admin/accounts/%d", id) }

func roleOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, role := range access.Roles {
		out = append(out, ui.Option{Value: string(role), Label: roleName(ctx, role), Hint: ui.T(ctx, "accounts.role_hints."+string(role))})
	}
	return out
}

// openAccount gives the account of the path and whether the viewer may change it.
func (s *site) openAccount(r *http.Request) (account.Account, bool, error) {
	id, err := pathID(r, "id")
	if err != nil {
		return account.Account{}, false, err
	}
	return s.Accounts.Get(r.Context(), viewerOf(r), id)
}

func accountsCrumb(ctx context.Context) ui.Crumb {
	return ui.Crumb{Label: ui.T(ctx, "accounts.title"), Href: "/admin/accounts"}
}

func (s *site) showAccount(w http.ResponseWriter, r *http.Request) error {
	a, manages, err := s.openAccount(r)
	if err != nil {
		return err
	}
	return s.renderAccount(w, r, http.StatusOK, a, manages, a.Name, nil)
}

func (s *site) renderAccount(w http.ResponseWriter, r *http.Request, status int, a account.Account, manages bool, name string, refusal error) error {
	ctx := r.Context()
	path := accountPath(a.ID)
	errs := ui.ErrorsOf(ctx, refusal)
	view := admin.AccountView{Path: path, Username: a.Username, Name: a.Name, Disabled: a.Disabled(), Must: a.MustChange,
		Created: ui.Moment(ctx, a.CreatedAt), Seen: orNever(ctx, a), Manages: manages, Self: a.ID == viewerOf(r).AccountID, NewName: name,
		Rename: ui.FormView{Action: path, Key: newKey(), Version: a.Version, Errors: errs}}
	for _, g := range a.Grants {
		view.Grants = append(view.Grants, s.grantRow(ctx, a.ID, g, manages))
	}
	page := s.pageOf(r, "accounts.single").Titled(a.Username).WithErrors(errs).Under(accountsCrumb(ctx))
	return render(w, r, status, admin.Account(page, view))
}

func (s *site) grantRow(ctx context.Context, id int64, g account.Grant, manages bool) admin.GrantRow {
	row := admin.GrantRow{Role: roleName(ctx, g.Role), Org: g.OrgName, Period: periodOf(ctx, g.From, g.Until)}
	row.Past = !g.Until.IsZero() && !g.Until.After(s.Today())
	if manages && !row.Past {
		row.Revoke = fmt.Sprintf("%s/grants/%d/revoke", accountPath(id), g.ID)
	}
	return row
}

// change names the account of the path as the form was filled from it.
func change(r *http.Request, id int64) account.Change {
	f := formOf(r)
	return account.Change{ID: id, Version: f.version(), Key: f.key()}
}

func (s *site) renameAccount(w http.ResponseWriter, r *http.Request) error {
	a, manages, err := s.openAccount(r)
	if err != nil {
		return err
	}
	name := formOf(r).typed("name")
	err = s.Accounts.Rename(r.Context(), viewerOf(r), change(r, a.ID), name)
	if mayGoOn(err) {
		return s.renderAccount(w, r, statusOf(err), a, manages, name, err)
	}
	return s.accountSaved(w, r, a.ID, "accounts.rename.done", err)
}

// mayGoOn tells whether a form about an account is shown again with what was typed: something in it
// is refused, or somebody else was faster and it can be sent over what he saved.
func mayGoOn(err error) bool {
	return err != nil && (fault.KindOf(err) == fault.Invalid || fault.KindOf(err) == fault.Conflict)
}

// accountSaved leads back to the account's page with a message, or gives the error.
func (s *site) accountSaved(w http.ResponseWriter, r *http.Request, id int64, key string, err error) error {
	if err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, key); err != nil {
		return err
	}
	return redirect(w, r, accountPath(id))
}

func (s *site) showNewAccount(w http.ResponseWriter, r *http.Request) error {
	view := admin.NewAccountView{Person: true, From: s.Today().Vietnamese(), Form: ui.FormView{Action: "/admin/accounts/new", Key: newKey()}}
	return s.renderNewAccount(w, r, http.StatusOK, view)
}

func (s *site) renderNewAccount(w http.ResponseWriter, r *http.Request, status int, view admin.NewAccountView) error {
	ctx := r.Context()
	orgs, err := s.Accounts.Organisations(ctx, viewerOf(r))
	if err != nil {
		return err
	}
	for _, o := range orgs {
		label := o.Name
		for range o.Depth {
			label = "\u2003" + label
		}
		view.Orgs = append(view.Orgs, ui.Option{Value: strconv.Itoa(int(o.ID)), Label: label})
	}
	view.Roles = roleOptions(ctx)
	titleKey, submitKey := "accounts.new.title", "accounts.new.submit"
	if !view.Person {
		titleKey, submitKey = "accounts.grant.title", "accounts.grant.submit"
	}
	view.Title, view.Submit = ui.T(ctx, titleKey), ui.T(ctx, submitKey)
	if view.Cancel == "" {
		view.Cancel, view.Lead = "/admin/accounts", ui.T(ctx, "accounts.new.lead")
	}
	page := s.pageOf(r, titleKey).WithErrors(view.Form.Errors).Under(accountsCrumb(ctx))
	return render(w, r, status, admin.NewAccount(page, view))
}

// typedGrant decodes role, organisation and period, and gives the view with them as typed.
func typedGrant(f *form) (account.NewGrant, admin.NewAccountView) {
	g := account.NewGrant{Role: access.Role(f.typed("role")), OrgID: f.organisation("org"), From: f.date("from"), Until: f.date("until")}
	if !g.Until.IsZero() {
		g.Until = g.Until.AddDays(1) // typed is the last day
	}
	return g, admin.NewAccountView{Role: f.typed("role"), Org: f.typed("org"), From: f.typed("from"), Until: f.typed("until")}
}

func (s *site) createAccount(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), formOf(r)
	g, view := typedGrant(f)
	view.Person, view.Username, view.Name = true, f.typed("username"), f.typed("name")
	err := f.err()
	var issued account.Issued
	if err == nil {
		issued, err = s.Accounts.Create(ctx, viewerOf(r), account.NewAccount{Username: view.Username, Name: view.Name, Grant: g, Key: f.key()})
	}
	if err != nil && fault.KindOf(err) == fault.Invalid {
		view.Form = ui.FormView{Action: "/admin/accounts/new", Key: f.key(), Errors: ui.ErrorsOf(ctx, err)}
		return s.renderNewAccount(w, r, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	return s.renderIssued(w, r, "accounts.issued.created", issued)
}

// renderIssued tells a one-time password on the answer itself, never on a page with an address.
func (s *site) renderIssued(w http.ResponseWriter, r *http.Request, titleKey string, issued account.Issued) error {
	view := admin.IssuedView{Title: ui.T(r.Context(), titleKey), Username: issued.Account.Username, Name: issued.Account.Name,
		Password: issued.Password, Back: accountPath(issued.Account.ID)}
	w.Header().Set("Cache-Control", "no-store")
	return render(w, r, http.StatusOK, admin.Issued(s.pageOf(r, titleKey).Under(accountsCrumb(r.Context())), view))
}

func (s *site) showNewGrant(w http.ResponseWriter, r *http.Request) error {
	a, _, err := s.openAccount(r)
	if err != nil {
		return err
	}
	view := admin.NewAccountView{From: s.Today().Vietnamese(), Form: ui.FormView{Key: newKey(), Version: a.Version}}
	return s.renderNewGrant(w, r, http.StatusOK, a, view)
}

func (s *site) renderNewGrant(w http.ResponseWriter, r *http.Request, status int, a account.Account, view admin.NewAccountView) error {
	view.Form.Action, view.Cancel = accountPath(a.ID)+"/grants/new", accountPath(a.ID)
	view.Lead = ui.T(r.Context(), "accounts.grant.lead", "Name", a.Name)
	return s.renderNewAccount(w, r, status, view)
}

func (s *site) createGrant(w http.ResponseWriter, r *http.Request) error {
	a, _, err := s.openAccount(r)
	if err != nil {
		return err
	}
	f := formOf(r)
	g, view := typedGrant(f)
	if err = f.err(); err == nil {
		err = s.Accounts.Grant(r.Context(), viewerOf(r), change(r, a.ID), g)
	}
	if mayGoOn(err) {
		view.Form = ui.FormView{Key: f.key(), Version: a.Version, Errors: ui.ErrorsOf(r.Context(), err)}
		return s.renderNewGrant(w, r, statusOf(err), a, view)
	}
	return s.accountSaved(w, r, a.ID, "accounts.grant.done", err)
}
