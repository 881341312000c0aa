// Package journey proves, in a real browser, that the people ketnap is for can do their work in it:
// the whole way of a candidate through everybody's hands, and every page as each of them sees it.
package journey
