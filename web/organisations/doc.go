// Package organisations has the views of the tree of organisations: the tree of a day, one
// organisation, and the form that enters or changes one.
package organisations
