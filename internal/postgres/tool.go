package postgres

import (
	"errors"
	"net/url"
	"path/filepath"
	"strings"
)

// Tool gives the path of a program that comes with the private cluster's server, such as pgbench,
// and the environment in which it reaches the database as the application does.
func (db *DB) Tool(program string) (path string, environment []string, err error) {
	if db.cluster == nil {
		return "", nil, errors.New("there is no private cluster whose programs could be used")
	}
	u, err := url.Parse(db.cluster.url(AppRole, embeddedDatabase))
	if err != nil {
		return "", nil, err
	}
	// Some systems link to the server's programs one by one; the others stand beside the real one.
	server, err := filepath.EvalSymlinks(db.cluster.bin.path("postgres"))
	if err != nil {
		return "", nil, err
	}
	password, _ := u.User.Password()
	return filepath.Join(filepath.Dir(server), program), []string{"PGHOST=" + u.Query().Get("host"), "PGPORT=" + u.Query().Get("port"),
		"PGUSER=" + u.User.Username(), "PGPASSWORD=" + password, "PGDATABASE=" + strings.TrimPrefix(u.Path, "/")}, nil
}
