package journey

import (
	"testing"

	"ketnap/internal/apptest"
	"ketnap/internal/apptest/server"
	"ketnap/internal/browsertest"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// signIn gives somebody a browser of his own, with or without script.
func signIn(t *testing.T, s *server.Server, username string, script bool) *browsertest.Tab {
	t.Helper()
	tab := browsertest.New(t)
	if !script {
		tab.DisableJavaScript()
	}
	tab.Open(s.URL + "/login")
	tab.Fill("Tên đăng nhập", username)
	tab.Fill("Mật khẩu", apptest.Password)
	tab.Press("Đăng nhập")
	return tab
}
