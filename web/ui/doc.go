// Package ui holds the components that all rooms build their pages from: the page frame, form
// fields, tables, lists, tags, notices and charts, with the words and number formats of the two
// languages. Components take small view structs whose texts are already in the reader's language
// (ui.T) and decide nothing: no rule, no right, no query belongs here.
package ui
