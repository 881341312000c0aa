package httpd

import (
	"context"
	"crypto/subtle"
	"net/http"

	"ketnap/internal/account"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/web/signin"
	"ketnap/web/ui"
)

func (s *site) showSetUp(w http.ResponseWriter, r *http.Request) error {
	needed, err := s.Accounts.NeedsSetup(r.Context())
	if err != nil {
		return err
	}
	if !needed {
		return redirect(w, r, "/")
	}
	if !s.maySetUp(r.URL.Query().Get("token")) {
		return fault.NewForbidden("signin.setup.token")
	}
	return s.renderSetUp(w, r, http.StatusOK, signin.SetUpView{OrgKind: string(party.UpperCommittee)}, nil)
}

// maySetUp tells whether an empty installation may be set up by who asks: where it can be reached
// from elsewhere, only by who has read the token in its log.
func (s *site) maySetUp(token string) bool {
	return s.SetupToken == "" || subtle.ConstantTimeCompare([]byte(token), []byte(s.SetupToken)) == 1
}

func (s *site) renderSetUp(w http.ResponseWriter, r *http.Request, status int, view signin.SetUpView, refusal error) error {
	ctx := r.Context()
	errs := ui.ErrorsOf(ctx, refusal)
	view.Form = ui.FormView{Action: pathSetUp, Errors: errs}
	if token := r.FormValue("token"); token != "" {
		view.Form.Hidden = []ui.Hidden{{Name: "token", Value: token}}
	}
	view.OrgKinds = topKinds(ctx)
	return render(w, r, status, signin.SetUp(s.pageOf(r, "signin.setup.title").WithErrors(errs), view))
}

func topKinds(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, k := range party.OrgKinds {
		if k.MayBeTop() {
			out = append(out, ui.Option{Value: string(k), Label: kindName(ctx, k)})
		}
	}
	return out
}

func (s *site) setUp(w http.ResponseWriter, r *http.Request) error {
	f := formOf(r)
	if !s.maySetUp(f.typed("token")) {
		return fault.NewForbidden("signin.setup.token")
	}
	view := signin.SetUpView{OrgName: f.typed("org_name"), OrgCode: f.typed("org_code"), OrgKind: f.typed("org_kind"),
		TermName: f.typed("term_name"), TermFrom: f.typed("term_from"), TermUntil: f.typed("term_until"),
		Username: f.typed("username"), Name: f.typed("name")}
	in := account.SetUp{
		Organisation: account.FirstOrganisation{Name: f.text("org_name", longText), Code: f.text("org_code", longText), Kind: view.OrgKind},
		Term:         account.FirstTerm{Name: f.text("term_name", longText), From: f.date("term_from"), Until: f.date("term_until")},
		Username:     f.text("username", longText), Name: f.text("name", longText), Password: f.typed("password"), Again: f.typed("password_again")}
	in.Organisation.From = startOf(in.Term.From, s.Today())
	err := f.err()
	var id int64
	if err == nil {
		id, err = s.Accounts.SetUp(r.Context(), s.Organisations, in)
	}
	if err != nil && fault.KindOf(err) == fault.Invalid {
		return s.renderSetUp(w, r, http.StatusUnprocessableEntity, view, err)
	}
	if err != nil {
		return err
	}
	visit := visitOf(r)
	if visit.account, err = s.sessions.begin(w, r, visit.session, id); err != nil {
		return err
	}
	if err := s.flash(w, r, ui.Good, "signin.setup.done"); err != nil {
		return err
	}
	return redirect(w, r, "/organisations")
}

// startOf is since when the first organisation is in the register: the term's first day, so that
// what happened in the term can be entered, or today where the term begins later.
func startOf(term, today party.Date) party.Date {
	if term.IsZero() || term.After(today) {
		return today
	}
	return term
}
