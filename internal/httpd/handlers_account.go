package httpd

import (
	"context"
	"fmt"
	"net/http"

	"ketnap/internal/access"
	"ketnap/internal/account"
	"ketnap/internal/fault"
	accountpages "ketnap/web/account"
	"ketnap/web/ui"
)

func (s *site) showOwnAccount(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), viewerOf(r)
	own, err := s.Accounts.Own(ctx, v)
	if err != nil {
		return err
	}
	devices, err := s.Accounts.Sessions(ctx, v)
	if err != nil {
		return err
	}
	view := accountpages.OwnView{Username: own.Username, Name: own.Name, Language: ui.T(ctx, "account.in_language"), Unknown: queryOnly(r)}
	for _, g := range own.Grants {
		if g.HoldsOn(s.Today()) {
			view.Grants = append(view.Grants, grantWords(ctx, g))
		}
	}
	for _, d := range devices {
		view.Devices = append(view.Devices, accountpages.DeviceView{Label: deviceName(ctx, d.UserAgent), Address: d.Address,
			Began: ui.Moment(ctx, d.CreatedAt), Seen: ui.Moment(ctx, d.SeenAt), Here: d.ID == sessionOf(r),
			Revoke: fmt.Sprintf("/account/sessions/%d/revoke", d.ID)})
	}
	return render(w, r, http.StatusOK, accountpages.Own(s.pageOf(r, "account.title"), view))
}

func grantWords(ctx context.Context, g account.Grant) string {
	return ui.T(ctx, "accounts.grant_words", "Role", roleName(ctx, g.Role), "Org", g.OrgName)
}

func roleName(ctx context.Context, r access.Role) string {
	return ui.T(ctx, "accounts.roles."+string(r))
}

func (s *site) showChangePassword(w http.ResponseWriter, r *http.Request) error {
	return s.renderChangePassword(w, r, http.StatusOK, nil, nil)
}

// askToChangePassword answers whose password was set by somebody else: a page leads to the change,
// a form is kept.
func (s *site) askToChangePassword(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodPost {
		return redirect(w, r, pathChangePassword)
	}
	return s.renderChangePassword(w, r, http.StatusForbidden, keepForm(r), nil)
}

func (s *site) renderChangePassword(w http.ResponseWriter, r *http.Request, status int, hidden []ui.Hidden, refusal error) error {
	errs := ui.ErrorsOf(r.Context(), refusal)
	page := s.pageOf(r, "account.password.title").WithErrors(errs)
	view := accountpages.PasswordView{Form: ui.FormView{Action: pathChangePassword, Hidden: hidden, Errors: errs},
		Must: visitOf(r).account.MustChange}
	return render(w, r, status, accountpages.Password(page, view))
}

func (s *site) changePassword(w http.ResponseWriter, r *http.Request) error {
	f := formOf(r)
	err := s.Accounts.ChangePassword(r.Context(), viewerOf(r), account.PasswordChange{Current: f.typed("current"), New: f.typed("new"),
		Again: f.typed("again"), Session: sessionOf(r)}, s.addressOf(r))
	if kind := fault.KindOf(err); err != nil && (kind == fault.Invalid || kind == fault.TooMany) {
		retryAfter(w, statusOf(err), err)
		return s.renderChangePassword(w, r, statusOf(err), s.carried(r), err)
	}
	if err != nil {
		return err
	}
	visitOf(r).account.MustChange = false
	if err := s.flash(w, r, ui.Good, "account.password.changed"); err != nil {
		return err
	}
	return s.goOn(w, r)
}

func (s *site) revokeSession(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r, "session")
	if err != nil {
		return err
	}
	if err := s.Accounts.RevokeSession(r.Context(), viewerOf(r), id); err != nil {
		return err
	}
	return s.sessionsRevoked(w, r)
}

func (s *site) revokeOtherSessions(w http.ResponseWriter, r *http.Request) error {
	if err := s.Accounts.RevokeOtherSessions(r.Context(), viewerOf(r), sessionOf(r)); err != nil {
		return err
	}
	return s.sessionsRevoked(w, r)
}

func (s *site) sessionsRevoked(w http.ResponseWriter, r *http.Request) error {
	if err := s.flash(w, r, ui.Good, "account.devices.revoked"); err != nil {
		return err
	}
	return redirect(w, r, "/account")
}
