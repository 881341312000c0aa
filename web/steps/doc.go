// Package steps shows the forms that record, void and correct what happens to a person: one form
// per kind of step, with what its gate asks beside it. It decides nothing.
package steps
