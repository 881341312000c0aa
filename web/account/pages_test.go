package account_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"testing"

	"ketnap/internal/access"
	"ketnap/internal/app"
	"ketnap/internal/apptest"
	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
	"ketnap/internal/httpd"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// signIn signs an account in in a tab of its own.
func signIn(t *testing.T, s *server.Server, username, lang string) *browsertest.Tab {
	t.Helper()
	tab := browsertest.New(t)
	tab.Open(s.URL + "/login")
	tab.Fill("Tên đăng nhập", username)
	tab.Fill("Mật khẩu", apptest.Password)
	tab.Press("Đăng nhập")
	if lang == "en" {
		tab.Press("English")
	}
	return tab
}

// owe checks what every page owes, on a screen and on a phone, and takes its picture.
func owe(tab *browsertest.Tab, picture string) {
	tab.GoodPage()
	tab.Screenshot(picture)
	tab.SetViewport(375, 800)
	tab.NoSidewaysScroll()
	tab.BigTargets()
	tab.Screenshot(picture + "-phone")
	tab.SetViewport(1280, 900)
}

func TestTheRoomsOfAccountsAreGoodPages(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	a, err := s.Accounts.Find(t.Context(), access.System, "bithu.ltt")
	if err != nil {
		t.Fatal(err)
	}
	account := fmt.Sprintf("/admin/accounts/%d", a.ID)
	pages := map[string]string{"own": "/account", "password": "/account/password", "accounts": "/admin/accounts",
		"none": "/admin/accounts?q=khongcoai&role=leader", "new": "/admin/accounts/new", "one": account, "grant": account + "/grants/new",
		"revoke": fmt.Sprintf("%s/grants/%d/revoke", account, a.Grants[0].ID), "disable": account + "/disable", "reset": account + "/reset",
		"audit": "/admin/audit?khong_co=1", "audit-none": "/admin/audit?day=31/02/2026", "missing": "/khong-co"}
	for _, lang := range []string{"vi", "en"} {
		t.Run(lang, func(t *testing.T) {
			tab := signIn(t, s, "quantri", lang)
			for name, path := range pages {
				tab.Open(s.URL + path)
				owe(tab, name)
			}
		})
	}
}

// An account is made, its owner signs in with the password that was told, chooses his own, and
// finds what he may see.
func TestAnAccountFromItsMakingToItsOwnersFirstDay(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	tab := signIn(t, s, "quantri", "vi")
	tab.Open(s.URL + "/admin/accounts/new")
	tab.Press("Tạo tài khoản")
	owe(tab, "refused")
	tab.Fill("Tên đăng nhập", "moi.den")
	tab.Fill("Họ và tên", "Người Mới Đến")
	tab.Check("Bí thư chi bộ")
	tab.Choose("Tổ chức", "Chi bộ LTT")
	tab.Press("Tạo tài khoản")
	owe(tab, "issued")
	password := tab.TextOf("main code")

	tab = browsertest.New(t)
	tab.Open(s.URL + "/people")
	owe(tab, "sign-in")
	tab.Fill("Tên đăng nhập", "moi.den")
	tab.Fill("Mật khẩu", password)
	tab.Press("Đăng nhập")
	owe(tab, "must-change")
	tab.Fill("Mật khẩu hiện tại", password)
	tab.Fill("Mật khẩu mới", "hoa sen tren ho")
	tab.Fill("Nhập lại mật khẩu mới", "hoa sen tren ho")
	tab.Press("Đổi mật khẩu")
	tab.Sees("Người Mới Đến")
}

// A form that was sent after the session ended comes back after signing in, without script too.
func TestAFormOutlivesItsSession(t *testing.T) {
	t.Parallel()
	s := server.New(t)
	tab := signIn(t, s, "quantri", "vi")
	tab.Open(s.URL + "/admin/accounts/new")
	tab.Fill("Tên đăng nhập", "moi.den")
	tab.Fill("Họ và tên", "Người Mới Đến")
	err := s.DB.WriteSystem(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Exec(ctx, `delete from sessions`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	tab.Press("Tạo tài khoản")
	owe(tab, "ended")
	tab.Fill("Tên đăng nhập", "quantri")
	tab.Fill("Mật khẩu", apptest.Password)
	tab.Press("Đăng nhập")
	owe(tab, "kept")
	tab.Press("Gửi tiếp")
	if got := tab.Value("Họ và tên"); got != "Người Mới Đến" {
		t.Errorf("the name is %q", got)
	}
}

func TestTheSetUpIsAGoodPage(t *testing.T) {
	t.Parallel()
	db := postgres.NewTestDB(t)
	today := func() party.Date { return apptest.Today }
	services, err := app.New(db, []byte("0123456789abcdef0123456789abcdef"), today)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := httpd.New(httpd.Deps{Services: services, DB: db, Today: today})
	if err != nil {
		t.Fatal(err)
	}
	site := httptest.NewServer(handler)
	t.Cleanup(site.Close)
	tab := browsertest.New(t)
	tab.Open(site.URL)
	owe(tab, "setup")
	tab.Fill("Tên đăng nhập", "x")
	tab.Press("Bắt đầu sử dụng")
	owe(tab, "setup-refused")
}
