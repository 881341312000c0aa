// Package migrations holds the numbered SQL that makes the schema, embedded into the binary.
//
// Each step is NNNN_name.up.sql with a NNNN_name.down.sql that takes it back. A step runs in one
// transaction together with the record of its number (internal/postgres/migrate.go), so it must not
// contain statements that refuse one, such as CREATE INDEX CONCURRENTLY. A step that has been
// released is never edited: a change is a new number.
package migrations

import "embed"

// Files are the steps.
//
//go:embed *.sql
var Files embed.FS
