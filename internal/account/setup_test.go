package account_test

import (
	"sync"
	"testing"

	"ketnap/internal/access"
	"ketnap/internal/account"
	"ketnap/internal/app"
	"ketnap/internal/apptest"
	"ketnap/internal/fault"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// empty is an installation that nobody has set up.
func empty(t *testing.T) (*app.Services, *postgres.DB) {
	t.Helper()
	db := postgres.NewTestDB(t)
	s, err := app.New(db, []byte("0123456789abcdef0123456789abcdef"), func() party.Date { return apptest.Today })
	must(t, err)
	return s, db
}

func firstOf(username string) account.SetUp {
	return account.SetUp{
		Organisation: account.FirstOrganisation{Name: "Đảng ủy phường Mẫu", Code: "MAU", Kind: string(party.UpperCommittee), From: party.MustDate("2025-07-01")},
		Term:         account.FirstTerm{Name: "2025–2030", From: party.MustDate("2025-07-01"), Until: party.MustDate("2030-06-30")},
		Username:     username, Name: "Người Quản Trị", Password: "hoa sen tren ho", Again: "hoa sen tren ho"}
}

func TestAnInstallationIsSetUpOnce(t *testing.T) {
	t.Parallel()
	s, _ := empty(t)
	needs := func() bool {
		needed, err := s.Accounts.NeedsSetup(t.Context())
		must(t, err)
		return needed
	}
	if !needs() {
		t.Error("an empty installation needs no set-up")
	}
	id, err := s.Accounts.SetUp(t.Context(), s.Organisations, firstOf("Quan.Tri"))
	must(t, err)
	a, err := s.Accounts.Find(t.Context(), access.System, "quan.tri")
	must(t, err)
	if a.ID != id || a.MustChange || len(a.Grants) != 1 || a.Grants[0].Role != access.Administrator || a.Grants[0].OrgCode != "MAU" || needs() {
		t.Errorf("the first administrator %+v", a)
	}
	_, err = s.Accounts.SetUp(t.Context(), s.Organisations, firstOf("kevao"))
	mustBe(t, err, fault.Conflict, "account.error.set_up_done")
}

func TestOfManySetUpsAtOnceOneIsDone(t *testing.T) {
	t.Parallel()
	s, db := empty(t)
	var wait sync.WaitGroup
	errs := make([]error, 6)
	for i := range errs {
		wait.Go(func() { _, errs[i] = s.Accounts.SetUp(t.Context(), s.Organisations, firstOf("quan.tri")) })
	}
	wait.Wait()
	done := 0
	for _, err := range errs {
		if err == nil {
			done++
			continue
		}
		mustBe(t, err, fault.Conflict, "account.error.set_up_done")
	}
	var accounts, organisations, terms int
	lookUp(t, db, []any{&accounts, &organisations, &terms},
		`select (select count(*) from accounts), (select count(*) from organisations), (select count(*) from terms)`)
	if done != 1 || accounts != 1 || organisations != 1 || terms != 1 {
		t.Errorf("%d done: %d accounts, %d organisations, %d terms", done, accounts, organisations, terms)
	}
}

func TestARefusedSetUpLeavesNothing(t *testing.T) {
	t.Parallel()
	s, db := empty(t)
	in := firstOf("quan.tri")
	in.Organisation.Name, in.Term.Until = "", party.MustDate("2025-06-30")
	_, err := s.Accounts.SetUp(t.Context(), s.Organisations, in)
	for _, field := range []string{"org_name", "term_until"} {
		e := fault.As(err)
		if e == nil || e.Kind != fault.Invalid || !refuses(e, field) {
			t.Errorf("%s is not refused: %v", field, err)
		}
	}
	in.Term.From, in.Term.Until = party.Date{}, party.Date{}
	_, err = s.Accounts.SetUp(t.Context(), s.Organisations, in)
	mustRefuse(t, err, "term_from", "terms.error.starts")
	mustRefuse(t, err, "term_until", "terms.error.ends")
	in.Username, in.Name, in.Password, in.Again = "x", "", "ngan", "dai"
	_, err = s.Accounts.SetUp(t.Context(), s.Organisations, in)
	mustRefuse(t, err, "org_name", "organisations.error.name")
	mustRefuse(t, err, "username", "accounts.error.username")
	mustRefuse(t, err, "name", "accounts.error.name")
	mustRefuse(t, err, "password", "account.error.password_short")
	mustRefuse(t, err, "password_again", "account.error.password_again")
	var rows int
	lookUp(t, db, []any{&rows}, `select (select count(*) from accounts) + (select count(*) from organisations) + (select count(*) from terms)`)
	if rows != 0 {
		t.Errorf("%d rows are left", rows)
	}
}

func refuses(e *fault.Error, field string) bool {
	for _, f := range e.Fields {
		if f.Name == field {
			return true
		}
	}
	return false
}
