// Package app puts the capabilities of one installation together, for the program, the pages and
// the tests alike. No use case lives here.
package app

import (
	"ketnap/internal/account"
	"ketnap/internal/audit"
	"ketnap/internal/class"
	"ketnap/internal/organisation"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// Services are the use cases of an installation.
type Services struct {
	Organisations *organisation.Service
	Classes       *class.Service
	Accounts      *account.Service
	Audit         *audit.Service
}

// New puts the services over a database. secret protects personal numbers; today tells the day in
// the committee's time zone.
func New(db *postgres.DB, secret []byte, today func() party.Date) (*Services, error) {
	s := &Services{}
	s.Organisations = organisation.New(db, today)
	s.Classes = class.New(db, s.Organisations, today)
	s.Accounts = account.New(db, today)
	s.Audit = audit.New(db)
	return s, nil
}
