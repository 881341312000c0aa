package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSettingsHaveDefaultsForEverything(t *testing.T) {
	t.Parallel()
	s, err := readSettings(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	if s.Addr != "127.0.0.1:8080" || s.DataDir != ".data" || s.LogFormat != "text" || s.SecureCookies {
		t.Errorf("%+v", s)
	}
}

func TestEverySettingThatIsWrongIsNamed(t *testing.T) {
	t.Parallel()
	wrong := map[string]string{"ADDR": "8080", "LOG_LEVEL": "loud", "LOG_FORMAT": "xml", "SECRET_KEY": "short",
		"TRUSTED_PROXIES": "10.0.0.0/99", "SECURE_COOKIES": "maybe"}
	_, err := readSettings(func(name string) string { return wrong[name] })
	if err == nil {
		t.Fatal("accepted")
	}
	for name := range wrong {
		if !strings.Contains(err.Error(), name+": ") {
			t.Errorf("%s is not named in: %v", name, err)
		}
	}
	if strings.Contains(err.Error(), "short\n") {
		t.Error("the secret is printed")
	}
}

func TestNetworksOfProxiesAreRead(t *testing.T) {
	t.Parallel()
	got, err := parseNetworks("127.0.0.1, 10.1.2.3/8,, ::1")
	if err != nil || len(got) != 3 || got[0].String() != "127.0.0.1/32" || got[1].String() != "10.0.0.0/8" || got[2].String() != "::1/128" {
		t.Errorf("%v, %v", got, err)
	}
}

func TestTheSecretIsMadeOnceAndClosedToOthers(t *testing.T) {
	t.Parallel()
	s := settings{DataDir: filepath.Join(t.TempDir(), "new")}
	first, err := s.secret()
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.secret()
	if err != nil || !bytes.Equal(first, again) || len(first) < shortestSecret {
		t.Errorf("second reading %v, %d characters", err, len(first))
	}
	info, err := os.Stat(filepath.Join(s.DataDir, "secret.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	s.SecretKey = strings.Repeat("k", shortestSecret)
	if set, err := s.secret(); err != nil || string(set) != s.SecretKey {
		t.Errorf("SECRET_KEY is not used: %v", err)
	}
}
