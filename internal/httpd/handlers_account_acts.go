package httpd

import (
	"context"
	"net/http"

	"ketnap/internal/access"
	"ketnap/internal/account"
	"ketnap/web/admin"
	"ketnap/web/ui"
)

// accountAct is something done to an account after a question. words is where its words stand in
// the catalogue.
type accountAct struct {
	words  string
	danger bool
	do     func(s *site, ctx context.Context, v access.Viewer, c account.Change) error
}

var (
	disableAct = accountAct{"accounts.disable", true, func(s *site, ctx context.Context, v access.Viewer, c account.Change) error {
		return s.Accounts.Disable(ctx, v, c)
	}}
	enableAct = accountAct{"accounts.enable", false, func(s *site, ctx context.Context, v access.Viewer, c account.Change) error {
		return s.Accounts.Enable(ctx, v, c)
	}}
	resetAct = accountAct{words: "accounts.reset", danger: true} // answers with a password: resetAccount
)

func (s *site) askAccount(act accountAct) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		a, manages, err := s.openAccount(r)
		if err != nil {
			return err
		}
		if !manages {
			return errForbidden
		}
		return s.askAbout(w, r, a, act, r.URL.Path)
	}
}

func (s *site) askAbout(w http.ResponseWriter, r *http.Request, a account.Account, act accountAct, action string, facts ...ui.Pair) error {
	ctx := r.Context()
	facts = append([]ui.Pair{{Label: ui.T(ctx, "accounts.username"), Text: a.Username}, {Label: ui.T(ctx, "accounts.name"), Text: a.Name}}, facts...)
	view := ui.ConfirmView{Form: ui.FormView{Action: action, Key: newKey(), Version: a.Version}, Title: ui.T(ctx, act.words+".title"),
		Text: ui.T(ctx, act.words+".text"), Facts: facts, Confirm: ui.T(ctx, act.words+".submit"), Danger: act.danger, Cancel: accountPath(a.ID)}
	page := s.pageOf(r, act.words+".title").Under(accountsCrumb(ctx), ui.Crumb{Label: a.Username, Href: accountPath(a.ID)})
	return render(w, r, http.StatusOK, admin.AccountConfirm(page, view))
}

func (s *site) doAccount(act accountAct) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := pathID(r, "id")
		if err != nil {
			return err
		}
		return s.accountSaved(w, r, id, act.words+".done", act.do(s, r.Context(), viewerOf(r), change(r, id)))
	}
}

func (s *site) resetAccount(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r, "id")
	if err != nil {
		return err
	}
	issued, err := s.Accounts.Reset(r.Context(), viewerOf(r), change(r, id))
	if err != nil {
		return err
	}
	return s.renderIssued(w, r, "accounts.issued.reset", issued)
}

var revokeAct = accountAct{words: "accounts.revoke", danger: true}

func (s *site) askRevokeGrant(w http.ResponseWriter, r *http.Request) error {
	a, manages, err := s.openAccount(r)
	if err != nil {
		return err
	}
	grant, err := pathID(r, "grant")
	if err != nil {
		return err
	}
	for _, g := range a.Grants {
		if manages && g.ID == grant {
			return s.askAbout(w, r, a, revokeAct, r.URL.Path,
				ui.Pair{Label: ui.T(r.Context(), "accounts.role"), Text: roleName(r.Context(), g.Role)},
				ui.Pair{Label: ui.T(r.Context(), "accounts.org"), Text: g.OrgName})
		}
	}
	return errNotFound
}

func (s *site) revokeGrant(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r, "id")
	if err != nil {
		return err
	}
	grant, err := pathID(r, "grant")
	if err != nil {
		return err
	}
	return s.accountSaved(w, r, id, "accounts.revoke.done", s.Accounts.Revoke(r.Context(), viewerOf(r), change(r, id), grant))
}
