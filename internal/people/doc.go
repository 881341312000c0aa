// Package people keeps the register: who is in it, what happened to each (steps), and the
// projections of these steps that lists and figures read. Every way to change a person's record,
// from a page, an import or a command, ends in a use case here, so that no door passes a gate.
//
// The rules themselves live in party, rights in access; what a page looks like lives elsewhere.
package people
