// Package access decides who may do what: the roles, the grants of a role on a subtree of
// organisations, and the one table action × role. It knows nothing of HTTP or SQL; httpd names an
// action for each route, use cases ask MayIn with the target's organisations, and row-level
// security in PostgreSQL stands behind both as a second wall.
package access

import (
	"slices"

	"ketnap/internal/party"
)

// Role is a kind of duty that a person has at an organisation.
type Role string

// The roles of design.md.
const (
	Administrator Role = "administrator" // organisations, accounts, regulations; no people
	Staff         Role = "staff"         // committee staff (ban tổ chức, văn phòng)
	Leader        Role = "leader"        // committee leader: reads the subtree, decides
	Organiser     Role = "organiser"     // class organiser (ban tuyên giáo)
	Grassroots    Role = "grassroots"    // staff of a grassroots organisation
	Secretary     Role = "secretary"     // cell secretary
	Introducer    Role = "introducer"    // Youth Union; sees whom he introduced
	Checker       Role = "checker"       // reads, with the audit trail
)

// Roles lists all roles in the order in which pages show them.
var Roles = []Role{Administrator, Staff, Leader, Organiser, Grassroots, Secretary, Introducer, Checker}

// Valid tells whether r is a known role.
func (r Role) Valid() bool { return slices.Contains(Roles, r) }

// Grant gives an account a role on an organisation and all below it, for a period.
// A zero Until means open-ended; Until is the first day on which it no longer holds.
type Grant struct {
	ID    int64
	Role  Role
	OrgID int32
	From  party.Date
	Until party.Date
}

// HoldsOn tells whether the grant is in force on a day.
func (g Grant) HoldsOn(day party.Date) bool {
	return !day.Before(g.From) && (g.Until.IsZero() || day.Before(g.Until))
}

// Viewer is who asks: an account with the grants in force today.
type Viewer struct {
	AccountID int64
	Username  string
	Name      string
	Grants    []Grant
}

// System is the viewer behind commands and jobs. It has no grants: row-level security shows it no
// person, unless the transaction is opened as the system's own (postgres.DB.WriteSystem).
var System = Viewer{Username: "system"}

// May tells whether the viewer may do this anywhere at all.
func (v Viewer) May(a Action) bool { return len(v.ScopeFor(a)) > 0 }

// MayIn tells whether the viewer may do this at an organisation, given by itself and all
// organisations above it.
func (v Viewer) MayIn(a Action, selfAndAbove []int32) bool {
	for _, g := range v.Grants {
		if g.Role.may(a) && slices.Contains(selfAndAbove, g.OrgID) {
			return true
		}
	}
	return false
}

// ScopeFor gives the organisations at whose subtrees the viewer may do this, each once.
func (v Viewer) ScopeFor(a Action) []int32 {
	var roots []int32
	for _, g := range v.Grants {
		if g.Role.may(a) && !slices.Contains(roots, g.OrgID) {
			roots = append(roots, g.OrgID)
		}
	}
	return roots
}

// Has tells whether the viewer holds a role anywhere.
func (v Viewer) Has(r Role) bool {
	return slices.ContainsFunc(v.Grants, func(g Grant) bool { return g.Role == r })
}
