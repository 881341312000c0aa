package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"

	"ketnap/internal/postgres"
)

// settings are read from the environment, the same for every subcommand. See settingHelp.
type settings struct {
	Addr             string
	DataDir          string
	DatabaseURL      string
	DatabaseOwnerURL string
	PGBin            string
	LogLevel         slog.Level
	LogFormat        string
	SecretKey        string
	TrustedProxies   []netip.Prefix
	SecureCookies    bool
}

// settingHelp documents the settings, for the help and for whoever reads this.
var settingHelp = []struct{ name, meaning string }{
	{"ADDR", "address to serve on (127.0.0.1:8080)"},
	{"DATA_DIR", "folder of the program's own files and of its private database (.data)"},
	{"DATABASE_URL", "PostgreSQL 15 or later to use instead of the private database"},
	{"DATABASE_OWNER_URL", "the same database as the owner of its tables, for migrations (DATABASE_URL)"},
	{"PG_BIN", "folder of initdb and postgres for the private database (looked for)"},
	{"LOG_LEVEL", "debug, info, warn or error (info)"},
	{"LOG_FORMAT", "text or json (text)"},
	{"SECRET_KEY", "32 or more characters that protect sessions and personal numbers; must be the same for all copies (made once in DATA_DIR/secret.key)"},
	{"TRUSTED_PROXIES", "addresses or networks, by comma, whose X-Forwarded-For is believed (none)"},
	{"SECURE_COOKIES", "true where browsers come by HTTPS (false)"},
}

// shortestSecret is the least length of SECRET_KEY in characters.
const shortestSecret = 32

// readSettings reads all settings and names every one that is wrong.
func readSettings(getenv func(string) string) (settings, error) {
	or := func(name, otherwise string) string {
		if v := strings.TrimSpace(getenv(name)); v != "" {
			return v
		}
		return otherwise
	}
	s := settings{
		Addr:             or("ADDR", "127.0.0.1:8080"),
		DataDir:          or("DATA_DIR", ".data"),
		DatabaseURL:      or("DATABASE_URL", ""),
		DatabaseOwnerURL: or("DATABASE_OWNER_URL", ""),
		PGBin:            or("PG_BIN", ""),
		LogFormat:        or("LOG_FORMAT", "text"),
		SecretKey:        or("SECRET_KEY", ""),
	}
	var wrong []error
	check := func(name string, err error) {
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", name, err))
		}
	}
	check("ADDR", checkAddr(s.Addr))
	check("LOG_LEVEL", s.LogLevel.UnmarshalText([]byte(or("LOG_LEVEL", "info"))))
	if s.LogFormat != "text" && s.LogFormat != "json" {
		check("LOG_FORMAT", fmt.Errorf("%q is neither text nor json", s.LogFormat))
	}
	if s.SecretKey != "" && len(s.SecretKey) < shortestSecret {
		check("SECRET_KEY", fmt.Errorf("shorter than %d characters", shortestSecret))
	}
	var err error
	s.TrustedProxies, err = parseNetworks(or("TRUSTED_PROXIES", ""))
	check("TRUSTED_PROXIES", err)
	s.SecureCookies, err = strconv.ParseBool(or("SECURE_COOKIES", "false"))
	check("SECURE_COOKIES", err)
	return s, errors.Join(wrong...)
}

func checkAddr(addr string) error {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("%q is not HOST:PORT", addr)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fmt.Errorf("%q is not a port", port)
	}
	return nil
}

func parseNetworks(list string) ([]netip.Prefix, error) {
	var networks []netip.Prefix
	for part := range strings.SplitSeq(list, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		if addr, err := netip.ParseAddr(part); err == nil {
			networks = append(networks, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		network, err := netip.ParsePrefix(part)
		if err != nil {
			return nil, fmt.Errorf("%q is neither an address nor a network", part)
		}
		networks = append(networks, network.Masked())
	}
	return networks, nil
}

// secret gives SECRET_KEY, or the one made once for this data folder.
func (s settings) secret() ([]byte, error) {
	if s.SecretKey != "" {
		return []byte(s.SecretKey), nil
	}
	if err := postgres.MakeDataDir(s.DataDir); err != nil {
		return nil, err
	}
	return postgres.ReadOrMakeSecret(filepath.Join(s.DataDir, "secret.key"))
}

func newLog(s settings, w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: s.LogLevel}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
