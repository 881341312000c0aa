// Package admin holds the pages of those who keep the installation: accounts and roles, the audit
// trail, terms, regulations and holidays.
package admin
