// Package postgres is the way to the database: the pool, the transactions that carry the viewer
// so that row-level security applies, the migrations' runner, the private PostgreSQL that the
// program starts for itself, and databases for tests.
//
// The words of the trade do not live here: no table of persons, steps or accounts is named. SQL of
// a capability stands in that capability's store.
package postgres
